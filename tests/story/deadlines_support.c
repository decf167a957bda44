/* SPDX-License-Identifier: MIT */
/* How the verbs are put to the test. */
#include "story/deadlines.h"

#include <stdio.h>

#include "task/loop.h"

enum { STORIES_MAX = 200 };

const struct story *story;
cupel_engine *engine;
cupel_connection *conn;
cupel_raw_connection *raw;
cupel_transaction *tx;
cupel_result *stream;
cupel_future *other;

/* ---- What is there before ---------------------------------------------- */

const cupel_execution_options *
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

cupel_status
run_sql(cupel_connection *on, const char *sql)
{
    return cupel_connection_execute(on, CUPEL_TEXT(sql), NULL, call_options(),
                                    NULL);
}

void
connected(void)
{
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_commit(conn));
    if (story->level == OF_CONNECTION)
        CHECK_OK(cupel_connection_execution_options(
            conn, CUPEL_WITH({ "timeout_ms", cupel_int(SPAN_MS) })));
}

void
invalidated(void)
{
    connected();
    CHECK_OK(cupel_connection_invalidate(conn));
}

void
beside(cupel_task_fn *fn)
{
    other = cupel_future_call(fn, NULL);
    CHECK_OK(cupel_future_spawn(other));
    CHECK_OK(cupel_sleep(1));
}

cupel_status
do_commit_tx(void *arg)
{
    (void)arg;
    return cupel_transaction_commit(tx);
}

cupel_status
do_rollback_tx(void *arg)
{
    (void)arg;
    return cupel_transaction_rollback(tx);
}

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

void
deeds_register(const struct deed *deeds, size_t count)
{
    static const char *const levels[] = { "a future's", "the call's",
                                          "the connection's", "the engine's" };
    static struct story stories[STORIES_MAX];
    struct story *next = stories;
    size_t i, level;

    for (i = 0; i < count; i++) {
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
    CHECK(next <= stories + STORIES_MAX);
    CHECK_OK(cupel_dialect_register(&cup_fake_dialect));
}
