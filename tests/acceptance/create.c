/* SPDX-License-Identifier: MIT */
/* Making engines and pools: urls, options, configuration. */
#include "acceptance/acceptance.h"

static cupel_status
create_with(const cupel_engine_options *options, cupel_engine **out)
{
    return cupel_engine_create_async(accept_url(), options, out);
}

static cupel_status
configured(const cupel_url_pair *more, size_t count, cupel_async_engine **out)
{
    cupel_url_pair config[8] = { { "sqlalchemy.url", accept_url() } };

    memcpy(config + 1, more, count * sizeof *more);
    return cupel_async_engine_from_config(config, count + 1, NULL, NULL, out);
}

/* ---- create_async_engine ------------------------------------------------ */

TASK_TEST(create_connects_to_nothing)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_async_engine *engine;

    CHECK_OK(cupel_create_async_engine(accept_url(), NULL, &engine));
    cupel_async_engine_pool_status(engine, &status);
    CHECK_INT(status.size, 0);
    CHECK_STR(cupel_pool_class_name(cupel_async_engine_pool(engine)),
              "AsyncAdaptedQueuePool");
    CHECK_INT(cupel_pool_size(cupel_async_engine_pool(engine)), 5);
    cupel_async_engine_free(engine);
}

TASK_TEST(a_database_in_memory_has_a_static_pool)
{
    cupel_async_engine *engine;

    CHECK_OK(cupel_create_async_engine("sqlite://", NULL, &engine));
    CHECK_STR(cupel_pool_class_name(cupel_async_engine_pool(engine)),
              "StaticPool");
    cupel_async_engine_free(engine);
}

TASK_TEST(pool_options_that_the_pool_lacks_are_a_type_error)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;

    options.pool_size = 5;
    CHECK_FAILS(cupel_engine_create_async("sqlite://", &options, &engine),
                CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "'pool_size'") != NULL);
    CHECK(strstr(cupel_error_text(), "StaticPool") != NULL);
    options.poolclass = CUPEL_POOL_NULL;
    CHECK_FAILS(create_with(&options, &engine), CUPEL_E_TYPE);
    options.pool_size = 0;
    options.pool_timeout_ms = 5;
    CHECK_FAILS(create_with(&options, &engine), CUPEL_E_TYPE);
    options.pool_timeout_ms = 0;
    CHECK_OK(create_with(&options, &engine));
    cupel_engine_free(engine);
}

TASK_TEST(a_blocking_pool_class_is_refused)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;

    options.poolclass = CUPEL_POOL_QUEUE;
    CHECK_FAILS(create_with(&options, &engine), CUPEL_E_ARGUMENT);
    CHECK_STR(cupel_error_code(cupel_error_last()), "pcls");
    CHECK_STR(cupel_status_class(CUPEL_E_ARGUMENT), "ArgumentError");
}

static cupel_status
never(void *arg, void **out)
{
    ++*(int *)arg;
    *out = NULL;
    return cupel_error_raise(CUPEL_E_OPERATIONAL, "the creator says no");
}

TASK_TEST(one_creator_not_both)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;

    options.creator = never;
    options.async_creator = never;
    CHECK_FAILS(create_with(&options, &engine), CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "only one of") != NULL);
}

TASK_TEST(an_async_creator_takes_the_drivers_place)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;
    int calls = 0;

    options.async_creator = never;
    options.creator_arg = &calls;
    CHECK_OK(create_with(&options, &engine));
    CHECK_INT(calls, 0);
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_OPERATIONAL);
    CHECK(strstr(cupel_error_text(), "the creator says no") != NULL);
    CHECK_INT(calls, 1);
    cupel_engine_close(engine);
}

TASK_TEST(a_ready_pool_is_used_and_takes_no_more_options)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_pool *pool;

    CHECK_OK(cupel_create_async_pool_from_url(accept_url(), NULL, &pool));
    options.pool = pool;
    CHECK_OK(create_with(&options, &engine));
    CHECK(cupel_engine_pool(engine) == pool);
    conn = accept_connect(engine);
    CHECK_INT(cupel_pool_checkedout(pool), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    options.pool_pre_ping = CUPEL_ON;
    cupel_engine_close(engine);
    CHECK_FAILS(create_with(&options, &engine), CUPEL_E_TYPE);
    cupel_pool_free(pool);
}

/* ---- async_engine_from_config ------------------------------------------- */

TASK_TEST(config_strips_its_prefix_and_coerces)
{
    static const cupel_url_pair more[] = {
        { "sqlalchemy.pool_size", "2" },
        { "sqlalchemy.max_overflow", "0" },
        { "sqlalchemy.pool_timeout", "0.25" },
        { "sqlalchemy.pool_pre_ping", "yes" },
        { "sqlalchemy.echo", "false" },
        { "not_ours.url", "nonsense" },
    };
    cupel_async_engine *engine;
    cupel_pool *pool;

    CHECK_OK(configured(more, 6, &engine));
    pool = cupel_async_engine_pool(engine);
    CHECK_INT(cupel_pool_size(pool), 2);
    CHECK_INT(cupel_pool_timeout_ms(pool), 250);
    CHECK_INT(cupel_async_engine_echo(engine), CUPEL_OFF);
    cupel_async_engine_free(engine);
}

TASK_TEST(config_without_a_url_is_a_key_error)
{
    static const cupel_url_pair config[] = { { "sqlalchemy.echo", "true" } };
    cupel_async_engine *engine;

    CHECK_FAILS(cupel_async_engine_from_config(config, 1, NULL, NULL, &engine),
                CUPEL_E_KEY);
}

TASK_TEST(config_says_which_options_do_not_exist)
{
    static const cupel_url_pair more[] = { { "sqlalchemy.colour", "5" },
                                           { "sqlalchemy.flavour", "x" } };
    cupel_async_engine *engine;

    CHECK_FAILS(configured(more, 2, &engine), CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "'colour', 'flavour'") != NULL);
}

TASK_TEST(config_refuses_what_is_neither_true_nor_false)
{
    static const cupel_url_pair more[] = { { "sqlalchemy.hide_parameters",
                                             "sometimes" } };
    cupel_async_engine *engine;

    CHECK_FAILS(configured(more, 1, &engine), CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "String is not true/false: 'sometimes'");
}

TASK_TEST(server_side_cursors_are_not_for_all)
{
    static const cupel_url_pair more[] = { { "sqlalchemy.server_side_cursors",
                                             "true" } };
    cupel_async_engine *engine;

    CHECK_FAILS(configured(more, 1, &engine), CUPEL_E_ASYNCMETHOD);
    CHECK_STR(cupel_status_class(CUPEL_E_ASYNCMETHOD), "AsyncMethodRequired");
}

TASK_TEST(connect_args_reach_the_driver)
{
    static const cupel_url_pair pg = { "application_name", "cupel create" };
    static const cupel_url_pair sqlite = { "foreign_keys", "off" };
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *conn;
    cupel_engine *engine;

    options.connect_args = accept_is_postgresql() ? &pg : &sqlite;
    options.connect_arg_count = 1;
    CHECK_OK(create_with(&options, &engine));
    conn = accept_connect(engine);
    if (accept_is_postgresql())
        CHECK_INT(accept_int(conn, "SELECT CAST(current_setting("
                                   "'application_name') = 'cupel create' "
                                   "AS integer)"),
                  1);
    else
        CHECK_INT(accept_int(conn, "PRAGMA foreign_keys"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
}

/* ---- create_async_pool_from_url ----------------------------------------- */

TASK_TEST(a_pool_alone_lends_raw_connections)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_raw_connection *raw;
    cupel_pool *pool;

    options.poolclass = CUPEL_POOL_NULL;
    CHECK_OK(cupel_create_async_pool_from_url(accept_url(), &options, &pool));
    CHECK_STR(cupel_pool_class_name(pool), "NullPool");
    CHECK_OK(cupel_pool_connect(pool, &raw));
    CHECK(cupel_raw_connection_driver_connection(raw) != NULL);
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
    cupel_pool_close(pool);
}
