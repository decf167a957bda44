/* SPDX-License-Identifier: MIT */
/* Buffered rows. A cell is decoded where libpq has put it; nothing is copied
 * but what has no readable form there (decimals, arrays). Nothing here needs
 * the wire: rows outlive it. */
#include "dialect/postgresql/rows.h"

#include "base/alloc.h"
#include "base/error.h"
#include "sql/value.h"

#include <assert.h>
#include <string.h>

int64_t
cup_pg_affected(PGresult *result)
{
    const char *tag = PQcmdStatus(result), *count;
    int64_t affected;

    if (tag[0] == 'S' && tag[1] == 'E' && tag[2] == 'L' &&
        PQresultStatus(result) == PGRES_TUPLES_OK)
        return PQntuples(result);
    count = PQcmdTuples(result);
    return cup_int_parse(count, strlen(count), &affected) ? affected : -1;
}

cupel_status
cup_pg_rows_cell(cupel_rows *base, size_t row, size_t column, cupel_value *out)
{
    struct cup_pg_rows *rows = (struct cup_pg_rows *)base;
    const struct cup_pg_column *reader = &rows->shape->readers[column];
    int i = (int)(row + rows->offset);
    int j = (int)column;
    int len = PQgetlength(rows->result, i, j); /* 0 for NULL, too */

    assert(row < base->row_count && column < base->column_count);
    out->type = CUPEL_NULL;
    out->element = CUPEL_NULL;
    if (len == 0 && PQgetisnull(rows->result, i, j))
        return CUPEL_OK;
    return reader->read(reader->type, PQgetvalue(rows->result, i, j),
                        (size_t)len, &rows->arena, out);
}

cupel_status
cup_pg_rows_fill(struct cup_pg_rows *rows, PGresult *result,
                 struct cup_pg_shape *shape)
{
    cupel_status rc;

    rows->result = result;
    if (PQnfields(result) == 0)
        return CUPEL_OK;
    if (shape != NULL && cup_pg_shape_fits(shape, result)) {
        rows->shape = cup_pg_shape_ref(shape);
    } else {
        bool binary = PQfformat(result, 0) == 1;

        rc = cup_pg_shape_new(result, binary, &rows->shape);
        if (rc != CUPEL_OK)
            return rc;
        if (rows->shape->binary != binary)
            return cup_error_set(CUPEL_E_NOTSUPPORTED,
                                 "the result's columns have changed to types "
                                 "that were not asked for; run it again");
    }
    rows->base.columns = rows->shape->columns;
    rows->base.column_count = rows->shape->column_count;
    rows->base.row_count = (size_t)PQntuples(result);
    return CUPEL_OK;
}

void
cup_pg_rows_fini(struct cup_pg_rows *rows)
{
    PQclear(rows->result);
    cup_pg_shape_unref(rows->shape);
    cup_arena_fini(&rows->arena);
    rows->result = NULL;
    rows->shape = NULL;
}

size_t
cup_pg_next_batch(size_t batch, size_t max)
{
    if (batch >= max)
        return batch;
    return batch > max / 5 ? max : batch * 5;
}

/* Show the next rows of the result, as many as a batch may have. */
static void
show_batch(struct cup_pg_rows *rows)
{
    size_t left = rows->shape != NULL ? (size_t)PQntuples(rows->result) : 0;

    left -= rows->offset;
    rows->base.row_count = left < rows->batch ? left : rows->batch;
    rows->base.more = left > rows->base.row_count;
}

void
cup_pg_rows_window(cupel_rows *base, size_t first, size_t max)
{
    struct cup_pg_rows *rows = (struct cup_pg_rows *)base;

    rows->batch = first;
    rows->batch_max = max;
    show_batch(rows);
}

/* Without a window there is one batch only, and this is its end. */
static cupel_status
fetch(cupel_rows *base, cupel_time until)
{
    struct cup_pg_rows *rows = (struct cup_pg_rows *)base;

    (void)until;
    cup_arena_fini(&rows->arena);
    rows->offset += base->row_count;
    rows->batch = cup_pg_next_batch(rows->batch, rows->batch_max);
    show_batch(rows);
    return CUPEL_OK;
}

static cupel_status
close(cupel_rows *rows, cupel_time until)
{
    (void)rows;
    (void)until;
    return CUPEL_OK;
}

static void
free_rows(cupel_rows *base)
{
    struct cup_pg_rows *rows = (struct cup_pg_rows *)base;

    cup_pg_rows_fini(rows);
    cup_free(rows);
}

static void
set_batch(cupel_rows *base, size_t size)
{
    struct cup_pg_rows *rows = (struct cup_pg_rows *)base;

    rows->batch = size;
    rows->batch_max = size;
}

static const cupel_rows_ops ops = { .struct_size = sizeof ops,
                                    .cell = cup_pg_rows_cell,
                                    .fetch = fetch,
                                    .close = close,
                                    .free = free_rows,
                                    .set_batch = set_batch };

cupel_status
cup_pg_rows_new(PGresult *result, struct cup_pg_shape *shape, int64_t affected,
                cupel_rows **out)
{
    struct cup_pg_rows *rows = cup_alloc(sizeof *rows);
    cupel_status rc;

    if (rows == NULL) {
        PQclear(result);
        return cup_nomem();
    }
    rc = cup_pg_rows_fill(rows, result, shape);
    if (rc != CUPEL_OK) {
        free_rows(&rows->base);
        return rc;
    }
    rows->base.ops = &ops;
    rows->base.affected = affected;
    *out = &rows->base;
    return CUPEL_OK;
}
