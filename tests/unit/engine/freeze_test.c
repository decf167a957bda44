/* SPDX-License-Identifier: MIT */
#include "engine/freeze.h"

#include <cupel/task.h>

#include "support/numbers.h"
#include "unit/base/failing_alloc.h"

static void
check_ids(cupel_result *result, int64_t from, int64_t to)
{
    const cupel_row *row;

    for (; from <= to; from++) {
        CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
        CHECK_INT(cupel_row_int(row, 0), from);
    }
    CHECK_OK(cupel_result_fetchone(result, &row));
}

TASK_TEST(a_frozen_result_thaws_any_number_of_times)
{
    struct numbers numbers;
    cupel_frozen_result *frozen;
    cupel_result *result, *one, *two;
    const cupel_row *row;

    numbers_open(&numbers, 7);
    result = numbers_stream(&numbers, 3);
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_OK(cupel_result_freeze(result, &frozen));
    CHECK_OK(cupel_result_fetchone(result, &row));
    cupel_result_free(result);
    numbers_close(&numbers);

    CHECK_OK(cupel_frozen_result_thaw(frozen, &one));
    CHECK_OK(cupel_frozen_result_thaw(frozen, &two));
    cupel_frozen_result_free(frozen);
    CHECK_STR(cupel_result_key(one, 1), "name");
    check_ids(one, 2, 7);
    cupel_result_free(one);
    check_ids(two, 2, 7);
    CHECK_INT(cupel_result_rowcount(two), -1);
    CHECK_OK(cupel_result_close(two));
    CHECK(cupel_result_closed(two));
    cupel_result_free(two);
}

TASK_TEST(what_the_filters_show_is_frozen_and_can_be_filtered_again)
{
    static const int64_t swapped[] = { 1, 0 };
    struct numbers numbers;
    cupel_frozen_result *frozen;
    cupel_scalar_result *scalars;
    const cupel_value *values;
    cupel_result *result;
    size_t found;

    numbers_open(&numbers, 3);
    result = numbers_buffered(&numbers);
    CHECK_OK(cupel_result_columns(result, swapped, 2));
    CHECK_OK(cupel_result_freeze(result, &frozen));
    cupel_result_free(result);
    CHECK_OK(cupel_frozen_result_thaw(frozen, &result));
    CHECK_STR(cupel_result_key(result, 0), "name");
    CHECK_OK(cupel_result_scalars(result, 0, &scalars));
    CHECK_OK(cupel_scalar_result_unique(scalars, NULL, NULL));
    CHECK_OK(cupel_scalar_result_all(scalars, &values, &found));
    CHECK_INT(found, 1);
    CHECK_INT(values[0].as.bytes.len, 1);
    cupel_scalar_result_free(scalars);
    cupel_result_free(result);
    cupel_frozen_result_free(frozen);
    numbers_close(&numbers);
}

TASK_TEST(no_rows_freeze_with_their_keys)
{
    struct numbers numbers;
    cupel_frozen_result *frozen;
    cupel_result *result;

    numbers_open(&numbers, 0);
    result = numbers_buffered(&numbers);
    CHECK_OK(cupel_result_freeze(result, &frozen));
    cupel_frozen_result_free(frozen);
    CHECK_OK(cupel_result_close(result));
    CHECK_FAILS(cupel_result_freeze(result, &frozen), CUPEL_E_CLOSED);
    CHECK(frozen == NULL);
    cupel_result_free(result);
    result = numbers_buffered(&numbers);
    CHECK_OK(cupel_result_freeze(result, &frozen));
    cupel_result_free(result);
    CHECK_OK(cupel_frozen_result_thaw(frozen, &result));
    CHECK_INT(cupel_result_column_count(result), 2);
    check_ids(result, 1, 0);
    cupel_result_free(result);
    cupel_frozen_result_free(frozen);
    cupel_frozen_result_free(NULL);
    CHECK_FAILS(cupel_frozen_result_thaw(NULL, &result), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_result_freeze(NULL, &frozen), CUPEL_E_ARGUMENT);
    numbers_close(&numbers);
}

/* Freeze, thaw and filter. Yields. */
static cupel_status
work(cupel_connection *conn)
{
    cupel_frozen_result *frozen = NULL;
    cupel_result *result, *thawed = NULL;
    const cupel_row *const *rows;
    cupel_status rc;
    size_t found;

    rc = cupel_connection_stream(conn, CUPEL_TEXT("SELECT id FROM item"), NULL,
                                 NULL, &result);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_result_freeze(result, &frozen);
    if (rc == CUPEL_OK)
        rc = cupel_frozen_result_thaw(frozen, &thawed);
    if (rc == CUPEL_OK)
        rc = cupel_result_unique(thawed, NULL, NULL);
    if (rc == CUPEL_OK)
        rc = cupel_result_all(thawed, &rows, &found);
    if (rc == CUPEL_OK)
        CHECK_INT(found, 7);
    cupel_result_free(thawed);
    cupel_frozen_result_free(frozen);
    return cupel_result_exit(result, rc);
}

/* Yields. */
static cupel_status
whole_life(void *arg)
{
    struct numbers numbers;
    cupel_status rc;
    size_t n;

    (void)arg;
    numbers_open(&numbers, 7);
    CHECK_OK(work(numbers.conn)); /* the caches are warm */
    for (n = 1, failing_alloc.failed = 1; failing_alloc.failed > 0; n++) {
        failing_alloc.calls = failing_alloc.failed = 0;
        failing_alloc.fail_at = n;
        rc = work(numbers.conn);
        failing_alloc.fail_at = 0;
        CHECK_OK(cupel_connection_rollback(numbers.conn));
        if (rc != CUPEL_OK)
            CHECK_FAILS(rc, CUPEL_E_NOMEM);
    }
    CHECK(n > 10);
    numbers_close(&numbers);
    return CUPEL_OK;
}

TEST(every_failed_allocation_of_freezing_is_survived)
{
    cupel_engine_free(fake_engine());
    failing_alloc_install(0, false);
    CHECK_OK(cupel_run(whole_life, NULL));
    cup_fake_reset();
    failing_alloc_end();
}
