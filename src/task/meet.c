/* SPDX-License-Identifier: MIT */
/* The public mutex, semaphore and condition: those of sync.c on the heap, with
 * the checks that a stranger's call needs. They belong to the thread that made
 * them. */
#include <cupel/task.h>

#include "base/alloc.h"
#include "base/error.h"
#include "task/inner.h"
#include "task/sync.h"

struct cupel_mutex {
    const struct cup_thread *thread; /* whose it is */
    struct cup_mutex mutex;
};

struct cupel_semaphore {
    const struct cup_thread *thread;
    struct cup_sem sem;
};

struct cupel_condition {
    const struct cup_thread *thread;
    struct cup_cond cond;
};

cupel_status
cup_thread_check(const struct cup_thread *thread)
{
    if (thread != &cup_thread)
        return cup_error_set(CUPEL_E_THREAD,
                             "this object belongs to another thread");
    return CUPEL_OK;
}

/* Whether it may be waited for here. */
static cupel_status
check_wait(const struct cup_thread *thread)
{
    cupel_status rc = cup_thread_check(thread);

    if (rc == CUPEL_OK && cup_thread.current == NULL)
        rc = cup_notask();
    return rc;
}

/* Whether it may be freed here; if not, it is left alone. */
static bool
may_free(const struct cup_thread *thread, const struct cup_list *waiters)
{
    if (cup_thread_check(thread) != CUPEL_OK)
        return false;
    if (cup_list_empty(waiters))
        return true;
    cup_ignore(cup_error_set(CUPEL_E_INVALID, "tasks wait for this object"),
               "freeing has no answer");
    return false;
}

static cupel_status
no_object(void)
{
    return cup_error_set(CUPEL_E_ARGUMENT, "no object to work on");
}

/* ---- Mutex -------------------------------------------------------------- */

cupel_mutex *
cupel_mutex_new(void)
{
    cupel_mutex *mutex = cup_alloc(sizeof *mutex);

    if (mutex == NULL) {
        cup_ignore(cup_nomem(), "NULL says so");
        return NULL;
    }
    mutex->thread = &cup_thread;
    cup_mutex_init(&mutex->mutex);
    return mutex;
}

/* Yields. */
cupel_status
cupel_mutex_lock(cupel_mutex *mutex, cupel_time until)
{
    cupel_status rc;

    if (mutex == NULL)
        return no_object();
    rc = check_wait(mutex->thread);
    if (rc != CUPEL_OK)
        return rc;
    return cup_mutex_lock(&mutex->mutex, until);
}

cupel_status
cupel_mutex_unlock(cupel_mutex *mutex)
{
    cupel_status rc;

    if (mutex == NULL)
        return no_object();
    rc = cup_thread_check(mutex->thread);
    if (rc != CUPEL_OK)
        return rc;
    if (!mutex->mutex.locked || mutex->mutex.owner != cup_thread.current)
        return cup_error_set(CUPEL_E_INVALID,
                             "this task does not hold the mutex");
    cup_mutex_unlock(&mutex->mutex);
    return CUPEL_OK;
}

void
cupel_mutex_free(cupel_mutex *mutex)
{
    if (mutex != NULL && may_free(mutex->thread, &mutex->mutex.waiters))
        cup_free(mutex);
}

/* ---- Semaphore ---------------------------------------------------------- */

cupel_semaphore *
cupel_semaphore_new(size_t permits)
{
    cupel_semaphore *semaphore = cup_alloc(sizeof *semaphore);

    if (semaphore == NULL) {
        cup_ignore(cup_nomem(), "NULL says so");
        return NULL;
    }
    semaphore->thread = &cup_thread;
    cup_sem_init(&semaphore->sem, permits);
    return semaphore;
}

/* Yields. */
cupel_status
cupel_semaphore_acquire(cupel_semaphore *semaphore, cupel_time until)
{
    cupel_status rc;

    if (semaphore == NULL)
        return no_object();
    rc = check_wait(semaphore->thread);
    if (rc != CUPEL_OK)
        return rc;
    return cup_sem_wait(&semaphore->sem, until);
}

void
cupel_semaphore_release(cupel_semaphore *semaphore)
{
    if (semaphore != NULL && cup_thread_check(semaphore->thread) == CUPEL_OK)
        cup_sem_post(&semaphore->sem);
}

void
cupel_semaphore_free(cupel_semaphore *semaphore)
{
    if (semaphore != NULL &&
        may_free(semaphore->thread, &semaphore->sem.waiters))
        cup_free(semaphore);
}

/* ---- Condition ---------------------------------------------------------- */

cupel_condition *
cupel_condition_new(void)
{
    cupel_condition *condition = cup_alloc(sizeof *condition);

    if (condition == NULL) {
        cup_ignore(cup_nomem(), "NULL says so");
        return NULL;
    }
    condition->thread = &cup_thread;
    cup_cond_init(&condition->cond);
    return condition;
}

/* Yields. */
cupel_status
cupel_condition_wait(cupel_condition *condition, cupel_time until)
{
    cupel_status rc;

    if (condition == NULL)
        return no_object();
    rc = check_wait(condition->thread);
    if (rc != CUPEL_OK)
        return rc;
    return cup_cond_wait(&condition->cond, until);
}

void
cupel_condition_signal(cupel_condition *condition)
{
    if (condition != NULL && cup_thread_check(condition->thread) == CUPEL_OK)
        cup_cond_signal(&condition->cond);
}

void
cupel_condition_broadcast(cupel_condition *condition)
{
    if (condition != NULL && cup_thread_check(condition->thread) == CUPEL_OK)
        cup_cond_broadcast(&condition->cond);
}

void
cupel_condition_free(cupel_condition *condition)
{
    if (condition != NULL &&
        may_free(condition->thread, &condition->cond.waiters))
        cup_free(condition);
}
