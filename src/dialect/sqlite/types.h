/* SPDX-License-Identifier: MIT */
/* Values on their way into sqlite and out of it. Sqlite stores five kinds; the
 * others go in as the reference stores them. */
#ifndef CUP_DIALECT_SQLITE_TYPES_H
#define CUP_DIALECT_SQLITE_TYPES_H

#include <cupel/ext/dialect.h>

#include <sqlite3.h>

#include "dialect/sqlite/batch.h"

/* Copy every value of the request, set after set, as cells. TYPE and VALUE from
 * the check; NOTSUPPORTED for arrays; DATA for what sqlite cannot hold: NaN, a
 * year beyond 9999, infinite dates, 2 GiB. NOMEM. */
cupel_status
cup_sqlite_values_copy(const cupel_request *request,
                       struct cup_sqlite_batch *out);

/* Bind the cells from `first` on to all of the statement's parameters. The
 * bytes are borrowed until the statement is reset, unless `keep` has sqlite
 * copy them. An sqlite code. */
int
cup_sqlite_bind(sqlite3_stmt *stmt, const struct cup_sqlite_batch *values,
                size_t first, size_t count, bool keep);

/* Copy the row the statement stands on. False: no memory. */
bool
cup_sqlite_row_copy(sqlite3_stmt *stmt, size_t column_count,
                    struct cup_sqlite_batch *out);

/* What a cell holds. Text and bytes point into the batch. DATA for text that is
 * not UTF-8. */
cupel_status
cup_sqlite_cell_value(const struct cup_sqlite_batch *batch,
                      const struct cup_sqlite_cell *cell, cupel_value *out);

/* The type that a declared type names, CUPEL_NULL if none. For information: a
 * column of sqlite holds what was put into it. NULL is allowed. */
cupel_type
cup_sqlite_declared_type(const char *declared);

#endif
