/* SPDX-License-Identifier: MIT */
/* Savepoints. */
#include "suite/suite.h"

/* Insert one row inside a savepoint and end that by `status`. Yields. */
static cupel_status
insert_nested(cupel_connection *conn, int64_t id, cupel_status status)
{
    cupel_transaction *tx;
    cupel_status rc;

    rc = cupel_connection_begin_nested(conn, &tx);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO item (id, name) VALUES (:id, 'n')"),
        CUPEL_PARAMS({ "id", cupel_int(id) }), NULL, NULL);
    if (rc != CUPEL_OK)
        return cupel_transaction_exit(tx, rc);
    rc = cupel_transaction_exit(tx, status);
    return rc == status ? CUPEL_OK : rc;
}

SCENARIO(savepoints_keep_or_drop_their_own_work, 0)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t sum = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, insert_nested(conn, 10, CUPEL_OK));
    TRY(rc, insert_nested(conn, 20, CUPEL_E_VALUE));
    TRY(rc, insert_nested(conn, 30, CUPEL_OK));
    TRY(rc, cupel_connection_commit(conn));
    TRY(rc, suite_int(conn, "SELECT sum(id) FROM item", &sum));
    if (rc == CUPEL_OK)
        CHECK_INT(sum, 46);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(an_outer_rollback_drops_released_savepoints, 0)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, insert_nested(conn, 10, CUPEL_OK));
    TRY(rc, cupel_connection_rollback(conn));
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(a_savepoint_rescues_the_transaction, 0)
{
    cupel_connection *conn;
    cupel_transaction *tx = NULL;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES (4, 'four')"));
    TRY(rc, cupel_connection_begin_nested(conn, &tx));
    EXPECT(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES (4, 'x')"),
           CUPEL_E_INTEGRITY);
    TRY(rc, cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    TRY(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES (5, 'five')"));
    TRY(rc, cupel_connection_commit(conn));
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 5);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(savepoints_within_savepoints, 0)
{
    cupel_connection *conn;
    cupel_transaction *outer = NULL;
    cupel_status rc;
    int64_t sum = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_begin_nested(conn, &outer);
    TRY(rc, insert_nested(conn, 10, CUPEL_OK));
    TRY(rc, insert_nested(conn, 20, CUPEL_E_VALUE));
    if (outer != NULL)
        rc = cupel_transaction_exit(outer, rc);
    TRY(rc, suite_int(conn, "SELECT sum(id) FROM item", &sum));
    if (rc == CUPEL_OK)
        CHECK_INT(sum, 16);
    return cupel_connection_exit(conn, rc);
}
