/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

FAKE_TEST(operators_bind_as_in_sql)
{
    CHECK_ASK(wire, "SELECT 2 + 3 * 4", "14");
    CHECK_ASK(wire, "SELECT (2 + 3) * 4", "20");
    CHECK_ASK(wire, "SELECT 10 - 3 - 2", "5");
    CHECK_ASK(wire, "SELECT -2 * 3", "-6");
    CHECK_ASK(wire, "SELECT 1 + 1 = 2 AND NOT 1 = 2", "true");
    CHECK_ASK(wire, "SELECT TRUE OR FALSE AND FALSE", "true");
    CHECK_ASK(wire, "SELECT NOT 1 IS NULL", "true");
    CHECK_ASK(wire, "SELECT 1 IS NOT NULL", "true");
}

FAKE_TEST(literals_have_their_values)
{
    CHECK_ASK(wire, "SELECT 'it''s', 1, 2.5, TRUE, NULL",
              "it's,1,2.5,true,NULL");
    CHECK_ASK(wire, "SELECT X'00fF' = x'00Ff'", "true");
    CHECK_ASK(wire, "SELECT 9223372036854775807", "9223372036854775807");
    CHECK_ASK(wire, "SELECT '', x''", ",");
}

FAKE_TEST(bad_literals_are_refused)
{
    CHECK_SQLSTATE(fake_run(wire, "SELECT 9223372036854775808"), CUPEL_E_DATA,
                   "22003");
    CHECK_SQLSTATE(fake_run(wire, "SELECT x'0'"), CUPEL_E_PROGRAMMING, "42601");
    CHECK_SQLSTATE(fake_run(wire, "SELECT x'0g'"), CUPEL_E_PROGRAMMING,
                   "42601");
    CHECK_SQLSTATE(fake_run(wire, "SELECT 'abc"), CUPEL_E_PROGRAMMING, "42601");
}

FAKE_TEST(functions_that_are_not_there_are_named)
{
    CHECK_SQLSTATE(fake_run(wire, "SELECT now()"), CUPEL_E_PROGRAMMING,
                   "42883");
    CHECK_STR(cupel_error_text(), "function now() does not exist");
}

FAKE_TEST(half_expressions_are_refused)
{
    static const char *const texts[] = {
        "SELECT",        "SELECT 1 +",      "SELECT (1",
        "SELECT )",      "SELECT CAST(1)",  "SELECT CAST(1 AS",
        "SELECT CAST 1", "SELECT count(",   "SELECT count(*",
        "SELECT 1 IS 2", "SELECT 1 IS NOT", "SELECT -",
        "SELECT NOT",    "SELECT 1 2",      "SELECT 1,",
        "SELECT sum(*)", "SELECT ( + )",    "SELECT CAST(AS INT)",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        CHECK_SQLSTATE(fake_run(wire, texts[i]), CUPEL_E_PROGRAMMING, "42601");
}

FAKE_TEST(too_big_an_expression_is_refused)
{
    char deep[1000] = "SELECT ";
    char wide[2000] = "SELECT 1";

    memset(deep + 7, '(', 500);
    CHECK_SQLSTATE(fake_run(wire, deep), CUPEL_E_OPERATIONAL, "54001");
    for (size_t i = 8; i < 1900; i += 2)
        memcpy(wide + i, "+1", 2);
    CHECK_SQLSTATE(fake_run(wire, wide), CUPEL_E_OPERATIONAL, "54001");
    memset(deep, 0, sizeof deep);
    strcpy(deep, "SELECT ");
    memset(deep + 7, '-', 90);
    CHECK_SQLSTATE(fake_run(wire, deep), CUPEL_E_PROGRAMMING, "42601");
}
