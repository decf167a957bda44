/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Status codes, and the record that says what went wrong.
 *
 * A function that can fail returns a cupel_status: CUPEL_OK, or one of the
 * negative codes below, or (from fetches) CUPEL_ROW. The rest of the story is
 * in the record of the current task (outside tasks: of the thread), which
 * cupel_error_last() reads. The record is written by the call that failed and
 * stays until the next failure of the same task.
 */
#ifndef CUPEL_ERROR_H
#define CUPEL_ERROR_H

#include <cupel/common.h>

CUPEL_BEGIN_DECLS

/**
 * The codes: name, number, class of the reference, its short code ("" where it
 * has none). Append-only: a number never changes its meaning. Treat an unknown
 * negative number as a failure.
 * @since 0.1
 */
#define CUPEL_STATUS_LIST(X)                                              \
    /** No memory: nothing was done, nothing is lost. */                  \
    X(NOMEM, -1, "MemoryError", "")                                       \
    /** The task was cancelled. */                                        \
    X(CANCELLED, -2, "CancelledError", "")                                \
    /** The deadline passed, or no connection came free in time. */       \
    X(TIMEOUT, -3, "TimeoutError", "3o7r")                                \
    /** An argument makes no sense. */                                    \
    X(ARGUMENT, -4, "ArgumentError", "")                                  \
    /** A value of the wrong type. */                                     \
    X(TYPE, -5, "TypeError", "")                                          \
    /** A value that its type does not have. */                           \
    X(VALUE, -6, "ValueError", "")                                        \
    /** No such key. */                                                   \
    X(KEY, -7, "KeyError", "")                                            \
    /** Out of range. */                                                  \
    X(INDEX, -8, "IndexError", "")                                        \
    /** This dialect cannot do that. */                                   \
    X(NOTIMPL, -9, "NotImplementedError", "")                             \
    /** Used from the wrong thread. */                                    \
    X(THREAD, -10, "RuntimeError", "")                                    \
    /** No such dialect or driver. */                                     \
    X(NOMODULE, -11, "NoSuchModuleError", "")                             \
    /** Not a statement. */                                               \
    X(NOTEXECUTABLE, -12, "ObjectNotExecutableError", "")                 \
    /** Not now, or not on this object. */                                \
    X(INVALID, -13, "InvalidRequestError", "")                            \
    /** It was closed, or returns no rows. */                             \
    X(CLOSED, -14, "ResourceClosedError", "")                             \
    /** Roll back first: the transaction was lost. */                     \
    X(PENDINGROLLBACK, -15, "PendingRollbackError", "8s2b")               \
    /** No such column. */                                                \
    X(NOCOLUMN, -16, "NoSuchColumnError", "")                             \
    /** A row was wanted and there is none. */                            \
    X(NORESULT, -17, "NoResultFound", "")                                 \
    /** One row was wanted and there are more. */                         \
    X(MULTIPLE, -18, "MultipleResultsFound", "")                          \
    /** An async engine was used outside a task. */                       \
    X(NOTASK, -19, "MissingGreenlet", "xd2s")                             \
    /** Not started yet. */                                               \
    X(NOTSTARTED, -20, "AsyncContextNotStarted", "")                      \
    /** Started before. */                                                \
    X(STARTED, -21, "AsyncContextAlreadyStarted", "")                     \
    /** Only the stream call can do that. */                              \
    X(ASYNCMETHOD, -22, "AsyncMethodRequired", "")                        \
    /** The statement cannot be compiled. */                              \
    X(COMPILE, -23, "CompileError", "")                                   \
    /** The statement was not executed: a parameter is missing or bad. */ \
    X(STATEMENT, -24, "StatementError", "")                               \
    /** Of the database, and no other class fits. */                      \
    X(DBAPI, -25, "DBAPIError", "dbapi")                                  \
    /** Of the driver's own use. */                                       \
    X(INTERFACE, -26, "InterfaceError", "rvf5")                           \
    /** Of the database: the class of those below. */                     \
    X(DATABASE, -27, "DatabaseError", "4xp6")                             \
    /** A value the database cannot take, or sent and should not have. */ \
    X(DATA, -28, "DataError", "9h9h")                                     \
    /** The server could not, or cannot be reached. */                    \
    X(OPERATIONAL, -29, "OperationalError", "e3q8")                       \
    /** A constraint was violated. */                                     \
    X(INTEGRITY, -30, "IntegrityError", "gkpj")                           \
    /** The database is in disorder. */                                   \
    X(INTERNAL, -31, "InternalError", "2j85")                             \
    /** The statement is wrong. */                                        \
    X(PROGRAMMING, -32, "ProgrammingError", "f405")                       \
    /** The database lacks that. */                                       \
    X(NOTSUPPORTED, -33, "NotSupportedError", "tw8g")                     \
    X(ASSERTION, -34, "AssertionError", "")                               \
    X(DISCONNECTION, -35, "DisconnectionError", "")                       \
    X(INVALIDATEPOOL, -36, "InvalidatePoolError", "")

/** One line of the enum below; gone after it. @since 0.1 */
#define CUPEL_STATUS_ENUM(name, number, class_name, code) \
    CUPEL_E_##name = (number),

/** What a call answers. @since 0.1 */
typedef enum cupel_status {
    CUPEL_OK = 0,  /**< done; from a fetch: no more rows */
    CUPEL_ROW = 1, /**< from a fetch: here is a row */
    CUPEL_STATUS_LIST(CUPEL_STATUS_ENUM) CUPEL_STATUS_FORCE_INT =
        INT32_MAX /**< no status: as wide as an int */
} cupel_status;

#undef CUPEL_STATUS_ENUM

/** Whether the work that failed took effect in the database. @since 0.1 */
typedef enum cupel_outcome {
    CUPEL_OUTCOME_NOT_APPLIED = 0, /**< the database is as it was */
    CUPEL_OUTCOME_APPLIED = 1,     /**< it took effect all the same */
    CUPEL_OUTCOME_UNKNOWN = 2      /**< a COMMIT whose answer was lost */
} cupel_outcome;

/**
 * The reference's class for a status: "IntegrityError". Static, never NULL.
 * @since 0.1
 */
CUPEL_API const char *
cupel_status_class(cupel_status status);

/** One record of what went wrong. Read-only; see the accessors. @since 0.1 */
typedef struct cupel_error cupel_error;

/**
 * The last failure of the current task, or of the thread outside tasks.
 * Borrowed: valid until the next failure of the same task. NULL if none yet.
 * @since 0.1
 */
CUPEL_API const cupel_error *
cupel_error_last(void);

/**
 * The message of cupel_error_last(), or "no error": for a line of log. One
 * line, no password, no row value. Borrowed as the record is.
 * @since 0.1
 */
CUPEL_API const char *
cupel_error_text(void);

/**
 * Record a failure of your own, for listeners and for the bodies of scopes: the
 * message (copied; one line) is what cupel_error_text() then gives. Returns
 * `status`, or ARGUMENT if that is no failure.
 *
 *     return cupel_error_raise(CUPEL_E_INVALID, "no writes on a Sunday");
 * @since 0.1
 */
CUPEL_API cupel_status
cupel_error_raise(cupel_status status, const char *message);

/** The status the failing call returned. @since 0.1 */
CUPEL_API cupel_status
cupel_error_status(const cupel_error *error);

/**
 * What went wrong, in one line, without values or passwords. Never NULL.
 * @since 0.1
 */
CUPEL_API const char *
cupel_error_message(const cupel_error *error);

/**
 * The reference's short code ("e3q8"), "" where it has none. Never NULL.
 * @since 0.1
 */
CUPEL_API const char *
cupel_error_code(const cupel_error *error);

/**
 * The five characters of the server's SQLSTATE, or "" if it gave none.
 * @since 0.1
 */
CUPEL_API const char *
cupel_error_sqlstate(const cupel_error *error);

/**
 * The driver's own number (SQLite: the extended result code), 0 if none.
 * @since 0.1
 */
CUPEL_API int
cupel_error_vendor_code(const cupel_error *error);

/**
 * The statement that failed, as it was sent to the driver, or NULL.
 * @since 0.1
 */
CUPEL_API const char *
cupel_error_statement(const cupel_error *error);

/**
 * The values that the failing statement ran with, as log lines show them:
 * "(1, 'x')", long ones abbreviated. They are part of no message. NULL if there
 * were none, or the engine was made with hide_parameters.
 * @since 0.1
 */
CUPEL_API const char *
cupel_error_parameters(const cupel_error *error);

/**
 * Whether there were values, and the engine keeps them to itself.
 * @since 0.1
 */
CUPEL_API bool
cupel_error_hide_parameters(const cupel_error *error);

/**
 * Write the whole story, as snprintf does: at most `size` bytes with the NUL,
 * and the length it would have had. Unlike the message it has several lines and
 * shows the parameters, unless they are hidden:
 *
 *     (IntegrityError) UNIQUE constraint failed: users.user_id
 *     [SQL: INSERT INTO users (user_id, user_name) VALUES (?, ?)]
 *     [parameters: (7, 'x')]
 *     (Background on this error: gkpj)
 * @since 0.1
 */
CUPEL_API size_t
cupel_error_render(const cupel_error *error, char *buf, size_t size);

/**
 * Where in the statement the database saw the fault: characters from 1, as
 * PostgreSQL's P field; 0 when it did not say.
 * @since 0.1
 */
CUPEL_API int
cupel_error_position(const cupel_error *error);

/**
 * The server's DETAIL line. It may hold row values, which is why it is not
 * part of the message. NULL if there was none.
 * @since 0.1
 */
CUPEL_API const char *
cupel_error_detail(const cupel_error *error);

/** The server's HINT line, or NULL. @since 0.1 */
CUPEL_API const char *
cupel_error_hint(const cupel_error *error);

/** The table that an integrity error is about, or NULL. @since 0.1 */
CUPEL_API const char *
cupel_error_table(const cupel_error *error);

/** The column that an integrity error is about, or NULL. @since 0.1 */
CUPEL_API const char *
cupel_error_column(const cupel_error *error);

/** The constraint that was violated, or NULL. @since 0.1 */
CUPEL_API const char *
cupel_error_constraint(const cupel_error *error);

/**
 * True when the connection to the server is gone and was given up.
 * @since 0.1
 */
CUPEL_API bool
cupel_error_connection_lost(const cupel_error *error);

/** True when running the same work again is safe and may succeed. @since 0.1 */
CUPEL_API bool
cupel_error_retry_safe(const cupel_error *error);

/** Whether the failed work took effect. @since 0.1 */
CUPEL_API cupel_outcome
cupel_error_outcome(const cupel_error *error);

/** How grave a log line is. @since 0.1 */
typedef enum cupel_log_level {
    CUPEL_LOG_DEBUG = 10,   /**< every row, every step of the pool */
    CUPEL_LOG_INFO = 20,    /**< statements and transactions */
    CUPEL_LOG_WARNING = 30, /**< something to look into */
    CUPEL_LOG_ERROR = 40    /**< a failure that no call can answer */
} cupel_log_level;

/**
 * Takes one log line. `logger` names the part of the library ("cupel.pool").
 * Called on whichever thread has something to say; it must not call cupel.
 * @since 0.1
 */
typedef void
cupel_log_fn(void *context, cupel_log_level level, const char *logger,
             const char *message);

/**
 * Send the library's log lines to `log` (NULL: nowhere, the default) if they
 * are of level `least` or graver. The library never prints, unless an engine
 * was told to echo: then its lines go to `log` whatever `least` says, or to
 * cupel_log_stderr() if there is no `log`. Call it before other threads use the
 * library.
 *
 * The lines of an engine's statements, of level INFO, show the values of their
 * parameters, unless the engine was made with hide_parameters.
 * @since 0.1
 */
CUPEL_API void
cupel_log_set(cupel_log_fn *log, void *context, cupel_log_level least);

/**
 * A ready place for log lines: time, level, logger and message, on stderr. For
 * cupel_log_set(); `context` means nothing.
 * @since 0.1
 */
CUPEL_API void
cupel_log_stderr(void *context, cupel_log_level level, const char *logger,
                 const char *message);

CUPEL_END_DECLS

#endif
