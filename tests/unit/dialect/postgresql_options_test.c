/* SPDX-License-Identifier: MIT */
/* Urls, and what libpq is told of them. */
#include "support/test.h"

#include "dialect/postgresql/options.h"

#include <stdlib.h>

static cupel_status
read_url(const char *text, struct cup_pg_options *out)
{
    struct cup_pg_hosts hosts;
    cupel_url *url;
    cupel_status rc;

    CHECK_OK(cupel_url_parse(text, &url));
    CHECK_OK(cup_pg_hosts_init(&hosts, url));
    rc = cup_pg_options_init(out, url, &hosts.list[0]);
    CHECK_INT(cup_pg_options_check(url), rc);
    cup_pg_hosts_fini(&hosts);
    cupel_url_free(url);
    return rc;
}

static void
check_option(const char *text, const char *keyword, const char *expected)
{
    struct cup_pg_options options;
    const char *value;

    CHECK_OK(read_url(text, &options));
    value = cup_pg_options_get(&options, keyword);
    if (expected == NULL)
        CHECK(value == NULL);
    else
        CHECK_STR(value == NULL ? "(none)" : value, expected);
    cup_pg_options_fini(&options);
}

static void
check_refuses(const char *text, cupel_status status, const char *names)
{
    struct cup_pg_options options;

    CHECK_FAILS(read_url(text, &options), status);
    CHECK(strstr(cupel_error_text(), names) != NULL);
    CHECK(strstr(cupel_error_text(), "secret") == NULL);
}

TEST(the_parts_of_a_url_become_parameters)
{
    static const char url[] = "postgresql://me:s%40cret@db.example:5433/books";

    check_option(url, "host", "db.example");
    check_option(url, "port", "5433");
    check_option(url, "user", "me");
    check_option(url, "password", "s@cret");
    check_option(url, "dbname", "books");
}

TEST(a_socket_is_named_in_the_query)
{
    static const char url[] = "postgresql://me@/books?host=/run/pg&port=5433";

    check_option(url, "host", "/run/pg");
    check_option(url, "port", "5433");
    check_option(url, "sslmode", "disable");
    check_option(url, "channel_binding", NULL);
}

TEST(beyond_this_machine_everything_is_verified)
{
    static const char url[] = "postgresql://db.example/d";

    check_option(url, "sslmode", "verify-full");
    check_option(url, "channel_binding", "require");
    check_option("postgresql://db.example/d?sslmode=require", "channel_binding",
                 NULL);
    check_option("postgresql://db.example/d?sslcert=/c", "channel_binding",
                 NULL); /* who has a certificate may have no password */
    check_option("postgresql://db.example/d?channel_binding=prefer",
                 "channel_binding", "prefer");
    check_option("postgresql://db.example/d?sslrootcert=/ca", "sslrootcert",
                 "/ca");
}

TEST(only_the_text_of_the_host_says_where_it_is)
{
    check_option("postgresql://localhost/d", "sslmode", "prefer");
    check_option("postgresql://127.0.0.1/d", "sslmode", "prefer");
    check_option("postgresql://127.1.2.3/d", "sslmode", "prefer");
    check_option("postgresql://[::1]/d", "sslmode", "prefer");
    check_option("postgresql://127.evil.example/d", "sslmode", "verify-full");
    check_option("postgresql://localhost.example/d", "sslmode", "verify-full");
    check_option("postgresql://localhost/d?hostaddr=10.0.0.1", "sslmode",
                 "verify-full");
    check_option("postgresql://localhost/d?hostaddr=127.0.0.1,127.0.0.2",
                 "sslmode", "prefer");
    check_option("postgresql://localhost/d?hostaddr=127.0.0.1,10.0.0.2",
                 "sslmode", "verify-full");
}

TEST(defaults_keep_a_connection_from_hanging)
{
    static const char url[] = "postgresql://h/d";

    check_option(url, "keepalives_idle", "30");
    check_option(url, "keepalives_interval", "10");
    check_option(url, "keepalives_count", "3");
    check_option(url, "tcp_user_timeout", "30000");
    check_option(url, "gssencmode", "disable");
    check_option(url, "client_encoding", "UTF8");
    check_option(url, "fallback_application_name", "cupel");
    check_option("postgresql://h/d?tcp_user_timeout=5", "tcp_user_timeout",
                 "5");
}

TEST(options_of_the_session_are_added_to_ours)
{
    check_option("postgresql://h/d", "options", "-c DateStyle=ISO ");
    check_option("postgresql://h/d?options=-c%20x%3D1", "options",
                 "-c DateStyle=ISO -c x=1");
    check_option("postgresql://h/d?pooler=transaction", "options", NULL);
}

TEST(our_own_options_are_not_handed_on)
{
    struct cup_pg_options options;

    CHECK_OK(read_url("postgresql://h/d", &options));
    CHECK_INT(options.cache_size, 100);
    CHECK(!options.pooler);
    CHECK_INT(options.timeout_ms, 0);
    cup_pg_options_fini(&options);
    CHECK_OK(read_url("postgresql://h/d?prepared_statement_cache_size=7&"
                      "pooler=transaction&connect_timeout=3",
                      &options));
    CHECK_INT(options.cache_size, 7);
    CHECK(options.pooler);
    CHECK_INT(options.timeout_ms, 3000);
    CHECK(cup_pg_options_get(&options, "pooler") == NULL);
    CHECK(cup_pg_options_get(&options, "connect_timeout") == NULL);
    cup_pg_options_fini(&options);
}

TEST(unknown_options_are_refused_by_name)
{
    check_refuses("postgresql://h/d?sslmod=disable", CUPEL_E_ARGUMENT,
                  "\"sslmod\"");
    check_refuses("postgresql://h/d?password=secret", CUPEL_E_ARGUMENT,
                  "\"password\"");
    check_refuses("postgresql://h/d?SSLMODE=disable", CUPEL_E_ARGUMENT,
                  "\"SSLMODE\"");
    check_refuses("postgresql://h/d?service=x", CUPEL_E_ARGUMENT, "service");
}

TEST(bad_values_are_refused_without_being_repeated)
{
    check_refuses("postgresql://h/d?sslmode=secret", CUPEL_E_VALUE, "sslmode");
    check_refuses("postgresql://h/d?pooler=secret", CUPEL_E_VALUE, "pooler");
    check_refuses("postgresql://h/d?connect_timeout=-1", CUPEL_E_VALUE,
                  "connect_timeout");
    check_refuses("postgresql://h/d?keepalives=secret", CUPEL_E_VALUE,
                  "keepalives");
    check_refuses("postgresql://h/d?prepared_statement_cache_size=1e9",
                  CUPEL_E_VALUE, "prepared_statement_cache_size");
    check_refuses("postgresql://h/d?client_encoding=latin1", CUPEL_E_VALUE,
                  "client_encoding");
}

TEST(each_of_several_hosts_has_the_defaults_of_its_place)
{
    static const char text[] = "postgresql:///d?host=db.example:1&host=/run/pg"
                               "&host=localhost&hostaddr=10.0.0.1,,127.0.0.1";
    static const struct {
        const char *host, *port, *address, *sslmode;
    } expected[] = { { "db.example", "1", "10.0.0.1", "verify-full" },
                     { "/run/pg", NULL, NULL, "disable" },
                     { "localhost", NULL, "127.0.0.1", "prefer" } };
    struct cup_pg_options options;
    struct cup_pg_hosts hosts;
    cupel_url *url;
    size_t i;

    CHECK_OK(cupel_url_parse(text, &url));
    CHECK_OK(cup_pg_hosts_init(&hosts, url));
    CHECK_INT(hosts.count, 3);
    for (i = 0; i < 3; i++) {
        CHECK_OK(cup_pg_options_init(&options, url, &hosts.list[i]));
        CHECK_STR(cup_pg_options_get(&options, "host"), expected[i].host);
        CHECK_STR(cup_pg_options_get(&options, "sslmode"), expected[i].sslmode);
        CHECK((cup_pg_options_get(&options, "port") == NULL) ==
              (expected[i].port == NULL));
        CHECK((cup_pg_options_get(&options, "hostaddr") == NULL) ==
              (expected[i].address == NULL));
        cup_pg_options_fini(&options);
    }
    CHECK_OK(cup_pg_options_check(url));
    cup_pg_hosts_fini(&hosts);
    cupel_url_free(url);
}

TEST(hosts_that_do_not_go_together_are_refused_before_connecting)
{
    cupel_url *url;

    CHECK_OK(cupel_url_parse("postgresql:///d?host=h,i&port=1,2,3", &url));
    CHECK_FAILS(cup_pg_options_check(url), CUPEL_E_ARGUMENT);
    cupel_url_free(url);
}

TEST(a_url_without_a_host_takes_that_of_the_environment)
{
    CHECK_INT(setenv("PGHOST", "db.example", 1), 0);
    check_option("postgresql:///d", "host", "db.example");
    check_option("postgresql:///d", "sslmode", "verify-full");
    check_option("postgresql://127.0.0.1/d", "host", "127.0.0.1");
    unsetenv("PGHOST");
    check_option("postgresql:///d", "host", NULL);
    check_option("postgresql:///d", "sslmode", "disable");
}
