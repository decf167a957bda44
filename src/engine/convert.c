/* SPDX-License-Identifier: MIT */
/* Values of one type as another: what a database without the type stores
 * instead (SQLite: numbers for truth, text for dates) is turned back here. */
#include "engine/convert.h"

#include "base/error.h"

/* Whole numbers up to here are exact in a double. */
static const int64_t exact_max = INT64_C(1) << 53;

static bool
from_int(int64_t number, cupel_type type, cupel_value *out)
{
    if (type == CUPEL_BOOL && (number == 0 || number == 1)) {
        *out = cupel_bool(number == 1);
        return true;
    }
    if (type == CUPEL_DOUBLE && number >= -exact_max && number <= exact_max) {
        *out = cupel_double((double)number);
        return true;
    }
    return false;
}

static bool
from_double(double number, cupel_type type, cupel_value *out)
{
    if (type != CUPEL_INT)
        return false;
    if (!(number >= -(double)exact_max && number <= (double)exact_max))
        return false;
    *out = cupel_int((int64_t)number);
    return (double)out->as.integer == number;
}

/* Without leaving a record of text that does not parse. */
static bool
parse(const cupel_bytes *text, cupel_type type, cupel_value *out)
{
    struct cupel_error *before = cup_error_take();
    cupel_status rc;

    rc = cupel_value_parse(type, text->data, text->len, out);
    cup_error_give(before);
    return rc == CUPEL_OK;
}

/* A decimal without its zeros behind the point is a whole number. */
static bool
from_decimal(const cupel_bytes *digits, cupel_type type, cupel_value *out)
{
    cupel_bytes whole = *digits;
    size_t i;

    for (i = 0; type == CUPEL_INT && i < digits->len; i++) {
        if (digits->data[i] == '.')
            break;
    }
    if (type == CUPEL_INT && i < digits->len) {
        while (whole.len > i + 1 && whole.data[whole.len - 1] == '0')
            whole.len--;
        if (whole.len == i + 1)
            whole.len = i;
    }
    return parse(&whole, type, out);
}

/* The types whose values are a stretch of text, in one form or another. */
static bool
is_textual(cupel_type type)
{
    return type == CUPEL_TEXT || type == CUPEL_JSON || type == CUPEL_DECIMAL;
}

static bool
from_text(const cupel_value *in, cupel_type type, cupel_value *out)
{
    if (type == CUPEL_BYTES || type == CUPEL_ARRAY)
        return false;
    if (type == CUPEL_TEXT || (type == CUPEL_JSON && in->type == CUPEL_TEXT)) {
        *out = *in;
        out->type = (int32_t)type;
        return true;
    }
    if (in->type == CUPEL_DECIMAL)
        return from_decimal(&in->as.bytes, type, out);
    return parse(&in->as.bytes, type, out);
}

bool
cup_convert(const cupel_value *in, cupel_type type, cupel_value *out)
{
    if (in->type == (int32_t)type || in->type == CUPEL_NULL) {
        *out = *in;
        return true;
    }
    if (is_textual((cupel_type)in->type))
        return from_text(in, type, out);
    if (in->type == CUPEL_INT)
        return from_int(in->as.integer, type, out);
    if (in->type == CUPEL_DOUBLE)
        return from_double(in->as.real, type, out);
    if (in->type == CUPEL_BOOL && type == CUPEL_INT) {
        *out = cupel_int(in->as.boolean ? 1 : 0);
        return true;
    }
    return false;
}
