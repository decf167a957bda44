/* SPDX-License-Identifier: MIT */
/* Rows: libpq's result, read cell by cell when somebody asks. */
#ifndef CUP_DIALECT_POSTGRESQL_ROWS_H
#define CUP_DIALECT_POSTGRESQL_ROWS_H

#include <cupel/ext/dialect.h>

#include <libpq-fe.h>

#include "base/arena.h"
#include "dialect/postgresql/shape.h"

/* One execution's rows, or one batch of a stream's. */
struct cup_pg_rows {
    cupel_rows base;
    PGresult *result;           /* owned; NULL if there is nothing to read */
    struct cup_pg_shape *shape; /* one reference; NULL without columns */
    struct cup_arena arena;     /* what cells of this batch decoded to */
    size_t offset;              /* of the batch's first row in the result */
    size_t batch;               /* of a window: rows in the next one */
    size_t batch_max;           /* of a window */
};

/* Rows of a whole result, which they take; on failure it is cleared. `shape` is
 * borrowed and may be NULL: if the result does not fit it, the rows make their
 * own. `affected` as the seam has it. */
cupel_status
cup_pg_rows_new(PGresult *result, struct cup_pg_shape *shape, int64_t affected,
                cupel_rows **out);

/* Make `rows`, zeroed, hold this result: the part of cup_pg_rows_new() that
 * does not allocate the rows. Takes the result. */
cupel_status
cup_pg_rows_fill(struct cup_pg_rows *rows, PGresult *result,
                 struct cup_pg_shape *shape);

/* Free what rows hold, not themselves. */
void
cup_pg_rows_fini(struct cup_pg_rows *rows);

/* Hand out these rows, of cup_pg_rows_new(), in batches. */
void
cup_pg_rows_window(cupel_rows *base, size_t first, size_t max);

/* Batches grow fivefold up to `max` rows. */
size_t
cup_pg_next_batch(size_t batch, size_t max);

/* Read a cell of the batch. */
cupel_status
cup_pg_rows_cell(cupel_rows *base, size_t row, size_t column, cupel_value *out);

/* How many rows a statement changed or returned; -1 if it does not say. */
int64_t
cup_pg_affected(PGresult *result);

#endif
