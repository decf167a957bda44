/* SPDX-License-Identifier: MIT */
/* Lending: an idle wire at once, or a place in the queue.
 *
 * Who leaves the queue was answered, timed out or was cancelled; only the first
 * has anything in hand, and keeps it even if it was cancelled in the same turn:
 * its next wait will tell. */
#include "pool/inner.h"

#include "base/assert.h"
#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

#include <stdio.h>

enum { MESSAGE_SIZE = 640 };

/* For a waiter whose connect has been started, which ends by its own deadline:
 * so much later it is taken for lost. */
enum { CONNECT_GRACE_MS = 1000 };

/* ---- The queue ---------------------------------------------------------- */

bool
cup_pool_answer(struct cup_pool *pool, struct cup_slot *slot, cupel_status rc,
                struct cupel_error *error)
{
    struct cup_list *link = cup_list_pop(&pool->waiters);
    struct cup_pool_waiter *waiter;

    if (link == NULL)
        return false;
    CUP_ASSERT(pool->waiting > 0);
    CUP_ASSERT((slot != NULL) == (rc == CUPEL_OK));
    waiter = CUP_CONTAINER(link, struct cup_pool_waiter, base.link);
    waiter->answered = true;
    waiter->slot = slot;
    waiter->error = error;
    pool->waiting--;
    if (slot != NULL)
        cup_slot_lend(slot, waiter->tag, waiter->base.task);
    cup_wake(&waiter->base, rc);
    return true;
}

/* ---- What a timeout tells ----------------------------------------------- */

static void
write_limits(const struct cup_pool *pool, char *text, size_t size)
{
    const struct cup_pool_config *config = &pool->config;

    if (config->size == 0)
        snprintf(text, size, "any");
    else if (config->max_overflow == SIZE_MAX)
        snprintf(text, size, "%zu+any", config->size);
    else
        snprintf(text, size, "%zu+%zu", config->size, config->max_overflow);
}

static void
write_longest(const struct cup_pool *pool, char *text, size_t size)
{
    const struct cup_list *lent = &pool->slots[CUP_SLOT_LENT];
    const struct cup_slot *slot;
    int64_t held_ms;

    text[0] = '\0';
    if (cup_list_empty(lent))
        return;
    slot = CUP_CONTAINER(lent->next, struct cup_slot, link);
    held_ms = cup_now_coarse() - slot->lent_at;
    if (slot->tag[0] != '\0')
        snprintf(text, size, "; longest held %lld ms by '%s'",
                 (long long)held_ms, slot->tag);
    else
        snprintf(text, size, "; longest held %lld ms", (long long)held_ms);
}

/* `waiting` counts the one that gives up, too. */
static cupel_status
timed_out(struct cup_pool *pool, int64_t waited_ms, size_t waiting)
{
    const size_t *counts = pool->slot_counts;
    bool failed = pool->connect_error[0] != '\0';
    char limits[64], longest[96];

    pool->timeouts++;
    write_limits(pool, limits, sizeof limits);
    write_longest(pool, longest, sizeof longest);
    return cup_error_set(
        CUPEL_E_TIMEOUT,
        "no connection within %lld ms: size %zu of %s, %zu lent, "
        "%zu connecting, %zu closing, %zu waiting%s%s%s",
        (long long)waited_ms, pool->size, limits, counts[CUP_SLOT_LENT],
        counts[CUP_SLOT_CONNECTING], counts[CUP_SLOT_CLOSING], waiting, longest,
        failed ? "; last connect error: " : "",
        failed ? pool->connect_error : "");
}

static cupel_status
exhausted(struct cup_pool *pool)
{
    char limits[64], longest[96];

    pool->timeouts++;
    write_limits(pool, limits, sizeof limits);
    write_longest(pool, longest, sizeof longest);
    return cup_error_set(CUPEL_E_TIMEOUT,
                         "no connection: size %zu of %s, %zu lent%s; the only "
                         "thread would wait for itself",
                         pool->size, limits, pool->slot_counts[CUP_SLOT_LENT],
                         longest);
}

/* ---- Waiting ------------------------------------------------------------ */

/* A pool that does not let tasks queue still lets them wait for a connect. */
static cupel_time
wait_deadline(const struct cup_pool *pool, cupel_time until)
{
    const struct cup_pool_config *config = &pool->config;
    cupel_time end = cup_deadline_coarse(config->timeout_ms);

    if (config->timeout_ms <= 0 &&
        pool->waiting <= pool->slot_counts[CUP_SLOT_CONNECTING]) {
        end = cupel_deadline_in(config->connect_timeout_ms);
        if (end < CUPEL_FOREVER - CONNECT_GRACE_MS)
            end += CONNECT_GRACE_MS;
    }
    return until < end ? until : end;
}

/* What a failed wait says, once the waiter is out of the queue. */
static cupel_status
explain(struct cup_pool *pool, struct cup_pool_waiter *waiter, cupel_status rc,
        cupel_time begun, cupel_time end)
{
    cupel_time now = cup_now_coarse();

    if (waiter->error != NULL) {
        cup_error_give(waiter->error);
        return rc;
    }
    if (rc == CUPEL_E_CLOSED)
        return cup_error_set(rc, "the pool is closed");
    if (rc == CUPEL_E_CANCELLED)
        return cup_error_set(rc, "the task was cancelled");
    if (rc == CUPEL_E_TIMEOUT && !waiter->answered)
        return timed_out(pool, (now < end ? now : end) - begun,
                         pool->waiting + 1);
    return cup_error_set(rc, "the connection failed");
}

/* Queue up. Yields. */
static cupel_status
wait_for_slot(struct cup_pool *pool, const char *tag, cupel_time until,
              struct cup_slot **out)
{
    struct cup_pool_waiter waiter = { .tag = tag };
    cupel_time begun = cup_now_coarse(), end;
    cupel_status rc;

    cup_waiter_init(&waiter.base);
    waiter.base.task = cup_task_current();
    waiter.base.what = "a connection of the pool";
    waiter.base.quiet = true;
    cup_list_push(&pool->waiters, &waiter.base.link);
    pool->waiting++;
    cup_pool_grow(pool);
    end = wait_deadline(pool, until);
    rc = cup_wait(&waiter.base, end);
    if (!waiter.answered)
        pool->waiting--;
    if (rc != CUPEL_OK)
        return explain(pool, &waiter, rc, begun, end);
    CUP_ASSERT(waiter.slot->state == CUP_SLOT_LENT);
    *out = waiter.slot;
    return CUPEL_OK;
}

/* Yields. */
static cupel_status
open_here(struct cup_pool *pool, const char *tag, cupel_time until,
          struct cup_slot **out)
{
    cupel_status rc;

    if (pool->size >= pool->limit)
        return exhausted(pool);
    rc = cup_pool_connect_here(pool, until, out);
    if (rc == CUPEL_OK)
        cup_slot_lend(*out, tag, NULL);
    return rc;
}

/* The idle wire that has waited longest; those that died meanwhile go. */
static struct cup_slot *
first_alive(struct cup_pool *pool)
{
    const cupel_dialect *dialect = pool->config.dialect;
    const struct cup_list *idle = &pool->slots[CUP_SLOT_IDLE];

    while (!cup_list_empty(idle)) {
        struct cup_slot *slot =
            CUP_CONTAINER(idle->next, struct cup_slot, link);

        if (dialect->alive == NULL || dialect->alive(slot->wire))
            return slot;
        cup_pool_retire(slot);
    }
    return NULL;
}

/* Yields. */
static cupel_status
checkout(struct cup_pool *pool, const char *tag, cupel_time until,
         struct cup_slot **out)
{
    struct cup_slot *slot;

    if (pool->closed)
        return cup_error_set(CUPEL_E_CLOSED, "the pool is closed");
    slot = first_alive(pool);
    if (slot != NULL) {
        cup_slot_lend(slot, tag, cup_task_current());
        *out = slot;
        return CUPEL_OK;
    }
    if (pool->config.blocking)
        return open_here(pool, tag, until, out);
    return wait_for_slot(pool, tag, until, out);
}

/* Yields. */
cupel_status
cup_pool_checkout(struct cup_pool *pool, const char *tag, cupel_time until,
                  struct cup_slot **out)
{
    cupel_status rc = cup_pool_bind(pool);

    *out = NULL;
    if (rc != CUPEL_OK)
        return rc;
    cup_pool_ref(pool);
    rc = checkout(pool, tag, until, out);
    cup_pool_leave(pool);
    return rc;
}
