/* SPDX-License-Identifier: MIT */
#include "sql/value_order.h"

#include <math.h>

#include "support/test.h"

/* The values stand in rising order. */
static void
check_rising(const cupel_value *values, size_t count)
{
    size_t i, j;
    int order;

    for (i = 0; i < count; i++) {
        for (j = 0; j < count; j++) {
            CHECK(cup_value_order(&values[i], &values[j], &order));
            CHECK_INT((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

#define RISING(...)                                             \
    check_rising((const cupel_value[]){ __VA_ARGS__ },          \
                 sizeof((const cupel_value[]){ __VA_ARGS__ }) / \
                     sizeof(cupel_value))

TEST(numbers_are_ordered_by_size_with_nan_last)
{
    RISING(cupel_bool(false), cupel_bool(true));
    RISING(cupel_int(INT64_MIN), cupel_int(-1), cupel_int(0),
           cupel_int(INT64_MAX));
    RISING(cupel_double(-INFINITY), cupel_double(-0.5), cupel_double(0),
           cupel_double(INFINITY), cupel_double(NAN));
    RISING(cupel_decimal("-2"), cupel_decimal("1.5"), cupel_decimal("10"),
           cupel_decimal("NaN"));
}

TEST(text_is_ordered_by_code_points_and_shorter_first)
{
    RISING(cupel_string(""), cupel_string("A"), cupel_string("a"),
           cupel_string("ab"), cupel_string("b"), cupel_string("\xc3\xa4"));
    RISING(cupel_blob("", 0), cupel_blob("\x01", 1), cupel_blob("\xff", 1));
}

TEST(times_are_ordered_as_they_pass)
{
    RISING(cupel_date(2026, 1, 31), cupel_date(2026, 2, 1));
    RISING(cupel_time_of_day(1, 0, 0, 0), cupel_time_of_day(23, 0, 0, 0));
    RISING(cupel_datetime(-5), cupel_datetime(5));
    RISING(cupel_datetimetz(-5), cupel_datetimetz(5));
    RISING(cupel_interval_of(0, -1, 0), cupel_interval_of(0, 0, -1),
           cupel_interval_of(0, 0, 1), cupel_interval_of(0, 1, 0),
           cupel_interval_of(0, 30, 0), cupel_interval_of(1, 0, 0),
           cupel_interval_of(1, 0, 1));
}

TEST(uuids_are_ordered_by_their_bytes)
{
    static const uint8_t one[16] = { 1 }, two[16] = { 2 };

    RISING(cupel_uuid(one), cupel_uuid(two));
}

TEST(arrays_are_ordered_as_tuples)
{
    const cupel_value low[] = { cupel_int(1), cupel_int(2) };
    const cupel_value high[] = { cupel_int(1), cupel_int(3) };

    RISING(cupel_array_of(CUPEL_INT, low, 1), cupel_array_of(CUPEL_INT, low, 2),
           cupel_array_of(CUPEL_INT, high, 2));
}

static void
check_none(cupel_value left, cupel_value right)
{
    int order;

    CHECK(!cup_value_order(&left, &right, &order));
    CHECK(!cup_value_order(&right, &left, &order));
}

TEST(some_pairs_have_no_order)
{
    const cupel_value null[] = { cupel_null() }, one[] = { cupel_int(1) };
    cupel_value json = cupel_json("{}");
    int order;

    check_none(cupel_null(), cupel_int(1));
    check_none(cupel_int(1), cupel_string("1"));
    check_none(cupel_int(1), cupel_double(1));
    check_none(json, cupel_json("[]"));
    check_none(cupel_array_of(CUPEL_INT, null, 1),
               cupel_array_of(CUPEL_INT, one, 1));
    check_none(cupel_array_of(CUPEL_INT, one, 1),
               cupel_array_of(CUPEL_TEXT, NULL, 0));
    CHECK(cup_value_order(&null[0], &null[0], &order));
    CHECK_INT(order, 0);
    CHECK(cup_value_order(&json, &json, &order));
    CHECK_INT(order, 0);
}
