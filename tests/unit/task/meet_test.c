/* SPDX-License-Identifier: MIT */
/* The public mutex, semaphore and condition: what they add is checks. */
#include "support/test.h"

#include <cupel/task.h>
#include <pthread.h>

TASK_TEST(public_mutex_locks)
{
    cupel_mutex *mutex = cupel_mutex_new();

    CHECK_OK(cupel_mutex_lock(mutex, CUPEL_FOREVER));
    CHECK_FAILS(cupel_mutex_lock(mutex, CUPEL_FOREVER), CUPEL_E_INVALID);
    CHECK_OK(cupel_mutex_unlock(mutex));
    CHECK_FAILS(cupel_mutex_unlock(mutex), CUPEL_E_INVALID);
    cupel_mutex_free(mutex);
}

static cupel_status
unlock(void *arg)
{
    return cupel_mutex_unlock(arg);
}

static cupel_status
lock(void *arg)
{
    cupel_status rc = cupel_mutex_lock(arg, CUPEL_FOREVER);

    return rc == CUPEL_OK ? cupel_mutex_unlock(arg) : rc;
}

TASK_TEST(mutex_is_unlocked_by_its_holder_only)
{
    cupel_mutex *mutex = cupel_mutex_new();
    cupel_future *other = cupel_future_call(unlock, mutex);

    CHECK_OK(cupel_mutex_lock(mutex, CUPEL_FOREVER));
    CHECK_OK(cupel_future_spawn(other));
    CHECK_FAILS(cupel_await(other), CUPEL_E_INVALID);
    CHECK_OK(cupel_mutex_unlock(mutex));
    cupel_mutex_free(mutex);
}

TASK_TEST(mutex_somebody_waits_for_is_not_freed)
{
    cupel_mutex *mutex = cupel_mutex_new();
    cupel_future *other = cupel_future_call(lock, mutex);

    CHECK_OK(cupel_mutex_lock(mutex, CUPEL_FOREVER));
    CHECK_OK(cupel_future_spawn(other));
    CHECK_OK(cupel_yield());
    cupel_mutex_free(mutex);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INVALID);
    CHECK_OK(cupel_mutex_unlock(mutex));
    CHECK_OK(cupel_await(other));
    cupel_mutex_free(mutex);
}

TASK_TEST(public_semaphore_gives_permits)
{
    cupel_semaphore *semaphore = cupel_semaphore_new(1);

    CHECK_OK(cupel_semaphore_acquire(semaphore, CUPEL_FOREVER));
    CHECK_FAILS(cupel_semaphore_acquire(semaphore, cupel_now()),
                CUPEL_E_TIMEOUT);
    cupel_semaphore_release(semaphore);
    CHECK_OK(cupel_semaphore_acquire(semaphore, CUPEL_FOREVER));
    cupel_semaphore_free(semaphore);
}

static cupel_status
listen_to(void *arg)
{
    return cupel_condition_wait(arg, CUPEL_FOREVER);
}

TASK_TEST(public_condition_carries_news)
{
    cupel_condition *condition = cupel_condition_new();
    cupel_future *futures[3];
    int i;

    for (i = 0; i < 3; i++) {
        futures[i] = cupel_future_call(listen_to, condition);
        CHECK_OK(cupel_future_spawn(futures[i]));
    }
    CHECK_OK(cupel_yield());
    cupel_condition_signal(condition);
    CHECK_OK(cupel_yield());
    CHECK(cupel_future_done(futures[0]) && !cupel_future_done(futures[1]));
    cupel_condition_free(condition);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INVALID);
    cupel_condition_broadcast(condition);
    CHECK_OK(cupel_await(cupel_future_gather(futures, 3)));
    cupel_condition_free(condition);
}

TEST(waiting_outside_tasks_is_refused_even_if_nothing_is_in_the_way)
{
    cupel_mutex *mutex = cupel_mutex_new();
    cupel_semaphore *semaphore = cupel_semaphore_new(1);
    cupel_condition *condition = cupel_condition_new();

    CHECK_FAILS(cupel_mutex_lock(mutex, CUPEL_FOREVER), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_semaphore_acquire(semaphore, CUPEL_FOREVER),
                CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_condition_wait(condition, CUPEL_FOREVER), CUPEL_E_NOTASK);
    cupel_mutex_free(mutex);
    cupel_semaphore_free(semaphore);
    cupel_condition_free(condition);
}

TASK_TEST(nothing_to_work_on_is_an_error)
{
    CHECK_FAILS(cupel_mutex_lock(NULL, 0), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_mutex_unlock(NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_semaphore_acquire(NULL, 0), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_condition_wait(NULL, 0), CUPEL_E_ARGUMENT);
    cupel_semaphore_release(NULL);
    cupel_condition_signal(NULL);
    cupel_condition_broadcast(NULL);
    cupel_mutex_free(NULL);
    cupel_semaphore_free(NULL);
    cupel_condition_free(NULL);
}

struct objects {
    cupel_mutex *mutex;
    cupel_semaphore *semaphore;
    cupel_condition *condition;
    bool right;
};

static void *
misuse(void *arg)
{
    struct objects *objects = arg;
    int wrong = 0;

    wrong += cupel_mutex_lock(objects->mutex, 0) != CUPEL_E_THREAD;
    wrong += cupel_mutex_unlock(objects->mutex) != CUPEL_E_THREAD;
    wrong += cupel_semaphore_acquire(objects->semaphore, 0) != CUPEL_E_THREAD;
    wrong += cupel_condition_wait(objects->condition, 0) != CUPEL_E_THREAD;
    cupel_semaphore_release(objects->semaphore);
    cupel_condition_signal(objects->condition);
    cupel_condition_broadcast(objects->condition);
    cupel_mutex_free(objects->mutex);
    cupel_semaphore_free(objects->semaphore);
    cupel_condition_free(objects->condition);
    objects->right = wrong == 0;
    return NULL;
}

TASK_TEST(objects_of_another_thread_are_refused)
{
    struct objects objects = { cupel_mutex_new(), cupel_semaphore_new(0),
                               cupel_condition_new(), false };
    pthread_t thread;

    CHECK_INT(pthread_create(&thread, NULL, misuse, &objects), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK(objects.right);
    CHECK_FAILS(cupel_semaphore_acquire(objects.semaphore, cupel_now()),
                CUPEL_E_TIMEOUT);
    cupel_mutex_free(objects.mutex);
    cupel_semaphore_free(objects.semaphore);
    cupel_condition_free(objects.condition);
}
