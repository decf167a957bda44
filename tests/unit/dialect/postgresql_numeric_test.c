/* SPDX-License-Identifier: MIT */
/* Exact numbers to PostgreSQL's digits and back. */
#include "support/test.h"

#include "dialect/postgresql/numeric.h"
#include "dialect/postgresql/types.h"

#include <stdio.h>

/* What comes back must be this text. */
static void
check_becomes(const char *text, const char *expected)
{
    const struct cup_pg_type *type = cup_pg_type_find(1700);
    struct cup_arena arena = { 0 };
    cupel_value value = { 0 };
    struct cup_buf buf;

    cup_buf_init(&buf, 1024 * 1024);
    CHECK_OK(cup_pg_write_numeric(&buf, text, strlen(text)));
    CHECK_OK(type->read_binary(type, buf.data, buf.len, &arena, &value));
    CHECK_INT(value.type, CUPEL_DECIMAL);
    CHECK_INT(value.as.bytes.len, strlen(expected));
    assert_memory_equal(value.as.bytes.data, expected, strlen(expected));
    cup_arena_fini(&arena);
    cup_buf_fini(&buf);
}

static void
check_same(const char *text)
{
    check_becomes(text, text);
}

TEST(plain_numbers_stay_the_same)
{
    check_same("0");
    check_same("0.0");
    check_same("0.000000000");
    check_same("1");
    check_same("-1");
    check_same("10");
    check_same("9999");
    check_same("10000");
    check_same("99999999");
    check_same("100000000");
    check_same("1.5");
    check_same("-12.50");
    check_same("0.1");
    check_same("0.0001");
    check_same("0.00001");
    check_same("0.00010000");
    check_same("12345.67890");
    check_same("10000.0001");
    check_same("123456789012345678901234567890.123456789012345678901234567890");
}

TEST(special_numbers_have_names)
{
    check_same("NaN");
    check_same("Infinity");
    check_same("-Infinity");
}

TEST(other_spellings_become_plain)
{
    check_becomes("+1.5", "1.5");
    check_becomes("007", "7");
    check_becomes(".5", "0.5");
    check_becomes("5.", "5");
    check_becomes("-0", "0");
    check_becomes("1e3", "1000");
    check_becomes("1.5E3", "1500");
    check_becomes("1.23456e2", "123.456");
    check_becomes("15e-1", "1.5");
    check_becomes("1e-10", "0.0000000001");
    check_becomes("12345e-7", "0.0012345");
}

TEST(every_length_on_both_sides_of_the_point)
{
    static const char digits[] = "98765432109876543210";
    size_t whole, part;
    char text[64];

    for (whole = 1; whole <= 13; whole++) {
        for (part = 1; part <= 13; part++) {
            snprintf(text, sizeof text, "%.*s.%.*s", (int)whole, digits,
                     (int)part, digits + 1);
            check_same(text);
        }
    }
}

TEST(what_is_no_number_is_refused)
{
    static const char *const texts[] = { "",   "-",   ".",    "e5",
                                         "1e", "1 2", "0x10", "1.2.3" };
    struct cup_buf buf;
    size_t i;

    cup_buf_init(&buf, 1000);
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        CHECK_FAILS(cup_pg_write_numeric(&buf, texts[i], strlen(texts[i])),
                    CUPEL_E_VALUE);
    cup_buf_fini(&buf);
}

TEST(what_does_not_fit_is_refused)
{
    struct cup_buf buf;

    cup_buf_init(&buf, 1000);
    CHECK_FAILS(cup_pg_write_numeric(&buf, "1e200000", 8), CUPEL_E_VALUE);
    CHECK_FAILS(cup_pg_write_numeric(&buf, "1e-20000", 8), CUPEL_E_VALUE);
    CHECK_FAILS(cup_pg_write_numeric(&buf, "1e99999999999999999999", 22),
                CUPEL_E_VALUE);
    CHECK_OK(cup_pg_write_numeric(&buf, "1e131071", 8));
    cup_buf_fini(&buf);
}

TEST(malformed_digits_are_refused)
{
    static const struct {
        const char *data;
        size_t len;
    } cases[] = {
        { "", 0 },
        { "\0\0\0\0\0\0", 6 },
        { "\0\1\0\0\0\0\0\0", 8 },          /* a digit is missing */
        { "\0\1\0\0\0\0\0\0\0\1\0\2", 12 }, /* one too many */
        { "\xff\xff\0\0\0\0\0\0", 8 },      /* fewer than none */
        { "\0\1\0\0\0\0\0\0\x27\x10", 10 }, /* no digit of base 10000 */
        { "\0\1\0\0\0\0\0\0\xff\xff", 10 }, /* neither */
        { "\0\1\0\0\x12\x34\0\0\0\1", 10 }, /* no sign */
        { "\0\1\0\0\0\0\x7f\xff\0\1", 10 }, /* too many places */
    };
    const struct cup_pg_type *type = cup_pg_type_find(1700);
    struct cup_arena arena = { 0 };
    cupel_value value = { 0 };
    size_t i;

    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_FAILS(type->read_binary(type, cases[i].data, cases[i].len, &arena,
                                      &value),
                    CUPEL_E_DATA);
    cup_arena_fini(&arena);
}

/* The weights at the ends of what 16 bits hold. */
TEST(the_largest_and_the_smallest_weight_are_read)
{
    const struct cup_pg_type *type = cup_pg_type_find(1700);
    struct cup_arena arena = { 0 };
    cupel_value value = { 0 };

    CHECK_OK(type->read_binary(type, "\0\1\x7f\xff\0\0\0\0\0\1", 10, &arena,
                               &value));
    CHECK_INT(value.as.bytes.len, 32767 * 4 + 1);
    CHECK_OK(type->read_binary(type, "\0\1\x80\0\0\0\x3f\xff\0\1", 10, &arena,
                               &value));
    CHECK_INT(value.as.bytes.len, 2 + 16383);
    cup_arena_fini(&arena);
}
