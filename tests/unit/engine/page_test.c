/* SPDX-License-Identifier: MIT */
#include "engine/page.h"

#include <cupel/task.h>

#include "support/numbers.h"

/* Fetch 19 rows in pages of `size` and check what comes. */
static void
check_pages(cupel_result *result, size_t size)
{
    const cupel_row *const *rows;
    size_t found, seen = 0, i;

    for (;;) {
        CHECK_OK(cupel_result_fetchmany(result, size, &rows, &found));
        if (found == 0)
            break;
        CHECK_INT(found, seen + size <= 19 ? size : 19 - seen);
        for (i = 0; i < found; i++)
            CHECK_INT(cupel_row_int(rows[i], 0), ++seen);
    }
    CHECK_INT(seen, 19);
    cupel_result_free(result);
}

TASK_TEST(pages_are_full_but_the_last)
{
    static const int64_t batches[] = { 1, 3, 5, 7, 19, 100 };
    struct numbers numbers;
    size_t i;

    numbers_open(&numbers, 19);
    for (i = 0; i < sizeof batches / sizeof batches[0]; i++) {
        check_pages(numbers_buffered(&numbers), (size_t)batches[i]);
        check_pages(numbers_stream(&numbers, 5), (size_t)batches[i]);
        check_pages(numbers_stream(&numbers, batches[i]), 5);
    }
    numbers_close(&numbers);
}

TASK_TEST(a_page_of_nothing_is_refused)
{
    struct numbers numbers;
    const cupel_row *const *rows;
    cupel_result *result;
    size_t found;

    numbers_open(&numbers, 1);
    result = numbers_buffered(&numbers);
    CHECK_FAILS(cupel_result_fetchmany(result, 0, &rows, &found),
                CUPEL_E_ARGUMENT);
    cupel_result_free(result);
    numbers_close(&numbers);
}

static void
check_all(cupel_result *result)
{
    const cupel_row *const *rows, *one;
    size_t found, i;

    CHECK_INT(cupel_result_fetchone(result, &one), CUPEL_ROW);
    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK_INT(found, 18);
    for (i = 0; i < found; i++) {
        CHECK_INT(cupel_row_int(rows[i], 0), i + 2);
        CHECK_INT(cupel_row_text(rows[i], 1).len, 1);
    }
    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK_INT(found, 0);
    cupel_result_free(result);
}

TASK_TEST(all_gives_what_is_left_and_keeps_it)
{
    struct numbers numbers;

    numbers_open(&numbers, 19);
    check_all(numbers_buffered(&numbers));
    check_all(numbers_stream(&numbers, 4));
    check_all(numbers_stream(&numbers, 100));
    numbers_close(&numbers);
}
