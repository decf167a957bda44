/* SPDX-License-Identifier: MIT */
/* What can be asked of an engine: everything is asked of the core's. */
#include "async/async.h"
#include "base/error.h"

cupel_engine *
cupel_async_engine_sync_engine(cupel_async_engine *engine)
{
    return engine == NULL ? NULL : engine->core;
}

const char *
cupel_async_engine_url(const cupel_async_engine *engine)
{
    return engine == NULL ? "" : cupel_engine_url(engine->core);
}

const char *
cupel_async_engine_name(const cupel_async_engine *engine)
{
    return engine == NULL ? "" : cupel_engine_name(engine->core);
}

const char *
cupel_async_engine_driver(const cupel_async_engine *engine)
{
    return engine == NULL ? "" : cupel_engine_driver(engine->core);
}

bool
cupel_async_engine_equal(const cupel_async_engine *left,
                         const cupel_async_engine *right)
{
    return left != NULL && right != NULL && left->core != NULL &&
           left->core == right->core;
}

cupel_pool *
cupel_async_engine_pool(cupel_async_engine *engine)
{
    return cupel_engine_pool(cupel_async_engine_sync_engine(engine));
}

void
cupel_async_engine_pool_status(const cupel_async_engine *engine,
                               cupel_pool_status *out)
{
    cupel_engine_pool_status(engine == NULL ? NULL : engine->core, out);
}

cupel_toggle
cupel_async_engine_echo(const cupel_async_engine *engine)
{
    return cupel_engine_echo(engine == NULL ? NULL : engine->core);
}

void
cupel_async_engine_set_echo(cupel_async_engine *engine, cupel_toggle echo)
{
    cupel_engine_set_echo(cupel_async_engine_sync_engine(engine), echo);
}

const cupel_execution_options *
cupel_async_engine_get_execution_options(const cupel_async_engine *engine)
{
    return cupel_engine_get_execution_options(engine == NULL ? NULL
                                                             : engine->core);
}

cupel_status
cupel_async_engine_update_execution_options(
    cupel_async_engine *engine, const cupel_execution_options *options)
{
    return cupel_engine_update_execution_options(
        cupel_async_engine_sync_engine(engine), options);
}

void
cupel_async_engine_clear_compiled_cache(cupel_async_engine *engine)
{
    cupel_engine_clear_compiled_cache(cupel_async_engine_sync_engine(engine));
}
