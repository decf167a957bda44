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
#include <cupel/url.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/**
 * An engine for programs without a loop: its calls wait with poll(2). Any
 * number of threads may share it, each with connections of its own. `options`
 * may be NULL. ARGUMENT for a bad url or option, NOMODULE for an unknown
 * database.
 *
 * Waits end at their deadlines as they do in tasks, but for what runs in the
 * calling thread and is the system's or the program's: looking up the name of a
 * host, and `creator`. Who cannot have that writes addresses in the url, gives
 * the resolver a short time (resolv.conf(5)), or uses an async engine.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_create(const char *url, const cupel_engine_options *options,
                    cupel_engine **out);

/**
 * An engine for tasks. As cupel_engine_create(). INVALID if the dialect is
 * not async.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_create_async(const char *url, const cupel_engine_options *options,
                          cupel_engine **out);

/**
 * An engine from a list of configuration: the keys that begin with `prefix`
 * (NULL: "sqlalchemy.") name its options, as cupel_engine_options_set() takes
 * them, and "url" the database; other keys are not looked at. What is set in
 * `options` (may be NULL) wins over the list. KEY without a url; TYPE, naming
 * them, for options that do not exist; ASYNCMETHOD for server_side_cursors;
 * else as cupel_engine_create().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_from_config(const cupel_url_pair *config, size_t count,
                         const char *prefix,
                         const cupel_engine_options *options,
                         cupel_engine **out);

/** The same for an engine for tasks. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_engine_from_config_async(const cupel_url_pair *config, size_t count,
                               const char *prefix,
                               const cupel_engine_options *options,
                               cupel_engine **out);

/**
 * Only the pool that an engine would have: it lends connections of the driver's
 * and asks the database nothing by itself. `options` (may be NULL) are those of
 * engines; what does not concern a pool is not looked at. The out is owned by
 * the caller. Errors as cupel_engine_create().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_create_pool_from_url(const char *url, const cupel_engine_options *options,
                           cupel_pool **out);

/** The same for tasks. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_create_async_pool_from_url(const char *url,
                                 const cupel_engine_options *options,
                                 cupel_pool **out);

/* ---- What an engine is ------------------------------------------------ */

/** The url with its password masked. Borrowed. @since 0.1 */
CUPEL_API const char *
cupel_engine_url(const cupel_engine *engine);

/** The url itself, with connect_args in its query. Borrowed. @since 0.1 */
CUPEL_API const cupel_url *
cupel_engine_parsed_url(const cupel_engine *engine);

/** The dialect's name: "postgresql". Borrowed. @since 0.1 */
CUPEL_API const char *
cupel_engine_name(const cupel_engine *engine);

/** The driver's name: "libpq". Borrowed. @since 0.1 */
CUPEL_API const char *
cupel_engine_driver(const cupel_engine *engine);

/** Whether it was made for tasks. @since 0.1 */
CUPEL_API bool
cupel_engine_is_async(const cupel_engine *engine);

/** Whether parameters are kept out of logs and error texts. @since 0.1 */
CUPEL_API bool
cupel_engine_hide_parameters(const cupel_engine *engine);

/**
 * Whether statements are logged on this engine's own account: OFF, ON or DEBUG.
 * @since 0.1
 */
CUPEL_API cupel_toggle
cupel_engine_echo(const cupel_engine *engine);

/** Change that, for the connections that are made afterwards. @since 0.1 */
CUPEL_API void
cupel_engine_set_echo(cupel_engine *engine, cupel_toggle echo);

/**
 * The isolation level that the server gives a connection which asks for none.
 * Borrowed; NULL before the first connect.
 * @since 0.1
 */
CUPEL_API const char *
cupel_engine_default_isolation_level(const cupel_engine *engine);

/**
 * The schema that names without one belong to. Borrowed; NULL before the first
 * connect and where there is none.
 * @since 0.1
 */
CUPEL_API const char *
cupel_engine_default_schema_name(const cupel_engine *engine);

/**
 * The server's version: major, minor, patch. False, and zeros, before the first
 * connect.
 * @since 0.1
 */
CUPEL_API bool
cupel_engine_server_version(const cupel_engine *engine, int version[3]);

/* ---- Execution options ------------------------------------------------- */

/**
 * An engine like this one with other execution options, for the connections
 * that are made from it. It shares the pool, the url and the compiled cache,
 * hears what its parent's listeners hear, and is freed by itself. The pool goes
 * with the last of the family. ARGUMENT. Yields. (If a listener does.)
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_execution_options(cupel_engine *engine,
                               const cupel_execution_options *options,
                               cupel_engine **out);

/**
 * Change this engine's own options, for the connections that are made
 * afterwards. ARGUMENT. Yields. (If a listener does.)
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_update_execution_options(cupel_engine *engine,
                                      const cupel_execution_options *options);

/**
 * Its options, each name once. Borrowed until they are changed. Never NULL.
 * @since 0.1
 */
CUPEL_API const cupel_execution_options *
cupel_engine_get_execution_options(const cupel_engine *engine);

/** Forget what was compiled, here and in the family. @since 0.1 */
CUPEL_API void
cupel_engine_clear_compiled_cache(cupel_engine *engine);

/* ---- The pool ---------------------------------------------------------- */

/** The pool. Borrowed until the engine is disposed of. @since 0.1 */
CUPEL_API cupel_pool *
cupel_engine_pool(cupel_engine *engine);

/**
 * Fill `out` up to its struct_size. Figures restart at a dispose.
 * @since 0.1
 */
CUPEL_API void
cupel_engine_pool_status(const cupel_engine *engine, cupel_pool_status *out);

/**
 * Borrow a connection of the driver's from the pool, without a transaction. It
 * is given back with cupel_raw_connection_close(). Option timeout_ms is for the
 * loan; calls on what was lent have no deadline but that of the future around
 * them. Yields. Errors as cupel_engine_connect().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_raw_connection(cupel_engine *engine, cupel_raw_connection **out);

/**
 * Open connections until `count` are open, or as many as the pool keeps, so
 * that the first users need not wait. Yields. Errors as
 * cupel_engine_connect(): some may have been opened.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_warm_up(cupel_engine *engine, size_t count);

/**
 * Borrow a connection. Yields. TIMEOUT with the pool's state in the message
 * when none comes free in time; OPERATIONAL with connection_lost when the
 * database cannot be reached; ARGUMENT when the isolation level that the
 * options ask for does not exist; CANCELLED; CLOSED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_connect(cupel_engine *engine, cupel_connection **out);

/**
 * Borrow a connection, begin, run `body`, commit if it answered OK or roll back
 * if not, give the connection back. Yields. Answers what `body` answered, or
 * the failure of the rest.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_begin(cupel_engine *engine, cupel_connection_fn *body, void *arg);

/**
 * Close the idle connections and start again with an empty pool, for the whole
 * family. Connections on loan stay usable and are closed when they come back.
 * Waits for the goodbyes, which have close_timeout_ms each, but not beyond
 * timeout_ms. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_dispose(cupel_engine *engine);

/**
 * The same without a word to the server: for a process that has no right to
 * the connections, such as the child of a fork. Yields. (If a listener does.)
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_dispose_no_close(cupel_engine *engine);

/**
 * Free the engine, and dispose of the pool with the last of the family: the one
 * line of clean-up. Yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_engine_close(cupel_engine *engine);

/**
 * Free without goodbyes: idle connections are hung up with the last of the
 * family. Connections on loan keep what they need until they are closed. Never
 * yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_engine_free(cupel_engine *engine);

CUPEL_END_DECLS

#endif
