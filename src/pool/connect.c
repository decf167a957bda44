/* SPDX-License-Identifier: MIT */
/* Connects. Each runs in a task of the pool's, so that it goes on when whoever
 * asked for it gives up: what it gives is for the first in the queue, wire or
 * failure. In a blocking pool the first in the queue is told to do it. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

#include <stdio.h>
#include <string.h>

/* Where the failure would be the same for everybody: no such database, not let
 * in. To try again for each waiter would only lock the account. */
static bool
concerns_all(const struct cupel_error *error)
{
    return strncmp(cupel_error_sqlstate(error), "28", 2) == 0 ||
           strcmp(cupel_error_sqlstate(error), "3D000") == 0;
}

/* A record like this one, for one more waiter; NULL without memory. */
static struct cupel_error *
copy_of(const struct cupel_error *error)
{
    struct cupel_error *copy;

    if (error == NULL)
        return NULL;
    cup_ignore(cup_error_set_code(error->status, error->code, "%s",
                                  cupel_error_message(error)),
               "it is a copy");
    copy = cup_error_current();
    if (copy != NULL) {
        memcpy(copy->sqlstate, error->sqlstate, sizeof copy->sqlstate);
        copy->vendor_code = error->vendor_code;
        copy->connection_lost = error->connection_lost;
        copy->retry_safe = error->retry_safe;
        copy->outcome = error->outcome;
        cup_error_field(&copy->detail, error->detail);
        cup_error_field(&copy->hint, error->hint);
    }
    return cup_error_take();
}

static bool
several_wait(const struct cupel_pool *pool)
{
    return pool->waiters.next != pool->waiters.prev;
}

static void
remember(struct cupel_pool *pool, cupel_status rc,
         const struct cupel_error *error)
{
    pool->sums.connect_failures++;
    pool->connect_status = rc;
    pool->failed_at = cup_now_coarse();
    if (error != NULL)
        snprintf(pool->connect_error, sizeof pool->connect_error, "%s",
                 cupel_error_message(error));
}

/* Tell those whom it concerns. Takes the record. */
static void
report(struct cupel_pool *pool, cupel_status rc, struct cupel_error *error)
{
    remember(pool, rc, error);
    while (error != NULL && concerns_all(error) && several_wait(pool))
        cup_pool_answer(pool, NULL, rc, copy_of(error));
    if (!cup_pool_answer(pool, NULL, rc, error))
        cup_error_free(error);
}

/* Whether the slot was somebody's before, and is to be there again. */
static bool
was_used(const struct cup_slot *slot)
{
    return slot->lent_at != 0 || slot->idle_at != 0;
}

/* ---- In a task ---------------------------------------------------------- */

/* The body of a connect's task. Yields. */
static cupel_status
connect_main(void *arg)
{
    struct cup_slot *slot = arg;
    struct cupel_pool *pool = slot->pool;
    cupel_status rc;

    cupel_task_name_set("cupel pool connect");
    cup_pool_enter(pool);
    rc = cup_slot_open(slot, CUPEL_FOREVER);
    slot->task = NULL;
    if (slot->warm)
        pool->warming--;
    slot->warm = false;
    if (rc == CUPEL_OK) {
        pool->sums.connects++;
        cup_pool_offer(slot);
    } else {
        report(pool, rc, cup_error_take());
        cup_slot_vacate(slot, was_used(slot));
    }
    cup_pool_grow(pool);
    cup_pool_leave(pool);
    return CUPEL_OK;
}

cupel_status
cup_pool_start_connect(struct cup_slot *slot)
{
    return cup_task_spawn(connect_main, slot, NULL, NULL, &slot->task);
}

/* For the first waiter: a task, or the waiter's own work. */
static cupel_status
start_connect(struct cupel_pool *pool)
{
    struct cup_slot *slot = cup_slot_new(pool);
    cupel_status rc = CUPEL_OK;

    if (slot == NULL)
        return cup_nomem();
    if (pool->config.blocking)
        cup_pool_answer(pool, slot, CUPEL_OK, NULL);
    else
        rc = cup_pool_start_connect(slot);
    if (rc != CUPEL_OK)
        cup_slot_vacate(slot, was_used(slot));
    return rc;
}

static bool
wants_connect(const struct cupel_pool *pool)
{
    size_t connecting = pool->slot_counts[CUP_SLOT_CONNECTING];

    if (cup_list_empty(&pool->waiters) || pool->closed ||
        pool->size >= pool->limit)
        return false;
    if (pool->config.blocking)
        return pool->host == NULL;
    if (pool->policy->shared)
        return pool->host == NULL && connecting == 0;
    return pool->waiting > connecting && connecting < CUP_MOST_CONNECTS;
}

void
cup_pool_grow(struct cupel_pool *pool)
{
    struct cupel_error *kept;
    cupel_status rc = CUPEL_OK;

    if (!wants_connect(pool))
        return;
    kept = cup_error_take();
    while (wants_connect(pool)) {
        /* Who could only wait for what others hold may hold it himself. */
        rc = start_connect(pool);
        if (rc != CUPEL_OK)
            cup_pool_answer(pool, NULL, rc, cup_error_take());
    }
    cup_error_give(kept);
}

/* ---- Right here --------------------------------------------------------- */

/* Yields. */
cupel_status
cup_pool_connect_here(struct cup_slot *slot, cupel_time until)
{
    struct cupel_pool *pool = slot->pool;
    cupel_status rc;

    cup_guard_drop(pool);
    rc = cup_slot_open(slot, until);
    cup_guard_take(pool);
    if (rc == CUPEL_OK) {
        pool->sums.connects++;
        return CUPEL_OK;
    }
    remember(pool, rc, cupel_error_last());
    cup_slot_vacate(slot, was_used(slot));
    cup_pool_grow(pool);
    return rc;
}
