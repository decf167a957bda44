/* SPDX-License-Identifier: MIT */
/* Arrays in binary form, as servers send them and as they should not. */
#include "support/test.h"

#include "dialect/postgresql/types.h"

#include <stdlib.h>

static const char head[] =
    "\0\0\0\1\0\0\0\0\0\0\0\x17"; /* int4, one dimension */

static cupel_status
read_array(struct cup_arena *arena, const char *data, size_t len,
           cupel_value *out)
{
    const struct cup_pg_type *type = cup_pg_type_find(1007);

    memset(out, 0, sizeof *out);
    return type->read_binary(type, data, len, arena, out);
}

/* The head above with this behind it. */
static cupel_status
read_behind_head(struct cup_arena *arena, const char *data, size_t len,
                 cupel_value *out)
{
    char all[256];

    memcpy(all, head, 12);
    memcpy(all + 12, data, len);
    return read_array(arena, all, 12 + len, out);
}

TEST(items_are_read_in_order_and_may_be_null)
{
    struct cup_arena arena = { 0 };
    cupel_value value;

    CHECK_OK(read_behind_head(&arena,
                              "\0\0\0\3\0\0\0\1\0\0\0\4\0\0\0\7\xff\xff\xff\xff"
                              "\0\0\0\4\0\0\0\x9",
                              28, &value));
    CHECK_INT(value.type, CUPEL_ARRAY);
    CHECK_INT(value.element, CUPEL_INT);
    CHECK_INT(value.as.array.count, 3);
    CHECK_INT(value.as.array.items[0].as.integer, 7);
    CHECK_INT(value.as.array.items[1].type, CUPEL_NULL);
    CHECK_INT(value.as.array.items[2].as.integer, 9);
    cup_arena_fini(&arena);
}

TEST(an_empty_array_has_no_dimensions)
{
    struct cup_arena arena = { 0 };
    cupel_value value;

    CHECK_OK(read_array(&arena, "\0\0\0\0\0\0\0\0\0\0\0\x17", 12, &value));
    CHECK_INT(value.as.array.count, 0);
    CHECK_INT(value.element, CUPEL_INT);
    cup_arena_fini(&arena);
}

TEST(dimensions_nest)
{
    struct cup_arena arena = { 0 };
    cupel_value value;

    CHECK_OK(read_array(&arena,
                        "\0\0\0\2\0\0\0\0\0\0\0\x17\0\0\0\2\0\0\0\1\0\0\0\1"
                        "\0\0\0\1\0\0\0\4\0\0\0\5\0\0\0\4\0\0\0\6",
                        44, &value));
    CHECK_INT(value.as.array.count, 2);
    CHECK_INT(value.as.array.items[1].type, CUPEL_ARRAY);
    CHECK_INT(value.as.array.items[1].as.array.items[0].as.integer, 6);
    cup_arena_fini(&arena);
}

/* What a server could claim to make us allocate, loop or read too much. */
TEST(lies_about_the_size_are_refused)
{
    struct cup_arena arena = { 0 };
    cupel_value value;

    CHECK_FAILS(read_array(&arena, head, 11, &value), CUPEL_E_DATA);
    CHECK_FAILS(read_array(&arena, head, 12, &value), CUPEL_E_DATA);
    CHECK_FAILS(read_behind_head(&arena, "\x7f\xff\xff\xff\0\0\0\1", 8, &value),
                CUPEL_E_DATA);
    CHECK_FAILS(read_behind_head(&arena, "\xff\xff\xff\xff\0\0\0\1", 8, &value),
                CUPEL_E_DATA);
    CHECK_FAILS(read_behind_head(&arena, "\0\0\0\0\0\0\0\1", 8, &value),
                CUPEL_E_DATA);
    CHECK_FAILS(read_array(&arena, "\0\0\0\7\0\0\0\0\0\0\0\x17", 12, &value),
                CUPEL_E_DATA);
    CHECK_FAILS(
        read_array(&arena, "\xff\xff\xff\xff\0\0\0\0\0\0\0\x17", 12, &value),
        CUPEL_E_DATA);
    CHECK_FAILS(read_array(&arena,
                           "\0\0\0\2\0\0\0\0\0\0\0\x17\x40\0\0\0\0\0\0\1"
                           "\x40\0\0\0\0\0\0\1\0\0\0\4\0\0\0\1",
                           36, &value),
                CUPEL_E_DATA);
    cup_arena_fini(&arena);
}

TEST(lies_about_an_item_are_refused)
{
    struct cup_arena arena = { 0 };
    cupel_value value;

    CHECK_FAILS(read_behind_head(&arena, "\0\0\0\1\0\0\0\1\0\0\0\5\0\0\0\1", 16,
                                 &value),
                CUPEL_E_DATA);
    CHECK_FAILS(read_behind_head(&arena, "\0\0\0\1\0\0\0\1\xff\xff\xff\xfe", 12,
                                 &value),
                CUPEL_E_DATA);
    CHECK_FAILS(
        read_behind_head(&arena, "\0\0\0\1\0\0\0\1\0\0\0\3\0\0\1", 15, &value),
        CUPEL_E_DATA);
    CHECK_FAILS(read_behind_head(&arena,
                                 "\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0\1 more", 21,
                                 &value),
                CUPEL_E_DATA);
    cup_arena_fini(&arena);
}

TEST(items_of_another_type_are_refused)
{
    struct cup_arena arena = { 0 };
    cupel_value value;

    CHECK_FAILS(read_array(&arena, "\0\0\0\0\0\0\0\0\0\0\0\x19", 12, &value),
                CUPEL_E_DATA);
    cup_arena_fini(&arena);
}

/* Every array cut off at every byte, read under a sanitizer. */
TEST(an_array_may_break_off_anywhere)
{
    static const char whole[] =
        "\0\0\0\2\0\0\0\0\0\0\0\x17\0\0\0\2\0\0\0\1\0\0\0\1"
        "\0\0\0\1\0\0\0\4\0\0\0\5\0\0\0\4\0\0\0\6";
    struct cup_arena arena = { 0 };
    cupel_value value;
    size_t len;

    for (len = 0; len < 44; len++) {
        char *copy = malloc(len + 1);

        memcpy(copy, whole, len);
        CHECK_FAILS(read_array(&arena, copy, len, &value), CUPEL_E_DATA);
        free(copy);
    }
    cup_arena_fini(&arena);
}
