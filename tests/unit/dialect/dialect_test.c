/* SPDX-License-Identifier: MIT */
#include "dialect/dialect.h"

#include "support/test.h"

#include <stdio.h>

static const cupel_dialect *
find(const char *address, cupel_status expected)
{
    const cupel_dialect *dialect = NULL;
    cupel_url *url;

    CHECK_OK(cupel_url_parse(address, &url));
    CHECK_FAILS(cup_dialect_find(url, &dialect), expected);
    cupel_url_free(url);
    return dialect;
}

/* A complete table: sqlite's, under another name. */
static cupel_dialect
table_named(const char *name)
{
    cupel_dialect dialect = cup_sqlite_dialect;

    dialect.name = name;
    dialect.driver = "own";
    return dialect;
}

TEST(sqlite_is_built_in)
{
    CHECK(find("sqlite://", CUPEL_OK) == &cup_sqlite_dialect);
}

TEST(a_driver_may_be_named)
{
    CHECK(find("sqlite+sqlite3://", CUPEL_OK) == &cup_sqlite_dialect);
}

TEST(a_url_without_a_driver_has_that_of_its_dialect)
{
    cupel_url *url;

    CHECK_OK(cupel_url_parse("sqlite://", &url));
    CHECK_STR(cupel_url_get_backend_name(url), "sqlite");
    CHECK_STR(cupel_url_get_driver_name(url), "sqlite3");
    cupel_url_free(url);
    CHECK_OK(cupel_url_parse("oracle+thin://", &url));
    CHECK_STR(cupel_url_get_driver_name(url), "thin");
    cupel_url_free(url);
    CHECK_OK(cupel_url_parse("oracle://", &url));
    CHECK(cupel_url_get_driver_name(url) == NULL);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_NOMODULE);
    CHECK(cupel_url_get_driver_name(NULL) == NULL);
    cupel_url_free(url);
}

TEST(an_unknown_dialect_is_named)
{
    find("oracle://", CUPEL_E_NOMODULE);
    CHECK(strstr(cupel_error_text(), "oracle") != NULL);
}

TEST(an_unknown_dialect_is_named_with_its_driver)
{
    find("oracle+thin://", CUPEL_E_NOMODULE);
    CHECK(strstr(cupel_error_text(), "oracle") != NULL);
    CHECK(strstr(cupel_error_text(), "thin") != NULL);
}

TEST(an_unknown_driver_is_named_with_its_dialect)
{
    find("sqlite+turbo://", CUPEL_E_NOMODULE);
    CHECK(strstr(cupel_error_text(), "sqlite") != NULL);
    CHECK(strstr(cupel_error_text(), "turbo") != NULL);
}

TEST(a_registered_dialect_is_found)
{
    static cupel_dialect dialect;

    dialect = table_named("found");
    CHECK_OK(cupel_dialect_register(&dialect));
    CHECK(find("found://", CUPEL_OK) == &dialect);
    CHECK(find("found+own://", CUPEL_OK) == &dialect);
}

TEST(a_name_is_taken_once)
{
    static cupel_dialect first, second;

    first = table_named("once");
    second = table_named("once");
    CHECK_OK(cupel_dialect_register(&first));
    CHECK_FAILS(cupel_dialect_register(&second), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_dialect_register(&first), CUPEL_E_ARGUMENT);
    CHECK(find("once://", CUPEL_OK) == &first);
}

TEST(a_built_in_name_is_taken)
{
    static cupel_dialect dialect;

    dialect = table_named("sqlite");
    CHECK_FAILS(cupel_dialect_register(&dialect), CUPEL_E_ARGUMENT);
}

TEST(a_table_from_the_past_is_refused)
{
    static cupel_dialect dialect;

    dialect = table_named("past");
    dialect.struct_size = offsetof(cupel_dialect, free);
    CHECK_FAILS(cupel_dialect_register(&dialect), CUPEL_E_ARGUMENT);
}

TEST(what_is_optional_may_be_missing)
{
    static cupel_dialect dialect;

    dialect = table_named("lean");
    dialect.pool_limit = NULL;
    dialect.alive = NULL;
    CHECK_OK(cupel_dialect_register(&dialect));
}

TEST(what_is_needed_may_not_be_missing)
{
    static cupel_dialect dialect;

#define CHECK_NEEDED(member)                                             \
    do {                                                                 \
        dialect = table_named("lame");                                   \
        dialect.member = NULL;                                           \
        CHECK_FAILS(cupel_dialect_register(&dialect), CUPEL_E_ARGUMENT); \
    } while (0)

    CHECK_FAILS(cupel_dialect_register(NULL), CUPEL_E_ARGUMENT);
    CHECK_NEEDED(name);
    CHECK_NEEDED(driver);
    CHECK_NEEDED(begin);
    CHECK_NEEDED(check_url);
    CHECK_NEEDED(connect);
    CHECK_NEEDED(execute);
    CHECK_NEEDED(commit);
    CHECK_NEEDED(rollback);
    CHECK_NEEDED(state);
    CHECK_NEEDED(cancel);
    CHECK_NEEDED(close);
    CHECK_NEEDED(free);
    dialect = table_named("");
    CHECK_FAILS(cupel_dialect_register(&dialect), CUPEL_E_ARGUMENT);
}

/* The last test of all: it uses up the room there is. */
TEST(there_is_an_end_to_registering)
{
    static cupel_dialect dialects[64];
    static char names[64][8];
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; rc == CUPEL_OK && i < 64; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
        dialects[i] = table_named(names[i]);
        rc = cupel_dialect_register(&dialects[i]);
    }
    CHECK_FAILS(rc, CUPEL_E_ARGUMENT);
    CHECK(i > 16);
}
