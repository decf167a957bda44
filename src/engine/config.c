/* SPDX-License-Identifier: MIT */
/* Engines from a list of configuration, and pools without an engine. */
#include <cupel/engine.h>

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/blueprint.h"
#include "engine/isolation.h"
#include "engine/options.h"

/* A list of configuration, as far as it has been read. */
struct reading {
    const char *prefix;
    cupel_engine_options options;
    const char *url;
    struct cup_writer unknown; /* names of options that do not exist */
    size_t unknown_count;
};

static cupel_status
read_pair(struct reading *reading, const cupel_url_pair *pair)
{
    size_t len = strlen(reading->prefix);
    const char *name;
    cupel_status rc;

    if (pair->key == NULL || pair->value == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a configuration needs keys and values");
    if (strncmp(pair->key, reading->prefix, len) != 0)
        return CUPEL_OK;
    name = pair->key + len;
    if (strcmp(name, "url") == 0) {
        reading->url = pair->value;
        return CUPEL_OK;
    }
    if (strcmp(name, "server_side_cursors") == 0)
        return cup_error_set(CUPEL_E_ASYNCMETHOD,
                             "server_side_cursors cannot be set for all of an "
                             "engine; use stream()");
    rc = cupel_engine_options_set(&reading->options, name, pair->value);
    if (rc != CUPEL_E_KEY)
        return rc;
    cup_writer_str(&reading->unknown,
                   reading->unknown_count++ == 0 ? "'" : "', '");
    cup_writer_str(&reading->unknown, name);
    return CUPEL_OK;
}

/* Take out of the list what it says: the options with `given` over them, and
 * the url, which is borrowed. */
static cupel_status
read_config(const cupel_url_pair *config, size_t count, const char *prefix,
            const cupel_engine_options *given, struct reading *out)
{
    cupel_status rc = CUPEL_OK;
    char unknown[256];
    size_t i;

    *out = (struct reading){ .prefix = prefix == NULL ? "sqlalchemy." : prefix,
                             .options = CUPEL_OPTIONS(cupel_engine_options) };
    if (config == NULL && count > 0)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a configuration is counted but not given");
    cup_writer_init(&out->unknown, unknown, sizeof unknown);
    for (i = 0; i < count && rc == CUPEL_OK; i++)
        rc = read_pair(out, &config[i]);
    cup_writer_end(&out->unknown);
    if (rc == CUPEL_OK)
        rc = cup_options_overlay(given, &out->options);
    if (rc != CUPEL_OK)
        return rc;
    if (out->url == NULL)
        return cup_error_set(CUPEL_E_KEY, "the configuration has no '%surl'",
                             out->prefix);
    if (out->unknown_count > 0)
        return cup_error_set(CUPEL_E_TYPE,
                             "invalid option(s) %s' for an engine", unknown);
    return CUPEL_OK;
}

/* Makes an engine: cupel_engine_create() or its async twin. */
typedef cupel_status
create_fn(const char *url, const cupel_engine_options *options,
          cupel_engine **out);

static cupel_status
from_config(const cupel_url_pair *config, size_t count, const char *prefix,
            const cupel_engine_options *options, create_fn *create,
            cupel_engine **out)
{
    struct reading reading;
    cupel_status rc;

    if (out != NULL)
        *out = NULL;
    rc = read_config(config, count, prefix, options, &reading);
    if (rc != CUPEL_OK)
        return rc;
    return create(reading.url, &reading.options, out);
}

cupel_status
cupel_engine_from_config(const cupel_url_pair *config, size_t count,
                         const char *prefix,
                         const cupel_engine_options *options,
                         cupel_engine **out)
{
    return from_config(config, count, prefix, options, cupel_engine_create,
                       out);
}

cupel_status
cupel_engine_from_config_async(const cupel_url_pair *config, size_t count,
                               const char *prefix,
                               const cupel_engine_options *options,
                               cupel_engine **out)
{
    return from_config(config, count, prefix, options,
                       cupel_engine_create_async, out);
}

/* ---- Pools ------------------------------------------------------------- */

/* Nothing is opened. */
static cupel_status
create_pool(const char *url, const cupel_engine_options *options, bool async,
            cupel_pool **out)
{
    struct cup_blueprint plan;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the pool");
    *out = NULL;
    rc = cup_blueprint_draw(&plan, url, options, async);
    if (rc == CUPEL_OK && plan.options.isolation_level != NULL &&
        !plan.has_level)
        rc = cup_isolation_unknown(plan.dialect, plan.options.isolation_level);
    if (rc == CUPEL_OK)
        rc = cup_pool_new(&plan.pool, out);
    cup_blueprint_fini(&plan);
    return rc;
}

cupel_status
cupel_create_pool_from_url(const char *url, const cupel_engine_options *options,
                           cupel_pool **out)
{
    return create_pool(url, options, false, out);
}

cupel_status
cupel_create_async_pool_from_url(const char *url,
                                 const cupel_engine_options *options,
                                 cupel_pool **out)
{
    return create_pool(url, options, true, out);
}
