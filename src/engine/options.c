/* SPDX-License-Identifier: MIT */
/* Engine options: by field or by name, with their defaults. One table says of
 * each field what it holds, what it means when it is zero, and which pools have
 * it. */
#include "engine/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

/* What a field holds. */
enum kind {
    KIND_NUMBER,  /* int64_t from 0; zero means the default */
    KIND_TOGGLE,  /* ON, OFF */
    KIND_ECHO,    /* the same, or DEBUG; no default */
    KIND_CLASS,   /* cupel_pool_class */
    KIND_RESET,   /* cupel_reset_on_return */
    KIND_TEXT,    /* const char * */
    KIND_POINTER, /* what no text can say */
    KIND_FUNCTION,
    KIND_COUNT /* size_t, belongs to a pointer */
};

/* Which pools have an option. */
enum { FOR_ENGINE, FOR_POOL, FOR_QUEUE };

/* One option. */
struct option {
    const char *name;
    enum kind kind;
    size_t offset;
    int whose;
    int64_t fallback; /* of a number */
};

#define FIELD(field, kind, whose, fallback)                             \
    {                                                                   \
#field, (kind), offsetof(cupel_engine_options, field), (whose), \
            (fallback)                                                  \
    }

static const struct option option_list[] = {
    FIELD(pool_size, KIND_NUMBER, FOR_QUEUE, 5),
    FIELD(max_overflow, KIND_NUMBER, FOR_QUEUE, 10),
    FIELD(pool_timeout_ms, KIND_NUMBER, FOR_QUEUE, 30000),
    FIELD(connect_timeout_ms, KIND_NUMBER, FOR_ENGINE, 10000),
    FIELD(query_cache_size, KIND_NUMBER, FOR_ENGINE, 500),
    FIELD(close_timeout_ms, KIND_NUMBER, FOR_ENGINE, 2000),
    FIELD(poolclass, KIND_CLASS, FOR_POOL, 0),
    FIELD(pool, KIND_POINTER, FOR_ENGINE, 0),
    FIELD(pool_recycle_ms, KIND_NUMBER, FOR_POOL, -1),
    FIELD(pool_lifetime_ms, KIND_NUMBER, FOR_POOL, 0),
    FIELD(pool_idle_timeout_ms, KIND_NUMBER, FOR_QUEUE, 0),
    FIELD(pool_min_idle, KIND_NUMBER, FOR_QUEUE, 0),
    FIELD(pool_pre_ping, KIND_TOGGLE, FOR_POOL, 0),
    FIELD(pool_use_lifo, KIND_TOGGLE, FOR_QUEUE, 0),
    FIELD(pool_reset_on_return, KIND_RESET, FOR_POOL, 0),
    FIELD(skip_autocommit_rollback, KIND_TOGGLE, FOR_ENGINE, 0),
    FIELD(slow_acquire_ms, KIND_NUMBER, FOR_POOL, 0),
    FIELD(slow_query_ms, KIND_NUMBER, FOR_ENGINE, 0),
    FIELD(timeout_ms, KIND_NUMBER, FOR_ENGINE, 0),
    FIELD(echo, KIND_ECHO, FOR_ENGINE, 0),
    FIELD(echo_pool, KIND_ECHO, FOR_POOL, 0),
    FIELD(hide_parameters, KIND_TOGGLE, FOR_ENGINE, 0),
    FIELD(logging_name, KIND_TEXT, FOR_ENGINE, 0),
    FIELD(pool_logging_name, KIND_TEXT, FOR_POOL, 0),
    FIELD(isolation_level, KIND_TEXT, FOR_ENGINE, 0),
    FIELD(execution_options, KIND_POINTER, FOR_ENGINE, 0),
    FIELD(connect_args, KIND_POINTER, FOR_ENGINE, 0),
    FIELD(connect_arg_count, KIND_COUNT, FOR_ENGINE, 0),
    FIELD(connect_args_text, KIND_TEXT, FOR_ENGINE, 0),
    FIELD(creator, KIND_FUNCTION, FOR_ENGINE, 0),
    FIELD(async_creator, KIND_FUNCTION, FOR_ENGINE, 0),
    FIELD(creator_arg, KIND_POINTER, FOR_ENGINE, 0),
};

#undef FIELD

static const size_t option_count = sizeof option_list / sizeof option_list[0];

/* Names of the reference that stand for a field in another unit. */
static const struct {
    const char *name;
    const char *field;
} seconds[] = { { "pool_timeout", "pool_timeout_ms" },
                { "pool_recycle", "pool_recycle_ms" } };

static const char *const class_names[] = {
    [CUPEL_POOL_DEFAULT] = "default",
    [CUPEL_POOL_ASYNC_ADAPTED_QUEUE] = "AsyncAdaptedQueuePool",
    [CUPEL_POOL_QUEUE] = "QueuePool",
    [CUPEL_POOL_NULL] = "NullPool",
    [CUPEL_POOL_STATIC] = "StaticPool",
    [CUPEL_POOL_ASSERTION] = "AssertionPool",
};

enum { CLASS_COUNT = sizeof class_names / sizeof class_names[0] };

static void *
field_of(cupel_engine_options *options, const struct option *option)
{
    return (char *)options + option->offset;
}

static const void *
field_in(const cupel_engine_options *options, const struct option *option)
{
    return (const char *)options + option->offset;
}

static size_t
size_of(enum kind kind)
{
    switch (kind) {
    case KIND_NUMBER:
        return sizeof(int64_t);
    case KIND_TOGGLE:
    case KIND_ECHO:
    case KIND_CLASS:
    case KIND_RESET:
        return sizeof(cupel_toggle);
    case KIND_TEXT:
    case KIND_POINTER:
        return sizeof(void *);
    case KIND_FUNCTION:
        return sizeof(cupel_creator_fn *);
    case KIND_COUNT:
        return sizeof(size_t);
    }
    return 0;
}

static bool
is_set(const cupel_engine_options *options, const struct option *option)
{
    static const char zeros[sizeof(int64_t) * 2];

    return memcmp(field_in(options, option), zeros, size_of(option->kind)) != 0;
}

/* ---- Completing -------------------------------------------------------- */

/* Copy what the caller's version of the struct has; what it has beyond ours
 * must be zero, or it asks for something this version cannot give. */
static cupel_status
copy_known(const cupel_engine_options *given, cupel_engine_options *out)
{
    const unsigned char *bytes = (const unsigned char *)given;
    size_t i, size;

    *out = (cupel_engine_options)CUPEL_OPTIONS(cupel_engine_options);
    if (given == NULL)
        return CUPEL_OK;
    size = given->struct_size;
    if (size < sizeof given->struct_size || size > 4096)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the options' struct_size is not set");
    for (i = sizeof *out; i < size; i++)
        if (bytes[i] != 0)
            return cup_error_set(CUPEL_E_ARGUMENT,
                                 "the options have a field that this version "
                                 "of the library does not know");
    memcpy(out, given, size < sizeof *out ? size : sizeof *out);
    out->struct_size = sizeof *out;
    return CUPEL_OK;
}

static cupel_status
no_such_value(const char *name)
{
    return cup_error_set(CUPEL_E_ARGUMENT, "option %s has no such value", name);
}

static cupel_status
complete_number(const struct option *option, int64_t *field)
{
    if (*field == 0)
        *field = option->fallback;
    else if (*field == CUPEL_ZERO)
        *field = 0;
    else if (*field < 0)
        return cup_error_set(CUPEL_E_ARGUMENT, "option %s is negative",
                             option->name);
    return CUPEL_OK;
}

/* Enumerations are looked at as the ints that they are. */
static cupel_status
complete_choice(const struct option *option, void *field)
{
    int limit = CUPEL_OFF;
    int choice;

    memcpy(&choice, field, sizeof choice);
    if (option->kind == KIND_TOGGLE && choice == CUPEL_DEFAULT)
        choice = CUPEL_OFF;
    if (option->kind == KIND_ECHO)
        limit = CUPEL_DEBUG;
    else if (option->kind == KIND_CLASS)
        limit = CLASS_COUNT - 1;
    else if (option->kind == KIND_RESET)
        limit = CUPEL_RESET_NONE;
    if (choice < 0 || choice > limit)
        return no_such_value(option->name);
    memcpy(field, &choice, sizeof choice);
    return CUPEL_OK;
}

static cupel_status
complete_field(const struct option *option, void *field)
{
    switch (option->kind) {
    case KIND_NUMBER:
        return complete_number(option, field);
    case KIND_TOGGLE:
    case KIND_ECHO:
    case KIND_CLASS:
    case KIND_RESET:
        return complete_choice(option, field);
    case KIND_TEXT:
    case KIND_POINTER:
    case KIND_FUNCTION:
    case KIND_COUNT:
        return CUPEL_OK;
    }
    return CUPEL_OK;
}

cupel_status
cup_options_complete(const cupel_engine_options *given,
                     cupel_engine_options *out)
{
    cupel_status rc;
    size_t i;

    rc = copy_known(given, out);
    for (i = 0; i < option_count && rc == CUPEL_OK; i++)
        rc = complete_field(&option_list[i], field_of(out, &option_list[i]));
    if (rc == CUPEL_OK && out->connect_arg_count > 0 &&
        out->connect_args == NULL)
        rc = cup_error_set(CUPEL_E_ARGUMENT,
                           "connect_args are counted but not given");
    return rc;
}

cupel_status
cup_options_overlay(const cupel_engine_options *given,
                    cupel_engine_options *options)
{
    cupel_engine_options known;
    cupel_status rc;
    size_t i;

    rc = copy_known(given, &known);
    for (i = 0; i < option_count && rc == CUPEL_OK; i++)
        if (is_set(&known, &option_list[i]))
            memcpy(field_of(options, &option_list[i]),
                   field_in(&known, &option_list[i]),
                   size_of(option_list[i].kind));
    return rc;
}

/* ---- Pools ------------------------------------------------------------- */

const char *
cup_pool_class_name(cupel_pool_class poolclass)
{
    return (size_t)poolclass < CLASS_COUNT ? class_names[poolclass] : "?";
}

cupel_status
cup_options_check_pool(const cupel_engine_options *given,
                       cupel_pool_class poolclass, const char *dialect)
{
    bool queues = poolclass == CUPEL_POOL_QUEUE ||
                  poolclass == CUPEL_POOL_ASYNC_ADAPTED_QUEUE;
    cupel_engine_options known;
    struct cup_writer writer;
    char names[256];
    cupel_status rc;
    size_t i, len = 0;

    rc = copy_known(given, &known);
    if (rc != CUPEL_OK)
        return rc;
    cup_writer_init(&writer, names, sizeof names);
    for (i = 0; i < option_count; i++) {
        const struct option *option = &option_list[i];

        if (!is_set(&known, option) || option->whose == FOR_ENGINE ||
            (known.pool == NULL && (queues || option->whose == FOR_POOL)))
            continue;
        cup_writer_str(&writer, len++ == 0 ? "'" : "', '");
        cup_writer_str(&writer, option->name);
    }
    cup_writer_end(&writer);
    if (len == 0)
        return CUPEL_OK;
    return cup_error_set(
        CUPEL_E_TYPE, "invalid option(s) %s' for an engine of %s with %s",
        names, dialect,
        known.pool != NULL ? "a ready pool" : cup_pool_class_name(poolclass));
}

/* ---- By name ----------------------------------------------------------- */

/* A whole number from 0, or "unlimited"; what the reference writes as -1. */
static cupel_status
read_number(const char *name, const char *text, int64_t *out)
{
    long long number;
    char *end;

    if (strcmp(text, "unlimited") == 0 ||
        (strcmp(text, "-1") == 0 && strcmp(name, "max_overflow") == 0)) {
        *out = CUPEL_UNLIMITED;
        return CUPEL_OK;
    }
    errno = 0;
    number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0)
        return cup_error_set(CUPEL_E_VALUE,
                             "option %s takes a whole number from 0 or "
                             "\"unlimited\"",
                             name);
    *out = number == 0 ? CUPEL_ZERO : number;
    return CUPEL_OK;
}

/* Whole seconds, and up to three decimals of them, as milliseconds. */
static bool
parse_seconds(const char *text, int64_t *out)
{
    int64_t ms = 0, unit = 1000;

    if (!cup_is_digit(text[0]))
        return false;
    for (; cup_is_digit(*text); text++) {
        if (ms > INT64_MAX / 20)
            return false;
        ms = ms * 10 + (*text - '0') * INT64_C(1000);
    }
    if (*text == '.')
        for (text++; cup_is_digit(*text); text++)
            ms += (*text - '0') * (unit /= 10);
    *out = ms == 0 ? CUPEL_ZERO : ms;
    return *text == '\0';
}

static cupel_status
read_seconds(const char *name, const char *text, int64_t *out)
{
    if (strcmp(text, "-1") == 0 && strcmp(name, "pool_recycle") == 0) {
        *out = 0;
        return CUPEL_OK;
    }
    if (parse_seconds(text, out))
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_VALUE, "option %s takes seconds, such as 2.5",
                         name);
}

/* The text without space around it, in lower case; empty if it is long. */
static void
fold(const char *text, char *out, size_t size)
{
    size_t i, len;

    while (isspace((unsigned char)*text))
        text++;
    len = strlen(text);
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    if (len >= size)
        len = 0;
    for (i = 0; i < len; i++)
        out[i] = (char)tolower((unsigned char)text[i]);
    out[len] = '\0';
}

static bool
is_one_of(const char *word, const char *const *words)
{
    while (*words != NULL)
        if (strcmp(*words++, word) == 0)
            return true;
    return false;
}

int
cup_echo_level(cupel_toggle echo)
{
    if (echo == CUPEL_DEBUG)
        return CUPEL_LOG_DEBUG;
    return echo == CUPEL_ON ? CUPEL_LOG_INFO : 0;
}

cupel_status
cup_option_bool(const char *text, bool *out)
{
    static const char *const yes[] = {
        "true", "yes", "on", "y", "t", "1", NULL
    };
    static const char *const no[] = {
        "false", "no", "off", "n", "f", "0", NULL
    };
    char word[8];

    fold(text, word, sizeof word);
    *out = is_one_of(word, yes);
    if (*out || is_one_of(word, no))
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_VALUE, "String is not true/false: '%s'", text);
}

static cupel_status
read_toggle(const struct option *option, const char *text, cupel_toggle *out)
{
    bool on;
    cupel_status rc;

    if (option->kind == KIND_ECHO && strcmp(text, "debug") == 0) {
        *out = CUPEL_DEBUG;
        return CUPEL_OK;
    }
    rc = cup_option_bool(text, &on);
    if (rc == CUPEL_OK)
        *out = on ? CUPEL_ON : CUPEL_OFF;
    return rc;
}

static cupel_status
read_reset(const char *text, cupel_reset_on_return *out)
{
    static const char *const none[] = { "none", "false", NULL };
    static const char *const roll_back[] = { "rollback", "true", NULL };
    char word[16];

    fold(text, word, sizeof word);
    if (is_one_of(word, roll_back))
        *out = CUPEL_RESET_ROLLBACK;
    else if (strcmp(word, "commit") == 0)
        *out = CUPEL_RESET_COMMIT;
    else if (is_one_of(word, none))
        *out = CUPEL_RESET_NONE;
    else
        return no_such_value("pool_reset_on_return");
    return CUPEL_OK;
}

static cupel_status
read_class(const char *text, cupel_pool_class *out)
{
    size_t i;

    for (i = 1; i < CLASS_COUNT; i++) {
        if (strcmp(class_names[i], text) != 0)
            continue;
        *out = (cupel_pool_class)i;
        return CUPEL_OK;
    }
    return no_such_value("poolclass");
}

static cupel_status
unknown(const char *name)
{
    return cup_error_set(CUPEL_E_KEY,
                         "no engine option that a text can set has the name "
                         "'%.40s'",
                         name);
}

static cupel_status
read_field(const struct option *option, const char *text, void *field)
{
    switch (option->kind) {
    case KIND_NUMBER:
        return read_number(option->name, text, field);
    case KIND_TOGGLE:
    case KIND_ECHO:
        return read_toggle(option, text, field);
    case KIND_CLASS:
        return read_class(text, field);
    case KIND_RESET:
        return read_reset(text, field);
    case KIND_TEXT:
        *(const char **)field = text;
        return CUPEL_OK;
    case KIND_POINTER:
    case KIND_FUNCTION:
    case KIND_COUNT:
        return unknown(option->name);
    }
    return CUPEL_OK;
}

static const struct option *
find(const char *name)
{
    size_t i;

    for (i = 0; i < option_count; i++)
        if (strcmp(option_list[i].name, name) == 0)
            return &option_list[i];
    return NULL;
}

/* The option of that name that this caller's version of the struct has. */
static const struct option *
find_in(const cupel_engine_options *options, const char *name)
{
    const struct option *option = find(name);

    if (option != NULL &&
        option->offset + size_of(option->kind) > options->struct_size)
        return NULL;
    return option;
}

cupel_status
cupel_engine_options_set(cupel_engine_options *options, const char *name,
                         const char *value)
{
    const struct option *option;
    size_t i;

    if (options == NULL || name == NULL || value == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "an option needs its struct, name and value");
    for (i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        option = find_in(options, seconds[i].field);
        if (option != NULL && strcmp(seconds[i].name, name) == 0)
            return read_seconds(name, value, field_of(options, option));
    }
    if (strcmp(name, "connect_args") == 0)
        name = "connect_args_text";
    option = find_in(options, name);
    if (option == NULL)
        return unknown(name);
    return read_field(option, value, field_of(options, option));
}

cupel_status
cupel_pool_options_set(cupel_engine_options *options, const char *name,
                       const char *value)
{
    static const char *const names[][2] = {
        { "size", "pool_size" },
        { "timeout", "pool_timeout" },
        { "recycle", "pool_recycle" },
        { "pre_ping", "pool_pre_ping" },
        { "use_lifo", "pool_use_lifo" },
        { "reset_on_return", "pool_reset_on_return" },
        { "echo", "echo_pool" },
        { "logging_name", "pool_logging_name" },
    };
    size_t i;

    for (i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i][0], name) == 0) {
            name = names[i][1];
            break;
        }
    }
    return cupel_engine_options_set(options, name, value);
}
