/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

FAKE_TEST(names_are_folded_unless_quoted)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE T (Abc INT, \"Def\" INT)"));
    CHECK_OK(fake_run(wire, "INSERT INTO t (ABC, \"Def\") VALUES (1, 2)"));
    CHECK_ASK(wire, "SELECT aBc, \"Def\" FROM t", "1,2");
    CHECK_SQLSTATE(fake_run(wire, "SELECT def FROM t"), CUPEL_E_PROGRAMMING,
                   "42703");
}

FAKE_TEST(quoted_names_may_be_keywords_or_hold_quotes)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE \"select\" (\"a\"\"b\" INT)"));
    CHECK_OK(fake_run(wire, "INSERT INTO \"select\" VALUES (3)"));
    CHECK_ASK(wire, "SELECT \"a\"\"b\" FROM \"select\"", "3");
}

FAKE_TEST(keywords_are_no_names)
{
    CHECK_SQLSTATE(fake_run(wire, "SELECT from FROM t"), CUPEL_E_PROGRAMMING,
                   "42601");
    CHECK_INT(cupel_error_position(cupel_error_last()), 8);
    CHECK_STR(cupel_error_text(), "syntax error at or near \"from\"");
}

FAKE_TEST(every_spelling_of_a_type_is_understood)
{
    cupel_rows *rows;
    static const int32_t types[] = {
        CUPEL_INT,      CUPEL_INT,        CUPEL_TEXT, CUPEL_DECIMAL,
        CUPEL_DOUBLE,   CUPEL_DATETIMETZ, CUPEL_TIME, CUPEL_ARRAY,
        CUPEL_DATETIME, CUPEL_DATETIMETZ,
    };

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a BIGINT, b integer, "
                            "c VARCHAR(20), d NUMERIC(10, 2), "
                            "e DOUBLE PRECISION, f TIMESTAMP WITH TIME ZONE, "
                            "g TIME WITHOUT TIME ZONE, h INTEGER[], "
                            "i TIMESTAMP, j TIMESTAMPTZ)"));
    CHECK_OK(fake_execute(wire, "SELECT * FROM t", NULL, 0, &rows));
    CHECK_INT(rows->column_count, 10);
    for (size_t i = 0; i < rows->column_count; i++)
        CHECK_INT(rows->columns[i].type, types[i]);
    rows->ops->free(rows);
}

FAKE_TEST(unknown_types_are_refused)
{
    CHECK_SQLSTATE(fake_run(wire, "CREATE TABLE t (a MONEY)"),
                   CUPEL_E_PROGRAMMING, "42704");
    CHECK_INT(cupel_error_position(cupel_error_last()), 19);
    CHECK_SQLSTATE(fake_run(wire, "CREATE TABLE t (a VARCHAR(x))"),
                   CUPEL_E_PROGRAMMING, "42601");
    CHECK_SQLSTATE(fake_run(wire, "CREATE TABLE t (a"), CUPEL_E_PROGRAMMING,
                   "42601");
    CHECK_STR(cupel_error_text(), "syntax error at end of input");
}

FAKE_TEST(positions_count_characters)
{
    CHECK_SQLSTATE(fake_run(wire, "SELECT 'ä€' %"), CUPEL_E_PROGRAMMING,
                   "42601");
    CHECK_INT(cupel_error_position(cupel_error_last()), 13);
}
