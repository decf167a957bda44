/* SPDX-License-Identifier: MIT */
/* Mutex, semaphore and condition in place: order, hand-off, waiters that give
 * up. */
#include "support/test.h"
#include "task/loop.h"
#include "task/sync.h"
#include "task/task.h"

#include <stdlib.h>

enum { TASKS = 4 };

static struct cup_mutex mutex;
static struct cup_sem sem;
static struct cup_cond cond;
static char order[32];

/* A task with a letter, that waits for one of them. */
struct visitor {
    char letter;
    cupel_time until;
    cupel_status rc;
    struct cup_task *task;
};

static void
sign(const struct visitor *visitor)
{
    char letter[2] = { visitor->letter, '\0' };

    strcat(order, letter);
}

static struct cup_task *
start(struct visitor *visitor, cupel_task_fn *fn, char letter)
{
    visitor->letter = letter;
    visitor->until = CUPEL_FOREVER;
    visitor->rc = CUPEL_E_DATA;
    CHECK_OK(cup_task_spawn(fn, visitor, NULL, NULL, &visitor->task));
    CHECK_OK(cupel_yield());
    return visitor->task;
}

/* ---- Mutex -------------------------------------------------------------- */

static cupel_status
lock_and_sign(void *arg)
{
    struct visitor *visitor = arg;

    visitor->rc = cup_mutex_lock(&mutex, visitor->until);
    if (visitor->rc != CUPEL_OK)
        return visitor->rc;
    sign(visitor);
    CHECK_OK(cupel_yield());
    sign(visitor);
    cup_mutex_unlock(&mutex);
    return CUPEL_OK;
}

TASK_TEST(mutex_is_handed_over_in_order)
{
    struct visitor visitors[3];

    order[0] = '\0';
    cup_mutex_init(&mutex);
    CHECK_OK(cup_mutex_lock(&mutex, CUPEL_FOREVER));
    start(&visitors[0], lock_and_sign, 'a');
    start(&visitors[1], lock_and_sign, 'b');
    start(&visitors[2], lock_and_sign, 'c');
    CHECK_STR(order, "");
    cup_mutex_unlock(&mutex);
    CHECK(mutex.locked && mutex.owner == visitors[0].task);
    CHECK_OK(cup_mutex_lock(&mutex, CUPEL_FOREVER));
    CHECK_STR(order, "aabbcc");
    cup_mutex_unlock(&mutex);
    CHECK(!mutex.locked);
}

TASK_TEST(mutex_is_not_taken_twice_by_one_task)
{
    cup_mutex_init(&mutex);
    CHECK_OK(cup_mutex_lock(&mutex, CUPEL_FOREVER));
    CHECK_FAILS(cup_mutex_lock(&mutex, CUPEL_FOREVER), CUPEL_E_INVALID);
    cup_mutex_unlock(&mutex);
}

TASK_TEST(waiter_for_a_mutex_gives_up_at_its_deadline)
{
    struct visitor visitor;

    order[0] = '\0';
    cup_clock_freeze(1000);
    cup_mutex_init(&mutex);
    CHECK_OK(cup_mutex_lock(&mutex, CUPEL_FOREVER));
    visitor.until = 0;
    start(&visitor, lock_and_sign, 'a');
    cup_task_cancel(visitor.task);
    CHECK_OK(cupel_yield());
    CHECK_INT(visitor.rc, CUPEL_E_CANCELLED);
    CHECK(cup_list_empty(&mutex.waiters));
    cup_mutex_unlock(&mutex);
    CHECK(!mutex.locked);
    cup_clock_thaw();
}

TASK_TEST(mutex_handed_to_a_cancelled_task_is_passed_on)
{
    struct visitor visitors[2];

    order[0] = '\0';
    cup_mutex_init(&mutex);
    CHECK_OK(cup_mutex_lock(&mutex, CUPEL_FOREVER));
    start(&visitors[0], lock_and_sign, 'a');
    start(&visitors[1], lock_and_sign, 'b');
    cup_task_cancel(visitors[0].task);
    cup_mutex_unlock(&mutex);
    CHECK(mutex.owner == visitors[1].task);
    CHECK_OK(cup_mutex_lock(&mutex, CUPEL_FOREVER));
    CHECK_STR(order, "bb");
    CHECK_INT(visitors[0].rc, CUPEL_E_CANCELLED);
    cup_mutex_unlock(&mutex);
}

TEST(mutex_outside_tasks_is_taken_if_it_is_free)
{
    cup_mutex_init(&mutex);
    CHECK_OK(cup_mutex_lock(&mutex, CUPEL_FOREVER));
    CHECK_FAILS(cup_mutex_lock(&mutex, CUPEL_FOREVER), CUPEL_E_INVALID);
    cup_mutex_unlock(&mutex);
    CHECK_OK(cup_mutex_lock(&mutex, CUPEL_FOREVER));
    cup_mutex_unlock(&mutex);
}

/* ---- Semaphore ---------------------------------------------------------- */

static cupel_status
take_and_sign(void *arg)
{
    struct visitor *visitor = arg;

    visitor->rc = cup_sem_wait(&sem, visitor->until);
    if (visitor->rc == CUPEL_OK)
        sign(visitor);
    return visitor->rc;
}

TASK_TEST(semaphore_counts_permits)
{
    cup_clock_freeze(1000);
    cup_sem_init(&sem, 2);
    CHECK_OK(cup_sem_wait(&sem, CUPEL_FOREVER));
    CHECK_OK(cup_sem_wait(&sem, CUPEL_FOREVER));
    CHECK_FAILS(cup_sem_wait(&sem, 1100), CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    cup_sem_post(&sem);
    CHECK_OK(cup_sem_wait(&sem, CUPEL_FOREVER));
    cup_clock_thaw();
}

TASK_TEST(permit_goes_to_the_first_waiter_and_to_nobody_else)
{
    struct visitor visitors[2];

    order[0] = '\0';
    cup_sem_init(&sem, 0);
    start(&visitors[0], take_and_sign, 'a');
    start(&visitors[1], take_and_sign, 'b');
    cup_sem_post(&sem);
    CHECK_INT(sem.permits, 0);
    CHECK_FAILS(cup_sem_wait(&sem, cupel_now()), CUPEL_E_TIMEOUT);
    CHECK_OK(cupel_yield());
    CHECK_STR(order, "a");
    cup_sem_post(&sem);
    CHECK_OK(cupel_yield());
    CHECK_STR(order, "ab");
}

TASK_TEST(cancelled_waiter_passes_its_turn_on)
{
    struct visitor visitors[3];

    order[0] = '\0';
    cup_sem_init(&sem, 0);
    start(&visitors[0], take_and_sign, 'a');
    start(&visitors[1], take_and_sign, 'b');
    start(&visitors[2], take_and_sign, 'c');
    cup_task_cancel(visitors[0].task);
    cup_sem_post(&sem);
    cup_sem_post(&sem);
    CHECK_OK(cupel_yield());
    CHECK_STR(order, "bc");
    CHECK_INT(visitors[0].rc, CUPEL_E_CANCELLED);
    CHECK_INT(sem.permits, 0);
}

TEST(semaphore_outside_tasks_gives_what_it_has)
{
    cup_sem_init(&sem, 1);
    CHECK_OK(cup_sem_wait(&sem, CUPEL_FOREVER));
    CHECK_FAILS(cup_sem_wait(&sem, CUPEL_FOREVER), CUPEL_E_NOTASK);
    CHECK(cup_list_empty(&sem.waiters));
}

/* Every permit ever posted is either held by somebody or in the semaphore. */
TASK_TEST(no_permit_is_lost_in_any_order_of_post_deadline_and_cancellation)
{
    struct visitor visitors[TASKS];
    size_t posted, taken;
    unsigned seed = 7;
    int round, i;

    cup_clock_freeze(1000);
    for (round = 0; round < 5000; round++) {
        order[0] = '\0';
        posted = 0;
        cup_sem_init(&sem, 0);
        for (i = 0; i < TASKS; i++) {
            visitors[i] = (struct visitor){
                .letter = 'x', .until = cupel_now() + 1 + rand_r(&seed) % 3
            };
            CHECK_OK(cup_task_spawn(take_and_sign, &visitors[i], NULL, NULL,
                                    &visitors[i].task));
        }
        CHECK_OK(cupel_yield());
        for (i = 0; i < TASKS; i++) {
            if (rand_r(&seed) % 2 && visitors[i].rc == CUPEL_OK &&
                strlen(order) == 0)
                cup_task_cancel(visitors[i].task);
            if (rand_r(&seed) % 2) {
                cup_sem_post(&sem);
                posted++;
            }
            if (rand_r(&seed) % 4 == 0)
                cup_clock_advance(1);
        }
        while (cupel_loop_task_count(cupel_loop_current()) > 1)
            CHECK_OK(cupel_sleep(1));
        taken = strlen(order);
        CHECK_INT(taken + sem.permits, posted);
        CHECK(cup_list_empty(&sem.waiters));
    }
    cup_clock_thaw();
}

/* ---- Condition ---------------------------------------------------------- */

static cupel_status
hear_and_sign(void *arg)
{
    struct visitor *visitor = arg;

    visitor->rc = cup_cond_wait(&cond, visitor->until);
    if (visitor->rc == CUPEL_OK)
        sign(visitor);
    return visitor->rc;
}

TASK_TEST(signal_wakes_the_first_waiter_broadcast_all)
{
    struct visitor visitors[4];

    order[0] = '\0';
    cup_cond_init(&cond);
    cup_cond_signal(&cond);
    start(&visitors[0], hear_and_sign, 'a');
    start(&visitors[1], hear_and_sign, 'b');
    start(&visitors[2], hear_and_sign, 'c');
    cup_cond_signal(&cond);
    CHECK_OK(cupel_yield());
    CHECK_STR(order, "a");
    cup_cond_broadcast(&cond);
    start(&visitors[3], hear_and_sign, 'd');
    CHECK_STR(order, "abc");
    cup_task_cancel(visitors[3].task);
    CHECK_OK(cupel_yield());
    CHECK_INT(visitors[3].rc, CUPEL_E_CANCELLED);
    CHECK(cup_list_empty(&cond.waiters));
}

TEST(condition_outside_tasks_is_refused)
{
    cup_cond_init(&cond);
    CHECK_FAILS(cup_cond_wait(&cond, CUPEL_FOREVER), CUPEL_E_NOTASK);
    CHECK(cup_list_empty(&cond.waiters));
}
