/* SPDX-License-Identifier: MIT */
/* Which of two values is the smaller one: numbers by size with NaN behind all,
 * text by code points, bytes by their numbers, arrays as tuples, and spans of
 * time by their length, where a month has 30 days. */
#include "sql/value_order.h"

#include <math.h>
#include <string.h>

#include "sql/decimal.h"
#include "sql/value.h"

static int
order_of_ints(int64_t left, int64_t right)
{
    return (left > right) - (left < right);
}

static int
order_of_doubles(double left, double right)
{
    if (isnan(left) || isnan(right))
        return (isnan(left) ? 1 : 0) - (isnan(right) ? 1 : 0);
    return (left > right) - (left < right);
}

/* UTF-8 has the order of its code points. */
static int
order_of_bytes(const cupel_bytes *left, const cupel_bytes *right)
{
    size_t len = left->len < right->len ? left->len : right->len;
    int order = 0;

    if (len > 0 && left->data != NULL && right->data != NULL)
        order = memcmp(left->data, right->data, len);
    return order != 0 ? order
                      : (left->len > right->len) - (left->len < right->len);
}

/* The days of one, and what is left of its microseconds. */
static int64_t
split_interval(const cupel_interval *span, int64_t *rest)
{
    static const int64_t day = INT64_C(86400000000);
    int64_t days = span->microseconds / day;

    *rest = span->microseconds % day;
    if (*rest < 0) {
        *rest += day;
        days--;
    }
    return days + span->days + (int64_t)span->months * 30;
}

/* Spans of one length that are not the same are told apart by their months,
 * then by their days. */
static int
order_of_intervals(const cupel_interval *left, const cupel_interval *right)
{
    int64_t left_rest, right_rest;
    int order = order_of_ints(split_interval(left, &left_rest),
                              split_interval(right, &right_rest));

    if (order == 0)
        order = order_of_ints(left_rest, right_rest);
    if (order == 0)
        order = order_of_ints(left->months, right->months);
    return order != 0 ? order : order_of_ints(left->days, right->days);
}

static bool
order_scalars(const cupel_value *left, const cupel_value *right, int *order)
{
    switch ((cupel_type)left->type) {
    case CUPEL_BOOL:
        *order = order_of_ints(left->as.boolean, right->as.boolean);
        return true;
    case CUPEL_INT:
    case CUPEL_DATE:
    case CUPEL_TIME:
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
        *order = order_of_ints(left->as.integer, right->as.integer);
        return true;
    case CUPEL_DOUBLE:
        *order = order_of_doubles(left->as.real, right->as.real);
        return true;
    case CUPEL_DECIMAL:
        return left->as.bytes.data != NULL && right->as.bytes.data != NULL &&
               cup_decimal_compare(left->as.bytes, right->as.bytes, order);
    case CUPEL_TEXT:
    case CUPEL_BYTES:
        *order = order_of_bytes(&left->as.bytes, &right->as.bytes);
        return true;
    case CUPEL_INTERVAL:
        *order = order_of_intervals(&left->as.interval, &right->as.interval);
        return true;
    case CUPEL_UUID:
        *order = memcmp(left->as.uuid, right->as.uuid, sizeof left->as.uuid);
        return true;
    case CUPEL_NULL:
    case CUPEL_JSON:
    case CUPEL_ARRAY:
    default:
        break;
    }
    return false;
}

static bool
order_to_depth(const cupel_value *left, const cupel_value *right, int depth,
               int *order);

static bool
order_arrays(const cupel_array *left, const cupel_array *right, int depth,
             int *order)
{
    size_t i;

    if (left->items == NULL || right->items == NULL)
        return false;
    for (i = 0; i < left->count && i < right->count; i++) {
        if (!cupel_value_equal(&left->items[i], &right->items[i]))
            return depth > 0 &&
                   order_to_depth(&left->items[i], &right->items[i], depth - 1,
                                  order);
    }
    *order = (left->count > right->count) - (left->count < right->count);
    return true;
}

static bool
order_to_depth(const cupel_value *left, const cupel_value *right, int depth,
               int *order)
{
    if (cupel_value_equal(left, right)) {
        *order = 0;
        return true;
    }
    if (left->type != right->type)
        return false;
    if (left->type != CUPEL_ARRAY)
        return order_scalars(left, right, order);
    return left->element == right->element &&
           order_arrays(&left->as.array, &right->as.array, depth, order);
}

bool
cup_value_order(const cupel_value *left, const cupel_value *right, int *order)
{
    return order_to_depth(left, right, CUP_ARRAY_DEPTH_MAX, order);
}
