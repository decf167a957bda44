/* SPDX-License-Identifier: MIT */
/* Results. A buffered one owns its cells and needs nothing else; a stream also
 * has a statement that stands somewhere in the middle. */
#ifndef CUP_DIALECT_SQLITE_ROWS_H
#define CUP_DIALECT_SQLITE_ROWS_H

#include <cupel/ext/dialect.h>

#include "base/list.h"
#include "dialect/sqlite/batch.h"
#include "dialect/sqlite/statement.h"

struct cup_sqlite_wire;

/* Owned by the caller of execute(); until that answers, and while a worker
 * fills it, by the wire's unit. */
struct cup_sqlite_rows {
    cupel_rows base;
    struct cup_sqlite_wire *wire;   /* NULL: it is gone */
    struct cup_list link;           /* in cup_sqlite_wire.rows */
    struct cup_sqlite_shape *shape; /* one reference; NULL: no columns yet */
    struct cup_sqlite_statement *statement; /* of an open stream, else NULL */
    struct cup_sqlite_batch batch;
    size_t fetch_size; /* of a stream: rows of the last batch wanted */
    size_t fetch_max;
    bool released; /* freed by its owner while a worker had it */
};

/* Empty rows for a unit of this wire, the spare ones if there are. NOMEM. */
cupel_status
cup_sqlite_rows_take(struct cup_sqlite_wire *wire,
                     struct cup_sqlite_rows **out);

/* The unit has ended well: let the caller see what is in the batch. */
void
cup_sqlite_rows_publish(struct cup_sqlite_rows *rows,
                        struct cup_sqlite_shape *shape);

/* Rows that need their wire no more forget it where another thread may have it
 * next: outside tasks. In a task they stay, so that their memory is used again.
 * Nothing for open streams. */
void
cup_sqlite_rows_part(struct cup_sqlite_rows *rows);

/* Free them, or keep them as the wire's spare ones. Not while a worker has
 * them. */
void
cup_sqlite_rows_drop(struct cup_sqlite_rows *rows);

/* Free the memory of rows that belong to no wire any more. NULL is allowed. */
void
cup_sqlite_rows_destroy(struct cup_sqlite_rows *rows);

/* The wire goes: its results stay readable, its streams have ended. */
void
cup_sqlite_rows_detach_all(struct cup_sqlite_wire *wire);

#endif
