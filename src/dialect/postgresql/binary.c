/* SPDX-License-Identifier: MIT */
/* Reading the binary form of plain types. A type has one length, and a value
 * of another length is refused: a server may be anybody. */
#include "dialect/postgresql/bytes.h"
#include "dialect/postgresql/types.h"

#include <assert.h>

cupel_status
cup_pg_read_bool(const struct cup_pg_type *type, const char *data, size_t len,
                 struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len != 1)
        return cup_pg_malformed(type);
    out->type = CUPEL_BOOL;
    out->as.boolean = data[0] != 0;
    return CUPEL_OK;
}

cupel_status
cup_pg_read_int2(const struct cup_pg_type *type, const char *data, size_t len,
                 struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len != 2)
        return cup_pg_malformed(type);
    out->type = CUPEL_INT;
    out->as.integer = cup_pg_load16(data);
    return CUPEL_OK;
}

cupel_status
cup_pg_read_int4(const struct cup_pg_type *type, const char *data, size_t len,
                 struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len != 4)
        return cup_pg_malformed(type);
    out->type = CUPEL_INT;
    out->as.integer = cup_pg_load32(data);
    return CUPEL_OK;
}

cupel_status
cup_pg_read_int8(const struct cup_pg_type *type, const char *data, size_t len,
                 struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len != 8)
        return cup_pg_malformed(type);
    out->type = CUPEL_INT;
    out->as.integer = cup_pg_load64(data);
    return CUPEL_OK;
}

cupel_status
cup_pg_read_oid(const struct cup_pg_type *type, const char *data, size_t len,
                struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len != 4)
        return cup_pg_malformed(type);
    out->type = CUPEL_INT;
    out->as.integer = (uint32_t)cup_pg_load32(data);
    return CUPEL_OK;
}

cupel_status
cup_pg_read_float4(const struct cup_pg_type *type, const char *data, size_t len,
                   struct cup_arena *arena, cupel_value *out)
{
    int32_t bits;
    float number;

    (void)arena;
    if (len != 4)
        return cup_pg_malformed(type);
    bits = cup_pg_load32(data);
    memcpy(&number, &bits, sizeof number);
    out->type = CUPEL_DOUBLE;
    out->as.real = (double)number;
    return CUPEL_OK;
}

cupel_status
cup_pg_read_float8(const struct cup_pg_type *type, const char *data, size_t len,
                   struct cup_arena *arena, cupel_value *out)
{
    int64_t bits;

    (void)arena;
    if (len != 8)
        return cup_pg_malformed(type);
    bits = cup_pg_load64(data);
    out->type = CUPEL_DOUBLE;
    memcpy(&out->as.real, &bits, sizeof out->as.real);
    return CUPEL_OK;
}

/* Text, bytes, JSON, and decimals in text form: the server's own bytes. */
cupel_status
cup_pg_read_bytes(const struct cup_pg_type *type, const char *data, size_t len,
                  struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    out->type = type->type;
    out->as.bytes.data = data;
    out->as.bytes.len = len;
    return CUPEL_OK;
}

/* A "char" of zero is the empty text, as psql shows it. */
cupel_status
cup_pg_read_char(const struct cup_pg_type *type, const char *data, size_t len,
                 struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len != 1)
        return cup_pg_malformed(type);
    out->type = CUPEL_TEXT;
    out->as.bytes.data = data;
    out->as.bytes.len = data[0] != '\0' ? 1 : 0;
    return CUPEL_OK;
}

/* A version byte, then the text. */
cupel_status
cup_pg_read_jsonb(const struct cup_pg_type *type, const char *data, size_t len,
                  struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len < 1 || data[0] != 1)
        return cup_pg_malformed(type);
    out->type = CUPEL_JSON;
    out->as.bytes.data = data + 1;
    out->as.bytes.len = len - 1;
    return CUPEL_OK;
}

cupel_status
cup_pg_read_date(const struct cup_pg_type *type, const char *data, size_t len,
                 struct cup_arena *arena, cupel_value *out)
{
    int32_t days;

    (void)arena;
    if (len != 4)
        return cup_pg_malformed(type);
    days = cup_pg_load32(data);
    out->type = CUPEL_DATE;
    if (days == INT32_MAX)
        out->as.integer = CUPEL_INFINITY_FUTURE;
    else if (days == INT32_MIN)
        out->as.integer = CUPEL_INFINITY_PAST;
    else
        out->as.integer = days + CUP_PG_EPOCH_DAYS;
    return CUPEL_OK;
}

cupel_status
cup_pg_read_time(const struct cup_pg_type *type, const char *data, size_t len,
                 struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len != 8)
        return cup_pg_malformed(type);
    out->type = CUPEL_TIME;
    out->as.integer = cup_pg_load64(data);
    return CUPEL_OK;
}

/* With and without a zone: on the wire both are microseconds since 2000. */
cupel_status
cup_pg_read_timestamp(const struct cup_pg_type *type, const char *data,
                      size_t len, struct cup_arena *arena, cupel_value *out)
{
    int64_t since;

    (void)arena;
    if (len != 8)
        return cup_pg_malformed(type);
    since = cup_pg_load64(data);
    out->type = type->type;
    if (since == INT64_MAX || since == INT64_MIN)
        out->as.integer = since; /* our infinities are the same numbers */
    else if (__builtin_add_overflow(since, CUP_PG_EPOCH_MICROSECONDS,
                                    &out->as.integer) ||
             out->as.integer == CUPEL_INFINITY_FUTURE)
        return cup_pg_malformed(type);
    return CUPEL_OK;
}

cupel_status
cup_pg_read_interval(const struct cup_pg_type *type, const char *data,
                     size_t len, struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len != 16)
        return cup_pg_malformed(type);
    out->type = CUPEL_INTERVAL;
    out->as.interval.microseconds = cup_pg_load64(data);
    out->as.interval.days = cup_pg_load32(data + 8);
    out->as.interval.months = cup_pg_load32(data + 12);
    return CUPEL_OK;
}

cupel_status
cup_pg_read_uuid(const struct cup_pg_type *type, const char *data, size_t len,
                 struct cup_arena *arena, cupel_value *out)
{
    (void)arena;
    if (len != sizeof out->as.uuid)
        return cup_pg_malformed(type);
    out->type = CUPEL_UUID;
    memcpy(out->as.uuid, data, sizeof out->as.uuid);
    return CUPEL_OK;
}
