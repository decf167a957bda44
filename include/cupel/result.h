/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Results and their rows.
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
 */
#ifndef CUPEL_RESULT_H
#define CUPEL_RESULT_H

#include <cupel/error.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/** The rows of one execution. @since 0.1 */
typedef struct cupel_result cupel_result;

/** The first column of the rows of one execution. @since 0.1 */
typedef struct cupel_scalar_result cupel_scalar_result;

/**
 * One row: a view into its result. Borrowed until the next fetch; the rows of
 * all(), first() and one() until the result is freed. What the values of a
 * buffered result point at lives as long as the result.
 * @since 0.1
 */
typedef struct cupel_row cupel_row;

/* ---- What came back -------------------------------------------------- */

/** Whether the statement returns rows, be it none. @since 0.1 */
CUPEL_API bool
cupel_result_returns_rows(const cupel_result *result);

/** How many columns the rows have. @since 0.1 */
CUPEL_API size_t
cupel_result_column_count(const cupel_result *result);

/** A column's name. Borrowed; NULL out of range. @since 0.1 */
CUPEL_API const char *
cupel_result_key(const cupel_result *result, size_t column);

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
 * Up to `count` rows, *found of them, 0 at the end. The array is borrowed until
 * the next fetch. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_fetchmany(cupel_result *result, size_t count,
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
 * The first column of the first row, NULL if there is none. As first.
 * Yields.
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

/**
 * Turn the result into its first column. Takes the result: *result is NULL
 * afterwards, also on failure. Never yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_result_scalars(cupel_result **result, cupel_scalar_result **out);

/** Whether it was closed: not merely fetched to its end. @since 0.1 */
CUPEL_API bool
cupel_result_closed(const cupel_result *result);

/** Let go of the rows, and of the server's cursor. Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_result_close(cupel_result *result);

/**
 * Free it. A stream that was neither closed nor fetched to its end leaves its
 * cursor to the end of the transaction. Never yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_result_free(cupel_result *result);

/* ---- Scalars --------------------------------------------------------- */

/** The next value: ROW, or OK at the end. CLOSED. Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_fetchone(cupel_scalar_result *result, cupel_value *out);

/** For loops, as cupel_result_next(). Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_next(cupel_scalar_result **result, cupel_value *out);

/**
 * Every remaining value. Borrowed until the result is freed. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_all(cupel_scalar_result *result, const cupel_value **out,
                        size_t *found);

/** The first value, NULL if there is none. Closes. Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_first(cupel_scalar_result *result, cupel_value *out);

/** The only value. NORESULT, MULTIPLE. Closes. Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_one(cupel_scalar_result *result, cupel_value *out);

/**
 * The only value, NULL if there is none. MULTIPLE. Closes. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_one_or_none(cupel_scalar_result *result, cupel_value *out);

/** Let go of the values, and of the server's cursor. Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_scalar_result_close(cupel_scalar_result *result);

/** As cupel_result_free(). Never yields. NULL is allowed. @since 0.1 */
CUPEL_API void
cupel_scalar_result_free(cupel_scalar_result *result);

/* ---- Rows ------------------------------------------------------------ */

/** How many columns it has. @since 0.1 */
CUPEL_API size_t
cupel_row_len(const cupel_row *row);

/** One cell. INDEX out of range, DATA if it cannot be decoded. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_row_get(const cupel_row *row, size_t column, cupel_value *out);

/** One cell by its column's name. NOCOLUMN, DATA. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_row_get_named(const cupel_row *row, const char *name, cupel_value *out);

/*
 * The short forms convert where it loses nothing: a whole number to a double,
 * 0 and 1 to a truth value, text to a date. For NULL, a missing column or a
 * value that does not convert they give zero, false or NULL; where that must
 * not be mistaken for a value, use cupel_row_get().
 */

/** Whether the cell is NULL or does not exist. @since 0.1 */
CUPEL_API bool
cupel_row_is_null(const cupel_row *row, size_t column);

/** A truth value. @since 0.1 */
CUPEL_API bool
cupel_row_bool(const cupel_row *row, size_t column);

/** A whole number. @since 0.1 */
CUPEL_API int64_t
cupel_row_int(const cupel_row *row, size_t column);

/** A floating point number. @since 0.1 */
CUPEL_API double
cupel_row_double(const cupel_row *row, size_t column);

/**
 * Text, bytes, JSON or the digits of a decimal, in place. {NULL, 0} for other
 * types: cupel_row_format() writes those. Not NUL-terminated.
 * @since 0.1
 */
CUPEL_API cupel_bytes
cupel_row_text(const cupel_row *row, size_t column);

/**
 * The cell as text of any type, as cupel_value_format() writes it.
 * @since 0.1
 */
CUPEL_API size_t
cupel_row_format(const cupel_row *row, size_t column, char *buf, size_t size);

/**
 * The cell as a value of `type`: as it is, or converted as above and, where the
 * database stores such values as text, parsed. VALUE if it does not convert.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_row_get_as(const cupel_row *row, size_t column, cupel_type type,
                 cupel_value *out);

CUPEL_END_DECLS

#endif
