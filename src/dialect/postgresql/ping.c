/* SPDX-License-Identifier: MIT */
/* The ping: a round trip of nothing, which is a Sync alone. A transaction
 * pooler might answer that itself, so behind one it is an empty statement,
 * which only a server can answer. */
#include "dialect/postgresql/ping.h"

#include "dialect/postgresql/command.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/send.h"

cupel_status
cup_pg_ping(cupel_wire *base, cupel_time until)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    struct cup_pg_call call = { 0 };
    cupel_status rc;

    if (wire->pooler)
        return cup_pg_command(wire, "", until);
    rc = cup_pg_settle(wire, until);
    if (rc != CUPEL_OK)
        return rc;
    cup_pg_wire_look(wire); /* a server that hung up has said why */
    if (wire->lost)
        return cup_pg_error_lost(wire, NULL);
    rc = cup_pg_send_sync(wire, &call);
    if (rc == CUPEL_OK)
        rc = cup_pg_await(wire, &call, until);
    cup_pg_leave(wire, &call);
    return rc;
}
