/* SPDX-License-Identifier: MIT */
/* The facade: the same database through futures. */
#include "suite/suite.h"

/* A started connection, or the failure. Yields. */
static cupel_status
start(struct suite *suite, cupel_async_connection **out)
{
    cupel_status rc;

    *out = cupel_async_engine_connect(suite->async_engine);
    if (*out == NULL)
        return CUPEL_E_NOMEM;
    rc = cupel_await(cupel_async_connection_start(*out));
    if (rc != CUPEL_OK)
        cupel_async_connection_free(*out);
    return rc;
}

SCENARIO(facade_execute_and_commit, SUITE_NO_TASKS)
{
    cupel_async_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = start(suite, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc,
        cupel_await(cupel_async_connection_execute(
            conn, CUPEL_TEXT("INSERT INTO item (id, name) VALUES (:id, :name)"),
            CUPEL_PARAMS({ "id", cupel_int(4) },
                         { "name", cupel_string("four") }),
            NULL, NULL)));
    TRY(rc, cupel_await(cupel_async_connection_commit(conn)));
    rc = cupel_await(cupel_async_connection_exit(conn, rc));
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    return rc;
}

SCENARIO(facade_transaction_scope, SUITE_NO_TASKS)
{
    cupel_async_connection *conn;
    cupel_async_transaction *tx;
    cupel_status rc;
    int64_t count = 0;

    rc = start(suite, &conn);
    if (rc != CUPEL_OK)
        return rc;
    tx = cupel_async_connection_begin(conn);
    if (tx == NULL)
        return cupel_await(cupel_async_connection_exit(conn, CUPEL_E_NOMEM));
    rc = cupel_await(cupel_async_transaction_enter(tx));
    TRY(rc, cupel_await(cupel_async_connection_execute(
                conn, CUPEL_TEXT("DELETE FROM item"), NULL, NULL, NULL)));
    if (rc == CUPEL_OK) {
        rc = cupel_await(cupel_async_transaction_exit(tx, CUPEL_E_VALUE));
        rc = rc == CUPEL_E_VALUE ? CUPEL_OK : rc;
    } else {
        rc = cupel_await(cupel_async_transaction_exit(tx, rc));
    }
    rc = cupel_await(cupel_async_connection_exit(conn, rc));
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return rc;
}

SCENARIO(facade_stream, SUITE_NO_TASKS)
{
    cupel_async_connection *conn;
    cupel_async_result *result = NULL;
    const cupel_row *row;
    cupel_status rc;
    int64_t id = 0;

    rc = start(suite, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_await(cupel_async_connection_stream(
        conn, CUPEL_TEXT("SELECT id FROM item ORDER BY id"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(2) }), &result));
    if (rc == CUPEL_OK) {
        while ((rc = cupel_await(cupel_async_result_fetchone(result, &row))) ==
               CUPEL_ROW)
            CHECK_INT(cupel_row_int(row, 0), ++id);
        if (rc == CUPEL_OK)
            CHECK_INT(id, 3);
        cupel_async_result_free(result);
    }
    return cupel_await(cupel_async_connection_exit(conn, rc));
}

static cupel_status
insert_four(cupel_async_connection *conn, void *arg)
{
    (void)arg;
    return cupel_await(cupel_async_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO item (id) VALUES (4)"), NULL, NULL,
        NULL));
}

SCENARIO(facade_begin_scope, SUITE_NO_TASKS)
{
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_await(
        cupel_async_engine_begin(suite->async_engine, insert_four, NULL));
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    return rc;
}

static cupel_status
count_in_core(cupel_connection *conn, void *arg)
{
    return suite_int(conn, "SELECT count(*) FROM item", arg);
}

SCENARIO(facade_run_sync, SUITE_NO_TASKS)
{
    cupel_async_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = start(suite, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_await(
        cupel_async_connection_run_sync(conn, count_in_core, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return cupel_await(cupel_async_connection_exit(conn, rc));
}

SCENARIO(facade_several_at_once, SUITE_ONE_CONNECTION | SUITE_NO_TASKS)
{
    cupel_async_connection *conns[3] = { NULL, NULL, NULL };
    cupel_future *futures[3];
    cupel_value values[3];
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; i < 3 && rc == CUPEL_OK; i++) {
        rc = start(suite, &conns[i]);
        if (rc != CUPEL_OK)
            conns[i] = NULL;
    }
    if (rc == CUPEL_OK) {
        for (i = 0; i < 3; i++)
            futures[i] = cupel_async_connection_scalar(
                conns[i], CUPEL_TEXT("SELECT count(*) FROM item"), NULL, NULL,
                &values[i]);
        rc = cupel_await(cupel_future_gather(futures, 3));
    }
    for (i = 0; i < 3; i++) {
        if (rc == CUPEL_OK)
            CHECK_INT(values[i].as.integer, 3);
        if (conns[i] != NULL)
            rc = cupel_await(cupel_async_connection_exit(conns[i], rc));
    }
    return rc;
}
