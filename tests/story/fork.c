/* SPDX-License-Identifier: MIT */
/* A process that forks while its engines have connections: the child starts
 * with an empty pool and works, the parent goes on with what it has. On the
 * fake database, on a sqlite file, and on PostgreSQL if there is one. */
#include <cupel/cupel.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dialect/fake/fake.h"
#include "support/test.h"

enum { FORKS = 20 };

static cupel_engine *engine;

/* One use of the engine, in a child too: no CHECK here. Yields. */
static cupel_status
use(void *arg)
{
    cupel_connection *conn;
    cupel_value value;
    cupel_status rc;

    rc = cupel_engine_connect(engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_scalar(conn, CUPEL_TEXT("SELECT 42"), NULL, NULL,
                                 &value);
    if (rc == CUPEL_OK && arg != NULL)
        *(int64_t *)arg = value.as.integer;
    return cupel_connection_exit(conn, rc);
}

static cupel_status
close_engine(void *arg)
{
    (void)arg;
    cupel_engine_close(engine);
    return CUPEL_OK;
}

static uint64_t
connects(void)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);

    cupel_engine_pool_status(engine, &status);
    return status.connects;
}

static cupel_status
run(bool async, cupel_task_fn *body, void *arg)
{
    return async ? cupel_run(body, arg) : body(arg);
}

/* What the child does; its exit status is 0 if all went well. */
static int
live_as_child(bool async)
{
    uint64_t before = connects();
    int64_t value = 0;

    if (run(async, use, &value) != CUPEL_OK || value != 42)
        return 1;
    if (run(async, use, &value) != CUPEL_OK)
        return 2;
    if (connects() != before + 1)
        return 3;
    run(async, close_engine, NULL);
    return 0;
}

static void
fork_once(bool async)
{
    int status = -1;
    pid_t pid = fork();

    CHECK(pid >= 0);
    if (pid == 0)
        _exit(live_as_child(async));
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
}

static void
open_engine(const char *url, bool async)
{
    static bool registered;

    if (!registered)
        CHECK_OK(cupel_dialect_register(&cup_fake_dialect));
    registered = true;
    if (async)
        CHECK_OK(cupel_engine_create_async(url, NULL, &engine));
    else
        CHECK_OK(cupel_engine_create(url, NULL, &engine));
}

/* The parent's one connection serves it before, between and after. */
static void
fork_often(const char *url, bool async)
{
    open_engine(url, async);
    CHECK_OK(run(async, use, NULL));
    for (int i = 0; i < FORKS; i++) {
        fork_once(async);
        CHECK_OK(run(async, use, NULL));
    }
    CHECK_INT(connects(), 1);
    CHECK_OK(run(async, close_engine, NULL));
}

/* ---- In the middle of things -------------------------------------------- */

/* A child of a task's: its thread has no loop, and can have one. */
static cupel_status
fork_in_task(void *arg)
{
    CHECK_OK(use(NULL));
    fork_once(true);
    CHECK_OK(use(arg));
    CHECK_INT(connects(), 1);
    return CUPEL_OK;
}

/* A transaction is open in the parent: the child can neither use nor end it. */
static int
meddle(cupel_connection *conn)
{
    if (cupel_connection_execute(conn, CUPEL_TEXT("SELECT 1"), NULL, NULL,
                                 NULL) != CUPEL_E_INVALID)
        return 10;
    cupel_connection_free(conn);
    return live_as_child(false);
}

static void
run_on(cupel_connection *conn, const char *sql)
{
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, NULL));
}

static void
fork_in_transaction(const char *url)
{
    cupel_connection *conn;
    cupel_value value;
    int status = -1;
    pid_t pid;

    open_engine(url, false);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    run_on(conn, "DROP TABLE IF EXISTS forked");
    run_on(conn, "CREATE TABLE forked (a INT)");
    CHECK_OK(cupel_connection_commit(conn));
    run_on(conn, "INSERT INTO forked VALUES (1)");
    pid = fork();
    CHECK(pid >= 0);
    if (pid == 0)
        _exit(meddle(conn));
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK_INT(WEXITSTATUS(status), 0);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT count(*) FROM forked"), NULL, NULL, &value));
    CHECK_INT(value.as.integer, 1);
    run_on(conn, "DROP TABLE forked");
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
}

/* ThreadSanitizer does not let the child of a process with threads start its
 * own, which a sqlite file needs. */
static void
skip_if_threads_are_watched(void)
{
#if defined(__SANITIZE_THREAD__)
    skip();
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
    skip();
#endif
#endif
}

/* ---- On each database --------------------------------------------------- */

static char file_url[128];

static const char *
sqlite_file(void)
{
    char path[64];

    snprintf(path, sizeof path, "/tmp/cupel-fork-%ld.db", (long)getpid());
    unlink(path);
    snprintf(file_url, sizeof file_url, "sqlite:///%s", path);
    return file_url;
}

static void
remove_file(void)
{
    unlink(strstr(file_url, "///") + 3);
}

TEST(fake_tasks)
{
    cup_fake_reset();
    fork_often("fake://fork", true);
}

TEST(fake_threads)
{
    cup_fake_reset();
    fork_often("fake://fork", false);
}

TEST(fake_in_a_task)
{
    cup_fake_reset();
    open_engine("fake://fork", true);
    CHECK_OK(cupel_run(fork_in_task, NULL));
    CHECK_OK(cupel_run(close_engine, NULL));
}

TEST(sqlite_tasks)
{
    fork_often(sqlite_file(), true);
    remove_file();
}

TEST(sqlite_threads)
{
    fork_often(sqlite_file(), false);
    remove_file();
}

TEST(sqlite_in_a_task)
{
    skip_if_threads_are_watched();
    open_engine(sqlite_file(), true);
    CHECK_OK(cupel_run(fork_in_task, NULL));
    CHECK_OK(cupel_run(close_engine, NULL));
    remove_file();
}

TEST(sqlite_in_a_transaction)
{
    fork_in_transaction(sqlite_file());
    remove_file();
}

static const char *
postgresql(void)
{
    const char *url = getenv("CUPEL_TEST_PG_URL");

    if (url == NULL)
        skip();
    return url;
}

TEST(postgresql_tasks)
{
    fork_often(postgresql(), true);
}

TEST(postgresql_threads)
{
    fork_often(postgresql(), false);
}

TEST(postgresql_in_a_task)
{
    open_engine(postgresql(), true);
    CHECK_OK(cupel_run(fork_in_task, NULL));
    CHECK_OK(cupel_run(close_engine, NULL));
}

TEST(postgresql_in_a_transaction)
{
    fork_in_transaction(postgresql());
}
