/* SPDX-License-Identifier: MIT */
/* Wires that are to be replaced, now or later, and those that leave the pool
 * for good. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/error.h"

static void
mark_all(struct cupel_pool *pool, enum cup_slot_state state)
{
    struct cup_list *link, *after;

    CUP_LIST_EACH (link, after, &pool->slots[state])
        CUP_CONTAINER(link, struct cup_slot, link)->stale = true;
}

void
cup_pool_mark_stale(struct cupel_pool *pool)
{
    mark_all(pool, CUP_SLOT_CONNECTING);
    mark_all(pool, CUP_SLOT_LENT);
    mark_all(pool, CUP_SLOT_IDLE);
}

void
cup_pool_invalidate(struct cupel_pool *pool)
{
    cup_pool_enter(pool);
    cup_pool_mark_stale(pool);
    cup_pool_leave(pool);
}

void
cup_slot_soft_invalidate(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;

    cup_pool_enter(pool);
    cup_notice_soft_invalidate(slot);
    if (slot->host != NULL)
        slot->host->stale = true;
    slot->stale = true;
    cup_pool_leave(pool);
}

/* ---- Leaving ------------------------------------------------------------ */

/* The slot goes out with its wire; its record stays, in a slot of its own. */
static cupel_status
part(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;
    struct cup_slot *record = cup_slot_alloc(pool);

    if (record == NULL)
        return cup_nomem();
    cup_slot_move(slot, CUP_SLOT_DETACHED);
    slot->stale = false;
    cup_info_move(&slot->record_info, &record->record_info);
    cup_slot_join(record);
    cup_slot_vacate(record, true);
    cup_pool_grow(pool);
    return CUPEL_OK;
}

cupel_status
cup_slot_detach(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;
    cupel_status rc;

    if (slot->host != NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "the connection of a StaticPool cannot be "
                             "detached");
    if (slot->state == CUP_SLOT_DETACHED)
        return CUPEL_OK;
    cup_pool_enter(pool);
    rc = part(slot);
    if (rc == CUPEL_OK)
        cup_notice_detach(slot);
    cup_pool_leave(pool);
    return rc;
}
