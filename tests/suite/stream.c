/* SPDX-License-Identifier: MIT */
/* Streams. */
#include "suite/suite.h"

/* Put ids 4 to `last` into item. Yields. */
static cupel_status
fill(cupel_connection *conn, int64_t last)
{
    cupel_status rc = CUPEL_OK;
    cupel_param items[64];
    const cupel_params params = { items, 1, (size_t)last - 3 };
    int64_t id;

    CHECK(last - 3 <= 64);
    for (id = 4; id <= last; id++)
        items[id - 4] = (cupel_param){ "id", cupel_int(id) };
    TRY(rc, cupel_connection_execute(
                conn, CUPEL_TEXT("INSERT INTO item (id) VALUES (:id)"), &params,
                NULL, NULL));
    return rc;
}

/* Stream the ids in order. Yields. */
static cupel_status
open_stream(cupel_connection *conn, int64_t yield_per, cupel_result **out)
{
    const cupel_param option = { "yield_per", cupel_int(yield_per) };
    const cupel_execution_options options = { &option, 1 };

    return cupel_connection_stream(
        conn, CUPEL_TEXT("SELECT id FROM item ORDER BY id"), NULL,
        yield_per > 0 ? &options : NULL, out);
}

/* Read ids from..to, both included. Yields. */
static cupel_status
read_ids(cupel_result *result, int64_t from, int64_t to)
{
    const cupel_row *row;
    cupel_status rc;

    for (; from <= to; from++) {
        rc = cupel_result_fetchone(result, &row);
        if (rc != CUPEL_ROW)
            return rc;
        CHECK_INT(cupel_row_int(row, 0), from);
    }
    return CUPEL_OK;
}

/* A whole stream with batches of a size, 0: growing. Yields. */
static cupel_status
stream_all(struct suite *suite, int64_t yield_per)
{
    cupel_connection *conn;
    cupel_result *result;
    const cupel_row *row;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, fill(conn, 40));
    if (rc == CUPEL_OK && (rc = open_stream(conn, yield_per, &result)) == 0) {
        rc = read_ids(result, 1, 40);
        TRY(rc, cupel_result_fetchone(result, &row));
        cupel_result_free(result);
    }
    return cupel_connection_exit(conn, rc);
}

SCENARIO(a_stream_gives_every_row_in_order, 0)
{
    return stream_all(suite, 7);
}

SCENARIO(a_stream_with_a_growing_buffer, 0)
{
    return stream_all(suite, 0);
}

SCENARIO(a_stream_of_one_row_a_batch, 0)
{
    return stream_all(suite, 1);
}

SCENARIO(a_stream_closed_early, 0)
{
    cupel_connection *conn;
    cupel_result *result;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, fill(conn, 40));
    if (rc == CUPEL_OK && (rc = open_stream(conn, 5, &result)) == 0) {
        rc = read_ids(result, 1, 7);
        TRY(rc, cupel_result_close(result));
        TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
        if (rc == CUPEL_OK)
            CHECK_INT(count, 40);
        cupel_result_free(result);
    }
    return cupel_connection_exit(conn, rc);
}

SCENARIO(a_stream_dropped_without_close, 0)
{
    cupel_connection *conn;
    cupel_result *result;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, fill(conn, 40));
    if (rc == CUPEL_OK && (rc = open_stream(conn, 5, &result)) == 0) {
        rc = read_ids(result, 1, 7);
        cupel_result_free(result);
        TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
        if (rc == CUPEL_OK)
            CHECK_INT(count, 40);
    }
    return cupel_connection_exit(conn, rc);
}

SCENARIO(two_streams_side_by_side, 0)
{
    cupel_connection *conn;
    cupel_result *one = NULL, *two = NULL;
    cupel_status rc;
    int64_t id;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, fill(conn, 20));
    TRY(rc, open_stream(conn, 3, &one));
    TRY(rc, open_stream(conn, 4, &two));
    for (id = 1; id <= 20 && rc == CUPEL_OK; id++) {
        rc = read_ids(one, id, id);
        TRY(rc, read_ids(two, id, id));
    }
    cupel_result_free(one);
    cupel_result_free(two);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(statements_between_the_batches, 0)
{
    cupel_connection *conn;
    cupel_result *result;
    cupel_status rc;
    int64_t id, one = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, fill(conn, 12));
    if (rc == CUPEL_OK && (rc = open_stream(conn, 2, &result)) == 0) {
        for (id = 1; id <= 12 && rc == CUPEL_OK; id++) {
            rc = read_ids(result, id, id);
            TRY(rc, suite_int(conn, "SELECT 1", &one));
        }
        cupel_result_free(result);
    }
    return cupel_connection_exit(conn, rc);
}

SCENARIO(a_stream_ends_with_its_connection, 0)
{
    cupel_connection *conn;
    cupel_result *result = NULL;
    const cupel_row *row;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, fill(conn, 20));
    TRY(rc, open_stream(conn, 2, &result));
    TRY(rc, read_ids(result, 1, 1));
    rc = cupel_connection_exit(conn, rc);
    EXPECT(rc, cupel_result_fetchone(result, &row), CUPEL_E_CLOSED);
    cupel_result_free(result);
    return rc;
}

SCENARIO(streamed_rows_kept_by_all, 0)
{
    cupel_connection *conn;
    cupel_scalar_result *result = NULL;
    const cupel_value *values;
    cupel_status rc;
    size_t found, i;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, fill(conn, 30));
    TRY(rc, cupel_connection_stream_scalars(
                conn, CUPEL_TEXT("SELECT id FROM item ORDER BY id"), NULL,
                CUPEL_WITH({ "yield_per", cupel_int(4) }), &result));
    TRY(rc, cupel_scalar_result_all(result, &values, &found));
    if (rc == CUPEL_OK) {
        CHECK_INT(found, 30);
        for (i = 0; i < found; i++)
            CHECK_INT(values[i].as.integer, i + 1);
    }
    cupel_scalar_result_free(result);
    return cupel_connection_exit(conn, rc);
}
