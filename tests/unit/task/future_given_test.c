/* SPDX-License-Identifier: MIT */
/* Futures that are given away: to a callback, to nobody, to another thread. */
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"
#include "unit/task/trace.h"

#include <pthread.h>

/* ---- Callbacks ---------------------------------------------------------- */

struct answer {
    cupel_status status;
    int calls;
    bool in_task;
    char text[64];
};

static void
note_answer(cupel_status status, const cupel_error *error, void *arg)
{
    struct answer *answer = arg;

    answer->status = status;
    answer->calls++;
    answer->in_task = cupel_in_task();
    if (error != NULL)
        strncpy(answer->text, cupel_error_message(error),
                sizeof answer->text - 1);
}

TEST(callback_comes_on_the_loop_after_the_end)
{
    struct answer answer = { 0 };
    struct trace trace;
    cupel_loop *loop;

    CHECK_OK(cupel_loop_new(&loop));
    cupel_future_then(make(&trace, 1), note_answer, &answer);
    CHECK_INT(answer.calls, 0);
    CHECK_OK(cupel_loop_run(loop));
    CHECK_INT(answer.calls, 1);
    CHECK_INT(answer.status, CUPEL_OK);
    CHECK_STR(answer.text, "");
    CHECK(!answer.in_task);
    CHECK_INT(trace.drops, 1);
    cupel_future_then(cupel_future_call(give_up, NULL), note_answer, &answer);
    CHECK_OK(cupel_loop_run(loop));
    CHECK_INT(answer.status, CUPEL_E_INTEGRITY);
    CHECK_STR(answer.text, "it did not fit");
    CHECK_OK(cupel_loop_free(loop));
}

TASK_TEST(callback_of_an_ended_future_still_comes_later)
{
    struct answer answer = { 0 };
    struct trace trace;
    cupel_future *future = make(&trace, 0);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    CHECK(cupel_future_done(future));
    cupel_future_then(future, note_answer, &answer);
    CHECK_INT(answer.calls, 0);
    CHECK_OK(cupel_sleep(1));
    CHECK_INT(answer.calls, 1);
    CHECK(!answer.in_task);
    CHECK_INT(trace.drops, 1);
}

TEST(callback_without_a_loop_comes_right_away)
{
    struct answer answer = { 0 };
    struct trace trace;

    cupel_future_then(make(&trace, 1), note_answer, &answer);
    CHECK_INT(answer.calls, 1);
    CHECK_INT(answer.status, CUPEL_E_INVALID);
    CHECK_INT(trace.runs, 0);
    CHECK_INT(trace.drops, 1);
}

TASK_TEST(callback_may_be_left_out)
{
    struct trace trace;

    cup_clock_freeze(1000);
    cupel_future_then(make(&trace, 1), NULL, NULL);
    CHECK_OK(cupel_sleep(5));
    CHECK_INT(trace.runs, 1);
    CHECK_INT(trace.drops, 1);
    cup_clock_thaw();
}

TASK_TEST(future_given_away_cannot_be_given_again)
{
    struct answer first = { 0 }, second = { 0 };
    struct trace trace;
    cupel_future *future = make(&trace, 5);

    cup_clock_freeze(1000);
    cupel_future_then(future, note_answer, &first);
    cupel_future_then(future, note_answer, &second);
    CHECK_INT(second.status, CUPEL_E_INVALID);
    CHECK_FAILS(cupel_await(future), CUPEL_E_INVALID);
    cupel_future_free(future);
    CHECK_OK(cupel_sleep(10));
    CHECK_INT(first.calls, 1);
    CHECK_INT(first.status, CUPEL_OK);
    cup_clock_thaw();
}

TASK_TEST(future_with_a_callback_can_be_cancelled)
{
    struct answer answer = { 0 };
    struct trace trace;
    cupel_future *future = make(&trace, 3600 * 1000);

    cupel_future_then(future, note_answer, &answer);
    CHECK_OK(cupel_yield());
    cupel_future_cancel(future);
    CHECK_OK(cupel_yield());
    CHECK_INT(answer.status, CUPEL_E_CANCELLED);
    CHECK_STR(answer.text, "the task was cancelled");
}

/* ---- Dropping ----------------------------------------------------------- */

TASK_TEST(dropped_running_future_is_cancelled_and_frees_itself)
{
    struct trace trace;
    cupel_future *future = make(&trace, 3600 * 1000);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    cupel_future_free(future);
    CHECK_INT(trace.drops, 0);
    CHECK_OK(cupel_yield());
    CHECK_INT(trace.slept, CUPEL_E_CANCELLED);
    CHECK_INT(trace.drops, 1);
}

TASK_TEST(dropped_ended_future_just_goes)
{
    struct trace trace;
    cupel_future *future = make(&trace, 0);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    cupel_future_free(future);
    CHECK_INT(trace.drops, 1);
}

TASK_TEST(null_future_answers_no_memory_everywhere)
{
    struct answer answer = { 0 };

    CHECK_FAILS(cupel_await(NULL), CUPEL_E_NOMEM);
    CHECK_FAILS(cupel_future_spawn(NULL), CUPEL_E_NOMEM);
    cupel_future_then(NULL, note_answer, &answer);
    CHECK_INT(answer.calls, 1);
    CHECK_INT(answer.status, CUPEL_E_NOMEM);
    CHECK_STR(answer.text, "out of memory");
    cupel_future_then(NULL, NULL, NULL);
    cupel_future_cancel(NULL);
    CHECK(cupel_future_done(NULL));
    CHECK(cupel_future_shield(NULL) == NULL);
    CHECK(cupel_future_wait_for(NULL, 0) == NULL);
    cupel_future_free(NULL);
}

/* ---- Another thread ----------------------------------------------------- */

static cupel_status
misuse_in_task(void *arg)
{
    CHECK_FAILS(cupel_await(arg), CUPEL_E_THREAD);
    return CUPEL_OK;
}

static void *
misuse(void *arg)
{
    struct answer answer = { 0 };
    long wrong = 0;

    wrong += cupel_run(misuse_in_task, arg) != CUPEL_OK;
    cupel_future_then(arg, note_answer, &answer);
    wrong += answer.status != CUPEL_E_THREAD;
    cupel_future_cancel(arg);
    cupel_future_free(arg);
    return wrong == 0 ? NULL : arg;
}

TASK_TEST(running_future_is_refused_on_another_thread)
{
    struct trace trace;
    cupel_future *future = make(&trace, 5);
    void *wrong = NULL;
    pthread_t thread;

    CHECK_OK(cupel_future_spawn(future));
    CHECK_INT(pthread_create(&thread, NULL, misuse, future), 0);
    CHECK_INT(pthread_join(thread, &wrong), 0);
    CHECK(wrong == NULL);
    CHECK_OK(cupel_await(future));
}
