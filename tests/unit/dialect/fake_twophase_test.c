/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

static void
order(enum cup_fake_op op, enum cup_fake_fault_kind kind)
{
    cup_fake_fault(&(struct cup_fake_fault){ .op = op, .kind = kind });
}

/* Names of the prepared transactions. */
static const char *
recovered(cupel_wire *wire)
{
    cupel_rows *rows;
    const char *text;

    CHECK_OK(fake->recover_twophase(wire, CUPEL_FOREVER, &rows));
    CHECK_INT(rows->column_count, 1);
    text = fake_text(rows);
    rows->ops->free(rows);
    return text;
}

static void
prepare_row(cupel_wire *wire, const char *xid, const char *sql)
{
    CHECK_OK(fake->begin_twophase(wire, xid, CUPEL_FOREVER));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(fake_run(wire, sql));
    CHECK_OK(fake->prepare_twophase(wire, xid, CUPEL_FOREVER));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
}

FAKE_TEST(a_prepared_transaction_outlives_its_session)
{
    cupel_wire *other = fake_open("fake://test");

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    prepare_row(other, "one", "INSERT INTO t VALUES (1)");
    prepare_row(other, "two", "INSERT INTO t VALUES (2)");
    fake->free(other);
    CHECK_ASK(wire, "SELECT count(*) FROM t", "0");
    CHECK_STR(recovered(wire), "one;two");
    CHECK_OK(fake->commit_twophase(wire, "two", true, CUPEL_FOREVER));
    CHECK_ASK(wire, "SELECT a FROM t", "2");
    CHECK_OK(fake->rollback_twophase(wire, "one", true, CUPEL_FOREVER));
    CHECK_ASK(wire, "SELECT a FROM t", "2");
    CHECK_STR(recovered(wire), "");
}

FAKE_TEST(what_was_not_prepared_ends_as_any_transaction)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake->begin_twophase(wire, "x", CUPEL_FOREVER));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1)"));
    CHECK_OK(fake->commit_twophase(wire, "x", false, CUPEL_FOREVER));
    CHECK_OK(fake->begin_twophase(wire, "x", CUPEL_FOREVER));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (2)"));
    CHECK_OK(fake->rollback_twophase(wire, "x", false, CUPEL_FOREVER));
    CHECK_ASK(wire, "SELECT a FROM t", "1");
    CHECK_INT(cup_fake_calls(CUP_FAKE_COMMIT_TWOPHASE), 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK_TWOPHASE), 1);
}

FAKE_TEST(the_second_phase_needs_a_name_and_no_transaction)
{
    prepare_row(wire, "one", "CREATE TABLE t (a INT)");
    CHECK_SQLSTATE(fake->commit_twophase(wire, "two", true, CUPEL_FOREVER),
                   CUPEL_E_PROGRAMMING, "42704");
    CHECK_SQLSTATE(fake->prepare_twophase(wire, "two", CUPEL_FOREVER),
                   CUPEL_E_INTERNAL, "25P01");
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_SQLSTATE(fake->commit_twophase(wire, "one", true, CUPEL_FOREVER),
                   CUPEL_E_INTERNAL, "25001");
    CHECK_SQLSTATE(fake->prepare_twophase(wire, "one", CUPEL_FOREVER),
                   CUPEL_E_PROGRAMMING, "42710");
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_STR(recovered(wire), "one");
}

FAKE_TEST(a_failed_transaction_cannot_be_prepared)
{
    CHECK_OK(fake->begin_twophase(wire, "x", CUPEL_FOREVER));
    CHECK_FAILS(fake_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_SQLSTATE(fake->prepare_twophase(wire, "x", CUPEL_FOREVER),
                   CUPEL_E_INTERNAL, "25P02");
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_STR(recovered(wire), "");
}

FAKE_TEST(an_answer_that_was_lost_leaves_the_outcome_unknown)
{
    cupel_wire *other = fake_open("fake://test");

    CHECK_OK(fake->begin_twophase(other, "x", CUPEL_FOREVER));
    order(CUP_FAKE_PREPARE_TWOPHASE, CUP_FAKE_HANG_UP_AFTER);
    CHECK_SQLSTATE(fake->prepare_twophase(other, "x", CUPEL_FOREVER),
                   CUPEL_E_OPERATIONAL, "08007");
    fake->free(other);
    CHECK_STR(recovered(wire), "x");
    order(CUP_FAKE_COMMIT_TWOPHASE, CUP_FAKE_ERROR);
    CHECK_FAILS(fake->commit_twophase(wire, "x", true, CUPEL_FOREVER),
                CUPEL_E_INTERNAL);
    CHECK_STR(recovered(wire), "x");
    order(CUP_FAKE_RECOVER_TWOPHASE, CUP_FAKE_HANG_UP);
    CHECK_FAILS(
        fake->recover_twophase(wire, CUPEL_FOREVER, &(cupel_rows *){ 0 }),
        CUPEL_E_OPERATIONAL);
}
