/* SPDX-License-Identifier: MIT */
/* Connections that the program opens itself, by the driver's own functions. */
#include "acceptance/acceptance.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>

/* What a creator was asked for. */
struct maker {
    int calls;
    bool in_task; /* it ran in a task and waited there */
};

/* The path of a sqlite url. */
static const char *
sqlite_file(char *path, size_t size)
{
    cupel_url *url;

    CHECK_OK(cupel_url_parse(accept_url(), &url));
    snprintf(path, size, "%s", cupel_url_database(url));
    cupel_url_free(url);
    return path;
}

static cupel_status
open_sqlite(void **out)
{
    char path[256];
    sqlite3 *db;

    if (sqlite3_open(sqlite_file(path, sizeof path), &db) != SQLITE_OK) {
        sqlite3_close(db);
        return cupel_error_raise(CUPEL_E_OPERATIONAL, "sqlite3_open failed");
    }
    *out = db;
    return CUPEL_OK;
}

static cupel_status
open_postgresql(void **out)
{
    PGconn *conn = PQconnectdb(accept_url());

    if (PQstatus(conn) != CONNECTION_OK) {
        PQfinish(conn);
        return cupel_error_raise(CUPEL_E_OPERATIONAL, "PQconnectdb failed");
    }
    *out = conn;
    return CUPEL_OK;
}

static cupel_status
open_driver_connection(void **out)
{
    return accept_is_postgresql() ? open_postgresql(out) : open_sqlite(out);
}

/* Runs on a worker thread. */
static cupel_status
create(void *arg, void **out)
{
    struct maker *maker = arg;

    maker->calls++;
    maker->in_task = cupel_in_task();
    return open_driver_connection(out);
}

/* Runs in a task, where it may wait. Yields. */
static cupel_status
create_async(void *arg, void **out)
{
    struct maker *maker = arg;
    cupel_status rc = cupel_yield();

    maker->calls++;
    maker->in_task = cupel_in_task();
    return rc == CUPEL_OK ? open_driver_connection(out) : rc;
}

/* Use a connection of the creator's as any other. Yields. */
static void
check_works(const cupel_engine_options *options, struct maker *maker)
{
    cupel_engine *engine = accept_engine(options);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_INT(maker->calls, 1);
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_OK(accept_insert(conn, 2));
    CHECK_OK(cupel_transaction_exit(tx, CUPEL_E_VALUE) == CUPEL_E_VALUE
                 ? CUPEL_OK
                 : CUPEL_E_VALUE);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 1);
    CHECK_INT(maker->calls, 1); /* the pool kept it */
    accept_close(engine);
}

TASK_TEST(creator_opens_connections_on_a_worker)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    struct maker maker = { 0, true };

    options.creator = create;
    options.creator_arg = &maker;
    check_works(&options, &maker);
    CHECK(!maker.in_task);
}

TASK_TEST(async_creator_opens_connections_in_a_task)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    struct maker maker = { 0, false };

    options.async_creator = create_async;
    options.creator_arg = &maker;
    check_works(&options, &maker);
    CHECK(maker.in_task);
}

static cupel_status
create_nothing(void *arg, void **out)
{
    *(int *)arg += 1;
    *out = NULL;
    return CUPEL_OK;
}

TASK_TEST(creator_that_gives_nothing_fails_the_connect)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_connection *conn;
    cupel_engine *engine;
    int calls = 0;

    options.creator = create_nothing;
    options.creator_arg = &calls;
    engine = accept_engine(&options);
    CHECK(cupel_engine_connect(engine, &conn) < CUPEL_OK);
    CHECK(conn == NULL);
    CHECK_INT(calls, 1);
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.size, 0);
    accept_close(engine);
}

TEST(creator_serves_a_blocking_engine)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    struct maker maker = { 0, true };
    cupel_connection *conn;
    cupel_engine *engine;

    options.creator = create;
    options.creator_arg = &maker;
    CHECK_OK(cupel_engine_create(accept_url(), &options, &engine));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(maker.calls, 1);
    cupel_engine_close(engine);
}
