/* SPDX-License-Identifier: MIT */
/* Root transactions: begun by hand or by the first statement, ended once.
 *
 *     none --begin, autobegin--> active --commit, rollback--> none
 *                                  |
 *                                  '--commit that failed--> current but not
 *                                     active: only a rollback is accepted
 *
 * BEGIN is not sent here: execute.c lets it travel with the first statement.
 * Whether there is anything to commit or roll back is what the wire says. */
#include "engine/transaction.h"

#include <assert.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "engine/connection.h"
#include "engine/notice.h"
#include "task/task.h"

/* ---- Handles --------------------------------------------------------- */

struct cupel_transaction *
cup_transaction_new(struct cupel_connection *conn, bool is_nested)
{
    struct cupel_transaction *tx = cup_alloc(sizeof *tx);

    if (tx == NULL) {
        cup_ignore(cup_nomem(), "the caller returns NOMEM for our NULL");
        return NULL;
    }
    tx->refs = 1;
    tx->conn = conn;
    tx->is_nested = is_nested;
    cup_list_push(&conn->transactions, &tx->link);
    return tx;
}

struct cupel_transaction *
cup_transaction_ref(struct cupel_transaction *tx)
{
    tx->refs++;
    return tx;
}

void
cup_transaction_unref(struct cupel_transaction *tx)
{
    struct cupel_transaction *before;

    while (tx != NULL) {
        assert(tx->refs > 0);
        if (--tx->refs > 0)
            return;
        before = tx->before;
        if (tx->conn != NULL && tx->conn->scope == tx)
            tx->conn->scope = tx->outer;
        cup_list_remove(&tx->link);
        cup_free(tx->xid);
        cup_free(tx);
        tx = before;
    }
}

void
cup_transaction_forget(struct cupel_connection *conn)
{
    struct cup_list *link;

    conn->scope = NULL;
    while ((link = cup_list_pop(&conn->transactions)) != NULL) {
        struct cupel_transaction *tx;

        tx = CUP_CONTAINER(link, struct cupel_transaction, link);
        tx->conn = NULL;
        tx->active = false;
        tx->outer = NULL;
    }
    cup_transaction_unref(conn->nested);
    cup_transaction_unref(conn->root);
    conn->nested = NULL;
    conn->root = NULL;
}

/* ---- Beginning ------------------------------------------------------- */

static cupel_status
check_scope(const struct cupel_connection *conn)
{
    if (conn->scope == NULL || conn->scope->active)
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_INVALID,
                         "can't operate on a closed transaction inside its "
                         "scope; leave the scope first");
}

cupel_status
cup_transaction_check(const struct cupel_connection *conn)
{
    if (conn->root != NULL && !conn->root->active)
        return cup_connection_pending(conn);
    if (conn->nested != NULL && !conn->nested->active)
        return cup_connection_pending(conn);
    return check_scope(conn);
}

/* Take the root off the connection. */
static void
release_root(struct cupel_connection *conn)
{
    struct cupel_transaction *tx = conn->root;

    conn->root = NULL;
    cup_transaction_unref(tx);
}

static bool
is_twophase(const struct cupel_connection *conn)
{
    return conn->root != NULL && conn->root->xid != NULL;
}

/* Whether the database knows of the root: a two-phase one in any case. */
static bool
is_known(const struct cupel_connection *conn, const cupel_wire *wire)
{
    return is_twophase(conn) || wire->dialect->state(wire) != CUPEL_WIRE_IDLE;
}

/* Send ROLLBACK if the wire has a transaction; who gets the wire next may wait
 * for the answer. A wire that cannot even do that is given up. Yields. */
static cupel_status
send_rollback(struct cupel_connection *conn, bool leaving)
{
    cupel_wire *wire = cup_connection_wire(conn);
    cupel_status rc = CUPEL_OK;

    if (wire == NULL || !is_known(conn, wire))
        return rc;
    if (is_twophase(conn))
        rc = cup_twophase_end(conn, false);
    else if (!leaving || !cup_slot_roll_back_ahead(conn->slot, CUPEL_FOREVER))
        rc = wire->dialect->rollback(wire, CUPEL_FOREVER);
    if (rc != CUPEL_OK) {
        rc = cup_connection_failed(conn, rc);
        cup_connection_drop(conn);
    }
    return rc;
}

/* The root's beginning was refused: what the listeners had done in it is
 * undone. Keeps the error record. Yields. */
static void
undo_begin(struct cupel_connection *conn, struct cupel_transaction *tx)
{
    struct cupel_error *error = cup_error_take();

    tx->active = false;
    if (conn->root == tx) {
        cup_savepoint_cancel_all(conn);
        release_root(conn);
        cup_ignore(send_rollback(conn, false),
                   "a wire that cannot is given up");
    }
    cup_error_give(error);
}

static cupel_status
ended_by_listener(const char *event)
{
    return cup_error_set(CUPEL_E_INVALID,
                         "a listener for %s ended the transaction", event);
}

/* Tell the listeners of a new root, which is current already, so that what they
 * execute belongs to it. Yields. */
static cupel_status
announce(struct cupel_connection *conn, struct cupel_transaction *tx)
{
    cupel_status rc;

    rc = cup_notice_begin(conn);
    if (rc == CUPEL_OK && conn->root != tx)
        rc = ended_by_listener("begin");
    if (rc != CUPEL_OK)
        undo_begin(conn, tx);
    return rc;
}

cupel_status
cup_autobegin(struct cupel_connection *conn)
{
    struct cupel_transaction *tx;
    cupel_status rc;

    if (conn->root != NULL)
        return CUPEL_OK;
    rc = check_scope(conn);
    if (rc != CUPEL_OK)
        return rc;
    tx = cup_transaction_new(conn, false);
    if (tx == NULL)
        return CUPEL_E_NOMEM;
    tx->active = true;
    conn->root = tx;
    if (!cup_connection_watched(conn))
        return CUPEL_OK;
    cup_transaction_ref(tx); /* a listener may end it */
    rc = announce(conn, tx);
    cup_transaction_unref(tx);
    return rc;
}

/* With the lock held. Yields. */
static cupel_status
begin_locked(cupel_connection *conn, cupel_transaction **out)
{
    cupel_status rc;

    if (conn->root != NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "this connection has already begun a transaction, "
                             "by begin or by itself; commit or roll back "
                             "first");
    rc = cup_connection_revive(conn);
    if (rc == CUPEL_OK)
        rc = cup_autobegin(conn);
    if (rc == CUPEL_OK && out != NULL)
        *out = cup_transaction_ref(conn->root);
    return rc;
}

cupel_status
cupel_connection_begin(cupel_connection *conn, cupel_transaction **out)
{
    cupel_status rc;

    if (out != NULL)
        *out = NULL;
    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    return cup_connection_leave(conn, begin_locked(conn, out));
}

cupel_status
cupel_connection_begin_nested(cupel_connection *conn, cupel_transaction **out)
{
    struct cupel_transaction *tx = NULL;
    cupel_status rc;

    if (out != NULL)
        *out = NULL;
    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cup_savepoint_begin(conn, &tx);
    if (rc == CUPEL_OK && out != NULL)
        *out = tx;
    else
        cup_transaction_unref(tx);
    return cup_connection_leave(conn, rc);
}

/* ---- Ending ---------------------------------------------------------- */

/* Send COMMIT if the wire has a transaction. Yields. */
static cupel_status
send_commit(struct cupel_connection *conn)
{
    cupel_wire *wire = cup_connection_wire(conn);
    cupel_status rc;

    if (wire == NULL)
        return cup_connection_pending(conn);
    if (!is_known(conn, wire))
        return CUPEL_OK;
    if (is_twophase(conn))
        rc = cup_twophase_end(conn, true);
    else
        rc = wire->dialect->commit(wire, CUPEL_FOREVER);
    return rc == CUPEL_OK ? rc : cup_connection_failed(conn, rc);
}

/* Whether a rollback is anybody's business: a root that failed to commit, and
 * left nothing on the wire, has been told about. */
static bool
has_news(const struct cupel_connection *conn)
{
    const cupel_wire *wire = cup_connection_wire(conn);

    if (!cup_connection_watched(conn))
        return false;
    return conn->root->active ||
           (wire != NULL && wire->dialect->state(wire) != CUPEL_WIRE_IDLE);
}

cupel_status
cup_root_close(struct cupel_connection *conn, bool leaving)
{
    struct cupel_transaction *tx = cup_transaction_ref(conn->root);
    struct cup_scope shield;
    cupel_status rc = CUPEL_OK;

    /* Whoever is cancelled rolls back all the same. */
    cup_shield_begin(&shield, cup_connection_cleanup_deadline(conn));
    if (has_news(conn))
        rc = is_twophase(conn) ? cup_twophase_notice(conn, false)
                               : cup_notice_rollback(conn);
    if (rc == CUPEL_OK)
        rc = send_rollback(conn, leaving);
    cup_scope_end(&shield);
    tx->active = false;
    if (conn->root == tx) {
        cup_savepoint_cancel_all(conn);
        release_root(conn);
    }
    cup_transaction_unref(tx);
    return rc;
}

/* Yields. */
static cupel_status
commit_root(struct cupel_connection *conn)
{
    struct cupel_transaction *tx;
    cupel_status rc;

    if (!conn->root->active)
        return cup_connection_pending(conn);
    rc = cup_connection_revive(conn); /* only asks: a root is current */
    tx = cup_transaction_ref(conn->root);
    if (rc == CUPEL_OK && cup_connection_watched(conn))
        rc = is_twophase(conn) ? cup_twophase_notice(conn, true)
                               : cup_notice_commit(conn);
    if (rc == CUPEL_OK && conn->root != tx)
        rc = ended_by_listener("commit");
    if (rc == CUPEL_OK)
        rc = send_commit(conn);
    tx->active = false;
    if (conn->root == tx) {
        cup_savepoint_cancel_all(conn);
        if (rc == CUPEL_OK)
            release_root(conn);
    }
    cup_transaction_unref(tx);
    return rc;
}

cupel_status
cupel_connection_commit(cupel_connection *conn)
{
    cupel_status rc;

    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (conn->root != NULL)
        rc = commit_root(conn);
    return cup_connection_leave(conn, rc);
}

cupel_status
cupel_connection_rollback(cupel_connection *conn)
{
    cupel_status rc;

    rc = cup_connection_enter_cleanup(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (conn->root != NULL)
        rc = cup_root_close(conn, false);
    return cup_connection_leave(conn, rc);
}

static void
warn_deassociated(void)
{
    cup_log(CUPEL_LOG_WARNING, CUP_LOG_WARNINGS,
            "transaction already deassociated from its connection");
}

/* ---- The handle's own verbs ------------------------------------------ */

/* With the lock held. Yields. */
static cupel_status
commit_locked(cupel_transaction *tx)
{
    if (tx->is_nested)
        return cup_savepoint_commit(tx);
    if (tx->conn->root == tx)
        return commit_root(tx->conn);
    return cup_error_set(CUPEL_E_INVALID, "this transaction is inactive");
}

cupel_status
cup_transaction_call(struct cupel_transaction *tx,
                     cupel_status (*work)(struct cupel_transaction *tx))
{
    cupel_connection *conn;
    cupel_status rc;

    if (tx == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no transaction");
    conn = tx->conn;
    if (conn == NULL)
        return cup_error_set(CUPEL_E_CLOSED,
                             "the transaction's connection was freed");
    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    cup_transaction_ref(tx); /* a listener may free the handle */
    rc = work(tx);
    cup_transaction_unref(tx);
    return cup_connection_leave(conn, rc);
}

cupel_status
cupel_transaction_commit(cupel_transaction *tx)
{
    return cup_transaction_call(tx, commit_locked);
}

/* With the lock held. Yields. */
static cupel_status
end_locked(cupel_transaction *tx, bool warn)
{
    if (tx->is_nested)
        return cup_savepoint_end(tx, warn);
    if (tx->conn->root == tx)
        return cup_root_close(tx->conn, false);
    if (warn)
        warn_deassociated();
    return CUPEL_OK;
}

/* Roll back, and tell or not about a transaction that has ended. Yields. */
static cupel_status
end(cupel_transaction *tx, bool warn)
{
    cupel_connection *conn;
    cupel_status rc;

    if (tx == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no transaction");
    conn = tx->conn;
    if (conn == NULL)
        return CUPEL_OK;
    rc = cup_connection_enter_cleanup(conn);
    if (rc != CUPEL_OK)
        return rc;
    cup_transaction_ref(tx); /* a listener may free the handle */
    rc = end_locked(tx, warn);
    cup_transaction_unref(tx);
    return cup_connection_leave(conn, rc);
}

cupel_status
cupel_transaction_rollback(cupel_transaction *tx)
{
    return end(tx, true);
}

cupel_status
cupel_transaction_close(cupel_transaction *tx)
{
    return end(tx, false);
}

cupel_transaction *
cupel_transaction_enter(cupel_transaction *tx)
{
    if (tx == NULL || tx->conn == NULL || tx->entered)
        return tx;
    tx->entered = true;
    tx->outer = tx->conn->scope;
    tx->conn->scope = tx;
    return tx;
}

/* The scope that follows is the one around this. One that is left out of order
 * is taken out of the middle. */
static void
leave_scope(cupel_transaction *tx)
{
    struct cupel_transaction **scope;

    if (!tx->entered || tx->conn == NULL)
        return;
    for (scope = &tx->conn->scope; *scope != NULL; scope = &(*scope)->outer) {
        if (*scope == tx) {
            *scope = tx->outer;
            break;
        }
    }
    tx->entered = false;
    tx->outer = NULL;
}

/* Roll back because of the failure `status`, whose record stays. Only a
 * savepoint's own failure takes its place: a root whose rollback fails gives
 * its connection up, and so is rolled back all the same. Yields. */
static cupel_status
roll_back_after(cupel_transaction *tx, cupel_status status)
{
    struct cupel_error *error = cup_error_take();
    cupel_status rc;

    rc = cupel_transaction_close(tx);
    if (rc != CUPEL_OK && tx->is_nested) {
        cup_error_free(error);
        return rc;
    }
    cup_error_give(error);
    return status;
}

cupel_status
cupel_transaction_exit(cupel_transaction *tx, cupel_status status)
{
    cupel_status rc = status;

    if (tx == NULL)
        return status;
    if (status >= CUPEL_OK && tx->active) {
        rc = cupel_transaction_commit(tx);
        if (rc == CUPEL_OK)
            rc = status;
    }
    leave_scope(tx);
    if (rc < CUPEL_OK)
        rc = roll_back_after(tx, rc);
    cupel_transaction_free(tx);
    return rc;
}

void
cupel_transaction_free(cupel_transaction *tx)
{
    if (tx == NULL)
        return;
    leave_scope(tx);
    cup_transaction_unref(tx);
}

bool
cupel_transaction_is_active(const cupel_transaction *tx)
{
    return tx != NULL && tx->active;
}

bool
cupel_transaction_is_valid(const cupel_transaction *tx)
{
    return tx != NULL && tx->conn != NULL &&
           !cupel_connection_invalidated(tx->conn);
}

bool
cupel_transaction_nested(const cupel_transaction *tx)
{
    return tx != NULL && tx->is_nested;
}

cupel_connection *
cupel_transaction_connection(cupel_transaction *tx)
{
    return tx == NULL ? NULL : tx->conn;
}

bool
cupel_connection_in_transaction(const cupel_connection *conn)
{
    return conn != NULL && conn->root != NULL && conn->root->active;
}

bool
cupel_connection_in_nested_transaction(const cupel_connection *conn)
{
    return conn != NULL && conn->nested != NULL && conn->nested->active;
}

cupel_transaction *
cupel_connection_get_transaction(cupel_connection *conn)
{
    return conn == NULL ? NULL : conn->root;
}

cupel_transaction *
cupel_connection_get_nested_transaction(cupel_connection *conn)
{
    return conn == NULL ? NULL : conn->nested;
}
