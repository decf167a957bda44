/* SPDX-License-Identifier: MIT */
/* libpq's connection in other hands: shown to somebody, or made by somebody. */
#ifndef CUP_DIALECT_POSTGRESQL_DRIVER_H
#define CUP_DIALECT_POSTGRESQL_DRIVER_H

#include <cupel/ext/dialect.h>

struct cup_pg_wire;

/* The dialect's driver_connection: a PGconn. */
void *
cup_pg_driver_connection(cupel_wire *base);

/* The dialect's adopt. Yields. */
cupel_status
cup_pg_adopt(const cupel_url *url, void *driver_connection, cupel_time until,
             cupel_wire **out);

/* The state of a wire whose connection was shown, with nothing of ours in
 * flight: what libpq says, for the other may have begun a transaction. */
cupel_wire_state
cup_pg_driver_state(const struct cup_pg_wire *wire);

/* Have such a connection as it was left to the other. OPERATIONAL if it is in
 * the middle of something. */
cupel_status
cup_pg_driver_resume(struct cup_pg_wire *wire);

#endif
