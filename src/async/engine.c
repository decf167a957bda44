/* SPDX-License-Identifier: MIT */
/* AsyncEngine: its own handle around an engine made for tasks. */
#include <assert.h>

#include "async/async.h"
#include "base/alloc.h"
#include "base/error.h"
#include "engine/engine.h"
#include "task/future.h"

cupel_async_engine *
cup_async_engine_ref(cupel_async_engine *engine)
{
    if (engine != NULL)
        engine->refs++;
    return engine;
}

void
cup_async_engine_unref(cupel_async_engine *engine)
{
    if (engine == NULL)
        return;
    assert(engine->refs > 0);
    if (--engine->refs > 0)
        return;
    cupel_engine_free(engine->core);
    cup_free(engine);
}

/* A handle that is to be filled. NULL: no memory, recorded. */
static cupel_async_engine *
handle_new(void)
{
    cupel_async_engine *engine = cup_alloc(sizeof *engine);

    if (engine == NULL)
        cup_ignore(cup_nomem(), "the caller returns NOMEM for our NULL");
    else
        engine->refs = 1;
    return engine;
}

/* Make the handle around what `rc` says was made, or none. */
static cupel_status
finish(cupel_async_engine *engine, cupel_status rc, cupel_async_engine **out)
{
    if (rc == CUPEL_OK)
        *out = engine;
    else
        cup_free(engine);
    return rc;
}

/* A handle, if there is a place for it. */
static cupel_status
begin(cupel_async_engine **out, cupel_async_engine **engine)
{
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the engine");
    *out = NULL;
    *engine = handle_new();
    return *engine == NULL ? CUPEL_E_NOMEM : CUPEL_OK;
}

cupel_status
cupel_create_async_engine(const char *url, const cupel_engine_options *options,
                          cupel_async_engine **out)
{
    cupel_async_engine *engine;
    cupel_status rc;

    rc = begin(out, &engine);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_engine_create_async(url, options, &engine->core);
    return finish(engine, rc, out);
}

cupel_status
cupel_async_engine_from_config(const cupel_url_pair *config, size_t count,
                               const char *prefix,
                               const cupel_engine_options *options,
                               cupel_async_engine **out)
{
    cupel_async_engine *engine;
    cupel_status rc;

    rc = begin(out, &engine);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_engine_from_config_async(config, count, prefix, options,
                                        &engine->core);
    return finish(engine, rc, out);
}

cupel_status
cupel_async_engine_new(cupel_engine *core, cupel_async_engine **out)
{
    cupel_async_engine *engine;
    cupel_status rc;

    rc = begin(out, &engine);
    if (rc != CUPEL_OK)
        return rc;
    if (core == NULL)
        rc = cup_error_set(CUPEL_E_ARGUMENT, "no engine");
    else if (!cupel_engine_is_async(core))
        rc = cup_error_set(CUPEL_E_INVALID,
                           "an async engine is made of one for tasks; this one "
                           "blocks");
    else
        rc = cup_engine_share(core);
    if (rc == CUPEL_OK)
        engine->core = core;
    return finish(engine, rc, out);
}

cupel_status
cupel_async_engine_execution_options(cupel_async_engine *engine,
                                     const cupel_execution_options *options,
                                     cupel_async_engine **out)
{
    cupel_async_engine *child;
    cupel_status rc;

    rc = begin(out, &child);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_engine_execution_options(cupel_async_engine_sync_engine(engine),
                                        options, &child->core);
    return finish(child, rc, out);
}

void
cupel_async_engine_free(cupel_async_engine *engine)
{
    if (engine == NULL)
        return;
    cupel_engine_free(engine->core);
    engine->core = NULL;
    cup_async_engine_unref(engine);
}

/* ---- Operations on the engine itself ----------------------------------- */

/* One of them. */
struct engine_call {
    cupel_async_engine *engine; /* counted, or NULL */

    /* What of the core it stands for. Yields. */
    cupel_status (*operation)(cupel_engine *core, struct engine_call *call);
    cupel_raw_connection **out; /* of raw_connection() */
    size_t count;               /* of warm_up() */
};

/* Yields. */
static cupel_status
run_call(void *self)
{
    struct engine_call *call = self;

    return call->operation(cupel_async_engine_sync_engine(call->engine), call);
}

static void
drop_call(void *self)
{
    struct engine_call *call = self;

    cup_async_engine_unref(call->engine);
}

/* Takes a share of the engine. */
static cupel_future *
call_new(const struct engine_call *described)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run_call, drop_call, sizeof *described, &self);
    if (future != NULL) {
        *(struct engine_call *)self = *described;
        cup_async_engine_ref(described->engine);
    }
    return future;
}

/* Yields. */
static cupel_status
dispose(cupel_engine *core, struct engine_call *call)
{
    (void)call;
    return cupel_engine_dispose(core);
}

cupel_future *
cupel_async_engine_dispose(cupel_async_engine *engine)
{
    return call_new(
        &(struct engine_call){ .engine = engine, .operation = dispose });
}

/* Yields. */
static cupel_status
dispose_no_close(cupel_engine *core, struct engine_call *call)
{
    (void)call;
    return cupel_engine_dispose_no_close(core);
}

cupel_future *
cupel_async_engine_dispose_no_close(cupel_async_engine *engine)
{
    return call_new(&(struct engine_call){ .engine = engine,
                                           .operation = dispose_no_close });
}

/* Yields. */
static cupel_status
connect_raw(cupel_engine *core, struct engine_call *call)
{
    return cupel_engine_raw_connection(core, call->out);
}

cupel_future *
cupel_async_engine_raw_connection(cupel_async_engine *engine,
                                  cupel_raw_connection **out)
{
    if (out != NULL)
        *out = NULL;
    return call_new(&(struct engine_call){
        .engine = engine, .operation = connect_raw, .out = out });
}

/* Yields. */
static cupel_status
warm_up(cupel_engine *core, struct engine_call *call)
{
    return cupel_engine_warm_up(core, call->count);
}

cupel_future *
cupel_async_engine_warm_up(cupel_async_engine *engine, size_t count)
{
    return call_new(&(struct engine_call){
        .engine = engine, .operation = warm_up, .count = count });
}

/* ---- Close ------------------------------------------------------------- */

/* The handle is given away, so that there is no way in which the caller would
 * still have to free it. */
struct engine_close {
    cupel_async_engine *engine; /* the user's share, or NULL */
};

/* Yields. */
static cupel_status
run_close(void *self)
{
    struct engine_close *call = self;
    cupel_engine *core = cupel_async_engine_sync_engine(call->engine);

    if (core != NULL) {
        call->engine->core = NULL;
        cupel_engine_close(core);
    }
    return CUPEL_OK;
}

/* It goes with the future, also when that never ran. */
static void
drop_close(void *self)
{
    struct engine_close *call = self;

    cupel_async_engine_free(call->engine);
}

cupel_future *
cupel_async_engine_close(cupel_async_engine *engine)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run_close, drop_close, sizeof(struct engine_close),
                            &self);
    if (future == NULL)
        cupel_async_engine_free(engine);
    else
        *(struct engine_close *)self = (struct engine_close){ engine };
    return future;
}

/* ---- The begin scope --------------------------------------------------- */

/* Work in a transaction on a connection of its own. */
struct begin_scope {
    cupel_async_engine *engine; /* counted */
    cupel_async_connection_fn *body;
    void *arg;
};

/* Yields. */
static cupel_status
run_in_transaction(cupel_async_connection *conn,
                   const struct begin_scope *scope)
{
    cupel_transaction *tx;
    cupel_status rc;

    rc = cupel_connection_begin(conn->core, &tx);
    if (rc != CUPEL_OK)
        return rc;
    cupel_transaction_enter(tx);
    return cupel_transaction_exit(tx, scope->body(conn, scope->arg));
}

/* Yields. */
static cupel_status
run_begin(void *self)
{
    struct begin_scope *scope = self;
    cupel_async_connection *conn;
    cupel_status rc;

    if (scope->body == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no body to run");
    conn = cupel_async_engine_connect(scope->engine);
    if (conn == NULL)
        return cup_nomem();
    rc = cup_async_connection_start(conn);
    if (rc == CUPEL_OK)
        rc = run_in_transaction(conn, scope);
    rc = cup_async_connection_leave(conn, rc);
    cup_async_connection_unref(conn);
    return rc;
}

static void
drop_begin(void *self)
{
    struct begin_scope *scope = self;

    cup_async_engine_unref(scope->engine);
}

cupel_future *
cupel_async_engine_begin(cupel_async_engine *engine,
                         cupel_async_connection_fn *body, void *arg)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run_begin, drop_begin, sizeof(struct begin_scope),
                            &self);
    if (future != NULL)
        *(struct begin_scope *)self =
            (struct begin_scope){ cup_async_engine_ref(engine), body, arg };
    return future;
}
