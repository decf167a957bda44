/* SPDX-License-Identifier: MIT */
/* Doubles in text. The C library rounds rightly in both directions, so it does
 * the arithmetic; but it follows the locale, so it is only ever given digits
 * and an exponent, without a point, and only its digits are looked at. */
#include "sql/value_real.h"

#include "sql/decimal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGITS_MAX = 17,       /* always read back equal */
    DIGITS_SURE = DBL_DIG, /* of so many none is lost, but for subnormals */
    KEPT_MAX = 770,        /* no double needs more digits to be told apart */
    EXPONENT_MAX = 9999,   /* beyond what KEPT_MAX digits can make up for */
    LEAST_PLAIN = -4,      /* powers of ten written without an exponent */
    MOST_PLAIN = 14
};

/* A number by its first digits: 0.d1d2d3... times ten to exponent + 1. */
struct digits {
    char text[DIGITS_MAX];
    size_t count;
    int exponent; /* the power of ten of the first digit */
};

/* `digits` as a whole number times ten to `exponent`. */
static double
number_of(const char *digits, size_t count, int64_t exponent)
{
    char text[KEPT_MAX + 16];
    struct cup_writer writer;

    if (exponent > EXPONENT_MAX)
        exponent = EXPONENT_MAX;
    if (exponent < -EXPONENT_MAX)
        exponent = -EXPONENT_MAX;
    cup_writer_init(&writer, text, sizeof text);
    cup_writer_add(&writer, digits, count);
    cup_writer_str(&writer, exponent < 0 ? "e-" : "e");
    cup_writer_number(&writer, (uint64_t)(exponent < 0 ? -exponent : exponent),
                      1);
    cup_writer_end(&writer);
    return strtod(text, NULL);
}

/* Round to `count` digits. What stands between the digits is the locale's. */
static void
round_to(double value, size_t count, struct digits *out)
{
    char text[64];
    const char *at = text;

    snprintf(text, sizeof text, "%.*e", (int)count - 1, value);
    for (out->count = 0; out->count < count; at++) {
        if (cup_is_digit(*at))
            out->text[out->count++] = *at;
    }
    out->exponent = (int)strtol(at + 1, NULL, 10);
}

static void
round_up(struct digits *digits)
{
    size_t i = digits->count;

    while (i > 0 && digits->text[i - 1] == '9')
        digits->text[--i] = '0';
    if (i > 0) {
        digits->text[i - 1]++;
        return;
    }
    digits->text[0] = '1';
    digits->exponent++;
}

static bool
reads_back(const struct digits *digits, double value)
{
    int64_t exponent = (int64_t)digits->exponent - (int64_t)digits->count + 1;

    return number_of(digits->text, digits->count, exponent) == value;
}

/* Below a power of two doubles lie twice as close as above it. So its nearest
 * neighbour in decimal may read back as another double where the next one up,
 * farther off, does not. */
static bool
is_power_of_two(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (bits & ((UINT64_C(1) << 52) - 1)) == 0;
}

/* The fewest digits for a finite number above 0. */
static void
shorten(double value, struct digits *out)
{
    size_t count = value < DBL_MIN ? 1 : DIGITS_SURE;

    for (;; count++) {
        round_to(value, count, out);
        if (count == DIGITS_MAX || reads_back(out, value))
            break;
        if (!is_power_of_two(value))
            continue;
        round_up(out);
        if (reads_back(out, value))
            break;
    }
    while (out->count > 1 && out->text[out->count - 1] == '0')
        out->count--;
}

static void
write_with_exponent(struct cup_writer *writer, const struct digits *digits)
{
    int exponent = digits->exponent;

    cup_writer_char(writer, digits->text[0]);
    if (digits->count > 1) {
        cup_writer_char(writer, '.');
        cup_writer_add(writer, digits->text + 1, digits->count - 1);
    }
    cup_writer_str(writer, exponent < 0 ? "e-" : "e+");
    cup_writer_number(writer, (uint64_t)(exponent < 0 ? -exponent : exponent),
                      2);
}

static void
write_plain(struct cup_writer *writer, const struct digits *digits)
{
    int last = digits->exponent - (int)digits->count + 1;
    int power = digits->exponent > 0 ? digits->exponent : 0;

    for (; power >= 0 || power >= last; power--) {
        int index = digits->exponent - power;
        bool written = index >= 0 && index < (int)digits->count;

        if (power == -1)
            cup_writer_char(writer, '.');
        cup_writer_char(writer, written ? digits->text[index] : '0');
    }
}

void
cup_real_write(struct cup_writer *writer, double value)
{
    struct digits digits;

    if (isnan(value)) {
        cup_writer_str(writer, "NaN");
        return;
    }
    if (signbit(value))
        cup_writer_char(writer, '-');
    if (isinf(value)) {
        cup_writer_str(writer, "Infinity");
        return;
    }
    if (value == 0) {
        cup_writer_char(writer, '0');
        return;
    }
    shorten(value < 0 ? -value : value, &digits);
    if (digits.exponent < LEAST_PLAIN || digits.exponent > MOST_PLAIN)
        write_with_exponent(writer, &digits);
    else
        write_plain(writer, &digits);
}

/* `word` is in lower case, and letters only. */
static bool
is_word(const char *text, size_t len, const char *word)
{
    size_t i;

    if (len != strlen(word))
        return false;
    for (i = 0; i < len; i++) {
        if ((text[i] | 0x20) != word[i])
            return false;
    }
    return true;
}

static bool
parse_word(const char *text, size_t len, double *out)
{
    bool negative = len > 0 && text[0] == '-';

    if (len > 0 && (negative || text[0] == '+')) {
        text++;
        len--;
    } else if (is_word(text, len, "nan")) {
        *out = NAN;
        return true;
    }
    if (!is_word(text, len, "infinity") && !is_word(text, len, "inf"))
        return false;
    *out = negative ? -INFINITY : INFINITY;
    return true;
}

bool
cup_real_parse(const char *text, size_t len, double *out)
{
    char kept[KEPT_MAX];
    struct cup_number number;
    size_t i, count = 0;
    double value;

    if (parse_word(text, len, out))
        return true;
    if (!cup_number_scan(text, len, &number))
        return false;
    for (i = number.first; i < number.last && count < KEPT_MAX; i++)
        kept[count++] = cup_number_digit(&number, i);
    if (i < number.last)
        kept[KEPT_MAX - 1] = '1'; /* there is more: no longer a tie */
    if (count == 0)
        kept[count++] = '0';
    value = number_of(kept, count, number.leading - (int64_t)count + 1);
    if (isinf(value))
        return false;
    *out = number.negative ? -value : value;
    return true;
}
