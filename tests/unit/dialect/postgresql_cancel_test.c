/* SPDX-License-Identifier: MIT */
/* Cancel requests: they stop what runs, hit nothing else, and a server that
 * does not answer them holds up nobody. */
#include "postgresql_proxy.h"

#include "dialect/postgresql/cancel.h"

/* Leave a long query running. */
static void
leave_running(cupel_wire *wire)
{
    cupel_request request = pg_request("select pg_sleep(600)", NULL, 0);
    cupel_rows *rows;

    CHECK_FAILS(PG->execute(wire, &request, cupel_deadline_in(30), &rows),
                CUPEL_E_TIMEOUT);
    CHECK_STATE(wire, CUPEL_WIRE_BUSY);
}

TASK_TEST(a_cancelled_query_leaves_the_wire_quiet)
{
    cupel_wire *wire = pg_wire();

    leave_running(wire);
    CHECK_OK(PG->cancel(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

TEST(outside_tasks_it_blocks)
{
    cupel_wire *wire = pg_wire();

    leave_running(wire);
    CHECK_OK(PG->cancel(wire, PG_SOON));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_cancelled_query_fails_its_transaction)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(pg_run(wire, "begin"));
    leave_running(wire);
    CHECK_OK(PG->cancel(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

TASK_TEST(there_may_be_nothing_to_cancel)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(PG->cancel(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

/* The query ends just when it is cancelled: whichever comes first, the next
 * statement must not be the one that is stopped. */
TASK_TEST(a_late_cancel_never_hits_the_next_statement)
{
    cupel_wire *wire = pg_wire();
    int i;

    for (i = 0; i < 200; i++) {
        cupel_request request = pg_request("select pg_sleep(0.001)", NULL, 0);
        cupel_time until = cupel_deadline_in(i % 3);
        cupel_rows *rows;

        if (PG->execute(wire, &request, until, &rows) == CUPEL_OK)
            pg_free(rows);
        CHECK_OK(PG->cancel(wire, PG_SOON));
        CHECK_INT(pg_int(wire, "select 5 from pg_sleep(0)"), 5);
    }
    PG->close(wire, PG_SOON);
}

/* Trap 5. The request is sent by a call that blocks and knows no deadline. */
TASK_TEST(a_silent_server_holds_up_neither_the_cancel_nor_the_end)
{
    struct proxy proxy;
    cupel_wire *wire;
    cupel_time start;

    proxy_start(&proxy, "", PROXY_NONE);
    wire = proxy_wire(&proxy);
    leave_running(wire);
    atomic_store(&proxy.harm, PROXY_SILENT);
    start = cupel_now();
    CHECK_FAILS(PG->cancel(wire, cupel_deadline_in(50)), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - start < 1000);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->close(wire, PG_SOON);
    CHECK(cupel_now() - start < 1000);
    proxy_stop(&proxy);
}

/* The same, and the loop ends while the call still blocks. */
static cupel_status
cancel_in_vain(void *arg)
{
    cupel_wire *wire = arg;

    wire = proxy_wire(arg);
    leave_running(wire);
    atomic_store(&((struct proxy *)arg)->harm, PROXY_SILENT);
    CHECK_FAILS(PG->cancel(wire, cupel_deadline_in(50)), CUPEL_E_TIMEOUT);
    PG->close(wire, PG_SOON);
    return CUPEL_OK;
}

TEST(a_loop_ends_while_a_cancel_still_blocks)
{
    struct proxy proxy;
    cupel_time start = cupel_now();

    proxy_start(&proxy, "", PROXY_NONE);
    CHECK_OK(cupel_run(cancel_in_vain, &proxy));
    CHECK(cupel_now() - start < 5000);
    proxy_stop(&proxy);
}

/* The key that cancels would travel in clear. */
TASK_TEST(where_tls_is_required_the_wire_is_given_up_instead)
{
    char url[512];
    cupel_wire *wire;

    snprintf(url, sizeof url, "%s?sslmode=require",
             test_env("CUPEL_TEST_PG_TCP_URL"));
    CHECK_OK(pg_connect_url(url, &wire));
    leave_running(wire);
    CHECK_OK(PG->cancel(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->close(wire, PG_SOON);
}

TASK_TEST(behind_a_pooler_the_wire_is_not_used_again)
{
    cupel_wire *wire = pg_wire_with("&pooler=transaction");

    leave_running(wire);
    CHECK_OK(PG->cancel(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->close(wire, PG_SOON);
}

/* Whether the server still has a session that sleeps under that name. */
static bool
is_running(cupel_wire *wire, const char *name)
{
    char sql[160];

    snprintf(sql, sizeof sql,
             "select count(*) from pg_stat_activity where state = 'active' "
             "and application_name = '%s'",
             name);
    return pg_int(wire, sql) > 0;
}

static void
check_stops(void)
{
    cupel_wire *watcher = pg_wire();
    cupel_wire *wire = pg_wire_with("&application_name=hung_up");
    cupel_time until = PG_SOON;

    leave_running(wire);
    CHECK(is_running(watcher, "hung_up"));
    PG->free(wire);
    while (is_running(watcher, "hung_up"))
        CHECK(cupel_now() < until);
    PG->close(watcher, PG_SOON);
}

TEST(what_runs_is_stopped_when_the_wire_is_hung_up)
{
    check_stops();
}

TASK_TEST(and_in_tasks)
{
    check_stops();
}
