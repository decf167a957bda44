/* SPDX-License-Identifier: MIT */
/* Which of several servers one is talking to, when an address moves. */
#ifndef CUP_DIALECT_POSTGRESQL_ROLE_H
#define CUP_DIALECT_POSTGRESQL_ROLE_H

#include <cupel/error.h>

#include <libpq-fe.h>

struct cup_pg_wire;

/* Of one wire. */
struct cup_pg_role {
    bool standby_wanted;    /* the url asks for one, or does not mind */
    unsigned long refusals; /* of the process, when the wire was opened */
};

/* `wanted` is the url's target_session_attrs, or NULL. */
void
cup_pg_role_init(struct cup_pg_role *role, const char *wanted);

/* Look at a server's error: a standby may have refused to write. */
void
cup_pg_role_note(struct cup_pg_wire *wire, const PGresult *error);

/* Whether somebody wanted to write to a standby since this wire was opened, and
 * this wire is one to a standby. Such a wire is not lent again. */
bool
cup_pg_role_outdated(const struct cup_pg_wire *wire);

#endif
