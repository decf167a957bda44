/* SPDX-License-Identifier: MIT */
/* What is sqlite's own: its urls and files, locks, functions, attached
 * databases, streams that outlive a commit. */
#include "acceptance/acceptance.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Urls --------------------------------------------------------------- */

static void
check_url(const char *address, cupel_status expected)
{
    cupel_engine *engine = NULL;

    CHECK_FAILS(cupel_engine_create_async(address, NULL, &engine), expected);
    cupel_engine_close(engine);
}

TASK_TEST(url_with_host_or_user_is_refused_with_the_valid_forms)
{
    check_url("sqlite://host/file.db", CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "sqlite:///relative") != NULL);
    CHECK(strstr(cupel_error_text(), "sqlite:////absolute") != NULL);
    check_url("sqlite://user:pw@/file.db", CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "pw") == NULL);
}

TASK_TEST(keys_of_the_driver_are_known_and_others_refused)
{
    check_url("sqlite:///x.db?timeout=2.5&cached_statements=10", CUPEL_OK);
    check_url("sqlite:///x.db?check_same_thread=false", CUPEL_OK);
    check_url("sqlite:///x.db?isolation_level=IMMEDIATE", CUPEL_OK);
    check_url("sqlite:///file:x.db?uri=true&mode=ro", CUPEL_OK);
    check_url("sqlite:///x.db?timeout=soon", CUPEL_E_VALUE);
    check_url("sqlite:///x.db?detect_types=1", CUPEL_E_ARGUMENT);
    check_url("sqlite:///x.db?foo=bar", CUPEL_E_ARGUMENT);
}

/* The url shows what was given, and means the folder of that moment. */
TASK_TEST(relative_path_is_where_the_engine_was_made)
{
    char folder[] = "/tmp/cupel-XXXXXX", *here = getcwd(NULL, 0);
    cupel_connection *conn;
    cupel_engine *engine;

    CHECK(here != NULL && mkdtemp(folder) != NULL);
    CHECK_INT(chdir(folder), 0);
    CHECK_OK(cupel_engine_create_async("sqlite:///a.db", NULL, &engine));
    CHECK_INT(chdir(here), 0);
    CHECK_STR(cupel_engine_url(engine), "sqlite:///a.db");
    conn = accept_connect(engine);
    CHECK_OK(accept_run(conn, "CREATE TABLE t (a)"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
    CHECK_INT(chdir(folder), 0);
    CHECK_INT(unlink("a.db"), 0);
    CHECK_INT(chdir(here), 0);
    CHECK_INT(rmdir(folder), 0);
    free(here);
}

/* ---- Isolation ---------------------------------------------------------- */

/* Yields. */
static void
check_level(cupel_connection *conn, const char *expected)
{
    const char *level;

    CHECK_OK(cupel_connection_get_isolation_level(conn, &level));
    CHECK_STR(level, expected);
    CHECK(!cupel_connection_in_transaction(conn));
}

/* Yields. */
static cupel_status
set_level(cupel_connection *conn, const char *level)
{
    return cupel_connection_execution_options(
        conn, CUPEL_WITH({ "isolation_level", cupel_string(level) }));
}

TASK_TEST(isolation_is_serializable_unless_asked_for_otherwise)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;

    options.pool_size = 1;
    options.max_overflow = CUPEL_ZERO;
    engine = accept_engine(&options);
    conn = accept_connect(engine);
    check_level(conn, "SERIALIZABLE");
    CHECK_STR(cupel_connection_default_isolation_level(conn), "SERIALIZABLE");
    CHECK_OK(set_level(conn, "read_uncommitted"));
    check_level(conn, "READ UNCOMMITTED");
    CHECK_INT(accept_int(conn, "PRAGMA read_uncommitted"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = accept_connect(engine);
    check_level(conn, "SERIALIZABLE");
    CHECK_FAILS(set_level(conn, "REPEATABLE READ"), CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "READ UNCOMMITTED") != NULL);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(autocommit_keeps_what_is_rolled_back)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(set_level(conn, "AUTOCOMMIT"));
    check_level(conn, "SERIALIZABLE");
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 1);
    conn = accept_connect(engine);
    CHECK_OK(accept_insert(conn, 2));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 1);
    accept_close(engine);
}

TASK_TEST(two_phase_transactions_are_not_there)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_FAILS(cupel_connection_begin_twophase(conn, NULL, NULL),
                CUPEL_E_NOTIMPL);
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Transactions ------------------------------------------------------- */

/* The program's own file with more keys in the url. */
static cupel_engine *
engine_with(const char *keys)
{
    char address[512];
    cupel_engine *engine;

    snprintf(address, sizeof address, "%s&%s", accept_url(), keys);
    CHECK_OK(cupel_engine_create_async(address, NULL, &engine));
    return engine;
}

/* Yields. */
static void
check_busy(cupel_connection *conn, const char *sql)
{
    CHECK_FAILS(accept_run(conn, sql), CUPEL_E_OPERATIONAL);
    CHECK(strstr(cupel_error_text(), "locked") != NULL);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()) & 0xff, SQLITE_BUSY);
}

TASK_TEST(begin_is_sent_with_the_first_statement)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *outer, *inner;

    CHECK_OK(cupel_connection_begin(conn, &outer));
    CHECK_OK(cupel_connection_begin_nested(conn, &inner));
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_transaction_commit(inner));
    CHECK_OK(cupel_transaction_rollback(outer));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 0);
    cupel_transaction_free(inner);
    cupel_transaction_free(outer);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(begin_can_be_immediate)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_engine *eager = engine_with("begin=immediate&timeout=0");
    cupel_connection *conn = accept_connect(engine), *other;

    CHECK_OK(accept_insert(conn, 1));
    other = accept_connect(eager);
    check_busy(other, "SELECT 1");
    CHECK_OK(cupel_connection_rollback(other));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(accept_int(other, "SELECT count(*) FROM users"), 1);
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(eager);
    accept_close(engine);
}

TASK_TEST(busy_is_an_operational_error_after_the_timeout)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_engine *patient = engine_with("timeout=0.1");
    cupel_connection *conn = accept_connect(engine), *other;
    cupel_time begun;

    CHECK_OK(accept_insert(conn, 1));
    other = accept_connect(patient);
    begun = cupel_now();
    check_busy(other, "INSERT INTO users VALUES (2, 'other')");
    CHECK(cupel_now() - begun >= 95);
    CHECK(!cupel_connection_invalidated(other));
    CHECK_OK(cupel_connection_rollback(other));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(accept_insert(other, 2));
    CHECK_OK(cupel_connection_commit(other));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 2);
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(patient);
    accept_close(engine);
}

/* A failed statement does not end the transaction. */
TASK_TEST(statements_after_a_failure_work)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_insert(conn, 1));
    CHECK_FAILS(accept_insert(conn, 1), CUPEL_E_INTEGRITY);
    CHECK_OK(accept_insert(conn, 2));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 2);
    accept_close(engine);
}

/* ---- Functions, keys, values -------------------------------------------- */

TASK_TEST(regexp_and_floor_are_there)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_INT(accept_int(conn, "SELECT 'abc' REGEXP '^a.c$'"), 1);
    CHECK_INT(accept_int(conn, "SELECT 'abc' REGEXP 'd'"), 0);
    CHECK_INT(accept_int(conn, "SELECT CAST(floor(-1.5) AS INTEGER)"), -2);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(new_keys_come_by_returning_and_by_the_last_id)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_result *result;

    CHECK_INT(accept_int(conn, "INSERT INTO users (user_name) VALUES ('a') "
                               "RETURNING user_id"),
              1);
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO users (user_name) VALUES ('b')"), NULL,
        NULL, &result));
    CHECK_INT(cupel_result_lastrowid(result), 2);
    CHECK_INT(cupel_result_rowcount(result), 1);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* Yields. */
static void
check_stored(cupel_connection *conn, cupel_value given, const char *type,
             const char *text)
{
    char stored[64];
    cupel_value value;

    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT typeof(:v) || ' ' || CAST(:v AS TEXT)"),
        CUPEL_PARAMS({ "v", given }), NULL, &value));
    snprintf(stored, sizeof stored, "%s %s", type, text);
    CHECK_INT(value.as.bytes.len, strlen(stored));
    CHECK(memcmp(value.as.bytes.data, stored, strlen(stored)) == 0);
}

TASK_TEST(dates_are_texts_and_truths_are_numbers)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    check_stored(conn, cupel_date(2024, 2, 29), "text", "2024-02-29");
    check_stored(conn, cupel_time_of_day(1, 2, 3, 4), "text",
                 "01:02:03.000004");
    check_stored(conn, cupel_bool(true), "integer", "1");
    check_stored(conn, cupel_bool(false), "integer", "0");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Schemas and streams ------------------------------------------------ */

TASK_TEST(attached_databases_are_schemas)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_run(conn, "CREATE TEMP TABLE users (user_id INTEGER)"));
    CHECK_OK(accept_run(conn, "INSERT INTO temp.users VALUES (7)"));
    CHECK_INT(accept_int(conn, "SELECT user_id FROM users"), 7);
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM main.users"), 0);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(accept_run(conn, "ATTACH ':memory:' AS other"));
    CHECK_OK(accept_run(conn, "CREATE TABLE other.t (a)"));
    CHECK_OK(accept_run(conn, "INSERT INTO other.t VALUES (1)"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM other.t"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* Rows behind `row` that the stream still has. Yields. */
static int
count_rest(cupel_result *result)
{
    const cupel_row *row;
    int count = 0;
    cupel_status rc;

    while ((rc = cupel_result_fetchone(result, &row)) == CUPEL_ROW)
        count++;
    CHECK_OK(rc);
    return count;
}

TASK_TEST(stream_goes_on_after_the_commit)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;
    cupel_result *result;
    const cupel_row *row;

    accept_add_users(engine, 200);
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_stream(
        conn, CUPEL_TEXT("SELECT * FROM users"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(10) }), &result));
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_OK(accept_insert(conn, 1000));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK(count_rest(result) >= 199);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 201);
    accept_close(engine);
}

/* ---- Ends --------------------------------------------------------------- */

/* Yields. */
static void
use(cupel_engine *engine)
{
    cupel_connection *conn = accept_connect(engine);

    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
}

TASK_TEST(disposed_engine_connects_again)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);

    use(engine);
    CHECK_OK(cupel_engine_dispose(engine));
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.idle, 0);
    use(engine);
    accept_close(engine);
}

/* Left open, but not lost: a leak is something else. */
static cupel_engine *left_open;

static cupel_status
leave_open(void *arg)
{
    (void)arg;
    if (cupel_engine_create_async(accept_url(), NULL, &left_open) == CUPEL_OK)
        use(left_open);
    return CUPEL_OK;
}

/* By its workers, say. */
TEST(engine_left_open_does_not_keep_the_process_alive)
{
    pid_t child = fork();
    int status;

    CHECK(child >= 0);
    if (child == 0) {
        alarm(20);
        exit(cupel_run(leave_open, NULL) != CUPEL_OK);
    }
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
}

/* ---- In memory ----------------------------------------------------------- */

TASK_TEST(connections_to_memory_are_one_while_one_streams)
{
    cupel_connection *reader, *writer;
    const cupel_row *row;
    cupel_result *stream;
    cupel_engine *engine;

    CHECK_OK(cupel_engine_create_async("sqlite://", NULL, &engine));
    reader = accept_connect(engine);
    writer = accept_connect(engine);
    CHECK_OK(accept_run(reader, "CREATE TABLE t (x INTEGER)"));
    CHECK_OK(accept_run(reader, "INSERT INTO t VALUES (1), (2), (3)"));
    CHECK_OK(cupel_connection_commit(reader));
    CHECK_OK(cupel_connection_stream(
        reader, CUPEL_TEXT("SELECT x FROM t"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(1) }), &stream));
    CHECK_FAILS(cupel_result_fetchone(stream, &row), CUPEL_ROW);
    CHECK_INT(accept_int(writer, "SELECT count(*) FROM t"), 3);
    CHECK_OK(accept_run(writer, "INSERT INTO t VALUES (4)"));
    CHECK_OK(cupel_connection_commit(writer));
    CHECK_FAILS(cupel_result_fetchone(stream, &row), CUPEL_ROW);
    cupel_result_free(stream);
    CHECK_OK(cupel_connection_exit(reader, CUPEL_OK));
    CHECK_INT(accept_int(writer, "SELECT count(*) FROM t"), 4);
    CHECK_OK(cupel_connection_exit(writer, CUPEL_OK));
    CHECK_INT(cupel_pool_checkedout(cupel_engine_pool(engine)), 0);
    cupel_engine_close(engine);
}

/* Uses the other connection. Yields. */
static cupel_status
look_elsewhere(cupel_event *event, void *arg)
{
    (void)event;
    CHECK_INT(accept_int(arg, "SELECT 1"), 1);
    return CUPEL_OK;
}

TASK_TEST(a_listener_may_use_another_connection_to_memory)
{
    cupel_connection *one, *other;
    cupel_engine *engine;

    CHECK_OK(cupel_engine_create_async("sqlite://", NULL, &engine));
    one = accept_connect(engine);
    other = accept_connect(engine);
    CHECK_OK(cupel_event_listen(cupel_on_connection(one), "before_execute",
                                look_elsewhere, other, 0));
    CHECK_INT(accept_int(one, "SELECT 2"), 2);
    CHECK_OK(cupel_connection_exit(one, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    cupel_engine_close(engine);
}
