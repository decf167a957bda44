/* SPDX-License-Identifier: MIT */
/* A url's accessors, its text, equality, and its end. */
#include "support/test.h"

#include <cupel/url.h>

#include <stdlib.h>

static cupel_url *
parse(const char *text)
{
    cupel_url *url = NULL;

    CHECK_OK(cupel_url_parse(text, &url));
    return url;
}

static void
check_rendered(const char *text, bool hide_password, const char *expected)
{
    cupel_url *url = parse(text);
    char buf[200];
    size_t len = cupel_url_render(url, hide_password, buf, sizeof buf);

    CHECK_STR(buf, expected);
    CHECK_INT(len, strlen(expected));
    cupel_url_free(url);
}

TEST(rendering_in_clear_parses_back_to_an_equal_url)
{
    static const char *const list[] = {
        "x://",
        "x+d://h",
        "x://@h",
        "x://:pw@h",
        "x://u:@h",
        "x://user@name:a/b?c@h/db",
        "x://a%20b%2B+c:%C3%A4%25%40@h:5432/d",
        "x://[fe80::1%eth0]:1/d",
        "x://h/",
        "x:////usr/db%20name+#x",
        "x://h?b=2&a=1&b=1&a=%26%3D%3F",
        "x://?a+b=c%2Bd&=e",
        "x://u@h/a:b@c",
        "x://u@h/a%3Fb%26%3D%C3%A4%25",
        "x://%0A:%7F@h",
    };
    size_t i;

    for (i = 0; i < sizeof list / sizeof list[0]; i++) {
        cupel_url *url = parse(list[i]);
        cupel_url *again;
        char buf[200];

        cupel_url_render(url, false, buf, sizeof buf);
        again = parse(buf);
        if (!cupel_url_equal(url, again)) {
            print_error("%s became %s\n", list[i], buf);
            fail();
        }
        cupel_url_free(again);
        cupel_url_free(url);
    }
}

TEST(rendering_quotes_user_password_and_query)
{
    check_rendered("x://user@name:p@h/db", false, "x://user%40name:p@h/db");
    check_rendered("x://a b+c:a/b:\xc3\xa4~@h", false,
                   "x://a b+c:a%2Fb%3A%C3%A4~@h");
    check_rendered("x://h/d?k+1=a%2fb+c-_.~", false, "x://h/d?k+1=a%2Fb+c-_.~");
    check_rendered("x://h?a=1?2", false, "x://h?a=1%3F2");
}

TEST(rendering_quotes_the_database_but_its_slashes_spaces_and_pluses)
{
    check_rendered("x://h/db%20name+x", false, "x://h/db name+x");
    check_rendered("x:////a/b%3Fc:d", false, "x:////a/b%3Fc%3Ad");
}

TEST(rendering_sorts_the_query_by_key_and_keeps_the_order_within)
{
    check_rendered("x://h?b=2&a=2&b=1&aa=0&a=1", false,
                   "x://h?a=2&a=1&aa=0&b=2&b=1");
}

TEST(rendering_keeps_no_database_apart_from_an_empty_one)
{
    check_rendered("x://h?a=b", false, "x://h?a=b");
    check_rendered("x://h/?a=b", false, "x://h/?a=b");
    check_rendered("x://h?", false, "x://h");
}

TEST(rendering_masks_the_password_even_an_empty_one)
{
    check_rendered("x://u:secret@h:1/d", true, "x://u:***@h:1/d");
    check_rendered("x://u:@h", true, "x://u:***@h");
    check_rendered("x://:secret@h", true, "x://:***@h");
    check_rendered("x://u@h", true, "x://u@h");
}

TEST(rendering_gives_an_ipv6_host_its_brackets_back)
{
    check_rendered("x://u@[::1]:5/d", false, "x://u@[::1]:5/d");
    check_rendered("x://[name]", false, "x://name");
}

TEST(rendering_into_too_small_a_buffer_cuts_and_tells_the_length)
{
    static const char whole[] = "x://u:p@[::1]:5432/d?a=b";
    cupel_url *url = parse(whole);
    size_t size;

    for (size = 0; size <= sizeof whole + 1; size++) {
        char *buf = malloc(size + 1); /* exact, for the sanitizer */
        size_t shown = size == 0 ? 0 : size - 1;

        CHECK(buf != NULL);
        memset(buf, '#', size + 1);
        if (shown > strlen(whole))
            shown = strlen(whole);
        CHECK_INT(cupel_url_render(url, false, buf, size), strlen(whole));
        CHECK(strncmp(buf, whole, shown) == 0);
        CHECK(size == 0 || buf[shown] == '\0');
        CHECK(buf[size] == '#');
        free(buf);
    }
    CHECK_INT(cupel_url_render(url, false, NULL, 0), strlen(whole));
    CHECK_INT(cupel_url_render(url, false, NULL, 10), strlen(whole));
    cupel_url_free(url);
}

TEST(equality_looks_at_every_field)
{
    static const char *const others[] = {
        "y://u:p@h:1/d?a=1&b=2", "x+z://u:p@h:1/d?a=1&b=2",
        "x://v:p@h:1/d?a=1&b=2", "x://u:q@h:1/d?a=1&b=2",
        "x://u@h:1/d?a=1&b=2",   "x://u:p@i:1/d?a=1&b=2",
        "x://u:p@h:2/d?a=1&b=2", "x://u:p@h/d?a=1&b=2",
        "x://u:p@h:1/e?a=1&b=2", "x://u:p@h:1?a=1&b=2",
        "x://u:p@h:1/d?a=1",     "x://u:p@h:1/d?a=1&b=3",
        "x://u:p@h:1/d?a=1&c=2", "x://u:p@h:1/d?a=1&b=2&b=2",
    };
    cupel_url *url = parse("x://u:p@h:1/d?a=1&b=2");
    size_t i;

    for (i = 0; i < sizeof others / sizeof others[0]; i++) {
        cupel_url *other = parse(others[i]);

        CHECK((cupel_url_hash(url) == cupel_url_hash(other)) ==
              (i == 3 || i == 4)); /* the password is no part of it */
        CHECK(!cupel_url_equal(url, other));
        CHECK(!cupel_url_equal(other, url));
        CHECK(cupel_url_equal(other, other));
        cupel_url_free(other);
    }
    CHECK(!cupel_url_equal(url, NULL));
    CHECK(!cupel_url_equal(NULL, url));
    CHECK(cupel_url_equal(NULL, NULL));
    cupel_url_free(url);
}

TEST(equality_ignores_the_order_of_keys_but_not_of_values)
{
    cupel_url *url = parse("x://h?a=1&b=2&a=3");
    cupel_url *moved = parse("x://h?b=2&a=1&a=3");
    cupel_url *swapped = parse("x://h?a=3&b=2&a=1");

    CHECK(cupel_url_equal(url, moved));
    CHECK(cupel_url_hash(url) == cupel_url_hash(moved));
    CHECK(cupel_url_hash(url) != cupel_url_hash(swapped));
    CHECK(!cupel_url_equal(url, swapped));
    cupel_url_free(swapped);
    cupel_url_free(moved);
    cupel_url_free(url);
}

TEST(query_get_gives_the_last_value_of_a_key)
{
    cupel_url *url = parse("x://h?a=1&b=2&a=3");

    CHECK_STR(cupel_url_query_get(url, "a"), "3");
    CHECK_STR(cupel_url_query_get(url, "b"), "2");
    CHECK(cupel_url_query_get(url, "A") == NULL);
    CHECK(cupel_url_query_get(url, "") == NULL);
    CHECK(cupel_url_query_get(url, NULL) == NULL);
    cupel_url_free(url);
}

TEST(normalized_query_has_every_value_of_every_key)
{
    cupel_url *url = parse("x://h?b=2&aa=0&a=1&b=1&a=3&b=2");

    CHECK_STR(cupel_url_normalized_query_key(url, 0), "a");
    CHECK_STR(cupel_url_normalized_query_key(url, 1), "aa");
    CHECK_STR(cupel_url_normalized_query_key(url, 2), "b");
    CHECK(cupel_url_normalized_query_key(url, 3) == NULL);
    CHECK_INT(cupel_url_normalized_query_count(url, "a"), 2);
    CHECK_STR(cupel_url_normalized_query_value(url, "a", 0), "1");
    CHECK_STR(cupel_url_normalized_query_value(url, "a", 1), "3");
    CHECK(cupel_url_normalized_query_value(url, "a", 2) == NULL);
    CHECK_INT(cupel_url_normalized_query_count(url, "aa"), 1);
    CHECK_INT(cupel_url_normalized_query_count(url, "b"), 3);
    CHECK_STR(cupel_url_normalized_query_value(url, "b", 2), "2");
    CHECK_INT(cupel_url_normalized_query_count(url, "c"), 0);
    CHECK_INT(cupel_url_normalized_query_count(url, ""), 0);
    CHECK_INT(cupel_url_normalized_query_count(url, NULL), 0);
    CHECK(cupel_url_normalized_query_value(url, "b", SIZE_MAX) == NULL);
    cupel_url_free(url);
}

TEST(query_beyond_its_end_is_null)
{
    cupel_url *url = parse("x://h?a=1");

    CHECK(cupel_url_query_key(url, 1) == NULL);
    CHECK(cupel_url_query_value(url, SIZE_MAX) == NULL);
    cupel_url_free(url);
}

TEST(a_second_owner_keeps_the_url)
{
    cupel_url *url = parse("x://u:p@h");
    cupel_url *same = cupel_url_ref(url);

    CHECK(same == url);
    cupel_url_free(url);
    CHECK_STR(cupel_url_password(same), "p");
    cupel_url_free(same);
}

TEST(null_url_has_nothing)
{
    char buf[4] = "###";

    CHECK_STR(cupel_url_drivername(NULL), "");
    CHECK_STR(cupel_url_get_backend_name(NULL), "");
    CHECK(cupel_url_get_driver_name(NULL) == NULL);
    CHECK(cupel_url_username(NULL) == NULL);
    CHECK(cupel_url_password(NULL) == NULL);
    CHECK(cupel_url_host(NULL) == NULL);
    CHECK_INT(cupel_url_port(NULL), 0);
    CHECK(cupel_url_database(NULL) == NULL);
    CHECK_INT(cupel_url_query_count(NULL), 0);
    CHECK(cupel_url_query_key(NULL, 0) == NULL);
    CHECK(cupel_url_query_value(NULL, 0) == NULL);
    CHECK(cupel_url_query_get(NULL, "a") == NULL);
    CHECK(cupel_url_normalized_query_key(NULL, 0) == NULL);
    CHECK_INT(cupel_url_normalized_query_count(NULL, "a"), 0);
    CHECK(cupel_url_normalized_query_value(NULL, "a", 0) == NULL);
    CHECK(cupel_url_hash(NULL) == 0);
    CHECK(cupel_url_ref(NULL) == NULL);
    CHECK_INT(cupel_url_render(NULL, true, buf, sizeof buf), 0);
    CHECK_STR(buf, "");
    cupel_url_free(NULL);
}

/* Keeps what was released, to look at it afterwards. */
struct keeper {
    unsigned char *memory;
    size_t size_bytes;
};

static void *
keeper_allocate(void *context, size_t size_bytes)
{
    struct keeper *keeper = context;

    CHECK(keeper->memory == NULL);
    keeper->memory = malloc(size_bytes);
    keeper->size_bytes = size_bytes;
    return keeper->memory;
}

static void *
keeper_reallocate(void *context, void *memory, size_t size_bytes)
{
    (void)context;
    (void)memory;
    (void)size_bytes;
    fail();
    return NULL;
}

static void
keeper_release(void *context, void *memory)
{
    struct keeper *keeper = context;

    CHECK(memory == keeper->memory);
}

TEST(freed_url_leaves_no_secret_in_memory)
{
    struct keeper keeper = { NULL, 0 };
    const cupel_allocator allocator = { sizeof allocator, &keeper,
                                        keeper_allocate, keeper_reallocate,
                                        keeper_release };
    cupel_url *url;
    size_t i;

    cupel_allocator_set(&allocator);
    url = parse("x://u:secret@h?password=secret");
    CHECK(memmem(keeper.memory, keeper.size_bytes, "secret", 6) != NULL);
    cupel_url_free(url);
    for (i = 0; i < keeper.size_bytes; i++)
        CHECK_INT(keeper.memory[i], 0);
    free(keeper.memory);
    cupel_allocator_set(NULL);
}
