/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Connections: executing, transactions, closing. The core face; read
 * cupel/engine.h first.
 */
#ifndef CUPEL_CONNECTION_H
#define CUPEL_CONNECTION_H

#include <cupel/error.h>
#include <cupel/handles.h>
#include <cupel/info.h>
#include <cupel/pool.h>
#include <cupel/result.h>
#include <cupel/sql.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/**
 * Execute a statement. Every row is fetched before this returns. `params` and
 * `options` may be NULL, and `out` too when the result does not matter. With
 * more than one set of parameters the statement is executed for each
 * (executemany), and its result has no rows. Begins a transaction if there is
 * none (autobegin). Yields.
 *
 * STATEMENT when a parameter has no value: nothing was sent, nothing begun.
 * CLOSED after close. PENDINGROLLBACK until a transaction whose connection was
 * lost is rolled back. Of the database: INTEGRITY, PROGRAMMING, OPERATIONAL,
 * DATA and their like, after which the connection stays in its transaction.
 * When the deadline passes or the task is cancelled while the statement runs,
 * it is stopped and the connection is given up: cupel_connection_invalidated().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_execute(cupel_connection *conn, const cupel_statement *stmt,
                         const cupel_params *params,
                         const cupel_execution_options *options,
                         cupel_result **out);

/**
 * Execute and give the first column of the first row, NULL if there is none.
 * What the value points at is borrowed from the connection until the next call
 * that executes something on it. Yields. As cupel_connection_execute().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_scalar(cupel_connection *conn, const cupel_statement *stmt,
                        const cupel_params *params,
                        const cupel_execution_options *options,
                        cupel_value *out);

/**
 * Execute and give the first column of every row. Yields. As execute.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_scalars(cupel_connection *conn, const cupel_statement *stmt,
                         const cupel_params *params,
                         const cupel_execution_options *options,
                         cupel_scalar_result **out);

/**
 * Hand SQL to the driver as it is, with the driver's own placeholders and
 * parameters by position (their names are not looked at). Yields. As execute.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_exec_driver_sql(cupel_connection *conn, const char *sql,
                                 const cupel_params *params,
                                 const cupel_execution_options *options,
                                 cupel_result **out);

/**
 * Execute and leave the rows on the server: they come in batches as they are
 * fetched, and no more than a batch is held. The result must be fetched to its
 * end, closed or freed before the connection can be trusted to be idle. Yields.
 * INVALID if the dialect has no server-side cursors.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_stream(cupel_connection *conn, const cupel_statement *stmt,
                        const cupel_params *params,
                        const cupel_execution_options *options,
                        cupel_result **out);

/**
 * The same, giving the first column of every row. Yields. As stream.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_stream_scalars(cupel_connection *conn,
                                const cupel_statement *stmt,
                                const cupel_params *params,
                                const cupel_execution_options *options,
                                cupel_scalar_result **out);

/**
 * Begin a transaction; nothing is sent before the first statement. `out` may be
 * NULL: the connection's own commit and rollback then end it. INVALID if one
 * was begun or autobegun already. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_begin(cupel_connection *conn, cupel_transaction **out);

/**
 * Set a savepoint, beginning a transaction if there is none. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_begin_nested(cupel_connection *conn, cupel_transaction **out);

/**
 * Begin a two-phase transaction under a name of 1 to 200 bytes (NULL: one is
 * made up). cupel_transaction_prepare() prepares it; committing one that was
 * not prepared commits it at once. INVALID in a transaction, autobegun ones
 * too; NOTIMPL where the database has no such thing. `out` may be NULL. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_begin_twophase(cupel_connection *conn, const char *xid,
                                cupel_transaction **out);

/**
 * The names of transactions that were prepared and not ended yet. NOTIMPL.
 * Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_recover_twophase(cupel_connection *conn,
                                  cupel_scalar_result **out);

/**
 * Commit a prepared transaction by its name. It must not happen inside another
 * transaction: `recover` rolls back what is open, else it is refused with
 * INVALID. NOTIMPL; what the database says of an unknown name. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_commit_prepared(cupel_connection *conn, const char *xid,
                                 bool recover);

/**
 * Roll back a prepared transaction by its name. As commit. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_rollback_prepared(cupel_connection *conn, const char *xid,
                                   bool recover);

/**
 * Commit the outermost transaction; nothing to do without one. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_commit(cupel_connection *conn);

/**
 * Roll the outermost transaction back; nothing to do without one. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_rollback(cupel_connection *conn);

/**
 * Give the connection up now, without a rollback: it is closed, its slot comes
 * free, and the next execution takes another one, unless a transaction was in
 * progress, which must be rolled back first. Nothing to do a second time.
 * CLOSED after close. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_invalidate(cupel_connection *conn);

/** The same with a reason for the log (may be NULL). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_connection_invalidate_because(cupel_connection *conn, const char *reason);

/**
 * Take the connection to the database out of the pool, which may open another
 * in its place: it stays with this handle and is closed, not given back, when
 * that is. INVALID when it was invalidated or is one that others share; CLOSED
 * after close. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_detach(cupel_connection *conn);

/* ---- The session ------------------------------------------------------ */

/**
 * Change this connection's execution options, in place, for what is executed on
 * it from now on. Some concern its session and are set at once:
 * `isolation_level`, by any of the dialect's names, in upper or lower case,
 * with spaces or underscores; the dialect's switches, such as
 * postgresql_readonly. They are taken back when the connection goes back to the
 * pool, and are not set again on the one that replaces one that was lost.
 *
 * AUTOCOMMIT is a level, too: transactions begin and end as ever, but nothing
 * is sent for them, and what a statement did stays done.
 *
 * INVALID for those in a transaction; ARGUMENT for a level that does not exist,
 * naming those that do; CLOSED. The options are then as before. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_execution_options(cupel_connection *conn,
                                   const cupel_execution_options *options);

/**
 * The options that are in force: the engine's and its own, each name once.
 * Borrowed until they are changed. Never NULL.
 * @since 0.1
 */
CUPEL_API const cupel_execution_options *
cupel_connection_get_execution_options(const cupel_connection *conn);

/**
 * Ask the database for the session's isolation level; never AUTOCOMMIT, which
 * is not the database's. Begins nothing. Static. CLOSED, NOTIMPL. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_get_isolation_level(cupel_connection *conn, const char **out);

/**
 * The level that a connection has which asks for none. Answers after close,
 * too. Borrowed from the engine.
 * @since 0.1
 */
CUPEL_API const char *
cupel_connection_default_isolation_level(cupel_connection *conn);

/**
 * Values of yours that live as long as the connection to the database does,
 * whoever borrows it. Borrowed until the connection is closed or invalidated.
 * Takes a new one if the last was lost. CLOSED. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_info(cupel_connection *conn, cupel_info **out);

/**
 * The pool's view of the connection, with the driver's own under it. Borrowed
 * until the connection is closed or invalidated. Takes a new one if the last
 * was lost. CLOSED. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_get_raw_connection(cupel_connection *conn,
                                    cupel_raw_connection **out);

/**
 * Roll back what is open and give the connection back. The handle stays and
 * answers that it is closed. A second close is harmless. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_connection_close(cupel_connection *conn);

/**
 * Leave the connection's scope: close it, also when this task is cancelled,
 * and free it. Answers `status`, or the failure to close if that was OK.
 * Yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API cupel_status
cupel_connection_exit(cupel_connection *conn, cupel_status status);

/**
 * Free the handle. One that is still open is given up: its server connection
 * is closed in the background and a warning is logged. An async engine's that
 * is still open is to be freed on its own thread: on another one it stays lent,
 * which is logged, too. Never yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_connection_free(cupel_connection *conn);

/** Whether close was called. @since 0.1 */
CUPEL_API bool
cupel_connection_closed(const cupel_connection *conn);

/**
 * Whether the server connection was lost or given up, and none replaced it.
 * @since 0.1
 */
CUPEL_API bool
cupel_connection_invalidated(const cupel_connection *conn);

/** Whether a transaction, begun or autobegun, is in progress. @since 0.1 */
CUPEL_API bool
cupel_connection_in_transaction(const cupel_connection *conn);

/** Whether a savepoint is in progress. @since 0.1 */
CUPEL_API bool
cupel_connection_in_nested_transaction(const cupel_connection *conn);

/** The outermost transaction, or NULL. Borrowed until it ends. @since 0.1 */
CUPEL_API cupel_transaction *
cupel_connection_get_transaction(cupel_connection *conn);

/** The innermost savepoint, or NULL. Borrowed until it ends. @since 0.1 */
CUPEL_API cupel_transaction *
cupel_connection_get_nested_transaction(cupel_connection *conn);

/** The engine it came from. Borrowed. @since 0.1 */
CUPEL_API cupel_engine *
cupel_connection_engine(cupel_connection *conn);

CUPEL_END_DECLS

#endif
