/* SPDX-License-Identifier: MIT */
/* An execution that somebody may want to know of: its events, its log lines,
 * its duration. */
#ifndef CUP_ENGINE_WATCH_H
#define CUP_ENGINE_WATCH_H

#include <cupel/result.h>

#include "engine/execution.h"

/* before_execute: what its listeners replace is replaced in `subject`. Yields.
 */
cupel_status
cup_watch_before(struct cup_execution *run, struct cup_subject *subject);

/* after_execute. `result` may be NULL. Yields. */
cupel_status
cup_watch_after(struct cup_execution *run, const struct cup_subject *subject,
                cupel_result *result);

/* Run the request on the wire, by way of the listeners and the log. Yields. */
cupel_status
cup_watch_execute(struct cup_execution *run);

/* Microseconds on the monotonic clock. */
int64_t
cup_watch_now_us(void);

#endif
