/* SPDX-License-Identifier: MIT */
/* Groups: tasks that end together. */
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"

#include "base/error.h"

#include <pthread.h>

/* A member: sleeps, then answers. */
struct member {
    int64_t span_ms;
    cupel_status rc;
    const char *text;
    cupel_status slept;
    bool ended;
};

static cupel_status
run_member(void *arg)
{
    struct member *member = arg;

    member->slept = cupel_sleep(member->span_ms);
    member->ended = true;
    if (member->slept != CUPEL_OK)
        return member->slept;
    if (member->rc != CUPEL_OK)
        return cup_error_set(member->rc, "%s", member->text);
    return CUPEL_OK;
}

static cupel_group *
start(struct member *members, int count)
{
    cupel_group *group = cupel_group_new();
    int i;

    CHECK(group != NULL);
    for (i = 0; i < count; i++)
        CHECK_OK(cupel_group_spawn(group, run_member, &members[i]));
    return group;
}

TASK_TEST(group_is_waited_for_until_its_last_task_ends)
{
    struct member members[] = { { .span_ms = 10 }, { .span_ms = 300 } };
    cupel_group *group;

    cup_clock_freeze(1000);
    group = start(members, 2);
    CHECK_OK(cupel_group_wait(group));
    CHECK_INT(cupel_now(), 1300);
    CHECK(members[0].ended && members[1].ended);
    cup_clock_thaw();
}

TASK_TEST(empty_group_is_done_at_once)
{
    CHECK_OK(cupel_group_wait(cupel_group_new()));
}

TASK_TEST(first_failure_cancels_the_others_and_is_the_answer)
{
    struct member members[] = {
        { .span_ms = 300 },
        { .span_ms = 200, .rc = CUPEL_E_DATA, .text = "late" },
        { .span_ms = 100, .rc = CUPEL_E_INTEGRITY, .text = "early" }
    };
    cupel_group *group;

    cup_clock_freeze(1000);
    group = start(members, 3);
    CHECK_FAILS(cupel_group_wait(group), CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_text(), "early");
    CHECK_INT(cupel_now(), 1100);
    CHECK_INT(members[0].slept, CUPEL_E_CANCELLED);
    CHECK_INT(members[1].slept, CUPEL_E_CANCELLED);
    cup_clock_thaw();
}

TASK_TEST(failure_before_the_wait_is_remembered)
{
    struct member member = { .rc = CUPEL_E_DATA, .text = "early" };
    struct member late = { .span_ms = 1000 };
    cupel_group *group = start(&member, 1);

    CHECK_OK(cupel_sleep(1));
    CHECK(member.ended);
    CHECK_OK(cupel_group_spawn(group, run_member, &late));
    CHECK_FAILS(cupel_group_wait(group), CUPEL_E_DATA);
    CHECK_STR(cupel_error_text(), "early");
    CHECK_INT(late.slept, CUPEL_E_CANCELLED);
}

TASK_TEST(cancelled_group_cancels_each_task)
{
    struct member members[] = { { .span_ms = 3600 * 1000 },
                                { .span_ms = 3600 * 1000 } };
    cupel_group *group = start(members, 2);

    CHECK_OK(cupel_yield());
    cupel_group_cancel(group);
    CHECK_FAILS(cupel_group_wait(group), CUPEL_E_CANCELLED);
    CHECK_INT(members[0].slept, CUPEL_E_CANCELLED);
    CHECK_INT(members[1].slept, CUPEL_E_CANCELLED);
}

static cupel_status
wait_for_group(void *arg)
{
    return cupel_group_wait(arg);
}

TASK_TEST(cancelled_waiter_cancels_the_group_and_waits_for_it)
{
    struct member members[] = { { .span_ms = 3600 * 1000 },
                                { .span_ms = 3600 * 1000 } };
    cupel_group *group = start(members, 2);
    cupel_future *waiter = cupel_future_call(wait_for_group, group);

    CHECK_OK(cupel_future_spawn(waiter));
    CHECK_OK(cupel_yield());
    cupel_future_cancel(waiter);
    CHECK_FAILS(cupel_await(waiter), CUPEL_E_CANCELLED);
    CHECK(members[0].ended && members[1].ended);
}

TASK_TEST(deadline_of_the_wait_is_reported_as_one)
{
    struct member member = { .span_ms = 500 };
    cupel_group *group;

    cup_clock_freeze(1000);
    group = start(&member, 1);
    CHECK_FAILS(cupel_await(cupel_future_wait_for(
                    cupel_future_call(wait_for_group, group), 1100)),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    CHECK_INT(member.slept, CUPEL_E_CANCELLED);
    cup_clock_thaw();
}

TASK_TEST(nothing_joins_a_group_that_is_waited_for)
{
    struct member member = { .span_ms = 5 };
    cupel_group *group = start(&member, 1);
    cupel_future *waiter = cupel_future_call(wait_for_group, group);

    CHECK_OK(cupel_future_spawn(waiter));
    CHECK_OK(cupel_yield());
    CHECK_FAILS(cupel_group_spawn(group, run_member, &member), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_group_wait(group), CUPEL_E_INVALID);
    CHECK_OK(cupel_await(waiter));
}

static void *
misuse(void *arg)
{
    struct member member = { .span_ms = 1 };
    long wrong = 0;

    wrong += cupel_group_spawn(arg, run_member, &member) != CUPEL_E_THREAD;
    wrong += cupel_group_wait(arg) != CUPEL_E_THREAD;
    cupel_group_cancel(arg);
    return wrong == 0 ? NULL : arg;
}

TASK_TEST(misuse_of_a_group_is_an_error)
{
    struct member member = { .span_ms = 1 };
    cupel_group *group = start(&member, 1);
    void *wrong = NULL;
    pthread_t thread;

    CHECK_FAILS(cupel_group_spawn(NULL, run_member, &member), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_group_spawn(group, NULL, &member), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_group_wait(NULL), CUPEL_E_ARGUMENT);
    cupel_group_cancel(NULL);
    CHECK_INT(pthread_create(&thread, NULL, misuse, group), 0);
    CHECK_INT(pthread_join(thread, &wrong), 0);
    CHECK(wrong == NULL);
    CHECK_OK(cupel_group_wait(group));
}

TEST(group_needs_a_loop)
{
    CHECK(cupel_group_new() == NULL);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INVALID);
}

TEST(group_is_not_waited_for_outside_tasks)
{
    struct member member = { .span_ms = 1 };
    cupel_group *group;
    cupel_loop *loop;

    CHECK_OK(cupel_loop_new(&loop));
    group = start(&member, 1);
    CHECK_FAILS(cupel_group_wait(group), CUPEL_E_NOTASK);
    cupel_future_then(cupel_future_call(wait_for_group, group), NULL, NULL);
    CHECK_OK(cupel_loop_run(loop));
    CHECK(member.ended);
    CHECK_OK(cupel_loop_free(loop));
}
