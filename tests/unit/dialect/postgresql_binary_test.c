/* SPDX-License-Identifier: MIT */
/* The binary form of plain types, from servers of any kind. */
#include "support/test.h"

#include "dialect/postgresql/types.h"

/* Read a value of this type, which is to succeed. */
static cupel_value
read_value(uint32_t oid, const char *data, size_t len)
{
    const struct cup_pg_type *type = cup_pg_type_find(oid);
    struct cup_arena arena = { 0 };
    cupel_value value = { 0 };

    CHECK_OK(type->read_binary(type, data, len, &arena, &value));
    cup_arena_fini(&arena);
    return value;
}

static cupel_status
refuse(uint32_t oid, const char *data, size_t len)
{
    const struct cup_pg_type *type = cup_pg_type_find(oid);
    struct cup_arena arena = { 0 };
    cupel_value value = { 0 };
    cupel_status rc;

    rc = type->read_binary(type, data, len, &arena, &value);
    cup_arena_fini(&arena);
    return rc;
}

TEST(whole_numbers_of_every_width)
{
    CHECK_INT(read_value(21, "\xff\xfe", 2).as.integer, -2);
    CHECK_INT(read_value(23, "\x80\0\0\0", 4).as.integer, INT32_MIN);
    CHECK_INT(read_value(20, "\x7f\xff\xff\xff\xff\xff\xff\xff", 8).as.integer,
              INT64_MAX);
    CHECK_INT(read_value(26, "\xff\xff\xff\xff", 4).as.integer, UINT32_MAX);
}

TEST(truth_and_real_numbers)
{
    CHECK(read_value(16, "\1", 1).as.boolean);
    CHECK(!read_value(16, "\0", 1).as.boolean);
    CHECK(read_value(700, "\x3f\xc0\0\0", 4).as.real == 1.5);
    CHECK(read_value(701, "\xbf\xf8\0\0\0\0\0\0", 8).as.real == -1.5);
}

TEST(text_bytes_and_documents_stay_where_they_are)
{
    static const char data[] = "\1{}";
    cupel_value value = read_value(25, data, 3);

    CHECK(value.as.bytes.data == data);
    CHECK_INT(value.as.bytes.len, 3);
    value = read_value(3802, data, 3);
    CHECK_INT(value.type, CUPEL_JSON);
    CHECK(value.as.bytes.data == data + 1);
    CHECK_INT(value.as.bytes.len, 2);
    CHECK_INT(read_value(18, "x", 1).as.bytes.len, 1);
    CHECK_INT(read_value(18, "\0", 1).as.bytes.len, 0);
    CHECK_INT(read_value(17, "", 0).as.bytes.len, 0);
}

TEST(dates_and_their_infinities)
{
    CHECK_INT(read_value(1082, "\0\0\0\0", 4).as.integer, 10957);
    CHECK_INT(read_value(1082, "\x7f\xff\xff\xff", 4).as.integer,
              CUPEL_INFINITY_FUTURE);
    CHECK_INT(read_value(1082, "\x80\0\0\0", 4).as.integer,
              CUPEL_INFINITY_PAST);
}

TEST(moments_and_their_infinities)
{
    CHECK_INT(read_value(1114, "\0\0\0\0\0\0\0\1", 8).as.integer,
              INT64_C(946684800000001));
    CHECK_INT(read_value(1184, "\0\0\0\0\0\0\0\1", 8).type, CUPEL_DATETIMETZ);
    CHECK_INT(
        read_value(1184, "\x7f\xff\xff\xff\xff\xff\xff\xff", 8).as.integer,
        CUPEL_INFINITY_FUTURE);
    CHECK_INT(read_value(1114, "\x80\0\0\0\0\0\0\0", 8).as.integer,
              CUPEL_INFINITY_PAST);
}

TEST(a_moment_that_does_not_fit_is_refused)
{
    CHECK_FAILS(refuse(1114, "\x7f\xff\xff\xff\xff\xff\xff\xfe", 8),
                CUPEL_E_DATA);
    CHECK_FAILS(refuse(1184, "\x7f\xfc\xa2\xfe\xc4\xc8\x20\0", 8),
                CUPEL_E_DATA); /* just ours for infinity */
}

TEST(spans_and_uuids)
{
    cupel_value value =
        read_value(1186, "\0\0\0\0\0\0\0\1\0\0\0\2\xff\xff\xff\xfd", 16);

    CHECK_INT(value.as.interval.microseconds, 1);
    CHECK_INT(value.as.interval.days, 2);
    CHECK_INT(value.as.interval.months, -3);
    value = read_value(2950, "0123456789abcdef", 16);
    assert_memory_equal(value.as.uuid, "0123456789abcdef", 16);
}

TEST(a_wrong_length_is_refused_by_every_type_of_fixed_length)
{
    static const uint32_t oids[] = { 16,   18,   20,   21,   23,   26,
                                     28,   700,  701,  1082, 1083, 1114,
                                     1184, 1186, 2950, 3802, 1700, 1007 };
    static const char data[64] = { 0 };
    size_t i;

    for (i = 0; i < sizeof oids / sizeof oids[0]; i++) {
        CHECK_FAILS(refuse(oids[i], data, 0), CUPEL_E_DATA);
        CHECK_FAILS(refuse(oids[i], data, 3), CUPEL_E_DATA);
        CHECK_FAILS(refuse(oids[i], data, 17), CUPEL_E_DATA);
    }
}
