/* SPDX-License-Identifier: MIT */
#include "sqlite_support.h"
#include "task/task.h"
#include "task/wait.h"

#include <cupel/task.h>

#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/stat.h>

/* ---- Opening ------------------------------------------------------------ */

TASK_TEST(memory_is_a_database_of_its_own)
{
    cupel_wire *first = sqlite_open("sqlite://");
    cupel_wire *second = sqlite_open("sqlite:///:memory:");

    SQLITE_DO(first, "CREATE TABLE t (a)");
    CHECK_FAILS(sqlite_try(second, "SELECT * FROM t"), CUPEL_E_OPERATIONAL);
    sqlite_end(first);
    sqlite_end(second);
}

TASK_TEST(a_file_is_the_same_database_twice)
{
    cupel_wire *first = sqlite_open(sqlite_file("twice.db"));
    cupel_wire *second = sqlite_open(sqlite_file("twice.db"));

    SQLITE_DO(first, "CREATE TABLE t (a)");
    SQLITE_ROWS(second, "SELECT count(*) FROM t", "0");
    sqlite_end(first);
    sqlite_end(second);
}

TASK_TEST(a_relative_path_is_where_the_program_is)
{
    char before[512];
    cupel_wire *wire;

    CHECK(getcwd(before, sizeof before) != NULL);
    sqlite_new_file("");
    CHECK_INT(chdir(sqlite_folder), 0);
    wire = sqlite_open("sqlite:///file:odd name.db");
    CHECK_INT(chdir(before), 0);
    CHECK(cup_sqlite_wire_of(wire)->path[0] == '/');
    SQLITE_DO(wire, "CREATE TABLE t (a)");
    sqlite_end(wire);
    wire = sqlite_open(sqlite_file("file:odd name.db?mode=rw"));
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "0");
    sqlite_end(wire);
}

TASK_TEST(a_folder_that_is_gone_has_no_relative_files)
{
    char before[512], gone[128];
    cupel_wire *wire;

    CHECK(getcwd(before, sizeof before) != NULL);
    sqlite_new_file("");
    snprintf(gone, sizeof gone, "%s/gone", sqlite_folder);
    CHECK_INT(mkdir(gone, 0700), 0);
    CHECK_INT(chdir(gone), 0);
    CHECK_INT(rmdir(gone), 0);
    CHECK_FAILS(sqlite_try_open("sqlite:///x.db", CUPEL_FOREVER, &wire),
                CUPEL_E_OPERATIONAL);
    CHECK(wire == NULL);
    CHECK_INT(chdir(before), 0);
}

TASK_TEST(a_file_that_cannot_be_opened_says_why)
{
    cupel_wire *wire;

    CHECK_FAILS(
        sqlite_try_open(sqlite_new_file("?mode=rw"), CUPEL_FOREVER, &wire),
        CUPEL_E_OPERATIONAL);
    CHECK(wire == NULL);
    CHECK_STR(cupel_error_text(),
              "unable to open database file: No such file or directory");
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()) & 0xff,
              SQLITE_CANTOPEN);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
}

TASK_TEST(a_refused_url_opens_nothing)
{
    cupel_wire *wire;

    CHECK_FAILS(sqlite_try_open("sqlite://host/x", CUPEL_FOREVER, &wire),
                CUPEL_E_ARGUMENT);
    CHECK(wire == NULL);
}

TASK_TEST(read_only_is_read_only)
{
    cupel_wire *wire = sqlite_open(sqlite_file("ro.db"));

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    sqlite_end(wire);
    wire = sqlite_open(sqlite_file("ro.db?mode=ro"));
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "0");
    CHECK_FAILS(sqlite_try(wire, "INSERT INTO t VALUES (1)"),
                CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()), SQLITE_READONLY);
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IDLE);
    sqlite_end(wire);
}

TASK_TEST(settings_are_made_on_every_connection)
{
    cupel_wire *wire = sqlite_open(
        sqlite_new_file("?foreign_keys=on&journal_mode=wal&synchronous=extra"));

    SQLITE_ROWS(wire, "PRAGMA foreign_keys", "1");
    SQLITE_ROWS(wire, "PRAGMA journal_mode", "wal");
    SQLITE_ROWS(wire, "PRAGMA synchronous", "3");
    sqlite_end(wire);
    wire = sqlite_open("sqlite://?foreign_keys=on");
    SQLITE_ROWS(wire, "PRAGMA foreign_keys", "1");
    sqlite_end(wire);
}

TASK_TEST(a_journal_mode_that_cannot_be_is_refused)
{
    cupel_wire *wire;

    CHECK_FAILS(
        sqlite_try_open("sqlite://?journal_mode=wal", CUPEL_FOREVER, &wire),
        CUPEL_E_OPERATIONAL);
    CHECK(strstr(cupel_error_text(), "journal_mode") != NULL);
}

TASK_TEST(begin_is_what_the_url_says)
{
    cupel_wire *first = sqlite_open(sqlite_file("im.db?begin=immediate"));
    cupel_wire *second =
        sqlite_open(sqlite_file("im.db?begin=immediate&timeout=0"));

    CHECK_OK(sqlite_try_begin(first, "SELECT 1"));
    CHECK_FAILS(sqlite_try_begin(second, "SELECT 1"), CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()), SQLITE_BUSY);
    CHECK_INT(sqlite->state(second), CUPEL_WIRE_IDLE);
    CHECK_OK(sqlite->rollback(first, CUPEL_FOREVER));
    CHECK_OK(sqlite_try_begin(second, "SELECT 1"));
    sqlite_end(first);
    sqlite_end(second);
}

TASK_TEST(opening_waits_for_a_lock)
{
    cupel_wire *holder = sqlite_open(sqlite_file("mode.db")), *wire;

    SQLITE_DO(holder, "CREATE TABLE t (a)");
    CHECK_OK(sqlite_try_begin(holder, "INSERT INTO t VALUES (1)"));
    CHECK_FAILS(sqlite_try_open(sqlite_file("mode.db?journal_mode=wal&timeout="
                                            "0.05"),
                                CUPEL_FOREVER, &wire),
                CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()) & 0xff, SQLITE_BUSY);
    CHECK_OK(sqlite->commit(holder, CUPEL_FOREVER));
    sqlite_end(holder);
    wire = sqlite_open(sqlite_file("mode.db?journal_mode=wal"));
    sqlite_end(wire);
}

/* A setting that meets a lock is not left out. */
TASK_TEST(opening_meets_a_lock_again_and_again)
{
    cupel_wire *holder = sqlite_open(sqlite_file("locked.db")), *wire;

    SQLITE_DO(holder, "CREATE TABLE t (a)");
    SQLITE_DO(holder, "BEGIN EXCLUSIVE");
    CHECK_FAILS(
        sqlite_try_open(sqlite_file("locked.db?journal_mode=wal&timeout=0.05"),
                        CUPEL_FOREVER, &wire),
        CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()) & 0xff, SQLITE_BUSY);
    sqlite_end(holder);
}

TASK_TEST(a_passed_deadline_opens_nothing)
{
    cupel_wire *wire;

    CHECK_FAILS(sqlite_try_open(sqlite_new_file(""), cupel_now() - 1, &wire),
                CUPEL_E_TIMEOUT);
    CHECK_FAILS(sqlite_try_open("sqlite://", cupel_now() - 1, &wire),
                CUPEL_E_TIMEOUT);
}

TASK_TEST(every_connection_has_the_functions)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));

    SQLITE_ROWS(wire, "SELECT 'abc' REGEXP 'b', floor(1.5)", "1,1");
    sqlite_end(wire);
}

/* ---- Closing ------------------------------------------------------------ */

static int
open_descriptors(void)
{
    int fd, count = 0;

    for (fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

static void
check_freed(void)
{
    int before = open_descriptors();
    cupel_wire *wire = sqlite_open(sqlite_file("hung up.db"));

    SQLITE_ROWS(wire, "SELECT 1", "1");
    CHECK(open_descriptors() > before);
    sqlite->free(wire);
    while (cupel_in_task() && open_descriptors() > before)
        CHECK_OK(cupel_yield()); /* the closing has a task of its own */
    CHECK_INT(open_descriptors(), before);
}

TEST(free_hangs_up)
{
    check_freed();
}

TASK_TEST(free_hangs_up_in_the_background)
{
    struct cup_probe probe = { 0 };
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));

    probe.task = cup_task_current();
    cup_probe_set(&probe);
    sqlite->free(wire);
    cup_probe_set(NULL);
    CHECK_INT(probe.count, 0); /* it did not wait for it */
}

TASK_TEST(what_is_closed_in_the_background_is_closed)
{
    check_freed();
}

TASK_TEST(an_open_transaction_is_rolled_back_by_closing)
{
    cupel_wire *wire = sqlite_open(sqlite_file("open.db"));

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1)"));
    sqlite_end(wire);
    wire = sqlite_open(sqlite_file("open.db"));
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "0");
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1)"));
    sqlite->free(wire);
    wire = sqlite_open(sqlite_file("open.db"));
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "0");
    sqlite_end(wire);
}

TASK_TEST(a_deadline_that_passed_closes_all_the_same)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));

    sqlite->close(wire, cupel_now() - 1);
    wire = sqlite_open("sqlite://");
    sqlite->close(wire, cupel_now() - 1);
}

static cupel_status
close_it(void *arg)
{
    sqlite->close(arg, CUPEL_FOREVER);
    return CUPEL_OK;
}

TASK_TEST(a_cancelled_task_closes_all_the_same)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));
    cupel_group *group = cupel_group_new();

    CHECK_OK(cupel_group_spawn(group, close_it, wire));
    cupel_group_cancel(group);
    CHECK_OK(cupel_group_wait(group));
}

/* ---- A worker that does not come back in time --------------------------- */

static sem_t released;

/* A call into something that no progress handler can stop. */
static int
hang(void)
{
    atomic_store(&sqlite_called, true);
    sem_wait(&released);
    return 0;
}

static void
hang_in_sql(sqlite3_context *context, int count, sqlite3_value **args)
{
    (void)count;
    (void)args;
    sqlite3_result_int(context, hang());
}

static int
hang_in_commit(void *arg)
{
    (void)arg;
    return hang();
}

static void
hang_in_close(void *arg)
{
    (void)arg;
    hang();
}

static cupel_wire *
open_hanging(const char *name)
{
    cupel_wire *wire = sqlite_open(sqlite_file(name));

    atomic_store(&sqlite_called, false);
    CHECK_INT(sem_init(&released, 0, 0), 0);
    SQLITE_DO(wire, "CREATE TABLE IF NOT EXISTS t (a)");
    CHECK_INT(sqlite3_create_function(cup_sqlite_wire_of(wire)->db, "hang", 0,
                                      SQLITE_UTF8, NULL, hang_in_sql, NULL,
                                      NULL),
              SQLITE_OK);
    return wire;
}

static void
check_lost(cupel_wire *wire, const char *sql)
{
    struct sqlite_errand errand = { wire, sql, CUPEL_FOREVER };

    CHECK_FAILS(sqlite_cancel_when_called(sqlite_do_errand, &errand),
                CUPEL_E_CANCELLED);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_BROKEN);
}

static void
wait_until_back(const struct cup_sqlite_wire *wire)
{
    sem_post(&released);
    while (wire->lost)
        CHECK_OK(cupel_yield());
}

TASK_TEST(a_hanging_statement_breaks_its_connection)
{
    cupel_wire *wire = open_hanging("hang.db");

    check_lost(wire, "SELECT hang()");
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    CHECK_FAILS(sqlite_try(wire, "SELECT 1"), CUPEL_E_OPERATIONAL);
    CHECK_FAILS(sqlite->cancel(wire, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
    sqlite->free(wire); /* gone when the worker comes back */
    sem_post(&released);
}

TASK_TEST(a_lost_connection_may_be_closed)
{
    cupel_wire *wire = open_hanging("hang.db");

    check_lost(wire, "SELECT hang()");
    sqlite_end(wire);
    sem_post(&released);
}

TASK_TEST(a_worker_may_come_back_before_its_connection_is_freed)
{
    cupel_wire *wire = open_hanging("hang.db");

    check_lost(wire, "SELECT hang()");
    wait_until_back(cup_sqlite_wire_of(wire));
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_BROKEN);
    CHECK_FAILS(sqlite_try(wire, "SELECT 1"), CUPEL_E_OPERATIONAL);
    sqlite->free(wire);
}

TASK_TEST(a_lost_write_has_an_unknown_outcome)
{
    cupel_wire *wire = open_hanging("hang.db");

    check_lost(wire, "INSERT INTO t VALUES (hang())");
    CHECK_INT(cupel_error_outcome(cupel_error_last()), CUPEL_OUTCOME_UNKNOWN);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "08007");
    sqlite->free(wire);
    sem_post(&released);
}

static cupel_status
commit(void *arg)
{
    return sqlite->commit(arg, CUPEL_FOREVER);
}

TASK_TEST(a_lost_commit_has_an_unknown_outcome)
{
    cupel_wire *wire = open_hanging("hang.db");

    sqlite3_commit_hook(cup_sqlite_wire_of(wire)->db, hang_in_commit, NULL);
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1)"));
    CHECK_FAILS(sqlite_cancel_when_called(commit, wire), CUPEL_E_CANCELLED);
    CHECK_INT(cupel_error_outcome(cupel_error_last()), CUPEL_OUTCOME_UNKNOWN);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "08007");
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_BROKEN);
    sqlite->free(wire);
    sem_post(&released);
}

/* Until the loop has given up waiting, and not longer. */
static int
commit_late(void *arg)
{
    struct cup_sqlite_wire *wire = arg;

    atomic_store(&sqlite_called, true);
    while (!atomic_load(&wire->guard.stop))
        sched_yield();
    return 0;
}

TASK_TEST(a_late_commit_is_known_to_be_applied)
{
    cupel_wire *wire = open_hanging("late.db");

    sqlite3_commit_hook(cup_sqlite_wire_of(wire)->db, commit_late,
                        cup_sqlite_wire_of(wire));
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1)"));
    cup_clock_freeze(cupel_now()); /* the worker may take its time */
    CHECK_FAILS(sqlite_cancel_when_called(commit, wire), CUPEL_E_CANCELLED);
    cup_clock_thaw();
    CHECK_INT(cupel_error_outcome(cupel_error_last()), CUPEL_OUTCOME_APPLIED);
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IDLE);
    sqlite3_commit_hook(cup_sqlite_wire_of(wire)->db, NULL, NULL);
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "1");
    sqlite_end(wire);
}

TASK_TEST(a_hanging_close_is_left_to_itself)
{
    cupel_wire *wire = open_hanging("hang.db");

    CHECK_INT(sqlite3_create_function_v2(cup_sqlite_wire_of(wire)->db, "f", 0,
                                         SQLITE_UTF8, NULL, hang_in_sql, NULL,
                                         NULL, hang_in_close),
              SQLITE_OK);
    CHECK_OK(sqlite_cancel_when_called(close_it, wire));
    sem_post(&released);
}

static cupel_status
fetch(void *arg)
{
    cupel_rows *rows = arg;

    return rows->ops->fetch(rows, CUPEL_FOREVER);
}

TASK_TEST(rows_may_be_freed_while_a_worker_has_them)
{
    cupel_wire *wire = open_hanging("hang.db");
    cupel_rows *other =
        sqlite_stream(wire, "SELECT 1 UNION ALL SELECT 2", 1, 1);
    cupel_rows *rows = sqlite_stream(
        wire, "SELECT 1 UNION ALL SELECT hang() UNION ALL SELECT 3", 1, 1);

    CHECK_FAILS(sqlite_cancel_when_called(fetch, rows), CUPEL_E_CANCELLED);
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_BROKEN);
    CHECK_INT(rows->row_count, 0);
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
    CHECK_FAILS(fetch(other), CUPEL_E_OPERATIONAL);
    other->ops->free(other);
    sqlite->free(wire);
    sem_post(&released);
}

TASK_TEST(rows_may_be_freed_after_the_worker_came_back)
{
    cupel_wire *wire = open_hanging("hang.db");
    cupel_rows *rows =
        sqlite_stream(wire, "SELECT 1 UNION ALL SELECT hang()", 1, 1);

    CHECK_FAILS(sqlite_cancel_when_called(fetch, rows), CUPEL_E_CANCELLED);
    sqlite->free(wire);
    sem_post(&released);
    while (((struct cup_sqlite_rows *)(void *)rows)->wire != NULL)
        CHECK_OK(cupel_yield());
    CHECK_OK(fetch(rows));
    CHECK_INT(rows->row_count, 0);
    rows->ops->free(rows);
}
