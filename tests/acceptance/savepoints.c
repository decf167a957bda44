/* SPDX-License-Identifier: MIT */
/* Savepoints: names, nesting, what each end does to the others. */
#include "acceptance/acceptance.h"

/* Yields. */
static cupel_transaction *
begin_nested(cupel_connection *conn)
{
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK(cupel_transaction_nested(tx));
    CHECK(cupel_connection_in_nested_transaction(conn));
    return tx;
}

/* End the connection's work and count what was kept. Yields. */
static void
finish(cupel_engine *engine, cupel_connection *conn, int64_t rows)
{
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), rows);
    accept_close(engine);
}

TASK_TEST(begin_nested_begins_the_root_first)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx = begin_nested(conn);

    CHECK(cupel_connection_in_transaction(conn));
    CHECK(cupel_connection_get_nested_transaction(conn) == tx);
    CHECK(cupel_connection_get_transaction(conn) != tx);
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_transaction_commit(tx));
    CHECK(!cupel_connection_in_nested_transaction(conn));
    CHECK(cupel_connection_in_transaction(conn));
    cupel_transaction_free(tx);
    finish(engine, conn, 0); /* the root was not committed */
}

TASK_TEST(rolled_back_savepoint_keeps_what_was_before_it)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(accept_insert(conn, 1));
    tx = begin_nested(conn);
    CHECK_OK(accept_insert(conn, 2));
    CHECK_OK(cupel_transaction_rollback(tx));
    CHECK(!cupel_transaction_is_active(tx));
    cupel_transaction_free(tx);
    CHECK_OK(accept_insert(conn, 3));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(accept_int(conn, "SELECT sum(user_id) FROM users"), 4);
    finish(engine, conn, 2);
}

TASK_TEST(savepoints_of_a_rolled_back_root_keep_nothing)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx = begin_nested(conn);

    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_transaction_commit(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_rollback(conn));
    finish(engine, conn, 0);
}

TASK_TEST(ended_savepoint_makes_the_one_around_it_current)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *outer = begin_nested(conn);
    cupel_transaction *inner = begin_nested(conn);

    CHECK(cupel_connection_get_nested_transaction(conn) == inner);
    CHECK_OK(cupel_transaction_rollback(inner));
    CHECK(cupel_connection_get_nested_transaction(conn) == outer);
    CHECK_OK(cupel_transaction_commit(outer));
    CHECK(cupel_connection_get_nested_transaction(conn) == NULL);
    CHECK(cupel_connection_in_transaction(conn));
    cupel_transaction_free(inner);
    cupel_transaction_free(outer);
    finish(engine, conn, 0);
}

TASK_TEST(inactive_savepoint_cannot_be_committed)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx = begin_nested(conn);

    CHECK_OK(cupel_transaction_rollback(tx));
    CHECK_FAILS(cupel_transaction_commit(tx), CUPEL_E_INVALID);
    CHECK(strstr(cupel_error_text(), "nested transaction is inactive") != NULL);
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    finish(engine, conn, 0);
}

TASK_TEST(rolling_back_an_outer_savepoint_lets_the_inner_ones_commit_fail)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *outer = begin_nested(conn);
    cupel_transaction *inner = begin_nested(conn);

    CHECK_OK(cupel_transaction_rollback(outer));
    CHECK(cupel_transaction_is_active(inner));
    CHECK(cupel_transaction_commit(inner) < CUPEL_OK); /* no such savepoint */
    CHECK(!cupel_transaction_is_active(inner));
    cupel_transaction_free(inner);
    cupel_transaction_free(outer);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_commit(conn));
    finish(engine, conn, 1);
}

TASK_TEST(end_of_the_root_makes_every_savepoint_inactive)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *outer = begin_nested(conn);
    cupel_transaction *inner = begin_nested(conn);

    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK(!cupel_transaction_is_active(outer));
    CHECK(!cupel_transaction_is_active(inner));
    CHECK(!cupel_connection_in_nested_transaction(conn));
    cupel_transaction_free(inner);
    cupel_transaction_free(outer);
    finish(engine, conn, 1);
}

TASK_TEST(savepoint_makes_a_failed_transaction_usable_again)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(accept_insert(conn, 1));
    tx = begin_nested(conn);
    CHECK_FAILS(accept_insert(conn, 1), CUPEL_E_INTEGRITY);
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_OK(accept_insert(conn, 2));
    CHECK_OK(cupel_connection_commit(conn));
    finish(engine, conn, 2);
}

TASK_TEST(error_in_a_nested_scope_undoes_only_that_scope)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *root, *nested;
    cupel_status rc;

    CHECK_OK(cupel_connection_begin(conn, &root));
    cupel_transaction_enter(root);
    CHECK_OK(accept_insert(conn, 1));
    nested = cupel_transaction_enter(begin_nested(conn));
    CHECK_OK(accept_insert(conn, 2));
    rc = cupel_transaction_exit(nested, accept_insert(conn, 2));
    CHECK_INT(rc, CUPEL_E_INTEGRITY); /* caught here */
    CHECK_OK(accept_insert(conn, 3));
    CHECK_OK(cupel_transaction_exit(root, CUPEL_OK));
    CHECK_INT(accept_int(conn, "SELECT sum(user_id) FROM users"), 4);
    finish(engine, conn, 2);
}

TASK_TEST(connections_rollback_in_a_nested_scope_ends_the_root)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(accept_insert(conn, 1));
    tx = begin_nested(conn);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK(!cupel_transaction_is_active(tx));
    cupel_transaction_free(tx);
    finish(engine, conn, 0);
}

/* The names are seen by the database: the one before is still there to be
 * released by hand, the next one has the next number. */
TASK_TEST(savepoint_names_count_on_for_the_connections_life)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx = begin_nested(conn);

    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_rollback(conn));
    tx = begin_nested(conn);
    CHECK_OK(accept_run(conn, "RELEASE SAVEPOINT sa_savepoint_2"));
    CHECK(cupel_transaction_commit(tx) < CUPEL_OK);
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_rollback(conn));
    finish(engine, conn, 0);
}

TASK_TEST(release_that_fails_leaves_the_decision_to_the_caller)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(accept_insert(conn, 1));
    tx = begin_nested(conn);
    CHECK_OK(accept_run(conn, "RELEASE SAVEPOINT sa_savepoint_1"));
    CHECK(cupel_transaction_commit(tx) < CUPEL_OK);
    CHECK(!cupel_transaction_is_active(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(accept_run(conn, "SELECT 1"));
    finish(engine, conn, 0);
}
