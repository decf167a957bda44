/* SPDX-License-Identifier: MIT */
/* The connection, for the files that make up its life: connection.c opens and
 * closes, execute.c runs statements, transaction.c and savepoint.c keep the
 * state machine, result.c fetches. */
#ifndef CUP_ENGINE_CONNECTION_H
#define CUP_ENGINE_CONNECTION_H

#include <cupel/engine.h>
#include <pthread.h>

#include "base/list.h"
#include "engine/engine.h"
#include "engine/execopts.h"
#include "task/sync.h"
#include "task/task.h"

/* One connection. Its handle and every call under way hold a reference; when
 * the last goes, what is still open is given up. */
struct cupel_connection {
    size_t refs;
    cupel_engine *engine;        /* one reference */
    struct cupel_loop *loop;     /* where it was opened; NULL: outside tasks */
    struct cup_slot *slot;       /* NULL: closed, or invalidated */
    struct cup_mutex lock;       /* one call on it at a time */
    unsigned depth;              /* calls under way: listeners call, too */
    pthread_t thread;            /* that made them, outside tasks */
    struct cup_mutex *wire_lock; /* of the slot's pool, where one wire is
                                    everybody's; NULL: nobody shares it */
    bool holds_wire;             /* by the call that holds the lock */
    struct cup_scope deadline;   /* of the call that holds the lock, if timed */
    bool timed;
    struct cup_option_set *options; /* one reference; NULL: none */

    struct cupel_transaction *root;   /* one reference; NULL: none */
    struct cupel_transaction *nested; /* innermost savepoint, one reference */
    struct cupel_transaction *scope;  /* innermost entered; borrowed */
    struct cup_list transactions;     /* of cupel_transaction.link, living */
    unsigned long savepoint_count;    /* names are never used twice */

    struct cup_events *events; /* its own listeners; NULL: the engine's alone */

    struct cup_list streams; /* of cup_cursor.stream_link, open */
    int echo;                /* the logger's level when it was made */
    bool handling;           /* listeners for handle_error are being told */
    cupel_rows *scalar;      /* owned; of the last scalar, for its memory */
    bool closed;
};

/* Begin a call: is there a connection, is this its thread and its mode, and
 * wait for the calls before this one. Yields. Then the caller holds the lock
 * and a reference until cup_connection_leave(). A call within a call of the
 * same task, made by a listener, goes through. ARGUMENT, NOTASK, THREAD. */
cupel_status
cup_connection_enter(cupel_connection *conn);

/* The same for a call that has `timeout_ms` for all it does (0: no limit), in
 * place of what the connection's options say. Yields. */
cupel_status
cup_connection_enter_within(cupel_connection *conn, int64_t timeout_ms);

/* The same for clean-up: a task that is cancelled, or out of time, still gets
 * in, if the calls before it end within the clean-up's deadline. Yields. */
cupel_status
cup_connection_enter_cleanup(cupel_connection *conn);

/* End a call. Hands `rc` on. */
cupel_status
cup_connection_leave(cupel_connection *conn, cupel_status rc);

/* The options of an execution on it: the statement's (it may be NULL), the
 * connection's, the call's. ARGUMENT, also for no connection. */
cupel_status
cup_connection_resolve(const cupel_connection *conn,
                       const cupel_statement *stmt,
                       const cupel_execution_options *of_call,
                       struct cup_exec_options *out);

/* Make sure there is a wire, taking a new one if the last was lost and no
 * transaction is pending. Yields. CLOSED, PENDINGROLLBACK, what the checkout
 * answers. Called with the lock held. */
cupel_status
cup_connection_revive(cupel_connection *conn);

/* The wire; NULL when closed or invalidated. */
cupel_wire *
cup_connection_wire(const cupel_connection *conn);

/* After a failed call on the wire: show the failure to the listeners, and if
 * the wire is no longer good, give it up, so that its slot comes free. Answers
 * what the caller gets: `rc`, unless a listener replaced it. See failure.h.
 * Yields.
 */
cupel_status
cup_connection_failed(cupel_connection *conn, cupel_status rc);

/* Give the wire up now: its streams end, the pool closes it in the
 * background. Never yields. */
void
cup_connection_drop(cupel_connection *conn);

/* PENDINGROLLBACK, with the text that fits the innermost transaction. */
cupel_status
cup_connection_pending(const cupel_connection *conn);

/* The deadline for one step of clean-up that begins now. */
cupel_time
cup_connection_cleanup_deadline(const cupel_connection *conn);

#endif
