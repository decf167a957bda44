/* SPDX-License-Identifier: MIT */
/* Which columns of a cursor are shown. A choice is a map from the columns that
 * are shown to those of the cursor; a choice from a choice is one map again, so
 * that a cell is never more than one look-up away. */
#include "engine/columns.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* The cursor's column behind one that is shown. */
static size_t
source_of(const struct cup_columns *columns, size_t column)
{
    assert(column < columns->count);
    return columns->map == NULL ? column : columns->map[column];
}

const char *
cup_columns_name(const struct cup_columns *columns, size_t column)
{
    if (column >= columns->count)
        return NULL;
    return columns->all[source_of(columns, column)].name;
}

bool
cup_columns_has(const struct cup_columns *columns, const char *name,
                size_t *out)
{
    size_t i;

    for (i = columns->count; i > 0; i--) {
        if (strcmp(cup_columns_name(columns, i - 1), name) == 0) {
            *out = i - 1;
            return true;
        }
    }
    return false;
}

cupel_status
cup_columns_find(const struct cup_columns *columns, const char *name,
                 size_t *out)
{
    if (cup_columns_has(columns, name, out))
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_NOCOLUMN,
                         "could not locate column in row for column '%s'",
                         name);
}

cupel_status
cup_columns_copy(const struct cup_columns *columns, struct cup_arena *arena,
                 const cupel_column **out)
{
    cupel_column *copies;
    const char *name;
    size_t i;

    copies = cup_arena_array(arena, columns->count, sizeof *copies);
    if (copies == NULL)
        return cup_nomem();
    for (i = 0; i < columns->count; i++) {
        copies[i] = columns->all[source_of(columns, i)];
        name = copies[i].name;
        copies[i].name = cup_arena_strndup(arena, name, strlen(name));
        if (copies[i].name == NULL)
            return cup_nomem();
    }
    *out = copies;
    return CUPEL_OK;
}

cupel_status
cup_columns_names(struct cup_columns *columns, struct cup_arena *arena,
                  const char *const **out)
{
    const char **names;
    size_t i;

    if (columns->names == NULL) {
        names = cup_arena_array(arena, columns->count, sizeof *names);
        if (names == NULL)
            return cup_nomem();
        for (i = 0; i < columns->count; i++)
            names[i] = cup_columns_name(columns, i);
        columns->names = names;
    }
    *out = columns->names;
    return CUPEL_OK;
}

cupel_status
cup_columns_index(size_t count, int64_t index, size_t *out)
{
    if (index < -(int64_t)count || index >= (int64_t)count)
        return cup_error_set(CUPEL_E_INDEX, "column %lld of a row that has %zu",
                             (long long)index, count);
    *out = (size_t)(index < 0 ? index + (int64_t)count : index);
    return CUPEL_OK;
}

/* ---- Choosing -------------------------------------------------------- */

/* A choice of `count` columns that is to be filled in. NULL: no memory, set. */
static struct cup_columns *
new_choice(const struct cup_columns *columns, size_t count,
           struct cup_arena *arena, size_t **map)
{
    struct cup_columns *choice = cup_arena_alloc(arena, sizeof *choice);

    *map = cup_arena_array(arena, count, sizeof **map);
    if (choice == NULL || *map == NULL) {
        cup_ignore(cup_nomem(), "the caller returns NOMEM for our NULL");
        return NULL;
    }
    *choice = (struct cup_columns){
        .rows = columns->rows, .all = columns->all, .map = *map, .count = count
    };
    return choice;
}

cupel_status
cup_columns_reduce(const struct cup_columns *columns, const int64_t *indexes,
                   size_t count, struct cup_arena *arena,
                   struct cup_columns **out)
{
    size_t i, column = 0, *map;
    struct cup_columns *choice = new_choice(columns, count, arena, &map);
    cupel_status rc;

    if (choice == NULL)
        return CUPEL_E_NOMEM;
    for (i = 0; i < count; i++) {
        rc = cup_columns_index(columns->count, indexes[i], &column);
        if (rc != CUPEL_OK)
            return rc;
        map[i] = source_of(columns, column);
    }
    *out = choice;
    return CUPEL_OK;
}

cupel_status
cup_columns_reduce_named(const struct cup_columns *columns,
                         const char *const *names, size_t count,
                         struct cup_arena *arena, struct cup_columns **out)
{
    size_t i, column = 0, *map;
    struct cup_columns *choice = new_choice(columns, count, arena, &map);
    cupel_status rc;

    if (choice == NULL)
        return CUPEL_E_NOMEM;
    for (i = 0; i < count; i++) {
        rc = cup_columns_find(columns, names[i], &column);
        if (rc != CUPEL_OK)
            return rc;
        map[i] = source_of(columns, column);
    }
    *out = choice;
    return CUPEL_OK;
}
