/* SPDX-License-Identifier: MIT */
/* Copies of arguments. A future may run long after the call that made it has
 * returned, so it keeps nothing of its caller's: not the text, not the names,
 * not what values point at. Everything goes to the future's arena and is freed
 * with it. */
#include "async/arguments.h"

#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "sql/text.h"
#include "sql/value.h"

static cupel_status
copy_text(struct cup_arena *arena, const char *text, size_t len,
          const char **out)
{
    *out = cup_arena_strndup(arena, text, len);
    return *out == NULL ? cup_nomem() : CUPEL_OK;
}

/* Copy `sets` groups of `count` items. A name that is the same pointer in every
 * group, as it usually is, is copied once. */
static cupel_status
copy_items(struct cup_arena *arena, const cupel_param *given, size_t count,
           size_t sets, const cupel_param **out)
{
    cupel_param *items;
    cupel_status rc = CUPEL_OK;
    size_t i, total;

    if (given == NULL || count == 0)
        return CUPEL_OK;
    if (sets > SIZE_MAX / count)
        return cup_nomem();
    total = count * sets;
    items = cup_arena_array(arena, total, sizeof *items);
    if (items == NULL)
        return cup_nomem();
    *out = items;
    for (i = 0; i < total && rc == CUPEL_OK; i++) {
        if (i >= count && given[i].name == given[i - count].name)
            items[i].name = items[i - count].name;
        else if (given[i].name != NULL)
            rc = copy_text(arena, given[i].name, strlen(given[i].name),
                           &items[i].name);
        if (rc == CUPEL_OK)
            rc = cup_value_copy(arena, &given[i].value, &items[i].value);
    }
    return rc;
}

static cupel_status
copy_params(struct cup_arena *arena, const cupel_params *given,
            const cupel_params **out)
{
    cupel_params *copy = cup_arena_array(arena, 1, sizeof *copy);

    if (copy == NULL)
        return cup_nomem();
    *out = copy;
    copy->count = given->count;
    copy->sets = given->sets;
    return copy_items(arena, given->items, given->count,
                      given->sets == 0 ? 1 : given->sets, &copy->items);
}

static cupel_status
copy_options(struct cup_arena *arena, const cupel_execution_options *given,
             const cupel_execution_options **out)
{
    cupel_execution_options *copy = cup_arena_array(arena, 1, sizeof *copy);

    if (copy == NULL)
        return cup_nomem();
    if (given->items == NULL && given->count > 0)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "options are counted but not given");
    *out = copy;
    copy->count = given->count;
    return copy_items(arena, given->items, given->count, 1, &copy->items);
}

static cupel_status
copy_statement(struct cup_arena *arena, const cupel_statement *given,
               const cupel_statement **out)
{
    cupel_statement *copy;
    cupel_status rc = CUPEL_OK;

    if (given->text.kind != CUP_STATEMENT_TEXT)
        return CUPEL_OK;
    copy = cup_arena_array(arena, 1, sizeof *copy);
    if (copy == NULL)
        return cup_nomem();
    *out = copy;
    copy->text = given->text;
    if (given->text.options != NULL)
        rc = copy_options(arena, given->text.options, &copy->text.options);
    if (rc != CUPEL_OK || given->text.sql == NULL)
        return rc;
    return copy_text(arena, given->text.sql, given->text.len, &copy->text.sql);
}

cupel_status
cup_arguments_copy(struct cup_arena *arena, const struct cup_arguments *given,
                   struct cup_arguments *out)
{
    cupel_status rc = CUPEL_OK;

    *out = (struct cup_arguments){ NULL, NULL, NULL, NULL };
    if (given->stmt != NULL)
        rc = copy_statement(arena, given->stmt, &out->stmt);
    if (rc == CUPEL_OK && given->sql != NULL)
        rc = copy_text(arena, given->sql, strlen(given->sql), &out->sql);
    if (rc == CUPEL_OK && given->params != NULL)
        rc = copy_params(arena, given->params, &out->params);
    if (rc == CUPEL_OK && given->options != NULL)
        rc = copy_options(arena, given->options, &out->options);
    return rc;
}
