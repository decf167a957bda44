/* SPDX-License-Identifier: MIT */
/* Coming back. What the wire says of itself decides: an idle one is lent on or
 * kept, any other one is closed.
 *
 * The order is the reference's: listeners to reset, the rollback, what the
 * holder changed of the session put back, listeners to checkin, and only then
 * does the wire go to the next. */
#include "pool/inner.h"

#include "base/assert.h"
#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

/* ---- Where it goes ------------------------------------------------------ */

/* Nobody is handed a wire that is known to be dead; one that goes to the idle
 * ones is looked at when it leaves them. */
static bool
hand_over(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;
    const cupel_dialect *dialect = pool->config.dialect;

    if (pool->waiting == 0)
        return false;
    if (slot->state == CUP_SLOT_LENT && dialect->alive != NULL &&
        !dialect->alive(slot->wire)) {
        cup_pool_retire(slot, true);
        return true;
    }
    return cup_pool_answer(pool, slot, CUPEL_OK, NULL);
}

void
cup_pool_keep(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;

    if (pool->slot_counts[CUP_SLOT_IDLE] < pool->keep) {
        slot->fresh = false;
        if (pool->careful)
            slot->idle_at = cup_now_coarse();
        cup_slot_move(slot, CUP_SLOT_IDLE);
        if (pool->slot_counts[CUP_SLOT_VACANT] + pool->staying > 0)
            cup_pool_trim_vacant(pool);
        return;
    }
    cup_notice_close(slot, false);
    cup_pool_retire(slot, false);
}

void
cup_pool_offer(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;

    if (pool->policy->shared && !pool->closed) {
        cup_share_offer(slot);
    } else if (pool->closed ||
               (!pool->policy->keeps && slot->state == CUP_SLOT_LENT)) {
        cup_notice_close(slot, false);
        cup_pool_retire(slot, false);
    } else if (!hand_over(slot)) {
        cup_pool_keep(slot);
    }
}

/* ---- What is done to it ------------------------------------------------- */

static bool
is_open(cupel_wire_state state)
{
    return state == CUPEL_WIRE_IN_TRANSACTION || state == CUPEL_WIRE_FAILED;
}

/* End what the holder left open, as the pool was told to. Yields. */
static void
end_transaction(struct cup_slot *slot)
{
    const struct cup_pool_config *config = &slot->pool->config;
    cupel_time until = cup_deadline_cleanup(config->close_timeout_ms);
    bool commits = config->reset_on_return == CUPEL_RESET_COMMIT;
    struct cup_scope shield;
    cupel_status rc;

    if (config->reset_on_return == CUPEL_RESET_NONE ||
        (config->skip_autocommit_rollback && slot->wire->autocommit))
        return;
    cup_pool_log(slot->pool, CUPEL_LOG_DEBUG, "Connection %p %s",
                 (void *)slot->wire,
                 commits ? "commit-on-return" : "rollback-on-return");
    cup_shield_begin(&shield, until);
    rc = commits ? config->dialect->commit(slot->wire, until)
                 : config->dialect->rollback(slot->wire, until);
    cup_scope_end(&shield);
    if (rc != CUPEL_OK)
        cup_pool_log(slot->pool, CUPEL_LOG_ERROR,
                     "Exception during reset or similar: %s",
                     cupel_error_text());
}

/* Make the wire fit to be lent again: false if it cannot be. Without the guard,
 * which may cost the error record. Yields. */
static bool
reset(struct cup_slot *slot, bool already_reset)
{
    struct cupel_pool *pool = slot->pool;
    const cupel_dialect *dialect = pool->config.dialect;
    cupel_time until;
    bool can_wait = cup_pool_can_wait(pool);
    struct cup_scope shield;
    bool restored;

    if (cup_notice_reset(slot, already_reset, can_wait) != CUPEL_OK)
        return false;
    if (can_wait && is_open(dialect->state(slot->wire)))
        end_transaction(slot);
    if (dialect->state(slot->wire) != CUPEL_WIRE_IDLE)
        return slot->host != NULL && slot->host->shares > 1 &&
               dialect->state(slot->wire) != CUPEL_WIRE_BROKEN;
    if ((slot->marks & (CUP_MARK_ISOLATION | CUP_MARK_SWITCHES)) == 0)
        return true;
    until = cup_deadline_cleanup(pool->config.close_timeout_ms);
    cup_shield_begin(&shield, until);
    restored = can_wait && cup_slot_restore(slot, until) == CUPEL_OK;
    cup_scope_end(&shield);
    return restored;
}

/* A wire that left the pool comes back to be closed. Yields. */
static void
end_detached(struct cup_slot *slot, bool already_reset)
{
    struct cupel_pool *pool = slot->pool;

    cup_guard_drop(pool);
    cup_ignore(reset(slot, already_reset) ? CUPEL_OK : CUPEL_E_INVALID,
               "it is closed either way");
    cup_guard_take(pool);
    cup_notice_close_detached(slot);
    cup_pool_retire(slot, false);
}

/* The same for a wire that others may use. If they do not let go of it, it is
 * theirs to reset. Yields. */
static bool
reset_locked(struct cup_slot *slot, bool already_reset)
{
    cupel_time until =
        cup_deadline_cleanup(slot->pool->config.close_timeout_ms);
    struct cup_scope shield;
    bool taken, good = true;
    cupel_status rc;

    if (slot->host == NULL)
        return reset(slot, already_reset);
    cup_shield_begin(&shield, until);
    rc = cup_share_lock(slot, until, &taken);
    cup_scope_end(&shield);
    if (rc == CUPEL_OK)
        good = reset(slot, already_reset);
    cup_share_unlock(slot, taken);
    return good;
}

/* Whether nobody else has the wire. */
static bool
is_last(const struct cup_slot *slot)
{
    return slot->host == NULL || slot->host->shares == 1;
}

/* The whole of it, with listeners. Yields. */
static void
give_back(struct cup_slot *slot, bool already_reset)
{
    struct cupel_pool *pool = slot->pool;
    bool good, told;

    cup_guard_drop(pool);
    good = reset_locked(slot, already_reset);
    cup_guard_take(pool);
    if (!good)
        cup_notice_invalidate(slot);
    told = !good && is_last(slot);
    if (told)
        cup_notice_close(slot, true);
    cup_notice_checkin(slot, good);
    if (!good)
        pool->sums.invalidations++;
    if (slot->host != NULL) {
        if (!good)
            cup_share_doom(pool);
        cup_share_end(slot, told);
    } else if (good) {
        cup_pool_offer(slot);
    } else {
        cup_pool_retire(slot, true);
    }
}

static bool
can_come_back(const struct cup_slot *slot)
{
    if (!cup_pool_is_home(slot->pool)) {
        cup_pool_log(slot->pool, CUPEL_LOG_WARNING,
                     "a connection was given back on another thread than its "
                     "own; it stays lent");
        return false;
    }
    if (slot->state == CUP_SLOT_LENT || slot->state == CUP_SLOT_DETACHED)
        return true;
    cup_pool_log(slot->pool, CUPEL_LOG_WARNING,
                 "a connection was given back twice");
    return false;
}

/* Only the settings of a session, which are put back by statements, stand
 * between the rollback and the next holder then. */
bool
cup_slot_roll_back_ahead(struct cup_slot *slot, cupel_time until)
{
    const struct cupel_pool *pool = slot->pool;
    const cupel_dialect *dialect = pool->config.dialect;

    return dialect->rollback_ahead != NULL && !pool->config.blocking &&
           pool->waiting > 0 && !pool->closed && slot->state == CUP_SLOT_LENT &&
           slot->host == NULL && slot->marks == 0 &&
           dialect->rollback_ahead(slot->wire, until);
}

/* Whether nobody wants to know and nothing is left to do. */
static bool
is_plain(const struct cup_slot *slot)
{
    const struct cupel_pool *pool = slot->pool;

    return !pool->careful && slot->marks == 0 && slot->state == CUP_SLOT_LENT &&
           !cup_notice_wanted(pool) &&
           pool->config.dialect->state(slot->wire) == CUPEL_WIRE_IDLE;
}

/* Yields. */
void
cup_pool_checkin(struct cup_slot *slot, bool already_reset)
{
    struct cupel_pool *pool = slot->pool;
    struct cupel_error *kept;

    if (slot->epoch != cup_forks) {
        cup_slot_bury(slot);
        return;
    }
    if (!can_come_back(slot))
        return;
    cup_pool_enter(pool);
    if (is_plain(slot)) {
        cup_pool_offer(slot);
    } else {
        kept = cup_error_take();
        if (slot->state == CUP_SLOT_DETACHED)
            end_detached(slot, already_reset);
        else
            give_back(slot, already_reset);
        cup_pool_tend(pool);
        cup_error_give(kept);
    }
    cup_pool_leave(pool);
}

void
cup_pool_end_loan(struct cup_slot *slot, bool vanished)
{
    struct cupel_pool *pool = slot->pool;
    struct cupel_error *kept = cup_error_take();
    bool told = is_last(slot);

    if (vanished && slot->host == NULL) {
        cup_notice_vanished(slot);
    } else if (slot->state != CUP_SLOT_DETACHED) {
        cup_notice_invalidate(slot);
        if (told)
            cup_notice_close(slot, true);
        cup_notice_checkin(slot, false);
    }
    pool->sums.invalidations++;
    if (slot->host != NULL) {
        cup_share_doom(pool);
        cup_share_end(slot, told);
    } else {
        cup_pool_retire(slot, true);
    }
    cup_error_give(kept);
}

static void
discard(struct cup_slot *slot, bool vanished)
{
    struct cupel_pool *pool = slot->pool;

    if (slot->epoch != cup_forks) {
        cup_slot_bury(slot);
        return;
    }
    if (!can_come_back(slot))
        return;
    cup_pool_enter(pool);
    cup_pool_end_loan(slot, vanished);
    cup_pool_leave(pool);
}

void
cup_pool_discard(struct cup_slot *slot)
{
    discard(slot, false);
}

void
cup_pool_abandon(struct cup_slot *slot)
{
    discard(slot, true);
}
