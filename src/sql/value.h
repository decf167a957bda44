/* SPDX-License-Identifier: MIT */
/* Values as the rooms above need them: checked, copied, told apart, and each
 * kind's text in both directions. The `_write` functions put text into a
 * writer and cannot fail; the `_parse` functions answer whether the whole text
 * was one value, and set no error: what a bad text means, the caller knows. */
#ifndef CUP_SQL_VALUE_H
#define CUP_SQL_VALUE_H

#include <cupel/value.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

enum {
    CUP_VALUE_BYTES_MAX = 0x3fffffff, /* of text or bytes: below 1 GiB */
    CUP_ARRAY_DEPTH_MAX = 16          /* arrays within arrays */
};

/* What cupel_date() and cupel_time_of_day() make of a date or time that does
 * not exist: a number that no value of the type can have. */
#define CUP_IMPOSSIBLE (INT64_MIN + 1)

/* Whether the value may be sent: its type known, text valid UTF-8 without NUL,
 * decimals well-formed, dates and times possible, array items of the array's
 * type. TYPE or VALUE; the message never quotes the value. */
cupel_status
cup_value_check(const cupel_value *value);

/* Whether it points into somebody's memory: text, bytes, the digits of a
 * decimal, JSON, the items of an array. */
bool
cup_value_borrows(const cupel_value *value);

/* Copy a value and all it points at into the arena; texts get a NUL behind
 * them. NOMEM, or VALUE for arrays nested too deep; `out` is then as it was.
 * Checks nothing else. `in` and `out` may be the same. */
cupel_status
cup_value_copy(struct cup_arena *arena, const cupel_value *in,
               cupel_value *out);

/* Append bytes that are the same for two values exactly when
 * cupel_value_equal() says that they are. Several of them, one after the other,
 * are the key of a row. */
void
cup_value_key(struct cup_buf *buf, const cupel_value *value);

/* What cupel_value_format() does, into a writer. */
void
cup_value_write(struct cup_writer *writer, const cupel_value *value);

/* "true" and "false", "t" and "f", "1" and "0". */
bool
cup_bool_parse(const char *text, size_t len, bool *out);

/* Decimal digits with an optional sign. */
bool
cup_int_parse(const char *text, size_t len, int64_t *out);

/* Two hexadecimal digits a byte, in lower case. */
void
cup_hex_write(struct cup_writer *writer, const void *data, size_t len);

/* `out` has room for len / 2 bytes, and may be `text` itself. */
bool
cup_hex_parse(const char *text, size_t len, void *out);

/* 8-4-4-4-12 digits, or 32 digits without hyphens, in lower case. */
void
cup_uuid_write(struct cup_writer *writer, const uint8_t uuid[16], bool hyphens);

/* Either form, upper or lower case. */
bool
cup_uuid_parse(const char *text, size_t len, uint8_t out[16]);

#endif
