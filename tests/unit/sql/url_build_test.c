/* SPDX-License-Identifier: MIT */
/* Urls of their parts: what can be one, what is refused with which words, and
 * that what was made can be written and read. */
#include "support/test.h"
#include "unit/base/failing_alloc.h"

#include <cupel/url.h>

static const cupel_url_pair two_pairs[] = { { "b", "1" }, { "a", "x y&z" } };

static const cupel_url_parts everything = {
    .struct_size = sizeof everything,
    .drivername = "x+d",
    .username = "u@:/?",
    .password = "p%\n\xc3\xa4",
    .host = "::1",
    .port = 5432,
    .database = "/a?b#c%",
    .query = two_pairs,
    .query_count = 2,
};

static void
check_text(const cupel_url *url, const char *expected)
{
    char buf[256];

    cupel_url_render(url, false, buf, sizeof buf);
    CHECK_STR(buf, expected);
}

/* The parts are refused, the out left alone, and the message quotes nothing. */
static void
check_refused(const cupel_url_parts *parts, cupel_status status,
              const char *reason)
{
    cupel_url *untouched = (cupel_url *)(void *)&status;
    cupel_url *url = untouched;

    CHECK_FAILS(cupel_url_create(parts, &url), status);
    CHECK(url == untouched);
    if (strstr(cupel_error_text(), reason) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", cupel_error_text(), reason);
    CHECK(strstr(cupel_error_text(), "secret") == NULL);
}

TEST(what_was_created_is_read_back_the_same)
{
    cupel_url *url = NULL, *again = NULL;
    char buf[256];

    CHECK_OK(cupel_url_create(&everything, &url));
    CHECK_STR(cupel_url_drivername(url), "x+d");
    CHECK_STR(cupel_url_get_backend_name(url), "x");
    CHECK_STR(cupel_url_get_driver_name(url), "d");
    CHECK_STR(cupel_url_username(url), "u@:/?");
    CHECK_STR(cupel_url_password(url), "p%\n\xc3\xa4");
    CHECK_STR(cupel_url_host(url), "::1");
    CHECK_INT(cupel_url_port(url), 5432);
    CHECK_STR(cupel_url_database(url), "/a?b#c%");
    CHECK_INT(cupel_url_query_count(url), 2);
    CHECK_STR(cupel_url_query_key(url, 0), "b");
    CHECK_STR(cupel_url_query_get(url, "a"), "x y&z");
    check_text(url, "x+d://u%40%3A%2F%3F:p%25%0A%C3%A4@[::1]:5432//a%3Fb%23c%25"
                    "?a=x+y%26z&b=1");
    cupel_url_render(url, false, buf, sizeof buf);
    CHECK_OK(cupel_url_parse(buf, &again));
    CHECK(cupel_url_equal(url, again));
    CHECK(cupel_url_hash(url) == cupel_url_hash(again));
    cupel_url_free(again);
    cupel_url_free(url);
}

TEST(everything_but_the_drivername_may_be_absent)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url;

    parts.drivername = "x";
    CHECK_OK(cupel_url_create(&parts, &url));
    check_text(url, "x://");
    CHECK(cupel_url_username(url) == NULL && cupel_url_password(url) == NULL);
    CHECK(cupel_url_host(url) == NULL && cupel_url_database(url) == NULL);
    cupel_url_free(url);
}

TEST(empty_is_not_absent_but_for_the_host)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url;

    parts.drivername = "x";
    parts.username = parts.password = parts.host = parts.database = "";
    CHECK_OK(cupel_url_create(&parts, &url));
    check_text(url, "x://:@/");
    CHECK(cupel_url_host(url) == NULL);
    cupel_url_free(url);
}

TEST(password_without_a_username_is_not_written)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url;

    parts.drivername = "x";
    parts.password = "secret";
    parts.host = "h";
    CHECK_OK(cupel_url_create(&parts, &url));
    CHECK_STR(cupel_url_password(url), "secret");
    check_text(url, "x://h");
    cupel_url_free(url);
}

TEST(what_is_no_string_is_a_type_error_that_names_the_field)
{
    static const cupel_url_pair keyless[] = { { NULL, "secret" } };
    static const cupel_url_pair valueless[] = { { "k", NULL } };
    static const cupel_url_pair broken[] = { { "k", "secret\xff" } };
    cupel_url_parts parts = everything;

    parts.drivername = NULL;
    check_refused(&parts, CUPEL_E_TYPE, "drivername");
    parts = everything;
    parts.username = "secret\xff";
    check_refused(&parts, CUPEL_E_TYPE, "username");
    parts = everything;
    parts.password = "secret\xff";
    check_refused(&parts, CUPEL_E_TYPE, "password");
    parts = everything;
    parts.host = "secret\xff";
    check_refused(&parts, CUPEL_E_TYPE, "host");
    parts = everything;
    parts.database = "secret\xff";
    check_refused(&parts, CUPEL_E_TYPE, "database");
    parts = everything;
    parts.query_count = 1;
    parts.query = keyless;
    check_refused(&parts, CUPEL_E_TYPE, "key");
    parts.query = valueless;
    check_refused(&parts, CUPEL_E_TYPE, "\"k\"");
    parts.query = broken;
    check_refused(&parts, CUPEL_E_TYPE, "query");
}

TEST(what_no_url_can_hold_is_an_argument_error)
{
    static const char *const names[] = { "", "x.y", "x://secret", "x y" };
    static const char *const hosts[] = { "/run/secret", "a@secret", "a?secret",
                                         "secret\n",    "[::1]",    "a:1]",
                                         "\x7f" };
    static const cupel_url_pair empty[] = { { "k", "" } };
    cupel_url_parts parts = everything;
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        parts.drivername = names[i];
        check_refused(&parts, CUPEL_E_ARGUMENT, "drivername");
    }
    parts = everything;
    for (i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        parts.host = hosts[i];
        check_refused(&parts, CUPEL_E_ARGUMENT, "host");
    }
    parts = everything;
    parts.query = empty;
    parts.query_count = 1;
    check_refused(&parts, CUPEL_E_ARGUMENT, "\"k\"");
    parts.query = NULL;
    check_refused(&parts, CUPEL_E_ARGUMENT, "query");
    parts = everything;
    parts.port = 65536;
    check_refused(&parts, CUPEL_E_VALUE, "from 1 to 65535");
    parts.port = -1;
    check_refused(&parts, CUPEL_E_VALUE, "port");
}

TEST(struct_of_another_version_is_understood_or_refused)
{
    struct {
        cupel_url_parts parts;
        size_t later;
    } newer = { .parts = everything };
    cupel_url_parts older = everything;
    cupel_url *url;

    newer.parts.struct_size = sizeof newer;
    CHECK_OK(cupel_url_create(&newer.parts, &url));
    cupel_url_free(url);
    newer.later = 1;
    check_refused(&newer.parts, CUPEL_E_ARGUMENT, "does not know");
    older.struct_size = offsetof(cupel_url_parts, query);
    CHECK_OK(cupel_url_create(&older, &url));
    CHECK_INT(cupel_url_query_count(url), 0);
    cupel_url_free(url);
    older.struct_size = 0;
    check_refused(&older, CUPEL_E_ARGUMENT, "struct_size");
    check_refused(NULL, CUPEL_E_ARGUMENT, "NULL");
    CHECK_FAILS(cupel_url_create(&everything, NULL), CUPEL_E_ARGUMENT);
}

TEST(set_replaces_what_is_given_and_leaves_the_rest)
{
    static const cupel_url_pair pairs[] = { { "c", "3" } };
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url, *other;

    CHECK_OK(cupel_url_parse("x://u:p@h:1/d?a=1&b=2", &url));
    CHECK_OK(cupel_url_set(url, &parts, &other));
    CHECK(cupel_url_equal(url, other));
    cupel_url_free(other);

    parts.drivername = "y+z";
    parts.password = "q";
    CHECK_OK(cupel_url_set(url, &parts, &other));
    check_text(other, "y+z://u:q@h:1/d?a=1&b=2");
    cupel_url_free(other);

    parts.username = "v";
    parts.host = "i";
    parts.port = 2;
    parts.database = "";
    parts.query = pairs;
    parts.query_count = 1;
    CHECK_OK(cupel_url_set(url, &parts, &other));
    check_text(other, "y+z://v:q@i:2/?c=3");
    check_text(url, "x://u:p@h:1/d?a=1&b=2"); /* which never changes */
    cupel_url_free(other);
    cupel_url_free(url);
}

TEST(set_clears_what_is_named)
{
    static const struct {
        uint32_t clear;
        const char *expected;
    } list[] = {
        { CUPEL_URL_USERNAME, "x://h:1/d?a=1" },
        { CUPEL_URL_PASSWORD, "x://u@h:1/d?a=1" },
        { CUPEL_URL_HOST, "x://u:p@:1/d?a=1" },
        { CUPEL_URL_PORT, "x://u:p@h/d?a=1" },
        { CUPEL_URL_DATABASE, "x://u:p@h:1?a=1" },
        { CUPEL_URL_QUERY, "x://u:p@h:1/d" },
        { CUPEL_URL_USERNAME | CUPEL_URL_PASSWORD | CUPEL_URL_HOST |
              CUPEL_URL_PORT | CUPEL_URL_DATABASE | CUPEL_URL_QUERY,
          "x://" },
    };
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url, *other;
    size_t i;

    CHECK_OK(cupel_url_parse("x://u:p@h:1/d?a=1", &url));
    for (i = 0; i < sizeof list / sizeof list[0]; i++) {
        parts.clear = list[i].clear;
        CHECK_OK(cupel_url_set(url, &parts, &other));
        check_text(other, list[i].expected);
        cupel_url_free(other);
    }
    parts.clear = CUPEL_URL_HOST;
    parts.host = "i";
    CHECK_FAILS(cupel_url_set(url, &parts, &other), CUPEL_E_ARGUMENT);
    parts.clear = 64;
    CHECK_FAILS(cupel_url_set(url, &parts, &other), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_set(NULL, &parts, &other), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_set(url, NULL, &other), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_set(url, &parts, NULL), CUPEL_E_ARGUMENT);
    cupel_url_free(url);
}

TEST(an_empty_query_replaces_one_that_is_not)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url, *other;

    CHECK_OK(cupel_url_parse("x://h?a=1", &url));
    parts.query = two_pairs;
    CHECK_OK(cupel_url_set(url, &parts, &other));
    check_text(other, "x://h");
    cupel_url_free(other);
    cupel_url_free(url);
}

TEST(parts_are_set_by_name)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url;

    CHECK_OK(cupel_url_parts_set(&parts, "drivername", "x"));
    CHECK_OK(cupel_url_parts_set(&parts, "username", "u"));
    CHECK_OK(cupel_url_parts_set(&parts, "password", "p"));
    CHECK_OK(cupel_url_parts_set(&parts, "host", "h"));
    CHECK_OK(cupel_url_parts_set(&parts, "port", "05432"));
    CHECK_OK(cupel_url_parts_set(&parts, "database", "d"));
    CHECK_OK(cupel_url_create(&parts, &url));
    check_text(url, "x://u:p@h:5432/d");
    cupel_url_free(url);
    CHECK_OK(cupel_url_parts_set(&parts, "port", NULL));
    CHECK_OK(cupel_url_parts_set(&parts, "host", NULL));
    CHECK_OK(cupel_url_create(&parts, &url));
    check_text(url, "x://u:p@/d");
    cupel_url_free(url);

    CHECK_FAILS(cupel_url_parts_set(&parts, "port", "secret"), CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "secret") == NULL);
    CHECK_FAILS(cupel_url_parts_set(&parts, "port", ""), CUPEL_E_TYPE);
    CHECK_FAILS(cupel_url_parts_set(&parts, "port", "0"), CUPEL_E_VALUE);
    CHECK_FAILS(cupel_url_parts_set(&parts, "port", "65536"), CUPEL_E_VALUE);
    CHECK_FAILS(cupel_url_parts_set(&parts, "port", "99999999999999999999"),
                CUPEL_E_VALUE);
    CHECK_FAILS(cupel_url_parts_set(&parts, "user", "u"), CUPEL_E_KEY);
    CHECK_FAILS(cupel_url_parts_set(&parts, "query", "a=1"), CUPEL_E_KEY);
    CHECK_FAILS(cupel_url_parts_set(&parts, NULL, "u"), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_parts_set(NULL, "host", "h"), CUPEL_E_ARGUMENT);
    parts.struct_size = 0;
    CHECK_FAILS(cupel_url_parts_set(&parts, "host", "h"), CUPEL_E_ARGUMENT);
}

TEST(failed_allocation_is_survived)
{
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        cupel_url *url = NULL;
        cupel_status rc = cupel_url_create(&everything, &url);

        CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
        CHECK((url != NULL) == (rc == CUPEL_OK));
        cupel_url_free(url);
        failing_alloc_end();
    }
}
