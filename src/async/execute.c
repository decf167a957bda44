/* SPDX-License-Identifier: MIT */
/* Executing: what a connection is asked to run, as futures. One struct holds
 * the arguments of all of them, and the operation that hands them to the core.
 *
 * Outs are NULL from the moment a future is asked for, so that freeing them is
 * right whatever becomes of it. */
#include "async/arguments.h"
#include "async/async.h"
#include "base/alloc.h"
#include "base/error.h"
#include "engine/connection.h"
#include "engine/result.h"
#include "task/future.h"

/* What of the core a future stands for. Yields. */
typedef cupel_status
operation_fn(cupel_connection *core, const struct cup_arguments *arguments,
             void *out);

/* One execution that has been described. */
struct execution {
    cupel_async_connection *conn;   /* counted, or NULL */
    struct cup_arguments arguments; /* copies, in the future's arena */
    operation_fn *operation;
    void *out;     /* a pointer to what the operation gives; may be NULL */
    bool buffered; /* it promises every row at once */
    cupel_status refused;      /* what is wrong with the arguments, or OK */
    struct cupel_error *error; /* its record, owned, or NULL */
};

static void
drop_execution(void *self)
{
    struct execution *call = self;

    cup_error_free(call->error);
    cup_async_connection_unref(call->conn);
}

/* Whether it can be run at all. */
static cupel_status
check(struct execution *call)
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
check_buffered(const struct execution *call)
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
run_execution(void *self)
{
    struct execution *call = self;
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
static cupel_future *
execution_new(operation_fn *operation, cupel_async_connection *conn,
              const struct cup_arguments *given, bool buffered, void *out)
{
    struct cupel_error *before;
    struct execution *call;
    cupel_future *future;
    void *self;

    future = cup_future_new(run_execution, drop_execution, sizeof *call, &self);
    if (future == NULL)
        return NULL;
    call = self;
    call->conn = cup_async_connection_ref(conn);
    call->operation = operation;
    call->buffered = buffered;
    call->out = out;
    before = cup_error_take();
    call->refused =
        cup_arguments_copy(cup_future_arena(future), given, &call->arguments);
    if (call->refused != CUPEL_OK)
        call->error = cup_error_take();
    cup_error_give(before);
    if (call->refused == CUPEL_E_NOMEM) {
        cupel_future_free(future);
        return NULL;
    }
    return future;
}

/* ---- Buffered ---------------------------------------------------------- */

/* Yields. */
static cupel_status
execute(cupel_connection *core, const struct cup_arguments *arguments,
        void *out)
{
    return cupel_connection_execute(core, arguments->stmt, arguments->params,
                                    arguments->options, out);
}

cupel_future *
cupel_async_connection_execute(cupel_async_connection *conn,
                               const cupel_statement *stmt,
                               const cupel_params *params,
                               const cupel_execution_options *options,
                               cupel_result **out)
{
    const struct cup_arguments given = { stmt, NULL, params, options };

    if (out != NULL)
        *out = NULL;
    return execution_new(execute, conn, &given, true, out);
}

/* Yields. */
static cupel_status
scalar(cupel_connection *core, const struct cup_arguments *arguments, void *out)
{
    return cupel_connection_scalar(core, arguments->stmt, arguments->params,
                                   arguments->options, out);
}

cupel_future *
cupel_async_connection_scalar(cupel_async_connection *conn,
                              const cupel_statement *stmt,
                              const cupel_params *params,
                              const cupel_execution_options *options,
                              cupel_value *out)
{
    const struct cup_arguments given = { stmt, NULL, params, options };

    if (out != NULL)
        *out = cupel_null();
    return execution_new(scalar, conn, &given, true, out);
}

/* Yields. */
static cupel_status
scalars(cupel_connection *core, const struct cup_arguments *arguments,
        void *out)
{
    return cupel_connection_scalars(core, arguments->stmt, arguments->params,
                                    arguments->options, out);
}

cupel_future *
cupel_async_connection_scalars(cupel_async_connection *conn,
                               const cupel_statement *stmt,
                               const cupel_params *params,
                               const cupel_execution_options *options,
                               cupel_scalar_result **out)
{
    const struct cup_arguments given = { stmt, NULL, params, options };

    if (out != NULL)
        *out = NULL;
    return execution_new(scalars, conn, &given, true, out);
}

/* Yields. */
static cupel_status
exec_driver_sql(cupel_connection *core, const struct cup_arguments *arguments,
                void *out)
{
    return cupel_connection_exec_driver_sql(
        core, arguments->sql, arguments->params, arguments->options, out);
}

cupel_future *
cupel_async_connection_exec_driver_sql(cupel_async_connection *conn,
                                       const char *sql,
                                       const cupel_params *params,
                                       const cupel_execution_options *options,
                                       cupel_result **out)
{
    const struct cup_arguments given = { NULL, sql, params, options };

    if (out != NULL)
        *out = NULL;
    return execution_new(exec_driver_sql, conn, &given, true, out);
}

/* ---- Streams ----------------------------------------------------------- */

/* The handle is made first: a stream that was opened is never lost for want of
 * memory. Yields. */
static cupel_status
stream(cupel_connection *core, const struct cup_arguments *arguments, void *out)
{
    cupel_async_result **place = out;
    struct cup_async_rows *rows;
    cupel_result *result;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    rows = cup_async_rows_new();
    if (rows == NULL)
        return cup_nomem();
    rc = cupel_connection_stream(core, arguments->stmt, arguments->params,
                                 arguments->options, &result);
    if (rc == CUPEL_OK) {
        rows->view = &result->view;
        *place = (cupel_async_result *)rows;
    } else {
        cup_async_rows_unref(rows);
    }
    return rc;
}

cupel_future *
cupel_async_connection_stream(cupel_async_connection *conn,
                              const cupel_statement *stmt,
                              const cupel_params *params,
                              const cupel_execution_options *options,
                              cupel_async_result **out)
{
    const struct cup_arguments given = { stmt, NULL, params, options };

    if (out != NULL)
        *out = NULL;
    return execution_new(stream, conn, &given, false, out);
}

/* As stream(). Yields. */
static cupel_status
stream_scalars(cupel_connection *core, const struct cup_arguments *arguments,
               void *out)
{
    cupel_async_scalar_result **place = out;
    struct cup_async_rows *rows;
    cupel_scalar_result *result;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    rows = cup_async_rows_new();
    if (rows == NULL)
        return cup_nomem();
    rc = cupel_connection_stream_scalars(
        core, arguments->stmt, arguments->params, arguments->options, &result);
    if (rc == CUPEL_OK) {
        rows->view = &result->view;
        *place = (cupel_async_scalar_result *)rows;
    } else {
        cup_async_rows_unref(rows);
    }
    return rc;
}

cupel_future *
cupel_async_connection_stream_scalars(cupel_async_connection *conn,
                                      const cupel_statement *stmt,
                                      const cupel_params *params,
                                      const cupel_execution_options *options,
                                      cupel_async_scalar_result **out)
{
    const struct cup_arguments given = { stmt, NULL, params, options };

    if (out != NULL)
        *out = NULL;
    return execution_new(stream_scalars, conn, &given, false, out);
}
