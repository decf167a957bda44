/* SPDX-License-Identifier: MIT */
/* A future that sleeps and leaves a trace: for the tests of futures. */
#ifndef TESTS_UNIT_TASK_TRACE_H
#define TESTS_UNIT_TASK_TRACE_H

#include "support/test.h"
#include "task/future.h"

#include "base/error.h"

/* What a future's work did, for the test to look at. */
struct trace {
    int runs;
    int drops;
    cupel_status slept;
    int64_t span_ms;
};

/* Inside the future. */
struct work {
    struct trace *trace;
};

static inline cupel_status
sleep_and_trace(void *self)
{
    struct trace *trace = ((struct work *)self)->trace;

    trace->runs++;
    trace->slept = trace->span_ms > 0 ? cupel_sleep(trace->span_ms) : CUPEL_OK;
    return trace->slept;
}

static inline void
trace_drop(void *self)
{
    ((struct work *)self)->trace->drops++;
}

/* A future that sleeps for `span_ms`. */
static inline cupel_future *
make(struct trace *trace, int64_t span_ms)
{
    cupel_future *future;
    void *self;

    memset(trace, 0, sizeof *trace);
    trace->slept = CUPEL_E_DATA;
    trace->span_ms = span_ms;
    future =
        cup_future_new(sleep_and_trace, trace_drop, sizeof(struct work), &self);
    CHECK(future != NULL);
    ((struct work *)self)->trace = trace;
    return future;
}

/* Work that fails. */
static inline cupel_status
give_up(void *arg)
{
    (void)arg;
    return cup_error_set(CUPEL_E_INTEGRITY, "it did not fit");
}

#endif
