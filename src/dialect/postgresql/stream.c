/* SPDX-License-Identifier: MIT */
/* A stream is a cursor of the server's and a batch of its rows here. From the
 * second batch on two FETCHes are kept in flight, so that the server works
 * while the caller does and is never without an order; their answers stay in
 * the socket until somebody waits for them or for something behind them.
 *
 * A cursor dies with its transaction, and may die with a savepoint. A dead one
 * must not be named to the server, since that would spoil the transaction that
 * is open now: the wire counts both kinds of end. */
#include "dialect/postgresql/stream.h"

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/execute.h"
#include "dialect/postgresql/send.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { COMMAND_SIZE = 96, CURSOR_SIZE = 48, AHEAD = 2 };

/* A FETCH that is in flight. */
struct fetch {
    struct cup_pg_call call;
    size_t asked; /* rows */
};

/* Rows with a cursor behind them. */
struct cup_pg_stream {
    struct cup_pg_rows rows;
    struct cup_pg_wire *wire;    /* NULL once that is gone */
    struct cup_list link;        /* in cup_pg_wire.streams */
    struct cup_pg_shape *shape;  /* one reference; NULL: rows come as text */
    struct fetch fetches[AHEAD]; /* a ring */
    unsigned first;              /* the oldest of them */
    unsigned in_flight;          /* how many were sent and not taken */
    size_t asked;                /* rows that the last one sent asks for */
    size_t fetch_max;
    unsigned long transaction; /* the one it lives in */
    unsigned long rollbacks;   /* to savepoints, before it was declared */
    bool open;                 /* the server may have more rows */
    char cursor[CURSOR_SIZE];
};

static struct cup_pg_stream *
stream_of(cupel_rows *rows)
{
    return (struct cup_pg_stream *)(void *)rows;
}

/* The FETCH whose answer comes next. */
static struct fetch *
oldest(struct cup_pg_stream *stream)
{
    return &stream->fetches[stream->first];
}

/* Whoever waits for answers waits no more. */
static void
leave_all(struct cup_pg_stream *stream)
{
    unsigned i;

    for (i = 0; i < AHEAD; i++) {
        if (stream->wire != NULL)
            cup_pg_leave(stream->wire, &stream->fetches[i].call);
        else
            cup_pg_call_clear(&stream->fetches[i].call);
    }
    stream->in_flight = 0;
}

/* Whether the cursor's transaction goes on. */
static bool
transaction_goes_on(const struct cup_pg_stream *stream)
{
    return stream->wire != NULL && !stream->wire->lost &&
           stream->transaction == stream->wire->transactions;
}

/* ---- Messages -------------------------------------------------------- */

static cupel_status
send_fetch(struct cup_pg_stream *stream, size_t count)
{
    struct cup_pg_wire *wire = stream->wire;
    struct fetch *fetch;
    char command[COMMAND_SIZE];
    cupel_status rc;

    assert(stream->in_flight < AHEAD);
    fetch = &stream->fetches[(stream->first + stream->in_flight) % AHEAD];
    stream->in_flight++;
    stream->asked = count;
    fetch->asked = count;
    snprintf(command, sizeof command, "FETCH FORWARD %zu FROM %s", count,
             stream->cursor);
    rc = cup_pg_send_query(wire, command,
                           stream->shape != NULL && stream->shape->binary,
                           &fetch->call);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_sync(wire, &fetch->call);
    if (rc != CUPEL_OK && fetch->call.pending == 0)
        stream->in_flight--; /* nothing of it will ever be answered */
    return rc;
}

/* DECLARE travels with its query's parameters. */
static cupel_status
send_declare(struct cup_pg_stream *stream, const cupel_request *request)
{
    static const char format[] = "DECLARE %s NO SCROLL CURSOR FOR ";
    size_t size = sizeof format + CURSOR_SIZE + request->sql_len;
    char *command = cup_alloc(size);
    cupel_status rc;
    int len;

    if (command == NULL)
        return cup_nomem();
    len =
        snprintf(command, CURSOR_SIZE + sizeof format, format, stream->cursor);
    memcpy(command + len, request->sql, request->sql_len);
    rc = cup_pg_send_direct(stream->wire, command, CUP_PG_COMMAND,
                            &oldest(stream)->call);
    cup_free(command);
    return rc;
}

/* The server counts characters of what it was sent, the caller of what was
 * asked for. */
static cupel_status
declare_failed(struct cup_pg_stream *stream)
{
    struct cup_pg_call *call = &oldest(stream)->call;
    cupel_status rc = cup_pg_error_set(call);
    struct cupel_error *record = cup_error_current();
    int prefix =
        snprintf(NULL, 0, "DECLARE %s NO SCROLL CURSOR FOR ", stream->cursor);

    if (record != NULL && call->error_kind == CUP_PG_COMMAND)
        record->position =
            record->position > prefix ? record->position - prefix : 0;
    return rc;
}

/* ---- Batches --------------------------------------------------------- */

static void
end(struct cup_pg_stream *stream)
{
    stream->open = false;
    stream->rows.base.more = false;
}

/* Make the batch that was fetched the current one. A short one is the last:
 * then the cursor is closed by the way. */
static cupel_status
take_batch(struct cup_pg_stream *stream)
{
    struct fetch *fetch = oldest(stream);
    PGresult *result = fetch->call.rows;
    cupel_status rc;

    fetch->call.rows = NULL;
    cup_pg_call_clear(&fetch->call);
    stream->first = (stream->first + 1) % AHEAD;
    stream->in_flight--;
    if (result == NULL) { /* an answer without a result: not PostgreSQL's way */
        stream->wire->poisoned = true;
        return cup_pg_error_lost(stream->wire, NULL);
    }
    rc = cup_pg_rows_fill(&stream->rows, result, stream->shape);
    if (rc == CUPEL_OK && stream->rows.base.row_count < fetch->asked) {
        if (transaction_goes_on(stream) &&
            stream->rollbacks == stream->wire->rollbacks)
            cup_pg_chores_close(stream->wire, stream->cursor);
        end(stream);
    }
    return rc;
}

static cupel_status
transaction_ended(void)
{
    struct cupel_error *record;
    cupel_status rc;

    rc = cup_error_set(CUPEL_E_PROGRAMMING,
                       "the stream has ended with its transaction");
    record = cup_error_current();
    if (record != NULL)
        memcpy(record->sqlstate, "34000", sizeof "34000");
    return rc;
}

static cupel_status
wire_gone(void)
{
    struct cupel_error *record;
    cupel_status rc;

    rc = cup_error_set(CUPEL_E_OPERATIONAL,
                       "the connection of this stream is gone");
    record = cup_error_current();
    if (record != NULL)
        record->connection_lost = true;
    return rc;
}

/* Have the answer of the oldest FETCH, which is sent now if none was. Yields.
 */
static cupel_status
await_batch(struct cup_pg_stream *stream, cupel_time until)
{
    struct cup_pg_call *call = &oldest(stream)->call;
    cupel_status rc = CUPEL_OK;

    if (stream->in_flight == 0) {
        if (!transaction_goes_on(stream))
            return transaction_ended();
        rc = cup_pg_settle(stream->wire, until);
        if (rc == CUPEL_OK)
            rc = send_fetch(
                stream, cup_pg_next_batch(stream->asked, stream->fetch_max));
    }
    return rc == CUPEL_OK ? cup_pg_await(stream->wire, call, until) : rc;
}

/* Ask for what comes next. A failure is found when that is wanted. */
static void
fetch_ahead(struct cup_pg_stream *stream)
{
    cupel_status rc = CUPEL_OK;

    while (rc == CUPEL_OK && stream->in_flight < AHEAD && stream->open &&
           transaction_goes_on(stream))
        rc = send_fetch(stream,
                        cup_pg_next_batch(stream->asked, stream->fetch_max));
}

/* What was asked for in vain is on its way: the wire is quiet once it is here.
 * Yields. */
static cupel_status
await_rest(struct cup_pg_stream *stream, cupel_time until)
{
    cupel_status rc = CUPEL_OK;
    unsigned i;

    for (i = 0; i < stream->in_flight && rc == CUPEL_OK; i++)
        rc = cup_pg_await(stream->wire,
                          &stream->fetches[(stream->first + i) % AHEAD].call,
                          until);
    leave_all(stream);
    return rc;
}

/* The server refused the oldest FETCH, and so the others. Yields. */
static cupel_status
refused(struct cup_pg_stream *stream, cupel_time until)
{
    cupel_status rc = cup_pg_error_set(&oldest(stream)->call);
    struct cupel_error *error = cup_error_take();

    cup_ignore(await_rest(stream, until), "the first failure is the one");
    cup_error_give(error);
    return rc;
}

/* Yields. */
static cupel_status
fetch(cupel_rows *base, cupel_time until)
{
    struct cup_pg_stream *stream = stream_of(base);
    cupel_status rc = CUPEL_OK;

    cup_pg_rows_fini(&stream->rows);
    base->row_count = 0;
    if (!stream->open) {
        base->more = false;
        return CUPEL_OK;
    }
    if (stream->wire == NULL) {
        end(stream);
        return wire_gone();
    }
    rc = await_batch(stream, until);
    if (rc == CUPEL_OK && oldest(stream)->call.error != NULL)
        rc = refused(stream, until);
    else if (rc == CUPEL_OK)
        rc = take_batch(stream);
    if (rc == CUPEL_OK && stream->open)
        fetch_ahead(stream);
    else if (rc == CUPEL_OK)
        rc = await_rest(stream, until);
    if (rc == CUPEL_OK)
        return CUPEL_OK;
    base->row_count = 0;
    end(stream);
    leave_all(stream);
    return rc;
}

/* ---- Its life -------------------------------------------------------- */

/* Yields. */
static cupel_status
close_cursor(struct cup_pg_stream *stream, cupel_time until)
{
    struct cup_pg_wire *wire = stream->wire;
    struct cup_pg_call call = { 0 };
    char command[COMMAND_SIZE];
    cupel_status rc;

    snprintf(command, sizeof command, "CLOSE %s", stream->cursor);
    rc = cup_pg_send_command(wire, command, CUP_PG_COMMAND, &call);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_sync(wire, &call);
    if (rc == CUPEL_OK)
        rc = cup_pg_await(wire, &call, until);
    cup_pg_leave(wire, &call);
    return rc;
}

/* Yields. */
static cupel_status
close(cupel_rows *base, cupel_time until)
{
    struct cup_pg_stream *stream = stream_of(base);
    cupel_status rc;

    if (!stream->open)
        return CUPEL_OK;
    end(stream);
    if (stream->wire == NULL || stream->wire->lost)
        return CUPEL_OK;
    rc = await_rest(stream, until);
    if (rc == CUPEL_OK && transaction_goes_on(stream) &&
        stream->wire->status == CUPEL_WIRE_IN_TRANSACTION &&
        stream->rollbacks == stream->wire->rollbacks)
        rc = close_cursor(stream, until);
    return rc;
}

static void
free_stream(cupel_rows *base)
{
    struct cup_pg_stream *stream = stream_of(base);

    leave_all(stream);
    cup_list_remove(&stream->link);
    cup_pg_rows_fini(&stream->rows);
    cup_pg_shape_unref(stream->shape);
    cup_free(stream);
}

/* FETCH takes a count of 32 bits. */
static void
set_batch(cupel_rows *base, size_t size)
{
    struct cup_pg_stream *stream = stream_of(base);

    stream->asked = size < INT32_MAX ? size : INT32_MAX;
    stream->fetch_max = stream->asked;
}

static const cupel_rows_ops ops = { .struct_size = sizeof ops,
                                    .cell = cup_pg_rows_cell,
                                    .fetch = fetch,
                                    .close = close,
                                    .free = free_stream,
                                    .set_batch = set_batch };

void
cup_pg_streams_detach(struct cup_pg_wire *wire)
{
    struct cup_list *link;

    while ((link = cup_list_pop(&wire->streams)) != NULL) {
        struct cup_pg_stream *stream =
            CUP_CONTAINER(link, struct cup_pg_stream, link);

        leave_all(stream);
        stream->wire = NULL;
    }
}

static struct cup_pg_stream *
new_stream(struct cup_pg_wire *wire, const cupel_request *request,
           const struct cup_pg_statement *statement)
{
    struct cup_pg_stream *stream = cup_alloc(sizeof *stream);

    if (stream == NULL)
        return NULL;
    stream->rows.base.ops = &ops;
    stream->rows.base.affected = -1;
    stream->rows.base.more = true;
    stream->wire = wire;
    cup_list_push(&wire->streams, &stream->link);
    if (statement != NULL)
        stream->shape = cup_pg_shape_ref(statement->shape);
    stream->fetch_max = request->fetch_max;
    stream->open = true;
    snprintf(stream->cursor, sizeof stream->cursor, "cupel_cursor_%lu",
             wire->cursors++);
    return stream;
}

/* Declare the cursor and fetch, in one flush. Yields. */
static cupel_status
start(struct cup_pg_stream *stream, const cupel_request *request,
      const char *begin, cupel_time until)
{
    struct cup_pg_wire *wire = stream->wire;
    struct cup_pg_call *call = &oldest(stream)->call;
    cupel_status rc = cup_pg_send_begin(wire, begin, call);

    if (rc == CUPEL_OK)
        rc = send_declare(stream, request);
    if (rc == CUPEL_OK)
        rc = send_fetch(stream, request->fetch_first);
    if (rc != CUPEL_OK && wire->unsynced)
        cup_pg_wire_lose(wire);
    if (rc == CUPEL_OK)
        rc = cup_pg_await(wire, call, until);
    if (rc == CUPEL_OK && call->error != NULL)
        rc = declare_failed(stream);
    stream->transaction = wire->transactions;
    stream->rollbacks = wire->rollbacks;
    return rc == CUPEL_OK ? take_batch(stream) : rc;
}

/* A cursor lives in a transaction; in AUTOCOMMIT nobody opens one. */
static cupel_status
check_transaction(const struct cup_pg_wire *wire, const char *begin)
{
    struct cupel_error *record;
    cupel_status rc;

    if (begin != NULL || wire->answers.count > 0 ||
        wire->status != CUPEL_WIRE_IDLE)
        return CUPEL_OK;
    rc = cup_error_set(CUPEL_E_INTERNAL,
                       "a stream needs a transaction, and none is open, as in "
                       "AUTOCOMMIT; execute without stream_results instead");
    record = cup_error_current();
    if (record != NULL)
        memcpy(record->sqlstate, "25P01", sizeof "25P01");
    return rc;
}

cupel_status
cup_pg_stream_open(struct cup_pg_wire *wire, const cupel_request *request,
                   cupel_time until, cupel_rows **out)
{
    struct cup_pg_call call = { 0 };
    const char *begin = request->begin;
    struct cup_pg_statement *statement;
    struct cup_pg_stream *stream;
    cupel_status rc;

    rc = check_transaction(wire, begin);
    if (rc == CUPEL_OK)
        rc = cup_pg_params_write(&wire->params, request->values);
    if (rc == CUPEL_OK)
        rc = cup_pg_prepare(wire, request, &begin, &call, until, &statement);
    if (rc != CUPEL_OK)
        return rc;
    stream = new_stream(wire, request, statement);
    if (stream == NULL)
        return cup_nomem();
    rc = start(stream, request, begin, until);
    if (rc != CUPEL_OK) {
        end(stream);
        free_stream(&stream->rows.base);
        return rc;
    }
    *out = &stream->rows.base;
    return CUPEL_OK;
}
