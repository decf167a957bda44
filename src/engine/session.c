/* SPDX-License-Identifier: MIT */
/* What a connection is told and asked beside statements: its execution options,
 * the values kept with it, the driver's connection under it, and giving that
 * up. */
#include "base/error.h"
#include "base/log.h"
#include "engine/connection.h"
#include "engine/isolation.h"
#include "engine/notice.h"

/* ---- Execution options ------------------------------------------------- */

/* What is set on the session is what was given, each name once and with its
 * last value, not what was there before. Yields. */
static cupel_status
apply(cupel_connection *conn, const cupel_execution_options *given,
      const struct cup_option_set *merged)
{
    cupel_execution_options one = { NULL, 1 };
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; given != NULL && i < given->count && rc == CUPEL_OK; i++) {
        one.items = cup_option_find(&merged->list, given->items[i].name);
        if (one.items != NULL)
            rc = cup_isolation_apply(conn, &one);
    }
    return rc;
}

/* With the lock held. Yields. */
static cupel_status
change_options(cupel_connection *conn, const cupel_execution_options *given)
{
    struct cup_option_set *merged = NULL;
    cupel_status rc;

    rc = cup_option_set_merge(conn->engine->dialect, conn->options, given,
                              CUP_OPTIONS_OF_CONNECTION, &merged);
    if (rc == CUPEL_OK)
        rc = apply(conn, given, merged);
    if (rc != CUPEL_OK) {
        cup_option_set_unref(merged);
        return rc;
    }
    cup_option_set_unref(conn->options);
    conn->options = merged;
    return CUPEL_OK;
}

/* With the lock held; what the listeners leave counts. Yields. */
static cupel_status
announce_and_change(cupel_connection *conn,
                    const cupel_execution_options *given)
{
    struct cup_arena memory;
    cupel_status rc;

    if (conn->closed)
        return cup_error_set(CUPEL_E_CLOSED, "this connection is closed");
    cup_arena_init(&memory, NULL, 0);
    rc = cup_notice_connection_options(conn, &memory, &given);
    if (rc == CUPEL_OK)
        rc = change_options(conn, given);
    cup_arena_fini(&memory);
    return rc;
}

cupel_status
cupel_connection_execution_options(cupel_connection *conn,
                                   const cupel_execution_options *options)
{
    cupel_status rc;

    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    return cup_connection_leave(conn, announce_and_change(conn, options));
}

const cupel_execution_options *
cupel_connection_get_execution_options(const cupel_connection *conn)
{
    return cup_option_set_list(conn == NULL ? NULL : conn->options);
}

/* ---- The driver's connection ------------------------------------------- */

/* Do something with the slot, taking one if there is none. Yields. */
static cupel_status
with_slot(cupel_connection *conn,
          cupel_status (*work)(cupel_connection *conn, void *out), void *out)
{
    cupel_status rc;

    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cup_connection_revive(conn);
    if (rc == CUPEL_OK)
        rc = work(conn, out);
    return cup_connection_leave(conn, rc);
}

static cupel_status
give_raw(cupel_connection *conn, void *out)
{
    *(cupel_raw_connection **)out = cup_slot_raw(conn->slot);
    return CUPEL_OK;
}

cupel_status
cupel_connection_get_raw_connection(cupel_connection *conn,
                                    cupel_raw_connection **out)
{
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the connection");
    *out = NULL;
    return with_slot(conn, give_raw, out);
}

static cupel_status
give_info(cupel_connection *conn, void *out)
{
    *(cupel_info **)out = cup_slot_info(conn->slot);
    return CUPEL_OK;
}

cupel_status
cupel_connection_info(cupel_connection *conn, cupel_info **out)
{
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the info");
    *out = NULL;
    return with_slot(conn, give_info, out);
}

/* With the lock held. */
static cupel_status
detach(cupel_connection *conn)
{
    if (conn->closed)
        return cup_error_set(CUPEL_E_CLOSED, "this connection is closed");
    if (conn->slot == NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "an invalidated connection cannot be detached");
    return cup_slot_detach(conn->slot);
}

cupel_status
cupel_connection_detach(cupel_connection *conn)
{
    cupel_status rc;

    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    return cup_connection_leave(conn, detach(conn));
}

/* ---- Giving it up ------------------------------------------------------ */

/* With the lock held. */
static cupel_status
invalidate(cupel_connection *conn, const char *reason)
{
    if (conn->closed)
        return cup_error_set(CUPEL_E_CLOSED, "this connection is closed");
    if (conn->slot == NULL)
        return CUPEL_OK;
    if (reason != NULL)
        cup_log(CUPEL_LOG_INFO, "cupel.pool", "invalidating a connection: %s",
                reason);
    cup_connection_drop(conn);
    return CUPEL_OK;
}

cupel_status
cupel_connection_invalidate_because(cupel_connection *conn, const char *reason)
{
    cupel_status rc;

    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    return cup_connection_leave(conn, invalidate(conn, reason));
}

cupel_status
cupel_connection_invalidate(cupel_connection *conn)
{
    return cupel_connection_invalidate_because(conn, NULL);
}
