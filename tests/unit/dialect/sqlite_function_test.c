/* SPDX-License-Identifier: MIT */
#include "dialect/sqlite/function.h"

#include "../base/failing_alloc.h"

#include <stdio.h>

static char answer[64];

/* The one value of `SELECT expression`, or the error's message. */
static const char *
value_of(const char *expression)
{
    char sql[256];
    sqlite3_stmt *stmt;
    const unsigned char *text;
    sqlite3 *db;

    snprintf(sql, sizeof sql, "SELECT %s", expression);
    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    CHECK_INT(cup_sqlite_functions_install(db), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        text = sqlite3_column_text(stmt, 0);
        snprintf(answer, sizeof answer, "%s",
                 text == NULL ? "NULL" : (const char *)text);
    } else {
        snprintf(answer, sizeof answer, "%s", sqlite3_errmsg(db));
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return answer;
}

TEST(regexp_finds_a_pattern_anywhere)
{
    CHECK_STR(value_of("'a cupel of gold' REGEXP 'c[a-z]+l'"), "1");
    CHECK_STR(value_of("'a cup of tea' REGEXP 'c[a-z]+l'"), "0");
}

TEST(regexp_takes_extended_patterns)
{
    CHECK_STR(value_of("'abcabc' REGEXP '^(abc){2}$'"), "1");
    CHECK_STR(value_of("'abcab' REGEXP '^(abc){2}$'"), "0");
    CHECK_STR(value_of("'x' REGEXP 'y|x'"), "1");
}

TEST(regexp_of_null_is_null)
{
    CHECK_STR(value_of("NULL REGEXP 'a'"), "NULL");
    CHECK_STR(value_of("'a' REGEXP NULL"), "NULL");
}

TEST(regexp_without_memory_says_so)
{
    failing_alloc_install(1, true);
    CHECK_STR(value_of("'a' REGEXP 'a'"), "out of memory");
    failing_alloc_end();
}

TEST(regexp_compares_numbers_as_text)
{
    CHECK_STR(value_of("42 REGEXP '^4'"), "1");
}

TEST(regexp_refuses_a_malformed_pattern)
{
    CHECK_STR(value_of("'a' REGEXP '('"), "the pattern of REGEXP is malformed");
}

TEST(regexp_keeps_its_pattern_from_row_to_row)
{
    CHECK_STR(value_of("(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + "
                       "1 FROM n WHERE x < 1000) SELECT count(*) FROM n WHERE "
                       "x REGEXP '^1.*1$')"),
              "11");
}

TEST(regexp_with_a_pattern_of_each_row_uses_that)
{
    CHECK_STR(value_of("group_concat('ab' REGEXP p) FROM (SELECT 'a' AS p "
                       "UNION ALL SELECT 'c' UNION ALL SELECT 'b')"),
              "1,0,1");
}

TEST(floor_goes_down)
{
    CHECK_STR(value_of("floor(1.5)"), "1.0");
    CHECK_STR(value_of("floor(-1.5)"), "-2.0");
    CHECK_STR(value_of("floor(-2.0)"), "-2.0");
    CHECK_STR(value_of("floor(1e300) = 1e300"), "1");
    CHECK_STR(value_of("floor(-9e999) = -9e999"), "1");
}

TEST(floor_leaves_integers_alone)
{
    CHECK_STR(value_of("floor(9223372036854775807)"), "9223372036854775807");
    CHECK_STR(value_of("typeof(floor(3))"), "integer");
}

TEST(floor_of_what_is_no_number_is_null)
{
    CHECK_STR(value_of("floor('x')"), "NULL");
    CHECK_STR(value_of("floor(NULL)"), "NULL");
    CHECK_STR(value_of("floor('1.5')"), "1.0");
}
