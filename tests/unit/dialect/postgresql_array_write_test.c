/* SPDX-License-Identifier: MIT */
/* Arrays on their way to the server. */
#include "support/test.h"

#include "dialect/postgresql/params.h"
#include "dialect/postgresql/types.h"

static void
check_bytes(const cupel_value *array, uint32_t item, const char *expected,
            size_t len)
{
    struct cup_buf buf;

    cup_buf_init(&buf, 4096);
    CHECK_OK(cup_pg_write_array(&buf, array, item));
    CHECK_INT(buf.len, len);
    assert_memory_equal(buf.data, expected, len);
    cup_buf_fini(&buf);
}

TEST(items_follow_the_head)
{
    const cupel_value items[] = { cupel_int(5), cupel_null() };
    const cupel_value array = cupel_array_of(CUPEL_INT, items, 2);

    check_bytes(&array, CUP_PG_INT4,
                "\0\0\0\1\0\0\0\1\0\0\0\x17\0\0\0\2\0\0\0\1"
                "\0\0\0\4\0\0\0\5\xff\xff\xff\xff",
                32);
}

TEST(an_empty_array_is_a_head_alone)
{
    const cupel_value array = cupel_array_of(CUPEL_TEXT, NULL, 0);

    check_bytes(&array, CUP_PG_TEXT, "\0\0\0\0\0\0\0\0\0\0\0\x19", 12);
}

TEST(every_dimension_has_its_length)
{
    const cupel_value one[] = { cupel_bool(true) };
    const cupel_value two[] = { cupel_bool(false) };
    const cupel_value rows[] = { cupel_array_of(CUPEL_BOOL, one, 1),
                                 cupel_array_of(CUPEL_BOOL, two, 1) };
    const cupel_value array = cupel_array_of(CUPEL_BOOL, rows, 2);

    check_bytes(&array, CUP_PG_BOOL,
                "\0\0\0\2\0\0\0\0\0\0\0\x10\0\0\0\2\0\0\0\1\0\0\0\1\0\0\0\1"
                "\0\0\0\1\1\0\0\0\1\0",
                38);
}

TEST(what_is_not_rectangular_is_refused)
{
    const cupel_value items[] = { cupel_int(1), cupel_int(2) };
    const cupel_value uneven[] = { cupel_array_of(CUPEL_INT, items, 2),
                                   cupel_array_of(CUPEL_INT, items, 1) };
    const cupel_value mixed[] = { cupel_array_of(CUPEL_INT, items, 2),
                                  cupel_int(1) };
    const cupel_value null[] = { cupel_array_of(CUPEL_INT, items, 2),
                                 cupel_null() };
    const cupel_value deeper[] = { cupel_int(1),
                                   cupel_array_of(CUPEL_INT, items, 2) };
    const cupel_value *const cases[] = { uneven, mixed, null, deeper };
    struct cup_buf buf;
    size_t i;

    cup_buf_init(&buf, 4096);
    for (i = 0; i < 4; i++) {
        const cupel_value array = cupel_array_of(CUPEL_INT, cases[i], 2);

        CHECK_FAILS(cup_pg_write_array(&buf, &array, CUP_PG_INT4),
                    CUPEL_E_VALUE);
    }
    cup_buf_fini(&buf);
}

TEST(a_bad_item_is_refused)
{
    const cupel_value items[] = { cupel_decimal("x") };
    const cupel_value array = cupel_array_of(CUPEL_DECIMAL, items, 1);
    struct cup_buf buf;

    cup_buf_init(&buf, 4096);
    CHECK_FAILS(cup_pg_write_array(&buf, &array, CUP_PG_NUMERIC),
                CUPEL_E_VALUE);
    cup_buf_fini(&buf);
}

TEST(nothing_but_null_is_written_as_text)
{
    const cupel_value nulls[] = { cupel_null(), cupel_null() };
    const cupel_value rows[] = { cupel_array_of(CUPEL_NULL, nulls, 2),
                                 cupel_array_of(CUPEL_NULL, nulls, 2) };
    const cupel_value array = cupel_array_of(CUPEL_NULL, rows, 2);
    struct cup_buf buf;

    cup_buf_init(&buf, 4096);
    CHECK_OK(cup_pg_write_null_array(&buf, &array));
    CHECK_STR(buf.data, "{{NULL,NULL},{NULL,NULL}}");
    cup_buf_fini(&buf);
}
