/* SPDX-License-Identifier: MIT */
/* Commands and questions of our own: one group, one round trip, and nothing is
 * prepared or begun for it. */
#ifndef CUP_DIALECT_POSTGRESQL_COMMAND_H
#define CUP_DIALECT_POSTGRESQL_COMMAND_H

#include "dialect/postgresql/wire.h"

/* Run a command that returns no rows. Yields. What the server answered, or
 * OPERATIONAL, TIMEOUT, CANCELLED. */
cupel_status
cup_pg_command(struct cup_pg_wire *wire, const char *sql, cupel_time until);

/* Run a query, which answers as text. `out` is owned by the caller. Yields. As
 * cup_pg_command(). */
cupel_status
cup_pg_ask(struct cup_pg_wire *wire, const char *sql, cupel_time until,
           PGresult **out);

/* Refuse what makes sense only outside transactions. Yields. INVALID, or as
 * cup_pg_settle(). */
cupel_status
cup_pg_check_idle(struct cup_pg_wire *wire, cupel_time until);

#endif
