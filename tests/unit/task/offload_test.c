/* SPDX-License-Identifier: MIT */
/* Jobs on worker threads: how they end, and who has them afterwards. */
#include "support/test.h"
#include "task/loop.h"
#include "task/offload.h"
#include "task/task.h"
#include "unit/task/uv_tsan.h"

#include "base/error.h"

#include <dirent.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* A job that waits on its worker until `go` is posted. */
struct gate {
    struct cup_job job;
    sem_t begun;
    sem_t go;
    pthread_t thread;
    atomic_int works;
    int drops;
    int interrupts;
};

static void
pass_gate(struct cup_job *job)
{
    struct gate *gate = CUP_CONTAINER(job, struct gate, job);

    gate->thread = pthread_self();
    atomic_fetch_add(&gate->works, 1);
    sem_post(&gate->begun);
    sem_wait(&gate->go);
}

static void
drop_gate(struct cup_job *job)
{
    CUP_CONTAINER(job, struct gate, job)->drops++;
}

static void
open_gate(struct cup_job *job)
{
    struct gate *gate = CUP_CONTAINER(job, struct gate, job);

    gate->interrupts++;
    sem_post(&gate->go);
}

static void
note_interrupt(struct cup_job *job)
{
    CUP_CONTAINER(job, struct gate, job)->interrupts++;
}

static void
init_gate(struct gate *gate)
{
    memset(gate, 0, sizeof *gate);
    gate->job.work = pass_gate;
    gate->job.drop = drop_gate;
    sem_init(&gate->begun, 0, 0);
    sem_init(&gate->go, 0, 0);
}

static void
fini_gate(struct gate *gate)
{
    sem_destroy(&gate->begun);
    sem_destroy(&gate->go);
}

TASK_TEST(job_runs_on_another_thread)
{
    struct gate gate;
    bool running = true;
    int i;

    init_gate(&gate);
    for (i = 0; i < 3; i++) {
        sem_post(&gate.go);
        CHECK_OK(cup_offload(&gate.job, i % 2 ? CUP_LANE_SHORT : CUP_LANE_LONG,
                             CUPEL_FOREVER, &running));
        CHECK(!running);
        CHECK(!pthread_equal(gate.thread, pthread_self()));
    }
    CHECK_INT(gate.works, 3);
    CHECK_INT(gate.drops, 0);
    fini_gate(&gate);
}

TEST(job_outside_tasks_runs_right_here)
{
    struct gate gate;
    bool running = true;

    init_gate(&gate);
    sem_post(&gate.go);
    CHECK_OK(cup_offload(&gate.job, CUP_LANE_SHORT, 0, &running));
    CHECK(!running);
    CHECK(pthread_equal(gate.thread, pthread_self()));
    fini_gate(&gate);
}

/* A task that offers a job, and what it was answered. */
struct offer {
    struct gate *gate;
    enum cup_lane lane;
    cupel_time until;
    bool running;
    cupel_status rc;
};

static cupel_status
offer_job(void *arg)
{
    struct offer *offer = arg;

    offer->running = true;
    offer->rc = cup_offload(&offer->gate->job, offer->lane, offer->until,
                            &offer->running);
    return CUPEL_OK;
}

/* Offer the job from a task of its own; a worker has it when this returns. */
static cupel_future *
begin(struct offer *offer, struct gate *gate, cupel_time until)
{
    cupel_future *future = cupel_future_call(offer_job, offer);

    *offer = (struct offer){ gate, CUP_LANE_SHORT, until, false, CUPEL_OK };
    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    sem_wait(&gate->begun);
    return future;
}

TASK_TEST(job_that_outlasts_its_wait_is_dropped_at_its_end)
{
    cupel_future *future;
    struct offer offer;
    struct gate gate;

    cup_clock_freeze(1000);
    init_gate(&gate);
    future = begin(&offer, &gate, 1010);
    cup_clock_advance(10);
    CHECK_OK(cupel_await(future));
    CHECK_INT(offer.rc, CUPEL_E_TIMEOUT);
    CHECK(offer.running);
    CHECK_INT(gate.drops, 0);
    sem_post(&gate.go);
    while (gate.drops == 0)
        CHECK_OK(cupel_yield());
    CHECK_INT(gate.drops, 1);
    fini_gate(&gate);
    cup_clock_thaw();
}

static struct gate left_behind;

static cupel_status
leave_job_behind(void *arg)
{
    struct offer offer;
    cupel_future *future = begin(&offer, &left_behind, CUPEL_FOREVER);

    cupel_future_cancel(future);
    CHECK_OK(cupel_await(future));
    CHECK(offer.running);
    *(bool *)arg = true;
    return CUPEL_OK;
}

static void *
open_left_behind(void *arg)
{
    usleep(20000); /* the loop has nothing else to do long before */
    sem_post(&left_behind.go);
    return arg;
}

TEST(loop_runs_until_an_abandoned_job_has_ended)
{
    pthread_t thread;
    bool left = false;

    init_gate(&left_behind);
    CHECK_INT(pthread_create(&thread, NULL, open_left_behind, NULL), 0);
    CHECK_OK(cupel_run(leave_job_behind, &left));
    CHECK(left);
    CHECK_INT(left_behind.drops, 1);
    pthread_join(thread, NULL);
    fini_gate(&left_behind);
}

TASK_TEST(interrupted_job_that_ends_soon_is_the_owners_again)
{
    cupel_future *future;
    struct offer offer;
    struct gate gate;

    cup_clock_freeze(1000);
    init_gate(&gate);
    gate.job.interrupt = open_gate;
    future = begin(&offer, &gate, 1010);
    cup_clock_advance(10);
    CHECK_OK(cupel_await(future));
    CHECK_INT(offer.rc, CUPEL_E_TIMEOUT);
    CHECK(!offer.running);
    CHECK_INT(gate.interrupts, 1);
    CHECK_INT(gate.drops, 0);
    fini_gate(&gate);
    cup_clock_thaw();
}

TASK_TEST(interrupted_job_that_does_not_end_is_given_up)
{
    cupel_future *future;
    struct offer offer;
    struct gate gate;

    cup_clock_freeze(1000);
    init_gate(&gate);
    gate.job.interrupt = note_interrupt;
    future = begin(&offer, &gate, 1010);
    cup_clock_advance(10);
    while (gate.interrupts == 0)
        CHECK_OK(cupel_yield());
    cup_clock_advance(49);
    CHECK_OK(cupel_yield());
    CHECK(!cupel_future_done(future));
    cup_clock_advance(1);
    CHECK_OK(cupel_await(future));
    CHECK_INT(offer.rc, CUPEL_E_TIMEOUT);
    CHECK(offer.running);
    CHECK_INT(gate.interrupts, 1);
    sem_post(&gate.go);
    while (gate.drops == 0)
        CHECK_OK(cupel_yield());
    fini_gate(&gate);
    cup_clock_thaw();
}

/* ---- Cancellation ------------------------------------------------------- */

TASK_TEST(cancelled_wait_interrupts_the_job_once)
{
    cupel_future *future;
    struct offer offer;
    struct gate gate;

    init_gate(&gate);
    gate.job.interrupt = open_gate;
    future = begin(&offer, &gate, CUPEL_FOREVER);
    cupel_future_cancel(future);
    CHECK_OK(cupel_await(future));
    CHECK_INT(offer.rc, CUPEL_E_CANCELLED);
    CHECK(!offer.running);
    CHECK_INT(gate.interrupts, 1);
    fini_gate(&gate);
}

TASK_TEST(cancelled_task_starts_no_job)
{
    struct gate gate;
    bool running = true;

    init_gate(&gate);
    cup_task_cancel(cup_task_current());
    CHECK_FAILS(cup_offload(&gate.job, CUP_LANE_SHORT, CUPEL_FOREVER, &running),
                CUPEL_E_CANCELLED);
    CHECK(!running);
    CHECK_INT(gate.works, 0);
    fini_gate(&gate);
}

/* ---- Lanes -------------------------------------------------------------- */

enum { LONG_MOST = 32 };

/* All workers of the lane are held up by `gates`. */
static cupel_group *
block_long_lane(struct gate *gates, struct offer *offers)
{
    cupel_group *group = cupel_group_new();
    int i;

    for (i = 0; i < LONG_MOST; i++) {
        init_gate(&gates[i]);
        offers[i] = (struct offer){ &gates[i], CUP_LANE_LONG, CUPEL_FOREVER,
                                    false, CUPEL_OK };
        CHECK_OK(cupel_group_spawn(group, offer_job, &offers[i]));
    }
    CHECK_OK(cupel_yield());
    for (i = 0; i < LONG_MOST; i++)
        sem_wait(&gates[i].begun);
    return group;
}

static void
unblock_long_lane(cupel_group *group, struct gate *gates)
{
    int i;

    for (i = 0; i < LONG_MOST; i++)
        sem_post(&gates[i].go);
    CHECK_OK(cupel_group_wait(group));
    for (i = 0; i < LONG_MOST; i++)
        fini_gate(&gates[i]);
}

TASK_TEST(job_that_never_began_is_the_owners_again)
{
    struct gate gates[LONG_MOST], gate;
    struct offer offers[LONG_MOST];
    cupel_group *group = block_long_lane(gates, offers);
    bool running = true;

    init_gate(&gate);
    CHECK_FAILS(
        cup_offload(&gate.job, CUP_LANE_LONG, cupel_deadline_in(10), &running),
        CUPEL_E_TIMEOUT);
    CHECK(!running);
    unblock_long_lane(group, gates);
    CHECK_INT(gate.works, 0);
    CHECK_INT(gate.drops, 0);
    fini_gate(&gate);
}

TASK_TEST(hanging_long_jobs_do_not_hold_up_short_ones)
{
    struct gate gates[LONG_MOST], gate;
    struct offer offers[LONG_MOST];
    cupel_group *group = block_long_lane(gates, offers);

    init_gate(&gate);
    sem_post(&gate.go);
    CHECK_OK(
        cup_offload(&gate.job, CUP_LANE_SHORT, cupel_deadline_in(10000), NULL));
    unblock_long_lane(group, gates);
    fini_gate(&gate);
}

TASK_TEST(queued_job_runs_when_a_worker_is_free)
{
    struct gate gates[LONG_MOST], gate;
    struct offer offers[LONG_MOST];
    cupel_group *group = block_long_lane(gates, offers);
    struct offer offer = { &gate, CUP_LANE_LONG, CUPEL_FOREVER, false, 0 };
    cupel_future *future = cupel_future_call(offer_job, &offer);

    init_gate(&gate);
    sem_post(&gate.go);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_sleep(5));
    CHECK(!cupel_future_done(future));
    unblock_long_lane(group, gates);
    CHECK_OK(cupel_await(future));
    CHECK_INT(offer.rc, CUPEL_OK);
    CHECK_INT(gate.works, 1);
    fini_gate(&gate);
}

/* ---- The public face ---------------------------------------------------- */

static void
square(void *arg)
{
    *(int *)arg *= *(int *)arg;
}

static void
forget(void *arg)
{
    *(int *)arg = -1;
}

TASK_TEST(offloaded_work_is_waited_for)
{
    int number = 12;

    CHECK_OK(cupel_offload(square, forget, &number, CUPEL_FOREVER));
    CHECK_INT(number, 144);
    CHECK_FAILS(cupel_offload(NULL, NULL, NULL, CUPEL_FOREVER),
                CUPEL_E_ARGUMENT);
}

TEST(work_outside_tasks_just_runs)
{
    int number = 12;

    CHECK_OK(cupel_offload(square, forget, &number, 0));
    CHECK_INT(number, 144);
}

TASK_TEST(work_that_never_began_is_dropped_at_once)
{
    int number = 12;

    CHECK_FAILS(cupel_offload(square, forget, &number, 0), CUPEL_E_TIMEOUT);
    CHECK_INT(number, -1);
}

static void
wait_at_gate(void *arg)
{
    pass_gate(&((struct gate *)arg)->job);
}

static void
note_drop(void *arg)
{
    drop_gate(&((struct gate *)arg)->job);
}

static cupel_status
offload_gate(void *arg)
{
    return cupel_offload(wait_at_gate, note_drop, arg, CUPEL_FOREVER);
}

TASK_TEST(work_that_outlasts_its_wait_is_dropped_at_its_end)
{
    struct gate gate;
    cupel_future *future = cupel_future_call(offload_gate, &gate);

    init_gate(&gate);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    sem_wait(&gate.begun);
    cupel_future_cancel(future);
    CHECK_FAILS(cupel_await(future), CUPEL_E_CANCELLED);
    CHECK_INT(gate.drops, 0);
    CHECK_FAILS(cupel_loop_free(cupel_loop_current()), CUPEL_E_INVALID);
    sem_post(&gate.go);
    while (gate.drops == 0)
        CHECK_OK(cupel_yield());
    fini_gate(&gate);
}

static void *
refuse(void *context, size_t size)
{
    (void)context;
    (void)size;
    return NULL;
}

static void *
refuse_more(void *context, void *memory, size_t size)
{
    (void)context;
    (void)memory;
    (void)size;
    return NULL;
}

static void
release(void *context, void *memory)
{
    (void)context;
    free(memory);
}

TASK_TEST(work_without_memory_is_dropped)
{
    struct cupel_allocator none = { .struct_size = sizeof none,
                                    .allocate = refuse,
                                    .reallocate = refuse_more,
                                    .release = release };
    int number = 12;

    cupel_allocator_set(&none);
    CHECK_INT(cupel_offload(square, forget, &number, CUPEL_FOREVER),
              CUPEL_E_NOMEM);
    cupel_allocator_set(NULL);
    CHECK_INT(number, -1);
}

/* ---- Threads ------------------------------------------------------------ */

static int
count_threads(void)
{
    DIR *dir = opendir("/proc/self/task");
    int count = 0;

    CHECK(dir != NULL);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 2; /* . and .. */
}

static cupel_status
offload_some(void *arg)
{
    int *threads = arg; /* may be NULL: do not count */
    int i;
    cupel_group *group = cupel_group_new();
    struct offer offers[20];
    struct gate gates[20];

    for (i = 0; i < 20; i++) {
        init_gate(&gates[i]);
        sem_post(&gates[i].go);
        offers[i] =
            (struct offer){ &gates[i], i % 2 ? CUP_LANE_SHORT : CUP_LANE_LONG,
                            CUPEL_FOREVER, false, CUPEL_OK };
        CHECK_OK(cupel_group_spawn(group, offer_job, &offers[i]));
    }
    CHECK_OK(cupel_group_wait(group));
    if (threads != NULL)
        *threads = count_threads();
    for (i = 0; i < 20; i++)
        fini_gate(&gates[i]);
    return CUPEL_OK;
}

TEST(workers_end_with_the_last_loop)
{
    int before = count_threads(), during = 0;

    CHECK_OK(cupel_run(offload_some, &during));
    CHECK(during > before);
    CHECK_INT(count_threads(), before);
}

static void *
run_offloads(void *arg)
{
    int i;

    for (i = 0; i < 20; i++)
        if (cupel_run(offload_some, NULL) != CUPEL_OK)
            return arg;
    return NULL;
}

TEST(loops_of_several_threads_share_the_workers)
{
    pthread_t threads[4];
    void *wrong = NULL;
    int i;

    for (i = 0; i < 4; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, run_offloads, &threads), 0);
    for (i = 0; i < 4; i++) {
        CHECK_INT(pthread_join(threads[i], &wrong), 0);
        CHECK(wrong == NULL);
    }
}
