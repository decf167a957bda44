/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Results.
 *
 * A buffered result has every row and stays readable after commit, rollback
 * and close of its connection. A stream has a batch and fetches the next one
 * when it is asked: its fetches yield, those of a buffered result never do.
 *
 * Fetched to its end, a result is *soft closed*: it holds nothing of the
 * connection's any more, and further fetches find nothing. After close, first,
 * one, scalar and their like it is *closed*: fetches answer CLOSED. Either way
 * cupel_result_free() is the only clean-up it needs, and the loop
 *
 *     while ((rc = cupel_result_next(&result, &row)) == CUPEL_ROW)
 *         use(row);
 *
 * does even that by itself.
 *
 * Filters change what a result shows: cupel_result_columns() and
 * cupel_result_unique() in place, cupel_result_scalars() and
 * cupel_result_mappings() as another handle on the same rows.
 */
#ifndef CUPEL_RESULT_H
#define CUPEL_RESULT_H

#include <cupel/error.h>
#include <cupel/mapping_result.h>
#include <cupel/row.h>
#include <cupel/scalar_result.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/** The rows of one execution. @since 0.1 */
typedef struct cupel_result cupel_result;

/**
 * Rows that were taken out of a result, to make any number of results of. One
 * thread at a time uses it and what was made of it.
 * @since 0.1
 */
typedef struct cupel_frozen_result cupel_frozen_result;

/* ---- What came back -------------------------------------------------- */

/** Whether the statement returns rows, be it none. @since 0.1 */
CUPEL_API bool
cupel_result_returns_rows(const cupel_result *result);

/** How many columns the rows have. @since 0.1 */
CUPEL_API size_t
cupel_result_column_count(const cupel_result *result);

/**
 * A column's name. Borrowed until the result is freed; NULL out of range.
 * @since 0.1
 */
CUPEL_API const char *
cupel_result_key(const cupel_result *result, size_t column);

/**
 * The columns' names in order, *count of them, duplicates included. Borrowed
 * until the result is freed. CLOSED for a statement without rows, NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_keys(cupel_result *result, const char *const **out, size_t *count);

/** Whether there is a column of that name, exact case. @since 0.1 */
CUPEL_API bool
cupel_result_has_key(const cupel_result *result, const char *name);

/** The last column of that name, exact case; NOCOLUMN. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_result_find(const cupel_result *result, const char *name, size_t *out);

/**
 * Rows matched by an INSERT, UPDATE or DELETE, over all sets; -1: unknown.
 * @since 0.1
 */
CUPEL_API int64_t
cupel_result_rowcount(const cupel_result *result);

/**
 * The id the database gave the last inserted row; 0 where it has none.
 * @since 0.1
 */
CUPEL_API int64_t
cupel_result_lastrowid(const cupel_result *result);

/* ---- Filters --------------------------------------------------------- */

/**
 * Show only these columns, in this order, as often as they are named. Indexes
 * are those of the columns shown now, negative ones count from the end; the
 * keys follow. Rows that were fetched before keep theirs. INDEX, CLOSED for a
 * statement without rows, NOMEM: nothing is changed then.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_columns(cupel_result *result, const int64_t *indexes,
                     size_t count);

/**
 * The same by name, as cupel_result_find() has it. NOCOLUMN, CLOSED, NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_columns_named(cupel_result *result, const char *const *names,
                           size_t count);

/**
 * Drop rows that were seen before: those with equal values
 * (cupel_row_equal()), or with an equal key when `strategy` is given. What was
 * seen is remembered from here on, in this handle; handles that are made from
 * it are unique in the same way and remember for themselves. ARGUMENT, NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_unique(cupel_result *result, cupel_row_key_fn *strategy,
                    void *arg);

/**
 * Fetch `count` rows at a time, 0: all of them at once. It is the size of
 * cupel_result_partition() without one, and on a stream of the batches that are
 * asked for from now on, in place of growing ones. ARGUMENT.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_yield_per(cupel_result *result, size_t count);

/**
 * One column as values: another handle on the same rows. Negative indexes count
 * from the end. Owned by you, and so is `result` still. INDEX, CLOSED for a
 * statement without rows, NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_scalars(cupel_result *result, int64_t index,
                     cupel_scalar_result **out);

/**
 * The same by name, as cupel_result_find() has it. NOCOLUMN, CLOSED, NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_scalars_named(cupel_result *result, const char *name,
                           cupel_scalar_result **out);

/**
 * The rows as maps: another handle on the same rows. As
 * cupel_result_scalars().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_mappings(cupel_result *result, cupel_mapping_result **out);

/* ---- Fetching -------------------------------------------------------- */

/**
 * The next row: ROW, or OK at the end with *out NULL. CLOSED on a closed
 * result and on one without rows. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_fetchone(cupel_result *result, const cupel_row **out);

/**
 * The next row, for loops: as fetchone, but at the end, and on failure, the
 * result is freed and *result set to NULL. A NULL result is at its end.
 * Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_next(cupel_result **result, const cupel_row **out);

/**
 * Up to `count` rows, *found of them, 0 at the end. A `count` of 0 is what
 * cupel_result_yield_per() said, ARGUMENT if nothing did. The array is borrowed
 * until the next fetch. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_fetchmany(cupel_result *result, size_t count,
                       const cupel_row *const **out, size_t *found);

/**
 * For loops over parts of a result, the reference's partitions(): the next
 * `size` rows, or as many as there are, and ROW; OK at the end, *found being 0
 * only then. A `size` of 0 is what cupel_result_yield_per() said, or all that
 * is left. The array is borrowed until the next fetch. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_partition(cupel_result *result, size_t size,
                       const cupel_row *const **out, size_t *found);

/**
 * Every remaining row, *found of them. The array and its rows are borrowed
 * until the result is freed; those of a stream are all in memory then. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_all(cupel_result *result, const cupel_row *const **out,
                 size_t *found);

/**
 * The first row; *out is NULL if there is none. Closes the result; the row is
 * borrowed until it is freed. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_first(cupel_result *result, const cupel_row **out);

/** The only row. NORESULT, MULTIPLE. Closes. Yields. As first. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_result_one(cupel_result *result, const cupel_row **out);

/**
 * The only row, NULL if there is none. MULTIPLE. Closes. Yields. As first.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_one_or_none(cupel_result *result, const cupel_row **out);

/**
 * The first column of the first row, NULL if there is none. As first. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_scalar(cupel_result *result, cupel_value *out);

/**
 * The first column of the only row. NORESULT, MULTIPLE. As first. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_scalar_one(cupel_result *result, cupel_value *out);

/**
 * The same, but NULL if there is no row. MULTIPLE. As first. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_scalar_one_or_none(cupel_result *result, cupel_value *out);

/* ---- Several results ------------------------------------------------- */

/**
 * Fetch every remaining row, as the filters show it, and keep it: then the
 * result is at its end, and the rows depend on nothing. Owned by you. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_freeze(cupel_result *result, cupel_frozen_result **out);

/**
 * A new result with the frozen rows, as often as it is called; each is fetched
 * and filtered for itself, and may outlive what it was made of. Owned by you.
 * ARGUMENT, NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_frozen_result_thaw(cupel_frozen_result *frozen, cupel_result **out);

/** Free the handle. NULL is allowed. @since 0.1 */
CUPEL_API void
cupel_frozen_result_free(cupel_frozen_result *frozen);

/**
 * One result that gives the rows of `count` others, one after the other, with
 * the keys of the first and the sum of their rowcounts; -1 if one of them is
 * unknown. Owned by you, and so are the others still: but their rows are only
 * to be had here, INVALID there. Closing it closes them all. ARGUMENT if their
 * rows are not of one length, CLOSED, INVALID, NOMEM: nothing is changed then.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_merge(cupel_result *const *results, size_t count,
                   cupel_result **out);

/* ---- Ending ---------------------------------------------------------- */

/** Whether it was closed: not merely fetched to its end. @since 0.1 */
CUPEL_API bool
cupel_result_closed(const cupel_result *result);

/**
 * Let go of the rows, and of the server's cursor: of every handle on them. A
 * second close is harmless. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_close(cupel_result *result);

/**
 * Leave its scope: close it, also when this task is cancelled, and free it.
 * Answers `status`, or the failure to close if that was none. Yields. NULL is
 * allowed.
 * @since 0.1
 */
CUPEL_API cupel_status
cupel_result_exit(cupel_result *result, cupel_status status);

/**
 * Free the handle. A stream that was neither closed nor fetched to its end
 * leaves its cursor, once its last handle is gone, to the end of the
 * transaction. Never yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_result_free(cupel_result *result);

CUPEL_END_DECLS

#endif
