/* SPDX-License-Identifier: MIT */
/* The clock that deadlines are measured by: the monotonic one, which no change
 * of the date moves, or one that a test turns by hand. It is read when asked,
 * never remembered from the last turn of a loop, so that a deadline made after
 * long work is not early by that work. */
#include "task/inner.h"
#include "task/loop.h"

#include <time.h>

static cupel_time
real_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (cupel_time)now.tv_sec * 1000 + (cupel_time)(now.tv_nsec / 1000000);
}

cupel_time
cupel_now(void)
{
    return cup_thread.frozen ? cup_thread.frozen_now : real_now();
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
