/* SPDX-License-Identifier: MIT */
/* Numbers as text. A number is its sign, the digits from the first to the last
 * that is not 0, and the power of ten of the first of them: two numbers are
 * equal exactly when these are. */
#include "sql/decimal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Far beyond every limit, far below what could overflow a sum. */
#define EXPONENT_MAX INT64_C(1000000000000000)

/* Take a run of digits. */
static const char *
read_digits(struct cup_reader *reader, size_t *len)
{
    const char *start = reader->next;

    while (cup_is_digit(cup_reader_peek(reader)))
        reader->next++;
    *len = (size_t)(reader->next - start);
    return start;
}

/* Behind the e. */
static bool
read_exponent(struct cup_reader *reader, int64_t *exponent)
{
    bool negative = cup_reader_char(reader, '-');
    const char *digits;
    size_t i, len;

    if (!negative)
        cup_reader_char(reader, '+');
    digits = read_digits(reader, &len);
    for (i = 0; i < len && *exponent < EXPONENT_MAX; i++)
        *exponent = *exponent * 10 + (digits[i] - '0');
    if (negative)
        *exponent = -*exponent;
    return len > 0;
}

char
cup_number_digit(const struct cup_number *number, size_t index)
{
    assert(index < number->whole_len + number->fraction_len);
    if (index < number->whole_len)
        return number->whole[index];
    return number->fraction[index - number->whole_len];
}

static void
find_digits_that_count(struct cup_number *number)
{
    size_t last = number->whole_len + number->fraction_len, first = 0;

    while (first < last && cup_number_digit(number, first) == '0')
        first++;
    while (last > first && cup_number_digit(number, last - 1) == '0')
        last--;
    number->first = first;
    number->last = last;
    number->leading =
        (int64_t)number->whole_len - (int64_t)first - 1 + number->exponent;
}

bool
cup_number_scan(const char *text, size_t len, struct cup_number *out)
{
    struct cup_reader reader;

    memset(out, 0, sizeof *out);
    cup_reader_init(&reader, text, len);
    if (cup_reader_str(&reader, "NaN")) {
        out->kind = CUP_NUMBER_NAN;
        return cup_reader_at_end(&reader);
    }
    out->negative = cup_reader_char(&reader, '-');
    if (cup_reader_str(&reader, "Infinity")) {
        out->kind = CUP_NUMBER_INFINITE;
        return cup_reader_at_end(&reader);
    }

    if (!out->negative)
        cup_reader_char(&reader, '+');
    out->whole = read_digits(&reader, &out->whole_len);
    if (cup_reader_char(&reader, '.'))
        out->fraction = read_digits(&reader, &out->fraction_len);
    if (out->whole_len + out->fraction_len == 0)
        return false;
    if ((cup_reader_char(&reader, 'e') || cup_reader_char(&reader, 'E')) &&
        !read_exponent(&reader, &out->exponent))
        return false;
    find_digits_that_count(out);
    return cup_reader_at_end(&reader);
}

/* Digits behind the point in the plain form. */
static int64_t
scale_of(const struct cup_number *number)
{
    int64_t scale = (int64_t)number->fraction_len - number->exponent;

    return scale > 0 ? scale : 0;
}

static bool
scan_within_limits(const char *text, size_t len, struct cup_number *out)
{
    if (!cup_number_scan(text, len, out))
        return false;
    if (out->kind != CUP_NUMBER_FINITE)
        return true;
    return scale_of(out) <= CUP_DECIMAL_SCALE_MAX &&
           (out->first == out->last || out->leading < CUP_DECIMAL_WHOLE_MAX);
}

bool
cup_decimal_valid(const char *text, size_t len)
{
    struct cup_number number;

    return scan_within_limits(text, len, &number);
}

/* -1, 0, 1 for finite numbers, beyond that for the others. */
static int
rank(const struct cup_number *number)
{
    if (number->kind == CUP_NUMBER_NAN)
        return 3;
    if (number->kind == CUP_NUMBER_INFINITE)
        return number->negative ? -2 : 2;
    if (number->first == number->last)
        return 0;
    return number->negative ? -1 : 1;
}

static int
compare_magnitudes(const struct cup_number *left,
                   const struct cup_number *right)
{
    size_t i = left->first, j = right->first;

    if (left->leading != right->leading)
        return left->leading < right->leading ? -1 : 1;
    while (i < left->last && j < right->last) {
        char a = cup_number_digit(left, i++), b = cup_number_digit(right, j++);

        if (a != b)
            return a < b ? -1 : 1;
    }
    return (i < left->last) - (j < right->last);
}

bool
cup_decimal_compare(cupel_bytes left, cupel_bytes right, int *order)
{
    struct cup_number a, b;
    int sign;

    if (!scan_within_limits(left.data, left.len, &a) ||
        !scan_within_limits(right.data, right.len, &b))
        return false;
    sign = rank(&a);
    *order = sign - rank(&b);
    if (*order == 0 && (sign == 1 || sign == -1))
        *order = sign * compare_magnitudes(&a, &b);
    return true;
}

/* The digit that stands at a power of ten, 0 where none was written. */
static char
digit_at(const struct cup_number *number, int64_t power)
{
    int64_t index = (int64_t)number->whole_len - 1 + number->exponent - power;

    if (index < (int64_t)number->first || index >= (int64_t)number->last)
        return '0';
    return cup_number_digit(number, (size_t)index);
}

void
cup_decimal_write(struct cup_writer *writer, const char *text, size_t len)
{
    struct cup_number number;
    int64_t power, scale;
    bool valid = scan_within_limits(text, len, &number);

    assert(valid);
    if (!valid || number.kind != CUP_NUMBER_FINITE) {
        cup_writer_add(writer, text, len); /* there is no other spelling */
        return;
    }
    if (rank(&number) < 0)
        cup_writer_char(writer, '-');
    scale = scale_of(&number);
    power = rank(&number) != 0 && number.leading > 0 ? number.leading : 0;
    for (; power >= -scale; power--) {
        if (power == -1)
            cup_writer_char(writer, '.');
        cup_writer_char(writer, digit_at(&number, power));
    }
}

void
cup_decimal_key(struct cup_buf *buf, const char *text, size_t len)
{
    struct cup_number number;
    bool valid = scan_within_limits(text, len, &number);
    size_t i;

    assert(valid);
    if (!valid)
        return;
    cup_buf_add_char(buf, (char)('3' + rank(&number))); /* '1' to '6' */
    if (number.kind != CUP_NUMBER_FINITE || rank(&number) == 0)
        return;
    for (i = number.first; i < number.last; i++)
        cup_buf_add_char(buf, cup_number_digit(&number, i));
    cup_buf_addf(buf, "e%lld;", (long long)number.leading);
}
