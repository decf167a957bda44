/* SPDX-License-Identifier: MIT */
/* Results: their cells, their next batch, their end.
 *
 * Rows and their wire know each other, so that either may go first. Rows that
 * are dropped leave their memory to the wire's next execution. */
#include "dialect/sqlite/rows.h"

#include <assert.h>

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/sqlite/types.h"
#include "dialect/sqlite/wire.h"
#include "task/task.h"

enum { GROWTH = 5 /* of a stream's batches */ };

static struct cup_sqlite_rows *
rows_of(cupel_rows *base)
{
    return (struct cup_sqlite_rows *)(void *)base;
}

static cupel_status
rows_cell(cupel_rows *base, size_t row, size_t column, cupel_value *out)
{
    struct cup_sqlite_rows *rows = rows_of(base);

    assert(row < base->row_count && column < base->column_count);
    return cup_sqlite_cell_value(
        &rows->batch, &rows->batch.cells[row * base->column_count + column],
        out);
}

/* ---- Streams ------------------------------------------------------------ */

/* Nothing of the batch is to be seen any more. */
static void
hide_batch(struct cup_sqlite_rows *rows)
{
    rows->base.row_count = 0;
    rows->base.more = false;
}

static void
grow_fetch(struct cup_sqlite_rows *rows)
{
    if (rows->fetch_size >= rows->fetch_max)
        return;
    rows->fetch_size = rows->fetch_size > rows->fetch_max / GROWTH
                           ? rows->fetch_max
                           : rows->fetch_size * GROWTH;
}

/* Yields. */
static cupel_status
rows_fetch(cupel_rows *base, cupel_time until)
{
    struct cup_sqlite_rows *rows = rows_of(base);
    struct cup_sqlite_wire *wire = rows->wire;
    bool wanted = base->more;
    struct cup_sqlite_unit *unit;
    cupel_status rc;

    hide_batch(rows);
    if (!wanted)
        return CUPEL_OK;
    if (wire == NULL)
        return cup_error_set(CUPEL_E_CLOSED,
                             "the connection of this stream is closed");
    rc = cup_sqlite_check(wire);
    if (rc != CUPEL_OK)
        return rc;
    grow_fetch(rows);
    unit = cup_sqlite_unit_start(wire, cup_sqlite_steps_fetch);
    unit->statement = rows->statement;
    unit->rows = rows;
    unit->limit = rows->fetch_size;
    rc = cup_sqlite_run(wire, rows->statement->sql, until);
    if (rc == CUPEL_OK)
        cup_sqlite_rows_publish(rows, NULL);
    cup_sqlite_unit_finish(wire, rc == CUPEL_OK && unit->unfinished);
    cup_sqlite_rows_part(rows);
    return rc;
}

/* Yields. */
static cupel_status
rows_close(cupel_rows *base, cupel_time until)
{
    struct cup_sqlite_rows *rows = rows_of(base);
    struct cup_sqlite_wire *wire = rows->wire;
    struct cup_sqlite_unit *unit;
    cupel_status rc;

    hide_batch(rows);
    if (rows->statement == NULL || wire == NULL || wire->broken)
        return CUPEL_OK;
    unit = cup_sqlite_unit_start(wire, cup_sqlite_steps_reset);
    unit->statement = rows->statement;
    unit->rows = rows;
    rc = cup_sqlite_run(wire, NULL, until);
    cup_sqlite_unit_finish(wire, false);
    cup_sqlite_rows_part(rows);
    return rc;
}

/* A stream that is still open is reset right here: that releases its read lock
 * and waits for nothing. */
static void
rows_free(cupel_rows *base)
{
    struct cup_sqlite_rows *rows = rows_of(base);
    struct cup_sqlite_wire *wire = rows->wire;
    struct cup_sqlite_statement *statement = rows->statement;

    if (wire != NULL && wire->in_use && wire->unit.rows == rows) {
        rows->released = true;
        return;
    }
    rows->statement = NULL;
    if (wire != NULL && statement != NULL) {
        if (wire->in_use)
            cup_sqlite_cache_orphan(&wire->cache, statement);
        else
            cup_sqlite_cache_give(&wire->cache, statement);
    }
    cup_sqlite_rows_drop(rows);
}

static void
rows_set_batch(cupel_rows *base, size_t size)
{
    struct cup_sqlite_rows *rows = rows_of(base);

    rows->fetch_size = size;
    rows->fetch_max = size;
}

static const cupel_rows_ops rows_ops = {
    .struct_size = sizeof rows_ops,
    .cell = rows_cell,
    .fetch = rows_fetch,
    .close = rows_close,
    .free = rows_free,
    .set_batch = rows_set_batch,
};

/* ---- Life --------------------------------------------------------------- */

cupel_status
cup_sqlite_rows_take(struct cup_sqlite_wire *wire, struct cup_sqlite_rows **out)
{
    struct cup_sqlite_rows *rows = wire->spare;

    wire->spare = NULL;
    if (rows == NULL) {
        rows = cup_alloc(sizeof *rows);
        if (rows == NULL)
            return cup_nomem();
        cup_list_init(&rows->link);
    }
    rows->base = (cupel_rows){ .ops = &rows_ops };
    rows->wire = wire;
    rows->fetch_size = 0;
    rows->fetch_max = 0;
    cup_list_push(&wire->rows, &rows->link);
    *out = rows;
    return CUPEL_OK;
}

void
cup_sqlite_rows_publish(struct cup_sqlite_rows *rows,
                        struct cup_sqlite_shape *shape)
{
    const struct cup_sqlite_unit *unit = &rows->wire->unit;
    size_t columns;

    if (shape != NULL) {
        cup_sqlite_shape_unref(rows->shape);
        rows->shape = cup_sqlite_shape_ref(shape);
    }
    columns = rows->shape->column_count;
    rows->base.columns = rows->shape->columns;
    rows->base.column_count = columns;
    rows->base.row_count = columns == 0 ? 0 : rows->batch.cell_count / columns;
    rows->base.affected = unit->affected;
    rows->base.last_insert_id = unit->last_insert_id;
    rows->base.more = unit->unfinished;
}

void
cup_sqlite_rows_part(struct cup_sqlite_rows *rows)
{
    if (cup_task_current() != NULL || rows->statement != NULL)
        return;
    cup_list_remove(&rows->link);
    rows->wire = NULL;
}

void
cup_sqlite_rows_destroy(struct cup_sqlite_rows *rows)
{
    if (rows == NULL)
        return;
    assert(rows->statement == NULL);
    cup_list_remove(&rows->link);
    cup_sqlite_shape_unref(rows->shape);
    cup_sqlite_batch_fini(&rows->batch);
    cup_free(rows);
}

void
cup_sqlite_rows_drop(struct cup_sqlite_rows *rows)
{
    struct cup_sqlite_wire *wire = rows->wire;

    if (wire == NULL || wire->broken || wire->spare != NULL) {
        cup_sqlite_rows_destroy(rows);
        return;
    }
    cup_list_remove(&rows->link);
    cup_sqlite_shape_unref(rows->shape);
    rows->shape = NULL;
    rows->wire = NULL;
    cup_sqlite_batch_reset(&rows->batch);
    wire->spare = rows;
}

/* The statement of an open stream goes with the connection. */
void
cup_sqlite_rows_detach_all(struct cup_sqlite_wire *wire)
{
    struct cup_list *link;
    struct cup_sqlite_rows *rows;

    while ((link = cup_list_pop(&wire->rows)) != NULL) {
        rows = CUP_CONTAINER(link, struct cup_sqlite_rows, link);
        cup_sqlite_statement_forget(rows->statement);
        rows->statement = NULL;
        rows->wire = NULL;
    }
}
