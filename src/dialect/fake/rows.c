/* SPDX-License-Identifier: MIT */
/* Rows on their way to the client. All of a result exists from the start; a
 * stream hands it out batch by batch, each in memory of its own that goes with
 * the next fetch, so that whoever keeps a pointer for too long is found out. */
#include "dialect/fake/server.h"

#include "dialect/fake/errors.h"

#include "base/alloc.h"
#include "base/error.h"

#include <assert.h>

struct cup_fake_rows {
    cupel_rows base;
    struct cup_fake_result result;
    struct cup_fake_row **batch; /* a stream's own copies; else result.rows */
    struct cup_fake_wire *wire;  /* of an open stream, else NULL */
    struct cup_list link;        /* in cup_fake_wire.streams while it is open */
    size_t next;                 /* first row of the result not yet fetched */
    size_t batch_size;           /* asked for next */
    size_t batch_max;
    bool streams;
    bool in_transaction; /* the stream ends with it */
    bool cut_off;        /* it did */
};

static struct cup_fake_rows *
rows_of(cupel_rows *base)
{
    return CUP_CONTAINER(base, struct cup_fake_rows, base);
}

static cupel_status
cell(cupel_rows *base, size_t row, size_t column, cupel_value *out)
{
    assert(row < base->row_count && column < base->column_count);
    *out = rows_of(base)->batch[row]->values[column];
    return CUPEL_OK;
}

static void
drop_batch(struct cup_fake_rows *rows)
{
    if (!rows->streams)
        return;
    for (size_t i = 0; i < rows->base.row_count; i++)
        cup_fake_row_unref(rows->batch[i]);
    cup_free(rows->batch);
    rows->batch = NULL;
    rows->base.row_count = 0;
}

/* The stream has ended: the wire need not know it any more. */
static void
leave_wire(struct cup_fake_rows *rows)
{
    cup_list_remove(&rows->link);
    rows->wire = NULL;
    rows->base.more = false;
}

/* The next batch takes the place of the last one. */
static cupel_status
load_batch(struct cup_fake_rows *rows)
{
    size_t left = rows->result.count - rows->next;
    size_t count = left < rows->batch_size ? left : rows->batch_size;

    drop_batch(rows);
    rows->batch = cup_alloc_array(count + 1, sizeof rows->batch[0]);
    if (rows->batch == NULL)
        return cup_nomem();
    for (size_t i = 0; i < count; i++) {
        struct cup_fake_row *row = rows->result.rows[rows->next + i];

        row = cup_fake_row_new(row->id, row->values, row->count);
        if (row == NULL)
            return cup_nomem();
        rows->batch[i] = row;
        rows->base.row_count++;
    }
    rows->next += count;
    rows->base.more = count == rows->batch_size;
    if (rows->batch_size > rows->batch_max / 5)
        rows->batch_size = rows->batch_max;
    else
        rows->batch_size *= 5;
    if (!rows->base.more && rows->wire != NULL)
        leave_wire(rows);
    return CUPEL_OK;
}

/* Yields. */
static cupel_status
fetch(cupel_rows *base, cupel_time until)
{
    struct cup_fake_rows *rows = rows_of(base);
    struct cup_fake_wire *wire = rows->wire;
    cupel_status rc;
    bool lost = false;

    assert(rows->streams);
    drop_batch(rows);
    if (wire != NULL)
        cup_fake_trace_add(wire->number, "fetch", NULL);
    if (wire == NULL) {
        base->more = false;
        return rows->cut_off ? cup_fake_fail("34000", "the cursor is gone")
                             : CUPEL_OK;
    }
    rc = cup_fake_round_trip(wire, CUP_FAKE_FETCH, NULL, until, &lost);
    if (rc != CUPEL_OK)
        return rc;
    return lost ? cup_fake_break(wire, CUP_FAKE_FETCH) : load_batch(rows);
}

/* Yields. */
static cupel_status
close_rows(cupel_rows *base, cupel_time until)
{
    struct cup_fake_rows *rows = rows_of(base);
    struct cup_fake_wire *wire = rows->wire;
    cupel_status rc = CUPEL_OK;
    bool lost = false;

    if (wire != NULL)
        cup_fake_trace_add(wire->number, "close_rows", NULL);
    if (wire != NULL && !wire->broken) {
        rc = cup_fake_round_trip(wire, CUP_FAKE_CLOSE_ROWS, NULL, until, &lost);
        if (rc == CUPEL_OK && lost)
            rc = cup_fake_break(wire, CUP_FAKE_CLOSE_ROWS);
    }
    if (rc == CUPEL_OK && rows->wire != NULL)
        leave_wire(rows);
    return rc;
}

static void
free_rows(cupel_rows *base)
{
    struct cup_fake_rows *rows;

    if (base == NULL)
        return;
    rows = rows_of(base);
    if (rows->wire != NULL && !rows->in_transaction)
        rows->wire->orphaned = true;
    if (rows->wire != NULL)
        leave_wire(rows);
    drop_batch(rows);
    cup_fake_result_fini(&rows->result);
    cup_free(rows);
}

static void
set_batch(cupel_rows *base, size_t size)
{
    struct cup_fake_rows *rows = rows_of(base);

    rows->batch_size = size;
    rows->batch_max = size;
}

static const cupel_rows_ops rows_ops = {
    .struct_size = sizeof(cupel_rows_ops),
    .cell = cell,
    .fetch = fetch,
    .close = close_rows,
    .free = free_rows,
    .set_batch = set_batch,
};

static cupel_status
start_stream(struct cup_fake_rows *rows, struct cup_fake_wire *wire,
             const cupel_request *request)
{
    rows->streams = true;
    rows->wire = wire;
    rows->in_transaction = wire->session->base != NULL;
    rows->batch_size = request->fetch_first;
    rows->batch_max = request->fetch_max > request->fetch_first
                          ? request->fetch_max
                          : request->fetch_first;
    cup_list_push(&wire->streams, &rows->link);
    return load_batch(rows);
}

cupel_status
cup_fake_rows_new(struct cup_fake_wire *wire, const cupel_request *request,
                  struct cup_fake_result *result, cupel_rows **out)
{
    struct cup_fake_rows *rows = cup_alloc(sizeof *rows);
    cupel_status rc;

    if (rows == NULL) {
        cup_fake_result_fini(result);
        return cup_nomem();
    }
    rows->result = *result;
    rows->base.ops = &rows_ops;
    rows->base.columns = result->columns;
    rows->base.column_count = result->column_count;
    rows->base.affected = result->affected;
    rows->base.last_insert_id = result->last_insert_id;
    cup_list_init(&rows->link);
    if (request->fetch_first > 0 && result->columns != NULL) {
        rc = start_stream(rows, wire, request);
        if (rc != CUPEL_OK) {
            free_rows(&rows->base);
            return rc;
        }
    } else {
        rows->batch = rows->result.rows;
        rows->base.row_count = rows->result.count;
    }
    *out = &rows->base;
    return CUPEL_OK;
}

void
cup_fake_rows_cut_off(struct cup_fake_wire *wire, bool all)
{
    struct cup_list *item, *after;

    CUP_LIST_EACH (item, after, &wire->streams) {
        struct cup_fake_rows *rows =
            CUP_CONTAINER(item, struct cup_fake_rows, link);

        if (!all && !rows->in_transaction)
            continue;
        rows->cut_off = rows->base.more;
        leave_wire(rows);
    }
}
