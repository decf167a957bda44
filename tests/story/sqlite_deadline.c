/* SPDX-License-Identifier: MIT */
/* Another process holds the lock of a sqlite file, or a statement takes for
 * ever. Each call ends at its deadline, at most 100 ms late, and its slot comes
 * back: there is but one, so the next checkout proves it. */
#include <cupel/cupel.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"
#include "task/task.h"

enum { SPAN_MS = 150, LATE_MS = 100 };

#define ENDLESS                                                        \
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) " \
    "SELECT sum(x) FROM n"

static char folder[] = "/tmp/cupel-XXXXXX";
static char path[64], url[128];

/* ---- The other process -------------------------------------------------- */

static pid_t other;
static int to_other, from_other;

/* Waits for a byte, runs the SQL, answers, and ends with the pipe. */
static void
be_other(const char *sql, int in, int out)
{
    sqlite3 *db;
    char byte;

    if (read(in, &byte, 1) != 1 || sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK ||
        write(out, &byte, 1) != 1)
        _exit(1);
    _exit(read(in, &byte, 1) != 0);
}

/* Before anything is opened here: sqlite must not be taken into a fork. */
static void
start_other(const char *sql)
{
    int in[2], out[2];

    CHECK_INT(pipe(in), 0);
    CHECK_INT(pipe(out), 0);
    other = fork();
    CHECK(other >= 0);
    if (other == 0) {
        close(in[1]);
        be_other(sql, in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    to_other = in[1];
    from_other = out[0];
}

static void
lock_by_other(void)
{
    char byte = 0;

    CHECK_INT(write(to_other, &byte, 1), 1);
    CHECK_INT(read(from_other, &byte, 1), 1);
}

static void
unlock_by_other(void)
{
    int status;

    close(to_other);
    close(from_other);
    CHECK_INT(waitpid(other, &status, 0), other);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- Ours --------------------------------------------------------------- */

static cupel_engine *engine;
static cupel_connection *conn;

static void
run_raw(const char *sql)
{
    sqlite3 *db;

    CHECK_INT(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_INT(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void
remove_folder(void)
{
    char command[96];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        print_error("%s is still there\n", folder);
}

static void
make_file(const char *query)
{
    if (path[0] == '\0') {
        CHECK(mkdtemp(folder) != NULL);
        atexit(remove_folder);
    }
    snprintf(path, sizeof path, "%s/story.db", folder);
    snprintf(url, sizeof url, "sqlite:///%s%s", path, query);
    unlink(path);
    run_raw("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
}

static cupel_engine_options
one_slot(void)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.pool_size = 1;
    options.max_overflow = CUPEL_ZERO;
    options.pool_timeout_ms = 1000;
    options.connect_timeout_ms = SPAN_MS;
    return options;
}

static void
open_engine(const char *address)
{
    cupel_engine_options options = one_slot();

    /* Memory has but one connection in any case. */
    CHECK_OK(cupel_engine_create_async(
        address, address == url ? &options : NULL, &engine));
}

/* The slot is free again, and works. */
static void
check_slot(void)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_value value;

    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_scalar(conn, CUPEL_TEXT("SELECT 1"), NULL, NULL,
                                     &value));
    CHECK_INT(value.as.integer, 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
}

/* Within the span and what it may be late. Yields. */
static void
check_ends(cupel_task_fn *fn, void *arg)
{
    cupel_time begun = cupel_now();
    cupel_future *future = cupel_future_call(fn, arg);

    CHECK_FAILS(cupel_await(cupel_future_wait_for(future, begun + SPAN_MS)),
                CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - begun >= SPAN_MS);
    CHECK(cupel_now() - begun <= SPAN_MS + LATE_MS);
}

static cupel_status
run_sql(void *sql)
{
    return cupel_connection_execute(conn, CUPEL_TEXT((const char *)sql), NULL,
                                    NULL, NULL);
}

static cupel_status
commit(void *arg)
{
    (void)arg;
    return cupel_connection_commit(conn);
}

static cupel_status
stream_all(void *arg)
{
    cupel_result *result = arg;
    const cupel_row *row;
    cupel_status rc;

    do
        rc = cupel_result_fetchone(result, &row);
    while (rc == CUPEL_ROW);
    return rc;
}

/* ---- The deadline of each call ------------------------------------------ */

static char write_sql[] = "INSERT INTO t VALUES (2)";
static char endless_sql[] = ENDLESS;

TASK_TEST(a_statement_that_waits_for_a_lock_ends_at_its_deadline)
{
    make_file("");
    start_other("BEGIN EXCLUSIVE");
    open_engine(url);
    lock_by_other();
    CHECK_OK(cupel_engine_connect(engine, &conn));
    check_ends(run_sql, write_sql);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    unlock_by_other();
    check_slot();
    cupel_engine_close(engine);
}

TASK_TEST(a_commit_that_waits_for_a_reader_ends_at_its_deadline)
{
    make_file("");
    start_other("BEGIN; SELECT * FROM t");
    open_engine(url);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(run_sql(write_sql));
    lock_by_other();
    check_ends(commit, NULL);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    unlock_by_other();
    check_slot();
    cupel_engine_close(engine);
}

TASK_TEST(a_connect_that_waits_for_a_lock_ends_at_its_deadline)
{
    cupel_time begun;

    make_file("?journal_mode=wal");
    start_other("BEGIN EXCLUSIVE");
    open_engine(url);
    lock_by_other();
    begun = cupel_now();
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - begun >= SPAN_MS);
    CHECK(cupel_now() - begun <= SPAN_MS + LATE_MS);
    unlock_by_other();
    check_slot();
    cupel_engine_close(engine);
}

static void
check_endless(const char *address)
{
    open_engine(address);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    check_ends(run_sql, endless_sql);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    check_slot();
    cupel_engine_close(engine);
}

TASK_TEST(a_long_query_ends_at_its_deadline)
{
    make_file("");
    check_endless(url);
    check_endless("sqlite://");
}

TASK_TEST(a_long_fetch_ends_at_its_deadline)
{
    cupel_result *result;

    make_file("");
    open_engine(url);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_stream(
        conn,
        CUPEL_TEXT("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
                   "FROM n) SELECT x FROM n WHERE x < 20000"),
        NULL, NULL, &result));
    check_ends(stream_all, result);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    check_slot();
    cupel_engine_close(engine);
}

/* ---- Without a loop ------------------------------------------------------ */

/* Whose the deadline is. */
enum level { OF_CALL, OF_THREAD, OF_CONNECTION, OF_ENGINE, LEVELS };

static const cupel_execution_options *call_options;

static void
open_blocking(enum level level)
{
    cupel_engine_options options = one_slot();

    if (level == OF_ENGINE)
        options.timeout_ms = SPAN_MS;
    CHECK_OK(cupel_engine_create(url, &options, &engine));
}

static cupel_status
run_with_options(void *sql)
{
    return cupel_connection_execute(conn, CUPEL_TEXT((const char *)sql), NULL,
                                    call_options, NULL);
}

static cupel_status
act_at(enum level level, cupel_task_fn *fn, void *arg)
{
    struct cup_scope scope;
    cupel_status rc;

    if (level != OF_THREAD)
        return fn(arg);
    cup_deadline_begin(&scope, cupel_deadline_in(SPAN_MS));
    rc = fn(arg);
    cup_scope_end(&scope);
    return rc;
}

static void
check_blocking(enum level level, cupel_task_fn *fn, void *arg)
{
    static const cupel_param span = {
        "timeout_ms", { .type = CUPEL_INT, .as.integer = SPAN_MS }
    };
    static const cupel_execution_options options = { &span, 1 };
    cupel_time begun;

    call_options = level == OF_CALL ? &options : NULL;
    if (level == OF_CONNECTION)
        CHECK_OK(cupel_connection_execution_options(conn, &options));
    begun = cupel_now();
    CHECK_FAILS(act_at(level, fn, arg), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - begun >= SPAN_MS);
    CHECK(cupel_now() - begun <= SPAN_MS + LATE_MS);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK(cupel_now() - begun <= SPAN_MS + 2 * LATE_MS);
}

TEST(a_blocking_call_ends_at_its_deadline)
{
    for (enum level level = OF_CALL; level < LEVELS; level++) {
        make_file("");
        start_other("BEGIN EXCLUSIVE");
        open_blocking(level);
        lock_by_other();
        CHECK_OK(cupel_engine_connect(engine, &conn));
        check_blocking(level, run_with_options, write_sql);
        unlock_by_other();
        check_slot();
        CHECK_OK(cupel_engine_connect(engine, &conn));
        check_blocking(level, run_with_options, endless_sql);
        check_slot();
        cupel_engine_close(engine);
    }
}

TEST(a_blocking_commit_ends_at_its_deadline)
{
    for (enum level level = OF_THREAD; level < LEVELS; level++) {
        make_file("");
        start_other("BEGIN; SELECT * FROM t");
        open_blocking(level);
        CHECK_OK(cupel_engine_connect(engine, &conn));
        CHECK_OK(run_sql(write_sql));
        CHECK_OK(cupel_connection_rollback(conn));
        lock_by_other();
        CHECK_OK(run_sql(write_sql));
        check_blocking(level, commit, NULL);
        unlock_by_other();
        check_slot();
        cupel_engine_close(engine);
    }
}

static cupel_status
connect_another(void *arg)
{
    cupel_connection *another;

    (void)arg;
    return cupel_engine_connect(engine, &another);
}

/* Nobody gives the one connection back. */
TEST(a_blocking_connect_ends_at_its_deadline)
{
    static const enum level levels[] = { OF_THREAD, OF_ENGINE };

    make_file("");
    for (size_t i = 0; i < 2; i++) {
        open_blocking(levels[i]);
        CHECK_OK(cupel_engine_connect(engine, &conn));
        check_blocking(levels[i], connect_another, NULL);
        check_slot();
        cupel_engine_close(engine);
    }
}
