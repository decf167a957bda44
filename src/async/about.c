/* SPDX-License-Identifier: MIT */
/* What can be asked of an engine: everything is asked of the core's. */
#include "async/async.h"
#include "base/error.h"
#include "task/future.h"

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

/* ---- The driver's connection ------------------------------------------- */

/* Borrowing a connection of the driver's. */
struct raw_call {
    cupel_async_engine *engine; /* counted, or NULL */
    cupel_raw_connection **out;
};

/* Yields. */
static cupel_status
run_raw(void *self)
{
    struct raw_call *call = self;

    return cupel_engine_raw_connection(
        cupel_async_engine_sync_engine(call->engine), call->out);
}

static void
drop_raw(void *self)
{
    struct raw_call *call = self;

    cup_async_engine_unref(call->engine);
}

cupel_future *
cupel_async_engine_raw_connection(cupel_async_engine *engine,
                                  cupel_raw_connection **out)
{
    cupel_future *future;
    void *self;

    if (out != NULL)
        *out = NULL;
    future = cup_future_new(run_raw, drop_raw, sizeof(struct raw_call), &self);
    if (future != NULL)
        *(struct raw_call *)self =
            (struct raw_call){ cup_async_engine_ref(engine), out };
    return future;
}

/* ---- Warming up -------------------------------------------------------- */

/* Opening connections ahead of their users. */
struct warm_up {
    cupel_async_engine *engine; /* counted, or NULL */
    size_t count;
};

/* Yields. */
static cupel_status
run_warm_up(void *self)
{
    struct warm_up *call = self;

    return cupel_engine_warm_up(cupel_async_engine_sync_engine(call->engine),
                                call->count);
}

static void
drop_warm_up(void *self)
{
    struct warm_up *call = self;

    cup_async_engine_unref(call->engine);
}

cupel_future *
cupel_async_engine_warm_up(cupel_async_engine *engine, size_t count)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run_warm_up, drop_warm_up, sizeof(struct warm_up),
                            &self);
    if (future != NULL)
        *(struct warm_up *)self =
            (struct warm_up){ cup_async_engine_ref(engine), count };
    return future;
}
