/* SPDX-License-Identifier: MIT */
/* AsyncTransaction: unstarted until it is begun, then a transaction of the
 * core.
 *
 * A connection keeps a list of the handles of its transactions, so that
 * get_transaction() gives the one that its caller holds already. One that was
 * begun elsewhere (by itself, in run_sync) gets a handle that is the
 * connection's own and goes after the transaction has ended. */
#include <assert.h>

#include "async/async.h"
#include "base/alloc.h"
#include "base/error.h"
#include "engine/transaction.h"
#include "task/future.h"

/* ---- Handles ----------------------------------------------------------- */

static cupel_async_transaction *
handle_new(cupel_async_connection *conn, bool nested)
{
    cupel_async_transaction *tx = cup_alloc(sizeof *tx);

    if (tx == NULL)
        return NULL;
    tx->refs = 1;
    tx->conn = conn;
    tx->nested = nested;
    cup_list_init(&tx->link);
    if (conn != NULL)
        cup_list_push(&conn->transactions, &tx->link);
    return tx;
}

/* Take a share; NULL gives NULL. */
static cupel_async_transaction *
ref(cupel_async_transaction *tx)
{
    if (tx != NULL)
        tx->refs++;
    return tx;
}

void
cup_async_transaction_unref(cupel_async_transaction *tx)
{
    if (tx == NULL)
        return;
    assert(tx->refs > 0);
    if (--tx->refs > 0)
        return;
    cup_list_remove(&tx->link);
    if (tx->found)
        cup_transaction_unref(tx->core); /* a scope it may have is not ours */
    else
        cupel_transaction_free(tx->core);
    cup_free(tx);
}

cupel_async_transaction *
cupel_async_connection_begin(cupel_async_connection *conn)
{
    return handle_new(conn, false);
}

cupel_async_transaction *
cupel_async_connection_begin_nested(cupel_async_connection *conn)
{
    return handle_new(conn, true);
}

void
cupel_async_transaction_free(cupel_async_transaction *tx)
{
    if (tx != NULL && !tx->found)
        cup_async_transaction_unref(tx);
}

/* OK if it was started. ARGUMENT for NULL, NOTSTARTED. */
static cupel_status
check(const cupel_async_transaction *tx)
{
    if (tx == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no transaction");
    if (tx->core == NULL)
        return cup_error_set(CUPEL_E_NOTSTARTED,
                             "the transaction was not started: await "
                             "cupel_async_transaction_start() first");
    return CUPEL_OK;
}

/* ---- Finding the handle of a transaction of the core ------------------- */

/* Let go of the connection's own handles whose transactions have ended. */
static void
drop_ended(cupel_async_connection *conn)
{
    cupel_async_transaction *tx;
    struct cup_list *link, *after;

    CUP_LIST_EACH (link, after, &conn->transactions) {
        tx = CUP_CONTAINER(link, cupel_async_transaction, link);
        if (!tx->found || cupel_transaction_is_active(tx->core) ||
            tx->core == cupel_connection_get_transaction(conn->core) ||
            tx->core == cupel_connection_get_nested_transaction(conn->core))
            continue;
        cup_list_remove(link);
        tx->conn = NULL;
        cup_async_transaction_unref(tx);
    }
}

/* The handle that stands for `core`, made if there is none. `core` may be NULL.
 * NOMEM. */
static cupel_status
find(cupel_async_connection *conn, cupel_transaction *core,
     cupel_async_transaction **out)
{
    cupel_async_transaction *tx;
    struct cup_list *link, *after;

    drop_ended(conn);
    if (core == NULL)
        return CUPEL_OK;
    CUP_LIST_EACH (link, after, &conn->transactions) {
        tx = CUP_CONTAINER(link, cupel_async_transaction, link);
        if (tx->core == core) {
            *out = tx;
            return CUPEL_OK;
        }
    }
    tx = handle_new(conn, cupel_transaction_nested(core));
    if (tx == NULL)
        return cup_nomem();
    tx->found = true;
    tx->core = cup_transaction_ref(core);
    *out = tx;
    return CUPEL_OK;
}

/* What the two get functions have in common. */
static cupel_status
get(cupel_async_connection *conn,
    cupel_transaction *(*current)(cupel_connection *conn),
    cupel_async_transaction **out)
{
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the transaction");
    *out = NULL;
    rc = cup_async_connection_check(conn);
    if (rc != CUPEL_OK)
        return rc;
    return find(conn, current(conn->core), out);
}

cupel_status
cupel_async_connection_get_transaction(cupel_async_connection *conn,
                                       cupel_async_transaction **out)
{
    return get(conn, cupel_connection_get_transaction, out);
}

cupel_status
cupel_async_connection_get_nested_transaction(cupel_async_connection *conn,
                                              cupel_async_transaction **out)
{
    return get(conn, cupel_connection_get_nested_transaction, out);
}

/* ---- Starting ---------------------------------------------------------- */

/* Beginning it. The connection must be there until it has begun. */
struct transaction_start {
    cupel_async_transaction *tx;  /* counted, or NULL */
    cupel_async_connection *conn; /* counted, or NULL */
    bool as_scope;
};

/* Begin it, also once more: it then stands for the new transaction. Yields. */
static cupel_status
run_start(void *self)
{
    struct transaction_start *call = self;
    cupel_async_transaction *tx = call->tx;
    cupel_transaction *core, *before;
    cupel_status rc;

    if (tx == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no transaction");
    rc = cup_async_connection_check(call->conn);
    if (rc != CUPEL_OK)
        return rc;
    if (tx->nested)
        rc = cupel_connection_begin_nested(call->conn->core, &core);
    else
        rc = cupel_connection_begin(call->conn->core, &core);
    if (rc != CUPEL_OK)
        return rc;
    if (call->as_scope)
        cupel_transaction_enter(core);
    before = tx->core;
    tx->core = core;
    cupel_transaction_free(before);
    return CUPEL_OK;
}

static void
drop_start(void *self)
{
    struct transaction_start *call = self;

    cup_async_transaction_unref(call->tx);
    cup_async_connection_unref(call->conn);
}

static cupel_future *
start_new(cupel_async_transaction *tx, bool as_scope)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run_start, drop_start,
                            sizeof(struct transaction_start), &self);
    if (future != NULL)
        *(struct transaction_start *)self = (struct transaction_start){
            ref(tx),
            cup_async_connection_ref(cupel_async_transaction_connection(tx)),
            as_scope
        };
    return future;
}

cupel_future *
cupel_async_transaction_start(cupel_async_transaction *tx)
{
    return start_new(tx, false);
}

cupel_future *
cupel_async_transaction_enter(cupel_async_transaction *tx)
{
    return start_new(tx, true);
}

/* ---- Ending ------------------------------------------------------------ */

/* An operation without arguments of its own. */
struct transaction_call {
    cupel_async_transaction *tx; /* counted, or NULL */

    /* What of the core it stands for. Yields. */
    cupel_status (*operation)(cupel_transaction *tx);
};

/* The transaction of the core is held meanwhile: the handle may come to stand
 * for another one. Yields. */
static cupel_status
run_call(void *self)
{
    struct transaction_call *call = self;
    cupel_transaction *core;
    cupel_status rc;

    rc = check(call->tx);
    if (rc != CUPEL_OK)
        return rc;
    core = cup_transaction_ref(call->tx->core);
    rc = call->operation(core);
    cup_transaction_unref(core);
    return rc;
}

static void
drop_call(void *self)
{
    struct transaction_call *call = self;

    cup_async_transaction_unref(call->tx);
}

static cupel_future *
call_new(cupel_async_transaction *tx,
         cupel_status (*operation)(cupel_transaction *tx))
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run_call, drop_call,
                            sizeof(struct transaction_call), &self);
    if (future != NULL)
        *(struct transaction_call *)self =
            (struct transaction_call){ ref(tx), operation };
    return future;
}

cupel_future *
cupel_async_transaction_commit(cupel_async_transaction *tx)
{
    return call_new(tx, cupel_transaction_commit);
}

cupel_future *
cupel_async_transaction_rollback(cupel_async_transaction *tx)
{
    return call_new(tx, cupel_transaction_rollback);
}

cupel_future *
cupel_async_transaction_close(cupel_async_transaction *tx)
{
    return call_new(tx, cupel_transaction_close);
}

/* The end of a scope. */
struct transaction_exit {
    cupel_async_transaction *tx; /* counted, or NULL */
    cupel_status status;
};

/* One that never started hands a failure on: it is likely to be the one to
 * start. The core's exit frees a share, and gets one of its own. Yields. */
static cupel_status
run_exit(void *self)
{
    struct transaction_exit *call = self;
    cupel_async_transaction *tx = call->tx;

    cupel_status rc = call->status;

    if (tx != NULL && tx->core != NULL)
        rc = cupel_transaction_exit(cup_transaction_ref(tx->core), rc);
    else if (tx != NULL && rc >= CUPEL_OK)
        rc = check(tx);
    return cup_async_hand_on(rc);
}

static void
drop_exit(void *self)
{
    struct transaction_exit *call = self;

    cup_async_transaction_unref(call->tx);
}

/* As with a connection, the handle is given away here: the user's share becomes
 * the future's. */
cupel_future *
cupel_async_transaction_exit(cupel_async_transaction *tx, cupel_status status)
{
    cupel_future *future;
    void *self;

    if (tx != NULL && tx->found)
        ref(tx);
    future = cup_future_new(run_exit, drop_exit,
                            sizeof(struct transaction_exit), &self);
    if (future == NULL)
        cup_async_transaction_unref(tx);
    else
        *(struct transaction_exit *)self =
            (struct transaction_exit){ tx, status };
    return future;
}

/* ---- Properties -------------------------------------------------------- */

cupel_transaction *
cupel_async_transaction_sync_transaction(cupel_async_transaction *tx)
{
    return tx == NULL ? NULL : tx->core;
}

cupel_async_connection *
cupel_async_transaction_connection(cupel_async_transaction *tx)
{
    return tx == NULL ? NULL : tx->conn;
}

bool
cupel_async_transaction_nested(const cupel_async_transaction *tx)
{
    return tx != NULL && tx->nested;
}

bool
cupel_async_transaction_equal(const cupel_async_transaction *left,
                              const cupel_async_transaction *right)
{
    if (left == NULL || right == NULL)
        return false;
    return left == right || (left->core != NULL && left->core == right->core);
}

/* Ask the core for a truth value. */
static cupel_status
ask(const cupel_async_transaction *tx,
    bool (*question)(const cupel_transaction *tx), bool *out)
{
    cupel_status rc;

    rc = check(tx);
    if (rc != CUPEL_OK)
        return rc;
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the answer");
    *out = question(tx->core);
    return CUPEL_OK;
}

cupel_status
cupel_async_transaction_is_active(const cupel_async_transaction *tx, bool *out)
{
    return ask(tx, cupel_transaction_is_active, out);
}

cupel_status
cupel_async_transaction_is_valid(const cupel_async_transaction *tx, bool *out)
{
    return ask(tx, cupel_transaction_is_valid, out);
}
