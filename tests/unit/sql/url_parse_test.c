/* SPDX-License-Identifier: MIT */
/* What is a url, what its parts are, and what is refused with which words. */
#include "support/test.h"
#include "unit/base/failing_alloc.h"

#include <cupel/url.h>

/* What a text must come apart into; what is not named is absent. */
struct parts {
    const char *text;
    const char *drivername;
    const char *username;
    const char *password;
    const char *host;
    int port;
    const char *database;
};

static void
check_text(const char *text, const char *what, const char *actual,
           const char *expected)
{
    if (actual == NULL && expected == NULL)
        return;
    if (actual != NULL && expected != NULL && strcmp(actual, expected) == 0)
        return;
    print_error("%s: %s is \"%s\", not \"%s\"\n", text, what,
                actual == NULL ? "(none)" : actual,
                expected == NULL ? "(none)" : expected);
    fail();
}

static void
check_parts(const struct parts *parts, size_t count)
{
    for (; count > 0; count--, parts++) {
        cupel_url *url = NULL;
        const char *name = parts->drivername;

        CHECK_OK(cupel_url_parse(parts->text, &url));
        check_text(parts->text, "drivername", cupel_url_drivername(url),
                   name == NULL ? "x" : name);
        check_text(parts->text, "username", cupel_url_username(url),
                   parts->username);
        check_text(parts->text, "password", cupel_url_password(url),
                   parts->password);
        check_text(parts->text, "host", cupel_url_host(url), parts->host);
        check_text(parts->text, "database", cupel_url_database(url),
                   parts->database);
        CHECK_INT(cupel_url_port(url), parts->port);
        cupel_url_free(url);
    }
}

#define CHECK_PARTS(list) check_parts((list), sizeof(list) / sizeof(list)[0])

/* The url is refused, the out left alone, and the message quotes nothing. */
static void
check_refused(const char *text, cupel_status status, const char *reason)
{
    cupel_url *untouched = (cupel_url *)(void *)&status;
    cupel_url *url = untouched;

    CHECK_FAILS(cupel_url_parse(text, &url), status);
    CHECK(url == untouched);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    if (strstr(cupel_error_text(), reason) == NULL) {
        print_error("%s: \"%s\" does not say \"%s\"\n", text,
                    cupel_error_text(), reason);
        fail();
    }
    CHECK(strstr(cupel_error_text(), "secret") == NULL);
}

TEST(every_part_may_be_absent_but_the_name)
{
    static const struct parts list[] = {
        { .text = "x://" },
        { .text = "x://h", .host = "h" },
        { .text = "x://h:1", .host = "h", .port = 1 },
        { .text = "x://:65535", .port = 65535 },
        { .text = "x://u@", .username = "u" },
        { .text = "x://u@h", .username = "u", .host = "h" },
        { .text = "x://u:p@h", .username = "u", .password = "p", .host = "h" },
        { .text = "x:///d", .database = "d" },
        { .text = "x://u@/d", .username = "u", .database = "d" },
        { .text = "x://u:p@h:05432/d?k=v",
          .username = "u",
          .password = "p",
          .host = "h",
          .port = 5432,
          .database = "d" },
        { .text = "x+drv://h", .drivername = "x+drv", .host = "h" },
    };

    CHECK_PARTS(list);
}

TEST(empty_is_not_absent_for_user_password_and_database)
{
    static const struct parts list[] = {
        { .text = "x://@h", .username = "", .host = "h" },
        { .text = "x://:pw@h", .username = "", .password = "pw", .host = "h" },
        { .text = "x://u:@h", .username = "u", .password = "", .host = "h" },
        { .text = "x://h/", .host = "h", .database = "" },
        { .text = "x://h/?a=b", .host = "h", .database = "" },
        { .text = "x://h?a=b", .host = "h" },
        { .text = "x://@", .username = "" },
    };

    CHECK_PARTS(list);
}

TEST(database_is_everything_behind_the_slash)
{
    static const struct parts list[] = {
        { .text = "x:////abs/file.db", .database = "/abs/file.db" },
        { .text = "x://h//usr/db", .host = "h", .database = "/usr/db" },
        { .text = "x://h/a:b@c", .host = "h", .database = "a:b@c" },
        { .text = "x://h/db#x", .host = "h", .database = "db#x" },
        { .text = "x:///:memory:", .database = ":memory:" },
        { .text = "x://h/gr\xc3\xb6\xc3\x9f"
                  "e",
          .host = "h",
          .database = "gr\xc3\xb6\xc3\x9f"
                      "e" },
    };

    CHECK_PARTS(list);
}

TEST(database_is_percent_decoded_and_keeps_its_plus)
{
    static const struct parts list[] = {
        { .text = "x://h/db%20name+x", .host = "h", .database = "db name+x" },
        { .text = "x://h/why%3Fa=b", .host = "h", .database = "why?a=b" },
        { .text = "x:////a%2Fb%25?c=d", .database = "/a/b%" },
    };

    CHECK_PARTS(list);
}

TEST(user_and_password_are_percent_decoded_and_keep_their_plus)
{
    static const struct parts list[] = {
        { .text = "x://u%40v:p%40ss%3aw%2Frd@h",
          .username = "u@v",
          .password = "p@ss:w/rd",
          .host = "h" },
        { .text = "x://a+b:c+d%2B@h",
          .username = "a+b",
          .password = "c+d+",
          .host = "h" },
        { .text = "x://%C3%A4:%e2%82%ac@h",
          .username = "\xc3\xa4",
          .password = "\xe2\x82\xac",
          .host = "h" },
        { .text = "x://%2525:%25@h",
          .username = "%25",
          .password = "%",
          .host = "h" },
        { .text = "x://u%0A:%09@h",
          .username = "u\n",
          .password = "\t",
          .host = "h" },
    };

    CHECK_PARTS(list);
}

TEST(password_may_hold_colons_slashes_and_question_marks)
{
    static const struct parts list[] = {
        { .text = "x://u:a/b@h",
          .username = "u",
          .password = "a/b",
          .host = "h" },
        { .text = "x://u:a:b@h:1",
          .username = "u",
          .password = "a:b",
          .host = "h",
          .port = 1 },
        { .text = "x://u:a?b#c@h/d",
          .username = "u",
          .password = "a?b#c",
          .host = "h",
          .database = "d" },
    };

    CHECK_PARTS(list);
}

TEST(raw_at_sign_in_the_user_name_is_tolerated)
{
    static const struct parts list[] = {
        { .text = "x://user@name:p@h/db",
          .username = "user@name",
          .password = "p",
          .host = "h",
          .database = "db" },
        { .text = "x://a@b@h", .username = "a@b", .host = "h" },
        { .text = "x://@@h", .username = "@", .host = "h" },
    };

    CHECK_PARTS(list);
}

TEST(brackets_of_an_ipv6_host_are_taken_off)
{
    static const struct parts list[] = {
        { .text = "x://[::1]", .host = "::1" },
        { .text = "x://[::1]:5/d", .host = "::1", .port = 5, .database = "d" },
        { .text = "x://u:p@[fe80::1%eth0]?a=b",
          .username = "u",
          .password = "p",
          .host = "fe80::1%eth0" },
    };

    CHECK_PARTS(list);
}

TEST(name_splits_at_the_first_plus)
{
    static const char *const list[][3] = {
        { "postgresql+libpq://", "postgresql", "libpq" },
        { "a+b+c://", "a", "b+c" },
        { "x+://", "x", "" },
    };
    cupel_url *url = NULL;
    size_t i;

    for (i = 0; i < sizeof list / sizeof list[0]; i++) {
        CHECK_OK(cupel_url_parse(list[i][0], &url));
        CHECK_STR(cupel_url_get_backend_name(url), list[i][1]);
        CHECK_STR(cupel_url_get_driver_name(url), list[i][2]);
        cupel_url_free(url);
    }
    CHECK_OK(cupel_url_parse("my_sql9://", &url));
    CHECK_STR(cupel_url_get_backend_name(url), "my_sql9");
    cupel_url_free(url);
}

TEST(query_is_decoded_as_a_form)
{
    static const struct {
        const char *text;
        size_t count;
        const char *pairs[6];
    } list[] = {
        { "x://h", 0, { NULL } },
        { "x://h?", 0, { NULL } },
        { "x://h?a=1", 1, { "a", "1" } },
        { "x://h/d?a=1&b=2&a=3", 3, { "a", "1", "b", "2", "a", "3" } },
        { "x://?a+b=c%20d%2B", 1, { "a b", "c d+" } },
        { "x://?empty=&alone&=v", 1, { "", "v" } },
        { "x://?&&a=1&&", 1, { "a", "1" } },
        { "x://?a=b=c", 1, { "a", "b=c" } },
        { "x://?a=what?&b=/x:y", 2, { "a", "what?", "b", "/x:y" } },
        { "x://?a=1#2&#=3;4", 2, { "a", "1#2", "#", "3;4" } },
        { "x://u:p@h?a=b@c", 1, { "a", "b@c" } },
    };
    size_t i, k;

    for (i = 0; i < sizeof list / sizeof list[0]; i++) {
        cupel_url *url = NULL;

        CHECK_OK(cupel_url_parse(list[i].text, &url));
        CHECK_INT(cupel_url_query_count(url), list[i].count);
        for (k = 0; k < list[i].count; k++) {
            CHECK_STR(cupel_url_query_key(url, k), list[i].pairs[2 * k]);
            CHECK_STR(cupel_url_query_value(url, k), list[i].pairs[2 * k + 1]);
        }
        cupel_url_free(url);
    }
}

TEST(text_that_is_no_url_is_refused)
{
    static const char *const list[] = {
        "",          "secret",  "x:/",    "x.y://secret", "://secret",
        " x://h",    "x-y://h", "x ://h", "\xc3\xa4://h", "secret@h/d",
        "x:secret@h"
    };
    size_t i;

    for (i = 0; i < sizeof list / sizeof list[0]; i++)
        check_refused(list[i], CUPEL_E_ARGUMENT, "could not parse the url");
}

TEST(bad_port_is_a_value_error)
{
    static const char *const list[] = { "x://h:/secret",
                                        "x://h:secret",
                                        "x://h:0",
                                        "x://h:65536",
                                        "x://h:-1",
                                        "x://h:+1",
                                        "x://h: 1",
                                        "x://h:1 ",
                                        "x://h:1:2",
                                        "x://h:1_0",
                                        "x://[::1]:",
                                        "x://:?a=secret",
                                        "x://h:18446744073709551617" };
    size_t i;

    for (i = 0; i < sizeof list / sizeof list[0]; i++)
        check_refused(list[i], CUPEL_E_VALUE, "from 1 to 65535");
}

TEST(raw_at_sign_in_the_password_does_not_reach_the_host)
{
    check_refused("x://u:p@secret@h/d", CUPEL_E_ARGUMENT, "%40");
    check_refused("x://u:p@@secret", CUPEL_E_ARGUMENT, "%40");
}

TEST(unmatched_brackets_are_refused)
{
    static const char *const list[] = { "x://[::1",   "x://[]",
                                        "x://[::1/]", "x://[::1]secret",
                                        "x://[?]",    "x://[::1]]",
                                        "x://[[]",    "x://u:p@[a@]" };
    size_t i;

    for (i = 0; i < sizeof list / sizeof list[0]; i++)
        check_refused(list[i], CUPEL_E_ARGUMENT, "bracket");
}

TEST(broken_escapes_are_refused)
{
    check_refused("x://secret%@h", CUPEL_E_ARGUMENT, "write %25");
    check_refused("x://u:secret%4@h", CUPEL_E_ARGUMENT, "write %25");
    check_refused("x://u:100%sure@h", CUPEL_E_ARGUMENT, "write %25");
    check_refused("x://u:%@40@h", CUPEL_E_ARGUMENT, "%");
    check_refused("x://h/secret%2", CUPEL_E_ARGUMENT, "write %25");
    check_refused("x://h?secret=%g0", CUPEL_E_ARGUMENT, "write %25");
    check_refused("x://h?%0=secret", CUPEL_E_ARGUMENT, "write %25");
    check_refused("x://h?a=%&b=25", CUPEL_E_ARGUMENT, "write %25");
}

TEST(escaped_nul_is_refused)
{
    check_refused("x://u%00@h", CUPEL_E_ARGUMENT, "%00");
    check_refused("x://u:secret%00@h", CUPEL_E_ARGUMENT, "%00");
    check_refused("x://h/d%00", CUPEL_E_ARGUMENT, "%00");
    check_refused("x://h?a=%00", CUPEL_E_ARGUMENT, "%00");
    check_refused("x://h?%00=a", CUPEL_E_ARGUMENT, "%00");
}

TEST(what_is_not_utf8_is_refused)
{
    check_refused("x://secret\xff", CUPEL_E_ARGUMENT, "UTF-8");
    check_refused("x://u:%ff@h", CUPEL_E_ARGUMENT, "UTF-8");
    check_refused("x://h/%ff", CUPEL_E_ARGUMENT, "UTF-8");
    check_refused("x://%c3@h", CUPEL_E_ARGUMENT, "UTF-8");
    check_refused("x://h?a=%ed%a0%80", CUPEL_E_ARGUMENT, "UTF-8");
}

TEST(raw_control_characters_are_refused)
{
    check_refused("x://h/secret\n", CUPEL_E_ARGUMENT, "control character");
    check_refused("x://u:a\x01@h", CUPEL_E_ARGUMENT, "control character");
    check_refused("x://h\x7f", CUPEL_E_ARGUMENT, "control character");
}

TEST(null_is_no_url_and_needs_a_place)
{
    cupel_url *url = NULL;

    CHECK_FAILS(cupel_url_parse(NULL, &url), CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "NULL") != NULL);
    CHECK_FAILS(cupel_url_make(NULL, &url), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_url_parse("x://h", NULL), CUPEL_E_ARGUMENT);
    CHECK(url == NULL);
}

TEST(make_is_the_reference_name_of_parse)
{
    cupel_url *url = NULL;

    CHECK_OK(cupel_url_make("x://u:p@h:1/d?a=b", &url));
    CHECK_STR(cupel_url_password(url), "p");
    CHECK_STR(cupel_url_query_get(url, "a"), "b");
    cupel_url_free(url);
}

TEST(failed_allocation_is_survived)
{
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        cupel_url *url = NULL;
        cupel_status rc = cupel_url_parse("x://u:p@h:1/d?a=1&b=2", &url);

        CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
        CHECK((url != NULL) == (rc == CUPEL_OK));
        cupel_url_free(url);
        failing_alloc_end();
    }
}
