/* SPDX-License-Identifier: MIT */
/* The ping. */
#include "postgresql_proxy.h"

TASK_TEST(a_ping_leaves_the_wire_idle)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(PG->ping(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_OK(PG->ping(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TASK_TEST(behind_a_pooler_the_ping_asks_the_server)
{
    cupel_wire *wire = pg_wire_with("&pooler=transaction");

    CHECK_OK(PG->ping(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TASK_TEST(the_ping_of_a_killed_session_is_a_disconnect)
{
    cupel_wire *wire = pg_wire(), *killer = pg_wire();
    const cupel_value pid = cupel_int(pg_int(wire, "select pg_backend_pid()"));

    pg_free(pg_rows(killer, "select pg_terminate_backend($1, 5000)", &pid, 1));
    CHECK_FAILS(PG->ping(wire, PG_SOON), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "57P01");
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->close(wire, PG_SOON);
    PG->close(killer, PG_SOON);
}

TASK_TEST(the_ping_of_a_silent_server_ends_at_its_deadline)
{
    struct proxy proxy;
    cupel_wire *wire;
    cupel_time start;

    proxy_start(&proxy, "", PROXY_NONE);
    wire = proxy_wire(&proxy);
    proxy_freeze(&proxy);
    start = cupel_now();
    CHECK_FAILS(PG->ping(wire, cupel_deadline_in(50)), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - start <= 150);
    CHECK_STATE(wire, CUPEL_WIRE_BUSY);
    PG->close(wire, PG_SOON);
    proxy_stop(&proxy);
}
