/* SPDX-License-Identifier: MIT */
/* Results: their states, what filters share, what is unique, which columns
 * there are. */
#include "acceptance/kinds.h"

/* ---- No row, one row ------------------------------------------------- */

TASK_TEST(without_rows_one_fails_and_one_or_none_does_not)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    static const char sql[] = "SELECT user_id, user_name FROM users";
    const char *const *keys;
    const cupel_row *row;
    cupel_result *result;
    cupel_value value;
    size_t count;

    result = kind_query(conn, sql);
    CHECK(cupel_result_returns_rows(result));
    CHECK_OK(cupel_result_keys(result, &keys, &count));
    CHECK_INT(count, 2);
    CHECK_FAILS(cupel_result_one(result, &row), CUPEL_E_NORESULT);
    CHECK(cupel_result_closed(result));
    cupel_result_free(result);
    result = kind_query(conn, sql);
    CHECK_OK(cupel_result_one_or_none(result, &row));
    CHECK(row == NULL);
    CHECK_FAILS(cupel_result_first(result, &row), CUPEL_E_CLOSED);
    cupel_result_free(result);
    result = kind_query(conn, sql);
    CHECK_OK(cupel_result_first(result, &row));
    CHECK(row == NULL);
    CHECK(cupel_result_closed(result));
    cupel_result_free(result);
    result = kind_query(conn, sql);
    CHECK_FAILS(cupel_result_scalar_one(result, &value), CUPEL_E_NORESULT);
    cupel_result_free(result);
    result = kind_query(conn, sql);
    CHECK_OK(cupel_result_scalar_one_or_none(result, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_result_free(result);
    result = kind_query(conn, sql);
    CHECK_OK(cupel_result_scalar(result, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(null_is_a_valid_scalar_one)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_result *result = kind_query(conn, "SELECT NULL");
    cupel_value value;

    CHECK_OK(cupel_result_scalar_one(result, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    CHECK(cupel_result_closed(result));
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

static void
check_end(cupel_result *result)
{
    const cupel_row *const *rows, *row;
    size_t found;

    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK_INT(found, MATRIX_ROWS);
    CHECK_FAILS(cupel_result_one(result, &row), CUPEL_E_NORESULT);
    CHECK_OK(cupel_result_first(result, &row));
    CHECK(row == NULL);
    CHECK_OK(cupel_result_one_or_none(result, &row));
    CHECK_OK(cupel_result_fetchmany(result, 5, &rows, &found));
    CHECK_INT(found, 0);
    CHECK(!cupel_result_closed(result));
    CHECK_OK(cupel_result_close(result));
    CHECK(cupel_result_closed(result));
    CHECK_FAILS(cupel_result_all(result, &rows, &found), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_partition(result, 5, &rows, &found),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_first(result, &row), CUPEL_E_CLOSED);
    CHECK_OK(cupel_result_close(result));
    CHECK_OK(cupel_result_exit(result, CUPEL_OK));
}

TASK_TEST(after_all_nothing_is_found_and_after_close_nothing_is_allowed)
{
    on_each_kind(check_end);
}

/* ---- Sharing the cursor ---------------------------------------------- */

static void
check_sharing(cupel_result *result)
{
    cupel_scalar_result *scalars;
    cupel_mapping_result *mappings;
    const cupel_row *row;
    cupel_value value;

    CHECK_OK(cupel_result_scalars(result, 0, &scalars));
    CHECK_INT(cupel_scalar_result_fetchone(scalars, &value), CUPEL_ROW);
    CHECK_INT(cupel_scalar_result_fetchone(scalars, &value), CUPEL_ROW);
    CHECK_INT(value.as.integer, 2);
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(cupel_row_int(row, 1), 1); /* the third row */
    CHECK_OK(cupel_result_mappings(result, &mappings));
    CHECK_INT(cupel_mapping_result_fetchone(mappings, &row), CUPEL_ROW);
    CHECK_OK(cupel_row_get_named(row, "b", &value));
    CHECK_INT(value.as.integer, 3);
    CHECK_OK(cupel_mapping_result_first(mappings, &row));
    CHECK_INT(cupel_row_int(row, 0), 4);
    CHECK(cupel_result_closed(result));
    CHECK(cupel_scalar_result_closed(scalars));
    CHECK_FAILS(cupel_scalar_result_fetchone(scalars, &value), CUPEL_E_CLOSED);
    cupel_result_free(result);
    CHECK_INT(cupel_row_int(row, 0), 4); /* the mappings have kept it */
    cupel_scalar_result_free(scalars);
    cupel_mapping_result_free(mappings);
}

TASK_TEST(filters_consume_one_stream_of_rows)
{
    on_each_kind(check_sharing);
}

static void
check_yield_per(cupel_result *result)
{
    cupel_scalar_result *scalars;
    const cupel_value *values;
    const cupel_row *const *rows;
    size_t found;

    CHECK_OK(cupel_result_scalars(result, 0, &scalars));
    CHECK_OK(cupel_scalar_result_yield_per(scalars, 4)); /* for the base too */
    CHECK_INT(cupel_result_partition(result, 0, &rows, &found), CUPEL_ROW);
    CHECK_INT(found, 4);
    CHECK_OK(cupel_scalar_result_fetchmany(scalars, 0, &values, &found));
    CHECK_INT(found, 2);
    CHECK_OK(cupel_result_partition(result, 0, &rows, &found));
    CHECK_INT(found, 0);
    cupel_scalar_result_free(scalars);
    cupel_result_free(result);
}

TASK_TEST(yield_per_is_the_size_where_none_is_given)
{
    on_each_kind(check_yield_per);
}

/* ---- Unique ---------------------------------------------------------- */

/* a + b + c */
static cupel_status
sum_of(const cupel_row *row, void *arg, cupel_value *out)
{
    int64_t sum = 0;
    size_t i;

    for (i = 0; i < cupel_row_len(row); i++)
        sum += cupel_row_int(row, i);
    ++*(int *)arg;
    *out = cupel_int(sum);
    return CUPEL_OK;
}

static void
check_strategy(cupel_result *result)
{
    const cupel_row *const *rows;
    size_t found;
    int calls = 0;

    CHECK_OK(cupel_result_unique(result, sum_of, &calls));
    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK_INT(calls, MATRIX_ROWS);
    CHECK_INT(found, 4); /* sums 3, 5, 6, 7 */
    CHECK_INT(cupel_row_int(rows[2], 1), 3);
    cupel_result_free(result);
}

TASK_TEST(rows_are_unique_by_what_a_strategy_makes_of_them)
{
    on_each_kind(check_strategy);
}

static void
check_unique_one(cupel_result *result)
{
    static const char *const names[] = { "b" };
    const cupel_row *row;

    CHECK_OK(cupel_result_columns_named(result, names, 1));
    CHECK_OK(cupel_result_unique(result, NULL, NULL));
    CHECK_FAILS(cupel_result_one(result, &row), CUPEL_E_MULTIPLE);
    cupel_result_free(result);
}

TASK_TEST(unique_one_refuses_two_distinct_rows)
{
    on_each_kind(check_unique_one);
}

TASK_TEST(unique_one_takes_the_same_row_twice_for_one)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_result *result;
    const cupel_row *row;

    result = kind_query(conn, "SELECT 1, 'a' UNION ALL SELECT 1, 'a' "
                              "UNION ALL SELECT 1, 'a'");
    CHECK_OK(cupel_result_unique(result, NULL, NULL));
    CHECK_OK(cupel_result_one(result, &row));
    CHECK_INT(cupel_row_int(row, 0), 1);
    CHECK_OK(cupel_result_exit(result, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* How many distinct rows the query has. */
static size_t
distinct(cupel_connection *conn, const char *sql)
{
    cupel_result *result = kind_query(conn, sql);
    const cupel_row *const *rows;
    size_t found;

    CHECK_OK(cupel_result_unique(result, NULL, NULL));
    CHECK_OK(cupel_result_all(result, &rows, &found));
    cupel_result_free(result);
    return found;
}

TASK_TEST(values_of_every_kind_can_be_unique)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    size_t i;
    static const char *const everywhere[] = {
        "SELECT NULL UNION ALL SELECT 'a' UNION ALL SELECT NULL",
        "SELECT 'a' UNION ALL SELECT 'A' UNION ALL SELECT 'a'",
        "SELECT 0.5 UNION ALL SELECT 1.5 UNION ALL SELECT 0.50",
    };
    static const char *const postgresql[] = {
        "SELECT ARRAY[1,2] UNION ALL SELECT ARRAY[2,1] UNION ALL "
        "SELECT ARRAY[1,2]",
        "SELECT '[1]'::json UNION ALL SELECT '{}'::json UNION ALL "
        "SELECT '[1]'::json",
        "SELECT '\\x00ff'::bytea UNION ALL SELECT '\\x00'::bytea UNION ALL "
        "SELECT '\\x00'::bytea",
        "SELECT DATE '2026-11-22' UNION ALL SELECT DATE '2026-11-21' UNION "
        "ALL SELECT DATE '2026-11-22'",
        "SELECT INTERVAL '1 mon' UNION ALL SELECT INTERVAL '30 days' UNION "
        "ALL SELECT INTERVAL '1 mon'",
        "SELECT true UNION ALL SELECT false UNION ALL SELECT true",
        "SELECT 1.50::numeric UNION ALL SELECT 2::numeric UNION ALL "
        "SELECT 1.5::numeric",
    };

    for (i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++)
        CHECK_INT(distinct(conn, everywhere[i]), 2);
    for (i = 0;
         accept_is_postgresql() && i < sizeof postgresql / sizeof postgresql[0];
         i++)
        CHECK_INT(distinct(conn, postgresql[i]), 2);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Keys and columns ------------------------------------------------ */

static void
check_wrong_columns(cupel_result *result)
{
    static const int64_t out[] = { 0, 3 }, far[] = { -4 };
    static const char *const wrong[] = { "a", "B" };
    static const int64_t chosen[] = { 2, 0 }, last[] = { -1 };
    cupel_scalar_result *scalars;
    size_t column;

    CHECK_FAILS(cupel_result_columns(result, out, 2), CUPEL_E_INDEX);
    CHECK_FAILS(cupel_result_columns(result, far, 1), CUPEL_E_INDEX);
    CHECK_FAILS(cupel_result_columns_named(result, wrong, 2), CUPEL_E_NOCOLUMN);
    CHECK(strstr(cupel_error_text(), "'B'") != NULL);
    CHECK_FAILS(cupel_result_scalars(result, 3, &scalars), CUPEL_E_INDEX);
    CHECK_FAILS(cupel_result_scalars_named(result, "x", &scalars),
                CUPEL_E_NOCOLUMN);
    CHECK_INT(cupel_result_column_count(result), 3); /* as before */
    CHECK_OK(cupel_result_columns(result, chosen, 2));
    CHECK_OK(cupel_result_find(result, "a", &column));
    CHECK_INT(column, 1);
    CHECK_FAILS(cupel_result_find(result, "b", &column), CUPEL_E_NOCOLUMN);
    CHECK_OK(cupel_result_columns(result, last, 1));
    CHECK_STR(cupel_result_key(result, 0), "a");
    CHECK_INT(cupel_result_column_count(result), 1);
    cupel_result_free(result);
}

TASK_TEST(columns_are_relative_to_what_is_shown_and_wrong_ones_refused)
{
    on_each_kind(check_wrong_columns);
}

static void
check_equal_rows(cupel_result *result)
{
    const cupel_row *const *rows;
    uint64_t one, three;
    size_t found;
    int order;

    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK(cupel_row_equal(rows[0], rows[2]));
    CHECK(!cupel_row_equal(rows[0], rows[1]));
    CHECK_OK(cupel_row_hash(rows[0], &one));
    CHECK_OK(cupel_row_hash(rows[2], &three));
    CHECK(one == three);
    CHECK_OK(cupel_row_compare(rows[3], rows[0], &order));
    CHECK(order > 0);
    CHECK_OK(cupel_row_compare(rows[4], rows[5], &order));
    CHECK_INT(order, 0);
    cupel_result_free(result);
}

TASK_TEST(rows_of_any_result_compare_by_their_values)
{
    on_each_kind(check_equal_rows);
}
