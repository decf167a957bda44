/* SPDX-License-Identifier: MIT */
/* Databases of sqlite in memory: one connection, and what can be done to it. */
#include "acceptance/acceptance.h"

#include <sqlite3.h>

/* Nothing is left of the table once the engine is gone. Yields. */
static void
check_memory(const char *address)
{
    cupel_connection *conn;
    cupel_engine *engine;

    for (int i = 0; i < 2; i++) {
        CHECK_OK(cupel_engine_create_async(address, NULL, &engine));
        conn = accept_connect(engine);
        CHECK_OK(accept_run(conn, "CREATE TABLE t (a)"));
        CHECK_OK(cupel_connection_commit(conn));
        CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
        conn = accept_connect(engine);
        CHECK_INT(accept_int(conn, "SELECT count(*) FROM t"), 0);
        CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
        cupel_engine_close(engine);
    }
}

TASK_TEST(memory_has_many_names_and_lives_as_long_as_its_engine)
{
    check_memory("sqlite://");
    check_memory("sqlite:///:memory:");
    check_memory("sqlite:///file::memory:?uri=true");
    check_memory("sqlite:///file:name?mode=memory&cache=shared&uri=true");
}

/* ---- Memory is shared --------------------------------------------------- */

TASK_TEST(memory_is_one_connection_and_one_transaction_for_all)
{
    cupel_connection *first, *second;
    cupel_engine *engine;

    CHECK_OK(cupel_engine_create_async("sqlite://", NULL, &engine));
    first = accept_connect(engine);
    second = accept_connect(engine);
    CHECK_OK(accept_run(first, "CREATE TABLE t (a)"));
    CHECK_OK(cupel_connection_commit(first));
    CHECK_OK(accept_run(first, "INSERT INTO t VALUES (1)"));
    CHECK_INT(accept_int(second, "SELECT count(*) FROM t"), 1);
    CHECK_OK(cupel_connection_rollback(second));
    CHECK_INT(accept_int(first, "SELECT count(*) FROM t"), 0);
    CHECK_OK(cupel_connection_exit(second, CUPEL_OK));
    CHECK_OK(accept_run(first, "INSERT INTO t VALUES (2)"));
    CHECK_OK(cupel_connection_commit(first));
    CHECK_OK(cupel_connection_exit(first, CUPEL_OK));
    first = accept_connect(engine);
    CHECK_INT(accept_int(first, "SELECT a FROM t"), 2);
    CHECK_OK(cupel_connection_exit(first, CUPEL_OK));
    cupel_engine_close(engine);
}

TASK_TEST(memory_in_a_queue_pool_is_used_by_one_after_the_other)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *conn, *other;
    cupel_engine *engine;

    options.poolclass = CUPEL_POOL_ASYNC_ADAPTED_QUEUE;
    options.pool_timeout_ms = 20;
    CHECK_OK(cupel_engine_create_async("sqlite://", &options, &engine));
    conn = accept_connect(engine);
    CHECK_OK(accept_run(conn, "CREATE TABLE t (a)"));
    CHECK_FAILS(cupel_engine_connect(engine, &other), CUPEL_E_TIMEOUT);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    other = accept_connect(engine);
    CHECK_INT(accept_int(other, "SELECT count(*) FROM t"), 0);
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    cupel_engine_close(engine);
}

enum { READERS = 8 };

/* Count rows through a stream, and write between its batches. */
static cupel_status
read_and_write(void *arg)
{
    cupel_connection *conn = arg;
    cupel_result *result;
    const cupel_row *row;
    cupel_status rc;
    int count = 0;

    CHECK_OK(cupel_connection_stream(conn, CUPEL_TEXT("SELECT a FROM t"), NULL,
                                     CUPEL_WITH({ "yield_per", cupel_int(10) }),
                                     &result));
    while ((rc = cupel_result_next(&result, &row)) == CUPEL_ROW)
        if (++count % 10 == 0)
            CHECK_OK(accept_run(conn, "INSERT INTO lines VALUES (1)"));
    CHECK_OK(rc);
    CHECK_INT(count, 100);
    return CUPEL_OK;
}

/* None is closed before all are done: that would roll back for all. */
TASK_TEST(tasks_stream_and_write_on_one_connection)
{
    cupel_future *futures[READERS];
    cupel_connection *conn, *conns[READERS];
    cupel_engine *engine;

    CHECK_OK(cupel_engine_create_async("sqlite://", NULL, &engine));
    conn = accept_connect(engine);
    CHECK_OK(accept_run(conn, "CREATE TABLE lines (a)"));
    CHECK_OK(accept_run(conn, "CREATE TABLE t AS WITH RECURSIVE n(a) AS "
                              "(SELECT 1 UNION ALL SELECT a + 1 FROM n LIMIT "
                              "100) SELECT a FROM n"));
    CHECK_OK(cupel_connection_commit(conn));
    for (size_t i = 0; i < READERS; i++) {
        conns[i] = accept_connect(engine);
        futures[i] = cupel_future_call(read_and_write, conns[i]);
        CHECK_OK(cupel_future_spawn(futures[i]));
    }
    for (size_t i = 0; i < READERS; i++)
        CHECK_OK(cupel_await(futures[i]));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM lines"), READERS * 10);
    for (size_t i = 0; i < READERS; i++)
        CHECK_OK(cupel_connection_exit(conns[i], CUPEL_OK));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
}

/* ---- What every connection gets ----------------------------------------- */

static void
check_foreign_keys(const char *address, cupel_status expected)
{
    cupel_connection *conn;
    cupel_engine *engine;

    CHECK_OK(cupel_engine_create_async(address, NULL, &engine));
    conn = accept_connect(engine);
    CHECK_OK(accept_run(conn, "CREATE TABLE p (id INTEGER PRIMARY KEY)"));
    CHECK_OK(accept_run(conn, "CREATE TABLE c (p REFERENCES p (id))"));
    CHECK_FAILS(accept_run(conn, "INSERT INTO c VALUES (1)"), expected);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
}

TASK_TEST(foreign_keys_are_enforced_only_if_asked_for)
{
    check_foreign_keys("sqlite://", CUPEL_OK);
    check_foreign_keys("sqlite://?foreign_keys=on", CUPEL_E_INTEGRITY);
}

static cupel_status
turn_on_foreign_keys(cupel_event *event, void *arg)
{
    ++*(int *)arg;
    return cupel_raw_connection_execute(event->raw, "PRAGMA foreign_keys=ON",
                                        NULL, 0, NULL);
}

TASK_TEST(foreign_keys_are_turned_on_by_a_listener)
{
    cupel_engine *engine;
    cupel_connection *conn;
    int called = 0;

    CHECK_OK(cupel_engine_create_async("sqlite://", NULL, &engine));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "connect",
                                turn_on_foreign_keys, &called, 0));
    conn = accept_connect(engine);
    CHECK_INT(accept_int(conn, "PRAGMA foreign_keys"), 1);
    CHECK_INT(called, 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
}

/* ---- Connections that others opened ------------------------------------- */

static cupel_status
open_own(void *arg, void **out_driver_connection)
{
    sqlite3 *db;

    (void)arg;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_exec(db, "CREATE TABLE own (a)", NULL, NULL, NULL) != SQLITE_OK)
        return cupel_error_raise(CUPEL_E_OPERATIONAL, "no database");
    *out_driver_connection = db;
    return CUPEL_OK;
}

/* It is equipped as all others are. */
TASK_TEST(creator_opens_the_drivers_connection)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_raw_connection *raw;
    cupel_connection *conn;
    cupel_engine *engine;
    sqlite3 *db;

    options.creator = open_own;
    CHECK_OK(cupel_engine_create_async("sqlite://", &options, &engine));
    conn = accept_connect(engine);
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM own"), 0);
    CHECK_INT(accept_int(conn, "SELECT 'a' REGEXP '^a'"), 1);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_get_raw_connection(conn, &raw));
    db = cupel_raw_connection_driver_connection(raw);
    CHECK_INT(sqlite3_exec(db, "INSERT INTO own VALUES (1)", NULL, NULL, NULL),
              SQLITE_OK);
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM own"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
}
