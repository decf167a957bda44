/* SPDX-License-Identifier: MIT */
/* run_sync and the way between the two faces. */
#include "acceptance/acceptance.h"

/* A started connection of the facade. Yields. */
static cupel_async_connection *
start(cupel_async_engine *engine)
{
    cupel_async_connection *conn = cupel_async_engine_connect(engine);

    CHECK_OK(cupel_await(cupel_async_connection_start(conn)));
    return conn;
}

/* Yields. */
static cupel_status
count_users(cupel_connection *conn, void *arg)
{
    CHECK(cupel_in_task());
    *(int64_t *)arg = accept_int(conn, "SELECT count(*) FROM users");
    return CUPEL_OK;
}

TASK_TEST(run_sync_calls_with_the_core_connection)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_async_connection *conn = start(engine);
    int64_t count = -1;

    CHECK_OK(cupel_await(
        cupel_async_connection_run_sync(conn, count_users, &count)));
    CHECK_INT(count, 0);
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    accept_async_close(engine);
}

/* Yields. */
static cupel_status
answer(cupel_connection *conn, void *arg)
{
    (void)conn;
    return *(cupel_status *)arg;
}

TASK_TEST(run_sync_hands_the_bodys_status_on_unchanged)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_async_connection *conn = start(engine);
    cupel_status status = CUPEL_E_KEY;

    CHECK_INT(
        cupel_await(cupel_async_connection_run_sync(conn, answer, &status)),
        CUPEL_E_KEY);
    status = CUPEL_OK; /* a body need not wait for anything */
    CHECK_OK(
        cupel_await(cupel_async_connection_run_sync(conn, answer, &status)));
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    accept_async_close(engine);
}

/* The transaction that run_sync's body begins is the connection's. */
static cupel_status
insert_one(cupel_connection *conn, void *arg)
{
    (void)arg;
    return accept_insert(conn, 1);
}

TASK_TEST(what_run_sync_did_belongs_to_the_connections_transaction)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_async_connection *conn = start(engine);
    bool in_transaction = false;

    CHECK_OK(
        cupel_await(cupel_async_connection_run_sync(conn, insert_one, NULL)));
    CHECK_OK(cupel_async_connection_in_transaction(conn, &in_transaction));
    CHECK(in_transaction);
    CHECK_OK(cupel_await(cupel_async_connection_rollback(conn)));
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    CHECK_INT(accept_committed(cupel_async_engine_sync_engine(engine)), 0);
    accept_async_close(engine);
}

/* An await inside run_sync nests. */
struct nest {
    cupel_async_connection *conn;
    int64_t count;
};

/* Yields. */
static cupel_status
await_inside(cupel_connection *core, void *arg)
{
    struct nest *nest = arg;

    CHECK(core == cupel_async_connection_sync_connection(nest->conn));
    return cupel_await(
        cupel_async_connection_run_sync(nest->conn, count_users, &nest->count));
}

TASK_TEST(futures_may_be_awaited_inside_run_sync)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    struct nest nest = { start(engine), -1 };

    CHECK_OK(cupel_await(
        cupel_async_connection_run_sync(nest.conn, await_inside, &nest)));
    CHECK_INT(nest.count, 0);
    CHECK_OK(cupel_await(cupel_async_connection_exit(nest.conn, CUPEL_OK)));
    accept_async_close(engine);
}

TASK_TEST(run_sync_without_start_is_refused)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    int64_t count;

    CHECK_INT(
        cupel_await(cupel_async_connection_run_sync(conn, count_users, &count)),
        CUPEL_E_NOTSTARTED);
    cupel_async_connection_free(conn);
    accept_async_close(engine);
}

/* ---- Outside a task ---------------------------------------------------------
 */

struct kept {
    cupel_engine *engine;
    cupel_connection *conn;
};

/* Yields. */
static cupel_status
open_and_insert(void *arg)
{
    struct kept *kept = arg;

    kept->engine = accept_engine(NULL);
    kept->conn = accept_connect(kept->engine);
    return accept_insert(kept->conn, 1);
}

/* Yields. */
static cupel_status
commit_and_close(void *arg)
{
    struct kept *kept = arg;

    CHECK(!cupel_connection_invalidated(kept->conn));
    CHECK(cupel_connection_in_transaction(kept->conn));
    CHECK_OK(cupel_connection_commit(kept->conn));
    CHECK_INT(accept_committed(kept->engine), 1);
    CHECK_OK(cupel_connection_exit(kept->conn, CUPEL_OK));
    accept_close(kept->engine);
    return CUPEL_OK;
}

/* Run a task on a loop to its end. */
static void
run_task(cupel_loop *loop, cupel_task_fn *fn, void *arg)
{
    cupel_future *future = cupel_future_call(fn, arg);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_loop_run(loop));
    CHECK(cupel_future_done(future));
    cupel_future_free(future);
}

TEST(use_outside_a_task_is_refused_and_harms_nothing)
{
    struct kept kept = { NULL, NULL };
    cupel_loop *loop;

    CHECK_OK(cupel_loop_new(&loop));
    run_task(loop, open_and_insert, &kept);
    CHECK_FAILS(accept_run(kept.conn, "SELECT 1"), CUPEL_E_NOTASK);
    CHECK_STR(cupel_error_code(cupel_error_last()), "xd2s");
    CHECK_FAILS(cupel_connection_commit(kept.conn), CUPEL_E_NOTASK);
    run_task(loop, commit_and_close, &kept);
    CHECK_OK(cupel_loop_free(loop));
}
