/* SPDX-License-Identifier: MIT */
/* Parameters as bytes. */
#include "support/test.h"

#include "dialect/postgresql/params.h"
#include "dialect/postgresql/types.h"

#include "../base/failing_alloc.h"

static cupel_status
write_values(struct cup_pg_params *params, const cupel_value *values,
             size_t count)
{
    cupel_request request = { .values = values,
                              .value_count = count,
                              .set_count = 1 };
    cupel_status rc = cup_pg_params_declare(params, &request);

    return rc == CUPEL_OK ? cup_pg_params_write(params, values) : rc;
}

static void
check_bytes(cupel_value value, const char *expected, size_t len)
{
    struct cup_pg_params params;

    cup_pg_params_init(&params);
    CHECK_OK(write_values(&params, &value, 1));
    CHECK_INT(params.formats[0], 1);
    CHECK_INT(params.lengths[0], len);
    assert_memory_equal(params.values[0], expected, len);
    cup_pg_params_fini(&params);
}

TEST(values_have_the_form_that_the_server_wants)
{
    check_bytes(cupel_bool(true), "\1", 1);
    check_bytes(cupel_int(-2), "\xff\xff\xff\xfe", 4);
    check_bytes(cupel_int(1LL << 40), "\0\0\1\0\0\0\0\0", 8);
    check_bytes(cupel_double(1.5), "\x3f\xf8\0\0\0\0\0\0", 8);
    check_bytes(cupel_blob("\0x", 2), "\0x", 2);
    check_bytes(cupel_blob("", 0), "", 0);
    check_bytes(cupel_json("{}"), "{}", 2);
    check_bytes(cupel_date(2000, 1, 2), "\0\0\0\1", 4);
    check_bytes(cupel_time_of_day(0, 0, 0, 5), "\0\0\0\0\0\0\0\5", 8);
    check_bytes(cupel_datetime(INT64_C(946684800000001)), "\0\0\0\0\0\0\0\1",
                8);
    check_bytes(cupel_datetimetz(CUPEL_INFINITY_PAST), "\x80\0\0\0\0\0\0\0", 8);
    check_bytes(cupel_interval_of(1, 2, 3), "\0\0\0\0\0\0\0\3\0\0\0\2\0\0\0\1",
                16);
    check_bytes(cupel_decimal("1"), "\0\1\0\0\0\0\0\0\0\1", 10);
}

TEST(text_goes_as_text_and_ends_in_a_nul)
{
    const cupel_value values[] = { cupel_string_n("abc", 2), cupel_string(""),
                                   cupel_null() };
    struct cup_pg_params params;

    cup_pg_params_init(&params);
    CHECK_OK(write_values(&params, values, 3));
    CHECK_INT(params.formats[0], 0);
    CHECK_STR(params.values[0], "ab");
    CHECK_STR(params.values[1], "");
    CHECK(params.values[2] == NULL);
    cup_pg_params_fini(&params);
}

TEST(what_cannot_be_sent_is_refused)
{
    const cupel_value nul = cupel_string_n("a\0b", 3);
    cupel_value date = cupel_date(2000, 1, 1);
    cupel_value moment = cupel_datetime(INT64_MIN + 5);
    const cupel_value decimal = cupel_decimal("1.2.3");
    struct cup_pg_params params;

    cup_pg_params_init(&params);
    CHECK_FAILS(write_values(&params, &nul, 1), CUPEL_E_VALUE);
    date.as.integer = (int64_t)INT32_MAX + CUP_PG_EPOCH_DAYS;
    CHECK_FAILS(write_values(&params, &date, 1), CUPEL_E_VALUE);
    date.as.integer = INT64_MIN + 1;
    CHECK_FAILS(write_values(&params, &date, 1), CUPEL_E_VALUE);
    CHECK_FAILS(write_values(&params, &moment, 1), CUPEL_E_VALUE);
    CHECK_FAILS(write_values(&params, &decimal, 1), CUPEL_E_VALUE);
    cup_pg_params_fini(&params);
}

TEST(a_set_that_is_too_large_is_refused)
{
    const cupel_value values[] = { cupel_string("0123456789"),
                                   cupel_string("0123456789") };
    struct cup_pg_params params;

    cup_pg_params_init(&params);
    params.bytes.max = 20;
    CHECK_FAILS(write_values(&params, values, 2), CUPEL_E_VALUE);
    CHECK(strstr(cupel_error_text(), "1 GiB") != NULL);
    CHECK_OK(write_values(&params, values, 1));
    cup_pg_params_fini(&params);
}

TEST(memory_of_a_large_set_is_given_back)
{
    static char text[100000];
    cupel_value value;
    struct cup_pg_params params;

    memset(text, 'x', sizeof text);
    value = cupel_string_n(text, sizeof text);
    cup_pg_params_init(&params);
    CHECK_OK(write_values(&params, &value, 1));
    cup_pg_params_trim(&params);
    CHECK_INT(params.bytes.size, 0);
    CHECK_OK(write_values(&params, &value, 1));
    cup_pg_params_fini(&params);
}

TEST(without_memory_nothing_is_lost)
{
    const cupel_value items[] = { cupel_decimal("1.5"), cupel_null() };
    const cupel_value values[] = { cupel_int(1), cupel_string("abc"),
                                   cupel_array_of(CUPEL_DECIMAL, items, 2) };
    struct cup_pg_params params;
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        cupel_status rc;

        cup_pg_params_init(&params);
        rc = write_values(&params, values, 3);
        CHECK_INT(rc, failing_alloc.failed ? CUPEL_E_NOMEM : CUPEL_OK);
        cup_pg_params_fini(&params);
        failing_alloc_end();
    }
    CHECK(n > 3);
}
