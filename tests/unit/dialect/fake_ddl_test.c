/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

FAKE_TEST(tables_come_and_go)
{
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1 FROM t"), CUPEL_E_PROGRAMMING,
                   "42P01");
    CHECK_INT(cupel_error_position(cupel_error_last()), 15);
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_ASK(wire, "SELECT count(*) FROM t", "0");
    CHECK_SQLSTATE(fake_run(wire, "CREATE TABLE t (b INT)"),
                   CUPEL_E_PROGRAMMING, "42P07");
    CHECK_OK(fake_run(wire, "CREATE TABLE IF NOT EXISTS t (b INT)"));
    CHECK_OK(fake_run(wire, "DROP TABLE t"));
    CHECK_OK(fake_run(wire, "DROP TABLE IF EXISTS t"));
    CHECK_SQLSTATE(fake_run(wire, "DROP TABLE t"), CUPEL_E_PROGRAMMING,
                   "42P01");
}

FAKE_TEST(many_tables_stand_side_by_side)
{
    char sql[64];

    for (int i = 0; i < 30; i++) {
        snprintf(sql, sizeof sql, "CREATE TABLE t%d (a INT)", i);
        CHECK_OK(fake_run(wire, sql));
    }
    CHECK_OK(fake_run(wire, "DROP TABLE t7"));
    CHECK_ASK(wire, "SELECT count(*) FROM t29", "0");
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1 FROM t7"), CUPEL_E_PROGRAMMING,
                   "42P01");
}

FAKE_TEST(columns_are_named_once)
{
    CHECK_SQLSTATE(fake_run(wire, "CREATE TABLE t (a INT, A TEXT)"),
                   CUPEL_E_PROGRAMMING, "42701");
    CHECK_SQLSTATE(fake_run(wire, "CREATE TABLE t (a INT, UNIQUE (b))"),
                   CUPEL_E_PROGRAMMING, "42703");
}

FAKE_TEST(keys_over_several_columns_hold)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT, b INT, c INT, "
                            "PRIMARY KEY (a, b), CONSTRAINT only UNIQUE (c))"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1, 1, 1), (1, 2, 2)"));
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t VALUES (1, 2, 3)"),
                   CUPEL_E_INTEGRITY, "23505");
    CHECK_STR(cupel_error_constraint(cupel_error_last()), "t_pkey");
    CHECK_STR(cupel_error_detail(cupel_error_last()),
              "Key (a, b)=(1, 2) already exists.");
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t VALUES (2, 2, 2)"),
                   CUPEL_E_INTEGRITY, "23505");
    CHECK_STR(cupel_error_constraint(cupel_error_last()), "only");
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t VALUES (NULL, 2, 9)"),
                   CUPEL_E_INTEGRITY, "23502");
}
