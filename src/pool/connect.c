/* SPDX-License-Identifier: MIT */
/* Connects. Each runs in a task of the pool's, so that it goes on when whoever
 * asked for it gives up: what it gives is for the first in the queue, wire or
 * failure. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/error.h"
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
several_wait(const struct cup_pool *pool)
{
    return pool->waiters.next != pool->waiters.prev;
}

/* Tell those whom it concerns. Takes the record. */
static void
report(struct cup_pool *pool, cupel_status rc, struct cupel_error *error)
{
    if (error != NULL)
        snprintf(pool->connect_error, sizeof pool->connect_error, "%s",
                 cupel_error_message(error));
    while (error != NULL && concerns_all(error) && several_wait(pool))
        cup_pool_answer(pool, NULL, rc, copy_of(error));
    if (!cup_pool_answer(pool, NULL, rc, error))
        cup_error_free(error);
}

/* Yields. */
static cupel_status
connect_wire(struct cup_slot *slot, cupel_time until)
{
    const struct cup_pool_config *config = &slot->pool->config;
    cupel_time end = cupel_deadline_in(config->connect_timeout_ms);

    if (until < end)
        end = until;
    return config->dialect->connect(slot->pool->url, end, &slot->wire);
}

/* The body of a connect's task. Yields. */
static cupel_status
connect_main(void *arg)
{
    struct cup_slot *slot = arg;
    struct cup_pool *pool = slot->pool;
    cupel_status rc;

    cupel_task_name_set("cupel pool connect");
    rc = connect_wire(slot, CUPEL_FOREVER);
    cup_pool_ref(pool);
    slot->task = NULL;
    if (rc == CUPEL_OK) {
        pool->connects++;
        cup_pool_offer(slot);
    } else {
        slot->wire = NULL;
        report(pool, rc, cup_error_take());
        cup_slot_free(slot);
        cup_pool_grow(pool);
    }
    cup_pool_leave(pool);
    return CUPEL_OK;
}

static cupel_status
start_connect(struct cup_pool *pool)
{
    struct cup_slot *slot = cup_slot_new(pool);
    cupel_status rc;

    if (slot == NULL)
        return cup_nomem();
    rc = cup_task_spawn(connect_main, slot, NULL, NULL, &slot->task);
    if (rc != CUPEL_OK)
        cup_slot_free(slot);
    return rc;
}

static bool
wants_connect(const struct cup_pool *pool)
{
    return !cup_list_empty(&pool->waiters) &&
           pool->waiting > pool->slot_counts[CUP_SLOT_CONNECTING] &&
           pool->size < pool->limit && !pool->closed;
}

void
cup_pool_grow(struct cup_pool *pool)
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

/* Yields. */
cupel_status
cup_pool_connect_here(struct cup_pool *pool, cupel_time until,
                      struct cup_slot **out)
{
    struct cup_slot *slot = cup_slot_new(pool);
    cupel_status rc;

    if (slot == NULL)
        return cup_nomem();
    rc = connect_wire(slot, until);
    if (rc != CUPEL_OK) {
        slot->wire = NULL;
        snprintf(pool->connect_error, sizeof pool->connect_error, "%s",
                 cupel_error_text());
        cup_slot_free(slot);
        return rc;
    }
    pool->connects++;
    *out = slot;
    return CUPEL_OK;
}
