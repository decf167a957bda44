/* SPDX-License-Identifier: MIT */
/* Commands and questions of our own. They are parsed each time: they are rare,
 * and what is kept prepared is the user's. */
#include "dialect/postgresql/command.h"

#include "base/error.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/send.h"

/* Yields. */
static cupel_status
await_answer(struct cup_pg_wire *wire, struct cup_pg_call *call,
             cupel_time until)
{
    cupel_status rc = cup_pg_send_sync(wire, call);

    if (rc == CUPEL_OK)
        rc = cup_pg_await(wire, call, until);
    if (rc == CUPEL_OK && call->error != NULL)
        rc = cup_pg_error_set(call);
    return rc;
}

cupel_status
cup_pg_command(struct cup_pg_wire *wire, const char *sql, cupel_time until)
{
    struct cup_pg_call call = { 0 };
    cupel_status rc = cup_pg_settle(wire, until);

    if (rc != CUPEL_OK)
        return rc;
    rc = cup_pg_send_command(wire, sql, CUP_PG_COMMAND, &call);
    if (rc == CUPEL_OK)
        rc = await_answer(wire, &call, until);
    cup_pg_leave(wire, &call);
    return rc;
}

cupel_status
cup_pg_ask(struct cup_pg_wire *wire, const char *sql, cupel_time until,
           PGresult **out)
{
    struct cup_pg_call call = { 0 };
    cupel_status rc = cup_pg_settle(wire, until);

    *out = NULL;
    if (rc != CUPEL_OK)
        return rc;
    rc = cup_pg_send_query(wire, sql, false, &call);
    if (rc == CUPEL_OK)
        rc = await_answer(wire, &call, until);
    if (rc == CUPEL_OK && call.rows == NULL) {
        wire->poisoned = true; /* an answer without a result */
        rc = cup_pg_error_lost(wire, NULL);
    }
    if (rc == CUPEL_OK) {
        *out = call.rows;
        call.rows = NULL;
    }
    cup_pg_leave(wire, &call);
    return rc;
}

cupel_status
cup_pg_check_idle(struct cup_pg_wire *wire, cupel_time until)
{
    cupel_status rc = cup_pg_settle(wire, until);

    if (rc == CUPEL_OK &&
        (wire->answers.count > 0 || wire->status != CUPEL_WIRE_IDLE))
        rc = cup_error_set(CUPEL_E_INVALID,
                           "this cannot be done while a transaction is open");
    return rc;
}
