/* SPDX-License-Identifier: MIT */
/* The clock, and how tests turn it. */
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"

#include <time.h>

TEST(now_is_the_monotonic_clock_in_milliseconds)
{
    struct timespec before, after;
    cupel_time now;

    clock_gettime(CLOCK_MONOTONIC, &before);
    now = cupel_now();
    clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK(now >= before.tv_sec * 1000 + before.tv_nsec / 1000000);
    CHECK(now <= after.tv_sec * 1000 + after.tv_nsec / 1000000);
}

TEST(frozen_clock_moves_only_by_hand)
{
    cup_clock_freeze(5000);
    CHECK_INT(cupel_now(), 5000);
    cup_clock_advance(250);
    CHECK_INT(cupel_now(), 5250);
    CHECK_INT(cupel_deadline_in(50), 5300);
    cup_clock_thaw();
    CHECK(cupel_now() != 5250);
}

TEST(deadline_saturates)
{
    cup_clock_freeze(5000);
    CHECK_INT(cupel_deadline_in(INT64_MAX), CUPEL_FOREVER);
    CHECK_INT(cupel_deadline_in(CUPEL_FOREVER - 5000), CUPEL_FOREVER);
    CHECK_INT(cupel_deadline_in(CUPEL_FOREVER - 5001), CUPEL_FOREVER - 1);
    CHECK_INT(cupel_deadline_in(-100), 4900);
    cup_clock_freeze(-5000);
    CHECK_INT(cupel_deadline_in(INT64_MIN), INT64_MIN);
    cup_clock_thaw();
}

TASK_TEST(frozen_clock_jumps_when_nothing_else_can_happen)
{
    cup_clock_freeze(1000);
    CHECK_OK(cupel_sleep(3600 * 1000));
    CHECK_INT(cupel_now(), 1000 + 3600 * 1000);
    cup_clock_thaw();
}

static cupel_status
sleep_and_note(void *arg)
{
    cupel_time *time = arg;
    cupel_status rc = cupel_sleep_until(*time);

    CHECK_INT(cupel_now(), *time);
    *time = 0;
    return rc;
}

TASK_TEST(frozen_clock_jumps_to_the_earliest_deadline_first)
{
    cupel_time times[] = { 1900, 1300, 1600 };
    cupel_future *futures[3];
    int i;

    cup_clock_freeze(1000);
    for (i = 0; i < 3; i++)
        futures[i] = cupel_future_call(sleep_and_note, &times[i]);
    CHECK_OK(cupel_await(cupel_future_gather(futures, 3)));
    CHECK_INT(times[0] + times[1] + times[2], 0);
    cup_clock_thaw();
}

TASK_TEST(turning_the_clock_ends_the_waits_that_are_due)
{
    cupel_time time = 1500;
    cupel_future *future = cupel_future_call(sleep_and_note, &time);

    cup_clock_freeze(1000);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    CHECK(!cupel_future_done(future));
    cup_clock_advance(500);
    while (!cupel_future_done(future))
        CHECK_OK(cupel_yield());
    CHECK_INT(time, 0);
    CHECK_INT(cupel_now(), 1500);
    CHECK_OK(cupel_await(future));
    cup_clock_thaw();
}

static cupel_status
advance(void *arg)
{
    cup_clock_advance(*(int64_t *)arg);
    return CUPEL_OK;
}

/* With something else under way the clock does not jump by itself. */
TASK_TEST(deadline_that_a_task_made_due_ends_a_wait_without_others_help)
{
    int64_t span_ms = 500;
    struct cupel_loop *loop = cup_loop_current();

    cup_clock_freeze(1000);
    cup_loop_hold(loop);
    CHECK_OK(cup_task_spawn(advance, &span_ms, NULL, NULL, NULL));
    CHECK_OK(cupel_sleep(500));
    CHECK_INT(cupel_now(), 1500);
    cup_loop_release(loop);
    cup_clock_thaw();
}

static cupel_status
thaw(void *arg)
{
    (void)arg;
    cup_clock_thaw();
    return CUPEL_OK;
}

TASK_TEST(thawed_deadlines_are_served_by_the_real_clock)
{
    cupel_time until = cupel_now() + 5;
    cupel_future *future = cupel_future_call(thaw, NULL);

    cup_clock_freeze(until - 1000);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_sleep_until(until));
    CHECK(cupel_now() >= until);
    CHECK_OK(cupel_await(future));
}
