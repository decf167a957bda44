/* SPDX-License-Identifier: MIT */
/* What every way of running the scenarios shares. */
#include "suite/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dialect/fake/fake.h"

/* What the names of this program's prepared transactions begin with. */
#define XID "suite_" SUITE_RUN "_"

static bool tolerant;

static unsigned
traits_here(void)
{
    unsigned traits = SUITE_BLOCKING ? SUITE_NO_TASKS : 0;

    if (strcmp(SUITE_TARGET, "memory") == 0)
        traits |= SUITE_ONE_CONNECTION | SUITE_ONE_WRITER | SUITE_NO_TWOPHASE;
    if (strcmp(SUITE_TARGET, "sqlite") == 0)
        traits |= SUITE_ONE_WRITER | SUITE_NO_TWOPHASE;
    return traits;
}

static void
run(const void *arg)
{
    suite_run_scenario(arg);
}

void
scenario_register(const struct scenario *scenario)
{
    if ((scenario->avoid & traits_here()) == 0)
        test_register_with(scenario->name, run, scenario);
}

void
suite_run_body(void (*body)(void))
{
    if (SUITE_BLOCKING)
        body();
    else
        test_run_in_task(body);
}

/* ---- The database ---------------------------------------------------- */

static void
register_fake(void)
{
    static bool done;

    if (!done)
        CHECK_OK(cupel_dialect_register(&cup_fake_dialect));
    done = true;
}

/* A file of this process's own, removed at its end. */
static char sqlite_path[128];
static char sqlite_url[200];

static void
remove_file(void)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
    char path[160];
    size_t i;

    for (i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s%s", sqlite_path, endings[i]);
        unlink(path);
    }
}

static const char *
sqlite_file_url(void)
{
    const char *dir = getenv("TMPDIR");

    if (sqlite_path[0] == '\0') {
        snprintf(sqlite_path, sizeof sqlite_path, "%s/cupel-suite-%ld.db",
                 dir == NULL ? "/tmp" : dir, (long)getpid());
        snprintf(sqlite_url, sizeof sqlite_url,
                 "sqlite:///%s?journal_mode=wal&synchronous=off", sqlite_path);
        atexit(remove_file);
    }
    remove_file();
    return sqlite_url;
}

/* Each program of the suite has a schema of its own on the server, so that they
 * can run beside each other. */
static const char *
postgresql_url(void)
{
    static char url[512];
    const char *base = getenv("CUPEL_TEST_PG_URL");

    if (base == NULL)
        return NULL;
    snprintf(url, sizeof url, "%s%coptions=-csearch_path%%3Dsuite_%s", base,
             strchr(base, '?') == NULL ? '?' : '&', SUITE_RUN);
    return url;
}

struct suite
suite_target(void)
{
    struct suite suite = { .name = SUITE_TARGET, .traits = traits_here() };

    if (strcmp(suite.name, "fake") == 0) {
        register_fake();
        cup_fake_reset();
        suite.url = "fake://suite";
    } else if (strcmp(suite.name, "memory") == 0) {
        suite.url = "sqlite://";
    } else if (strcmp(suite.name, "sqlite") == 0) {
        suite.url = sqlite_file_url();
    } else {
        suite.url = postgresql_url();
    }
    if (suite.url == NULL)
        fail_msg("CUPEL_TEST_PG_URL is not set: run through tools/with_pg.sh");
    return suite;
}

static cupel_status
make_table(cupel_connection *conn, void *arg)
{
    const struct suite *suite = arg;
    cupel_status rc = CUPEL_OK;

    if (strcmp(suite->name, "postgresql") == 0)
        rc = suite_run(conn, "CREATE SCHEMA IF NOT EXISTS suite_" SUITE_RUN);
    TRY(rc, suite_run(conn, "DROP TABLE IF EXISTS item"));
    TRY(rc, suite_run(conn, "CREATE TABLE item (id INTEGER PRIMARY KEY, "
                            "name TEXT)"));
    TRY(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES "
                            "(1, 'one'), (2, 'two'), (3, 'three')"));
    return rc;
}

/* What an earlier scenario prepared and left holds its locks for ever. Yields.
 */
static void
sweep(struct suite *suite)
{
    const cupel_value *names;
    cupel_scalar_result *result;
    cupel_connection *conn;
    size_t i, count = 0;
    char name[64];

    CHECK_OK(cupel_engine_connect(suite->engine, &conn));
    CHECK_OK(cupel_connection_recover_twophase(conn, &result));
    CHECK_OK(cupel_scalar_result_all(result, &names, &count));
    for (i = 0; i < count; i++) {
        cupel_value_format(&names[i], name, sizeof name);
        if (strncmp(name, XID, sizeof XID - 1) == 0)
            CHECK_OK(cupel_connection_rollback_prepared(conn, name, true));
    }
    cupel_scalar_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
}

static void
make_engine(struct suite *suite, const cupel_engine_options *options)
{
    if ((suite->traits & SUITE_NO_TASKS) != 0) {
        CHECK_OK(cupel_engine_create(suite->url, options, &suite->engine));
        return;
    }
    CHECK_OK(
        cupel_create_async_engine(suite->url, options, &suite->async_engine));
    suite->engine = cupel_async_engine_sync_engine(suite->async_engine);
}

void
suite_open(struct suite *suite)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    if ((suite->traits & SUITE_ONE_CONNECTION) == 0) {
        options.pool_size = 3;
        options.max_overflow = 2;
    }
    make_engine(suite, &options);
    if ((suite->traits & SUITE_NO_TWOPHASE) == 0)
        sweep(suite);
    CHECK_OK(cupel_engine_begin(suite->engine, make_table, suite));
    if ((suite->traits & SUITE_ONE_CONNECTION) == 0)
        CHECK_OK(cupel_engine_dispose(suite->engine));
}

void
suite_check_pool(struct suite *suite)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_time until = cupel_deadline_in(10000);
    cupel_connection *conn;
    int64_t one;

    /* Where there are tasks, what was given up is closed in the background. */
    do {
        cupel_engine_pool_status(suite->engine, &status);
        if (status.closing + status.connecting == 0 ||
            (suite->traits & SUITE_NO_TASKS) != 0)
            break;
        CHECK_OK(cupel_sleep(1));
    } while (cupel_now() < until);
    CHECK_INT(status.lent, 0);
    CHECK_INT(status.waiting, 0);
    CHECK_INT(status.closing, 0);
    CHECK_INT(status.connecting, 0);
    CHECK_INT(status.size, status.idle);

    CHECK_OK(cupel_engine_connect(suite->engine, &conn));
    CHECK_OK(suite_int(conn, "SELECT 1", &one));
    CHECK_INT(one, 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
}

void
suite_close(struct suite *suite)
{
    if (suite->async_engine != NULL)
        CHECK_OK(cupel_await(cupel_async_engine_close(suite->async_engine)));
    else
        cupel_engine_close(suite->engine);
    suite->async_engine = NULL;
    suite->engine = NULL;
    if (strcmp(suite->name, "fake") == 0)
        cup_fake_reset();
}

/* ---- For scenarios --------------------------------------------------- */

cupel_status
suite_run(cupel_connection *conn, const char *sql)
{
    return cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, NULL);
}

cupel_status
suite_int(cupel_connection *conn, const char *sql, int64_t *out)
{
    cupel_value value;
    cupel_status rc;

    *out = 0;
    rc = cupel_connection_scalar(conn, CUPEL_TEXT(sql), NULL, NULL, &value);
    if (rc != CUPEL_OK)
        return rc;
    CHECK_INT(value.type, CUPEL_INT);
    *out = value.as.integer;
    return rc;
}

cupel_status
suite_committed(struct suite *suite, int64_t *out)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_exit(
        conn, suite_int(conn, "SELECT count(*) FROM item", out));
}

const char *
suite_xid(const char *name)
{
    static char xid[64];

    snprintf(xid, sizeof xid, XID "%s", name);
    return xid;
}

void
suite_tolerate(bool tolerate)
{
    tolerant = tolerate;
}

bool
suite_tolerant(void)
{
    return tolerant;
}

void
suite_check_field(const char *actual, const char *expected)
{
    if (actual != NULL || !tolerant)
        CHECK_STR(actual, expected);
}

cupel_status
suite_expect(cupel_status actual, cupel_status expected, const char *call,
             const char *file, int line)
{
    if (tolerant && actual != expected && actual < CUPEL_OK)
        return actual;
    test_check_status(actual, expected, call, file, line);
    return CUPEL_OK;
}
