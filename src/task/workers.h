/* SPDX-License-Identifier: MIT */
/* The worker threads of the process, in two lanes, and the queues they serve.
 * Loops share them; see offload.h for what a job is. */
#ifndef CUP_TASK_WORKERS_H
#define CUP_TASK_WORKERS_H

#include "task/offload.h"

/* Where a job is. Under its lane's lock. */
enum cup_job_state {
    CUP_JOB_OURS = 0, /* its owner's: not begun, or ended and collected */
    CUP_JOB_QUEUED,
    CUP_JOB_RUNNING, /* a worker has it */
    CUP_JOB_DONE     /* in its loop's done list */
};

/* A loop begins, or ends. With the last one the workers end, and are waited
 * for. */
void
cup_workers_enter(void);
void
cup_workers_leave(void);

/* In a child process: forget the workers, which are the parent's. */
void
cup_workers_after_fork(void);

/* Give it to the lane; its loop's async handle is sent when it is done.
 * OPERATIONAL: there is no worker and none could be started. */
cupel_status
cup_workers_submit(struct cup_job *job);

/* Take it back if no worker has it: what it was. QUEUED and DONE jobs are the
 * owner's again afterwards, one that is RUNNING stays so. */
enum cup_job_state
cup_workers_withdraw(struct cup_job *job);

/* Move the jobs that have ended for `loop` to `jobs`, an empty list; they are
 * their owners' again. */
void
cup_workers_collect(struct cupel_loop *loop, struct cup_list *jobs);

#endif
