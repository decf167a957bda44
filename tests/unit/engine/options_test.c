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

static cupel_status
set(cupel_engine_options *options, const char *name, const char *value)
{
    return cupel_engine_options_set(options, name, value);
}

TEST(booleans_are_written_in_many_ways)
{
    static const char *const yes[] = { "true", "YES", " on ", "y", "T", "1" };
    static const char *const no[] = { "False", "no", "off", "N", "f", "0" };
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    size_t i;

    for (i = 0; i < 6; i++) {
        CHECK_OK(set(&options, "pool_pre_ping", yes[i]));
        CHECK_INT(options.pool_pre_ping, CUPEL_ON);
        CHECK_OK(set(&options, "pool_pre_ping", no[i]));
        CHECK_INT(options.pool_pre_ping, CUPEL_OFF);
    }
    CHECK_FAILS(set(&options, "pool_pre_ping", "maybe"), CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "String is not true/false: 'maybe'");
    CHECK_FAILS(set(&options, "pool_pre_ping", "debug"), CUPEL_E_VALUE);
    CHECK_OK(set(&options, "echo", "debug"));
    CHECK_INT(options.echo, CUPEL_DEBUG);
}

TEST(the_references_names_are_in_seconds)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    CHECK_OK(set(&options, "pool_timeout", "2.5"));
    CHECK_INT(options.pool_timeout_ms, 2500);
    CHECK_OK(set(&options, "pool_timeout", "0"));
    CHECK_INT(options.pool_timeout_ms, CUPEL_ZERO);
    CHECK_FAILS(set(&options, "pool_timeout", "-1"), CUPEL_E_VALUE);
    CHECK_FAILS(set(&options, "pool_timeout", "1s"), CUPEL_E_VALUE);
    CHECK_OK(set(&options, "pool_recycle", "3600"));
    CHECK_INT(options.pool_recycle_ms, 3600000);
    CHECK_OK(set(&options, "pool_recycle", "-1"));
    CHECK_INT(options.pool_recycle_ms, 0);
    CHECK_OK(set(&options, "max_overflow", "-1"));
    CHECK_INT(options.max_overflow, CUPEL_UNLIMITED);
}

TEST(choices_are_named)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    CHECK_OK(set(&options, "poolclass", "NullPool"));
    CHECK_INT(options.poolclass, CUPEL_POOL_NULL);
    CHECK_FAILS(set(&options, "poolclass", "SingletonThreadPool"),
                CUPEL_E_ARGUMENT);
    CHECK_OK(set(&options, "pool_reset_on_return", "commit"));
    CHECK_INT(options.pool_reset_on_return, CUPEL_RESET_COMMIT);
    CHECK_OK(set(&options, "pool_reset_on_return", "none"));
    CHECK_INT(options.pool_reset_on_return, CUPEL_RESET_NONE);
    CHECK_OK(set(&options, "pool_reset_on_return", "true"));
    CHECK_INT(options.pool_reset_on_return, CUPEL_RESET_ROLLBACK);
    CHECK_FAILS(set(&options, "pool_reset_on_return", "sometimes"),
                CUPEL_E_ARGUMENT);
}

TEST(texts_are_borrowed_and_pointers_cannot_be_said)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    CHECK_OK(set(&options, "isolation_level", "SERIALIZABLE"));
    CHECK_STR(options.isolation_level, "SERIALIZABLE");
    CHECK_OK(set(&options, "connect_args", "a=1"));
    CHECK_STR(options.connect_args_text, "a=1");
    CHECK_FAILS(set(&options, "creator", "x"), CUPEL_E_KEY);
    CHECK_FAILS(set(&options, "pool", "x"), CUPEL_E_KEY);
}

TEST(values_that_do_not_exist_are_refused)
{
    cupel_engine_options given = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine_options options;

    given.pool_pre_ping = CUPEL_DEBUG;
    CHECK_FAILS(cup_options_complete(&given, &options), CUPEL_E_ARGUMENT);
    given = (cupel_engine_options)CUPEL_OPTIONS(cupel_engine_options);
    given.connect_arg_count = 1;
    CHECK_FAILS(cup_options_complete(&given, &options), CUPEL_E_ARGUMENT);
    given = (cupel_engine_options)CUPEL_OPTIONS(cupel_engine_options);
    CHECK_OK(cup_options_complete(&given, &options));
    CHECK_INT(options.pool_pre_ping, CUPEL_OFF);
    CHECK_INT(options.echo, CUPEL_DEFAULT);
}

TEST(an_overlay_changes_what_it_says)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine_options over = CUPEL_OPTIONS(cupel_engine_options);

    options.pool_size = 3;
    options.max_overflow = 4;
    over.max_overflow = CUPEL_ZERO;
    over.logging_name = "x";
    CHECK_OK(cup_options_overlay(&over, &options));
    CHECK_INT(options.pool_size, 3);
    CHECK_INT(options.max_overflow, CUPEL_ZERO);
    CHECK_STR(options.logging_name, "x");
    CHECK_OK(cup_options_overlay(NULL, &options));
}

TEST(pools_refuse_what_they_do_not_have)
{
    cupel_engine_options given = CUPEL_OPTIONS(cupel_engine_options);

    given.pool_size = 3;
    given.pool_use_lifo = CUPEL_ON;
    given.pool_pre_ping = CUPEL_ON;
    CHECK_OK(cup_options_check_pool(&given, CUPEL_POOL_QUEUE, "fake"));
    CHECK_FAILS(cup_options_check_pool(&given, CUPEL_POOL_NULL, "fake"),
                CUPEL_E_TYPE);
    CHECK_STR(cupel_error_text(),
              "invalid option(s) 'pool_size', 'pool_use_lifo' for an engine of "
              "fake with NullPool");
    given.pool = (cupel_pool *)&given;
    CHECK_FAILS(cup_options_check_pool(&given, CUPEL_POOL_QUEUE, "fake"),
                CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "'pool_pre_ping'") != NULL);
    CHECK_OK(cup_options_check_pool(NULL, CUPEL_POOL_NULL, "fake"));
}

TEST(a_pools_options_have_shorter_names)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    CHECK_OK(cupel_pool_options_set(&options, "size", "3"));
    CHECK_OK(cupel_pool_options_set(&options, "timeout", "0.5"));
    CHECK_OK(cupel_pool_options_set(&options, "echo", "debug"));
    CHECK_OK(cupel_pool_options_set(&options, "max_overflow", "2"));
    CHECK_INT(options.pool_size, 3);
    CHECK_INT(options.pool_timeout_ms, 500);
    CHECK_INT(options.echo_pool, CUPEL_DEBUG);
    CHECK_INT(options.echo, CUPEL_DEFAULT);
    CHECK_INT(options.max_overflow, 2);
    CHECK_FAILS(cupel_pool_options_set(&options, "nobody", "2"), CUPEL_E_KEY);
    CHECK_FAILS(cupel_pool_options_set(&options, NULL, "2"), CUPEL_E_ARGUMENT);
}

TEST(an_echo_is_off_on_or_debug)
{
    CHECK_INT(cup_echo_level(CUPEL_DEFAULT), 0);
    CHECK_INT(cup_echo_level(CUPEL_OFF), 0);
    CHECK_INT(cup_echo_level(CUPEL_ON), CUPEL_LOG_INFO);
    CHECK_INT(cup_echo_level(CUPEL_DEBUG), CUPEL_LOG_DEBUG);
}
