/* SPDX-License-Identifier: MIT */
#include <cupel/result.h>

#include "support/numbers.h"

static cupel_mapping_result *
mappings_of(cupel_result *result)
{
    cupel_mapping_result *mappings;

    CHECK_OK(cupel_result_mappings(result, &mappings));
    cupel_result_free(result);
    return mappings;
}

TASK_TEST(mappings_are_read_by_name)
{
    struct numbers numbers;
    cupel_mapping_result *mappings;
    const char *const *keys;
    const cupel_row *row;
    cupel_value value;
    size_t count;
    int64_t id = 0;

    numbers_open(&numbers, 3);
    mappings = mappings_of(numbers_stream(&numbers, 2));
    CHECK_OK(cupel_mapping_result_keys(mappings, &keys, &count));
    CHECK_INT(count, 2);
    CHECK_STR(keys[1], "name");
    CHECK(cupel_mapping_result_has_key(mappings, "id"));
    CHECK(!cupel_mapping_result_has_key(mappings, "ID"));
    while (cupel_mapping_result_next(&mappings, &row) == CUPEL_ROW) {
        CHECK_OK(cupel_row_get_named(row, "id", &value));
        CHECK_INT(value.as.integer, ++id);
        CHECK_STR(cupel_row_key(row, 0), "id");
        CHECK(cupel_row_has_key(row, "name"));
        CHECK(!cupel_row_has_key(row, "x"));
        CHECK_FAILS(cupel_row_get_named(row, "x", &value), CUPEL_E_NOCOLUMN);
    }
    CHECK_INT(id, 3);
    CHECK(mappings == NULL);
    CHECK_OK(cupel_mapping_result_next(&mappings, &row));
    numbers_close(&numbers);
}

TASK_TEST(mappings_are_fetched_and_filtered_as_rows_are)
{
    static const char *const name[] = { "name" };
    static const int64_t first[] = { 0 };
    struct numbers numbers;
    cupel_mapping_result *mappings;
    const cupel_row *const *rows, *row;
    size_t found;

    numbers_open(&numbers, 5);
    mappings = mappings_of(numbers_buffered(&numbers));
    CHECK_OK(cupel_mapping_result_fetchmany(mappings, 2, &rows, &found));
    CHECK_INT(found, 2);
    CHECK_OK(cupel_mapping_result_yield_per(mappings, 1));
    CHECK_INT(cupel_mapping_result_partition(mappings, 0, &rows, &found),
              CUPEL_ROW);
    CHECK_INT(found, 1);
    CHECK_OK(cupel_mapping_result_columns_named(mappings, name, 1));
    CHECK_OK(cupel_mapping_result_columns(mappings, first, 1));
    CHECK_OK(cupel_mapping_result_unique(mappings, NULL, NULL));
    CHECK_OK(cupel_mapping_result_all(mappings, &rows, &found));
    CHECK_INT(found, 1);
    CHECK_STR(cupel_row_key(rows[0], 0), "name");
    CHECK(!cupel_mapping_result_closed(mappings));
    CHECK_OK(cupel_mapping_result_close(mappings));
    CHECK(cupel_mapping_result_closed(mappings));
    CHECK_FAILS(cupel_mapping_result_fetchone(mappings, &row), CUPEL_E_CLOSED);
    cupel_mapping_result_free(mappings);
    numbers_close(&numbers);
}

TASK_TEST(one_mapping_is_first_or_only)
{
    struct numbers numbers;
    cupel_mapping_result *mappings;
    const cupel_row *row;

    numbers_open(&numbers, 2);
    mappings = mappings_of(numbers_buffered(&numbers));
    CHECK_OK(cupel_mapping_result_first(mappings, &row));
    CHECK_INT(cupel_row_int(row, 0), 1);
    CHECK_OK(cupel_mapping_result_exit(mappings, CUPEL_OK));
    mappings = mappings_of(numbers_buffered(&numbers));
    CHECK_FAILS(cupel_mapping_result_one(mappings, &row), CUPEL_E_MULTIPLE);
    cupel_mapping_result_free(mappings);
    mappings = mappings_of(numbers_stream(&numbers, 1));
    CHECK_FAILS(cupel_mapping_result_one_or_none(mappings, &row),
                CUPEL_E_MULTIPLE);
    CHECK(strstr(cupel_error_text(), "one or none") != NULL);
    cupel_mapping_result_free(mappings);
    numbers_close(&numbers);
}

TEST(no_mapping_result_is_refused_everywhere)
{
    const cupel_row *const *rows, *row;
    cupel_mapping_result *mappings;
    size_t found;

    CHECK_FAILS(cupel_result_mappings(NULL, &mappings), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_mapping_result_fetchone(NULL, &row), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_mapping_result_next(NULL, &row), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_mapping_result_all(NULL, &rows, &found),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_mapping_result_unique(NULL, NULL, NULL),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_mapping_result_yield_per(NULL, 1), CUPEL_E_ARGUMENT);
    CHECK(cupel_mapping_result_closed(NULL));
    CHECK(!cupel_mapping_result_has_key(NULL, "id"));
    CHECK_OK(cupel_mapping_result_close(NULL));
    cupel_mapping_result_free(NULL);
}
