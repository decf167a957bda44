/* SPDX-License-Identifier: MIT */
/* From a wire that is there to one that can be relied on: neither too old nor
 * marked for replacement, answering a ping, and fine with the listeners to
 * checkout. What fails is replaced and looked at again, twice at most. */
#include "pool/inner.h"

#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

enum { ATTEMPTS = 2 };

/* What is to be looked at of a share is its host. */
static const struct cup_slot *
subject(const struct cup_slot *slot)
{
    return slot->host != NULL ? slot->host : slot;
}

/* One that was just opened is new enough, however short a life may be. */
static bool
is_due(const struct cup_slot *slot)
{
    slot = subject(slot);
    return slot->stale || (!slot->fresh && slot->expires_at != CUPEL_FOREVER &&
                           cup_now_coarse() > slot->expires_at);
}

/* ---- Replacing ---------------------------------------------------------- */

/* Give the slot back for a new wire, before everybody who waits: the caller's
 * turn it was already. Yields. */
static cupel_status
renew(struct cupel_pool *pool, const char *tag, cupel_time until,
      struct cup_slot **slot)
{
    struct cup_slot *old = *slot;

    *slot = NULL;
    pool->sums.replacements++;
    if (old->host != NULL) {
        cup_share_doom(pool);
        cup_share_end(old, false);
        return cup_share_obtain(pool, tag, until, slot);
    }
    cup_notice_close(old, true);
    if (pool->closed) {
        cup_pool_retire(old, false);
        return cup_error_set(CUPEL_E_CLOSED, "the pool is closed");
    }
    if (pool->config.blocking) {
        cup_guard_drop(pool);
        pool->config.dialect->close(
            old->wire, cupel_deadline_in(pool->config.close_timeout_ms));
        cup_guard_take(pool);
        old->wire = NULL;
    }
    cup_slot_move(old, CUP_SLOT_CONNECTING);
    return cup_pool_wait(pool, tag, until, old, slot);
}

/* Give the slot back for good. */
static void
give_up(struct cup_slot **slot)
{
    if (*slot != NULL)
        cup_pool_end_loan(*slot, false);
    *slot = NULL;
}

/* ---- Looking ------------------------------------------------------------ */

/* INVALIDATEPOOL: it does not answer. TIMEOUT: not in the little time that the
 * caller has, which says nothing of the others. Yields. */
static cupel_status
ping(struct cup_slot *slot, cupel_time until)
{
    const struct cup_pool_config *config = &slot->pool->config;
    cupel_time end = cupel_deadline_in(config->connect_timeout_ms);
    bool in_haste;
    cupel_wire_state state;
    cupel_status rc;
    bool taken;

    cup_pool_log(slot->pool, CUPEL_LOG_DEBUG, "Pool pre-ping on connection %p",
                 (void *)slot->wire);
    rc = cup_share_lock(slot, until, &taken);
    if (rc != CUPEL_OK)
        return rc;
    until = cup_deadline_cap(until);
    in_haste = until < end;
    rc = config->dialect->ping(slot->wire, in_haste ? until : end);
    state = config->dialect->state(slot->wire);
    cup_share_unlock(slot, taken);
    if (rc == CUPEL_OK || rc == CUPEL_E_CANCELLED)
        return rc;
    if (rc == CUPEL_E_TIMEOUT && in_haste)
        return cup_error_set(rc, "the deadline passed while waiting for the "
                                 "database to answer a ping");
    return cup_notice_ping_failed(
        slot, rc, state == CUPEL_WIRE_BROKEN || state == CUPEL_WIRE_BUSY);
}

/* Yields. */
static cupel_status
examine(struct cup_slot *slot, cupel_time until)
{
    struct cupel_pool *pool = slot->pool;
    bool fresh = subject(slot)->fresh;
    cupel_status rc = CUPEL_OK;

    if (slot->host != NULL)
        slot->host->fresh = false;
    slot->fresh = false;
    cup_guard_drop(pool);
    if (pool->config.pre_ping && !fresh && pool->config.dialect->ping != NULL)
        rc = ping(slot, until);
    if (rc == CUPEL_OK)
        rc = cup_notice_checkout(slot);
    cup_guard_take(pool);
    return rc;
}

/* The wire is no good: tell so, and what may concern the others. */
static void
tell_invalid(struct cupel_pool *pool, struct cup_slot *slot, cupel_status rc)
{
    struct cupel_error *kept = cup_error_take();

    if (rc == CUPEL_E_INVALIDATEPOOL)
        cup_pool_mark_stale(pool);
    pool->sums.invalidations++;
    cup_notice_invalidate(slot);
    cup_error_give(kept);
}

/* Yields. */
cupel_status
cup_pool_prepare(struct cupel_pool *pool, const char *tag, cupel_time until,
                 struct cup_slot **slot)
{
    cupel_status rc = CUPEL_OK;
    int attempts = ATTEMPTS;

    cup_pool_tend(pool);
    while (rc == CUPEL_OK) {
        if (is_due(*slot)) {
            cup_pool_log(pool, CUPEL_LOG_INFO, "Connection %p %s; recycling",
                         (void *)(*slot)->wire,
                         subject(*slot)->stale ? "invalidated"
                                               : "exceeded timeout");
            rc = renew(pool, tag, until, slot);
            continue;
        }
        rc = examine(*slot, until);
        if (rc == CUPEL_OK)
            return rc;
        if (rc != CUPEL_E_DISCONNECTION && rc != CUPEL_E_INVALIDATEPOOL)
            break;
        if (--attempts == 0) {
            rc = cup_error_set(CUPEL_E_INVALID, "this connection is closed");
            break;
        }
        tell_invalid(pool, *slot, rc);
        rc = renew(pool, tag, until, slot);
    }
    give_up(slot);
    return rc;
}
