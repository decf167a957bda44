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

CUPEL_BEGIN_DECLS

struct cupel_wire;

/**
 * Connections to one database.
 *
 * @since 0.1
 */
typedef struct cupel_pool cupel_pool;

/**
 * One connection of a pool's, as the driver has it: no transaction is begun on
 * it by itself.
 *
 * @since 0.1
 */
typedef struct cupel_raw_connection cupel_raw_connection;

/**
 * How a pool goes about it. For async engines all but QUEUE, for blocking ones
 * all but ASYNC_ADAPTED_QUEUE.
 *
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

/**
 * What is done to a connection that comes back.
 *
 * @since 0.1
 */
typedef enum cupel_reset_on_return {
    CUPEL_RESET_ROLLBACK = 0, /**< an open transaction is rolled back */
    CUPEL_RESET_COMMIT = 1,   /**< it is committed */
    CUPEL_RESET_NONE = 2      /**< nothing: a listener to reset does it */
} cupel_reset_on_return;

/**
 * Opens a connection of the driver's (a PGconn, a sqlite3), which the library
 * takes, in the place of what it would do itself. On failure the record of
 * cupel_error_raise() is told to whoever waits.
 *
 * @since 0.1
 */
typedef cupel_status
cupel_creator_fn(void *arg, void **out_driver_connection);

/**
 * The pool's figures at one moment.
 *
 * @since 0.1
 */
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
} cupel_pool_status;

/**
 * Fill `out` up to its struct_size. Without a pool (NULL) everything is 0.
 *
 * @since 0.1
 */
CUPEL_API void
cupel_pool_figures(const cupel_pool *pool, cupel_pool_status *out);

CUPEL_END_DECLS

#endif
