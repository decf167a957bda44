/* SPDX-License-Identifier: MIT */
/* Values in text. */
#include "sql/value.h"

#include "support/test.h"

#include <stdlib.h>

static const uint8_t some_uuid[16] = { 0xa0, 0xee, 0xbc, 0x99, 0x9c, 0x0b,
                                       0x4e, 0xf8, 0xbb, 0x6d, 0x6b, 0xb9,
                                       0xbd, 0x38, 0x0a, 0x11 };

static void
check_formats(cupel_value value, const char *expected)
{
    char text[256];

    CHECK_INT(cupel_value_format(&value, text, sizeof text), strlen(expected));
    CHECK_STR(text, expected);
}

static cupel_value
parsed(cupel_type type, const char *text)
{
    cupel_value value;

    CHECK_OK(cupel_value_parse(type, text, strlen(text), &value));
    CHECK_INT(value.type, type);
    return value;
}

static void
check_refused(cupel_type type, const char *text)
{
    cupel_value value = cupel_int(7);

    CHECK_FAILS(cupel_value_parse(type, text, strlen(text), &value),
                CUPEL_E_VALUE);
    CHECK_INT(value.as.integer, 7);
    if (strlen(text) > 2)
        CHECK(strstr(cupel_error_text(), text) == NULL);
}

TEST(each_type_has_its_text)
{
    check_formats(cupel_null(), "NULL");
    check_formats(cupel_bool(true), "true");
    check_formats(cupel_bool(false), "false");
    check_formats(cupel_int(0), "0");
    check_formats(cupel_int(INT64_MAX), "9223372036854775807");
    check_formats(cupel_int(INT64_MIN), "-9223372036854775808");
    check_formats(cupel_double(-0.25), "-0.25");
    check_formats(cupel_decimal("+1.50e1"), "15.0");
    check_formats(cupel_decimal("no number"), "no number");
    check_formats(cupel_string("as it is"), "as it is");
    check_formats(cupel_blob("\x00\xff\x1a", 3), "00ff1a");
    check_formats(cupel_blob(NULL, 0), "");
    check_formats(cupel_date(2024, 2, 29), "2024-02-29");
    check_formats(cupel_date(2024, 2, 30), "invalid");
    check_formats(cupel_time_of_day(1, 2, 3, 40000), "01:02:03.04");
    check_formats(cupel_datetime(0), "1970-01-01 00:00:00");
    check_formats(cupel_datetimetz(0), "1970-01-01 00:00:00+00:00");
    check_formats(cupel_interval_of(0, 1, 0), "P1D");
    check_formats(cupel_uuid(some_uuid),
                  "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    check_formats(cupel_json("{ }"), "{ }");
    check_formats((cupel_value){ .type = 99 }, "?");
}

TEST(arrays_are_written_in_braces)
{
    cupel_value texts[3] = { cupel_string("a\"b\\c"), cupel_null(),
                             cupel_string("NULL") };
    cupel_value numbers[2] = { cupel_int(1), cupel_int(-2) };
    cupel_value rows[2] = { cupel_array_of(CUPEL_INT, numbers, 2),
                            cupel_array_of(CUPEL_INT, NULL, 0) };

    check_formats(cupel_array_of(CUPEL_TEXT, texts, 3),
                  "{\"a\\\"b\\\\c\",NULL,\"NULL\"}");
    check_formats(cupel_array_of(CUPEL_INT, rows, 2), "{{1,-2},{}}");
}

TEST(what_does_not_fit_is_cut_and_counted)
{
    cupel_value value = cupel_datetimetz(0);
    char whole[64], part[64];
    size_t size, len = cupel_value_format(&value, whole, sizeof whole);

    CHECK_INT(cupel_value_format(&value, NULL, 0), len);
    CHECK_INT(cupel_value_format(&value, NULL, 10), len);
    for (size = 1; size < sizeof part; size++) {
        memset(part, '#', sizeof part);
        CHECK_INT(cupel_value_format(&value, part, size), len);
        CHECK_INT(strlen(part), size <= len ? size - 1 : len);
        CHECK(strncmp(part, whole, strlen(part)) == 0);
        CHECK_INT(part[size], '#');
    }
    CHECK_INT(cupel_value_format(NULL, part, sizeof part), 0);
    CHECK_STR(part, "");
}

TEST(what_is_written_reads_back_equal)
{
    const cupel_value values[] = {
        cupel_null(),
        cupel_bool(true),
        cupel_int(INT64_MIN),
        cupel_double(0.1),
        cupel_decimal("-1.50"),
        cupel_string("h\xc3\xa9"),
        cupel_string(""),
        cupel_date(-43, 3, 15),
        cupel_time_of_day(23, 59, 59, 1),
        cupel_datetime(INT64_MIN + 1),
        cupel_datetimetz(CUPEL_INFINITY_FUTURE),
        cupel_interval_of(INT32_MIN, INT32_MAX, INT64_MIN),
        cupel_uuid(some_uuid),
        cupel_json("[]"),
    };
    size_t i;

    for (i = 0; i < sizeof values / sizeof values[0]; i++) {
        char text[128];
        cupel_value again;

        cupel_value_format(&values[i], text, sizeof text);
        again = parsed((cupel_type)values[i].type, text);
        CHECK(cupel_value_equal(&values[i], &again));
    }
}

TEST(truth_has_three_spellings)
{
    CHECK(parsed(CUPEL_BOOL, "true").as.boolean);
    CHECK(parsed(CUPEL_BOOL, "t").as.boolean);
    CHECK(parsed(CUPEL_BOOL, "1").as.boolean);
    CHECK(!parsed(CUPEL_BOOL, "false").as.boolean);
    CHECK(!parsed(CUPEL_BOOL, "f").as.boolean);
    CHECK(!parsed(CUPEL_BOOL, "0").as.boolean);
    check_refused(CUPEL_BOOL, "");
    check_refused(CUPEL_BOOL, "yes");
    check_refused(CUPEL_BOOL, "True");
    check_refused(CUPEL_BOOL, "2");
}

TEST(whole_numbers_are_read_to_the_last_bit)
{
    CHECK_INT(parsed(CUPEL_INT, "9223372036854775807").as.integer, INT64_MAX);
    CHECK_INT(parsed(CUPEL_INT, "-9223372036854775808").as.integer, INT64_MIN);
    CHECK_INT(parsed(CUPEL_INT, "+00000000000000000000000012").as.integer, 12);
    CHECK_INT(parsed(CUPEL_INT, "-0").as.integer, 0);
    check_refused(CUPEL_INT, "9223372036854775808");
    check_refused(CUPEL_INT, "-9223372036854775809");
    check_refused(CUPEL_INT, "18446744073709551616");
    check_refused(CUPEL_INT, "99999999999999999999999");
    check_refused(CUPEL_INT, "");
    check_refused(CUPEL_INT, "-");
    check_refused(CUPEL_INT, "1.0");
    check_refused(CUPEL_INT, " 1");
    check_refused(CUPEL_INT, "1 ");
    check_refused(CUPEL_INT, "+-1");
    check_refused(CUPEL_INT, "0x1");
}

TEST(uuids_are_read_with_and_without_hyphens)
{
    cupel_value expected = cupel_uuid(some_uuid);
    cupel_value value;

    value = parsed(CUPEL_UUID, "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11");
    CHECK(cupel_value_equal(&value, &expected));
    value = parsed(CUPEL_UUID, "a0eebc999c0b4ef8bb6d6bb9bd380a11");
    CHECK(cupel_value_equal(&value, &expected));
    check_refused(CUPEL_UUID, "");
    check_refused(CUPEL_UUID, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1");
    check_refused(CUPEL_UUID, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g");
    check_refused(CUPEL_UUID, "a0eebc999-c0b-4ef8-bb6d-6bb9bd380a11");
    check_refused(CUPEL_UUID, "{a0eebc999c0b4ef8bb6d6bb9bd380a11}");
    check_refused(CUPEL_UUID, "a0eebc999c0b4ef8bb6d6bb9bd380a1112345");
    check_refused(CUPEL_UUID, "a0eebc99-9c0b-4ef8-bb6d-6bb9-d380a11");
}

TEST(a_uuid_is_written_without_hyphens_on_request)
{
    struct cup_writer writer;
    char text[40];

    cup_writer_init(&writer, text, sizeof text);
    cup_uuid_write(&writer, some_uuid, false);
    CHECK_INT(cup_writer_end(&writer), 32);
    CHECK_STR(text, "a0eebc999c0b4ef8bb6d6bb9bd380a11");
}

TEST(hexadecimal_is_read_in_place)
{
    char text[] = "00fF1a";

    CHECK(cup_hex_parse(text, 6, text));
    CHECK(memcmp(text, "\x00\xff\x1a", 3) == 0);
    CHECK(cup_hex_parse("", 0, text));
    CHECK(!cup_hex_parse("0", 1, text));
    CHECK(!cup_hex_parse("0g", 2, text));
    CHECK(!cup_hex_parse("g0", 2, text));
    CHECK(!cup_hex_parse("\\x", 2, text));
}

TEST(text_is_borrowed_and_checked)
{
    const char *text = "h\xc3\xa9";
    cupel_value value;

    CHECK_OK(cupel_value_parse(CUPEL_TEXT, text, 3, &value));
    CHECK(value.as.bytes.data == text);
    CHECK_OK(cupel_value_parse(CUPEL_JSON, text, 3, &value));
    CHECK_OK(cupel_value_parse(CUPEL_TEXT, NULL, 0, &value));
    CHECK_FAILS(cupel_value_parse(CUPEL_TEXT, text, 2, &value), CUPEL_E_VALUE);
    CHECK_FAILS(cupel_value_parse(CUPEL_JSON, "a\0b", 3, &value),
                CUPEL_E_VALUE);
    check_refused(CUPEL_DECIMAL, "1,5");
    check_refused(CUPEL_DOUBLE, "1,5");
    check_refused(CUPEL_DATE, "29.2.2024");
    check_refused(CUPEL_TIME, "noon");
    check_refused(CUPEL_DATETIME, "yesterday");
    check_refused(CUPEL_DATETIMETZ, "2024-02-29 00:00:00");
    check_refused(CUPEL_INTERVAL, "a while");
    check_refused(CUPEL_NULL, "nothing");
}

TEST(what_needs_memory_or_is_unknown_is_not_parsed)
{
    cupel_value value = cupel_int(7);

    CHECK_FAILS(cupel_value_parse(CUPEL_BYTES, "00", 2, &value), CUPEL_E_TYPE);
    CHECK_FAILS(cupel_value_parse(CUPEL_ARRAY, "{}", 2, &value), CUPEL_E_TYPE);
    CHECK_FAILS(cupel_value_parse((cupel_type)99, "", 0, &value), CUPEL_E_TYPE);
    CHECK_FAILS(cupel_value_parse((cupel_type)-1, "", 0, &value), CUPEL_E_TYPE);
    CHECK_FAILS(cupel_value_parse(CUPEL_INT, NULL, 1, &value),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_value_parse(CUPEL_INT, "1", 1, NULL), CUPEL_E_ARGUMENT);
    CHECK_INT(value.as.integer, 7);
}
