/* SPDX-License-Identifier: MIT */
/* Many futures as one. */
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"

#include "base/error.h"

#include <stdio.h>

/* A child: sleeps, then answers. */
struct child {
    int64_t span_ms;
    cupel_status rc;
    const char *text;
    bool began;
    bool ended;
    cupel_status slept;
};

static cupel_status
run_child(void *arg)
{
    struct child *child = arg;

    child->began = true;
    child->slept = cupel_sleep(child->span_ms);
    child->ended = true;
    if (child->slept != CUPEL_OK)
        return child->slept;
    if (child->rc != CUPEL_OK)
        return cup_error_set(child->rc, "%s", child->text);
    return CUPEL_OK;
}

static cupel_future *
gather(struct child *children, size_t count)
{
    cupel_future *futures[8];
    size_t i;

    for (i = 0; i < count; i++)
        futures[i] = cupel_future_call(run_child, &children[i]);
    return cupel_future_gather(futures, count);
}

TASK_TEST(gathered_futures_run_at_once)
{
    struct child children[] = { { .span_ms = 300 },
                                { .span_ms = 100 },
                                { .span_ms = 200 } };
    cupel_future *all = gather(children, 3);

    cup_clock_freeze(1000);
    CHECK_OK(cupel_yield());
    CHECK(!children[0].began);
    CHECK_OK(cupel_await(all));
    CHECK_INT(cupel_now(), 1300);
    CHECK(children[0].ended && children[1].ended && children[2].ended);
    cup_clock_thaw();
}

TASK_TEST(first_failure_in_the_order_given_is_the_answer)
{
    struct child children[] = {
        { .span_ms = 300 },
        { .span_ms = 200, .rc = CUPEL_E_DATA, .text = "second" },
        { .span_ms = 100, .rc = CUPEL_E_INTEGRITY, .text = "third" }
    };

    cup_clock_freeze(1000);
    CHECK_FAILS(cupel_await(gather(children, 3)), CUPEL_E_DATA);
    CHECK_STR(cupel_error_text(), "second");
    CHECK(children[0].ended);
    CHECK_INT(children[0].slept, CUPEL_OK);
    cup_clock_thaw();
}

TASK_TEST(gather_of_nothing_is_done_at_once)
{
    CHECK_OK(cupel_await(cupel_future_gather(NULL, 0)));
    CHECK(cupel_future_gather(NULL, 3) == NULL);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_ARGUMENT);
}

TASK_TEST(null_child_answers_no_memory)
{
    struct child child = { .span_ms = 1 };
    cupel_future *futures[] = { cupel_future_call(run_child, &child), NULL };

    CHECK_FAILS(cupel_await(cupel_future_gather(futures, 2)), CUPEL_E_NOMEM);
    CHECK(child.ended);
}

TASK_TEST(children_that_run_already_can_be_gathered)
{
    struct child children[] = { { .span_ms = 5 }, { .span_ms = 0 } };
    cupel_future *futures[2];
    int i;

    for (i = 0; i < 2; i++) {
        futures[i] = cupel_future_call(run_child, &children[i]);
        CHECK_OK(cupel_future_spawn(futures[i]));
    }
    while (!cupel_future_done(futures[1]))
        CHECK_OK(cupel_yield());
    CHECK_OK(cupel_await(cupel_future_gather(futures, 2)));
    CHECK(children[0].ended);
}

TASK_TEST(cancelled_gather_cancels_its_children_and_waits_for_them)
{
    struct child children[] = { { .span_ms = 3600 * 1000 },
                                { .span_ms = 3600 * 1000 } };
    cupel_future *all = gather(children, 2);

    CHECK_OK(cupel_future_spawn(all));
    CHECK_OK(cupel_yield());
    CHECK_OK(cupel_yield());
    CHECK(children[1].began);
    cupel_future_cancel(all);
    CHECK_FAILS(cupel_await(all), CUPEL_E_CANCELLED);
    CHECK_INT(children[0].slept, CUPEL_E_CANCELLED);
    CHECK_INT(children[1].slept, CUPEL_E_CANCELLED);
}

TASK_TEST(deadline_of_a_gather_is_reported_as_one)
{
    struct child children[] = { { .span_ms = 500 }, { .span_ms = 50 } };

    cup_clock_freeze(1000);
    CHECK_FAILS(cupel_await(cupel_future_wait_for(gather(children, 2), 1100)),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    CHECK_INT(children[0].slept, CUPEL_E_CANCELLED);
    CHECK_INT(children[1].slept, CUPEL_OK);
    CHECK_STR(cupel_error_text(), "the deadline passed");
    cup_clock_thaw();
}

TASK_TEST(shielded_child_outlasts_the_cancellation_of_its_gather)
{
    struct child children[] = { { .span_ms = 100 }, { .span_ms = 100 } };
    cupel_future *futures[] = { cupel_future_shield(
                                    cupel_future_call(run_child, &children[0])),
                                cupel_future_call(run_child, &children[1]) };
    cupel_future *all = cupel_future_gather(futures, 2);

    cup_clock_freeze(1000);
    CHECK_OK(cupel_future_spawn(all));
    CHECK_OK(cupel_yield());
    CHECK_OK(cupel_yield());
    cupel_future_cancel(all);
    CHECK_FAILS(cupel_await(all), CUPEL_E_CANCELLED);
    CHECK_INT(cupel_now(), 1100);
    CHECK_INT(children[0].slept, CUPEL_OK);
    CHECK_INT(children[1].slept, CUPEL_E_CANCELLED);
    cup_clock_thaw();
}

TASK_TEST(dropped_gather_drops_its_children)
{
    struct child children[] = { { .span_ms = 1 }, { .span_ms = 1 } };

    cupel_future_free(gather(children, 2));
    CHECK_OK(cupel_sleep(5));
    CHECK(!children[0].began && !children[1].began);
}

TASK_TEST(gathers_nest)
{
    struct child inner[] = {
        { .span_ms = 5 }, { .span_ms = 5, .rc = CUPEL_E_DATA, .text = "inner" }
    };
    struct child outer[] = { { .span_ms = 1 } };
    cupel_future *futures[] = { gather(outer, 1), gather(inner, 2) };

    CHECK_FAILS(cupel_await(cupel_future_gather(futures, 2)), CUPEL_E_DATA);
    CHECK_STR(cupel_error_text(), "inner");
}

TASK_TEST(future_cannot_be_gathered_twice)
{
    struct child child = { .span_ms = 1 };
    cupel_future *future = cupel_future_call(run_child, &child);
    cupel_future *twice[] = { future, future };

    CHECK(cupel_future_gather(twice, 2) == NULL);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INVALID);
    CHECK(!child.began);
    future = cupel_future_call(run_child, &child);
    cupel_future_free(cupel_future_gather(&future, 1));
}

TASK_TEST(gathered_future_belongs_to_its_gather)
{
    struct child child = { .span_ms = 1 };
    cupel_future *future = cupel_future_call(run_child, &child);
    cupel_future *all = cupel_future_gather(&future, 1);

    CHECK_FAILS(cupel_await(future), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_future_spawn(future), CUPEL_E_INVALID);
    cupel_future_free(future);
    CHECK_OK(cupel_await(all));
}

TASK_TEST(many_children_need_memory_of_their_own)
{
    enum { MANY = 500 };
    static struct child children[MANY];
    cupel_future *futures[MANY];
    int i;

    for (i = 0; i < MANY; i++) {
        children[i] = (struct child){ .span_ms = i % 7 };
        futures[i] = cupel_future_call(run_child, &children[i]);
    }
    CHECK_OK(cupel_await(cupel_future_gather(futures, MANY)));
    for (i = 0; i < MANY; i++)
        CHECK(children[i].ended);
}
