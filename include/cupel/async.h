/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The facade: the reference's async face, as futures.
 *
 * Every operation that the reference awaits returns a cold future here: await
 * it in a task, spawn it to run beside others, or give it a callback. Arguments
 * are copied when the future is made, so they may live on a stack that is gone
 * when it runs; outs are written before it ends and must live until then. The
 * failures of an operation, a bad argument included, come through its future.
 *
 * A connection and a transaction are *unstarted* when they are made, as in the
 * reference: anything but starting and freeing one answers NOTSTARTED.
 */
#ifndef CUPEL_ASYNC_H
#define CUPEL_ASYNC_H

#include <cupel/async_result.h>
#include <cupel/engine.h>
#include <cupel/error.h>
#include <cupel/info.h>
#include <cupel/options.h>
#include <cupel/pool.h>
#include <cupel/result.h>
#include <cupel/sql.h>
#include <cupel/task.h>
#include <cupel/url.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/** AsyncEngine: a thin proxy over an engine made for tasks. @since 0.1 */
typedef struct cupel_async_engine cupel_async_engine;

/** AsyncConnection. @since 0.1 */
typedef struct cupel_async_connection cupel_async_connection;

/** AsyncTransaction. @since 0.1 */
typedef struct cupel_async_transaction cupel_async_transaction;

/** Work inside a scope, on the facade's connection. May yield. @since 0.1 */
typedef cupel_status
cupel_async_connection_fn(cupel_async_connection *conn, void *arg);

/* ---- AsyncEngine ----------------------------------------------------- */

/** create_async_engine: as cupel_engine_create_async(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_create_async_engine(const char *url, const cupel_engine_options *options,
                          cupel_async_engine **out);

/** async_engine_from_config: as cupel_engine_from_config_async(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_engine_from_config(const cupel_url_pair *config, size_t count,
                               const char *prefix,
                               const cupel_engine_options *options,
                               cupel_async_engine **out);

/**
 * Another handle for an engine that was made for tasks: `core` stays yours. The
 * pool goes with the last of them. INVALID for a blocking engine, CLOSED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_async_engine_new(cupel_engine *core, cupel_async_engine **out);

/**
 * As cupel_engine_execution_options(): a new handle for a child of the engine.
 * Yields. (If a listener does.)
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_async_engine_execution_options(cupel_async_engine *engine,
                                     const cupel_execution_options *options,
                                     cupel_async_engine **out);

/** As cupel_engine_get_execution_options(). @since 0.1 */
CUPEL_API const cupel_execution_options *
cupel_async_engine_get_execution_options(const cupel_async_engine *engine);

/**
 * As cupel_engine_update_execution_options(). Yields. (If a listener does.)
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_async_engine_update_execution_options(
    cupel_async_engine *engine, const cupel_execution_options *options);

/** As cupel_engine_clear_compiled_cache(). @since 0.1 */
CUPEL_API void
cupel_async_engine_clear_compiled_cache(cupel_async_engine *engine);

/** As cupel_engine_pool(). Borrowed. @since 0.1 */
CUPEL_API cupel_pool *
cupel_async_engine_pool(cupel_async_engine *engine);

/** As cupel_engine_pool_status(). @since 0.1 */
CUPEL_API void
cupel_async_engine_pool_status(const cupel_async_engine *engine,
                               cupel_pool_status *out);

/** As cupel_engine_echo(). @since 0.1 */
CUPEL_API cupel_toggle
cupel_async_engine_echo(const cupel_async_engine *engine);

/** As cupel_engine_set_echo(). @since 0.1 */
CUPEL_API void
cupel_async_engine_set_echo(cupel_async_engine *engine, cupel_toggle echo);

/** The engine it stands for. Borrowed. @since 0.1 */
CUPEL_API cupel_engine *
cupel_async_engine_sync_engine(cupel_async_engine *engine);

/** The url with its password masked. Borrowed. @since 0.1 */
CUPEL_API const char *
cupel_async_engine_url(const cupel_async_engine *engine);

/** The dialect's name. Borrowed. @since 0.1 */
CUPEL_API const char *
cupel_async_engine_name(const cupel_async_engine *engine);

/** The driver's name. Borrowed. @since 0.1 */
CUPEL_API const char *
cupel_async_engine_driver(const cupel_async_engine *engine);

/**
 * Whether two handles stand for the same engine. NULL equals nothing.
 * @since 0.1
 */
CUPEL_API bool
cupel_async_engine_equal(const cupel_async_engine *left,
                         const cupel_async_engine *right);

/**
 * An unstarted connection; nothing is checked out yet. NULL: no memory.
 * @since 0.1
 */
CUPEL_API cupel_async_connection *
cupel_async_engine_connect(cupel_async_engine *engine);

/**
 * Connect, begin, run `body`, commit or roll back by its status, close. The
 * future answers what `body` answered, or the failure of the rest.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_engine_begin(cupel_async_engine *engine,
                         cupel_async_connection_fn *body, void *arg);

/** As cupel_engine_raw_connection(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_engine_raw_connection(cupel_async_engine *engine,
                                  cupel_raw_connection **out);

/** As cupel_engine_warm_up(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_engine_warm_up(cupel_async_engine *engine, size_t count);

/** dispose(close=False): as cupel_engine_dispose_no_close(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_engine_dispose_no_close(cupel_async_engine *engine);

/** As cupel_engine_dispose(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_engine_dispose(cupel_async_engine *engine);

/** Dispose and free: the one line of clean-up. NULL is allowed. @since 0.1 */
CUPEL_API cupel_future *
cupel_async_engine_close(cupel_async_engine *engine);

/** As cupel_engine_free(). Never yields. NULL is allowed. @since 0.1 */
CUPEL_API void
cupel_async_engine_free(cupel_async_engine *engine);

/* ---- AsyncConnection ------------------------------------------------- */

/**
 * Check a connection out. STARTED if that was done before, also after close.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_connection_start(cupel_async_connection *conn);

/** Enter its scope: the same as start. @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_enter(cupel_async_connection *conn);

/**
 * Leave its scope: close it, shielded from cancellation, and free the handle.
 * The future answers `status`, or the failure to close. NULL is allowed.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_connection_exit(cupel_async_connection *conn, cupel_status status);

/**
 * The connection it stands for, NULL before it is started. Borrowed.
 * @since 0.1
 */
CUPEL_API cupel_connection *
cupel_async_connection_sync_connection(cupel_async_connection *conn);

/** The engine it came from. Borrowed. @since 0.1 */
CUPEL_API cupel_async_engine *
cupel_async_connection_engine(cupel_async_connection *conn);

/**
 * As cupel_connection_execute(): every row is fetched. `out` may be NULL.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_connection_execute(cupel_async_connection *conn,
                               const cupel_statement *stmt,
                               const cupel_params *params,
                               const cupel_execution_options *options,
                               cupel_result **out);

/** As cupel_connection_scalar(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_scalar(cupel_async_connection *conn,
                              const cupel_statement *stmt,
                              const cupel_params *params,
                              const cupel_execution_options *options,
                              cupel_value *out);

/** As cupel_connection_scalars(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_scalars(cupel_async_connection *conn,
                               const cupel_statement *stmt,
                               const cupel_params *params,
                               const cupel_execution_options *options,
                               cupel_scalar_result **out);

/** As cupel_connection_exec_driver_sql(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_exec_driver_sql(cupel_async_connection *conn,
                                       const char *sql,
                                       const cupel_params *params,
                                       const cupel_execution_options *options,
                                       cupel_result **out);

/** As cupel_connection_stream(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_stream(cupel_async_connection *conn,
                              const cupel_statement *stmt,
                              const cupel_params *params,
                              const cupel_execution_options *options,
                              cupel_async_result **out);

/** As cupel_connection_stream_scalars(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_stream_scalars(cupel_async_connection *conn,
                                      const cupel_statement *stmt,
                                      const cupel_params *params,
                                      const cupel_execution_options *options,
                                      cupel_async_scalar_result **out);

/** As cupel_connection_execution_options(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_execution_options(
    cupel_async_connection *conn, const cupel_execution_options *options);

/** As cupel_connection_get_execution_options(). NOTSTARTED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_connection_get_execution_options(
    const cupel_async_connection *conn, const cupel_execution_options **out);

/** As cupel_connection_get_isolation_level(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_get_isolation_level(cupel_async_connection *conn,
                                           const char **out);

/** As cupel_connection_default_isolation_level(). NOTSTARTED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_connection_default_isolation_level(
    const cupel_async_connection *conn, const char **out);

/** As cupel_connection_get_raw_connection(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_get_raw_connection(cupel_async_connection *conn,
                                          cupel_raw_connection **out);

/**
 * As cupel_connection_info(); a future, since a connection that was lost is
 * replaced first.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_connection_info(cupel_async_connection *conn, cupel_info **out);

/** The dialect's name. Borrowed. @since 0.1 */
CUPEL_API const char *
cupel_async_connection_dialect(const cupel_async_connection *conn);

/**
 * Whether two handles stand for the same connection. NULL equals nothing.
 * @since 0.1
 */
CUPEL_API bool
cupel_async_connection_equal(const cupel_async_connection *left,
                             const cupel_async_connection *right);

/**
 * Run `fn` with the core's connection, in which calls suspend the task.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_connection_run_sync(cupel_async_connection *conn,
                                cupel_connection_fn *fn, void *arg);

/** An unstarted transaction. NULL: no memory. @since 0.1 */
CUPEL_API cupel_async_transaction *
cupel_async_connection_begin(cupel_async_connection *conn);

/** An unstarted savepoint. NULL: no memory. @since 0.1 */
CUPEL_API cupel_async_transaction *
cupel_async_connection_begin_nested(cupel_async_connection *conn);

/** As cupel_connection_commit(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_commit(cupel_async_connection *conn);

/** As cupel_connection_rollback(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_rollback(cupel_async_connection *conn);

/** As cupel_connection_invalidate(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_invalidate(cupel_async_connection *conn);

/** As cupel_connection_invalidate_because(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_invalidate_because(cupel_async_connection *conn,
                                          const char *reason);

/** As cupel_connection_close(): the handle stays. @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_close(cupel_async_connection *conn);

/** close() under its second name. @since 0.1 */
CUPEL_API cupel_future *
cupel_async_connection_aclose(cupel_async_connection *conn);

/**
 * As cupel_connection_free(). Futures made from it keep what they need.
 * @since 0.1
 */
CUPEL_API void
cupel_async_connection_free(cupel_async_connection *conn);

/** Whether it was closed. NOTSTARTED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_connection_closed(const cupel_async_connection *conn, bool *out);

/** As cupel_connection_invalidated(). NOTSTARTED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_connection_invalidated(const cupel_async_connection *conn,
                                   bool *out);

/** As cupel_connection_in_transaction(). NOTSTARTED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_connection_in_transaction(const cupel_async_connection *conn,
                                      bool *out);

/** As cupel_connection_in_nested_transaction(). NOTSTARTED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_connection_in_nested_transaction(const cupel_async_connection *conn,
                                             bool *out);

/**
 * The handle of the transaction in progress: the one that began it while that
 * lives, else one made for it; NULL if there is none. Borrowed from the
 * connection until the transaction ends. NOTSTARTED, NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_async_connection_get_transaction(cupel_async_connection *conn,
                                       cupel_async_transaction **out);

/** The same for the innermost savepoint. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_connection_get_nested_transaction(cupel_async_connection *conn,
                                              cupel_async_transaction **out);

/* ---- AsyncTransaction ------------------------------------------------ */

/**
 * Begin it. INVALID if the connection is in a transaction already.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_transaction_start(cupel_async_transaction *tx);

/** Begin it as a scope: see cupel_transaction_enter(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_transaction_enter(cupel_async_transaction *tx);

/** As cupel_transaction_exit(): ends it and frees the handle. @since 0.1 */
CUPEL_API cupel_future *
cupel_async_transaction_exit(cupel_async_transaction *tx, cupel_status status);

/** As cupel_transaction_commit(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_transaction_commit(cupel_async_transaction *tx);

/** As cupel_transaction_rollback(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_transaction_rollback(cupel_async_transaction *tx);

/** As cupel_transaction_close(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_transaction_close(cupel_async_transaction *tx);

/**
 * Free the handle; the transaction itself goes on. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_async_transaction_free(cupel_async_transaction *tx);

/**
 * The transaction it stands for, NULL before it is started. Borrowed.
 * @since 0.1
 */
CUPEL_API cupel_transaction *
cupel_async_transaction_sync_transaction(cupel_async_transaction *tx);

/** Its connection. Borrowed. @since 0.1 */
CUPEL_API cupel_async_connection *
cupel_async_transaction_connection(cupel_async_transaction *tx);

/** Whether it is a savepoint. @since 0.1 */
CUPEL_API bool
cupel_async_transaction_nested(const cupel_async_transaction *tx);

/**
 * Whether two handles stand for the same transaction. NULL equals nothing.
 * @since 0.1
 */
CUPEL_API bool
cupel_async_transaction_equal(const cupel_async_transaction *left,
                              const cupel_async_transaction *right);

/** As cupel_transaction_is_active(). NOTSTARTED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_transaction_is_active(const cupel_async_transaction *tx, bool *out);

/** As cupel_transaction_is_valid(). NOTSTARTED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_transaction_is_valid(const cupel_async_transaction *tx, bool *out);

CUPEL_END_DECLS

#endif
