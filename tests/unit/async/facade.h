/* SPDX-License-Identifier: MIT */
/* The facade on the fake database, for the tests of this room. */
#ifndef TESTS_UNIT_ASYNC_FACADE_H
#define TESTS_UNIT_ASYNC_FACADE_H

#include <cupel/async.h>

#include "support/fake_engine.h"

/* Forget what earlier tests did to the fake and make a facade on it. */
static inline cupel_async_engine *
facade_open_with(const cupel_engine_options *options)
{
    cupel_async_engine *engine;

    cupel_engine_free(fake_engine());
    CHECK_OK(cupel_create_async_engine("fake://unit", options, &engine));
    return engine;
}

static inline cupel_async_engine *
facade_open(void)
{
    return facade_open_with(NULL);
}

/* Close it; then no wire may be left. Yields. */
static inline void
facade_close(cupel_async_engine *engine)
{
    int turns;

    CHECK_OK(cupel_await(cupel_async_engine_close(engine)));
    for (turns = 0; turns < 100 && cup_fake_wire_count() > 0; turns++)
        CHECK_OK(cupel_yield());
    CHECK_INT(cup_fake_wire_count(), 0);
}

/* A started connection. Yields. */
static inline cupel_async_connection *
facade_connect(cupel_async_engine *engine)
{
    cupel_async_connection *conn = cupel_async_engine_connect(engine);

    CHECK(conn != NULL);
    CHECK_OK(cupel_await(cupel_async_connection_start(conn)));
    return conn;
}

/* The same, with the table item(id, name) made and committed. Yields. */
static inline cupel_async_connection *
facade_with_items(cupel_async_engine *engine)
{
    cupel_async_connection *conn = facade_connect(engine);

    CHECK_OK(run_sql(cupel_async_connection_sync_connection(conn),
                     "CREATE TABLE item (id INTEGER PRIMARY KEY, "
                     "name TEXT NOT NULL)"));
    CHECK_OK(cupel_await(cupel_async_connection_commit(conn)));
    cup_fake_log_clear();
    return conn;
}

/* Execute a text without parameters or result. Yields. */
static inline cupel_status
facade_run(cupel_async_connection *conn, const char *sql)
{
    return cupel_await(cupel_async_connection_execute(conn, CUPEL_TEXT(sql),
                                                      NULL, NULL, NULL));
}

/* Leave the connection's scope. Yields. */
static inline void
facade_exit(cupel_async_connection *conn)
{
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
}

static inline cupel_pool_status
facade_pool(cupel_async_engine *engine)
{
    cupel_pool_status pool = { .struct_size = sizeof pool };

    cupel_engine_pool_status(cupel_async_engine_sync_engine(engine), &pool);
    return pool;
}

#endif
