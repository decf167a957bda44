/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

#include "dialect/fake/eval.h"

static void
check_order(cupel_value left, cupel_value right, int expected)
{
    int order = 0;

    CHECK(cup_fake_compare(&left, &right, &order));
    CHECK_INT((order > 0) - (order < 0), expected);
    CHECK(cup_fake_compare(&right, &left, &order));
    CHECK_INT((order > 0) - (order < 0), -expected);
}

TEST(values_of_one_type_have_an_order)
{
    static const uint8_t low[16] = { 1 }, high[16] = { 2 };

    check_order(cupel_int(1), cupel_int(2), -1);
    check_order(cupel_int(7), cupel_int(7), 0);
    check_order(cupel_bool(false), cupel_bool(true), -1);
    check_order(cupel_double(1.5), cupel_double(1.25), 1);
    check_order(cupel_string("a"), cupel_string("ab"), -1);
    check_order(cupel_string(""), cupel_string(""), 0);
    check_order(cupel_blob("\0\1", 2), cupel_blob("\0\0", 2), 1);
    check_order(cupel_date(2024, 2, 29), cupel_date(2024, 3, 1), -1);
    check_order(cupel_datetime(5), cupel_datetime(4), 1);
    check_order(cupel_uuid(low), cupel_uuid(high), -1);
    check_order(cupel_decimal("1.50"), cupel_decimal("1.5"), 0);
    check_order(cupel_decimal("10"), cupel_decimal("9.5"), 1);
}

TEST(numbers_of_different_types_compare)
{
    check_order(cupel_int(1), cupel_double(1.5), -1);
    check_order(cupel_decimal("2.5"), cupel_int(2), 1);
    check_order(cupel_decimal("0.5"), cupel_double(0.5), 0);
}

TEST(what_has_no_order_may_still_be_equal)
{
    cupel_value day = cupel_interval_of(0, 1, 0);
    cupel_value other = cupel_interval_of(0, 2, 0);
    cupel_value text = cupel_string("1");
    cupel_value one = cupel_int(1);
    int order = 1;

    CHECK(cup_fake_compare(&day, &day, &order));
    CHECK_INT(order, 0);
    CHECK(!cup_fake_compare(&day, &other, &order));
    CHECK(!cup_fake_compare(&text, &one, &order));
}

FAKE_TEST(arithmetic_follows_the_types)
{
    CHECK_ASK(wire, "SELECT 1 + 2, 5 - 7, 3 * 4", "3,-2,12");
    CHECK_ASK(wire, "SELECT 1 + 0.5, 2.5 - 1, 0.5 * 0.5", "1.5,1.5,0.25");
    CHECK_ASK(wire, "SELECT 'a' || 'b' || ''", "ab");
    CHECK_SQLSTATE(fake_run(wire, "SELECT 9223372036854775807 + 1"),
                   CUPEL_E_DATA, "22003");
    CHECK_SQLSTATE(fake_run(wire, "SELECT -9223372036854775807 - 2"),
                   CUPEL_E_DATA, "22003");
    CHECK_SQLSTATE(fake_run(wire, "SELECT 9223372036854775807 * 2"),
                   CUPEL_E_DATA, "22003");
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1 + 'a'"), CUPEL_E_PROGRAMMING,
                   "42883");
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1 || 'a'"), CUPEL_E_PROGRAMMING,
                   "42883");
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1 < 'a'"), CUPEL_E_PROGRAMMING,
                   "42883");
}

FAKE_TEST(comparisons_know_all_six_operators)
{
    CHECK_ASK(wire, "SELECT 1 = 1, 1 <> 1, 1 != 2", "true,false,true");
    CHECK_ASK(wire, "SELECT 1 < 2, 2 <= 2, 3 > 2, 2 >= 3",
              "true,true,true,false");
}

FAKE_TEST(casts_convert)
{
    CHECK_ASK(wire, "SELECT CAST('12' AS INTEGER) + 1", "13");
    CHECK_ASK(wire, "SELECT CAST(12 AS TEXT) || '!'", "12!");
    CHECK_ASK(wire, "SELECT CAST(2.5 AS INT), CAST(-1.2 AS INT)", "3,-1");
    CHECK_ASK(wire, "SELECT CAST(1 AS DOUBLE PRECISION) + 0.5", "1.5");
    CHECK_ASK(wire, "SELECT CAST(TRUE AS INT), CAST(0 AS BOOLEAN)", "1,false");
    CHECK_ASK(wire, "SELECT CAST(CAST('1.50' AS NUMERIC) AS TEXT)", "1.50");
    CHECK_ASK(wire, "SELECT CAST(7 AS NUMERIC)", "7");
    CHECK_ASK(wire, "SELECT CAST('2024-02-29' AS DATE)", "2024-02-29");
    CHECK_ASK(wire, "SELECT CAST(NULL AS INT)", "NULL");
}

FAKE_TEST(casts_that_cannot_be_are_refused)
{
    CHECK_SQLSTATE(fake_run(wire, "SELECT CAST('abc' AS INTEGER)"),
                   CUPEL_E_DATA, "22P02");
    CHECK_STR(cupel_error_text(), "invalid input syntax for type int");
    CHECK_SQLSTATE(fake_run(wire, "SELECT CAST(1e30 AS INTEGER)"), CUPEL_E_DATA,
                   "22003");
    CHECK_SQLSTATE(fake_run(wire, "SELECT CAST(1 AS DATE)"),
                   CUPEL_E_PROGRAMMING, "42846");
}

TEST(copies_of_values_stand_alone)
{
    max_align_t memory[64];
    char *next = (char *)memory;
    char text[] = "inner";
    cupel_value inner[2] = { cupel_string(text), cupel_null() };
    cupel_value lists[2] = { cupel_array_of(CUPEL_TEXT, inner, 2),
                             cupel_array_of(CUPEL_TEXT, NULL, 0) };
    cupel_value whole = cupel_array_of(CUPEL_TEXT, lists, 2);
    size_t extent = cup_fake_value_extent(&whole);
    cupel_value copy = cup_fake_value_copy(&whole, &next);

    CHECK_INT(next - (char *)memory, extent);
    CHECK(cupel_value_equal(&whole, &copy));
    memset(text, 'x', 5);
    CHECK(!cupel_value_equal(&whole, &copy));
    memset(inner, 0, sizeof inner);
    CHECK(memcmp(copy.as.array.items[0].as.array.items[0].as.bytes.data,
                 "inner", 5) == 0);
}
