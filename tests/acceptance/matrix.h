/* SPDX-License-Identifier: MIT */
/* Every filter with every way of fetching, against a model: which rows of
 *
 *     numbers (n INTEGER PRIMARY KEY, a INTEGER, b INTEGER, c INTEGER)
 *
 * are to be seen, in which form. */
#ifndef TESTS_ACCEPTANCE_MATRIX_H
#define TESTS_ACCEPTANCE_MATRIX_H

#include <stdio.h>

#include "acceptance/acceptance.h"

enum { MATRIX_ROWS = 6, MATRIX_COLUMNS = 3, MATRIX_TEXT = 32 };

/* The rows of the table, a, b and c. */
static const int64_t matrix_numbers[MATRIX_ROWS][MATRIX_COLUMNS] = {
    { 1, 1, 1 }, { 2, 1, 2 }, { 1, 1, 1 }, { 1, 3, 2 }, { 4, 1, 2 }, { 4, 1, 2 }
};

#define MATRIX_SELECT "SELECT a, b, c FROM numbers ORDER BY n"

/* What a result is turned into. */
enum matrix_form { MATRIX_AS_ROWS, MATRIX_AS_SCALARS, MATRIX_AS_MAPPINGS };

/* Which columns, whether each row once, and in which form. A form of scalars
 * has one column. */
struct matrix_filter {
    int64_t columns[MATRIX_COLUMNS];
    size_t column_count; /* 0: all of them */
    bool unique;
    enum matrix_form form;
};

static const struct matrix_filter matrix_filters[] = {
    { { 0 }, 0, false, MATRIX_AS_ROWS },
    { { 0 }, 0, true, MATRIX_AS_ROWS },
    { { 2, 0 }, 2, false, MATRIX_AS_ROWS },
    { { -1, 0 }, 2, true, MATRIX_AS_ROWS },
    { { 1 }, 1, true, MATRIX_AS_ROWS },
    { { 0 }, 1, false, MATRIX_AS_SCALARS },
    { { 0 }, 1, true, MATRIX_AS_SCALARS },
    { { -2 }, 1, true, MATRIX_AS_SCALARS },
    { { 0 }, 0, false, MATRIX_AS_MAPPINGS },
    { { 0 }, 0, true, MATRIX_AS_MAPPINGS },
    { { 2, 2, 1 }, 3, true, MATRIX_AS_MAPPINGS },
};

enum { MATRIX_FILTERS = sizeof matrix_filters / sizeof matrix_filters[0] };

/* Rows as texts. */
struct matrix_texts {
    char items[MATRIX_ROWS][MATRIX_TEXT];
    size_t count;
};

/* Make the table and fill it, in the connection's transaction. Yields. */
static inline void
matrix_fill(cupel_connection *conn)
{
    cupel_param items[MATRIX_ROWS * 4];
    const cupel_params params = { items, 4, MATRIX_ROWS };
    size_t i;

    for (i = 0; i < MATRIX_ROWS; i++) {
        const int64_t *row = matrix_numbers[i];

        items[4 * i] = (cupel_param){ "n", cupel_int((int64_t)i) };
        items[4 * i + 1] = (cupel_param){ "a", cupel_int(row[0]) };
        items[4 * i + 2] = (cupel_param){ "b", cupel_int(row[1]) };
        items[4 * i + 3] = (cupel_param){ "c", cupel_int(row[2]) };
    }
    CHECK_OK(accept_run(conn, "CREATE TABLE numbers (n INTEGER PRIMARY KEY, "
                              "a INTEGER, b INTEGER, c INTEGER)"));
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO numbers VALUES (:n, :a, :b, :c)"),
        &params, NULL, NULL));
}

/* The row's values that the filter shows, as cupel_row_repr() writes them. */
static inline void
matrix_write(const struct matrix_filter *filter, const int64_t *row, char *out)
{
    size_t i, count = filter->column_count;
    int64_t values[MATRIX_COLUMNS];

    for (i = 0; i < count; i++) {
        int64_t column = filter->columns[i];

        values[i] = row[column < 0 ? column + MATRIX_COLUMNS : column];
    }
    if (count == 0)
        memcpy(values, row, sizeof values);
    if (count == 1)
        snprintf(out, MATRIX_TEXT, "(%d,)", (int)values[0]);
    else if (count == 2)
        snprintf(out, MATRIX_TEXT, "(%d, %d)", (int)values[0], (int)values[1]);
    else
        snprintf(out, MATRIX_TEXT, "(%d, %d, %d)", (int)values[0],
                 (int)values[1], (int)values[2]);
}

/* What is to be seen through the filter. */
static inline void
matrix_expect(const struct matrix_filter *filter, struct matrix_texts *out)
{
    size_t i, j;

    out->count = 0;
    for (i = 0; i < MATRIX_ROWS; i++) {
        char *text = out->items[out->count];

        matrix_write(filter, matrix_numbers[i], text);
        for (j = 0; filter->unique && j < out->count; j++) {
            if (strcmp(out->items[j], text) == 0)
                break;
        }
        if (!filter->unique || j == out->count)
            out->count++;
    }
}

static inline void
matrix_add_row(struct matrix_texts *texts, const cupel_row *row)
{
    CHECK(texts->count < MATRIX_ROWS);
    cupel_row_repr(row, texts->items[texts->count++], MATRIX_TEXT);
}

static inline void
matrix_add_value(struct matrix_texts *texts, const cupel_value *value)
{
    CHECK(texts->count < MATRIX_ROWS);
    snprintf(texts->items[texts->count++], MATRIX_TEXT, "(%d,)",
             (int)value->as.integer);
}

static inline void
matrix_add_rows(struct matrix_texts *texts, const cupel_row *const *rows,
                size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        matrix_add_row(texts, rows[i]);
}

static inline void
matrix_add_values(struct matrix_texts *texts, const cupel_value *values,
                  size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        matrix_add_value(texts, &values[i]);
}

static inline void
matrix_check(const struct matrix_texts *actual,
             const struct matrix_texts *expected)
{
    size_t i;

    CHECK_INT(actual->count, expected->count);
    for (i = 0; i < expected->count; i++)
        CHECK_STR(actual->items[i], expected->items[i]);
}

#endif
