/* SPDX-License-Identifier: MIT */
/* PostgreSQL's errors as ours. */
#ifndef CUP_DIALECT_POSTGRESQL_ERROR_H
#define CUP_DIALECT_POSTGRESQL_ERROR_H

#include <cupel/error.h>

#include <libpq-fe.h>

struct cup_pg_call;
struct cup_pg_wire;

/* The class of a SQLSTATE; DATABASE for those of no known kind. */
cupel_status
cup_pg_status_of(const char *sqlstate);

/* Whether this error is the server's last word. */
bool
cup_pg_is_farewell(const PGresult *error);

/* Whether this error is libpq's, who could make nothing of what came, or had no
 * memory for it: then the two ends no longer agree on where they are. */
bool
cup_pg_is_breakdown(const PGresult *error);

/* Whether a text was refused as no SQL that can be run. */
bool
cup_pg_is_syntax(const PGresult *error);

/* Keep the last word, for whoever asks later why the wire was lost. */
void
cup_pg_note_farewell(struct cup_pg_wire *wire, const PGresult *error);

/* The same where the server said nothing: what is held against it. */
void
cup_pg_note_silence(struct cup_pg_wire *wire, const char *message);

/* Whether a prepared statement failed only because the server has forgotten or
 * outgrown it. */
bool
cup_pg_is_stale(const PGresult *error);

/* Whether the server has forgotten a prepared statement. */
bool
cup_pg_is_missing(const PGresult *error);

/* Set the record of a call's error: the statement failed, the wire goes on. */
cupel_status
cup_pg_error_set(const struct cup_pg_call *call);

/* The same for one set of many: the message says which, from 0. */
cupel_status
cup_pg_error_set_of(const struct cup_pg_call *call, size_t set);

/* Set the record of a lost connection, with the server's last words if there
 * were any: the call's error (may be NULL), or what it said while idle. */
cupel_status
cup_pg_error_lost(const struct cup_pg_wire *wire,
                  const struct cup_pg_call *call);

/* Say in the record that was just set that the work may have been done. */
void
cup_pg_error_unknown(void);

/* The last SQLSTATE in a connect error of libpq's that was told to be short;
 * false if there is none. */
bool
cup_pg_sqlstate_find(const char *message, char sqlstate[6]);

/* Takes libpq's notices of a wire, which is `arg`: the last words of the server
 * are kept, the rest is logged. */
void
cup_pg_notice(void *arg, const PGresult *notice);

#endif
