/* SPDX-License-Identifier: MIT */
/* What can be done with values: compare, compute, convert, copy. */
#include "dialect/fake/errors.h"
#include "dialect/fake/eval.h"

#include "base/alloc.h"

#include <string.h>

/* ---- Comparing --------------------------------------------------------- */

static int
order_of(int64_t left, int64_t right)
{
    return (left > right) - (left < right);
}

static int
order_of_bytes(const cupel_bytes *left, const cupel_bytes *right)
{
    size_t shared = left->len < right->len ? left->len : right->len;
    int order = shared == 0 ? 0 : memcmp(left->data, right->data, shared);

    return order != 0 ? order
                      : (left->len > right->len) - (left->len < right->len);
}

/* A number as a double, for numbers of different types. */
static bool
as_double(const cupel_value *value, double *out)
{
    cupel_value parsed;

    switch ((cupel_type)value->type) {
    case CUPEL_INT:
        *out = (double)value->as.integer;
        return true;
    case CUPEL_DOUBLE:
        *out = value->as.real;
        return true;
    case CUPEL_DECIMAL:
        if (cupel_value_parse(CUPEL_DOUBLE, value->as.bytes.data,
                              value->as.bytes.len, &parsed) != CUPEL_OK)
            return false;
        *out = parsed.as.real;
        return true;
    case CUPEL_NULL:
    case CUPEL_BOOL:
    case CUPEL_TEXT:
    case CUPEL_BYTES:
    case CUPEL_DATE:
    case CUPEL_TIME:
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
    case CUPEL_INTERVAL:
    case CUPEL_UUID:
    case CUPEL_JSON:
    case CUPEL_ARRAY:
        break;
    }
    return false;
}

static bool
compare_numbers(const cupel_value *left, const cupel_value *right, int *order)
{
    double l, r;

    if (!as_double(left, &l) || !as_double(right, &r))
        return false;
    *order = (l > r) - (l < r);
    return true;
}

bool
cup_fake_compare(const cupel_value *left, const cupel_value *right, int *order)
{
    if (left->type != right->type)
        return compare_numbers(left, right, order);
    switch ((cupel_type)left->type) {
    case CUPEL_BOOL:
        *order = (int)left->as.boolean - (int)right->as.boolean;
        return true;
    case CUPEL_INT:
    case CUPEL_DATE:
    case CUPEL_TIME:
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
        *order = order_of(left->as.integer, right->as.integer);
        return true;
    case CUPEL_TEXT:
    case CUPEL_BYTES:
    case CUPEL_JSON:
        *order = order_of_bytes(&left->as.bytes, &right->as.bytes);
        return true;
    case CUPEL_UUID:
        *order = memcmp(left->as.uuid, right->as.uuid, sizeof left->as.uuid);
        return true;
    case CUPEL_DECIMAL:
    case CUPEL_DOUBLE:
        if (cupel_value_equal(left, right)) {
            *order = 0;
            return true;
        }
        return compare_numbers(left, right, order);
    case CUPEL_NULL:
    case CUPEL_INTERVAL:
    case CUPEL_ARRAY:
        break;
    }
    *order = !cupel_value_equal(left, right);
    return *order == 0;
}

/* ---- Computing --------------------------------------------------------- */

static cupel_status
no_operator(const struct cup_fake_scope *scope,
            const struct cup_fake_expr *expr, const cupel_value *left,
            const cupel_value *right)
{
    return cup_fake_fail_at("42883", scope->sql, expr->offset,
                            "operator does not exist between %s and %s",
                            cupel_type_name((cupel_type)left->type),
                            cupel_type_name((cupel_type)right->type));
}

static bool
overflows(enum cup_fake_operator op, int64_t left, int64_t right, int64_t *out)
{
    if (op == CUP_FAKE_ADD)
        return __builtin_add_overflow(left, right, out);
    if (op == CUP_FAKE_SUBTRACT)
        return __builtin_sub_overflow(left, right, out);
    return __builtin_mul_overflow(left, right, out);
}

static cupel_status
compute(const struct cup_fake_scope *scope, const struct cup_fake_expr *expr,
        const cupel_value *left, const cupel_value *right, cupel_value *out)
{
    int64_t whole;
    double l, r;

    if (left->type == CUPEL_INT && right->type == CUPEL_INT) {
        if (overflows(expr->op, left->as.integer, right->as.integer, &whole))
            return cup_fake_fail_at("22003", scope->sql, expr->offset,
                                    "integer out of range");
        *out = cupel_int(whole);
        return CUPEL_OK;
    }
    if (!as_double(left, &l) || !as_double(right, &r) ||
        left->type == CUPEL_DECIMAL || right->type == CUPEL_DECIMAL)
        return no_operator(scope, expr, left, right);
    if (expr->op == CUP_FAKE_ADD)
        *out = cupel_double(l + r);
    else if (expr->op == CUP_FAKE_SUBTRACT)
        *out = cupel_double(l - r);
    else
        *out = cupel_double(l * r);
    return CUPEL_OK;
}

static cupel_status
concat(const struct cup_fake_scope *scope, const cupel_bytes *left,
       const cupel_bytes *right, cupel_value *out)
{
    size_t len = left->len + right->len;
    char *joined = cup_arena_array(scope->arena, len + 1, 1);

    if (joined == NULL)
        return cup_nomem();
    if (left->len > 0)
        memcpy(joined, left->data, left->len);
    if (right->len > 0)
        memcpy(joined + left->len, right->data, right->len);
    *out = cupel_string_n(joined, len);
    return CUPEL_OK;
}

static cupel_status
compare(const struct cup_fake_scope *scope, const struct cup_fake_expr *expr,
        const cupel_value *left, const cupel_value *right, cupel_value *out)
{
    bool ordered, answer;
    int order = 0;

    ordered = cup_fake_compare(left, right, &order);
    if (!ordered && (left->type != right->type ||
                     (expr->op != CUP_FAKE_EQ && expr->op != CUP_FAKE_NE)))
        return no_operator(scope, expr, left, right);
    if (expr->op == CUP_FAKE_EQ)
        answer = order == 0;
    else if (expr->op == CUP_FAKE_NE)
        answer = order != 0;
    else if (expr->op == CUP_FAKE_LT)
        answer = order < 0;
    else if (expr->op == CUP_FAKE_LE)
        answer = order <= 0;
    else if (expr->op == CUP_FAKE_GT)
        answer = order > 0;
    else
        answer = order >= 0;
    *out = cupel_bool(answer);
    return CUPEL_OK;
}

cupel_status
cup_fake_operate(const struct cup_fake_scope *scope,
                 const struct cup_fake_expr *expr, const cupel_value *left,
                 const cupel_value *right, cupel_value *out)
{
    if (expr->op >= CUP_FAKE_EQ && expr->op <= CUP_FAKE_GE)
        return compare(scope, expr, left, right, out);
    if (expr->op != CUP_FAKE_CONCAT)
        return compute(scope, expr, left, right, out);
    if (left->type != CUPEL_TEXT || right->type != CUPEL_TEXT)
        return no_operator(scope, expr, left, right);
    return concat(scope, &left->as.bytes, &right->as.bytes, out);
}

/* ---- Converting -------------------------------------------------------- */

/* Write a value as text into the arena. */
static cupel_status
to_text(const struct cup_fake_scope *scope, const cupel_value *value,
        cupel_value *out)
{
    size_t len = cupel_value_format(value, NULL, 0);
    char *text = cup_arena_array(scope->arena, len + 1, 1);

    if (text == NULL)
        return cup_nomem();
    cupel_value_format(value, text, len + 1);
    *out = cupel_string_n(text, len);
    return CUPEL_OK;
}

static bool
is_number(int32_t type)
{
    return type == CUPEL_INT || type == CUPEL_DOUBLE || type == CUPEL_DECIMAL;
}

static cupel_status
double_to_int(const struct cup_fake_scope *scope,
              const struct cup_fake_expr *expr, double real, cupel_value *out)
{
    double whole = real < 0 ? real - 0.5 : real + 0.5;

    if (!(whole > -0x1p63 && whole < 0x1p63))
        return cup_fake_fail_at("22003", scope->sql, expr->offset,
                                "integer out of range");
    *out = cupel_int((int64_t)whole);
    return CUPEL_OK;
}

/* Convert through the text of the value, which every type has. */
static cupel_status
through_text(const struct cup_fake_scope *scope,
             const struct cup_fake_expr *expr, const cupel_value *value,
             cupel_value *out)
{
    cupel_value text = *value;
    cupel_status rc = CUPEL_OK;

    if (value->type != CUPEL_TEXT)
        rc = to_text(scope, value, &text);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_value_parse((cupel_type)expr->type, text.as.bytes.data,
                           text.as.bytes.len, out);
    if (rc == CUPEL_OK || rc == CUPEL_E_NOMEM)
        return rc;
    return cup_fake_fail_at("22P02", scope->sql, expr->offset,
                            "invalid input syntax for type %s",
                            cupel_type_name((cupel_type)expr->type));
}

cupel_status
cup_fake_cast(const struct cup_fake_scope *scope,
              const struct cup_fake_expr *expr, const cupel_value *value,
              cupel_value *out)
{
    double real;

    *out = *value;
    if (value->type == CUPEL_NULL || value->type == expr->type)
        return CUPEL_OK;
    if (expr->type == CUPEL_TEXT)
        return to_text(scope, value, out);
    if (expr->type == CUPEL_INT && value->type == CUPEL_BOOL) {
        *out = cupel_int(value->as.boolean);
        return CUPEL_OK;
    }
    if (expr->type == CUPEL_BOOL && value->type == CUPEL_INT) {
        *out = cupel_bool(value->as.integer != 0);
        return CUPEL_OK;
    }
    if (is_number(expr->type) && as_double(value, &real)) {
        if (expr->type == CUPEL_INT)
            return double_to_int(scope, expr, real, out);
        if (expr->type == CUPEL_DECIMAL)
            return through_text(scope, expr, value, out);
        *out = cupel_double(real);
        return CUPEL_OK;
    }
    if (value->type == CUPEL_TEXT && expr->type != CUPEL_ARRAY)
        return through_text(scope, expr, value, out);
    return cup_fake_fail_at("42846", scope->sql, expr->offset,
                            "cannot cast type %s to %s",
                            cupel_type_name((cupel_type)value->type),
                            cupel_type_name((cupel_type)expr->type));
}

/* ---- Copying ----------------------------------------------------------- */

enum { ALIGNMENT = _Alignof(max_align_t) };

static size_t
aligned(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static bool
has_bytes(const cupel_value *value)
{
    return value->type == CUPEL_TEXT || value->type == CUPEL_BYTES ||
           value->type == CUPEL_DECIMAL || value->type == CUPEL_JSON;
}

size_t
cup_fake_value_extent(const cupel_value *value)
{
    size_t extent;

    if (has_bytes(value))
        return aligned(value->as.bytes.len);
    if (value->type != CUPEL_ARRAY)
        return 0;
    extent = aligned(value->as.array.count * sizeof(cupel_value));
    for (size_t i = 0; i < value->as.array.count; i++)
        extent += cup_fake_value_extent(&value->as.array.items[i]);
    return extent;
}

cupel_value
cup_fake_value_copy(const cupel_value *value, char **memory)
{
    cupel_value copy = *value;
    cupel_value *items;

    if (has_bytes(value)) {
        if (value->as.bytes.len > 0)
            memcpy(*memory, value->as.bytes.data, value->as.bytes.len);
        copy.as.bytes.data = *memory;
        *memory += aligned(value->as.bytes.len);
    } else if (value->type == CUPEL_ARRAY) {
        items = (cupel_value *)(void *)*memory;
        *memory += aligned(value->as.array.count * sizeof *items);
        for (size_t i = 0; i < value->as.array.count; i++)
            items[i] = cup_fake_value_copy(&value->as.array.items[i], memory);
        copy.as.array.items = items;
    }
    return copy;
}
