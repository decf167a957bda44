/* SPDX-License-Identifier: MIT */
/* Making futures: the facade's side of cupel/task.h. A future comes from the
 * thread's cache with room inside for what its work needs, so that making and
 * awaiting one allocates nothing once the cache is warm. */
#ifndef CUP_TASK_FUTURE_H
#define CUP_TASK_FUTURE_H

#include <cupel/task.h>

#include "base/arena.h"

/* What a future runs; `self` is the memory cup_future_new() gave. */
typedef cupel_status
cup_future_fn(void *self);

/* A cold future that will run `run(self)`, where `self` (*out, zeroed,
 * `self_size` bytes, at most 512) lives inside the future. `drop(self)`, if not
 * NULL, is called once when the future goes, whether it ran or not, for what
 * `self` owns; it must not yield. NULL: no memory, *out NULL. */
cupel_future *
cup_future_new(cup_future_fn *run, void (*drop)(void *self), size_t self_size,
               void **out);

/* Memory that lives as long as the future: for copies of arguments. The first
 * KiB or so is inside the future. */
struct cup_arena *
cup_future_arena(cupel_future *future);

#endif
