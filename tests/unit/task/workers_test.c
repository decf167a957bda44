/* SPDX-License-Identifier: MIT */
/* Who has a job, at each moment of its life. */
#include "support/test.h"
#include "task/inner.h"
#include "task/workers.h"

#include <semaphore.h>

struct gate {
    struct cup_job job;
    sem_t begun;
    sem_t go;
};

static cupel_loop *loop;

static void
pass(struct cup_job *job)
{
    struct gate *gate = CUP_CONTAINER(job, struct gate, job);

    sem_post(&gate->begun);
    sem_wait(&gate->go);
}

static void
init_gate(struct gate *gate)
{
    memset(gate, 0, sizeof *gate);
    gate->job.work = pass;
    gate->job.loop = loop;
    gate->job.lane = CUP_LANE_SHORT;
    cup_list_init(&gate->job.link);
    sem_init(&gate->begun, 0, 0);
    sem_init(&gate->go, 0, 0);
}

/* Until some job of the loop has ended. */
static void
collect(struct cup_list *jobs)
{
    cup_list_init(jobs);
    while (cup_list_empty(jobs))
        cup_workers_collect(loop, jobs);
}

TEST(job_is_collected_once_after_its_end)
{
    struct cup_list jobs;
    struct gate gate;

    CHECK_OK(cupel_loop_new(&loop));
    init_gate(&gate);
    CHECK_OK(cup_workers_submit(&gate.job));
    sem_wait(&gate.begun);
    CHECK_INT(cup_workers_withdraw(&gate.job), CUP_JOB_RUNNING);
    sem_post(&gate.go);
    collect(&jobs);
    CHECK(jobs.next == &gate.job.link && jobs.prev == &gate.job.link);
    CHECK_INT(cup_workers_withdraw(&gate.job), CUP_JOB_OURS);
    cup_list_init(&jobs);
    cup_workers_collect(loop, &jobs);
    CHECK(cup_list_empty(&jobs));
    CHECK_OK(cupel_loop_free(loop));
}

TEST(ended_job_can_be_withdrawn_before_it_is_collected)
{
    struct cup_list jobs;
    struct gate gate;

    CHECK_OK(cupel_loop_new(&loop));
    init_gate(&gate);
    sem_post(&gate.go);
    CHECK_OK(cup_workers_submit(&gate.job));
    sem_wait(&gate.begun);
    while (cup_workers_withdraw(&gate.job) != CUP_JOB_DONE)
        continue;
    cup_list_init(&jobs);
    cup_workers_collect(loop, &jobs);
    CHECK(cup_list_empty(&jobs));
    CHECK_OK(cupel_loop_free(loop));
}

TEST(queued_job_can_be_withdrawn)
{
    enum { MANY = 64 };
    static struct gate gates[MANY];
    struct cup_list jobs;
    int i, withdrawn = 0, left;

    CHECK_OK(cupel_loop_new(&loop));
    for (i = 0; i < MANY; i++) {
        init_gate(&gates[i]);
        CHECK_OK(cup_workers_submit(&gates[i].job));
    }
    sem_wait(&gates[0].begun);
    for (i = MANY - 1; i >= 0; i--)
        if (cup_workers_withdraw(&gates[i].job) == CUP_JOB_QUEUED)
            withdrawn++;
        else
            sem_post(&gates[i].go);
    CHECK(withdrawn > 0 && withdrawn < MANY);
    for (left = MANY - withdrawn; left > 0;) {
        collect(&jobs);
        while (cup_list_pop(&jobs) != NULL)
            left--;
    }
    CHECK_OK(cupel_loop_free(loop));
}

TEST(job_can_be_used_again)
{
    struct cup_list jobs;
    struct gate gate;
    int i;

    CHECK_OK(cupel_loop_new(&loop));
    init_gate(&gate);
    for (i = 0; i < 100; i++) {
        sem_post(&gate.go);
        CHECK_OK(cup_workers_submit(&gate.job));
        collect(&jobs);
        CHECK(cup_list_pop(&jobs) == &gate.job.link);
    }
    CHECK_OK(cupel_loop_free(loop));
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
    (void)memory;
}

TEST(first_worker_needs_memory)
{
    struct cupel_allocator none = { .struct_size = sizeof none,
                                    .allocate = refuse,
                                    .reallocate = refuse_more,
                                    .release = release };
    struct gate gate;

    CHECK_OK(cupel_loop_new(&loop));
    init_gate(&gate);
    cupel_allocator_set(&none);
    CHECK_INT(cup_workers_submit(&gate.job), CUPEL_E_NOMEM);
    cupel_allocator_set(NULL);
    CHECK_INT(gate.job.state, CUP_JOB_OURS);
    CHECK_OK(cupel_loop_free(loop));
}
