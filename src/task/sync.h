/* SPDX-License-Identifier: MIT */
/* In-place mutex, semaphore and condition: FIFO, waiters on their own stacks.
 * The public ones are these on the heap. */
#ifndef CUP_TASK_SYNC_H
#define CUP_TASK_SYNC_H

#include <cupel/error.h>

#include "base/list.h"

struct cup_task;

/* A lock held across waits. Zeroed memory is not valid: init. */
struct cup_mutex {
    struct cup_list waiters; /* of cup_waiter.link */
    struct cup_task *owner;  /* NULL: free, or held outside tasks */
    bool locked;
};

void
cup_mutex_init(struct cup_mutex *mutex);

/* Yields. CANCELLED, TIMEOUT; INVALID when the current task holds it, or when
 * it is taken and there is no task to suspend. Handed over in order. */
cupel_status
cup_mutex_lock(struct cup_mutex *mutex, cupel_time until);

void
cup_mutex_unlock(struct cup_mutex *mutex);

/* A number of permits with direct hand-off. */
struct cup_sem {
    struct cup_list waiters; /* of cup_waiter.link */
    size_t permits;
};

void
cup_sem_init(struct cup_sem *sem, size_t permits);

/* Yields. CANCELLED, TIMEOUT, NOTASK. */
cupel_status
cup_sem_wait(struct cup_sem *sem, cupel_time until);

void
cup_sem_post(struct cup_sem *sem);

/* News. */
struct cup_cond {
    struct cup_list waiters; /* of cup_waiter.link */
};

void
cup_cond_init(struct cup_cond *cond);

/* Yields. CANCELLED, TIMEOUT, NOTASK. */
cupel_status
cup_cond_wait(struct cup_cond *cond, cupel_time until);

void
cup_cond_signal(struct cup_cond *cond);

void
cup_cond_broadcast(struct cup_cond *cond);

#endif
