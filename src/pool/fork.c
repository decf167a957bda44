/* SPDX-License-Identifier: MIT */
/* Processes that fork. The child has a copy of everything, but the connections
 * are the parent's: one byte from the child and the server would take it for
 * the parent's. So a pool that finds itself in a child drops its wires, which a
 * dialect does there without a word to the server, and starts empty. Tasks of
 * the parent's never run in the child; what they were about is forgotten. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "task/loop.h"
#include "task/task.h"

/* Let go of a slot of the parent's. */
static void
drop(struct cup_slot *slot)
{
    if (slot->wire != NULL)
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
        loans += CUP_CONTAINER(link, struct cup_slot, link)->shares == 0;
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
    if (pthread_mutex_trylock(&pool->guard) == 0) {
        loans = drop_free_ones(pool);
        pthread_mutex_unlock(&pool->guard);
    } else {
        pthread_mutex_init(&pool->guard, NULL);
    }
    pthread_mutex_init(&pool->gate, NULL);
    cup_news_init(&pool->gate_news);
    pool->gate_taken = false;
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
    pool->epoch = cup_forks;
}

/* What its holder had begun is the parent's to end: such a wire is let lie. */
void
cup_slot_bury(struct cup_slot *slot)
{
    struct cupel_pool *pool = slot->pool;
    const cupel_dialect *dialect = pool->config.dialect;
    struct cup_slot *host;

    cup_pool_enter(pool);
    if (slot->host != NULL) {
        host = slot->host;
        slot->wire = NULL;
        drop(slot);
        slot = --host->shares == 0 ? host : NULL;
    }
    if (slot != NULL && dialect->state(slot->wire) != CUPEL_WIRE_IDLE)
        slot->wire = NULL;
    if (slot != NULL)
        drop(slot);
    cup_pool_unref(pool);
    cup_pool_leave(pool);
}

bool
cup_slot_is_foreign(const struct cup_slot *slot)
{
    return slot->epoch != cup_forks;
}
