/* SPDX-License-Identifier: MIT */
/* Executing: what a connection is asked to run, as futures. One struct holds
 * the arguments of all of them; each run function hands them to the core.
 *
 * Outs are NULL from the moment a future is asked for, so that freeing them is
 * right whatever becomes of it. */
#include <string.h>

#include "async/arguments.h"
#include "async/async.h"
#include "base/alloc.h"
#include "base/error.h"
#include "task/future.h"

/* One execution that has been described. */
struct execution {
    cupel_async_connection *conn;   /* counted, or NULL */
    struct cup_arguments arguments; /* copies, in the future's arena */
    void *out; /* a pointer to what the operation gives; may be NULL */
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

/* A refusal is kept for the future to answer: whoever makes one has not failed
 * and keeps the error record that he has. */
static cupel_future *
execution_new(cup_future_fn *run, cupel_async_connection *conn,
              const struct cup_arguments *given, void *out)
{
    struct cupel_error *before;
    struct execution *call;
    cupel_future *future;
    void *self;

    future = cup_future_new(run, drop_execution, sizeof *call, &self);
    if (future == NULL)
        return NULL;
    call = self;
    call->conn = cup_async_connection_ref(conn);
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

/* Whether rows would stay on the server: then they cannot be had without
 * waiting, which a buffered result promises. */
static bool
asks_for_stream(const cupel_execution_options *options)
{
    const cupel_param *option;
    size_t i;

    for (i = 0; options != NULL && i < options->count; i++) {
        option = &options->items[i];
        if (option->name == NULL)
            continue;
        if (strcmp(option->name, "stream_results") == 0 &&
            option->value.type == CUPEL_BOOL && option->value.as.boolean)
            return true;
        if (strcmp(option->name, "yield_per") == 0 &&
            option->value.type == CUPEL_INT && option->value.as.integer > 0)
            return true;
    }
    return false;
}

/* As check(), for what gives a buffered result. Nothing is sent. */
static cupel_status
check_buffered(struct execution *call)
{
    cupel_status rc = check(call);

    if (rc == CUPEL_OK && asks_for_stream(call->arguments.options))
        rc = cup_error_set(CUPEL_E_ASYNCMETHOD,
                           "execute() gives every row at once; for "
                           "stream_results or yield_per use stream()");
    return rc;
}

/* ---- Buffered ---------------------------------------------------------- */

/* Yields. */
static cupel_status
run_execute(void *self)
{
    struct execution *call = self;
    const struct cup_arguments *arguments = &call->arguments;
    cupel_status rc;

    rc = check_buffered(call);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_execute(call->conn->core, arguments->stmt,
                                    arguments->params, arguments->options,
                                    call->out);
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
    return execution_new(run_execute, conn, &given, out);
}

/* Yields. */
static cupel_status
run_scalar(void *self)
{
    struct execution *call = self;
    const struct cup_arguments *arguments = &call->arguments;
    cupel_status rc;

    rc = check_buffered(call);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_scalar(call->conn->core, arguments->stmt,
                                   arguments->params, arguments->options,
                                   call->out);
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
    return execution_new(run_scalar, conn, &given, out);
}

/* Yields. */
static cupel_status
run_scalars(void *self)
{
    struct execution *call = self;
    const struct cup_arguments *arguments = &call->arguments;
    cupel_status rc;

    rc = check_buffered(call);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_scalars(call->conn->core, arguments->stmt,
                                    arguments->params, arguments->options,
                                    call->out);
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
    return execution_new(run_scalars, conn, &given, out);
}

/* Yields. */
static cupel_status
run_exec_driver_sql(void *self)
{
    struct execution *call = self;
    const struct cup_arguments *arguments = &call->arguments;
    cupel_status rc;

    rc = check_buffered(call);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_exec_driver_sql(call->conn->core, arguments->sql,
                                            arguments->params,
                                            arguments->options, call->out);
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
    return execution_new(run_exec_driver_sql, conn, &given, out);
}

/* ---- Streams ----------------------------------------------------------- */

/* The handle is made first: a stream that was opened is never lost for want of
 * memory. Yields. */
static cupel_status
run_stream(void *self)
{
    struct execution *call = self;
    const struct cup_arguments *arguments = &call->arguments;
    cupel_async_result **out = call->out;
    cupel_async_result *result;
    cupel_status rc;

    rc = check(call);
    if (rc != CUPEL_OK)
        return rc;
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    result = cup_async_result_new();
    if (result == NULL)
        return cup_nomem();
    rc = cupel_connection_stream(call->conn->core, arguments->stmt,
                                 arguments->params, arguments->options,
                                 &result->core);
    if (rc == CUPEL_OK)
        *out = result;
    else
        cup_async_result_unref(result);
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
    return execution_new(run_stream, conn, &given, out);
}

/* As run_stream(). Yields. */
static cupel_status
run_stream_scalars(void *self)
{
    struct execution *call = self;
    const struct cup_arguments *arguments = &call->arguments;
    cupel_async_scalar_result **out = call->out;
    cupel_async_scalar_result *result;
    cupel_status rc;

    rc = check(call);
    if (rc != CUPEL_OK)
        return rc;
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    result = cup_async_scalar_result_new();
    if (result == NULL)
        return cup_nomem();
    rc = cupel_connection_stream_scalars(call->conn->core, arguments->stmt,
                                         arguments->params, arguments->options,
                                         &result->core);
    if (rc == CUPEL_OK)
        *out = result;
    else
        cup_async_scalar_result_unref(result);
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
    return execution_new(run_stream_scalars, conn, &given, out);
}
