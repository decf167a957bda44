/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Rows: what results are made of.
 *
 * A row is a view into its result and cannot be changed. Its cells are read by
 * index or by name; as a whole it behaves like a tuple of its values: it has a
 * length, it is compared, hashed, cut and searched. Its names and values side
 * by side (cupel_row_key(), cupel_row_get()) are the row as a map.
 */
#ifndef CUPEL_ROW_H
#define CUPEL_ROW_H

#include <cupel/error.h>
#include <cupel/value.h>

CUPEL_BEGIN_DECLS

/**
 * One row: a view into its result. Borrowed until the next fetch; the rows of
 * all(), first() and one() until the result is freed. What the values of a
 * buffered result point at lives as long as the result.
 * @since 0.1
 */
typedef struct cupel_row cupel_row;

/**
 * The value that stands for `row` when duplicates are dropped. What it points
 * at must live until the function is called again. Must not yield, nor
 * free the result; its other uses are refused with INVALID meanwhile. A failure
 * ends the fetch, which answers it.
 * @since 0.1
 */
typedef cupel_status
cupel_row_key_fn(const cupel_row *row, void *arg, cupel_value *out);

/** How many columns it has. @since 0.1 */
CUPEL_API size_t
cupel_row_len(const cupel_row *row);

/**
 * One cell. INDEX out of range, DATA if it cannot be decoded, CLOSED if the row
 * was borrowed and is gone.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_row_get(const cupel_row *row, size_t column, cupel_value *out);

/**
 * One cell, counted from the end where `index` is negative: -1 is the last one.
 * As cupel_row_get().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_row_at(const cupel_row *row, int64_t index, cupel_value *out);

/**
 * One cell by its column's name, exact case; of several columns of that name
 * the last. NOCOLUMN, naming the column; DATA, CLOSED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_row_get_named(const cupel_row *row, const char *name, cupel_value *out);

/**
 * The name of a column. Borrowed as the row is; NULL out of range.
 * @since 0.1
 */
CUPEL_API const char *
cupel_row_key(const cupel_row *row, size_t column);

/** Whether it has a column of that name. @since 0.1 */
CUPEL_API bool
cupel_row_has_key(const cupel_row *row, const char *name);

/* ---- Short forms ----------------------------------------------------- */

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

/* ---- The row as a tuple ---------------------------------------------- */

/** The end of a slice that goes to the row's end. @since 0.1 */
#define CUPEL_ROW_END INT64_MAX

/**
 * The values from index `start` up to and without `stop`: *found of them, into
 * `out`, which has room for cupel_row_len(). Negative indexes count from the
 * end; what lies outside of the row is left out, so that no index is wrong.
 * DATA, CLOSED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_row_slice(const cupel_row *row, int64_t start, int64_t stop,
                cupel_value *out, size_t *found);

/**
 * How many of its values equal `value`, as cupel_value_equal() has it. DATA,
 * CLOSED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_row_count(const cupel_row *row, const cupel_value *value, size_t *out);

/**
 * The index of the first of its values that equals `value`. VALUE if none does;
 * DATA, CLOSED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_row_index(const cupel_row *row, const cupel_value *value, size_t *out);

/** Whether one of its values equals `value`. @since 0.1 */
CUPEL_API bool
cupel_row_contains(const cupel_row *row, const cupel_value *value);

/**
 * Whether both rows have the same values. Their names do not matter. Rows that
 * cannot be read equal nothing.
 * @since 0.1
 */
CUPEL_API bool
cupel_row_equal(const cupel_row *left, const cupel_row *right);

/** Whether the row's values are these `count`, in order. @since 0.1 */
CUPEL_API bool
cupel_row_equal_values(const cupel_row *row, const cupel_value *values,
                       size_t count);

/**
 * Order two rows as tuples: *out is negative, 0 or positive as the left one is
 * smaller, equal or larger. The first pair of values that are not equal
 * decides; where one row has no more values, it is the smaller one. TYPE if
 * that pair has no order: NULL and another value, values of two types, JSON.
 * Text is ordered by code points; NaN comes after every number. DATA, CLOSED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_row_compare(const cupel_row *left, const cupel_row *right, int *out);

/** Order a row and `count` values. As cupel_row_compare(). @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_row_compare_values(const cupel_row *row, const cupel_value *values,
                         size_t count, int *out);

/**
 * A hash of its values, the same for equal rows of this process. NOMEM, DATA,
 * CLOSED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_row_hash(const cupel_row *row, uint64_t *out);

/**
 * Write the row as a tuple, as snprintf does: (1, 'it''s', NULL) or, with one
 * column, (1,). Text and JSON stand in quotes, the rest is written as
 * cupel_value_format() does; a cell that cannot be read is written as ?.
 * @since 0.1
 */
CUPEL_API size_t
cupel_row_repr(const cupel_row *row, char *buf, size_t size);

CUPEL_END_DECLS

#endif
