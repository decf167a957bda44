/* SPDX-License-Identifier: MIT */
/* Sending: what is sent is expected, and what cannot be sent ends the wire. */
#include "postgresql.h"

#include "dialect/postgresql/send.h"

TASK_TEST(every_message_is_expected)
{
    cupel_wire *base = pg_wire();
    struct cup_pg_wire *wire = cup_pg_wire(base);
    struct cup_pg_call call = { 0 };

    CHECK_OK(cup_pg_send_command(wire, "begin", CUP_PG_COMMAND, &call));
    CHECK(wire->unsynced);
    wire->params.count = 0;
    CHECK_OK(cup_pg_send_prepare(wire, "mine", "select 5", &call));
    CHECK_OK(cup_pg_send_describe(wire, "mine", &call));
    CHECK_OK(cup_pg_send_bound(wire, "mine", true, &call));
    CHECK_OK(cup_pg_send_direct(wire, "select 6", CUP_PG_ROWS, &call));
    CHECK_OK(cup_pg_send_query(wire, "select 7", true, &call));
    CHECK_INT(call.pending, 6);
    CHECK_OK(cup_pg_send_sync(wire, &call));
    CHECK(!wire->unsynced);
    CHECK_INT(call.pending, 7);
    CHECK_OK(cup_pg_await(wire, &call, PG_SOON));
    CHECK_INT(call.pending, 0);
    CHECK_INT(call.sets_done, 3);
    CHECK_INT(call.affected, 3);
    CHECK(call.described != NULL);
    CHECK(call.error == NULL);
    CHECK_INT(PQfformat(call.rows, 0), 1);
    cup_pg_leave(wire, &call);
    CHECK_STATE(base, CUPEL_WIRE_IN_TRANSACTION);
    PG->close(base, PG_SOON);
}

TASK_TEST(the_first_error_of_a_group_is_kept_and_the_rest_is_skipped)
{
    cupel_wire *base = pg_wire();
    struct cup_pg_wire *wire = cup_pg_wire(base);
    struct cup_pg_call call = { 0 };

    CHECK_OK(cup_pg_send_query(wire, "select 7", true, &call));
    CHECK_OK(cup_pg_send_command(wire, "nonsense", CUP_PG_COMMAND, &call));
    CHECK_OK(cup_pg_send_query(wire, "other nonsense", true, &call));
    CHECK_OK(cup_pg_send_sync(wire, &call));
    CHECK_OK(cup_pg_await(wire, &call, PG_SOON));
    CHECK(call.error != NULL);
    CHECK_INT(call.error_kind, CUP_PG_COMMAND);
    CHECK_INT(call.sets_done, 1);
    cup_pg_leave(wire, &call);
    CHECK_STATE(base, CUPEL_WIRE_IDLE);
    PG->close(base, PG_SOON);
}

TASK_TEST(what_libpq_refuses_ends_the_wire)
{
    cupel_wire *base = pg_wire();
    struct cup_pg_wire *wire = cup_pg_wire(base);
    struct cup_pg_call call = { 0 };

    CHECK_INT(PQexitPipelineMode(wire->conn), 1); /* no Sync without it */
    CHECK_FAILS(cup_pg_send_sync(wire, &call), CUPEL_E_OPERATIONAL);
    CHECK_STATE(base, CUPEL_WIRE_BROKEN);
    cup_pg_leave(wire, &call);
    PG->close(base, PG_SOON);
}
