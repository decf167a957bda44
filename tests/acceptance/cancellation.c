/* SPDX-License-Identifier: MIT */
/* Cancellation: what is under way is stopped, nothing is left behind. */
#include "acceptance/acceptance.h"

/* A statement that runs for longer than any test. */
static const char *
long_sql(void)
{
    return accept_is_postgresql()
               ? "SELECT pg_sleep(60)"
               : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
                 "n) SELECT count(*) FROM n WHERE i < 0";
}

static size_t
lent(const cupel_engine *engine)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);

    cupel_engine_pool_status(engine, &status);
    return status.lent;
}

/* A task that runs the long statement on a connection. */
struct runner {
    cupel_connection *conn;
    bool begun;
    cupel_status rc;
};

/* Yields. */
static cupel_status
run_long(void *arg)
{
    struct runner *runner = arg;

    runner->begun = true;
    runner->rc = accept_run(runner->conn, long_sql());
    return runner->rc;
}

/* Start the statement in a task of its own, let it get going, cancel it.
 * Yields. */
static void
cancel_in_the_middle(struct runner *runner)
{
    cupel_future *future = cupel_future_call(run_long, runner);

    CHECK_OK(cupel_future_spawn(future));
    while (!runner->begun)
        CHECK_OK(cupel_yield());
    CHECK_OK(cupel_sleep(20));
    cupel_future_cancel(future);
    CHECK_INT(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK_INT(runner->rc, CUPEL_E_CANCELLED);
}

TASK_TEST(cancelled_statement_gives_its_connection_up_until_a_rollback)
{
    cupel_engine *engine = accept_engine(NULL);
    struct runner runner = { accept_connect(engine), false, CUPEL_OK };
    cupel_connection *conn = runner.conn;

    CHECK_OK(accept_insert(conn, 1));
    cancel_in_the_middle(&runner);
    CHECK(cupel_connection_invalidated(conn));
    CHECK(!cupel_connection_closed(conn));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_INT(lent(engine), 0);
    CHECK_FAILS(accept_run(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_STR(cupel_error_code(cupel_error_last()), "8s2b");
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 0);
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(closing_after_a_cancellation_is_enough)
{
    cupel_engine *engine = accept_engine(NULL);
    struct runner runner = { accept_connect(engine), false, CUPEL_OK };

    cancel_in_the_middle(&runner);
    CHECK_OK(cupel_connection_close(runner.conn));
    CHECK(cupel_connection_closed(runner.conn));
    CHECK(!cupel_connection_invalidated(runner.conn));
    cupel_connection_free(runner.conn);
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}

/* Yields. */
static cupel_status
insert_and_run_long(cupel_connection *conn, void *arg)
{
    struct runner *runner = arg;
    cupel_status rc = accept_insert(conn, 1);

    runner->begun = true;
    return rc == CUPEL_OK ? accept_run(conn, long_sql()) : rc;
}

struct beginner {
    cupel_engine *engine;
    struct runner runner;
};

/* Yields. */
static cupel_status
begin_and_run_long(void *arg)
{
    struct beginner *beginner = arg;

    return cupel_engine_begin(beginner->engine, insert_and_run_long,
                              &beginner->runner);
}

TASK_TEST(cancelled_engine_begin_leaves_nothing_behind)
{
    cupel_engine *engine = accept_engine(NULL);
    struct beginner beginner = { engine, { NULL, false, CUPEL_OK } };
    cupel_future *future = cupel_future_call(begin_and_run_long, &beginner);

    CHECK_OK(cupel_future_spawn(future));
    while (!beginner.runner.begun)
        CHECK_OK(cupel_sleep(1));
    CHECK_OK(cupel_sleep(20));
    cupel_future_cancel(future);
    CHECK_INT(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK_INT(lent(engine), 0);
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}

TASK_TEST(deadline_ends_a_statement_as_a_cancellation_does)
{
    cupel_engine *engine = accept_engine(NULL);
    struct runner runner = { accept_connect(engine), false, CUPEL_OK };
    cupel_time begun = cupel_now();
    cupel_future *future;

    future = cupel_future_wait_for(cupel_future_call(run_long, &runner),
                                   cupel_deadline_in(100));
    CHECK_INT(cupel_await(future), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - begun < 100 + 100 + 50);
    CHECK(cupel_connection_invalidated(runner.conn));
    CHECK_OK(cupel_connection_rollback(runner.conn));
    CHECK_INT(accept_int(runner.conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(runner.conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Idle in a scope --------------------------------------------------------
 */

/* Yields. */
static cupel_status
insert_and_sleep(cupel_connection *conn, void *arg)
{
    struct runner *runner = arg;
    cupel_status rc = accept_insert(conn, 1);

    runner->begun = true;
    return rc == CUPEL_OK ? cupel_sleep(60000) : rc;
}

/* Yields. */
static cupel_status
begin_and_sleep(void *arg)
{
    struct beginner *beginner = arg;

    return cupel_engine_begin(beginner->engine, insert_and_sleep,
                              &beginner->runner);
}

TASK_TEST(cancelled_between_statements_rolls_back_and_reuses_the_connection)
{
    cupel_engine *engine = accept_engine(NULL);
    struct beginner beginner = { engine, { NULL, false, CUPEL_OK } };
    cupel_future *future = cupel_future_call(begin_and_sleep, &beginner);
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);

    CHECK_OK(cupel_future_spawn(future));
    while (!beginner.runner.begun)
        CHECK_OK(cupel_sleep(1));
    cupel_future_cancel(future);
    CHECK_INT(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK_INT(accept_committed(engine), 0);
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.connects, 1);
    CHECK_INT(status.idle, 1);
    accept_close(engine);
}

/* ---- Waiting for a connection
 * -------------------------------------------------- */

struct waiter {
    cupel_engine *engine;
    cupel_status rc;
};

/* Yields. */
static cupel_status
connect_once(void *arg)
{
    struct waiter *waiter = arg;
    cupel_connection *conn;

    waiter->rc = cupel_engine_connect(waiter->engine, &conn);
    if (waiter->rc != CUPEL_OK)
        return waiter->rc;
    return cupel_connection_exit(conn, CUPEL_OK);
}

TASK_TEST(cancelled_waiter_leaves_its_turn_to_the_next)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    struct waiter first, second;
    cupel_future *futures[2];
    cupel_connection *conn;
    cupel_engine *engine;

    options.pool_size = 1;
    options.max_overflow = CUPEL_ZERO;
    engine = accept_engine(&options);
    first = second = (struct waiter){ engine, CUPEL_E_VALUE };
    conn = accept_connect(engine);
    futures[0] = cupel_future_call(connect_once, &first);
    futures[1] = cupel_future_call(connect_once, &second);
    CHECK_OK(cupel_future_spawn(futures[0]));
    CHECK_OK(cupel_future_spawn(futures[1]));
    CHECK_OK(cupel_sleep(5));
    cupel_future_cancel(futures[0]);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(cupel_await(futures[0]), CUPEL_E_CANCELLED);
    CHECK_OK(cupel_await(futures[1]));
    CHECK_INT(first.rc, CUPEL_E_CANCELLED);
    CHECK_OK(second.rc);
    accept_close(engine);
}

/* ---- The facade's scopes
 * -------------------------------------------------------- */

struct scope {
    cupel_async_engine *engine;
    bool inside;
};

/* A connection's scope that is cancelled inside: its exit closes, shielded.
 * Yields. */
static cupel_status
sleep_in_a_scope(void *arg)
{
    struct scope *scope = arg;
    cupel_async_connection *conn = cupel_async_engine_connect(scope->engine);
    cupel_status rc;

    rc = cupel_await(cupel_async_connection_enter(conn));
    if (rc == CUPEL_OK)
        rc = accept_insert(cupel_async_connection_sync_connection(conn), 1);
    scope->inside = true;
    if (rc == CUPEL_OK)
        rc = cupel_sleep(60000);
    return cupel_await(cupel_async_connection_exit(conn, rc));
}

TASK_TEST(exit_of_a_connections_scope_is_shielded)
{
    struct scope scope = { accept_async_engine(NULL), false };
    cupel_engine *core = cupel_async_engine_sync_engine(scope.engine);
    cupel_future *future = cupel_future_call(sleep_in_a_scope, &scope);

    CHECK_OK(cupel_future_spawn(future));
    while (!scope.inside)
        CHECK_OK(cupel_sleep(1));
    cupel_future_cancel(future);
    CHECK_INT(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK_INT(lent(core), 0);
    CHECK_INT(accept_committed(core), 0);
    accept_async_close(scope.engine);
}
