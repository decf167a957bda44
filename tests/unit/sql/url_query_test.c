/* SPDX-License-Identifier: MIT */
/* Urls with another query: replaced, added to, taken from. */
#include "support/test.h"
#include "unit/base/failing_alloc.h"

#include <cupel/url.h>

static cupel_url *
parse(const char *text)
{
    cupel_url *url = NULL;

    CHECK_OK(cupel_url_parse(text, &url));
    return url;
}

/* The url is what its text says; it is freed. */
static void
check_and_free(cupel_url *url, const char *expected)
{
    char buf[256];

    cupel_url_render(url, false, buf, sizeof buf);
    CHECK_STR(buf, expected);
    cupel_url_free(url);
}

static void
check_updated(const char *text, const char *query, bool append,
              const char *expected)
{
    cupel_url *url = parse(text);
    cupel_url *updated = NULL;

    CHECK_OK(cupel_url_update_query_string(url, query, append, &updated));
    check_and_free(updated, expected);
    check_and_free(url, text);
}

TEST(string_replaces_the_keys_it_has_and_keeps_the_rest)
{
    check_updated("x://h?a=1&a=2&b=3", "a=4", false, "x://h?a=4&b=3");
    check_updated("x://h?a=1&b=3", "a=4&a=5&c=6", false,
                  "x://h?a=4&a=5&b=3&c=6");
    check_updated("x://u:p@h:1/d", "a=b+c%26", false, "x://u:p@h:1/d?a=b+c%26");
    check_updated("x://h?a=1", "", false, "x://h?a=1");
    check_updated("x://h?a=1", "a=&b", false, "x://h?a=1");
    check_updated("x://h?a=1", "b=c@d:e/f?g", false,
                  "x://h?a=1&b=c%40d%3Ae%2Ff%3Fg");
}

TEST(string_appends_to_the_keys_that_it_has)
{
    check_updated("x://h?a=1&b=3", "a=4", true, "x://h?a=1&a=4&b=3");
    check_updated("x://h?a=1&a=2", "a=1&c=5", true, "x://h?a=1&a=2&a=1&c=5");
    check_updated("x://h", "a=1", true, "x://h?a=1");
}

TEST(pairs_replace_or_append)
{
    static const cupel_url_pair pairs[] = { { "a", "4&" },
                                            { "c", " " },
                                            { "a", "5" } };
    cupel_url *url = parse("x://h?a=1&b=2&a=3");
    cupel_url *other = NULL;

    CHECK_OK(cupel_url_update_query_pairs(url, pairs, 3, false, &other));
    CHECK_STR(cupel_url_query_key(other, 0), "b");
    CHECK_STR(cupel_url_normalized_query_value(other, "a", 1), "5");
    check_and_free(other, "x://h?a=4%26&a=5&b=2&c=+");
    CHECK_OK(cupel_url_update_query_pairs(url, pairs, 3, true, &other));
    check_and_free(other, "x://h?a=1&a=3&a=4%26&a=5&b=2&c=+");
    CHECK_OK(cupel_url_update_query_pairs(url, NULL, 0, false, &other));
    CHECK(cupel_url_equal(url, other));
    cupel_url_free(other);
    check_and_free(url, "x://h?a=1&a=3&b=2");
}

TEST(what_cannot_be_in_a_query_is_refused)
{
    static const cupel_url_pair keyless[] = { { NULL, "secret" } };
    static const cupel_url_pair valueless[] = { { "k", NULL } };
    static const cupel_url_pair empty[] = { { "k", "" } };
    cupel_url *url = parse("x://h?a=1"), *out;

    CHECK_FAILS(cupel_url_update_query_pairs(url, keyless, 1, false, &out),
                CUPEL_E_TYPE);
    CHECK_FAILS(cupel_url_update_query_pairs(url, valueless, 1, true, &out),
                CUPEL_E_TYPE);
    CHECK_FAILS(cupel_url_update_query_pairs(url, empty, 1, true, &out),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_update_query_pairs(url, NULL, 1, true, &out),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_update_query_pairs(NULL, NULL, 0, true, &out),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_update_query_pairs(url, NULL, 0, true, NULL),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_update_query_string(url, NULL, true, &out),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_update_query_string(NULL, "a=1", true, &out),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_update_query_string(url, "secret=%4", true, &out),
                CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "secret") == NULL);
    CHECK_FAILS(cupel_url_update_query_string(url, "a=\n", true, &out),
                CUPEL_E_ARGUMENT);
    cupel_url_free(url);
}

TEST(difference_takes_keys_away_and_ignores_unknown_names)
{
    static const char *const names[] = { "a", "unknown" };
    cupel_url *url = parse("x://u:p@h/d?a=1&b=2&a=3"), *out;

    CHECK_OK(cupel_url_difference_update_query(url, names, 2, &out));
    check_and_free(out, "x://u:p@h/d?b=2");
    check_and_free(url, "x://u:p@h/d?a=1&a=3&b=2");
}

TEST(difference_of_nothing_is_the_same_url)
{
    static const char *const names[] = { "unknown", "A" };
    static const char *const broken[] = { "a", NULL };
    cupel_url *url = parse("x://h?a=1"), *out;

    CHECK_OK(cupel_url_difference_update_query(url, names, 2, &out));
    CHECK(out == url);
    cupel_url_free(out);
    CHECK_OK(cupel_url_difference_update_query(url, NULL, 0, &out));
    CHECK(out == url);
    cupel_url_free(out);
    CHECK_FAILS(cupel_url_difference_update_query(url, broken, 2, &out),
                CUPEL_E_TYPE);
    CHECK_FAILS(cupel_url_difference_update_query(url, NULL, 1, &out),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_difference_update_query(NULL, names, 2, &out),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_difference_update_query(url, names, 2, NULL),
                CUPEL_E_ARGUMENT);
    check_and_free(url, "x://h?a=1");
}

TEST(failed_allocation_is_survived)
{
    static const char *const names[] = { "a" };
    cupel_url *url = parse("x://h?a=1&b=2");
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        cupel_url *out = NULL;
        cupel_status rc;

        rc = cupel_url_update_query_string(url, "a=2", n % 2 == 0, &out);
        CHECK((out != NULL) == (rc == CUPEL_OK));
        cupel_url_free(out);
        out = NULL;
        if (rc == CUPEL_OK)
            rc = cupel_url_difference_update_query(url, names, 1, &out);
        CHECK((out != NULL) == (rc == CUPEL_OK));
        CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
        cupel_url_free(out);
        failing_alloc_end();
    }
    check_and_free(url, "x://h?a=1&b=2");
}
