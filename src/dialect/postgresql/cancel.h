/* SPDX-License-Identifier: MIT */
/* Stopping what is in flight. */
#ifndef CUP_DIALECT_POSTGRESQL_CANCEL_H
#define CUP_DIALECT_POSTGRESQL_CANCEL_H

#include <cupel/ext/dialect.h>

/* The dialect's cancel. Yields. */
cupel_status
cup_pg_cancel(cupel_wire *base, cupel_time until);

struct cup_pg_wire;

/* Before a wire is hung up: stop what is in flight, which the server would
 * otherwise go on with until it has something to say. Nobody waits to hear that
 * it was, but outside tasks, where the program may end next, the request gets a
 * moment to leave. Never yields; keeps the error record. */
void
cup_pg_cancel_behind(struct cup_pg_wire *wire);

#endif
