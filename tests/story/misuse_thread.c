/* SPDX-License-Identifier: MIT */
/* What one thread's loop has is freed and used on another thread: that is
 * refused, or put off until its own loop can do it. */
#include <cupel/cupel.h>

#include <pthread.h>

#include "support/fake_engine.h"

struct belongings {
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_raw_connection *raw;
    cupel_result *stream;
    cupel_pool *pool;
};

static cupel_status
use_what_is_not_ours(void *arg)
{
    struct belongings *of_others = arg;
    cupel_raw_connection *raw;
    cupel_engine *child;
    const cupel_row *row;

    CHECK(cupel_raw_connection_execute(of_others->raw, "SELECT 1", NULL, 0,
                                       NULL) < 0);
    CHECK(cupel_raw_connection_commit(of_others->raw) < 0);
    CHECK(cupel_raw_connection_detach(of_others->raw) < 0);
    CHECK(cupel_raw_connection_invalidate(of_others->raw, false) < 0);
    CHECK(cupel_raw_connection_close(of_others->raw) < 0);
    CHECK(cupel_result_fetchone(of_others->stream, &row) <= CUPEL_ROW);
    CHECK(cupel_pool_connect(of_others->pool, &raw) < 0);
    CHECK(cupel_pool_warm_up(of_others->pool, 3) < 0);
    CHECK(cupel_pool_dispose(of_others->pool) < 0);
    CHECK(cupel_engine_raw_connection(of_others->engine, &raw) < 0);
    CHECK_OK(cupel_engine_execution_options(of_others->engine, NULL, &child));
    cupel_engine_close(child);
    return CUPEL_OK;
}

static void *
strange_thread(void *arg)
{
    CHECK_OK(cupel_run(use_what_is_not_ours, arg));
    return NULL;
}

TASK_TEST(what_another_loop_has_is_refused)
{
    struct belongings ours = { .engine = fake_engine() };
    const cupel_row *row;
    pthread_t thread;

    ours.pool = cupel_engine_pool(ours.engine);
    ours.conn = connect_with_items(ours.engine);
    CHECK_OK(run_sql(ours.conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_engine_raw_connection(ours.engine, &ours.raw));
    CHECK_OK(cupel_connection_stream(ours.conn, CUPEL_TEXT("SELECT 1"), NULL,
                                     NULL, &ours.stream));
    CHECK_INT(pthread_create(&thread, NULL, strange_thread, &ours), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_OK(cupel_raw_connection_close(ours.raw));
    cupel_raw_connection_free(ours.raw);
    CHECK(cupel_result_fetchone(ours.stream, &row) <= CUPEL_ROW);
    cupel_result_free(ours.stream);
    CHECK_OK(cupel_connection_commit(ours.conn));
    CHECK_OK(cupel_connection_exit(ours.conn, CUPEL_OK));
    CHECK_INT(cupel_pool_checkedout(ours.pool), 0);
    fake_engine_close(ours.engine);
}
