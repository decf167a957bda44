/* SPDX-License-Identifier: MIT */
/* A StaticPool's one wire. Its slot is the host; everybody who asks gets a
 * share, a slot that stands for it. The host is lent as long as there is a
 * share, and idle otherwise. When something is wrong with the wire the host is
 * doomed: the pool looks at it no more and opens another, while those who still
 * have shares keep it until the last of them is back. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

/* ---- Shares ------------------------------------------------------------- */

struct cup_slot *
cup_share_new(struct cup_slot *host)
{
    struct cupel_pool *pool = host->pool;
    struct cup_slot *share = cup_slot_alloc(pool);

    if (share == NULL)
        return NULL;
    share->host = host;
    share->wire = host->wire;
    share->state = CUP_SLOT_LENT;
    cup_list_push(&pool->shares, &share->link);
    if (host->state != CUP_SLOT_LENT)
        cup_slot_move(host, CUP_SLOT_LENT);
    host->shares++;
    return share;
}

/* Nobody has the host any more. */
static void
come_back(struct cup_slot *host, bool told)
{
    struct cupel_pool *pool = host->pool;

    if (host == pool->host && !pool->closed &&
        pool->config.dialect->state(host->wire) == CUPEL_WIRE_IDLE) {
        cup_pool_keep(host);
        return;
    }
    if (host == pool->host)
        pool->host = NULL;
    if (!told)
        cup_notice_close(host, false);
    cup_pool_retire(host, false);
}

void
cup_share_end(struct cup_slot *share, bool told)
{
    struct cup_slot *host = share->host;

    CUP_ASSERT(host->shares > 0);
    cup_list_remove(&share->link);
    cup_pool_unref(share->pool);
    cup_free(share);
    if (--host->shares == 0)
        come_back(host, told);
}

void
cup_share_doom(struct cupel_pool *pool)
{
    struct cup_slot *host = pool->host;

    pool->host = NULL;
    if (host == NULL || host->state != CUP_SLOT_IDLE)
        return;
    cup_slot_move(host, CUP_SLOT_CLOSING);
    cup_notice_close(host, false);
    cup_pool_retire(host, false);
}

/* ---- Lending ------------------------------------------------------------ */

void
cup_share_offer(struct cup_slot *host)
{
    struct cupel_pool *pool = host->pool;

    pool->host = host;
    while (!cup_list_empty(&pool->waiters)) {
        struct cup_slot *share = cup_share_new(host);

        cup_pool_answer(pool, share, share != NULL ? CUPEL_OK : CUPEL_E_NOMEM,
                        NULL);
    }
    if (host->shares == 0)
        cup_pool_keep(host);
}

/* Whether the host can be shared with one more. */
static bool
is_sound(const struct cup_slot *host)
{
    const cupel_dialect *dialect = host->pool->config.dialect;

    return !host->stale && dialect->state(host->wire) != CUPEL_WIRE_BROKEN &&
           (dialect->alive == NULL || dialect->alive(host->wire));
}

/* Yields. */
cupel_status
cup_share_obtain(struct cupel_pool *pool, const char *tag, cupel_time until,
                 struct cup_slot **out)
{
    struct cup_slot *share;

    if (pool->closed)
        return cup_error_set(CUPEL_E_CLOSED, "the pool is closed");
    if (pool->host != NULL && !is_sound(pool->host))
        cup_share_doom(pool);
    if (pool->host == NULL)
        return cup_pool_wait(pool, tag, until, NULL, out);
    share = cup_share_new(pool->host);
    if (share == NULL)
        return cup_nomem();
    cup_slot_lend_here(share, tag);
    *out = share;
    return CUPEL_OK;
}

/* ---- Calls on the wire -------------------------------------------------- */

struct cup_mutex *
cup_pool_lock(struct cupel_pool *pool)
{
    return pool->policy->shared ? &pool->shared : NULL;
}

/* Yields. */
cupel_status
cup_share_lock(struct cup_slot *slot, cupel_time until, bool *taken)
{
    struct cup_mutex *mutex = &slot->pool->shared;
    cupel_status rc = CUPEL_OK;

    *taken = false;
    if (slot->host == NULL ||
        (mutex->locked && mutex->owner == cup_task_current()))
        return CUPEL_OK;
    rc = cup_mutex_lock(mutex, until);
    *taken = rc == CUPEL_OK;
    return rc;
}

void
cup_share_unlock(struct cup_slot *slot, bool taken)
{
    if (taken)
        cup_mutex_unlock(&slot->pool->shared);
}
