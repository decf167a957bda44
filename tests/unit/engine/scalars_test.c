/* SPDX-License-Identifier: MIT */
#include <cupel/result.h>

#include "support/numbers.h"

static cupel_scalar_result *
scalars_of(cupel_result *result)
{
    cupel_scalar_result *scalars;

    CHECK_OK(cupel_result_scalars(&result, &scalars));
    CHECK(result == NULL);
    return scalars;
}

TASK_TEST(scalars_are_the_first_column)
{
    struct numbers numbers;
    cupel_scalar_result *scalars;
    cupel_value value;
    int64_t id = 0;

    numbers_open(&numbers, 5);
    scalars = scalars_of(numbers_stream(&numbers, 2));
    while (cupel_scalar_result_next(&scalars, &value) == CUPEL_ROW)
        CHECK_INT(value.as.integer, ++id);
    CHECK_INT(id, 5);
    CHECK(scalars == NULL);
    CHECK_OK(cupel_scalar_result_next(&scalars, &value));
    numbers_close(&numbers);
}

TASK_TEST(all_scalars_come_in_one_array)
{
    struct numbers numbers;
    cupel_scalar_result *scalars;
    const cupel_value *values;
    size_t found, i;

    numbers_open(&numbers, 5);
    CHECK_OK(cupel_connection_scalars(
        numbers.conn, CUPEL_TEXT("SELECT id FROM item ORDER BY id"), NULL, NULL,
        &scalars));
    CHECK_OK(cupel_scalar_result_all(scalars, &values, &found));
    CHECK_INT(found, 5);
    for (i = 0; i < found; i++)
        CHECK_INT(values[i].as.integer, i + 1);
    CHECK_OK(cupel_scalar_result_close(scalars));
    cupel_scalar_result_free(scalars);
    numbers_close(&numbers);
}

TASK_TEST(streamed_scalars_survive_all)
{
    struct numbers numbers;
    cupel_scalar_result *scalars;
    const cupel_value *values;
    size_t found;

    numbers_open(&numbers, 9);
    CHECK_OK(cupel_connection_stream_scalars(
        numbers.conn, CUPEL_TEXT("SELECT id FROM item ORDER BY id"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(2) }), &scalars));
    CHECK_OK(cupel_scalar_result_all(scalars, &values, &found));
    CHECK_INT(found, 9);
    CHECK_INT(values[0].as.integer, 1);
    CHECK_INT(values[8].as.integer, 9);
    cupel_scalar_result_free(scalars);
    numbers_close(&numbers);
}

TASK_TEST(one_scalar_is_one_value)
{
    struct numbers numbers;
    cupel_scalar_result *scalars;
    cupel_value value;

    numbers_open(&numbers, 1);
    scalars = scalars_of(numbers_buffered(&numbers));
    CHECK_OK(cupel_scalar_result_one(scalars, &value));
    CHECK_INT(value.as.integer, 1);
    CHECK_FAILS(cupel_scalar_result_one_or_none(scalars, &value),
                CUPEL_E_CLOSED);
    cupel_scalar_result_free(scalars);
    scalars = scalars_of(numbers_buffered(&numbers));
    CHECK_OK(cupel_scalar_result_first(scalars, &value));
    CHECK_INT(value.as.integer, 1);
    cupel_scalar_result_free(scalars);
    cupel_scalar_result_free(NULL);
    CHECK_FAILS(cupel_scalar_result_fetchone(NULL, &value), CUPEL_E_ARGUMENT);
    numbers_close(&numbers);
}
