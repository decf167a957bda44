/* SPDX-License-Identifier: MIT */
/* Parameters by name to values by position. */
#ifndef CUP_ENGINE_BIND_H
#define CUP_ENGINE_BIND_H

#include <cupel/value.h>

#include "base/arena.h"
#include "sql/text.h"

/* Put the values of every set in the order of the placeholders, into the
 * request; their memory is the arena's. Names that the statement does not use
 * are ignored. STATEMENT (cd3x) when one has no value, naming it and, from the
 * second set on, its zero-based group; STATEMENT for a value that is none. */
cupel_status
cup_bind_named(const struct cup_compiled *compiled, const cupel_params *params,
               struct cup_arena *arena, cupel_request *request);

/* The values as they stand, for SQL with the driver's own placeholders. */
cupel_status
cup_bind_positional(const cupel_params *params, struct cup_arena *arena,
                    cupel_request *request);

#endif
