/* SPDX-License-Identifier: MIT */
/* Engines: made from a url and options, holding the pool and the compiled
 * cache, lending connections (connection.c). */
#include "engine/engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/dialect.h"
#include "engine/listen.h"
#include "engine/options.h"
#include "task/task.h"

cupel_status
cup_engine_check(const cupel_engine *engine)
{
    if (engine->async && cup_task_current() == NULL)
        return cup_error_set(CUPEL_E_NOTASK,
                             "an async engine is used inside a task; this is "
                             "none");
    if (!engine->async && cup_task_current() != NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "a blocking engine would stop every task of the "
                             "loop; make an async one");
    return CUPEL_OK;
}

/* A count from an option, where UNLIMITED is the largest there is. */
static size_t
count_of(int64_t option)
{
    return (uint64_t)option > SIZE_MAX ? SIZE_MAX : (size_t)option;
}

static void
configure_pool(cupel_engine *engine, const cupel_engine_options *options)
{
    struct cup_pool_config *config = &engine->pool_config;
    size_t limit = 0;

    config->dialect = engine->dialect;
    config->url = engine->url;
    config->events = engine->pool_events;
    config->dialect_events = engine->dialect_events;
    config->blocking = !engine->async;
    config->timeout_ms = options->pool_timeout_ms;
    config->connect_timeout_ms = options->connect_timeout_ms;
    config->close_timeout_ms = options->close_timeout_ms;
    config->max_overflow = count_of(options->max_overflow);
    config->size = 0;
    if (options->pool_size != CUPEL_UNLIMITED)
        config->size = count_of(options->pool_size);

    if (engine->dialect->pool_limit != NULL)
        limit = engine->dialect->pool_limit(engine->url);
    if (limit == 0)
        return;
    if (config->size == 0 || config->size > limit)
        config->size = limit;
    if (config->max_overflow > limit - config->size)
        config->max_overflow = limit - config->size;
}

static char *
mask_url(const cupel_url *url)
{
    size_t len = cupel_url_render(url, true, NULL, 0);
    char *text = cup_alloc(len + 1);

    if (text != NULL)
        cupel_url_render(url, true, text, len + 1);
    return text;
}

/* Find the dialect and have it look at the url. */
static cupel_status
choose_dialect(cupel_engine *engine, const char *url)
{
    cupel_status rc;

    rc = cupel_url_parse(url, &engine->url);
    if (rc != CUPEL_OK)
        return rc;
    rc = cup_dialect_find(engine->url, &engine->dialect);
    if (rc != CUPEL_OK)
        return rc;
    if (engine->async && (engine->dialect->features & CUPEL_DIALECT_ASYNC) == 0)
        return cup_error_set(CUPEL_E_INVALID,
                             "an async engine needs an async driver; %s is "
                             "none",
                             engine->dialect->driver);
    return engine->dialect->check_url(engine->url);
}

static cupel_status
create(const char *url, const cupel_engine_options *given, bool async,
       cupel_engine **out)
{
    cupel_engine_options options;
    cupel_engine *engine;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the engine");
    *out = NULL;
    if (url == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no url");
    rc = cup_options_complete(given, &options);
    if (rc != CUPEL_OK)
        return rc;
    engine = cup_alloc(sizeof *engine);
    if (engine == NULL)
        return cup_nomem();

    engine->refs = 1;
    engine->async = async;
    engine->close_timeout_ms = options.close_timeout_ms;
    cup_text_cache_init(&engine->cache, count_of(options.query_cache_size));
    cup_logger_init(&engine->logger, "cupel.engine.Engine", NULL, 0);
    engine->cache.logger = &engine->logger;
    rc = cup_listeners_init(engine, NULL);
    if (rc == CUPEL_OK)
        rc = choose_dialect(engine, url);
    if (rc != CUPEL_OK)
        goto out;
    engine->masked_url = mask_url(engine->url);
    if (engine->masked_url == NULL) {
        rc = cup_nomem();
        goto out;
    }
    configure_pool(engine, &options);
    rc = cup_pool_new(&engine->pool_config, &engine->pool);
out:
    if (rc == CUPEL_OK)
        *out = engine;
    else
        cup_engine_unref(engine);
    return rc;
}

cupel_status
cupel_engine_create(const char *url, const cupel_engine_options *options,
                    cupel_engine **out)
{
    return create(url, options, false, out);
}

cupel_status
cupel_engine_create_async(const char *url, const cupel_engine_options *options,
                          cupel_engine **out)
{
    return create(url, options, true, out);
}

cupel_engine *
cup_engine_ref(cupel_engine *engine)
{
    engine->refs++;
    return engine;
}

void
cup_engine_unref(cupel_engine *engine)
{
    if (engine == NULL)
        return;
    assert(engine->refs > 0);
    if (--engine->refs > 0)
        return;
    cup_pool_free(engine->pool);
    cup_text_cache_fini(&engine->cache);
    cup_listeners_fini(engine);
    cupel_url_free(engine->url);
    cup_free(engine->masked_url);
    cup_free(engine);
}

const char *
cupel_engine_url(const cupel_engine *engine)
{
    return engine == NULL ? "" : engine->masked_url;
}

const char *
cupel_engine_name(const cupel_engine *engine)
{
    return engine == NULL ? "" : engine->dialect->name;
}

const char *
cupel_engine_driver(const cupel_engine *engine)
{
    return engine == NULL ? "" : engine->dialect->driver;
}

void
cupel_engine_pool_status(const cupel_engine *engine, cupel_pool_status *out)
{
    cupel_pool_figures(engine != NULL ? engine->pool : NULL, out);
}

cupel_status
cupel_engine_dispose(cupel_engine *engine)
{
    struct cupel_pool *fresh, *old;
    cupel_status rc;

    if (engine == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no engine");
    rc = cup_engine_check(engine);
    if (rc == CUPEL_OK)
        rc = cup_pool_check_home(engine->pool);
    if (rc == CUPEL_OK)
        rc = cup_pool_new(&engine->pool_config, &fresh);
    if (rc != CUPEL_OK)
        return rc;
    old = engine->pool;
    engine->pool = fresh;
    cup_pool_close(old);
    cup_pool_free(old);
    return CUPEL_OK;
}

void
cupel_engine_close(cupel_engine *engine)
{
    struct cupel_pool *pool;

    if (engine == NULL)
        return;
    if (cup_engine_check(engine) == CUPEL_OK) {
        pool = engine->pool;
        engine->pool = NULL;
        cup_pool_close(pool);
        cup_pool_free(pool);
    }
    cupel_engine_free(engine);
}

void
cupel_engine_free(cupel_engine *engine)
{
    if (engine == NULL)
        return;
    cup_pool_free(engine->pool);
    engine->pool = NULL;
    cup_engine_unref(engine);
}
