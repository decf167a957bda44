/* SPDX-License-Identifier: MIT */
#include "engine/transaction.h"

#include <cupel/task.h>

#include "support/fake_engine.h"

TASK_TEST(the_first_statement_begins_by_itself)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_INT(cup_fake_log_count(), 3);
    CHECK_STR(cup_fake_log(0), "BEGIN");
    CHECK_STR(cup_fake_log(1), "INSERT INTO item VALUES (1, 'a')");
    CHECK_STR(cup_fake_log(2), "COMMIT");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 1);
    fake_engine_close(engine);
}

TASK_TEST(begin_sends_nothing_by_itself)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK(cupel_connection_get_transaction(conn) == tx);
    CHECK_OK(cupel_transaction_commit(tx));
    CHECK_INT(cup_fake_log_count(), 0);
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_second_begin_is_refused)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_FAILS(cupel_connection_begin(conn, &tx), CUPEL_E_INVALID);
    CHECK(tx == NULL);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_FAILS(cupel_connection_begin(conn, NULL), CUPEL_E_INVALID);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(an_ended_transaction_refuses_commit_and_bears_rollback)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK(cupel_transaction_is_active(tx));
    CHECK_OK(cupel_transaction_rollback(tx));
    CHECK(!cupel_transaction_is_active(tx));
    CHECK_FAILS(cupel_transaction_commit(tx), CUPEL_E_INVALID);
    CHECK_OK(cupel_transaction_rollback(tx));
    CHECK_OK(cupel_transaction_close(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_commit_that_fails_leaves_only_rollback)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    struct cup_fake_fault fault = { .op = CUP_FAKE_COMMIT,
                                    .kind = CUP_FAKE_ERROR,
                                    .sqlstate = "23503" };

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    cup_fake_fault(&fault);
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_INTEGRITY);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(query_int(conn, "SELECT count(*) FROM item"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_commit_whose_answer_is_lost_is_unknown_and_not_tried_again)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    struct cup_fake_fault fault = { .op = CUP_FAKE_COMMIT,
                                    .kind = CUP_FAKE_HANG_UP_AFTER };

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    cup_fake_fault(&fault);
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_outcome(cupel_error_last()), CUPEL_OUTCOME_UNKNOWN);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "08007");
    CHECK(!cupel_error_retry_safe(cupel_error_last()));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_COMMIT), 2); /* the table's, and this */
    fake_engine_close(engine);
}

TASK_TEST(scope_exit_commits_by_status)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    cupel_transaction_enter(tx);
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_transaction_exit(tx, CUPEL_OK));
    CHECK_OK(cupel_connection_begin(conn, &tx));
    cupel_transaction_enter(tx);
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (2, 'b')"));
    CHECK_FAILS(cupel_transaction_exit(tx, CUPEL_E_KEY), CUPEL_E_KEY);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 1);
    fake_engine_close(engine);
}

TASK_TEST(inside_a_closed_scope_nothing_runs)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    cupel_transaction_enter(tx);
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_connection_commit(conn)); /* ends the scope's own */
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_connection_begin(conn, NULL), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_connection_begin_nested(conn, NULL), CUPEL_E_INVALID);
    CHECK_OK(cupel_transaction_exit(tx, CUPEL_OK));
    CHECK_INT(query_int(conn, "SELECT count(*) FROM item"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(outside_scopes_a_commit_is_followed_by_autobegin)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_OK(cupel_transaction_commit(tx));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK(cupel_connection_in_transaction(conn));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(scope_exit_rolls_back_when_commit_fails)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    struct cup_fake_fault fault = { .op = CUP_FAKE_COMMIT,
                                    .kind = CUP_FAKE_ERROR,
                                    .sqlstate = "40001" };
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    cupel_transaction_enter(tx);
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    cup_fake_fault(&fault);
    CHECK_FAILS(cupel_transaction_exit(tx, CUPEL_OK), CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "40001");
    CHECK_INT(query_int(conn, "SELECT count(*) FROM item"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_rollback_that_fails_gives_the_connection_up)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    struct cup_fake_fault fault = { .op = CUP_FAKE_ROLLBACK,
                                    .kind = CUP_FAKE_ERROR };

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    cup_fake_fault(&fault);
    CHECK(cupel_connection_rollback(conn) < CUPEL_OK);
    CHECK(cupel_connection_invalidated(conn));
    CHECK_INT(query_int(conn, "SELECT count(*) FROM item"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_handle_may_outlive_its_connection)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK(!cupel_transaction_is_active(tx));
    CHECK(!cupel_transaction_is_valid(tx));
    CHECK(cupel_transaction_connection(tx) == NULL);
    CHECK_FAILS(cupel_transaction_commit(tx), CUPEL_E_CLOSED);
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    cupel_transaction_free(NULL);
    fake_engine_close(engine);
}

static cupel_status
rollback_when_cancelled(void *arg)
{
    cupel_connection *conn = arg;
    cupel_status rc;

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    rc = cupel_sleep(10000);
    CHECK_FAILS(rc, CUPEL_E_CANCELLED);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK(!cupel_connection_invalidated(conn));
    return rc;
}

TASK_TEST(a_cancelled_task_rolls_back_all_the_same)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_future *future = cupel_future_call(rollback_when_cancelled, conn);
    int turns;

    CHECK_OK(cupel_future_spawn(future));
    for (turns = 0; turns < 10; turns++)
        CHECK_OK(cupel_yield());
    cupel_future_cancel(future);
    CHECK_FAILS(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK_INT(query_int(conn, "SELECT count(*) FROM item"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
