/* SPDX-License-Identifier: MIT */
#include "dialect/sqlite/guard.h"

#include "sqlite_support.h"

#include <cupel/task.h>

static const char endless[] =
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
    "SELECT sum(x) FROM n";

static struct cup_sqlite_guard guard;

static sqlite3 *
open_guarded(void)
{
    sqlite3 *db;

    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    cup_sqlite_guard_install(&guard, db);
    return db;
}

static int
run_endless(sqlite3 *db)
{
    return sqlite3_exec(db, endless, NULL, NULL, NULL);
}

TEST(on_a_worker_the_flag_stops_a_statement)
{
    sqlite3 *db = open_guarded();

    cup_sqlite_guard_begin(&guard, CUP_SQLITE_ON_WORKER, 0);
    CHECK(!cup_sqlite_guard_stops(&guard));
    atomic_store(&guard.stop, true);
    CHECK(cup_sqlite_guard_stops(&guard));
    CHECK_INT(run_endless(db), SQLITE_INTERRUPT);
    sqlite3_close(db);
}

TEST(a_new_unit_starts_with_a_lowered_flag)
{
    cup_sqlite_guard_begin(&guard, CUP_SQLITE_ON_WORKER, CUPEL_FOREVER);
    atomic_store(&guard.stop, true);
    cup_sqlite_guard_begin(&guard, CUP_SQLITE_ON_WORKER, CUPEL_FOREVER);
    CHECK(!cup_sqlite_guard_stops(&guard));
}

TEST(without_a_loop_the_deadline_stops_a_statement)
{
    sqlite3 *db = open_guarded();

    cup_sqlite_guard_begin(&guard, CUP_SQLITE_BLOCKING, cupel_now() + 5);
    CHECK_INT(run_endless(db), SQLITE_INTERRUPT);
    CHECK_INT(guard.stopped, CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_TIMEOUT);
    CHECK(cup_sqlite_guard_stops(&guard));
    sqlite3_close(db);
}

TASK_TEST(in_a_task_the_deadline_stops_a_statement)
{
    sqlite3 *db = open_guarded();

    cup_sqlite_guard_begin(&guard, CUP_SQLITE_IN_TASK, cupel_now() + 5);
    CHECK_INT(run_endless(db), SQLITE_INTERRUPT);
    CHECK_INT(guard.stopped, CUPEL_E_TIMEOUT);
    sqlite3_close(db);
}

/* ---- Turns -------------------------------------------------------------- */

static bool ended;

static cupel_status
endless_task(void *arg)
{
    sqlite3 *db = open_guarded();

    (void)arg;
    cup_sqlite_guard_begin(&guard, CUP_SQLITE_IN_TASK, CUPEL_FOREVER);
    CHECK_INT(run_endless(db), SQLITE_INTERRUPT);
    ended = true;
    sqlite3_close(db);
    return guard.stopped;
}

TASK_TEST(in_a_task_others_get_their_turn)
{
    cupel_group *group = cupel_group_new();
    int turns;

    ended = false;
    CHECK_OK(cupel_group_spawn(group, endless_task, NULL));
    for (turns = 0; turns < 100; turns++)
        CHECK_OK(cupel_yield());
    CHECK(!ended);
    cupel_group_cancel(group);
    CHECK_FAILS(cupel_group_wait(group), CUPEL_E_CANCELLED);
    CHECK(ended);
}

/* ---- Locks -------------------------------------------------------------- */

/* Two connections to one new file; ours is guarded. */
static void
open_two(sqlite3 **ours, sqlite3 **other)
{
    const char *path = sqlite_new_file("") + strlen("sqlite:///");

    CHECK_INT(sqlite3_open(path, other), SQLITE_OK);
    CHECK_INT(sqlite3_exec(*other,
                           "CREATE TABLE t (a); INSERT INTO t VALUES "
                           "(1), (2)",
                           NULL, NULL, NULL),
              SQLITE_OK);
    CHECK_INT(sqlite3_open(path, ours), SQLITE_OK);
    cup_sqlite_guard_install(&guard, *ours);
    cup_sqlite_guard_begin(&guard, CUP_SQLITE_ON_WORKER, CUPEL_FOREVER);
}

TEST(sqlite_is_told_not_to_wait_for_a_lock)
{
    sqlite3 *ours, *other;

    open_two(&ours, &other);
    CHECK_INT(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
              SQLITE_OK);
    CHECK_INT(sqlite3_exec(ours, "INSERT INTO t VALUES (3)", NULL, NULL, NULL),
              SQLITE_BUSY);
    CHECK(guard.busy_asked);
    CHECK_INT(guard.busy_waited_ms, 0);
    sqlite3_close(ours);
    sqlite3_close(other);
}

/* Until it stands on a row, the other connection holds no lock. */
static sqlite3_stmt *
start_reading(sqlite3 *db)
{
    sqlite3_stmt *stmt;

    CHECK_INT(sqlite3_prepare_v2(db, "SELECT a FROM t", -1, &stmt, NULL),
              SQLITE_OK);
    CHECK_INT(sqlite3_step(stmt), SQLITE_ROW);
    return stmt;
}

TEST(a_written_statement_waits_a_moment_for_readers)
{
    sqlite3 *ours, *other;
    sqlite3_stmt *reader;

    open_two(&ours, &other);
    reader = start_reading(other);
    CHECK_INT(sqlite3_exec(ours, "INSERT INTO t VALUES (3)", NULL, NULL, NULL),
              SQLITE_BUSY);
    CHECK_INT(guard.busy_waited_ms, 100);
    sqlite3_finalize(reader);
    CHECK_INT(sqlite3_exec(ours, "INSERT INTO t VALUES (3)", NULL, NULL, NULL),
              SQLITE_OK);
    sqlite3_close(ours);
    sqlite3_close(other);
}

TEST(the_flag_ends_that_moment)
{
    sqlite3 *ours, *other;
    sqlite3_stmt *reader;

    open_two(&ours, &other);
    reader = start_reading(other);
    sqlite3_progress_handler(ours, 0, NULL, NULL);
    atomic_store(&guard.stop, true);
    CHECK_INT(sqlite3_exec(ours, "INSERT INTO t VALUES (3)", NULL, NULL, NULL),
              SQLITE_BUSY);
    CHECK_INT(guard.busy_waited_ms, 0);
    sqlite3_finalize(reader);
    sqlite3_close(ours);
    sqlite3_close(other);
}

TEST(a_commit_that_waited_in_vain_can_be_repeated)
{
    sqlite3 *ours, *other;
    sqlite3_stmt *reader;

    open_two(&ours, &other);
    reader = start_reading(other);
    CHECK_INT(
        sqlite3_exec(ours, "BEGIN; INSERT INTO t VALUES (3)", NULL, NULL, NULL),
        SQLITE_OK);
    CHECK_INT(sqlite3_exec(ours, "COMMIT", NULL, NULL, NULL), SQLITE_BUSY);
    CHECK(guard.busy_asked);
    CHECK_INT(guard.busy_waited_ms, 100);
    CHECK_INT(sqlite3_get_autocommit(ours), 0);
    sqlite3_finalize(reader);
    CHECK_INT(sqlite3_exec(ours, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(ours);
    sqlite3_close(other);
}

TEST(between_units_nothing_is_stopped)
{
    sqlite3 *db = open_guarded();

    cup_sqlite_guard_begin(&guard, CUP_SQLITE_ON_WORKER, 0);
    atomic_store(&guard.stop, true);
    cup_sqlite_guard_end(&guard);
    CHECK(!cup_sqlite_guard_stops(&guard));
    CHECK_INT(sqlite3_exec(db,
                           "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
                           "SELECT x + 1 FROM n LIMIT 10000) "
                           "SELECT sum(x) FROM n",
                           NULL, NULL, NULL),
              SQLITE_OK);
    sqlite3_close(db);
}
