/* SPDX-License-Identifier: MIT */
/* Statements and rows in the log. */
#include "engine/echo.h"

#include "base/alloc.h"
#include "engine/connection.h"
#include "support/fake_engine.h"
#include "support/log_lines.h"

TASK_TEST(a_statement_is_two_lines)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    log_lines_begin(CUPEL_LOG_INFO);
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT :a, :b"),
        CUPEL_PARAMS({ "a", cupel_int(1) }, { "b", cupel_string("x") }), NULL,
        NULL));
    CHECK_STR(log_lines.loggers[0], "cupel.engine.Engine");
    CHECK_INT(log_lines.levels[0], CUPEL_LOG_INFO);
    CHECK_LINES("BEGIN \\(implicit\\)", "SELECT \\?, \\?",
                "\\[generated in 0\\.[0-9]{5}s\\] \\(1, 'x'\\)");
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT :a, :b"),
        CUPEL_PARAMS({ "a", cupel_int(2) }, { "b", cupel_null() }), NULL,
        NULL));
    CHECK_LINES("SELECT \\?, \\?",
                "\\[cached since [0-9.e-]+s ago\\] \\(2, NULL\\)");
    CHECK_OK(
        cupel_connection_exec_driver_sql(conn, "SELECT 1", NULL, NULL, NULL));
    CHECK_LINES("SELECT 1", "\\[raw sql\\] \\(\\)");
    CHECK_OK(cupel_connection_begin_nested(conn, NULL));
    CHECK_LINES("SAVEPOINT sa_savepoint_1",
                "\\[no key 0\\.[0-9]{5}s\\] \\(\\)");
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_LINES("COMMIT");
    log_lines_end();
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* What execution options of the connection do. */
static void
set_option(cupel_connection *conn, const cupel_execution_options *options)
{
    CHECK_OK(cup_option_set_merge(conn->engine->dialect, NULL, options,
                                  CUP_OPTIONS_OF_CONNECTION, &conn->options));
}

TASK_TEST(a_token_stands_before_every_line)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    set_option(conn, CUPEL_WITH({ "logging_token", cupel_string("mine") },
                                { "compiled_cache", cupel_null() }));
    log_lines_begin(CUPEL_LOG_INFO);
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_LINES("\\[mine\\] BEGIN \\(implicit\\)", "\\[mine\\] SELECT 1",
                "\\[mine\\] \\[caching disabled 0\\.[0-9]{5}s\\] \\(\\)",
                "\\[mine\\] ROLLBACK");
    log_lines_end();
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(hidden_parameters_are_not_shown)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    const cupel_request request = { .set_count = 1 };
    char *params;

    params = cup_echo_params(conn, &request);
    CHECK_STR(params, "()");
    cup_free(params);
    CHECK_OK(cupel_connection_begin(conn, NULL));
    engine->hide_parameters = true;
    CHECK(cup_echo_params(conn, &request) == NULL);
    log_lines_begin(CUPEL_LOG_INFO);
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("SELECT :a"),
                                      CUPEL_PARAMS({ "a", cupel_int(1) }), NULL,
                                      NULL));
    CHECK_LINES("SELECT \\?",
                "\\[generated in [0-9.]+s\\] \\[SQL parameters hidden due to "
                "hide_parameters=True\\]");
    log_lines_end();
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(the_echo_is_that_of_the_moment_the_connection_was_made)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn, *later;

    log_lines_begin(CUPEL_LOG_ERROR);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    engine->logger.level = CUPEL_LOG_INFO;
    CHECK_OK(cupel_engine_connect(engine, &later));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_INT(log_lines.count, 0);
    CHECK_OK(run_sql(later, "SELECT 1"));
    CHECK_LINES("BEGIN \\(implicit\\)", "SELECT 1", "\\[cached since .*");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(later, CUPEL_OK));
    log_lines_end();
    fake_engine_close(engine);
}

TASK_TEST(a_slow_statement_is_warned_of_without_its_parameters)
{
    const struct cup_fake_fault fault = { .op = CUP_FAKE_EXECUTE,
                                          .kind = CUP_FAKE_DELAY,
                                          .delay_ms = 30 };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    engine->slow_query_ms = 20;
    CHECK_OK(cupel_engine_connect(engine, &conn));
    log_lines_begin(CUPEL_LOG_WARNING);
    CHECK_OK(run_sql(conn, "SELECT 1"));
    cup_fake_fault(&fault);
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("SELECT :a"),
                                      CUPEL_PARAMS({ "a", cupel_int(1) }), NULL,
                                      NULL));
    CHECK_INT(log_lines.levels[0], CUPEL_LOG_WARNING);
    CHECK_LINES("slow query, 0\\.[0-9]{3}s: SELECT \\?");
    log_lines_end();
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(rows_are_shown_to_whoever_debugs)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    struct cup_echo *echo;
    cupel_rows *rows = NULL;
    cupel_request request = { .sql = "SELECT 1 AS a, 'x' AS b",
                              .sql_len = 23,
                              .set_count = 1 };
    cupel_wire *wire = cup_connection_wire(conn);

    CHECK_OK(wire->dialect->execute(wire, &request, CUPEL_FOREVER, &rows));
    log_lines_begin(CUPEL_LOG_INFO);
    CHECK(cup_echo_rows(conn, rows) == NULL);
    log_lines_begin(CUPEL_LOG_DEBUG);
    echo = cup_echo_rows(conn, rows);
    cup_echo_row(echo, rows, 0);
    cup_echo_free(echo);
    cup_echo_free(NULL);
    CHECK_INT(log_lines.levels[1], CUPEL_LOG_DEBUG);
    CHECK_LINES("Col \\('a', 'b'\\)", "Row \\(1, 'x'\\)");
    log_lines_end();
    rows->ops->free(rows);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
