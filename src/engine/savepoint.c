/* SPDX-License-Identifier: MIT */
/* Savepoints: nested transactions by SQL. Their statements go the way of every
 * other statement. The current one is the innermost; each knows the one around
 * it. */
#include <assert.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "engine/connection.h"
#include "engine/execute.h"
#include "engine/notice.h"
#include "engine/transaction.h"
#include "task/task.h"

/* The statement that each of the events of a savepoint's life is about. */
static const char *
verb_of(enum cup_event_kind kind)
{
    if (kind == CUP_EVENT_SAVEPOINT)
        return "SAVEPOINT";
    return kind == CUP_EVENT_RELEASE_SAVEPOINT ? "RELEASE SAVEPOINT"
                                               : "ROLLBACK TO SAVEPOINT";
}

/* Tell of it, then run it, if there is a wire. Yields. */
static cupel_status
run(struct cupel_connection *conn, enum cup_event_kind kind,
    unsigned long number)
{
    char name[40], sql[80];
    cupel_status rc = CUPEL_OK;

    snprintf(name, sizeof name, "sa_savepoint_%lu", number);
    if (cup_connection_watched(conn))
        rc = cup_notice_savepoint(conn, kind, name);
    if (rc != CUPEL_OK)
        return rc;
    if (conn->slot == NULL && kind == CUP_EVENT_ROLLBACK_SAVEPOINT)
        return CUPEL_OK;
    snprintf(sql, sizeof sql, "%s %s", verb_of(kind), name);
    return cup_execute_own(conn, sql);
}

cupel_status
cup_savepoint_begin(struct cupel_connection *conn,
                    struct cupel_transaction **out)
{
    struct cupel_transaction *tx, *root;
    cupel_status rc;

    rc = cup_connection_revive(conn);
    if (rc == CUPEL_OK)
        rc = cup_transaction_check(conn);
    if (rc == CUPEL_OK)
        rc = cup_autobegin(conn);
    if (rc != CUPEL_OK)
        return rc;
    tx = cup_transaction_new(conn, true);
    if (tx == NULL)
        return CUPEL_E_NOMEM;
    tx->number = ++conn->savepoint_count;
    root = cup_transaction_ref(conn->root);
    rc = run(conn, CUP_EVENT_SAVEPOINT, tx->number);
    if (rc == CUPEL_OK && conn->root != root)
        rc = cup_error_set(CUPEL_E_INVALID,
                           "a listener for savepoint ended the transaction");
    cup_transaction_unref(root);
    if (rc != CUPEL_OK) {
        cup_transaction_unref(tx);
        return rc;
    }
    tx->active = true;
    tx->before = conn->nested; /* its reference moves here */
    conn->nested = tx;         /* the new one's is the connection's */
    *out = cup_transaction_ref(tx);
    return CUPEL_OK;
}

/* Make the one around it current, if it is current itself. */
static bool
detach(struct cupel_transaction *tx)
{
    struct cupel_connection *conn = tx->conn;

    if (conn->nested != tx)
        return false;
    conn->nested = tx->before;
    tx->before = NULL;
    cup_transaction_unref(tx);
    return true;
}

cupel_status
cup_savepoint_commit(struct cupel_transaction *tx)
{
    struct cupel_connection *conn = tx->conn;
    cupel_status rc;

    if (!tx->active) {
        if (conn->nested == tx)
            return cup_connection_pending(conn);
        return cup_error_set(CUPEL_E_INVALID,
                             "this nested transaction is inactive");
    }
    rc = run(conn, CUP_EVENT_RELEASE_SAVEPOINT, tx->number);
    tx->active = false;
    if (rc == CUPEL_OK)
        detach(tx);
    return rc;
}

cupel_status
cup_savepoint_end(struct cupel_transaction *tx, bool warn)
{
    struct cupel_connection *conn = tx->conn;
    struct cup_scope shield;
    cupel_status rc = CUPEL_OK;

    if (tx->active && conn->root != NULL && conn->root->active) {
        cup_shield_begin(&shield, cup_connection_cleanup_deadline(conn));
        rc = run(conn, CUP_EVENT_ROLLBACK_SAVEPOINT, tx->number);
        cup_scope_end(&shield);
        /* What should be undone may still be there: never commit it. */
        if (rc != CUPEL_OK && conn->root != NULL)
            conn->root->active = false;
    }
    tx->active = false;
    if (!detach(tx) && warn)
        cup_log(CUPEL_LOG_WARNING, CUP_LOG_WARNINGS,
                "nested transaction already deassociated from its "
                "connection");
    return rc;
}

void
cup_savepoint_cancel_all(struct cupel_connection *conn)
{
    while (conn->nested != NULL) {
        conn->nested->active = false;
        detach(conn->nested);
    }
}
