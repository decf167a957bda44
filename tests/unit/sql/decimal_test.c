/* SPDX-License-Identifier: MIT */
/* Exact numbers. */
#include "sql/decimal.h"

#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

static cupel_bytes
bytes(const char *text)
{
    return (cupel_bytes){ text, strlen(text) };
}

static int
compared(const char *left, const char *right)
{
    int order, reverse;

    CHECK(cup_decimal_compare(bytes(left), bytes(right), &order));
    CHECK(cup_decimal_compare(bytes(right), bytes(left), &reverse));
    CHECK_INT((order > 0) - (order < 0), (reverse < 0) - (reverse > 0));
    return (order > 0) - (order < 0);
}

static void
check_writes(const char *text, const char *expected)
{
    struct cup_writer writer;
    char out[128];

    CHECK(cup_decimal_valid(text, strlen(text)));
    cup_writer_init(&writer, out, sizeof out);
    cup_decimal_write(&writer, text, strlen(text));
    cup_writer_end(&writer);
    CHECK_STR(out, expected);
}

TEST(numbers_are_recognised)
{
    static const char *const good[] = {
        "0",    "1",      "-1",   "+1",       "1.",        ".1",
        "1.50", "-12.50", "1e5",  "1E-5",     "1.5e+5",    "00012",
        "-0.0", "NaN",    ".5e3", "Infinity", "-Infinity", "0e99999",
    };
    static const char *const bad[] = {
        "",      "-",     ".",   "+.",        "e5",        "1e",   "1e+",
        " 1",    "1 ",    "1,5", "--1",       "+-1",       "0x1",  "1.2.3",
        "1e1.5", "nan",   "NAN", "NaN ",      "-NaN",      "+NaN", "Inf",
        "inf",   "1_000", "$1",  "+Infinity", "InfinityX", "1f",   "\xd9\xa1",
    };
    size_t i;

    for (i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(cup_decimal_valid(good[i], strlen(good[i])));
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!cup_decimal_valid(bad[i], strlen(bad[i])));
    CHECK(!cup_decimal_valid(NULL, 0));
    CHECK(!cup_decimal_valid("1\0", 2));
}

TEST(numbers_beyond_what_databases_hold_are_refused)
{
    CHECK(cup_decimal_valid("1e131071", 8));
    CHECK(!cup_decimal_valid("1e131072", 8));
    CHECK(cup_decimal_valid("10e131070", 9));
    CHECK(!cup_decimal_valid("10e131071", 9));
    CHECK(cup_decimal_valid("1e-16383", 8));
    CHECK(!cup_decimal_valid("1e-16384", 8));
    CHECK(!cup_decimal_valid("0e-16384", 8));
    CHECK(!cup_decimal_valid("1e99999999999999999999999", 25));
    CHECK(!cup_decimal_valid("1e-99999999999999999999999", 26));
}

TEST(the_canonical_form_is_plain_and_keeps_the_scale)
{
    check_writes("1.50", "1.50");
    check_writes("+01.5e3", "1500");
    check_writes(".5", "0.5");
    check_writes("5.", "5");
    check_writes("-0", "0");
    check_writes("-0.00", "0.00");
    check_writes("000", "0");
    check_writes("1e-5", "0.00001");
    check_writes("-12.345e-2", "-0.12345");
    check_writes("12.345e1", "123.45");
    check_writes("12.345e3", "12345");
    check_writes("12.345e5", "1234500");
    check_writes("0.00e1", "0.0");
    check_writes("0e5", "0");
    check_writes("00100.00100", "100.00100");
    check_writes("NaN", "NaN");
    check_writes("Infinity", "Infinity");
    check_writes("-Infinity", "-Infinity");
}

TEST(the_canonical_form_of_the_largest_exponents_is_whole)
{
    static char out[CUP_DECIMAL_WHOLE_MAX + 10];
    struct cup_writer writer;

    cup_writer_init(&writer, out, sizeof out);
    cup_decimal_write(&writer, "-7e131071", 9);
    CHECK_INT(cup_writer_end(&writer), 1 + CUP_DECIMAL_WHOLE_MAX);
    CHECK(memcmp(out, "-700", 4) == 0);
    cup_writer_init(&writer, out, sizeof out);
    cup_decimal_write(&writer, "7e-16383", 8);
    CHECK_INT(cup_writer_end(&writer), 2 + CUP_DECIMAL_SCALE_MAX);
    CHECK_INT(out[1 + CUP_DECIMAL_SCALE_MAX], '7');
}

TEST(numbers_compare_as_numbers)
{
    CHECK_INT(compared("1.50", "1.5"), 0);
    CHECK_INT(compared("0", "-0.000"), 0);
    CHECK_INT(compared("0e9", "0"), 0);
    CHECK_INT(compared("1e3", "1000.0"), 0);
    CHECK_INT(compared("0.001", "1e-3"), 0);
    CHECK_INT(compared("0010", "1e1"), 0);
    CHECK_INT(compared("-1.5e-3", "-.0015"), 0);
    CHECK_INT(compared("1", "2"), -1);
    CHECK_INT(compared("-1", "-2"), 1);
    CHECK_INT(compared("-1", "1"), -1);
    CHECK_INT(compared("0", "1e-16383"), -1);
    CHECK_INT(compared("0", "-1e-16383"), 1);
    CHECK_INT(compared("9", "10"), -1);
    CHECK_INT(compared("1.05", "1.5"), -1);
    CHECK_INT(compared("1.5", "1.50001"), -1);
    CHECK_INT(compared("-1.5", "-1.50001"), 1);
    CHECK_INT(compared("99999999999999999999.1", "99999999999999999999.2"), -1);
    CHECK_INT(compared("0.1", "0.1000000000000000055511151231257827"), -1);
}

TEST(what_is_no_finite_number_has_its_place_too)
{
    CHECK_INT(compared("NaN", "NaN"), 0);
    CHECK_INT(compared("NaN", "Infinity"), 1);
    CHECK_INT(compared("Infinity", "Infinity"), 0);
    CHECK_INT(compared("Infinity", "1e131071"), 1);
    CHECK_INT(compared("-Infinity", "-1e131071"), -1);
    CHECK_INT(compared("-Infinity", "Infinity"), -1);
}

TEST(what_is_no_number_is_not_compared)
{
    int order;

    CHECK(!cup_decimal_compare(bytes("1"), bytes("x"), &order));
    CHECK(!cup_decimal_compare(bytes(""), bytes("1"), &order));
}

/* Spell `number` / 10^scale in one of many ways. */
static void
spell(long number, int scale, unsigned way, char text[64])
{
    int zeros = (int)(way / 4 % 4);
    long padded = number;
    int i;

    for (i = 0; i < zeros; i++)
        padded *= 10;
    switch (way % 4) {
    case 0:
        snprintf(text, 64, "%lde%d", padded, -scale - zeros);
        break;
    case 1:
        snprintf(text, 64, "%s00%lde-%d", number < 0 ? "-" : "+", labs(padded),
                 scale + zeros);
        break;
    case 2:
        snprintf(text, 64, "%s.%09lde%d", number < 0 ? "-" : "", labs(padded),
                 9 - scale - zeros);
        break;
    default:
        snprintf(text, 64, "%ld.000E%d", padded, -scale - zeros);
        break;
    }
}

TEST(random_numbers_compare_as_integers_do_however_they_are_spelt)
{
    uint64_t state = 88172645463325252u;
    int i;

    for (i = 0; i < 100000; i++) {
        char left[64], right[64];
        long a, b;

        state = state * 6364136223846793005u + 1442695040888963407u;
        a = (long)(state >> 40) % 2000 - 1000;
        b = (long)(state >> 20 & 0xfffff) % 2000 - 1000;
        spell(a, 2, (unsigned)(state & 15), left);
        spell(b, 2, (unsigned)(state >> 4 & 15), right);
        CHECK_INT(compared(left, right), (a > b) - (a < b));
    }
}

TEST(equal_numbers_and_only_they_have_the_same_key)
{
    static const char *const texts[] = {
        "0",   "-0.0", "1",   "1.0", "10",  "1e1",  "0.1",      "-1",
        "1.1", "11",   "-11", "NaN", "1e9", "1e19", "Infinity", "-Infinity",
    };
    size_t i, j, count = sizeof texts / sizeof texts[0];

    for (i = 0; i < count; i++) {
        for (j = 0; j < count; j++) {
            struct cup_buf left, right;
            bool same;

            cup_buf_init(&left, 100);
            cup_buf_init(&right, 100);
            cup_decimal_key(&left, texts[i], strlen(texts[i]));
            cup_decimal_key(&right, texts[j], strlen(texts[j]));
            same = strcmp(left.data, right.data) == 0;
            CHECK_INT(same, compared(texts[i], texts[j]) == 0);
            cup_buf_fini(&left);
            cup_buf_fini(&right);
        }
    }
}
