/* SPDX-License-Identifier: MIT */
#include "engine/tuple.h"

#include <cupel/row.h>

#include "support/numbers.h"

/* A result of one row, and the row. */
static const cupel_row *
row_of(struct numbers *numbers, const char *sql, cupel_result **result)
{
    const cupel_row *row;

    CHECK_OK(cupel_connection_execute(numbers->conn, CUPEL_TEXT(sql), NULL,
                                      NULL, result));
    CHECK_OK(cupel_result_one(*result, &row));
    return row;
}

TASK_TEST(a_slice_takes_what_is_there)
{
    static const struct {
        int64_t start, stop;
        size_t found;
        int64_t first;
    } cases[] = {
        { 0, CUPEL_ROW_END, 4, 1 },
        { 1, 3, 2, 2 },
        { -2, CUPEL_ROW_END, 2, 3 },
        { 0, -1, 3, 1 },
        { 3, 1, 0, 0 },
        { -99, 2, 2, 1 },
        { 4, 99, 0, 0 },
        { INT64_MIN, INT64_MIN, 0, 0 },
    };
    struct numbers numbers;
    cupel_result *result;
    cupel_value values[4];
    const cupel_row *row;
    size_t found, i;

    numbers_open(&numbers, 0);
    row = row_of(&numbers, "SELECT 1, 2, 3, 4", &result);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_OK(cupel_row_slice(row, cases[i].start, cases[i].stop, values,
                                 &found));
        CHECK_INT(found, cases[i].found);
        if (found > 0)
            CHECK_INT(values[0].as.integer, cases[i].first);
    }
    CHECK_FAILS(cupel_row_slice(NULL, 0, 1, values, &found), CUPEL_E_ARGUMENT);
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(values_are_searched_and_counted)
{
    const cupel_value a = cupel_string("a"), null = cupel_null();
    const cupel_value b = cupel_string("b");
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;
    size_t out;

    numbers_open(&numbers, 0);
    row = row_of(&numbers, "SELECT NULL, 'a', NULL, 'a', 'a'", &result);
    CHECK_OK(cupel_row_count(row, &a, &out));
    CHECK_INT(out, 3);
    CHECK_OK(cupel_row_count(row, &b, &out));
    CHECK_INT(out, 0);
    CHECK_OK(cupel_row_index(row, &a, &out));
    CHECK_INT(out, 1);
    CHECK_OK(cupel_row_index(row, &null, &out));
    CHECK_INT(out, 0);
    CHECK_FAILS(cupel_row_index(row, &b, &out), CUPEL_E_VALUE);
    CHECK(cupel_row_contains(row, &null));
    CHECK(!cupel_row_contains(row, &b));
    CHECK(!cupel_row_contains(NULL, &b));
    CHECK_FAILS(cupel_row_count(row, NULL, &out), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_row_index(NULL, &a, &out), CUPEL_E_ARGUMENT);
    cupel_result_free(result);
    numbers_close(&numbers);
}

static int
order_of(struct numbers *numbers, const char *left, const char *right)
{
    cupel_result *one, *two;
    const cupel_row *first = row_of(numbers, left, &one);
    const cupel_row *second = row_of(numbers, right, &two);
    uint64_t hash_one, hash_two;
    int order;

    CHECK_OK(cupel_row_compare(first, second, &order));
    CHECK_INT(cupel_row_equal(first, second), order == 0);
    CHECK_OK(cupel_row_hash(first, &hash_one));
    CHECK_OK(cupel_row_hash(second, &hash_two));
    CHECK_INT(hash_one == hash_two, order == 0);
    cupel_result_free(one);
    cupel_result_free(two);
    return (order > 0) - (order < 0);
}

TASK_TEST(rows_compare_and_hash_as_tuples)
{
    struct numbers numbers;

    numbers_open(&numbers, 0);
    CHECK_INT(order_of(&numbers, "SELECT 1, 'a'", "SELECT 1 AS x, 'a'"), 0);
    CHECK_INT(order_of(&numbers, "SELECT NULL, 2", "SELECT NULL, 2"), 0);
    CHECK_INT(order_of(&numbers, "SELECT 1, 'a'", "SELECT 1, 'b'"), -1);
    CHECK_INT(order_of(&numbers, "SELECT 2, 'a'", "SELECT 1, 'b'"), 1);
    CHECK_INT(order_of(&numbers, "SELECT 1", "SELECT 1, 2"), -1);
    CHECK_INT(order_of(&numbers, "SELECT 2", "SELECT 1, 2"), 1);
    numbers_close(&numbers);
}

TASK_TEST(a_row_compares_with_plain_values)
{
    const cupel_value same[] = { cupel_int(1), cupel_string("a") };
    const cupel_value more[] = { cupel_int(1), cupel_string("b") };
    const cupel_value other[] = { cupel_int(1), cupel_int(1) };
    const cupel_value null[] = { cupel_null(), cupel_int(1) };
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;
    int order;

    numbers_open(&numbers, 0);
    row = row_of(&numbers, "SELECT 1, 'a'", &result);
    CHECK(cupel_row_equal_values(row, same, 2));
    CHECK(!cupel_row_equal_values(row, same, 1));
    CHECK(!cupel_row_equal_values(row, more, 2));
    CHECK(!cupel_row_equal_values(row, NULL, 2));
    CHECK_OK(cupel_row_compare_values(row, more, 2, &order));
    CHECK(order < 0);
    CHECK_OK(cupel_row_compare_values(row, NULL, 0, &order));
    CHECK(order > 0);
    CHECK_FAILS(cupel_row_compare_values(row, other, 2, &order), CUPEL_E_TYPE);
    CHECK_FAILS(cupel_row_compare_values(row, null, 2, &order), CUPEL_E_TYPE);
    CHECK_FAILS(cupel_row_compare(row, NULL, &order), CUPEL_E_ARGUMENT);
    CHECK(!cupel_row_equal(NULL, NULL));
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(a_row_is_written_as_a_tuple)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;
    char text[40];

    numbers_open(&numbers, 0);
    row = row_of(&numbers, "SELECT 1, 'it''s', NULL, 1.5", &result);
    CHECK_INT(cupel_row_repr(row, text, sizeof text), 23);
    CHECK_STR(text, "(1, 'it''s', NULL, 1.5)");
    CHECK_INT(cupel_row_repr(row, text, 6), 23);
    CHECK_STR(text, "(1, '");
    cupel_result_free(result);
    row = row_of(&numbers, "SELECT 1", &result);
    cupel_row_repr(row, text, sizeof text);
    CHECK_STR(text, "(1,)");
    cupel_result_free(result);
    CHECK_INT(cupel_row_repr(NULL, text, sizeof text), 2);
    numbers_close(&numbers);
}

TASK_TEST(a_row_that_is_gone_says_so)
{
    struct numbers numbers;
    const cupel_row *row, *last;
    cupel_result *result;
    cupel_value value;
    char text[16];

    numbers_open(&numbers, 1);
    result = numbers_stream(&numbers, 1);
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_OK(cupel_result_fetchone(result, &last));
    CHECK_FAILS(cupel_row_get(row, 0, &value), CUPEL_E_CLOSED);
    cupel_row_repr(row, text, sizeof text);
    CHECK_STR(text, "(?, ?)");
    CHECK(!cupel_row_equal(row, row));
    cupel_result_free(result);
    numbers_close(&numbers);
}
