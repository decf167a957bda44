/* SPDX-License-Identifier: MIT */
/* Which types parameters are declared with. */
#include "support/test.h"

#include "dialect/postgresql/params.h"
#include "dialect/postgresql/types.h"

static cupel_status
declare(struct cup_pg_params *params, const cupel_value *values, size_t count,
        size_t sets)
{
    cupel_request request = { .values = values,
                              .value_count = count,
                              .set_count = sets };

    return cup_pg_params_declare(params, &request);
}

static void
check_declared(cupel_value value, uint32_t oid)
{
    struct cup_pg_params params;

    cup_pg_params_init(&params);
    CHECK_OK(declare(&params, &value, 1, 1));
    CHECK_INT(params.count, 1);
    CHECK_INT(params.types[0], oid);
    cup_pg_params_fini(&params);
}

TEST(a_value_is_declared_by_its_kind)
{
    static const uint8_t uuid[16];

    check_declared(cupel_null(), CUP_PG_UNKNOWN);
    check_declared(cupel_bool(true), CUP_PG_BOOL);
    check_declared(cupel_int(INT32_MAX), CUP_PG_INT4);
    check_declared(cupel_int(INT32_MIN), CUP_PG_INT4);
    check_declared(cupel_int((int64_t)INT32_MAX + 1), CUP_PG_INT8);
    check_declared(cupel_int((int64_t)INT32_MIN - 1), CUP_PG_INT8);
    check_declared(cupel_double(1), CUP_PG_FLOAT8);
    check_declared(cupel_decimal("1"), CUP_PG_NUMERIC);
    check_declared(cupel_string("x"), CUP_PG_UNKNOWN);
    check_declared(cupel_blob("x", 1), CUP_PG_BYTEA);
    check_declared(cupel_date(2000, 1, 1), CUP_PG_DATE);
    check_declared(cupel_time_of_day(1, 2, 3, 4), CUP_PG_TIME);
    check_declared(cupel_datetime(0), CUP_PG_TIMESTAMP);
    check_declared(cupel_datetimetz(0), CUP_PG_TIMESTAMPTZ);
    check_declared(cupel_interval_of(0, 0, 0), CUP_PG_INTERVAL);
    check_declared(cupel_uuid(uuid), CUP_PG_UUID);
    check_declared(cupel_json("{}"), CUP_PG_JSON);
}

TEST(an_array_is_declared_by_its_items)
{
    const cupel_value narrow[] = { cupel_int(1), cupel_null() };
    const cupel_value wide[] = { cupel_int(1), cupel_int(INT64_MIN) };
    const cupel_value inner[] = { cupel_array_of(CUPEL_INT, narrow, 2),
                                  cupel_array_of(CUPEL_INT, wide, 2) };

    check_declared(cupel_array_of(CUPEL_INT, narrow, 2), CUP_PG_INT4_ARRAY);
    check_declared(cupel_array_of(CUPEL_INT, wide, 2), CUP_PG_INT8_ARRAY);
    check_declared(cupel_array_of(CUPEL_INT, inner, 2), CUP_PG_INT8_ARRAY);
    check_declared(cupel_array_of(CUPEL_TEXT, NULL, 0), CUP_PG_TEXT_ARRAY);
    check_declared(cupel_array_of(CUPEL_UUID, NULL, 0), CUP_PG_UUID_ARRAY);
    check_declared(cupel_array_of(CUPEL_NULL, NULL, 0), CUP_PG_UNKNOWN);
}

TEST(all_sets_share_one_type)
{
    const cupel_value values[] = { cupel_null(),         cupel_null(),
                                   cupel_int(1),         cupel_string("x"),
                                   cupel_int(1LL << 40), cupel_null() };
    struct cup_pg_params params;

    cup_pg_params_init(&params);
    CHECK_OK(declare(&params, values, 2, 3));
    CHECK_INT(params.types[0], CUP_PG_INT8);
    CHECK_INT(params.types[1], CUP_PG_UNKNOWN);
    cup_pg_params_fini(&params);
}

TEST(sets_that_disagree_are_refused)
{
    const cupel_value values[] = { cupel_null(), cupel_int(1), cupel_null(),
                                   cupel_double(1) };
    const cupel_value items[] = { cupel_int(1) };
    const cupel_value texts[] = { cupel_string("x") };
    const cupel_value arrays[] = { cupel_array_of(CUPEL_INT, items, 1),
                                   cupel_array_of(CUPEL_TEXT, texts, 1) };
    struct cup_pg_params params;

    cup_pg_params_init(&params);
    CHECK_FAILS(declare(&params, values, 2, 2), CUPEL_E_TYPE);
    CHECK_STR(cupel_error_text(),
              "parameter 2 is int in one set and double in another");
    CHECK_FAILS(declare(&params, arrays, 1, 2), CUPEL_E_TYPE);
    CHECK_OK(declare(&params, arrays, 2, 1));
    cup_pg_params_fini(&params);
}

TEST(items_that_are_not_of_the_arrays_type_are_refused)
{
    const cupel_value items[] = { cupel_string("x") };
    const cupel_value array = cupel_array_of(CUPEL_INT, items, 1);
    struct cup_pg_params params;

    cup_pg_params_init(&params);
    CHECK_FAILS(declare(&params, &array, 1, 1), CUPEL_E_TYPE);
    cup_pg_params_fini(&params);
}

TEST(arrays_too_deep_are_refused)
{
    cupel_value nested[8];
    struct cup_pg_params params;
    int i;

    nested[0] = cupel_array_of(CUPEL_INT, NULL, 0);
    for (i = 1; i < 8; i++)
        nested[i] = cupel_array_of(CUPEL_INT, &nested[i - 1], 1);
    cup_pg_params_init(&params);
    CHECK_FAILS(declare(&params, &nested[7], 1, 1), CUPEL_E_VALUE);
    CHECK_OK(declare(&params, &nested[5], 1, 1));
    cup_pg_params_fini(&params);
}

TEST(there_may_be_no_parameters)
{
    struct cup_pg_params params;

    cup_pg_params_init(&params);
    CHECK_OK(declare(&params, NULL, 0, 1));
    CHECK_INT(params.count, 0);
    cup_pg_params_fini(&params);
}
