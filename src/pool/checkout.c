/* SPDX-License-Identifier: MIT */
/* Lending: an idle wire at once, or a place in the queue.
 *
 * Who leaves the queue was answered, timed out or was cancelled; only the first
 * has anything in hand, and keeps it even if it was cancelled in the same turn:
 * its next wait will tell. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

#include <errno.h>
#include <time.h>

/* For a waiter whose connect has been started, which ends by its own deadline:
 * so much later it is taken for lost. */
enum { CONNECT_GRACE_MS = 1000 };

/* A wait that cannot end well is only refused if it would be longer. */
enum { SHORT_WAIT_MS = 5000 };

/* ---- The queue ---------------------------------------------------------- */

/* Let a waiter go on. */
static void
wake(struct cupel_pool *pool, struct cup_pool_waiter *waiter, cupel_status rc)
{
    if (pool->config.blocking) {
        waiter->rc = rc;
        if (pool->guarded)
            pthread_cond_signal(&waiter->news);
    } else {
        cup_wake(&waiter->base, rc);
    }
}

bool
cup_pool_answer(struct cupel_pool *pool, struct cup_slot *slot, cupel_status rc,
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
    if (slot != NULL && slot->wire != NULL)
        cup_slot_lend(slot, waiter->tag, waiter->base.task, waiter->holder);
    wake(pool, waiter, rc);
    return true;
}

/* A pool that does not let tasks queue still lets them wait for a connect. */
static cupel_time
wait_deadline(const struct cupel_pool *pool, cupel_time now, cupel_time until)
{
    const struct cup_pool_config *config = &pool->config;
    cupel_time end = cup_deadline_after(now, config->timeout_ms);

    if (!pool->policy->queues ||
        (config->timeout_ms <= 0 &&
         pool->waiting <= pool->slot_counts[CUP_SLOT_CONNECTING])) {
        end = cupel_deadline_in(config->connect_timeout_ms);
        if (end < CUPEL_FOREVER - CONNECT_GRACE_MS)
            end += CONNECT_GRACE_MS;
    }
    return until < end ? until : end;
}

/* What a failed wait says, once the waiter is out of the queue. */
static cupel_status
explain(struct cupel_pool *pool, struct cup_pool_waiter *waiter,
        cupel_status rc, int64_t waited_ms)
{
    int64_t timeout_ms = pool->config.timeout_ms;

    if (waiter->error != NULL) {
        cup_error_give(waiter->error);
        return rc;
    }
    if (rc == CUPEL_E_CLOSED)
        return cup_error_set(rc, "the pool is closed");
    if (rc == CUPEL_E_CANCELLED)
        return cup_error_set(rc, "the task was cancelled");
    if (rc == CUPEL_E_TIMEOUT && !waiter->answered)
        return cup_pool_timed_out(
            pool, waited_ms < timeout_ms ? waited_ms : timeout_ms,
            pool->waiting + 1);
    return cup_error_set(rc, "the connection failed");
}

void
cup_news_init(pthread_cond_t *news)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(news, &attr);
    pthread_condattr_destroy(&attr);
}

bool
cup_news_wait(pthread_cond_t *news, pthread_mutex_t *mutex, cupel_time end)
{
    int64_t left_ms = end == CUPEL_FOREVER ? INT64_MAX : end - cupel_now();
    struct timespec moment;

    if (left_ms >= INT64_MAX / 2)
        return pthread_cond_wait(news, mutex) == 0;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    if (left_ms > 0) {
        moment.tv_sec += (time_t)(left_ms / 1000);
        moment.tv_nsec += (long)(left_ms % 1000) * 1000000;
        if (moment.tv_nsec >= 1000000000) {
            moment.tv_nsec -= 1000000000;
            moment.tv_sec++;
        }
    }
    return pthread_cond_timedwait(news, mutex, &moment) != ETIMEDOUT;
}

/* Sleep until answered or until `end`. Yields no task: it is a thread that
 * waits. */
static cupel_status
wait_as_thread(struct cupel_pool *pool, struct cup_pool_waiter *waiter,
               cupel_time end)
{
    bool in_time = true;

    while (!waiter->answered && in_time)
        in_time = cup_news_wait(&waiter->news, &pool->guard, end);
    if (waiter->answered)
        return waiter->rc;
    cup_list_remove(&waiter->base.link);
    return CUPEL_E_TIMEOUT;
}

static void
init_waiter(struct cupel_pool *pool, struct cup_pool_waiter *waiter,
            const char *tag)
{
    struct cup_task *task = cup_task_current();

    *waiter = (struct cup_pool_waiter){ .tag = tag };
    cup_waiter_init(&waiter->base);
    waiter->base.task = task;
    waiter->base.what = "a connection of the pool";
    waiter->base.quiet = true;
    waiter->holder = cup_pool_caller(task);
    if (tag == NULL && task != NULL)
        waiter->tag = task->name;
    if (pool->guarded)
        cup_news_init(&waiter->news);
}

static void
fini_waiter(struct cupel_pool *pool, struct cup_pool_waiter *waiter)
{
    if (pool->guarded)
        pthread_cond_destroy(&waiter->news);
}

/* Whether the wait would be for nothing. One that ends soon by itself is let
 * be: whoever chose so short a time may well count on its end. */
static bool
is_hopeless(const struct cupel_pool *pool, const struct cup_pool_waiter *waiter,
            cupel_time until)
{
    if (waiter->answered || pool->size < pool->limit)
        return false;
    if (pool->config.blocking && !pool->guarded)
        return true;
    return pool->config.timeout_ms > SHORT_WAIT_MS &&
           (until == CUPEL_FOREVER || until - cupel_now() > SHORT_WAIT_MS) &&
           cup_pool_would_wait_for_itself(pool, waiter);
}

/* Yields. */
static cupel_status
wait_in_queue(struct cupel_pool *pool, struct cup_pool_waiter *waiter,
              cupel_time until)
{
    cupel_time begun = cup_now_coarse(), end;
    int64_t waited_ms;
    cupel_status rc;

    end = wait_deadline(pool, begun, until);
    if (pool->config.blocking)
        rc = waiter->answered ? waiter->rc : wait_as_thread(pool, waiter, end);
    else
        rc = cup_wait(&waiter->base, end);
    if (!waiter->answered)
        pool->waiting--;
    waited_ms = cup_now_coarse() - begun;
    pool->sums.wait_total_ms += (uint64_t)waited_ms;
    if ((uint64_t)waited_ms > pool->sums.wait_longest_ms)
        pool->sums.wait_longest_ms = (uint64_t)waited_ms;
    if (rc == CUPEL_OK)
        cup_pool_tell_slow(pool, waited_ms);
    else
        rc = explain(pool, waiter, rc, waited_ms);
    return rc;
}

/* The waiter was told to open a connection himself. Yields. */
static cupel_status
open_for(struct cup_pool_waiter *waiter, cupel_time until)
{
    struct cupel_pool *pool = waiter->slot->pool;
    cupel_status rc;

    rc = cup_pool_connect_here(waiter->slot, until);
    if (rc != CUPEL_OK)
        return rc;
    if (pool->policy->shared) {
        pool->host = waiter->slot;
        waiter->slot = cup_share_new(pool->host);
        if (waiter->slot == NULL) {
            cup_pool_keep(pool->host);
            return cup_nomem();
        }
    }
    cup_slot_lend(waiter->slot, waiter->tag, waiter->base.task, waiter->holder);
    return CUPEL_OK;
}

/* Yields. */
cupel_status
cup_pool_wait(struct cupel_pool *pool, const char *tag, cupel_time until,
              struct cup_slot *renewed, struct cup_slot **out)
{
    struct cup_pool_waiter waiter;
    cupel_status rc = CUPEL_OK;

    until = cup_deadline_cap(until);
    init_waiter(pool, &waiter, tag);
    waiter.renews = renewed != NULL;
    if (renewed != NULL)
        cup_list_push_front(&pool->waiters, &waiter.base.link);
    else
        cup_list_push(&pool->waiters, &waiter.base.link);
    pool->waiting++;
    pool->sums.queued++;
    if (renewed != NULL && pool->config.blocking)
        cup_pool_answer(pool, renewed, CUPEL_OK, NULL);
    else if (renewed != NULL)
        rc = cup_pool_start_connect(renewed);
    if (rc != CUPEL_OK) {
        cup_slot_vacate(renewed, true);
        cup_pool_answer(pool, NULL, rc, cup_error_take());
    }
    cup_pool_grow(pool);
    if (is_hopeless(pool, &waiter, until)) {
        cup_list_remove(&waiter.base.link);
        pool->waiting--;
        rc = cup_pool_refuse(pool);
    } else {
        rc = wait_in_queue(pool, &waiter, until);
    }
    fini_waiter(pool, &waiter);
    if (rc == CUPEL_OK && waiter.slot->wire == NULL) {
        rc = open_for(&waiter, until);
    }
    if (rc == CUPEL_OK)
        *out = waiter.slot;
    return rc;
}

/* ---- Lending ------------------------------------------------------------ */

/* The idle wire whose turn it is; those that died meanwhile go. */
static struct cup_slot *
next_idle(struct cupel_pool *pool)
{
    const cupel_dialect *dialect = pool->config.dialect;
    const struct cup_list *idle = &pool->slots[CUP_SLOT_IDLE];

    while (!cup_list_empty(idle)) {
        struct cup_slot *slot = CUP_CONTAINER(
            pool->config.lifo ? idle->prev : idle->next, struct cup_slot, link);

        if (dialect->alive == NULL || dialect->alive(slot->wire))
            return slot;
        pool->sums.replacements++;
        cup_slot_move(slot, CUP_SLOT_CLOSING);
        cup_notice_close(slot, true);
        cup_pool_retire(slot, true);
    }
    return NULL;
}

static cupel_status
already_lent(const struct cupel_pool *pool)
{
    const struct cup_list *lent = &pool->slots[CUP_SLOT_LENT];
    const char *tag = "";

    if (!cup_list_empty(lent))
        tag = CUP_CONTAINER(lent->next, struct cup_slot, link)->tag;
    return cup_error_set(CUPEL_E_ASSERTION,
                         "connection is already checked out by '%s'", tag);
}

/* Yields. */
static inline cupel_status
obtain(struct cupel_pool *pool, const char *tag, cupel_time until,
       struct cup_slot **out)
{
    struct cup_slot *slot;

    if (pool->closed)
        return cup_error_set(CUPEL_E_CLOSED, "the pool is closed");
    if (pool->policy->shared)
        return cup_share_obtain(pool, tag, until, out);
    if (pool->policy->single &&
        pool->slot_counts[CUP_SLOT_LENT] + pool->waiting > 0)
        return already_lent(pool);
    slot = next_idle(pool);
    if (slot == NULL)
        return cup_pool_wait(pool, tag, until, NULL, out);
    cup_slot_lend_here(slot, tag);
    *out = slot;
    return CUPEL_OK;
}

/* Yields. */
cupel_status
cup_pool_checkout(struct cupel_pool *pool, const char *tag, cupel_time until,
                  struct cup_slot **out)
{
    cupel_status rc;

    *out = NULL;
    rc = cup_pool_bind(pool);
    if (rc != CUPEL_OK)
        return rc;
    cup_pool_enter(pool);
    if (pool->careful)
        cup_pool_close_stale(pool);
    rc = obtain(pool, tag, until, out);
    if (rc == CUPEL_OK &&
        (pool->careful || (*out)->stale || cup_notice_wanted(pool)))
        rc = cup_pool_prepare(pool, tag, until, out);
    cup_pool_leave(pool);
    return rc;
}
