/* SPDX-License-Identifier: MIT */
/* A future as the files that make, run and combine futures see it. */
#ifndef CUP_TASK_FUTURE_INNER_H
#define CUP_TASK_FUTURE_INNER_H

#include "task/future.h"
#include "task/inner.h"

#include <stddef.h>

enum {
    CUP_FUTURE_SELF_MAX = 512, /* bytes of `self` */
    CUP_FUTURE_ARENA = 1024    /* bytes of arena inside the future */
};

/* Its life. A cold one may go straight to its end when it cannot be started. */
enum cup_future_state {
    CUP_FUTURE_COLD,
    CUP_FUTURE_INLINE,  /* runs on the stack of who awaits it */
    CUP_FUTURE_SPAWNED, /* runs, or will, as a task of its own */
    CUP_FUTURE_ENDED
};

/* Owned by who holds it until it is given away; from then on it frees itself
 * at its end. Lies in the cache of a loop while it is unused. */
struct cupel_future {
    cup_future_fn *run;
    void (*drop)(void *self); /* may be NULL */
    enum cup_future_state state;
    bool cancelled; /* before it could start */
    bool shielded;
    bool given;                /* to a callback or to nobody: frees itself */
    bool gathered;             /* belongs to a gather */
    cupel_time until;          /* its deadline, CUPEL_FOREVER if none */
    struct cup_task *task;     /* while spawned, else NULL */
    struct cupel_loop *loop;   /* where it was spawned */
    struct cup_waiter *waiter; /* of who awaits it, or NULL */
    cupel_callback *callback;  /* may be NULL */
    void *callback_arg;
    cupel_status rc;           /* once ended */
    struct cupel_error *error; /* once ended; owned, may be NULL */
    struct cup_later later;    /* its callback, if it ended before */
    struct cup_list link;      /* in cupel_loop.futures */
    struct cup_arena arena;
    max_align_t self[CUP_FUTURE_SELF_MAX / sizeof(max_align_t)];
    max_align_t room[CUP_FUTURE_ARENA / sizeof(max_align_t)];
};

/* Run its drop function and give its memory back. It must not be running. */
void
cup_future_release(struct cupel_future *future);

/* Whether nobody has it but its maker, and this thread may touch it; else the
 * error is set: INVALID or THREAD. */
bool
cup_future_is_free(const struct cupel_future *future);

/* Drop one that nobody wants: release it, or cancel it and let it release
 * itself at its end. NULL is allowed. */
void
cup_future_abandon(struct cupel_future *future);

/* Start it if it is cold; one that cannot be started ends with the reason. */
void
cup_future_start(struct cupel_future *future);

/* Wait until a started future has ended. Yields. CANCELLED, TIMEOUT: it has
 * not ended yet. Leaves no error record. */
cupel_status
cup_future_wait(struct cupel_future *future);

/* Pass the end of the waiting task's patience on to a future that it waits for,
 * unless that is shielded. */
void
cup_future_forward(struct cupel_future *future);

/* The same wait, which only the future's end ends. Yields. */
void
cup_future_wait_out(struct cupel_future *future);

/* Take the answer of an ended future; its record goes to the current task, and
 * the future is freed. `why` is how the wait for it was interrupted, or OK: a
 * future that was cancelled by a deadline answers TIMEOUT. */
cupel_status
cup_future_take(struct cupel_future *future, cupel_status why);

#endif
