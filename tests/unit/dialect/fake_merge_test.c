/* SPDX-License-Identifier: MIT */
/* Two transactions at once: `wire` commits last. */
#include "unit/dialect/fake_support.h"

static cupel_wire *
begin_beside(cupel_wire *wire)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (id INTEGER PRIMARY KEY, v INT)"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)"));
    CHECK_OK(fake_run(wire, "BEGIN"));
    return fake_open("fake://test");
}

FAKE_TEST(changes_to_different_rows_both_stay)
{
    cupel_wire *other = begin_beside(wire);

    CHECK_OK(fake_run(wire, "UPDATE t SET v = 11 WHERE id = 1"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (4, 40)"));
    CHECK_OK(fake_run(wire, "DELETE FROM t WHERE id = 2"));
    CHECK_OK(fake_run(other, "UPDATE t SET v = 31 WHERE id = 3"));
    CHECK_OK(fake_run(other, "INSERT INTO t VALUES (5, 50)"));
    CHECK_OK(fake_run(wire, "COMMIT"));
    CHECK_ASK(other, "SELECT id, v FROM t ORDER BY id", "1,11;3,31;4,40;5,50");
    fake->free(other);
}

FAKE_TEST(the_last_writer_of_a_row_wins)
{
    cupel_wire *other = begin_beside(wire);

    CHECK_OK(fake_run(wire, "UPDATE t SET v = 11 WHERE id = 1"));
    CHECK_OK(fake_run(wire, "UPDATE t SET v = 22 WHERE id = 2"));
    CHECK_OK(fake_run(other, "UPDATE t SET v = 12 WHERE id = 1"));
    CHECK_OK(fake_run(other, "DELETE FROM t WHERE id = 2"));
    CHECK_OK(fake_run(wire, "COMMIT"));
    CHECK_ASK(other, "SELECT id, v FROM t", "1,11;3,30");
    fake->free(other);
}

FAKE_TEST(keys_hold_over_both)
{
    cupel_wire *other = begin_beside(wire);

    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (4, 40)"));
    CHECK_OK(fake_run(other, "INSERT INTO t VALUES (4, 41)"));
    CHECK_SQLSTATE(fake_run(wire, "COMMIT"), CUPEL_E_INTEGRITY, "23505");
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_ASK(wire, "SELECT v FROM t WHERE id = 4", "41");
    fake->free(other);
}

FAKE_TEST(a_transaction_that_only_read_changes_nothing)
{
    cupel_wire *other = begin_beside(wire);

    CHECK_ASK(wire, "SELECT count(*) FROM t", "3");
    CHECK_OK(fake_run(other, "DELETE FROM t"));
    CHECK_OK(fake_run(wire, "COMMIT"));
    CHECK_ASK(wire, "SELECT count(*) FROM t", "0");
    fake->free(other);
}

FAKE_TEST(tables_of_both_are_kept)
{
    cupel_wire *other = begin_beside(wire);

    CHECK_OK(fake_run(other, "CREATE TABLE theirs (a INT)"));
    CHECK_OK(fake_run(wire, "CREATE TABLE mine (a INT)"));
    CHECK_OK(fake_run(wire, "DROP TABLE t"));
    CHECK_OK(fake_run(wire, "COMMIT"));
    CHECK_ASK(other, "SELECT count(*) FROM mine", "0");
    CHECK_ASK(other, "SELECT count(*) FROM theirs", "0");
    CHECK_FAILS(fake_run(other, "SELECT 1 FROM t"), CUPEL_E_PROGRAMMING);
    fake->free(other);
}

FAKE_TEST(a_table_that_was_replaced_is_a_conflict)
{
    cupel_wire *other = begin_beside(wire);

    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (4, 40)"));
    CHECK_OK(fake_run(other, "DROP TABLE t"));
    CHECK_SQLSTATE(fake_run(wire, "COMMIT"), CUPEL_E_OPERATIONAL, "40001");
    CHECK_OK(fake_run(other, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1)"));
    CHECK_OK(fake_run(other, "DROP TABLE t"));
    CHECK_OK(fake_run(other, "CREATE TABLE t (a INT)"));
    CHECK_SQLSTATE(fake_run(wire, "COMMIT"), CUPEL_E_OPERATIONAL, "40001");
    fake->free(other);
}

FAKE_TEST(a_table_made_twice_is_a_conflict)
{
    cupel_wire *other = begin_beside(wire);

    CHECK_OK(fake_run(wire, "CREATE TABLE u (a INT)"));
    CHECK_OK(fake_run(other, "CREATE TABLE u (a INT)"));
    CHECK_SQLSTATE(fake_run(wire, "COMMIT"), CUPEL_E_OPERATIONAL, "40001");
    fake->free(other);
}

FAKE_TEST(a_table_made_anew_replaces_the_old)
{
    cupel_wire *other = begin_beside(wire);

    CHECK_OK(fake_run(other, "CREATE TABLE elsewhere (a INT)"));
    CHECK_OK(fake_run(wire, "DROP TABLE t"));
    CHECK_OK(fake_run(wire, "CREATE TABLE t (only INT)"));
    CHECK_OK(fake_run(wire, "COMMIT"));
    CHECK_ASK(other, "SELECT count(only) FROM t", "0");
    fake->free(other);
}
