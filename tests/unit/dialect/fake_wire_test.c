/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

#include <cupel/task.h>

#include "task/loop.h"
#include "task/task.h"

static void
order(enum cup_fake_op op, enum cup_fake_fault_kind kind)
{
    cup_fake_fault(&(struct cup_fake_fault){ .op = op, .kind = kind });
}

/* One statement with BEGIN ahead of it. */
static cupel_status
run_with_begin(cupel_wire *wire, const char *sql, cupel_time until)
{
    cupel_request request = {
        .sql = sql, .sql_len = strlen(sql), .set_count = 1, .begin = "BEGIN"
    };
    cupel_rows *rows;
    cupel_status rc = fake->execute(wire, &request, until, &rows);

    if (rc == CUPEL_OK)
        rows->ops->free(rows);
    else
        CHECK(rows == NULL);
    return rc;
}

FAKE_TEST(begin_goes_ahead_of_a_statement)
{
    CHECK_OK(run_with_begin(wire, "SELECT 1", CUPEL_FOREVER));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IN_TRANSACTION);
    CHECK_STR(cup_fake_log(0), "BEGIN");
    CHECK_STR(cup_fake_log(1), "SELECT 1");
    CHECK_INT(cup_fake_calls(CUP_FAKE_EXECUTE), 1);
    CHECK_OK(fake->rollback(wire, CUPEL_FOREVER));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_FAILS(run_with_begin(wire, "nonsense", CUPEL_FOREVER),
                CUPEL_E_PROGRAMMING);
    CHECK_INT(fake->state(wire), CUPEL_WIRE_FAILED);
}

FAKE_TEST(a_refused_statement_fails_its_transaction)
{
    order(CUP_FAKE_EXECUTE, CUP_FAKE_ERROR);
    CHECK_FAILS(run_with_begin(wire, "SELECT 1", CUPEL_FOREVER),
                CUPEL_E_INTERNAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "XX000");
    CHECK_INT(fake->state(wire), CUPEL_WIRE_FAILED);
    order(CUP_FAKE_ROLLBACK, CUP_FAKE_ERROR);
    CHECK_FAILS(fake->rollback(wire, CUPEL_FOREVER), CUPEL_E_INTERNAL);
    CHECK_INT(fake->state(wire), CUPEL_WIRE_FAILED);
    CHECK_OK(fake->rollback(wire, CUPEL_FOREVER));
}

FAKE_TEST(a_refused_commit_ends_the_transaction)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(run_with_begin(wire, "INSERT INTO t VALUES (1)", CUPEL_FOREVER));
    order(CUP_FAKE_COMMIT, CUP_FAKE_ERROR);
    CHECK_FAILS(fake->commit(wire, CUPEL_FOREVER), CUPEL_E_INTERNAL);
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_ASK(wire, "SELECT count(*) FROM t", "0");
}

FAKE_TEST(a_lost_commit_is_unknown_whether_it_took_effect_or_not)
{
    cupel_wire *other = fake_open("fake://test");

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    for (int after = 0; after < 2; after++) {
        CHECK_OK(
            run_with_begin(other, "INSERT INTO t VALUES (1)", CUPEL_FOREVER));
        order(CUP_FAKE_COMMIT,
              after ? CUP_FAKE_HANG_UP_AFTER : CUP_FAKE_HANG_UP);
        CHECK_SQLSTATE(fake->commit(other, CUPEL_FOREVER), CUPEL_E_OPERATIONAL,
                       "08007");
        CHECK_INT(cupel_error_outcome(cupel_error_last()),
                  CUPEL_OUTCOME_UNKNOWN);
        CHECK(cupel_error_connection_lost(cupel_error_last()));
        CHECK_INT(fake->state(other), CUPEL_WIRE_BROKEN);
        CHECK_FAILS(fake->commit(other, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
        fake->free(other);
        CHECK_ASK(wire, "SELECT count(*) FROM t", after ? "1" : "0");
        other = fake_open("fake://test");
    }
    fake->free(other);
}

FAKE_TEST(a_lost_statement_is_unknown_only_outside_transactions)
{
    cupel_wire *other = fake_open("fake://test");

    order(CUP_FAKE_EXECUTE, CUP_FAKE_HANG_UP_AFTER);
    CHECK_SQLSTATE(fake_run(other, "CREATE TABLE t (a INT)"),
                   CUPEL_E_OPERATIONAL, "08006");
    CHECK_INT(cupel_error_outcome(cupel_error_last()), CUPEL_OUTCOME_UNKNOWN);
    fake->free(other);
    CHECK_ASK(wire, "SELECT count(*) FROM t", "0");
    other = fake_open("fake://test");
    order(CUP_FAKE_EXECUTE, CUP_FAKE_HANG_UP);
    CHECK_FAILS(
        run_with_begin(other, "INSERT INTO t VALUES (1)", CUPEL_FOREVER),
        CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    fake->free(other);
}

FAKE_TEST(a_dead_wire_is_found_by_a_look_or_by_use)
{
    CHECK(fake->alive(wire));
    cup_fake_hang_up_all();
    CHECK(!fake->alive(wire));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1"), CUPEL_E_OPERATIONAL, "08006");
    CHECK_INT(fake->state(wire), CUPEL_WIRE_BROKEN);
    CHECK_SQLSTATE(fake_run(wire, "SELECT 1"), CUPEL_E_OPERATIONAL, "08003");
}

TEST(failures_to_connect_are_operational)
{
    cupel_url *url;
    cupel_wire *wire;

    cup_fake_reset();
    CHECK_OK(cupel_url_parse("fake://test", &url));
    cup_fake_fault(&(struct cup_fake_fault){
        .op = CUP_FAKE_CONNECT, .kind = CUP_FAKE_ERROR, .sqlstate = "28P01" });
    CHECK_SQLSTATE(fake->connect(url, CUPEL_FOREVER, &wire),
                   CUPEL_E_OPERATIONAL, "28P01");
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK(wire == NULL);
    order(CUP_FAKE_CONNECT, CUP_FAKE_HANG_UP);
    CHECK_SQLSTATE(fake->connect(url, CUPEL_FOREVER, &wire),
                   CUPEL_E_OPERATIONAL, "08001");
    order(CUP_FAKE_CONNECT, CUP_FAKE_HANG);
    CHECK_FAILS(fake->connect(url, cupel_deadline_in(10), &wire),
                CUPEL_E_TIMEOUT);
    CHECK_FAILS(fake->connect(url, 0, &wire), CUPEL_E_TIMEOUT);
    CHECK_INT(cup_fake_wire_count(), 0);
    cupel_url_free(url);
}

TEST(urls_are_checked)
{
    cupel_url *url;

    CHECK_OK(cupel_url_parse("fake://test?pool_limit=3", &url));
    CHECK_OK(fake->check_url(url));
    CHECK_INT(fake->pool_limit(url), 3);
    cupel_url_free(url);
    CHECK_OK(cupel_url_parse("fake://test?colour=red", &url));
    CHECK_FAILS(fake->check_url(url), CUPEL_E_ARGUMENT);
    CHECK_INT(fake->pool_limit(url), 0);
    cupel_url_free(url);
}

/* ---- In tasks: time passes --------------------------------------------- */

static cupel_wire *shared;

static cupel_status
hang_in_statement(void *arg)
{
    (void)arg;
    return run_with_begin(shared, "SELECT 1", CUPEL_FOREVER);
}

static void
keep_status(struct cup_task *task, cupel_status rc, void *arg)
{
    (void)task;
    *(cupel_status *)arg = rc;
}

TASK_TEST(a_call_that_is_given_up_leaves_the_wire_busy_until_it_is_cancelled)
{
    struct cup_task *task;
    cupel_status rc = CUPEL_OK;

    cup_fake_reset();
    shared = fake_open("fake://test");
    order(CUP_FAKE_EXECUTE, CUP_FAKE_HANG);
    CHECK_OK(cup_task_spawn(hang_in_statement, NULL, keep_status, &rc, &task));
    CHECK_OK(cupel_yield());
    cup_task_cancel(task);
    CHECK_OK(cupel_yield());
    CHECK_OK(cupel_yield());
    CHECK_INT(rc, CUPEL_E_CANCELLED);
    CHECK_INT(fake->state(shared), CUPEL_WIRE_BUSY);
    CHECK_FAILS(fake_run(shared, "SELECT 1"), CUPEL_E_INTERFACE);
    CHECK_OK(fake->cancel(shared, CUPEL_FOREVER));
    CHECK_INT(fake->state(shared), CUPEL_WIRE_FAILED);
    CHECK_OK(fake->rollback(shared, CUPEL_FOREVER));
    CHECK_ASK(shared, "SELECT 1", "1");
    fake->close(shared, CUPEL_FOREVER);
    CHECK_INT(cup_fake_wire_count(), 0);
}

TASK_TEST(deadlines_end_slow_and_hanging_calls)
{
    cupel_time begun;

    cup_fake_reset();
    cup_clock_freeze(1000);
    shared = fake_open("fake://test");
    cup_fake_latency(20);
    begun = cupel_now();
    CHECK_OK(fake_run(shared, "SELECT 1"));
    CHECK_INT(cupel_now() - begun, 20);
    order(CUP_FAKE_EXECUTE, CUP_FAKE_HANG);
    CHECK_FAILS(run_with_begin(shared, "SELECT 1", cupel_deadline_in(50)),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now() - begun, 70);
    CHECK_INT(fake->state(shared), CUPEL_WIRE_BUSY);
    order(CUP_FAKE_CANCEL, CUP_FAKE_HANG);
    CHECK_FAILS(fake->cancel(shared, cupel_deadline_in(30)), CUPEL_E_TIMEOUT);
    CHECK_INT(fake->state(shared), CUPEL_WIRE_BROKEN);
    order(CUP_FAKE_CLOSE, CUP_FAKE_HANG);
    fake->close(shared, cupel_deadline_in(30));
    cup_clock_thaw();
    CHECK_INT(cup_fake_wire_count(), 0);
}

TASK_TEST(a_hang_up_in_mid_statement_is_noticed)
{
    cup_fake_reset();
    cup_clock_freeze(1000);
    shared = fake_open("fake://test");
    cup_fake_fault(&(struct cup_fake_fault){
        .op = CUP_FAKE_EXECUTE, .kind = CUP_FAKE_HANG_UP, .delay_ms = 500 });
    CHECK_FAILS(fake_run(shared, "SELECT 1"), CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_now(), 1500);
    CHECK(!fake->alive(shared));
    fake->close(shared, CUPEL_FOREVER);
    cup_clock_thaw();
}

static int turns;

static cupel_status
count_turns(void *arg)
{
    (void)arg;
    while (turns >= 0) {
        turns++;
        CHECK_OK(cupel_yield());
    }
    return CUPEL_OK;
}

/* What another task saw of the time that a call took. */
#define CHECK_SUSPENDS(call) \
    do {                     \
        turns = 0;           \
        CHECK_OK(call);      \
        CHECK(turns > 0);    \
    } while (0)

TASK_TEST(every_round_trip_suspends)
{
    cupel_request request = {
        .sql = "SELECT 1", .sql_len = 8, .fetch_first = 1, .fetch_max = 1
    };
    cupel_rows *rows;
    cupel_url *url;

    cup_fake_reset();
    CHECK_OK(cup_task_spawn(count_turns, NULL, NULL, NULL, NULL));
    CHECK_OK(cupel_url_parse("fake://test", &url));
    CHECK_SUSPENDS(fake->connect(url, CUPEL_FOREVER, &shared));
    CHECK_SUSPENDS(fake->execute(shared, &request, CUPEL_FOREVER, &rows));
    CHECK_SUSPENDS(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
    CHECK_OK(fake->execute(shared, &request, CUPEL_FOREVER, &rows));
    CHECK_SUSPENDS(rows->ops->fetch(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
    CHECK_OK(fake_run(shared, "BEGIN"));
    CHECK_SUSPENDS(fake->commit(shared, CUPEL_FOREVER));
    CHECK_OK(fake_run(shared, "BEGIN"));
    CHECK_SUSPENDS(fake->rollback(shared, CUPEL_FOREVER));
    turns = 0;
    fake->close(shared, CUPEL_FOREVER);
    CHECK(turns > 0);
    turns = -1;
    cupel_url_free(url);
    CHECK_INT(cup_fake_wire_count(), 0);
}

/* ---- Connections that somebody else opened ------------------------------ */

FAKE_TEST(a_connection_of_somebody_else_is_adopted)
{
    void *connection = cup_fake_connection_open("test");
    cupel_wire *adopted;

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake->adopt(NULL, connection, CUPEL_FOREVER, &adopted));
    CHECK(fake->driver_connection(adopted) == connection);
    CHECK_ASK(adopted, "SELECT count(*) FROM t", "0");
    CHECK_INT(cup_fake_wire_count(), 2);
    fake->close(adopted, CUPEL_FOREVER);
    CHECK_STR(cup_fake_trace_text(),
              "connect; execute CREATE TABLE t (a INT); adopt; execute SELECT "
              "count(*) FROM t; close");
}

FAKE_TEST(a_connection_is_taken_although_it_is_refused)
{
    cupel_wire *adopted;

    order(CUP_FAKE_ADOPT, CUP_FAKE_ERROR);
    CHECK_FAILS(fake->adopt(NULL, cup_fake_connection_open("test"),
                            CUPEL_FOREVER, &adopted),
                CUPEL_E_OPERATIONAL);
    CHECK(adopted == NULL);
    CHECK_INT(cup_fake_wire_count(), 1);
    CHECK_OK(fake_run(wire, "SELECT 1"));
    cup_fake_connection_close(cup_fake_connection_open("test"));
}

TEST(a_private_database_says_so)
{
    cupel_url *url;

    CHECK_OK(cupel_url_parse("fake://test?private=1", &url));
    CHECK_OK(fake->check_url(url));
    CHECK(fake->is_private(url));
    cupel_url_free(url);
    CHECK_OK(cupel_url_parse("fake://test", &url));
    CHECK(!fake->is_private(url));
    cupel_url_free(url);
}
