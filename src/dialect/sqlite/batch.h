/* SPDX-License-Identifier: MIT */
/* A batch: cells in a row, and behind them the bytes that some of them point
 * at. Rows on their way out of sqlite are one, parameters on their way in
 * another. What is kept is copied, so that neither the caller's memory nor
 * sqlite's is looked at by the wrong thread or too late. Nothing here sets an
 * error record: it is used on workers. */
#ifndef CUP_DIALECT_SQLITE_BATCH_H
#define CUP_DIALECT_SQLITE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A cell's type is CUPEL_NULL, _INT, _DOUBLE, _TEXT, _BYTES, or this. */
enum { CUP_SQLITE_BROKEN_TEXT = 255 /* sqlite's text that is not UTF-8 */ };

struct cup_sqlite_cell {
    union {
        int64_t integer;
        double real;
        size_t offset; /* in the batch's bytes; they may move */
    } as;
    uint32_t len;
    uint32_t type;
};

/* In place; zeroed memory is a valid empty batch. */
struct cup_sqlite_batch {
    struct cup_sqlite_cell *cells; /* owned */
    size_t cell_count;
    size_t cell_size;
    char *bytes; /* owned */
    size_t len;
    size_t size;
};

/* Where a batch ended once, to cut it back to. */
struct cup_sqlite_mark {
    size_t cell_count;
    size_t len;
};

void
cup_sqlite_batch_fini(struct cup_sqlite_batch *batch);

/* Empty it; its memory stays, unless that grew beyond what is worth keeping. */
void
cup_sqlite_batch_reset(struct cup_sqlite_batch *batch);

/* Empty it and keep its memory, however much. */
void
cup_sqlite_batch_clear(struct cup_sqlite_batch *batch);

struct cup_sqlite_mark
cup_sqlite_batch_mark(const struct cup_sqlite_batch *batch);

void
cup_sqlite_batch_cut(struct cup_sqlite_batch *batch,
                     struct cup_sqlite_mark mark);

/* Room for `count` more cells, content undefined, valid until the next call;
 * NULL: no memory. */
struct cup_sqlite_cell *
cup_sqlite_batch_cells(struct cup_sqlite_batch *batch, size_t count);

/* Copy `len` bytes behind the others and let `cell` point at them. False: no
 * memory. */
bool
cup_sqlite_batch_bytes(struct cup_sqlite_batch *batch,
                       struct cup_sqlite_cell *cell, const void *data,
                       size_t len);

/* What the cell points at. */
static inline const char *
cup_sqlite_cell_data(const struct cup_sqlite_batch *batch,
                     const struct cup_sqlite_cell *cell)
{
    return batch->bytes == NULL ? "" : batch->bytes + cell->as.offset;
}

#endif
