/* SPDX-License-Identifier: MIT */
#include "engine/transaction.h"

#include <cupel/task.h>

#include "support/fake_engine.h"

TASK_TEST(a_savepoint_begins_its_root)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK(cupel_connection_in_nested_transaction(conn));
    CHECK(cupel_connection_get_nested_transaction(conn) == tx);
    CHECK(cupel_transaction_nested(tx));
    CHECK_STR(cup_fake_log(0), "BEGIN");
    CHECK_STR(cup_fake_log(1), "SAVEPOINT sa_savepoint_1");
    CHECK_OK(cupel_transaction_commit(tx));
    CHECK_STR(cup_fake_log(2), "RELEASE SAVEPOINT sa_savepoint_1");
    CHECK(!cupel_connection_in_nested_transaction(conn));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(names_count_on_whatever_became_of_earlier_ones)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_STR(cup_fake_log(cup_fake_log_count() - 1),
              "SAVEPOINT sa_savepoint_2");
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(rolling_back_to_a_savepoint_keeps_what_was_before)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (2, 'b')"));
    CHECK_FAILS(cupel_transaction_exit(tx, CUPEL_E_VALUE), CUPEL_E_VALUE);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 1);
    fake_engine_close(engine);
}

TASK_TEST(ending_the_innermost_makes_its_parent_current)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *outer, *inner;

    CHECK_OK(cupel_connection_begin_nested(conn, &outer));
    CHECK_OK(cupel_connection_begin_nested(conn, &inner));
    CHECK(cupel_connection_get_nested_transaction(conn) == inner);
    CHECK_OK(cupel_transaction_commit(inner));
    CHECK(cupel_connection_get_nested_transaction(conn) == outer);
    CHECK_FAILS(cupel_transaction_commit(inner), CUPEL_E_INVALID);
    CHECK_OK(cupel_transaction_rollback(inner));
    CHECK_OK(cupel_transaction_commit(outer));
    cupel_transaction_free(inner);
    cupel_transaction_free(outer);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(ending_the_root_ends_every_savepoint)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *outer, *inner;

    CHECK_OK(cupel_connection_begin_nested(conn, &outer));
    CHECK_OK(cupel_connection_begin_nested(conn, &inner));
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_connection_commit(conn)); /* with the savepoints' work */
    CHECK(!cupel_transaction_is_active(outer));
    CHECK(!cupel_transaction_is_active(inner));
    CHECK(!cupel_connection_in_nested_transaction(conn));
    cupel_transaction_free(outer);
    cupel_transaction_free(inner);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 1);
    fake_engine_close(engine);
}

TASK_TEST(rolling_an_outer_savepoint_back_leaves_the_inner_one_current)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *outer, *inner;

    CHECK_OK(cupel_connection_begin_nested(conn, &outer));
    CHECK_OK(cupel_connection_begin_nested(conn, &inner));
    CHECK_OK(cupel_transaction_rollback(outer));
    CHECK(cupel_transaction_is_active(inner));
    CHECK(cupel_connection_get_nested_transaction(conn) == inner);
    CHECK(cupel_transaction_commit(inner) < CUPEL_OK); /* the server: none */
    CHECK(!cupel_transaction_is_active(inner));
    CHECK_OK(cupel_connection_rollback(conn));
    cupel_transaction_free(outer);
    cupel_transaction_free(inner);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_release_that_fails_ends_the_savepoint)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    struct cup_fake_fault fault = { .op = CUP_FAKE_EXECUTE,
                                    .sql = "RELEASE",
                                    .kind = CUP_FAKE_ERROR };
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    cup_fake_fault(&fault);
    CHECK(cupel_transaction_commit(tx) < CUPEL_OK);
    CHECK(!cupel_transaction_is_active(tx));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_pending_rollback_names_the_savepoint_first)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK(!cupel_transaction_is_valid(tx));
    CHECK(cupel_transaction_is_active(tx));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK(strstr(cupel_error_text(), "savepoint") != NULL);
    CHECK_OK(cupel_transaction_rollback(tx));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK(strstr(cupel_error_text(), "savepoint") == NULL);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_nested_scope_that_was_ended_refuses_work_until_it_is_left)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *root, *tx;

    CHECK_OK(cupel_connection_begin(conn, &root));
    cupel_transaction_enter(root);
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    cupel_transaction_enter(tx);
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_transaction_commit(tx));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_connection_begin(conn, NULL), CUPEL_E_INVALID);
    CHECK_OK(cupel_transaction_exit(tx, CUPEL_OK));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_transaction_exit(root, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 1);
    fake_engine_close(engine);
}

TASK_TEST(going_back_that_fails_leaves_only_a_rollback_of_everything)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    struct cup_fake_fault fault = { .op = CUP_FAKE_EXECUTE,
                                    .sql = "ROLLBACK TO",
                                    .kind = CUP_FAKE_ERROR,
                                    .sqlstate = "53200" };
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    cup_fake_fault(&fault);
    CHECK_FAILS(cupel_transaction_exit(tx, CUPEL_E_VALUE), CUPEL_E_OPERATIONAL);
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_PENDINGROLLBACK);
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 0);
    fake_engine_close(engine);
}

TASK_TEST(closing_a_savepoint_takes_back_what_came_after_it)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (2, 'b')"));
    CHECK_OK(cupel_transaction_close(tx));
    CHECK(!cupel_transaction_is_active(tx));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK(!cupel_connection_in_nested_transaction(conn));
    CHECK_OK(cupel_transaction_close(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 1);
    fake_engine_close(engine);
}
