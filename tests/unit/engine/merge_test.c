/* SPDX-License-Identifier: MIT */
#include <cupel/result.h>
#include <cupel/task.h>

#include "support/numbers.h"

static cupel_result *
query(struct numbers *numbers, const char *sql)
{
    cupel_result *result;

    CHECK_OK(cupel_connection_execute(numbers->conn, CUPEL_TEXT(sql), NULL,
                                      NULL, &result));
    return result;
}

static void
free_all(cupel_result **results, size_t count)
{
    while (count-- > 0)
        cupel_result_free(results[count]);
}

TASK_TEST(merged_rows_come_one_result_after_the_other)
{
    struct numbers numbers;
    cupel_result *parts[3], *merged;
    const cupel_row *row;
    int64_t i;

    numbers_open(&numbers, 4);
    parts[0] = numbers_stream(&numbers, 3);
    parts[1] = query(&numbers, "SELECT id AS x, name FROM item WHERE id > 9");
    parts[2] = numbers_buffered(&numbers);
    CHECK_INT(cupel_result_fetchone(parts[0], &row), CUPEL_ROW);
    CHECK_OK(cupel_result_merge(parts, 3, &merged));
    CHECK_STR(cupel_result_key(merged, 0), "id");
    for (i = 2; i <= 8; i++) {
        CHECK_INT(cupel_result_fetchone(merged, &row), CUPEL_ROW);
        CHECK_INT(cupel_row_int(row, 0), i > 4 ? i - 4 : i);
    }
    CHECK_OK(cupel_result_fetchone(merged, &row));
    CHECK_OK(cupel_result_fetchone(parts[0], &row)); /* at its end too */
    CHECK(!cupel_result_closed(merged));
    cupel_result_free(merged);
    free_all(parts, 3);
    numbers_close(&numbers);
}

static void
check_all(struct numbers *numbers, cupel_result *first, cupel_result *second)
{
    cupel_result *parts[] = { first, second }, *merged;
    const cupel_row *const *rows;
    size_t found;

    (void)numbers;
    CHECK_OK(cupel_result_merge(parts, 2, &merged));
    CHECK_OK(cupel_result_unique(merged, NULL, NULL));
    CHECK_OK(cupel_result_all(merged, &rows, &found));
    CHECK_INT(found, 5);
    CHECK_INT(cupel_row_int(rows[4], 0), 5);
    cupel_result_free(merged);
    free_all(parts, 2);
}

TASK_TEST(unique_works_across_the_parts)
{
    struct numbers numbers;

    numbers_open(&numbers, 5);
    check_all(&numbers, numbers_buffered(&numbers),
              numbers_stream(&numbers, 2));
    check_all(&numbers, numbers_stream(&numbers, 100),
              numbers_buffered(&numbers));
    numbers_close(&numbers);
}

TASK_TEST(a_part_is_fetched_from_through_the_merged_one_only)
{
    struct numbers numbers;
    cupel_result *parts[2], *merged, *again;
    const cupel_row *row;

    numbers_open(&numbers, 3);
    parts[0] = numbers_buffered(&numbers);
    parts[1] = numbers_stream(&numbers, 1);
    CHECK_OK(cupel_result_merge(parts, 2, &merged));
    CHECK_FAILS(cupel_result_fetchone(parts[1], &row), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_result_merge(parts, 2, &again), CUPEL_E_INVALID);
    cupel_result_free(merged); /* without having been read */
    CHECK_FAILS(cupel_result_fetchone(parts[0], &row), CUPEL_E_CLOSED);
    free_all(parts, 2);

    parts[0] = parts[1] = numbers_buffered(&numbers);
    CHECK_FAILS(cupel_result_merge(parts, 2, &merged), CUPEL_E_INVALID);
    CHECK_INT(cupel_result_fetchone(parts[0], &row), CUPEL_ROW);
    cupel_result_free(parts[0]);
    numbers_close(&numbers);
}

TASK_TEST(closing_the_merged_result_closes_all)
{
    struct numbers numbers;
    cupel_result *parts[2], *merged;
    const cupel_row *row;

    numbers_open(&numbers, 5);
    parts[0] = numbers_stream(&numbers, 2);
    parts[1] = numbers_stream(&numbers, 2);
    CHECK_OK(cupel_result_merge(parts, 2, &merged));
    CHECK_OK(cupel_result_first(merged, &row));
    CHECK_INT(cupel_row_int(row, 0), 1);
    CHECK(cupel_result_closed(merged));
    CHECK(cupel_result_closed(parts[0]));
    CHECK(cupel_result_closed(parts[1]));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE_ROWS), 2);
    cupel_result_free(merged);
    free_all(parts, 2);
    numbers_close(&numbers);
}

TASK_TEST(closing_a_part_ends_the_merged_result)
{
    struct numbers numbers;
    cupel_result *parts[2], *merged;
    const cupel_row *row;

    numbers_open(&numbers, 5);
    parts[0] = numbers_stream(&numbers, 2);
    parts[1] = numbers_buffered(&numbers);
    CHECK_OK(cupel_result_merge(parts, 2, &merged));
    CHECK_INT(cupel_result_fetchone(merged, &row), CUPEL_ROW);
    CHECK_OK(cupel_result_close(parts[0]));
    CHECK_INT(cupel_result_fetchone(merged, &row), CUPEL_ROW);
    CHECK_FAILS(cupel_result_fetchone(merged, &row), CUPEL_E_CLOSED);
    cupel_result_free(merged);
    free_all(parts, 2);
    numbers_close(&numbers);
}

TASK_TEST(rowcounts_are_summed_unless_one_is_unknown)
{
    static const char update[] = "UPDATE item SET name = 'x' WHERE id > 1 "
                                 "RETURNING id, name";
    struct numbers numbers;
    cupel_result *parts[3], *merged;

    numbers_open(&numbers, 3);
    parts[0] = query(&numbers, update);
    parts[1] = query(&numbers, update);
    parts[2] = numbers_buffered(&numbers);
    CHECK_OK(cupel_result_merge(parts, 2, &merged));
    CHECK_INT(cupel_result_rowcount(merged), 4);
    cupel_result_free(merged);
    free_all(parts, 2);
    parts[0] = query(&numbers, update);
    parts[1] = query(&numbers, update);
    CHECK_OK(cupel_result_merge(parts, 3, &merged));
    CHECK_INT(cupel_result_rowcount(merged), -1);
    cupel_result_free(merged);
    free_all(parts, 3);
    numbers_close(&numbers);
}

TASK_TEST(what_cannot_be_merged_is_refused)
{
    struct numbers numbers;
    cupel_result *parts[2], *merged;
    const cupel_row *row;

    numbers_open(&numbers, 1);
    parts[0] = numbers_buffered(&numbers);
    parts[1] = query(&numbers, "SELECT id FROM item");
    CHECK_FAILS(cupel_result_merge(parts, 2, &merged), CUPEL_E_ARGUMENT);
    cupel_result_free(parts[1]);
    parts[1] = query(&numbers, "UPDATE item SET name = 'x'");
    CHECK_FAILS(cupel_result_merge(parts, 2, &merged), CUPEL_E_CLOSED);
    cupel_result_free(parts[1]);
    parts[1] = NULL;
    CHECK_FAILS(cupel_result_merge(parts, 2, &merged), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_result_merge(parts, 0, &merged), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_result_merge(NULL, 1, &merged), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_result_merge(parts, 1, NULL), CUPEL_E_ARGUMENT);
    CHECK_INT(cupel_result_fetchone(parts[0], &row), CUPEL_ROW);
    cupel_result_free(parts[0]);
    numbers_close(&numbers);
}

/* Yields. */
static cupel_status
read_merged(void *arg)
{
    cupel_result *merged = arg;
    const cupel_row *row;

    return cupel_result_fetchone(merged, &row);
}

TASK_TEST(two_tasks_do_not_fetch_from_one_merged_result)
{
    struct numbers numbers;
    cupel_result *parts[1], *merged;
    cupel_future *other;
    const cupel_row *row;
    int i;

    numbers_open(&numbers, 4);
    parts[0] = numbers_stream(&numbers, 1);
    CHECK_OK(cupel_result_merge(parts, 1, &merged));
    CHECK_INT(cupel_result_fetchone(merged, &row), CUPEL_ROW);
    other = cupel_future_call(read_merged, merged);
    CHECK_OK(cupel_future_spawn(other));
    CHECK_INT(cupel_result_fetchone(merged, &row), CUPEL_ROW);
    CHECK_FAILS(cupel_await(other), CUPEL_E_INVALID);
    for (i = 3; i <= 4; i++) {
        CHECK_INT(cupel_result_fetchone(merged, &row), CUPEL_ROW);
        CHECK_INT(cupel_row_int(row, 0), i);
    }
    CHECK_OK(cupel_result_exit(merged, CUPEL_OK));
    cupel_result_free(parts[0]);
    numbers_close(&numbers);
}

TASK_TEST(the_merged_result_is_unique_and_sized_as_the_first_part_is)
{
    struct numbers numbers;
    cupel_result *parts[2], *merged;
    const cupel_row *const *rows;
    size_t found;

    numbers_open(&numbers, 4);
    parts[0] = numbers_stream(&numbers, 3);
    parts[1] = numbers_buffered(&numbers);
    CHECK_OK(cupel_result_unique(parts[0], NULL, NULL));
    CHECK_OK(cupel_result_merge(parts, 2, &merged));
    CHECK_INT(cupel_result_partition(merged, 0, &rows, &found), CUPEL_ROW);
    CHECK_INT(found, 3);
    CHECK_INT(cupel_result_partition(merged, 0, &rows, &found), CUPEL_ROW);
    CHECK_INT(found, 1);
    CHECK_OK(cupel_result_partition(merged, 0, &rows, &found));
    cupel_result_free(merged);
    free_all(parts, 2);
    numbers_close(&numbers);
}
