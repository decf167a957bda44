/* SPDX-License-Identifier: MIT */
/* The clock of the loop, and how tests turn it. */
#ifndef CUP_TASK_LOOP_H
#define CUP_TASK_LOOP_H

#include <cupel/task.h>

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
