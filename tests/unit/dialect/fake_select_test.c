/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

static void
fill(cupel_wire *wire)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT, b TEXT, c DOUBLE)"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (3, 'x', 0.5), "
                            "(1, 'y', 1.5), (2, 'x', NULL), (NULL, 'z', 2)"));
}

FAKE_TEST(where_filters)
{
    fill(wire);
    CHECK_ASK(wire, "SELECT a FROM t WHERE b = 'x'", "3;2");
    CHECK_ASK(wire, "SELECT a FROM t WHERE b = 'x' AND a > 2", "3");
    CHECK_ASK(wire, "SELECT b FROM t WHERE a IS NULL OR a = 1", "y;z");
    CHECK_ASK(wire, "SELECT b FROM t WHERE a = NULL", "");
}

FAKE_TEST(order_by_sorts_stably_with_nulls_last)
{
    fill(wire);
    CHECK_ASK(wire, "SELECT a FROM t ORDER BY a", "1;2;3;NULL");
    CHECK_ASK(wire, "SELECT a FROM t ORDER BY a DESC", "NULL;3;2;1");
    CHECK_ASK(wire, "SELECT b, a FROM t ORDER BY b", "x,3;x,2;y,1;z,NULL");
    CHECK_ASK(wire, "SELECT b, a FROM t ORDER BY b DESC, a ASC",
              "z,NULL;y,1;x,2;x,3");
    CHECK_ASK(wire, "SELECT a FROM t ORDER BY -a", "3;2;1;NULL");
    CHECK_SQLSTATE(fake_run(wire, "SELECT a FROM t ORDER BY q"),
                   CUPEL_E_PROGRAMMING, "42703");
}

FAKE_TEST(limit_and_offset_cut)
{
    cupel_value two = cupel_int(2);

    fill(wire);
    CHECK_ASK(wire, "SELECT a FROM t ORDER BY a LIMIT 2", "1;2");
    CHECK_ASK(wire, "SELECT a FROM t ORDER BY a LIMIT 2 OFFSET 1", "2;3");
    CHECK_ASK(wire, "SELECT a FROM t ORDER BY a OFFSET 3", "NULL");
    CHECK_ASK(wire, "SELECT a FROM t LIMIT 0", "");
    CHECK_ASK(wire, "SELECT a FROM t LIMIT NULL", "3;1;2;NULL");
    CHECK_STR(
        fake_ask_with(wire, "SELECT a FROM t ORDER BY a LIMIT ?", &two, 1),
        "1;2");
    CHECK_SQLSTATE(fake_run(wire, "SELECT a FROM t LIMIT -1"), CUPEL_E_DATA,
                   "2201W");
    CHECK_SQLSTATE(fake_run(wire, "SELECT a FROM t LIMIT 'x'"), CUPEL_E_DATA,
                   "2201W");
}

FAKE_TEST(aggregates_make_one_row_of_all)
{
    fill(wire);
    CHECK_ASK(wire, "SELECT count(*), count(a), sum(a), min(b), max(c) FROM t",
              "4,3,6,x,2");
    CHECK_ASK(wire, "SELECT sum(c), count(*) + 1 FROM t WHERE b = 'x'",
              "0.5,3");
    CHECK_ASK(wire, "SELECT sum(a), count(*), max(a) FROM t WHERE b = '?'",
              "NULL,0,NULL");
    CHECK_ASK(wire, "SELECT count(*)", "1");
    CHECK_SQLSTATE(fake_run(wire, "SELECT *, count(*) FROM t"),
                   CUPEL_E_PROGRAMMING, "42803");
    CHECK_SQLSTATE(fake_run(wire, "SELECT sum(b) FROM t"), CUPEL_E_PROGRAMMING,
                   "42883");
}

FAKE_TEST(a_star_is_all_columns)
{
    cupel_rows *rows;

    fill(wire);
    CHECK_OK(fake_execute(wire, "SELECT *, a AS again FROM t LIMIT 1", NULL, 0,
                          &rows));
    CHECK_INT(rows->column_count, 4);
    CHECK_STR(rows->columns[2].name, "c");
    CHECK_STR(rows->columns[3].name, "again");
    CHECK_STR(fake_text(rows), "3,x,0.5,3");
    rows->ops->free(rows);
    CHECK_SQLSTATE(fake_run(wire, "SELECT *"), CUPEL_E_PROGRAMMING, "42601");
}

FAKE_TEST(many_rows_are_sorted)
{
    cupel_value number;

    CHECK_OK(fake_run(wire, "CREATE TABLE n (i INT)"));
    for (int i = 0; i < 500; i++) {
        number = cupel_int((i * 7919) % 500);
        CHECK_OK(
            fake_execute(wire, "INSERT INTO n VALUES (?)", &number, 1, NULL));
    }
    CHECK_ASK(wire, "SELECT i FROM n ORDER BY i LIMIT 3 OFFSET 250",
              "250;251;252");
    CHECK_ASK(wire, "SELECT sum(i), min(i), max(i) FROM n", "124750,0,499");
}
