/* SPDX-License-Identifier: MIT */
#include "engine/cursor.h"

#include <cupel/task.h>

#include "support/log_lines.h"
#include "support/numbers.h"

TASK_TEST(a_cursor_lives_as_long_as_somebody_has_it)
{
    struct numbers numbers;
    struct cup_cursor *cursor;
    cupel_result *result;

    numbers_open(&numbers, 3);
    result = numbers_stream(&numbers, 1);
    cursor = cup_cursor_ref(result->view.cursor);
    cupel_result_free(result);
    CHECK_INT(cup_cursor_advance(cursor), CUPEL_ROW);
    CHECK_INT(cup_cursor_take(cursor), 0);
    CHECK_INT(cup_cursor_advance(cursor), CUPEL_ROW);
    CHECK_INT(cup_cursor_take(cursor), 0); /* of the next batch */
    CHECK_OK(cup_cursor_close(cursor));
    CHECK_OK(cup_cursor_close(cursor));
    cup_cursor_unref(cursor);
    numbers_close(&numbers);
}

TASK_TEST(a_cursor_at_its_end_leaves_its_connection)
{
    struct numbers numbers;
    struct cup_cursor *cursor;
    cupel_result *result;

    numbers_open(&numbers, 1);
    result = numbers_stream(&numbers, 5);
    cursor = result->view.cursor;
    CHECK(cup_cursor_has_line(cursor));
    cup_cursor_take(cursor);
    CHECK(!cup_cursor_has_line(cursor));
    CHECK_OK(cup_cursor_advance(cursor));
    CHECK_INT(cursor->state, CUP_CURSOR_ENDED);
    CHECK(cursor->conn == NULL);
    CHECK_OK(cup_cursor_advance(cursor));
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(a_streams_column_names_stay_when_its_batches_go)
{
    struct numbers numbers;
    cupel_result *result;
    const char *name;

    numbers_open(&numbers, 3);
    result = numbers_stream(&numbers, 1);
    name = cupel_result_key(result, 0);
    CHECK(name != result->view.cursor->rows->columns[0].name);
    cup_cursor_take(result->view.cursor);
    CHECK_INT(cup_cursor_advance(result->view.cursor), CUPEL_ROW);
    CHECK_STR(name, "id");
    cupel_result_free(result);
    numbers_close(&numbers);
}

/* Fetches from a result that another task uses too. Yields. */
static cupel_status
take_three(void *arg)
{
    cupel_result *result = arg;
    const cupel_row *row;
    int i;

    for (i = 0; i < 3; i++)
        CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    return CUPEL_OK;
}

TASK_TEST(tasks_that_fetch_at_once_lose_no_row)
{
    struct numbers numbers;
    cupel_result *result;
    cupel_future *other;
    const cupel_row *row;

    numbers_open(&numbers, 6);
    result = numbers_stream(&numbers, 2);
    other = cupel_future_call(take_three, result);
    CHECK_OK(cupel_future_spawn(other));
    CHECK_OK(take_three(result));
    CHECK_OK(cupel_await(other));
    CHECK_OK(cupel_result_fetchone(result, &row));
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(yield_per_sizes_the_batches_to_come)
{
    struct numbers numbers;
    cupel_result *result;
    struct cup_cursor *cursor;

    numbers_open(&numbers, 20);
    result = numbers_stream(&numbers, 1);
    cursor = result->view.cursor;
    CHECK_INT(cursor->yield_per, 1);
    cup_cursor_yield_per(cursor, 6);
    cup_cursor_take(cursor);
    CHECK_INT(cup_cursor_advance(cursor), CUPEL_ROW);
    CHECK_INT(cursor->rows->row_count, 6);
    cup_cursor_yield_per(cursor, 0);
    cursor->next = 6;
    CHECK_INT(cup_cursor_advance(cursor), CUPEL_ROW);
    CHECK_INT(cursor->rows->row_count, 13);
    cupel_result_free(result);
    numbers_close(&numbers);
}

TASK_TEST(rows_are_shown_as_they_are_handed_out)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_result *result;
    const cupel_row *row;

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a'), (2, 'b')"));
    log_lines_begin(CUPEL_LOG_DEBUG);
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT id FROM item ORDER BY id"), NULL, NULL,
        &result));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    log_lines.count = 0;
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_LINES("Row \\(1,\\)");
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_LINES("Row \\(2,\\)");
    CHECK_OK(cupel_result_fetchone(result, &row));
    CHECK_INT(log_lines.count, 0);
    log_lines_end();
    fake_engine_close(engine);
    cupel_result_free(result);
}

TASK_TEST(a_stream_begins_with_five_rows_and_grows_fivefold)
{
    static const size_t sizes[] = { 5, 25, 125, 625, 1000, 220 };
    struct numbers numbers;
    struct cup_cursor *cursor;
    cupel_result *result;
    size_t i;

    numbers_open(&numbers, 2000);
    CHECK_OK(cupel_connection_stream(
        numbers.conn, CUPEL_TEXT("SELECT id FROM item"), NULL, NULL, &result));
    cursor = result->view.cursor;
    for (i = 0; i < 6; i++) {
        CHECK_INT(cup_cursor_advance(cursor), CUPEL_ROW);
        CHECK_INT(cursor->rows->row_count, sizes[i]);
        cursor->next = sizes[i];
    }
    CHECK_OK(cup_cursor_advance(cursor));
    cupel_result_free(result);
    numbers_close(&numbers);
}
