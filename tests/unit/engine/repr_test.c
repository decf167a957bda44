/* SPDX-License-Identifier: MIT */
/* Values as logs show them. */
#include "engine/repr.h"

#include <stdio.h>

#include "support/test.h"

static void
check_params(const cupel_value *values, size_t count, size_t sets,
             const char *expected)
{
    struct cup_buf buf;

    cup_buf_init(&buf, 1 << 20);
    cup_repr_params(&buf, values, count, sets);
    CHECK_OK(buf.failed);
    CHECK_STR(buf.data, expected);
    cup_buf_fini(&buf);
}

#define CHECK_VALUE(value, expected) \
    check_params((const cupel_value[]){ value }, 1, 1, "(" expected ",)")

TEST(values_are_written_as_literals_are)
{
    const cupel_value items[] = { cupel_int(1), cupel_null() };
    uint8_t uuid[16] = { 0 };

    CHECK_VALUE(cupel_null(), "NULL");
    CHECK_VALUE(cupel_bool(true), "true");
    CHECK_VALUE(cupel_int(-12), "-12");
    CHECK_VALUE(cupel_double(1.5), "1.5");
    CHECK_VALUE(cupel_decimal("12.50"), "12.50");
    CHECK_VALUE(cupel_string("a\x27z\\\n\x01"), "'a\\'z\\\\\\n\\x01'");
    CHECK_VALUE(cupel_string("\xc3\xa9\xff"), "'\xc3\xa9\\xff'");
    CHECK_VALUE(cupel_blob("\x00\xff", 2), "x'00ff'");
    CHECK_VALUE(cupel_date(2024, 2, 29), "'2024-02-29'");
    CHECK_VALUE(cupel_json("{}"), "'{}'");
    CHECK_VALUE(cupel_uuid(uuid), "'00000000-0000-0000-0000-000000000000'");
    CHECK_VALUE(cupel_array_of(CUPEL_INT, items, 2), "[1, NULL]");
}

TEST(parameters_stand_in_brackets)
{
    const cupel_value values[] = { cupel_int(1), cupel_string("a"),
                                   cupel_int(2), cupel_string("b") };

    check_params(NULL, 0, 1, "()");
    check_params(values, 1, 1, "(1,)");
    check_params(values, 2, 1, "(1, 'a')");
    check_params(values, 2, 2, "[(1, 'a'), (2, 'b')]");
    check_params(NULL, 0, 3, "[(), (), ()]");
}

TEST(a_long_value_keeps_150_characters_at_either_end)
{
    char text[2 * 5000 + 1], expected[sizeof text + 8];
    size_t i, at;

    for (i = 0; i < 5000; i++)
        memcpy(text + 2 * i, "\xc3\xa9", 2);
    text[sizeof text - 1] = '\0';
    at = (size_t)snprintf(expected, sizeof expected, "('");
    for (i = 0; i < 149; i++)
        at += (size_t)snprintf(expected + at, sizeof expected - at, "\xc3\xa9");
    at += (size_t)snprintf(expected + at, sizeof expected - at,
                           " ... (4702 characters truncated) ... ");
    for (i = 0; i < 149; i++)
        at += (size_t)snprintf(expected + at, sizeof expected - at, "\xc3\xa9");
    snprintf(expected + at, sizeof expected - at, "',)");
    check_params((const cupel_value[]){ cupel_string(text) }, 1, 1, expected);

    text[2 * 149] = '\0'; /* 151 characters with the quotes */
    snprintf(expected, sizeof expected, "('%s',)", text);
    check_params((const cupel_value[]){ cupel_string(text) }, 1, 1, expected);
}

/* The same without looking at its middle. */
static void
check_very_long(const cupel_value *value, const char *start, const char *cut,
                const char *end)
{
    struct cup_buf buf;

    cup_buf_init(&buf, 1 << 20);
    cup_repr_params(&buf, value, 1, 1);
    CHECK_OK(buf.failed);
    CHECK_INT(strncmp(buf.data, start, strlen(start)), 0);
    CHECK(strstr(buf.data, cut) != NULL);
    CHECK_STR(buf.data + buf.len - strlen(end), end);
    cup_buf_fini(&buf);
}

TEST(a_very_long_value_is_cut_in_the_same_places)
{
    static char text[1 + 2 * 20000 + 1];
    static cupel_value items[20000];
    cupel_value value;
    size_t i;

    text[0] = 'a';
    for (i = 1; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    value = cupel_string(text);
    check_very_long(&value, "('a\xc3\xa9\xc3\xa9", " (19703 characters ",
                    "\xc3\xa9\xc3\xa9',)");
    value = cupel_blob(text, 20000);
    check_very_long(&value, "(x'61c3a9c3a9", " (39703 characters ", "a9c3',)");
    for (i = 0; i < 20000; i++)
        items[i] = cupel_int((int64_t)i);
    value = cupel_array_of(CUPEL_INT, items, 20000);
    check_very_long(&value, "([0, 1, 2,", " characters truncated) ",
                    "19998, 19999],)");
}

TEST(more_than_100_parameters_keep_50_at_either_end)
{
    cupel_value values[101];
    char expected[1000] = "(";
    size_t i;

    for (i = 0; i < 101; i++)
        values[i] = cupel_int(7);
    for (i = 0; i < 50; i++)
        strcat(expected, i == 0 ? "7" : ", 7");
    strcat(expected, " ... 1 parameters truncated ... ");
    for (i = 0; i < 50; i++)
        strcat(expected, i == 0 ? "7" : ", 7");
    strcat(expected, ")");
    check_params(values, 101, 1, expected);
}

TEST(more_than_10_sets_keep_8_and_2)
{
    cupel_value values[100];
    size_t i;

    for (i = 0; i < 100; i++)
        values[i] = cupel_int((int64_t)i);
    check_params(values, 1, 10,
                 "[(0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,), (8,), "
                 "(9,)]");
    check_params(values, 1, 100,
                 "[(0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,)  ... "
                 "displaying 10 of 100 total bound parameter sets ...  "
                 "(98,), (99,)]");
}
