/* SPDX-License-Identifier: MIT */
/* Tasks and their loop, as the rooms above see them. */
#ifndef CUP_TASK_TASK_H
#define CUP_TASK_TASK_H

#include <cupel/task.h>

#include "base/list.h"
#include "task/switch.h"

/* One task: straight-line code with a stack of its own. Owned by its loop from
 * spawn to its end; whoever wants its result is told through `ended`. */
struct cup_task {
    struct cup_context context;
    struct cupel_loop *loop;    /* where it runs, for ever */
    struct cup_waiter *waiter;  /* what it is parked on, NULL if runnable */
    struct cup_list ready_link; /* in cupel_loop.ready while runnable */
    cupel_time until;           /* its deadline scope; CUPEL_FOREVER if none */
    struct cupel_error *error;  /* the task's error record, owned, or NULL */
    uint64_t serial;  /* from 1: no other task of the process ever has it */
    int shield_depth; /* > 0: cancellation is held back */
    bool cancelled;   /* sticky */
    bool no_yield;    /* debug guard: suspending would be a bug */
    bool done;        /* fn has returned */
    unsigned loans;   /* connections that the pool's room has lent it */
    char name[32];
    struct cup_list link;    /* in cupel_loop.tasks */
    struct cup_stack *stack; /* from the loop's cache */
    cupel_task_fn *fn;
    void *arg;
    void (*ended)(struct cup_task *task, cupel_status rc, void *ended_arg);
    void *ended_arg;            /* `ended` runs on the loop, may be NULL */
    cupel_status rc;            /* what fn returned */
    struct cup_list group_link; /* in cupel_group.tasks, if it is in one */
};

/* The running task, or NULL outside tasks. */
struct cup_task *
cup_task_current(void);

/* Start `fn(arg)` on this thread's loop; it runs at the next turn, not now.
 * NOMEM, INVALID (no loop). `ended` may be NULL, or is called on the loop,
 * outside any task, when the task is over; it may take task->error. */
cupel_status
cup_task_spawn(cupel_task_fn *fn, void *arg,
               void (*ended)(struct cup_task *, cupel_status, void *),
               void *ended_arg, struct cup_task **out);

/* Make the task's next wait answer CANCELLED, and wake it if it waits now
 * (unless it is shielded: then the wait after the shield answers). */
void
cup_task_cancel(struct cup_task *task);

/* The loop of this thread, or NULL. */
struct cupel_loop *
cup_loop_current(void);

/* Whether that loop, of whatever thread, has not ended. The pointer is only
 * compared: what it points at may be long gone. */
bool
cup_loop_is_live(const struct cupel_loop *loop);

/* Keep the loop alive (its run does not end) while something that is no task
 * is under way, such as a worker's job. Counted. */
void
cup_loop_hold(struct cupel_loop *loop);
void
cup_loop_release(struct cupel_loop *loop);

/* ---- Shields and deadline scopes: cleanup that must still talk ---------- */

/* What a shield or a deadline scope changed, to be put back. Outside tasks
 * scopes are the thread's, for what waits there with poll(2); there is no
 * cancellation to hold back. */
struct cup_scope {
    struct cup_task *task; /* NULL outside tasks */
    cupel_time until;
    bool shielded;
};

/* From here on, waits ignore cancellation and outer deadlines, and end at
 * `until` instead. Scopes nest and end in reverse order. */
void
cup_shield_begin(struct cup_scope *scope, cupel_time until);

/* From here on, waits end at the earlier of `until` and the outer deadline. */
void
cup_deadline_begin(struct cup_scope *scope, cupel_time until);

void
cup_scope_end(struct cup_scope *scope);

/* When a step of clean-up that begins now has to end: after a span of its own,
 * or with the deadline of the scopes around if that is earlier. One that has
 * passed by leaves it a moment, which is enough for a server that answers. */
cupel_time
cup_deadline_cleanup(int64_t span_ms);

/* The earlier of `until` and the deadline of the scopes around, for waits that
 * do not pass through cup_wait(). */
cupel_time
cup_deadline_cap(cupel_time until);

#endif
