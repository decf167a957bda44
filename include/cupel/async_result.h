/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Results of the facade: AsyncResult, AsyncScalarResult, AsyncMappingResult.
 *
 * What waits for the database is a future here; the filters do not, and are
 * called as they are in the core. All handles on one stream share its cursor:
 * closing one closes them all, and each is freed by itself. A future keeps the
 * handle it was made from.
 */
#ifndef CUPEL_ASYNC_RESULT_H
#define CUPEL_ASYNC_RESULT_H

#include <cupel/result.h>
#include <cupel/task.h>

CUPEL_BEGIN_DECLS

/** AsyncResult: the rows of a stream. @since 0.1 */
typedef struct cupel_async_result cupel_async_result;

/** AsyncScalarResult: one column of the rows of a stream. @since 0.1 */
typedef struct cupel_async_scalar_result cupel_async_scalar_result;

/** AsyncMappingResult: the rows of a stream as maps. @since 0.1 */
typedef struct cupel_async_mapping_result cupel_async_mapping_result;

/* ---- AsyncResult -------------------------------------------------------- */

/** The result it stands for, for its counts. Borrowed. @since 0.1 */
CUPEL_API cupel_result *
cupel_async_result_sync_result(cupel_async_result *result);

/** How many columns the rows have. @since 0.1 */
CUPEL_API size_t
cupel_async_result_column_count(const cupel_async_result *result);

/** A column's name. Borrowed; NULL out of range. @since 0.1 */
CUPEL_API const char *
cupel_async_result_key(const cupel_async_result *result, size_t column);

/** As cupel_result_keys(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_result_keys(cupel_async_result *result, const char *const **out,
                        size_t *count);

/** As cupel_result_has_key(). @since 0.1 */
CUPEL_API bool
cupel_async_result_has_key(const cupel_async_result *result, const char *name);

/** As cupel_result_columns(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_result_columns(cupel_async_result *result, const int64_t *indexes,
                           size_t count);

/** As cupel_result_columns_named(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_result_columns_named(cupel_async_result *result,
                                 const char *const *names, size_t count);

/** As cupel_result_unique(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_result_unique(cupel_async_result *result,
                          cupel_row_key_fn *strategy, void *arg);

/** As cupel_result_yield_per(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_result_yield_per(cupel_async_result *result, size_t count);

/** As cupel_result_scalars(): another handle on the same rows. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_result_scalars(cupel_async_result *result, int64_t index,
                           cupel_async_scalar_result **out);

/** As cupel_result_scalars_named(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_result_scalars_named(cupel_async_result *result, const char *name,
                                 cupel_async_scalar_result **out);

/** As cupel_result_mappings(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_result_mappings(cupel_async_result *result,
                            cupel_async_mapping_result **out);

/** The next row: the future answers ROW, or OK at the end. @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_fetchone(cupel_async_result *result, const cupel_row **out);

/** As cupel_result_fetchmany(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_fetchmany(cupel_async_result *result, size_t count,
                             const cupel_row *const **out, size_t *found);

/**
 * As cupel_result_partition(): the future answers ROW, or OK at the end.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_result_partition(cupel_async_result *result, size_t size,
                             const cupel_row *const **out, size_t *found);

/** As cupel_result_all(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_all(cupel_async_result *result, const cupel_row *const **out,
                       size_t *found);

/** As cupel_result_first(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_first(cupel_async_result *result, const cupel_row **out);

/** As cupel_result_one(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_one(cupel_async_result *result, const cupel_row **out);

/** As cupel_result_one_or_none(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_one_or_none(cupel_async_result *result,
                               const cupel_row **out);

/** As cupel_result_scalar(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_scalar(cupel_async_result *result, cupel_value *out);

/** As cupel_result_scalar_one(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_scalar_one(cupel_async_result *result, cupel_value *out);

/** As cupel_result_scalar_one_or_none(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_scalar_one_or_none(cupel_async_result *result,
                                      cupel_value *out);

/** As cupel_result_freeze(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_freeze(cupel_async_result *result,
                          cupel_frozen_result **out);

/**
 * As cupel_frozen_result_thaw(), giving a result whose fetches are futures.
 * Never yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_async_result_thaw(cupel_frozen_result *frozen, cupel_async_result **out);

/** Whether it was closed: not merely fetched to its end. @since 0.1 */
CUPEL_API bool
cupel_async_result_closed(const cupel_async_result *result);

/** As cupel_result_close(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_result_close(cupel_async_result *result);

/**
 * Leave its scope: close it, also when this task is cancelled, and free it.
 * Answers `status`, or the failure to close. NULL is allowed.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_result_exit(cupel_async_result *result, cupel_status status);

/** As cupel_result_free(). NULL is allowed. @since 0.1 */
CUPEL_API void
cupel_async_result_free(cupel_async_result *result);

/* ---- AsyncScalarResult -------------------------------------------------- */

/** As cupel_scalar_result_unique(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_scalar_result_unique(cupel_async_scalar_result *result,
                                 cupel_value_key_fn *strategy, void *arg);

/** As cupel_scalar_result_yield_per(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_scalar_result_yield_per(cupel_async_scalar_result *result,
                                    size_t count);

/** The next value: the future answers ROW, or OK at the end. @since 0.1 */
CUPEL_API cupel_future *
cupel_async_scalar_result_fetchone(cupel_async_scalar_result *result,
                                   cupel_value *out);

/** As cupel_scalar_result_fetchmany(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_scalar_result_fetchmany(cupel_async_scalar_result *result,
                                    size_t count, const cupel_value **out,
                                    size_t *found);

/**
 * As cupel_scalar_result_partition(): the future answers ROW, or OK at the end.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_scalar_result_partition(cupel_async_scalar_result *result,
                                    size_t size, const cupel_value **out,
                                    size_t *found);

/** As cupel_scalar_result_all(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_scalar_result_all(cupel_async_scalar_result *result,
                              const cupel_value **out, size_t *found);

/** As cupel_scalar_result_first(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_scalar_result_first(cupel_async_scalar_result *result,
                                cupel_value *out);

/** As cupel_scalar_result_one(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_scalar_result_one(cupel_async_scalar_result *result,
                              cupel_value *out);

/** As cupel_scalar_result_one_or_none(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_scalar_result_one_or_none(cupel_async_scalar_result *result,
                                      cupel_value *out);

/** Whether it was closed: not merely fetched to its end. @since 0.1 */
CUPEL_API bool
cupel_async_scalar_result_closed(const cupel_async_scalar_result *result);

/** As cupel_scalar_result_close(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_scalar_result_close(cupel_async_scalar_result *result);

/**
 * Leave its scope: close it, also when this task is cancelled, and free it.
 * Answers `status`, or the failure to close. NULL is allowed.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_scalar_result_exit(cupel_async_scalar_result *result,
                               cupel_status status);

/** As cupel_scalar_result_free(). NULL is allowed. @since 0.1 */
CUPEL_API void
cupel_async_scalar_result_free(cupel_async_scalar_result *result);

/* ---- AsyncMappingResult ------------------------------------------------- */

/** As cupel_mapping_result_keys(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_mapping_result_keys(cupel_async_mapping_result *result,
                                const char *const **out, size_t *count);

/** As cupel_mapping_result_has_key(). @since 0.1 */
CUPEL_API bool
cupel_async_mapping_result_has_key(const cupel_async_mapping_result *result,
                                   const char *name);

/** As cupel_mapping_result_columns(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_mapping_result_columns(cupel_async_mapping_result *result,
                                   const int64_t *indexes, size_t count);

/** As cupel_mapping_result_columns_named(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_mapping_result_columns_named(cupel_async_mapping_result *result,
                                         const char *const *names,
                                         size_t count);

/** As cupel_mapping_result_unique(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_mapping_result_unique(cupel_async_mapping_result *result,
                                  cupel_row_key_fn *strategy, void *arg);

/** As cupel_mapping_result_yield_per(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_async_mapping_result_yield_per(cupel_async_mapping_result *result,
                                     size_t count);

/** The next row: the future answers ROW, or OK at the end. @since 0.1 */
CUPEL_API cupel_future *
cupel_async_mapping_result_fetchone(cupel_async_mapping_result *result,
                                    const cupel_row **out);

/** As cupel_mapping_result_fetchmany(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_mapping_result_fetchmany(cupel_async_mapping_result *result,
                                     size_t count, const cupel_row *const **out,
                                     size_t *found);

/**
 * As cupel_mapping_result_partition(): the future answers ROW, or OK at the
 * end.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_mapping_result_partition(cupel_async_mapping_result *result,
                                     size_t size, const cupel_row *const **out,
                                     size_t *found);

/** As cupel_mapping_result_all(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_mapping_result_all(cupel_async_mapping_result *result,
                               const cupel_row *const **out, size_t *found);

/** As cupel_mapping_result_first(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_mapping_result_first(cupel_async_mapping_result *result,
                                 const cupel_row **out);

/** As cupel_mapping_result_one(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_mapping_result_one(cupel_async_mapping_result *result,
                               const cupel_row **out);

/** As cupel_mapping_result_one_or_none(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_mapping_result_one_or_none(cupel_async_mapping_result *result,
                                       const cupel_row **out);

/** Whether it was closed: not merely fetched to its end. @since 0.1 */
CUPEL_API bool
cupel_async_mapping_result_closed(const cupel_async_mapping_result *result);

/** As cupel_mapping_result_close(). @since 0.1 */
CUPEL_API cupel_future *
cupel_async_mapping_result_close(cupel_async_mapping_result *result);

/**
 * Leave its scope: close it, also when this task is cancelled, and free it.
 * Answers `status`, or the failure to close. NULL is allowed.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_async_mapping_result_exit(cupel_async_mapping_result *result,
                                cupel_status status);

/** As cupel_mapping_result_free(). NULL is allowed. @since 0.1 */
CUPEL_API void
cupel_async_mapping_result_free(cupel_async_mapping_result *result);

CUPEL_END_DECLS

#endif
