/* SPDX-License-Identifier: MIT */
/* Futures for what the core's connection does. */
#ifndef CUP_ASYNC_CALL_H
#define CUP_ASYNC_CALL_H

#include <cupel/async.h>

#include "async/arguments.h"
#include "async/async.h"

/* What of the core a future stands for; `out` is what was given when it was
 * made. Yields. */
typedef cupel_status
cup_async_operation(cupel_connection *core,
                    const struct cup_arguments *arguments, void *out);

/* A future that checks that the connection was started and runs `operation`,
 * with copies of the arguments (NULL: none). NULL: no memory. */
cupel_future *
cup_async_call(cup_async_operation *operation, cupel_async_connection *conn,
               const struct cup_arguments *given, void *out);

/* The same for what promises every row at once: refused with ASYNCMETHOD when
 * the options would leave them on the server. */
cupel_future *
cup_async_call_buffered(cup_async_operation *operation,
                        cupel_async_connection *conn,
                        const struct cup_arguments *given, void *out);

#endif
