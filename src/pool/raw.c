/* SPDX-License-Identifier: MIT */
/* Connections as the driver has them. What a slot shows its listeners and what
 * a user of the pool gets are the same thing; the user's has its own life: it
 * is there after the slot has gone back. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "task/task.h"

#include <string.h>

static void
warn(const char *text)
{
    cup_log(CUPEL_LOG_WARNING, "cupel.pool", "%s", text);
}

/* Yields. */
cupel_status
cup_pool_connect(struct cupel_pool *pool, const char *tag, cupel_time until,
                 struct cupel_raw_connection **out)
{
    struct cupel_raw_connection *raw = cup_alloc(sizeof *raw);
    cupel_status rc;

    *out = NULL;
    if (raw == NULL)
        return cup_nomem();
    cup_mutex_init(&raw->lock);
    raw->owned = true;
    rc = cup_pool_checkout(pool, tag, until, &raw->slot);
    if (rc == CUPEL_OK)
        *out = raw;
    else
        cup_free(raw);
    return rc;
}

/* ---- Is it there, and may it be used here ------------------------------- */

static bool
is_there(const struct cupel_raw_connection *raw)
{
    return raw != NULL && raw->slot != NULL &&
           (raw->slot->state == CUP_SLOT_LENT ||
            raw->slot->state == CUP_SLOT_DETACHED ||
            (!raw->owned && raw->slot->wire != NULL));
}

static cupel_status
check(const struct cupel_raw_connection *raw)
{
    if (raw == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no connection");
    if (raw->invalidated)
        return cup_error_set(CUPEL_E_INVALID,
                             "this connection was invalidated");
    if (raw->freed || !is_there(raw))
        return cup_error_set(CUPEL_E_CLOSED, "this connection is closed");
    if (cup_slot_is_foreign(raw->slot))
        return cup_error_set(CUPEL_E_INVALID,
                             "this connection belongs to the parent process");
    return cup_pool_check_home(raw->slot->pool);
}

/* The end of a handle of cupel_pool_connect(). */
static void
destroy(struct cupel_raw_connection *raw)
{
    if (raw->slot != NULL) {
        warn("a connection was freed without being closed; it is given up");
        cup_pool_abandon(raw->slot);
    }
    cup_free(raw);
}

/* The end of a call, and, if it was freed meanwhile, of the handle. */
static cupel_status
let_go(struct cupel_raw_connection *raw, cupel_status rc)
{
    if (--raw->calls == 0 && raw->freed)
        destroy(raw);
    return rc;
}

/* Begin a call on the wire. Yields. */
static cupel_status
enter(struct cupel_raw_connection *raw, bool *shared)
{
    cupel_status rc = check(raw);

    if (rc != CUPEL_OK)
        return rc;
    if (!raw->slot->pool->config.blocking && cup_task_current() == NULL)
        return cup_error_set(CUPEL_E_NOTASK,
                             "an async connection is used inside a task");
    raw->calls++;
    rc = cup_mutex_lock(&raw->lock, CUPEL_FOREVER);
    if (rc != CUPEL_OK)
        return let_go(raw, rc);
    rc = check(raw); /* it may have been closed meanwhile */
    if (rc == CUPEL_OK)
        rc = cup_share_lock(raw->slot, CUPEL_FOREVER, shared);
    if (rc == CUPEL_OK) {
        cup_slot_hold(raw->slot);
        return rc;
    }
    cup_mutex_unlock(&raw->lock);
    return let_go(raw, rc);
}

static cupel_status
leave(struct cupel_raw_connection *raw, bool shared, cupel_status rc)
{
    cup_share_unlock(raw->slot, shared);
    cup_mutex_unlock(&raw->lock);
    return let_go(raw, rc);
}

/* ---- Calls -------------------------------------------------------------- */

/* Yields. */
cupel_status
cupel_raw_connection_execute(cupel_raw_connection *raw, const char *sql,
                             const cupel_value *values, size_t value_count,
                             struct cupel_rows **out)
{
    cupel_request request = {
        .sql = sql, .values = values, .value_count = value_count, .set_count = 1
    };
    cupel_rows *rows = NULL;
    bool shared = false;
    cupel_status rc;

    if (out != NULL)
        *out = NULL;
    if (sql == NULL || (values == NULL && value_count > 0))
        return cup_error_set(CUPEL_E_ARGUMENT, "no statement, or no values");
    request.sql_len = strlen(sql);
    rc = enter(raw, &shared);
    if (rc != CUPEL_OK)
        return rc;
    rc = raw->slot->wire->dialect->execute(raw->slot->wire, &request,
                                           CUPEL_FOREVER, &rows);
    if (out != NULL)
        *out = rows;
    else if (rows != NULL)
        rows->ops->free(rows);
    return leave(raw, shared, rc);
}

/* Yields. */
cupel_status
cupel_raw_connection_commit(cupel_raw_connection *raw)
{
    bool shared = false;
    cupel_status rc = enter(raw, &shared);

    if (rc != CUPEL_OK)
        return rc;
    rc = raw->slot->wire->dialect->commit(raw->slot->wire, CUPEL_FOREVER);
    return leave(raw, shared, rc);
}

/* Yields. */
cupel_status
cupel_raw_connection_rollback(cupel_raw_connection *raw)
{
    bool shared = false;
    cupel_status rc = enter(raw, &shared);

    if (rc != CUPEL_OK)
        return rc;
    rc = raw->slot->wire->dialect->rollback(raw->slot->wire, CUPEL_FOREVER);
    return leave(raw, shared, rc);
}

/* ---- The end ------------------------------------------------------------ */

static cupel_status
not_owned(void)
{
    return cup_error_set(CUPEL_E_INVALID,
                         "this connection belongs to another object, which is "
                         "the one to be closed or invalidated");
}

/* Part the handle from its slot, when the calls before this one have ended.
 * Yields. */
static cupel_status
end(struct cupel_raw_connection *raw, bool gives_up, struct cup_slot **slot)
{
    cupel_status rc = check(raw);

    if (rc != CUPEL_OK)
        return rc;
    raw->calls++;
    rc = cup_mutex_lock(&raw->lock, CUPEL_FOREVER);
    if (rc != CUPEL_OK)
        return let_go(raw, rc);
    rc = check(raw);
    *slot = raw->slot;
    if (rc == CUPEL_OK) {
        raw->slot = NULL;
        raw->invalidated = gives_up;
    }
    cup_mutex_unlock(&raw->lock);
    return let_go(raw, rc);
}

/* Yields. */
cupel_status
cupel_raw_connection_close(cupel_raw_connection *raw)
{
    struct cup_slot *slot;
    cupel_status rc;

    if (raw == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no connection");
    if (!raw->owned)
        return not_owned();
    if (raw->slot == NULL) {
        if (!raw->invalidated)
            warn("double checkin attempted on a connection");
        raw->invalidated = false;
        return CUPEL_OK;
    }
    rc = end(raw, false, &slot);
    if (rc == CUPEL_OK)
        cup_pool_checkin(slot, false);
    return rc;
}

void
cupel_raw_connection_free(cupel_raw_connection *raw)
{
    if (raw == NULL || !raw->owned)
        return;
    if (raw->calls > 0)
        raw->freed = true; /* the last of them sees to it */
    else
        destroy(raw);
}

/* Yields. */
cupel_status
cupel_raw_connection_invalidate(cupel_raw_connection *raw, bool soft)
{
    struct cup_slot *slot;
    cupel_status rc;

    if (raw != NULL && !is_there(raw)) {
        warn("can't invalidate an already-closed connection");
        return CUPEL_OK;
    }
    rc = check(raw);
    if (rc != CUPEL_OK)
        return rc;
    if (soft) {
        cup_slot_soft_invalidate(raw->slot);
        return CUPEL_OK;
    }
    if (!raw->owned)
        return not_owned();
    rc = end(raw, true, &slot);
    if (rc == CUPEL_OK)
        cup_pool_discard(slot);
    return rc;
}

cupel_status
cupel_raw_connection_detach(cupel_raw_connection *raw)
{
    cupel_status rc = check(raw);

    return rc == CUPEL_OK ? cup_slot_detach(raw->slot) : rc;
}

/* ---- What there is to know ---------------------------------------------- */

cupel_info *
cupel_raw_connection_info(cupel_raw_connection *raw)
{
    return is_there(raw) ? cup_slot_info(raw->slot) : NULL;
}

cupel_info *
cupel_raw_connection_record_info(cupel_raw_connection *raw)
{
    if (!is_there(raw) || raw->slot->state == CUP_SLOT_DETACHED)
        return NULL;
    return cup_slot_record_info(raw->slot);
}

bool
cupel_raw_connection_is_valid(const cupel_raw_connection *raw)
{
    return is_there(raw);
}

bool
cupel_raw_connection_is_detached(const cupel_raw_connection *raw)
{
    return is_there(raw) && cup_slot_is_detached(raw->slot);
}

struct cupel_wire *
cupel_raw_connection_dbapi_connection(cupel_raw_connection *raw)
{
    return is_there(raw) ? raw->slot->wire : NULL;
}

void *
cupel_raw_connection_driver_connection(cupel_raw_connection *raw)
{
    cupel_wire *wire = cupel_raw_connection_dbapi_connection(raw);

    if (wire == NULL || wire->dialect->driver_connection == NULL)
        return NULL;
    return wire->dialect->driver_connection(wire);
}
