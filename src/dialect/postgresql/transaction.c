/* SPDX-License-Identifier: MIT */
/* COMMIT and ROLLBACK. As soon as a COMMIT may have reached the server, only
 * its answer tells what became of the transaction: without one the outcome is
 * unknown, whatever it was that came in between. A ROLLBACK that is lost leaves
 * no such doubt: the server rolls back what it hears no more of. */
#include "dialect/postgresql/transaction.h"

#include "base/error.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/send.h"
#include "dialect/postgresql/wire.h"

#include <string.h>

/* The answer was not waited for, or lost. The status stays what it was: a
 * cancelled task is cancelled. */
void
cup_pg_error_in_doubt(cupel_status status, const char *command)
{
    struct cupel_error *record = cup_error_current();
    bool lost = record != NULL && record->connection_lost;

    cup_error_set(status, "the answer to %s %s; its outcome is unknown",
                  command,
                  lost ? "was lost with the connection"
                       : "was not waited for any longer");
    record = cup_error_current();
    if (record == NULL)
        return;
    memcpy(record->sqlstate, "08007", sizeof "08007");
    record->outcome = CUPEL_OUTCOME_UNKNOWN;
    record->connection_lost = lost;
}

/* Yields. `doubt` says whether the command was sent and not answered. */
static cupel_status
end(struct cup_pg_wire *wire, const char *command, cupel_time until,
    bool *doubt)
{
    struct cup_pg_call call = { 0 };
    cupel_status rc;

    rc = cup_pg_send_boundary(wire, command, &call);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_sync(wire, &call);
    if (rc == CUPEL_OK)
        rc = cup_pg_await(wire, &call, until);
    *doubt = rc != CUPEL_OK && call.pending > 0;
    if (rc == CUPEL_OK && call.error != NULL)
        rc = cup_pg_error_set(&call);
    cup_pg_leave(wire, &call);
    return rc;
}

/* Whether there is anything to end. Yields. */
static cupel_status
prepare(struct cup_pg_wire *wire, cupel_time until, bool *nothing)
{
    cupel_status rc = cup_pg_settle(wire, until);

    *nothing = rc == CUPEL_OK && wire->answers.count == 0 &&
               wire->status == CUPEL_WIRE_IDLE;
    return rc;
}

cupel_status
cup_pg_commit(cupel_wire *base, cupel_time until)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    bool nothing, doubt = false;
    cupel_status rc;

    rc = prepare(wire, until, &nothing);
    if (rc != CUPEL_OK || nothing)
        return rc;
    /* Notice a server that has hung up while nothing is in doubt yet. */
    cup_pg_wire_look(wire);
    if (wire->lost)
        return cup_pg_error_lost(wire, NULL);
    rc = end(wire, "COMMIT", until, &doubt);
    if (doubt)
        cup_pg_error_in_doubt(rc, "COMMIT");
    return rc;
}

cupel_status
cup_pg_rollback(cupel_wire *base, cupel_time until)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    bool nothing, doubt;
    cupel_status rc;

    rc = prepare(wire, until, &nothing);
    if (rc != CUPEL_OK || nothing)
        return rc;
    wire->boundaries.missed = false;
    rc = end(wire, "ROLLBACK", until, &doubt);
    if (rc != CUPEL_OK && wire->boundaries.missed && !wire->lost)
        rc = end(wire, "ROLLBACK", until, &doubt); /* parsed this time */
    return rc;
}
