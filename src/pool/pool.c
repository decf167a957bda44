/* SPDX-License-Identifier: MIT */
/* A pool's life. The limits are worked out once:
 *
 *        0            keep                limit
 *        |-- idle ones --|-- overflow ------|
 *        |---------- size: all slots -------|
 *
 * Its memory outlives the user's handle as long as slots, waiters or closers
 * need it. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"
#include "base/log.h"
#include "task/task.h"

enum { CLOSE_TIMEOUT_MS = 2000 };

static void
set_limits(struct cup_pool *pool)
{
    const struct cup_pool_config *config = &pool->config;

    pool->keep = config->size > 0 ? config->size : SIZE_MAX;
    pool->limit = SIZE_MAX;
    if (config->size > 0 && config->max_overflow < SIZE_MAX - config->size)
        pool->limit = config->size + config->max_overflow;
}

/* The listeners it was given, or a list of its own. */
static cupel_status
share_events(struct cup_pool *pool)
{
    pool->config.dialect_events = cup_events_ref(pool->config.dialect_events);
    if (pool->config.events != NULL)
        pool->config.events = cup_events_ref(pool->config.events);
    else
        pool->config.events =
            cup_events_new(NULL, cup_events_every(CUP_EVENTS_POOL));
    return pool->config.events == NULL ? CUPEL_E_NOMEM : CUPEL_OK;
}

static void
drop_events(struct cup_pool *pool)
{
    cup_events_unref(pool->config.dialect_events);
    cup_events_unref(pool->config.events);
}

struct cup_events *
cup_pool_events(struct cup_pool *pool)
{
    return pool->config.events;
}

cupel_status
cup_pool_new(const struct cup_pool_config *config, struct cup_pool **out)
{
    struct cup_pool *pool = cup_alloc(sizeof *pool);

    if (pool == NULL)
        return cup_nomem();
    pool->config = *config;
    if (share_events(pool) != CUPEL_OK) {
        drop_events(pool);
        cup_free(pool);
        return CUPEL_E_NOMEM;
    }
    pool->url = cupel_url_ref(config->url);
    if (config->close_timeout_ms <= 0)
        pool->config.close_timeout_ms = CLOSE_TIMEOUT_MS;
    pool->refs = 1;
    set_limits(pool);
    for (size_t i = 0; i < CUP_SLOT_STATES; i++)
        cup_list_init(&pool->slots[i]);
    cup_list_init(&pool->waiters);
    cup_cond_init(&pool->settled);
    *out = pool;
    return CUPEL_OK;
}

void
cup_pool_ref(struct cup_pool *pool)
{
    pool->refs++;
}

void
cup_pool_unref(struct cup_pool *pool)
{
    CUP_ASSERT(pool->refs > 0);
    if (--pool->refs > 0)
        return;
    CUP_ASSERT(pool->size == 0 && pool->waiting == 0);
    cupel_url_free(pool->url);
    drop_events(pool);
    cup_free(pool);
}

void
cup_pool_leave(struct cup_pool *pool)
{
    cup_pool_check_rest(pool);
    if (pool->refs == 1) {
        cup_pool_unref(pool);
        return;
    }
    pool->refs--;
    cup_pool_unbind_if_unused(pool);
}

/* ---- Closing ------------------------------------------------------------ */

static bool
can_end(struct cup_pool *pool)
{
    if (cup_pool_is_home(pool))
        return true;
    cup_log(CUPEL_LOG_WARNING, "cupel.pool",
            "a pool was closed on another thread than its own; it stays open");
    return false;
}

/* No more for anybody: who waits is told, who connects is stopped. */
static void
shut(struct cup_pool *pool)
{
    struct cup_list *link, *after;

    pool->closed = true;
    while (cup_pool_answer(pool, NULL, CUPEL_E_CLOSED, NULL))
        continue;
    if (!cup_pool_can_spawn(pool))
        return;
    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_CONNECTING]) {
        struct cup_slot *slot = CUP_CONTAINER(link, struct cup_slot, link);

        if (slot->task != NULL)
            cup_task_cancel(slot->task);
    }
}

/* Without a task to do it, close an idle wire right here. Yields. */
static void
close_here(struct cup_slot *slot)
{
    const struct cup_pool_config *config = &slot->pool->config;

    cup_slot_move(slot, CUP_SLOT_CLOSING);
    config->dialect->close(slot->wire,
                           cupel_deadline_in(config->close_timeout_ms));
    slot->wire = NULL;
    cup_slot_free(slot);
}

/* Yields. */
static void
close_idle(struct cup_pool *pool)
{
    const struct cup_list *idle = &pool->slots[CUP_SLOT_IDLE];

    while (!cup_list_empty(idle)) {
        struct cup_slot *slot =
            CUP_CONTAINER(idle->next, struct cup_slot, link);

        if (pool->config.blocking)
            close_here(slot);
        else
            cup_pool_retire(slot);
    }
}

/* Wait until nothing is connecting or closing, but not for ever: each of them
 * has a deadline of its own, the last of which this one is beyond. Yields. */
static void
wait_settled(struct cup_pool *pool)
{
    cupel_time until = cupel_deadline_in(pool->config.close_timeout_ms * 2);
    struct cupel_error *kept = cup_error_take();
    cupel_status rc = CUPEL_OK;
    struct cup_scope shield;

    cup_shield_begin(&shield, until);
    while (rc == CUPEL_OK && (pool->slot_counts[CUP_SLOT_CONNECTING] > 0 ||
                              pool->slot_counts[CUP_SLOT_CLOSING] > 0))
        rc = cup_cond_wait(&pool->settled, until);
    cup_scope_end(&shield);
    cup_error_give(kept);
}

/* Yields. */
void
cup_pool_close(struct cup_pool *pool)
{
    if (pool == NULL || !can_end(pool))
        return;
    cup_pool_ref(pool);
    if (cup_task_current() != NULL)
        cup_pool_move_here(pool);
    shut(pool);
    close_idle(pool);
    if (cup_task_current() != NULL && cup_pool_can_spawn(pool))
        wait_settled(pool);
    cup_pool_leave(pool);
}

void
cup_pool_free(struct cup_pool *pool)
{
    struct cup_list *link, *after;

    if (pool == NULL || !can_end(pool))
        return;
    shut(pool);
    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_IDLE]) {
        struct cup_slot *slot = CUP_CONTAINER(link, struct cup_slot, link);

        cup_slot_move(slot, CUP_SLOT_CLOSING);
        pool->config.dialect->free(slot->wire);
        slot->wire = NULL;
        cup_slot_free(slot);
    }
    cup_pool_leave(pool);
}

struct cup_pool_figures
cup_pool_figures(const struct cup_pool *pool)
{
    const size_t *counts = pool->slot_counts;

    return (struct cup_pool_figures){
        .size = pool->size,
        .idle = counts[CUP_SLOT_IDLE],
        .lent = counts[CUP_SLOT_LENT],
        .connecting = counts[CUP_SLOT_CONNECTING],
        .closing = counts[CUP_SLOT_CLOSING],
        .waiting = pool->waiting,
        .checkouts = pool->checkouts,
        .connects = pool->connects,
        .timeouts = pool->timeouts,
    };
}
