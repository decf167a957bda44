/* SPDX-License-Identifier: MIT */
/* Arrays in text form. */
#include "support/test.h"

#include "dialect/postgresql/types.h"

static cupel_status
read_text(struct cup_arena *arena, uint32_t oid, const char *text,
          cupel_value *out)
{
    const struct cup_pg_type *type = cup_pg_type_find(oid);

    memset(out, 0, sizeof *out);
    return type->read_text(type, text, strlen(text), arena, out);
}

/* The array as cupel_value_format() writes it. */
static void
check_reads(uint32_t oid, const char *text, const char *expected)
{
    struct cup_arena arena = { 0 };
    cupel_value value;
    char buf[256];

    CHECK_OK(read_text(&arena, oid, text, &value));
    CHECK_INT(value.type, CUPEL_ARRAY);
    cupel_value_format(&value, buf, sizeof buf);
    CHECK_STR(buf, expected);
    cup_arena_fini(&arena);
}

TEST(plain_items)
{
    check_reads(1007, "{1,-2,3}", "{1,-2,3}");
    check_reads(1007, "{}", "{}");
    check_reads(1000, "{t,f}", "{true,false}");
    check_reads(1231, "{1.50,NaN}", "{1.50,NaN}");
    check_reads(1182, "{2024-02-29,infinity}", "{2024-02-29,infinity}");
}

TEST(bounds_are_passed_over)
{
    check_reads(1007, "[0:1]={1,2}", "{1,2}");
    check_reads(1007, "[-5:-4][1:1]={{1},{2}}", "{{1},{2}}");
}

TEST(null_is_not_the_text_null)
{
    struct cup_arena arena = { 0 };
    cupel_value value;

    CHECK_OK(read_text(&arena, 1009, "{NULL,\"NULL\",null}", &value));
    CHECK_INT(value.as.array.count, 3);
    CHECK_INT(value.as.array.items[0].type, CUPEL_NULL);
    CHECK_INT(value.as.array.items[1].type, CUPEL_TEXT);
    CHECK_INT(value.as.array.items[2].type, CUPEL_NULL);
    cup_arena_fini(&arena);
}

TEST(quotes_and_backslashes_are_taken_off)
{
    static const char *const expected[] = { "a b", "c\"d", "e\\f", "{,}", "" };
    struct cup_arena arena = { 0 };
    cupel_value value;
    size_t i;

    CHECK_OK(read_text(&arena, 1009,
                       "{\"a b\",\"c\\\"d\",\"e\\\\f\",\"{,}\",\"\"}", &value));
    CHECK_INT(value.as.array.count, 5);
    for (i = 0; i < 5; i++) {
        const cupel_bytes *bytes = &value.as.array.items[i].as.bytes;

        CHECK_INT(bytes->len, strlen(expected[i]));
        assert_memory_equal(bytes->data, expected[i], bytes->len);
    }
    cup_arena_fini(&arena);
}

TEST(dimensions_nest)
{
    check_reads(1007, "{{1,2},{3,NULL}}", "{{1,2},{3,NULL}}");
    check_reads(1007, "{{{{{{1}}}}}}", "{{{{{{1}}}}}}");
}

TEST(malformed_arrays_are_refused)
{
    static const char *const texts[] = {
        "",
        "1",
        "{",
        "{1",
        "{1,",
        "{1,}",
        "{1}}",
        "{1}x",
        "[0:1",
        "{{1}",
        "{\"1",
        "{\"1\"x}",
        "{x}",
        "{,1}",
        "}",
        "[0:1]=",
        "{{{{{{{1}}}}}}}",
        "{1\\",
        "{{1},2",
        "{\\",
    };
    struct cup_arena arena = { 0 };
    cupel_value value;
    size_t i;

    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        CHECK_FAILS(read_text(&arena, 1007, texts[i], &value), CUPEL_E_DATA);
    cup_arena_fini(&arena);
}
