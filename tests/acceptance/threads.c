/* SPDX-License-Identifier: MIT */
/* A blocking engine and its QueuePool, shared by threads. */
#include "acceptance/acceptance.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, ROUNDS = 25, POOL = 3 };

/* Make the table. Yields. */
static cupel_status
make_database(void *arg)
{
    (void)arg;
    accept_close(accept_engine(NULL));
    return CUPEL_OK;
}

/* A blocking engine with fewer connections than threads. */
static cupel_engine *
blocking_engine(int64_t pool_timeout_ms)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    char url[600];

    CHECK_OK(cupel_run(make_database, NULL));
    options.pool_size = POOL;
    options.max_overflow = CUPEL_ZERO;
    options.pool_timeout_ms = pool_timeout_ms;
    snprintf(url, sizeof url, "%s%s", accept_url(),
             accept_is_postgresql() ? "" : "&begin=immediate&timeout=30");
    CHECK_OK(cupel_engine_create(url, &options, &engine));
    return engine;
}

struct worker {
    pthread_t thread;
    cupel_engine *engine;
    int number;
    cupel_status rc;
    int64_t seen; /* rows of its own */
};

static cupel_status
insert_one(cupel_connection *conn, void *arg)
{
    return accept_insert(conn, *(const int *)arg);
}

/* Rows of its own that it sees at the end, by a statement of its own. */
static cupel_status
count_own(cupel_connection *conn, void *arg)
{
    struct worker *worker = arg;
    cupel_value value;
    cupel_status rc;

    rc = cupel_connection_scalar(
        conn,
        CUPEL_TEXT("SELECT count(*) FROM users WHERE user_id / 1000 = "
                   ":number"),
        CUPEL_PARAMS({ "number", cupel_int(worker->number) }), NULL, &value);
    worker->seen = rc == CUPEL_OK ? value.as.integer : -1;
    return rc;
}

static void *
work(void *arg)
{
    struct worker *worker = arg;
    int i, id;

    for (i = 0; i < ROUNDS && worker->rc == CUPEL_OK; i++) {
        id = worker->number * 1000 + i;
        worker->rc = cupel_engine_begin(worker->engine, insert_one, &id);
    }
    if (worker->rc == CUPEL_OK)
        worker->rc = cupel_engine_begin(worker->engine, count_own, worker);
    return NULL;
}

TEST(threads_share_a_blocking_engine_and_queue_for_its_connections)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_engine *engine = blocking_engine(30000);
    struct worker workers[THREADS];
    int i;

    for (i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .engine = engine, .number = i + 1 };
        CHECK_INT(pthread_create(&workers[i].thread, NULL, work, &workers[i]),
                  0);
    }
    for (i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(workers[i].thread, NULL), 0);
        CHECK_OK(workers[i].rc);
        CHECK_INT(workers[i].seen, ROUNDS);
    }
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    CHECK(status.connects <= POOL);
    CHECK_INT(status.checkouts, THREADS * (ROUNDS + 1));
    cupel_engine_close(engine);
}

/* Everything that an engine shares, while others use it. */
static void *
disturb(void *arg)
{
    struct worker *worker = arg;
    cupel_engine *child;
    int i;

    for (i = 0; i < ROUNDS && worker->rc == CUPEL_OK; i++) {
        worker->rc = cupel_engine_execution_options(
            worker->engine, CUPEL_WITH({ "mine", cupel_int(i) }), &child);
        if (worker->rc != CUPEL_OK)
            break;
        worker->rc = cupel_engine_begin(child, count_own, worker);
        cupel_engine_free(child);
        cupel_engine_clear_compiled_cache(worker->engine);
        if (worker->rc == CUPEL_OK)
            worker->rc = cupel_engine_update_execution_options(
                worker->engine, CUPEL_WITH({ "other", cupel_int(i) }));
        if (worker->rc == CUPEL_OK)
            worker->rc = cupel_engine_dispose(worker->engine);
    }
    return NULL;
}

TEST(threads_go_on_while_one_disposes_and_makes_children)
{
    cupel_engine *engine = blocking_engine(30000);
    struct worker workers[THREADS];
    int i;

    for (i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .engine = engine, .number = i + 1 };
        CHECK_INT(pthread_create(&workers[i].thread, NULL,
                                 i == 0 ? disturb : work, &workers[i]),
                  0);
    }
    for (i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(workers[i].thread, NULL), 0);
        CHECK_OK(workers[i].rc);
        CHECK_INT(workers[i].seen, i == 0 ? 0 : ROUNDS);
    }
    cupel_engine_close(engine);
}

static void *
take_and_tell(void *arg)
{
    struct worker *worker = arg;
    cupel_connection *conn;

    worker->rc = cupel_engine_connect(worker->engine, &conn);
    if (worker->rc == CUPEL_OK)
        worker->rc = cupel_connection_exit(conn, CUPEL_OK);
    return NULL;
}

TEST(thread_waits_for_a_connection_no_longer_than_the_pool_says)
{
    cupel_engine *engine = blocking_engine(100);
    struct worker late = { .engine = engine };
    cupel_connection *held[POOL];
    int i;

    for (i = 0; i < POOL; i++)
        CHECK_OK(cupel_engine_connect(engine, &held[i]));
    CHECK_INT(pthread_create(&late.thread, NULL, take_and_tell, &late), 0);
    CHECK_INT(pthread_join(late.thread, NULL), 0);
    CHECK_INT(late.rc, CUPEL_E_TIMEOUT);
    CHECK_OK(cupel_connection_exit(held[0], CUPEL_OK));
    CHECK_INT(pthread_create(&late.thread, NULL, take_and_tell, &late), 0);
    CHECK_INT(pthread_join(late.thread, NULL), 0);
    CHECK_OK(late.rc);
    for (i = 1; i < POOL; i++)
        CHECK_OK(cupel_connection_exit(held[i], CUPEL_OK));
    cupel_engine_close(engine);
}

static void *
use_foreign(void *arg)
{
    struct worker *worker = arg;

    worker->rc = cupel_engine_begin(worker->engine, count_own, worker);
    return NULL;
}

TEST(connections_opened_by_one_thread_serve_another)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_engine *engine = blocking_engine(1000);
    struct worker other = { .engine = engine, .number = 1 };
    int id = 1000;

    CHECK_OK(cupel_engine_begin(engine, insert_one, &id));
    CHECK_INT(pthread_create(&other.thread, NULL, use_foreign, &other), 0);
    CHECK_INT(pthread_join(other.thread, NULL), 0);
    CHECK_OK(other.rc);
    CHECK_INT(other.seen, 1);
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.connects, 1);
    cupel_engine_close(engine);
}

/* ---- Results that outlive their loan ------------------------------------- */

static cupel_status
select_all(cupel_engine *engine, cupel_result **out)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_exit(
        conn, cupel_connection_execute(
                  conn, CUPEL_TEXT("SELECT user_id, user_name FROM users"),
                  NULL, NULL, out));
}

/* Each result is read when its connection may be another thread's. */
static void *
read_late(void *arg)
{
    struct worker *worker = arg;
    cupel_result *result;
    const cupel_row *row;
    int i;

    for (i = 0; i < ROUNDS && worker->rc == CUPEL_OK; i++) {
        worker->rc = select_all(worker->engine, &result);
        if (worker->rc != CUPEL_OK)
            break;
        while ((worker->rc = cupel_result_next(&result, &row)) == CUPEL_ROW)
            worker->seen += cupel_row_int(row, 0);
    }
    return NULL;
}

TEST(buffered_results_are_read_while_others_use_their_connection)
{
    cupel_engine *engine = blocking_engine(30000);
    struct worker workers[THREADS];
    int i, id = 7;

    CHECK_OK(cupel_engine_begin(engine, insert_one, &id));
    for (i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .engine = engine };
        CHECK_INT(
            pthread_create(&workers[i].thread, NULL, read_late, &workers[i]),
            0);
    }
    for (i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(workers[i].thread, NULL), 0);
        CHECK_OK(workers[i].rc);
        CHECK_INT(workers[i].seen, 7 * ROUNDS);
    }
    cupel_engine_close(engine);
}
