/* SPDX-License-Identifier: MIT */
/* SQLSTATE to status, the one place where it happens for this dialect. */
#include "dialect/fake/errors.h"

#include "base/error.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { MESSAGE_SIZE = 512 };

cupel_status
cup_fake_status(const char *sqlstate)
{
    static const struct {
        const char *prefix;
        cupel_status status;
    } classes[] = {
        { "08", CUPEL_E_OPERATIONAL }, { "0A", CUPEL_E_NOTSUPPORTED },
        { "22", CUPEL_E_DATA },        { "23", CUPEL_E_INTEGRITY },
        { "25", CUPEL_E_INTERNAL },    { "28", CUPEL_E_OPERATIONAL },
        { "2D", CUPEL_E_INTERNAL },    { "34", CUPEL_E_OPERATIONAL },
        { "3B", CUPEL_E_INTERNAL },    { "3D", CUPEL_E_OPERATIONAL },
        { "40", CUPEL_E_OPERATIONAL }, { "42", CUPEL_E_PROGRAMMING },
        { "53", CUPEL_E_OPERATIONAL }, { "54", CUPEL_E_OPERATIONAL },
        { "55", CUPEL_E_OPERATIONAL }, { "57", CUPEL_E_OPERATIONAL },
        { "XX", CUPEL_E_INTERNAL },
    };

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (strncmp(sqlstate, classes[i].prefix, 2) == 0)
            return classes[i].status;
    }
    return CUPEL_E_DATABASE;
}

static cupel_status
fail(const char *sqlstate, int position, const char *message)
{
    cupel_status rc = cup_fake_status(sqlstate);
    struct cupel_error *error;

    rc = cup_error_set(rc, "%s", message);
    error = cup_error_current();
    if (error != NULL) {
        snprintf(error->sqlstate, sizeof error->sqlstate, "%.5s", sqlstate);
        error->position = position;
    }
    return rc;
}

cupel_status
cup_fake_fail(const char *sqlstate, const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return fail(sqlstate, 0, message);
}

cupel_status
cup_fake_fail_at(const char *sqlstate, const char *sql, size_t offset,
                 const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return fail(sqlstate, (int)cup_utf8_count(sql, offset) + 1, message);
}

cupel_status
cup_fake_lost(cupel_outcome outcome, const char *sqlstate)
{
    cupel_status rc = cup_fake_fail(sqlstate, "the server hung up");
    struct cupel_error *error = cup_error_current();

    if (error != NULL) {
        error->connection_lost = true;
        error->outcome = outcome;
    }
    return rc;
}
