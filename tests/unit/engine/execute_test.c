/* SPDX-License-Identifier: MIT */
#include "engine/execute.h"

#include <cupel/task.h>

#include "support/fake_engine.h"

TASK_TEST(what_is_no_statement_is_refused_before_anything_is_begun)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_text text = { 0, 0, "SELECT 1", 8, NULL };

    CHECK_FAILS(cupel_connection_execute(conn, NULL, NULL, NULL, NULL),
                CUPEL_E_NOTEXECUTABLE);
    CHECK_FAILS(cupel_connection_execute(conn,
                                         (const cupel_statement *)(void *)&text,
                                         NULL, NULL, NULL),
                CUPEL_E_NOTEXECUTABLE);
    CHECK_FAILS(cupel_connection_exec_driver_sql(conn, NULL, NULL, NULL, NULL),
                CUPEL_E_NOTEXECUTABLE);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_FAILS(cupel_connection_execute(NULL, CUPEL_TEXT("SELECT 1"), NULL,
                                         NULL, NULL),
                CUPEL_E_ARGUMENT);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_missing_parameter_sends_nothing_and_begins_nothing)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_FAILS(cupel_connection_execute(conn, CUPEL_TEXT("SELECT :a"), NULL,
                                         NULL, NULL),
                CUPEL_E_STATEMENT);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_INT(cup_fake_log_count(), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(named_parameters_reach_the_database)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_value value;

    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT :a - :b"),
        CUPEL_PARAMS({ "b", cupel_int(2) }, { "a", cupel_int(44) }), NULL,
        &value));
    CHECK_INT(value.as.integer, 42);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(driver_sql_goes_as_it_is)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_result *result;
    cupel_value value;

    CHECK_OK(cupel_connection_exec_driver_sql(
        conn, "SELECT ? - 1", CUPEL_PARAMS({ NULL, cupel_int(8) }), NULL,
        &result));
    CHECK_OK(cupel_result_scalar_one(result, &value));
    CHECK_INT(value.as.integer, 7);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(many_sets_are_one_execution)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_param items[200];
    const cupel_params params = { items, 2, 100 };
    cupel_result *result;
    int64_t i;

    for (i = 0; i < 100; i++) {
        items[2 * i] = (cupel_param){ "id", cupel_int(i) };
        items[2 * i + 1] = (cupel_param){ "name", cupel_string("x") };
    }
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO item VALUES (:id, :name)"), &params, NULL,
        &result));
    CHECK_INT(cupel_result_rowcount(result), 100);
    CHECK(!cupel_result_returns_rows(result));
    cupel_result_free(result);
    CHECK_INT(query_int(conn, "SELECT count(*) FROM item"), 100);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_failed_statement_leaves_the_transaction_open)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_FAILS(run_sql(conn, "INSERT INTO item VALUES (1, 'b')"),
                CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_statement(cupel_error_last()),
              "INSERT INTO item VALUES (1, 'b')");
    CHECK(cupel_connection_in_transaction(conn));
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 0);
    fake_engine_close(engine);
}

TASK_TEST(a_statement_without_a_result_handle_leaves_nothing_behind)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                      CUPEL_WITH({ "yield_per", cupel_int(1) }),
                                      NULL));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_scalar_lives_until_the_next_execution)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_value value;

    CHECK_OK(cupel_connection_scalar(conn, CUPEL_TEXT("SELECT 'text'"), NULL,
                                     NULL, &value));
    CHECK_INT(value.type, CUPEL_TEXT);
    CHECK(value.as.bytes.len == 4 &&
          memcmp(value.as.bytes.data, "text", 4) == 0);
    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT id FROM item WHERE id = 1"), NULL, NULL,
        &value));
    CHECK_INT(value.type, CUPEL_NULL);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(execution_options_are_checked)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    const cupel_statement *stmt = CUPEL_TEXT("SELECT 1");
    const cupel_execution_options nothing = { NULL, 1 };

    CHECK_FAILS(cupel_connection_execute(conn, stmt, NULL, &nothing, NULL),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_connection_execute(
                    conn, stmt, NULL,
                    CUPEL_WITH({ "yield_per", cupel_string("many") }), NULL),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(
        cupel_connection_execute(
            conn, stmt, NULL, CUPEL_WITH({ "yield_per", cupel_int(-1) }), NULL),
        CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_connection_execute(
                    conn, stmt, NULL,
                    CUPEL_WITH({ "stream_results", cupel_int(1) }), NULL),
                CUPEL_E_ARGUMENT);
    CHECK_OK(cupel_connection_execute(
        conn, stmt, NULL, CUPEL_WITH({ "my_option", cupel_int(1) }), NULL));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
