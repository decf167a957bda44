/* SPDX-License-Identifier: MIT */
/**
 * @file
 * How an engine behaves: options by field and by name.
 */
#ifndef CUPEL_OPTIONS_H
#define CUPEL_OPTIONS_H

#include <cupel/common.h>
#include <cupel/error.h>
#include <cupel/sql.h>

CUPEL_BEGIN_DECLS

/**
 * For an option whose real zero is wanted, since 0 means the default.
 *
 * @since 0.1
 */
#define CUPEL_ZERO INT64_MIN
/**
 * For an option that may be switched off: no limit.
 *
 * @since 0.1
 */
#define CUPEL_UNLIMITED INT64_MAX

/**
 * How an engine behaves. Start from CUPEL_OPTIONS(cupel_engine_options) and set
 * only what you need: a field left 0 means the default named beside it;
 * CUPEL_ZERO means a real zero. Fields are only ever appended.
 *
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
} cupel_engine_options;

/**
 * Set one option by its name and the text of its value, as configuration files
 * and other languages have them: ("pool_size", "8"). KEY for an unknown name,
 * VALUE for a text that is no number.
 *
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_engine_options_set(cupel_engine_options *options, const char *name,
                         const char *value);

CUPEL_END_DECLS

#endif
