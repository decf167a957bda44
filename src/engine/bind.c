/* SPDX-License-Identifier: MIT */
/* Parameters by name to values by position. Where each name stands is looked
 * up in the first set; later sets usually have the same order, so there the
 * same place is tried first. */
#include "engine/bind.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "sql/value.h"

/* The parameters of an execution, taken apart. */
struct sets {
    const cupel_param *items;
    size_t count; /* in one set */
    size_t sets;
    size_t total; /* in all of them */
};

static cupel_status
take_apart(const cupel_params *params, struct sets *out)
{
    *out = (struct sets){ .sets = 1 };
    if (params == NULL)
        return CUPEL_OK;
    out->items = params->items;
    out->count = params->count;
    if (params->sets > 1)
        out->sets = params->sets;
    if (out->count > 0 && out->items == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "parameters are counted but not given");
    if (__builtin_mul_overflow(out->count, out->sets, &out->total))
        return cup_error_set(CUPEL_E_ARGUMENT, "too many parameters");
    return CUPEL_OK;
}

static bool
is_named(const cupel_param *param, const char *name)
{
    return param->name == name ||
           (param->name != NULL && strcmp(param->name, name) == 0);
}

/* Where `name` stands in a set; `count` if nowhere. The last one counts. */
static size_t
find(const cupel_param *set, size_t count, const char *name)
{
    size_t i;

    for (i = count; i > 0; i--)
        if (is_named(&set[i - 1], name))
            return i - 1;
    return count;
}

static cupel_status
missing(const char *name, size_t set)
{
    if (set == 0)
        return cup_error_set_code(CUPEL_E_STATEMENT, "cd3x",
                                  "a value is required for bind parameter "
                                  "'%s'",
                                  name);
    return cup_error_set_code(CUPEL_E_STATEMENT, "cd3x",
                              "a value is required for bind parameter '%s', "
                              "in parameter group %zu",
                              name, set);
}

/* Say which parameter it was that cup_value_check() refused. */
static cupel_status
refused(const char *name, size_t position, size_t set)
{
    struct cupel_error *error = cup_error_take();
    const char *why = error == NULL ? "" : cupel_error_message(error);
    cupel_status rc;

    if (name != NULL)
        rc = cup_error_set(CUPEL_E_STATEMENT,
                           "bind parameter '%s' in group %zu: %s", name, set,
                           why);
    else
        rc = cup_error_set(CUPEL_E_STATEMENT, "parameter %zu in group %zu: %s",
                           position + 1, set, why);
    cup_error_free(error);
    return rc;
}

/* The only set. */
static cupel_status
bind_only(const struct cup_compiled *compiled, const struct sets *sets,
          cupel_value *values)
{
    size_t i, place;

    for (i = 0; i < compiled->position_count; i++) {
        const char *name = compiled->names[compiled->positions[i]];

        place = find(sets->items, sets->count, name);
        if (place == sets->count)
            return missing(name, 0);
        if (cup_value_check(&sets->items[place].value) != CUPEL_OK)
            return refused(name, i, 0);
        values[i] = sets->items[place].value;
    }
    return CUPEL_OK;
}

/* One of many: `places` says where each name stood in the one before. */
static cupel_status
bind_set(const struct cup_compiled *compiled, const struct sets *sets,
         size_t set, size_t *places, cupel_value *values)
{
    const cupel_param *items = sets->items + set * sets->count;
    size_t i;

    for (i = 0; i < compiled->name_count; i++) {
        const char *name = compiled->names[i];

        if (places[i] >= sets->count || !is_named(&items[places[i]], name))
            places[i] = find(items, sets->count, name);
        if (places[i] == sets->count)
            return missing(name, set);
        if (cup_value_check(&items[places[i]].value) != CUPEL_OK)
            return refused(name, i, set);
    }
    for (i = 0; i < compiled->position_count; i++)
        values[i] = items[places[compiled->positions[i]]].value;
    return CUPEL_OK;
}

static cupel_status
bind_many(const struct cup_compiled *compiled, const struct sets *sets,
          struct cup_arena *arena, cupel_value *values)
{
    size_t *places =
        cup_arena_array(arena, compiled->name_count, sizeof *places);
    cupel_status rc = CUPEL_OK;
    size_t set;

    if (places == NULL)
        return cup_nomem();
    for (set = 0; rc == CUPEL_OK && set < sets->sets; set++)
        rc = bind_set(compiled, sets, set, places,
                      values + set * compiled->position_count);
    return rc;
}

cupel_status
cup_bind_named(const struct cup_compiled *compiled, const cupel_params *params,
               struct cup_arena *arena, cupel_request *request)
{
    struct sets sets;
    cupel_value *values;
    cupel_status rc;
    size_t total;

    rc = take_apart(params, &sets);
    if (rc != CUPEL_OK)
        return rc;
    request->set_count = sets.sets;
    request->value_count = compiled->position_count;
    if (compiled->position_count == 0)
        return CUPEL_OK;
    if (__builtin_mul_overflow(sets.sets, compiled->position_count, &total))
        return cup_error_set(CUPEL_E_ARGUMENT, "too many parameters");

    values = cup_arena_array(arena, total, sizeof *values);
    if (values == NULL)
        return cup_nomem();
    if (sets.sets == 1)
        rc = bind_only(compiled, &sets, values);
    else
        rc = bind_many(compiled, &sets, arena, values);
    if (rc == CUPEL_OK)
        request->values = values;
    return rc;
}

cupel_status
cup_bind_positional(const cupel_params *params, struct cup_arena *arena,
                    cupel_request *request)
{
    struct sets sets;
    cupel_value *values;
    cupel_status rc;
    size_t i;

    rc = take_apart(params, &sets);
    if (rc != CUPEL_OK)
        return rc;
    request->set_count = sets.sets;
    request->value_count = sets.count;
    if (sets.count == 0)
        return CUPEL_OK;
    values = cup_arena_array(arena, sets.total, sizeof *values);
    if (values == NULL)
        return cup_nomem();
    for (i = 0; i < sets.total; i++) {
        if (cup_value_check(&sets.items[i].value) != CUPEL_OK)
            return refused(NULL, i % sets.count, i / sets.count);
        values[i] = sets.items[i].value;
    }
    request->values = values;
    return CUPEL_OK;
}
