/* SPDX-License-Identifier: MIT */
/* Processes that fork. The child has a copy of everything, but the connections
 * are the parent's: one byte from the child and the server would take it for
 * the parent's. So a pool that finds itself in a child drops its wires, which a
 * dialect does there without a word to the server, and starts empty. Tasks of
 * the parent's never run in the child; what they were about is forgotten. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "task/task.h"

unsigned long cup_forks;

static void
count_fork(void)
{
    cup_forks++;
}

static void
watch(void)
{
    pthread_atfork(NULL, NULL, count_fork);
}

void
cup_fork_watch(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, watch);
}

/* Let go of a slot of the parent's. */
static void
drop(struct cup_slot *slot)
{
    if (slot->host == NULL && slot->wire != NULL)
        slot->pool->config.dialect->free(slot->wire);
    cup_info_fini(&slot->info);
    cup_info_fini(&slot->record_info);
    cup_free(slot);
}

/* Drop what nobody in the child can come back with. Loans may come back. */
static size_t
drop_free_ones(struct cupel_pool *pool)
{
    struct cup_list *link, *after;
    size_t loans = 0;

    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_IDLE])
        drop(CUP_CONTAINER(link, struct cup_slot, link));
    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_VACANT])
        drop(CUP_CONTAINER(link, struct cup_slot, link));
    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_LENT])
        loans++;
    CUP_LIST_EACH (link, after, &pool->slots[CUP_SLOT_DETACHED])
        loans++;
    CUP_LIST_EACH (link, after, &pool->shares)
        loans++;
    return loans;
}

void
cup_pool_after_fork(struct cupel_pool *pool)
{
    size_t loans = 0;

    /* If another thread was in the middle of a change, nothing is looked at. */
    if (!pool->guarded || pthread_mutex_trylock(&pool->guard) == 0)
        loans = drop_free_ones(pool);
    pthread_mutex_init(&pool->guard, NULL);
    pthread_mutex_init(&pool->gate, NULL);
    for (size_t i = 0; i < CUP_SLOT_STATES; i++) {
        cup_list_init(&pool->slots[i]);
        pool->slot_counts[i] = 0;
    }
    cup_list_init(&pool->shares);
    cup_list_init(&pool->waiters);
    cup_cond_init(&pool->settled);
    cup_mutex_init(&pool->shared);
    cup_mutex_init(&pool->door);
    pool->host = NULL;
    pool->size = pool->staying = pool->parting = 0;
    pool->waiting = pool->warming = 0;
    pool->refs = pool->users + loans;
    pool->owner = NULL;
    pool->loop = NULL;
    pool->epoch = cup_fork_count();
}

void
cup_slot_bury(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;

    cup_pool_enter(pool);
    if (slot->host != NULL)
        cup_free(slot);
    else if (slot->shares == 0)
        drop(slot);
    cup_pool_unref(pool);
    cup_pool_leave(pool);
}
