/* SPDX-License-Identifier: MIT */
/* Coming back. What the wire says of itself decides: an idle one is lent on or
 * kept, any other one is closed, in a task of the pool's so that nobody has to
 * wait for it. Until it is closed its place is taken. */
#include "pool/inner.h"

#include "base/assert.h"
#include "base/error.h"
#include "base/log.h"
#include "task/loop.h"
#include "task/task.h"

/* ---- Closing ------------------------------------------------------------ */

/* The body of a closing task. Yields. */
static cupel_status
close_main(void *arg)
{
    struct cup_slot *slot = arg;
    struct cup_pool *pool = slot->pool;
    const cupel_dialect *dialect = pool->config.dialect;
    int64_t span_ms = pool->config.close_timeout_ms;

    cupel_task_name_set("cupel pool close");
    cup_pool_ref(pool);
    if (dialect->state(slot->wire) == CUPEL_WIRE_BUSY)
        cup_ignore(dialect->cancel(slot->wire, cupel_deadline_in(span_ms / 2)),
                   "the wire is closed either way");
    dialect->close(slot->wire, cupel_deadline_in(span_ms));
    slot->wire = NULL;
    cup_slot_free(slot);
    cup_pool_grow(pool);
    cup_pool_leave(pool);
    return CUPEL_OK;
}

static bool
start_close(struct cup_slot *slot)
{
    struct cupel_error *kept;
    cupel_status rc;

    if (!cup_pool_can_spawn(slot->pool))
        return false;
    kept = cup_error_take();
    rc = cup_task_spawn(close_main, slot, NULL, NULL, NULL);
    cup_error_give(kept);
    return rc == CUPEL_OK;
}

void
cup_pool_retire(struct cup_slot *slot)
{
    struct cup_pool *pool = slot->pool;

    cup_slot_move(slot, CUP_SLOT_CLOSING);
    if (start_close(slot))
        return;
    pool->config.dialect->free(slot->wire);
    slot->wire = NULL;
    cup_pool_ref(pool);
    cup_slot_free(slot);
    cup_pool_grow(pool);
    cup_pool_unref(pool);
}

/* ---- Coming back -------------------------------------------------------- */

/* Nobody is handed a wire that is known to be dead; one that goes to the idle
 * ones is looked at when it leaves them. */
static bool
hand_over(struct cup_slot *slot)
{
    struct cup_pool *pool = slot->pool;
    const cupel_dialect *dialect = pool->config.dialect;

    if (pool->waiting == 0)
        return false;
    if (slot->state == CUP_SLOT_LENT && dialect->alive != NULL &&
        !dialect->alive(slot->wire)) {
        cup_pool_retire(slot);
        return true;
    }
    return cup_pool_answer(pool, slot, CUPEL_OK, NULL);
}

void
cup_pool_offer(struct cup_slot *slot)
{
    struct cup_pool *pool = slot->pool;

    if (pool->closed)
        cup_pool_retire(slot);
    else if (hand_over(slot))
        return;
    else if (pool->slot_counts[CUP_SLOT_IDLE] < pool->keep)
        cup_slot_move(slot, CUP_SLOT_IDLE);
    else
        cup_pool_retire(slot);
}

/* End what the holder left open. Yields. */
static void
roll_back(struct cup_slot *slot)
{
    const struct cup_pool_config *config = &slot->pool->config;
    cupel_time until = cup_deadline_coarse(config->close_timeout_ms);
    struct cupel_error *kept;
    struct cup_scope shield;

    kept = cup_error_take();
    cup_shield_begin(&shield, until);
    cup_ignore(config->dialect->rollback(slot->wire, until),
               "the wire's state tells");
    cup_scope_end(&shield);
    cup_error_give(kept);
}

/* Whether a rollback can be waited for. */
static bool
can_wait(const struct cup_pool *pool)
{
    return pool->config.blocking ||
           (cup_task_current() != NULL && cup_pool_can_spawn(pool));
}

static bool
can_come_back(const struct cup_slot *slot)
{
    if (!cup_pool_is_home(slot->pool)) {
        cup_log(CUPEL_LOG_WARNING, "cupel.pool",
                "a connection was given back on another thread than its own; "
                "it stays lent");
        return false;
    }
    CUP_ASSERT(slot->state == CUP_SLOT_LENT);
    return true;
}

/* Yields. */
void
cup_pool_checkin(struct cup_slot *slot)
{
    struct cup_pool *pool = slot->pool;
    const cupel_dialect *dialect = pool->config.dialect;
    cupel_wire_state state;

    if (!can_come_back(slot))
        return;
    state = dialect->state(slot->wire);
    cup_pool_ref(pool);
    if ((state == CUPEL_WIRE_IN_TRANSACTION || state == CUPEL_WIRE_FAILED) &&
        can_wait(pool)) {
        roll_back(slot);
        state = dialect->state(slot->wire);
    }
    if (state == CUPEL_WIRE_IDLE)
        cup_pool_offer(slot);
    else
        cup_pool_retire(slot);
    cup_pool_leave(pool);
}

void
cup_pool_discard(struct cup_slot *slot)
{
    struct cup_pool *pool = slot->pool;

    if (!can_come_back(slot))
        return;
    cup_pool_ref(pool);
    cup_pool_retire(slot);
    cup_pool_leave(pool);
}
