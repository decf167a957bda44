/* SPDX-License-Identifier: MIT */
/* What the files of this room share and no other room sees. */
#ifndef CUP_TASK_INNER_H
#define CUP_TASK_INNER_H

#include "task/heap.h"
#include "task/loop.h"
#include "task/stack.h"
#include "task/task.h"
#include "task/wait.h"

#include <uv.h>

enum {
    CUP_TURN_TASKS = 128, /* most resumptions between two looks at the world */
    CUP_FUTURES_CACHED = 64 /* most unused futures that a loop keeps */
};

/* What a thread has of ours. */
struct cup_thread {
    struct cupel_loop *loop;  /* or NULL */
    struct cup_task *current; /* the running task, or NULL */
    struct cup_probe *probe;  /* of tests, or NULL */
    cupel_time until;         /* the deadline scope outside tasks */
    bool frozen;              /* the clock stands at `frozen_now` */
    cupel_time frozen_now;
};

extern _Thread_local struct cup_thread cup_thread;

/* The scheduler of one thread. Owned by whoever made it; freed once libuv has
 * closed its handles. */
struct cupel_loop {
    uv_loop_t *uv;    /* `own_uv`, or the caller's */
    uv_loop_t own_uv; /* unused on a caller's loop */
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t idle;   /* active while tasks are ready: then polls don't block */
    uv_timer_t timer; /* for the earliest deadline */
    uv_async_t async; /* workers wake us by it */
    unsigned handles; /* of ours that are not closed yet */

    struct cup_thread *thread;  /* whose loop it is */
    unsigned long forks;        /* cup_forks when it was made */
    struct cup_context context; /* of the thread, while a task runs */
    struct cup_list tasks;      /* of cup_task.link */
    struct cup_list ready;      /* of cup_task.ready_link */
    struct cup_list later;      /* of cup_later.link */
    size_t task_count;
    size_t holds;    /* things under way: tasks, jobs, calls */
    size_t fd_waits; /* tasks that wait for a descriptor */

    struct cup_heap heap; /* deadlines of parked tasks */
    cupel_time armed;     /* when `timer` fires; CUPEL_FOREVER: never */
    bool running;         /* inside cupel_loop_run() or _step() */
    bool turning;         /* `ready` is being served */
    bool closing;

    struct cup_list watches; /* of cup_watch.link: descriptors in use */
    struct cup_list done[2]; /* of cup_job.link, under each lane's lock */
    struct cup_list futures; /* unused ones, of cupel_future.link */
    size_t future_count;     /* in `futures` */
    struct cup_stack_cache stacks;
    struct cup_list link; /* in cup_loops, for debuggers */
};

/* ---- loop.c ------------------------------------------------------------- */

/* Every loop of the process; tools/gdb/cupel_tasks.py walks it. */
extern struct cup_list cup_loops;

/* OK, or THREAD or ARGUMENT with the error set: not this thread's loop. */
cupel_status
cup_loop_check(const struct cupel_loop *loop);

/* ---- turn.c ------------------------------------------------------------- */

/* Whether anything could be done right now. */
bool
cup_loop_has_work(const struct cupel_loop *loop);

/* Whether the clock is frozen and nothing but a deadline can happen. */
bool
cup_loop_can_jump(const struct cupel_loop *loop);

/* `task` can go on: at the end of the queue. */
void
cup_loop_ready(struct cupel_loop *loop, struct cup_task *task);

/* The heap's earliest deadline may have moved forward. */
void
cup_loop_arm(struct cupel_loop *loop);

/* This thread's clock was frozen, turned or thawed. */
void
cup_loop_clock_changed(void);

/* ---- task.c ------------------------------------------------------------- */

/* Clear up after a task that has left its stack for ever. */
void
cup_task_finish(struct cup_task *task);

/* ---- wait.c ------------------------------------------------------------- */

/* Make the error record for how a wait ended; returns `rc`. */
cupel_status
cup_wait_error(cupel_status rc);

/* NOTASK with the error set. */
cupel_status
cup_notask(void);

/* What a wait of the current task would answer right now if nobody woke it: OK
 * (it would really wait), CANCELLED or TIMEOUT. Leaves no error record. */
cupel_status
cup_wait_verdict(cupel_time until);

/* ---- meet.c ------------------------------------------------------------- */

/* OK, or THREAD with the error set: `thread` is not the calling one. */
cupel_status
cup_thread_check(const struct cup_thread *thread);

/* ---- fd.c, offload.c, future.c ------------------------------------------ */

/* The loop ends: let go of the descriptors still watched on it. */
void
cup_fd_loop_ends(struct cupel_loop *loop);

/* Take the jobs that have ended back from the workers. */
void
cup_offload_collect(struct cupel_loop *loop);

/* Free the unused futures of a loop. */
void
cup_future_cache_fini(struct cupel_loop *loop);

#endif
