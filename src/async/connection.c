/* SPDX-License-Identifier: MIT */
/* AsyncConnection: unstarted, started, closed. Started is having a connection
 * of the core; everything else is asked of that. Executing is in execute.c. */
#include <assert.h>

#include "async/async.h"
#include "base/alloc.h"
#include "base/error.h"
#include "task/future.h"

cupel_async_connection *
cup_async_connection_ref(cupel_async_connection *conn)
{
    if (conn != NULL)
        conn->refs++;
    return conn;
}

/* The connection goes: its transactions' handles stay with their owners, those
 * that are its own go with it. */
static void
let_transactions_go(cupel_async_connection *conn)
{
    cupel_async_transaction *tx;
    struct cup_list *link;

    while ((link = cup_list_pop(&conn->transactions)) != NULL) {
        tx = CUP_CONTAINER(link, cupel_async_transaction, link);
        tx->conn = NULL;
        if (tx->found)
            cup_async_transaction_unref(tx);
    }
}

void
cup_async_connection_unref(cupel_async_connection *conn)
{
    if (conn == NULL)
        return;
    assert(conn->refs > 0);
    if (--conn->refs > 0)
        return;
    let_transactions_go(conn);
    cupel_connection_free(conn->core);
    cup_async_engine_unref(conn->engine);
    cup_free(conn);
}

cupel_status
cup_async_connection_check(const cupel_async_connection *conn)
{
    if (conn == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no connection");
    if (conn->core == NULL)
        return cup_error_set(CUPEL_E_NOTSTARTED,
                             "the connection was not started: await "
                             "cupel_async_connection_start() first");
    return CUPEL_OK;
}

cupel_async_connection *
cupel_async_engine_connect(cupel_async_engine *engine)
{
    cupel_async_connection *conn = cup_alloc(sizeof *conn);

    if (conn == NULL)
        return NULL;
    conn->refs = 1;
    conn->engine = cup_async_engine_ref(engine);
    cup_list_init(&conn->transactions);
    return conn;
}

void
cupel_async_connection_free(cupel_async_connection *conn)
{
    cup_async_connection_unref(conn);
}

/* ---- Start and leave --------------------------------------------------- */

cupel_status
cup_async_connection_start(cupel_async_connection *conn)
{
    cupel_status rc;

    if (conn == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no connection");
    if (conn->core != NULL || conn->starting)
        return cup_error_set(CUPEL_E_STARTED,
                             "the connection is already started");
    if (conn->engine == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no engine");
    if (conn->engine->core == NULL)
        return cup_error_set(CUPEL_E_CLOSED, "the engine was freed");
    conn->starting = true;
    rc = cupel_engine_connect(conn->engine->core, &conn->core);
    conn->starting = false;
    return rc;
}

cupel_status
cup_async_hand_on(cupel_status status)
{
    if (status < CUPEL_OK && cupel_error_last() == NULL)
        return cup_error_set(status, "the work inside the scope failed");
    return status;
}

/* The core shields closing from cancellation. */
cupel_status
cup_async_connection_leave(cupel_async_connection *conn, cupel_status status)
{
    struct cupel_error *error;
    cupel_status rc;

    if (status >= CUPEL_OK && conn != NULL && conn->core == NULL)
        return cup_async_connection_check(conn);
    if (conn == NULL || conn->core == NULL)
        return cup_async_hand_on(status);
    error = cup_error_take();
    rc = cupel_connection_close(conn->core);
    if (status >= CUPEL_OK && rc != CUPEL_OK) {
        cup_error_free(error);
        return rc;
    }
    cup_error_give(error);
    return cup_async_hand_on(status);
}

/* ---- Futures ----------------------------------------------------------- */

/* An operation without arguments of its own. */
struct connection_call {
    cupel_async_connection *conn; /* counted, or NULL */

    /* What of the core it stands for. Yields. */
    cupel_status (*operation)(cupel_connection *conn);
};

/* Yields. */
static cupel_status
run_call(void *self)
{
    struct connection_call *call = self;
    cupel_status rc;

    rc = cup_async_connection_check(call->conn);
    if (rc != CUPEL_OK)
        return rc;
    return call->operation(call->conn->core);
}

static void
drop_call(void *self)
{
    struct connection_call *call = self;

    cup_async_connection_unref(call->conn);
}

static cupel_future *
call_new(cup_future_fn *run, cupel_async_connection *conn,
         cupel_status (*operation)(cupel_connection *conn))
{
    cupel_future *future;
    void *self;

    future =
        cup_future_new(run, drop_call, sizeof(struct connection_call), &self);
    if (future != NULL)
        *(struct connection_call *)self =
            (struct connection_call){ cup_async_connection_ref(conn),
                                      operation };
    return future;
}

/* Yields. */
static cupel_status
run_start(void *self)
{
    struct connection_call *call = self;

    return cup_async_connection_start(call->conn);
}

cupel_future *
cupel_async_connection_start(cupel_async_connection *conn)
{
    return call_new(run_start, conn, NULL);
}

cupel_future *
cupel_async_connection_enter(cupel_async_connection *conn)
{
    return cupel_async_connection_start(conn);
}

cupel_future *
cupel_async_connection_commit(cupel_async_connection *conn)
{
    return call_new(run_call, conn, cupel_connection_commit);
}

cupel_future *
cupel_async_connection_rollback(cupel_async_connection *conn)
{
    return call_new(run_call, conn, cupel_connection_rollback);
}

cupel_future *
cupel_async_connection_invalidate(cupel_async_connection *conn)
{
    return call_new(run_call, conn, cupel_connection_invalidate);
}

cupel_future *
cupel_async_connection_close(cupel_async_connection *conn)
{
    return call_new(run_call, conn, cupel_connection_close);
}

cupel_future *
cupel_async_connection_aclose(cupel_async_connection *conn)
{
    return cupel_async_connection_close(conn);
}

/* The end of a scope. */
struct connection_exit {
    cupel_async_connection *conn; /* the user's share, or NULL */
    cupel_status status;
};

/* Yields. */
static cupel_status
run_exit(void *self)
{
    struct connection_exit *call = self;

    return cup_async_connection_leave(call->conn, call->status);
}

static void
drop_exit(void *self)
{
    struct connection_exit *call = self;

    cup_async_connection_unref(call->conn);
}

/* The handle is given away here, not when the future runs: there is no way in
 * which the caller would still have to free it. */
cupel_future *
cupel_async_connection_exit(cupel_async_connection *conn, cupel_status status)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run_exit, drop_exit, sizeof(struct connection_exit),
                            &self);
    if (future == NULL)
        cup_async_connection_unref(conn);
    else
        *(struct connection_exit *)self =
            (struct connection_exit){ conn, status };
    return future;
}

/* Work with the core's connection. */
struct run_sync_call {
    cupel_async_connection *conn; /* counted, or NULL */
    cupel_connection_fn *fn;
    void *arg;
};

/* Yields. */
static cupel_status
run_run_sync(void *self)
{
    struct run_sync_call *call = self;
    cupel_status rc;

    rc = cup_async_connection_check(call->conn);
    if (rc != CUPEL_OK)
        return rc;
    if (call->fn == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "nothing to run");
    return call->fn(call->conn->core, call->arg);
}

static void
drop_run_sync(void *self)
{
    struct run_sync_call *call = self;

    cup_async_connection_unref(call->conn);
}

cupel_future *
cupel_async_connection_run_sync(cupel_async_connection *conn,
                                cupel_connection_fn *fn, void *arg)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run_run_sync, drop_run_sync,
                            sizeof(struct run_sync_call), &self);
    if (future != NULL)
        *(struct run_sync_call *)self =
            (struct run_sync_call){ cup_async_connection_ref(conn), fn, arg };
    return future;
}

/* ---- Properties -------------------------------------------------------- */

cupel_connection *
cupel_async_connection_sync_connection(cupel_async_connection *conn)
{
    return conn == NULL ? NULL : conn->core;
}

cupel_async_engine *
cupel_async_connection_engine(cupel_async_connection *conn)
{
    return conn == NULL ? NULL : conn->engine;
}

/* Ask the core for a truth value. */
static cupel_status
ask(const cupel_async_connection *conn,
    bool (*question)(const cupel_connection *conn), bool *out)
{
    cupel_status rc;

    rc = cup_async_connection_check(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the answer");
    *out = question(conn->core);
    return CUPEL_OK;
}

cupel_status
cupel_async_connection_closed(const cupel_async_connection *conn, bool *out)
{
    return ask(conn, cupel_connection_closed, out);
}

cupel_status
cupel_async_connection_invalidated(const cupel_async_connection *conn,
                                   bool *out)
{
    return ask(conn, cupel_connection_invalidated, out);
}

cupel_status
cupel_async_connection_in_transaction(const cupel_async_connection *conn,
                                      bool *out)
{
    return ask(conn, cupel_connection_in_transaction, out);
}

cupel_status
cupel_async_connection_in_nested_transaction(const cupel_async_connection *conn,
                                             bool *out)
{
    return ask(conn, cupel_connection_in_nested_transaction, out);
}
