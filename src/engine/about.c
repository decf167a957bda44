/* SPDX-License-Identifier: MIT */
/* What can be asked of an engine, and the little of it that can be set. */
#include <string.h>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/options.h"
#include "task/task.h"

const char *
cupel_engine_url(const cupel_engine *engine)
{
    return engine == NULL ? "" : engine->family->masked_url;
}

const cupel_url *
cupel_engine_parsed_url(const cupel_engine *engine)
{
    return engine == NULL ? NULL : engine->url;
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

bool
cupel_engine_is_async(const cupel_engine *engine)
{
    return engine != NULL && engine->async;
}

bool
cupel_engine_hide_parameters(const cupel_engine *engine)
{
    return engine != NULL && engine->hide_parameters;
}

cupel_toggle
cupel_engine_echo(const cupel_engine *engine)
{
    if (engine == NULL || engine->logger.level == 0)
        return CUPEL_OFF;
    return engine->logger.level <= CUPEL_LOG_DEBUG ? CUPEL_DEBUG : CUPEL_ON;
}

void
cupel_engine_set_echo(cupel_engine *engine, cupel_toggle echo)
{
    if (engine == NULL)
        return;
    engine->logger.level = cup_echo_level(echo);
}

/* ---- What the server said of itself ------------------------------------ */

static const cupel_server_info *
server_of(const cupel_engine *engine)
{
    return engine == NULL ? NULL : cup_engine_server(engine);
}

const char *
cupel_engine_default_isolation_level(const cupel_engine *engine)
{
    const cupel_server_info *server = server_of(engine);

    return server == NULL ? NULL : server->isolation_level;
}

const char *
cupel_engine_default_schema_name(const cupel_engine *engine)
{
    const cupel_server_info *server = server_of(engine);

    return server == NULL || server->schema[0] == '\0' ? NULL : server->schema;
}

bool
cupel_engine_server_version(const cupel_engine *engine, int version[3])
{
    const cupel_server_info *server = server_of(engine);

    if (version == NULL)
        return false;
    memset(version, 0, 3 * sizeof version[0]);
    if (server == NULL)
        return false;
    memcpy(version, server->version, sizeof server->version);
    return true;
}

/* ---- The pool ---------------------------------------------------------- */

cupel_pool *
cupel_engine_pool(cupel_engine *engine)
{
    struct cupel_error *before;
    cupel_pool *pool = NULL;

    if (engine == NULL)
        return NULL;
    before = cup_error_take();
    if (cup_engine_lend_pool(engine, &pool) == CUPEL_OK)
        cup_engine_return_pool(engine, pool);
    cup_error_give(before);
    return pool;
}

void
cupel_engine_pool_status(const cupel_engine *engine, cupel_pool_status *out)
{
    struct cupel_error *before;
    cupel_pool *pool;

    if (engine == NULL) {
        cupel_pool_figures(NULL, out);
        return;
    }
    before = cup_error_take();
    if (cup_engine_lend_pool(engine, &pool) == CUPEL_OK) {
        cupel_pool_figures(pool, out);
        cup_engine_return_pool(engine, pool);
    } else {
        cupel_pool_figures(NULL, out);
    }
    cup_error_give(before);
}

/* Do something with the pool, within the engine's time. Yields. */
static cupel_status
with_pool(cupel_engine *engine,
          cupel_status (*work)(cupel_pool *pool, void *arg), void *arg)
{
    struct cup_scope deadline;
    cupel_pool *pool;
    cupel_status rc;

    rc = cup_engine_check(engine);
    if (rc == CUPEL_OK)
        rc = cup_engine_lend_pool(engine, &pool);
    if (rc != CUPEL_OK)
        return rc;
    cup_engine_deadline_begin(engine, &deadline);
    cup_engine_ref(engine); /* a listener may free the handle */
    rc = work(pool, arg);
    cup_scope_end(&deadline);
    cup_engine_return_pool(engine, pool);
    cup_engine_unref(engine);
    return rc;
}

/* Yields. */
static cupel_status
warm_up(cupel_pool *pool, void *count)
{
    return cup_pool_warm_up(pool, *(size_t *)count, CUPEL_FOREVER);
}

cupel_status
cupel_engine_warm_up(cupel_engine *engine, size_t count)
{
    return with_pool(engine, warm_up, &count);
}

/* Yields. */
static cupel_status
connect_raw(cupel_pool *pool, void *out)
{
    return cupel_pool_connect(pool, out);
}

cupel_status
cupel_engine_raw_connection(cupel_engine *engine, cupel_raw_connection **out)
{
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the connection");
    *out = NULL;
    return with_pool(engine, connect_raw, out);
}
