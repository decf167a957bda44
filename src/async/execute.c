/* SPDX-License-Identifier: MIT */
/* Executing: what a connection is asked to run, as futures.
 *
 * Outs are NULL from the moment a future is asked for, so that freeing them is
 * right whatever becomes of it. */
#include "async/call.h"
#include "base/alloc.h"
#include "base/error.h"
#include "engine/result.h"

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
    return cup_async_call_buffered(execute, conn, &given, out);
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
    return cup_async_call_buffered(scalar, conn, &given, out);
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
    return cup_async_call_buffered(scalars, conn, &given, out);
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
    return cup_async_call_buffered(exec_driver_sql, conn, &given, out);
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
    return cup_async_call(stream, conn, &given, out);
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
    return cup_async_call(stream_scalars, conn, &given, out);
}
