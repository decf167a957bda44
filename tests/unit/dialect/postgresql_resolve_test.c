/* SPDX-License-Identifier: MIT */
/* From names to addresses. */
#include "support/test.h"

#include "base/alloc.h"
#include "dialect/postgresql/resolve.h"

TASK_TEST(addresses_and_sockets_need_no_resolver)
{
    static const char *const hosts[] = { "127.0.0.1", "::1",     "fe80::1%eth0",
                                         "/run/pg",   "@socket", NULL };
    size_t i;

    for (i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        char *addresses = (char *)(uintptr_t)1;

        CHECK_OK(cup_pg_resolve(hosts[i], cupel_now() - 1, &addresses));
        CHECK(addresses == NULL);
    }
}

TASK_TEST(a_name_becomes_addresses)
{
    char *addresses;

    CHECK_OK(cup_pg_resolve("localhost", cupel_deadline_in(20000), &addresses));
    assert_non_null(addresses);
    CHECK(strstr(addresses, "127.0.0.1") != NULL ||
          strstr(addresses, "::1") != NULL);
    cup_free(addresses);
}

TASK_TEST(an_unknown_name_is_named)
{
    char *addresses;

    CHECK_FAILS(
        cup_pg_resolve("nowhere.invalid", cupel_deadline_in(60000), &addresses),
        CUPEL_E_OPERATIONAL);
    CHECK(addresses == NULL);
    CHECK(strstr(cupel_error_text(), "nowhere.invalid") != NULL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
}

TASK_TEST(a_deadline_that_has_passed_resolves_nothing)
{
    char *addresses;

    CHECK_FAILS(cup_pg_resolve("localhost", cupel_now() - 1000, &addresses),
                CUPEL_E_TIMEOUT);
    CHECK(addresses == NULL);
}
