/* SPDX-License-Identifier: MIT */
/**
 * @file
 * How an engine behaves: options by field and by name.
 */
#ifndef CUPEL_OPTIONS_H
#define CUPEL_OPTIONS_H

#include <cupel/common.h>
#include <cupel/error.h>
#include <cupel/pool.h>
#include <cupel/sql.h>
#include <cupel/url.h>

CUPEL_BEGIN_DECLS

/**
 * For an option whose real zero is wanted, since 0 means the default.
 * @since 0.1
 */
#define CUPEL_ZERO INT64_MIN
/** For an option that may be switched off: no limit. @since 0.1 */
#define CUPEL_UNLIMITED INT64_MAX

/** A switch that may be left alone. In C `true` reads as ON. @since 0.1 */
typedef enum cupel_toggle {
    CUPEL_DEFAULT = 0, /**< not said */
    CUPEL_ON = 1,      /**< yes */
    CUPEL_OFF = 2,     /**< no */
    CUPEL_DEBUG = 3    /**< of `echo` and `echo_pool`: yes, and rows as well */
} cupel_toggle;

/**
 * How an engine behaves. Start from CUPEL_OPTIONS(cupel_engine_options) and set
 * only what you need: a field left 0 means the default named beside it, for a
 * number CUPEL_ZERO means a real zero. What a field points at is copied when
 * the engine is made. Fields are only ever appended.
 *
 * Options of a pool that queues (pool_size, max_overflow, pool_timeout_ms,
 * pool_use_lifo, pool_min_idle, pool_idle_timeout_ms) are refused with TYPE for
 * one that does not, and every pool option for a pool that is given ready.
 * @since 0.1
 */
typedef struct cupel_engine_options {
    size_t struct_size;         /**< sizeof(cupel_engine_options) */
    int64_t pool_size;          /**< connections kept: 5; CUPEL_UNLIMITED */
    int64_t max_overflow;       /**< more than that, for a while: 10 */
    int64_t pool_timeout_ms;    /**< longest wait for a connection: 30000 */
    int64_t connect_timeout_ms; /**< longest time to open one: 10000 */
    int64_t query_cache_size;   /**< compiled texts kept: 500 */
    int64_t close_timeout_ms;   /**< longest time for a clean-up step: 2000 */

    cupel_pool_class poolclass; /**< the one that fits the database */
    cupel_pool *pool;           /**< a ready one, shared; NULL: make one */
    int64_t pool_recycle_ms;    /**< replace connections older than: never */
    int64_t pool_lifetime_ms;   /**< the same, each a little earlier by chance,
                                   so that they do not go together: never */
    int64_t pool_idle_timeout_ms; /**< close those idle for longer: never */
    int64_t pool_min_idle;        /**< keep as many open and idle: 0 */
    cupel_toggle pool_pre_ping;   /**< try each before it is lent: OFF */
    cupel_toggle pool_use_lifo;   /**< lend the one that came back last: OFF */
    cupel_reset_on_return pool_reset_on_return; /**< roll back */
    cupel_toggle skip_autocommit_rollback; /**< send no rollback to a connection
                                              in AUTOCOMMIT: OFF */
    int64_t slow_acquire_ms; /**< log a longer wait for a connection: never */
    int64_t slow_query_ms;   /**< log a longer statement: never */
    int64_t timeout_ms; /**< the longest that an operation may take: no limit;
                           see cupel_execution_options */

    cupel_toggle echo;      /**< log statements: as the log level says */
    cupel_toggle echo_pool; /**< log what the pool does: as the level says */
    cupel_toggle hide_parameters;  /**< keep parameters out of logs and error
                                      texts: OFF */
    const char *logging_name;      /**< added to the engine's logger: none */
    const char *pool_logging_name; /**< added to the pool's logger: none */

    const char *isolation_level; /**< of every connection: the server's own. One
                                    that the dialect does not have is refused at
                                    the first connect */
    const cupel_execution_options *execution_options; /**< of every connection:
                                                         none */
    const cupel_url_pair *connect_args; /**< put into the url's query: none */
    size_t connect_arg_count;           /**< how many */
    const char *connect_args_text;      /**< the same as text, "a=1&b=2" */
    cupel_creator_fn *creator; /**< opens the driver's connections, on a worker
                                  thread: the driver itself */
    cupel_creator_fn *async_creator; /**< the same in a task, where it may
                                        yield; not together with `creator` */
    void *creator_arg;               /**< given to either */
} cupel_engine_options;

/**
 * Set one option by its name and the text of its value, as configuration files
 * and other languages have them: ("pool_size", "8"). A number is a whole one
 * from 0, or "unlimited"; a switch is one of true, yes, on, y, t, 1 and false,
 * no, off, n, f, 0 in any case; `echo` and `echo_pool` may be "debug".
 * Besides the names of the fields there are the reference's in seconds:
 * "pool_timeout" ("2.5") and "pool_recycle" ("-1": never). "connect_args" is
 * the text of a query, "a=1&b=2". "poolclass" is one of AsyncAdaptedQueuePool,
 * QueuePool, NullPool, StaticPool, AssertionPool. Texts are borrowed until the
 * engine is made.
 *
 * KEY for an unknown name and for one that no text can say, VALUE for a text
 * that does not fit, ARGUMENT for a pool_reset_on_return or poolclass that does
 * not exist.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_options_set(cupel_engine_options *options, const char *name,
                         const char *value);

/**
 * The same for a pool without an engine, which has shorter names as well:
 * "size", "timeout", "recycle", "pre_ping", "use_lifo", "reset_on_return",
 * "echo" and "logging_name" are the pool's.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_pool_options_set(cupel_engine_options *options, const char *name,
                       const char *value);

CUPEL_END_DECLS

#endif
