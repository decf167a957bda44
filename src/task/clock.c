/* SPDX-License-Identifier: MIT */
/* The clock that deadlines are measured by: the monotonic one, which no change
 * of the date moves, or one that a test turns by hand. It is read when asked,
 * never remembered from the last turn of a loop, so that a deadline made after
 * long work is not early by that work. */
#include "task/inner.h"
#include "task/loop.h"

#include <time.h>

#ifdef CLOCK_MONOTONIC_COARSE
#define COARSE_CLOCK CLOCK_MONOTONIC_COARSE
#else
#define COARSE_CLOCK CLOCK_MONOTONIC
#endif

/* The coarse clock moves once a tick of the kernel, 10 ms at most. */
enum { COARSE_LAG_MS = 10 };

static cupel_time
read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (cupel_time)now.tv_sec * 1000 + (cupel_time)(now.tv_nsec / 1000000);
}

cupel_time
cupel_now(void)
{
    return cup_thread.frozen ? cup_thread.frozen_now
                             : read_clock(CLOCK_MONOTONIC);
}

cupel_time
cup_now_coarse(void)
{
    return cup_thread.frozen ? cup_thread.frozen_now : read_clock(COARSE_CLOCK);
}

static cupel_time
later_by(cupel_time from, int64_t span_ms)
{
    if (span_ms > 0 && from > CUPEL_FOREVER - span_ms)
        return CUPEL_FOREVER;
    if (span_ms < 0 && from < INT64_MIN - span_ms)
        return INT64_MIN;
    return from + span_ms;
}

cupel_time
cupel_deadline_in(int64_t span_ms)
{
    return later_by(cupel_now(), span_ms);
}

cupel_time
cup_deadline_after(cupel_time now, int64_t span_ms)
{
    return later_by(later_by(now, span_ms),
                    cup_thread.frozen ? 0 : COARSE_LAG_MS);
}

cupel_time
cup_deadline_coarse(int64_t span_ms)
{
    return cup_deadline_after(cup_now_coarse(), span_ms);
}

void
cup_clock_freeze(cupel_time now)
{
    cup_thread.frozen = true;
    cup_thread.frozen_now = now;
    cup_loop_clock_changed();
}

void
cup_clock_advance(int64_t span_ms)
{
    cup_thread.frozen_now = later_by(cup_thread.frozen_now, span_ms);
    cup_loop_clock_changed();
}

void
cup_clock_thaw(void)
{
    cup_thread.frozen = false;
    cup_loop_clock_changed();
}
