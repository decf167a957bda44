/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include <cupel/task.h>

#include "support/fake_engine.h"

static cupel_status
create(const char *url)
{
    cupel_engine *engine;
    cupel_status rc = cupel_engine_create_async(url, NULL, &engine);

    cupel_engine_free(engine);
    return rc;
}

TEST(bad_urls_are_refused_without_being_repeated)
{
    CHECK_FAILS(create("s3cret"), CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "s3cret") == NULL);
    CHECK_FAILS(create("fake://u:s3cret@h:port/db"), CUPEL_E_VALUE);
    CHECK(strstr(cupel_error_text(), "s3cret") == NULL);
    CHECK_FAILS(create("nosuch://u:s3cret@h/db"), CUPEL_E_NOMODULE);
    CHECK(strstr(cupel_error_text(), "s3cret") == NULL);
    CHECK(strstr(cupel_error_text(), "nosuch") != NULL);
    CHECK_FAILS(create("sqlite+nosuch:///x"), CUPEL_E_NOMODULE);
    CHECK_FAILS(create(NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_engine_create_async("sqlite://", NULL, NULL),
                CUPEL_E_ARGUMENT);
}

TASK_TEST(an_engine_opens_nothing_until_it_is_used)
{
    cupel_engine *engine = fake_engine();

    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 0);
    CHECK_STR(cupel_engine_name(engine), "fake");
    fake_engine_close(engine);
}

TASK_TEST(the_url_is_shown_with_its_password_masked)
{
    cupel_engine *engine;

    CHECK_OK(cupel_engine_create_async("postgresql://u:s3cret@localhost/d",
                                       NULL, &engine));
    CHECK_STR(cupel_engine_url(engine), "postgresql://u:***@localhost/d");
    cupel_engine_close(engine);
}

TEST(an_async_engine_outside_a_task_fails_at_once)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_NOTASK);
    CHECK_STR(cupel_error_code(cupel_error_last()), "xd2s");
    CHECK_FAILS(cupel_engine_dispose(engine), CUPEL_E_NOTASK);
    cupel_engine_close(engine);
}

TASK_TEST(a_blocking_engine_inside_a_task_is_refused)
{
    cupel_engine *engine;
    cupel_connection *conn;

    CHECK_OK(cupel_engine_create("sqlite://", NULL, &engine));
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_INVALID);
    cupel_engine_free(engine);
}

TEST(a_blocking_engine_needs_no_task)
{
    cupel_engine *engine;
    cupel_connection *conn;

    cupel_engine_free(fake_engine()); /* registers the dialect */
    CHECK_OK(cupel_engine_create("fake://blocking", NULL, &engine));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_INT(query_int(conn, "SELECT 41 + 1"), 42);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
    CHECK_INT(cup_fake_wire_count(), 0);
}

TASK_TEST(dispose_closes_idle_connections_and_the_engine_goes_on)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *held, *conn;

    CHECK_OK(cupel_engine_connect(engine, &held));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(cup_fake_wire_count(), 2);
    CHECK_OK(cupel_engine_dispose(engine));
    CHECK_INT(cup_fake_wire_count(), 1);
    CHECK_INT(query_int(held, "SELECT 1"), 1); /* on loan: still usable */
    CHECK_OK(cupel_engine_dispose(engine));    /* twice is fine */
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(held, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(pool_figures_add_up)
{
    cupel_engine *engine = fake_engine();
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 1);
    CHECK_INT(status.size, 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.idle, 1);
    CHECK_INT(status.lent, 0);
    CHECK_INT(status.checkouts, 1);
    CHECK_INT(status.connects, 1);
    fake_engine_close(engine);
}

TASK_TEST(an_older_pool_status_struct_is_not_overrun)
{
    cupel_engine *engine = fake_engine();
    cupel_pool_status status = { 0 };

    status.struct_size = offsetof(cupel_pool_status, lent);
    status.lent = 77;
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 77);
    fake_engine_close(engine);
}

TASK_TEST(freeing_an_engine_leaves_lent_connections_usable)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    cupel_engine_free(engine);
    CHECK_INT(query_int(conn, "SELECT 7"), 7);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(NULL); /* waits for the wire's end */
}

TASK_TEST(a_url_that_its_dialect_refuses_makes_no_engine)
{
    CHECK_FAILS(create("sqlite://host/db"), CUPEL_E_ARGUMENT);
    CHECK_FAILS(create("postgresql://h/d?nosuch=1"), CUPEL_E_ARGUMENT);
}

TASK_TEST(the_compiled_cache_can_be_emptied)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_INT(query_int(conn, "SELECT 1"), 1);
    CHECK(engine->family->cache.entries.count > 0);
    cupel_engine_clear_compiled_cache(engine);
    CHECK_INT(engine->family->cache.entries.count, 0);
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("SELECT 2"), NULL, NULL,
                                      NULL));
    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "compiled_cache", cupel_null() })));
    CHECK_INT(query_int(conn, "SELECT 3"), 3);
    CHECK_INT(engine->family->cache.entries.count, 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(dispose_can_leave_the_old_connections_alone)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(cup_fake_wire_count(), 1);
    CHECK_OK(cupel_engine_dispose_no_close(engine));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 0);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

static cupel_status
connect_one(void *arg)
{
    cupel_connection *conn;
    cupel_status rc = cupel_engine_connect(arg, &conn);

    return rc == CUPEL_OK ? cupel_connection_exit(conn, CUPEL_OK) : rc;
}

TASK_TEST(who_queues_at_a_pool_that_goes_gets_a_connection_of_the_next)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *held;
    cupel_group *waiting;

    cupel_engine_close(fake_engine());
    options.pool_size = 1;
    options.max_overflow = CUPEL_ZERO;
    CHECK_OK(cupel_engine_create_async("fake://unit", &options, &engine));
    CHECK_OK(cupel_engine_connect(engine, &held));
    waiting = cupel_group_new();
    CHECK_OK(cupel_group_spawn(waiting, connect_one, engine));
    CHECK_OK(cupel_yield());
    CHECK_OK(cupel_engine_dispose(engine));
    CHECK_OK(cupel_group_wait(waiting));
    CHECK_OK(cupel_connection_exit(held, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_timeout_may_be_unlimited_but_not_absurd)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;

    cupel_engine_close(fake_engine());
    options.timeout_ms = CUPEL_UNLIMITED;
    CHECK_OK(cupel_engine_create_async("fake://unit", &options, &engine));
    CHECK_INT(cupel_engine_get_execution_options(engine)->count, 0);
    cupel_engine_free(engine);
    options.timeout_ms = (int64_t)INT32_MAX + 1;
    CHECK_FAILS(cupel_engine_create_async("fake://unit", &options, &engine),
                CUPEL_E_ARGUMENT);
}
