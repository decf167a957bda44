/* SPDX-License-Identifier: MIT */
/* A future for something that the core's connection does. */
#include "async/call.h"

#include "base/alloc.h"
#include "base/error.h"
#include "engine/connection.h"
#include "task/future.h"

/* One call that has been described. */
struct call {
    cupel_async_connection *conn;   /* counted, or NULL */
    struct cup_arguments arguments; /* copies, in the future's arena */
    cup_async_operation *operation;
    void *out;                 /* what the operation fills; may be NULL */
    bool buffered;             /* it promises every row at once */
    cupel_status refused;      /* what is wrong with the arguments, or OK */
    struct cupel_error *error; /* its record, owned, or NULL */
};

static void
drop_call(void *self)
{
    struct call *call = self;

    cup_error_free(call->error);
    cup_async_connection_unref(call->conn);
}

/* Whether it can be run at all. */
static cupel_status
check(struct call *call)
{
    if (call->refused == CUPEL_OK)
        return cup_async_connection_check(call->conn);
    cup_error_give(call->error);
    call->error = NULL;
    return call->refused;
}

/* Rows that stay on the server cannot be had without waiting, which a buffered
 * result promises. Nothing is sent. */
static cupel_status
check_buffered(const struct call *call)
{
    struct cup_exec_options options;
    cupel_status rc;

    rc = cup_connection_resolve(call->conn->core, call->arguments.stmt,
                                call->arguments.options, &options);
    if (rc == CUPEL_OK && (options.stream_results || options.yield_per > 0))
        rc = cup_error_set(CUPEL_E_ASYNCMETHOD,
                           "execute() gives every row at once; for "
                           "stream_results or yield_per use stream()");
    return rc;
}

/* Yields. */
static cupel_status
run_call(void *self)
{
    struct call *call = self;
    cupel_status rc;

    rc = check(call);
    if (rc == CUPEL_OK && call->buffered)
        rc = check_buffered(call);
    if (rc != CUPEL_OK)
        return rc;
    return call->operation(call->conn->core, &call->arguments, call->out);
}

/* A refusal is kept for the future to answer: whoever makes one has not failed
 * and keeps the error record that he has. */
static void
copy_arguments(struct call *call, struct cup_arena *arena,
               const struct cup_arguments *given)
{
    struct cupel_error *before = cup_error_take();

    call->refused = cup_arguments_copy(arena, given, &call->arguments);
    if (call->refused != CUPEL_OK)
        call->error = cup_error_take();
    cup_error_give(before);
}

static cupel_future *
call_new(cup_async_operation *operation, cupel_async_connection *conn,
         const struct cup_arguments *given, bool buffered, void *out)
{
    struct call *call;
    cupel_future *future;
    void *self;

    future = cup_future_new(run_call, drop_call, sizeof *call, &self);
    if (future == NULL)
        return NULL;
    call = self;
    call->conn = cup_async_connection_ref(conn);
    call->operation = operation;
    call->buffered = buffered;
    call->out = out;
    if (given != NULL)
        copy_arguments(call, cup_future_arena(future), given);
    if (call->refused == CUPEL_E_NOMEM) {
        cupel_future_free(future);
        return NULL;
    }
    return future;
}

cupel_future *
cup_async_call(cup_async_operation *operation, cupel_async_connection *conn,
               const struct cup_arguments *given, void *out)
{
    return call_new(operation, conn, given, false, out);
}

cupel_future *
cup_async_call_buffered(cup_async_operation *operation,
                        cupel_async_connection *conn,
                        const struct cup_arguments *given, void *out)
{
    return call_new(operation, conn, given, true, out);
}
