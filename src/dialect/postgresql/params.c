/* SPDX-License-Identifier: MIT */
/* Parameters as bytes. Values travel in binary form; text whose type is left to
 * the server travels as text, which libpq wants to end in a NUL, so it is
 * copied. Everything goes into one buffer that is used again. */
#include "dialect/postgresql/params.h"

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/bytes.h"
#include "dialect/postgresql/numeric.h"
#include "dialect/postgresql/types.h"

#include <limits.h>
#include <string.h>

void
cup_pg_params_init(struct cup_pg_params *params)
{
    memset(params, 0, sizeof *params);
    cup_buf_init(&params->bytes, CUP_PG_BYTES_MAX);
}

void
cup_pg_params_fini(struct cup_pg_params *params)
{
    cup_free(params->values);
    cup_buf_fini(&params->bytes);
}

void
cup_pg_params_trim(struct cup_pg_params *params)
{
    if (params->bytes.size > CUP_PG_BYTES_KEPT)
        cup_buf_fini(&params->bytes);
}

static void
write32(struct cup_buf *buf, int32_t number)
{
    char *to = cup_buf_grow(buf, sizeof number);

    if (to != NULL)
        cup_pg_store32(to, number);
}

static void
write64(struct cup_buf *buf, int64_t number)
{
    char *to = cup_buf_grow(buf, sizeof number);

    if (to != NULL)
        cup_pg_store64(to, number);
}

/* The ends of int32 are PostgreSQL's infinities: a date may not be one of them
 * by accident. */
static cupel_status
write_date(struct cup_buf *buf, int64_t days)
{
    int64_t since;

    if (days == CUPEL_INFINITY_FUTURE) {
        since = INT32_MAX;
    } else if (days == CUPEL_INFINITY_PAST) {
        since = INT32_MIN;
    } else if (__builtin_sub_overflow(days, CUP_PG_EPOCH_DAYS, &since) ||
               since <= INT32_MIN || since >= INT32_MAX) {
        return cup_error_set(CUPEL_E_VALUE, "a date is out of range");
    }
    write32(buf, (int32_t)since);
    return CUPEL_OK;
}

static cupel_status
write_moment(struct cup_buf *buf, int64_t microseconds)
{
    int64_t since = microseconds;

    if (microseconds != CUPEL_INFINITY_FUTURE &&
        microseconds != CUPEL_INFINITY_PAST &&
        (__builtin_sub_overflow(microseconds, CUP_PG_EPOCH_MICROSECONDS,
                                &since) ||
         since == INT64_MIN))
        return cup_error_set(CUPEL_E_VALUE, "a datetime is out of range");
    write64(buf, since);
    return CUPEL_OK;
}

static void
write_double(struct cup_buf *buf, double value)
{
    int64_t bits;

    memcpy(&bits, &value, sizeof bits);
    write64(buf, bits);
}

static void
write_interval(struct cup_buf *buf, const cupel_interval *interval)
{
    write64(buf, interval->microseconds);
    write32(buf, interval->days);
    write32(buf, interval->months);
}

cupel_status
cup_pg_write_value(struct cup_buf *buf, uint32_t oid, const cupel_value *value)
{
    switch ((cupel_type)value->type) {
    case CUPEL_BOOL:
        cup_buf_add_char(buf, value->as.boolean ? 1 : 0);
        return CUPEL_OK;
    case CUPEL_INT:
        if (oid == CUP_PG_INT4)
            write32(buf, (int32_t)value->as.integer);
        else
            write64(buf, value->as.integer);
        return CUPEL_OK;
    case CUPEL_DOUBLE:
        write_double(buf, value->as.real);
        return CUPEL_OK;
    case CUPEL_DECIMAL:
        return cup_pg_write_numeric(buf, value->as.bytes.data,
                                    value->as.bytes.len);
    case CUPEL_TEXT:
    case CUPEL_BYTES:
    case CUPEL_JSON:
        cup_buf_add(buf, value->as.bytes.data, value->as.bytes.len);
        return CUPEL_OK;
    case CUPEL_DATE:
        return write_date(buf, value->as.integer);
    case CUPEL_TIME:
        write64(buf, value->as.integer);
        return CUPEL_OK;
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
        return write_moment(buf, value->as.integer);
    case CUPEL_INTERVAL:
        write_interval(buf, &value->as.interval);
        return CUPEL_OK;
    case CUPEL_UUID:
        cup_buf_add(buf, value->as.uuid, sizeof value->as.uuid);
        return CUPEL_OK;
    case CUPEL_NULL:
    case CUPEL_ARRAY:
        break;
    }
    return cup_error_set(CUPEL_E_TYPE, "a value of an unknown type");
}

/* The type of an array's items; 0 if it is no array. */
static uint32_t
item_oid(uint32_t oid)
{
    const struct cup_pg_type *type = cup_pg_type_find(oid);

    return type != NULL ? type->item : 0;
}

/* A text that ends early would be cut off in silence. */
static cupel_status
write_text(struct cup_buf *buf, const cupel_value *value)
{
    const cupel_bytes *text = &value->as.bytes;

    if (text->len > 0 && memchr(text->data, '\0', text->len) != NULL)
        return cup_error_set(CUPEL_E_VALUE, "a text has a NUL inside");
    cup_buf_add(buf, text->data, text->len);
    cup_buf_add_char(buf, '\0');
    return CUPEL_OK;
}

static cupel_status
write_one(struct cup_pg_params *params, size_t i, const cupel_value *value)
{
    struct cup_buf *buf = &params->bytes;
    uint32_t oid = params->types[i];

    params->formats[i] = 1;
    if (value->type == CUPEL_ARRAY && oid != CUP_PG_UNKNOWN)
        return cup_pg_write_array(buf, value, item_oid(oid));
    if (oid != CUP_PG_UNKNOWN)
        return cup_pg_write_value(buf, oid, value);
    params->formats[i] = 0;
    if (value->type == CUPEL_ARRAY)
        return cup_pg_write_null_array(buf, value);
    return write_text(buf, value);
}

cupel_status
cup_pg_params_write(struct cup_pg_params *params, const cupel_value *values)
{
    struct cup_buf *buf = &params->bytes;
    cupel_status rc;
    size_t i;

    cup_buf_clear(buf);
    for (i = 0; i < params->count; i++) {
        params->offsets[i] = buf->len;
        if (values[i].type == CUPEL_NULL)
            continue;
        rc = write_one(params, i, &values[i]);
        if (rc != CUPEL_OK)
            return rc;
        params->lengths[i] = (int)(buf->len - params->offsets[i]);
    }
    if (buf->failed == CUPEL_E_VALUE)
        return cup_error_set(CUPEL_E_VALUE,
                             "a set of parameters is larger than 1 GiB");
    if (buf->failed != CUPEL_OK)
        return buf->failed;

    for (i = 0; i < params->count; i++) {
        bool null = values[i].type == CUPEL_NULL;

        params->values[i] = null ? NULL : buf->data + params->offsets[i];
        if (null) {
            params->lengths[i] = 0;
            params->formats[i] = 0;
        } else if (buf->len == 0) {
            params->values[i] = ""; /* empty bytes, and no buffer yet */
        }
    }
    return CUPEL_OK;
}
