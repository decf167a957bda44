/* SPDX-License-Identifier: MIT */
/* SQL functions that every connection has: `text REGEXP pattern`, which sqlite
 * has a word for and no function, and floor(), which it has only if it was
 * built so. */
#include "dialect/sqlite/function.h"

#include <regex.h>
#include <stdint.h>

#include "base/alloc.h"

static void
free_pattern(void *pattern)
{
    regfree(pattern);
    cup_free(pattern);
}

/* NULL: an error is set on the context. */
static regex_t *
compile_pattern(sqlite3_context *context, const char *text)
{
    regex_t *pattern = cup_alloc(sizeof *pattern);
    int rc;

    if (pattern == NULL) {
        sqlite3_result_error_nomem(context);
        return NULL;
    }
    rc = regcomp(pattern, text, REG_EXTENDED | REG_NOSUB);
    if (rc == 0)
        return pattern;
    cup_free(pattern);
    if (rc == REG_ESPACE)
        sqlite3_result_error_nomem(context);
    else
        sqlite3_result_error(context, "the pattern of REGEXP is malformed", -1);
    return NULL;
}

/* regexp(pattern, text). The compiled pattern stays with its argument while the
 * statement runs, if that is constant. Sqlite may drop it as soon as it gets
 * it, so it is used before. */
static void
regexp(sqlite3_context *context, int count, sqlite3_value **args)
{
    regex_t *pattern = sqlite3_get_auxdata(context, 0);
    const char *text = (const char *)sqlite3_value_text(args[1]);
    const char *source = (const char *)sqlite3_value_text(args[0]);
    regex_t *fresh = NULL;

    (void)count;
    if (text == NULL || source == NULL)
        return; /* NULL */
    if (pattern == NULL)
        pattern = fresh = compile_pattern(context, source);
    if (pattern == NULL)
        return;
    sqlite3_result_int(context, regexec(pattern, text, 0, NULL, 0) == 0);
    if (fresh != NULL)
        sqlite3_set_auxdata(context, 0, fresh, free_pattern);
}

/* Beyond 2^53 every double is whole. */
static double
floor_of(double real)
{
    int64_t whole;

    if (!(real > -9007199254740992.0 && real < 9007199254740992.0))
        return real;
    whole = (int64_t)real;
    return (double)(whole - ((double)whole > real));
}

static void
floor_function(sqlite3_context *context, int count, sqlite3_value **args)
{
    (void)count;
    switch (sqlite3_value_numeric_type(args[0])) {
    case SQLITE_INTEGER:
        sqlite3_result_int64(context, sqlite3_value_int64(args[0]));
        break;
    case SQLITE_FLOAT:
        sqlite3_result_double(context, floor_of(sqlite3_value_double(args[0])));
        break;
    default:
        break; /* NULL */
    }
}

int
cup_sqlite_functions_install(sqlite3 *db)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int rc;

    rc = sqlite3_create_function_v2(db, "regexp", 2, flags, NULL, regexp, NULL,
                                    NULL, NULL);
    if (rc != SQLITE_OK)
        return rc;
    return sqlite3_create_function_v2(db, "floor", 1, flags, NULL,
                                      floor_function, NULL, NULL, NULL);
}
