/* SPDX-License-Identifier: MIT */
/* The clock beyond cupel_now(), and how tests turn it; calls from the loop; and
 * forks. */
#ifndef CUP_TASK_LOOP_H
#define CUP_TASK_LOOP_H

#include <cupel/task.h>

#include "base/list.h"

/* cupel_now() without reading the precise clock: up to COARSE_LAG_MS behind.
 * For bookkeeping, and for asking whether a deadline has surely passed. */
cupel_time
cup_now_coarse(void);

/* cupel_deadline_in() on that clock: never early, late by the lag at most. For
 * the library's own patience on its hot path. */
cupel_time
cup_deadline_coarse(int64_t span_ms);

/* The same from a moment that cup_now_coarse() gave. */
cupel_time
cup_deadline_after(cupel_time now, int64_t span_ms);

/* Whether this thread's loop has a task that could run now. */
bool
cup_loop_has_ready(void);

/* A call to be made by the loop at its next turn, before any task runs. It lies
 * in something of its owner's. Each keeps the loop going until it was made. */
struct cup_later {
    struct cup_list link; /* in cupel_loop.later */
    void (*call)(struct cup_later *later);
};

/* Have this thread's loop make the call: once, unless it is stopped before. */
void
cup_later_start(struct cup_later *later, void (*call)(struct cup_later *later));

/* Take it back: false if it was made already, or is zeroed memory. */
bool
cup_later_stop(struct cup_later *later);

/* How often this process is a child of the first that used the library. What
 * was made when it was another number belongs to the parent. */
extern unsigned long cup_forks;

/* Count forks from now on; loops do it by themselves. */
void
cup_forks_watch(void);

/* From now on this thread's clock stands still at `now`; cupel_now() reads it.
 * When every task of the loop waits for a deadline and nothing else can happen
 * (no job, no descriptor awaited), it jumps to the earliest deadline. */
void
cup_clock_freeze(cupel_time now);

/* Turn the frozen clock. */
void
cup_clock_advance(int64_t span_ms);

/* Back to the real clock. */
void
cup_clock_thaw(void);

#endif
