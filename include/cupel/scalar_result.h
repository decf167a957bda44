/* SPDX-License-Identifier: MIT */
/**
 * @file
 * One column of a result, as values: ScalarResult.
 *
 * It shares the cursor with the result it was made from: what one has fetched
 * the other does not see, and closing either closes both. Each handle is freed
 * by itself. What a fetch has lent is gone with the next one, through whatever
 * handle that is.
 */
#ifndef CUPEL_SCALAR_RESULT_H
#define CUPEL_SCALAR_RESULT_H

#include <cupel/error.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/** One column of the rows of one execution. @since 0.1 */
typedef struct cupel_scalar_result cupel_scalar_result;

/**
 * The value that stands for `value` when duplicates are dropped. What it points
 * at must live until the function is called again. Must not yield, nor
 * free the result; its other uses are refused with INVALID meanwhile. A failure
 * ends the fetch, which answers it.
 * @since 0.1
 */
typedef cupel_status
cupel_value_key_fn(const cupel_value *value, void *arg, cupel_value *out);

/**
 * Drop values that were seen before: equal ones (cupel_value_equal()), or those
 * whose key is equal when `strategy` is given. What was seen is remembered
 * from here on. ARGUMENT, NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_unique(cupel_scalar_result *result,
                           cupel_value_key_fn *strategy, void *arg);

/** As cupel_result_yield_per(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_yield_per(cupel_scalar_result *result, size_t count);

/** The next value: ROW, or OK at the end. CLOSED. Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_fetchone(cupel_scalar_result *result, cupel_value *out);

/** For loops, as cupel_result_next(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_next(cupel_scalar_result **result, cupel_value *out);

/** Up to `count` values, as cupel_result_fetchmany(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_fetchmany(cupel_scalar_result *result, size_t count,
                              const cupel_value **out, size_t *found);

/** The next `size` values, as cupel_result_partition(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_partition(cupel_scalar_result *result, size_t size,
                              const cupel_value **out, size_t *found);

/**
 * Every remaining value. Borrowed until the result is freed. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_all(cupel_scalar_result *result, const cupel_value **out,
                        size_t *found);

/**
 * The first value, NULL if there is none. Closes; what the value points at is
 * borrowed until the result is freed. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_first(cupel_scalar_result *result, cupel_value *out);

/** The only value. NORESULT, MULTIPLE. Closes. Yields. As first. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_one(cupel_scalar_result *result, cupel_value *out);

/**
 * The only value, NULL if there is none. MULTIPLE. Closes. Yields. As first.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_one_or_none(cupel_scalar_result *result, cupel_value *out);

/** Whether it was closed: not merely fetched to its end. @since 0.1 */
CUPEL_API bool
cupel_scalar_result_closed(const cupel_scalar_result *result);

/** Let go of the values, and of the server's cursor. Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_close(cupel_scalar_result *result);

/**
 * Leave its scope, as cupel_result_exit(). Yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API cupel_status
cupel_scalar_result_exit(cupel_scalar_result *result, cupel_status status);

/** As cupel_result_free(). Never yields. NULL is allowed. @since 0.1 */
CUPEL_API void
cupel_scalar_result_free(cupel_scalar_result *result);

CUPEL_END_DECLS

#endif
