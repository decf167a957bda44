/* SPDX-License-Identifier: MIT */
/* Cancelled at each place where it can wait, in three ways: before the wait,
 * during it, and in the turn that ends it. Whatever it was doing, the call ends
 * with CANCELLED or with what it had got already, and the wire can be brought
 * to rest. */
#include "postgresql.h"

#include "task/task.h"
#include "task/wait.h"

/* One scenario and where to cancel it. */
struct run {
    cupel_status (*scenario)(cupel_wire **wire);
    struct cup_probe probe;
    cupel_wire *wire;
};

static cupel_status
open_wire(cupel_wire **wire)
{
    char text[1024];

    snprintf(text, sizeof text, "%s&application_name=probed",
             test_env("CUPEL_TEST_PG_URL"));
    return pg_connect_url(text, wire);
}

static cupel_status
execute(cupel_wire *wire, const cupel_request *request)
{
    cupel_rows *rows;
    cupel_status rc = PG->execute(wire, request, PG_SOON, &rows);

    if (rc == CUPEL_OK)
        pg_free(rows);
    return rc;
}

static cupel_status
connect_and_commit(cupel_wire **wire)
{
    const cupel_value values[] = { cupel_int(1), cupel_int(2), cupel_int(3) };
    cupel_request request = pg_request("select $1", values, 1);
    cupel_status rc = open_wire(wire);

    request.begin = PG->begin;
    if (rc == CUPEL_OK)
        rc = execute(*wire, &request);
    request.begin = NULL;
    request.set_count = 3;
    if (rc == CUPEL_OK)
        rc = execute(*wire, &request);
    if (rc == CUPEL_OK)
        rc = PG->commit(*wire, PG_SOON);
    return rc;
}

static cupel_status
stream_and_rollback(cupel_wire **wire)
{
    cupel_request request =
        pg_request("select generate_series(1, 1000)", NULL, 0);
    cupel_rows *rows = NULL;
    cupel_status rc = open_wire(wire);

    request.begin = PG->begin;
    request.fetch_first = 5;
    request.fetch_max = 50;
    if (rc == CUPEL_OK)
        rc = PG->execute(*wire, &request, PG_SOON, &rows);
    if (rc == CUPEL_OK)
        rc = rows->ops->fetch(rows, PG_SOON);
    if (rc == CUPEL_OK)
        rc = rows->ops->fetch(rows, PG_SOON);
    if (rc == CUPEL_OK)
        rc = rows->ops->close(rows, PG_SOON);
    if (rows != NULL)
        pg_free(rows);
    if (rc == CUPEL_OK)
        rc = PG->rollback(*wire, PG_SOON);
    return rc;
}

static cupel_status
cancel_a_query(cupel_wire **wire)
{
    cupel_request request = pg_request("select pg_sleep(600)", NULL, 0);
    cupel_rows *rows = NULL;
    cupel_status rc = open_wire(wire);

    if (rc == CUPEL_OK)
        rc = PG->execute(*wire, &request, cupel_deadline_in(20), &rows);
    if (rc == CUPEL_E_TIMEOUT)
        rc = PG->cancel(*wire, PG_SOON);
    return rc;
}

static cupel_status
prepare_and_end(cupel_wire **wire)
{
    cupel_request request = pg_request("select 1", NULL, 0);
    cupel_status rc = open_wire(wire);

    if (rc == CUPEL_OK)
        rc = PG->set_isolation_level(*wire, "SERIALIZABLE", PG_SOON);
    request.begin = PG->begin;
    if (rc == CUPEL_OK)
        rc = execute(*wire, &request);
    if (rc == CUPEL_OK)
        rc = PG->prepare_twophase(*wire, "probed", PG_SOON);
    if (rc == CUPEL_OK)
        rc = PG->rollback_twophase(*wire, "probed", true, PG_SOON);
    if (rc == CUPEL_OK)
        rc = PG->ping(*wire, PG_SOON);
    return rc;
}

/* A host name, which a worker resolves. */
static cupel_status
connect_by_name(cupel_wire **wire)
{
    char url[256];

    snprintf(url, sizeof url,
             "postgresql://cupel:p%%40ss%%3Aw%%2Frd@localhost:%s/cupel"
             "?application_name=probed",
             test_env("CUPEL_TEST_PG_PORT"));
    return pg_connect_url(url, wire);
}

/* The first host is not there, the second one's name has to be resolved. */
static cupel_status
connect_by_hosts(cupel_wire **wire)
{
    char url[256];

    snprintf(url, sizeof url,
             "postgresql://cupel:p%%40ss%%3Aw%%2Frd@/cupel"
             "?host=127.0.0.1:1&host=localhost:%s&application_name=probed"
             "&target_session_attrs=prefer-standby",
             test_env("CUPEL_TEST_PG_PORT"));
    return pg_connect_url(url, wire);
}

static cupel_status
run_probed(void *arg)
{
    struct run *run = arg;
    cupel_status rc;

    run->probe.task = cup_task_current();
    cup_probe_set(&run->probe);
    rc = run->scenario(&run->wire);
    cup_probe_set(NULL);
    return rc;
}

/* What was prepared when the task was cancelled. */
static void
end_prepared(cupel_wire *wire)
{
    if (pg_int(wire, "select count(*) from pg_prepared_xacts where gid = "
                     "'probed'") > 0)
        CHECK_OK(PG->rollback_twophase(wire, "probed", true, PG_SOON));
}

/* What the pool does with a wire whose task was cancelled. */
static void
bring_to_rest(cupel_wire *wire)
{
    cupel_wire_state state = PG->state(wire);

    if (state != CUPEL_WIRE_BROKEN) {
        CHECK_OK(PG->cancel(wire, PG_SOON));
        state = PG->state(wire);
    }
    CHECK(state != CUPEL_WIRE_BUSY);
    if (state != CUPEL_WIRE_BROKEN) {
        CHECK_OK(PG->rollback(wire, PG_SOON));
        CHECK_STATE(wire, CUPEL_WIRE_IDLE);
        CHECK_INT(pg_int(wire, "select 4"), 4);
        end_prepared(wire);
    }
    PG->close(wire, PG_SOON);
}

/* Run the scenario once; how many waits there were. */
static unsigned long
run_once(cupel_status (*scenario)(cupel_wire **), unsigned long cancel_at,
         enum cup_probe_kind kind)
{
    struct run run = { .scenario = scenario };
    cupel_future *future;
    cupel_status rc;

    run.probe.cancel_at = cancel_at;
    run.probe.kind = kind;
    future = cupel_future_call(run_probed, &run);
    CHECK_OK(cupel_future_spawn(future));
    rc = cupel_await(future);
    if (rc != CUPEL_OK)
        CHECK_INT(rc, CUPEL_E_CANCELLED);
    if (cancel_at == 0)
        CHECK_OK(rc);
    if (run.wire != NULL)
        bring_to_rest(run.wire);
    return run.probe.count;
}

/* Nobody is left on the server. It may take a moment to notice. */
static void
check_nobody_left(void)
{
    cupel_wire *wire = pg_wire();

    while (pg_int(wire, "select count(*) from pg_stat_activity where "
                        "application_name = 'probed'") > 0)
        CHECK_OK(pg_run(wire, "select pg_sleep(0.01)"));
    PG->close(wire, PG_SOON);
}

static void
check_everywhere(cupel_status (*scenario)(cupel_wire **))
{
    unsigned long count = run_once(scenario, 0, CUP_PROBE_DURING);
    unsigned long at;

    CHECK(count > 3);
    for (at = 1; at <= count; at++) {
        run_once(scenario, at, CUP_PROBE_BEFORE);
        run_once(scenario, at, CUP_PROBE_DURING);
        run_once(scenario, at, CUP_PROBE_AFTER);
    }
    check_nobody_left();
}

TASK_TEST(connect_execute_batch_and_commit_may_be_cancelled_anywhere)
{
    check_everywhere(connect_and_commit);
}

TASK_TEST(a_stream_may_be_cancelled_anywhere)
{
    check_everywhere(stream_and_rollback);
}

TASK_TEST(both_phases_may_be_cancelled_anywhere)
{
    check_everywhere(prepare_and_end);
}

TASK_TEST(a_cancel_may_be_cancelled_anywhere)
{
    check_everywhere(cancel_a_query);
}

TASK_TEST(resolving_may_be_cancelled_anywhere)
{
    check_everywhere(connect_by_name);
}

TASK_TEST(a_search_among_hosts_may_be_cancelled_anywhere)
{
    check_everywhere(connect_by_hosts);
}
