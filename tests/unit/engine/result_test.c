/* SPDX-License-Identifier: MIT */
#include "engine/result.h"

#include <cupel/task.h>

#include "support/numbers.h"

/* Run the same checks on a buffered result and on streams. */
static void
on_each_kind(int64_t rows, void (*check)(struct numbers *, cupel_result *))
{
    struct numbers numbers;

    numbers_open(&numbers, rows);
    check(&numbers, numbers_buffered(&numbers));
    check(&numbers, numbers_stream(&numbers, 1));
    check(&numbers, numbers_stream(&numbers, 2));
    check(&numbers, numbers_stream(&numbers, 100));
    numbers_close(&numbers);
}

static void
check_order(struct numbers *numbers, cupel_result *result)
{
    const cupel_row *row;
    int64_t id = 0;

    (void)numbers;
    while (cupel_result_next(&result, &row) == CUPEL_ROW)
        CHECK_INT(cupel_row_int(row, 0), ++id);
    CHECK_INT(id, 7);
    CHECK(result == NULL);
    CHECK_OK(cupel_result_next(&result, &row));
    CHECK(row == NULL);
}

TASK_TEST(next_gives_every_row_once_and_frees_the_result)
{
    on_each_kind(7, check_order);
}

static void
check_soft_close(struct numbers *numbers, cupel_result *result)
{
    const cupel_row *row, *const *rows;
    size_t found;

    (void)numbers;
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_OK(cupel_result_fetchone(result, &row));
    CHECK(row == NULL);
    CHECK(!cupel_result_closed(result));
    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK_INT(found, 0);
    CHECK_OK(cupel_result_first(result, &row));
    CHECK(row == NULL);
    CHECK_FAILS(cupel_result_one(result, &row), CUPEL_E_NORESULT);
    CHECK(!cupel_result_closed(result));
    CHECK_OK(cupel_result_close(result));
    CHECK(cupel_result_closed(result));
    CHECK_FAILS(cupel_result_fetchone(result, &row), CUPEL_E_CLOSED);
    CHECK_OK(cupel_result_close(result));
    cupel_result_free(result);
}

TASK_TEST(a_result_at_its_end_finds_nothing_and_a_closed_one_refuses)
{
    on_each_kind(2, check_soft_close);
}

static void
check_first(struct numbers *numbers, cupel_result *result)
{
    const cupel_row *row, *other;

    (void)numbers;
    CHECK_OK(cupel_result_first(result, &row));
    CHECK_INT(cupel_row_int(row, 0), 1);
    CHECK(cupel_result_closed(result));
    CHECK_FAILS(cupel_result_fetchone(result, &other), CUPEL_E_CLOSED);
    CHECK_INT(cupel_row_int(row, 0), 1); /* the row is kept */
    cupel_result_free(result);
}

TASK_TEST(first_closes_and_keeps_its_row)
{
    on_each_kind(3, check_first);
}

static void
check_multiple(struct numbers *numbers, cupel_result *result)
{
    const cupel_row *row;

    (void)numbers;
    CHECK_FAILS(cupel_result_one(result, &row), CUPEL_E_MULTIPLE);
    CHECK(row == NULL);
    CHECK(cupel_result_closed(result));
    cupel_result_free(result);
}

TASK_TEST(one_refuses_two)
{
    on_each_kind(2, check_multiple);
}

static void
check_single(struct numbers *numbers, cupel_result *result)
{
    const cupel_row *row;

    (void)numbers;
    CHECK_OK(cupel_result_one(result, &row));
    CHECK_INT(cupel_row_int(row, 0), 1);
    CHECK(cupel_result_closed(result));
    cupel_result_free(result);
}

TASK_TEST(one_takes_the_only_row)
{
    on_each_kind(1, check_single);
}

static void
check_none(struct numbers *numbers, cupel_result *result)
{
    const cupel_row *row;
    cupel_value value;

    (void)numbers;
    CHECK_OK(cupel_result_one_or_none(result, &row));
    CHECK(row == NULL);
    CHECK(cupel_result_closed(result));
    CHECK_FAILS(cupel_result_scalar(result, &value), CUPEL_E_CLOSED);
    cupel_result_free(result);
}

TASK_TEST(one_or_none_bears_none)
{
    on_each_kind(0, check_none);
}

TASK_TEST(scalar_one_wants_a_row_and_bears_null)
{
    struct numbers numbers;
    cupel_result *result;
    cupel_value value;

    numbers_open(&numbers, 0);
    CHECK_OK(cupel_connection_execute(numbers.conn, CUPEL_TEXT("SELECT NULL"),
                                      NULL, NULL, &result));
    CHECK_OK(cupel_result_scalar_one(result, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_result_free(result);
    result = numbers_buffered(&numbers);
    CHECK_FAILS(cupel_result_scalar_one(result, &value), CUPEL_E_NORESULT);
    cupel_result_free(result);
    result = numbers_buffered(&numbers);
    CHECK_OK(cupel_result_scalar_one_or_none(result, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(a_result_without_rows_refuses_fetches)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;

    numbers_open(&numbers, 1);
    CHECK_OK(cupel_connection_execute(numbers.conn,
                                      CUPEL_TEXT("UPDATE item SET name = 'b'"),
                                      NULL, NULL, &result));
    CHECK(!cupel_result_returns_rows(result));
    CHECK_INT(cupel_result_rowcount(result), 1);
    CHECK_FAILS(cupel_result_fetchone(result, &row), CUPEL_E_CLOSED);
    CHECK(cupel_result_key(result, 0) == NULL);
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(a_buffered_result_outlives_its_connection)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;
    int64_t id = 0;

    numbers_open(&numbers, 3);
    result = numbers_buffered(&numbers);
    numbers_close(&numbers);
    while (cupel_result_next(&result, &row) == CUPEL_ROW)
        CHECK_INT(cupel_row_int(row, 0), ++id);
    CHECK_INT(id, 3);
}

TASK_TEST(a_stream_ends_with_its_connection)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;

    numbers_open(&numbers, 10);
    result = numbers_stream(&numbers, 2);
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    numbers_close(&numbers);
    CHECK_FAILS(cupel_result_fetchone(result, &row), CUPEL_E_CLOSED);
    CHECK_OK(cupel_result_close(result));
    cupel_result_free(result);
}

TASK_TEST(a_stream_holds_no_more_than_its_batch)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;
    int i;

    numbers_open(&numbers, 10);
    result = numbers_stream(&numbers, 4);
    for (i = 0; i < 10; i++) {
        CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
        CHECK(result->view.cursor->rows->row_count <= 4);
    }
    CHECK_OK(cupel_result_fetchone(result, &row));
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(two_streams_on_one_connection_do_not_mix)
{
    struct numbers numbers;
    cupel_result *one, *two;
    const cupel_row *row;
    int64_t id;

    numbers_open(&numbers, 6);
    one = numbers_stream(&numbers, 2);
    two = numbers_stream(&numbers, 3);
    for (id = 1; id <= 6; id++) {
        CHECK_INT(cupel_result_fetchone(one, &row), CUPEL_ROW);
        CHECK_INT(cupel_row_int(row, 0), id);
        CHECK_INT(cupel_result_fetchone(two, &row), CUPEL_ROW);
        CHECK_INT(cupel_row_int(row, 0), id);
    }
    cupel_result_free(one);
    cupel_result_free(two);
    numbers_close(&numbers);
}

TASK_TEST(a_stream_freed_early_leaves_the_connection_usable)
{
    struct numbers numbers;
    cupel_result *result;

    numbers_open(&numbers, 10);
    result = numbers_stream(&numbers, 2);
    cupel_result_free(result);
    CHECK_INT(query_int(numbers.conn, "SELECT count(*) FROM item"), 10);
    numbers_close(&numbers);
}

TASK_TEST(columns_are_found_by_their_exact_name)
{
    struct numbers numbers;
    cupel_result *result;
    size_t column;

    numbers_open(&numbers, 1);
    CHECK_OK(cupel_connection_execute(
        numbers.conn, CUPEL_TEXT("SELECT 1 AS a, 2 AS b, 3 AS a"), NULL, NULL,
        &result));
    CHECK_INT(cupel_result_column_count(result), 3);
    CHECK_STR(cupel_result_key(result, 1), "b");
    CHECK(cupel_result_key(result, 3) == NULL);
    CHECK_OK(cupel_result_find(result, "a", &column));
    CHECK_INT(column, 2); /* the last of that name */
    CHECK_FAILS(cupel_result_find(result, "A", &column), CUPEL_E_NOCOLUMN);
    CHECK_FAILS(cupel_result_find(result, NULL, &column), CUPEL_E_ARGUMENT);
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(no_result_is_refused_everywhere)
{
    const cupel_row *row, *const *rows;
    cupel_value value;
    size_t found;

    CHECK_FAILS(cupel_result_fetchone(NULL, &row), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_result_next(NULL, &row), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_result_all(NULL, &rows, &found), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_result_fetchmany(NULL, 1, &rows, &found),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_result_first(NULL, &row), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_result_scalar(NULL, &value), CUPEL_E_ARGUMENT);
    CHECK_OK(cupel_result_close(NULL));
    CHECK(cupel_result_closed(NULL));
    CHECK_INT(cupel_result_rowcount(NULL), -1);
    CHECK_INT(cupel_result_lastrowid(NULL), 0);
    cupel_result_free(NULL);
}
