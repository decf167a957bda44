/* SPDX-License-Identifier: MIT */
/* Rows that are all here. */
#include "support/test.h"

#include "dialect/postgresql/rows.h"

/* Whole numbers from 0 as text, in one column. */
static PGresult *
make_result(int count)
{
    char name[] = "n";
    PGresAttDesc column = { name, 0, 0, 0, 23, 4, -1 };
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    char text[16];
    int i;

    CHECK_INT(PQsetResultAttrs(result, 1, &column), 1);
    for (i = 0; i < count; i++) {
        int len = snprintf(text, sizeof text, "%d", i);

        CHECK_INT(PQsetvalue(result, i, 0, text, len), 1);
    }
    return result;
}

static int64_t
number_at(cupel_rows *rows, size_t row)
{
    cupel_value value;

    CHECK_OK(rows->ops->cell(rows, row, 0, &value));
    CHECK_INT(value.type, CUPEL_INT);
    return value.as.integer;
}

TEST(cells_are_read_when_asked_for)
{
    cupel_rows *rows;

    CHECK_OK(cup_pg_rows_new(make_result(3), NULL, 3, &rows));
    CHECK_INT(rows->row_count, 3);
    CHECK_INT(rows->column_count, 1);
    CHECK_INT(rows->affected, 3);
    CHECK_INT(number_at(rows, 2), 2);
    CHECK_INT(number_at(rows, 0), 0);
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
}

TEST(null_is_told_from_empty)
{
    PGresult *result = make_result(1);
    cupel_rows *rows;
    cupel_value value;

    CHECK_INT(PQsetvalue(result, 1, 0, NULL, -1), 1);
    CHECK_OK(cup_pg_rows_new(result, NULL, 2, &rows));
    CHECK_OK(rows->ops->cell(rows, 1, 0, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    rows->ops->free(rows);
}

TEST(a_statement_may_have_no_rows)
{
    cupel_rows *rows;

    CHECK_OK(cup_pg_rows_new(NULL, NULL, 7, &rows));
    CHECK_INT(rows->column_count, 0);
    CHECK_INT(rows->row_count, 0);
    CHECK_INT(rows->affected, 7);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK(!rows->more);
    rows->ops->free(rows);
}

TEST(a_shape_that_does_not_fit_is_not_used)
{
    PGresult *result = make_result(1);
    struct cup_pg_shape *shape;
    cupel_rows *rows;

    CHECK_OK(cup_pg_shape_new(result, true, &shape)); /* but these are text */
    CHECK_OK(cup_pg_rows_new(result, shape, 1, &rows));
    CHECK_INT(shape->refs, 1);
    CHECK_INT(number_at(rows, 0), 0);
    rows->ops->free(rows);
    cup_pg_shape_unref(shape);
}

TEST(after_the_only_batch_there_is_nothing)
{
    cupel_rows *rows;

    CHECK_OK(cup_pg_rows_new(make_result(3), NULL, 3, &rows));
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_INT(rows->row_count, 0);
    CHECK(!rows->more);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_INT(rows->row_count, 0);
    rows->ops->free(rows);
}

TEST(a_window_shows_batch_after_batch)
{
    static const size_t sizes[] = { 2, 10, 20, 20, 11, 0 };
    cupel_rows *rows;
    size_t i, first = 0;

    CHECK_OK(cup_pg_rows_new(make_result(63), NULL, 63, &rows));
    cup_pg_rows_window(rows, 2, 20);
    for (i = 0; i < 6; i++) {
        CHECK_INT(rows->row_count, sizes[i]);
        CHECK_INT(rows->more, i < 4);
        if (sizes[i] > 0)
            CHECK_INT(number_at(rows, sizes[i] - 1), first + sizes[i] - 1);
        first += sizes[i];
        CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    }
    rows->ops->free(rows);
}

TEST(windows_to_come_take_the_size_they_are_given)
{
    cupel_rows *rows;

    CHECK_OK(cup_pg_rows_new(make_result(20), NULL, 20, &rows));
    cup_pg_rows_window(rows, 2, 20);
    rows->ops->set_batch(rows, 3);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_INT(rows->row_count, 3);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_INT(rows->row_count, 3);
    rows->ops->free(rows);
}

TEST(batches_grow_fivefold)
{
    CHECK_INT(cup_pg_next_batch(1, 1000), 5);
    CHECK_INT(cup_pg_next_batch(125, 1000), 625);
    CHECK_INT(cup_pg_next_batch(625, 1000), 1000);
    CHECK_INT(cup_pg_next_batch(1000, 1000), 1000);
    CHECK_INT(cup_pg_next_batch(2000, 1000), 2000);
    CHECK_INT(cup_pg_next_batch(SIZE_MAX / 2, SIZE_MAX), SIZE_MAX);
}

TEST(only_some_statements_say_how_much_they_changed)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_COMMAND_OK);

    CHECK_INT(cup_pg_affected(result), -1);
    PQclear(result);
}
