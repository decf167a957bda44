/* SPDX-License-Identifier: MIT */
/* Two-phase transactions: root transactions with a name, which can be prepared
 * before they are committed and then belong to nobody's session. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/utf8.h"
#include "engine/connection.h"
#include "engine/notice.h"
#include "engine/result.h"
#include "engine/transaction.h"

enum {
    XID_MAX = 200, /* bytes, as dialects promise to take them */
    RANDOM_BYTES = 16
};

/* ---- Names ------------------------------------------------------------- */

/* "_sa_" and 32 random digits. NULL: no memory or no chance, recorded. */
static char *
new_xid(void)
{
    unsigned char bytes[RANDOM_BYTES];
    char text[4 + RANDOM_BYTES * 2 + 1] = "_sa_";
    char *copy;
    size_t i;

    if (getentropy(bytes, sizeof bytes) != 0) {
        cup_ignore(cup_error_set(CUPEL_E_INTERNAL,
                                 "the system gives no random numbers"),
                   "the caller sees NULL and takes the record's status");
        return NULL;
    }
    for (i = 0; i < sizeof bytes; i++)
        snprintf(text + 4 + 2 * i, 3, "%02x", (unsigned)bytes[i]);
    copy = cup_strdup(text);
    if (copy == NULL)
        cup_ignore(cup_nomem(), "as above");
    return copy;
}

static cupel_status
check_xid(const char *xid)
{
    size_t len = xid == NULL ? 0 : strlen(xid);

    if (len == 0 || len > XID_MAX || !cup_utf8_valid(xid, len))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the name of a two-phase transaction is UTF-8 of "
                             "1 to %d bytes",
                             XID_MAX);
    return CUPEL_OK;
}

static cupel_status
need_twophase(const cupel_connection *conn)
{
    const cupel_dialect *dialect = conn->engine->dialect;

    if (dialect->prepare_twophase != NULL)
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_NOTIMPL,
                         "dialect %s has no two-phase transactions",
                         dialect->name);
}

cupel_status
cup_twophase_notice(cupel_connection *conn, bool commit)
{
    return cup_notice_twophase(
        conn, commit ? CUP_EVENT_COMMIT_TWOPHASE : CUP_EVENT_ROLLBACK_TWOPHASE,
        conn->root->xid, conn->root->prepared);
}

/* ---- Beginning --------------------------------------------------------- */

/* Tell listeners and the database of the new root. Yields. */
static cupel_status
announce(cupel_connection *conn, const struct cupel_transaction *tx)
{
    cupel_wire *wire;
    cupel_status rc;

    rc = cup_notice_twophase(conn, CUP_EVENT_BEGIN_TWOPHASE, tx->xid, false);
    if (rc == CUPEL_OK && conn->root != tx)
        rc = cup_error_set(CUPEL_E_INVALID,
                           "a listener for begin_twophase ended the "
                           "transaction");
    if (rc != CUPEL_OK)
        return rc;
    wire = cup_connection_wire(conn);
    if (wire == NULL)
        return cup_connection_pending(conn);
    if (wire->dialect->begin_twophase == NULL)
        return CUPEL_OK;
    rc = wire->dialect->begin_twophase(wire, tx->xid, CUPEL_FOREVER);
    return rc == CUPEL_OK ? rc : cup_connection_failed(conn, rc);
}

/* Make it the root; if that is refused, there is none. Takes the name. Yields.
 */
static cupel_status
begin_as(cupel_connection *conn, char *xid)
{
    struct cupel_transaction *tx = cup_transaction_new(conn, false);
    cupel_status rc;

    if (tx == NULL) {
        cup_free(xid);
        return CUPEL_E_NOMEM;
    }
    tx->xid = xid;
    tx->active = true;
    conn->root = cup_transaction_ref(tx);
    rc = announce(conn, tx);
    if (rc != CUPEL_OK && conn->root == tx) {
        tx->active = false;
        conn->root = NULL;
        cup_transaction_unref(tx);
    }
    cup_transaction_unref(tx);
    return rc;
}

/* With the lock held. Yields. */
static cupel_status
begin(cupel_connection *conn, const char *given, cupel_transaction **out)
{
    char *xid = NULL;
    cupel_status rc = CUPEL_OK;

    if (conn->root != NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "a two-phase transaction cannot begin while "
                             "another transaction is in progress");
    rc = need_twophase(conn);
    if (rc == CUPEL_OK)
        rc = cup_transaction_check(conn);
    if (rc == CUPEL_OK)
        rc = cup_connection_revive(conn);
    if (rc != CUPEL_OK)
        return rc;
    xid = given == NULL ? new_xid() : cup_strdup(given);
    if (xid == NULL)
        return given == NULL ? cupel_error_status(cupel_error_last())
                             : cup_nomem();
    rc = begin_as(conn, xid);
    if (rc == CUPEL_OK && out != NULL)
        *out = cup_transaction_ref(conn->root);
    return rc;
}

cupel_status
cupel_connection_begin_twophase(cupel_connection *conn, const char *xid,
                                cupel_transaction **out)
{
    cupel_status rc = CUPEL_OK;

    if (out != NULL)
        *out = NULL;
    if (xid != NULL)
        rc = check_xid(xid);
    if (rc == CUPEL_OK)
        rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    return cup_connection_leave(conn, begin(conn, xid, out));
}

const char *
cupel_transaction_xid(const cupel_transaction *tx)
{
    return tx == NULL ? NULL : tx->xid;
}

bool
cupel_transaction_is_prepared(const cupel_transaction *tx)
{
    return tx != NULL && tx->prepared;
}

/* ---- Ending ------------------------------------------------------------ */

/* With the lock held. Yields. */
static cupel_status
prepare(cupel_transaction *tx)
{
    cupel_connection *conn = tx->conn;
    cupel_wire *wire;
    cupel_status rc;

    if (tx->xid == NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "only a two-phase transaction can be prepared");
    if (conn->root != tx || !tx->active)
        return cup_error_set(CUPEL_E_INVALID, "this transaction is inactive");
    rc = cup_connection_revive(conn); /* only asks: a root is current */
    if (rc == CUPEL_OK)
        rc = cup_notice_twophase(conn, CUP_EVENT_PREPARE_TWOPHASE, tx->xid,
                                 false);
    if (rc == CUPEL_OK && (conn->root != tx || !tx->active))
        rc = cup_error_set(CUPEL_E_INVALID, "a listener for prepare_twophase "
                                            "ended the transaction");
    if (rc == CUPEL_OK)
        rc = cup_connection_revive(conn); /* listeners may do anything */
    if (rc != CUPEL_OK)
        return rc;
    wire = cup_connection_wire(conn);
    rc = wire->dialect->prepare_twophase(wire, tx->xid, CUPEL_FOREVER);
    tx->prepared = rc == CUPEL_OK;
    return rc == CUPEL_OK ? rc : cup_connection_failed(conn, rc);
}

cupel_status
cupel_transaction_prepare(cupel_transaction *tx)
{
    return cup_transaction_call(tx, prepare);
}

cupel_status
cup_twophase_end(cupel_connection *conn, bool commit)
{
    const struct cupel_transaction *tx = conn->root;
    cupel_wire *wire = cup_connection_wire(conn);

    if (commit)
        return wire->dialect->commit_twophase(wire, tx->xid, tx->prepared,
                                              CUPEL_FOREVER);
    return wire->dialect->rollback_twophase(wire, tx->xid, tx->prepared,
                                            CUPEL_FOREVER);
}

/* ---- Those that nobody's session has ----------------------------------- */

/* With the lock held. Yields. */
static cupel_status
recover(cupel_connection *conn, cupel_result **out)
{
    cupel_rows *rows;
    cupel_wire *wire;
    cupel_status rc;

    rc = need_twophase(conn);
    if (rc == CUPEL_OK)
        rc = cup_connection_revive(conn);
    if (rc != CUPEL_OK)
        return rc;
    wire = cup_connection_wire(conn);
    rc = wire->dialect->recover_twophase(wire, CUPEL_FOREVER, &rows);
    if (rc != CUPEL_OK)
        return cup_connection_failed(conn, rc);
    *out = cup_result_new(conn, rows, false, 0);
    if (*out != NULL)
        return CUPEL_OK;
    rows->ops->free(rows);
    return CUPEL_E_NOMEM;
}

cupel_status
cupel_connection_recover_twophase(cupel_connection *conn,
                                  cupel_scalar_result **out)
{
    cupel_result *result = NULL;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the names");
    *out = NULL;
    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cup_connection_leave(conn, recover(conn, &result));
    return rc == CUPEL_OK ? cup_result_into_scalars(result, out) : rc;
}

/* A prepared transaction is ended outside any other: `recover` rolls back what
 * is open. Yields. */
static cupel_status
leave_transaction(cupel_connection *conn, bool recover)
{
    cupel_wire *wire = cup_connection_wire(conn);
    cupel_status rc;

    if (wire->dialect->state(wire) == CUPEL_WIRE_IDLE)
        return CUPEL_OK;
    if (!recover)
        return cup_error_set(CUPEL_E_INVALID,
                             "a prepared transaction cannot be ended inside "
                             "another; end that first, or ask for recover");
    rc = wire->dialect->rollback(wire, CUPEL_FOREVER);
    return rc == CUPEL_OK ? rc : cup_connection_failed(conn, rc);
}

/* With the lock held. Yields. */
static cupel_status
end_prepared(cupel_connection *conn, const char *xid, bool commit, bool recover)
{
    cupel_wire *wire;
    cupel_status rc;

    rc = need_twophase(conn);
    if (rc == CUPEL_OK)
        rc = cup_connection_revive(conn);
    if (rc == CUPEL_OK)
        rc = cup_notice_twophase(conn,
                                 commit ? CUP_EVENT_COMMIT_TWOPHASE
                                        : CUP_EVENT_ROLLBACK_TWOPHASE,
                                 xid, true);
    if (rc == CUPEL_OK)
        rc = cup_connection_revive(conn); /* listeners may do anything */
    if (rc == CUPEL_OK)
        rc = leave_transaction(conn, recover);
    if (rc != CUPEL_OK)
        return rc;
    wire = cup_connection_wire(conn);
    if (commit)
        rc = wire->dialect->commit_twophase(wire, xid, true, CUPEL_FOREVER);
    else
        rc = wire->dialect->rollback_twophase(wire, xid, true, CUPEL_FOREVER);
    return rc == CUPEL_OK ? rc : cup_connection_failed(conn, rc);
}

/* Yields. */
static cupel_status
end_by_name(cupel_connection *conn, const char *xid, bool commit, bool recover)
{
    cupel_status rc;

    rc = check_xid(xid);
    if (rc == CUPEL_OK)
        rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    return cup_connection_leave(conn, end_prepared(conn, xid, commit, recover));
}

cupel_status
cupel_connection_commit_prepared(cupel_connection *conn, const char *xid,
                                 bool recover)
{
    return end_by_name(conn, xid, true, recover);
}

cupel_status
cupel_connection_rollback_prepared(cupel_connection *conn, const char *xid,
                                   bool recover)
{
    return end_by_name(conn, xid, false, recover);
}
