/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

FAKE_TEST(null_is_neither_true_nor_false)
{
    CHECK_ASK(wire, "SELECT NULL AND FALSE, NULL AND TRUE", "false,NULL");
    CHECK_ASK(wire, "SELECT NULL OR TRUE, NULL OR FALSE", "true,NULL");
    CHECK_ASK(wire, "SELECT FALSE AND NULL, TRUE OR NULL", "false,true");
    CHECK_ASK(wire, "SELECT NOT NULL, NULL = NULL, 1 + NULL", "NULL,NULL,NULL");
    CHECK_ASK(wire, "SELECT NULL IS NULL, 1 IS NULL", "true,false");
    CHECK_ASK(wire, "SELECT -NULL, 'a' || NULL", "NULL,NULL");
}

FAKE_TEST(signs_apply_to_numbers)
{
    CHECK_ASK(wire, "SELECT -5, - -5, -0.5", "-5,5,-0.5");
    CHECK_SQLSTATE(fake_run(wire, "SELECT -'a'"), CUPEL_E_PROGRAMMING, "42883");
}

FAKE_TEST(conditions_must_be_boolean)
{
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1 WHERE 1"), CUPEL_E_PROGRAMMING,
                   "42804");
    CHECK_SQLSTATE(fake_run(wire, "SELECT NOT 1"), CUPEL_E_PROGRAMMING,
                   "42804");
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1 AND TRUE"), CUPEL_E_PROGRAMMING,
                   "42804");
    CHECK_SQLSTATE(fake_run(wire, "SELECT FALSE OR 'x'"), CUPEL_E_PROGRAMMING,
                   "42804");
    CHECK_ASK(wire, "SELECT 1 WHERE NULL", "");
    CHECK_ASK(wire, "SELECT 1 WHERE TRUE", "1");
}

FAKE_TEST(parameters_take_their_places)
{
    cupel_value values[] = { cupel_int(5), cupel_string("x"), cupel_int(2) };
    cupel_value factors[] = { cupel_int(6), cupel_int(7) };

    CHECK_STR(fake_ask_with(wire, "SELECT ? * ?", factors, 2), "42");
    CHECK_STR(fake_ask_with(wire, "SELECT ?, ?, ?", values, 3), "5,x,2");
    CHECK_SQLSTATE(fake_execute(wire, "SELECT ?", NULL, 0, NULL),
                   CUPEL_E_OPERATIONAL, "08P01");
    CHECK_SQLSTATE(fake_execute(wire, "SELECT 1", values, 1, NULL),
                   CUPEL_E_OPERATIONAL, "08P01");
}

FAKE_TEST(columns_are_looked_for_even_in_empty_tables)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_SQLSTATE(fake_run(wire, "SELECT b FROM t"), CUPEL_E_PROGRAMMING,
                   "42703");
    CHECK_INT(cupel_error_position(cupel_error_last()), 8);
    CHECK_SQLSTATE(fake_run(wire, "SELECT a FROM t WHERE b = 1"),
                   CUPEL_E_PROGRAMMING, "42703");
    CHECK_SQLSTATE(fake_run(wire, "SELECT a"), CUPEL_E_PROGRAMMING, "42703");
}

FAKE_TEST(aggregates_have_their_place)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_SQLSTATE(fake_run(wire, "SELECT a FROM t WHERE count(*) = 1"),
                   CUPEL_E_PROGRAMMING, "42803");
    CHECK_SQLSTATE(fake_run(wire, "SELECT sum(count(a)) FROM t"),
                   CUPEL_E_PROGRAMMING, "42803");
    CHECK_SQLSTATE(fake_run(wire, "SELECT a, count(*) FROM t"),
                   CUPEL_E_PROGRAMMING, "42803");
}

FAKE_TEST(types_of_columns_are_known_without_rows)
{
    static const int32_t types[] = { CUPEL_INT,  CUPEL_DOUBLE, CUPEL_BOOL,
                                     CUPEL_TEXT, CUPEL_INT,    CUPEL_DATE,
                                     CUPEL_INT };
    cupel_rows *rows;

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT, d DATE)"));
    CHECK_OK(fake_execute(wire,
                          "SELECT a, a + 0.5, a = 1, 'x' || 'y', -a, d, "
                          "CAST('1' AS INT) FROM t",
                          NULL, 0, &rows));
    for (size_t i = 0; i < rows->column_count; i++)
        CHECK_INT(rows->columns[i].type, types[i]);
    rows->ops->free(rows);
    CHECK_OK(fake_execute(wire, "SELECT min(d), count(d), sum(a) FROM t", NULL,
                          0, &rows));
    CHECK_INT(rows->columns[0].type, CUPEL_DATE);
    CHECK_INT(rows->columns[1].type, CUPEL_INT);
    CHECK_INT(rows->columns[2].type, CUPEL_INT);
    rows->ops->free(rows);
}
