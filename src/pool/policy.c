/* SPDX-License-Identifier: MIT */
/* What the classes of pools differ in. A class is a row of facts, and the one
 * state machine looks at them where it decides something. The limits are worked
 * out once:
 *
 *        0            keep                limit
 *        |-- idle ones --|-- overflow ------|
 *        |---------- size: all slots -------|
 */
#include "pool/inner.h"

#include "base/error.h"

static const struct cup_pool_policy policies[] = {
    [CUPEL_POOL_ASYNC_ADAPTED_QUEUE] = { .name = "AsyncAdaptedQueuePool",
                                         .for_async = true,
                                         .queues = true,
                                         .keeps = true },
    [CUPEL_POOL_QUEUE] = { .name = "QueuePool",
                           .for_blocking = true,
                           .queues = true,
                           .keeps = true,
                           .threaded = true },
    [CUPEL_POOL_NULL] = { .name = "NullPool",
                          .for_async = true,
                          .for_blocking = true },
    [CUPEL_POOL_STATIC] = { .name = "StaticPool",
                            .for_async = true,
                            .for_blocking = true,
                            .keeps = true,
                            .shared = true },
    [CUPEL_POOL_ASSERTION] = { .name = "AssertionPool",
                               .for_async = true,
                               .for_blocking = true,
                               .keeps = true,
                               .single = true },
};

cupel_pool_class
cup_pool_class_for(const cupel_dialect *dialect, const cupel_url *url,
                   bool blocking)
{
    if (dialect->is_private != NULL && dialect->is_private(url))
        return CUPEL_POOL_STATIC;
    return blocking ? CUPEL_POOL_QUEUE : CUPEL_POOL_ASYNC_ADAPTED_QUEUE;
}

cupel_status
cup_pool_policy_find(const struct cup_pool_config *config,
                     const struct cup_pool_policy **out)
{
    cupel_pool_class kind = config->kind;
    const struct cup_pool_policy *policy;

    if (kind == CUPEL_POOL_DEFAULT)
        kind = config->blocking ? CUPEL_POOL_QUEUE
                                : CUPEL_POOL_ASYNC_ADAPTED_QUEUE;
    if (kind < CUPEL_POOL_DEFAULT || kind > CUPEL_POOL_ASSERTION)
        return cup_error_set(CUPEL_E_ARGUMENT, "there is no pool class %d",
                             (int)kind);
    policy = &policies[kind];
    if (config->blocking ? !policy->for_blocking : !policy->for_async)
        return cup_error_set_code(
            CUPEL_E_ARGUMENT, "pcls",
            "pool class %s cannot be used with %s engine", policy->name,
            config->blocking ? "a blocking" : "an asyncio");
    *out = policy;
    return CUPEL_OK;
}

static void
set_limits(struct cupel_pool *pool)
{
    const struct cup_pool_config *config = &pool->config;

    pool->limit = SIZE_MAX;
    pool->keep = 0;
    if (pool->policy->single) {
        pool->limit = 1;
        pool->keep = 1;
    } else if (pool->policy->shared) {
        pool->keep = 1;
    } else if (pool->policy->queues) {
        pool->keep = config->size > 0 ? config->size : SIZE_MAX;
        if (config->size > 0 && config->max_overflow < SIZE_MAX - config->size)
            pool->limit = config->size + config->max_overflow;
    }
}

void
cup_pool_policy_apply(struct cupel_pool *pool)
{
    const struct cup_pool_config *config = &pool->config;

    set_limits(pool);
    pool->guarded = pool->policy->threaded;
    pool->careful = !pool->policy->queues || config->pre_ping ||
                    config->reset_on_return != CUPEL_RESET_ROLLBACK ||
                    config->skip_autocommit_rollback ||
                    config->recycle_ms > 0 || config->lifetime_ms > 0 ||
                    config->idle_timeout_ms > 0 || config->min_idle > 0;
}
