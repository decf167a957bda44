/* SPDX-License-Identifier: MIT */
/* The end of a wire. It is closed in a task of the pool's, so that nobody has
 * to wait for it; until it is closed its place is taken. */
#include "pool/inner.h"

#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

/* The wire is gone: what becomes of its place. */
static void
finish(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;

    slot->wire = NULL;
    cup_slot_vacate(slot, (slot->marks & CUP_MARK_STAYS) != 0);
    cup_pool_grow(pool);
}

/* The body of a closing task. Yields. */
static cupel_status
close_main(void *arg)
{
    struct cup_slot *slot = arg;
    struct cupel_pool *pool = slot->pool;
    const cupel_dialect *dialect = pool->config.dialect;
    int64_t span_ms = pool->config.close_timeout_ms;

    cupel_task_name_set("cupel pool close");
    cup_pool_enter(pool);
    if (dialect->state(slot->wire) == CUPEL_WIRE_BUSY)
        cup_ignore(dialect->cancel(slot->wire, cupel_deadline_in(span_ms / 2)),
                   "the wire is closed either way");
    dialect->close(slot->wire, cupel_deadline_in(span_ms));
    finish(slot);
    cup_pool_tend(pool);
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

/* Places that idle, vacant and closing slots take among those kept. */
static bool
has_room(const struct cupel_pool *pool)
{
    return !pool->closed && pool->slot_counts[CUP_SLOT_IDLE] +
                                    pool->slot_counts[CUP_SLOT_VACANT] +
                                    pool->staying <
                                pool->keep;
}

void
cup_pool_retire(struct cup_slot *slot, bool stays)
{
    struct cupel_pool *pool = slot->pool;

    if (slot->state == CUP_SLOT_DETACHED) {
        slot->marks |= CUP_MARK_PARTING;
        pool->parting++;
    } else {
        cup_slot_move(slot, CUP_SLOT_CLOSING);
        if (stays && has_room(pool)) {
            slot->marks |= CUP_MARK_STAYS;
            pool->staying++;
        }
    }
    if (start_close(slot))
        return;
    pool->config.dialect->free(slot->wire);
    finish(slot);
}
