/* SPDX-License-Identifier: MIT */
/* What a pool does without being asked: let go of wires that nobody has wanted
 * for long, open as many as are to be there, give each a life of its own
 * length. It is done when somebody comes or goes. A timer of the pool's would
 * keep its loop from ending, and while nobody comes nobody misses anything. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

/* After a failure the pool itself does not try again for so long. */
enum { BACKOFF_MS = 1000 };

/* A number from 0 to `sides` - 1. */
static uint64_t
roll(struct cupel_pool *pool, uint64_t sides)
{
    pool->dice ^= pool->dice << 13;
    pool->dice ^= pool->dice >> 7;
    pool->dice ^= pool->dice << 17;
    return pool->dice % sides;
}

cupel_time
cup_pool_expiry(struct cupel_pool *pool)
{
    const struct cup_pool_config *config = &pool->config;
    cupel_time now, end = CUPEL_FOREVER;
    int64_t life_ms;

    if (config->recycle_ms <= 0 && config->lifetime_ms <= 0)
        return CUPEL_FOREVER;
    now = cup_now_coarse();
    if (config->recycle_ms > 0 && config->recycle_ms < CUPEL_FOREVER - now)
        end = now + config->recycle_ms;
    if (config->lifetime_ms <= 0 || config->lifetime_ms >= CUPEL_FOREVER - now)
        return end;
    life_ms = config->lifetime_ms;
    life_ms -= (int64_t)roll(pool, (uint64_t)life_ms / 10 + 1);
    return now + life_ms < end ? now + life_ms : end;
}

/* The longest idle is the first, whichever is lent next. */
void
cup_pool_close_stale(struct cupel_pool *pool)
{
    const struct cup_list *idle = &pool->slots[CUP_SLOT_IDLE];
    cupel_time now;

    if (pool->config.idle_timeout_ms <= 0)
        return;
    now = cup_now_coarse();
    while (pool->slot_counts[CUP_SLOT_IDLE] > pool->config.min_idle) {
        struct cup_slot *slot =
            CUP_CONTAINER(idle->next, struct cup_slot, link);

        if (now - slot->idle_at < pool->config.idle_timeout_ms)
            return;
        if (slot == pool->host)
            pool->host = NULL;
        cup_slot_move(slot, CUP_SLOT_CLOSING);
        cup_notice_close(slot, false);
        cup_pool_retire(slot, false);
    }
}

/* Wires that are there for whoever comes, or soon. */
static size_t
ready_count(const struct cupel_pool *pool)
{
    return pool->slot_counts[CUP_SLOT_IDLE] + pool->warming;
}

/* One more that nobody waits for. */
static cupel_status
start_one(struct cupel_pool *pool)
{
    struct cup_slot *slot = cup_slot_new(pool);
    cupel_status rc;

    if (slot == NULL)
        return cup_nomem();
    rc = cup_pool_start_connect(slot);
    if (rc != CUPEL_OK) {
        cup_slot_vacate(slot, true);
        return rc;
    }
    slot->warm = true;
    pool->warming++;
    return CUPEL_OK;
}

static void
fill(struct cupel_pool *pool)
{
    cupel_time now = cup_now_coarse();
    struct cupel_error *kept;
    cupel_status rc = CUPEL_OK;

    if (pool->closed || pool->waiting > 0 || !cup_pool_can_spawn(pool) ||
        (pool->failed_at != 0 && now - pool->failed_at < BACKOFF_MS))
        return;
    kept = cup_error_take();
    while (rc == CUPEL_OK && ready_count(pool) < pool->config.min_idle &&
           pool->size < pool->keep)
        rc = start_one(pool);
    cup_error_give(kept);
}

void
cup_pool_tend(struct cupel_pool *pool)
{
    cup_pool_close_stale(pool);
    if (pool->config.min_idle > 0)
        fill(pool);
}

/* ---- Warming up --------------------------------------------------------- */

/* Yields. */
static cupel_status
warm_here(struct cupel_pool *pool, size_t count, cupel_time until)
{
    cupel_status rc = CUPEL_OK;

    while (rc == CUPEL_OK && pool->size < count) {
        struct cup_slot *slot = cup_slot_new(pool);

        if (slot == NULL)
            return cup_nomem();
        rc = cup_pool_connect_here(slot, until);
        if (rc == CUPEL_OK)
            cup_pool_offer(slot);
    }
    return rc;
}

/* Yields. */
static cupel_status
warm_in_tasks(struct cupel_pool *pool, size_t count, cupel_time until)
{
    uint64_t failures = pool->sums.connect_failures;
    cupel_status rc = CUPEL_OK;

    while (rc == CUPEL_OK && pool->size < count)
        rc = start_one(pool);
    while (rc == CUPEL_OK && pool->slot_counts[CUP_SLOT_CONNECTING] > 0)
        rc = cup_cond_wait(&pool->settled, until);
    if (rc == CUPEL_E_TIMEOUT)
        return cup_error_set(
            rc,
            "the deadline passed while waiting for "
            "connections to be opened: %zu of %zu are",
            pool->size - pool->slot_counts[CUP_SLOT_CONNECTING], count);
    if (rc == CUPEL_OK && pool->sums.connect_failures > failures &&
        pool->size < count)
        rc = cup_error_set(pool->connect_status, "%s", pool->connect_error);
    return rc;
}

/* Yields. */
cupel_status
cup_pool_warm_up(struct cupel_pool *pool, size_t count, cupel_time until)
{
    cupel_status rc;

    rc = cup_pool_bind(pool);
    if (rc != CUPEL_OK)
        return rc;
    cup_pool_enter(pool);
    if (count > pool->keep)
        count = pool->keep;
    if (pool->closed)
        rc = cup_error_set(CUPEL_E_CLOSED, "the pool is closed");
    else if (pool->config.blocking)
        rc = warm_here(pool, count, until);
    else
        rc = warm_in_tasks(pool, count, until);
    cup_pool_leave(pool);
    return rc;
}
