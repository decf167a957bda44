/* SPDX-License-Identifier: MIT */
#include "async/fetch.h"

#include <cupel/task.h>

#include "facade.h"

static cupel_async_result *
stream(cupel_async_connection *conn)
{
    cupel_async_result *result;

    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a'), (2, 'b')"));
    CHECK_OK(cupel_await(cupel_async_connection_stream(
        conn, CUPEL_TEXT("SELECT id FROM item ORDER BY id"), NULL, NULL,
        &result)));
    return result;
}

TASK_TEST(outs_are_empty_from_the_moment_a_future_is_made)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_async_result *result = stream(conn);
    const cupel_row *const *rows = (const cupel_row *const *)(void *)&engine;
    const cupel_row *row = (const cupel_row *)(void *)&engine;
    const cupel_value *values = (const cupel_value *)(void *)&engine;
    cupel_frozen_result *frozen = (cupel_frozen_result *)(void *)&engine;
    cupel_value value = cupel_int(1);
    size_t found = 9;

    cupel_future_free(cup_fetch_row(&result->rows, &row));
    CHECK(row == NULL);
    cupel_future_free(cup_fetch_value(&result->rows, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_future_free(
        cup_fetch_several(&result->rows, CUP_ALL, 0, &rows, &found));
    CHECK(rows == NULL);
    CHECK_INT(found, 0);
    cupel_future_free(
        cup_fetch_several_values(&result->rows, CUP_ALL, 0, &values, &found));
    CHECK(values == NULL);
    cupel_future_free(cup_fetch_frozen(&result->rows, &frozen));
    CHECK(frozen == NULL);
    CHECK_INT(result->rows.refs, 1);
    cupel_async_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_future_keeps_its_handle_and_exit_takes_the_users_share)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_async_result *result = stream(conn);
    cupel_future *close = cup_fetch_close(&result->rows);
    cupel_future *leave = cup_fetch_exit(&result->rows, CUPEL_OK);

    CHECK_INT(result->rows.refs, 2);
    CHECK_OK(cupel_await(close));
    CHECK_INT(result->rows.refs, 1);
    CHECK(cupel_async_result_closed(result));
    CHECK_OK(cupel_await(leave));
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(no_handle_is_refused_by_each)
{
    const cupel_row *const *rows;
    const cupel_value *values;
    cupel_frozen_result *frozen;
    const cupel_row *row;
    cupel_value value;
    size_t found;

    CHECK_FAILS(cupel_await(cup_fetch_row(NULL, &row)), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cup_fetch_value(NULL, &value)), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cup_fetch_single(NULL, CUP_ONE, &row)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cup_fetch_single_value(NULL, CUP_ONE, &value)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(
        cupel_await(cup_fetch_several(NULL, CUP_MANY, 1, &rows, &found)),
        CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cup_fetch_several_values(NULL, CUP_MANY, 1, &values,
                                                     &found)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cup_fetch_frozen(NULL, &frozen)), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cup_fetch_close(NULL)), CUPEL_E_ARGUMENT);
    CHECK_OK(cupel_await(cup_fetch_exit(NULL, CUPEL_OK)));
}
