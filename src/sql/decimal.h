/* SPDX-License-Identifier: MIT */
/* Exact numbers, kept as the text they came in. Nothing here calculates: they
 * are told apart, compared and written in one way. */
#ifndef CUP_SQL_DECIMAL_H
#define CUP_SQL_DECIMAL_H

#include <cupel/value.h>

#include "base/buf.h"
#include "base/text.h"

/* What PostgreSQL holds, the widest of the databases: digits of the plain form
 * before and after the point. */
enum { CUP_DECIMAL_WHOLE_MAX = 131072, CUP_DECIMAL_SCALE_MAX = 16383 };

enum cup_number_kind { CUP_NUMBER_FINITE, CUP_NUMBER_INFINITE, CUP_NUMBER_NAN };

/* A number taken apart; points into its text. Its digits are those of `whole`
 * followed by those of `fraction`; the ones that count are from `first` to
 * before `last`, none of them for zero. */
struct cup_number {
    enum cup_number_kind kind;
    bool negative;
    const char *whole;
    size_t whole_len;
    const char *fraction;
    size_t fraction_len;
    int64_t exponent; /* as written; far-off ones saturate */
    size_t first;     /* index of the first digit that is not 0 */
    size_t last;      /* behind the last digit that is not 0 */
    int64_t leading;  /* power of ten of the first digit that counts */
};

/* Digits with an optional sign, point and exponent; NaN, Infinity, -Infinity.
 * False, and `out` undefined, for anything else. */
bool
cup_number_scan(const char *text, size_t len, struct cup_number *out);

/* The digit at an index, '0' to '9'. */
char
cup_number_digit(const struct cup_number *number, size_t index);

/* Whether the text is a number within the limits above. */
bool
cup_decimal_valid(const char *text, size_t len);

/* Whether both are valid; then `order` is negative, 0 or positive as the left
 * number is smaller, equal or larger. Infinity is larger than all but NaN, NaN
 * is the largest and equals itself, as in PostgreSQL. */
bool
cup_decimal_compare(cupel_bytes left, cupel_bytes right, int *order);

/* The canonical form of a valid number, without exponent: "1.50" stays so,
 * "+01.5e3" is "1500", ".5" is "0.5", "-0.0" is "0.0". */
void
cup_decimal_write(struct cup_writer *writer, const char *text, size_t len);

/* Append bytes that are the same for equal valid numbers only: 1.5 and 1.50
 * have the same. */
void
cup_decimal_key(struct cup_buf *buf, const char *text, size_t len);

#endif
