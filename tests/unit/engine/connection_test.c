/* SPDX-License-Identifier: MIT */
#include "engine/connection.h"

#include <cupel/task.h>

#include "support/fake_engine.h"

TASK_TEST(a_closed_connection_says_so_and_refuses_work)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK(!cupel_connection_closed(conn));
    CHECK_OK(cupel_connection_close(conn));
    CHECK_OK(cupel_connection_close(conn));
    CHECK(cupel_connection_closed(conn));
    CHECK(!cupel_connection_invalidated(conn));
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK(cupel_connection_get_transaction(conn) == NULL);
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_begin(conn, NULL), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_begin_nested(conn, NULL), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_invalidate(conn), CUPEL_E_CLOSED);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    cupel_connection_free(conn);
    fake_engine_close(engine);
}

TASK_TEST(connecting_sends_no_sql)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(cup_fake_log_count(), 0);
    fake_engine_close(engine);
}

TASK_TEST(leaving_without_commit_rolls_back)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 0);
    fake_engine_close(engine);
}

TASK_TEST(exit_hands_the_status_and_its_record_on)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;
    cupel_status rc;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    rc = run_sql(conn, "SELECT nonsense FROM nowhere");
    CHECK(rc < CUPEL_OK);
    CHECK_FAILS(cupel_connection_exit(conn, rc), rc);
    CHECK_INT(cupel_error_status(cupel_error_last()), rc);
    CHECK_FAILS(cupel_connection_exit(NULL, CUPEL_E_DATA), CUPEL_E_DATA);
    fake_engine_close(engine);
}

TASK_TEST(invalidate_frees_the_slot_and_the_next_use_reconnects)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK(cupel_connection_invalidated(conn));
    CHECK(!cupel_connection_closed(conn));
    CHECK_INT(query_int(conn, "SELECT 3"), 3);
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_lost_transaction_must_be_rolled_back_before_going_on)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_STR(cupel_error_code(cupel_error_last()), "8s2b");
    CHECK_FAILS(cupel_connection_begin_nested(conn, NULL),
                CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(query_int(conn, "SELECT count(*) FROM item"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(commit_of_a_lost_transaction_asks_for_a_rollback)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (2, 'b')"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 1);
    fake_engine_close(engine);
}

TASK_TEST(a_connection_freed_without_close_gives_its_slot_back)
{
    cupel_engine *engine = fake_engine();
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    cupel_connection_free(conn);
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    fake_engine_close(engine);
}

TASK_TEST(a_lost_connection_is_given_up_with_its_error)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    struct cup_fake_fault fault = { .op = CUP_FAKE_EXECUTE,
                                    .kind = CUP_FAKE_HANG_UP };
    cupel_status rc;

    cup_fake_fault(&fault);
    rc = run_sql(conn, "INSERT INTO item VALUES (1, 'a')");
    CHECK_FAILS(rc, CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_STR(cupel_error_statement(cupel_error_last()),
              "INSERT INTO item VALUES (1, 'a')");
    CHECK(cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(query_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

static cupel_status
slow_query(void *arg)
{
    return run_sql(arg, "SELECT 1");
}

TASK_TEST(a_cancelled_statement_costs_the_connection_but_not_the_slot)
{
    cupel_engine *engine = fake_engine();
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    struct cup_fake_fault fault = { .op = CUP_FAKE_EXECUTE,
                                    .kind = CUP_FAKE_HANG };
    cupel_connection *conn;
    cupel_future *future;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    cup_fake_fault(&fault);
    future = cupel_future_call(slow_query, conn);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    cupel_future_cancel(future);
    CHECK_FAILS(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK(cupel_connection_invalidated(conn));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    fake_engine_close(engine);
}

TASK_TEST(a_statement_that_misses_its_deadline_is_stopped)
{
    cupel_engine *engine = fake_engine();
    struct cup_fake_fault fault = { .op = CUP_FAKE_EXECUTE,
                                    .kind = CUP_FAKE_HANG };
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    cup_fake_fault(&fault);
    CHECK_FAILS(
        cupel_await(cupel_future_wait_for(cupel_future_call(slow_query, conn),
                                          cupel_deadline_in(20))),
        CUPEL_E_TIMEOUT);
    CHECK(cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

static cupel_status
insert_and_answer(cupel_connection *conn, void *arg)
{
    cupel_status rc = run_sql(conn, "INSERT INTO item VALUES (1, 'a')");

    return rc == CUPEL_OK ? *(cupel_status *)arg : rc;
}

TASK_TEST(begin_scope_commits_or_rolls_back_by_status)
{
    cupel_engine *engine = fake_engine();
    cupel_status answer = CUPEL_E_VALUE;

    cupel_connection_free(NULL);
    CHECK_OK(cupel_connection_exit(connect_with_items(engine), CUPEL_OK));
    CHECK_FAILS(cupel_engine_begin(engine, insert_and_answer, &answer),
                CUPEL_E_VALUE);
    CHECK_INT(committed_items(engine), 0);
    answer = CUPEL_OK;
    CHECK_OK(cupel_engine_begin(engine, insert_and_answer, &answer));
    CHECK_INT(committed_items(engine), 1);
    CHECK_FAILS(cupel_engine_begin(engine, NULL, NULL), CUPEL_E_ARGUMENT);
    fake_engine_close(engine);
}

/* Two tasks on one connection. */
struct pair {
    cupel_connection *conn;
    int done;
};

static cupel_status
insert_many(void *arg)
{
    struct pair *pair = arg;
    int i;

    for (i = 0; i < 20; i++)
        CHECK_OK(run_sql(pair->conn, "UPDATE item SET name = 'b'"));
    pair->done++;
    return CUPEL_OK;
}

TASK_TEST(two_tasks_on_one_connection_take_turns)
{
    cupel_engine *engine = fake_engine();
    struct pair pair = { connect_with_items(engine), 0 };
    cupel_future *both[] = { cupel_future_call(insert_many, &pair),
                             cupel_future_call(insert_many, &pair) };

    CHECK_OK(cupel_await(cupel_future_gather(both, 2)));
    CHECK_INT(pair.done, 2);
    CHECK_OK(cupel_connection_exit(pair.conn, CUPEL_OK));
    fake_engine_close(engine);
}
