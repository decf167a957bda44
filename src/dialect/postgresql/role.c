/* SPDX-License-Identifier: MIT */
/* Failover. An address that has moved may lead to a server that is a standby
 * now: it answers, and refuses every write. Opening the connection again finds
 * the server that took over, so the first refusal ends the pooled life of all
 * wires to standbys that are open by then. The statement has its error and the
 * wire still works, so this is no lost connection: a transaction that reads may
 * go on. What was opened later stays, until it refuses, too.
 *
 * A transaction that was made read only fails with the same SQLSTATE; only the
 * server knows which it is, and reports it from version 14 on. */
#include "dialect/postgresql/role.h"

#include "base/error.h"
#include "dialect/postgresql/wire.h"

#include <stdatomic.h>
#include <string.h>

/* Writes that standbys have refused this process. */
static atomic_ulong refusals;

void
cup_pg_role_init(struct cup_pg_role *role, const char *wanted)
{
    role->refusals = atomic_load(&refusals);
    role->standby_wanted =
        wanted != NULL && (strcmp(wanted, "standby") == 0 ||
                           strcmp(wanted, "prefer-standby") == 0 ||
                           strcmp(wanted, "read-only") == 0);
}

static bool
is_standby(const struct cup_pg_wire *wire)
{
    const char *said = PQparameterStatus(wire->conn, "in_hot_standby");

    return said != NULL && strcmp(said, "on") == 0;
}

static bool
was_refused(const struct cup_pg_wire *wire, const PGresult *error)
{
    const char *sqlstate = PQresultErrorField(error, PG_DIAG_SQLSTATE);

    return sqlstate != NULL && strcmp(sqlstate, "25006") == 0 &&
           !wire->role.standby_wanted && is_standby(wire);
}

void
cup_pg_role_note(struct cup_pg_wire *wire, const PGresult *error)
{
    if (was_refused(wire, error))
        atomic_fetch_add(&refusals, 1);
}

bool
cup_pg_role_outdated(const struct cup_pg_wire *wire)
{
    return wire->role.refusals != atomic_load(&refusals) &&
           !wire->role.standby_wanted && is_standby(wire);
}
