/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"
#include "support/fake_engine.h"

static cupel_status
from(const cupel_url_pair *pairs, size_t count,
     const cupel_engine_options *options, cupel_engine **out)
{
    cupel_engine_close(fake_engine()); /* for the fake dialect */
    return cupel_engine_from_config_async(pairs, count, NULL, options, out);
}

TASK_TEST(an_engine_is_made_from_a_list)
{
    static const cupel_url_pair config[] = {
        { "sqlalchemy.url", "fake://unit" },
        { "sqlalchemy.pool_size", "2" },
        { "sqlalchemy.echo", "debug" },
        { "sqlalchemy.hide_parameters", "Yes" },
        { "somebody.elses", "business" },
    };
    cupel_engine *engine;

    CHECK_OK(from(config, 5, NULL, &engine));
    CHECK_STR(cupel_engine_url(engine), "fake://unit");
    CHECK_INT(cupel_engine_echo(engine), CUPEL_DEBUG);
    CHECK(cupel_engine_hide_parameters(engine));
    fake_engine_close(engine);
}

TASK_TEST(options_win_over_the_list)
{
    static const cupel_url_pair config[] = {
        { "sqlalchemy.url", "fake://unit" },
        { "sqlalchemy.hide_parameters", "true" },
        { "sqlalchemy.echo", "true" },
    };
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;

    options.hide_parameters = CUPEL_OFF;
    CHECK_OK(from(config, 3, &options, &engine));
    CHECK(!cupel_engine_hide_parameters(engine));
    CHECK_INT(cupel_engine_echo(engine), CUPEL_ON);
    fake_engine_close(engine);
}

TASK_TEST(what_a_list_gets_wrong_is_refused)
{
    static const cupel_url_pair no_url[] = { { "sqlalchemy.echo", "true" } };
    static const cupel_url_pair unknown[] = {
        { "sqlalchemy.url", "fake://unit" },
        { "sqlalchemy.foobar", "1" },
        { "sqlalchemy.bar", "2" },
    };
    static const cupel_url_pair cursors[] = {
        { "sqlalchemy.url", "fake://unit" },
        { "sqlalchemy.server_side_cursors", "true" },
    };
    static const cupel_url_pair not_bool[] = {
        { "sqlalchemy.url", "fake://unit" },
        { "sqlalchemy.pool_pre_ping", "maybe" },
    };
    cupel_engine *engine;

    CHECK_FAILS(from(no_url, 1, NULL, &engine), CUPEL_E_KEY);
    CHECK(strstr(cupel_error_text(), "sqlalchemy.url") != NULL);
    CHECK_FAILS(from(unknown, 3, NULL, &engine), CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "'foobar', 'bar'") != NULL);
    CHECK_FAILS(from(cursors, 2, NULL, &engine), CUPEL_E_ASYNCMETHOD);
    CHECK_FAILS(from(not_bool, 2, NULL, &engine), CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "String is not true/false: 'maybe'");
    CHECK_FAILS(from(NULL, 1, NULL, &engine), CUPEL_E_ARGUMENT);
    CHECK(engine == NULL);
}

TASK_TEST(another_prefix_can_be_chosen)
{
    static const cupel_url_pair config[] = { { "db.url", "fake://unit" } };
    cupel_engine *engine;

    cupel_engine_close(fake_engine());
    CHECK_OK(cupel_engine_from_config_async(config, 1, "db.", NULL, &engine));
    fake_engine_close(engine);
}

TEST(a_blocking_engine_comes_from_a_list_too)
{
    static const cupel_url_pair config[] = { { "url", "fake://unit" } };
    cupel_engine *engine;

    cupel_engine_close(fake_engine());
    CHECK_OK(cupel_engine_from_config(config, 1, "", NULL, &engine));
    CHECK(!cupel_engine_is_async(engine));
    cupel_engine_close(engine);
}

TASK_TEST(a_pool_can_do_without_an_engine)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    struct cup_slot *slot;
    cupel_pool *pool;

    cupel_engine_close(fake_engine());
    options.poolclass = CUPEL_POOL_NULL;
    CHECK_OK(cupel_create_async_pool_from_url("fake://unit", &options, &pool));
    CHECK_OK(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot));
    cup_pool_checkin(slot, false);
    CHECK_INT(cup_fake_calls(CUP_FAKE_INITIALIZE), 0);
    cup_pool_close(pool);
    cup_pool_free(pool);
    options.poolclass = CUPEL_POOL_QUEUE;
    CHECK_FAILS(
        cupel_create_async_pool_from_url("fake://unit", &options, &pool),
        CUPEL_E_ARGUMENT);
    CHECK_STR(cupel_error_code(cupel_error_last()), "pcls");
    CHECK(pool == NULL);
}

TASK_TEST(a_ready_pool_must_fit_the_engine)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_pool *pool;

    cupel_engine_close(fake_engine());
    CHECK_OK(cupel_create_pool_from_url("fake://unit", NULL, &pool));
    options.pool = pool;
    CHECK_FAILS(cupel_engine_create_async("fake://unit", &options, &engine),
                CUPEL_E_ARGUMENT);
    CHECK_STR(cupel_error_code(cupel_error_last()), "pcls");
    CHECK_FAILS(cupel_engine_create("sqlite://", &options, &engine),
                CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "sqlite") != NULL);
    CHECK_OK(cupel_engine_create("fake://unit", &options, &engine));
    CHECK(cupel_engine_pool(engine) == pool);
    cupel_engine_free(engine);
    cup_pool_free(pool);
}
