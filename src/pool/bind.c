/* SPDX-License-Identifier: MIT */
/* Whose pool it is.
 *
 * A pool is used by one thread at a time, and on it by one loop. It is bound
 * when it gets its first slot or waiter, and let go of when the last is gone;
 * a blocking pool, whose idle wires know of no loop, as soon as none is lent.
 * Idle wires outlive their loop: once it has ended, whoever comes next takes
 * the pool over with them. Anybody else who comes from elsewhere is refused,
 * for which `owner` and `loop` alone are read: that is why they are atomic, and
 * nothing else is. A QueuePool is everybody's and has no owner. */
#include "pool/inner.h"

#include "base/error.h"
#include "task/loop.h"
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

static cupel_status
lent_elsewhere(void)
{
    return cup_error_set(CUPEL_E_INVALID,
                         "the pool has connections on loan from a loop that "
                         "has ended");
}

static const void *
owner_of(struct cupel_pool *pool)
{
    return atomic_load_explicit(&pool->owner, memory_order_relaxed);
}

static struct cupel_loop *
loop_of(const struct cupel_pool *pool)
{
    return atomic_load_explicit(&pool->loop, memory_order_relaxed);
}

/* Make the pool this thread's if it is `owner`'s. */
static bool
claim_from(struct cupel_pool *pool, const void *owner)
{
    return atomic_compare_exchange_strong_explicit(&pool->owner, &owner, &here,
                                                   memory_order_acquire,
                                                   memory_order_relaxed);
}

static cupel_status
bind_blocking(struct cupel_pool *pool)
{
    if (cup_task_current() != NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "a blocking pool is not for tasks");
    if (pool->policy->threaded)
        return CUPEL_OK;
    if (owner_of(pool) == &here || claim_from(pool, NULL))
        return CUPEL_OK;
    return belongs_elsewhere();
}

/* Take the pool over from another thread or loop. That its loop has ended also
 * makes visible here whatever was done on it. */
static cupel_status
take_over(struct cupel_pool *pool)
{
    const void *owner = owner_of(pool);

    if (owner == NULL ? claim_from(pool, NULL) : owner == &here)
        return cup_pool_is_busy(pool) ? lent_elsewhere() : CUPEL_OK;
    if (owner == NULL || cup_loop_is_live(loop_of(pool)))
        return belongs_elsewhere();
    if (cup_pool_is_busy(pool))
        return lent_elsewhere();
    return claim_from(pool, owner) ? CUPEL_OK : belongs_elsewhere();
}

cupel_status
cup_pool_bind(struct cupel_pool *pool)
{
    struct cupel_loop *loop = cup_loop_current();
    cupel_status rc;

    if (pool->epoch != cup_forks)
        cup_pool_after_fork(pool);
    if (pool->config.blocking)
        return bind_blocking(pool);
    if (cup_task_current() == NULL)
        return cup_error_set(CUPEL_E_NOTASK,
                             "a connection may have to be waited for, and no "
                             "task is running here");
    if (owner_of(pool) == &here && loop_of(pool) == loop)
        return CUPEL_OK;
    rc = take_over(pool);
    if (rc == CUPEL_OK)
        atomic_store_explicit(&pool->loop, loop, memory_order_relaxed);
    return rc;
}

void
cup_pool_move_here(struct cupel_pool *pool)
{
    struct cupel_error *kept = cup_error_take();

    cup_ignore(cup_pool_bind(pool), "then it is on no loop, and hangs up");
    cup_error_give(kept);
}

bool
cup_pool_is_home(struct cupel_pool *pool)
{
    const void *owner = owner_of(pool);

    if (owner == &here || owner == NULL || pool->epoch != cup_forks)
        return true;
    return !pool->config.blocking && !cup_loop_is_live(loop_of(pool));
}

cupel_status
cup_pool_check_home(struct cupel_pool *pool)
{
    return cup_pool_is_home(pool) ? CUPEL_OK : belongs_elsewhere();
}

void
cup_pool_unbind_if_unused(struct cupel_pool *pool)
{
    if (!cup_pool_is_busy(pool))
        atomic_store_explicit(&pool->owner, NULL, memory_order_release);
}

bool
cup_pool_can_spawn(const struct cupel_pool *pool)
{
    struct cupel_loop *loop = cup_loop_current();

    return !pool->config.blocking && loop != NULL && loop == loop_of(pool);
}

bool
cup_pool_can_wait(const struct cupel_pool *pool)
{
    return pool->config.blocking ||
           (cup_task_current() != NULL && cup_pool_can_spawn(pool));
}

uint64_t
cup_pool_thread(void)
{
    static _Atomic uint64_t threads;
    static _Thread_local uint64_t thread;

    if (thread == 0)
        thread = (++threads << 1) | 1;
    return thread;
}
