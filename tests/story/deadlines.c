/* SPDX-License-Identifier: MIT */
/* Whatever may wait, and a database that says nothing: each public verb ends at
 * its deadline, not a moment later, says what it waited for, and leaves a pool
 * whose books are right. The deadline is that of the future that it runs in, or
 * the option timeout_ms of the call, the connection or the engine. The clock is
 * a test's, so all of that takes no time. */
#include <cupel/cupel.h>

#include <stdio.h>

#include "dialect/fake/fake.h"
#include "support/test.h"
#include "task/loop.h"

enum { SPAN_MS = 1000, OWN_MS = 5000, LONG_MS = 50000 };

/* Whose the deadline is. */
enum { OF_FUTURE = 1, OF_CALL = 2, OF_CONNECTION = 4, OF_ENGINE = 8 };

/* Where the verbs of a connection get theirs from, and those of an engine. */
enum {
    CONNECTIONS = OF_FUTURE | OF_CONNECTION | OF_ENGINE,
    ENGINES = OF_FUTURE | OF_ENGINE,
    STATEMENTS = CONNECTIONS | OF_CALL
};

/* A verb, and what does not answer it. */
struct deed {
    const char *name;
    void (*prepare)(void); /* before; may be NULL */
    cupel_task_fn *act;
    enum cup_fake_op op; /* that hangs */
    const char *sql;     /* only what contains it; may be NULL */
    unsigned levels;
    cupel_status expected;
    const char *says; /* in the error's text */
};

/* One test. */
struct story {
    const struct deed *deed;
    unsigned level;
    char name[96];
};

static const struct story *story; /* the one that runs */
static cupel_engine *engine;
static cupel_connection *conn;
static cupel_raw_connection *raw;
static cupel_transaction *tx;
static cupel_result *stream;
static cupel_future *other; /* a task beside */
static cupel_value value;

/* ---- What is there before ---------------------------------------------- */

static const cupel_execution_options *
call_options(void)
{
    static const cupel_param items[] = {
        { "timeout_ms", { .type = CUPEL_INT, .as.integer = SPAN_MS } },
        { "yield_per", { .type = CUPEL_INT, .as.integer = 1 } }
    };
    static const cupel_execution_options both = { items, 2 },
                                         batch = { items + 1, 1 };

    return story->level == OF_CALL ? &both : &batch;
}

static cupel_status
run_sql(cupel_connection *on, const char *sql)
{
    return cupel_connection_execute(on, CUPEL_TEXT(sql), NULL, call_options(),
                                    NULL);
}

static void
connected(void)
{
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_commit(conn));
    if (story->level == OF_CONNECTION)
        CHECK_OK(cupel_connection_execution_options(
            conn, CUPEL_WITH({ "timeout_ms", cupel_int(SPAN_MS) })));
}

static void
in_transaction(void)
{
    connected();
    CHECK_OK(run_sql(conn, "INSERT INTO item (id) VALUES (4)"));
}

static void
invalidated(void)
{
    connected();
    CHECK_OK(cupel_connection_invalidate(conn));
}

static void
streaming(void)
{
    const cupel_row *row;

    connected();
    CHECK_OK(cupel_connection_stream(conn, CUPEL_TEXT("SELECT id FROM item"),
                                     NULL, call_options(), &stream));
    CHECK_FAILS(cupel_result_fetchone(stream, &row), CUPEL_ROW);
}

static void
nested(void)
{
    in_transaction();
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
}

static void
begun_twophase(void)
{
    connected();
    CHECK_OK(cupel_connection_begin_twophase(conn, "x", &tx));
    CHECK_OK(run_sql(conn, "INSERT INTO item (id) VALUES (4)"));
}

static void
prepared(void)
{
    begun_twophase();
    CHECK_OK(cupel_transaction_prepare(tx));
}

/* Somebody else's, left behind. */
static void
left_prepared(void)
{
    prepared();
    cupel_transaction_free(tx);
    tx = NULL;
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    connected();
}

static void
raw_connected(void)
{
    CHECK_OK(cupel_engine_raw_connection(engine, &raw));
}

static void
raw_in_transaction(void)
{
    raw_connected();
    CHECK_OK(cupel_raw_connection_execute(raw, "BEGIN", NULL, 0, NULL));
}

/* An idle connection. */
static void
warm(void)
{
    connected();
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = NULL;
}

/* Have the one connection for longer than anybody waits. */
static cupel_status
hold(void *arg)
{
    cupel_connection *held;
    cupel_status rc;

    (void)arg;
    CHECK_OK(cupel_engine_connect(engine, &held));
    rc = cupel_sleep(LONG_MS);
    return cupel_connection_exit(held, rc);
}

static void
beside(cupel_task_fn *fn)
{
    other = cupel_future_call(fn, NULL);
    CHECK_OK(cupel_future_spawn(other));
    CHECK_OK(cupel_sleep(1));
}

static void
taken(void)
{
    beside(hold);
}

/* Be in the middle of a call on the connection. */
static cupel_status
use(void *arg)
{
    static const struct cup_fake_fault slow = { .op = CUP_FAKE_EXECUTE,
                                                .kind = CUP_FAKE_DELAY,
                                                .delay_ms = LONG_MS };

    (void)arg;
    cup_fake_fault(&slow);
    return cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT 2"), NULL,
        CUPEL_WITH({ "timeout_ms", cupel_int(2 * LONG_MS) }), NULL);
}

static void
in_use(void)
{
    connected();
    beside(use);
}

/* ---- Verbs --------------------------------------------------------------- */

static cupel_status
do_connect(void *arg)
{
    (void)arg;
    return cupel_engine_connect(engine, &conn);
}

static cupel_status
do_connect_raw(void *arg)
{
    (void)arg;
    return cupel_engine_raw_connection(engine, &raw);
}

static cupel_status
do_warm_up(void *arg)
{
    (void)arg;
    return cupel_engine_warm_up(engine, 1);
}

static cupel_status
do_dispose(void *arg)
{
    (void)arg;
    return cupel_engine_dispose(engine);
}

static cupel_status
insert(cupel_connection *on, void *arg)
{
    (void)arg;
    return run_sql(on, "INSERT INTO item (id) VALUES (5)");
}

static cupel_status
do_engine_begin(void *arg)
{
    (void)arg;
    return cupel_engine_begin(engine, insert, NULL);
}

static cupel_status
do_begin(void *arg)
{
    (void)arg;
    return cupel_connection_begin(conn, NULL);
}

static cupel_status
do_begin_nested(void *arg)
{
    (void)arg;
    return cupel_connection_begin_nested(conn, NULL);
}

static cupel_status
do_execute(void *arg)
{
    (void)arg;
    return run_sql(conn, "SELECT 1");
}

static cupel_status
do_scalar(void *arg)
{
    (void)arg;
    return cupel_connection_scalar(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                   call_options(), &value);
}

static cupel_status
do_scalars(void *arg)
{
    cupel_scalar_result *result;

    (void)arg;
    return cupel_connection_scalars(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                    call_options(), &result);
}

static cupel_status
do_driver_sql(void *arg)
{
    (void)arg;
    return cupel_connection_exec_driver_sql(conn, "SELECT 1", NULL,
                                            call_options(), NULL);
}

static cupel_status
do_stream(void *arg)
{
    (void)arg;
    return cupel_connection_stream(conn, CUPEL_TEXT("SELECT id FROM item"),
                                   NULL, call_options(), &stream);
}

static cupel_status
do_stream_scalars(void *arg)
{
    cupel_scalar_result *result;

    (void)arg;
    return cupel_connection_stream_scalars(
        conn, CUPEL_TEXT("SELECT id FROM item"), NULL, call_options(), &result);
}

static cupel_status
do_fetch(void *arg)
{
    const cupel_row *row;

    (void)arg;
    return cupel_result_fetchone(stream, &row);
}

static cupel_status
do_fetch_all(void *arg)
{
    const cupel_row *const *rows;
    size_t count;

    (void)arg;
    return cupel_result_all(stream, &rows, &count);
}

static cupel_status
do_close_stream(void *arg)
{
    (void)arg;
    return cupel_result_close(stream);
}

static cupel_status
do_commit(void *arg)
{
    (void)arg;
    return cupel_connection_commit(conn);
}

static cupel_status
do_rollback(void *arg)
{
    (void)arg;
    return cupel_connection_rollback(conn);
}

static cupel_status
do_close(void *arg)
{
    (void)arg;
    return cupel_connection_close(conn);
}

static cupel_status
do_get_level(void *arg)
{
    const char *level;

    (void)arg;
    return cupel_connection_get_isolation_level(conn, &level);
}

static cupel_status
do_set_level(void *arg)
{
    (void)arg;
    return cupel_connection_execution_options(
        conn, CUPEL_WITH({ "isolation_level", cupel_string("SERIALIZABLE") }));
}

static cupel_status
do_set_switch(void *arg)
{
    (void)arg;
    return cupel_connection_execution_options(
        conn, CUPEL_WITH({ "fake_readonly", cupel_bool(true) }));
}

static cupel_status
do_info(void *arg)
{
    cupel_info *info;

    (void)arg;
    return cupel_connection_info(conn, &info);
}

static cupel_status
do_get_raw(void *arg)
{
    cupel_raw_connection *borrowed;

    (void)arg;
    return cupel_connection_get_raw_connection(conn, &borrowed);
}

static cupel_status
do_begin_twophase(void *arg)
{
    (void)arg;
    return cupel_connection_begin_twophase(conn, "y", NULL);
}

static cupel_status
do_prepare(void *arg)
{
    (void)arg;
    return cupel_transaction_prepare(tx);
}

static cupel_status
do_commit_tx(void *arg)
{
    (void)arg;
    return cupel_transaction_commit(tx);
}

static cupel_status
do_rollback_tx(void *arg)
{
    (void)arg;
    return cupel_transaction_rollback(tx);
}

static cupel_status
do_close_tx(void *arg)
{
    (void)arg;
    return cupel_transaction_close(tx);
}

static cupel_status
do_recover(void *arg)
{
    cupel_scalar_result *names;

    (void)arg;
    return cupel_connection_recover_twophase(conn, &names);
}

static cupel_status
do_commit_prepared(void *arg)
{
    (void)arg;
    return cupel_connection_commit_prepared(conn, "x", true);
}

static cupel_status
do_rollback_prepared(void *arg)
{
    (void)arg;
    return cupel_connection_rollback_prepared(conn, "x", true);
}

static cupel_status
do_raw_execute(void *arg)
{
    (void)arg;
    return cupel_raw_connection_execute(raw, "SELECT 1", NULL, 0, NULL);
}

static cupel_status
do_raw_commit(void *arg)
{
    (void)arg;
    return cupel_raw_connection_commit(raw);
}

static cupel_status
do_raw_rollback(void *arg)
{
    (void)arg;
    return cupel_raw_connection_rollback(raw);
}

#define ANSWER "waiting for the database to answer"
#define CALLS "waiting for the calls before this one"
#define LATE CUPEL_E_TIMEOUT

/* clang-format off */
static const struct deed deeds[] = {
    { "connect", NULL, do_connect, CUP_FAKE_CONNECT, NULL, ENGINES, LATE,
      "1 connecting" },
    { "connect, initialising", NULL, do_connect, CUP_FAKE_INITIALIZE, NULL,
      ENGINES, LATE, "1 connecting" },
    { "connect, setting the level", NULL, do_connect, CUP_FAKE_SET_ISOLATION,
      NULL, ENGINES, LATE, ANSWER },
    { "connect, with a ping", warm, do_connect, CUP_FAKE_PING, NULL, ENGINES,
      LATE, ANSWER },
    { "connect, in the queue", taken, do_connect, CUP_FAKE_ANY, "none",
      ENGINES, LATE, "waiting" },
    { "connect raw", NULL, do_connect_raw, CUP_FAKE_CONNECT, NULL, ENGINES,
      LATE, "1 connecting" },
    { "connect raw, with a ping", warm, do_connect_raw, CUP_FAKE_PING, NULL,
      ENGINES, LATE, ANSWER },
    { "warm up", NULL, do_warm_up, CUP_FAKE_CONNECT, NULL, ENGINES, LATE,
      "waiting for connections to be opened" },
    { "dispose", warm, do_dispose, CUP_FAKE_CLOSE, NULL, ENGINES, CUPEL_OK,
      "" },
    { "engine begin, connecting", NULL, do_engine_begin, CUP_FAKE_CONNECT,
      NULL, ENGINES, LATE, "1 connecting" },
    { "engine begin, executing", NULL, do_engine_begin, CUP_FAKE_EXECUTE, NULL,
      STATEMENTS & ~(unsigned)OF_CONNECTION, LATE, ANSWER },
    { "engine begin, committing", NULL, do_engine_begin, CUP_FAKE_COMMIT, NULL,
      ENGINES, LATE, ANSWER },
    { "begin", invalidated, do_begin, CUP_FAKE_CONNECT, NULL, CONNECTIONS, LATE,
      "1 connecting" },
    { "begin nested", in_transaction, do_begin_nested, CUP_FAKE_EXECUTE,
      "SAVEPOINT", CONNECTIONS, LATE, ANSWER },
    { "execute", connected, do_execute, CUP_FAKE_EXECUTE, NULL, STATEMENTS,
      LATE, ANSWER },
    { "execute, connecting", invalidated, do_execute, CUP_FAKE_CONNECT, NULL,
      STATEMENTS, LATE, "1 connecting" },
    { "execute, behind another call", in_use, do_execute, CUP_FAKE_ANY, "none",
      STATEMENTS, LATE, CALLS },
    { "scalar", connected, do_scalar, CUP_FAKE_EXECUTE, NULL, STATEMENTS, LATE,
      ANSWER },
    { "scalars", connected, do_scalars, CUP_FAKE_EXECUTE, NULL, STATEMENTS,
      LATE, ANSWER },
    { "driver sql", connected, do_driver_sql, CUP_FAKE_EXECUTE, NULL,
      STATEMENTS, LATE, ANSWER },
    { "stream", connected, do_stream, CUP_FAKE_EXECUTE, NULL, STATEMENTS, LATE,
      ANSWER },
    { "stream scalars", connected, do_stream_scalars, CUP_FAKE_EXECUTE, NULL,
      STATEMENTS, LATE, ANSWER },
    { "fetch", streaming, do_fetch, CUP_FAKE_FETCH, NULL, STATEMENTS, LATE,
      ANSWER },
    { "fetch all", streaming, do_fetch_all, CUP_FAKE_FETCH, NULL, STATEMENTS,
      LATE, ANSWER },
    { "close a stream", streaming, do_close_stream, CUP_FAKE_CLOSE_ROWS, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "commit", in_transaction, do_commit, CUP_FAKE_COMMIT, NULL, CONNECTIONS,
      LATE, ANSWER },
    { "commit, behind another call", in_use, do_commit, CUP_FAKE_ANY, "none",
      CONNECTIONS, LATE, CALLS },
    { "rollback", in_transaction, do_rollback, CUP_FAKE_ROLLBACK, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "close", in_transaction, do_close, CUP_FAKE_ROLLBACK, NULL, CONNECTIONS,
      LATE, ANSWER },
    { "close, with a stream", streaming, do_close, CUP_FAKE_CLOSE_ROWS, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "release a savepoint", nested, do_commit_tx, CUP_FAKE_EXECUTE, "RELEASE",
      CONNECTIONS, LATE, ANSWER },
    { "roll back to a savepoint", nested, do_rollback_tx, CUP_FAKE_EXECUTE,
      "ROLLBACK", CONNECTIONS, LATE, ANSWER },
    { "close a savepoint", nested, do_close_tx, CUP_FAKE_EXECUTE, "ROLLBACK",
      CONNECTIONS, LATE, ANSWER },
    { "get the level", connected, do_get_level, CUP_FAKE_GET_ISOLATION, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "set the level", connected, do_set_level, CUP_FAKE_SET_ISOLATION, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "set a switch", connected, do_set_switch, CUP_FAKE_SET_SWITCH, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "info", invalidated, do_info, CUP_FAKE_CONNECT, NULL, CONNECTIONS, LATE,
      "1 connecting" },
    { "get the raw connection", invalidated, do_get_raw, CUP_FAKE_CONNECT,
      NULL, CONNECTIONS, LATE, "1 connecting" },
    { "begin two-phase", connected, do_begin_twophase, CUP_FAKE_BEGIN_TWOPHASE,
      NULL, CONNECTIONS, LATE, ANSWER },
    { "prepare", begun_twophase, do_prepare, CUP_FAKE_PREPARE_TWOPHASE, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "commit the prepared", prepared, do_commit_tx, CUP_FAKE_COMMIT_TWOPHASE,
      NULL, CONNECTIONS, LATE, ANSWER },
    { "roll back the prepared", prepared, do_rollback_tx,
      CUP_FAKE_ROLLBACK_TWOPHASE, NULL, CONNECTIONS, LATE, ANSWER },
    { "recover", connected, do_recover, CUP_FAKE_RECOVER_TWOPHASE, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "commit by name", left_prepared, do_commit_prepared,
      CUP_FAKE_COMMIT_TWOPHASE, NULL, CONNECTIONS, LATE, ANSWER },
    { "roll back by name", left_prepared, do_rollback_prepared,
      CUP_FAKE_ROLLBACK_TWOPHASE, NULL, CONNECTIONS, LATE, ANSWER },
    { "raw execute", raw_connected, do_raw_execute, CUP_FAKE_EXECUTE, NULL,
      OF_FUTURE, LATE, "the deadline passed" },
    { "raw commit", raw_in_transaction, do_raw_commit, CUP_FAKE_COMMIT, NULL,
      OF_FUTURE, LATE, "the deadline passed" },
    { "raw rollback", raw_in_transaction, do_raw_rollback, CUP_FAKE_ROLLBACK,
      NULL, OF_FUTURE, LATE, "the deadline passed" },
};
/* clang-format on */

enum { DEEDS = sizeof deeds / sizeof deeds[0] };

/* ---- The story ----------------------------------------------------------- */

/* One slot, so that the next checkout proves that it is back. */
static cupel_engine_options
options_of_engine(void)
{
    static const cupel_param item = { "isolation_level",
                                      { .type = CUPEL_TEXT,
                                        .as.bytes = { "SERIALIZABLE", 12 } } };
    static const cupel_execution_options level = { &item, 1 };
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.pool_size = 1;
    options.max_overflow = CUPEL_ZERO;
    options.pool_timeout_ms = LONG_MS;
    options.connect_timeout_ms = LONG_MS;
    options.close_timeout_ms = OWN_MS;
    options.pool_pre_ping = CUPEL_ON;
    if (story->deed->op == CUP_FAKE_SET_ISOLATION)
        options.execution_options = &level;
    if (story->level == OF_ENGINE)
        options.timeout_ms = SPAN_MS;
    return options;
}

/* A database with rows, of which nothing is open. */
static void
make_database(void)
{
    cupel_engine *maker;
    cupel_connection *first;

    cup_fake_reset();
    CHECK_OK(cupel_engine_create_async("fake://story", NULL, &maker));
    CHECK_OK(cupel_engine_connect(maker, &first));
    CHECK_OK(run_sql(first, "CREATE TABLE item (id INTEGER PRIMARY KEY)"));
    CHECK_OK(run_sql(first, "INSERT INTO item (id) VALUES (1), (2), (3)"));
    CHECK_OK(cupel_connection_commit(first));
    CHECK_OK(cupel_connection_exit(first, CUPEL_OK));
    cupel_engine_close(maker);
}

static cupel_status
act(void)
{
    const struct deed *deed = story->deed;
    cupel_future *future;

    if (story->level != OF_FUTURE)
        return deed->act(NULL);
    future = cupel_future_call(deed->act, NULL);
    return cupel_await(
        cupel_future_wait_for(future, cupel_deadline_in(SPAN_MS)));
}

static void
check_late(void)
{
    const struct deed *deed = story->deed;
    const struct cup_fake_fault hang = { .op = deed->op,
                                         .sql = deed->sql,
                                         .kind = CUP_FAKE_HANG };
    cupel_time begun;

    cup_fake_fault(&hang);
    begun = cupel_now();
    CHECK_FAILS(act(), deed->expected);
    CHECK_INT(cupel_now() - begun, SPAN_MS);
    if (deed->expected != CUPEL_OK &&
        strstr(cupel_error_text(), deed->says) == NULL)
        fail_msg("it says: %s", cupel_error_text());
}

/* Give up what is open; each step keeps to the time that it has. */
static void
finish(void)
{
    cupel_time begun = cupel_now();

    cup_fake_faults_clear();
    if (other != NULL) {
        cupel_future_cancel(other);
        CHECK_FAILS(cupel_await(other), CUPEL_E_CANCELLED);
    }
    cupel_transaction_free(tx);
    cupel_result_free(stream);
    cupel_connection_exit(conn, CUPEL_OK);
    if (raw != NULL)
        CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
    CHECK(cupel_now() - begun <= OWN_MS);
    conn = NULL;
    raw = NULL;
    tx = NULL;
    stream = NULL;
    other = NULL;
}

/* What was given up is closed, a connect that nobody waits for ends. */
static void
check_books(void)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);

    CHECK_OK(cupel_sleep(LONG_MS));
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    CHECK_INT(status.waiting, 0);
    CHECK_INT(status.connecting, 0);
    CHECK_INT(status.closing, 0);
    CHECK_INT(status.size, status.idle);
    CHECK_INT(cup_fake_wire_count(), status.idle);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = NULL;
}

static void
tell(void)
{
    cupel_engine_options options = options_of_engine();

    cup_clock_freeze(1000);
    make_database();
    CHECK_OK(cupel_engine_create_async("fake://story", &options, &engine));
    if (story->deed->prepare != NULL)
        story->deed->prepare();
    check_late();
    finish();
    check_books();
    cupel_engine_close(engine);
    CHECK_INT(cup_fake_wire_count(), 0);
    cup_clock_thaw();
}

static void
run(const void *arg)
{
    story = arg;
    test_run_in_task(tell);
}

__attribute__((constructor)) static void
register_all(void)
{
    static const char *const levels[] = { "a future's", "the call's",
                                          "the connection's", "the engine's" };
    static struct story stories[DEEDS * 4];
    struct story *next = stories;
    size_t i, level;

    for (i = 0; i < DEEDS; i++) {
        for (level = 0; level < 4; level++) {
            if ((deeds[i].levels & 1U << level) == 0)
                continue;
            next->deed = &deeds[i];
            next->level = 1U << level;
            snprintf(next->name, sizeof next->name, "%s: %s deadline",
                     deeds[i].name, levels[level]);
            test_register_with(next->name, run, next);
            next++;
        }
    }
    CHECK_OK(cupel_dialect_register(&cup_fake_dialect));
}
