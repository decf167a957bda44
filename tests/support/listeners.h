/* SPDX-License-Identifier: MIT */
/* Listeners for tests: the events of an engine as lines of the fake database's
 * trace, among the calls of the driver. */
#ifndef TESTS_SUPPORT_LISTENERS_H
#define TESTS_SUPPORT_LISTENERS_H

#include <cupel/event.h>

#include "base/event.h"
#include "dialect/fake/fake.h"
#include "support/test.h"

/* Writes the event's name into the trace; `arg` is not used. */
static inline cupel_status
trace_event(cupel_event *event, void *arg)
{
    (void)arg;
    cup_fake_trace_note(event->name);
    return CUPEL_OK;
}

/* Fails with VALUE, naming the event. */
static inline cupel_status
refuse_event(cupel_event *event, void *arg)
{
    (void)arg;
    return cupel_error_raise(CUPEL_E_VALUE, event->name);
}

/* Trace every event of a family, handle_error excepted. */
static inline void
trace_family(cupel_event_target target, enum cup_event_family family)
{
    enum cup_event_kind kind;

    for (kind = 0; kind < CUP_EVENT_KINDS; kind++)
        if (cup_event_family_of(kind) == family &&
            kind != CUP_EVENT_HANDLE_ERROR)
            CHECK_OK(cupel_event_listen(target, cup_event_name(kind),
                                        trace_event, NULL, 0));
}

/* Whether the trace is `expected`, and forget it. */
#define CHECK_TRACE(expected)                         \
    do {                                              \
        CHECK_STR(cup_fake_trace_text(), (expected)); \
        cup_fake_trace_clear();                       \
    } while (0)

#endif
