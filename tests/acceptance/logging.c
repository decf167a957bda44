/* SPDX-License-Identifier: MIT */
/* The log, line by line. After the reference's LogParamsTest, EchoTest,
 * TransactionContextLoggingTest, LoggingTokenTest and PoolLoggingTest. */
#include "support/log_lines.h"

#include "acceptance/acceptance.h"

/* One placeholder, as a pattern. */
#define ONE (accept_is_postgresql() ? "\\$1" : "\\?")

#define GENERATED "\\[generated in [0-9]+\\.[0-9]{5}s\\] "
#define CACHED "\\[cached since [0-9.]+(e-[0-9]+)?s ago\\] "
#define NO_KEY "\\[no key [0-9]+\\.[0-9]{5}s\\] "

/* The first connection, and what the server is asked by it. Yields. */
static void
check_first_connect(cupel_engine *engine)
{
    CHECK_OK(cupel_engine_warm_up(engine, 1));
    if (accept_is_postgresql())
        CHECK_LINES("SELECT current_schema\\(\\).*", "\\[raw sql\\] \\(\\)");
    CHECK_INT(log_lines.count, 0);
}

/* An engine that echoes into the lines, after its first connect unless that is
 * to be seen. Yields. */
static cupel_engine *
echo_engine(cupel_engine_options *options)
{
    cupel_engine *engine;

    if (options->echo == CUPEL_DEFAULT)
        options->echo = CUPEL_ON;
    engine = accept_engine(options);
    log_lines_begin(CUPEL_LOG_ERROR);
    if (options->echo_pool == CUPEL_DEFAULT)
        check_first_connect(engine);
    return engine;
}

/* Yields. */
static void
close_echo(cupel_engine *engine, cupel_connection *conn)
{
    if (conn != NULL)
        CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
    log_lines_end();
}

/* Lines whose text depends on the database. */
static void
check_lines(const char *const *patterns)
{
    size_t i;

    for (i = 0; patterns[i] != NULL; i++)
        log_lines_match(i, patterns[i]);
    CHECK_INT(log_lines.count, i);
    log_lines.count = 0;
}

/* ---- Statements -------------------------------------------------------- */

TASK_TEST(test_log_a_statement)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine = echo_engine(&options);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_insert(conn, 1));
    CHECK_STR(log_lines.loggers[0], "cupel.engine.Engine");
    CHECK_INT(log_lines.levels[1], CUPEL_LOG_INFO);
    check_lines((const char *const[]){
        "BEGIN \\(implicit\\)",
        accept_is_postgresql()
            ? "INSERT INTO users \\(user_id, user_name\\) VALUES \\(\\$1, "
              "\\$2\\)"
            : "INSERT INTO users \\(user_id, user_name\\) VALUES \\(\\?, "
              "\\?\\)",
        GENERATED "\\(1, 'name1'\\)", NULL });
    CHECK_OK(accept_insert(conn, 2));
    log_lines_match(1, CACHED "\\(2, 'name2'\\)");
    log_lines.count = 0;
    CHECK_OK(
        cupel_connection_exec_driver_sql(conn, "SELECT 1", NULL, NULL, NULL));
    CHECK_LINES("SELECT 1", "\\[raw sql\\] \\(\\)");
    CHECK_OK(cupel_connection_begin_nested(conn, NULL));
    CHECK_LINES("SAVEPOINT sa_savepoint_1", NO_KEY "\\(\\)");
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_LINES("COMMIT");
    close_echo(engine, conn);
}

TASK_TEST(test_log_large_list_of_sets)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine = echo_engine(&options);
    cupel_connection *conn = accept_connect(engine);
    cupel_param ids[100];
    const cupel_params sets = { ids, 1, 100 };
    int i;

    for (i = 0; i < 100; i++)
        ids[i] = (cupel_param){ "id", cupel_int(i) };
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO users (user_id) VALUES (:id)"), &sets,
        NULL, NULL));
    log_lines_match(2, GENERATED
                    "\\[\\(0,\\), \\(1,\\), \\(2,\\), \\(3,\\), \\(4,\\), "
                    "\\(5,\\), \\(6,\\), \\(7,\\)  \\.\\.\\. displaying 10 of "
                    "100 total bound parameter sets \\.\\.\\.  \\(98,\\), "
                    "\\(99,\\)\\]");
    close_echo(engine, conn);
}

TASK_TEST(test_log_large_parameter)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine = echo_engine(&options);
    cupel_connection *conn = accept_connect(engine);
    char large[5001], sql[128];

    memset(large, 'x', 5000);
    large[5000] = '\0';
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT CAST(:a AS VARCHAR)"),
        CUPEL_PARAMS({ "a", cupel_string(large) }), NULL, NULL));
    snprintf(sql, sizeof sql, "SELECT CAST\\(%s AS VARCHAR\\)", ONE);
    log_lines_match(1, sql);
    log_lines_match(2, GENERATED "\\('x{149} \\.\\.\\. \\(4702 characters "
                                 "truncated\\) \\.\\.\\. x{149}',\\)");
    close_echo(engine, conn);
}

TASK_TEST(test_log_many_parameters)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine = echo_engine(&options);
    cupel_connection *conn = accept_connect(engine);
    cupel_param items[120];
    const cupel_params params = { items, 120, 1 };
    char names[120][8], sql[2048] = "SELECT 1 WHERE 1 IN (";
    int i;

    for (i = 0; i < 120; i++) {
        snprintf(names[i], sizeof names[i], "p%d", i);
        items[i] = (cupel_param){ names[i], cupel_int(7) };
        snprintf(sql + strlen(sql), 16, "%s:p%d", i == 0 ? "" : ", ", i);
    }
    strcat(sql, ")");
    CHECK_OK(
        cupel_connection_execute(conn, CUPEL_TEXT(sql), &params, NULL, NULL));
    log_lines_match(2, GENERATED "\\((7, ){49}7 \\.\\.\\. 20 parameters "
                                 "truncated \\.\\.\\. (7, ){49}7\\)");
    close_echo(engine, conn);
}

TASK_TEST(test_log_hides_parameters)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;
    char text[512];

    options.hide_parameters = CUPEL_ON;
    engine = echo_engine(&options);
    conn = accept_connect(engine);
    CHECK_OK(accept_insert(conn, 1));
    log_lines_match(2, GENERATED "\\[SQL parameters hidden due to "
                                 "hide_parameters=True\\]");
    CHECK_FAILS(accept_insert(conn, 1), CUPEL_E_INTEGRITY);
    cupel_error_render(cupel_error_last(), text, sizeof text);
    CHECK(strstr(text, "name1") == NULL);
    CHECK(strstr(text, "\n[SQL parameters hidden due to "
                       "hide_parameters=True]\n") != NULL);
    close_echo(engine, conn);
}

/* ---- Rows -------------------------------------------------------------- */

TASK_TEST(test_log_rows)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_result *result;
    const cupel_row *row;

    options.echo = CUPEL_DEBUG;
    engine = echo_engine(&options);
    conn = accept_connect(engine);
    CHECK_OK(accept_insert(conn, 1));
    log_lines.count = 0;
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT user_id, user_name FROM users"), NULL, NULL,
        &result));
    CHECK_LINES("SELECT user_id, user_name FROM users", GENERATED "\\(\\)",
                "Col \\('user_id', 'user_name'\\)");
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(log_lines.levels[0], CUPEL_LOG_DEBUG);
    CHECK_LINES("Row \\(1, 'name1'\\)");
    cupel_result_free(result);
    CHECK_INT(accept_int(conn, "SELECT 1 AS one"), 1);
    CHECK_LINES("SELECT 1 AS one", GENERATED "\\(\\)", "Col \\('one',\\)",
                "Row \\(1,\\)");
    close_echo(engine, conn);
}

/* ---- Echo and names ---------------------------------------------------- */

TASK_TEST(test_echo_is_of_one_engine)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *loud, *silent;
    cupel_connection *conn;

    options.logging_name = "myname";
    loud = echo_engine(&options);
    CHECK_OK(cupel_engine_create_async(accept_url(), NULL, &silent));
    conn = accept_connect(silent);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(log_lines.count, 0);
    conn = accept_connect(loud);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_STR(log_lines.loggers[0], "cupel.engine.Engine.myname");
    CHECK_LINES("BEGIN \\(implicit\\)", "SELECT 1", GENERATED "\\(\\)");
    accept_close(silent);
    close_echo(loud, conn);
}

TASK_TEST(test_echo_flag_change)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *before = accept_connect(engine), *after;

    log_lines_begin(CUPEL_LOG_ERROR);
    cupel_engine_set_echo(engine, CUPEL_ON);
    CHECK_OK(accept_run(before, "SELECT 1"));
    CHECK_INT(log_lines.count, 0);
    after = accept_connect(engine);
    CHECK_OK(accept_run(after, "SELECT 1"));
    CHECK_INT(log_lines.count, 3);
    cupel_engine_set_echo(engine, CUPEL_OFF);
    CHECK_OK(accept_run(after, "SELECT 1"));
    CHECK_INT(log_lines.count, 5);
    CHECK_OK(cupel_connection_exit(before, CUPEL_OK));
    close_echo(engine, after);
}

TASK_TEST(test_level_of_the_hook_without_an_echo)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    log_lines_begin(CUPEL_LOG_WARNING);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_INT(log_lines.count, 0);
    log_lines_begin(CUPEL_LOG_INFO);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_LINES("SELECT 1", CACHED "\\(\\)");
    close_echo(engine, conn);
}

TASK_TEST(test_logging_token)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_result *result;
    const cupel_row *row;

    options.echo = CUPEL_DEBUG;
    engine = echo_engine(&options);
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "logging_token", cupel_string("my_name") })));
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("SELECT 1 AS one"), NULL,
                                      NULL, &result));
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_LINES(
        "\\[my_name\\] BEGIN \\(implicit\\)", "\\[my_name\\] SELECT 1 AS one",
        "\\[my_name\\] " GENERATED "\\(\\)", "\\[my_name\\] Col \\('one',\\)",
        "\\[my_name\\] Row \\(1,\\)", "\\[my_name\\] ROLLBACK");
    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "logging_token", cupel_null() })));
    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_LINES("BEGIN \\(implicit\\)");
    close_echo(engine, conn);
}

/* ---- Transactions ------------------------------------------------------ */

TASK_TEST(test_log_transactions)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine = echo_engine(&options);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_LINES("BEGIN \\(implicit\\)", "ROLLBACK", "BEGIN \\(implicit\\)",
                "COMMIT");
    close_echo(engine, conn);
}

TASK_TEST(test_log_autocommit)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine = echo_engine(&options);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "isolation_level", cupel_string("AUTOCOMMIT") })));
    log_lines.count = 0;
    CHECK_OK(accept_insert(conn, 1));
    log_lines.count = 1;
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_begin(conn, NULL));
    log_lines.count = 2;
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_LINES("BEGIN \\(implicit; DBAPI should not BEGIN due to autocommit "
                "mode\\)",
                "COMMIT using DBAPI connection\\.commit\\(\\), has no effect "
                "due to autocommit mode",
                "ROLLBACK using DBAPI connection\\.rollback\\(\\); set "
                "skip_autocommit_rollback to prevent fully");
    CHECK_INT(accept_committed(engine), 1);
    close_echo(engine, conn);
}

TASK_TEST(test_log_skipped_autocommit_rollback)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;

    options.skip_autocommit_rollback = CUPEL_ON;
    options.isolation_level = "AUTOCOMMIT";
    engine = echo_engine(&options);
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_OK(cupel_connection_rollback(conn));
    log_lines_match(log_lines.count - 1,
                    "ROLLBACK will be skipped by skip_autocommit_rollback");
    close_echo(engine, conn);
}

/* ---- The pool and the cache -------------------------------------------- */

TASK_TEST(test_log_pool)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;
    size_t i;

    options.echo_pool = CUPEL_DEBUG;
    options.pool_logging_name = "mypool";
    engine = accept_engine(&options);
    log_lines_begin(CUPEL_LOG_ERROR);
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK(log_lines.count > 2);
    for (i = 0; i < log_lines.count; i++)
        CHECK_STR(log_lines.loggers[i],
                  "cupel.pool.AsyncAdaptedQueuePool.mypool");
    log_lines_match(0, "Created new connection .*");
    log_lines_match(1, "Connection .* checked out from pool");
    log_lines_match(2, "Connection .* being returned to pool");
    close_echo(engine, NULL);
}

TASK_TEST(test_log_cache_pruned)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;
    char sql[32];
    int i;

    options.query_cache_size = 4;
    engine = echo_engine(&options);
    conn = accept_connect(engine);
    for (i = 0; i < 7; i++) {
        snprintf(sql, sizeof sql, "SELECT %d", i);
        CHECK_OK(accept_run(conn, sql));
    }
    log_lines_match(
        log_lines.count - 3,
        "Compiled cache size pruning from 7 items to 4\\.  Increase "
        "cache size to reduce the frequency of pruning\\.");
    close_echo(engine, conn);
}

TASK_TEST(test_log_slow_query)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;

    options.slow_query_ms = 1;
    engine = accept_engine(&options);
    conn = accept_connect(engine);
    log_lines_begin(CUPEL_LOG_WARNING);
    CHECK_OK(accept_run(conn, accept_is_postgresql()
                                  ? "SELECT pg_sleep(0.01)"
                                  : "WITH RECURSIVE n(i) AS (SELECT 1 UNION "
                                    "ALL SELECT i + 1 FROM n WHERE i < 100000) "
                                    "SELECT max(i) FROM n"));
    CHECK_INT(log_lines.levels[0], CUPEL_LOG_WARNING);
    CHECK_LINES("slow query, [0-9]+\\.[0-9]{3}s: (SELECT|WITH) .*");
    close_echo(engine, conn);
}

/* ---- Warnings ---------------------------------------------------------- */

TASK_TEST(test_warnings)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    log_lines_begin(CUPEL_LOG_WARNING);
    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_STR(log_lines.loggers[0], "cupel.warnings");
    CHECK_INT(log_lines.levels[0], CUPEL_LOG_WARNING);
    CHECK_LINES("transaction already deassociated from its connection");
    cupel_connection_free(conn);
    CHECK_STR(log_lines.loggers[0], "cupel.warnings");
    log_lines_match(0, "a connection was freed without being closed.*");
    close_echo(engine, NULL);
}
