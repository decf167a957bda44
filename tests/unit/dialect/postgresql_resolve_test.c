/* SPDX-License-Identifier: MIT */
/* From names to addresses. */
#include "support/test.h"

#include "dialect/postgresql/resolve.h"

static void
init(struct cup_pg_options *options, const char *text)
{
    cupel_url *url;

    CHECK_OK(cupel_url_parse(text, &url));
    CHECK_OK(cup_pg_options_init(options, url));
    cupel_url_free(url);
}

static void
check_resolves(const char *text, const char *host, const char *addresses)
{
    struct cup_pg_options options;
    const char *value;

    init(&options, text);
    CHECK_OK(cup_pg_resolve(&options, cupel_deadline_in(20000)));
    value = cup_pg_options_get(&options, "host");
    if (host == NULL)
        CHECK(value == NULL);
    else
        CHECK_STR(value, host);
    value = cup_pg_options_get(&options, "hostaddr");
    if (addresses == NULL)
        CHECK(value == NULL);
    else
        CHECK_STR(value, addresses);
    cup_pg_options_fini(&options);
}

TASK_TEST(addresses_and_sockets_need_no_resolver)
{
    check_resolves("postgresql://127.0.0.1/d", "127.0.0.1", NULL);
    check_resolves("postgresql://[::1]/d", "::1", NULL);
    check_resolves("postgresql:///d?host=/run/pg", "/run/pg", NULL);
    check_resolves("postgresql:///d", NULL, NULL);
}

TASK_TEST(a_name_becomes_addresses_and_stays_for_the_certificate)
{
    struct cup_pg_options options;
    const char *addresses;

    init(&options, "postgresql://localhost/d");
    CHECK_OK(cup_pg_resolve(&options, cupel_deadline_in(20000)));
    addresses = cup_pg_options_get(&options, "hostaddr");
    assert_non_null(addresses);
    CHECK(strstr(addresses, "127.0.0.1") != NULL ||
          strstr(addresses, "::1") != NULL);
    CHECK(strncmp(cup_pg_options_get(&options, "host"), "localhost", 9) == 0);
    cup_pg_options_fini(&options);
}

TASK_TEST(libpq_gets_as_many_names_as_addresses)
{
    check_resolves("postgresql://h/d?hostaddr=10.0.0.1,10.0.0.2,10.0.0.3",
                   "h,h,h", "10.0.0.1,10.0.0.2,10.0.0.3");
    check_resolves("postgresql://h/d?hostaddr=10.0.0.1", "h", "10.0.0.1");
    check_resolves("postgresql:///d?hostaddr=10.0.0.1,10.0.0.2", NULL,
                   "10.0.0.1,10.0.0.2");
}

TASK_TEST(an_unknown_name_is_named)
{
    struct cup_pg_options options;

    init(&options, "postgresql://nowhere.invalid/d");
    CHECK_FAILS(cup_pg_resolve(&options, cupel_deadline_in(60000)),
                CUPEL_E_OPERATIONAL);
    CHECK(strstr(cupel_error_text(), "nowhere.invalid") != NULL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    cup_pg_options_fini(&options);
}

TASK_TEST(a_deadline_that_has_passed_resolves_nothing)
{
    struct cup_pg_options options;

    init(&options, "postgresql://localhost/d");
    CHECK_FAILS(cup_pg_resolve(&options, cupel_now() - 1000), CUPEL_E_TIMEOUT);
    cup_pg_options_fini(&options);
}
