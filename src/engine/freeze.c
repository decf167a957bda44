/* SPDX-License-Identifier: MIT */
/* Frozen results: values that were taken out of a result. What thaws is a
 * result like others over rows that need no database; frozen handle and thawed
 * results share the values, which go with the last of them. */
#include "engine/freeze.h"

#include <assert.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "engine/columns.h"
#include "engine/view.h"
#include "sql/value.h"

/* The values. Counted: the handle, the rows over them. */
struct cupel_frozen_result {
    size_t refs;
    const cupel_column *columns; /* in the arena, as everything else */
    size_t column_count;
    const cupel_value *values; /* row after row */
    size_t row_count;
    struct cup_arena arena;
};

static void
unref(cupel_frozen_result *frozen)
{
    assert(frozen->refs > 0);
    if (--frozen->refs > 0)
        return;
    cup_arena_fini(&frozen->arena);
    cup_free(frozen);
}

/* ---- Rows over them -------------------------------------------------- */

struct frozen_rows {
    cupel_rows base;
    cupel_frozen_result *frozen; /* one reference */
};

static struct frozen_rows *
rows_of(cupel_rows *base)
{
    return (struct frozen_rows *)(void *)base;
}

static cupel_status
cell(cupel_rows *base, size_t row, size_t column, cupel_value *out)
{
    assert(row < base->row_count && column < base->column_count);
    *out = rows_of(base)->frozen->values[row * base->column_count + column];
    return CUPEL_OK;
}

/* There is one batch, and it stays. */
static cupel_status
nothing(cupel_rows *base, cupel_time until)
{
    (void)base;
    (void)until;
    return CUPEL_OK;
}

static void
set_batch(cupel_rows *base, size_t size)
{
    (void)base;
    (void)size;
}

static void
free_rows(cupel_rows *base)
{
    unref(rows_of(base)->frozen);
    cup_free(base);
}

static const cupel_rows_ops ops = { .struct_size = sizeof ops,
                                    .cell = cell,
                                    .fetch = nothing,
                                    .close = nothing,
                                    .free = free_rows,
                                    .set_batch = set_batch };

cupel_status
cupel_frozen_result_thaw(cupel_frozen_result *frozen, cupel_result **out)
{
    struct frozen_rows *rows;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    *out = NULL;
    if (frozen == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no frozen result");
    rows = cup_alloc(sizeof *rows);
    if (rows == NULL)
        return cup_nomem();
    rows->base = (cupel_rows){ .ops = &ops,
                               .columns = frozen->columns,
                               .column_count = frozen->column_count,
                               .row_count = frozen->row_count,
                               .affected = -1 };
    rows->frozen = frozen;
    frozen->refs++;
    *out = cup_result_new(NULL, &rows->base, false, 0);
    if (*out == NULL) {
        free_rows(&rows->base);
        return CUPEL_E_NOMEM;
    }
    return CUPEL_OK;
}

void
cupel_frozen_result_free(cupel_frozen_result *frozen)
{
    if (frozen != NULL)
        unref(frozen);
}

/* ---- Freezing -------------------------------------------------------- */

static cupel_status
copy_row(const cupel_row *row, cupel_frozen_result *frozen,
         struct cup_buf *values)
{
    cupel_status rc = CUPEL_OK;
    cupel_value value;
    size_t i;

    for (i = 0; i < frozen->column_count && rc == CUPEL_OK; i++) {
        rc = cupel_row_get(row, i, &value);
        if (rc == CUPEL_OK)
            rc = cup_value_copy(&frozen->arena, &value, &value);
        if (rc == CUPEL_OK) {
            cup_buf_add(values, &value, sizeof value);
            rc = values->failed;
        }
    }
    frozen->row_count++;
    return rc;
}

/* Yields. */
static cupel_status
copy_rows(struct cup_view *view, cupel_frozen_result *frozen)
{
    struct cup_buf values;
    const cupel_row *row;
    cupel_status rc;

    cup_buf_init(&values, SIZE_MAX / 2);
    while ((rc = cup_view_fetchone(view, &row)) == CUPEL_ROW) {
        rc = copy_row(row, frozen, &values);
        if (rc != CUPEL_OK)
            break;
    }
    if (rc == CUPEL_OK) {
        frozen->values = (const cupel_value *)(const void *)cup_arena_strndup(
            &frozen->arena, values.data, values.len);
        if (frozen->values == NULL)
            rc = cup_nomem();
    }
    cup_buf_fini(&values);
    return rc;
}

cupel_status
cup_view_freeze(struct cup_view *view, cupel_frozen_result **out)
{
    cupel_frozen_result *frozen;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the rows");
    *out = NULL;
    rc = cup_view_check(view);
    if (rc != CUPEL_OK)
        return rc;
    frozen = cup_alloc(sizeof *frozen);
    if (frozen == NULL)
        return cup_nomem();
    frozen->refs = 1;
    frozen->column_count = view->columns->count;
    rc = cup_columns_copy(view->columns, &frozen->arena, &frozen->columns);
    if (rc == CUPEL_OK)
        rc = copy_rows(view, frozen);
    if (rc == CUPEL_OK)
        *out = frozen;
    else
        unref(frozen);
    return rc;
}

cupel_status
cupel_result_freeze(cupel_result *result, cupel_frozen_result **out)
{
    return cup_view_freeze(result == NULL ? NULL : &result->view, out);
}
