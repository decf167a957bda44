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
