/* SPDX-License-Identifier: MIT */
/* Mutex, semaphore and condition, in place. What is given up is handed to the
 * first waiter directly: nobody can slip in between, and since a wake-up wins
 * over a cancellation of the same turn, nothing that was handed over is lost.
 * A waiter that goes away unserved leaves the queue in cup_wait(). */
#include "task/sync.h"

#include "base/assert.h"
#include "base/error.h"
#include "task/inner.h"

/* Wake the first waiter; it, or NULL if nobody waits. */
static struct cup_waiter *
wake_first(struct cup_list *waiters)
{
    struct cup_list *link = cup_list_pop(waiters);
    struct cup_waiter *waiter;

    if (link == NULL)
        return NULL;
    waiter = CUP_CONTAINER(link, struct cup_waiter, link);
    cup_wake(waiter, CUPEL_OK);
    return waiter;
}

/* Queue up and wait. Yields. */
static cupel_status
wait_in(struct cup_list *waiters, const char *what, cupel_time until)
{
    struct cup_waiter waiter;

    cup_waiter_init(&waiter);
    waiter.what = what;
    cup_list_push(waiters, &waiter.link);
    return cup_wait(&waiter, until);
}

/* ---- Mutex -------------------------------------------------------------- */

void
cup_mutex_init(struct cup_mutex *mutex)
{
    cup_list_init(&mutex->waiters);
    mutex->owner = NULL;
    mutex->locked = false;
}

/* Yields. */
cupel_status
cup_mutex_lock(struct cup_mutex *mutex, cupel_time until)
{
    struct cup_task *task = cup_thread.current;

    if (!mutex->locked) {
        mutex->locked = true;
        mutex->owner = task;
        return CUPEL_OK;
    }
    if (task == NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "the mutex is taken, and no task could wait here");
    if (mutex->owner == task)
        return cup_error_set(CUPEL_E_INVALID, "this task holds the mutex");
    return wait_in(&mutex->waiters, "a mutex", until);
}

void
cup_mutex_unlock(struct cup_mutex *mutex)
{
    struct cup_waiter *next;

    CUP_ASSERT(mutex->locked);
    next = wake_first(&mutex->waiters);
    mutex->owner = next != NULL ? next->task : NULL;
    mutex->locked = next != NULL;
}

/* ---- Semaphore ---------------------------------------------------------- */

void
cup_sem_init(struct cup_sem *sem, size_t permits)
{
    cup_list_init(&sem->waiters);
    sem->permits = permits;
}

/* Yields. */
cupel_status
cup_sem_wait(struct cup_sem *sem, cupel_time until)
{
    if (sem->permits > 0) {
        sem->permits--;
        return CUPEL_OK;
    }
    return wait_in(&sem->waiters, "a semaphore", until);
}

void
cup_sem_post(struct cup_sem *sem)
{
    if (wake_first(&sem->waiters) == NULL)
        sem->permits++;
}

/* ---- Condition ---------------------------------------------------------- */

void
cup_cond_init(struct cup_cond *cond)
{
    cup_list_init(&cond->waiters);
}

/* Yields. */
cupel_status
cup_cond_wait(struct cup_cond *cond, cupel_time until)
{
    return wait_in(&cond->waiters, "a condition", until);
}

void
cup_cond_signal(struct cup_cond *cond)
{
    wake_first(&cond->waiters);
}

void
cup_cond_broadcast(struct cup_cond *cond)
{
    while (wake_first(&cond->waiters) != NULL)
        continue;
}
