/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

FAKE_TEST(a_fault_waits_for_its_call)
{
    cup_fake_fault(&(struct cup_fake_fault){ .op = CUP_FAKE_EXECUTE,
                                             .nth = 3,
                                             .kind = CUP_FAKE_ERROR,
                                             .sqlstate = "40001" });
    CHECK_OK(fake_run(wire, "SELECT 1"));
    CHECK_OK(fake_run(wire, "SELECT 1"));
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1"), CUPEL_E_OPERATIONAL, "40001");
    CHECK_OK(fake_run(wire, "SELECT 1"));
}

FAKE_TEST(a_fault_for_good_stays_until_it_is_cleared)
{
    cup_fake_fault(&(struct cup_fake_fault){ .op = CUP_FAKE_ANY,
                                             .nth = 2,
                                             .for_good = true,
                                             .kind = CUP_FAKE_ERROR,
                                             .status = CUPEL_E_DATA });
    CHECK_OK(fake_run(wire, "SELECT 1"));
    CHECK_FAILS(fake_run(wire, "SELECT 1"), CUPEL_E_DATA);
    CHECK_FAILS(fake_run(wire, "SELECT 1"), CUPEL_E_DATA);
    cup_fake_faults_clear();
    CHECK_OK(fake_run(wire, "SELECT 1"));
}

FAKE_TEST(a_fault_may_be_for_one_statement)
{
    cup_fake_fault(&(struct cup_fake_fault){
        .op = CUP_FAKE_EXECUTE, .sql = "2", .kind = CUP_FAKE_ERROR });
    CHECK_OK(fake_run(wire, "SELECT 1"));
    CHECK_SQLSTATE(fake_run(wire, "SELECT 2"), CUPEL_E_INTERNAL, "XX000");
    CHECK_OK(fake_run(wire, "SELECT 2"));
}

FAKE_TEST(faults_that_are_due_together_strike_one_after_the_other)
{
    cup_fake_fault(&(struct cup_fake_fault){
        .op = CUP_FAKE_EXECUTE, .kind = CUP_FAKE_ERROR, .sqlstate = "40001" });
    cup_fake_fault(&(struct cup_fake_fault){
        .op = CUP_FAKE_EXECUTE, .kind = CUP_FAKE_ERROR, .sqlstate = "57014" });
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1"), CUPEL_E_OPERATIONAL, "40001");
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1"), CUPEL_E_OPERATIONAL, "57014");
    CHECK_OK(fake_run(wire, "SELECT 1"));
}

FAKE_TEST(calls_and_wires_are_counted)
{
    cupel_wire *other = fake_open("fake://test");

    CHECK_INT(cup_fake_wire_count(), 2);
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake->commit(wire, CUPEL_FOREVER));
    CHECK_OK(fake->commit(wire, CUPEL_FOREVER));
    fake->close(other, CUPEL_FOREVER);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    CHECK_INT(cup_fake_calls(CUP_FAKE_EXECUTE), 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_COMMIT), 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ANY), 5);
    CHECK_INT(cup_fake_wire_count(), 1);
    CHECK_INT(cup_fake_wire_peak(), 2);
}

FAKE_TEST(the_log_has_what_the_server_got)
{
    char text[1500];

    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake_run(wire, "SELECT  1"));
    CHECK_FAILS(fake_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_OK(fake->rollback(wire, CUPEL_FOREVER));
    CHECK_INT(cup_fake_log_count(), 4);
    CHECK_STR(cup_fake_log(0), "BEGIN");
    CHECK_STR(cup_fake_log(1), "SELECT  1");
    CHECK_STR(cup_fake_log(2), "nonsense");
    CHECK_STR(cup_fake_log(3), "ROLLBACK");
    CHECK(cup_fake_log(4) == NULL);
    cup_fake_log_clear();
    CHECK_INT(cup_fake_log_count(), 0);
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    CHECK_FAILS(fake_run(wire, text), CUPEL_E_PROGRAMMING);
    CHECK_INT(strlen(cup_fake_log(0)), 1023);
}

FAKE_TEST(the_log_keeps_the_newest)
{
    for (int i = 0; i < 200; i++)
        CHECK_OK(fake_run(wire, i == 199 ? "SELECT 2" : "SELECT 1"));
    CHECK_INT(cup_fake_log_count(), 200);
    CHECK(cup_fake_log(71) == NULL);
    CHECK_STR(cup_fake_log(72), "SELECT 1");
    CHECK_STR(cup_fake_log(199), "SELECT 2");
}

FAKE_TEST(nothing_is_received_over_a_lost_connection)
{
    cup_fake_fault(&(struct cup_fake_fault){ .op = CUP_FAKE_EXECUTE,
                                             .kind = CUP_FAKE_HANG_UP });
    CHECK_FAILS(fake_run(wire, "SELECT 1"), CUPEL_E_OPERATIONAL);
    CHECK_INT(cup_fake_log_count(), 0);
}
