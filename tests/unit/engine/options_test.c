/* SPDX-License-Identifier: MIT */
#include "engine/options.h"

#include "support/test.h"

TEST(no_options_are_the_defaults)
{
    cupel_engine_options options;

    CHECK_OK(cup_options_complete(NULL, &options));
    CHECK_INT(options.pool_size, 5);
    CHECK_INT(options.max_overflow, 10);
    CHECK_INT(options.pool_timeout_ms, 30000);
    CHECK_INT(options.connect_timeout_ms, 10000);
    CHECK_INT(options.query_cache_size, 500);
    CHECK_INT(options.close_timeout_ms, 2000);
}

TEST(zero_is_the_default_and_a_real_zero_is_spelled)
{
    cupel_engine_options given = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine_options options;

    given.max_overflow = CUPEL_ZERO;
    given.pool_size = CUPEL_UNLIMITED;
    CHECK_OK(cup_options_complete(&given, &options));
    CHECK_INT(options.max_overflow, 0);
    CHECK_INT(options.pool_size, CUPEL_UNLIMITED);
    CHECK_INT(options.query_cache_size, 500);
}

TEST(negative_options_are_refused)
{
    cupel_engine_options given = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine_options options;

    given.pool_timeout_ms = -1;
    CHECK_FAILS(cup_options_complete(&given, &options), CUPEL_E_ARGUMENT);
}

TEST(an_older_and_shorter_struct_is_understood)
{
    cupel_engine_options given = { 0 };
    cupel_engine_options options;

    given.struct_size = offsetof(cupel_engine_options, max_overflow);
    given.pool_size = 7;
    given.max_overflow = 99; /* beyond the older struct: not looked at */
    CHECK_OK(cup_options_complete(&given, &options));
    CHECK_INT(options.pool_size, 7);
    CHECK_INT(options.max_overflow, 10);
}

TEST(a_newer_struct_is_fine_while_its_tail_is_zero)
{
    struct {
        cupel_engine_options known;
        int64_t unknown;
    } given = { CUPEL_OPTIONS(cupel_engine_options), 0 };
    cupel_engine_options options;

    given.known.struct_size = sizeof given;
    CHECK_OK(cup_options_complete(&given.known, &options));
    given.unknown = 1;
    CHECK_FAILS(cup_options_complete(&given.known, &options), CUPEL_E_ARGUMENT);
}

TEST(a_struct_without_its_size_is_refused)
{
    cupel_engine_options given = { 0 };
    cupel_engine_options options;

    CHECK_FAILS(cup_options_complete(&given, &options), CUPEL_E_ARGUMENT);
}

TEST(options_are_set_by_name)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    CHECK_OK(cupel_engine_options_set(&options, "pool_size", "8"));
    CHECK_INT(options.pool_size, 8);
    CHECK_OK(cupel_engine_options_set(&options, "max_overflow", "0"));
    CHECK_INT(options.max_overflow, CUPEL_ZERO);
    CHECK_OK(cupel_engine_options_set(&options, "pool_size", "unlimited"));
    CHECK_INT(options.pool_size, CUPEL_UNLIMITED);
}

TEST(unknown_names_and_bad_numbers_change_nothing)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.pool_size = 3;
    CHECK_FAILS(cupel_engine_options_set(&options, "pool_szie", "8"),
                CUPEL_E_KEY);
    CHECK_FAILS(cupel_engine_options_set(&options, "pool_size", "8x"),
                CUPEL_E_VALUE);
    CHECK_FAILS(cupel_engine_options_set(&options, "pool_size", "-1"),
                CUPEL_E_VALUE);
    CHECK_FAILS(cupel_engine_options_set(&options, "pool_size", ""),
                CUPEL_E_VALUE);
    CHECK_FAILS(
        cupel_engine_options_set(&options, "pool_size", "99999999999999999999"),
        CUPEL_E_VALUE);
    CHECK_FAILS(cupel_engine_options_set(NULL, "pool_size", "1"),
                CUPEL_E_ARGUMENT);
    CHECK_INT(options.pool_size, 3);
}
