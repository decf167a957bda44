/* SPDX-License-Identifier: MIT */
/* What a connection is told and asked beside statements, as futures where it
 * may have to wait. */
#include "async/call.h"
#include "base/error.h"

/* ---- Futures ----------------------------------------------------------- */

/* Yields. */
static cupel_status
set_options(cupel_connection *core, const struct cup_arguments *arguments,
            void *out)
{
    (void)out;
    return cupel_connection_execution_options(core, arguments->options);
}

cupel_future *
cupel_async_connection_execution_options(cupel_async_connection *conn,
                                         const cupel_execution_options *options)
{
    const struct cup_arguments given = { .options = options };

    return cup_async_call(set_options, conn, &given, NULL);
}

/* Yields. */
static cupel_status
get_level(cupel_connection *core, const struct cup_arguments *arguments,
          void *out)
{
    (void)arguments;
    return cupel_connection_get_isolation_level(core, out);
}

cupel_future *
cupel_async_connection_get_isolation_level(cupel_async_connection *conn,
                                           const char **out)
{
    if (out != NULL)
        *out = NULL;
    return cup_async_call(get_level, conn, NULL, out);
}

/* Yields. */
static cupel_status
get_raw(cupel_connection *core, const struct cup_arguments *arguments,
        void *out)
{
    (void)arguments;
    return cupel_connection_get_raw_connection(core, out);
}

cupel_future *
cupel_async_connection_get_raw_connection(cupel_async_connection *conn,
                                          cupel_raw_connection **out)
{
    if (out != NULL)
        *out = NULL;
    return cup_async_call(get_raw, conn, NULL, out);
}

/* Yields. */
static cupel_status
get_info(cupel_connection *core, const struct cup_arguments *arguments,
         void *out)
{
    (void)arguments;
    return cupel_connection_info(core, out);
}

cupel_future *
cupel_async_connection_info(cupel_async_connection *conn, cupel_info **out)
{
    if (out != NULL)
        *out = NULL;
    return cup_async_call(get_info, conn, NULL, out);
}

/* The reason travels as the text of a call. Yields. */
static cupel_status
invalidate(cupel_connection *core, const struct cup_arguments *arguments,
           void *out)
{
    (void)out;
    return cupel_connection_invalidate_because(core, arguments->sql);
}

cupel_future *
cupel_async_connection_invalidate_because(cupel_async_connection *conn,
                                          const char *reason)
{
    const struct cup_arguments given = { .sql = reason };

    return cup_async_call(invalidate, conn, &given, NULL);
}

/* ---- Properties -------------------------------------------------------- */

cupel_status
cupel_async_connection_get_execution_options(
    const cupel_async_connection *conn, const cupel_execution_options **out)
{
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the options");
    *out = NULL;
    rc = cup_async_connection_check(conn);
    if (rc == CUPEL_OK)
        *out = cupel_connection_get_execution_options(conn->core);
    return rc;
}

cupel_status
cupel_async_connection_default_isolation_level(
    const cupel_async_connection *conn, const char **out)
{
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the level");
    *out = NULL;
    rc = cup_async_connection_check(conn);
    if (rc == CUPEL_OK)
        *out = cupel_connection_default_isolation_level(conn->core);
    return rc;
}

const char *
cupel_async_connection_dialect(const cupel_async_connection *conn)
{
    if (conn == NULL || conn->engine == NULL)
        return "";
    return cupel_async_engine_name(conn->engine);
}

bool
cupel_async_connection_equal(const cupel_async_connection *left,
                             const cupel_async_connection *right)
{
    if (left == NULL || right == NULL)
        return false;
    return left == right || (left->core != NULL && left->core == right->core);
}
