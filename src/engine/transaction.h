/* SPDX-License-Identifier: MIT */
/* The transaction state machine of a connection. */
#ifndef CUP_ENGINE_TRANSACTION_H
#define CUP_ENGINE_TRANSACTION_H

#include <cupel/engine.h>

#include "base/list.h"

/* A root transaction or a savepoint. Shared by the user's handle, if he asked
 * for one, and by the connection while it is current. */
struct cupel_transaction {
    size_t refs;
    struct cupel_connection *conn; /* NULL once that is gone */
    struct cup_list link;          /* in cupel_connection.transactions */
    bool is_nested;
    bool active;
    bool entered;                     /* it is a scope until its exit */
    struct cupel_transaction *outer;  /* the scope around it; borrowed */
    struct cupel_transaction *before; /* nested: the savepoint around it, one
                                         reference; NULL: the root */
    unsigned long number;             /* nested: of its name */
    char *xid;                        /* owned; NULL: not two-phase */
    bool prepared;                    /* it has left the session */
};

/* May anything be run now? PENDINGROLLBACK while a transaction is current that
 * is not active; INVALID in a scope whose transaction was ended. */
cupel_status
cup_transaction_check(const struct cupel_connection *conn);

/* Make a root transaction current, if there is none. Nothing is sent; the
 * listeners are told, and may refuse. Yields. INVALID in a scope whose
 * transaction was ended, NOMEM. */
cupel_status
cup_autobegin(struct cupel_connection *conn);

/* Roll the root back, or merely let go of it if it is no longer active, and
 * with it every savepoint. `leaving`: the connection is given back next, and
 * who gets it can do with an answer that is yet to come. Yields. Called with
 * the lock held, as are all here. */
cupel_status
cup_root_close(struct cupel_connection *conn, bool leaving);

/* The connection goes: its transactions are on their own. */
void
cup_transaction_forget(struct cupel_connection *conn);

/* A transaction of this connection, on its list, with one reference. NULL: no
 * memory, recorded. */
struct cupel_transaction *
cup_transaction_new(struct cupel_connection *conn, bool is_nested);

struct cupel_transaction *
cup_transaction_ref(struct cupel_transaction *tx);

void
cup_transaction_unref(struct cupel_transaction *tx);

/* Do what a handle was asked for, with the lock of its connection held. Yields.
 * ARGUMENT without a handle, CLOSED once its connection is gone, what the work
 * answers. */
cupel_status
cup_transaction_call(struct cupel_transaction *tx,
                     cupel_status (*work)(struct cupel_transaction *tx));

/* ---- twophase.c ------------------------------------------------------ */

/* The root, which is two-phase, is about to end. Yields. */
cupel_status
cup_twophase_notice(struct cupel_connection *conn, bool commit);

/* End the root, which is two-phase, in the database. Yields. As the dialect's
 * commit_twophase and rollback_twophase. */
cupel_status
cup_twophase_end(struct cupel_connection *conn, bool commit);

/* ---- savepoint.c ----------------------------------------------------- */

/* Set a savepoint and make it current. Yields. The caller gets a reference. */
cupel_status
cup_savepoint_begin(struct cupel_connection *conn,
                    struct cupel_transaction **out);

/* RELEASE it. Yields. */
cupel_status
cup_savepoint_commit(struct cupel_transaction *tx);

/* ROLLBACK TO it, if it is active; then it is no longer current. If that fails,
 * nothing but a rollback of the root is accepted any more. Warns about one that
 * was not current, if asked to. Yields. */
cupel_status
cup_savepoint_end(struct cupel_transaction *tx, bool warn);

/* The root ended: no savepoint is active or current any more. */
void
cup_savepoint_cancel_all(struct cupel_connection *conn);

#endif
