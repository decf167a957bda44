/* SPDX-License-Identifier: MIT */
/* Growing buffers. */
#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "unit/base/failing_alloc.h"

TEST(appends_follow_each_other)
{
    struct cup_buf buf;

    cup_buf_init(&buf, 1000);
    cup_buf_add(&buf, "ab\0cd", 2);
    cup_buf_add_str(&buf, "cd");
    cup_buf_add_char(&buf, '-');
    cup_buf_addf(&buf, "%s=%d", "x", 42);
    cup_buf_add(&buf, NULL, 0);
    CHECK_STR(buf.data, "abcd-x=42");
    CHECK_INT(buf.len, 9);
    CHECK_OK(buf.failed);
    cup_buf_fini(&buf);
}

TEST(a_cleared_buffer_keeps_its_memory)
{
    struct cup_buf buf;
    size_t size;

    cup_buf_init(&buf, 1000);
    cup_buf_clear(&buf);
    cup_buf_add_str(&buf, "something");
    size = buf.size;
    cup_buf_clear(&buf);
    CHECK_STR(buf.data, "");
    CHECK_INT(buf.len, 0);
    CHECK_INT(buf.size, size);
    cup_buf_fini(&buf);
    cup_buf_fini(&buf);
}

TEST(the_maximum_is_exact_and_latches)
{
    size_t max;

    for (max = 0; max < 200; max++) {
        struct cup_buf buf;
        size_t i;

        cup_buf_init(&buf, max);
        for (i = 0; i < max; i++)
            cup_buf_add_char(&buf, 'x');
        CHECK_OK(buf.failed);
        CHECK_INT(buf.len, max);
        cup_buf_add_char(&buf, 'y');
        CHECK_INT(buf.failed, CUPEL_E_VALUE);
        CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_VALUE);
        CHECK_INT(buf.len, max);
        cup_buf_add(&buf, NULL, 0);
        CHECK(cup_buf_grow(&buf, 0) == NULL);
        CHECK(cup_buf_take(&buf) == NULL);
        cup_buf_clear(&buf);
        CHECK_OK(buf.failed);
        cup_buf_fini(&buf);
    }
}

TEST(lengths_that_overflow_are_refused)
{
    struct cup_buf buf;

    failing_alloc_install(2, true);
    cup_buf_init(&buf, SIZE_MAX);
    cup_buf_add_str(&buf, "x");
    CHECK(cup_buf_grow(&buf, SIZE_MAX) == NULL);
    CHECK_INT(buf.failed, CUPEL_E_VALUE);
    cup_buf_clear(&buf);
    CHECK(cup_buf_grow(&buf, SIZE_MAX / 2 - 8) == NULL);
    CHECK_INT(buf.failed, CUPEL_E_NOMEM);
    cup_buf_fini(&buf);
    failing_alloc_end();
}

TEST(room_is_counted_and_ends_with_a_nul)
{
    struct cup_buf buf;

    cup_buf_init(&buf, 100);
    memcpy(cup_buf_grow(&buf, 3), "abc", 3);
    CHECK_STR(buf.data, "abc");
    cup_buf_fini(&buf);
}

TEST(taking_empties_the_buffer)
{
    struct cup_buf buf;
    char *text;

    cup_buf_init(&buf, 100);
    text = cup_buf_take(&buf);
    CHECK_STR(text, "");
    cup_free(text);
    cup_buf_add_str(&buf, "hello");
    text = cup_buf_take(&buf);
    CHECK_STR(text, "hello");
    CHECK(buf.data == NULL);
    CHECK_INT(buf.len, 0);
    cup_buf_add_str(&buf, "again");
    CHECK_STR(buf.data, "again");
    cup_free(text);
    cup_buf_fini(&buf);
}

TEST(a_buffer_survives_every_failed_allocation)
{
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        struct cup_buf buf;
        char *text;
        size_t i;

        cup_buf_init(&buf, 100000);
        for (i = 0; i < 1000; i++)
            cup_buf_addf(&buf, "%zu,", i);
        text = cup_buf_take(&buf);
        if (failing_alloc.failed > 0) {
            CHECK(text == NULL);
            CHECK_INT(buf.failed, CUPEL_E_NOMEM);
            CHECK_STR(cupel_error_text(), "out of memory");
        } else {
            CHECK_INT(strlen(text), 3890);
        }
        cup_free(text);
        cup_buf_fini(&buf);
        failing_alloc_end();
    }
    CHECK(n > 5);
}
