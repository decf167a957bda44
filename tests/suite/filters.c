/* SPDX-License-Identifier: MIT */
/* What is made of results: filters, partitions, frozen and merged ones. */
#include "suite/suite.h"

/* Six more rows, of which two have the names of others. Yields. */
static cupel_status
add_rows(cupel_connection *conn)
{
    return suite_run(conn, "INSERT INTO item (id, name) VALUES (4, 'four'), "
                           "(5, 'one'), (6, 'two'), (7, 'seven')");
}

/* The table as a stream with batches of two, in order. Yields. */
static cupel_status
stream(cupel_connection *conn, cupel_result **out)
{
    return cupel_connection_stream(
        conn, CUPEL_TEXT("SELECT id, name FROM item ORDER BY id"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(2) }), out);
}

/* Run `work` with a stream over seven rows, and leave the stream's scope.
 * Yields. */
static cupel_status
with_stream(struct suite *suite, cupel_status (*work)(cupel_result *result))
{
    cupel_connection *conn;
    cupel_result *result;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, add_rows(conn));
    if (rc == CUPEL_OK && (rc = stream(conn, &result)) == CUPEL_OK)
        rc = cupel_result_exit(result, work(result));
    return cupel_connection_exit(conn, rc);
}

/* Yields. */
static cupel_status
read_unique_names(cupel_result *result)
{
    static const int64_t name[] = { -1 };
    const cupel_row *const *rows;
    cupel_status rc = CUPEL_OK;
    size_t found;

    TRY(rc, cupel_result_columns(result, name, 1));
    TRY(rc, cupel_result_unique(result, NULL, NULL));
    TRY(rc, cupel_result_fetchmany(result, 4, &rows, &found));
    if (rc == CUPEL_OK) {
        CHECK_INT(found, 4);
        CHECK_INT(cupel_row_text(rows[3], 0).len, 4);
    }
    TRY(rc, cupel_result_all(result, &rows, &found));
    if (rc == CUPEL_OK)
        CHECK_INT(found, 1);
    return rc;
}

SCENARIO(unique_names_of_a_stream, 0)
{
    return with_stream(suite, read_unique_names);
}

/* Yields. */
static cupel_status
read_through_two(cupel_result *result)
{
    cupel_mapping_result *mappings = NULL;
    cupel_scalar_result *scalars = NULL;
    cupel_value id, name;
    const cupel_row *row;
    cupel_status rc = CUPEL_OK;
    int64_t i;

    TRY(rc, cupel_result_scalars(result, 0, &scalars));
    TRY(rc, cupel_result_mappings(result, &mappings));
    for (i = 1; i <= 7 && rc == CUPEL_OK; i += 2) {
        rc = cupel_scalar_result_fetchone(scalars, &id);
        if (rc != CUPEL_ROW)
            break;
        CHECK_INT(id.as.integer, i);
        rc = cupel_mapping_result_fetchone(mappings, &row);
        if (rc != CUPEL_ROW)
            break;
        CHECK_INT(cupel_row_int(row, 0), i + 1);
        rc = cupel_row_get_named(row, "name", &name);
    }
    if (rc == CUPEL_OK)
        CHECK_INT(i, 7); /* the last row has no second one */
    cupel_scalar_result_free(scalars);
    cupel_mapping_result_free(mappings);
    return rc;
}

SCENARIO(two_filters_share_a_stream, 0)
{
    return with_stream(suite, read_through_two);
}

/* Yields. */
static cupel_status
read_partitions(cupel_result *result)
{
    static const size_t sizes[] = { 3, 3, 1 };
    const cupel_row *const *rows;
    cupel_status rc;
    size_t i = 0, found;

    rc = cupel_result_yield_per(result, 3);
    if (rc != CUPEL_OK)
        return rc;
    while ((rc = cupel_result_partition(result, 0, &rows, &found)) == CUPEL_ROW)
        CHECK_INT(found, sizes[i++]);
    if (rc == CUPEL_OK)
        CHECK_INT(i, 3);
    return rc;
}

SCENARIO(partitions_of_a_stream, 0)
{
    return with_stream(suite, read_partitions);
}

/* Yields. */
static cupel_status
freeze_and_thaw(cupel_result *result)
{
    cupel_frozen_result *frozen = NULL;
    cupel_result *thawed = NULL;
    const cupel_row *const *rows;
    cupel_status rc = CUPEL_OK;
    size_t found;
    int times;

    TRY(rc, cupel_result_freeze(result, &frozen));
    for (times = 0; times < 2 && rc == CUPEL_OK; times++) {
        TRY(rc, cupel_frozen_result_thaw(frozen, &thawed));
        TRY(rc, cupel_result_all(thawed, &rows, &found));
        if (rc == CUPEL_OK) {
            CHECK_INT(found, 7);
            CHECK_INT(cupel_row_int(rows[6], 0), 7);
        }
        cupel_result_free(thawed);
        thawed = NULL;
    }
    cupel_frozen_result_free(frozen);
    return rc;
}

SCENARIO(a_stream_frozen_and_thawed, 0)
{
    return with_stream(suite, freeze_and_thaw);
}

/* Two streams as one, each id once. Yields. */
static cupel_status
read_merged(cupel_result *const *parts)
{
    cupel_result *merged;
    const cupel_row *row;
    cupel_status rc;
    int64_t id = 0;

    rc = cupel_result_merge(parts, 2, &merged);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, cupel_result_unique(merged, NULL, NULL));
    if (rc == CUPEL_OK) {
        while ((rc = cupel_result_fetchone(merged, &row)) == CUPEL_ROW)
            CHECK_INT(cupel_row_int(row, 0), ++id);
        if (rc == CUPEL_OK)
            CHECK_INT(id, 7);
    }
    return cupel_result_exit(merged, rc);
}

SCENARIO(two_streams_merged, 0)
{
    cupel_result *parts[2] = { NULL, NULL };
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, add_rows(conn));
    TRY(rc, stream(conn, &parts[0]));
    TRY(rc, stream(conn, &parts[1]));
    TRY(rc, read_merged(parts));
    cupel_result_free(parts[0]);
    cupel_result_free(parts[1]);
    return cupel_connection_exit(conn, rc);
}

/* Values through one filter of the facade, then maps through another. Yields.
 */
static cupel_status
read_facade(cupel_async_result *result)
{
    cupel_async_mapping_result *mappings = NULL;
    cupel_async_scalar_result *scalars = NULL;
    cupel_frozen_result *frozen = NULL;
    const cupel_value *values;
    const cupel_row *const *rows;
    cupel_status rc = CUPEL_OK;
    size_t found;

    TRY(rc, cupel_async_result_scalars(result, 0, &scalars));
    TRY(rc, cupel_await(cupel_async_scalar_result_fetchmany(scalars, 1, &values,
                                                            &found)));
    if (rc == CUPEL_OK)
        CHECK_INT(values[0].as.integer, 1);
    TRY(rc, cupel_async_result_mappings(result, &mappings));
    if (rc == CUPEL_OK) {
        rc = cupel_await(
            cupel_async_mapping_result_partition(mappings, 1, &rows, &found));
        if (rc == CUPEL_ROW) {
            CHECK_INT(cupel_row_int(rows[0], 0), 2);
            rc = CUPEL_OK;
        }
    }
    TRY(rc, cupel_await(cupel_async_result_freeze(result, &frozen)));
    cupel_frozen_result_free(frozen);
    cupel_async_scalar_result_free(scalars);
    cupel_async_mapping_result_free(mappings);
    return rc;
}

SCENARIO(facade_filters_share_a_stream, SUITE_NO_TASKS)
{
    cupel_async_connection *conn;
    cupel_async_result *result;
    cupel_status rc;

    conn = cupel_async_engine_connect(suite->async_engine);
    if (conn == NULL)
        return CUPEL_E_NOMEM;
    rc = cupel_await(cupel_async_connection_enter(conn));
    if (rc == CUPEL_OK) {
        rc = cupel_await(cupel_async_connection_stream(
            conn, CUPEL_TEXT("SELECT id, name FROM item ORDER BY id"), NULL,
            CUPEL_WITH({ "yield_per", cupel_int(1) }), &result));
        if (rc == CUPEL_OK)
            rc = cupel_await(
                cupel_async_result_exit(result, read_facade(result)));
        rc = cupel_await(cupel_async_connection_exit(conn, rc));
        return rc;
    }
    cupel_async_connection_free(conn);
    return rc;
}
