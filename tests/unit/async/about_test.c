/* SPDX-License-Identifier: MIT */
#include "facade.h"

TASK_TEST(an_engine_is_asked_and_set_through_its_handle)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_async_engine *engine = facade_open();

    CHECK(cupel_async_engine_pool(engine) ==
          cupel_engine_pool(cupel_async_engine_sync_engine(engine)));
    CHECK_INT(cupel_async_engine_echo(engine), CUPEL_OFF);
    cupel_async_engine_set_echo(engine, CUPEL_ON);
    CHECK_INT(cupel_async_engine_echo(engine), CUPEL_ON);
    cupel_async_engine_set_echo(engine, CUPEL_OFF);
    CHECK_OK(cupel_async_engine_update_execution_options(
        engine, CUPEL_WITH({ "mine", cupel_int(1) })));
    CHECK_INT(cupel_async_engine_get_execution_options(engine)->count, 1);
    cupel_async_engine_clear_compiled_cache(engine);
    CHECK_OK(cupel_await(cupel_async_engine_warm_up(engine, 2)));
    cupel_async_engine_pool_status(engine, &status);
    CHECK_INT(status.idle, 2);
    facade_close(engine);
}

TASK_TEST(a_raw_connection_is_lent_and_given_back)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_async_engine *engine = facade_open();
    cupel_raw_connection *raw = NULL;

    CHECK_OK(cupel_await(cupel_async_engine_raw_connection(engine, &raw)));
    CHECK(cupel_raw_connection_is_valid(raw));
    cupel_async_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 1);
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
    CHECK_FAILS(cupel_await(cupel_async_engine_raw_connection(engine, NULL)),
                CUPEL_E_ARGUMENT);
    facade_close(engine);
}

TASK_TEST(no_engine_is_nothing)
{
    cupel_raw_connection *raw;

    CHECK(cupel_async_engine_pool(NULL) == NULL);
    CHECK_INT(cupel_async_engine_echo(NULL), CUPEL_OFF);
    CHECK_INT(cupel_async_engine_get_execution_options(NULL)->count, 0);
    CHECK_FAILS(cupel_await(cupel_async_engine_raw_connection(NULL, &raw)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_engine_warm_up(NULL, 1)),
                CUPEL_E_ARGUMENT);
}
