/* SPDX-License-Identifier: MIT */
/* What a program does wrong gets a clear error, and changes nothing: the wrong
 * thread, no task, a closed handle, a bad url, a bad parameter. */
#include <cupel/cupel.h>

#include <pthread.h>

#include "support/fake_engine.h"

/* What the other thread is handed. */
struct stranger {
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_transaction *tx;
};

static cupel_status
use_as_stranger(void *arg)
{
    struct stranger *stranger = arg;
    cupel_connection *conn;

    CHECK_FAILS(run_sql(stranger->conn, "SELECT 1"), CUPEL_E_THREAD);
    CHECK_FAILS(cupel_connection_commit(stranger->conn), CUPEL_E_THREAD);
    CHECK_FAILS(cupel_connection_rollback(stranger->conn), CUPEL_E_THREAD);
    CHECK_FAILS(cupel_connection_invalidate(stranger->conn), CUPEL_E_THREAD);
    CHECK_FAILS(cupel_connection_close(stranger->conn), CUPEL_E_THREAD);
    CHECK_FAILS(cupel_transaction_commit(stranger->tx), CUPEL_E_THREAD);
    CHECK_FAILS(cupel_engine_connect(stranger->engine, &conn), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_engine_dispose(stranger->engine), CUPEL_E_INVALID);
    return CUPEL_OK;
}

static void *
strange_thread(void *arg)
{
    CHECK_OK(cupel_run(use_as_stranger, arg));
    return NULL;
}

TASK_TEST(another_thread_is_turned_away)
{
    struct stranger stranger = { .engine = fake_engine() };
    pthread_t thread;

    stranger.conn = connect_with_items(stranger.engine);
    CHECK_OK(cupel_connection_begin(stranger.conn, &stranger.tx));
    CHECK_OK(run_sql(stranger.conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_INT(pthread_create(&thread, NULL, strange_thread, &stranger), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_OK(cupel_transaction_commit(stranger.tx)); /* nothing has happened */
    cupel_transaction_free(stranger.tx);
    CHECK_OK(cupel_connection_exit(stranger.conn, CUPEL_OK));
    CHECK_INT(committed_items(stranger.engine), 1);
    fake_engine_close(stranger.engine);
}

/* A connection that was left open by a task that ended. */
static cupel_status
leave_open(void *arg)
{
    struct stranger *stranger = arg;

    stranger->conn = connect_with_items(stranger->engine);
    return CUPEL_OK;
}

TEST(outside_a_task_everything_is_refused_and_nothing_blocks)
{
    struct stranger stranger = { .engine = fake_engine() };
    cupel_value value;
    cupel_loop *loop;

    CHECK_OK(cupel_loop_new(&loop));
    cupel_future_then(cupel_future_call(leave_open, &stranger), NULL, NULL);
    CHECK_OK(cupel_loop_run(loop));

    CHECK_FAILS(run_sql(stranger.conn, "SELECT 1"), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_connection_begin(stranger.conn, NULL), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_connection_commit(stranger.conn), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_connection_scalar(stranger.conn, CUPEL_TEXT("SELECT 1"),
                                        NULL, NULL, &value),
                CUPEL_E_NOTASK);
    CHECK(!cupel_connection_invalidated(stranger.conn));
    cupel_connection_free(stranger.conn);
    cupel_engine_free(stranger.engine);
    CHECK_OK(cupel_loop_run(loop)); /* what was given up is closed */
    CHECK_OK(cupel_loop_free(loop));
    CHECK_INT(cup_fake_wire_count(), 0);
}

TASK_TEST(urls_that_cannot_be_used_are_not_repeated)
{
    static const char *const urls[] = {
        "",
        "s3cret",
        "s3cret://user@host/db",
        "postgresql+s3cret://user@host/db",
        "postgresql://user:s3cret@host:port/db",
        "postgresql://user:s3cret@host:99999/db",
        "postgresql://user:s3cret@host/db?nosuchkey=1",
        "sqlite://user:s3cret@host/db",
        "sqlite:///db?nosuchkey=s3cret",
        "post gres://s3cret",
    };
    cupel_engine *engine;
    cupel_status rc;
    size_t i;

    for (i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        rc = cupel_engine_create_async(urls[i], NULL, &engine);
        CHECK(rc == CUPEL_E_ARGUMENT || rc == CUPEL_E_VALUE ||
              rc == CUPEL_E_NOMODULE);
        CHECK(engine == NULL);
        CHECK(cupel_error_text()[0] != '\0');
        if (rc != CUPEL_E_NOMODULE) /* which names the module, and no more */
            CHECK(strstr(cupel_error_text(), "s3cret") == NULL);
        CHECK(i == 0 || strstr(cupel_error_text(), urls[i]) == NULL);
    }
}
