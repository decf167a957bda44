/* SPDX-License-Identifier: MIT */
/* Whose pool it is.
 *
 * A pool is used by one thread at a time, and on it by one loop. It is bound
 * when it gets its first slot or waiter, and let go of when the last is gone;
 * a blocking pool, whose idle wires know of no loop, as soon as none is lent.
 * Whoever comes from elsewhere meanwhile is refused, for which `owner` alone is
 * read: that is why it is atomic, and nothing else is. */
#include "pool/inner.h"

#include "base/error.h"
#include "task/task.h"

/* Its address stands for the thread. */
static _Thread_local char here;

static cupel_status
belongs_elsewhere(void)
{
    return cup_error_set(CUPEL_E_INVALID,
                         "the pool belongs to another thread as long as it "
                         "has connections there");
}

/* Claim the pool for this thread, if it is free or ours. */
static bool
claim(struct cup_pool *pool)
{
    const void *expected = NULL;

    if (atomic_load_explicit(&pool->owner, memory_order_relaxed) == &here)
        return true;
    return atomic_compare_exchange_strong_explicit(&pool->owner, &expected,
                                                   &here, memory_order_acquire,
                                                   memory_order_relaxed);
}

static cupel_status
bind_blocking(struct cup_pool *pool)
{
    if (cup_task_current() != NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "a blocking pool is not for tasks");
    return claim(pool) ? CUPEL_OK : belongs_elsewhere();
}

cupel_status
cup_pool_bind(struct cup_pool *pool)
{
    struct cupel_loop *loop;

    if (pool->config.blocking)
        return bind_blocking(pool);
    if (cup_task_current() == NULL)
        return cup_error_set(CUPEL_E_NOTASK,
                             "a connection may have to be waited for, and no "
                             "task is running here");
    if (!claim(pool))
        return belongs_elsewhere();
    loop = cup_loop_current();
    if (pool->loop == loop)
        return CUPEL_OK;
    if (cup_pool_is_busy(pool))
        return cup_error_set(CUPEL_E_INVALID,
                             "the pool has connections on a loop that has "
                             "ended");
    pool->loop = loop;
    return CUPEL_OK;
}

cupel_status
cup_pool_check_home(struct cup_pool *pool)
{
    const void *owner =
        atomic_load_explicit(&pool->owner, memory_order_relaxed);

    return owner == NULL || owner == &here ? CUPEL_OK : belongs_elsewhere();
}

void
cup_pool_unbind_if_unused(struct cup_pool *pool)
{
    bool used = cup_pool_is_busy(pool);

    if (!pool->config.blocking)
        used = used || pool->size > 0;
    if (!used)
        atomic_store_explicit(&pool->owner, NULL, memory_order_release);
}

bool
cup_pool_can_spawn(const struct cup_pool *pool)
{
    struct cupel_loop *loop = cup_loop_current();

    return !pool->config.blocking && loop != NULL && loop == pool->loop;
}
