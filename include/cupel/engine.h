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

#include <cupel/error.h>
#include <cupel/result.h>
#include <cupel/sql.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/**
 * A database's address and the pool of connections to it. Make one per
 * database at start-up; it opens nothing until it is used. Its connections
 * belong to the loop that opened them: use from another loop fails with
 * INVALID.
 */
typedef struct cupel_engine cupel_engine;

/** One connection, lent by an engine until it is closed. */
typedef struct cupel_connection cupel_connection;

/** A transaction or a savepoint of a connection. */
typedef struct cupel_transaction cupel_transaction;

/** Work with a connection; its status decides how a scope ends. May yield. */
typedef cupel_status
cupel_connection_fn(cupel_connection *conn, void *arg);

/** For an option whose real zero is wanted, since 0 means the default. */
#define CUPEL_ZERO INT64_MIN
/** For an option that may be switched off: no limit. */
#define CUPEL_UNLIMITED INT64_MAX

/**
 * How an engine behaves. Start from CUPEL_OPTIONS(cupel_engine_options) and set
 * only what you need: a field left 0 means the default named beside it;
 * CUPEL_ZERO means a real zero. Fields are only ever appended.
 */
typedef struct cupel_engine_options {
    size_t struct_size;         /**< sizeof(cupel_engine_options) */
    int64_t pool_size;          /**< connections kept: 5; CUPEL_UNLIMITED */
    int64_t max_overflow;       /**< more than that, for a while: 10 */
    int64_t pool_timeout_ms;    /**< longest wait for a connection: 30000 */
    int64_t connect_timeout_ms; /**< longest time to open one: 10000 */
    int64_t query_cache_size;   /**< compiled texts kept: 500 */
    int64_t close_timeout_ms;   /**< longest time for a clean-up step: 2000 */
} cupel_engine_options;

/**
 * Set one option by its name and the text of its value, as configuration files
 * and other languages have them: ("pool_size", "8"). KEY for an unknown name,
 * VALUE for a text that is no number.
 */
CUPEL_CHECKED cupel_status
cupel_engine_options_set(cupel_engine_options *options, const char *name,
                         const char *value);

/**
 * An engine for programs without a loop: its calls wait with poll(2). One
 * thread at a time uses it. `options` may be NULL. ARGUMENT for a bad url or
 * option, NOMODULE for an unknown database.
 */
CUPEL_CHECKED cupel_status
cupel_engine_create(const char *url, const cupel_engine_options *options,
                    cupel_engine **out);

/** An engine for tasks. As cupel_engine_create(). INVALID if the dialect is
 * not async. */
CUPEL_CHECKED cupel_status
cupel_engine_create_async(const char *url, const cupel_engine_options *options,
                          cupel_engine **out);

/** The url with its password masked. Borrowed. */
CUPEL_API const char *
cupel_engine_url(const cupel_engine *engine);

/** The dialect's name: "postgresql". Borrowed. */
CUPEL_API const char *
cupel_engine_name(const cupel_engine *engine);

/** The driver's name: "libpq". Borrowed. */
CUPEL_API const char *
cupel_engine_driver(const cupel_engine *engine);

/** The pool's figures at one moment. */
typedef struct cupel_pool_status {
    size_t struct_size; /**< sizeof(cupel_pool_status), set by the caller */
    uint64_t size;      /**< idle + lent + connecting + closing */
    uint64_t idle;
    uint64_t lent;
    uint64_t connecting;
    uint64_t closing;
    uint64_t waiting;   /**< tasks in the queue */
    uint64_t checkouts; /**< since the engine was made */
    uint64_t connects;  /**< connections opened since then */
    uint64_t timeouts;  /**< waits that ended without a connection */
} cupel_pool_status;

/** Fill `out` up to its struct_size. Figures restart at a dispose. */
CUPEL_API void
cupel_engine_pool_status(const cupel_engine *engine, cupel_pool_status *out);

/**
 * Borrow a connection. Yields. TIMEOUT with the pool's state in the message
 * when none comes free in time; OPERATIONAL with connection_lost when the
 * database cannot be reached; CANCELLED.
 */
CUPEL_CHECKED cupel_status
cupel_engine_connect(cupel_engine *engine, cupel_connection **out);

/**
 * Borrow a connection, begin, run `body`, commit if it answered OK or roll back
 * if not, give the connection back. Yields. Answers what `body` answered, or
 * the failure of the rest.
 */
CUPEL_CHECKED cupel_status
cupel_engine_begin(cupel_engine *engine, cupel_connection_fn *body, void *arg);

/**
 * Close the idle connections and start again with an empty pool. Connections on
 * loan stay usable and are closed when they come back. Yields.
 */
CUPEL_CHECKED cupel_status
cupel_engine_dispose(cupel_engine *engine);

/** Dispose and free: the one line of clean-up. Yields. NULL is allowed. */
CUPEL_API void
cupel_engine_close(cupel_engine *engine);

/**
 * Free without goodbyes: idle connections are hung up. Connections on loan keep
 * what they need until they are closed. Never yields. NULL is allowed.
 */
CUPEL_API void
cupel_engine_free(cupel_engine *engine);

/* ---- Connections ----------------------------------------------------- */

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
 */
CUPEL_CHECKED cupel_status
cupel_connection_scalar(cupel_connection *conn, const cupel_statement *stmt,
                        const cupel_params *params,
                        const cupel_execution_options *options,
                        cupel_value *out);

/** Execute and give the first column of every row. Yields. As execute. */
CUPEL_CHECKED cupel_status
cupel_connection_scalars(cupel_connection *conn, const cupel_statement *stmt,
                         const cupel_params *params,
                         const cupel_execution_options *options,
                         cupel_scalar_result **out);

/**
 * Hand SQL to the driver as it is, with the driver's own placeholders and
 * parameters by position (their names are not looked at). Yields. As execute.
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
 */
CUPEL_CHECKED cupel_status
cupel_connection_stream(cupel_connection *conn, const cupel_statement *stmt,
                        const cupel_params *params,
                        const cupel_execution_options *options,
                        cupel_result **out);

/** The same, giving the first column of every row. Yields. As stream. */
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
 */
CUPEL_CHECKED cupel_status
cupel_connection_begin(cupel_connection *conn, cupel_transaction **out);

/** Set a savepoint, beginning a transaction if there is none. Yields. */
CUPEL_CHECKED cupel_status
cupel_connection_begin_nested(cupel_connection *conn, cupel_transaction **out);

/** Commit the outermost transaction; nothing to do without one. Yields. */
CUPEL_CHECKED cupel_status
cupel_connection_commit(cupel_connection *conn);

/** Roll the outermost transaction back; nothing to do without one. Yields. */
CUPEL_CHECKED cupel_status
cupel_connection_rollback(cupel_connection *conn);

/**
 * Give the connection up now, without a rollback: it is closed, its slot comes
 * free, and the next execution takes another one, unless a transaction was in
 * progress, which must be rolled back first. CLOSED after close. Yields.
 */
CUPEL_CHECKED cupel_status
cupel_connection_invalidate(cupel_connection *conn);

/** Roll back what is open and give the connection back. The handle stays and
 * answers that it is closed. A second close is harmless. Yields. */
CUPEL_CHECKED cupel_status
cupel_connection_close(cupel_connection *conn);

/**
 * Leave the connection's scope: close it, also when this task is cancelled,
 * and free it. Answers `status`, or the failure to close if that was OK.
 * Yields. NULL is allowed.
 */
CUPEL_API cupel_status
cupel_connection_exit(cupel_connection *conn, cupel_status status);

/**
 * Free the handle. One that is still open is given up: its server connection
 * is closed in the background and a warning is logged. Never yields. NULL is
 * allowed.
 */
CUPEL_API void
cupel_connection_free(cupel_connection *conn);

/** Whether close was called. */
CUPEL_API bool
cupel_connection_closed(const cupel_connection *conn);

/** Whether the server connection was lost or given up, and none replaced it. */
CUPEL_API bool
cupel_connection_invalidated(const cupel_connection *conn);

/** Whether a transaction, begun or autobegun, is in progress. */
CUPEL_API bool
cupel_connection_in_transaction(const cupel_connection *conn);

/** Whether a savepoint is in progress. */
CUPEL_API bool
cupel_connection_in_nested_transaction(const cupel_connection *conn);

/** The outermost transaction, or NULL. Borrowed until it ends. */
CUPEL_API cupel_transaction *
cupel_connection_get_transaction(cupel_connection *conn);

/** The innermost savepoint, or NULL. Borrowed until it ends. */
CUPEL_API cupel_transaction *
cupel_connection_get_nested_transaction(cupel_connection *conn);

/** The engine it came from. Borrowed. */
CUPEL_API cupel_engine *
cupel_connection_engine(cupel_connection *conn);

/* ---- Transactions ---------------------------------------------------- */

/**
 * Commit, or release the savepoint. INVALID if it is no longer active. When
 * the answer to a COMMIT is lost the error's outcome is unknown and its
 * SQLSTATE 08007; nothing is tried again. Yields.
 */
CUPEL_CHECKED cupel_status
cupel_transaction_commit(cupel_transaction *tx);

/**
 * Roll back, or go back to the savepoint. Harmless when ended. When going back
 * fails, the whole transaction has to be rolled back: PENDINGROLLBACK until
 * then. Yields.
 */
CUPEL_CHECKED cupel_status
cupel_transaction_rollback(cupel_transaction *tx);

/** Roll back if it is still active. Harmless when ended. Yields. */
CUPEL_CHECKED cupel_status
cupel_transaction_close(cupel_transaction *tx);

/**
 * Make it the scope of what follows: once it is committed or rolled back,
 * anything but its exit fails with INVALID on its connection. Returns its
 * argument.
 */
CUPEL_API cupel_transaction *
cupel_transaction_enter(cupel_transaction *tx);

/**
 * Leave its scope: commit if `status` is OK (and roll back if that fails), roll
 * back if not, and free the handle. Answers `status`, or the failure to commit,
 * or to go back to the savepoint. Rolling back is shielded from cancellation.
 * Yields. NULL is allowed.
 */
CUPEL_API cupel_status
cupel_transaction_exit(cupel_transaction *tx, cupel_status status);

/** Free the handle; the transaction itself goes on. Never yields. */
CUPEL_API void
cupel_transaction_free(cupel_transaction *tx);

/** Whether it can still be used. */
CUPEL_API bool
cupel_transaction_is_active(const cupel_transaction *tx);

/** Whether its connection is the one it was begun on. */
CUPEL_API bool
cupel_transaction_is_valid(const cupel_transaction *tx);

/** Whether it is a savepoint. */
CUPEL_API bool
cupel_transaction_nested(const cupel_transaction *tx);

/** Its connection; NULL once that was freed. Borrowed. */
CUPEL_API cupel_connection *
cupel_transaction_connection(cupel_transaction *tx);

CUPEL_END_DECLS

#endif
