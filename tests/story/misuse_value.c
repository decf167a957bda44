/* SPDX-License-Identifier: MIT */
/* Statements, parameters and options that are not what they should be: each is
 * refused before anything is sent, and the connection goes on. */
#include <cupel/cupel.h>

#include "support/fake_engine.h"

/* A value that nobody can have made with the functions for it. */
static cupel_value
junk(int32_t type)
{
    cupel_value value = cupel_null();

    value.type = type;
    return value;
}

static cupel_status
execute_with(cupel_connection *conn, cupel_value value)
{
    const cupel_param item = { "a", value };
    const cupel_params params = { &item, 1, 1 };

    return cupel_connection_execute(conn, CUPEL_TEXT("SELECT :a"), &params,
                                    NULL, NULL);
}

/* Nothing reads what is not there. */
static void
look_at(const cupel_value *value)
{
    cupel_value out;
    char text[8];

    cupel_value_format(value, text, sizeof text);
    CHECK(cupel_value_format(value, NULL, 8) < 64);
    CHECK(!cupel_value_equal(value, &(cupel_value){ .type = CUPEL_BOOL }));
    cupel_value_equal(value, value);
    CHECK(cupel_value_parse((cupel_type)value->type, NULL, 5, &out) < 0);
}

TASK_TEST(values_that_are_none_are_refused)
{
    const cupel_value values[] = {
        cupel_string_n(NULL, 5),
        cupel_blob(NULL, 5),
        cupel_blob(NULL, SIZE_MAX),
        cupel_array_of(CUPEL_INT, NULL, 5),
        cupel_array_of(CUPEL_INT, NULL, SIZE_MAX),
        cupel_string_n("a\0b", 3),
        cupel_string("\xff\xfe"),
        cupel_string("\xed\xa0\x80"), /* half of a surrogate pair */
        cupel_json("\xc3"),
        cupel_decimal("twelve"),
        cupel_decimal(""),
        cupel_date(2026, 2, 30),
        cupel_date(INT32_MAX, 1, 1),
        cupel_time_of_day(25, 0, 0, 0),
        cupel_time_of_day(INT32_MIN, 0, 0, 0),
        junk(-1),
        junk(99),
        junk(INT32_MAX),
        junk(CUPEL_ARRAY + 1),
        cupel_array_of((cupel_type)99, &(cupel_value){ .type = 99 }, 1),
    };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    size_t i;

    for (i = 0; i < sizeof values / sizeof values[0]; i++) {
        look_at(&values[i]);
        CHECK_FAILS(execute_with(conn, values[i]), CUPEL_E_STATEMENT);
    }
    CHECK_INT(cup_fake_log_count(), 0);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* An array in an array in an array. */
TASK_TEST(arrays_without_an_end_are_refused)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_value nested[1000];
    size_t i;

    nested[0] = cupel_int(1);
    for (i = 1; i < sizeof nested / sizeof nested[0]; i++)
        nested[i] = cupel_array_of(CUPEL_INT, &nested[i - 1], 1);
    CHECK_FAILS(execute_with(conn, nested[999]), CUPEL_E_STATEMENT);
    nested[0] = cupel_array_of(CUPEL_INT, &nested[0], 1); /* it has itself */
    look_at(&nested[0]);
    CHECK_FAILS(execute_with(conn, nested[0]), CUPEL_E_STATEMENT);
    CHECK_INT(cup_fake_log_count(), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(parameters_that_do_not_fit_are_refused)
{
    const cupel_param named = { "a", { .type = CUPEL_INT } };
    const cupel_param nameless = { NULL, { .type = CUPEL_INT } };
    const struct {
        cupel_params params;
        cupel_status status;
    } wrong[] = {
        { { NULL, 1, 1 }, CUPEL_E_ARGUMENT },
        { { NULL, 1, SIZE_MAX }, CUPEL_E_ARGUMENT },
        { { NULL, SIZE_MAX, SIZE_MAX }, CUPEL_E_ARGUMENT },
        { { NULL, 0, SIZE_MAX }, CUPEL_E_NOMEM },
        { { &named, 0, 1 }, CUPEL_E_STATEMENT },
        { { &nameless, 1, 1 }, CUPEL_E_STATEMENT },
        { { &named, SIZE_MAX / 2, 8 }, CUPEL_E_ARGUMENT },
    };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    size_t i;

    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CHECK_FAILS(cupel_connection_execute(conn, CUPEL_TEXT("SELECT :a"),
                                             &wrong[i].params, NULL, NULL),
                    wrong[i].status);
        if (wrong[i].status == CUPEL_E_ARGUMENT)
            CHECK_FAILS(cupel_connection_exec_driver_sql(
                            conn, "SELECT ?", &wrong[i].params, NULL, NULL),
                        CUPEL_E_ARGUMENT);
    }
    CHECK_INT(cup_fake_log_count(), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

static bool
is_refused(cupel_status rc)
{
    return rc == CUPEL_E_ARGUMENT || rc == CUPEL_E_TYPE || rc == CUPEL_E_VALUE;
}

TASK_TEST(options_that_do_not_fit_are_refused)
{
    const cupel_param wrong[] = {
        { NULL, { .type = CUPEL_INT } },
        { "yield_per", { .type = CUPEL_TEXT } },
        { "yield_per", { .type = CUPEL_INT, .as.integer = -1 } },
        { "yield_per", { .type = CUPEL_INT, .as.integer = INT64_MAX } },
        { "timeout_ms", { .type = CUPEL_INT, .as.integer = INT64_MIN } },
        { "timeout_ms", { .type = CUPEL_INT, .as.integer = INT64_MAX } },
        { "stream_results", { .type = 99 } },
        { "isolation_level", { .type = CUPEL_TEXT } },
        { "isolation_level", { .type = CUPEL_INT } },
        { "logging_token", { .type = CUPEL_INT } },
        { "max_row_buffer", { .type = CUPEL_INT, .as.integer = -5 } },
        { "logging_token", { .type = CUPEL_TEXT, .as.bytes = { NULL, 5 } } },
        { "anything", { .type = CUPEL_TEXT, .as.bytes = { NULL, 5 } } },
        { "anything", { .type = 99 } },
    };
    cupel_engine *engine = fake_engine(), *child;
    cupel_connection *conn = connect_with_items(engine);
    cupel_execution_options options = { NULL, 5 };
    const size_t count = sizeof wrong / sizeof wrong[0];
    size_t i;

    for (i = 0; i <= count; i++) {
        CHECK(is_refused(cupel_connection_execution_options(conn, &options)));
        if (i == 0 || wrong[i - 1].name == NULL ||
            strcmp(wrong[i - 1].name, "isolation_level") != 0) {
            CHECK(is_refused(
                cupel_engine_update_execution_options(engine, &options)));
            CHECK(is_refused(
                cupel_engine_execution_options(engine, &options, &child)));
            CHECK(child == NULL);
        }
        if (i < count)
            options = (cupel_execution_options){ &wrong[i], 1 };
    }
    CHECK_INT(cupel_connection_get_execution_options(conn)->count, 0);
    CHECK_INT(cupel_engine_get_execution_options(engine)->count, 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(statements_that_are_none_are_refused)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    const cupel_text odd = { .kind = 77, .sql = "SELECT 1", .len = 8 };
    const struct {
        const cupel_statement *stmt;
        cupel_status status;
    } wrong[] = {
        { (const cupel_statement *)&odd, CUPEL_E_NOTEXECUTABLE },
        { CUPEL_TEXT(NULL), CUPEL_E_NOTEXECUTABLE },
        { cupel_text_init_n(&(cupel_text){ .kind = 0 }, NULL, 10),
          CUPEL_E_NOTEXECUTABLE },
        { CUPEL_TEXT("SELECT '\xff'"), CUPEL_E_COMPILE },
        { cupel_text_init_n(&(cupel_text){ .kind = 0 }, "SELECT 1\0;", 10),
          CUPEL_E_COMPILE },
    };
    size_t i;

    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK_FAILS(
            cupel_connection_execute(conn, wrong[i].stmt, NULL, NULL, NULL),
            wrong[i].status);
    CHECK_INT(cup_fake_log_count(), 0);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
