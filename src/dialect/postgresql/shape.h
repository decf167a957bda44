/* SPDX-License-Identifier: MIT */
/* The shape of a result: its columns, and how their cells are read. Made once
 * for a prepared statement and shared by all rows it gives. */
#ifndef CUP_DIALECT_POSTGRESQL_SHAPE_H
#define CUP_DIALECT_POSTGRESQL_SHAPE_H

#include <cupel/ext/dialect.h>

#include <libpq-fe.h>
#include <stdatomic.h>

#include "dialect/postgresql/types.h"

/* One column: its type, and the reader for the format it arrives in. */
struct cup_pg_column {
    const struct cup_pg_type *type; /* static */
    cup_pg_read_fn *read;
};

/* Immutable. One block of memory. */
struct cup_pg_shape {
    _Atomic size_t refs; /* rows may be freed on another thread */
    size_t column_count;
    bool binary;                 /* the format the results are asked for in */
    const cupel_column *columns; /* what users see; in this block */
    const struct cup_pg_column *readers; /* in this block */
};

/* The shape of a description or a result. `binary` says the format of the
 * rows that it is for; it is cleared if a column has no binary reader. */
cupel_status
cup_pg_shape_new(const PGresult *described, bool binary,
                 struct cup_pg_shape **out);

struct cup_pg_shape *
cup_pg_shape_ref(struct cup_pg_shape *shape);

/* NULL is allowed. */
void
cup_pg_shape_unref(struct cup_pg_shape *shape);

/* Whether these rows have this shape: types and formats, column by column. */
bool
cup_pg_shape_fits(const struct cup_pg_shape *shape, const PGresult *rows);

#endif
