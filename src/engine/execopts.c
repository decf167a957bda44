/* SPDX-License-Identifier: MIT */
/* Execution options. A table says of each known name what kind of value it
 * takes, where that goes, and who may set it; every other name is kept for
 * whoever looks for it, such as listeners. NULL as a value is as if the option
 * had not been given by the weaker ones either. */
#include "engine/execopts.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "sql/value.h"
#include "task/loop.h"

/* What value an option takes. */
enum kind {
    KIND_BOOL,
    KIND_COUNT, /* a whole number from 0, as size_t */
    KIND_SPAN,  /* the same, milliseconds as int64_t */
    KIND_TEXT,
    KIND_CACHE /* true, or false and NULL for none; its opposite is kept */
};

/* Who may set an option. */
enum {
    BY_ALL,
    BY_OWNERS,      /* engines and connections; others are refused */
    BY_OWNERS_ALONE /* the same, and from others it changes nothing */
};

/* One known option. */
struct option {
    const char *name;
    enum kind kind;
    size_t offset; /* in struct cup_exec_options */
    int by;
};

#define OPTION(name, kind, field, by)                                  \
    {                                                                  \
        (name), (kind), offsetof(struct cup_exec_options, field), (by) \
    }

static const struct option known_options[] = {
    OPTION("stream_results", KIND_BOOL, stream_results, BY_ALL),
    OPTION("yield_per", KIND_COUNT, yield_per, BY_ALL),
    OPTION("max_row_buffer", KIND_COUNT, max_row_buffer, BY_ALL),
    OPTION("timeout_ms", KIND_SPAN, timeout_ms, BY_ALL),
    OPTION("preserve_rowcount", KIND_BOOL, preserve_rowcount, BY_ALL),
    OPTION("no_parameters", KIND_BOOL, no_parameters, BY_ALL),
    OPTION("skip_user_error_events", KIND_BOOL, skip_user_error_events, BY_ALL),
    OPTION("compiled_cache", KIND_CACHE, no_cache, BY_OWNERS),
    OPTION("isolation_level", KIND_TEXT, isolation_level, BY_OWNERS),
    OPTION("logging_token", KIND_TEXT, logging_token, BY_OWNERS_ALONE),
};

#undef OPTION

enum { KNOWN_COUNT = sizeof known_options / sizeof known_options[0] };

static const struct cup_exec_options defaults = { .max_row_buffer = 1000 };

void
cup_exec_options_init(struct cup_exec_options *options)
{
    *options = defaults;
}

static void *
field_of(struct cup_exec_options *options, const struct option *option)
{
    return (char *)options + option->offset;
}

static size_t
size_of(enum kind kind)
{
    switch (kind) {
    case KIND_BOOL:
    case KIND_CACHE:
        return sizeof(bool);
    case KIND_COUNT:
        return sizeof(size_t);
    case KIND_SPAN:
        return sizeof(int64_t);
    case KIND_TEXT:
        return sizeof(const char *);
    }
    return 0;
}

/* Copy one option's field from one struct to another. */
static void
copy_field(const struct cup_exec_options *from, struct cup_exec_options *to,
           const struct option *option)
{
    memcpy((char *)to + option->offset, (const char *)from + option->offset,
           size_of(option->kind));
}

/* ---- Reading ----------------------------------------------------------- */

static cupel_status
wrong_kind(const char *name, const char *wanted)
{
    return cup_error_set(CUPEL_E_ARGUMENT, "execution option %s takes %s", name,
                         wanted);
}

static cupel_status
read_bool(const struct option *option, const cupel_value *value, bool *out)
{
    if (value->type != CUPEL_BOOL)
        return wrong_kind(option->name, "a bool");
    *out = value->as.boolean != (option->kind == KIND_CACHE);
    return CUPEL_OK;
}

static cupel_status
read_number(const struct option *option, const cupel_value *value, void *out)
{
    int64_t number = value->as.integer;

    if (value->type != CUPEL_INT || number < 0 || number > INT32_MAX)
        return wrong_kind(option->name, "a whole number from 0");
    if (option->kind == KIND_COUNT)
        *(size_t *)out = (size_t)number;
    else
        *(int64_t *)out = number;
    return CUPEL_OK;
}

static cupel_status
read_text(const struct option *option, const cupel_value *value,
          const char **out)
{
    if (value->type != CUPEL_TEXT)
        return wrong_kind(option->name, "a text");
    *out = value->as.bytes.data == NULL ? "" : value->as.bytes.data;
    return CUPEL_OK;
}

static cupel_status
read_value(const struct option *option, const cupel_value *value,
           struct cup_exec_options *options)
{
    void *field = field_of(options, option);

    if (value->type == CUPEL_NULL) {
        copy_field(&defaults, options, option);
        if (option->kind == KIND_CACHE)
            *(bool *)field = true;
        return CUPEL_OK;
    }
    switch (option->kind) {
    case KIND_BOOL:
    case KIND_CACHE:
        return read_bool(option, value, field);
    case KIND_COUNT:
    case KIND_SPAN:
        return read_number(option, value, field);
    case KIND_TEXT:
        return read_text(option, value, field);
    }
    return CUPEL_OK;
}

static cupel_status
not_here(const char *name)
{
    return cup_error_set(CUPEL_E_ARGUMENT,
                         "execution option %s is set on a connection or an "
                         "engine, not on a statement or a call",
                         name);
}

/* Whether the name is one of the dialect's switches. */
static bool
is_switch(const cupel_dialect *dialect, const char *name)
{
    const char *const *other = dialect->session_switches;

    while (other != NULL && *other != NULL)
        if (strcmp(*other++, name) == 0)
            return true;
    return false;
}

static cupel_status
read_switch(const cupel_param *item, bool owner)
{
    if (!owner)
        return not_here(item->name);
    if (item->value.type != CUPEL_BOOL && item->value.type != CUPEL_NULL)
        return wrong_kind(item->name, "a bool");
    return CUPEL_OK;
}

static cupel_status
read_item(const cupel_dialect *dialect, const cupel_param *item, bool owner,
          struct cup_exec_options *options)
{
    size_t i;

    if (item->name == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "an execution option has no name");
    for (i = 0; i < KNOWN_COUNT; i++) {
        const struct option *option = &known_options[i];

        if (strcmp(option->name, item->name) != 0)
            continue;
        if (!owner && option->by == BY_OWNERS)
            return not_here(item->name);
        if (!owner && option->by == BY_OWNERS_ALONE)
            return CUPEL_OK;
        options->given |= UINT32_C(1) << i;
        return read_value(option, &item->value, options);
    }
    if (is_switch(dialect, item->name))
        return read_switch(item, owner);
    return CUPEL_OK;
}

cupel_status
cup_exec_options_read(const cupel_dialect *dialect,
                      const cupel_execution_options *given,
                      enum cup_options_owner owner,
                      struct cup_exec_options *options)
{
    bool is_owner =
        owner == CUP_OPTIONS_OF_ENGINE || owner == CUP_OPTIONS_OF_CONNECTION;
    cupel_status rc = CUPEL_OK;
    size_t i;

    if (given == NULL || given->count == 0)
        return CUPEL_OK;
    if (given->items == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "execution options are counted but not given");
    for (i = 0; i < given->count && rc == CUPEL_OK; i++)
        rc = read_item(dialect, &given->items[i], is_owner, options);
    return rc;
}

/* What `upper` has, over what `options` has. */
static void
overlay(const struct cup_exec_options *upper, struct cup_exec_options *options)
{
    size_t i;

    for (i = 0; i < KNOWN_COUNT; i++)
        if ((upper->given & (UINT32_C(1) << i)) != 0)
            copy_field(upper, options, &known_options[i]);
    options->given |= upper->given;
}

cupel_status
cup_exec_options_resolve(const cupel_dialect *dialect,
                         const cupel_execution_options *of_statement,
                         const struct cup_option_set *set,
                         const cupel_execution_options *of_call,
                         struct cup_exec_options *out)
{
    cupel_status rc = CUPEL_OK;

    *out = defaults;
    if (of_statement != NULL)
        rc = cup_exec_options_read(dialect, of_statement,
                                   CUP_OPTIONS_OF_STATEMENT, out);
    if (rc == CUPEL_OK && set != NULL)
        overlay(&set->known, out);
    if (rc == CUPEL_OK && of_call != NULL)
        rc = cup_exec_options_read(dialect, of_call, CUP_OPTIONS_OF_CALL, out);
    return rc;
}

/* ---- Sets -------------------------------------------------------------- */

/* Put one option into a list that has room for it: in the place of one of the
 * same name, or at the end. */
static cupel_status
put(struct cup_arena *arena, cupel_param *items, size_t *count,
    const cupel_param *given)
{
    cupel_param *item = items;
    cupel_status rc;

    if (given->name == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "an execution option has no name");
    while (item < items + *count && strcmp(item->name, given->name) != 0)
        item++;
    rc = cup_value_check(&given->value);
    if (rc == CUPEL_OK)
        rc = cup_value_copy(arena, &given->value, &item->value);
    if (rc != CUPEL_OK || item < items + *count)
        return rc;
    item->name = cup_arena_strndup(arena, given->name, strlen(given->name));
    if (item->name == NULL)
        return cup_nomem();
    (*count)++;
    return CUPEL_OK;
}

/* Every option of a list. */
static cupel_status
put_all(struct cup_option_set *set, cupel_param *items,
        const cupel_execution_options *given)
{
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; i < given->count && rc == CUPEL_OK; i++)
        rc = put(&set->arena, items, &set->list.count, &given->items[i]);
    return rc;
}

static cupel_status
fill(struct cup_option_set *set, const cupel_execution_options *base,
     const cupel_execution_options *given)
{
    cupel_param *items;
    cupel_status rc;

    if (given->count > SIZE_MAX / sizeof *items - base->count)
        return cup_nomem();
    items =
        cup_arena_array(&set->arena, base->count + given->count, sizeof *items);
    if (items == NULL)
        return cup_nomem();
    set->list.items = items;
    rc = put_all(set, items, base);
    return rc == CUPEL_OK ? put_all(set, items, given) : rc;
}

cupel_status
cup_option_set_merge(const cupel_dialect *dialect,
                     const struct cup_option_set *base,
                     const cupel_execution_options *given,
                     enum cup_options_owner owner, struct cup_option_set **out)
{
    static const cupel_execution_options none = { NULL, 0 };
    struct cup_option_set *set;
    cupel_status rc;

    if (given == NULL)
        given = &none;
    if (given->count > 0 && given->items == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "execution options are counted but not given");
    set = cup_alloc(sizeof *set);
    if (set == NULL)
        return cup_nomem();
    atomic_init(&set->refs, 1);
    cup_arena_init(&set->arena, NULL, 0);
    cup_exec_options_init(&set->known);
    rc = fill(set, cup_option_set_list(base), given);
    if (rc == CUPEL_OK)
        rc = cup_exec_options_read(dialect, &set->list, owner, &set->known);
    if (rc == CUPEL_OK)
        *out = set;
    else
        cup_option_set_unref(set);
    return rc;
}

struct cup_option_set *
cup_option_set_ref(struct cup_option_set *set)
{
    if (set != NULL)
        atomic_fetch_add_explicit(&set->refs, 1, memory_order_relaxed);
    return set;
}

void
cup_option_set_unref(struct cup_option_set *set)
{
    size_t before;

    if (set == NULL)
        return;
    before = atomic_fetch_sub_explicit(&set->refs, 1, memory_order_acq_rel);
    assert(before > 0);
    if (before > 1)
        return;
    cup_arena_fini(&set->arena);
    cup_free(set);
}

const cupel_execution_options *
cup_option_set_list(const struct cup_option_set *set)
{
    static const cupel_execution_options none = { NULL, 0 };

    return set == NULL ? &none : &set->list;
}

const cupel_param *
cup_option_find(const cupel_execution_options *options, const char *name)
{
    size_t i;

    for (i = options == NULL ? 0 : options->count; i > 0; i--)
        if (options->items[i - 1].name != NULL &&
            strcmp(options->items[i - 1].name, name) == 0)
            return &options->items[i - 1];
    return NULL;
}

cupel_time
cup_option_set_deadline(const struct cup_option_set *set)
{
    if (set == NULL || set->known.timeout_ms == 0)
        return CUPEL_FOREVER;
    return cup_deadline_coarse(set->known.timeout_ms);
}
