/* SPDX-License-Identifier: MIT */
/* What an execution is given, copied into the future that will run it. */
#ifndef CUP_ASYNC_ARGUMENTS_H
#define CUP_ASYNC_ARGUMENTS_H

#include <cupel/sql.h>

#include "base/arena.h"

/* Any of these may be NULL. */
struct cup_arguments {
    const cupel_statement *stmt;
    const char *sql; /* for exec_driver_sql() */
    const cupel_params *params;
    const cupel_execution_options *options;
};

/* Copy everything `given` points at. What cannot be executed is left out, so
 * that the core finds it missing when it is asked to execute it. NOMEM,
 * ARGUMENT, VALUE for arrays nested too deep. */
cupel_status
cup_arguments_copy(struct cup_arena *arena, const struct cup_arguments *given,
                   struct cup_arguments *out);

#endif
