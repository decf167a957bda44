/* SPDX-License-Identifier: MIT */
/* Making values, and what is done with them whatever their kind: checking,
 * comparing, copying. Each of these is one switch over all types. */
#include "sql/value.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/utf8.h"
#include "sql/calendar.h"
#include "sql/decimal.h"

#include <math.h>
#include <string.h>

/* ---- Making ------------------------------------------------------------ */

cupel_value
cupel_null(void)
{
    return (cupel_value){ .type = CUPEL_NULL };
}

cupel_value
cupel_bool(bool value)
{
    return (cupel_value){ .type = CUPEL_BOOL, .as.boolean = value };
}

cupel_value
cupel_int(int64_t value)
{
    return (cupel_value){ .type = CUPEL_INT, .as.integer = value };
}

cupel_value
cupel_double(double value)
{
    return (cupel_value){ .type = CUPEL_DOUBLE, .as.real = value };
}

static cupel_value
bytes_of(cupel_type type, const char *data, size_t len)
{
    return (cupel_value){ .type = (int32_t)type, .as.bytes = { data, len } };
}

static cupel_value
string_of(cupel_type type, const char *text)
{
    return text == NULL ? cupel_null() : bytes_of(type, text, strlen(text));
}

cupel_value
cupel_decimal(const char *digits)
{
    return string_of(CUPEL_DECIMAL, digits);
}

cupel_value
cupel_string(const char *text)
{
    return string_of(CUPEL_TEXT, text);
}

cupel_value
cupel_string_n(const char *text, size_t len)
{
    return bytes_of(CUPEL_TEXT, text, len);
}

cupel_value
cupel_blob(const void *data, size_t len)
{
    return bytes_of(CUPEL_BYTES, data, len);
}

static cupel_value
moment_of(cupel_type type, int64_t number)
{
    return (cupel_value){ .type = (int32_t)type, .as.integer = number };
}

cupel_value
cupel_date(int year, int month, int day)
{
    if (!cup_date_exists(year, month, day))
        return moment_of(CUPEL_DATE, CUP_IMPOSSIBLE);
    return moment_of(CUPEL_DATE, cup_date_join(year, month, day));
}

cupel_value
cupel_time_of_day(int hour, int minute, int second, int microsecond)
{
    int64_t seconds;

    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 ||
        second > 59 || microsecond < 0 || microsecond >= CUP_SECOND_US)
        return moment_of(CUPEL_TIME, CUP_IMPOSSIBLE);
    seconds = (hour * 60 + minute) * 60 + second;
    return moment_of(CUPEL_TIME, seconds * CUP_SECOND_US + microsecond);
}

cupel_value
cupel_datetime(int64_t microseconds)
{
    return moment_of(CUPEL_DATETIME, microseconds);
}

cupel_value
cupel_datetimetz(int64_t microseconds)
{
    return moment_of(CUPEL_DATETIMETZ, microseconds);
}

cupel_value
cupel_interval_of(int32_t months, int32_t days, int64_t microseconds)
{
    return (cupel_value){ .type = CUPEL_INTERVAL,
                          .as.interval = { microseconds, days, months } };
}

cupel_value
cupel_uuid(const uint8_t bytes[16])
{
    cupel_value value = { .type = CUPEL_UUID };

    if (bytes == NULL)
        return cupel_null();
    memcpy(value.as.uuid, bytes, sizeof value.as.uuid);
    return value;
}

cupel_value
cupel_json(const char *text)
{
    return string_of(CUPEL_JSON, text);
}

cupel_value
cupel_array_of(cupel_type element, const cupel_value *items, size_t count)
{
    return (cupel_value){ .type = CUPEL_ARRAY,
                          .element = (int32_t)element,
                          .as.array = { items, count } };
}

const char *
cupel_type_name(cupel_type type)
{
    static const char *const names[] = {
        [CUPEL_NULL] = "null",
        [CUPEL_BOOL] = "bool",
        [CUPEL_INT] = "int",
        [CUPEL_DOUBLE] = "double",
        [CUPEL_DECIMAL] = "decimal",
        [CUPEL_TEXT] = "text",
        [CUPEL_BYTES] = "bytes",
        [CUPEL_DATE] = "date",
        [CUPEL_TIME] = "time",
        [CUPEL_DATETIME] = "datetime",
        [CUPEL_DATETIMETZ] = "datetimetz",
        [CUPEL_INTERVAL] = "interval",
        [CUPEL_UUID] = "uuid",
        [CUPEL_JSON] = "json",
        [CUPEL_ARRAY] = "array",
    };

    if ((unsigned)type >= sizeof names / sizeof names[0])
        return "unknown";
    return names[type];
}

/* ---- Checking ---------------------------------------------------------- */

static cupel_status
check_bytes(const cupel_value *value)
{
    const cupel_bytes *bytes = &value->as.bytes;

    if (bytes->len > CUP_VALUE_BYTES_MAX)
        return cup_error_set(CUPEL_E_VALUE, "a %s value is 1 GiB or larger",
                             cupel_type_name((cupel_type)value->type));
    if (bytes->data == NULL && bytes->len > 0)
        return cup_error_set(CUPEL_E_VALUE, "a %s value points nowhere",
                             cupel_type_name((cupel_type)value->type));
    return CUPEL_OK;
}

static cupel_status
check_text(const cupel_value *value)
{
    const cupel_bytes *bytes = &value->as.bytes;
    cupel_status rc = check_bytes(value);

    if (rc != CUPEL_OK || bytes->len == 0)
        return rc;
    if (memchr(bytes->data, '\0', bytes->len) != NULL)
        return cup_error_set(CUPEL_E_VALUE, "a %s value has a NUL inside",
                             cupel_type_name((cupel_type)value->type));
    if (!cup_utf8_valid(bytes->data, bytes->len))
        return cup_error_set(CUPEL_E_VALUE, "a %s value is not valid UTF-8",
                             cupel_type_name((cupel_type)value->type));
    return CUPEL_OK;
}

static cupel_status
check_decimal(const cupel_value *value)
{
    cupel_status rc = check_bytes(value);

    if (rc != CUPEL_OK)
        return rc;
    if (!cup_decimal_valid(value->as.bytes.data, value->as.bytes.len))
        return cup_error_set(CUPEL_E_VALUE, "a decimal value is no number");
    return CUPEL_OK;
}

static cupel_status
check_scalar(const cupel_value *value)
{
    switch ((cupel_type)value->type) {
    case CUPEL_DECIMAL:
        return check_decimal(value);
    case CUPEL_TEXT:
    case CUPEL_JSON:
        return check_text(value);
    case CUPEL_BYTES:
        return check_bytes(value);
    case CUPEL_DATE:
        if (!cup_date_valid(value->as.integer))
            return cup_error_set(CUPEL_E_VALUE,
                                 "a date does not exist or is too far off");
        return CUPEL_OK;
    case CUPEL_TIME:
        if (!cup_time_valid(value->as.integer))
            return cup_error_set(CUPEL_E_VALUE, "a time does not exist");
        return CUPEL_OK;
    case CUPEL_NULL:
    case CUPEL_BOOL:
    case CUPEL_INT:
    case CUPEL_DOUBLE:
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
    case CUPEL_INTERVAL:
    case CUPEL_UUID:
        return CUPEL_OK;
    case CUPEL_ARRAY:
    default:
        break;
    }
    return cup_error_set(CUPEL_E_TYPE, "a value has the unknown type %d",
                         (int)value->type);
}

static cupel_status
too_deep(void)
{
    return cup_error_set(CUPEL_E_VALUE, "an array is nested deeper than %d",
                         CUP_ARRAY_DEPTH_MAX);
}

static cupel_status
check_array(const cupel_value *array, int depth)
{
    const cupel_array *items = &array->as.array;
    cupel_status rc = CUPEL_OK;
    size_t i;

    if (depth > CUP_ARRAY_DEPTH_MAX)
        return too_deep();
    if (items->items == NULL && items->count > 0)
        return cup_error_set(CUPEL_E_VALUE, "an array value points nowhere");
    for (i = 0; i < items->count && rc == CUPEL_OK; i++) {
        const cupel_value *item = &items->items[i];

        if (item->type == CUPEL_ARRAY && item->element == array->element)
            rc = check_array(item, depth + 1);
        else if (item->type == CUPEL_NULL || item->type == array->element)
            rc = check_scalar(item);
        else
            rc = cup_error_set(CUPEL_E_TYPE, "an array of %s has a %s item",
                               cupel_type_name((cupel_type)array->element),
                               cupel_type_name((cupel_type)item->type));
    }
    return rc;
}

cupel_status
cup_value_check(const cupel_value *value)
{
    if (value->type != CUPEL_ARRAY)
        return check_scalar(value);
    if (value->element < CUPEL_NULL || value->element >= CUPEL_ARRAY)
        return cup_error_set(CUPEL_E_TYPE,
                             "an array has items of the type %d, which they "
                             "cannot have",
                             (int)value->element);
    return check_array(value, 1);
}

bool
cup_value_borrows(const cupel_value *value)
{
    switch ((cupel_type)value->type) {
    case CUPEL_DECIMAL:
    case CUPEL_TEXT:
    case CUPEL_BYTES:
    case CUPEL_JSON:
    case CUPEL_ARRAY:
        return true;
    case CUPEL_NULL:
    case CUPEL_BOOL:
    case CUPEL_INT:
    case CUPEL_DOUBLE:
    case CUPEL_DATE:
    case CUPEL_TIME:
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
    case CUPEL_INTERVAL:
    case CUPEL_UUID:
        break;
    }
    return false;
}

/* ---- Comparing --------------------------------------------------------- */

static bool
equal_bytes(const cupel_bytes *left, const cupel_bytes *right)
{
    if (left->len != right->len || left->len == 0)
        return left->len == right->len;
    if (left->data == NULL || right->data == NULL)
        return false; /* one that points nowhere */
    return memcmp(left->data, right->data, left->len) == 0;
}

/* What is no number is the same as itself. */
static bool
equal_decimals(const cupel_bytes *left, const cupel_bytes *right)
{
    int order;

    if (equal_bytes(left, right))
        return true;
    if (left->data == NULL || right->data == NULL)
        return false;
    return cup_decimal_compare(*left, *right, &order) && order == 0;
}

static bool
equal_scalars(const cupel_value *left, const cupel_value *right)
{
    switch ((cupel_type)left->type) {
    case CUPEL_NULL:
        return true;
    case CUPEL_BOOL:
        return left->as.boolean == right->as.boolean;
    case CUPEL_INT:
    case CUPEL_DATE:
    case CUPEL_TIME:
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
        return left->as.integer == right->as.integer;
    case CUPEL_DOUBLE:
        return left->as.real == right->as.real ||
               (isnan(left->as.real) && isnan(right->as.real));
    case CUPEL_DECIMAL:
        return equal_decimals(&left->as.bytes, &right->as.bytes);
    case CUPEL_TEXT:
    case CUPEL_BYTES:
    case CUPEL_JSON:
        return equal_bytes(&left->as.bytes, &right->as.bytes);
    case CUPEL_INTERVAL:
        return left->as.interval.months == right->as.interval.months &&
               left->as.interval.days == right->as.interval.days &&
               left->as.interval.microseconds ==
                   right->as.interval.microseconds;
    case CUPEL_UUID:
        return memcmp(left->as.uuid, right->as.uuid, 16) == 0;
    case CUPEL_ARRAY:
    default:
        break;
    }
    return false;
}

static bool
equal_to_depth(const cupel_value *left, const cupel_value *right, int depth)
{
    size_t i, count;

    if (left->type != right->type)
        return false;
    if (left->type != CUPEL_ARRAY)
        return equal_scalars(left, right);

    count = left->as.array.count;
    if (left->element != right->element || right->as.array.count != count ||
        depth == 0)
        return false;
    if (left->as.array.items == NULL || right->as.array.items == NULL)
        return count == 0;
    for (i = 0; i < count; i++) {
        if (!equal_to_depth(&left->as.array.items[i], &right->as.array.items[i],
                            depth - 1))
            return false;
    }
    return true;
}

bool
cupel_value_equal(const cupel_value *left, const cupel_value *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    return equal_to_depth(left, right, CUP_ARRAY_DEPTH_MAX);
}

static void
key_of_bytes(struct cup_buf *buf, const cupel_bytes *bytes)
{
    cup_buf_add(buf, &bytes->len, sizeof bytes->len);
    if (bytes->data != NULL)
        cup_buf_add(buf, bytes->data, bytes->len);
}

/* All zeros are equal, and all that is no number. */
static void
key_of_double(struct cup_buf *buf, double value)
{
    if (value == 0)
        value = 0;
    if (isnan(value))
        value = NAN;
    cup_buf_add(buf, &value, sizeof value);
}

static void
key_to_depth(struct cup_buf *buf, const cupel_value *value, int depth)
{
    size_t i;

    cup_buf_add(buf, &value->type, sizeof value->type);
    switch ((cupel_type)value->type) {
    case CUPEL_BOOL:
        cup_buf_add_char(buf, value->as.boolean ? '1' : '0');
        break;
    case CUPEL_INT:
    case CUPEL_DATE:
    case CUPEL_TIME:
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
        cup_buf_add(buf, &value->as.integer, sizeof value->as.integer);
        break;
    case CUPEL_DOUBLE:
        key_of_double(buf, value->as.real);
        break;
    case CUPEL_DECIMAL:
        cup_decimal_key(buf, value->as.bytes.data, value->as.bytes.len);
        break;
    case CUPEL_TEXT:
    case CUPEL_BYTES:
    case CUPEL_JSON:
        key_of_bytes(buf, &value->as.bytes);
        break;
    case CUPEL_INTERVAL:
        cup_buf_add(buf, &value->as.interval, sizeof value->as.interval);
        break;
    case CUPEL_UUID:
        cup_buf_add(buf, value->as.uuid, sizeof value->as.uuid);
        break;
    case CUPEL_ARRAY:
        cup_buf_add(buf, &value->element, sizeof value->element);
        cup_buf_add(buf, &value->as.array.count, sizeof(size_t));
        for (i = 0; depth > 0 && i < value->as.array.count; i++)
            key_to_depth(buf, &value->as.array.items[i], depth - 1);
        break;
    case CUPEL_NULL:
    default:
        break;
    }
}

void
cup_value_key(struct cup_buf *buf, const cupel_value *value)
{
    key_to_depth(buf, value, CUP_ARRAY_DEPTH_MAX);
}

/* ---- Copying ----------------------------------------------------------- */

static cupel_status
copy_bytes(struct cup_arena *arena, const cupel_bytes *in, cupel_bytes *out)
{
    char *copy;

    *out = *in;
    if (in->data == NULL && in->len > 0) /* is found out when it is used */
        return CUPEL_OK;
    copy = cup_arena_strndup(arena, in->len == 0 ? "" : in->data, in->len);
    if (copy == NULL)
        return cup_nomem();
    out->data = copy;
    return CUPEL_OK;
}

static cupel_status
copy_to_depth(struct cup_arena *arena, const cupel_value *in, cupel_value *out,
              int depth);

static cupel_status
copy_array(struct cup_arena *arena, const cupel_array *in, cupel_array *out,
           int depth)
{
    cupel_value *items;
    size_t i;

    if (depth == 0)
        return too_deep();
    *out = *in;
    if (in->items == NULL && in->count > 0)
        return CUPEL_OK;
    items = cup_arena_array(arena, in->count, sizeof *items);
    if (items == NULL)
        return cup_nomem();
    for (i = 0; i < in->count; i++) {
        cupel_status rc =
            copy_to_depth(arena, &in->items[i], &items[i], depth - 1);

        if (rc != CUPEL_OK)
            return rc;
    }
    out->items = items;
    return CUPEL_OK;
}

static cupel_status
copy_to_depth(struct cup_arena *arena, const cupel_value *in, cupel_value *out,
              int depth)
{
    cupel_value copy = *in;
    cupel_status rc = CUPEL_OK;

    if (in->type == CUPEL_ARRAY)
        rc = copy_array(arena, &in->as.array, &copy.as.array, depth);
    else if (cup_value_borrows(in))
        rc = copy_bytes(arena, &in->as.bytes, &copy.as.bytes);
    if (rc == CUPEL_OK)
        *out = copy;
    return rc;
}

cupel_status
cup_value_copy(struct cup_arena *arena, const cupel_value *in, cupel_value *out)
{
    return copy_to_depth(arena, in, out, CUP_ARRAY_DEPTH_MAX);
}
