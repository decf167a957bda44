/* SPDX-License-Identifier: MIT */
/* Slots and their sums. Every change of state passes through here, where the
 * books are checked: a slot is in one list, and the lists add up. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "task/loop.h"
#include "task/task.h"

#include <string.h>

static void
check_sums(const struct cup_pool *pool)
{
    const size_t *counts = pool->slot_counts;

    CUP_ASSERT(counts[CUP_SLOT_CONNECTING] + counts[CUP_SLOT_LENT] +
                   counts[CUP_SLOT_IDLE] + counts[CUP_SLOT_CLOSING] ==
               pool->size);
    CUP_ASSERT(pool->size <= pool->limit);
    CUP_ASSERT(counts[CUP_SLOT_IDLE] <= pool->keep);
}

void
cup_pool_check_rest(const struct cup_pool *pool)
{
    check_sums(pool);
    /* One that was cancelled is off the list, and counted until it runs. */
    if (cup_list_empty(&pool->waiters))
        return;
    CUP_ASSERT(pool->slot_counts[CUP_SLOT_IDLE] == 0);
    CUP_ASSERT(pool->size > 0);
}

bool
cup_pool_is_busy(const struct cup_pool *pool)
{
    return pool->size > pool->slot_counts[CUP_SLOT_IDLE] || pool->waiting > 0;
}

struct cup_slot *
cup_slot_new(struct cup_pool *pool)
{
    struct cup_slot *slot = cup_alloc(sizeof *slot);

    if (slot == NULL)
        return NULL;
    cup_pool_ref(pool);
    slot->pool = pool;
    slot->state = CUP_SLOT_CONNECTING;
    cup_list_push(&pool->slots[CUP_SLOT_CONNECTING], &slot->link);
    pool->slot_counts[CUP_SLOT_CONNECTING]++;
    pool->size++;
    check_sums(pool);
    return slot;
}

void
cup_slot_move(struct cup_slot *slot, enum cup_slot_state state)
{
    struct cup_pool *pool = slot->pool;

    CUP_ASSERT(pool->slot_counts[slot->state] > 0);
    CUP_ASSERT(slot->wire != NULL);
    cup_list_remove(&slot->link);
    pool->slot_counts[slot->state]--;
    slot->state = state;
    cup_list_push(&pool->slots[state], &slot->link);
    pool->slot_counts[state]++;
    check_sums(pool);
}

void
cup_slot_free(struct cup_slot *slot)
{
    struct cup_pool *pool = slot->pool;

    CUP_ASSERT(pool->slot_counts[slot->state] > 0);
    CUP_ASSERT(slot->wire == NULL);
    cup_list_remove(&slot->link);
    pool->slot_counts[slot->state]--;
    pool->size--;
    check_sums(pool);
    cup_free(slot);
    if (pool->slot_counts[CUP_SLOT_CONNECTING] == 0 &&
        pool->slot_counts[CUP_SLOT_CLOSING] == 0)
        cup_cond_broadcast(&pool->settled);
    cup_pool_unref(pool);
}

void
cup_slot_lend(struct cup_slot *slot, const char *tag,
              const struct cup_task *task)
{
    size_t len;

    cup_slot_move(slot, CUP_SLOT_LENT);
    slot->pool->checkouts++;
    slot->lent_at = cup_now_coarse();
    if (tag == NULL)
        tag = task != NULL ? task->name : "";
    len = strnlen(tag, CUP_TAG_SIZE - 1);
    memcpy(slot->tag, tag, len);
    slot->tag[len] = '\0';
}

cupel_wire *
cup_slot_wire(struct cup_slot *slot)
{
    CUP_ASSERT(slot->state == CUP_SLOT_LENT);
    return slot->wire;
}
