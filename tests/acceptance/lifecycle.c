/* SPDX-License-Identifier: MIT */
/* Engines and connections: started, closed, invalidated, disposed of. */
#include "acceptance/acceptance.h"

#include <stdio.h>

/* ---- AsyncEngine --------------------------------------------------------- */

TASK_TEST(engines_are_equal_by_what_they_stand_for)
{
    cupel_async_engine *engine = accept_async_engine(NULL), *other;

    CHECK_OK(
        cupel_async_engine_new(cupel_async_engine_sync_engine(engine), &other));
    CHECK(cupel_async_engine_equal(engine, other));
    CHECK(!cupel_async_engine_equal(engine, NULL));
    cupel_async_engine_free(other);
    accept_async_close(engine);
}

TASK_TEST(a_proxy_needs_an_async_engine)
{
    cupel_engine *blocking;
    cupel_async_engine *engine;

    CHECK_OK(cupel_engine_create(accept_url(), NULL, &blocking));
    CHECK_FAILS(cupel_async_engine_new(blocking, &engine), CUPEL_E_INVALID);
    cupel_engine_free(blocking);
}

TASK_TEST(dispose_replaces_the_pool_and_may_be_repeated)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_pool *first = cupel_async_engine_pool(engine);
    cupel_async_connection *held = cupel_async_engine_connect(engine);
    bool closed = true;

    CHECK_OK(cupel_await(cupel_async_connection_start(held)));
    CHECK_OK(cupel_await(cupel_async_engine_dispose(engine)));
    CHECK(cupel_async_engine_pool(engine) != first);
    CHECK_OK(cupel_await(cupel_async_engine_dispose(engine)));
    CHECK_OK(cupel_async_connection_closed(held, &closed));
    CHECK(!closed);
    CHECK_OK(cupel_await(cupel_async_connection_execute(
        held, CUPEL_TEXT("SELECT 1"), NULL, NULL, NULL)));
    CHECK_OK(cupel_await(cupel_async_connection_exit(held, CUPEL_OK)));
    accept_async_close(engine);
}

TASK_TEST(dispose_without_close_leaves_the_connections_alone)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_pool *first = cupel_async_engine_pool(engine);

    CHECK_OK(cupel_await(cupel_async_engine_warm_up(engine, 1)));
    CHECK_OK(cupel_await(cupel_async_engine_dispose_no_close(engine)));
    CHECK(cupel_async_engine_pool(engine) != first);
    CHECK_INT(cupel_pool_checkedin(cupel_async_engine_pool(engine)), 0);
    accept_async_close(engine);
}

TASK_TEST(the_server_is_asked_who_it_is_once)
{
    cupel_engine *engine = accept_engine(NULL);
    int version[3] = { 0, 0, 0 };
    cupel_connection *conn;

    CHECK(!cupel_engine_server_version(engine, version));
    CHECK(cupel_engine_default_isolation_level(engine) == NULL);
    conn = accept_connect(engine);
    CHECK(cupel_engine_server_version(engine, version));
    CHECK(version[0] >= 3);
    CHECK_STR(cupel_engine_default_isolation_level(engine),
              accept_is_postgresql() ? "READ COMMITTED" : "SERIALIZABLE");
    if (accept_is_postgresql())
        CHECK_STR(cupel_engine_default_schema_name(engine), "accept_lifecycle");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_engine_dispose(engine));
    CHECK(cupel_engine_server_version(engine, version));
    accept_close(engine);
}

TASK_TEST(a_raw_connection_is_nobodys_connection)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_raw_connection *raw = NULL;

    CHECK_OK(cupel_await(cupel_async_engine_raw_connection(engine, &raw)));
    CHECK(cupel_raw_connection_driver_connection(raw) != NULL);
    CHECK_INT(cupel_pool_checkedout(cupel_async_engine_pool(engine)), 1);
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
    CHECK_INT(cupel_pool_checkedout(cupel_async_engine_pool(engine)), 0);
    accept_async_close(engine);
}

TASK_TEST(the_compiled_cache_can_be_cleared)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_connection *conn =
        accept_connect(cupel_async_engine_sync_engine(engine));

    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    cupel_async_engine_clear_compiled_cache(engine);
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_async_close(engine);
}

/* ---- AsyncConnection ----------------------------------------------------- */

TASK_TEST(what_an_unstarted_connection_refuses)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    bool answer;

    CHECK(cupel_async_connection_sync_connection(conn) == NULL);
    CHECK_FAILS(cupel_async_connection_in_transaction(conn, &answer),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_connection_close(conn)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_connection_get_raw_connection(
                    conn, &(cupel_raw_connection *){ NULL })),
                CUPEL_E_NOTSTARTED);
    CHECK_OK(cupel_await(cupel_async_connection_start(conn)));
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_STARTED);
    CHECK_OK(cupel_await(cupel_async_connection_close(conn)));
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_STARTED);
    cupel_async_connection_free(conn);
    accept_async_close(engine);
}

TASK_TEST(what_a_closed_connection_still_answers)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    const char *level;
    cupel_info *info;

    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_close(conn));
    CHECK(cupel_connection_closed(conn));
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK(cupel_connection_get_transaction(conn) == NULL);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_close(conn));
    CHECK(cupel_connection_default_isolation_level(conn) != NULL);
    CHECK_FAILS(accept_run(conn, "SELECT 1"), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_begin(conn, NULL), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_info(conn, &info), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_invalidate(conn), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_get_isolation_level(conn, &level),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_detach(conn), CUPEL_E_CLOSED);
    cupel_connection_free(conn);
    accept_close(engine);
}

TASK_TEST(closed_and_invalidated_are_never_both_true)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK(cupel_connection_invalidated(conn));
    CHECK(!cupel_connection_closed(conn));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_OK(cupel_connection_close(conn));
    CHECK(!cupel_connection_invalidated(conn));
    CHECK(cupel_connection_closed(conn));
    cupel_connection_free(conn);
    accept_close(engine);
}

TASK_TEST(info_is_emptied_with_its_connection)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_info *info;
    int value;

    CHECK_OK(cupel_connection_info(conn, &info));
    CHECK_OK(cupel_info_set(info, "foo", &value, NULL));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_info(conn, &info));
    CHECK(cupel_info_get(info, "foo") == &value);
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_OK(cupel_connection_info(conn, &info));
    CHECK(cupel_info_get(info, "foo") == NULL);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(a_detached_connection_is_closed_at_the_end)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_pool *pool = cupel_engine_pool(engine);

    CHECK_INT(cupel_pool_checkedout(pool), 1);
    CHECK_OK(cupel_connection_detach(conn));
    CHECK_INT(cupel_pool_checkedout(pool), 0);
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.idle, 0);
    accept_close(engine);
}

/* What was logged. */
static char warning[256];

static void
keep_warning(void *context, cupel_log_level level, const char *logger,
             const char *message)
{
    (void)context;
    (void)logger;
    if (level == CUPEL_LOG_WARNING)
        snprintf(warning, sizeof warning, "%s", message);
}

TASK_TEST(a_connection_freed_without_close_is_warned_of)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_insert(conn, 1));
    cupel_log_set(keep_warning, NULL, CUPEL_LOG_WARNING);
    cupel_connection_free(conn);
    cupel_log_set(NULL, NULL, CUPEL_LOG_WARNING);
    CHECK(strstr(warning, "without being closed") != NULL);
    CHECK(strstr(warning, cupel_engine_driver(engine)) != NULL);
    CHECK_INT(cupel_pool_checkedout(cupel_engine_pool(engine)), 0);
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}
