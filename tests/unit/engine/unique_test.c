/* SPDX-License-Identifier: MIT */
#include "engine/unique.h"

#include "support/numbers.h"

/* Three rows: (1, NULL), (1, 'a'), (1, NULL). */
static cupel_result *
three_rows(struct numbers *numbers)
{
    cupel_result *result;

    CHECK_OK(run_sql(numbers->conn,
                     "CREATE TABLE t (id INTEGER, n INTEGER, t TEXT)"));
    CHECK_OK(run_sql(numbers->conn,
                     "INSERT INTO t VALUES (1, 1, NULL), (2, 1, 'a'), "
                     "(3, 1, NULL)"));
    CHECK_OK(cupel_connection_execute(
        numbers->conn, CUPEL_TEXT("SELECT n, t FROM t ORDER BY id"), NULL, NULL,
        &result));
    return result;
}

/* Which of the three rows are fresh, as bits. */
static unsigned
look(const struct cup_strategy *strategy)
{
    struct numbers numbers;
    struct cup_unique *unique = cup_unique_new(strategy);
    const cupel_row *const *rows;
    cupel_result *result;
    unsigned fresh_ones = 0;
    size_t found, i;
    bool fresh;

    numbers_open(&numbers, 0);
    result = three_rows(&numbers);
    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK_INT(found, 3);
    for (i = 0; i < found; i++) {
        CHECK_OK(cup_unique_see(unique, rows[i], &fresh));
        fresh_ones |= fresh ? 1u << i : 0;
    }
    cup_unique_free(unique);
    cupel_result_free(result);
    numbers_close(&numbers);
    return fresh_ones;
}

TASK_TEST(rows_are_told_apart_by_their_values)
{
    CHECK_INT(look(&(struct cup_strategy){ NULL, NULL, NULL }), 3);
}

static cupel_status
second_value(const cupel_row *row, void *arg, cupel_value *out)
{
    ++*(int *)arg;
    return cupel_row_get(row, 1, out);
}

static cupel_status
the_same(const cupel_value *value, void *arg, cupel_value *out)
{
    (void)arg;
    CHECK_INT(value->as.integer, 1);
    *out = cupel_bool(true);
    return CUPEL_OK;
}

TASK_TEST(rows_are_told_apart_by_the_strategys_key)
{
    int calls = 0;

    CHECK_INT(look(&(struct cup_strategy){ second_value, NULL, &calls }), 3);
    CHECK_INT(calls, 3);
    CHECK_INT(look(&(struct cup_strategy){ NULL, the_same, NULL }), 1);
}

static cupel_status
refuse(const cupel_row *row, void *arg, cupel_value *out)
{
    (void)row;
    (void)arg;
    (void)out;
    return CUPEL_E_VALUE;
}

TASK_TEST(a_strategy_that_fails_ends_the_fetch)
{
    struct numbers numbers;
    cupel_result *result;
    const cupel_row *row;

    numbers_open(&numbers, 2);
    result = numbers_buffered(&numbers);
    CHECK_OK(cupel_result_unique(result, refuse, NULL));
    CHECK_FAILS(cupel_result_fetchone(result, &row), CUPEL_E_VALUE);
    CHECK(row == NULL);
    cupel_result_free(result);
    cup_unique_free(NULL);
    numbers_close(&numbers);
}
