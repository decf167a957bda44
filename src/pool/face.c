/* SPDX-License-Identifier: MIT */
/* The pool as programs see it: its figures, with the reference's arithmetic and
 * in words. */
#include "pool/inner.h"

#include "base/error.h"

#include <string.h>

/* ---- Figures ------------------------------------------------------------ */

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

static void
fill(const struct cupel_pool *pool, cupel_pool_status *out)
{
    const size_t *counts = pool->slot_counts;
    const struct cup_pool_sums *sums = &pool->sums;

    out->size = pool->size;
    out->idle = counts[CUP_SLOT_IDLE];
    out->lent = counts[CUP_SLOT_LENT];
    out->connecting = counts[CUP_SLOT_CONNECTING];
    out->closing = counts[CUP_SLOT_CLOSING];
    out->waiting = pool->waiting;
    out->checkouts = sums->checkouts;
    out->connects = sums->connects;
    out->timeouts = sums->timeouts;
    out->connect_failures = sums->connect_failures;
    out->refusals = sums->refusals;
    out->invalidations = sums->invalidations;
    out->replacements = sums->replacements;
    out->queued = sums->queued;
    out->wait_total_ms = sums->wait_total_ms;
    out->wait_longest_ms = sums->wait_longest_ms;
    out->lent_peak = sums->lent_peak;
    out->longest_held_ms = (uint64_t)cup_pool_longest_held_ms(pool);
}

/* Figures are read from any thread of a QueuePool's. */
static pthread_mutex_t *
guard_of(const struct cupel_pool *pool)
{
    return (pthread_mutex_t *)(uintptr_t)&pool->guard;
}

void
cupel_pool_figures(const cupel_pool *pool, cupel_pool_status *out)
{
    cupel_pool_status status = { .struct_size = sizeof status };
    size_t size;

    if (out == NULL)
        return;
    if (pool != NULL && pool->guarded)
        pthread_mutex_lock(guard_of(pool));
    if (pool != NULL)
        fill(pool, &status);
    if (pool != NULL && pool->guarded)
        pthread_mutex_unlock(guard_of(pool));
    size = out->struct_size < sizeof status ? out->struct_size : sizeof status;
    if (size < sizeof status.struct_size)
        return;
    status.struct_size = out->struct_size;
    memcpy(out, &status, size);
}
