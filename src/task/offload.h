/* SPDX-License-Identifier: MIT */
/* Blocking work on worker threads. Two lanes, so that work that may hang for
 * long (names, cancel requests to a silent server) never holds up short work
 * (sqlite, TLS slices). */
#ifndef CUP_TASK_OFFLOAD_H
#define CUP_TASK_OFFLOAD_H

#include <cupel/error.h>

#include "base/list.h"

enum cup_lane {
    CUP_LANE_SHORT, /* runs and ends; as many threads as cores, at least 4 */
    CUP_LANE_LONG   /* may hang; a thread each up to 32, then queued */
};

struct cup_waiter;
struct cupel_loop;

/* One piece of work. Lives inside something of its owner's that outlives it:
 * see `drop`. Zero it before first use; reusable after each end. */
struct cup_job {
    void (*work)(struct cup_job *job); /* on a worker; must not call cupel */

    /* Called on the loop's thread once `work` has ended, if and only if the
     * wait had ended before: the owner may free the job here. */
    void (*drop)(struct cup_job *job);

    /* Called on the loop's thread when the wait ends early while `work` runs:
     * should make it end soon. Then the wait goes on up to 50 ms for it. May
     * be NULL. */
    void (*interrupt)(struct cup_job *job);

    struct cup_list link;      /* in a lane's queue or the loop's done list */
    struct cupel_loop *loop;   /* where it completes */
    struct cup_waiter *waiter; /* NULL once the wait was given up */
    int state;                 /* enum in offload.c, under the lane's lock */
    int lane;
};

/* Run job->work on a worker and wait. Yields. Outside tasks it runs right here.
 * OK once `work` has ended, also when a deadline or a cancellation came at the
 * same moment. TIMEOUT or CANCELLED when the wait ended first: if
 * `*running` (may be NULL) is then false, the job never began and is the
 * owner's again; if true, it belongs to the worker until `drop`. A job that
 * ended during the interrupt's grace answers TIMEOUT or CANCELLED with
 * *running false. */
cupel_status
cup_offload(struct cup_job *job, enum cup_lane lane, cupel_time until,
            bool *running);

#endif
