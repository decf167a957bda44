/* SPDX-License-Identifier: MIT */
#include <cupel/result.h>

#include "support/numbers.h"

/* The first column; the result itself goes. */
static cupel_scalar_result *
scalars_of(cupel_result *result)
{
    cupel_scalar_result *scalars;

    CHECK_OK(cupel_result_scalars(result, 0, &scalars));
    cupel_result_free(result);
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

TASK_TEST(any_column_can_be_the_one)
{
    struct numbers numbers;
    cupel_scalar_result *scalars;
    cupel_result *result;
    cupel_value value;

    numbers_open(&numbers, 3);
    result = numbers_buffered(&numbers);
    CHECK_OK(cupel_result_scalars(result, -1, &scalars));
    CHECK_INT(cupel_scalar_result_fetchone(scalars, &value), CUPEL_ROW);
    CHECK_INT(value.type, CUPEL_TEXT);
    cupel_scalar_result_free(scalars);
    CHECK_OK(cupel_result_scalars_named(result, "id", &scalars));
    CHECK_INT(cupel_scalar_result_fetchone(scalars, &value), CUPEL_ROW);
    CHECK_INT(value.as.integer, 2);
    cupel_scalar_result_free(scalars);
    CHECK_FAILS(cupel_result_scalars(result, 2, &scalars), CUPEL_E_INDEX);
    CHECK_FAILS(cupel_result_scalars_named(result, "x", &scalars),
                CUPEL_E_NOCOLUMN);
    CHECK(scalars == NULL);
    cupel_result_free(result);
    numbers_close(&numbers);
}

static void
check_several(cupel_scalar_result *scalars)
{
    const cupel_value *values;
    size_t found;

    CHECK_OK(cupel_scalar_result_fetchmany(scalars, 2, &values, &found));
    CHECK_INT(found, 2);
    CHECK_INT(values[1].as.integer, 2);
    CHECK_OK(cupel_scalar_result_yield_per(scalars, 2));
    CHECK_INT(cupel_scalar_result_partition(scalars, 0, &values, &found),
              CUPEL_ROW);
    CHECK_INT(found, 2);
    CHECK_INT(values[1].as.integer, 4);
    CHECK_INT(cupel_scalar_result_partition(scalars, 7, &values, &found),
              CUPEL_ROW);
    CHECK_INT(found, 1);
    CHECK_OK(cupel_scalar_result_partition(scalars, 7, &values, &found));
    CHECK(!cupel_scalar_result_closed(scalars));
    CHECK_OK(cupel_scalar_result_exit(scalars, CUPEL_OK));
}

TASK_TEST(scalars_come_in_pages_and_partitions)
{
    struct numbers numbers;

    numbers_open(&numbers, 5);
    check_several(scalars_of(numbers_buffered(&numbers)));
    check_several(scalars_of(numbers_stream(&numbers, 1)));
    check_several(scalars_of(numbers_stream(&numbers, 9)));
    numbers_close(&numbers);
}

/* Values with the same last bit are one. */
static cupel_status
last_bit(const cupel_value *value, void *arg, cupel_value *out)
{
    (void)arg;
    *out = cupel_int(value->as.integer & 1);
    return CUPEL_OK;
}

TASK_TEST(scalars_are_unique_by_their_strategy)
{
    struct numbers numbers;
    cupel_scalar_result *scalars;
    const cupel_value *values;
    size_t found;

    numbers_open(&numbers, 5);
    scalars = scalars_of(numbers_stream(&numbers, 2));
    CHECK_OK(cupel_scalar_result_unique(scalars, last_bit, NULL));
    CHECK_OK(cupel_scalar_result_all(scalars, &values, &found));
    CHECK_INT(found, 2);
    CHECK_INT(values[0].as.integer, 1);
    CHECK_INT(values[1].as.integer, 2);
    cupel_scalar_result_free(scalars);
    numbers_close(&numbers);
}
