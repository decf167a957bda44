/* SPDX-License-Identifier: MIT */
/* Futures: cold, awaited, spawned, with options. */
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"
#include "unit/task/trace.h"

#include <stdlib.h>

/* ---- Making ------------------------------------------------------------- */

TASK_TEST(self_is_zeroed_and_aligned_even_in_used_memory)
{
    cupel_future *future;
    void *self;
    int i, j;

    for (i = 0; i < 3; i++) {
        future = cup_future_new(give_up, NULL, 512, &self);
        CHECK(future != NULL);
        CHECK_INT((uintptr_t)self % _Alignof(max_align_t), 0);
        for (j = 0; j < 512; j++)
            CHECK_INT(((char *)self)[j], 0);
        memset(self, 1, 512);
        cupel_future_free(future);
    }
}

TASK_TEST(arena_lives_as_long_as_the_future)
{
    struct trace trace;
    cupel_future *future = make(&trace, 0);
    char *text = cup_arena_strndup(cup_future_arena(future), "hello", 5);

    CHECK_STR(text, "hello");
    CHECK((char *)text > (char *)future);
    CHECK(cup_arena_alloc(cup_future_arena(future), 100000) != NULL);
    CHECK_STR(text, "hello");
    CHECK_OK(cupel_await(future));
}

TEST(future_without_a_function_is_an_error)
{
    CHECK(cupel_future_call(NULL, NULL) == NULL);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_ARGUMENT);
}

/* ---- Awaiting ----------------------------------------------------------- */

TASK_TEST(cold_future_runs_on_the_stack_of_who_awaits_it)
{
    size_t tasks = cupel_loop_task_count(cupel_loop_current());
    struct trace trace;
    cupel_future *future = make(&trace, 1);

    CHECK_OK(cupel_yield());
    CHECK_INT(trace.runs, 0);
    CHECK(!cupel_future_done(future));
    CHECK_OK(cupel_await(future));
    CHECK_INT(trace.runs, 1);
    CHECK_INT(trace.drops, 1);
    CHECK_INT(cupel_loop_task_count(cupel_loop_current()), tasks);
}

TASK_TEST(await_leaves_the_error_in_the_task)
{
    cupel_future *future;

    CHECK_FAILS(cupel_await(cupel_future_call(give_up, NULL)),
                CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_text(), "it did not fit");
    cup_error_give(NULL);
    future = cupel_future_call(give_up, NULL);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_FAILS(cupel_await(future), CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_text(), "it did not fit");
}

TASK_TEST(success_leaves_an_older_error_alone)
{
    struct trace trace;
    cupel_future *future = make(&trace, 1);

    cup_ignore(give_up(NULL), "the record is what this is about");
    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_await(future));
    CHECK_STR(cupel_error_text(), "it did not fit");
}

TEST(await_outside_a_task_drops_a_cold_future)
{
    struct trace trace;

    CHECK_FAILS(cupel_await(make(&trace, 0)), CUPEL_E_NOTASK);
    CHECK_INT(trace.runs, 0);
    CHECK_INT(trace.drops, 1);
}

TASK_TEST(spawned_future_runs_beside_its_maker)
{
    struct trace trace;
    cupel_future *future = make(&trace, 1);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_INT(trace.runs, 0);
    CHECK_OK(cupel_yield());
    CHECK_INT(trace.runs, 1);
    CHECK(!cupel_future_done(future));
    CHECK_FAILS(cupel_future_spawn(future), CUPEL_E_INVALID);
    CHECK_OK(cupel_await(future));
    CHECK_INT(trace.drops, 1);
}

TASK_TEST(ended_future_is_awaited_without_waiting)
{
    struct trace trace;
    cupel_future *future = make(&trace, 0);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    CHECK(cupel_future_done(future));
    cup_task_cancel(cup_task_current());
    CHECK_OK(cupel_await(future));
}

TEST(spawning_needs_a_loop)
{
    struct trace trace;
    cupel_future *future = make(&trace, 0);

    CHECK_FAILS(cupel_future_spawn(future), CUPEL_E_INVALID);
    cupel_future_free(future);
    CHECK_INT(trace.drops, 1);
}

static cupel_status
await_it(void *arg)
{
    return cupel_await(arg);
}

TASK_TEST(second_awaiter_is_refused)
{
    struct trace trace;
    cupel_future *future = make(&trace, 5);
    cupel_future *awaiter = cupel_future_call(await_it, future);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_future_spawn(awaiter));
    CHECK_OK(cupel_yield());
    CHECK_FAILS(cupel_await(future), CUPEL_E_INVALID);
    cupel_future_free(future);
    CHECK_INT(trace.drops, 0);
    CHECK_OK(cupel_await(awaiter));
    CHECK_INT(trace.drops, 1);
}

/* ---- Cancellation ------------------------------------------------------- */

TASK_TEST(cancelled_cold_future_never_runs)
{
    struct trace trace;
    cupel_future *future = make(&trace, 1);

    cupel_future_cancel(future);
    CHECK_FAILS(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK_INT(trace.runs, 0);
    CHECK_INT(trace.drops, 1);
    future = make(&trace, 1);
    cupel_future_cancel(future);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_FAILS(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK_INT(trace.runs, 0);
}

TASK_TEST(cancelled_running_future_ends_at_its_wait)
{
    struct trace trace;
    cupel_future *future = make(&trace, 3600 * 1000);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    cupel_future_cancel(future);
    CHECK_FAILS(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK_INT(trace.slept, CUPEL_E_CANCELLED);
    CHECK(!cupel_cancelled());
}

TASK_TEST(cancelling_an_ended_future_changes_nothing)
{
    struct trace trace;
    cupel_future *future = make(&trace, 0);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    cupel_future_cancel(future);
    CHECK_OK(cupel_await(future));
}

TASK_TEST(cancelled_awaiter_cancels_the_future_and_waits_for_it)
{
    struct trace trace;
    cupel_future *future = make(&trace, 3600 * 1000);
    cupel_future *awaiter = cupel_future_call(await_it, future);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_future_spawn(awaiter));
    CHECK_OK(cupel_yield());
    cupel_future_cancel(awaiter);
    CHECK_FAILS(cupel_await(awaiter), CUPEL_E_CANCELLED);
    CHECK_INT(trace.slept, CUPEL_E_CANCELLED);
    CHECK_INT(trace.drops, 1);
}

static cupel_status
await_twice(void *arg)
{
    cupel_status rc = cupel_await(arg);

    CHECK_FAILS(cupel_yield(), CUPEL_E_CANCELLED);
    return rc;
}

TASK_TEST(future_that_ends_in_spite_of_cancellation_answers)
{
    struct trace trace;
    cupel_future *future = cupel_future_shield(make(&trace, 50));
    cupel_future *awaiter = cupel_future_call(await_twice, future);

    cup_clock_freeze(1000);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_future_spawn(awaiter));
    CHECK_OK(cupel_yield());
    cupel_future_cancel(awaiter);
    CHECK_OK(cupel_await(awaiter));
    CHECK_INT(cupel_now(), 1050);
    CHECK_INT(trace.slept, CUPEL_OK);
    cup_clock_thaw();
}

/* ---- Shields and deadlines ---------------------------------------------- */

TASK_TEST(shield_holds_the_awaiters_cancellation_back)
{
    struct trace trace;
    cupel_future *future = cupel_future_shield(make(&trace, 5));

    cup_task_cancel(cup_task_current());
    CHECK_OK(cupel_await(future));
    CHECK_INT(trace.slept, CUPEL_OK);
    CHECK_FAILS(cupel_yield(), CUPEL_E_CANCELLED);
}

TASK_TEST(shielded_running_future_holds_its_own_cancellation_back)
{
    struct trace trace;
    cupel_future *future = cupel_future_shield(make(&trace, 5));

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    cupel_future_cancel(future);
    CHECK_OK(cupel_await(future));
}

TASK_TEST(deadline_of_a_future_ends_its_waits)
{
    struct trace trace;

    cup_clock_freeze(1000);
    CHECK_FAILS(cupel_await(cupel_future_wait_for(make(&trace, 500), 1100)),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    CHECK_STR(cupel_error_text(), "the deadline passed");
    CHECK_OK(cupel_sleep(10));
    CHECK_FAILS(cupel_await(cupel_future_wait_for(
                    cupel_future_wait_for(make(&trace, 500), 1200), 1300)),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1200);
    cup_clock_thaw();
}

TASK_TEST(deadline_of_a_spawned_future_counts_too)
{
    struct trace trace;
    cupel_future *future;

    cup_clock_freeze(1000);
    future = cupel_future_wait_for(make(&trace, 500), 1100);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_FAILS(cupel_await(future), CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    cup_clock_thaw();
}

TASK_TEST(deadline_of_the_awaiter_cancels_a_spawned_future)
{
    struct trace trace;
    cupel_future *future;

    cup_clock_freeze(1000);
    future = make(&trace, 500);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_FAILS(cupel_await(cupel_future_wait_for(
                    cupel_future_call(await_it, future), 1100)),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    CHECK_INT(trace.slept, CUPEL_E_CANCELLED);
    CHECK_STR(cupel_error_text(), "the deadline passed");
    cup_clock_thaw();
}

TASK_TEST(shielded_future_obeys_its_own_deadline)
{
    struct trace trace;

    cup_clock_freeze(1000);
    cup_task_cancel(cup_task_current());
    CHECK_FAILS(cupel_await(cupel_future_shield(
                    cupel_future_wait_for(make(&trace, 500), 1100))),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1100);
    cup_clock_thaw();
}

TASK_TEST(options_of_a_started_future_cannot_be_set)
{
    struct trace trace;
    cupel_future *future = make(&trace, 5);

    CHECK_OK(cupel_future_spawn(future));
    CHECK(cupel_future_shield(future) == future);
    CHECK(cupel_future_wait_for(future, 0) == future);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INVALID);
    CHECK_OK(cupel_await(future));
}

/* ---- Memory ------------------------------------------------------------- */

/* Counts what the library takes, and fails from the `fail_at`-th on. */
struct meter {
    long taken;
    long held;
    long fail_at; /* 0: never */
};

static void *
meter_allocate(void *context, size_t size)
{
    struct meter *meter = context;

    if (++meter->taken == meter->fail_at)
        return NULL;
    meter->held++;
    return malloc(size);
}

static void *
meter_reallocate(void *context, void *memory, size_t size)
{
    struct meter *meter = context;

    if (++meter->taken == meter->fail_at)
        return NULL;
    if (memory == NULL)
        meter->held++;
    return realloc(memory, size);
}

static void
meter_release(void *context, void *memory)
{
    struct meter *meter = context;

    if (memory != NULL)
        meter->held--;
    free(memory);
}

static void
meter_begin(struct meter *meter)
{
    struct cupel_allocator allocator = { .struct_size = sizeof allocator,
                                         .context = meter,
                                         .allocate = meter_allocate,
                                         .reallocate = meter_reallocate,
                                         .release = meter_release };

    cupel_allocator_set(&allocator);
}

static cupel_status
do_nothing(void *arg)
{
    (void)arg;
    return CUPEL_OK;
}

static cupel_status
make_and_await(void *arg)
{
    cupel_status rc = cupel_await(cupel_future_call(do_nothing, arg));
    cupel_future *future;

    if (rc != CUPEL_OK)
        return rc;
    cupel_future_free(cupel_future_call(do_nothing, arg));
    future = cupel_future_call(do_nothing, arg);
    rc = cupel_future_spawn(future);
    if (rc != CUPEL_OK) {
        cupel_future_free(future);
        return rc;
    }
    return cupel_await(future);
}

TASK_TEST(warm_futures_allocate_nothing)
{
    struct meter meter = { 0 };
    int i;

    CHECK_OK(make_and_await(NULL));
    meter_begin(&meter);
    for (i = 0; i < 1000; i++)
        CHECK_INT(make_and_await(NULL), CUPEL_OK);
    cupel_allocator_set(NULL);
    CHECK_INT(meter.taken, 0);
}

TEST(every_failed_allocation_is_reported_and_nothing_leaks)
{
    struct meter meter = { 0 };
    cupel_status rc = CUPEL_E_NOMEM;

    cup_error_give(NULL);
    while (rc != CUPEL_OK) {
        meter.taken = 0;
        meter.fail_at++;
        meter_begin(&meter);
        rc = cupel_run(make_and_await, NULL);
        cupel_allocator_set(NULL);
        CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
        CHECK_INT(meter.held, 0);
    }
    CHECK(meter.fail_at > 3);
}
