/* SPDX-License-Identifier: MIT */
/* Which columns of a cursor are shown. */
#ifndef CUP_ENGINE_COLUMNS_H
#define CUP_ENGINE_COLUMNS_H

#include "engine/result.h"

/* The name of a column; NULL out of range. */
const char *
cup_columns_name(const struct cup_columns *columns, size_t column);

/* The last column of that name, or false. */
bool
cup_columns_has(const struct cup_columns *columns, const char *name,
                size_t *out);

/* The same, or NOCOLUMN, set. */
cupel_status
cup_columns_find(const struct cup_columns *columns, const char *name,
                 size_t *out);

/* What is shown, with names of its own, in the arena. NOMEM. */
cupel_status
cup_columns_copy(const struct cup_columns *columns, struct cup_arena *arena,
                 const cupel_column **out);

/* Every name, in one array of the arena, which lives as long as the columns.
 * NOMEM. */
cupel_status
cup_columns_names(struct cup_columns *columns, struct cup_arena *arena,
                  const char *const **out);

/* The column that an index means, negative ones counted from the end. INDEX. */
cupel_status
cup_columns_index(size_t count, int64_t index, size_t *out);

/* Some of the columns of others, in the arena. INDEX, NOMEM. */
cupel_status
cup_columns_reduce(const struct cup_columns *columns, const int64_t *indexes,
                   size_t count, struct cup_arena *arena,
                   struct cup_columns **out);

/* The same by name. NOCOLUMN, NOMEM. */
cupel_status
cup_columns_reduce_named(const struct cup_columns *columns,
                         const char *const *names, size_t count,
                         struct cup_arena *arena, struct cup_columns **out);

#endif
