/* SPDX-License-Identifier: MIT */
/* Why there is no connection: what a timeout tells, and the wait that could
 * never end. */
#include "pool/inner.h"

#include "base/error.h"
#include "task/loop.h"

#include <stdio.h>
#include <string.h>

enum { LIMITS_SIZE = 96, LONGEST_SIZE = 96, HOLDERS_SIZE = 160 };

/* The reference's words, for programs and people that look for them. */
static void
write_limits(const struct cupel_pool *pool, char *text, size_t size)
{
    const struct cup_pool_config *config = &pool->config;
    const char *full = pool->size >= pool->limit ? " reached" : " not reached";
    char overflow[24] = "-1";

    if (!pool->policy->queues || config->size == 0) {
        snprintf(text, size, "%s without a limit", pool->policy->name);
        return;
    }
    if (config->max_overflow < SIZE_MAX)
        snprintf(overflow, sizeof overflow, "%zu", config->max_overflow);
    snprintf(text, size, "QueuePool limit of size %zu overflow %s%s",
             config->size, overflow, full);
}

/* The slot that was lent first of those that still are; NULL: none. */
static const struct cup_slot *
oldest_loan(const struct cupel_pool *pool)
{
    const struct cup_list *lent =
        pool->policy->shared ? &pool->shares : &pool->slots[CUP_SLOT_LENT];

    if (cup_list_empty(lent))
        return NULL;
    return CUP_CONTAINER(lent->next, struct cup_slot, link);
}

static void
write_longest(const struct cupel_pool *pool, char *text, size_t size)
{
    const struct cup_slot *slot = oldest_loan(pool);
    int64_t held_ms;

    text[0] = '\0';
    if (slot == NULL)
        return;
    held_ms = cup_now_coarse() - slot->lent_at;
    if (slot->tag[0] != '\0')
        snprintf(text, size, "; longest held %lld ms by '%s'",
                 (long long)held_ms, slot->tag);
    else
        snprintf(text, size, "; longest held %lld ms", (long long)held_ms);
}

int64_t
cup_pool_longest_held_ms(const struct cupel_pool *pool)
{
    const struct cup_slot *slot = oldest_loan(pool);

    return slot != NULL ? cup_now_coarse() - slot->lent_at : 0;
}

cupel_status
cup_pool_timed_out(struct cupel_pool *pool, int64_t waited_ms, size_t waiting)
{
    const size_t *counts = pool->slot_counts;
    bool failed = pool->connect_error[0] != '\0';
    char limits[LIMITS_SIZE], longest[LONGEST_SIZE];

    pool->sums.timeouts++;
    write_limits(pool, limits, sizeof limits);
    write_longest(pool, longest, sizeof longest);
    return cup_error_set(
        CUPEL_E_TIMEOUT,
        "%s, connection timed out, timeout %.2f: %zu lent, %zu connecting, "
        "%zu closing, %zu waiting%s%s%s",
        limits, (double)waited_ms / 1000, counts[CUP_SLOT_LENT],
        counts[CUP_SLOT_CONNECTING], counts[CUP_SLOT_CLOSING], waiting, longest,
        failed ? "; last connect error: " : "",
        failed ? pool->connect_error : "");
}

/* ---- Waits that cannot end ---------------------------------------------- */

static bool
waits_here(const struct cupel_pool *pool, uint64_t holder)
{
    const struct cup_list *waiters = &pool->waiters;
    struct cup_list *link, *after;
    bool found = false;

    CUP_LIST_EACH (link, after, waiters)
        found |=
            CUP_CONTAINER(link, struct cup_pool_waiter, base.link)->holder ==
            holder;
    return found;
}

bool
cup_pool_would_wait_for_itself(const struct cupel_pool *pool,
                               const struct cup_pool_waiter *waiter)
{
    const struct cup_task *task = waiter->base.task;
    const struct cup_list *lent = &pool->slots[CUP_SLOT_LENT];
    struct cup_list *link, *after;
    uint64_t holder = waiter->holder;
    bool holds = false;

    if (pool->slot_counts[CUP_SLOT_LENT] != pool->size ||
        (task != NULL && task->loans == 0))
        return false;
    CUP_LIST_EACH (link, after, lent)
        holds |= CUP_CONTAINER(link, struct cup_slot, link)->holder == holder;
    if (!holds)
        return false;
    CUP_LIST_EACH (link, after, lent) {
        const struct cup_slot *slot =
            CUP_CONTAINER(link, struct cup_slot, link);

        if (slot->holder != holder && !waits_here(pool, slot->holder))
            return false;
        if (!slot->used && cup_loop_has_ready())
            return false;
    }
    return true;
}

/* The tags of the holders, as many as there is room for. */
static void
write_holders(const struct cupel_pool *pool, char *text, size_t size)
{
    const struct cup_list *lent = &pool->slots[CUP_SLOT_LENT];
    struct cup_list *link, *after;
    size_t len = 0;

    text[0] = '\0';
    CUP_LIST_EACH (link, after, lent) {
        const char *tag = CUP_CONTAINER(link, struct cup_slot, link)->tag;
        int wrote;

        wrote = snprintf(text + len, size - len, "%s'%s'", len > 0 ? ", " : "",
                         tag);
        if (wrote < 0 || (size_t)wrote >= size - len) {
            text[len] = '\0';
            return;
        }
        len += (size_t)wrote;
    }
}

cupel_status
cup_pool_refuse(struct cupel_pool *pool)
{
    char limits[LIMITS_SIZE], longest[LONGEST_SIZE], holders[HOLDERS_SIZE];

    pool->sums.timeouts++;
    pool->sums.refusals++;
    write_limits(pool, limits, sizeof limits);
    write_longest(pool, longest, sizeof longest);
    write_holders(pool, holders, sizeof holders);
    return cup_error_set(CUPEL_E_TIMEOUT,
                         "%s, and the caller would wait for itself: every "
                         "connection is held by those who wait (%s)%s",
                         limits, holders, longest);
}

void
cup_pool_tell_slow(struct cupel_pool *pool, int64_t waited_ms)
{
    char longest[LONGEST_SIZE];

    if (pool->config.slow_acquire_ms <= 0 ||
        waited_ms < pool->config.slow_acquire_ms)
        return;
    write_longest(pool, longest, sizeof longest);
    cup_pool_log(pool, CUPEL_LOG_WARNING,
                 "slow acquire: waited %lld ms for a connection, %zu lent, "
                 "%zu still waiting%s",
                 (long long)waited_ms, pool->slot_counts[CUP_SLOT_LENT],
                 pool->waiting, longest);
}
