/* SPDX-License-Identifier: MIT */
#include "sqlite_support.h"
#include "task/task.h"
#include "task/wait.h"

#include <cupel/task.h>

static void
check_error(int vendor_code, bool retry_safe)
{
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()), vendor_code);
    CHECK(cupel_error_retry_safe(cupel_error_last()) == retry_safe);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
}

/* A new file with table t, and two connections to it. */
static void
open_two(const char *query, cupel_wire **first, cupel_wire **second)
{
    char address[256];

    snprintf(address, sizeof address, "%s", sqlite_new_file(query));
    *first = sqlite_open(address);
    *second = sqlite_open(address);
    SQLITE_DO(*first, "CREATE TABLE t (a)");
    SQLITE_DO(*first, "INSERT INTO t VALUES (1), (2)");
}

/* ---- Where it runs ------------------------------------------------------ */

/* How often the task waited for the end of its transaction. */
static unsigned long
waits_of(cupel_wire *wire, const char *sql,
         cupel_status (*end)(cupel_wire *wire, cupel_time until))
{
    struct cup_probe probe = { .task = cup_task_current() };

    CHECK_OK(sqlite_try_begin(wire, sql));
    cup_probe_set(&probe);
    CHECK_OK(end(wire, CUPEL_FOREVER));
    cup_probe_set(NULL);
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IDLE);
    return probe.count;
}

TASK_TEST(a_transaction_that_wrote_nothing_ends_without_a_worker)
{
    static const char *const journals[] = { "", "?journal_mode=wal" };
    cupel_wire *wire, *other;

    for (size_t i = 0; i < 2; i++) {
        open_two(journals[i], &wire, &other);
        CHECK_INT(waits_of(wire, "SELECT a FROM t", sqlite->rollback), 0);
        CHECK_INT(waits_of(wire, "SELECT a FROM t", sqlite->commit), 0);
        SQLITE_DO(other, "DELETE FROM t"); /* no lock is left */
        CHECK(waits_of(wire, "INSERT INTO t VALUES (3)", sqlite->commit) > 0);
        CHECK(waits_of(wire, "DELETE FROM t", sqlite->rollback) > 0);
        CHECK(waits_of(wire, "CREATE TEMP TABLE u (a)", sqlite->commit) > 0);
        SQLITE_ROWS(other, "SELECT a FROM t", "3");
        sqlite_end(wire);
        sqlite_end(other);
    }
}

static cupel_status
commit_late(void *arg)
{
    CHECK_OK(sqlite_try_begin(arg, "SELECT a FROM t"));
    cup_task_cancel(cup_task_current());
    return sqlite->commit(arg, CUPEL_FOREVER);
}

TASK_TEST(it_is_no_commit_for_who_was_cancelled)
{
    cupel_wire *wire, *other;
    cupel_future *future;

    open_two("", &wire, &other);
    sqlite_end(wire);
    future = cupel_future_call(commit_late, other);
    CHECK_OK(cupel_future_spawn(future)); /* a task of its own */
    CHECK_FAILS(cupel_await(future), CUPEL_E_CANCELLED);
    sqlite_end(other);
}

/* ---- Locks -------------------------------------------------------------- */

static cupel_status
insert(void *arg)
{
    cupel_wire *wire = arg;

    return sqlite_try(wire, "INSERT INTO t VALUES (3)");
}

TASK_TEST(a_lock_is_waited_for)
{
    cupel_wire *holder, *waiter;
    cupel_future *future;
    int i;

    open_two("", &holder, &waiter);
    CHECK_OK(sqlite_try_begin(holder, "INSERT INTO t VALUES (2)"));
    future = cupel_future_call(insert, waiter);
    CHECK_OK(cupel_future_spawn(future));
    for (i = 0; i < 5; i++)
        SQLITE_ROWS(holder, "SELECT 'meanwhile'", "meanwhile");
    CHECK(!cupel_future_done(future));
    CHECK_OK(sqlite->commit(holder, CUPEL_FOREVER));
    CHECK_OK(cupel_await(future));
    SQLITE_ROWS(waiter, "SELECT count(*) FROM t", "4");
    sqlite_end(holder);
    sqlite_end(waiter);
}

/* More writers than workers: those who wait must not keep the one who has the
 * lock from committing. */
static cupel_status
write_often(void *arg)
{
    const char *address = arg;
    cupel_wire *wire = sqlite_open(address);
    int i;

    for (i = 0; i < 5; i++) {
        CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1)"));
        CHECK_OK(cupel_yield());
        CHECK_OK(sqlite->commit(wire, CUPEL_FOREVER));
    }
    sqlite_end(wire);
    return CUPEL_OK;
}

TASK_TEST(more_writers_than_workers_all_get_through)
{
    enum { WRITERS = 12 };
    cupel_future *futures[WRITERS];
    cupel_time started = cupel_now();
    static char address[256];
    cupel_wire *wire;
    size_t i;

    snprintf(address, sizeof address, "%s",
             sqlite_new_file("?begin=immediate&synchronous=off&timeout=30"));
    wire = sqlite_open(address);
    SQLITE_DO(wire, "CREATE TABLE t (a)");
    for (i = 0; i < WRITERS; i++)
        futures[i] = cupel_future_call(write_often, address);
    CHECK_OK(cupel_await(cupel_future_gather(futures, WRITERS)));
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "60");
    CHECK(cupel_now() - started < 25000);
    sqlite_end(wire);
}

TASK_TEST(a_lock_is_not_waited_for_for_ever)
{
    cupel_wire *holder, *waiter;
    cupel_time started;

    open_two("?timeout=0.05", &holder, &waiter);
    CHECK_OK(sqlite_try_begin(holder, "INSERT INTO t VALUES (2)"));
    started = cupel_now();
    CHECK_FAILS(insert(waiter), CUPEL_E_OPERATIONAL);
    check_error(SQLITE_BUSY, true);
    CHECK(cupel_now() - started >= 45);
    CHECK_INT(sqlite->state(waiter), CUPEL_WIRE_IDLE);
    sqlite_end(holder);
    sqlite_end(waiter);
}

TEST(a_lock_is_waited_for_without_a_loop_too)
{
    cupel_wire *holder, *waiter;
    cupel_time started;

    open_two("?timeout=0.05", &holder, &waiter);
    CHECK_OK(sqlite_try_begin(holder, "INSERT INTO t VALUES (2)"));
    started = cupel_now();
    CHECK_FAILS(insert(waiter), CUPEL_E_OPERATIONAL);
    check_error(SQLITE_BUSY, true);
    CHECK(cupel_now() - started >= 45);
    CHECK_OK(sqlite->commit(holder, CUPEL_FOREVER));
    CHECK_OK(insert(waiter));
    sqlite_end(holder);
    sqlite_end(waiter);
}

TASK_TEST(a_timeout_of_0_does_not_wait)
{
    cupel_wire *holder, *waiter;

    open_two("?timeout=0", &holder, &waiter);
    CHECK_OK(sqlite_try_begin(holder, "INSERT INTO t VALUES (2)"));
    CHECK_FAILS(insert(waiter), CUPEL_E_OPERATIONAL);
    check_error(SQLITE_BUSY, true);
    sqlite_end(holder);
    sqlite_end(waiter);
}

static void
check_deadline_at_lock(void)
{
    cupel_request request = sqlite_request("INSERT INTO t VALUES (3)", NULL, 0);
    cupel_wire *holder, *waiter;
    cupel_time started;

    open_two("", &holder, &waiter);
    CHECK_OK(sqlite_try_begin(holder, "INSERT INTO t VALUES (2)"));
    started = cupel_now();
    CHECK_FAILS(sqlite_send(waiter, &request, started + 30), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - started >= 30);
    CHECK(cupel_now() - started < 1000);
    CHECK(strstr(cupel_error_text(), "locked") != NULL);
    CHECK_INT(sqlite->state(waiter), CUPEL_WIRE_IDLE);
    CHECK_OK(sqlite->rollback(holder, CUPEL_FOREVER));
    CHECK_OK(insert(waiter));
    sqlite_end(holder);
    sqlite_end(waiter);
}

TASK_TEST(the_deadline_comes_before_the_lock)
{
    check_deadline_at_lock();
}

TEST(the_deadline_comes_before_the_lock_without_a_loop)
{
    check_deadline_at_lock();
}

/* Waiting would not help: what was read is no longer so. */
TASK_TEST(an_outdated_snapshot_is_told_at_once)
{
    cupel_time started;
    cupel_wire *reader, *writer;

    open_two("?journal_mode=wal", &reader, &writer);
    CHECK_OK(sqlite_try_begin(reader, "SELECT * FROM t"));
    SQLITE_DO(writer, "INSERT INTO t VALUES (3)");
    started = cupel_now();
    CHECK_FAILS(insert(reader), CUPEL_E_OPERATIONAL);
    CHECK(cupel_now() - started < 1000);
    check_error(SQLITE_BUSY_SNAPSHOT, true);
    CHECK_INT(sqlite->state(reader), CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(sqlite->rollback(reader, CUPEL_FOREVER));
    CHECK_OK(insert(reader));
    sqlite_end(reader);
    sqlite_end(writer);
}

TASK_TEST(a_commit_that_meets_a_lock_can_be_repeated)
{
    cupel_wire *reader, *writer;
    cupel_rows *rows;

    open_two("?timeout=0.02", &reader, &writer);
    CHECK_OK(sqlite_try_begin(writer, "INSERT INTO t VALUES (3)"));
    rows = sqlite_stream(reader, "SELECT * FROM t", 1, 1);
    CHECK_FAILS(sqlite->commit(writer, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
    check_error(SQLITE_BUSY, true);
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    CHECK_INT(sqlite->state(writer), CUPEL_WIRE_IN_TRANSACTION);
    rows->ops->free(rows);
    CHECK_OK(sqlite->commit(writer, CUPEL_FOREVER));
    SQLITE_ROWS(reader, "SELECT count(*) FROM t", "3");
    sqlite_end(reader);
    sqlite_end(writer);
}

static struct cup_probe probe;

static cupel_status
commit(void *arg)
{
    probe = (struct cup_probe){ .task = cup_task_current() };
    cup_probe_set(&probe);
    return sqlite->commit(arg, CUPEL_FOREVER);
}

TASK_TEST(a_commit_waits_for_readers)
{
    cupel_wire *reader, *writer;
    cupel_future *future;
    cupel_rows *rows;

    open_two("", &reader, &writer);
    CHECK_OK(sqlite_try_begin(writer, "INSERT INTO t VALUES (3)"));
    rows = sqlite_stream(reader, "SELECT * FROM t", 1, 1);
    future = cupel_future_call(commit, writer);
    CHECK_OK(cupel_future_spawn(future));
    do
        CHECK_OK(cupel_yield());
    while (probe.count < 4); /* two attempts, two pauses */
    CHECK(!cupel_future_done(future));
    cup_probe_set(NULL);
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    CHECK_OK(cupel_await(future));
    CHECK_INT(sqlite->state(writer), CUPEL_WIRE_IDLE);
    rows->ops->free(rows);
    sqlite_end(reader);
    sqlite_end(writer);
}

TASK_TEST(a_stream_meets_no_lock_again_and_again)
{
    cupel_wire *reader, *writer;
    cupel_rows *rows;

    open_two("?journal_mode=wal", &reader, &writer);
    rows = sqlite_stream(reader, "SELECT * FROM t", 1, 1);
    SQLITE_DO(writer, "INSERT INTO t VALUES (3)");
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_STR(sqlite_text(rows), "2");
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_INT(rows->row_count, 0); /* its snapshot has two rows */
    rows->ops->free(rows);
    sqlite_end(reader);
    sqlite_end(writer);
}

/* ---- Deadlines and cancellation ----------------------------------------- */

/* Turn the clock once the statement runs. The clock stands still otherwise, so
 * that a worker may take its time to stop. */
static void
check_deadline_in_task(const char *address)
{
    struct sqlite_errand errand = { sqlite_open(address), SQLITE_ENDLESS, 0 };
    cupel_future *future;

    sqlite_add_called(errand.wire);
    cup_clock_freeze(cupel_now());
    errand.until = cupel_now() + 30;
    future = cupel_future_call(sqlite_do_errand, &errand);
    CHECK_OK(cupel_future_spawn(future));
    while (!atomic_load(&sqlite_called))
        CHECK_OK(cupel_yield());
    cup_clock_advance(30);
    while (!cupel_future_done(future))
        CHECK_OK(cupel_yield());
    CHECK_FAILS(cupel_await(future), CUPEL_E_TIMEOUT);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    cup_clock_thaw();
    CHECK_INT(sqlite->state(errand.wire), CUPEL_WIRE_IDLE);
    CHECK_OK(sqlite->cancel(errand.wire, CUPEL_FOREVER));
    SQLITE_ROWS(errand.wire, "SELECT 'still good'", "still good");
    errand.until = cupel_now() - 1;
    CHECK_FAILS(sqlite_do_errand(&errand), CUPEL_E_TIMEOUT);
    SQLITE_ROWS(errand.wire, "SELECT 'still good'", "still good");
    sqlite_end(errand.wire);
}

TASK_TEST(a_deadline_ends_a_statement)
{
    check_deadline_in_task(sqlite_new_file(""));
    check_deadline_in_task("sqlite://");
}

static void
check_deadline(const char *address)
{
    cupel_request request = sqlite_request(SQLITE_ENDLESS, NULL, 0);
    cupel_wire *wire = sqlite_open(address);
    cupel_time until = cupel_now() + 10;

    sqlite_add_called(wire);
    CHECK_FAILS(sqlite_send(wire, &request, until), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() >= until);
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IDLE);
    SQLITE_ROWS(wire, "SELECT 'still good'", "still good");
    sqlite_end(wire);
}

TEST(a_deadline_ends_a_statement_without_a_loop)
{
    check_deadline(sqlite_new_file(""));
    check_deadline("sqlite://");
}

TASK_TEST(a_deadline_around_ends_a_statement)
{
    cupel_wire *wire = sqlite_open("sqlite://");
    struct cup_scope scope;
    cupel_status rc;

    sqlite_add_called(wire);
    cup_deadline_begin(&scope, cupel_now() + 10);
    rc = sqlite_try(wire, SQLITE_ENDLESS);
    cup_scope_end(&scope);
    CHECK_FAILS(rc, CUPEL_E_TIMEOUT);
    SQLITE_ROWS(wire, "SELECT 1", "1");
    sqlite_end(wire);
}

static void
check_cancel(const char *address)
{
    struct sqlite_errand errand = { sqlite_open(address), SQLITE_ENDLESS,
                                    CUPEL_FOREVER };

    sqlite_add_called(errand.wire);
    cup_clock_freeze(cupel_now());
    CHECK_FAILS(sqlite_cancel_when_called(sqlite_do_errand, &errand),
                CUPEL_E_CANCELLED);
    cup_clock_thaw();
    CHECK_INT(sqlite->state(errand.wire), CUPEL_WIRE_IDLE);
    SQLITE_ROWS(errand.wire, "SELECT 'still good'", "still good");
    sqlite_end(errand.wire);
}

TASK_TEST(a_cancelled_task_ends_its_statement)
{
    check_cancel(sqlite_new_file(""));
    check_cancel("sqlite://");
}

static void
check_interrupted_write(const char *address)
{
    struct sqlite_errand errand = { sqlite_open(address),
                                    "INSERT INTO t " SQLITE_ENDLESS,
                                    CUPEL_FOREVER };

    sqlite_add_called(errand.wire);
    SQLITE_DO(errand.wire, "CREATE TABLE t (a)");
    CHECK_OK(sqlite_try_begin(errand.wire, "INSERT INTO t VALUES (1)"));
    cup_clock_freeze(cupel_now());
    CHECK_FAILS(sqlite_cancel_when_called(sqlite_do_errand, &errand),
                CUPEL_E_CANCELLED);
    cup_clock_thaw();
    CHECK_INT(sqlite->state(errand.wire), CUPEL_WIRE_FAILED);
    CHECK_FAILS(sqlite_try(errand.wire, "INSERT INTO t VALUES (2)"),
                CUPEL_E_OPERATIONAL);
    CHECK_OK(sqlite->rollback(errand.wire, CUPEL_FOREVER));
    SQLITE_ROWS(errand.wire, "SELECT count(*) FROM t", "0");
    sqlite_end(errand.wire);
}

TASK_TEST(an_interrupted_write_takes_its_transaction_along)
{
    check_interrupted_write(sqlite_new_file(""));
    check_interrupted_write("sqlite://");
}

/* Trap 14: more stack than a task has. */
static void
check_deep(cupel_wire *wire)
{
    static char sql[32768];
    size_t len = 0;
    int i;

    for (i = 0; i < 400; i++)
        len += (size_t)snprintf(sql + len, sizeof sql - len, "%sSELECT %d AS x",
                                i > 0 ? " UNION ALL " : "", i);
    CHECK(len < sizeof sql - 1);
    CHECK_OK(sqlite_try(wire, sql));
    len = (size_t)snprintf(sql, sizeof sql, "SELECT 0");
    for (i = 0; i < 990; i++)
        len += (size_t)snprintf(sql + len, sizeof sql - len, "+%d", i);
    SQLITE_ROWS(wire, sql, "489555");
    SQLITE_DO(wire, "CREATE TABLE t (a)"); /* prepares the sum once more */
    SQLITE_ROWS(wire, sql, "489555");
}

TASK_TEST(the_deepest_statements_have_stack_enough)
{
    cupel_wire *memory = sqlite_open("sqlite://");
    cupel_wire *file = sqlite_open(sqlite_new_file(""));

    check_deep(memory);
    check_deep(file);
    sqlite_end(memory);
    sqlite_end(file);
}

TASK_TEST(four_databases_in_memory_take_turns)
{
    struct sqlite_errand errands[4];
    cupel_future *futures[4];
    size_t i;

    for (i = 0; i < 4; i++) {
        errands[i] = (struct sqlite_errand){ sqlite_open("sqlite://"),
                                             SQLITE_ENDLESS, cupel_now() + 50 };
        sqlite_add_called(errands[i].wire);
        futures[i] = cupel_future_call(sqlite_do_errand, &errands[i]);
    }
    CHECK_FAILS(cupel_await(cupel_future_gather(futures, 4)), CUPEL_E_TIMEOUT);
    for (i = 0; i < 4; i++) {
        SQLITE_ROWS(errands[i].wire, "SELECT 1", "1");
        sqlite_end(errands[i].wire);
    }
}
