/* SPDX-License-Identifier: MIT */
/* COMMIT and ROLLBACK, and what is said when nobody can know. */
#include "postgresql_proxy.h"

#include "dialect/postgresql/transaction.h"

#include "task/wait.h"

static void
begin(cupel_wire *wire, const char *sql)
{
    cupel_request request = pg_request(sql, NULL, 0);
    cupel_rows *rows;

    request.begin = PG->begin;
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    pg_free(rows);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
}

/* A table of the test's own, empty. */
static void
make_table(void)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(pg_run(wire, "drop table if exists committed"));
    CHECK_OK(pg_run(wire, "create table committed (i int)"));
    PG->close(wire, PG_SOON);
}

static int64_t
count_rows(void)
{
    cupel_wire *wire = pg_wire();
    int64_t count = pg_int(wire, "select count(*) from committed");

    PG->close(wire, PG_SOON);
    return count;
}

static void
check_unknown(cupel_status rc, cupel_status expected, bool lost)
{
    const cupel_error *error = cupel_error_last();

    CHECK_INT(rc, expected);
    CHECK_INT(cupel_error_status(error), expected);
    CHECK_STR(cupel_error_sqlstate(error), "08007");
    CHECK_INT(cupel_error_outcome(error), CUPEL_OUTCOME_UNKNOWN);
    CHECK_INT(cupel_error_connection_lost(error), lost);
    CHECK(!cupel_error_retry_safe(error));
}

TASK_TEST(commit_keeps_and_rollback_undoes)
{
    cupel_wire *wire = pg_wire();

    make_table();
    begin(wire, "insert into committed values (1)");
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(count_rows(), 1);
    begin(wire, "insert into committed values (2)");
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(count_rows(), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(without_a_transaction_there_is_nothing_to_end)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_OK(PG->rollback(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

TASK_TEST(the_commit_of_a_failed_transaction_rolls_back)
{
    cupel_wire *wire = pg_wire();

    make_table();
    begin(wire, "insert into committed values (1)");
    CHECK_FAILS(pg_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(count_rows(), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_deferred_constraint_fails_the_commit)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(pg_run(wire, "create temp table t (i int unique deferrable "
                          "initially deferred)"));
    begin(wire, "insert into t values (1), (1)");
    CHECK_FAILS(PG->commit(wire, PG_SOON), CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "23505");
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select count(*) from t"), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_commit_whose_answer_is_cut_is_unknown_and_applied)
{
    struct proxy proxy;
    cupel_wire *wire;

    make_table();
    proxy_start(&proxy, "COMMIT", PROXY_CUT_ANSWER);
    wire = proxy_wire(&proxy);
    begin(wire, "insert into committed values (1)");
    check_unknown(PG->commit(wire, PG_SOON), CUPEL_E_OPERATIONAL, true);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->close(wire, PG_SOON);
    proxy_stop(&proxy);
    CHECK_INT(count_rows(), 1);
}

TASK_TEST(a_commit_that_is_cut_off_is_unknown_and_not_applied)
{
    struct proxy proxy;
    cupel_wire *wire;

    make_table();
    proxy_start(&proxy, "COMMIT", PROXY_CUT);
    wire = proxy_wire(&proxy);
    begin(wire, "insert into committed values (1)");
    check_unknown(PG->commit(wire, PG_SOON), CUPEL_E_OPERATIONAL, true);
    PG->close(wire, PG_SOON);
    proxy_stop(&proxy);
    CHECK_INT(count_rows(), 0);
}

TASK_TEST(a_commit_that_is_not_answered_in_time_is_unknown)
{
    struct proxy proxy;
    cupel_wire *wire;

    proxy_start(&proxy, "COMMIT", PROXY_STALL);
    wire = proxy_wire(&proxy);
    begin(wire, "select 1");
    check_unknown(PG->commit(wire, cupel_deadline_in(50)), CUPEL_E_TIMEOUT,
                  false);
    CHECK_STATE(wire, CUPEL_WIRE_BUSY);
    PG->close(wire, PG_SOON);
    proxy_stop(&proxy);
}

static cupel_status
commit_cancelled(void *arg)
{
    struct cup_probe probe = { .cancel_at = 1, .kind = CUP_PROBE_DURING };
    cupel_status rc;

    cup_probe_set(&probe);
    rc = PG->commit(arg, PG_SOON);
    cup_probe_set(NULL);
    check_unknown(rc, CUPEL_E_CANCELLED, false);
    return rc;
}

TASK_TEST(a_commit_that_is_cancelled_is_unknown)
{
    cupel_wire *wire = pg_wire();
    cupel_future *future;

    begin(wire, "select 1");
    future = cupel_future_call(commit_cancelled, wire);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_FAILS(cupel_await(future), CUPEL_E_CANCELLED);
    PG->close(wire, PG_SOON);
}

/* End a wire's session from another one, and see it gone. */
static void
kill_session(cupel_wire *victim)
{
    cupel_wire *wire = pg_wire();
    cupel_value pid = cupel_int(PQbackendPID(cup_pg_wire(victim)->conn));

    pg_free(pg_rows(wire, "select pg_terminate_backend($1, 20000)", &pid, 1));
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_session_that_ended_before_the_commit_is_no_riddle)
{
    cupel_wire *wire = pg_wire();
    const cupel_error *error;

    begin(wire, "select 1");
    kill_session(wire);
    CHECK_FAILS(PG->commit(wire, PG_SOON), CUPEL_E_OPERATIONAL);
    error = cupel_error_last();
    CHECK_STR(cupel_error_sqlstate(error), "57P01");
    CHECK(cupel_error_connection_lost(error));
    CHECK_INT(cupel_error_outcome(error), CUPEL_OUTCOME_NOT_APPLIED);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_lost_rollback_is_a_rollback)
{
    struct proxy proxy;
    cupel_wire *wire;

    proxy_start(&proxy, "ROLLBACK", PROXY_CUT);
    wire = proxy_wire(&proxy);
    begin(wire, "select 1");
    CHECK_FAILS(PG->rollback(wire, PG_SOON), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    PG->close(wire, PG_SOON);
    proxy_stop(&proxy);
}
