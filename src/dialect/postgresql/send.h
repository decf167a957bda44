/* SPDX-License-Identifier: MIT */
/* Sending: each function hands one message to libpq and expects its answer.
 * Nothing here waits; libpq keeps what the socket does not take. When libpq
 * refuses a message the wire is given up, since the two no longer agree. */
#ifndef CUP_DIALECT_POSTGRESQL_SEND_H
#define CUP_DIALECT_POSTGRESQL_SEND_H

#include "dialect/postgresql/wire.h"

/* A command of ours, without parameters or rows. */
cupel_status
cup_pg_send_command(struct cup_pg_wire *wire, const char *sql,
                    enum cup_pg_answer_kind kind, struct cup_pg_call *call);

/* The two halves of one that is kept prepared. */
cupel_status
cup_pg_send_parse(struct cup_pg_wire *wire, const char *name, const char *sql,
                  enum cup_pg_answer_kind kind, struct cup_pg_call *call);

cupel_status
cup_pg_send_named(struct cup_pg_wire *wire, const char *name,
                  enum cup_pg_answer_kind kind, struct cup_pg_call *call);

/* Parse `sql` under a name ("" for the unnamed statement), with the declared
 * types of the wire's parameters. */
cupel_status
cup_pg_send_prepare(struct cup_pg_wire *wire, const char *name, const char *sql,
                    struct cup_pg_call *call);

cupel_status
cup_pg_send_describe(struct cup_pg_wire *wire, const char *name,
                     struct cup_pg_call *call);

/* Run a prepared statement with the parameters that were written last. */
cupel_status
cup_pg_send_bound(struct cup_pg_wire *wire, const char *name, bool binary,
                  struct cup_pg_call *call);

/* Parse and run `sql` with the parameters that were written last; its answer
 * is a COMMAND's or a ROWS'. */
cupel_status
cup_pg_send_direct(struct cup_pg_wire *wire, const char *sql,
                   enum cup_pg_answer_kind kind, struct cup_pg_call *call);

/* Run `sql` without parameters, its rows in the format asked for. */
cupel_status
cup_pg_send_query(struct cup_pg_wire *wire, const char *sql, bool binary,
                  struct cup_pg_call *call);

/* End the group and push it out. */
cupel_status
cup_pg_send_sync(struct cup_pg_wire *wire, struct cup_pg_call *call);

#endif
