/* SPDX-License-Identifier: MIT */
/* Reading the text form of plain types, as the server writes it with its
 * DateStyle at ISO (we ask for that) and any of the usual IntervalStyles. */
#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/types.h"
#include "sql/calendar.h"
#include "sql/value.h"
#include "sql/value_interval.h"
#include "sql/value_real.h"

#include <string.h>

/* What all of them end with. */
static cupel_status
finish(const struct cup_pg_type *type, bool parsed, cupel_value *out)
{
    out->type = type->type;
    return parsed ? CUPEL_OK : cup_pg_malformed(type);
}

cupel_status
cup_pg_read_bool_text(const struct cup_pg_type *type, const char *data,
                      size_t len, struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    return finish(type, cup_bool_parse(data, len, &out->as.boolean), out);
}

cupel_status
cup_pg_read_int_text(const struct cup_pg_type *type, const char *data,
                     size_t len, struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    return finish(type, cup_int_parse(data, len, &out->as.integer), out);
}

cupel_status
cup_pg_read_float_text(const struct cup_pg_type *type, const char *data,
                       size_t len, struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    return finish(type, cup_real_parse(data, len, &out->as.real), out);
}

cupel_status
cup_pg_read_date_text(const struct cup_pg_type *type, const char *data,
                      size_t len, struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    return finish(type, cup_date_parse(data, len, &out->as.integer), out);
}

cupel_status
cup_pg_read_time_text(const struct cup_pg_type *type, const char *data,
                      size_t len, struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    return finish(type, cup_time_parse(data, len, &out->as.integer), out);
}

cupel_status
cup_pg_read_timestamp_text(const struct cup_pg_type *type, const char *data,
                           size_t len, struct cup_arena *arena,
                           cupel_value *out)
{
    bool parsed;

    (void)arena;
    if (type->type == CUPEL_DATETIME)
        parsed = cup_datetime_parse(data, len, &out->as.integer);
    else
        parsed = cup_datetimetz_parse(data, len, &out->as.integer);
    return finish(type, parsed, out);
}

cupel_status
cup_pg_read_interval_text(const struct cup_pg_type *type, const char *data,
                          size_t len, struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    return finish(type, cup_interval_parse(data, len, &out->as.interval), out);
}

cupel_status
cup_pg_read_uuid_text(const struct cup_pg_type *type, const char *data,
                      size_t len, struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    return finish(type, cup_uuid_parse(data, len, out->as.uuid), out);
}

/* Three octal digits, of which the backslash is taken; -1 if they are not. */
static int
take_octal(struct cup_reader *reader)
{
    int byte = 0;
    int i;

    for (i = 0; i < 3; i++) {
        char c = cup_reader_peek(reader);

        if (c < '0' || c > '7')
            return -1;
        byte = byte * 8 + (c - '0');
        reader->next++;
    }
    return byte <= UINT8_MAX ? byte : -1;
}

/* bytea_output = escape: a backslash is two of them, other bytes may be three
 * octal digits. The length written, or -1. */
static ptrdiff_t
unescape(const char *data, size_t len, char *to)
{
    struct cup_reader reader;
    const char *start = to;

    cup_reader_init(&reader, data, len);
    while (!cup_reader_at_end(&reader)) {
        int byte = (unsigned char)*reader.next++;

        if (byte == '\\' && !cup_reader_char(&reader, '\\'))
            byte = take_octal(&reader);
        if (byte < 0)
            return -1;
        *to++ = (char)byte;
    }
    return to - start;
}

cupel_status
cup_pg_read_bytea_text(const struct cup_pg_type *type, const char *data,
                       size_t len, struct cup_arena *arena, cupel_value *out)
{
    char *bytes = cup_arena_alloc(arena, len + 1);
    ptrdiff_t written;

    if (bytes == NULL)
        return cup_nomem();
    if (len < 2 || data[0] != '\\' || data[1] != 'x')
        written = unescape(data, len, bytes);
    else if (cup_hex_parse(data + 2, len - 2, bytes))
        written = (ptrdiff_t)(len - 2) / 2;
    else
        written = -1;
    if (written < 0)
        return cup_pg_malformed(type);
    out->type = CUPEL_BYTES;
    out->as.bytes.data = bytes;
    out->as.bytes.len = (size_t)written;
    return CUPEL_OK;
}
