/* SPDX-License-Identifier: MIT */
/* Which servers a url names, in which of the two ways, and what is refused. */
#include "support/test.h"
#include "unit/base/failing_alloc.h"

#include "dialect/postgresql/hosts.h"

#include <stdio.h>
#include <stdlib.h>

/* "name port addresses; ..." with "-" for what is not there. */
static const char *
describe(const struct cup_pg_hosts *hosts)
{
    static char text[1024];
    size_t i, len = 0;

    for (i = 0; i < hosts->count; i++) {
        const struct cup_pg_host *host = &hosts->list[i];

        len += (size_t)snprintf(
            text + len, sizeof text - len, "%s%s %s %s", i == 0 ? "" : "; ",
            host->name == NULL ? "-" : host->name,
            host->port == NULL ? "-" : host->port,
            host->addresses == NULL ? "-" : host->addresses);
    }
    return text;
}

static void
check_hosts(const char *query, const char *expected)
{
    struct cup_pg_hosts hosts;
    char text[512];
    cupel_url *url;

    snprintf(text, sizeof text, "postgresql://%s", query);
    CHECK_OK(cupel_url_parse(text, &url));
    CHECK_OK(cup_pg_hosts_init(&hosts, url));
    CHECK_STR(describe(&hosts), expected);
    cup_pg_hosts_fini(&hosts);
    cupel_url_free(url);
}

static void
check_refused(const char *query, cupel_status status, const char *reason)
{
    struct cup_pg_hosts hosts;
    char text[512];
    cupel_url *url;

    snprintf(text, sizeof text, "postgresql://%s", query);
    CHECK_OK(cupel_url_parse(text, &url));
    CHECK_FAILS(cup_pg_hosts_init(&hosts, url), status);
    if (strstr(cupel_error_text(), reason) == NULL)
        fail_msg("%s: \"%s\" does not say \"%s\"", text, cupel_error_text(),
                 reason);
    cupel_url_free(url);
}

TEST(one_host_stands_in_front_of_the_query_or_in_it)
{
    check_hosts("/d", "- - -");
    check_hosts("h/d", "h - -");
    check_hosts("h:1/d", "h 1 -");
    check_hosts(":1/d", "- 1 -");
    check_hosts("[::1]:1/d", "::1 1 -");
    check_hosts("/d?host=h", "h - -");
    check_hosts("/d?host=h&port=1", "h 1 -");
    check_hosts("/d?host=h:1", "h 1 -");
    check_hosts("u@:1/d?host=/run/pg", "/run/pg 1 -");
    check_hosts("/d?host=/run/p:1", "/run/p:1 - -");
    check_hosts("/d?host=::1", "::1 - -");
    check_hosts("/d?host=[::1]", "::1 - -");
    check_hosts("/d?host=[::1]:2", "::1 2 -");
    check_hosts("/d?port=1", "- 1 -");
}

TEST(hosts_may_carry_their_ports)
{
    check_hosts("/d?host=h1:1&host=h2:2", "h1 1 -; h2 2 -");
    check_hosts("/d?host=h1:1&host=h2", "h1 1 -; h2 - -");
    check_hosts("/d?host=h1&host=h2:", "h1 - -; h2 - -");
    check_hosts("/d?host=[::1]:1&host=::2&host=/run/pg:3&host=/run/pg",
                "::1 1 -; ::2 - -; /run/pg 3 -; /run/pg - -");
}

TEST(hosts_and_ports_may_be_lists)
{
    check_hosts("/d?host=h1,h2", "h1 - -; h2 - -");
    check_hosts("/d?host=h1,h2&port=1,2", "h1 1 -; h2 2 -");
    check_hosts("/d?host=h1,h2,h3&port=1,,3", "h1 1 -; h2 - -; h3 3 -");
    check_hosts("/d?host=h1,h2&port=1&port=2", "h1 1 -; h2 2 -");
    check_hosts("/d?host=::1,,/a:1&port=1,2,3", "::1 1 -; - 2 -; /a:1 3 -");
}

TEST(addresses_belong_to_their_hosts)
{
    check_hosts("h/d?hostaddr=10.0.0.1,10.0.0.2", "h - 10.0.0.1,10.0.0.2");
    check_hosts("/d?host=h1,h2&hostaddr=10.0.0.1,", "h1 - 10.0.0.1; h2 - -");
    check_hosts("/d?host=h1:1&host=h2&hostaddr=10.0.0.1,10.0.0.2",
                "h1 1 10.0.0.1; h2 - 10.0.0.2");
    check_hosts(":5/d?hostaddr=10.0.0.1,10.0.0.2",
                "- 5 10.0.0.1; - 5 10.0.0.2");
    check_hosts("/d?hostaddr=10.0.0.1,10.0.0.2&port=5,6",
                "- 5 10.0.0.1; - 6 10.0.0.2");
}

TEST(counts_have_to_match)
{
    static const char reason[] = "hosts and ports in the url do not match";

    check_refused("/d?host=h1,h2&port=1", CUPEL_E_ARGUMENT, reason);
    check_refused("/d?host=h1,h2&port=1,2,3", CUPEL_E_ARGUMENT, reason);
    check_refused("/d?host=h1&port=1,2", CUPEL_E_ARGUMENT, reason);
    check_refused("/d?port=1,2", CUPEL_E_ARGUMENT, reason);
    check_refused("u@:1/d?host=h1,h2", CUPEL_E_ARGUMENT, reason);
    check_refused("/d?host=h1,h2&hostaddr=10.0.0.1", CUPEL_E_ARGUMENT,
                  "hosts and addresses");
    check_refused("/d?hostaddr=10.0.0.1&hostaddr=10.0.0.2", CUPEL_E_ARGUMENT,
                  "more than one hostaddr");
}

TEST(the_two_ways_are_not_mixed)
{
    static const char reason[] = "never as a mixture";

    check_refused("/d?host=h1:1&host=h2:2&port=1,2", CUPEL_E_ARGUMENT, reason);
    check_refused("/d?host=h1&host=h2&port=1,2", CUPEL_E_ARGUMENT, reason);
    check_refused("/d?host=h:1&port=1", CUPEL_E_ARGUMENT, reason);
    check_refused("u@:1/d?host=h:1", CUPEL_E_ARGUMENT, reason);
    check_refused("/d?host=h1,h2&host=h3", CUPEL_E_ARGUMENT, reason);
    check_refused("/d?host=h1:1,h2:2", CUPEL_E_ARGUMENT, reason);
    check_refused("h1,h2/d", CUPEL_E_ARGUMENT, reason);
}

TEST(front_and_query_do_not_both_name_one)
{
    check_refused("h/d?host=i", CUPEL_E_ARGUMENT, "names a host in front");
    check_refused("h:1/d?port=2", CUPEL_E_ARGUMENT, "names a port in front");
}

TEST(a_port_is_a_number_that_ports_have)
{
    check_refused("/d?host=h&port=x", CUPEL_E_ARGUMENT, "not a number");
    check_refused("/d?host=h1,h2&port=1,x", CUPEL_E_ARGUMENT, "not a number");
    check_refused("/d?host=h:x", CUPEL_E_ARGUMENT, "not a number");
    check_refused("/d?host=h&port=%2B1", CUPEL_E_ARGUMENT, "not a number");
    check_refused("/d?host=h1:1&host=h2:-2", CUPEL_E_ARGUMENT, "not a number");
    check_refused("/d?port=70000", CUPEL_E_VALUE, "from 1 to 65535");
    check_refused("/d?port=0", CUPEL_E_VALUE, "from 1 to 65535");
    check_refused("/d?port=99999999999999999999", CUPEL_E_VALUE, "from 1 to");
}

TEST(there_is_a_limit_to_hosts_and_their_names)
{
    char text[600] = "postgresql://?host=h";
    struct cup_pg_hosts hosts;
    cupel_url *url;
    int i;

    for (i = 0; i < CUP_PG_HOSTS_MAX; i++)
        strcat(text, ",h");
    CHECK_OK(cupel_url_parse(text, &url));
    CHECK_FAILS(cup_pg_hosts_init(&hosts, url), CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "64 hosts") != NULL);
    cupel_url_free(url);
    memset(text + 20, 'h', 300);
    text[320] = '\0';
    CHECK_OK(cupel_url_parse(text, &url));
    CHECK_FAILS(cup_pg_hosts_init(&hosts, url), CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "too long") != NULL);
    cupel_url_free(url);
}

TEST(the_environment_says_what_the_url_leaves_open)
{
    CHECK_INT(setenv("PGHOST", "e1,e2", 1), 0);
    check_hosts("/d", "e1 - -; e2 - -");
    check_hosts("h/d", "h - -");
    check_hosts("/d?hostaddr=10.0.0.1", "- - 10.0.0.1");
    check_refused("/d?port=1", CUPEL_E_ARGUMENT, "do not match");
    CHECK_INT(setenv("PGPORT", "1,2", 1), 0);
    check_hosts("/d", "e1 1 -; e2 2 -");
    check_hosts("/d?port=3,4", "e1 3 -; e2 4 -");
    CHECK_INT(setenv("PGPORT", "5", 1), 0);
    check_hosts("/d", "e1 - -; e2 - -"); /* libpq reads it itself */
    unsetenv("PGPORT");
    unsetenv("PGHOST");
}

TEST(failed_allocation_is_survived)
{
    cupel_url *url;
    size_t n;

    CHECK_OK(cupel_url_parse("postgresql://?host=h1,h2&port=1,2", &url));
    for (n = 1; failing_alloc_begin(n); n++) {
        struct cup_pg_hosts hosts;
        cupel_status rc = cup_pg_hosts_init(&hosts, url);

        CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
        if (rc == CUPEL_OK)
            cup_pg_hosts_fini(&hosts);
        failing_alloc_end();
    }
    cupel_url_free(url);
}
