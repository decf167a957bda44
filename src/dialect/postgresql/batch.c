/* SPDX-License-Identifier: MIT */
/* executemany: the statement is parsed once, then the sets follow each other
 * without waiting, with one Sync behind the last. Outside a transaction that
 * makes them one. What the server answers meanwhile is read while there is
 * still something to send, so neither side waits for the other to read; and
 * libpq never holds back much more than one set. */
#include "dialect/postgresql/batch.h"

#include "base/error.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/execute.h"
#include "dialect/postgresql/rows.h"
#include "dialect/postgresql/send.h"

#include <string.h>

enum { FLUSH_BYTES = 64 * 1024, SET_OVERHEAD = 64 };

/* What a batch is sent under: a statement that is kept, or the unnamed one,
 * which lasts as long as the group. */
static cupel_status
send_head(struct cup_pg_wire *wire, const cupel_request *request,
          const char *name, const char *begin, struct cup_pg_call *call)
{
    cupel_status rc = cup_pg_send_begin(wire, begin, call);

    if (rc == CUPEL_OK && *name == '\0')
        rc = cup_pg_send_prepare(wire, name, request->sql, call);
    return rc;
}

/* Send the sets until one of them has failed. Yields. */
static cupel_status
send_sets(struct cup_pg_wire *wire, const cupel_request *request,
          const char *name, struct cup_pg_call *call, cupel_time until)
{
    cupel_status rc = CUPEL_OK;
    size_t held = 0;
    size_t set;

    for (set = 0; set < request->set_count && rc == CUPEL_OK; set++) {
        rc = cup_pg_params_write(&wire->params,
                                 request->values + set * request->value_count);
        if (rc == CUPEL_OK)
            rc = cup_pg_send_bound(wire, name, false, call);
        held += wire->params.bytes.len + SET_OVERHEAD;
        if (rc != CUPEL_OK || held < FLUSH_BYTES)
            continue;
        rc = cup_pg_flush(wire, until);
        held = 0;
        if (call->error != NULL)
            break; /* the server skips the rest, so it need not be sent */
    }
    return rc;
}

/* Which set it was; before the first one there is no such thing. */
static cupel_status
batch_failed(const struct cup_pg_call *call)
{
    if (call->error_kind == CUP_PG_ROWS)
        return cup_pg_error_set_of(call, call->sets_done);
    return cup_pg_error_set(call);
}

/* Send and wait. A group that cannot be completed is not ended either: the wire
 * goes instead, and the server undoes what it has had of it. Yields. */
static cupel_status
run(struct cup_pg_wire *wire, const cupel_request *request, const char *name,
    const char *begin, struct cup_pg_call *call, cupel_time until)
{
    cupel_status rc = send_head(wire, request, name, begin, call);

    if (rc == CUPEL_OK)
        rc = send_sets(wire, request, name, call, until);
    if (rc != CUPEL_OK && wire->unsynced)
        cup_pg_wire_lose(wire);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_sync(wire, call);
    if (rc == CUPEL_OK)
        rc = cup_pg_await(wire, call, until);
    return rc;
}

/* Whether nothing happened but that the server has no such statement any more.
 * Then it is dropped here, too. */
static bool
was_stale(struct cup_pg_wire *wire, const cupel_request *request,
          const struct cup_pg_call *call)
{
    struct cup_pg_statement *statement;

    if (call->error == NULL || call->error_kind != CUP_PG_ROWS ||
        call->sets_done > 0 || !cup_pg_is_stale(call->error))
        return false;
    statement = cup_pg_prepared_find(wire, request);
    if (statement != NULL)
        cup_pg_prepared_drop(wire, statement, !cup_pg_is_missing(call->error));
    if (!cup_pg_is_missing(call->error))
        cup_pg_prepared_outdate();
    return true;
}

/* Prepare if need be, and run. Yields. */
static cupel_status
run_once(struct cup_pg_wire *wire, const cupel_request *request,
         struct cup_pg_call *call, cupel_time until)
{
    const char *begin = request->begin;
    struct cup_pg_statement *statement;
    char name[CUP_PG_NAME_SIZE] = "";
    cupel_status rc;

    rc = cup_pg_prepare(wire, request, &begin, call, until, &statement);
    if (rc != CUPEL_OK)
        return rc;
    if (statement != NULL)
        memcpy(name, statement->name, sizeof name);
    return run(wire, request, name, begin, call, until);
}

cupel_status
cup_pg_execute_batch(struct cup_pg_wire *wire, const cupel_request *request,
                     cupel_time until, cupel_rows **out)
{
    struct cup_pg_call call = { .discard_rows = true };
    bool outside = wire->status == CUPEL_WIRE_IDLE;
    cupel_status rc;

    rc = run_once(wire, request, &call, until);
    if (rc == CUPEL_OK && was_stale(wire, request, &call) && outside) {
        cup_pg_call_clear(&call);
        rc = cup_pg_send_recovery(wire);
        if (rc == CUPEL_OK)
            rc = run_once(wire, request, &call, until);
    }
    if (rc != CUPEL_OK)
        cup_pg_note_outcome(outside && request->begin == NULL, wire, &call);
    else if (call.error != NULL)
        rc = batch_failed(&call);
    else
        rc = cup_pg_rows_new(NULL, NULL, call.affected, out);
    cup_pg_leave(wire, &call);
    return rc;
}
