/* SPDX-License-Identifier: MIT */
/* Doubles in text. */
#include "sql/value_real.h"

#include "support/test.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static size_t
written(double value, char text[32])
{
    struct cup_writer writer;

    cup_writer_init(&writer, text, 32);
    cup_real_write(&writer, value);
    CHECK(writer.len < 32);
    return cup_writer_end(&writer);
}

static void
check_writes(double value, const char *expected)
{
    char text[32];

    written(value, text);
    CHECK_STR(text, expected);
}

static void
check_reads_back(double value)
{
    char text[32];
    size_t len = written(value, text);
    double again;

    CHECK(cup_real_parse(text, len, &again));
    if (memcmp(&again, &value, sizeof value) != 0)
        print_error("%a: %s\n", value, text);
    CHECK(memcmp(&again, &value, sizeof value) == 0);
}

static double
parsed(const char *text)
{
    double value;

    if (!cup_real_parse(text, strlen(text), &value)) {
        print_error("does not parse: %s\n", text);
        CHECK(false);
    }
    return value;
}

static uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

TEST(random_doubles_read_back_equal)
{
    uint64_t state = 88172645463325252u;
    int i;

    for (i = 0; i < 200000; i++) {
        uint64_t bits = next_random(&state);
        double value;

        memcpy(&value, &bits, sizeof value);
        if (!isnan(value))
            check_reads_back(value);
        bits &= 0x800fffffffffffffu; /* and among the subnormals */
        memcpy(&value, &bits, sizeof value);
        if (i < 20000)
            check_reads_back(value);
    }
}

/* The double `steps` further from 0. */
static double
neighbour(double value, int steps)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    bits += (uint64_t)(int64_t)steps;
    memcpy(&value, &bits, sizeof value);
    return value;
}

TEST(powers_of_two_and_their_neighbours_read_back_equal)
{
    int exponent;

    for (exponent = -1074; exponent < 1024; exponent++) {
        double power = ldexp(1, exponent);

        check_reads_back(power);
        check_reads_back(-power);
        check_reads_back(neighbour(power, -1));
        check_reads_back(neighbour(power, 1));
    }
}

TEST(doubles_are_written_with_the_fewest_digits)
{
    check_writes(0, "0");
    check_writes(-0.0, "-0");
    check_writes(1, "1");
    check_writes(-1.5, "-1.5");
    check_writes(0.1, "0.1");
    check_writes(0.1 + 0.2, "0.30000000000000004");
    check_writes(1.0 / 3, "0.3333333333333333");
    check_writes(100, "100");
    check_writes(123456.789, "123456.789");
    check_writes(999999999999999, "999999999999999");
    check_writes(1e15, "1e+15");
    check_writes(1e22, "1e+22");
    check_writes(0.0001, "0.0001");
    check_writes(0.00012345, "0.00012345");
    check_writes(0.00001, "1e-05");
    check_writes(1e100, "1e+100");
    check_writes(DBL_MAX, "1.7976931348623157e+308");
    check_writes(DBL_MIN, "2.2250738585072014e-308");
    check_writes(5e-324, "5e-324");
    check_writes(9007199254740993.0, "9.007199254740992e+15");
    check_writes(9.5e-323, "9.4e-323");
    check_writes(NAN, "NaN");
    check_writes(-NAN, "NaN");
    check_writes(INFINITY, "Infinity");
    check_writes(-INFINITY, "-Infinity");
}

/* The nearest 16 digits, ...801e-14, belong to another double: below a power
 * of two they lie closer together. */
TEST(a_power_of_two_gets_sixteen_digits_where_they_suffice)
{
    check_writes(ldexp(1, -44), "5.684341886080802e-14");
    check_writes(ldexp(1, -24), "5.960464477539063e-08");
}

TEST(doubles_are_read_in_every_spelling)
{
    CHECK(parsed("1") == 1);
    CHECK(parsed("+1.50") == 1.5);
    CHECK(parsed("-.5") == -0.5);
    CHECK(parsed("5.") == 5);
    CHECK(parsed("1e3") == 1000);
    CHECK(parsed("1E+3") == 1000);
    CHECK(parsed("1000e-3") == 1);
    CHECK(parsed("000000000000000000000000000001") == 1);
    CHECK(parsed("0.0000000000000000000000000000001e31") == 1);
    CHECK(parsed("1e-400") == 0);
    CHECK(parsed("0e999999999999999999999") == 0);
    CHECK(parsed("1e-999999999999999999999") == 0);
    CHECK(signbit(parsed("-0.0")));
    CHECK(signbit(parsed("-1e-400")));
    CHECK(isnan(parsed("NaN")) && isnan(parsed("nan")));
    CHECK(parsed("Infinity") == INFINITY && parsed("inf") == INFINITY);
    CHECK(parsed("+INF") == INFINITY && parsed("-iNfInItY") == -INFINITY);
    CHECK(parsed("1.7976931348623158e308") == DBL_MAX);
}

TEST(far_digits_and_exponents_make_up_for_each_other)
{
    char text[3000];
    size_t len;

    memset(text, '0', sizeof text);
    text[0] = '1';
    len = 2000 + (size_t)sprintf(text + 2000, "e-1999");
    CHECK(parsed(text) == 1);
    memset(text, '0', sizeof text);
    text[0] = '.';
    len = 2000 + (size_t)sprintf(text + 2000, "1e2000");
    CHECK_INT(len, strlen(text));
    CHECK(parsed(text) == 1);
}

/* Halfway between 1 and the next double: a tie goes to the even one, 1, and
 * one more digit, however far off, decides it the other way. */
TEST(ties_are_decided_by_digits_however_far)
{
    const char half[] =
        "1.00000000000000011102230246251565404236316680908203125";
    char text[2000];

    CHECK(parsed(half) == 1);
    memset(text, '0', sizeof text);
    memcpy(text, half, sizeof half - 1);
    text[sizeof text - 1] = '\0';
    CHECK(parsed(text) == 1);
    text[sizeof text - 2] = '1';
    CHECK(parsed(text) == 1 + DBL_EPSILON);
}

TEST(what_is_no_double_is_refused)
{
    static const char *const texts[] = {
        "",           "+",
        "-",          ".",
        "e",          "1e",
        "1e+",        ".e1",
        "1 ",         " 1",
        "1,5",        "0x10",
        "1p3",        "1.2.3",
        "--1",        "1e1.5",
        "1e309",      "nan0",
        "+nan",       "-nan",
        "infin",      "in",
        "1_000",      "\t1",
        "1f",         "1e999999999999999999999",
        "-1e309",     "1.7976931348623159e308",
        "nan(1)",     "infinityx",
        "\xc4\xb1nf",
    };
    size_t i;

    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value;

        if (cup_real_parse(texts[i], strlen(texts[i]), &value)) {
            print_error("parses: %s\n", texts[i]);
            CHECK(false);
        }
    }
}

/* Where such a locale is installed; elsewhere this proves nothing new. */
TEST(the_locale_changes_nothing)
{
    static const char *const locales[] = { "de_DE.UTF-8", "de_DE.utf8",
                                           "fr_FR.UTF-8", "fa_IR.UTF-8",
                                           "ps_AF.UTF-8", "de_DE" };
    size_t i;

    for (i = 0; i < sizeof locales / sizeof locales[0]; i++) {
        if (setlocale(LC_ALL, locales[i]) == NULL)
            continue;
        check_writes(-1234567.5, "-1234567.5");
        check_writes(1.25e-10, "1.25e-10");
        CHECK(parsed("1234.5") == 1234.5);
        check_reads_back(0.1 + 0.2);
        check_reads_back(DBL_MAX);
    }
    setlocale(LC_ALL, "C");
}
