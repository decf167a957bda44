/* SPDX-License-Identifier: MIT */
/* Transactions: what is kept and what is not. */
#include "suite/suite.h"

static const char insert_four[] =
    "INSERT INTO item (id, name) VALUES (4, 'four')";

SCENARIO(commit_keeps, 0)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, suite_run(conn, insert_four));
    TRY(rc, cupel_connection_commit(conn));
    rc = cupel_connection_exit(conn, rc);
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    return rc;
}

SCENARIO(close_without_commit_rolls_back, 0)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_exit(conn, suite_run(conn, insert_four));
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return rc;
}

SCENARIO(rollback_and_go_on, 0)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, suite_run(conn, insert_four));
    TRY(rc, cupel_connection_rollback(conn));
    TRY(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES (5, 'five')"));
    TRY(rc, cupel_connection_commit(conn));
    TRY(rc, suite_int(conn, "SELECT sum(id) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 11);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(two_transactions_one_after_the_other, 0)
{
    cupel_connection *conn;
    cupel_transaction *tx;
    cupel_status rc;
    int64_t count = 0;
    int i;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    for (i = 0; i < 2 && rc == CUPEL_OK; i++) {
        rc = cupel_connection_begin(conn, &tx);
        if (rc != CUPEL_OK)
            break;
        cupel_transaction_enter(tx);
        rc = suite_run(conn, "UPDATE item SET id = id + 10");
        rc = cupel_transaction_exit(tx, rc);
    }
    TRY(rc, suite_int(conn, "SELECT sum(id) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 66);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(what_is_not_committed_is_not_seen, SUITE_ONE_CONNECTION)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, suite_run(conn, insert_four));
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    TRY(rc, cupel_connection_commit(conn));
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    return cupel_connection_exit(conn, rc);
}

static cupel_status
insert_and_fail(cupel_connection *conn, void *arg)
{
    cupel_status rc = suite_run(conn, insert_four);

    (void)arg;
    return rc == CUPEL_OK ? CUPEL_E_VALUE : rc;
}

static cupel_status
insert(cupel_connection *conn, void *arg)
{
    (void)arg;
    return suite_run(conn, insert_four);
}

SCENARIO(begin_scope_follows_its_body, 0)
{
    cupel_status rc = CUPEL_OK;
    int64_t count = 0;

    EXPECT(rc, cupel_engine_begin(suite->engine, insert_and_fail, NULL),
           CUPEL_E_VALUE);
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    TRY(rc, cupel_engine_begin(suite->engine, insert, NULL));
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    return rc;
}

SCENARIO(a_failed_transaction_rolls_back_whole, 0)
{
    cupel_connection *conn;
    cupel_transaction *tx;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_begin(conn, &tx);
    if (rc == CUPEL_OK) {
        cupel_status failure = CUPEL_OK;

        cupel_transaction_enter(tx);
        TRY(rc, suite_run(conn, insert_four));
        EXPECT(rc, suite_run(conn, insert_four), CUPEL_E_INTEGRITY);
        failure = rc == CUPEL_OK ? CUPEL_E_INTEGRITY : rc;
        failure = cupel_transaction_exit(tx, failure);
        rc = failure == CUPEL_E_INTEGRITY ? CUPEL_OK : failure;
    }
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return cupel_connection_exit(conn, rc);
}
