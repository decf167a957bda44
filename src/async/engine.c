/* SPDX-License-Identifier: MIT */
/* AsyncEngine: its own handle around an engine made for tasks. */
#include <assert.h>

#include "async/async.h"
#include "base/alloc.h"
#include "base/error.h"
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

cupel_status
cupel_create_async_engine(const char *url, const cupel_engine_options *options,
                          cupel_async_engine **out)
{
    cupel_async_engine *engine;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the engine");
    *out = NULL;
    engine = cup_alloc(sizeof *engine);
    if (engine == NULL)
        return cup_nomem();
    engine->refs = 1;
    rc = cupel_engine_create_async(url, options, &engine->core);
    if (rc != CUPEL_OK) {
        cup_free(engine);
        return rc;
    }
    *out = engine;
    return CUPEL_OK;
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

/* ---- Properties -------------------------------------------------------- */

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

/* ---- Dispose and close ------------------------------------------------- */

/* An operation on the engine itself. */
struct engine_call {
    cupel_async_engine *engine; /* counted, or NULL */
};

static cupel_future *
engine_call_new(cup_future_fn *run, void (*drop)(void *self),
                cupel_async_engine *engine)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run, drop, sizeof(struct engine_call), &self);
    if (future != NULL)
        *(struct engine_call *)self = (struct engine_call){ engine };
    return future;
}

/* Yields. */
static cupel_status
run_dispose(void *self)
{
    struct engine_call *call = self;

    return cupel_engine_dispose(cupel_async_engine_sync_engine(call->engine));
}

static void
drop_dispose(void *self)
{
    struct engine_call *call = self;

    cup_async_engine_unref(call->engine);
}

cupel_future *
cupel_async_engine_dispose(cupel_async_engine *engine)
{
    cupel_future *future;

    future = engine_call_new(run_dispose, drop_dispose, engine);
    if (future != NULL)
        cup_async_engine_ref(engine);
    return future;
}

/* Yields. */
static cupel_status
run_close(void *self)
{
    struct engine_call *call = self;
    cupel_engine *core = cupel_async_engine_sync_engine(call->engine);

    if (core != NULL) {
        call->engine->core = NULL;
        cupel_engine_close(core);
    }
    return CUPEL_OK;
}

/* The handle was given away when the future was made: it goes with it, also
 * when the future never ran. */
static void
drop_close(void *self)
{
    struct engine_call *call = self;

    cupel_async_engine_free(call->engine);
}

cupel_future *
cupel_async_engine_close(cupel_async_engine *engine)
{
    cupel_future *future = engine_call_new(run_close, drop_close, engine);

    if (future == NULL)
        cupel_async_engine_free(engine);
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
