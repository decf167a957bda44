/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The core face: engine, connection, transaction.
 *
 * Straight-line code. On an async engine (cupel_engine_create_async()) these
 * calls are made inside tasks, and those that say "Yields." suspend the task
 * they are made in; outside a task they fail at once with NOTASK and change
 * nothing. On a blocking engine (cupel_engine_create()) they just wait.
 *
 * Ownership: `**out` is yours; a returned pointer is borrowed from the object
 * it came from. `free` never yields, accepts NULL and anything half-made;
 * `close` may yield; `exit` leaves a scope: it ends the object in the way the
 * status asks for, frees it and hands the status on, so that it is the one line
 * of clean-up that a thing needs.
 */
#ifndef CUPEL_ENGINE_H
#define CUPEL_ENGINE_H

#include <cupel/connection.h>
#include <cupel/error.h>
#include <cupel/handles.h>
#include <cupel/options.h>
#include <cupel/pool.h>
#include <cupel/result.h>
#include <cupel/sql.h>
#include <cupel/transaction.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/**
 * An engine for programs without a loop: its calls wait with poll(2). One
 * thread at a time uses it. `options` may be NULL. ARGUMENT for a bad url or
 * option, NOMODULE for an unknown database.
 *
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_create(const char *url, const cupel_engine_options *options,
                    cupel_engine **out);

/**
 * An engine for tasks. As cupel_engine_create(). INVALID if the dialect is
 * not async.
 *
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_create_async(const char *url, const cupel_engine_options *options,
                          cupel_engine **out);

/**
 * The url with its password masked. Borrowed.
 *
 * @since 0.1
 */
CUPEL_API const char *
cupel_engine_url(const cupel_engine *engine);

/**
 * The dialect's name: "postgresql". Borrowed.
 *
 * @since 0.1
 */
CUPEL_API const char *
cupel_engine_name(const cupel_engine *engine);

/**
 * The driver's name: "libpq". Borrowed.
 *
 * @since 0.1
 */
CUPEL_API const char *
cupel_engine_driver(const cupel_engine *engine);

/**
 * Fill `out` up to its struct_size. Figures restart at a dispose.
 *
 * @since 0.1
 */
CUPEL_API void
cupel_engine_pool_status(const cupel_engine *engine, cupel_pool_status *out);

/**
 * Borrow a connection. Yields. TIMEOUT with the pool's state in the message
 * when none comes free in time; OPERATIONAL with connection_lost when the
 * database cannot be reached; CANCELLED.
 *
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_connect(cupel_engine *engine, cupel_connection **out);

/**
 * Borrow a connection, begin, run `body`, commit if it answered OK or roll back
 * if not, give the connection back. Yields. Answers what `body` answered, or
 * the failure of the rest.
 *
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_begin(cupel_engine *engine, cupel_connection_fn *body, void *arg);

/**
 * Close the idle connections and start again with an empty pool. Connections on
 * loan stay usable and are closed when they come back. Yields.
 *
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_dispose(cupel_engine *engine);

/**
 * Dispose and free: the one line of clean-up. Yields. NULL is allowed.
 *
 * @since 0.1
 */
CUPEL_API void
cupel_engine_close(cupel_engine *engine);

/**
 * Free without goodbyes: idle connections are hung up. Connections on loan keep
 * what they need until they are closed. Never yields. NULL is allowed.
 *
 * @since 0.1
 */
CUPEL_API void
cupel_engine_free(cupel_engine *engine);

CUPEL_END_DECLS

#endif
