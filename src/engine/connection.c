/* SPDX-License-Identifier: MIT */
/* A connection's life: checked out, used by one call at a time, closed.
 *
 * A wire that went bad leaves at once (cup_connection_failed): the slot is the
 * pool's again while the handle remembers that it is invalidated. */
#include "engine/connection.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "engine/cursor.h"
#include "engine/failure.h"
#include "engine/isolation.h"
#include "engine/notice.h"
#include "engine/transaction.h"
#include "sql/text.h"
#include "task/loop.h"
#include "task/task.h"

/* ---- The wire ---------------------------------------------------------- */

/* Where one wire is everybody's, calls on it wait for each other; but not for
 * one that this task is in the middle of, as a listener on another connection.
 * Yields. */
static cupel_status
hold_wire(cupel_connection *conn)
{
    struct cup_mutex *lock = conn->wire_lock;
    cupel_status rc;

    if (lock == NULL || conn->holds_wire ||
        (lock->locked && lock->owner == cup_task_current()))
        return CUPEL_OK;
    rc = cup_mutex_lock(lock, CUPEL_FOREVER);
    conn->holds_wire = rc == CUPEL_OK;
    return rc;
}

static void
let_wire_go(cupel_connection *conn)
{
    if (conn->holds_wire)
        cup_mutex_unlock(conn->wire_lock);
    conn->holds_wire = false;
}

/* The slot is to be given back, and with it, perhaps, its pool goes. */
static struct cup_slot *
take_slot(cupel_connection *conn)
{
    struct cup_slot *slot = conn->slot;

    let_wire_go(conn);
    conn->wire_lock = NULL;
    conn->slot = NULL;
    return slot;
}

cupel_wire *
cup_connection_wire(const cupel_connection *conn)
{
    return conn->slot == NULL ? NULL : cup_slot_wire(conn->slot);
}

cupel_time
cup_connection_cleanup_deadline(const cupel_connection *conn)
{
    return cup_deadline_cleanup(conn->engine->close_timeout_ms);
}

static void
end_streams(cupel_connection *conn)
{
    struct cup_list *link;

    while ((link = cup_list_pop(&conn->streams)) != NULL)
        cup_cursor_orphan(cup_cursor_of_stream(link));
}

void
cup_connection_drop(cupel_connection *conn)
{
    if (conn->slot == NULL)
        return;
    end_streams(conn);
    cup_pool_discard(take_slot(conn));
}

cupel_status
cup_connection_pending(const cupel_connection *conn)
{
    return cup_error_set(CUPEL_E_PENDINGROLLBACK,
                         "the connection cannot go on until its invalid "
                         "%stransaction is rolled back",
                         conn->nested != NULL ? "savepoint " : "");
}

/* Keep the slot. A listener to its checkout may have used the connection, which
 * then has one already, or closed it: then this one goes back. Yields. */
static cupel_status
keep_slot(cupel_connection *conn, cupel_pool *pool, struct cup_slot *slot)
{
    if (conn->slot == NULL && !conn->closed) {
        conn->slot = slot;
        conn->wire_lock = cup_pool_lock(pool);
        return CUPEL_OK;
    }
    cup_pool_checkin(slot, false);
    if (conn->closed)
        return cup_error_set(CUPEL_E_CLOSED,
                             "a listener closed this connection");
    return CUPEL_OK;
}

/* Take a connection out of the engine's pool. Who was in the queue of a pool
 * that was disposed of goes on waiting at the one that replaced it. Yields. */
static cupel_status
check_out(cupel_connection *conn)
{
    cupel_engine *engine = conn->engine;
    struct cup_slot *slot;
    cupel_pool *pool;
    cupel_status rc;
    bool replaced;

    do {
        rc = cup_engine_lend_pool(engine, &pool);
        if (rc != CUPEL_OK)
            return rc;
        rc = cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot);
        if (rc == CUPEL_OK)
            rc = keep_slot(conn, pool, slot);
        replaced = rc == CUPEL_E_CLOSED && !cup_engine_has_pool(engine, pool);
        cup_engine_return_pool(engine, pool);
    } while (replaced);
    return rc;
}

cupel_status
cup_connection_revive(cupel_connection *conn)
{
    cupel_status rc;

    if (conn->closed)
        return cup_error_set(CUPEL_E_CLOSED, "this connection is closed");
    if (conn->slot != NULL)
        return CUPEL_OK;
    if (conn->root != NULL)
        return cup_connection_pending(conn);
    rc = check_out(conn);
    if (rc != CUPEL_OK)
        return cup_failure_to_connect(conn, rc);
    return hold_wire(conn);
}

static void
warn_lost(const cupel_connection *conn)
{
    cupel_wire *wire = cup_connection_wire(conn);
    void *driver = wire->dialect->driver_connection == NULL
                       ? NULL
                       : wire->dialect->driver_connection(wire);

    cup_log(CUPEL_LOG_WARNING, CUP_LOG_WARNINGS,
            "a connection was freed without being closed: %s connection %p is "
            "given up; close it, or use its exit",
            wire->dialect->driver, driver);
}

/* The last reference is gone: give up what is still open. */
static void
destroy(cupel_connection *conn)
{
    if (conn->slot != NULL) {
        warn_lost(conn);
        end_streams(conn);
        cup_pool_abandon(take_slot(conn));
    }
    end_streams(conn);
    cup_transaction_forget(conn);
    if (conn->scalar != NULL)
        conn->scalar->ops->free(conn->scalar);
    cup_events_unref(conn->events);
    cup_option_set_unref(conn->options);
    cup_engine_unref(conn->engine);
    cup_free(conn);
}

static void
unref(cupel_connection *conn)
{
    assert(conn->refs > 0);
    if (--conn->refs == 0)
        destroy(conn);
}

/* Whether the call is made within a call of the same task, by a listener. */
static bool
is_inner_call(const cupel_connection *conn)
{
    const struct cup_task *task = cup_task_current();

    if (conn->depth == 0)
        return false;
    if (task == NULL && conn->loop == NULL)
        return pthread_equal(conn->thread, pthread_self()) != 0;
    return task != NULL && conn->lock.owner == task;
}

/* The deadline holds from the queue for the lock to the end of the call. */
static void
begin_deadline(struct cup_scope *scope, int64_t timeout_ms)
{
    if (timeout_ms > 0)
        cup_deadline_begin(scope, cup_deadline_coarse(timeout_ms));
}

/* Say in the record of a deadline that passed what it was that took so long,
 * unless whoever waited has said so. Hands `rc` on. */
static cupel_status
explain_timeout(cupel_status rc, const char *what)
{
    struct cupel_error *error = cup_error_current();
    char text[96];

    if (rc != CUPEL_E_TIMEOUT || error == NULL || !error->vague)
        return rc;
    error->vague = false;
    snprintf(text, sizeof text, "the deadline passed while waiting for %s",
             what);
    cup_error_field(&error->message, text);
    return rc;
}

cupel_status
cup_connection_enter_within(cupel_connection *conn, int64_t timeout_ms)
{
    struct cup_scope scope;
    cupel_status rc;

    if (conn == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no connection");
    rc = cup_engine_check(conn->engine);
    if (rc != CUPEL_OK)
        return rc;
    if (conn->slot != NULL && cup_slot_is_foreign(conn->slot))
        return cup_error_set(CUPEL_E_INVALID,
                             "the connection belongs to the parent process");
    if (conn->loop != cup_loop_current())
        return cup_error_set(CUPEL_E_THREAD,
                             "the connection belongs to another loop");
    conn->refs++;
    if (is_inner_call(conn)) {
        conn->depth++; /* within the time that the outer call has */
        return CUPEL_OK;
    }
    begin_deadline(&scope, timeout_ms);
    rc = cup_mutex_lock(&conn->lock, CUPEL_FOREVER);
    if (rc != CUPEL_OK) {
        if (timeout_ms > 0)
            cup_scope_end(&scope);
        unref(conn);
        return explain_timeout(rc, "the calls before this one on the "
                                   "connection");
    }
    conn->depth = 1;
    if (conn->loop == NULL)
        conn->thread = pthread_self();
    conn->timed = timeout_ms > 0;
    if (conn->timed)
        conn->deadline = scope;
    if (conn->slot != NULL) {
        cup_slot_hold(conn->slot);
        rc = hold_wire(conn);
    }
    return rc == CUPEL_OK ? rc : cup_connection_leave(conn, rc);
}

static int64_t
own_timeout(const cupel_connection *conn)
{
    if (conn == NULL || conn->options == NULL)
        return 0;
    return conn->options->known.timeout_ms;
}

cupel_status
cup_connection_enter(cupel_connection *conn)
{
    return cup_connection_enter_within(conn, own_timeout(conn));
}

cupel_status
cup_connection_enter_cleanup(cupel_connection *conn)
{
    struct cup_scope shield;
    cupel_status rc;

    rc = cup_connection_enter(conn);
    if (rc != CUPEL_E_CANCELLED && rc != CUPEL_E_TIMEOUT)
        return rc;
    cup_shield_begin(&shield, cup_connection_cleanup_deadline(conn));
    rc = cup_connection_enter_within(conn, 0);
    cup_scope_end(&shield);
    return rc;
}

cupel_status
cup_connection_leave(cupel_connection *conn, cupel_status rc)
{
    assert(conn->depth > 0);
    if (--conn->depth == 0) {
        if (conn->timed)
            cup_scope_end(&conn->deadline);
        conn->timed = false;
        let_wire_go(conn);
        cup_mutex_unlock(&conn->lock);
        rc = explain_timeout(rc, "the database to answer");
    }
    unref(conn);
    return rc;
}

cupel_status
cup_connection_resolve(const cupel_connection *conn,
                       const cupel_statement *stmt,
                       const cupel_execution_options *of_call,
                       struct cup_exec_options *out)
{
    if (conn == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no connection");
    return cup_exec_options_resolve(conn->engine->dialect,
                                    cup_statement_options(stmt), conn->options,
                                    of_call, out);
}

/* End the streams, so that the wire can do other things; one that cannot is
 * given up, and with it the other streams. Yields. */
static cupel_status
close_streams(cupel_connection *conn)
{
    cupel_status rc = CUPEL_OK;
    struct cup_scope shield;
    struct cup_list *link;

    if (cup_list_empty(&conn->streams))
        return rc;
    cup_shield_begin(&shield, cup_connection_cleanup_deadline(conn));
    while (rc == CUPEL_OK && (link = cup_list_pop(&conn->streams)) != NULL)
        rc = cup_cursor_end_stream(cup_cursor_of_stream(link));
    if (rc != CUPEL_OK) {
        rc = cup_connection_failed(conn, rc);
        cup_connection_drop(conn);
    }
    cup_scope_end(&shield);
    return rc;
}

/* Of two failures the first one counts. Takes the record of that one. */
static cupel_status
first_of(cupel_status rc, struct cupel_error *error, cupel_status next)
{
    if (rc == CUPEL_OK)
        return next;
    cup_error_give(error);
    return rc;
}

/* Everything that close does with the lock held; each step sees to it that a
 * cancelled task takes it all the same. Yields. */
static cupel_status
close_locked(cupel_connection *conn)
{
    bool was_reset = conn->root != NULL;
    struct cupel_error *error = NULL;
    cupel_status rc;

    rc = close_streams(conn);
    if (rc != CUPEL_OK)
        error = cup_error_take();
    if (conn->root != NULL)
        rc = first_of(rc, error, cup_root_close(conn, true));
    else if (rc != CUPEL_OK)
        cup_error_give(error);
    conn->closed = true;
    if (conn->slot != NULL)
        cup_pool_checkin(take_slot(conn), was_reset);
    return rc;
}

/* What the engine's options say of the session, on a new connection. Yields. */
static cupel_status
apply_engine_options(cupel_connection *conn)
{
    const cupel_engine *engine = conn->engine;
    const char *unknown = engine->family->unknown_level;

    if (unknown != NULL)
        return cup_isolation_unknown(engine->dialect, unknown);
    if (conn->options == NULL)
        return CUPEL_OK;
    return cup_isolation_apply(conn, &conn->options->list);
}

/* From a new connection to one that can be used. Yields. */
static cupel_status
open(cupel_connection *conn)
{
    struct cup_scope deadline;
    cupel_status rc;

    cup_deadline_begin(&deadline, cup_option_set_deadline(conn->options));
    rc = cup_connection_revive(conn);
    if (rc == CUPEL_OK)
        rc = apply_engine_options(conn);
    let_wire_go(conn);
    cup_scope_end(&deadline);
    return explain_timeout(rc, "the database to answer");
}

cupel_status
cupel_engine_connect(cupel_engine *engine, cupel_connection **out)
{
    cupel_connection *conn;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the connection");
    *out = NULL;
    rc = cup_engine_check(engine);
    if (rc != CUPEL_OK)
        return rc;
    conn = cup_alloc(sizeof *conn);
    if (conn == NULL)
        return cup_nomem();
    conn->refs = 1;
    conn->engine = cup_engine_ref(engine);
    conn->loop = cup_loop_current();
    cup_mutex_init(&conn->lock);
    cup_list_init(&conn->transactions);
    cup_list_init(&conn->streams);
    conn->options = cup_engine_options(engine);
    conn->echo = engine->logger.level;
    rc = open(conn);
    if (rc == CUPEL_OK)
        rc = cup_notice_engine_connect(conn);
    if (rc == CUPEL_OK)
        *out = conn;
    else
        cup_ignore(cupel_connection_exit(conn, rc), "it answers rc");
    return rc;
}

cupel_status
cupel_connection_close(cupel_connection *conn)
{
    cupel_status rc;

    if (conn != NULL && conn->closed)
        return CUPEL_OK;
    rc = cup_connection_enter_cleanup(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (!conn->closed)
        rc = close_locked(conn);
    return cup_connection_leave(conn, rc);
}

cupel_status
cupel_connection_exit(cupel_connection *conn, cupel_status status)
{
    struct cupel_error *error;
    cupel_status rc;

    if (conn == NULL)
        return status;
    error = cup_error_take();
    rc = cupel_connection_close(conn);
    cupel_connection_free(conn);
    if (status == CUPEL_OK && rc != CUPEL_OK) {
        cup_error_free(error);
        return rc;
    }
    cup_error_give(error);
    return status;
}

void
cupel_connection_free(cupel_connection *conn)
{
    if (conn != NULL)
        unref(conn);
}

/* The body of cupel_engine_begin(), inside the connection's scope. Yields. */
static cupel_status
run_in_transaction(cupel_connection *conn, cupel_connection_fn *body, void *arg)
{
    cupel_transaction *tx;
    cupel_status rc;

    rc = cupel_connection_begin(conn, &tx);
    if (rc != CUPEL_OK)
        return rc;
    cupel_transaction_enter(tx);
    return cupel_transaction_exit(tx, body(conn, arg));
}

cupel_status
cupel_engine_begin(cupel_engine *engine, cupel_connection_fn *body, void *arg)
{
    cupel_connection *conn;
    cupel_status rc;

    if (body == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "nothing to run");
    rc = cupel_engine_connect(engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_exit(conn, run_in_transaction(conn, body, arg));
}

bool
cupel_connection_closed(const cupel_connection *conn)
{
    return conn == NULL || conn->closed;
}

bool
cupel_connection_invalidated(const cupel_connection *conn)
{
    return conn != NULL && !conn->closed && conn->slot == NULL;
}

cupel_engine *
cupel_connection_engine(cupel_connection *conn)
{
    return conn == NULL ? NULL : conn->engine;
}
