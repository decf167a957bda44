/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

static void
order(enum cup_fake_op op, enum cup_fake_fault_kind kind)
{
    cup_fake_fault(&(struct cup_fake_fault){ .op = op, .kind = kind });
}

FAKE_TEST(a_ping_finds_a_lost_connection)
{
    CHECK_OK(fake->ping(wire, CUPEL_FOREVER));
    order(CUP_FAKE_PING, CUP_FAKE_ERROR);
    CHECK_FAILS(fake->ping(wire, CUPEL_FOREVER), CUPEL_E_INTERNAL);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    cup_fake_hang_up_all();
    CHECK_SQLSTATE(fake->ping(wire, CUPEL_FOREVER), CUPEL_E_OPERATIONAL,
                   "08006");
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_BROKEN);
    CHECK_INT(cup_fake_calls(CUP_FAKE_PING), 3);
}

FAKE_TEST(initializing_tells_what_the_server_is)
{
    cupel_server_info info = { .struct_size = sizeof info };

    order(CUP_FAKE_INITIALIZE, CUP_FAKE_ERROR);
    CHECK_FAILS(fake->initialize(wire, CUPEL_FOREVER, &info), CUPEL_E_INTERNAL);
    CHECK_INT(info.version[0], 0);
    CHECK_OK(fake->initialize(wire, CUPEL_FOREVER, &info));
    CHECK_INT(info.version[0], 1);
    CHECK_INT(info.version[2], 3);
    CHECK_STR(info.isolation_level, "READ COMMITTED");
    CHECK_STR(info.schema, "main");
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_INT(cup_fake_calls(CUP_FAKE_INITIALIZE), 2);
}

FAKE_TEST(autocommit_leaves_the_sessions_level_alone)
{
    const char *level;

    CHECK_OK(fake->set_isolation_level(wire, "SERIALIZABLE", CUPEL_FOREVER));
    CHECK_OK(fake->set_isolation_level(wire, "AUTOCOMMIT", CUPEL_FOREVER));
    CHECK(wire->autocommit);
    CHECK_OK(fake->get_isolation_level(wire, CUPEL_FOREVER, &level));
    CHECK_STR(level, "SERIALIZABLE");
    CHECK_OK(fake->set_isolation_level(wire, "READ COMMITTED", CUPEL_FOREVER));
    CHECK(!wire->autocommit);
    CHECK_OK(fake->get_isolation_level(wire, CUPEL_FOREVER, &level));
    CHECK_STR(level, "READ COMMITTED");
}

FAKE_TEST(a_level_is_a_known_one_and_set_outside_transactions)
{
    CHECK_FAILS(fake->set_isolation_level(wire, "CHAOS", CUPEL_FOREVER),
                CUPEL_E_ARGUMENT);
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_SQLSTATE(
        fake->set_isolation_level(wire, "SERIALIZABLE", CUPEL_FOREVER),
        CUPEL_E_INTERNAL, "25001");
    CHECK_OK(fake->rollback(wire, CUPEL_FOREVER));
    cup_fake_fault(&(struct cup_fake_fault){
        .op = CUP_FAKE_SET_ISOLATION, .sql = "AUTO", .kind = CUP_FAKE_ERROR });
    CHECK_OK(fake->set_isolation_level(wire, "SERIALIZABLE", CUPEL_FOREVER));
    CHECK_FAILS(fake->set_isolation_level(wire, "AUTOCOMMIT", CUPEL_FOREVER),
                CUPEL_E_INTERNAL);
    CHECK(!wire->autocommit);
}

FAKE_TEST(the_switch_refuses_to_write)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(
        fake->set_session_switch(wire, "fake_readonly", true, CUPEL_FOREVER));
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t VALUES (1)"), CUPEL_E_INTERNAL,
                   "25006");
    CHECK_ASK(wire, "SELECT count(*) FROM t", "0");
    CHECK_OK(
        fake->set_session_switch(wire, "fake_readonly", false, CUPEL_FOREVER));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1)"));
    CHECK_FAILS(fake->set_session_switch(wire, "magic", true, CUPEL_FOREVER),
                CUPEL_E_ARGUMENT);
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_FAILS(
        fake->set_session_switch(wire, "fake_readonly", true, CUPEL_FOREVER),
        CUPEL_E_INTERNAL);
}
