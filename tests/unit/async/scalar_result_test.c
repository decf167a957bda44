/* SPDX-License-Identifier: MIT */
#include "facade.h"

#include <cupel/task.h>

static cupel_async_connection *
connect_with_rows(cupel_async_engine *engine)
{
    cupel_async_connection *conn = facade_with_items(engine);

    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a'), (2, 'b'), "
                              "(3, 'c')"));
    return conn;
}

static cupel_async_scalar_result *
stream(cupel_async_connection *conn, const char *sql)
{
    cupel_async_scalar_result *result;

    CHECK_OK(cupel_await(cupel_async_connection_stream_scalars(
        conn, CUPEL_TEXT(sql), NULL, NULL, &result)));
    return result;
}

static const char in_order[] = "SELECT id FROM item ORDER BY id";

TASK_TEST(values_come_one_by_one_and_then_the_rest)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_scalar_result *result = stream(conn, in_order);
    const cupel_value *values;
    cupel_value value;
    size_t found;

    CHECK_INT(cupel_await(cupel_async_scalar_result_fetchone(result, &value)),
              CUPEL_ROW);
    CHECK_INT(value.as.integer, 1);
    CHECK_OK(
        cupel_await(cupel_async_scalar_result_all(result, &values, &found)));
    CHECK_INT(found, 2);
    CHECK_INT(values[1].as.integer, 3);
    CHECK_OK(cupel_await(cupel_async_scalar_result_fetchone(result, &value)));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_async_scalar_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(first_and_one_ask_for_a_single_value)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_scalar_result *result = stream(conn, in_order);
    cupel_value value;

    CHECK_OK(cupel_await(cupel_async_scalar_result_first(result, &value)));
    CHECK_INT(value.as.integer, 1);
    CHECK_FAILS(cupel_await(cupel_async_scalar_result_fetchone(result, &value)),
                CUPEL_E_CLOSED);
    cupel_async_scalar_result_free(result);

    result = stream(conn, in_order);
    CHECK_FAILS(cupel_await(cupel_async_scalar_result_one(result, &value)),
                CUPEL_E_MULTIPLE);
    cupel_async_scalar_result_free(result);

    result = stream(conn, "SELECT id FROM item WHERE id = 99");
    CHECK_OK(
        cupel_await(cupel_async_scalar_result_one_or_none(result, &value)));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_async_scalar_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_fetch_keeps_the_values_it_was_made_from)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_scalar_result *result = stream(conn, in_order);
    cupel_value value;
    cupel_future *fetch = cupel_async_scalar_result_first(result, &value);

    cupel_async_scalar_result_free(result);
    CHECK_OK(cupel_await(fetch));
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_null_result_is_refused_through_the_future)
{
    const cupel_value *values;
    cupel_value value;
    size_t found;

    CHECK_FAILS(cupel_await(cupel_async_scalar_result_fetchone(NULL, &value)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(
        cupel_await(cupel_async_scalar_result_all(NULL, &values, &found)),
        CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_scalar_result_close(NULL)),
                CUPEL_E_ARGUMENT);
    cupel_async_scalar_result_free(NULL);
}

TASK_TEST(values_come_in_pages_once_each)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_scalar_result *result = stream(conn, in_order);
    const cupel_value *values;
    size_t found;

    CHECK_OK(cupel_async_scalar_result_unique(result, NULL, NULL));
    CHECK_OK(cupel_async_scalar_result_yield_per(result, 1));
    CHECK_INT(cupel_await(cupel_async_scalar_result_partition(result, 0,
                                                              &values, &found)),
              CUPEL_ROW);
    CHECK_INT(found, 1);
    CHECK_OK(cupel_await(
        cupel_async_scalar_result_fetchmany(result, 7, &values, &found)));
    CHECK_INT(found, 2);
    CHECK_INT(values[1].as.integer, 3);
    CHECK(!cupel_async_scalar_result_closed(result));
    CHECK_FAILS(
        cupel_await(cupel_async_scalar_result_exit(result, CUPEL_E_VALUE)),
        CUPEL_E_VALUE);
    facade_exit(conn);
    facade_close(engine);
}
