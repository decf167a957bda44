/* SPDX-License-Identifier: MIT */
/* What happens in a round of the loop, and when. */
#include "support/test.h"
#include "task/fd.h"
#include "task/inner.h"

#include <fcntl.h>
#include <unistd.h>

static void
spin(int span_ms)
{
    cupel_time end = cupel_now() + span_ms;

    while (cupel_now() < end)
        continue;
}

static cupel_status
sleep_for(void *arg)
{
    cupel_time start = cupel_now();
    int *span_ms = arg;
    cupel_status rc = cupel_sleep(*span_ms);

    *span_ms = (int)(cupel_now() - start);
    return rc;
}

TASK_TEST(deadline_made_after_long_work_is_not_early)
{
    cupel_time start;

    spin(200);
    start = cupel_now();
    CHECK_OK(cupel_sleep(100));
    CHECK(cupel_now() - start >= 100);
}

TASK_TEST(deadline_made_before_long_work_is_not_late)
{
    int span_ms = 300;
    cupel_future *future = cupel_future_call(sleep_for, &span_ms);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    spin(250);
    CHECK_OK(cupel_await(future));
    CHECK(span_ms >= 300);
    CHECK(span_ms < 500);
}

static cupel_status
yield_until(void *arg)
{
    bool *stop = arg;

    while (!*stop)
        CHECK_OK(cupel_yield());
    return CUPEL_OK;
}

TASK_TEST(ready_tasks_do_not_starve_descriptors_or_deadlines)
{
    cupel_group *group = cupel_group_new();
    bool stop = false;
    struct cup_fd *fd;
    int ends[2];

    CHECK_INT(pipe(ends), 0);
    CHECK_OK(cupel_group_spawn(group, yield_until, &stop));
    CHECK_OK(cupel_group_spawn(group, yield_until, &stop));
    CHECK_OK(cup_fd_open(ends[0], &fd));
    CHECK_INT(write(ends[1], "x", 1), 1);
    CHECK_OK(cup_fd_wait(fd, CUP_READABLE, CUPEL_FOREVER, NULL));
    CHECK_OK(cupel_sleep(2));
    stop = true;
    CHECK_OK(cupel_group_wait(group));
    cup_fd_close(fd);
    close(ends[0]);
    close(ends[1]);
}

/* How many tasks ran between two looks at the world. */
struct burst {
    uv_check_t check;
    int since;
    int most;
    bool stop;
};

static void
end_burst(uv_check_t *check)
{
    struct burst *burst = check->data;

    if (burst->since > burst->most)
        burst->most = burst->since;
    burst->since = 0;
}

static cupel_status
count_turns(void *arg)
{
    struct burst *burst = arg;
    int i;

    for (i = 0; i < 20; i++) {
        burst->since++;
        CHECK_OK(cupel_yield());
    }
    return CUPEL_OK;
}

TEST(turn_runs_a_bounded_number_of_tasks)
{
    struct burst burst = { .since = 0 };
    cupel_loop *loop;
    uv_loop_t uv;
    int i;

    CHECK_INT(uv_loop_init(&uv), 0);
    uv_check_init(&uv, &burst.check);
    burst.check.data = &burst;
    uv_check_start(&burst.check, end_burst);
    uv_unref((uv_handle_t *)&burst.check);
    CHECK_OK(cupel_loop_new_on(&uv, &loop));
    for (i = 0; i < 1000; i++)
        CHECK_OK(cup_task_spawn(count_turns, &burst, NULL, NULL, NULL));
    uv_run(&uv, UV_RUN_DEFAULT);
    CHECK_INT(cupel_loop_task_count(loop), 0);
    CHECK(burst.most > 0);
    CHECK(burst.most <= 2 * CUP_TURN_TASKS);
    CHECK_OK(cupel_loop_free(loop));
    uv_close((uv_handle_t *)&burst.check, NULL);
    uv_run(&uv, UV_RUN_DEFAULT);
    CHECK_INT(uv_loop_close(&uv), 0);
}

/* ---- Calls and holds ---------------------------------------------------- */

struct note {
    struct cup_later later;
    int calls;
    bool in_task;
};

static void
note_call(struct cup_later *later)
{
    struct note *note = CUP_CONTAINER(later, struct note, later);

    note->calls++;
    note->in_task = cupel_in_task();
}

TASK_TEST(later_call_comes_once_and_outside_tasks)
{
    struct cupel_loop *loop = cup_loop_current();
    struct note note = { 0 };

    cup_later_start(&note.later, note_call);
    CHECK_INT(note.calls, 0);
    CHECK_OK(cupel_sleep(1));
    CHECK_INT(note.calls, 1);
    CHECK(!note.in_task);
    CHECK_INT(loop->holds, 1);
}

TASK_TEST(later_call_that_is_stopped_never_comes)
{
    struct cupel_loop *loop = cup_loop_current();
    struct note note = { 0 };

    CHECK(!cup_later_stop(&note.later)); /* harmless before */
    cup_later_start(&note.later, note_call);
    CHECK_INT(loop->holds, 2);
    cup_later_stop(&note.later);
    cup_later_stop(&note.later);
    CHECK_INT(loop->holds, 1);
    CHECK_OK(cupel_sleep(1));
    CHECK_INT(note.calls, 0);
    cup_later_start(&note.later, note_call);
    CHECK_OK(cupel_sleep(1));
    CHECK_INT(note.calls, 1);
}

static void
release_loop(uv_timer_t *timer)
{
    cup_loop_release(timer->data);
    uv_close((uv_handle_t *)timer, NULL);
}

TEST(held_loop_runs_until_it_is_released)
{
    cupel_loop *loop;
    cupel_time start;
    uv_timer_t timer;

    CHECK_OK(cupel_loop_new(&loop));
    cup_loop_hold(loop);
    uv_timer_init(loop->uv, &timer);
    timer.data = loop;
    uv_update_time(loop->uv);
    start = cupel_now();
    uv_timer_start(&timer, release_loop, 10, 0);
    uv_unref((uv_handle_t *)&timer);
    CHECK_FAILS(cupel_loop_free(loop), CUPEL_E_INVALID);
    CHECK_OK(cupel_loop_run(loop));
    CHECK(cupel_now() - start >= 9);
    CHECK_OK(cupel_loop_free(loop));
}
