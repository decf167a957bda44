/* SPDX-License-Identifier: MIT */
/* Failover, with a server that says it is a standby. */
#include "postgresql_fake_server.h"

static const char refusal[] = "SERROR\0"
                              "VERROR\0"
                              "C25006\0"
                              "Mcannot write here\0";

/* A session of a server that says whether it is a standby, and refuses the one
 * statement that it is sent. */
static void
script(struct fake_server *server, const char *standby)
{
    char report[] = "in_hot_standby\0...";

    memcpy(report + sizeof "in_hot_standby", standby, strlen(standby) + 1);
    fake_init(server);
    server->parts[0].len -= 6; /* the report comes before it is ready */
    fake_message(server, 'S', report,
                 sizeof "in_hot_standby" + strlen(standby) + 1);
    fake_message(server, 'Z', "I", 1);
    fake_next(server);
    fake_message(server, 'E', refusal, sizeof refusal);
    fake_message(server, 'Z', "I", 1);
}

static cupel_wire *
wire_with(struct fake_server *server, const char *query)
{
    cupel_wire *wire;
    char url[128];

    snprintf(url, sizeof url, "postgresql://u@127.0.0.1:%d/d?sslmode=disable%s",
             server->port, query);
    CHECK_OK(pg_connect_url(url, &wire));
    return wire;
}

static void
refuse(cupel_wire *wire)
{
    CHECK_FAILS(pg_run(wire, "insert into t values (1)"), CUPEL_E_INTERNAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "25006");
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
}

TASK_TEST(a_standby_that_refuses_to_write_is_not_lent_again)
{
    struct fake_server standby, idle;
    cupel_wire *wire, *other, *later;

    script(&standby, "on");
    script(&idle, "on");
    wire = fake_wire(&standby);
    other = fake_wire(&idle);
    CHECK(PG->alive(wire) && PG->alive(other));
    refuse(wire);
    CHECK(!PG->alive(wire));
    CHECK(!PG->alive(other)); /* it would only refuse, too */
    PG->close(other, PG_SOON);
    later = wire_with(&idle, "");
    CHECK(PG->alive(later)); /* nobody has written to that one yet */
    PG->close(later, PG_SOON);
    PG->close(wire, PG_SOON);
    fake_stop(&standby);
    fake_stop(&idle);
}

TASK_TEST(a_standby_that_was_asked_for_is_kept)
{
    struct fake_server standby;
    cupel_wire *wire;

    script(&standby, "on");
    fake_start(&standby);
    wire = wire_with(&standby, "&target_session_attrs=prefer-standby");
    refuse(wire);
    CHECK(PG->alive(wire));
    PG->close(wire, PG_SOON);
    fake_stop(&standby);
}

TASK_TEST(a_primary_that_refuses_to_write_is_kept)
{
    struct fake_server primary;
    cupel_wire *wire;

    script(&primary, "off");
    wire = fake_wire(&primary);
    refuse(wire);
    CHECK(PG->alive(wire));
    PG->close(wire, PG_SOON);
    fake_stop(&primary);
}
