/* SPDX-License-Identifier: MIT */
/* The PostgreSQL backend is killed in each phase of a connection's life. Each
 * time there is a disconnect error with its SQLSTATE, the slot comes back, and
 * the next checkout works within a second. */
#include <cupel/cupel.h>

#include "support/test.h"

/* The engine whose connections die, and the one that kills. */
static cupel_engine *victim, *killer;

static void
open_engines(void)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    const char *url = test_env("CUPEL_TEST_PG_URL");

    options.pool_size = 1; /* the slot must come back, or nothing works */
    options.max_overflow = CUPEL_ZERO;
    CHECK_OK(cupel_engine_create_async(url, &options, &victim));
    CHECK_OK(cupel_engine_create_async(url, &options, &killer));
}

static void
close_engines(void)
{
    cupel_engine_close(victim);
    cupel_engine_close(killer);
}

static cupel_status
run_sql(cupel_connection *conn, const char *sql)
{
    return cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, NULL);
}

static int64_t
query_int(cupel_connection *conn, const char *sql)
{
    cupel_value value;

    CHECK_OK(
        cupel_connection_scalar(conn, CUPEL_TEXT(sql), NULL, NULL, &value));
    return value.as.integer;
}

static int64_t
backend_of(cupel_connection *conn)
{
    return query_int(conn, "SELECT pg_backend_pid()");
}

/* Kill a backend and wait until the server knows it no more. */
static void
kill_backend(int64_t pid)
{
    cupel_time until = cupel_deadline_in(5000);
    cupel_connection *conn;
    cupel_value value;

    CHECK_OK(cupel_engine_connect(killer, &conn));
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT pg_terminate_backend(:pid)"),
        CUPEL_PARAMS({ "pid", cupel_int(pid) }), NULL, NULL));
    do {
        CHECK_OK(cupel_connection_rollback(conn));
        CHECK_OK(cupel_connection_scalar(
            conn,
            CUPEL_TEXT("SELECT count(*) FROM pg_stat_activity WHERE pid = "
                       ":pid"),
            CUPEL_PARAMS({ "pid", cupel_int(pid) }), NULL, &value));
    } while (value.as.integer > 0 && cupel_now() < until);
    CHECK_INT(value.as.integer, 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
}

/* The failure is a disconnect that says who ended it. */
static void
check_disconnect(cupel_status rc)
{
    const cupel_error *error = cupel_error_last();

    CHECK_FAILS(rc, CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(error));
    CHECK_STR(cupel_error_sqlstate(error), "57P01");
}

/* The slot is free, and a checkout works within a second. */
static void
check_recovery(void)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_time start = cupel_now();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(victim, &conn));
    CHECK_INT(query_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK(cupel_now() - start < 1000);
    cupel_engine_pool_status(victim, &status);
    CHECK_INT(status.lent, 0);
    CHECK_INT(status.idle, 1);
}

TASK_TEST(killed_while_idle_in_the_pool)
{
    cupel_connection *conn;
    int64_t pid;

    open_engines();
    CHECK_OK(cupel_engine_connect(victim, &conn));
    pid = backend_of(conn);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    kill_backend(pid);
    CHECK_OK(cupel_sleep(150)); /* longer than a look at it is saved for */
    check_recovery();
    close_engines();
}

TASK_TEST(killed_while_lent_and_idle)
{
    cupel_connection *conn;

    open_engines();
    CHECK_OK(cupel_engine_connect(victim, &conn));
    kill_backend(backend_of(conn));
    check_disconnect(run_sql(conn, "SELECT 1"));
    CHECK(cupel_connection_invalidated(conn));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(query_int(conn, "SELECT 1"), 1); /* it found another one */
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    check_recovery();
    close_engines();
}

static cupel_status
sleep_there(void *arg)
{
    return run_sql(arg, "SELECT pg_sleep(30)");
}

TASK_TEST(killed_during_a_query)
{
    cupel_connection *conn;
    cupel_future *query;
    int64_t pid;

    open_engines();
    CHECK_OK(cupel_engine_connect(victim, &conn));
    pid = backend_of(conn);
    query = cupel_future_call(sleep_there, conn);
    CHECK_OK(cupel_future_spawn(query));
    CHECK_OK(cupel_sleep(50));
    kill_backend(pid);
    check_disconnect(cupel_await(query));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    check_recovery();
    close_engines();
}

TASK_TEST(killed_in_a_transaction_at_its_commit)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t pid;

    open_engines();
    CHECK_OK(cupel_engine_connect(victim, &conn));
    CHECK_OK(run_sql(conn, "DROP TABLE IF EXISTS killed_item"));
    CHECK_OK(run_sql(conn, "CREATE TABLE killed_item (id int)"));
    CHECK_OK(cupel_connection_commit(conn));
    pid = backend_of(conn);
    CHECK_OK(run_sql(conn, "INSERT INTO killed_item VALUES (1)"));
    kill_backend(pid);
    rc = cupel_connection_commit(conn);
    CHECK_FAILS(rc, CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(query_int(conn, "SELECT count(*) FROM killed_item"), 0);
    CHECK_OK(run_sql(conn, "DROP TABLE killed_item"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    check_recovery();
    close_engines();
}

/* Wait in line for the one connection, and use it. */
static cupel_status
use_next(void *arg)
{
    cupel_connection *conn;
    cupel_status rc;

    (void)arg;
    rc = cupel_engine_connect(victim, &conn);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_exit(conn, run_sql(conn, "SELECT 1"));
}

/* The rollback goes ahead of the next one's statement, so it is he who finds
 * out; unless the connection is looked at on the way, as it is when it has been
 * quiet for a while: then he gets another. */
static void
kill_between(int64_t quiet_ms)
{
    cupel_connection *conn;
    cupel_future *next;
    cupel_status rc;
    int64_t pid;

    open_engines();
    CHECK_OK(cupel_engine_connect(victim, &conn));
    pid = backend_of(conn);
    next = cupel_future_call(use_next, NULL);
    CHECK_OK(cupel_future_spawn(next));
    CHECK_OK(cupel_sleep(1)); /* he is in line now */
    kill_backend(pid);
    CHECK_OK(cupel_sleep(quiet_ms));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    rc = cupel_await(next);
    if (rc != CUPEL_OK && quiet_ms == 0)
        check_disconnect(rc);
    else
        CHECK_OK(rc);
    check_recovery();
    close_engines();
}

TASK_TEST(killed_while_it_goes_from_one_to_the_next)
{
    kill_between(0);
    kill_between(150);
}

TASK_TEST(killed_in_the_middle_of_a_stream)
{
    cupel_connection *conn;
    cupel_result *result;
    const cupel_row *row;
    cupel_status rc;
    int64_t pid;

    open_engines();
    CHECK_OK(cupel_engine_connect(victim, &conn));
    pid = backend_of(conn);
    CHECK_OK(cupel_connection_stream(
        conn, CUPEL_TEXT("SELECT * FROM generate_series(1, 100000)"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(10) }), &result));
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    kill_backend(pid);
    do
        rc = cupel_result_fetchone(result, &row);
    while (rc == CUPEL_ROW);
    check_disconnect(rc);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    check_recovery();
    close_engines();
}

static cupel_status
use_another(void *arg)
{
    cupel_connection *conn;

    (void)arg;
    CHECK_OK(cupel_engine_connect(victim, &conn));
    CHECK_INT(query_int(conn, "SELECT 1"), 1);
    return cupel_connection_exit(conn, CUPEL_OK);
}

TASK_TEST(killed_while_others_wait_for_the_connection)
{
    cupel_connection *conn;
    cupel_future *waiter;
    int64_t pid;

    open_engines();
    CHECK_OK(cupel_engine_connect(victim, &conn));
    pid = backend_of(conn);
    waiter = cupel_future_call(use_another, NULL);
    CHECK_OK(cupel_future_spawn(waiter));
    CHECK_OK(cupel_yield());
    kill_backend(pid);
    check_disconnect(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_await(waiter)); /* its slot came back, with a new wire */
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    check_recovery();
    close_engines();
}
