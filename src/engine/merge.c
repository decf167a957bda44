/* SPDX-License-Identifier: MIT */
/* Merged results: a cursor whose batches are those of other cursors, one cursor
 * after the other. While it lives the parts are marked, so that nobody else
 * moves a batch away from under its rows. */

#include "base/alloc.h"
#include "base/error.h"
#include "engine/columns.h"
#include "engine/cursor.h"
#include "engine/view.h"

/* One of the results that were merged. */
struct part {
    struct cup_cursor *cursor;         /* one reference */
    const struct cup_columns *columns; /* as its view showed them */
};

struct merged_rows {
    cupel_rows base;
    struct part *parts; /* in the arena, as the names of columns */
    size_t count;
    size_t at;    /* the part whose batch is shown */
    size_t first; /* its line that is our line 0 */
    bool busy;    /* a task fetches */
    struct cup_arena arena;
};

static struct merged_rows *
rows_of(cupel_rows *base)
{
    return (struct merged_rows *)(void *)base;
}

/* ---- As rows --------------------------------------------------------- */

static cupel_status
cell(cupel_rows *base, size_t row, size_t column, cupel_value *out)
{
    const struct merged_rows *merged = rows_of(base);
    const struct part *part = &merged->parts[merged->at];
    const cupel_row line = { part->columns, NULL, merged->first + row };

    return cupel_row_get(&line, column, out);
}

/* The next batch of the part that is read, or of the next part that has one.
 * Yields. */
static cupel_status
next_batch(struct merged_rows *merged)
{
    struct cup_cursor *cursor;
    cupel_status rc;

    for (; merged->at < merged->count; merged->at++) {
        cursor = merged->parts[merged->at].cursor;
        rc = cup_cursor_advance_part(cursor);
        if (rc == CUPEL_ROW) {
            merged->first = cursor->next;
            merged->base.row_count = cursor->rows->row_count - cursor->next;
            cursor->next = cursor->rows->row_count;
            return CUPEL_OK;
        }
        if (rc != CUPEL_OK)
            return rc;
    }
    merged->base.more = false;
    return CUPEL_OK;
}

/* Yields. */
static cupel_status
fetch(cupel_rows *base, cupel_time until)
{
    struct merged_rows *merged = rows_of(base);
    cupel_status rc;

    (void)until;
    if (merged->busy)
        return cup_error_set(CUPEL_E_INVALID,
                             "another task fetches from this merged result");
    merged->base.row_count = 0;
    merged->busy = true;
    rc = next_batch(merged);
    merged->busy = false;
    return rc;
}

/* Yields. */
static cupel_status
close_rows(cupel_rows *base, cupel_time until)
{
    struct merged_rows *merged = rows_of(base);
    cupel_status rc = CUPEL_OK, closed;
    struct cupel_error *error = NULL;
    size_t i;

    (void)until;
    base->row_count = 0;
    base->more = false;
    for (i = 0; i < merged->count; i++) {
        closed = cup_cursor_close(merged->parts[i].cursor);
        if (rc == CUPEL_OK && closed != CUPEL_OK) {
            rc = closed;
            error = cup_error_take();
        }
    }
    if (rc != CUPEL_OK)
        cup_error_give(error);
    return rc;
}

/* Parts that are still marked are closed: their rows cannot be told from those
 * that were fetched. */
static void
release(struct merged_rows *merged)
{
    struct cup_cursor *cursor;
    size_t i;

    for (i = 0; i < merged->count; i++) {
        cursor = merged->parts[i].cursor;
        if (cursor->state == CUP_CURSOR_MERGED)
            cursor->state = CUP_CURSOR_CLOSED;
        cup_cursor_unref(cursor);
    }
    cup_arena_fini(&merged->arena);
    cup_free(merged);
}

static void
free_rows(cupel_rows *base)
{
    release(rows_of(base));
}

static void
set_batch(cupel_rows *base, size_t size)
{
    struct merged_rows *merged = rows_of(base);
    size_t i;

    for (i = merged->at; i < merged->count; i++)
        cup_cursor_yield_per(merged->parts[i].cursor, size);
}

static const cupel_rows_ops ops = { .struct_size = sizeof ops,
                                    .cell = cell,
                                    .fetch = fetch,
                                    .close = close_rows,
                                    .free = free_rows,
                                    .set_batch = set_batch };

/* ---- Making one ------------------------------------------------------ */

/* OK if the results can be merged. */
static cupel_status
check_parts(cupel_result *const *results, size_t count)
{
    cupel_status rc = CUPEL_OK;
    size_t i;

    if (results == NULL || count == 0)
        return cup_error_set(CUPEL_E_ARGUMENT, "no results to merge");
    for (i = 0; i < count && rc == CUPEL_OK; i++) {
        rc = cup_view_check(results[i] == NULL ? NULL : &results[i]->view);
        if (rc == CUPEL_OK &&
            results[i]->view.columns->count != results[0]->view.columns->count)
            rc = cup_error_set(CUPEL_E_ARGUMENT,
                               "results of %zu and %zu columns cannot be "
                               "merged",
                               results[0]->view.columns->count,
                               results[i]->view.columns->count);
    }
    return rc;
}

/* The sum, unless one of them is unknown. */
static int64_t
sum_affected(cupel_result *const *results, size_t count)
{
    int64_t affected, sum = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        affected = results[i]->view.cursor->rows->affected;
        if (affected < 0)
            return -1;
        sum += affected;
    }
    return sum;
}

/* Mark the parts and take a share of each. INVALID: one of them twice. */
static cupel_status
take_parts(cupel_result *const *results, size_t count,
           struct merged_rows *merged)
{
    struct cup_cursor *cursor;
    size_t i;

    for (i = 0; i < count; i++) {
        cursor = results[i]->view.cursor;
        if (cursor->state == CUP_CURSOR_MERGED)
            return cup_error_set(CUPEL_E_INVALID,
                                 "one result cannot be merged twice");
        merged->parts[i].cursor = cup_cursor_ref(cursor);
        merged->parts[i].columns = results[i]->view.columns;
        merged->count++;
        if (cursor->state == CUP_CURSOR_OPEN)
            cursor->state = CUP_CURSOR_MERGED;
    }
    return CUPEL_OK;
}

/* The merge did not come about: the parts are what they were. */
static void
give_back(struct merged_rows *merged)
{
    size_t i;

    for (i = 0; i < merged->count; i++) {
        if (merged->parts[i].cursor->state == CUP_CURSOR_MERGED)
            merged->parts[i].cursor->state = CUP_CURSOR_OPEN;
    }
    release(merged);
}

static cupel_status
new_rows(cupel_result *const *results, size_t count, struct merged_rows **out)
{
    struct merged_rows *merged = cup_alloc(sizeof *merged);
    cupel_status rc;

    if (merged == NULL)
        return cup_nomem();
    merged->base.ops = &ops;
    merged->base.more = true;
    merged->base.affected = sum_affected(results, count);
    merged->base.column_count = results[0]->view.columns->count;
    rc = cup_columns_copy(results[0]->view.columns, &merged->arena,
                          &merged->base.columns);
    if (rc == CUPEL_OK) {
        merged->parts =
            cup_arena_array(&merged->arena, count, sizeof merged->parts[0]);
        rc = merged->parts == NULL ? cup_nomem()
                                   : take_parts(results, count, merged);
    }
    if (rc == CUPEL_OK)
        *out = merged;
    else
        give_back(merged);
    return rc;
}

/* Unique as the first one is. */
static cupel_status
inherit_unique(const struct cup_view *first, struct cup_unique **out)
{
    *out = NULL;
    if (first->unique == NULL)
        return CUPEL_OK;
    *out = cup_unique_new(cup_unique_strategy(first->unique));
    return *out == NULL ? CUPEL_E_NOMEM : CUPEL_OK;
}

cupel_status
cupel_result_merge(cupel_result *const *results, size_t count,
                   cupel_result **out)
{
    struct merged_rows *merged = NULL;
    struct cup_unique *unique = NULL;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    *out = NULL;
    rc = check_parts(results, count);
    if (rc == CUPEL_OK)
        rc = inherit_unique(&results[0]->view, &unique);
    if (rc == CUPEL_OK)
        rc = new_rows(results, count, &merged);
    if (rc == CUPEL_OK) {
        *out = cup_result_new(NULL, &merged->base, true,
                              results[0]->view.cursor->yield_per);
        if (*out == NULL) {
            give_back(merged);
            rc = CUPEL_E_NOMEM;
        }
    }
    if (rc != CUPEL_OK) {
        cup_unique_free(unique);
        return rc;
    }
    (*out)->view.unique = unique;
    return CUPEL_OK;
}
