/* SPDX-License-Identifier: MIT */
/* Database addresses: what they come apart into, how they are put together and
 * changed, and what they show of a password. */
#include "acceptance/acceptance.h"

static cupel_url *
make_url(const char *text)
{
    cupel_url *url = NULL;

    CHECK_OK(cupel_url_make(text, &url));
    return url;
}

static const char *
as_string(const cupel_url *url, bool hide_password)
{
    static char text[512];

    CHECK(cupel_url_render(url, hide_password, text, sizeof text) <
          sizeof text);
    return text;
}

/* It is freed. */
static void
check_url(cupel_url *url, const char *expected)
{
    CHECK_STR(as_string(url, false), expected);
    cupel_url_free(url);
}

static void
check_value(const cupel_url *url, const char *key, size_t index,
            const char *expected)
{
    const char *value = cupel_url_normalized_query_value(url, key, index);

    CHECK_STR(value == NULL ? "(none)" : value, expected);
}

TEST(rfc1738)
{
    static const char *const list[] = {
        "shop://anna:secret@depot:110//srv/stock.db",
        "shop://anna:secret@depot/database",
        "shop+wire://anna:secret@depot/database",
        "shop://anna:secret@depot",
        "shop://anna:secret@/database",
        "shop://anna@depot",
        "shop://anna:secret@127.0.0.1:1521",
        "shop://depot/database",
        "shop://depot",
        "shop://depot/?k=v&l=w",
        "shop+wire:///database",
        "shop:///:memory:",
        "shop:///far/down/in/a/file",
        "shop:///C:/stock/open.db",
        "shop:///C:/stock/open.db?a=b&x=1",
        "shop:///C:/stock/open.db?a=b&x=1&x=2",
        "shop://",
        "shop:////srv/stock.db",
        "shop://anna:salt%2Fpepper@depot/database",
        "shop://anna:secret@[2001:db8:7::1]"
        "/database?a=b",
        "shop://anna:secret@[2001:db8:7::1]:80"
        "/database?a=b",
        "shop://anna:secret@depot/a stock with@sign",
        "shop://anna:secret@depot?query=only",
        "shop://anna:secret@depot:450?query=only",
        "shop://anna:secret with spaces@depot:450?query=only",
        "shop+wire://anna with space+and+plus:"
        "secret with space+and+plus@depot:450?query=only",
    };
    size_t i;

    for (i = 0; i < sizeof list / sizeof list[0]; i++) {
        cupel_url *url = make_url(list[i]);
        cupel_url *again = make_url(as_string(url, false));
        const char *username = cupel_url_username(url);
        const char *host = cupel_url_host(url);

        CHECK(cupel_url_equal(url, again));
        CHECK(cupel_url_hash(url) == cupel_url_hash(again));
        CHECK_STR(cupel_url_get_backend_name(url), "shop");
        CHECK(username == NULL || strncmp(username, "anna", 4) == 0);
        CHECK(host == NULL || host[strcspn(host, "[]@/")] == '\0');
        cupel_url_free(again);
        cupel_url_free(url);
    }
}

TEST(rebuild)
{
    static const char *const list[] = {
        "shop://anna:secret@depot:110//srv/stock.db",
        "shop+wire:///database",
        "shop://@depot",
        "shop://anna:@depot/",
        "shop://anna:secret@[::1]:80/database?a=b",
        "shop://depot?x=1&x=2",
    };
    size_t i;

    for (i = 0; i < sizeof list / sizeof list[0]; i++)
        check_url(make_url(list[i]), list[i]);
}

TEST(no_database_is_not_an_empty_one)
{
    cupel_url *url = make_url("shop://depot?k=v");

    CHECK(cupel_url_database(url) == NULL);
    check_url(url, "shop://depot?k=v");
    url = make_url("shop://depot/?k=v");
    CHECK_STR(cupel_url_database(url), "");
    check_url(url, "shop://depot/?k=v");
}

TEST(rfc1738_password)
{
    cupel_url *url = make_url("shop://user:two words + one%3Athree@host/db");

    CHECK_STR(cupel_url_password(url), "two words + one:three");
    CHECK_STR(as_string(url, true), "shop://user:***@host/db");
    check_url(url, "shop://user:two words + one%3Athree@host/db");
    url = make_url("shop://anna:salt%2Fpepper%40%3A@depot/mydb");
    CHECK_STR(cupel_url_password(url), "salt/pepper@:");
    check_url(url, "shop://anna:salt%2Fpepper%40%3A@depot/mydb");
}

TEST(special_characters)
{
    cupel_url *url = make_url("x://user@name:a/b:c@h/db");

    CHECK_STR(cupel_url_username(url), "user@name");
    CHECK_STR(cupel_url_password(url), "a/b:c");
    CHECK_STR(cupel_url_host(url), "h");
    check_url(url, "x://user%40name:a%2Fb%3Ac@h/db");
    url = make_url("x://:pw@h");
    CHECK_STR(cupel_url_username(url), "");
    CHECK_STR(cupel_url_password(url), "pw");
    cupel_url_free(url);
    url = make_url("x://h/d?q=why?&r=a#b");
    check_value(url, "q", 0, "why?");
    check_url(url, "x://h/d?q=why%3F&r=a%23b");
    url = make_url("x://h/what%3F%20%C3%A9");
    CHECK_STR(cupel_url_database(url), "what? \xc3\xa9");
    check_url(url, "x://h/what%3F %C3%A9");
}

TEST(query_string)
{
    cupel_url *url;

    url = make_url("dialect://user:pass@host/db?arg1=param1&arg2=param2");
    check_value(url, "arg1", 0, "param1");
    check_value(url, "arg2", 0, "param2");
    cupel_url_free(url);
    url = make_url("dialect://user:pass@host/?arg1=param1&arg2=param2");
    CHECK_STR(cupel_url_database(url), "");
    cupel_url_free(url);
    url = make_url("dialect://host/db?arg1%3D=param1&arg2=param+2%2B");
    check_value(url, "arg1=", 0, "param1");
    check_value(url, "arg2", 0, "param 2+");
    check_url(url, "dialect://host/db?arg1%3D=param1&arg2=param+2%2B");
    url = make_url("dialect://host/db?arg2=param2&arg1=param1&arg2=param3");
    CHECK_INT(cupel_url_normalized_query_count(url, "arg2"), 2);
    check_value(url, "arg2", 0, "param2");
    check_value(url, "arg2", 1, "param3");
    check_url(url, "dialect://host/db?arg1=param1&arg2=param2&arg2=param3");
    url = make_url("dialect://host/db?empty=&arg=x&alone");
    CHECK_INT(cupel_url_query_count(url), 1);
    cupel_url_free(url);
}

TEST(normalized_query)
{
    cupel_url *url = make_url("x://h?b=1&a=2&b=3");

    CHECK_STR(cupel_url_normalized_query_key(url, 0), "a");
    CHECK_INT(cupel_url_normalized_query_count(url, "a"), 1);
    CHECK_STR(cupel_url_normalized_query_key(url, 1), "b");
    CHECK_INT(cupel_url_normalized_query_count(url, "b"), 2);
    CHECK(cupel_url_normalized_query_key(url, 2) == NULL);
    cupel_url_free(url);
}

TEST(comparison)
{
    static const char text[] = "shop://u:p@host:1/db?a=b&x=1";
    static const char *const others[] = {
        "dbtypo://u:p@host:1/db?a=b&x=1", "shop://v:p@host:1/db?a=b&x=1",
        "shop://u:q@host:1/db?a=b&x=1",   "shop://u:p@hast:1/db?a=b&x=1",
        "shop://u:p@host:2/db?a=b&x=1",   "shop://u:p@host:1/dc?a=b&x=1",
        "shop://u:p@host:1/db?a=b&x=3",
    };
    cupel_url *url = make_url(text);
    cupel_url *same = make_url("shop://u:p@host:1/db?x=1&a=b");
    size_t i;

    CHECK(cupel_url_equal(url, same));
    CHECK(cupel_url_hash(url) == cupel_url_hash(same));
    for (i = 0; i < sizeof others / sizeof others[0]; i++) {
        cupel_url *other = make_url(others[i]);

        CHECK(!cupel_url_equal(url, other));
        cupel_url_free(other);
    }
    cupel_url_free(same);
    cupel_url_free(url);
}

TEST(unparsable_text_does_not_show_up_in_the_message)
{
    static const char *const list[] = { "sekrit", "x.y://u:sekrit@h",
                                        "x://u:p@sekrit@h", "x://u:sekrit%@h" };
    cupel_url *url;
    size_t i;

    for (i = 0; i < sizeof list / sizeof list[0]; i++) {
        CHECK_FAILS(cupel_url_make(list[i], &url), CUPEL_E_ARGUMENT);
        CHECK(strstr(cupel_error_text(), "could not parse") != NULL);
        CHECK(strstr(cupel_error_text(), "sekrit") == NULL);
    }
    CHECK_FAILS(cupel_url_make("x://h:/db", &url), CUPEL_E_VALUE);
    CHECK_FAILS(cupel_url_make("x://h:abc", &url), CUPEL_E_VALUE);
    CHECK_FAILS(cupel_url_make(NULL, &url), CUPEL_E_ARGUMENT);
}

TEST(create)
{
    static const cupel_url_pair query[] = { { "key", "v1" },
                                            { "other", "a b" },
                                            { "key", "v2" } };
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url;

    parts.drivername = "shop+wire";
    parts.username = "u@x";
    parts.password = "p/w";
    parts.host = "::1";
    parts.database = "db";
    parts.query = query;
    parts.query_count = 3;
    CHECK_OK(cupel_url_parts_set(&parts, "port", "5432"));
    CHECK_OK(cupel_url_create(&parts, &url));
    CHECK_INT(cupel_url_port(url), 5432);
    check_url(url, "shop+wire://u%40x:p%2Fw@[::1]:5432/db"
                   "?key=v1&key=v2&other=a+b");
}

TEST(create_takes_only_strings_and_names_the_field)
{
    static const cupel_url_pair pair = { "key", NULL };
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url;

    CHECK_FAILS(cupel_url_create(&parts, &url), CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "drivername") != NULL);
    parts.drivername = "x";
    parts.query = &pair;
    parts.query_count = 1;
    CHECK_FAILS(cupel_url_create(&parts, &url), CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "query") != NULL);
    CHECK_FAILS(cupel_url_parts_set(&parts, "port", "5x"), CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "port") != NULL);
}

TEST(password_is_masked)
{
    cupel_url *url = make_url("x://u:sekrit@h/d");

    CHECK_STR(as_string(url, true), "x://u:***@h/d");
    CHECK_STR(as_string(url, false), "x://u:sekrit@h/d");
    cupel_url_free(url);
    url = make_url("x://u:@h/d");
    CHECK_STR(as_string(url, true), "x://u:***@h/d");
    cupel_url_free(url);
}

TEST(password_without_a_username_is_left_out)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url;

    parts.drivername = "x";
    parts.password = "sekrit";
    parts.host = "h";
    CHECK_OK(cupel_url_create(&parts, &url));
    check_url(url, "x://h");
}

TEST(set)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url = make_url("drivername://user:pass@host:99/db?a=b");
    cupel_url *other;

    parts.username = "newuser";
    parts.database = "newdb";
    CHECK_OK(cupel_url_set(url, &parts, &other));
    check_url(other, "drivername://newuser:pass@host:99/newdb?a=b");
    parts = (cupel_url_parts)CUPEL_OPTIONS(cupel_url_parts);
    parts.drivername = "other+driver";
    parts.clear = CUPEL_URL_PASSWORD | CUPEL_URL_PORT | CUPEL_URL_QUERY;
    CHECK_OK(cupel_url_set(url, &parts, &other));
    check_url(other, "other+driver://user@host/db");
    check_url(url, "drivername://user:pass@host:99/db?a=b");
}

TEST(update_query_string)
{
    cupel_url *url = make_url("drivername:///?q1=1&q2=2");
    cupel_url *other;

    CHECK_OK(cupel_url_update_query_string(url, "q2=3&q3=4", false, &other));
    check_url(other, "drivername:///?q1=1&q2=3&q3=4");
    CHECK_OK(cupel_url_update_query_string(url, "q2=3&q3=4", true, &other));
    CHECK_INT(cupel_url_normalized_query_count(other, "q2"), 2);
    check_url(other, "drivername:///?q1=1&q2=2&q2=3&q3=4");
    CHECK_OK(cupel_url_update_query_string(url, "q1=5&q1=6", false, &other));
    check_url(other, "drivername:///?q1=5&q1=6&q2=2");
    cupel_url_free(url);
}

TEST(update_query_pairs)
{
    static const cupel_url_pair pairs[] = { { "a", "2" },
                                            { "c", "4" },
                                            { "a", "3" } };
    cupel_url *url = make_url("drivername:///?a=1&b=0");
    cupel_url *other;

    CHECK_OK(cupel_url_update_query_pairs(url, pairs, 3, false, &other));
    check_url(other, "drivername:///?a=2&a=3&b=0&c=4");
    CHECK_OK(cupel_url_update_query_pairs(url, pairs, 3, true, &other));
    check_url(other, "drivername:///?a=1&a=2&a=3&b=0&c=4");
    check_url(url, "drivername:///?a=1&b=0");
}

TEST(difference_update_query)
{
    static const char *const names[] = { "a", "unknown" };
    cupel_url *url = make_url("x:///db?a=b&a=c&x=y");
    cupel_url *other, *same;

    CHECK_OK(cupel_url_difference_update_query(url, names, 2, &other));
    CHECK_OK(cupel_url_difference_update_query(other, names, 2, &same));
    CHECK(same == other);
    cupel_url_free(same);
    check_url(other, "x:///db?x=y");
    cupel_url_free(url);
}

TEST(backend_and_driver_names)
{
    cupel_url *url = make_url("sqlite://");

    CHECK_STR(cupel_url_get_backend_name(url), "sqlite");
    CHECK_STR(cupel_url_get_driver_name(url), "sqlite3");
    cupel_url_free(url);
    url = make_url("nosuch+thing://");
    CHECK_STR(cupel_url_get_backend_name(url), "nosuch");
    CHECK_STR(cupel_url_get_driver_name(url), "thing");
    cupel_url_free(url);
}

TEST(unknown_dialects_and_drivers_are_named_when_an_engine_is_made)
{
    cupel_engine *engine;

    CHECK_FAILS(cupel_engine_create("nosuch://h", NULL, &engine),
                CUPEL_E_NOMODULE);
    CHECK(strstr(cupel_error_text(), "nosuch") != NULL);
    CHECK_FAILS(cupel_engine_create("sqlite+nosuch://", NULL, &engine),
                CUPEL_E_NOMODULE);
    CHECK(strstr(cupel_error_text(), "sqlite") != NULL);
    CHECK(strstr(cupel_error_text(), "nosuch") != NULL);
}

TEST(a_url_that_was_put_together_connects)
{
    cupel_url *url = make_url(accept_url());
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_url *other;

    parts.drivername =
        accept_is_postgresql() ? "postgresql+libpq" : "sqlite+sqlite3";
    CHECK_OK(cupel_url_set(url, &parts, &other));
    CHECK_OK(cupel_engine_create(as_string(other, false), NULL, &engine));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
    cupel_url_free(other);
    cupel_url_free(url);
}
