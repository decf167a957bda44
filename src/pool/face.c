/* SPDX-License-Identifier: MIT */
/* The pool as programs see it: its verbs, and its figures, with the reference's
 * arithmetic and in words. */
#include "pool/inner.h"

#include "base/error.h"
#include "task/task.h"

#include <stdio.h>
#include <string.h>

/* ---- Verbs -------------------------------------------------------------- */

static cupel_status
no_pool(void)
{
    return cup_error_set(CUPEL_E_ARGUMENT, "no pool");
}

/* Yields. */
cupel_status
cupel_pool_connect(cupel_pool *pool, cupel_raw_connection **out)
{
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the connection");
    *out = NULL;
    if (pool == NULL)
        return no_pool();
    return cup_pool_connect(pool, NULL, CUPEL_FOREVER, out);
}

/* Yields. */
cupel_status
cupel_pool_warm_up(cupel_pool *pool, size_t count)
{
    if (pool == NULL)
        return no_pool();
    return cup_pool_warm_up(pool, count, CUPEL_FOREVER);
}

void
cupel_pool_invalidate(cupel_pool *pool)
{
    if (pool != NULL)
        cup_pool_invalidate(pool);
}

/* Yields. */
cupel_status
cupel_pool_dispose(cupel_pool *pool)
{
    cupel_status rc;

    if (pool == NULL)
        return no_pool();
    if (!pool->config.blocking && cup_task_current() == NULL)
        return cup_error_set(CUPEL_E_NOTASK,
                             "an async pool is disposed of inside a task");
    rc = cup_pool_check_home(pool);
    if (rc == CUPEL_OK)
        cup_pool_dispose(pool);
    return rc;
}

cupel_status
cupel_pool_recreate(cupel_pool *pool, cupel_pool **out)
{
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the pool");
    *out = NULL;
    return pool != NULL ? cup_pool_recreate(pool, out) : no_pool();
}

/* Yields. */
void
cupel_pool_close(cupel_pool *pool)
{
    cup_pool_close(pool);
    cup_pool_free(pool);
}

void
cupel_pool_free(cupel_pool *pool)
{
    cup_pool_free(pool);
}

/* ---- Figures ------------------------------------------------------------ */

/* Figures of a QueuePool are read from any thread. */
static pthread_mutex_t *
guard_of(const struct cupel_pool *pool)
{
    return (pthread_mutex_t *)(uintptr_t)&pool->guard;
}

/* Everything at one moment. */
static struct cupel_pool_status
look(const struct cupel_pool *pool)
{
    const size_t *counts = pool->slot_counts;
    const struct cup_pool_sums *sums = &pool->sums;
    struct cupel_pool_status status = { .struct_size = sizeof status };

    if (pool->guarded)
        pthread_mutex_lock(guard_of(pool));
    status.size = pool->size;
    status.idle = counts[CUP_SLOT_IDLE];
    status.lent = counts[CUP_SLOT_LENT];
    status.connecting = counts[CUP_SLOT_CONNECTING];
    status.closing = counts[CUP_SLOT_CLOSING];
    status.waiting = pool->waiting;
    status.checkouts = sums->checkouts;
    status.connects = sums->connects;
    status.timeouts = sums->timeouts;
    status.connect_failures = sums->connect_failures;
    status.refusals = sums->refusals;
    status.invalidations = sums->invalidations;
    status.replacements = sums->replacements;
    status.queued = sums->queued;
    status.wait_total_ms = sums->wait_total_ms;
    status.wait_longest_ms = sums->wait_longest_ms;
    status.lent_peak = sums->lent_peak;
    status.longest_held_ms = (uint64_t)cup_pool_longest_held_ms(pool);
    status.places_free =
        counts[CUP_SLOT_IDLE] + counts[CUP_SLOT_VACANT] + pool->staying;
    if (pool->guarded)
        pthread_mutex_unlock(guard_of(pool));
    return status;
}

void
cupel_pool_figures(const cupel_pool *pool, cupel_pool_status *out)
{
    cupel_pool_status status = { .struct_size = sizeof status };
    size_t size;

    if (out == NULL)
        return;
    if (pool != NULL)
        status = look(pool);
    size = out->struct_size < sizeof status ? out->struct_size : sizeof status;
    if (size < sizeof status.struct_size)
        return;
    status.struct_size = out->struct_size;
    memcpy(out, &status, size);
}

const char *
cupel_pool_class_name(const cupel_pool *pool)
{
    return pool != NULL ? pool->policy->name : "";
}

int64_t
cupel_pool_size(const cupel_pool *pool)
{
    if (pool == NULL || !pool->policy->queues)
        return 0;
    return (int64_t)pool->config.size;
}

int64_t
cupel_pool_checkedin(const cupel_pool *pool)
{
    return pool != NULL ? (int64_t)look(pool).places_free : 0;
}

static int64_t
checkedout(const cupel_pool_status *status)
{
    return (int64_t)(status->lent + status->connecting);
}

int64_t
cupel_pool_checkedout(const cupel_pool *pool)
{
    cupel_pool_status status;

    if (pool == NULL)
        return 0;
    status = look(pool);
    return checkedout(&status);
}

int64_t
cupel_pool_overflow(const cupel_pool *pool)
{
    cupel_pool_status status;

    if (cupel_pool_size(pool) == 0)
        return 0;
    status = look(pool);
    return checkedout(&status) + (int64_t)status.places_free -
           cupel_pool_size(pool);
}

int64_t
cupel_pool_timeout_ms(const cupel_pool *pool)
{
    return pool != NULL ? pool->config.timeout_ms : 0;
}

/* Without a place, or with too small a one, the length says what it takes. */
size_t
cupel_pool_status_text(const cupel_pool *pool, char *out, size_t size)
{
    int len;

    if (out == NULL)
        size = 0;
    if (pool == NULL || !pool->policy->queues)
        len = snprintf(out, size, "%s", cupel_pool_class_name(pool));
    else
        len = snprintf(out, size,
                       "Pool size: %lld  Connections in pool: %lld "
                       "Current Overflow: %lld Current Checked out "
                       "connections: %lld",
                       (long long)cupel_pool_size(pool),
                       (long long)cupel_pool_checkedin(pool),
                       (long long)cupel_pool_overflow(pool),
                       (long long)cupel_pool_checkedout(pool));
    return len > 0 ? (size_t)len : 0;
}

void
cup_pool_tell_disposed(struct cupel_pool *pool)
{
    char text[256];

    if (!cup_logger_on(&pool->config.logger, CUPEL_LOG_INFO))
        return;
    cupel_pool_status_text(pool, text, sizeof text);
    cup_pool_log(pool, CUPEL_LOG_INFO, "Pool disposed. %s", text);
}

struct cup_pool_figures
cup_pool_figures(const struct cupel_pool *pool)
{
    const size_t *counts = pool->slot_counts;

    return (struct cup_pool_figures){
        .size = pool->size,
        .idle = counts[CUP_SLOT_IDLE],
        .lent = counts[CUP_SLOT_LENT],
        .connecting = counts[CUP_SLOT_CONNECTING],
        .closing = counts[CUP_SLOT_CLOSING],
        .vacant = counts[CUP_SLOT_VACANT],
        .waiting = pool->waiting,
        .checkouts = pool->sums.checkouts,
        .connects = pool->sums.connects,
        .timeouts = pool->sums.timeouts,
    };
}
