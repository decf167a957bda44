/* SPDX-License-Identifier: MIT */
/* numeric both ways, exactly. Its binary form is four 16-bit numbers (how many
 * digits, the weight of the first, the sign, the decimal places) and then
 * digits of base 10000; digit i stands for digit * 10000^(weight - i). */
#include "dialect/postgresql/numeric.h"

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/bytes.h"
#include "dialect/postgresql/types.h"
#include "sql/decimal.h"

#include <string.h>

enum {
    HEAD_SIZE = 8,
    SIGN_MINUS = 0x4000,
    SIGN_NAN = 0xC000,
    SIGN_PLUS_INFINITY = 0xD000,
    SIGN_MINUS_INFINITY = 0xF000,
    SCALE_MAX = 0x3FFF,
    WEIGHT_MAX = INT16_MAX,
    GROUP = 4, /* decimal digits in one of base 10000 */
    BASE = 10000
};

/* The binary form, its head taken apart. */
struct numeric {
    const char *digits; /* `count` numbers of 16 bits */
    int count;
    int weight;
    int scale; /* decimal places to show */
    unsigned sign;
};

static bool
load_head(const char *data, size_t len, struct numeric *out)
{
    if (len < HEAD_SIZE)
        return false;
    out->count = cup_pg_load16(data);
    out->weight = cup_pg_load16(data + 2);
    out->sign = (uint16_t)cup_pg_load16(data + 4);
    out->scale = (uint16_t)cup_pg_load16(data + 6);
    out->digits = data + HEAD_SIZE;
    if (out->count == 0)
        out->weight = 0;
    return out->count >= 0 && len == HEAD_SIZE + (size_t)out->count * 2 &&
           out->scale <= SCALE_MAX;
}

static const char *
special_name(unsigned sign)
{
    switch (sign) {
    case SIGN_NAN:
        return "NaN";
    case SIGN_PLUS_INFINITY:
        return "Infinity";
    case SIGN_MINUS_INFINITY:
        return "-Infinity";
    default:
        return NULL;
    }
}

/* The digit at a place, zero where none was sent; -1 if it is none. */
static int
digit_at(const struct numeric *number, int place)
{
    int digit;

    if (place < 0 || place >= number->count)
        return 0;
    digit = cup_pg_load16(number->digits + (size_t)place * 2);
    return digit >= 0 && digit < BASE ? digit : -1;
}

/* Write the last `places` of the four decimal digits, at least one. */
static char *
write_group(char *to, int digit, int places)
{
    int divisor = BASE / 10;
    int place;

    for (place = GROUP; place > 0; place--, divisor /= 10) {
        if (place <= places)
            *to++ = (char)('0' + digit / divisor % 10);
    }
    return to;
}

static int
decimal_length(int digit)
{
    return digit >= 1000 ? 4 : digit >= 100 ? 3 : digit >= 10 ? 2 : 1;
}

/* The text of a number, without a NUL. NULL if a digit is none. */
static char *
write_text(const struct numeric *number, char *to)
{
    char *end;
    int place = 0;
    int digit;

    if (number->sign == SIGN_MINUS)
        *to++ = '-';
    if (number->weight < 0) {
        *to++ = '0';
        place = number->weight + 1;
    }
    for (; number->weight >= 0 && place <= number->weight; place++) {
        digit = digit_at(number, place);
        if (digit < 0)
            return NULL;
        to = write_group(to, digit, place == 0 ? decimal_length(digit) : GROUP);
    }
    if (number->scale == 0)
        return to;
    *to++ = '.';
    end = to + number->scale;
    for (; to < end; place++) {
        digit = digit_at(number, place);
        if (digit < 0)
            return NULL;
        to = write_group(to, digit, GROUP);
    }
    return end; /* the last group may have been wider than the scale */
}

cupel_status
cup_pg_read_numeric(const struct cup_pg_type *type, const char *data,
                    size_t len, struct cup_arena *arena, cupel_value *out)
{
    struct numeric number;
    const char *special;
    size_t room;
    char *text;
    char *end;

    if (!load_head(data, len, &number))
        return cup_pg_malformed(type);
    out->type = CUPEL_DECIMAL;
    special = special_name(number.sign);
    if (special != NULL) {
        out->as.bytes.data = special;
        out->as.bytes.len = strlen(special);
        return CUPEL_OK;
    }
    if (number.sign != 0 && number.sign != SIGN_MINUS)
        return cup_pg_malformed(type);

    room = (size_t)(number.weight < 0 ? 1 : (number.weight + 1) * GROUP) +
           (size_t)number.scale + GROUP + 3; /* sign, point, NUL */
    text = cup_arena_alloc(arena, room);
    if (text == NULL)
        return cup_nomem();
    end = write_text(&number, text);
    if (end == NULL)
        return cup_pg_malformed(type);
    *end = '\0';
    out->as.bytes.data = text;
    out->as.bytes.len = (size_t)(end - text);
    return CUPEL_OK;
}

/* ---- From text to the binary form ------------------------------------- */

/* Division that rounds down, for the group a power of ten falls into. */
static int64_t
group_of(int64_t power)
{
    return power >= 0 ? power / GROUP : -((-power + GROUP - 1) / GROUP);
}

static void
write_head(char *to, int64_t count, int64_t weight, unsigned sign,
           int64_t scale)
{
    cup_pg_store16(to, (int16_t)count);
    cup_pg_store16(to + 2, (int16_t)weight);
    cup_pg_store16(to + 4, (int16_t)(uint16_t)sign);
    cup_pg_store16(to + 6, (int16_t)scale);
}

static void
write_special(struct cup_buf *buf, const struct cup_number *number)
{
    unsigned sign = SIGN_NAN;
    char *to = cup_buf_grow(buf, HEAD_SIZE);

    if (number->kind == CUP_NUMBER_INFINITE)
        sign = number->negative ? SIGN_MINUS_INFINITY : SIGN_PLUS_INFINITY;
    if (to != NULL)
        write_head(to, 0, 0, sign, 0);
}

/* Add up the digits that count, four powers of ten to a digit of ours. */
static void
write_digits(char *to, const struct cup_number *number)
{
    static const int powers[GROUP] = { 1, 10, 100, 1000 };
    int64_t power = number->leading;
    int64_t group = group_of(power);
    int sum = 0;
    size_t i;

    for (i = number->first; i < number->last; i++, power--) {
        if (group_of(power) != group) {
            cup_pg_store16(to, (int16_t)sum);
            to += 2;
            sum = 0;
            group = group_of(power);
        }
        sum += (cup_number_digit(number, i) - '0') *
               powers[(size_t)(power - group * GROUP) % GROUP];
    }
    cup_pg_store16(to, (int16_t)sum);
}

static cupel_status
write_finite(struct cup_buf *buf, const struct cup_number *number)
{
    int64_t scale = (int64_t)number->fraction_len - number->exponent;
    int64_t used = (int64_t)(number->last - number->first);
    int64_t weight = 0;
    int64_t count = 0;
    char *to;

    if (scale < 0)
        scale = 0;
    if (used > 0) {
        weight = group_of(number->leading);
        count = weight - group_of(number->leading - used + 1) + 1;
    }
    if (scale > SCALE_MAX || weight > WEIGHT_MAX || weight < -WEIGHT_MAX ||
        count > INT16_MAX)
        return cup_error_set(CUPEL_E_VALUE,
                             "a decimal has more digits than a numeric holds");
    to = cup_buf_grow(buf, HEAD_SIZE + (size_t)count * 2);
    if (to == NULL)
        return CUPEL_OK; /* latched in the buffer */
    write_head(to, count, weight,
               number->negative && count > 0 ? SIGN_MINUS : 0, scale);
    if (count > 0)
        write_digits(to + HEAD_SIZE, number);
    return CUPEL_OK;
}

cupel_status
cup_pg_write_numeric(struct cup_buf *buf, const char *text, size_t len)
{
    struct cup_number number;

    if (!cup_number_scan(text, len, &number))
        return cup_error_set(CUPEL_E_VALUE, "a decimal's text is no number");
    if (number.kind == CUP_NUMBER_FINITE)
        return write_finite(buf, &number);
    write_special(buf, &number);
    return CUPEL_OK;
}
