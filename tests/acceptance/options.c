/* SPDX-License-Identifier: MIT */
/* Execution options: who has them, who wins, who may set what. */
#include "acceptance/acceptance.h"

TASK_TEST(a_childs_options_are_its_own)
{
    cupel_engine *engine = accept_engine(NULL), *child;
    cupel_connection *conn;

    CHECK_OK(cupel_engine_update_execution_options(
        engine, CUPEL_WITH({ "foo", cupel_string("bar") })));
    CHECK_OK(cupel_engine_execution_options(
        engine,
        CUPEL_WITH({ "foo", cupel_string("bat") }, { "hoho", cupel_int(1) }),
        &child));
    CHECK(cupel_engine_pool(child) == cupel_engine_pool(engine));
    CHECK_STR(cupel_engine_url(child), cupel_engine_url(engine));
    CHECK_INT(cupel_engine_get_execution_options(engine)->count, 1);
    conn = accept_connect(child);
    CHECK_INT(cupel_connection_get_execution_options(conn)->count, 2);
    CHECK_STR(cupel_connection_get_execution_options(conn)
                  ->items[0]
                  .value.as.bytes.data,
              "bat");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_free(child);
    accept_close(engine);
}

TASK_TEST(updated_options_are_for_later_connections)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_connection *before, *after;

    before = accept_connect(cupel_async_engine_sync_engine(engine));
    CHECK_OK(cupel_async_engine_update_execution_options(
        engine, CUPEL_WITH({ "foo", cupel_int(1) })));
    after = accept_connect(cupel_async_engine_sync_engine(engine));
    CHECK_INT(cupel_connection_get_execution_options(before)->count, 0);
    CHECK_INT(cupel_connection_get_execution_options(after)->count, 1);
    CHECK_OK(cupel_connection_exit(after, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(before, CUPEL_OK));
    accept_async_close(engine);
}

TASK_TEST(options_given_at_creation_are_every_connections)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *conn;
    cupel_engine *engine;

    options.execution_options = CUPEL_WITH({ "foo", cupel_int(5) });
    engine = accept_engine(&options);
    conn = accept_connect(engine);
    CHECK_INT(cupel_connection_get_execution_options(conn)->count, 1);
    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "bar", cupel_int(6) })));
    CHECK_INT(cupel_connection_get_execution_options(conn)->count, 2);
    CHECK_INT(cupel_engine_get_execution_options(engine)->count, 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(the_connection_beats_the_statement_and_the_call_beats_both)
{
    cupel_async_engine *engine = accept_async_engine(NULL);
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_text text;
    const cupel_statement *stmt = cupel_text_init(&text, "SELECT 1");

    CHECK_OK(cupel_await(cupel_async_connection_start(conn)));
    cupel_text_execution_options(
        &text, CUPEL_WITH({ "stream_results", cupel_bool(true) }));
    CHECK_FAILS(cupel_await(cupel_async_connection_execute(conn, stmt, NULL,
                                                           NULL, NULL)),
                CUPEL_E_ASYNCMETHOD);
    CHECK_OK(cupel_await(cupel_async_connection_execution_options(
        conn, CUPEL_WITH({ "stream_results", cupel_bool(false) }))));
    CHECK_OK(cupel_await(
        cupel_async_connection_execute(conn, stmt, NULL, NULL, NULL)));
    CHECK_FAILS(cupel_await(cupel_async_connection_execute(
                    conn, stmt, NULL,
                    CUPEL_WITH({ "stream_results", cupel_bool(true) }), NULL)),
                CUPEL_E_ASYNCMETHOD);
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    accept_async_close(engine);
}

TASK_TEST(what_belongs_to_a_connection_is_refused_on_statements)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_text text;
    const cupel_statement *stmt = cupel_text_init(&text, "SELECT 1");

    cupel_text_execution_options(
        &text, CUPEL_WITH({ "isolation_level", cupel_string("SERIALIZABLE") }));
    CHECK_FAILS(cupel_connection_execute(conn, stmt, NULL, NULL, NULL),
                CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "isolation_level") != NULL);
    cupel_text_execution_options(
        &text, CUPEL_WITH({ "compiled_cache", cupel_null() }));
    CHECK_FAILS(cupel_connection_execute(conn, stmt, NULL, NULL, NULL),
                CUPEL_E_ARGUMENT);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(compiled_cache_none_compiles_each_time)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "compiled_cache", cupel_null() })));
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* A listener that looks for an option. */
static cupel_status
find_option(cupel_event *event, void *arg)
{
    size_t i;

    for (i = 0; event->options != NULL && i < event->options->count; i++)
        if (strcmp(event->options->items[i].name, "mine") == 0)
            ++*(int *)arg;
    return CUPEL_OK;
}

TASK_TEST(unknown_options_reach_listeners)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    int found = 0;

    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "before_execute",
                                find_option, &found, 0));
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn),
                                "set_connection_execution_options", find_option,
                                &found, 0));
    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "mine", cupel_int(1) })));
    CHECK_INT(found, 1);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_INT(found, 2);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(a_timeout_ends_a_slow_statement)
{
    static const char slow_pg[] = "SELECT pg_sleep(10)";
    static const char slow_sqlite[] =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT count(*) FROM n";
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_time start = cupel_now();

    CHECK_FAILS(cupel_connection_execute(
                    conn,
                    CUPEL_TEXT(accept_is_postgresql() ? slow_pg : slow_sqlite),
                    NULL, CUPEL_WITH({ "timeout_ms", cupel_int(100) }), NULL),
                CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - start < 1000);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(an_engines_timeout_covers_the_wait_for_a_connection)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *held, *conn;
    cupel_time start;
    cupel_engine *engine;

    options.pool_size = 1;
    options.max_overflow = CUPEL_ZERO;
    options.timeout_ms = 500;
    engine = accept_engine(&options);
    held = accept_connect(engine);
    start = cupel_now();
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - start < 1500);
    CHECK_OK(cupel_connection_exit(held, CUPEL_OK));
    accept_close(engine);
}
