/* SPDX-License-Identifier: MIT */
/* Two-phase transactions. Whatever is left of them is swept away before the
 * next scenario. */
#include "suite/suite.h"

static const char insert_four[] =
    "INSERT INTO item (id, name) VALUES (4, 'four')";

/* Yields. */
static cupel_status
insert_and_prepare(cupel_connection *conn, cupel_transaction *tx)
{
    cupel_status rc = suite_run(conn, insert_four);

    TRY(rc, cupel_transaction_prepare(tx));
    return rc;
}

SCENARIO(prepared_and_committed, SUITE_NO_TWOPHASE)
{
    cupel_connection *conn;
    cupel_transaction *tx;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_begin_twophase(conn, suite_xid("a"), &tx);
    if (rc == CUPEL_OK) {
        cupel_transaction_enter(tx);
        rc = insert_and_prepare(conn, tx);
        rc = cupel_transaction_exit(tx, rc);
    }
    rc = cupel_connection_exit(conn, rc);
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    return rc;
}

SCENARIO(prepared_and_rolled_back, SUITE_NO_TWOPHASE)
{
    cupel_connection *conn;
    cupel_transaction *tx;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_begin_twophase(conn, suite_xid("b"), &tx);
    if (rc == CUPEL_OK) {
        rc = insert_and_prepare(conn, tx);
        TRY(rc, cupel_transaction_rollback(tx));
        cupel_transaction_free(tx);
    }
    rc = cupel_connection_exit(conn, rc);
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return rc;
}

/* Leave a prepared transaction to nobody. Yields. */
static cupel_status
prepare_and_part(struct suite *suite)
{
    cupel_connection *conn;
    cupel_transaction *tx;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_begin_twophase(conn, suite_xid("c"), &tx);
    if (rc == CUPEL_OK) {
        rc = insert_and_prepare(conn, tx);
        TRY(rc, cupel_connection_invalidate(conn));
        cupel_transaction_free(tx);
    }
    return cupel_connection_exit(conn, rc);
}

SCENARIO(prepared_and_committed_by_name, SUITE_NO_TWOPHASE)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = prepare_and_part(suite);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, suite_run(conn, "SELECT 1"));
    EXPECT(rc, cupel_connection_commit_prepared(conn, suite_xid("c"), false),
           CUPEL_E_INVALID);
    TRY(rc, cupel_connection_commit_prepared(conn, suite_xid("c"), true));
    rc = cupel_connection_exit(conn, rc);
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    return rc;
}

SCENARIO(two_phase_where_there_is_none, 0)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    if ((suite->traits & SUITE_NO_TWOPHASE) != 0)
        EXPECT(rc, cupel_connection_begin_twophase(conn, NULL, NULL),
               CUPEL_E_NOTIMPL);
    else
        TRY(rc, cupel_connection_begin_twophase(conn, NULL, NULL));
    TRY(rc, cupel_connection_rollback(conn));
    return cupel_connection_exit(conn, rc);
}
