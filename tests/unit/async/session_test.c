/* SPDX-License-Identifier: MIT */
#include "facade.h"

TASK_TEST(options_and_levels_go_through_the_handle)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    const cupel_execution_options *options;
    const char *level, *usual;

    CHECK_OK(cupel_async_connection_default_isolation_level(conn, &usual));
    CHECK_OK(
        cupel_await(cupel_async_connection_get_isolation_level(conn, &level)));
    CHECK_STR(level, usual);
    CHECK_OK(cupel_await(cupel_async_connection_execution_options(
        conn,
        CUPEL_WITH({ "isolation_level", cupel_string("serializable") }))));
    CHECK_OK(
        cupel_await(cupel_async_connection_get_isolation_level(conn, &level)));
    CHECK_STR(level, "SERIALIZABLE");
    CHECK_OK(cupel_async_connection_get_execution_options(conn, &options));
    CHECK_INT(options->count, 1);
    CHECK_OK(cupel_await(cupel_async_connection_close(conn)));
    CHECK_FAILS(
        cupel_await(cupel_async_connection_get_isolation_level(conn, &level)),
        CUPEL_E_CLOSED);
    CHECK_OK(cupel_async_connection_default_isolation_level(conn, &level));
    CHECK_STR(level, usual);
    cupel_async_connection_free(conn);
    facade_close(engine);
}

TASK_TEST(info_and_the_raw_connection_come_back_after_a_loss)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_raw_connection *raw = NULL;
    cupel_info *info = NULL;
    bool invalidated = true;

    CHECK_OK(cupel_await(cupel_async_connection_info(conn, &info)));
    CHECK_OK(cupel_info_set(info, "x", &raw, NULL));
    CHECK_OK(
        cupel_await(cupel_async_connection_invalidate_because(conn, "a test")));
    CHECK_OK(
        cupel_await(cupel_async_connection_get_raw_connection(conn, &raw)));
    CHECK(raw != NULL);
    CHECK_OK(cupel_async_connection_invalidated(conn, &invalidated));
    CHECK(!invalidated);
    CHECK_OK(cupel_await(cupel_async_connection_info(conn, &info)));
    CHECK_INT(cupel_info_count(info), 0);
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    facade_close(engine);
}

TASK_TEST(an_unstarted_connection_has_no_session)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    const cupel_execution_options *options;
    cupel_raw_connection *raw;
    const char *level;
    cupel_info *info;

    CHECK_FAILS(cupel_await(cupel_async_connection_info(conn, &info)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(
        cupel_await(cupel_async_connection_get_raw_connection(conn, &raw)),
        CUPEL_E_NOTSTARTED);
    CHECK_FAILS(
        cupel_await(cupel_async_connection_get_isolation_level(conn, &level)),
        CUPEL_E_NOTSTARTED);
    CHECK_FAILS(
        cupel_await(cupel_async_connection_execution_options(conn, NULL)),
        CUPEL_E_NOTSTARTED);
    CHECK_FAILS(
        cupel_await(cupel_async_connection_invalidate_because(conn, NULL)),
        CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_get_execution_options(conn, &options),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_default_isolation_level(conn, &level),
                CUPEL_E_NOTSTARTED);
    CHECK_STR(cupel_async_connection_dialect(conn), "fake");
    cupel_async_connection_free(conn);
    facade_close(engine);
}

TASK_TEST(a_connection_equals_itself_and_null_equals_nothing)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_connection *other = facade_connect(engine);

    CHECK(cupel_async_connection_equal(conn, conn));
    CHECK(!cupel_async_connection_equal(conn, other));
    CHECK(!cupel_async_connection_equal(conn, NULL));
    CHECK(!cupel_async_connection_equal(NULL, NULL));
    CHECK_OK(cupel_await(cupel_async_connection_exit(other, CUPEL_OK)));
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    facade_close(engine);
}
