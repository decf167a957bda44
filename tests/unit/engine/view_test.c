/* SPDX-License-Identifier: MIT */
#include "engine/view.h"

#include "support/numbers.h"

/* A table of ids 1 to `count`, each with id % 3: 1, 2, 0, 1, ... */
static void
open_thirds(struct numbers *numbers, int64_t count)
{
    cupel_param items[2 * 32];
    const cupel_params params = { items, 2, (size_t)count };
    int64_t i;

    CHECK(count <= 32);
    numbers_open(numbers, 0);
    CHECK_OK(run_sql(numbers->conn,
                     "CREATE TABLE thirds (id INTEGER PRIMARY KEY, "
                     "third INTEGER, name TEXT)"));
    for (i = 0; i < count; i++) {
        items[2 * i] = (cupel_param){ "id", cupel_int(i + 1) };
        items[2 * i + 1] = (cupel_param){ "third", cupel_int((i + 1) % 3) };
    }
    CHECK_OK(cupel_connection_execute(
        numbers->conn,
        CUPEL_TEXT("INSERT INTO thirds VALUES (:id, :third, 'n')"), &params,
        NULL, NULL));
    CHECK_OK(cupel_connection_commit(numbers->conn));
}

/* The thirds and the name, buffered or in batches. */
static cupel_result *
thirds(struct numbers *numbers, int64_t yield_per)
{
    static const char sql[] = "SELECT third, name FROM thirds ORDER BY id";
    cupel_result *result;

    if (yield_per == 0)
        CHECK_OK(cupel_connection_execute(numbers->conn, CUPEL_TEXT(sql), NULL,
                                          NULL, &result));
    else
        CHECK_OK(cupel_connection_stream(
            numbers->conn, CUPEL_TEXT(sql), NULL,
            CUPEL_WITH({ "yield_per", cupel_int(yield_per) }), &result));
    return result;
}

/* Run the same checks on a buffered result and on streams. */
static void
on_each_kind(int64_t rows, void (*check)(cupel_result *))
{
    static const int64_t batches[] = { 0, 1, 2, 100 };
    struct numbers numbers;
    size_t i;

    open_thirds(&numbers, rows);
    for (i = 0; i < sizeof batches / sizeof batches[0]; i++) {
        cupel_result *result = thirds(&numbers, batches[i]);

        check(result);
        cupel_result_free(result);
    }
    numbers_close(&numbers);
}

static void
check_unique_one_by_one(cupel_result *result)
{
    static const int64_t expected[] = { 1, 2, 0 };
    const cupel_row *row;
    size_t i;

    CHECK_OK(cupel_result_unique(result, NULL, NULL));
    for (i = 0; i < 3; i++) {
        CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
        CHECK_INT(cupel_row_int(row, 0), expected[i]);
    }
    CHECK_OK(cupel_result_fetchone(result, &row));
    CHECK(!cupel_result_closed(result));
}

TASK_TEST(a_unique_view_skips_what_it_has_shown)
{
    on_each_kind(10, check_unique_one_by_one);
}

static void
check_unique_refills(cupel_result *result)
{
    const cupel_row *const *rows;
    size_t found;

    CHECK_OK(cupel_result_unique(result, NULL, NULL));
    CHECK_OK(cupel_result_fetchmany(result, 2, &rows, &found));
    CHECK_INT(found, 2);
    CHECK_INT(cupel_row_int(rows[1], 0), 2);
    CHECK_OK(cupel_result_fetchmany(result, 2, &rows, &found));
    CHECK_INT(found, 1);
    CHECK_INT(cupel_row_int(rows[0], 0), 0);
    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK_INT(found, 0);
}

TASK_TEST(a_unique_page_is_refilled_until_it_is_full)
{
    on_each_kind(10, check_unique_refills);
}

static void
check_unique_one(cupel_result *result)
{
    static const int64_t name[] = { 1 };
    const cupel_row *row;

    CHECK_OK(cupel_result_columns(result, name, 1));
    CHECK_OK(cupel_result_unique(result, NULL, NULL));
    CHECK_OK(cupel_result_one(result, &row));
    CHECK_INT(cupel_row_len(row), 1);
    CHECK(cupel_result_closed(result));
}

TASK_TEST(to_a_unique_view_the_same_row_twice_is_one)
{
    on_each_kind(10, check_unique_one);
}

static void
check_unique_two(cupel_result *result)
{
    const cupel_row *row;

    CHECK_OK(cupel_result_unique(result, NULL, NULL));
    CHECK_FAILS(cupel_result_one(result, &row), CUPEL_E_MULTIPLE);
    CHECK(strstr(cupel_error_text(), "exactly one") != NULL);
    CHECK(row == NULL);
}

TASK_TEST(two_distinct_rows_are_too_many_for_one)
{
    on_each_kind(2, check_unique_two);
}

static void
check_partitions(cupel_result *result)
{
    static const size_t sizes[] = { 7, 7, 5 };
    const cupel_row *const *rows;
    size_t i, found;

    for (i = 0; i < 3; i++) {
        CHECK_INT(cupel_result_partition(result, 7, &rows, &found), CUPEL_ROW);
        CHECK_INT(found, sizes[i]);
    }
    CHECK_OK(cupel_result_partition(result, 7, &rows, &found));
    CHECK_INT(found, 0);
}

TASK_TEST(partitions_are_full_but_the_last_and_never_empty)
{
    on_each_kind(19, check_partitions);
}

static void
check_default_size(cupel_result *result)
{
    const cupel_row *const *rows;
    size_t found;

    CHECK_OK(cupel_result_yield_per(result, 0));
    CHECK_FAILS(cupel_result_fetchmany(result, 0, &rows, &found),
                CUPEL_E_ARGUMENT);
    CHECK_OK(cupel_result_yield_per(result, 4));
    CHECK_INT(cupel_result_partition(result, 0, &rows, &found), CUPEL_ROW);
    CHECK_INT(found, 4);
    CHECK_OK(cupel_result_fetchmany(result, 0, &rows, &found));
    CHECK_INT(found, 4);
    CHECK_OK(cupel_result_yield_per(result, 0));
    CHECK_INT(cupel_result_partition(result, 0, &rows, &found), CUPEL_ROW);
    CHECK_INT(found, 11);
    CHECK_OK(cupel_result_partition(result, 0, &rows, &found));
}

TASK_TEST(without_a_size_yield_per_decides_and_else_it_is_all)
{
    on_each_kind(19, check_default_size);
}

static void
check_columns(cupel_result *result)
{
    static const int64_t both[] = { -1, 0 }, last[] = { -1 }, out[] = { 1 };
    static const char *const by_name[] = { "third", "third" };
    const char *const *keys;
    const cupel_row *before, *row;
    cupel_value value;
    size_t count;

    CHECK_INT(cupel_result_fetchone(result, &before), CUPEL_ROW);
    CHECK_OK(cupel_result_columns(result, both, 2));
    CHECK_INT(cupel_row_int(before, 0), 1); /* it keeps its columns */
    CHECK_OK(cupel_result_keys(result, &keys, &count));
    CHECK_INT(count, 2);
    CHECK_STR(keys[0], "name");
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(cupel_row_int(row, 1), 2);
    CHECK_OK(cupel_result_columns(result, last, 1));
    CHECK_FAILS(cupel_result_columns(result, out, 1), CUPEL_E_INDEX);
    CHECK_STR(cupel_result_key(result, 0), "third");
    CHECK(!cupel_result_has_key(result, "name"));
    CHECK_OK(cupel_result_columns_named(result, by_name, 2));
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(cupel_row_len(row), 2);
    CHECK_OK(cupel_row_get_named(row, "third", &value));
    CHECK_INT(value.as.integer, 0);
    CHECK_FAILS(cupel_result_columns(result, NULL, 0), CUPEL_E_ARGUMENT);
}

TASK_TEST(columns_are_chosen_in_place_and_rows_keep_theirs)
{
    on_each_kind(5, check_columns);
}

static void
check_shared(cupel_result *result)
{
    cupel_scalar_result *scalars;
    cupel_value value;
    const cupel_row *row;
    int i;

    CHECK_OK(cupel_result_scalars(result, 0, &scalars));
    for (i = 1; i <= 2; i++) {
        CHECK_INT(cupel_scalar_result_fetchone(scalars, &value), CUPEL_ROW);
        CHECK_INT(value.as.integer, i);
    }
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(cupel_row_int(row, 0), 0); /* the third row */
    CHECK_OK(cupel_scalar_result_close(scalars));
    CHECK(cupel_result_closed(result));
    CHECK_FAILS(cupel_result_fetchone(result, &row), CUPEL_E_CLOSED);
    cupel_scalar_result_free(scalars);
}

TASK_TEST(views_of_one_cursor_share_its_rows_and_its_end)
{
    on_each_kind(10, check_shared);
}

TASK_TEST(the_last_view_takes_the_cursor_along)
{
    struct numbers numbers;
    cupel_mapping_result *mappings;
    cupel_result *result;
    const cupel_row *row;

    numbers_open(&numbers, 2);
    result = numbers_stream(&numbers, 1);
    CHECK_OK(cupel_result_mappings(result, &mappings));
    cupel_result_free(result);
    CHECK_INT(cupel_mapping_result_fetchone(mappings, &row), CUPEL_ROW);
    CHECK_INT(cupel_row_int(row, 0), 1);
    cupel_mapping_result_free(mappings);
    numbers_close(&numbers);
}

TASK_TEST(a_view_made_from_a_unique_one_is_unique_for_itself)
{
    struct numbers numbers;
    cupel_scalar_result *scalars;
    cupel_result *result;
    const cupel_row *row;
    cupel_value value;

    open_thirds(&numbers, 6);
    result = thirds(&numbers, 0);
    CHECK_OK(cupel_result_unique(result, NULL, NULL));
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_OK(cupel_result_scalars(result, 0, &scalars));
    CHECK_INT(cupel_scalar_result_fetchone(scalars, &value), CUPEL_ROW);
    CHECK_INT(value.as.integer, 0);
    CHECK_INT(cupel_scalar_result_fetchone(scalars, &value), CUPEL_ROW);
    CHECK_INT(value.as.integer, 1); /* which only the base has seen */
    CHECK_OK(cupel_result_unique(result, NULL, NULL)); /* begins anew */
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(cupel_row_int(row, 0), 2);
    cupel_scalar_result_free(scalars);
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(leaving_the_scope_closes_and_hands_the_status_on)
{
    struct numbers numbers;

    numbers_open(&numbers, 10);
    CHECK_OK(cupel_result_exit(numbers_stream(&numbers, 2), CUPEL_OK));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE_ROWS), 1);
    CHECK_FAILS(cupel_result_exit(numbers_stream(&numbers, 2), CUPEL_E_VALUE),
                CUPEL_E_VALUE);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE_ROWS), 2);
    CHECK_OK(cupel_result_exit(NULL, CUPEL_OK));
    numbers_close(&numbers);
}

TASK_TEST(there_is_nothing_to_choose_where_there_are_no_rows)
{
    static const int64_t first[] = { 0 };
    struct numbers numbers;
    cupel_scalar_result *scalars;
    cupel_mapping_result *mappings;
    const char *const *keys;
    cupel_result *result;
    size_t count;

    numbers_open(&numbers, 1);
    CHECK_OK(cupel_connection_execute(
        numbers.conn, CUPEL_TEXT("DELETE FROM item"), NULL, NULL, &result));
    CHECK_FAILS(cupel_result_keys(result, &keys, &count), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_columns(result, first, 1), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_scalars(result, 0, &scalars), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_mappings(result, &mappings), CUPEL_E_CLOSED);
    CHECK(scalars == NULL);
    CHECK(mappings == NULL);
    cupel_result_free(result);
    CHECK_FAILS(cupel_connection_scalars(numbers.conn,
                                         CUPEL_TEXT("DELETE FROM item"), NULL,
                                         NULL, &scalars),
                CUPEL_E_CLOSED);
    CHECK(scalars == NULL);
    numbers_close(&numbers);
}
