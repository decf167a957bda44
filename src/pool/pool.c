/* SPDX-License-Identifier: MIT */
/* A pool's life. Its memory outlives the users' handles as long as slots,
 * waiters or closers need it. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

enum { CLOSE_TIMEOUT_MS = 2000 };

static void
init_state(struct cupel_pool *pool)
{
    for (size_t i = 0; i < CUP_SLOT_STATES; i++)
        cup_list_init(&pool->slots[i]);
    cup_list_init(&pool->waiters);
    cup_list_init(&pool->shares);
    cup_cond_init(&pool->settled);
    cup_mutex_init(&pool->shared);
    cup_mutex_init(&pool->door);
    pthread_mutex_init(&pool->guard, NULL);
    pthread_mutex_init(&pool->gate, NULL);
    cup_news_init(&pool->gate_news);
    cup_forks_watch();
    pool->epoch = cup_forks;
    pool->dice = (uint64_t)(uintptr_t)pool ^ (uint64_t)cupel_now();
}

/* The listeners it was given, or a list of its own. */
static cupel_status
share_events(struct cupel_pool *pool)
{
    struct cup_pool_config *config = &pool->config;

    config->dialect_events = cup_events_ref(config->dialect_events);
    if (config->events != NULL)
        config->events = cup_events_ref(config->events);
    else
        config->events =
            cup_events_new(NULL, cup_events_every(CUP_EVENTS_POOL));
    return config->events == NULL ? CUPEL_E_NOMEM : CUPEL_OK;
}

static void
drop_events(struct cupel_pool *pool)
{
    cup_events_unref(pool->config.dialect_events);
    cup_events_unref(pool->config.events);
}

const struct cup_pool_config *
cup_pool_settings(const struct cupel_pool *pool)
{
    return &pool->config;
}

struct cup_events *
cup_pool_events(struct cupel_pool *pool)
{
    return pool->config.events;
}

cupel_status
cup_pool_new(const struct cup_pool_config *config, struct cupel_pool **out)
{
    const struct cup_pool_policy *policy;
    struct cupel_pool *pool;
    cupel_status rc;

    rc = cup_pool_policy_find(config, &policy);
    if (rc != CUPEL_OK)
        return rc;
    pool = cup_alloc(sizeof *pool);
    if (pool == NULL)
        return cup_nomem();
    pool->config = *config;
    pool->policy = policy;
    if (share_events(pool) != CUPEL_OK) {
        drop_events(pool);
        cup_free(pool);
        return CUPEL_E_NOMEM;
    }
    pool->url = cupel_url_ref(config->url);
    pool->server = config->server;
    if (config->close_timeout_ms <= 0)
        pool->config.close_timeout_ms = CLOSE_TIMEOUT_MS;
    pool->refs = 1;
    pool->users = 1;
    cup_pool_policy_apply(pool);
    if (config->logger.name[0] == '\0')
        cup_logger_init(&pool->config.logger, "cupel.pool", policy->name,
                        config->logger.level);
    init_state(pool);
    *out = pool;
    return CUPEL_OK;
}

cupel_status
cup_pool_recreate(struct cupel_pool *pool, struct cupel_pool **out)
{
    struct cup_pool_config config = pool->config;

    cup_pool_log(pool, CUPEL_LOG_INFO, "Pool recreating");
    config.url = pool->url;
    config.server = pool->server;
    return cup_pool_new(&config, out);
}

struct cupel_pool *
cup_pool_share(struct cupel_pool *pool)
{
    cup_pool_enter(pool);
    pool->users++;
    cup_pool_leave(pool);
    return pool;
}

void
cup_pool_ref(struct cupel_pool *pool)
{
    pool->refs++;
}

void
cup_pool_unref(struct cupel_pool *pool)
{
    CUP_ASSERT(pool->refs > 1);
    pool->refs--;
}

static void
destroy(struct cupel_pool *pool)
{
    CUP_ASSERT(pool->size == 0 && pool->waiting == 0);
    cupel_url_free(pool->url);
    drop_events(pool);
    pthread_mutex_destroy(&pool->guard);
    pthread_cond_destroy(&pool->gate_news);
    pthread_mutex_destroy(&pool->gate);
    cup_free(pool);
}

void
cup_pool_leave(struct cupel_pool *pool)
{
    bool last = pool->refs == 1;

    cup_pool_check_rest(pool);
    if (!last) {
        pool->refs--;
        if (pool->config.blocking || pool->size == 0)
            cup_pool_unbind_if_unused(pool);
    }
    cup_guard_drop(pool);
    if (last)
        destroy(pool);
}

/* ---- Closing ------------------------------------------------------------ */

static bool
can_end(struct cupel_pool *pool)
{
    if (cup_pool_is_home(pool))
        return true;
    cup_pool_log(pool, CUPEL_LOG_WARNING,
                 "a pool was closed on another thread than its own; it stays "
                 "open");
    return false;
}

/* Slots without a wire have nothing to say goodbye to. */
static void
drop_vacant(struct cupel_pool *pool)
{
    struct cup_list *link, *after;

    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_VACANT])
        cup_slot_free(CUP_CONTAINER(link, struct cup_slot, link));
    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_CLOSING]) {
        struct cup_slot *slot = CUP_CONTAINER(link, struct cup_slot, link);

        if ((slot->marks & CUP_MARK_STAYS) != 0)
            pool->staying--;
        slot->marks &= ~(unsigned)CUP_MARK_STAYS;
    }
}

/* No more for anybody: who waits is told, who connects is stopped. */
static void
shut(struct cupel_pool *pool)
{
    struct cup_list *link, *after;

    pool->closed = true;
    while (cup_pool_answer(pool, NULL, CUPEL_E_CLOSED, NULL))
        continue;
    drop_vacant(pool);
    if (!cup_pool_can_spawn(pool))
        return;
    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_CONNECTING]) {
        struct cup_slot *slot = CUP_CONTAINER(link, struct cup_slot, link);

        if (slot->task != NULL)
            cup_task_cancel(slot->task);
    }
}

/* Without a task to do it, close an idle wire right here. Yields. */
static void
close_here(struct cup_slot *slot, cupel_time until)
{
    struct cupel_pool *pool = slot->pool;

    cup_slot_move(slot, CUP_SLOT_CLOSING);
    cup_notice_close(slot, false);
    cup_guard_drop(pool);
    pool->config.dialect->close(slot->wire, until);
    cup_guard_take(pool);
    slot->wire = NULL;
    cup_slot_free(slot);
}

/* Yields. */
static void
close_idle(struct cupel_pool *pool)
{
    const struct cup_list *idle = &pool->slots[CUP_SLOT_IDLE];
    cupel_time until = cup_deadline_cleanup(pool->config.close_timeout_ms);

    if (pool->host != NULL)
        cup_share_doom(pool);
    while (!cup_list_empty(idle)) {
        struct cup_slot *slot =
            CUP_CONTAINER(idle->next, struct cup_slot, link);

        if (pool->config.blocking) {
            close_here(slot, until);
        } else {
            cup_slot_move(slot, CUP_SLOT_CLOSING);
            cup_notice_close(slot, false);
            cup_pool_retire(slot, false);
        }
    }
}

/* Whether something is still on its way that the caller waits for. */
static bool
is_settling(const struct cupel_pool *pool, bool for_good)
{
    return pool->slot_counts[CUP_SLOT_CLOSING] > 0 || pool->parting > 0 ||
           (for_good && pool->slot_counts[CUP_SLOT_CONNECTING] > 0);
}

/* Wait until nothing is closing any more, or, for good, connecting; but not for
 * ever: each of them has a deadline of its own, the last of which this one is
 * beyond, unless the caller is in a greater hurry. Yields. */
static void
wait_settled(struct cupel_pool *pool, bool for_good)
{
    cupel_time until = cup_deadline_cleanup(pool->config.close_timeout_ms * 2);
    struct cupel_error *kept = cup_error_take();
    cupel_status rc = CUPEL_OK;
    struct cup_scope shield;

    cup_shield_begin(&shield, until);
    while (rc == CUPEL_OK && is_settling(pool, for_good))
        rc = cup_cond_wait(&pool->settled, until);
    cup_scope_end(&shield);
    cup_error_give(kept);
}

/* Yields. */
static void
end_wires(struct cupel_pool *pool, bool for_good)
{
    cup_pool_enter(pool);
    if (cup_task_current() != NULL)
        cup_pool_move_here(pool);
    if (for_good)
        shut(pool);
    else
        drop_vacant(pool);
    close_idle(pool);
    if (cup_task_current() != NULL && cup_pool_can_spawn(pool))
        wait_settled(pool, for_good);
    cup_pool_leave(pool);
}

/* Yields. */
void
cup_pool_dispose(struct cupel_pool *pool)
{
    if (pool == NULL || !can_end(pool))
        return;
    end_wires(pool, false);
    cup_pool_tell_disposed(pool);
}

/* Yields. */
void
cup_pool_close(struct cupel_pool *pool)
{
    if (pool == NULL || !can_end(pool))
        return;
    end_wires(pool, true);
}

static void
hang_up_idle(struct cupel_pool *pool)
{
    struct cup_list *link, *after;

    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_IDLE]) {
        struct cup_slot *slot = CUP_CONTAINER(link, struct cup_slot, link);

        cup_slot_move(slot, CUP_SLOT_CLOSING);
        pool->config.dialect->free(slot->wire);
        slot->wire = NULL;
        cup_slot_free(slot);
    }
}

void
cup_pool_free(struct cupel_pool *pool)
{
    if (pool == NULL || !can_end(pool))
        return;
    cup_pool_enter(pool);
    CUP_ASSERT(pool->users > 0);
    if (--pool->users == 0) {
        shut(pool);
        if (pool->host != NULL)
            cup_share_doom(pool);
        hang_up_idle(pool);
        cup_pool_unref(pool);
    }
    cup_pool_leave(pool);
}
