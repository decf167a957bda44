/* SPDX-License-Identifier: MIT */
/* One request's way to the server and back. */
#ifndef CUP_DIALECT_POSTGRESQL_EXECUTE_H
#define CUP_DIALECT_POSTGRESQL_EXECUTE_H

#include "dialect/postgresql/wire.h"

/* The dialect's execute. Yields. */
cupel_status
cup_pg_execute(cupel_wire *base, const cupel_request *request, cupel_time until,
               cupel_rows **out);

/* Start a request: chores first, then what opens its transaction (`begin` may
 * be NULL). */
cupel_status
cup_pg_send_begin(struct cup_pg_wire *wire, const char *begin,
                  struct cup_pg_call *call);

/* Have a request's statement prepared and described, in one group with what
 * opens its transaction: `*begin`, which is NULL afterwards. `call` is clear
 * before and after. `out` is borrowed until the next wait; NULL if the
 * statement is not to be kept, and then nothing was sent. Yields. */
cupel_status
cup_pg_prepare(struct cup_pg_wire *wire, const cupel_request *request,
               const char **begin, struct cup_pg_call *call, cupel_time until,
               struct cup_pg_statement **out);

/* End the transaction that a first try has opened and failed in, if it has. */
cupel_status
cup_pg_send_recovery(struct cup_pg_wire *wire);

/* A request failed without all its answers: if it was sent whole and needed no
 * COMMIT, nobody knows what became of it, and the record says so. */
void
cup_pg_note_outcome(bool autocommit, const struct cup_pg_wire *wire,
                    const struct cup_pg_call *call);

#endif
