/* SPDX-License-Identifier: MIT */
/* Loops: own ones, on a caller's uv loop, inside a foreign poll loop. */
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"
#include "unit/task/uv_tsan.h"

#include "base/error.h"

#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <uv.h>

static cupel_status
nap(void *arg)
{
    int *naps = arg;
    cupel_status rc = cupel_sleep(5);

    ++*naps;
    return rc;
}

static cupel_status
give_up(void *arg)
{
    (void)arg;
    return cup_error_set(CUPEL_E_INTEGRITY, "it did not fit");
}

TEST(run_returns_what_main_returned_and_leaves_its_error)
{
    int naps = 0;

    CHECK_FAILS(cupel_run(give_up, NULL), CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_text(), "it did not fit");
    CHECK_OK(cupel_run(nap, &naps));
    CHECK(cupel_loop_current() == NULL);
    CHECK_FAILS(cupel_run(NULL, NULL), CUPEL_E_ARGUMENT);
}

static cupel_status
start_naps(void *arg)
{
    int i;

    for (i = 0; i < 3; i++)
        CHECK_OK(cup_task_spawn(nap, arg, NULL, NULL, NULL));
    return CUPEL_OK;
}

TEST(run_waits_for_every_task)
{
    int naps = 0;

    CHECK_OK(cupel_run(start_naps, &naps));
    CHECK_INT(naps, 3);
}

TASK_TEST(loop_cannot_be_run_made_or_ended_inside_a_task)
{
    cupel_loop *loop = cupel_loop_current(), *other;
    int naps = 0;

    CHECK_FAILS(cupel_run(nap, &naps), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_loop_new(&other), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_loop_run(loop), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_loop_step(loop), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_loop_free(loop), CUPEL_E_INVALID);
}

TEST(thread_has_at_most_one_loop)
{
    cupel_loop *loop, *other;
    int naps = 0;

    CHECK_OK(cupel_loop_new(&loop));
    CHECK(cupel_loop_current() == loop);
    CHECK_FAILS(cupel_loop_new(&other), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_run(nap, &naps), CUPEL_E_INVALID);
    CHECK_OK(cupel_loop_free(loop));
    CHECK(cupel_loop_current() == NULL);
}

TEST(missing_arguments_are_errors)
{
    uv_loop_t uv;
    cupel_loop *loop;

    CHECK_FAILS(cupel_loop_new(NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_loop_new_on(NULL, &loop), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_loop_new_on(&uv, NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_loop_run(NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_loop_step(NULL), CUPEL_E_ARGUMENT);
    CHECK_INT(cupel_loop_fd(NULL), -1);
    CHECK_INT(cupel_loop_deadline(NULL), CUPEL_FOREVER);
    CHECK_INT(cupel_loop_task_count(NULL), 0);
    CHECK_OK(cupel_loop_free(NULL));
}

TEST(loop_with_tasks_cannot_be_freed)
{
    cupel_loop *loop;
    int naps = 0;

    CHECK_OK(cupel_loop_new(&loop));
    CHECK_OK(cup_task_spawn(nap, &naps, NULL, NULL, NULL));
    CHECK_FAILS(cupel_loop_free(loop), CUPEL_E_INVALID);
    CHECK(cupel_loop_current() == loop);
    CHECK_INT(cupel_loop_task_count(loop), 1);
    CHECK_OK(cupel_loop_run(loop));
    CHECK_INT(naps, 1);
    CHECK_OK(cupel_loop_free(loop));
}

static void
try_everything(struct cup_task *task, cupel_status rc, void *arg)
{
    cupel_loop *loop = cupel_loop_current();
    bool *tried = arg;

    (void)task;
    CHECK_OK(rc);
    CHECK_FAILS(cupel_loop_run(loop), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_loop_step(loop), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_loop_free(loop), CUPEL_E_INVALID);
    *tried = true;
}

TEST(callback_cannot_run_or_end_the_loop_that_calls_it)
{
    bool tried = false;
    cupel_loop *loop;
    int naps = 0;

    CHECK_OK(cupel_loop_new(&loop));
    CHECK_OK(cup_task_spawn(nap, &naps, try_everything, &tried, NULL));
    CHECK_OK(cupel_loop_run(loop));
    CHECK(tried);
    CHECK_OK(cupel_loop_free(loop));
}

/* libuv needs some for the whole process, which it takes for the first loop. */
TEST(loop_without_descriptors_is_a_clear_error)
{
    struct rlimit before, few;
    int naps = 0, failures = 0;
    cupel_status rc;

    CHECK_OK(cupel_run(nap, &naps));
    CHECK_INT(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    for (few.rlim_cur = 3; few.rlim_cur < 40; few.rlim_cur++) {
        CHECK_INT(setrlimit(RLIMIT_NOFILE, &few), 0);
        rc = cupel_run(nap, &naps);
        CHECK_INT(setrlimit(RLIMIT_NOFILE, &before), 0);
        CHECK(cupel_loop_current() == NULL);
        if (rc == CUPEL_OK)
            continue;
        CHECK_INT(rc, CUPEL_E_OPERATIONAL);
        CHECK(strstr(cupel_error_text(), "too many open files") != NULL);
        failures++;
    }
    CHECK(failures > 0 && failures < 37);
}

/* ---- Embedded in a poll loop -------------------------------------------- */

static void
poll_until_done(cupel_loop *loop)
{
    struct pollfd entry = { .fd = cupel_loop_fd(loop), .events = POLLIN };
    cupel_time left;

    while (cupel_loop_task_count(loop) > 0) {
        left = cupel_loop_deadline(loop) - cupel_now();
        if (left < 0)
            left = 0;
        CHECK(left <= 100);
        CHECK(poll(&entry, 1, (int)left) >= 0);
        CHECK_OK(cupel_loop_step(loop));
    }
}

TEST(foreign_poll_loop_can_drive_tasks)
{
    cupel_loop *loop;
    int naps = 0;

    CHECK_OK(cupel_loop_new(&loop));
    CHECK(cupel_loop_fd(loop) >= 0);
    CHECK_OK(cup_task_spawn(start_naps, &naps, NULL, NULL, NULL));
    poll_until_done(loop);
    CHECK_INT(naps, 3);
    CHECK_OK(cupel_loop_free(loop));
}

static void
work(void *arg)
{
    *(bool *)arg = true;
}

static cupel_status
offload(void *arg)
{
    return cupel_offload(work, NULL, arg, cupel_deadline_in(90));
}

TEST(worker_wakes_a_foreign_poll_loop)
{
    cupel_loop *loop;
    bool worked = false;

    CHECK_OK(cupel_loop_new(&loop));
    CHECK_OK(cup_task_spawn(offload, &worked, NULL, NULL, NULL));
    poll_until_done(loop);
    CHECK(worked);
    CHECK_OK(cupel_loop_free(loop));
}

static cupel_status
sleep_until(void *arg)
{
    return cupel_sleep_until(*(cupel_time *)arg);
}

TEST(deadline_tells_when_the_loop_wants_to_be_stepped)
{
    cupel_time until = cupel_now() + 50;
    cupel_loop *loop;

    CHECK_OK(cupel_loop_new(&loop));
    CHECK_INT(cupel_loop_deadline(loop), CUPEL_FOREVER);
    CHECK_OK(cup_task_spawn(sleep_until, &until, NULL, NULL, NULL));
    CHECK(cupel_loop_deadline(loop) <= cupel_now());
    CHECK_OK(cupel_loop_step(loop));
    CHECK_INT(cupel_loop_deadline(loop), until);
    poll_until_done(loop);
    CHECK(cupel_now() >= until);
    CHECK_OK(cupel_loop_step(loop));
    CHECK_INT(cupel_loop_deadline(loop), CUPEL_FOREVER);
    CHECK_OK(cupel_loop_free(loop));
}

TEST(frozen_loop_wants_to_be_stepped_while_it_can_jump)
{
    cupel_time until = 5000;
    cupel_loop *loop;

    cup_clock_freeze(1000);
    CHECK_OK(cupel_loop_new(&loop));
    CHECK_OK(cup_task_spawn(sleep_until, &until, NULL, NULL, NULL));
    while (cupel_loop_task_count(loop) > 0) {
        CHECK(cupel_loop_deadline(loop) <= cupel_now());
        CHECK_OK(cupel_loop_step(loop));
    }
    CHECK_INT(cupel_now(), 5000);
    CHECK_OK(cupel_loop_free(loop));
    cup_clock_thaw();
}

/* ---- On a caller's uv loop ---------------------------------------------- */

static uv_loop_t uv;

static void
close_uv(void)
{
    uv_run(&uv, UV_RUN_DEFAULT);
    CHECK_INT(uv_loop_close(&uv), 0);
}

TEST(callers_uv_loop_ends_when_no_task_is_left)
{
    cupel_loop *loop;
    int naps = 0;

    CHECK_INT(uv_loop_init(&uv), 0);
    CHECK_OK(cupel_loop_new_on(&uv, &loop));
    CHECK_INT(uv_run(&uv, UV_RUN_DEFAULT), 0);
    CHECK_OK(cup_task_spawn(start_naps, &naps, NULL, NULL, NULL));
    CHECK_INT(uv_run(&uv, UV_RUN_DEFAULT), 0);
    CHECK_INT(naps, 3);
    CHECK_FAILS(cupel_loop_run(loop), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_loop_step(loop), CUPEL_E_INVALID);
    CHECK_OK(cupel_loop_free(loop));
    close_uv();
}

static void
count_rounds(uv_prepare_t *prepare)
{
    ++*(int *)prepare->data;
}

static void
end_timer(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, NULL);
}

TEST(loop_without_tasks_does_not_keep_its_callers_loop_busy)
{
    uv_prepare_t prepare;
    uv_timer_t timer;
    cupel_loop *loop;
    int naps = 0, rounds = 0;

    CHECK_INT(uv_loop_init(&uv), 0);
    CHECK_OK(cupel_loop_new_on(&uv, &loop));
    CHECK_OK(cup_task_spawn(nap, &naps, NULL, NULL, NULL));
    CHECK_INT(uv_run(&uv, UV_RUN_DEFAULT), 0);
    uv_timer_init(&uv, &timer);
    uv_timer_start(&timer, end_timer, 20, 0);
    uv_prepare_init(&uv, &prepare);
    prepare.data = &rounds;
    uv_prepare_start(&prepare, count_rounds);
    uv_unref((uv_handle_t *)&prepare);
    uv_run(&uv, UV_RUN_DEFAULT);
    CHECK(rounds <= 3);
    uv_close((uv_handle_t *)&prepare, NULL);
    CHECK_OK(cupel_loop_free(loop));
    close_uv();
}

static void
spawn_nap(uv_prepare_t *prepare)
{
    CHECK_OK(cup_task_spawn(nap, prepare->data, NULL, NULL, NULL));
    uv_close((uv_handle_t *)prepare, NULL);
}

/* libuv calls it after ours, right before it would block. */
TEST(task_spawned_in_a_callers_callback_runs_at_once)
{
    uv_prepare_t prepare;
    cupel_loop *loop;
    int naps = 0;

    CHECK_INT(uv_loop_init(&uv), 0);
    uv_prepare_init(&uv, &prepare);
    prepare.data = &naps;
    CHECK_OK(cupel_loop_new_on(&uv, &loop));
    uv_prepare_start(&prepare, spawn_nap);
    uv_run(&uv, UV_RUN_DEFAULT);
    CHECK_INT(naps, 1);
    CHECK_OK(cupel_loop_free(loop));
    close_uv();
}

static void
free_loop(cupel_status status, const cupel_error *error, void *arg)
{
    CHECK_OK(status);
    CHECK(error == NULL);
    CHECK_OK(cupel_loop_free(*(cupel_loop **)arg));
    *(cupel_loop **)arg = NULL;
}

TEST(last_callback_may_free_a_loop_on_a_callers_uv_loop)
{
    cupel_loop *loop;
    int naps = 0;

    CHECK_INT(uv_loop_init(&uv), 0);
    CHECK_OK(cupel_loop_new_on(&uv, &loop));
    cupel_future_then(cupel_future_call(nap, &naps), free_loop, &loop);
    CHECK_INT(uv_run(&uv, UV_RUN_DEFAULT), 0);
    CHECK_INT(naps, 1);
    CHECK(loop == NULL && cupel_loop_current() == NULL);
    close_uv();
}

/* ---- Other threads ------------------------------------------------------ */

static void *
misuse(void *arg)
{
    cupel_loop *loop = arg;
    long wrong = 0;

    wrong += cupel_loop_run(loop) != CUPEL_E_THREAD;
    wrong += cupel_loop_step(loop) != CUPEL_E_THREAD;
    wrong += cupel_loop_free(loop) != CUPEL_E_THREAD;
    wrong += cupel_loop_deadline(loop) != CUPEL_FOREVER;
    wrong += cupel_loop_task_count(loop) != 0;
    wrong += cupel_error_status(cupel_error_last()) != CUPEL_E_THREAD;
    return wrong == 0 ? NULL : arg;
}

TEST(loop_of_another_thread_is_refused)
{
    void *wrong = NULL;
    pthread_t thread;
    cupel_loop *loop;

    CHECK_OK(cupel_loop_new(&loop));
    CHECK_INT(pthread_create(&thread, NULL, misuse, loop), 0);
    CHECK_INT(pthread_join(thread, &wrong), 0);
    CHECK(wrong == NULL);
    CHECK_OK(cupel_loop_free(loop));
}

static void *
run_naps(void *arg)
{
    return cupel_run(start_naps, arg) == CUPEL_OK ? NULL : arg;
}

TEST(threads_have_loops_of_their_own)
{
    pthread_t threads[4];
    int naps[4] = { 0 }, i;
    void *wrong = NULL;

    for (i = 0; i < 4; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, run_naps, &naps[i]), 0);
    for (i = 0; i < 4; i++) {
        CHECK_INT(pthread_join(threads[i], &wrong), 0);
        CHECK(wrong == NULL);
        CHECK_INT(naps[i], 3);
    }
}
