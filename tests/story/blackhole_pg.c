/* SPDX-License-Identifier: MIT */
/* A server that says nothing any more, and no packet that says so: the network
 * between is gone, or the session's process has stopped, or the whole server.
 * Whatever is done then ends no later than 100 ms after its deadline, the slot
 * comes back as soon as the clean-up's own time is over, and the next
 * connection works. The same on an engine without tasks, where it is poll(2)
 * that waits. */
#include <cupel/cupel.h>

#include <signal.h>
#include <time.h>

#include "../unit/dialect/postgresql_proxy.h"
#include "task/task.h"

/* What a call, and what a step of clean-up may take; and how late it may be. */
enum { CALL_MS = 250, CLEANUP_MS = 600, GRACE_MS = 100 };

/* What goes silent. */
enum hole { NETWORK, SESSION, SERVER, HOLES };

/* Something that is done when it has. */
struct deed {
    const char *name;
    void (*prepare)(cupel_connection *conn); /* before; NULL: nothing */
    cupel_task_fn *act;
    cupel_status expected[2]; /* one of these */
};

/* One test. */
struct story {
    const struct deed *deed;
    enum hole hole;
    bool blocking;
    char name[100];
};

static const struct story *story; /* the one that runs */
static struct proxy proxy;
static cupel_engine *engine;
static cupel_result *stream;
static cupel_transaction *transaction;
static int64_t backend; /* the process of the connection's session */

/* ---- Time ------------------------------------------------------------ */

static int64_t
now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* What began at `start` may have taken so long, and a little more. */
static void
check_in_time(const char *what, int64_t start, int64_t most_ms)
{
    int64_t took = now_us() - start;

    if (took > (most_ms + GRACE_MS) * 1000)
        fail_msg("%s took %.1f ms, with %d ms to do it", what,
                 (double)took / 1000, (int)most_ms);
}

/* ---- Going silent ---------------------------------------------------- */

/* The process that all sessions come from. */
static pid_t
server(void)
{
    char path[512];
    FILE *file;
    int pid;

    snprintf(path, sizeof path, "%s/postmaster.pid",
             test_env("CUPEL_TEST_PG_DATA"));
    file = fopen(path, "r");
    CHECK(file != NULL);
    CHECK_INT(fscanf(file, "%d", &pid), 1);
    fclose(file);
    return pid;
}

static void
go_silent(void)
{
    if (story->hole == NETWORK)
        proxy_freeze(&proxy);
    if (story->hole == SERVER)
        CHECK_INT(kill(server(), SIGSTOP), 0);
    if (story->hole != NETWORK && backend != 0)
        CHECK_INT(kill((pid_t)backend, SIGSTOP), 0);
}

static void
go_on(void)
{
    if (story->hole == NETWORK)
        proxy_thaw(&proxy);
    if (story->hole == SERVER)
        CHECK_INT(kill(server(), SIGCONT), 0);
    if (story->hole != NETWORK && backend != 0)
        CHECK_INT(kill((pid_t)backend, SIGCONT), 0);
}

/* Nothing is lent, and what was is gone in time. */
static void
wait_until_empty(void)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    int64_t start = now_us();

    do {
        if (!story->blocking)
            CHECK_OK(cupel_sleep(1));
        cupel_engine_pool_status(engine, &status);
        CHECK_INT(status.lent, 0);
        check_in_time("the slot", start, CLEANUP_MS);
    } while (status.size > status.idle);
}

/* ---- Deeds ----------------------------------------------------------- */

static cupel_status
run_sql(cupel_connection *conn, const char *sql)
{
    return cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, NULL);
}

static cupel_status
acquire(void *arg)
{
    cupel_connection *conn;
    cupel_status rc;

    (void)arg;
    rc = cupel_engine_connect(engine, &conn);
    if (rc == CUPEL_OK)
        rc = cupel_connection_exit(conn, rc);
    return rc;
}

/* The next one to acquire it finds out, by its ping. */
static void
give_back(cupel_connection *conn)
{
    CHECK_OK(cupel_connection_close(conn));
}

/* The next statement has to connect. */
static void
invalidate(cupel_connection *conn)
{
    CHECK_OK(cupel_connection_invalidate(conn));
    backend = 0; /* it has ended */
    wait_until_empty();
}

static cupel_status
query(void *arg)
{
    return run_sql(arg, "SELECT 42");
}

/* More than all buffers on the way can hold. */
static char text[6 * 1024 * 1024];

static void
write_much(cupel_connection *conn)
{
    (void)conn;
    memset(text, 'x', sizeof text - 1);
}

static cupel_status
query_much(void *arg)
{
    return cupel_connection_execute(
        arg, CUPEL_TEXT("SELECT length(:text)"),
        CUPEL_PARAMS({ "text", cupel_string(text) }), NULL, NULL);
}

static void
open_stream(cupel_connection *conn)
{
    const cupel_row *row;

    CHECK_OK(cupel_connection_stream(
        conn, CUPEL_TEXT("SELECT * FROM generate_series(1, 1000000)"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(10) }), &stream));
    CHECK_INT(cupel_result_fetchone(stream, &row), CUPEL_ROW);
}

static cupel_status
fetch(void *arg)
{
    const cupel_row *row;
    cupel_status rc;

    (void)arg;
    do
        rc = cupel_result_fetchone(stream, &row);
    while (rc == CUPEL_ROW);
    return rc;
}

static cupel_status
close_stream(void *arg)
{
    (void)arg;
    return cupel_result_close(stream);
}

static void
write_row(cupel_connection *conn)
{
    CHECK_OK(run_sql(conn, "CREATE TEMP TABLE blackhole (i int)"));
}

static cupel_status
commit(void *arg)
{
    return cupel_connection_commit(arg);
}

static cupel_status
roll_back(void *arg)
{
    return cupel_connection_rollback(arg);
}

static cupel_status
begin_nested(void *arg)
{
    cupel_transaction *tx;
    cupel_status rc = cupel_connection_begin_nested(arg, &tx);

    if (rc == CUPEL_OK)
        cupel_transaction_free(tx);
    return rc;
}

static void
begin_twophase(cupel_connection *conn)
{
    CHECK_OK(cupel_connection_begin_twophase(conn, "blackhole", &transaction));
    CHECK_OK(run_sql(conn, "SELECT 1"));
}

static cupel_status
prepare_twophase(void *arg)
{
    (void)arg;
    return cupel_transaction_prepare(transaction);
}

static cupel_status
set_isolation(void *arg)
{
    return cupel_connection_execution_options(
        arg, CUPEL_WITH({ "isolation_level", cupel_string("SERIALIZABLE") }));
}

/* Its session has to be put back when it is closed. */
static void
isolate(cupel_connection *conn)
{
    CHECK_OK(set_isolation(conn));
}

static cupel_status
get_isolation(void *arg)
{
    const char *level;

    return cupel_connection_get_isolation_level(arg, &level);
}

static cupel_status
close_connection(void *arg)
{
    return cupel_connection_close(arg);
}

/* A query that is cancelled long before its deadline. */
static cupel_status
cancel(void *arg)
{
    cupel_future *future = cupel_future_call(query, arg);
    int64_t start;
    cupel_status rc;

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_sleep(20));
    cupel_future_cancel(future);
    start = now_us();
    rc = cupel_await(future);
    check_in_time("the cancelled query", start, 0);
    return rc;
}

static cupel_status
close_engine(void *arg)
{
    CHECK_FAILS(cancel(arg), CUPEL_E_CANCELLED);
    CHECK_OK(cupel_connection_exit(arg, CUPEL_OK));
    cupel_engine_close(engine);
    engine = NULL;
    return CUPEL_OK;
}

static const struct deed deeds[] = {
    { "an acquire", NULL, acquire, { CUPEL_E_TIMEOUT } },
    { "an acquire with a ping", give_back, acquire, { CUPEL_E_TIMEOUT } },
    { "a connect", invalidate, query, { CUPEL_E_TIMEOUT, CUPEL_OK } },
    { "a query", NULL, query, { CUPEL_E_TIMEOUT } },
    { "a query in a transaction", write_row, query, { CUPEL_E_TIMEOUT } },
    { "a query of 6 MiB", write_much, query_much, { CUPEL_E_TIMEOUT } },
    { "a fetch", open_stream, fetch, { CUPEL_E_TIMEOUT } },
    { "the close of a stream",
      open_stream,
      close_stream,
      { CUPEL_E_TIMEOUT, CUPEL_OK } },
    { "a commit", write_row, commit, { CUPEL_E_TIMEOUT } },
    { "a rollback", write_row, roll_back, { CUPEL_E_TIMEOUT, CUPEL_OK } },
    { "a first phase", begin_twophase, prepare_twophase, { CUPEL_E_TIMEOUT } },
    { "an isolation level", NULL, set_isolation, { CUPEL_E_TIMEOUT } },
    { "a question for the level", NULL, get_isolation, { CUPEL_E_TIMEOUT } },
    { "a close with a session to put back",
      isolate,
      close_connection,
      { CUPEL_E_TIMEOUT, CUPEL_OK } },
    { "a savepoint", write_row, begin_nested, { CUPEL_E_TIMEOUT } },
    { "a close", write_row, close_connection, { CUPEL_E_TIMEOUT, CUPEL_OK } },
    { "a cancelled query", NULL, cancel, { CUPEL_E_CANCELLED } },
    { "the end of the engine", NULL, close_engine, { CUPEL_OK } },
};

/* The last two are for tasks only. */
enum { DEEDS = sizeof deeds / sizeof deeds[0], BLOCKING_DEEDS = DEEDS - 2 };

/* ---- The story ------------------------------------------------------- */

static void
open_engine(void)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    const char *url = story->hole == NETWORK ? proxy_url(&proxy, "")
                                             : test_env("CUPEL_TEST_PG_URL");

    options.pool_size = 1; /* the slot must come back, or nothing works */
    options.max_overflow = CUPEL_ZERO;
    options.connect_timeout_ms = CLEANUP_MS; /* it is the pool that connects */
    options.close_timeout_ms = CLEANUP_MS;
    options.pool_pre_ping = CUPEL_ON;
    if (story->blocking)
        CHECK_OK(cupel_engine_create(url, &options, &engine));
    else
        CHECK_OK(cupel_engine_create_async(url, &options, &engine));
}

static cupel_connection *
open_connection(void)
{
    cupel_connection *conn;
    cupel_value pid;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT pg_backend_pid()"), NULL, NULL, &pid));
    backend = pid.as.integer;
    CHECK_OK(cupel_connection_commit(conn));
    return conn;
}

/* The deadline is the thread's. */
static cupel_status
act_without_task(const struct deed *deed, cupel_connection *conn,
                 cupel_time until)
{
    struct cup_scope scope;
    cupel_status rc;

    cup_deadline_begin(&scope, until);
    rc = deed->act(conn);
    cup_scope_end(&scope);
    return rc;
}

/* Do it, with a deadline that it must keep. */
static void
act(const struct deed *deed, cupel_connection *conn)
{
    cupel_time until = cupel_deadline_in(CALL_MS);
    int64_t start = now_us();
    cupel_status rc;

    if (story->blocking)
        rc = act_without_task(deed, conn, until);
    else
        rc = cupel_await(
            cupel_future_wait_for(cupel_future_call(deed->act, conn), until));
    check_in_time(deed->name, start, CALL_MS);
    if (rc != deed->expected[0] && rc != deed->expected[1])
        CHECK_FAILS(rc, deed->expected[0]);
}

static void
check_next(void)
{
    int64_t start = now_us();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    check_in_time("the next connection", start, 1000);
}

/* Everything comes back, the sooner or later. */
static void
recover(cupel_connection *conn)
{
    int64_t start = now_us();

    if (stream != NULL)
        cupel_result_free(stream);
    stream = NULL;
    cupel_transaction_free(transaction);
    transaction = NULL;
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    check_in_time("the end of the connection", start, CLEANUP_MS);
    wait_until_empty();
    go_on();
    check_next();
    start = now_us();
    cupel_engine_close(engine);
    check_in_time("the end of the engine", start, CLEANUP_MS);
}

static void
tell(void)
{
    const struct deed *deed = story->deed;
    cupel_connection *conn;

    if (story->hole == NETWORK)
        proxy_start(&proxy, "", PROXY_NONE);
    open_engine();
    conn = open_connection();
    if (deed->prepare != NULL)
        deed->prepare(conn);
    go_silent();
    act(deed, conn);
    if (engine != NULL)
        recover(conn);
    else
        go_on();
    if (story->hole == NETWORK)
        proxy_stop(&proxy);
}

static void
run(const void *arg)
{
    story = arg;
    if (story->blocking)
        tell();
    else
        test_run_in_task(tell);
}

/* The deadline is the call's own. */
TEST(a_blocking_engine_keeps_its_deadlines_before_a_dead_network)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *conn;
    int64_t start;

    options.close_timeout_ms = CLEANUP_MS;
    proxy_start(&proxy, "", PROXY_NONE);
    CHECK_OK(cupel_engine_create(proxy_url(&proxy, ""), &options, &engine));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    proxy_freeze(&proxy);
    start = now_us();
    CHECK_FAILS(cupel_connection_execute(
                    conn, CUPEL_TEXT("SELECT 1"), NULL,
                    CUPEL_WITH({ "timeout_ms", cupel_int(CALL_MS) }), NULL),
                CUPEL_E_TIMEOUT);
    check_in_time("the query", start, CALL_MS);
    start = now_us();
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
    check_in_time("the end", start, CLEANUP_MS);
    proxy_stop(&proxy);
}

__attribute__((constructor)) static void
register_all(void)
{
    static struct story stories[(DEEDS + BLOCKING_DEEDS) * HOLES];
    static const char *const holes[] = { "a dead network", "a stopped session",
                                         "a stopped server" };
    size_t i;

    for (i = 0; i < (DEEDS + BLOCKING_DEEDS) * HOLES; i++) {
        struct story *entry = &stories[i];

        entry->deed = &deeds[i / HOLES % DEEDS];
        entry->hole = (enum hole)(i % HOLES);
        entry->blocking = i >= HOLES * DEEDS;
        snprintf(entry->name, sizeof entry->name, "%s before %s%s",
                 entry->deed->name, holes[entry->hole],
                 entry->blocking ? ", without tasks" : "");
        test_register_with(entry->name, run, entry);
    }
}
