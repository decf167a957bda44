/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The rows of a result as maps from names to values: MappingResult.
 *
 * Its rows are rows like others; read them with cupel_row_get_named(),
 * cupel_row_key() and cupel_row_has_key(). It shares the cursor with the result
 * it was made from: what one has fetched the other does not see, and closing
 * either closes both. Each handle is freed by itself. What a fetch has lent is
 * gone with the next one, through whatever handle that is.
 */
#ifndef CUPEL_MAPPING_RESULT_H
#define CUPEL_MAPPING_RESULT_H

#include <cupel/error.h>
#include <cupel/row.h>

CUPEL_BEGIN_DECLS

/** The rows of one execution, as maps. @since 0.1 */
typedef struct cupel_mapping_result cupel_mapping_result;

/** As cupel_result_keys(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_keys(cupel_mapping_result *result, const char *const **out,
                          size_t *count);

/** As cupel_result_has_key(). @since 0.1 */
CUPEL_API bool
cupel_mapping_result_has_key(const cupel_mapping_result *result,
                             const char *name);

/** As cupel_result_columns(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_columns(cupel_mapping_result *result,
                             const int64_t *indexes, size_t count);

/** As cupel_result_columns_named(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_columns_named(cupel_mapping_result *result,
                                   const char *const *names, size_t count);

/** As cupel_result_unique(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_unique(cupel_mapping_result *result,
                            cupel_row_key_fn *strategy, void *arg);

/** As cupel_result_yield_per(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_yield_per(cupel_mapping_result *result, size_t count);

/** As cupel_result_fetchone(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_fetchone(cupel_mapping_result *result,
                              const cupel_row **out);

/** As cupel_result_next(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_next(cupel_mapping_result **result, const cupel_row **out);

/** As cupel_result_fetchmany(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_fetchmany(cupel_mapping_result *result, size_t count,
                               const cupel_row *const **out, size_t *found);

/** As cupel_result_partition(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_partition(cupel_mapping_result *result, size_t size,
                               const cupel_row *const **out, size_t *found);

/** As cupel_result_all(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_all(cupel_mapping_result *result,
                         const cupel_row *const **out, size_t *found);

/** As cupel_result_first(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_first(cupel_mapping_result *result, const cupel_row **out);

/** As cupel_result_one(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_one(cupel_mapping_result *result, const cupel_row **out);

/** As cupel_result_one_or_none(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_one_or_none(cupel_mapping_result *result,
                                 const cupel_row **out);

/** Whether it was closed: not merely fetched to its end. @since 0.1 */
CUPEL_API bool
cupel_mapping_result_closed(const cupel_mapping_result *result);

/** Let go of the rows, and of the server's cursor. Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_mapping_result_close(cupel_mapping_result *result);

/**
 * Leave its scope, as cupel_result_exit(). Yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API cupel_status
cupel_mapping_result_exit(cupel_mapping_result *result, cupel_status status);

/** As cupel_result_free(). Never yields. NULL is allowed. @since 0.1 */
CUPEL_API void
cupel_mapping_result_free(cupel_mapping_result *result);

CUPEL_END_DECLS

#endif
