/* SPDX-License-Identifier: MIT */
/* Ten thousand tasks that sleep, share a semaphore and are cancelled at random:
 * nothing leaks, no wake-up is lost, and time is the only thing that passes. */
#include "support/test.h"
#include "task/inner.h"
#include "task/loop.h"
#include "task/sync.h"
#include "unit/task/tools.h"

#include <stdlib.h>

enum { TASKS = UNDER_TSAN ? 4000 : 10000 };

enum { PERMITS = 7, ROUNDS = 5 };

struct story {
    struct cup_sem sem;
    unsigned seed;
    int holding; /* tasks that hold a permit now */
    int most;    /* of them at any time */
    long taken;
    long timeouts;
    long cancelled;
    struct cup_task *tasks[TASKS];
};

static struct story story;

static void
forget(struct cup_task *task, cupel_status rc, void *arg)
{
    struct cup_task **slot = arg;

    CHECK(*slot == task);
    if (rc == CUPEL_E_CANCELLED)
        story.cancelled++;
    else
        CHECK_INT(rc, CUPEL_OK);
    *slot = NULL;
}

static int
pick(int count)
{
    return rand_r(&story.seed) % count;
}

/* Hold a permit for a while. */
static cupel_status
take_and_hold(void)
{
    cupel_status rc = cup_sem_wait(&story.sem, cupel_deadline_in(pick(2000)));

    if (rc == CUPEL_E_TIMEOUT) {
        story.timeouts++;
        return CUPEL_OK;
    }
    if (rc != CUPEL_OK)
        return rc;
    story.taken++;
    if (++story.holding > story.most)
        story.most = story.holding;
    rc = pick(2) ? cupel_sleep(pick(5)) : cupel_yield();
    story.holding--;
    cup_sem_post(&story.sem);
    return rc;
}

static cupel_status
live(void *arg)
{
    cupel_status rc = CUPEL_OK;
    int i;

    (void)arg;
    for (i = 0; i < ROUNDS && rc == CUPEL_OK; i++) {
        rc = cupel_sleep(pick(1000));
        if (rc == CUPEL_OK)
            rc = take_and_hold();
    }
    return rc;
}

static cupel_status
cancel_at_random(void *arg)
{
    int i, victim;

    (void)arg;
    for (i = 0; i < TASKS / 4; i++) {
        victim = pick(TASKS);
        if (story.tasks[victim] != NULL)
            cup_task_cancel(story.tasks[victim]);
        if (i % 20 == 0)
            CHECK_OK(cupel_sleep(pick(10)));
    }
    return CUPEL_OK;
}

static cupel_status
tell(void *arg)
{
    int i;

    (void)arg;
    for (i = 0; i < TASKS; i++)
        CHECK_OK(cup_task_spawn(live, NULL, forget, &story.tasks[i],
                                &story.tasks[i]));
    CHECK_OK(cupel_await(cupel_future_call(cancel_at_random, NULL)));
    while (cupel_loop_task_count(cupel_loop_current()) > 1)
        CHECK_OK(cupel_sleep(100));
    return CUPEL_OK;
}

TEST(ten_thousand_tasks_share_a_semaphore)
{
    int i;

    memset(&story, 0, sizeof story);
    story.seed = 2024;
    cup_sem_init(&story.sem, PERMITS);
    cup_clock_freeze(1000);
    CHECK_OK(cupel_run(tell, NULL));
    cup_clock_thaw();
    for (i = 0; i < TASKS; i++)
        CHECK(story.tasks[i] == NULL);
    CHECK_INT(story.holding, 0);
    CHECK_INT(story.most, PERMITS);
    CHECK_INT(story.sem.permits, PERMITS);
    CHECK(cup_list_empty(&story.sem.waiters));
    CHECK(story.cancelled > TASKS / 10);
    CHECK(story.taken > TASKS);
    CHECK(story.timeouts > 0);
}
