/* SPDX-License-Identifier: MIT */
/* Slots and their sums. Every change of state passes through here, where the
 * books are checked: a slot is in one list, and the lists add up. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "task/loop.h"
#include "task/task.h"

#include <string.h>

/* Whether a slot of that state counts: as a wire of the pool's, open or soon
 * or still. */
static bool
counts_in(enum cup_slot_state state)
{
    return state != CUP_SLOT_VACANT && state != CUP_SLOT_DETACHED;
}

static inline void
check_sums(const struct cupel_pool *pool)
{
    const size_t *counts = pool->slot_counts;

    CUP_ASSERT(counts[CUP_SLOT_CONNECTING] + counts[CUP_SLOT_LENT] +
                   counts[CUP_SLOT_IDLE] + counts[CUP_SLOT_CLOSING] ==
               pool->size);
    CUP_ASSERT(pool->size <= pool->limit);
    CUP_ASSERT(counts[CUP_SLOT_IDLE] <= pool->keep);
    CUP_ASSERT(pool->staying <= counts[CUP_SLOT_CLOSING]);
}

void
cup_pool_check_rest(const struct cupel_pool *pool)
{
    const struct cup_pool_waiter *last;

    check_sums(pool);
    /* One that was cancelled is off the list, and counted until it runs. */
    if (cup_list_empty(&pool->waiters))
        return;
    last = CUP_CONTAINER(pool->waiters.prev, struct cup_pool_waiter, base.link);
    CUP_ASSERT(pool->slot_counts[CUP_SLOT_IDLE] == 0 || last->renews);
    CUP_ASSERT(pool->size > 0);
}

bool
cup_pool_is_busy(const struct cupel_pool *pool)
{
    return pool->size > pool->slot_counts[CUP_SLOT_IDLE] || pool->waiting > 0 ||
           pool->slot_counts[CUP_SLOT_DETACHED] > 0;
}

/* ---- Where a slot is ---------------------------------------------------- */

static inline void
enter_state(struct cup_slot *slot, enum cup_slot_state state)
{
    struct cupel_pool *pool = slot->pool;

    slot->state = state;
    cup_list_push(&pool->slots[state], &slot->link);
    pool->slot_counts[state]++;
    pool->size += counts_in(state);
}

static inline void
leave_state(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;

    CUP_ASSERT(pool->slot_counts[slot->state] > 0);
    cup_list_remove(&slot->link);
    pool->slot_counts[slot->state]--;
    pool->size -= counts_in(slot->state);
    if (slot->state == CUP_SLOT_CLOSING && (slot->marks & CUP_MARK_STAYS) != 0)
        pool->staying--;
    if ((slot->marks & CUP_MARK_PARTING) != 0)
        pool->parting--;
    slot->marks &= ~(unsigned)(CUP_MARK_STAYS | CUP_MARK_PARTING);
}

static void
tell_settlers(struct cupel_pool *pool)
{
    if (!cup_list_empty(&pool->settled.waiters))
        cup_cond_broadcast(&pool->settled);
}

/* Whatever was said of the old wire does not hold for the next. */
static void
forget_marks(struct cup_slot *slot)
{
    slot->marks = 0;
    slot->stale = false;
}

/* A task's loans are at least the lent slots whose holder it is: what it passed
 * on to others stays counted. */
static void
begin_loan(struct cup_slot *slot, struct cup_task *task, uint64_t holder)
{
    if (task != NULL)
        task->loans++;
    atomic_store_explicit(&slot->holder, holder, memory_order_relaxed);
}

static void
end_loan(const struct cup_slot *slot)
{
    struct cup_task *task = cup_task_current();

    if (task != NULL && task->loans > 0 &&
        slot->holder == cup_pool_caller(task))
        task->loans--;
}

void
cup_slot_move(struct cup_slot *slot, enum cup_slot_state state)
{
    struct cupel_pool *pool = slot->pool;
    bool was_settling =
        slot->state == CUP_SLOT_CONNECTING || slot->state == CUP_SLOT_CLOSING;

    CUP_ASSERT(slot->host == NULL);
    CUP_ASSERT(state == CUP_SLOT_CONNECTING ||
               (slot->wire == NULL) == (state == CUP_SLOT_VACANT));
    if (slot->state == CUP_SLOT_LENT)
        end_loan(slot);
    leave_state(slot);
    enter_state(slot, state);
    if (state == CUP_SLOT_CONNECTING)
        forget_marks(slot);
    check_sums(pool);
    if (was_settling)
        tell_settlers(pool);
}

/* ---- Coming and going --------------------------------------------------- */

struct cup_slot *
cup_slot_alloc(struct cupel_pool *pool)
{
    struct cup_slot *slot = cup_alloc(sizeof *slot);

    if (slot == NULL)
        return NULL;
    cup_pool_ref(pool);
    slot->pool = pool;
    slot->epoch = pool->epoch;
    slot->expires_at = CUPEL_FOREVER;
    slot->raw.slot = slot;
    cup_mutex_init(&slot->raw.lock);
    cup_list_init(&slot->link);
    return slot;
}

void
cup_slot_join(struct cup_slot *slot)
{
    enter_state(slot, CUP_SLOT_CONNECTING);
    check_sums(slot->pool);
}

struct cup_slot *
cup_slot_new(struct cupel_pool *pool)
{
    struct cup_list *vacant = &pool->slots[CUP_SLOT_VACANT];
    struct cup_slot *slot;

    if (!cup_list_empty(vacant)) {
        slot = CUP_CONTAINER(vacant->next, struct cup_slot, link);
        cup_slot_move(slot, CUP_SLOT_CONNECTING);
        return slot;
    }
    slot = cup_slot_alloc(pool);
    if (slot != NULL)
        cup_slot_join(slot);
    return slot;
}

void
cup_slot_free(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;

    CUP_ASSERT(slot->wire == NULL && slot->host == NULL && slot->shares == 0);
    leave_state(slot);
    check_sums(pool);
    cup_info_fini(&slot->info);
    cup_info_fini(&slot->record_info);
    cup_free(slot);
    tell_settlers(pool);
    cup_pool_unref(pool);
}

/* Slots that a new record would make one too many. */
static size_t
kept_count(const struct cupel_pool *pool)
{
    return pool->slot_counts[CUP_SLOT_IDLE] +
           pool->slot_counts[CUP_SLOT_VACANT] + pool->staying;
}

void
cup_slot_vacate(struct cup_slot *slot, bool stays)
{
    struct cupel_pool *pool = slot->pool;

    CUP_ASSERT(slot->wire == NULL);
    if (slot->state == CUP_SLOT_DETACHED || pool->closed || !stays ||
        (slot->marks & CUP_MARK_STAYS ? pool->keep == 0
                                      : kept_count(pool) >= pool->keep)) {
        cup_slot_free(slot);
        return;
    }
    cupel_info_clear(&slot->info);
    slot->marks &= (unsigned)CUP_MARK_STAYS;
    cup_slot_move(slot, CUP_SLOT_VACANT);
}

void
cup_pool_trim_vacant(struct cupel_pool *pool)
{
    const struct cup_list *vacant = &pool->slots[CUP_SLOT_VACANT];
    struct cup_list *link, *after;

    while (kept_count(pool) > pool->keep && !cup_list_empty(vacant))
        cup_slot_free(CUP_CONTAINER(vacant->next, struct cup_slot, link));
    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_CLOSING]) {
        struct cup_slot *slot = CUP_CONTAINER(link, struct cup_slot, link);

        if (kept_count(pool) <= pool->keep)
            return;
        if ((slot->marks & CUP_MARK_STAYS) != 0)
            pool->staying--;
        slot->marks &= ~(unsigned)CUP_MARK_STAYS;
    }
}

/* ---- In somebody's hands ------------------------------------------------ */

void
cup_slot_lend(struct cup_slot *slot, const char *tag, struct cup_task *task,
              uint64_t holder)
{
    struct cupel_pool *pool = slot->pool;
    size_t len;

    if (slot->host == NULL)
        cup_slot_move(slot, CUP_SLOT_LENT);
    pool->sums.checkouts++;
    if (pool->slot_counts[CUP_SLOT_LENT] > pool->sums.lent_peak)
        pool->sums.lent_peak = pool->slot_counts[CUP_SLOT_LENT];
    slot->lent_at = cup_now_coarse();
    begin_loan(slot, task, holder);
    atomic_store_explicit(&slot->used, false, memory_order_relaxed);
    len = tag != NULL ? strnlen(tag, CUP_TAG_SIZE - 1) : 0;
    if (len > 0)
        memcpy(slot->tag, tag, len);
    slot->tag[len] = '\0';
}

void
cup_slot_lend_here(struct cup_slot *slot, const char *tag)
{
    struct cup_task *task = cup_task_current();

    if (tag == NULL && task != NULL)
        tag = task->name;
    cup_slot_lend(slot, tag, task, cup_pool_caller(task));
}

void
cup_slot_hold(struct cup_slot *slot)
{
    struct cup_task *task = cup_task_current();
    uint64_t caller = cup_pool_caller(task);

    if (slot->holder != caller)
        begin_loan(slot, task, caller);
    atomic_store_explicit(&slot->used, true, memory_order_relaxed);
}

static bool
is_held(const struct cup_slot *slot)
{
    return slot->state == CUP_SLOT_LENT || slot->state == CUP_SLOT_DETACHED;
}

cupel_wire *
cup_slot_wire(struct cup_slot *slot)
{
    CUP_ASSERT(is_held(slot));
    return slot->wire;
}

cupel_info *
cup_slot_info(struct cup_slot *slot)
{
    return slot->host != NULL ? &slot->host->info : &slot->info;
}

cupel_info *
cup_slot_record_info(struct cup_slot *slot)
{
    return slot->host != NULL ? &slot->host->record_info : &slot->record_info;
}

struct cupel_raw_connection *
cup_slot_raw(struct cup_slot *slot)
{
    CUP_ASSERT(is_held(slot));
    return &slot->raw;
}

bool
cup_slot_is_detached(const struct cup_slot *slot)
{
    return slot->state == CUP_SLOT_DETACHED;
}
