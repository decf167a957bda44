/* SPDX-License-Identifier: MIT */
/* A wire's life: what it says of itself, and how it ends when the server does,
 * in every state that it can be in then. */
#include "postgresql_proxy.h"

/* End a wire's session from another one, and see it gone. */
static void
kill_session(cupel_wire *victim)
{
    cupel_wire *wire = pg_wire();
    cupel_value pid = cupel_int(PQbackendPID(cup_pg_wire(victim)->conn));

    pg_free(pg_rows(wire, "select pg_terminate_backend($1, 20000)", &pid, 1));
    PG->close(wire, PG_SOON);
}

static void
check_killed(cupel_wire *wire, cupel_status rc, cupel_outcome outcome)
{
    const cupel_error *error = cupel_error_last();

    CHECK_INT(rc, CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_sqlstate(error), "57P01");
    CHECK(cupel_error_connection_lost(error));
    CHECK_INT(cupel_error_outcome(error), outcome);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    CHECK(!PG->alive(wire));
}

TASK_TEST(a_wire_knows_what_the_server_said_last)
{
    cupel_wire *wire = pg_wire();

    CHECK(PG->alive(wire));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_OK(pg_run(wire, "begin"));
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_FAILS(pg_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    CHECK_OK(pg_run(wire, "rollback"));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

/* Trap 7: the reason comes as a notice, then the end, and no result has a
 * SQLSTATE. */
TASK_TEST(a_wire_that_was_killed_while_idle_says_why)
{
    cupel_wire *wire = pg_wire();

    CHECK_INT(pg_int(wire, "select 1"), 1);
    kill_session(wire);
    check_killed(wire, pg_run(wire, "select 1"), CUPEL_OUTCOME_UNKNOWN);
    CHECK(strstr(cupel_error_text(), "administrator") != NULL);
    CHECK(!cupel_error_retry_safe(cupel_error_last()));
    check_killed(wire, pg_run(wire, "select 1"), CUPEL_OUTCOME_NOT_APPLIED);
    CHECK(cupel_error_retry_safe(cupel_error_last())); /* nothing was sent */
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_wire_that_was_killed_while_idle_is_not_alive)
{
    cupel_wire *wire = pg_wire();

    CHECK_INT(pg_int(wire, "select 1"), 1);
    kill_session(wire);
    cup_pg_wire(wire)->quiet_since -= 1000;
    CHECK(!PG->alive(wire));
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->free(wire);
}

/* libpq closes the socket of a lost connection when it likes, and the next
 * connection's has the same number. */
TASK_TEST(a_wire_that_was_lost_watches_nothing)
{
    cupel_wire *wire = pg_wire(), *next;
    int before = PQsocket(cup_pg_wire(wire)->conn);

    CHECK_OK(pg_run(wire, "begin"));
    kill_session(wire);
    CHECK_FAILS(pg_run(wire, "select 1"), CUPEL_E_OPERATIONAL);
    while (PQsocket(cup_pg_wire(wire)->conn) >= 0)
        PQconsumeInput(cup_pg_wire(wire)->conn);
    next = pg_wire();
    CHECK_INT(PQsocket(cup_pg_wire(next)->conn), before);
    PG->close(wire, PG_SOON);
    CHECK_INT(pg_int(next, "select 1"), 1);
    PG->close(next, PG_SOON);
}

TASK_TEST(a_wire_that_hears_something_else_is_alive)
{
    cupel_wire *wire = pg_wire(), *other = pg_wire();

    CHECK_OK(pg_run(wire, "listen news"));
    CHECK_OK(pg_run(other, "notify news"));
    CHECK_INT(pg_int(other, "select 1"), 1);
    cup_pg_wire(wire)->quiet_since -= 1000;
    CHECK(PG->alive(wire));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(other, PG_SOON);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_wire_killed_in_its_transaction_loses_that)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(pg_run(wire, "begin"));
    kill_session(wire);
    check_killed(wire, pg_run(wire, "select 1"), CUPEL_OUTCOME_NOT_APPLIED);
    PG->close(wire, PG_SOON);
}

static cupel_status
sleep_long(void *arg)
{
    return pg_run(arg, "select pg_sleep(600)");
}

static cupel_status
sleep_in_sets(void *arg)
{
    const cupel_value values[] = { cupel_double(0), cupel_double(600) };
    cupel_request request = pg_request("select pg_sleep($1)", values, 1);
    cupel_rows *rows;

    request.set_count = 2;
    request.begin = PG->begin;
    return PG->execute(arg, &request, PG_SOON, &rows);
}

/* Kill a session whose wire another task waits on. */
static void
kill_under(cupel_task_fn *run, cupel_outcome outcome)
{
    cupel_wire *wire = pg_wire(), *other = pg_wire();
    cupel_value pid = cupel_int(PQbackendPID(cup_pg_wire(wire)->conn));
    cupel_future *future = cupel_future_call(run, wire);
    cupel_rows *rows;

    CHECK_OK(cupel_future_spawn(future));
    do { /* until it sleeps */
        rows = pg_rows(other,
                       "select 1 from pg_stat_activity where pid = $1 and "
                       "wait_event = 'PgSleep'",
                       &pid, 1);
        CHECK(rows->row_count <= 1);
        if (rows->row_count == 0)
            pg_free(rows);
        else
            break;
    } while (true);
    pg_free(rows);
    kill_session(wire);
    check_killed(wire, cupel_await(future), outcome);
    PG->close(wire, PG_SOON);
    PG->close(other, PG_SOON);
}

TASK_TEST(a_wire_killed_under_a_query_says_why)
{
    kill_under(sleep_long, CUPEL_OUTCOME_UNKNOWN);
}

TASK_TEST(a_wire_killed_under_a_batch_says_why)
{
    kill_under(sleep_in_sets, CUPEL_OUTCOME_NOT_APPLIED);
}

TASK_TEST(a_wire_killed_under_a_stream_says_why)
{
    cupel_wire *wire = pg_wire();
    cupel_request request =
        pg_request("select generate_series(1, 100000)", NULL, 0);
    cupel_status rc = CUPEL_OK;
    cupel_rows *rows;

    request.begin = PG->begin;
    request.fetch_first = request.fetch_max = 5;
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    CHECK_OK(rows->ops->fetch(rows, PG_SOON));
    kill_session(wire);
    while (rc == CUPEL_OK && rows->more) /* some may be here already */
        rc = rows->ops->fetch(rows, PG_SOON);
    check_killed(wire, rc, CUPEL_OUTCOME_NOT_APPLIED);
    CHECK_OK(rows->ops->close(rows, PG_SOON));
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_wire_that_grew_too_large_is_replaced)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(pg_run(wire, "select repeat('x', 100 * 1024 * 1024)"));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK(!PG->alive(wire));
    PG->close(wire, PG_SOON);
}

/* The child has the same socket: its goodbye would end the parent's session. */
TEST(a_forked_child_that_frees_a_wire_does_not_end_it)
{
    cupel_wire *wire = pg_wire();

    CHECK_INT(pg_int(wire, "select 1"), 1);
    pg_free_in_child(wire);
    CHECK_INT(pg_int(wire, "select 2"), 2);
    PG->free(wire);
}

TEST(no_wire_at_all_may_be_freed)
{
    PG->free(NULL);
}
