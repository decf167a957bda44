/* SPDX-License-Identifier: MIT */
#include "engine/convert.h"

#include "support/test.h"

static bool
converts(cupel_value in, cupel_type type, cupel_value expected)
{
    cupel_value out;

    return cup_convert(&in, type, &out) && cupel_value_equal(&out, &expected);
}

static bool
refuses(cupel_value in, cupel_type type)
{
    cupel_value out;

    return !cup_convert(&in, type, &out);
}

TEST(a_value_converts_to_its_own_type)
{
    CHECK(converts(cupel_int(7), CUPEL_INT, cupel_int(7)));
    CHECK(converts(cupel_string("a"), CUPEL_TEXT, cupel_string("a")));
}

TEST(null_stays_null)
{
    CHECK(converts(cupel_null(), CUPEL_DATE, cupel_null()));
}

TEST(only_0_and_1_are_truth_values)
{
    CHECK(converts(cupel_int(1), CUPEL_BOOL, cupel_bool(true)));
    CHECK(converts(cupel_int(0), CUPEL_BOOL, cupel_bool(false)));
    CHECK(refuses(cupel_int(2), CUPEL_BOOL));
    CHECK(converts(cupel_bool(true), CUPEL_INT, cupel_int(1)));
}

TEST(numbers_convert_where_they_lose_nothing)
{
    CHECK(converts(cupel_int(-3), CUPEL_DOUBLE, cupel_double(-3.0)));
    CHECK(refuses(cupel_int((INT64_C(1) << 53) + 1), CUPEL_DOUBLE));
    CHECK(converts(cupel_double(4.0), CUPEL_INT, cupel_int(4)));
    CHECK(refuses(cupel_double(4.5), CUPEL_INT));
    CHECK(refuses(cupel_double(1e300), CUPEL_INT));
    CHECK(converts(cupel_decimal("12.00"), CUPEL_INT, cupel_int(12)));
    CHECK(refuses(cupel_decimal("12.01"), CUPEL_INT));
    CHECK(converts(cupel_decimal("100"), CUPEL_INT, cupel_int(100)));
    CHECK(converts(cupel_decimal("0.5"), CUPEL_DOUBLE, cupel_double(0.5)));
}

TEST(text_is_parsed)
{
    CHECK(converts(cupel_string("2026-11-22"), CUPEL_DATE,
                   cupel_date(2026, 11, 22)));
    CHECK(
        converts(cupel_string("12.50"), CUPEL_DECIMAL, cupel_decimal("12.5")));
    CHECK(refuses(cupel_string("yesterday"), CUPEL_DATE));
    CHECK(converts(cupel_string("{}"), CUPEL_JSON, cupel_json("{}")));
    CHECK(converts(cupel_json("{}"), CUPEL_TEXT, cupel_string("{}")));
}

TEST(a_refused_text_leaves_no_record)
{
    const cupel_error *before = cupel_error_last();

    CHECK(refuses(cupel_string("x"), CUPEL_UUID));
    CHECK(cupel_error_last() == before);
}

TEST(bytes_and_arrays_do_not_convert)
{
    CHECK(refuses(cupel_blob("a", 1), CUPEL_TEXT));
    CHECK(refuses(cupel_string("a"), CUPEL_BYTES));
    CHECK(refuses(cupel_array_of(CUPEL_INT, NULL, 0), CUPEL_TEXT));
}
