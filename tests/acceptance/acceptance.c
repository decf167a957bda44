/* SPDX-License-Identifier: MIT */
/* What the acceptance programs share. */
#include "acceptance/acceptance.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool
accept_is_postgresql(void)
{
    return strcmp(ACCEPT_TARGET, "postgresql") == 0;
}

/* ---- The database ------------------------------------------------------- */

static char sqlite_path[160];

static void
remove_file(void)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
    char path[192];
    size_t i;

    for (i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s%s", sqlite_path, endings[i]);
        unlink(path);
    }
}

static void
write_sqlite_url(char *url, size_t size)
{
    const char *dir = getenv("TMPDIR");

    snprintf(sqlite_path, sizeof sqlite_path, "%s/cupel-accept-%s-%ld.db",
             dir == NULL ? "/tmp" : dir, ACCEPT_TOPIC, (long)getpid());
    snprintf(url, size, "sqlite:///%s?synchronous=off&foreign_keys=on",
             sqlite_path);
    atexit(remove_file);
}

static void
write_postgresql_url(char *url, size_t size)
{
    const char *base = test_env("CUPEL_TEST_PG_URL");

    snprintf(url, size, "%s%coptions=-csearch_path%%3Daccept_%s", base,
             strchr(base, '?') == NULL ? '?' : '&', ACCEPT_TOPIC);
}

const char *
accept_url(void)
{
    static char url[512];

    if (url[0] != '\0')
        return url;
    if (accept_is_postgresql())
        write_postgresql_url(url, sizeof url);
    else
        write_sqlite_url(url, sizeof url);
    return url;
}

/* Yields. */
static cupel_status
make_tables(cupel_connection *conn, void *arg)
{
    static const char *const steps[] = {
        "DROP SCHEMA IF EXISTS accept_" ACCEPT_TOPIC " CASCADE",
        "CREATE SCHEMA accept_" ACCEPT_TOPIC,
        "CREATE TABLE users (user_id INTEGER PRIMARY KEY, "
        "user_name VARCHAR(20))",
    };
    size_t i, first = accept_is_postgresql() ? 0 : 2;

    (void)arg;
    for (i = first; i < sizeof steps / sizeof steps[0]; i++)
        CHECK_OK(accept_run(conn, steps[i]));
    return CUPEL_OK;
}

/* ---- Engines ------------------------------------------------------------ */

/* With an engine of its own, so that nothing of this shows in the one that is
 * tested. Yields. */
static void
make_database(void)
{
    cupel_engine *engine;
    const char *url = accept_url();

    if (!accept_is_postgresql())
        remove_file();
    CHECK_OK(cupel_engine_create_async(url, NULL, &engine));
    CHECK_OK(cupel_engine_begin(engine, make_tables, NULL));
    cupel_engine_close(engine);
}

/* Yields. */
cupel_engine *
accept_engine(const cupel_engine_options *options)
{
    cupel_engine *engine;

    make_database();
    CHECK_OK(cupel_engine_create_async(accept_url(), options, &engine));
    return engine;
}

/* Yields. */
cupel_async_engine *
accept_async_engine(const cupel_engine_options *options)
{
    cupel_async_engine *engine;

    make_database();
    CHECK_OK(cupel_create_async_engine(accept_url(), options, &engine));
    return engine;
}

static void
check_nothing_lent(const cupel_engine *engine)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);

    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    CHECK_INT(status.waiting, 0);
}

/* Yields. */
void
accept_close(cupel_engine *engine)
{
    check_nothing_lent(engine);
    cupel_engine_close(engine);
}

/* Yields. */
void
accept_async_close(cupel_async_engine *engine)
{
    check_nothing_lent(cupel_async_engine_sync_engine(engine));
    CHECK_OK(cupel_await(cupel_async_engine_close(engine)));
}

/* ---- Statements --------------------------------------------------------- */

/* Yields. */
cupel_connection *
accept_connect(cupel_engine *engine)
{
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    return conn;
}

/* Yields. */
cupel_status
accept_run(cupel_connection *conn, const char *sql)
{
    return cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, NULL);
}

/* Yields. */
int64_t
accept_int(cupel_connection *conn, const char *sql)
{
    cupel_value value;

    CHECK_OK(
        cupel_connection_scalar(conn, CUPEL_TEXT(sql), NULL, NULL, &value));
    CHECK_INT(value.type, CUPEL_INT);
    return value.as.integer;
}

/* Yields. */
cupel_status
accept_insert(cupel_connection *conn, int id)
{
    char name[20];

    snprintf(name, sizeof name, "name%d", id);
    return cupel_connection_execute(
        conn,
        CUPEL_TEXT("INSERT INTO users (user_id, user_name) VALUES (:id, "
                   ":name)"),
        CUPEL_PARAMS({ "id", cupel_int(id) }, { "name", cupel_string(name) }),
        NULL, NULL);
}

/* Yields. */
void
accept_add_users(cupel_engine *engine, int count)
{
    cupel_connection *conn = accept_connect(engine);
    int id;

    for (id = 1; id <= count; id++)
        CHECK_OK(accept_insert(conn, id));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
}

/* Yields. */
int64_t
accept_committed(cupel_engine *engine)
{
    cupel_connection *conn = accept_connect(engine);
    int64_t count = accept_int(conn, "SELECT count(*) FROM users");

    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    return count;
}
