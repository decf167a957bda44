/* SPDX-License-Identifier: MIT */
#include "../base/failing_alloc.h"
#include "sqlite_support.h"
#include "task/wait.h"

#include <signal.h>
#include <sys/resource.h>

static cupel_wire_state
state(const cupel_wire *wire)
{
    return sqlite->state(wire);
}

/* Every test that is about SQL and not about threads runs on each: a file and
 * memory, in a task and outside. */
static const char *
address(bool memory)
{
    return memory ? "sqlite://" : sqlite_new_file("");
}

#define EVERYWHERE(name)                                 \
    static void everywhere_##name(cupel_wire *wire);     \
    static void on_##name(bool memory)                   \
    {                                                    \
        cupel_wire *wire = sqlite_open(address(memory)); \
                                                         \
        everywhere_##name(wire);                         \
        sqlite_end(wire);                                \
    }                                                    \
    TEST(name##_without_a_loop)                          \
    {                                                    \
        on_##name(false);                                \
        on_##name(true);                                 \
    }                                                    \
    TASK_TEST(name)                                      \
    {                                                    \
        on_##name(false);                                \
        on_##name(true);                                 \
    }                                                    \
    static void everywhere_##name(cupel_wire *wire)

/* ---- Values and rows ---------------------------------------------------- */

EVERYWHERE(rows_come_back)
{
    SQLITE_ROWS(wire, "SELECT 1, 'two', 3.5, NULL, x'04'", "1,two,3.5,NULL,04");
    SQLITE_ROWS(wire, "SELECT 1 UNION ALL SELECT 2", "1;2");
    SQLITE_ROWS(wire, "SELECT 1 WHERE 0", "");
}

EVERYWHERE(values_of_every_kind_go_in)
{
    static const uint8_t uuid[16] = { [15] = 7 };
    const cupel_value values[] = {
        cupel_null(),          cupel_bool(true),        cupel_int(-5),
        cupel_double(0.5),     cupel_decimal("1.50"),   cupel_string("text"),
        cupel_blob("\x01", 1), cupel_date(2024, 2, 29), cupel_datetime(0),
        cupel_datetimetz(0),   cupel_uuid(uuid),        cupel_json("[1]"),
    };
    cupel_rows *rows = sqlite_query(
        wire, "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", values, 12);

    CHECK_STR(sqlite_text(rows),
              "NULL,1,-5,0.5,1.50,text,01,2024-02-29,1970-01-01 "
              "00:00:00.000000,1970-01-01 00:00:00.000000+00:00,"
              "00000000000000000000000000000007,[1]");
    rows->ops->free(rows);
}

EVERYWHERE(the_columns_are_described)
{
    cupel_rows *rows;

    SQLITE_DO(wire, "CREATE TABLE t (id INTEGER, ok BOOLEAN)");
    rows = sqlite_query(wire, "SELECT id, ok, 1 AS one FROM t", NULL, 0);
    CHECK_INT(rows->column_count, 3);
    CHECK_STR(rows->columns[1].name, "ok");
    CHECK_INT(rows->columns[1].type, CUPEL_BOOL);
    CHECK_STR(rows->columns[2].name, "one");
    CHECK_INT(rows->row_count, 0);
    CHECK(!rows->more);
    rows->ops->free(rows);
}

EVERYWHERE(too_few_and_too_many_values_are_refused)
{
    const cupel_value values[] = { cupel_int(1), cupel_int(2) };
    cupel_request request = sqlite_request("SELECT ?", values, 2);

    CHECK_FAILS(sqlite_send(wire, &request, CUPEL_FOREVER),
                CUPEL_E_PROGRAMMING);
    CHECK_STR(cupel_error_text(),
              "the statement has 1 parameters, and 2 values were given");
    request.value_count = 0;
    CHECK_FAILS(sqlite_send(wire, &request, CUPEL_FOREVER),
                CUPEL_E_PROGRAMMING);
    request = sqlite_request("-- nothing", values, 1);
    CHECK_FAILS(sqlite_send(wire, &request, CUPEL_FOREVER),
                CUPEL_E_PROGRAMMING);
    SQLITE_ROWS(wire, "SELECT 1", "1");
}

EVERYWHERE(an_array_never_reaches_sqlite)
{
    cupel_value item = cupel_int(1);
    cupel_value array = cupel_array_of(CUPEL_INT, &item, 1);
    cupel_request request = sqlite_request("SELECT ?", &array, 1);

    CHECK_FAILS(sqlite_send(wire, &request, CUPEL_FOREVER),
                CUPEL_E_NOTSUPPORTED);
    CHECK_INT(state(wire), CUPEL_WIRE_IDLE);
}

EVERYWHERE(an_error_names_its_statement)
{
    CHECK_FAILS(sqlite_try(wire, "SELECT * FORM t"), CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_statement(cupel_error_last()), "SELECT * FORM t");
    CHECK_INT(cupel_error_position(cupel_error_last()), 10);
    CHECK_FAILS(sqlite_try(wire, "SELECT 1; SELECT 2"), CUPEL_E_PROGRAMMING);
    SQLITE_ROWS(wire, "SELECT 1", "1");
}

EVERYWHERE(nothing_is_a_statement_too)
{
    cupel_rows *rows = sqlite_query(wire, " -- nothing\n ;", NULL, 0);

    CHECK_INT(rows->column_count, 0);
    CHECK_INT(rows->row_count, 0);
    CHECK_INT(rows->affected, -1);
    rows->ops->free(rows);
}

/* ---- Counts ------------------------------------------------------------- */

static int64_t
affected(cupel_wire *wire, const char *sql)
{
    cupel_rows *rows = sqlite_query(wire, sql, NULL, 0);
    int64_t count = rows->affected;

    rows->ops->free(rows);
    return count;
}

EVERYWHERE(changed_rows_are_counted)
{
    CHECK_INT(affected(wire, "CREATE TABLE t (a)"), -1);
    CHECK_INT(affected(wire, "INSERT INTO t VALUES (1), (2), (3)"), 3);
    CHECK_INT(affected(wire, "UPDATE t SET a = 0 WHERE a > 1"), 2);
    CHECK_INT(affected(wire, "UPDATE t SET a = 0 WHERE a > 9"), 0);
    CHECK_INT(affected(wire, "CREATE INDEX i ON t (a)"), -1);
    CHECK_INT(affected(wire, "SELECT * FROM t"), -1);
    CHECK_INT(affected(wire, "WITH x AS (SELECT 1) DELETE FROM t WHERE a = 1"),
              1);
    CHECK_INT(affected(wire, "DELETE FROM t"), 2);
}

EVERYWHERE(what_triggers_change_is_not_counted)
{
    SQLITE_DO(wire, "CREATE TABLE t (a)");
    SQLITE_DO(wire, "CREATE TABLE log (a)");
    SQLITE_DO(wire, "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log "
                    "VALUES (1), (2); END");
    CHECK_INT(affected(wire, "INSERT INTO t VALUES (1)"), 1);
    SQLITE_ROWS(wire, "SELECT count(*) FROM log", "2");
}

static int64_t
last_id(cupel_wire *wire, const char *sql)
{
    cupel_rows *rows = sqlite_query(wire, sql, NULL, 0);
    int64_t id = rows->last_insert_id;

    rows->ops->free(rows);
    return id;
}

EVERYWHERE(only_an_insert_has_a_last_id)
{
    SQLITE_DO(wire, "CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE)");
    CHECK_INT(last_id(wire, "INSERT INTO t VALUES (41, 'x')"), 41);
    CHECK_INT(last_id(wire, "SELECT 1"), 0);
    CHECK_INT(last_id(wire, "UPDATE t SET a = 'y'"), 0);
    CHECK_INT(last_id(wire, "INSERT OR IGNORE INTO t (a) VALUES ('y')"), 0);
    CHECK_INT(last_id(wire, "REPLACE INTO t (a) VALUES ('y')"), 42);
    CHECK_INT(last_id(wire, "WITH v AS (SELECT 'z') INSERT INTO t (a) SELECT * "
                            "FROM v"),
              43);
    CHECK_INT(last_id(wire, "WITH v AS (SELECT 1) DELETE FROM t"), 0);
}

/* ---- Many sets ---------------------------------------------------------- */

EVERYWHERE(many_sets_are_summed_up)
{
    const cupel_value values[] = { cupel_int(1), cupel_string("a"),
                                   cupel_int(2), cupel_string("b"),
                                   cupel_int(3), cupel_null() };
    cupel_request request =
        sqlite_request("INSERT INTO t VALUES (?, ?)", values, 2);
    cupel_rows *rows;

    SQLITE_DO(wire, "CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
    request.set_count = 3;
    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    CHECK_INT(rows->affected, 3);
    CHECK_INT(rows->last_insert_id, 3);
    rows->ops->free(rows);
    SQLITE_ROWS(wire, "SELECT * FROM t", "1,a;2,b;3,NULL");
}

EVERYWHERE(many_sets_return_all_their_rows)
{
    const cupel_value values[] = { cupel_int(7), cupel_int(8) };
    cupel_request request =
        sqlite_request("INSERT INTO t VALUES (?) RETURNING a * 10", values, 1);
    cupel_rows *rows;

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    request.set_count = 2;
    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    CHECK_STR(sqlite_text(rows), "70;80");
    rows->ops->free(rows);
}

EVERYWHERE(many_sets_of_a_select_are_no_stream)
{
    const cupel_value values[] = { cupel_int(7), cupel_int(8) };
    cupel_request request =
        sqlite_request("SELECT ? UNION ALL SELECT 0", values, 1);
    cupel_rows *rows;

    request.set_count = 2;
    request.fetch_first = 1;
    request.fetch_max = 1;
    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    CHECK_STR(sqlite_text(rows), "7;0;8;0");
    CHECK(!rows->more);
    rows->ops->free(rows);
}

EVERYWHERE(a_failing_set_ends_them)
{
    const cupel_value values[] = { cupel_int(1), cupel_int(1), cupel_int(2) };
    cupel_request request =
        sqlite_request("INSERT INTO t VALUES (?)", values, 1);

    SQLITE_DO(wire, "CREATE TABLE t (a UNIQUE)");
    request.set_count = 3;
    request.begin = sqlite->begin;
    CHECK_FAILS(sqlite_send(wire, &request, CUPEL_FOREVER), CUPEL_E_INTEGRITY);
    CHECK_INT(state(wire), CUPEL_WIRE_IN_TRANSACTION);
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "1");
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "0");
}

EVERYWHERE(in_autocommit_the_sets_before_a_failing_one_are_done)
{
    const cupel_value values[] = { cupel_int(1), cupel_int(1) };
    cupel_request request =
        sqlite_request("INSERT INTO t VALUES (?)", values, 1);

    SQLITE_DO(wire, "CREATE TABLE t (a UNIQUE)");
    request.set_count = 2;
    CHECK_FAILS(sqlite_send(wire, &request, CUPEL_FOREVER), CUPEL_E_INTEGRITY);
    CHECK_INT(cupel_error_outcome(cupel_error_last()), CUPEL_OUTCOME_UNKNOWN);
    CHECK_FAILS(sqlite_send(wire, &request, CUPEL_FOREVER), CUPEL_E_INTEGRITY);
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "1");
}

/* ---- Transactions ------------------------------------------------------- */

EVERYWHERE(begin_travels_with_the_first_statement)
{
    SQLITE_DO(wire, "CREATE TABLE t (a)");
    CHECK_INT(state(wire), CUPEL_WIRE_IDLE);
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1)"));
    CHECK_INT(state(wire), CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(sqlite->commit(wire, CUPEL_FOREVER));
    CHECK_INT(state(wire), CUPEL_WIRE_IDLE);
    SQLITE_ROWS(wire, "SELECT * FROM t", "1");
}

EVERYWHERE(rollback_takes_it_back)
{
    SQLITE_DO(wire, "CREATE TABLE t (a)");
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1)"));
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
    CHECK_INT(state(wire), CUPEL_WIRE_IDLE);
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "0");
}

EVERYWHERE(without_a_transaction_there_is_nothing_to_end)
{
    CHECK_OK(sqlite->commit(wire, CUPEL_FOREVER));
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
}

EVERYWHERE(a_failed_statement_leaves_its_transaction_open)
{
    SQLITE_DO(wire, "CREATE TABLE t (a UNIQUE)");
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1)"));
    CHECK_FAILS(sqlite_try(wire, "INSERT INTO t VALUES (1)"),
                CUPEL_E_INTEGRITY);
    CHECK_INT(state(wire), CUPEL_WIRE_IN_TRANSACTION);
    SQLITE_DO(wire, "INSERT INTO t VALUES (2)");
    CHECK_OK(sqlite->commit(wire, CUPEL_FOREVER));
    SQLITE_ROWS(wire, "SELECT * FROM t", "1;2");
}

EVERYWHERE(begin_holds_though_the_first_statement_fails)
{
    CHECK_FAILS(sqlite_try_begin(wire, "SELEKT"), CUPEL_E_OPERATIONAL);
    CHECK_INT(state(wire), CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
}

EVERYWHERE(the_state_is_sqlites_own)
{
    SQLITE_DO(wire, "BEGIN");
    CHECK_INT(state(wire), CUPEL_WIRE_IN_TRANSACTION);
    SQLITE_DO(wire, "COMMIT");
    CHECK_INT(state(wire), CUPEL_WIRE_IDLE);
    SQLITE_DO(wire, "SAVEPOINT s");
    CHECK_INT(state(wire), CUPEL_WIRE_IN_TRANSACTION);
    SQLITE_DO(wire, "RELEASE s");
    CHECK_INT(state(wire), CUPEL_WIRE_IDLE);
}

/* SVP-14: with a real BEGIN ahead the outer rollback takes all of it. */
EVERYWHERE(savepoints_lie_within_their_transaction)
{
    SQLITE_DO(wire, "CREATE TABLE t (a)");
    CHECK_OK(sqlite_try_begin(wire, "SAVEPOINT s1"));
    SQLITE_DO(wire, "INSERT INTO t VALUES (1)");
    SQLITE_DO(wire, "RELEASE s1");
    SQLITE_DO(wire, "SAVEPOINT s2");
    SQLITE_DO(wire, "INSERT INTO t VALUES (2)");
    SQLITE_DO(wire, "ROLLBACK TO s2");
    SQLITE_ROWS(wire, "SELECT * FROM t", "1");
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "0");
}

/* ---- What sqlite ends by itself ----------------------------------------- */

/* A database that cannot grow, and a transaction in it that would. */
static void
fill_up(cupel_wire *wire)
{
    SQLITE_DO(wire, "CREATE TABLE t (a, b)");
    SQLITE_DO(wire, "PRAGMA max_page_count=40");
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1, 'kept?')"));
    CHECK_FAILS(sqlite_try(wire, "INSERT INTO t VALUES (2, zeroblob(1000000))"),
                CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()), SQLITE_FULL);
}

/* F24: the rows sent after it must not be committed on their own. */
EVERYWHERE(a_transaction_that_sqlite_ended_wants_a_rollback)
{
    fill_up(wire);
    CHECK_INT(state(wire), CUPEL_WIRE_FAILED);
    CHECK_FAILS(sqlite_try(wire, "INSERT INTO t VALUES (2, 'lost')"),
                CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_text(),
              "sqlite rolled the transaction back by itself: database or disk "
              "is full");
    CHECK_FAILS(sqlite_try(wire, "ROLLBACK"), CUPEL_E_OPERATIONAL);
    CHECK_FAILS(sqlite->commit(wire, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    CHECK_INT(state(wire), CUPEL_WIRE_FAILED);
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
    CHECK_INT(state(wire), CUPEL_WIRE_IDLE);
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "0");
    SQLITE_DO(wire, "INSERT INTO t VALUES (3, 'anew')");
}

EVERYWHERE(or_rollback_counts_as_that)
{
    SQLITE_DO(wire, "CREATE TABLE t (a UNIQUE)");
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO t VALUES (1)"));
    CHECK_FAILS(sqlite_try(wire, "INSERT OR ROLLBACK INTO t VALUES (1)"),
                CUPEL_E_INTEGRITY);
    CHECK_INT(state(wire), CUPEL_WIRE_FAILED);
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
    SQLITE_ROWS(wire, "SELECT count(*) FROM t", "0");
}

EVERYWHERE(in_autocommit_there_is_nothing_to_end)
{
    SQLITE_DO(wire, "CREATE TABLE t (a UNIQUE)");
    SQLITE_DO(wire, "INSERT INTO t VALUES (1)");
    CHECK_FAILS(sqlite_try(wire, "INSERT OR ROLLBACK INTO t VALUES (1)"),
                CUPEL_E_INTEGRITY);
    CHECK_INT(state(wire), CUPEL_WIRE_IDLE);
}

EVERYWHERE(a_deferred_key_fails_the_commit_and_keeps_the_transaction)
{
    SQLITE_DO(wire, "PRAGMA foreign_keys=on");
    SQLITE_DO(wire, "CREATE TABLE a (x PRIMARY KEY)");
    SQLITE_DO(wire, "CREATE TABLE b (y REFERENCES a DEFERRABLE INITIALLY "
                    "DEFERRED)");
    CHECK_OK(sqlite_try_begin(wire, "INSERT INTO b VALUES (1)"));
    CHECK_FAILS(sqlite->commit(wire, CUPEL_FOREVER), CUPEL_E_INTEGRITY);
    CHECK_INT(state(wire), CUPEL_WIRE_IN_TRANSACTION);
    SQLITE_DO(wire, "INSERT INTO a VALUES (1)");
    CHECK_OK(sqlite->commit(wire, CUPEL_FOREVER));
    CHECK_INT(state(wire), CUPEL_WIRE_IDLE);
}

/* ---- What is no database ------------------------------------------------ */

TASK_TEST(a_file_that_is_no_database_breaks_the_connection)
{
    char path[256];
    FILE *file;
    cupel_wire *wire;

    snprintf(path, sizeof path, "%s", sqlite_new_file(""));
    file = fopen(path + strlen("sqlite:///"), "w");
    CHECK(file != NULL && fputs("This is no database, but it is long enough "
                                "to be looked at as one: one hundred bytes are "
                                "its first page's header.",
                                file) >= 0);
    CHECK_INT(fclose(file), 0);
    wire = sqlite_open(path);
    CHECK_FAILS(sqlite_try(wire, "SELECT * FROM sqlite_schema"),
                CUPEL_E_DATABASE);
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()), SQLITE_NOTADB);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(state(wire), CUPEL_WIRE_BROKEN);
    CHECK(!sqlite->alive(wire));
    CHECK_FAILS(sqlite_try(wire, "SELECT 1"), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_FAILS(sqlite->commit(wire, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
    CHECK_FAILS(sqlite->rollback(wire, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
    sqlite_end(wire);
}

/* ---- What the disk refuses ---------------------------------------------- */

/* Files of this process may not grow beyond `size` bytes; writes fail. */
static void
limit_files(rlim_t size)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A write that is still in sqlite's cache. */
static cupel_wire *
open_with_unwritten(bool in_transaction)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file("?journal_mode=memory"));

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    if (in_transaction)
        CHECK_OK(
            sqlite_try_begin(wire, "INSERT INTO t VALUES (zeroblob(200000))"));
    limit_files(20000);
    return wire;
}

static void
check_unknown(cupel_wire *wire)
{
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()) & 0xff, SQLITE_IOERR);
    CHECK_INT(cupel_error_outcome(cupel_error_last()), CUPEL_OUTCOME_UNKNOWN);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "08007");
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(state(wire), CUPEL_WIRE_BROKEN);
}

TASK_TEST(a_commit_that_the_disk_refused_is_unknown)
{
    cupel_wire *wire = open_with_unwritten(true);
    cupel_status rc = sqlite->commit(wire, CUPEL_FOREVER);

    limit_files(RLIM_INFINITY);
    CHECK_FAILS(rc, CUPEL_E_OPERATIONAL);
    check_unknown(wire);
    sqlite_end(wire);
}

TASK_TEST(an_autocommit_that_the_disk_refused_is_unknown)
{
    cupel_wire *wire = open_with_unwritten(false);
    cupel_status rc =
        sqlite_try(wire, "INSERT INTO t VALUES (zeroblob(200000))");

    limit_files(RLIM_INFINITY);
    CHECK_FAILS(rc, CUPEL_E_OPERATIONAL);
    check_unknown(wire);
    sqlite_end(wire);
}

/* ---- In one go ---------------------------------------------------------- */

TASK_TEST(a_thousand_sets_are_one_hop)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));
    cupel_value values[1000];
    cupel_request request =
        sqlite_request("INSERT INTO t VALUES (?)", values, 1);
    struct cup_probe probe = { 0 };
    size_t i;

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    for (i = 0; i < 1000; i++)
        values[i] = cupel_int((int64_t)i);
    request.set_count = 1000;
    request.begin = sqlite->begin;
    cup_probe_set(&probe);
    CHECK_OK(sqlite_send(wire, &request, CUPEL_FOREVER));
    CHECK_INT(probe.count, 1);
    CHECK_OK(sqlite->commit(wire, CUPEL_FOREVER));
    CHECK_INT(probe.count, 2);
    cup_probe_set(NULL);
    SQLITE_ROWS(wire, "SELECT count(*), sum(a) FROM t", "1000,499500");
    sqlite_end(wire);
}

TASK_TEST(a_large_result_is_one_hop)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));
    struct cup_probe probe = { 0 };
    cupel_rows *rows;

    cup_probe_set(&probe);
    rows = sqlite_query(wire,
                        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + "
                        "1 FROM n WHERE x < 100000) SELECT x, 'row ' || x FROM "
                        "n",
                        NULL, 0);
    cup_probe_set(NULL);
    CHECK_INT(probe.count, 1);
    CHECK_INT(rows->row_count, 100000);
    CHECK_INT(sqlite_cell(rows, 99999, 0).as.integer, 100000);
    CHECK(memcmp(sqlite_cell(rows, 99999, 1).as.bytes.data, "row 100000", 10) ==
          0);
    rows->ops->free(rows);
    sqlite_end(wire);
}

/* Once warm: the rows, the statement and the parameters are kept. */
TASK_TEST(a_repeated_statement_allocates_nothing)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));
    const cupel_value value = cupel_string("warm");
    cupel_request request = sqlite_request("SELECT ?, 1", &value, 1);
    int i;

    CHECK_OK(sqlite_send(wire, &request, CUPEL_FOREVER));
    failing_alloc_install(1, true);
    for (i = 0; i < 10; i++)
        CHECK_OK(sqlite_send(wire, &request, CUPEL_FOREVER));
    CHECK_INT(failing_alloc.calls, 0);
    cupel_allocator_set(NULL);
    sqlite_end(wire);
}
