/* SPDX-License-Identifier: MIT */
/* Engine options: by field or by name, with their defaults. */
#include "engine/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* One option: its name, place and default. */
struct option {
    const char *name;
    size_t offset;
    int64_t fallback;
};

#define OPTION(field, fallback)                                   \
    {                                                             \
#field, offsetof(cupel_engine_options, field), (fallback) \
    }

static const struct option option_list[] = {
    OPTION(pool_size, 5),           OPTION(max_overflow, 10),
    OPTION(pool_timeout_ms, 30000), OPTION(connect_timeout_ms, 10000),
    OPTION(query_cache_size, 500),  OPTION(close_timeout_ms, 2000),
};

#undef OPTION

static const size_t option_count = sizeof option_list / sizeof option_list[0];

static int64_t *
field_of(cupel_engine_options *options, const struct option *option)
{
    return (int64_t *)(void *)((char *)options + option->offset);
}

/* Copy what the caller's version of the struct has; what it has beyond ours
 * must be zero, or it asks for something this version cannot give. */
static cupel_status
copy_known(const cupel_engine_options *given, cupel_engine_options *out)
{
    const unsigned char *bytes = (const unsigned char *)given;
    size_t i, size = given->struct_size;

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

cupel_status
cup_options_complete(const cupel_engine_options *given,
                     cupel_engine_options *out)
{
    cupel_status rc;
    size_t i;

    *out = (cupel_engine_options)CUPEL_OPTIONS(cupel_engine_options);
    if (given != NULL) {
        rc = copy_known(given, out);
        if (rc != CUPEL_OK)
            return rc;
    }
    for (i = 0; i < option_count; i++) {
        int64_t *field = field_of(out, &option_list[i]);

        if (*field == 0)
            *field = option_list[i].fallback;
        else if (*field == CUPEL_ZERO)
            *field = 0;
        else if (*field < 0)
            return cup_error_set(CUPEL_E_ARGUMENT, "option %s is negative",
                                 option_list[i].name);
    }
    return CUPEL_OK;
}

/* A whole number from 0, or "unlimited". */
static cupel_status
parse_number(const char *name, const char *text, int64_t *out)
{
    long long number;
    char *end;

    if (strcmp(text, "unlimited") == 0) {
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

cupel_status
cupel_engine_options_set(cupel_engine_options *options, const char *name,
                         const char *value)
{
    size_t i;

    if (options == NULL || name == NULL || value == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "an option needs its struct, name and value");
    for (i = 0; i < option_count; i++) {
        const struct option *option = &option_list[i];

        if (strcmp(option->name, name) != 0)
            continue;
        if (option->offset + sizeof(int64_t) > options->struct_size)
            break;
        return parse_number(name, value, field_of(options, option));
    }
    return cup_error_set(CUPEL_E_KEY, "no engine option has that name");
}
