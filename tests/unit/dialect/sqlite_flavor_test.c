/* SPDX-License-Identifier: MIT */
#include "sqlite_support.h"

static cupel_status
check(const char *address)
{
    cupel_url *url;
    cupel_status rc;

    CHECK_OK(cupel_url_parse(address, &url));
    rc = sqlite->check_url(url);
    cupel_url_free(url);
    return rc;
}

static size_t
limit(const char *address)
{
    cupel_url *url;
    size_t most;

    CHECK_OK(cupel_url_parse(address, &url));
    most = sqlite->pool_limit(url);
    cupel_url_free(url);
    return most;
}

TEST(the_table_says_what_sqlite_is)
{
    CHECK_STR(sqlite->name, "sqlite");
    CHECK_STR(sqlite->driver, "sqlite3");
    CHECK_INT(sqlite->features,
              CUPEL_DIALECT_ASYNC | CUPEL_DIALECT_SERVER_SIDE_CURSORS);
    CHECK_INT(sqlite->lexis, CUPEL_LEX_BACKTICKS | CUPEL_LEX_BRACKETS);
    CHECK_INT(sqlite->paramstyle, CUPEL_PARAMSTYLE_QMARK);
    CHECK_STR(sqlite->begin, "BEGIN");
    CHECK_INT(sqlite->struct_size, sizeof *sqlite);
}

TEST(a_url_is_checked_before_anything_is_opened)
{
    CHECK_OK(check("sqlite:///nowhere/at/all.db"));
    CHECK_FAILS(check("sqlite://host/x.db"), CUPEL_E_ARGUMENT);
    CHECK_FAILS(check("sqlite://?nonsense=1"), CUPEL_E_ARGUMENT);
    CHECK_FAILS(check("sqlite://?timeout=x"), CUPEL_E_VALUE);
}

TEST(memory_has_one_connection)
{
    CHECK_INT(limit("sqlite://"), 1);
    CHECK_INT(limit("sqlite:///:memory:?timeout=1"), 1);
    CHECK_INT(limit("sqlite:///file:x?mode=memory&uri=1"), 1);
    CHECK_INT(limit("sqlite:///file:x?mode=memory&cache=shared&uri=1"), 0);
    CHECK_INT(limit("sqlite:///x.db"), 0);
    CHECK_INT(limit("sqlite://host/x.db"), 0);
}

TEST(a_fresh_wire_is_idle_and_alive)
{
    cupel_wire *wire = sqlite_open("sqlite://");

    CHECK(wire->dialect == sqlite);
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IDLE);
    CHECK(sqlite->alive(wire));
    CHECK_OK(sqlite->cancel(wire, CUPEL_FOREVER));
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IDLE);
    sqlite->free(wire);
}

/* ---- The driver's own connection ---------------------------------------- */

static void
exec(sqlite3 *db, const char *sql)
{
    CHECK_INT(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

TEST(what_is_done_with_the_drivers_connection_is_noticed)
{
    cupel_wire *wire = sqlite_open("sqlite://");
    sqlite3 *db = sqlite->driver_connection(wire);

    exec(db, "BEGIN; CREATE TABLE t (a)");
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(sqlite->rollback(wire, CUPEL_FOREVER));
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IDLE);
    CHECK_FAILS(sqlite_try(wire, "SELECT * FROM t"), CUPEL_E_OPERATIONAL);
    sqlite_end(wire);
}

static cupel_status
adopt(const char *address, sqlite3 *db, cupel_wire **out)
{
    cupel_url *url;
    cupel_status rc;

    CHECK_OK(cupel_url_parse(address, &url));
    rc = sqlite->adopt(url, db, CUPEL_FOREVER, out);
    cupel_url_free(url);
    return rc;
}

static sqlite3 *
open_db(const char *name)
{
    sqlite3 *db;

    CHECK_INT(sqlite3_open(name, &db), SQLITE_OK);
    return db;
}

static void
check_equipped(cupel_wire *wire)
{
    SQLITE_ROWS(wire, "SELECT 'cupel' REGEXP '^c', floor(2.5)", "1,2");
    SQLITE_ROWS(wire, "PRAGMA foreign_keys", "1");
    SQLITE_ROWS(wire, "SELECT a FROM t", "1");
}

TEST(a_connection_of_somebody_else_gets_what_every_other_gets)
{
    sqlite3 *db = open_db(":memory:");
    cupel_wire *wire;

    exec(db, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    CHECK_OK(adopt("sqlite://?foreign_keys=on", db, &wire));
    CHECK(sqlite->driver_connection(wire) == db);
    check_equipped(wire);
    sqlite_end(wire);
}

TASK_TEST(adopted_files_are_used_on_workers_whatever_the_url_says)
{
    const char *address = sqlite_new_file("");
    sqlite3 *db = open_db(address + strlen("sqlite:///"));
    cupel_wire *wire;

    exec(db, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    CHECK_OK(adopt("sqlite://?foreign_keys=on", db, &wire));
    CHECK(!cup_sqlite_wire_of(wire)->config.memory);
    check_equipped(wire);
    sqlite_end(wire);
}

TEST(a_connection_is_taken_even_if_it_cannot_be_used)
{
    cupel_wire *wire;

    CHECK_FAILS(adopt("sqlite://?nonsense=1", open_db(":memory:"), &wire),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(adopt("sqlite://?journal_mode=wal", open_db(":memory:"), &wire),
                CUPEL_E_OPERATIONAL);
    CHECK_FAILS(adopt("sqlite://", NULL, &wire), CUPEL_E_ARGUMENT);
}

static bool
is_private(const char *address)
{
    cupel_url *url;
    bool answer;

    CHECK_OK(cupel_url_parse(address, &url));
    answer = sqlite->is_private(url);
    cupel_url_free(url);
    return answer;
}

TEST(what_only_a_connection_can_see_is_private)
{
    CHECK(is_private("sqlite://"));
    CHECK(is_private("sqlite:///:memory:"));
    CHECK(is_private("sqlite:///file::memory:?uri=true"));
    CHECK(is_private("sqlite:///file:x?mode=memory&uri=true&cache=shared"));
    CHECK(!is_private("sqlite:///x.db"));
    CHECK(!is_private("sqlite:///file:x.db?uri=true"));
    CHECK(!is_private("sqlite://?nonsense=1"));
}

TEST(there_is_nothing_that_sqlite_has_not)
{
    CHECK(sqlite->ping == NULL);
    CHECK(sqlite->begin_twophase == NULL && sqlite->prepare_twophase == NULL);
    CHECK(sqlite->commit_twophase == NULL);
    CHECK(sqlite->rollback_twophase == NULL);
    CHECK(sqlite->recover_twophase == NULL);
    CHECK(sqlite->session_switches == NULL);
}
