/* SPDX-License-Identifier: MIT */
#include "sqlite_support.h"

static void
check_level(cupel_wire *wire, const char *expected)
{
    const char *level = "?";

    CHECK_OK(sqlite->get_isolation_level(wire, CUPEL_FOREVER, &level));
    CHECK_STR(level, expected);
    CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IDLE);
}

static void
set_level(cupel_wire *wire, const char *level)
{
    CHECK_OK(sqlite->set_isolation_level(wire, level, CUPEL_FOREVER));
}

TEST(connections_are_serializable_unless_they_say_otherwise)
{
    cupel_wire *wire = sqlite_open("sqlite://");

    check_level(wire, "SERIALIZABLE");
    set_level(wire, "READ UNCOMMITTED");
    check_level(wire, "READ UNCOMMITTED");
    SQLITE_ROWS(wire, "PRAGMA read_uncommitted", "1");
    set_level(wire, "SERIALIZABLE");
    check_level(wire, "SERIALIZABLE");
    set_level(wire, "READ UNCOMMITTED");
    check_level(wire, "READ UNCOMMITTED");
    sqlite_end(wire);
}

TEST(autocommit_is_no_level_of_the_session)
{
    cupel_wire *wire = sqlite_open("sqlite://");

    set_level(wire, "READ UNCOMMITTED");
    set_level(wire, "AUTOCOMMIT");
    CHECK(wire->autocommit);
    check_level(wire, "READ UNCOMMITTED");
    set_level(wire, "SERIALIZABLE");
    CHECK(!wire->autocommit);
    CHECK_FAILS(
        sqlite->set_isolation_level(wire, "REPEATABLE READ", CUPEL_FOREVER),
        CUPEL_E_ARGUMENT);
    sqlite_end(wire);
}

TEST(initializing_tells_the_librarys_version)
{
    cupel_wire *wire = sqlite_open("sqlite://");
    cupel_server_info info = { .struct_size = sizeof info };
    char version[64];

    CHECK_OK(sqlite->initialize(wire, CUPEL_FOREVER, &info));
    snprintf(version, sizeof version, "%d.%d.%d", info.version[0],
             info.version[1], info.version[2]);
    CHECK_STR(version, sqlite3_libversion());
    CHECK_STR(info.isolation_level, "SERIALIZABLE");
    CHECK_STR(info.schema, "main");
    sqlite_end(wire);
}

TASK_TEST(connections_that_share_a_cache_may_read_what_is_not_committed)
{
    const char *address = "sqlite:///file:dirt?mode=memory&cache=shared&uri=1";
    cupel_wire *writer = sqlite_open(address);
    cupel_wire *reader = sqlite_open(address);

    SQLITE_DO(writer, "CREATE TABLE t (a)");
    CHECK_OK(sqlite_try_begin(writer, "INSERT INTO t VALUES (1)"));
    CHECK_FAILS(sqlite_try(reader, "SELECT * FROM t"), CUPEL_E_OPERATIONAL);
    set_level(reader, "READ UNCOMMITTED");
    SQLITE_ROWS(reader, "SELECT * FROM t", "1");
    CHECK_OK(sqlite->rollback(writer, CUPEL_FOREVER));
    SQLITE_ROWS(reader, "SELECT * FROM t", "");
    sqlite_end(reader);
    sqlite_end(writer);
}

TASK_TEST(levels_of_files_are_set_on_workers)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file(""));

    set_level(wire, "READ UNCOMMITTED");
    check_level(wire, "READ UNCOMMITTED");
    CHECK_FAILS(sqlite->get_isolation_level(wire, 0, &(const char *){ NULL }),
                CUPEL_E_TIMEOUT);
    sqlite_end(wire);
}
