/* SPDX-License-Identifier: MIT */
/* Values in text: the public format and parse, over one function a kind. The
 * longer kinds have files of their own. */
#include "base/error.h"
#include "sql/calendar.h"
#include "sql/decimal.h"
#include "sql/value.h"
#include "sql/value_interval.h"
#include "sql/value_real.h"

#include <string.h>

/* ---- Kinds whose text is short to tell --------------------------------- */

static bool
is_text(const char *text, size_t len, const char *expected)
{
    return len == strlen(expected) && memcmp(text, expected, len) == 0;
}

bool
cup_bool_parse(const char *text, size_t len, bool *out)
{
    if (is_text(text, len, "true") || is_text(text, len, "t") ||
        is_text(text, len, "1"))
        *out = true;
    else if (is_text(text, len, "false") || is_text(text, len, "f") ||
             is_text(text, len, "0"))
        *out = false;
    else
        return false;
    return true;
}

static void
write_int(struct cup_writer *writer, int64_t number)
{
    if (number < 0)
        cup_writer_char(writer, '-');
    cup_writer_number(writer,
                      number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 1);
}

bool
cup_int_parse(const char *text, size_t len, int64_t *out)
{
    struct cup_reader reader;
    uint64_t magnitude;
    int64_t zero = 0;
    bool negative;

    cup_reader_init(&reader, text, len);
    negative = cup_reader_char(&reader, '-');
    if (!negative)
        cup_reader_char(&reader, '+');
    if (!cup_reader_number(&reader, 1, SIZE_MAX, &magnitude) ||
        !cup_reader_at_end(&reader))
        return false;
    if (negative)
        return !__builtin_sub_overflow(zero, magnitude, out);
    return !__builtin_add_overflow(zero, magnitude, out);
}

void
cup_hex_write(struct cup_writer *writer, const void *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = data;
    size_t i;

    for (i = 0; bytes != NULL && i < len; i++) {
        cup_writer_char(writer, digits[bytes[i] >> 4]);
        cup_writer_char(writer, digits[bytes[i] & 15]);
    }
}

/* -1 if it is no hexadecimal digit. */
static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool
cup_hex_parse(const char *text, size_t len, void *out)
{
    unsigned char *bytes = out;
    size_t i;

    if (len % 2 != 0)
        return false;
    for (i = 0; i < len; i += 2) {
        int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);

        if (high < 0 || low < 0)
            return false;
        bytes[i / 2] = (unsigned char)(high * 16 + low);
    }
    return true;
}

/* The bytes between a UUID's hyphens. */
static const size_t uuid_groups[] = { 4, 2, 2, 2, 6 };

enum { UUID_GROUP_COUNT = 5, UUID_BARE_LEN = 32, UUID_LEN = 36 };

void
cup_uuid_write(struct cup_writer *writer, const uint8_t uuid[16], bool hyphens)
{
    size_t i, at = 0;

    for (i = 0; i < UUID_GROUP_COUNT; i++) {
        if (hyphens && i > 0)
            cup_writer_char(writer, '-');
        cup_hex_write(writer, uuid + at, uuid_groups[i]);
        at += uuid_groups[i];
    }
}

bool
cup_uuid_parse(const char *text, size_t len, uint8_t out[16])
{
    uint8_t uuid[16];
    size_t i, at = 0;

    if (len != UUID_LEN && len != UUID_BARE_LEN)
        return false;
    for (i = 0; i < UUID_GROUP_COUNT; i++) {
        if (len == UUID_LEN && i > 0 && *text++ != '-')
            return false;
        if (!cup_hex_parse(text, uuid_groups[i] * 2, uuid + at))
            return false;
        text += uuid_groups[i] * 2;
        at += uuid_groups[i];
    }
    memcpy(out, uuid, sizeof uuid);
    return true;
}

/* ---- Writing ----------------------------------------------------------- */

/* Nothing is written of a value that points nowhere. */

/* What was never checked may be no number: then it is written as it is. */
static void
write_decimal(struct cup_writer *writer, const cupel_bytes *bytes)
{
    if (bytes->data == NULL)
        return;
    if (cup_decimal_valid(bytes->data, bytes->len))
        cup_decimal_write(writer, bytes->data, bytes->len);
    else
        cup_writer_add(writer, bytes->data, bytes->len);
}

static void
write_quoted(struct cup_writer *writer, const cupel_bytes *bytes)
{
    size_t i;

    cup_writer_char(writer, '"');
    for (i = 0; bytes->data != NULL && i < bytes->len; i++) {
        if (bytes->data[i] == '"' || bytes->data[i] == '\\')
            cup_writer_char(writer, '\\');
        cup_writer_char(writer, bytes->data[i]);
    }
    cup_writer_char(writer, '"');
}

static void
write_scalar(struct cup_writer *writer, const cupel_value *value)
{
    switch ((cupel_type)value->type) {
    case CUPEL_NULL:
        cup_writer_str(writer, "NULL");
        break;
    case CUPEL_BOOL:
        cup_writer_str(writer, value->as.boolean ? "true" : "false");
        break;
    case CUPEL_INT:
        write_int(writer, value->as.integer);
        break;
    case CUPEL_DOUBLE:
        cup_real_write(writer, value->as.real);
        break;
    case CUPEL_DECIMAL:
        write_decimal(writer, &value->as.bytes);
        break;
    case CUPEL_TEXT:
    case CUPEL_JSON:
        if (value->as.bytes.data != NULL)
            cup_writer_add(writer, value->as.bytes.data, value->as.bytes.len);
        break;
    case CUPEL_BYTES:
        cup_hex_write(writer, value->as.bytes.data, value->as.bytes.len);
        break;
    case CUPEL_DATE:
        cup_date_write(writer, value->as.integer);
        break;
    case CUPEL_TIME:
        cup_time_write(writer, value->as.integer);
        break;
    case CUPEL_DATETIME:
        cup_datetime_write(writer, value->as.integer);
        break;
    case CUPEL_DATETIMETZ:
        cup_datetimetz_write(writer, value->as.integer);
        break;
    case CUPEL_INTERVAL:
        cup_interval_write(writer, &value->as.interval);
        break;
    case CUPEL_UUID:
        cup_uuid_write(writer, value->as.uuid, true);
        break;
    case CUPEL_ARRAY:
    default:
        cup_writer_char(writer, '?');
        break;
    }
}

/* Items in braces as PostgreSQL has them, texts always in quotes. */
static void
write_array(struct cup_writer *writer, const cupel_array *array, int depth)
{
    size_t i;

    if (depth == 0) {
        cup_writer_str(writer, "{...}");
        return;
    }
    cup_writer_char(writer, '{');
    for (i = 0; array->items != NULL && i < array->count; i++) {
        const cupel_value *item = &array->items[i];

        if (i > 0)
            cup_writer_char(writer, ',');
        if (item->type == CUPEL_ARRAY)
            write_array(writer, &item->as.array, depth - 1);
        else if (item->type == CUPEL_TEXT || item->type == CUPEL_JSON)
            write_quoted(writer, &item->as.bytes);
        else
            write_scalar(writer, item);
    }
    cup_writer_char(writer, '}');
}

void
cup_value_write(struct cup_writer *writer, const cupel_value *value)
{
    if (value->type == CUPEL_ARRAY)
        write_array(writer, &value->as.array, CUP_ARRAY_DEPTH_MAX);
    else
        write_scalar(writer, value);
}

size_t
cupel_value_format(const cupel_value *value, char *buf, size_t size)
{
    struct cup_writer writer;

    cup_writer_init(&writer, buf, buf == NULL ? 0 : size);
    if (value != NULL)
        cup_value_write(&writer, value);
    return cup_writer_end(&writer);
}

/* ---- Reading ----------------------------------------------------------- */

/* Whether the text is a value of out->type; texts are not checked here. */
static bool
parse_as_type(const char *text, size_t len, cupel_value *out)
{
    switch ((cupel_type)out->type) {
    case CUPEL_NULL:
        return is_text(text, len, "NULL");
    case CUPEL_BOOL:
        return cup_bool_parse(text, len, &out->as.boolean);
    case CUPEL_INT:
        return cup_int_parse(text, len, &out->as.integer);
    case CUPEL_DOUBLE:
        return cup_real_parse(text, len, &out->as.real);
    case CUPEL_DECIMAL:
    case CUPEL_TEXT:
    case CUPEL_JSON:
        out->as.bytes.data = text;
        out->as.bytes.len = len;
        return true;
    case CUPEL_DATE:
        return cup_date_parse(text, len, &out->as.integer);
    case CUPEL_TIME:
        return cup_time_parse(text, len, &out->as.integer);
    case CUPEL_DATETIME:
        return cup_datetime_parse(text, len, &out->as.integer);
    case CUPEL_DATETIMETZ:
        return cup_datetimetz_parse(text, len, &out->as.integer);
    case CUPEL_INTERVAL:
        return cup_interval_parse(text, len, &out->as.interval);
    case CUPEL_UUID:
        return cup_uuid_parse(text, len, out->as.uuid);
    case CUPEL_BYTES:
    case CUPEL_ARRAY:
    default:
        return false;
    }
}

cupel_status
cupel_value_parse(cupel_type type, const char *text, size_t len,
                  cupel_value *out)
{
    cupel_value value = { .type = (int32_t)type };
    cupel_status rc;

    if (out == NULL || (text == NULL && len > 0))
        return cup_error_set(CUPEL_E_ARGUMENT, "%s is NULL",
                             out == NULL ? "out" : "the text");
    if (type == CUPEL_BYTES || type == CUPEL_ARRAY ||
        (unsigned)type > CUPEL_ARRAY)
        return cup_error_set(CUPEL_E_TYPE, "no %s value is read from text",
                             cupel_type_name(type));
    if (!parse_as_type(text == NULL ? "" : text, len, &value))
        return cup_error_set(CUPEL_E_VALUE, "the text is no %s value",
                             cupel_type_name(type));
    rc = cup_value_check(&value);
    if (rc == CUPEL_OK)
        *out = value;
    return rc;
}
