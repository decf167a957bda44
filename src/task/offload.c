/* SPDX-License-Identifier: MIT */
/* Waiting for work on another thread. A job under way keeps the loop alive,
 * also when nobody waits for it any more: it writes to memory of its owner,
 * who is told by `drop` when that may go. */
#include "task/offload.h"

#include "base/alloc.h"
#include "base/error.h"
#include "task/inner.h"
#include "task/workers.h"

enum { GRACE_MS = 50 }; /* for a job that was interrupted */

/* The job's wait had ended before the job: only its owner is left to tell. */
static void
finish(struct cup_job *job)
{
    struct cup_waiter *waiter = job->waiter;

    job->waiter = NULL;
    if (waiter != NULL)
        cup_wake(waiter, CUPEL_OK);
    else if (job->drop != NULL)
        job->drop(job);
}

void
cup_offload_collect(struct cupel_loop *loop)
{
    struct cup_list jobs, *link;

    cup_list_init(&jobs);
    cup_workers_collect(loop, &jobs);
    while ((link = cup_list_pop(&jobs)) != NULL) {
        cup_loop_release(loop);
        finish(CUP_CONTAINER(link, struct cup_job, link));
    }
}

/* One wait for the job, leaving no error record. Yields. */
static cupel_status
wait_for(struct cup_job *job, cupel_time until)
{
    struct cup_waiter waiter;
    cupel_status rc;

    cup_waiter_init(&waiter);
    waiter.what = "a worker";
    waiter.quiet = true;
    job->waiter = &waiter;
    rc = cup_wait(&waiter, until);
    job->waiter = NULL;
    return rc;
}

/* Whether the job, whose wait ended early, has ended. Takes it back from the
 * queue if it never began. */
static bool
has_ended(struct cup_job *job, enum cup_job_state was)
{
    if (was == CUP_JOB_DONE)
        cup_loop_release(job->loop);
    return was == CUP_JOB_DONE || was == CUP_JOB_OURS;
}

/* Ask the job to end, and wait for it a little, whatever happens to the task
 * meanwhile. Yields. */
static bool
ends_in_grace(struct cup_job *job)
{
    struct cup_scope scope;
    cupel_status rc;

    if (job->interrupt == NULL)
        return false;
    job->interrupt(job);
    cup_shield_begin(&scope, cupel_deadline_in(GRACE_MS));
    rc = wait_for(job, CUPEL_FOREVER);
    cup_scope_end(&scope);
    return rc == CUPEL_OK || has_ended(job, cup_workers_withdraw(job));
}

/* Yields. */
cupel_status
cup_offload(struct cup_job *job, enum cup_lane lane, cupel_time until,
            bool *running)
{
    struct cupel_loop *loop = cup_thread.loop;
    enum cup_job_state was;
    cupel_status rc;

    if (running != NULL)
        *running = false;
    if (cup_thread.current == NULL) {
        job->work(job);
        return CUPEL_OK;
    }
    rc = cup_wait_verdict(until);
    if (rc != CUPEL_OK)
        return cup_wait_error(rc);
    job->loop = loop;
    job->lane = (int)lane;
    cup_list_init(&job->link);
    rc = cup_workers_submit(job);
    if (rc != CUPEL_OK)
        return rc;
    cup_loop_hold(loop);
    rc = wait_for(job, until);
    if (rc == CUPEL_OK)
        return rc;

    was = cup_workers_withdraw(job);
    if (has_ended(job, was))
        return CUPEL_OK; /* it had won, the news was under way */
    if (was == CUP_JOB_QUEUED)
        cup_loop_release(loop);
    else if (!ends_in_grace(job) && running != NULL)
        *running = true;
    return cup_wait_error(rc);
}

/* ---- The public face ---------------------------------------------------- */

/* A job for a caller who has no memory that outlives the wait. Owned by the
 * call, or by the worker once the wait was given up. */
struct errand {
    struct cup_job job;
    void (*work)(void *arg);
    void (*drop)(void *arg); /* may be NULL */
    void *arg;
};

static void
errand_work(struct cup_job *job)
{
    struct errand *errand = CUP_CONTAINER(job, struct errand, job);

    errand->work(errand->arg);
}

static void
errand_drop(struct cup_job *job)
{
    struct errand *errand = CUP_CONTAINER(job, struct errand, job);

    if (errand->drop != NULL)
        errand->drop(errand->arg);
    cup_free(errand);
}

/* Yields. */
static cupel_status
run_errand(struct errand *errand, cupel_time until)
{
    struct cup_task *task = cup_thread.current;
    bool running;
    cupel_status rc = cup_offload(&errand->job, CUP_LANE_LONG, until, &running);

    if (running)
        return rc;
    task->no_yield = true;
    if (rc != CUPEL_OK && errand->drop != NULL)
        errand->drop(errand->arg);
    task->no_yield = false;
    cup_free(errand);
    return rc;
}

/* Yields. */
cupel_status
cupel_offload(void (*work)(void *arg), void (*drop)(void *arg), void *arg,
              cupel_time until)
{
    struct errand *errand;

    if (work == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no work to offload");
    if (cup_thread.current == NULL) {
        work(arg);
        return CUPEL_OK;
    }
    errand = cup_alloc(sizeof *errand);
    if (errand == NULL) {
        if (drop != NULL)
            drop(arg);
        return cup_nomem();
    }
    errand->job.work = errand_work;
    errand->job.drop = errand_drop;
    errand->work = work;
    errand->drop = drop;
    errand->arg = arg;
    return run_errand(errand, until);
}
