/* SPDX-License-Identifier: MIT */
/* How waits begin and end. The clock is frozen wherever a deadline matters. */
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"
#include "task/wait.h"
#include "unit/task/tools.h"

#include "base/error.h"

#include <errno.h>
#include <stdlib.h>

/* A task that waits once, and what became of it. */
struct sleeper {
    struct cup_waiter waiter;
    struct cup_list queue;
    struct cup_task *task;
    cupel_time until;
    cupel_status rc;
    bool woke;
    char text[64];
};

static cupel_status
wait_once(void *arg)
{
    struct sleeper *sleeper = arg;

    sleeper->rc = cup_wait(&sleeper->waiter, sleeper->until);
    sleeper->woke = true;
    if (sleeper->rc != CUPEL_OK)
        strncpy(sleeper->text, cupel_error_text(), sizeof sleeper->text - 1);
    return CUPEL_OK;
}

static void
begin(struct sleeper *sleeper, cupel_time until)
{
    memset(sleeper, 0, sizeof *sleeper);
    cup_waiter_init(&sleeper->waiter);
    cup_list_init(&sleeper->queue);
    cup_list_push(&sleeper->queue, &sleeper->waiter.link);
    sleeper->until = until;
    CHECK_OK(cup_task_spawn(wait_once, sleeper, NULL, NULL, &sleeper->task));
    CHECK_OK(cupel_yield());
}

static void
check_end(struct sleeper *sleeper, cupel_status rc)
{
    CHECK_OK(cupel_yield());
    CHECK(sleeper->woke);
    CHECK_INT(sleeper->rc, rc);
    CHECK(cup_list_empty(&sleeper->queue));
    CHECK_INT(sleeper->waiter.timer, 0);
}

TASK_TEST(wake_up_ends_the_wait_with_its_status)
{
    struct sleeper sleeper;

    begin(&sleeper, CUPEL_FOREVER);
    CHECK(!sleeper.woke);
    cup_wake(&sleeper.waiter, CUPEL_E_CLOSED);
    CHECK(!sleeper.woke);
    check_end(&sleeper, CUPEL_E_CLOSED);
}

TASK_TEST(second_wake_up_is_ignored)
{
    struct sleeper sleeper;

    begin(&sleeper, CUPEL_FOREVER);
    cup_wake(&sleeper.waiter, CUPEL_OK);
    cup_wake(&sleeper.waiter, CUPEL_E_CLOSED);
    check_end(&sleeper, CUPEL_OK);
}

TASK_TEST(waiter_woken_before_the_wait_answers_at_once)
{
    struct cup_waiter waiter;

    cup_waiter_init(&waiter);
    cup_wake(&waiter, CUPEL_OK);
    cup_task_cancel(cup_task_current());
    CHECK_OK(cup_wait(&waiter, 0));
}

TASK_TEST(deadline_ends_the_wait)
{
    struct sleeper sleeper;

    cup_clock_freeze(1000);
    begin(&sleeper, 1200);
    CHECK_OK(cupel_sleep_until(1199));
    CHECK(!sleeper.woke);
    CHECK_OK(cupel_sleep_until(1201));
    check_end(&sleeper, CUPEL_E_TIMEOUT);
    CHECK_STR(sleeper.text, "the deadline passed");
    cup_clock_thaw();
}

TASK_TEST(passed_deadline_answers_at_once)
{
    struct cup_waiter waiter;
    struct cup_list queue;

    cup_clock_freeze(1000);
    cup_list_init(&queue);
    cup_waiter_init(&waiter);
    cup_list_push(&queue, &waiter.link);
    CHECK_FAILS(cup_wait(&waiter, 1000), CUPEL_E_TIMEOUT);
    CHECK(cup_list_empty(&queue));
    CHECK_INT(cupel_now(), 1000);
    cup_clock_thaw();
}

TASK_TEST(cancellation_ends_the_wait)
{
    struct sleeper sleeper;

    begin(&sleeper, CUPEL_FOREVER);
    cup_task_cancel(sleeper.task);
    check_end(&sleeper, CUPEL_E_CANCELLED);
    CHECK_STR(sleeper.text, "the task was cancelled");
}

TASK_TEST(wake_up_wins_over_a_later_cancellation)
{
    struct sleeper sleeper;

    begin(&sleeper, CUPEL_FOREVER);
    cup_wake(&sleeper.waiter, CUPEL_OK);
    cup_task_cancel(sleeper.task);
    check_end(&sleeper, CUPEL_OK);
}

TASK_TEST(cancellation_wins_over_a_later_wake_up)
{
    struct sleeper sleeper;

    begin(&sleeper, CUPEL_FOREVER);
    cup_task_cancel(sleeper.task);
    CHECK(cup_list_empty(&sleeper.queue));
    cup_wake(&sleeper.waiter, CUPEL_OK);
    check_end(&sleeper, CUPEL_E_CANCELLED);
}

TASK_TEST(wake_up_wins_over_a_deadline_of_the_same_turn)
{
    struct sleeper sleeper;

    cup_clock_freeze(1000);
    begin(&sleeper, 1200);
    cup_wake(&sleeper.waiter, CUPEL_OK);
    cup_clock_advance(500);
    check_end(&sleeper, CUPEL_OK);
    cup_clock_thaw();
}

static cupel_status
wait_after_cancel(void *arg)
{
    int *answers = arg;
    int i;

    for (i = 0; i < 3; i++)
        if (cupel_sleep(3600 * 1000) == CUPEL_E_CANCELLED)
            ++*answers;
    return CUPEL_OK;
}

TASK_TEST(cancellation_is_sticky)
{
    struct cup_task *task;
    int answers = 0;

    CHECK_OK(cup_task_spawn(wait_after_cancel, &answers, NULL, NULL, &task));
    CHECK_OK(cupel_yield());
    cup_task_cancel(task);
    CHECK_OK(cupel_yield());
    CHECK_INT(answers, 3);
}

TEST(wait_outside_a_task_is_refused)
{
    struct cup_waiter waiter;
    struct cup_list queue;

    cup_list_init(&queue);
    cup_waiter_init(&waiter);
    cup_list_push(&queue, &waiter.link);
    CHECK_FAILS(cup_wait(&waiter, CUPEL_FOREVER), CUPEL_E_NOTASK);
    CHECK_STR(cupel_error_code(cupel_error_last()), "xd2s");
    CHECK(cup_list_empty(&queue));
}

static cupel_status
set_errno(void *arg)
{
    int i;

    for (i = 0; i < 5; i++) {
        errno = *(int *)arg;
        cup_ignore(cupel_yield(), "nobody cancels it");
        CHECK_INT(errno, *(int *)arg);
    }
    return CUPEL_OK;
}

TASK_TEST(errno_survives_a_wait)
{
    int first = EAGAIN, second = ENOENT;
    cupel_future *futures[] = { cupel_future_call(set_errno, &first),
                                cupel_future_call(set_errno, &second) };

    CHECK_OK(cupel_await(cupel_future_gather(futures, 2)));
}

static cupel_status
recurse(void *arg)
{
    struct cup_waiter waiter;
    int *depth = arg;

    if (*depth == 0)
        return CUPEL_OK;
    --*depth;
    cup_waiter_init(&waiter);
    cup_wake(&waiter, CUPEL_OK);
    CHECK_OK(cup_wait(&waiter, CUPEL_FOREVER));
    return recurse(arg);
}

TASK_TEST(waiters_need_no_memory)
{
    int depth = 100;

    CHECK_OK(recurse(&depth));
}

/* ---- The probe ---------------------------------------------------------- */

static cupel_status
three_yields(void *arg)
{
    cupel_status *answers = arg;
    int i;

    for (i = 0; i < 3; i++)
        answers[i] = cupel_yield();
    return CUPEL_OK;
}

/* Run three_yields() with a probe of the kind at its second wait. */
static void
probe_three(enum cup_probe_kind kind, cupel_status *answers)
{
    struct cup_probe probe = { .cancel_at = 2, .kind = kind };

    CHECK_OK(cup_task_spawn(three_yields, answers, NULL, NULL, &probe.task));
    cup_probe_set(&probe);
    while (cupel_loop_task_count(cupel_loop_current()) > 1)
        CHECK_OK(cupel_yield());
    cup_probe_set(NULL);
    CHECK_INT(probe.count, 3);
}

TASK_TEST(probe_cancels_before_during_or_after_a_wait)
{
    cupel_status answers[3];

    probe_three(CUP_PROBE_BEFORE, answers);
    CHECK_INT(answers[0], CUPEL_OK);
    CHECK_INT(answers[1], CUPEL_E_CANCELLED);
    CHECK_INT(answers[2], CUPEL_E_CANCELLED);
    probe_three(CUP_PROBE_AFTER, answers);
    CHECK_INT(answers[1], CUPEL_OK);
    CHECK_INT(answers[2], CUPEL_E_CANCELLED);
}

TASK_TEST(probe_cancels_a_parked_task)
{
    struct cup_probe probe = { .cancel_at = 1, .kind = CUP_PROBE_DURING };
    struct sleeper sleeper;

    cup_probe_set(&probe);
    memset(&sleeper, 0, sizeof sleeper);
    cup_waiter_init(&sleeper.waiter);
    cup_list_init(&sleeper.queue);
    cup_list_push(&sleeper.queue, &sleeper.waiter.link);
    sleeper.until = CUPEL_FOREVER;
    CHECK_OK(cup_task_spawn(wait_once, &sleeper, NULL, NULL, &sleeper.task));
    probe.task = sleeper.task;
    CHECK_OK(cupel_yield());
    check_end(&sleeper, CUPEL_E_CANCELLED);
    cup_probe_set(NULL);
}

TASK_TEST(probe_that_only_counts_changes_nothing)
{
    struct cup_probe probe = { 0 };

    cup_probe_set(&probe);
    CHECK_OK(cupel_yield());
    CHECK_OK(cupel_yield());
    CHECK_INT(probe.count, 2);
    cup_probe_set(NULL);
}

/* ---- Every order of wake-up, deadline and cancellation ------------------ */

enum { EVENT_WAKE, EVENT_DEADLINE, EVENT_CANCEL, EVENT_TURN, EVENTS };
enum { ROUNDS = UNDER_TSAN ? 20000 : 1000000 };

/* What the first event decides, unless only the clock was turned: then the
 * deadline answers when the loop next looks at it. */
static void
check_order(const int *events, const struct sleeper *sleeper, int count)
{
    bool due = false;
    int i;

    for (i = 0; i < count; i++) {
        if (events[i] == EVENT_DEADLINE)
            due = true;
        if (events[i] != EVENT_WAKE && events[i] != EVENT_CANCEL)
            continue;
        if (due && sleeper->rc == CUPEL_E_TIMEOUT)
            return;
        CHECK_INT(sleeper->rc,
                  events[i] == EVENT_WAKE ? CUPEL_OK : CUPEL_E_CANCELLED);
        return;
    }
    CHECK(due);
    CHECK_INT(sleeper->rc, CUPEL_E_TIMEOUT);
}

TASK_TEST(exactly_one_of_wake_up_deadline_and_cancellation_wins)
{
    struct sleeper sleeper;
    unsigned seed = 1;
    int events[6], round, i;

    cup_clock_freeze(1000);
    for (round = 0; round < ROUNDS; round++) {
        begin(&sleeper, cupel_now() + 100);
        for (i = 0; i < 6 && !sleeper.woke; i++) {
            events[i] = rand_r(&seed) % EVENTS;
            if (i == 5)
                events[i] = EVENT_WAKE;
            if (events[i] == EVENT_WAKE)
                cup_wake(&sleeper.waiter, CUPEL_OK);
            else if (events[i] == EVENT_DEADLINE)
                cup_clock_advance(100);
            else if (events[i] == EVENT_CANCEL)
                cup_task_cancel(sleeper.task);
            else
                CHECK_OK(cupel_yield());
        }
        while (!sleeper.woke)
            CHECK_OK(cupel_yield());
        check_order(events, &sleeper, i);
        CHECK(cup_list_empty(&sleeper.queue));
        CHECK_INT(sleeper.waiter.timer, 0);
    }
    cup_clock_thaw();
}
