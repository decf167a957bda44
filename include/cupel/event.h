/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Events: functions of yours that are called when something happens to an
 * engine, a connection or a pool.
 *
 * A listener is put on a target by the event's name:
 *
 *     cupel_event_listen(cupel_on_engine(engine), "before_cursor_execute",
 *                        show, NULL, 0);
 *
 * It is called in the task that does the work, with one struct whose members
 * are filled as far as they belong to the event, and may use the connection it
 * is told about. Answering CUPEL_OK it lets things go on; answering a failure,
 * best made with cupel_error_raise(), it prevents what it was told about, and
 * the failure is what the caller of the library gets. Events that tell of an
 * end (checkin, close, engine_disposed, ...) prevent nothing: a failure there
 * is logged.
 *
 * Of an engine (cupel_on_engine(), cupel_on_every_engine()); those marked with
 * a star also of one connection (cupel_on_connection()):
 *
 *     before_execute *          statement, params, options; RETVAL
 *     after_execute *           the same, and result
 *     before_cursor_execute *   sql, values, executemany; RETVAL
 *     after_cursor_execute *    the same, and duration_us
 *     begin, rollback, commit * before the driver is asked to
 *     savepoint, rollback_savepoint, release_savepoint *   savepoint
 *     begin_twophase, prepare_twophase *                   xid
 *     rollback_twophase, commit_twophase *                 xid, is_prepared
 *     set_connection_execution_options *   options, which may be replaced
 *     set_engine_execution_options         options, which may be replaced
 *     engine_connect            a connection was made
 *     engine_disposed           its pool was replaced
 *
 * Of a dialect as one engine and its children use it (cupel_on_dialect(),
 * cupel_on_engine(), cupel_on_every_engine()):
 *
 *     do_connect                url, driver_connection; both may be replaced
 *     do_execute, do_executemany, do_execute_no_params    sql, values, handled
 *     handle_error              failure
 *
 * Of a pool (cupel_on_pool(), cupel_on_engine(), cupel_on_every_pool()):
 *
 *     connect, first_connect, checkout, checkin, invalidate, soft_invalidate,
 *     close, detach, close_detached         raw
 *     reset                     raw, transaction_was_reset, terminate_only,
 *                               asyncio_safe
 *
 * Where several targets are concerned, a connection's listeners are called
 * first, then those of every engine, of the child engine, of its parent. Those
 * of one target are called in the order they were added in. A listener may add
 * and remove listeners, itself included: one that is added while an event is
 * told hears of the next, one that is removed hears nothing more.
 *
 * A listener may do to what it is told about whatever its user may: execute,
 * end the transaction, close; the call that tells it then finds that out and
 * answers it, with CLOSED, INVALID or PENDINGROLLBACK. What it must not do is
 * free what it does not own. An async pool opens connections in a task of its
 * own: a listener to do_connect, first_connect or connect that uses the
 * connection for which that is done waits for itself, until a deadline ends it.
 */
#ifndef CUPEL_EVENT_H
#define CUPEL_EVENT_H

#include <cupel/error.h>
#include <cupel/handles.h>
#include <cupel/pool.h>
#include <cupel/result.h>
#include <cupel/sql.h>
#include <cupel/url.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

struct cupel_rows;

/**
 * What went wrong, for listeners to handle_error: the handling that follows is
 * theirs to change. Of the records, `original` is what the driver or the
 * library said, `library` the same unless the failure is none that the library
 * reports as an error of a statement (a cancellation, a pending rollback), and
 * `chained` what a listener before this one put in its place.
 *
 * A listener that fails ends the handling, and its failure is what the caller
 * gets. One that sets `replacement` and answers CUPEL_OK puts the failure that
 * it has just recorded in the place of the error and lets the next listeners
 * see it.
 * @since 0.1
 */
typedef struct cupel_failure {
    size_t struct_size;          /**< sizeof(cupel_failure) */
    cupel_status status;         /**< of `original` */
    const cupel_error *original; /**< NULL only when there was no memory */
    const cupel_error *library;  /**< NULL: cancelled, or rollback pending */
    const cupel_error *chained;  /**< NULL: nobody replaced it yet */
    cupel_status replacement;    /**< settable; CUPEL_OK: none */
    bool is_disconnect;          /**< settable: give the connection up */
    /** Settable: after a disconnect, replace the pool's other connections. */
    bool invalidate_pool_on_disconnect;
    bool is_pre_ping; /**< it was the pool's test of an idle connection */
} cupel_failure;

/**
 * What a listener is told. Members that do not belong to the event are zero.
 * Everything is borrowed for the length of the call. What a listener puts in
 * must live until the library's call has ended: cupel_event_alloc() gives such
 * memory.
 * @since 0.1
 */
typedef struct cupel_event {
    size_t struct_size;        /**< sizeof(cupel_event) */
    const char *name;          /**< "before_execute" */
    cupel_engine *engine;      /**< NULL in what a pool tells */
    cupel_connection *conn;    /**< NULL where there is none */
    cupel_pool *pool;          /**< of pool events and do_connect */
    cupel_raw_connection *raw; /**< of pool events; NULL: it is gone */

    const cupel_statement *statement;       /**< of before and after_execute */
    const cupel_params *params;             /**< the same; NULL: none */
    const cupel_execution_options *options; /**< as merged; NULL: none */
    /** Of after_execute. NULL when there is none: the caller wanted no result,
     * or just the first value (scalar). */
    cupel_result *result;

    const char *sql; /**< what the driver gets; of handle_error, NULL: none */
    const cupel_value *values; /**< set_count groups of value_count */
    size_t value_count;        /**< placeholders in one set */
    size_t set_count;          /**< 1, or more for executemany */
    bool executemany;          /**< whether set_count is more than 1 */
    bool handled; /**< settable in do_execute...: the driver is not asked */
    /** Settable when handled: rows to hand out, which the library frees; NULL:
     * a result without rows. See cupel/ext/dialect.h. */
    struct cupel_rows *rows;
    int64_t duration_us; /**< of after_cursor_execute: the driver's time */

    const char *savepoint; /**< its name */
    const char *xid;       /**< of a two-phase transaction */
    bool is_prepared;      /**< whether that was prepared */

    bool transaction_was_reset; /**< of reset: the transaction was ended */
    bool terminate_only;        /**< of reset: it will be closed in any case */
    bool asyncio_safe;          /**< of reset: the listener may wait */

    const cupel_url *url;    /**< of do_connect: settable */
    void *driver_connection; /**< of do_connect: settable, an open connection
                                of the driver's that the library takes */
    cupel_failure *failure;  /**< of handle_error */
    void *memory;            /**< for cupel_event_alloc() */
} cupel_event;

/**
 * Memory that lives until the call that the event tells of has ended; for what
 * a listener replaces. NULL when there is none, recorded as NOMEM.
 * @since 0.1
 */
CUPEL_API void *
cupel_event_alloc(cupel_event *event, size_t size);

/**
 * A listener. `arg` is what was given to cupel_event_listen(). May yield.
 * @since 0.1
 */
typedef cupel_status
cupel_event_fn(cupel_event *event, void *arg);

/** How a listener is called; flags are added up. @since 0.1 */
typedef enum cupel_event_flags {
    CUPEL_EVENT_INSERT = 1, /**< before those that are there already */
    CUPEL_EVENT_ONCE = 2,   /**< for the first event only, also if it fails */
    CUPEL_EVENT_RETVAL = 4  /**< it may replace statement and parameters */
} cupel_event_flags;

/** What is listened to: made by one of the functions below. @since 0.1 */
typedef struct cupel_event_target {
    int kind;     /**< which of the functions made it */
    void *object; /**< NULL: every one */
} cupel_event_target;

/**
 * An engine, its dialect and its pool. A parent's listeners hear of its
 * children's connections too.
 * @since 0.1
 */
CUPEL_API cupel_event_target
cupel_on_engine(cupel_engine *engine);

/** One connection: the events marked with a star. @since 0.1 */
CUPEL_API cupel_event_target
cupel_on_connection(cupel_connection *conn);

/** A pool. @since 0.1 */
CUPEL_API cupel_event_target
cupel_on_pool(cupel_pool *pool);

/** The dialect as an engine uses it: its children use the same. @since 0.1 */
CUPEL_API cupel_event_target
cupel_on_dialect(cupel_engine *engine);

/** Every engine, those that are made later too. @since 0.1 */
CUPEL_API cupel_event_target
cupel_on_every_engine(void);

/** Every pool, those that are made later too. @since 0.1 */
CUPEL_API cupel_event_target
cupel_on_every_pool(void);

/**
 * Put a listener on a target. `flags` are of cupel_event_flags. The same `fn`
 * with the same `arg` is put there once at most. INVALID when the target has no
 * such event; ARGUMENT for RETVAL on an event that takes nothing back; NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_event_listen(cupel_event_target target, const char *name,
                   cupel_event_fn *fn, void *arg, unsigned flags);

/**
 * Take a listener off again. It is not called any more once this has returned,
 * but for a call that is under way. INVALID if it is not there.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_event_remove(cupel_event_target target, const char *name,
                   cupel_event_fn *fn, void *arg);

/**
 * Whether the listener is on the target. False for an unknown name.
 * @since 0.1
 */
CUPEL_API bool
cupel_event_contains(cupel_event_target target, const char *name,
                     cupel_event_fn *fn, void *arg);

CUPEL_END_DECLS

#endif
