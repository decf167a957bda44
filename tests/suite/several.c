/* SPDX-License-Identifier: MIT */
/* Several connections at once. Where the database is in memory they are one,
 * used in turns, with one transaction. */
#include "suite/suite.h"

/* A stream of single rows. Yields. */
static cupel_status
open_stream(cupel_connection *conn, cupel_result **out)
{
    return cupel_connection_stream(
        conn, CUPEL_TEXT("SELECT id FROM item"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(1) }), out);
}

/* What is left of it. Yields. */
static cupel_status
count_rows(cupel_result *result, int *count)
{
    const cupel_row *row;
    cupel_status rc;

    while ((rc = cupel_result_fetchone(result, &row)) == CUPEL_ROW)
        ++*count;
    return rc;
}

/* Insert and commit on a connection of its own. Yields. */
static cupel_status
write_beside(struct suite *suite)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES (4, 'four')"));
    TRY(rc, cupel_connection_commit(conn));
    return cupel_connection_exit(conn, rc);
}

SCENARIO(stream_beside_a_writer, 0)
{
    cupel_result *result = NULL;
    cupel_connection *conn;
    cupel_status rc;
    int64_t rows = 0;
    int count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, open_stream(conn, &result));
    TRY(rc, write_beside(suite));
    TRY(rc, count_rows(result, &count));
    if (rc == CUPEL_OK)
        CHECK(count == 3 || count == 4); /* it may see the new one */
    cupel_result_free(result);
    TRY(rc, cupel_connection_rollback(conn));
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &rows));
    if (rc == CUPEL_OK)
        CHECK_INT(rows, 4);
    return cupel_connection_exit(conn, rc);
}

/* Two streams, one row from each in turn. Yields. */
static cupel_status
read_in_turns(cupel_connection *left, cupel_connection *right)
{
    cupel_result *first = NULL, *second = NULL;
    const cupel_row *row;
    cupel_status rc;
    int count = 0;

    rc = open_stream(left, &first);
    TRY(rc, open_stream(right, &second));
    while (rc == CUPEL_OK && count < 3) {
        rc = cupel_result_fetchone(first, &row);
        if (rc == CUPEL_ROW)
            rc = cupel_result_fetchone(second, &row);
        if (rc == CUPEL_ROW) {
            rc = CUPEL_OK;
            count++;
        }
    }
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    cupel_result_free(second);
    cupel_result_free(first);
    return rc;
}

SCENARIO(two_connections_stream_in_turns, 0)
{
    cupel_connection *left, *right;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &left);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_engine_connect(suite->engine, &right);
    if (rc == CUPEL_OK)
        rc = cupel_connection_exit(right, read_in_turns(left, right));
    return cupel_connection_exit(left, rc);
}
