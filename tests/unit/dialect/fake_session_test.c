/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

static const char *
count(cupel_wire *wire)
{
    return fake_ask(wire, "SELECT count(*) FROM t");
}

FAKE_TEST(others_see_what_is_committed)
{
    cupel_wire *other = fake_open("fake://test");

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1)"));
    CHECK_STR(count(wire), "1");
    CHECK_STR(count(other), "0");
    CHECK_OK(fake_run(wire, "COMMIT"));
    CHECK_STR(count(other), "1");
    fake->free(other);
}

FAKE_TEST(a_transaction_sees_the_database_as_it_began)
{
    cupel_wire *other = fake_open("fake://test");

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake_run(other, "INSERT INTO t VALUES (1)"));
    CHECK_STR(count(wire), "0");
    CHECK_OK(fake_run(wire, "ROLLBACK"));
    CHECK_STR(count(wire), "1");
    fake->free(other);
}

FAKE_TEST(rollback_undoes_tables_too)
{
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1)"));
    CHECK_OK(fake_run(wire, "ROLLBACK"));
    CHECK_FAILS(fake_run(wire, "SELECT * FROM t"), CUPEL_E_PROGRAMMING);
}

FAKE_TEST(databases_have_names)
{
    cupel_wire *other = fake_open("fake://other");
    cupel_wire *same = fake_open("fake:///test");

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_FAILS(fake_run(other, "SELECT * FROM t"), CUPEL_E_PROGRAMMING);
    CHECK_STR(count(same), "0");
    fake->free(other);
    fake->free(same);
}

FAKE_TEST(a_failed_transaction_accepts_only_its_end)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1)"));
    CHECK_FAILS(fake_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_INT(fake->state(wire), CUPEL_WIRE_FAILED);
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1"), CUPEL_E_INTERNAL, "25P02");
    CHECK_SQLSTATE(fake_run(wire, "COMMIT"), CUPEL_E_INTERNAL, "25P02");
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_STR(count(wire), "0");
}

FAKE_TEST(savepoints_nest)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake_run(wire, "SAVEPOINT one"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1)"));
    CHECK_OK(fake_run(wire, "SAVEPOINT two"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (2)"));
    CHECK_OK(fake_run(wire, "ROLLBACK TO SAVEPOINT two"));
    CHECK_STR(count(wire), "1");
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (3)"));
    CHECK_OK(fake_run(wire, "RELEASE two"));
    CHECK_STR(count(wire), "2");
    CHECK_OK(fake_run(wire, "ROLLBACK TO one"));
    CHECK_STR(count(wire), "0");
    CHECK_SQLSTATE(fake_run(wire, "RELEASE two"), CUPEL_E_INTERNAL, "3B001");
    CHECK_OK(fake_run(wire, "ROLLBACK"));
}

FAKE_TEST(going_back_to_a_savepoint_heals_a_transaction)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1)"));
    CHECK_OK(fake_run(wire, "SAVEPOINT s"));
    CHECK_FAILS(fake_run(wire, "INSERT INTO u VALUES (1)"),
                CUPEL_E_PROGRAMMING);
    CHECK_SQLSTATE(fake_run(wire, "RELEASE s"), CUPEL_E_INTERNAL, "25P02");
    CHECK_OK(fake_run(wire, "ROLLBACK TO s"));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(fake_run(wire, "COMMIT"));
    CHECK_STR(count(wire), "1");
}

FAKE_TEST(transactions_begin_once)
{
    CHECK_SQLSTATE(fake_run(wire, "SAVEPOINT s"), CUPEL_E_INTERNAL, "25P01");
    CHECK_OK(fake_run(wire, "COMMIT"));
    CHECK_OK(fake_run(wire, "ROLLBACK"));
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_SQLSTATE(fake_run(wire, "BEGIN"), CUPEL_E_INTERNAL, "25001");
    CHECK_INT(fake->state(wire), CUPEL_WIRE_FAILED);
}
