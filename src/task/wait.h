/* SPDX-License-Identifier: MIT */
/* The one place that suspends.
 *
 * A waiter lives on the stack of the task that waits, usually linked into the
 * list of what is waited for. cup_wait() parks the task until somebody calls
 * cup_wake(), the deadline passes, or the task is cancelled; on every way out
 * the waiter is off its list. Whoever wakes first wins: after cup_wake() a
 * deadline or a cancellation in the same turn changes nothing, so what was
 * handed over is never lost. */
#ifndef CUP_TASK_WAIT_H
#define CUP_TASK_WAIT_H

#include <cupel/error.h>

#include "base/list.h"

struct cup_task;

struct cup_waiter {
    struct cup_list link;  /* for the owner of the queue; off it on return */
    struct cup_task *task; /* who waits; set by cup_wait() */
    cupel_status rc;       /* what cup_wait() will answer */
    bool woken;
    void *item;   /* for what is handed over with the wake-up */
    size_t timer; /* ticket in the loop's heap, 0: none */
    cupel_time until;
    const char *what; /* static: what is waited for, for debuggers */
    bool quiet;       /* leave no error record: the caller makes its own */
    bool turn;        /* wait for nothing but the task's next turn */
    bool parked;      /* the wait did suspend; set by cup_wait() */
};

/* Zero it and make its link a list of its own. */
void
cup_waiter_init(struct cup_waiter *waiter);

/* Suspend the current task. Yields. Answers the status given to cup_wake(),
 * TIMEOUT (error set: "the deadline passed") or CANCELLED. A pending
 * cancellation or a passed deadline answers at once (the deadline perhaps only
 * when the loop next looks at its timer), unless the waiter was
 * woken before. NOTASK outside tasks. */
cupel_status
cup_wait(struct cup_waiter *waiter, cupel_time until);

/* End a wait with `rc` (the error record, if any, is set by the waiting side).
 * Takes the waiter off its list. A second wake-up is ignored. On the loop's
 * thread only. Never switches: the task runs at its next turn. */
void
cup_wake(struct cup_waiter *waiter, cupel_status rc);

/* ---- For tests ---------------------------------------------------------- */

/* Counts waits of tasks on this thread; when `cancel_at` (from 1) is reached,
 * that wait's task is cancelled. Kinds tell when, relative to the wait. */
enum cup_probe_kind {
    CUP_PROBE_BEFORE, /* already cancelled when the wait begins */
    CUP_PROBE_DURING, /* cancelled as soon as the task is parked */
    CUP_PROBE_AFTER   /* cancelled in the same turn, after the wake-up */
};

struct cup_probe {
    unsigned long count;
    unsigned long cancel_at; /* 0: only count */
    enum cup_probe_kind kind;
    struct cup_task *task; /* only waits of this task count; NULL: all */
};

/* Install a probe for this thread, NULL removes it. */
void
cup_probe_set(struct cup_probe *probe);

#endif
