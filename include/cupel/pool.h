/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The pool: which connections to the database there are, and who has them.
 *
 * An engine has one, which cupel_engine_connect() takes its connections from;
 * most programs never look at it. It can also be used by itself, without
 * transactions and results: cupel_pool_connect() lends the driver's connection.
 *
 * First come, first served: who asks for a connection when none is free waits
 * in a queue, and what comes back goes to the first in it. A connection that is
 * given back is rolled back if a transaction is open, and kept.
 *
 * A process that forks may go on using its pools on both sides: in the child
 * they start empty, and the parent's connections stay the parent's. Fork
 * outside tasks, where the child can run a loop of its own.
 */
#ifndef CUPEL_POOL_H
#define CUPEL_POOL_H

#include <cupel/common.h>
#include <cupel/error.h>
#include <cupel/info.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

struct cupel_rows;
struct cupel_wire;

/** Connections to one database. @since 0.1 */
typedef struct cupel_pool cupel_pool;

/**
 * One connection of a pool's, as the driver has it: no transaction is begun on
 * it by itself.
 * @since 0.1
 */
typedef struct cupel_raw_connection cupel_raw_connection;

/**
 * How a pool goes about it. For async engines all but QUEUE, for blocking ones
 * all but ASYNC_ADAPTED_QUEUE.
 * @since 0.1
 */
typedef enum cupel_pool_class {
    /** STATIC for a database that only its connection can see (SQLite in
     * memory), else the queue that fits the engine. */
    CUPEL_POOL_DEFAULT = 0,
    /** Keeps connections; tasks wait in a queue. */
    CUPEL_POOL_ASYNC_ADAPTED_QUEUE = 1,
    /** Keeps connections; threads wait in a queue, as many as like to. */
    CUPEL_POOL_QUEUE = 2,
    /** Keeps none: each use opens one and closes it. */
    CUPEL_POOL_NULL = 3,
    /** One connection, which everybody uses at once. */
    CUPEL_POOL_STATIC = 4,
    /** One connection; to ask for it while somebody has it is an error. */
    CUPEL_POOL_ASSERTION = 5
} cupel_pool_class;

/** What is done to a connection that comes back. @since 0.1 */
typedef enum cupel_reset_on_return {
    CUPEL_RESET_ROLLBACK = 0, /**< an open transaction is rolled back */
    CUPEL_RESET_COMMIT = 1,   /**< it is committed */
    CUPEL_RESET_NONE = 2      /**< nothing: a listener to reset does it */
} cupel_reset_on_return;

/**
 * Opens a connection of the driver's (a PGconn, a sqlite3), which the library
 * takes, in the place of what it would do itself. On failure the record of
 * cupel_error_raise() is told to whoever waits.
 * @since 0.1
 */
typedef cupel_status
cupel_creator_fn(void *arg, void **out_driver_connection);

/** The pool's figures at one moment. @since 0.1 */
typedef struct cupel_pool_status {
    size_t struct_size;  /**< sizeof(cupel_pool_status), set by the caller */
    uint64_t size;       /**< idle + lent + connecting + closing */
    uint64_t idle;       /**< open and free */
    uint64_t lent;       /**< in somebody's hands */
    uint64_t connecting; /**< being opened */
    uint64_t closing;    /**< being closed */
    uint64_t waiting;    /**< tasks or threads in the queue */
    uint64_t checkouts;  /**< connections lent since the pool was made */
    uint64_t connects;   /**< connections opened since then */
    uint64_t timeouts;   /**< waits that ended without a connection */
    uint64_t connect_failures; /**< attempts to open one that failed */
    uint64_t refusals;         /**< waits that would never have ended */
    uint64_t invalidations;    /**< connections given up as unusable */
    uint64_t replacements;     /**< connections replaced for their age, after
                                    a failed ping, or as invalidated */
    uint64_t queued;           /**< checkouts that had to wait */
    uint64_t wait_total_ms;    /**< how long they waited, together */
    uint64_t wait_longest_ms;  /**< how long the longest of them waited */
    uint64_t lent_peak;        /**< the most that were lent at once */
    uint64_t longest_held_ms;  /**< how long the oldest loan lasts by now */
    uint64_t places_free;      /**< idle, and given up but still in place */
} cupel_pool_status;

/**
 * Lend a connection. Yields. TIMEOUT with the pool's state in the message when
 * none comes free in time, or at once when the wait could not end because the
 * caller holds what it waits for; ASSERTION from an AssertionPool that has lent
 * its connection; CLOSED; CANCELLED; NOTASK; what the connect or a listener
 * answered. Give it back with cupel_raw_connection_close().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_pool_connect(cupel_pool *pool, cupel_raw_connection **out);

/**
 * Open connections until there are `count`, or as many as the pool keeps, and
 * wait until they are there. Yields. What the connect answered; TIMEOUT at a
 * deadline of the task's; CANCELLED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_pool_warm_up(cupel_pool *pool, size_t count);

/**
 * Replace every connection that is open by now at its next checkout.
 * @since 0.1
 */
CUPEL_API void
cupel_pool_invalidate(cupel_pool *pool);

/**
 * Close the connections that are idle. Those on loan come back to be used
 * again, and the pool opens others when it needs them. Yields. NOTASK.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_pool_dispose(cupel_pool *pool);

/**
 * A pool with the same settings and listeners and no connections; the caller
 * owns it. NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_pool_recreate(cupel_pool *pool, cupel_pool **out);

/**
 * Close the idle connections, and those on loan when they come back, and free
 * the caller's handle: the one line of clean-up. Who waits gets CLOSED. Yields.
 * NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_pool_close(cupel_pool *pool);

/**
 * Free the caller's handle without goodbyes: idle connections are hung up.
 * Connections on loan keep what they need. Never yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_pool_free(cupel_pool *pool);

/* ---- Figures ------------------------------------------------------------- */

/** The class's name: "QueuePool". Static. @since 0.1 */
CUPEL_API const char *
cupel_pool_class_name(const cupel_pool *pool);

/** How many connections the pool keeps; 0: any number. @since 0.1 */
CUPEL_API int64_t
cupel_pool_size(const cupel_pool *pool);

/**
 * How many are there to be lent. One that was given up counts here, too: its
 * place is free, and its next use opens it again.
 * @since 0.1
 */
CUPEL_API int64_t
cupel_pool_checkedin(const cupel_pool *pool);

/** How many are on loan. @since 0.1 */
CUPEL_API int64_t
cupel_pool_checkedout(const cupel_pool *pool);

/**
 * How many there are beyond the pool's size: negative while there are fewer,
 * -5 for an untouched pool of size 5; always 0 for a pool of any size.
 * @since 0.1
 */
CUPEL_API int64_t
cupel_pool_overflow(const cupel_pool *pool);

/** How long who asks waits for a connection, in milliseconds. @since 0.1 */
CUPEL_API int64_t
cupel_pool_timeout_ms(const cupel_pool *pool);

/**
 * The four numbers in words; the class's name where they mean nothing. Writes
 * up to `size` bytes with the NUL, and answers how long the whole text is.
 * @since 0.1
 */
CUPEL_API size_t
cupel_pool_status_text(const cupel_pool *pool, char *out, size_t size);

/**
 * Fill `out` up to its struct_size. Without a pool (NULL) everything is 0.
 * @since 0.1
 */
CUPEL_API void
cupel_pool_figures(const cupel_pool *pool, cupel_pool_status *out);

/* ---- One connection ------------------------------------------------------ */

/**
 * Run one statement as it is, with the driver's placeholders and `value_count`
 * values (borrowed; may be NULL). Nothing is begun: what is not between a BEGIN
 * and a COMMIT of the caller's is committed by itself. `out` (may be NULL) gets
 * all rows, to be read and freed by their functions in cupel/ext/dialect.h.
 * There is no deadline but that of the future around it. Yields. CLOSED, what
 * the database answered.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_raw_connection_execute(cupel_raw_connection *raw, const char *sql,
                             const cupel_value *values, size_t value_count,
                             struct cupel_rows **out);

/**
 * Commit the open transaction; nothing to do without one. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_raw_connection_commit(cupel_raw_connection *raw);

/**
 * Roll the open transaction back; nothing to do without one. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_raw_connection_rollback(cupel_raw_connection *raw);

/**
 * Give the connection back. The handle stays and answers that it is closed. A
 * second close is logged as a warning and changes nothing. Yields. INVALID for
 * one that belongs to a cupel_connection.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_raw_connection_close(cupel_raw_connection *raw);

/**
 * Free the handle of cupel_pool_connect(). A connection that was not closed is
 * given up, which is logged; on another thread than its own, an async pool's
 * stays lent. One that another task is using goes when that call has ended.
 * Never yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_raw_connection_free(cupel_raw_connection *raw);

/**
 * Give the connection up: it is closed now, or, if `soft`, goes on working and
 * is replaced at its next checkout. One that is closed already is left alone,
 * with a warning in the log. Yields. INVALID for one that belongs to a
 * cupel_connection, unless soft.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_raw_connection_invalidate(cupel_raw_connection *raw, bool soft);

/**
 * Take the connection out of the pool, which may open another in its place. It
 * is closed at the end, not kept. CLOSED; INVALID after it was given up, and
 * for the one of a StaticPool.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_raw_connection_detach(cupel_raw_connection *raw);

/**
 * Values that live as long as the connection to the database. NULL when the
 * handle is closed. Borrowed.
 * @since 0.1
 */
CUPEL_API cupel_info *
cupel_raw_connection_info(cupel_raw_connection *raw);

/**
 * Values that stay when the pool replaces the connection. NULL when the handle
 * is closed or the connection detached. Borrowed.
 * @since 0.1
 */
CUPEL_API cupel_info *
cupel_raw_connection_record_info(cupel_raw_connection *raw);

/** Whether there is a connection: neither closed nor given up. @since 0.1 */
CUPEL_API bool
cupel_raw_connection_is_valid(const cupel_raw_connection *raw);

/** Whether it has left its pool. @since 0.1 */
CUPEL_API bool
cupel_raw_connection_is_detached(const cupel_raw_connection *raw);

/**
 * The dialect's connection, see cupel/ext/dialect.h. NULL when there is none.
 * Borrowed.
 * @since 0.1
 */
CUPEL_API struct cupel_wire *
cupel_raw_connection_dbapi_connection(cupel_raw_connection *raw);

/**
 * The driver's own connection: a PGconn, a sqlite3. NULL when there is none.
 * Borrowed: never close it, nor connect it anew.
 *
 * A PGconn is in pipeline mode and does not block. For COPY or calls that block
 * leave that mode (PQexitPipelineMode); it is put back when the connection is
 * used again, and that finds a transaction which was begun meanwhile. A
 * connection that is left in the middle of something is given up. From here on
 * notifications are yours to take (PQnotifies).
 * @since 0.1
 */
CUPEL_API void *
cupel_raw_connection_driver_connection(cupel_raw_connection *raw);

CUPEL_END_DECLS

#endif
