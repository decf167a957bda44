/* SPDX-License-Identifier: MIT */
#include <cupel/result.h>

#include "support/numbers.h"

/* A row of several types. */
static cupel_result *
one_row(struct numbers *numbers)
{
    cupel_result *result;

    CHECK_OK(cupel_connection_execute(
        numbers->conn,
        CUPEL_TEXT("SELECT :i AS i, :d AS d, :t AS t, :n AS n, :b AS b, "
                   ":u AS u, :day AS day"),
        CUPEL_PARAMS({ "i", cupel_int(7) }, { "d", cupel_double(0.5) },
                     { "t", cupel_string("2026-11-22") }, { "n", cupel_null() },
                     { "b", cupel_bool(true) }, { "u", cupel_decimal("1.50") },
                     { "day", cupel_date(2026, 11, 22) }),
        NULL, &result));
    return result;
}

TASK_TEST(cells_come_as_they_were_given)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;
    cupel_value value, day = cupel_date(2026, 11, 22);

    numbers_open(&numbers, 0);
    result = one_row(&numbers);
    CHECK_OK(cupel_result_one(result, &row));
    CHECK_INT(cupel_row_len(row), 7);
    CHECK_OK(cupel_row_get(row, 0, &value));
    CHECK_INT(value.type, CUPEL_INT);
    CHECK_OK(cupel_row_get_named(row, "day", &value));
    CHECK(cupel_value_equal(&value, &day));
    CHECK_FAILS(cupel_row_get(row, 7, &value), CUPEL_E_INDEX);
    CHECK_FAILS(cupel_row_get_named(row, "x", &value), CUPEL_E_NOCOLUMN);
    CHECK_FAILS(cupel_row_get(NULL, 0, &value), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_row_get_named(NULL, "x", &value), CUPEL_E_ARGUMENT);
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(short_forms_convert_or_give_zero)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;
    char buf[32];

    numbers_open(&numbers, 0);
    result = one_row(&numbers);
    CHECK_OK(cupel_result_one(result, &row));
    CHECK_INT(cupel_row_int(row, 0), 7);
    CHECK(cupel_row_double(row, 0) == 7.0);
    CHECK(cupel_row_double(row, 1) == 0.5);
    CHECK_INT(cupel_row_int(row, 1), 0);
    CHECK(cupel_row_bool(row, 4));
    CHECK(cupel_row_is_null(row, 3));
    CHECK(cupel_row_is_null(row, 99));
    CHECK(!cupel_row_is_null(row, 0));
    CHECK_INT(cupel_row_int(row, 3), 0);
    CHECK_INT(cupel_row_text(row, 2).len, 10);
    CHECK(cupel_row_text(row, 0).data == NULL);
    CHECK_INT(cupel_row_format(row, 5, buf, sizeof buf), 4);
    CHECK_STR(buf, "1.50");
    CHECK_INT(cupel_row_format(row, 3, buf, sizeof buf), 4);
    CHECK_STR(buf, "NULL");
    CHECK_INT(cupel_row_len(NULL), 0);
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(get_as_converts_or_says_why_not)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;
    cupel_value value, day = cupel_date(2026, 11, 22);

    numbers_open(&numbers, 0);
    result = one_row(&numbers);
    CHECK_OK(cupel_result_one(result, &row));
    CHECK_OK(cupel_row_get_as(row, 2, CUPEL_DATE, &value));
    CHECK(cupel_value_equal(&value, &day));
    CHECK_FAILS(cupel_row_get_as(row, 2, CUPEL_UUID, &value), CUPEL_E_VALUE);
    CHECK(strstr(cupel_error_text(), "2026") == NULL); /* no values there */
    CHECK_OK(cupel_row_get_as(row, 3, CUPEL_DATE, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(cells_are_counted_from_either_end)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;
    cupel_value value;

    numbers_open(&numbers, 0);
    result = one_row(&numbers);
    CHECK_OK(cupel_result_one(result, &row));
    CHECK_OK(cupel_row_at(row, -1, &value));
    CHECK_INT(value.type, CUPEL_DATE);
    CHECK_OK(cupel_row_at(row, 0, &value));
    CHECK_INT(value.as.integer, 7);
    CHECK_FAILS(cupel_row_at(row, -8, &value), CUPEL_E_INDEX);
    CHECK_FAILS(cupel_row_at(row, 7, &value), CUPEL_E_INDEX);
    CHECK_FAILS(cupel_row_at(NULL, 0, &value), CUPEL_E_ARGUMENT);
    CHECK_STR(cupel_row_key(row, 6), "day");
    CHECK(cupel_row_key(row, 7) == NULL);
    CHECK(cupel_row_key(NULL, 0) == NULL);
    CHECK(cupel_row_has_key(row, "t"));
    CHECK(!cupel_row_has_key(row, "T"));
    cupel_result_free(result);
    numbers_close(&numbers);
}
