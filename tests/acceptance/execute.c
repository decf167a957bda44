/* SPDX-License-Identifier: MIT */
/* execute and its relatives: parameters, executemany, errors. */
#include "acceptance/acceptance.h"

static const char insert_user[] =
    "INSERT INTO users (user_id, user_name) VALUES (:id, :name)";

TASK_TEST(execute_without_parameters_gives_rows)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;
    cupel_result *result;
    const cupel_row *const *rows;
    size_t found;

    accept_add_users(engine, 3);
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_execute(
        conn,
        CUPEL_TEXT("SELECT user_id, user_name FROM users ORDER BY user_id"),
        NULL, NULL, &result));
    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK_INT(found, 3);
    CHECK_INT(cupel_row_int(rows[2], 0), 3);
    CHECK_INT(cupel_row_text(rows[2], 1).len, 5);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(one_name_may_stand_in_several_places)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_value value;

    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT :a + :b + :a"),
        CUPEL_PARAMS({ "a", cupel_int(2) }, { "b", cupel_int(3) }), NULL,
        &value));
    CHECK_INT(value.as.integer, 7);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(extra_parameters_are_ignored)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_value value;

    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT :a + 1"),
        CUPEL_PARAMS({ "a", cupel_int(2) }, { "other", cupel_string("x") }),
        NULL, &value));
    CHECK_INT(value.as.integer, 3);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(missing_parameter_is_named_with_its_group)
{
    const cupel_param items[] = { { "id", cupel_int(1) },
                                  { "name", cupel_string("a") },
                                  { "id", cupel_int(2) },
                                  { "nome", cupel_string("b") } };
    const cupel_params params = { items, 2, 2 };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_FAILS(cupel_connection_execute(conn, CUPEL_TEXT(insert_user),
                                         CUPEL_PARAMS({ "id", cupel_int(1) }),
                                         NULL, NULL),
                CUPEL_E_STATEMENT);
    CHECK(strstr(cupel_error_text(), "name") != NULL);
    CHECK_STR(cupel_error_code(cupel_error_last()), "cd3x");
    CHECK_FAILS(cupel_connection_execute(conn, CUPEL_TEXT(insert_user), &params,
                                         NULL, NULL),
                CUPEL_E_STATEMENT);
    CHECK(strstr(cupel_error_text(), "group 1") != NULL);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(many_sets_of_parameters_are_an_executemany)
{
    const cupel_param items[] = {
        { "id", cupel_int(1) }, { "name", cupel_string("a") },
        { "id", cupel_int(2) }, { "name", cupel_string("b") },
        { "id", cupel_int(3) }, { "name", cupel_null() },
    };
    const cupel_params params = { items, 2, 3 };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_result *result;

    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT(insert_user), &params,
                                      NULL, &result));
    CHECK(!cupel_result_returns_rows(result));
    CHECK_INT(cupel_result_rowcount(result), 3);
    cupel_result_free(result);
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users WHERE user_name "
                               "IS NULL"),
              1);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 3);
    accept_close(engine);
}

TASK_TEST(one_set_in_a_list_is_an_ordinary_execution)
{
    const cupel_param items[] = { { "id", cupel_int(1) } };
    const cupel_params params = { items, 1, 1 };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_value value;

    CHECK_OK(cupel_connection_scalar(conn, CUPEL_TEXT("SELECT :id"), &params,
                                     NULL, &value));
    CHECK_INT(value.as.integer, 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(failure_in_the_middle_of_an_executemany_leaves_it_to_the_transaction)
{
    const cupel_param items[] = {
        { "id", cupel_int(1) }, { "name", cupel_string("a") },
        { "id", cupel_int(1) }, { "name", cupel_string("b") },
        { "id", cupel_int(2) }, { "name", cupel_string("c") },
    };
    const cupel_params params = { items, 2, 3 };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_FAILS(cupel_connection_execute(conn, CUPEL_TEXT(insert_user), &params,
                                         NULL, NULL),
                CUPEL_E_INTEGRITY);
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}

TASK_TEST(what_is_no_statement_is_not_executable)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_FAILS(cupel_connection_execute(conn, NULL, NULL, NULL, NULL),
                CUPEL_E_NOTEXECUTABLE);
    CHECK_FAILS(cupel_connection_exec_driver_sql(conn, NULL, NULL, NULL, NULL),
                CUPEL_E_NOTEXECUTABLE);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(exec_driver_sql_takes_the_drivers_own_placeholders)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    const char *sql = accept_is_postgresql()
                          ? "INSERT INTO users (user_id, user_name) VALUES "
                            "($1, $2)"
                          : "INSERT INTO users (user_id, user_name) VALUES "
                            "(?, ?)";
    const cupel_param items[] = {
        { NULL, cupel_int(1) },
        { NULL, cupel_string(":not a name") },
        { NULL, cupel_int(2) },
        { NULL, cupel_string("b") },
    };
    const cupel_params params = { items, 2, 2 };

    CHECK_OK(cupel_connection_exec_driver_sql(conn, sql, &params, NULL, NULL));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users WHERE user_name = "
                               "':not a name'"),
              1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(scalar_of_no_row_is_null_and_scalars_are_the_first_column)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;
    cupel_scalar_result *scalars;
    const cupel_value *values;
    cupel_value value;
    size_t found;

    accept_add_users(engine, 4);
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT user_id FROM users WHERE user_id > 99"), NULL,
        NULL, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    CHECK_OK(cupel_connection_scalars(
        conn,
        CUPEL_TEXT("SELECT user_id, user_name FROM users ORDER BY 1 DESC"),
        NULL, NULL, &scalars));
    CHECK_OK(cupel_scalar_result_all(scalars, &values, &found));
    CHECK_INT(found, 4);
    CHECK_INT(values[0].as.integer, 4);
    CHECK_INT(values[3].as.integer, 1);
    cupel_scalar_result_free(scalars);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(several_statements_in_one_text_are_refused)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK(accept_run(conn, "SELECT 1; SELECT 2") < CUPEL_OK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(buffered_result_stays_readable_after_rollback_and_close)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;
    cupel_result *result;
    const cupel_row *row;

    accept_add_users(engine, 2);
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT user_id FROM users ORDER BY 1"), NULL, NULL,
        &result));
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_close(conn));
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(cupel_row_int(row, 0), 2);
    CHECK_OK(cupel_result_fetchone(result, &row));
    cupel_result_free(result);
    cupel_connection_free(conn);
    accept_close(engine);
}

/* ---- Errors ----------------------------------------------------------------
 */

TASK_TEST(error_tells_its_class_statement_and_place)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    const cupel_error *error;

    CHECK_FAILS(accept_run(conn, "SELECT * FROM no_such_table"),
                accept_is_postgresql() ? CUPEL_E_PROGRAMMING
                                       : CUPEL_E_OPERATIONAL);
    error = cupel_error_last();
    CHECK_STR(cupel_error_statement(error), "SELECT * FROM no_such_table");
    CHECK(!cupel_error_connection_lost(error));
    if (accept_is_postgresql()) {
        CHECK_STR(cupel_error_sqlstate(error), "42P01");
        CHECK_INT(cupel_error_position(error), 15);
    }
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(values_of_parameters_stay_out_of_the_message)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_insert(conn, 1));
    CHECK_FAILS(cupel_connection_execute(
                    conn, CUPEL_TEXT(insert_user),
                    CUPEL_PARAMS({ "id", cupel_int(1) },
                                 { "name", cupel_string("a secret") }),
                    NULL, NULL),
                CUPEL_E_INTEGRITY);
    CHECK(strstr(cupel_error_text(), "secret") == NULL);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(refused_connect_is_operational_and_gives_the_slot_back)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_engine *engine;
    cupel_connection *conn;
    const char *url = accept_is_postgresql()
                          ? "postgresql://nobody@127.0.0.1:1/none?sslmode="
                            "disable"
                          : "sqlite:////no/such/directory/x.db";

    CHECK_OK(cupel_engine_create_async(url, NULL, &engine));
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_OPERATIONAL);
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_OPERATIONAL);
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.size, 0);
    CHECK_INT(status.lent, 0);
    CHECK_INT(status.connects, 0);
    accept_close(engine);
}
