/* SPDX-License-Identifier: MIT */
/* The dialects that urls can name. Those built in are known at compile time;
 * the others come by registration, before the first engine. */
#include "dialect/dialect.h"

#include <string.h>

#include "base/error.h"
#include "sql/url.h"

enum { REGISTERED_MAX = 32 };

static const cupel_dialect *const built_in[] = {
#ifdef CUP_HAVE_POSTGRESQL
    &cup_postgresql_dialect,
#endif
#ifdef CUP_HAVE_SQLITE
    &cup_sqlite_dialect,
#endif
    NULL, /* an array is never empty */
};

static const cupel_dialect *registered[REGISTERED_MAX];
static size_t registered_count;

static const cupel_dialect *
find_by_name(const char *name)
{
    size_t i;

    for (i = 0; built_in[i] != NULL; i++)
        if (strcmp(built_in[i]->name, name) == 0)
            return built_in[i];
    for (i = 0; i < registered_count; i++)
        if (strcmp(registered[i]->name, name) == 0)
            return registered[i];
    return NULL;
}

static bool
is_complete(const cupel_dialect *dialect)
{
    return dialect->struct_size >= sizeof *dialect && dialect->name != NULL &&
           dialect->name[0] != '\0' && dialect->driver != NULL &&
           dialect->begin != NULL && dialect->check_url != NULL &&
           dialect->connect != NULL && dialect->execute != NULL &&
           dialect->commit != NULL && dialect->rollback != NULL &&
           dialect->state != NULL && dialect->cancel != NULL &&
           dialect->close != NULL && dialect->free != NULL;
}

cupel_status
cupel_dialect_register(const cupel_dialect *dialect)
{
    if (dialect == NULL || !is_complete(dialect))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a dialect's table lacks a needed member");
    if (find_by_name(dialect->name) != NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "there is a dialect named %s already",
                             dialect->name);
    if (registered_count == REGISTERED_MAX)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "no more than %d dialects can be registered",
                             REGISTERED_MAX);
    registered[registered_count++] = dialect;
    return CUPEL_OK;
}

cupel_status
cup_dialect_find(const cupel_url *url, const cupel_dialect **out)
{
    const char *name = cupel_url_get_backend_name(url);
    const char *driver = url->driver;
    const cupel_dialect *found = find_by_name(name);

    if (found != NULL &&
        (driver == NULL || strcmp(driver, found->driver) == 0)) {
        *out = found;
        return CUPEL_OK;
    }
    if (driver == NULL)
        return cup_error_set(CUPEL_E_NOMODULE, "there is no dialect named %s",
                             name);
    if (found == NULL)
        return cup_error_set(CUPEL_E_NOMODULE,
                             "there is no dialect named %s, with driver %s",
                             name, driver);
    return cup_error_set(CUPEL_E_NOMODULE,
                         "dialect %s has no driver %s, its driver is %s", name,
                         driver, found->driver);
}

/* Of a url's names this one alone needs to know the dialects. */
const char *
cupel_url_get_driver_name(const cupel_url *url)
{
    const cupel_dialect *dialect;

    if (url == NULL)
        return NULL;
    if (url->driver != NULL)
        return url->driver;
    return cup_dialect_find(url, &dialect) == CUPEL_OK ? dialect->driver : NULL;
}
