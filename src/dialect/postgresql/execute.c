/* SPDX-License-Identifier: MIT */
/* Executing one statement. The first time a wire sees it:
 *
 *     [BEGIN] Parse Describe Sync  ->  wait  ->  Bind Execute Sync  ->  wait
 *
 * and from then on, in one flush:
 *
 *     [BEGIN] Bind Execute Sync  ->  wait
 *
 * BEGIN is in the same group as what follows: if it fails, the server skips
 * the rest, so a statement never runs outside the transaction it was meant for.
 * Without a cache (or behind a transaction pooler) the statement is parsed each
 * time, in the same group, and its rows come as text, since their types are not
 * known beforehand. */
#include "dialect/postgresql/execute.h"

#include "base/error.h"
#include "dialect/postgresql/batch.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/keyword.h"
#include "dialect/postgresql/rows.h"
#include "dialect/postgresql/send.h"
#include "dialect/postgresql/stream.h"

#include <assert.h>

/* One execution under way. */
struct execution {
    struct cup_pg_wire *wire;
    const cupel_request *request;
    const char *begin;          /* still to be sent; NULL: nothing */
    struct cup_pg_shape *shape; /* one reference; NULL: not prepared */
    struct cup_pg_call call;
};

cupel_status
cup_pg_send_begin(struct cup_pg_wire *wire, const char *begin,
                  struct cup_pg_call *call)
{
    cupel_status rc = cup_pg_chores_send(wire);
    char text[CUP_PG_BEGIN_SIZE];

    if (rc != CUPEL_OK || begin == NULL)
        return rc;
    return cup_pg_send_boundary(wire, cup_pg_isolation_begin(wire, begin, text),
                                call);
}

cupel_status
cup_pg_send_recovery(struct cup_pg_wire *wire)
{
    cupel_status rc;

    if (wire->status == CUPEL_WIRE_IDLE)
        return CUPEL_OK;
    rc = cup_pg_send_command(wire, "ROLLBACK", CUP_PG_COMMAND, NULL);
    return rc == CUPEL_OK ? cup_pg_send_sync(wire, NULL) : rc;
}

void
cup_pg_note_outcome(bool autocommit, const struct cup_pg_wire *wire,
                    const struct cup_pg_call *call)
{
    if (autocommit && call->pending > 0 && !wire->unsynced)
        cup_pg_error_unknown();
}

/* ---- Preparing ------------------------------------------------------- */

static cupel_status
send_prepare(struct cup_pg_wire *wire, const struct cup_pg_statement *statement,
             const char *begin, struct cup_pg_call *call)
{
    cupel_status rc = cup_pg_send_begin(wire, begin, call);

    if (rc == CUPEL_OK)
        rc = cup_pg_send_prepare(wire, statement->name, statement->key, call);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_describe(wire, statement->name, call);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_sync(wire, call);
    return rc;
}

/* The server has answered: keep the description, or pass on the error. */
static cupel_status
take_description(struct cup_pg_wire *wire, struct cup_pg_call *call,
                 struct cup_pg_statement *statement)
{
    if (call->error != NULL)
        return cup_pg_error_set(call);
    if (call->described == NULL || statement == NULL) {
        cup_pg_wire_lose(wire);
        wire->poisoned = true;
        return cup_pg_error_lost(wire, NULL);
    }
    return cup_pg_shape_new(call->described, true, &statement->shape);
}

cupel_status
cup_pg_prepare(struct cup_pg_wire *wire, const cupel_request *request,
               const char **begin, struct cup_pg_call *call, cupel_time until,
               struct cup_pg_statement **out)
{
    struct cup_pg_statement *statement = cup_pg_prepared_use(wire, request);
    cupel_status rc;

    *out = statement;
    if (statement != NULL)
        return CUPEL_OK;
    rc = cup_pg_prepared_add(wire, request, &statement);
    if (rc != CUPEL_OK || statement == NULL)
        return rc;
    rc = send_prepare(wire, statement, *begin, call);
    if (rc == CUPEL_OK)
        rc = cup_pg_await(wire, call, until);
    statement = cup_pg_prepared_find(wire, request); /* it may be forgotten */
    if (rc == CUPEL_OK)
        rc = take_description(wire, call, statement);
    if (rc == CUPEL_OK) {
        *begin = NULL;
        *out = statement;
    } else if (statement != NULL) {
        cup_pg_prepared_drop(wire, statement, call->error == NULL);
    }
    cup_pg_leave(wire, call);
    return rc;
}

/* ---- Running --------------------------------------------------------- */

static cupel_status
send_execution(struct execution *run, const char *name)
{
    struct cup_pg_wire *wire = run->wire;
    cupel_status rc = cup_pg_send_begin(wire, run->begin, &run->call);

    if (rc == CUPEL_OK && name != NULL)
        rc = cup_pg_send_bound(wire, name, run->shape->binary, &run->call);
    else if (rc == CUPEL_OK)
        rc = cup_pg_send_direct(wire, run->request->sql, CUP_PG_ROWS,
                                &run->call);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_sync(wire, &run->call);
    return rc;
}

/* Prepare if need be, send, wait. That the server answered does not mean that
 * it liked it: see run->call. Yields. */
static cupel_status
run_once(struct execution *run, cupel_time until)
{
    struct cup_pg_statement *statement;
    cupel_status rc;

    rc = cup_pg_prepare(run->wire, run->request, &run->begin, &run->call, until,
                        &statement);
    if (rc != CUPEL_OK)
        return rc;
    if (statement != NULL)
        run->shape = cup_pg_shape_ref(statement->shape);
    rc = send_execution(run, statement != NULL ? statement->name : NULL);
    if (rc == CUPEL_OK)
        rc = cup_pg_await(run->wire, &run->call, until);
    return rc;
}

/* Whether it failed only because the server has forgotten or outgrown the
 * prepared statement. Then that is dropped here, too. */
static bool
was_stale(struct execution *run)
{
    struct cup_pg_statement *statement;

    if (run->shape == NULL || run->call.error == NULL ||
        run->call.error_kind != CUP_PG_ROWS ||
        !cup_pg_is_stale(run->call.error))
        return false;
    statement = cup_pg_prepared_find(run->wire, run->request);
    if (statement != NULL)
        cup_pg_prepared_drop(run->wire, statement,
                             !cup_pg_is_missing(run->call.error));
    if (!cup_pg_is_missing(run->call.error))
        cup_pg_prepared_outdate();
    return true;
}

/* Forget a first run that changed nothing, for another one. */
static cupel_status
begin_again(struct execution *run)
{
    cup_pg_shape_unref(run->shape);
    run->shape = NULL;
    cup_pg_call_clear(&run->call);
    run->begin = run->request->begin;
    return cup_pg_send_recovery(run->wire);
}

static cupel_status
statement_failed(const struct execution *run)
{
    static const char hint[] = "behind a transaction pooler, put "
                               "pooler=transaction into the url";
    cupel_status rc = cup_pg_error_set(&run->call);
    struct cupel_error *record = cup_error_current();

    if (record != NULL && run->shape != NULL &&
        cup_pg_is_missing(run->call.error))
        cup_error_field(&record->hint, hint);
    return rc;
}

static cupel_status
take_rows(struct execution *run, cupel_rows **out)
{
    PGresult *result = run->call.rows;

    if (run->call.error != NULL)
        return statement_failed(run);
    if (result == NULL) { /* an answer without a result: not PostgreSQL's way */
        run->wire->poisoned = true;
        return cup_pg_error_lost(run->wire, NULL);
    }
    run->call.rows = NULL;
    return cup_pg_rows_new(result, run->shape, run->call.affected, out);
}

/* Yields. */
static cupel_status
execute_one(struct cup_pg_wire *wire, const cupel_request *request,
            cupel_time until, cupel_rows **out)
{
    struct execution run = { .wire = wire,
                             .request = request,
                             .begin = request->begin };
    bool outside = wire->status == CUPEL_WIRE_IDLE;
    cupel_status rc;

    rc = cup_pg_params_write(&wire->params, request->values);
    if (rc != CUPEL_OK)
        return rc;
    rc = run_once(&run, until);
    if (rc == CUPEL_OK && was_stale(&run) && outside) {
        rc = begin_again(&run);
        if (rc == CUPEL_OK)
            rc = run_once(&run, until);
    }
    if (rc != CUPEL_OK)
        cup_pg_note_outcome(outside && request->begin == NULL, wire, &run.call);
    else
        rc = take_rows(&run, out);
    cup_pg_leave(wire, &run.call);
    cup_pg_shape_unref(run.shape);
    return rc;
}

/* A stream of what cannot be declared as a cursor comes all at once, and is
 * handed out in batches. Yields. */
static cupel_status
execute_single(struct cup_pg_wire *wire, const cupel_request *request,
               cupel_time until, cupel_rows **out)
{
    cupel_status rc;

    if (request->fetch_first == 0)
        return execute_one(wire, request, until, out);
    if (cup_pg_can_declare(request->sql, request->sql_len))
        return cup_pg_stream_open(wire, request, until, out);
    rc = execute_one(wire, request, until, out);
    if (rc == CUPEL_OK)
        cup_pg_rows_window(*out, request->fetch_first, request->fetch_max);
    return rc;
}

/* Yields. */
static cupel_status
execute_any(struct cup_pg_wire *wire, const cupel_request *request,
            cupel_time until, cupel_rows **out)
{
    if (request->set_count > 1)
        return cup_pg_execute_batch(wire, request, until, out);
    return execute_single(wire, request, until, out);
}

/* If the server had forgotten the prepared BEGIN, it has run nothing, and the
 * next try has it parsed. Yields. */
static cupel_status
execute_twice(struct cup_pg_wire *wire, const cupel_request *request,
              cupel_time until, cupel_rows **out)
{
    cupel_status rc;

    wire->boundaries.missed = false;
    rc = execute_any(wire, request, until, out);
    if (rc != CUPEL_OK && wire->boundaries.missed && !wire->lost &&
        wire->status == CUPEL_WIRE_IDLE)
        rc = execute_any(wire, request, until, out);
    return rc;
}

cupel_status
cup_pg_execute(cupel_wire *base, const cupel_request *request, cupel_time until,
               cupel_rows **out)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    cupel_status rc;

    assert(request->set_count > 0);
    *out = NULL;
    if (request->sql_len > CUP_PG_BYTES_MAX)
        return cup_error_set(CUPEL_E_VALUE,
                             "a statement's text is larger than 1 GiB");
    rc = request->fetch_first == 0 ? cup_pg_prepare_wire(wire, until)
                                   : cup_pg_settle(wire, until);
    if (rc == CUPEL_OK)
        rc = cup_pg_params_declare(&wire->params, request);
    if (rc != CUPEL_OK)
        return rc;
    rc = execute_twice(wire, request, until, out);
    cup_pg_params_trim(&wire->params);
    return rc;
}
