/* SPDX-License-Identifier: MIT */
#include "facade.h"

#include <cupel/task.h>

#include <stdio.h>
#include <stdlib.h>

TASK_TEST(execute_gives_every_row_at_once)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_result *result;
    const cupel_row *row;

    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a'), (2, 'b')"));
    CHECK_OK(cupel_await(cupel_async_connection_execute(
        conn, CUPEL_TEXT("SELECT name FROM item WHERE id = :id"),
        CUPEL_PARAMS({ "id", cupel_int(2) }), NULL, &result)));
    facade_exit(conn);
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_INT(cupel_row_text(row, 0).len, 1);
    CHECK_INT(cupel_row_text(row, 0).data[0], 'b');
    cupel_result_free(result);
    facade_close(engine);
}

TASK_TEST(executing_many_sets_counts_all_their_rows)
{
    cupel_param sets[6];
    const cupel_params params = { sets, 2, 3 };
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_result *result;
    int i;

    for (i = 0; i < 3; i++) {
        sets[2 * i] = (cupel_param){ "id", cupel_int(i) };
        sets[2 * i + 1] = (cupel_param){ "name", cupel_string("x") };
    }
    CHECK_OK(cupel_await(cupel_async_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO item VALUES (:id, :name)"), &params, NULL,
        &result)));
    CHECK_INT(cupel_result_rowcount(result), 3);
    cupel_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(scalar_and_scalars_give_the_first_column)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_scalar_result *scalars;
    const cupel_value *values;
    cupel_value value;
    size_t found;

    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a'), (2, 'b')"));
    CHECK_OK(cupel_await(cupel_async_connection_scalar(
        conn, CUPEL_TEXT("SELECT count(*) FROM item"), NULL, NULL, &value)));
    CHECK_INT(value.as.integer, 2);
    CHECK_OK(cupel_await(cupel_async_connection_scalars(
        conn, CUPEL_TEXT("SELECT id FROM item ORDER BY id"), NULL, NULL,
        &scalars)));
    CHECK_OK(cupel_scalar_result_all(scalars, &values, &found));
    CHECK_INT(found, 2);
    CHECK_INT(values[1].as.integer, 2);
    cupel_scalar_result_free(scalars);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(driver_sql_goes_through_as_it_is)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_result *result = NULL;

    CHECK_OK(cupel_await(cupel_async_connection_exec_driver_sql(
        conn, "INSERT INTO item VALUES (?, ?)",
        CUPEL_PARAMS({ NULL, cupel_int(1) }, { NULL, cupel_string("a") }), NULL,
        &result)));
    CHECK_INT(cupel_result_rowcount(result), 1);
    cupel_result_free(result);
    CHECK_FAILS(cupel_await(cupel_async_connection_exec_driver_sql(
                    conn, NULL, NULL, NULL, &result)),
                CUPEL_E_NOTEXECUTABLE);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(streams_give_facade_results)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_async_scalar_result *scalars;
    cupel_async_result *result;
    const cupel_row *row;
    cupel_value value;

    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (7, 'a')"));
    CHECK_OK(cupel_await(cupel_async_connection_stream(
        conn, CUPEL_TEXT("SELECT id FROM item"), NULL, NULL, &result)));
    CHECK_INT(cupel_await(cupel_async_result_fetchone(result, &row)),
              CUPEL_ROW);
    CHECK_INT(cupel_row_int(row, 0), 7);
    cupel_async_result_free(result);
    CHECK_OK(cupel_await(cupel_async_connection_stream_scalars(
        conn, CUPEL_TEXT("SELECT id FROM item"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(10) }), &scalars)));
    CHECK_OK(cupel_await(cupel_async_scalar_result_one(scalars, &value)));
    CHECK_INT(value.as.integer, 7);
    cupel_async_scalar_result_free(scalars);
    facade_exit(conn);
    facade_close(engine);
}

/* ---- Refusals ---------------------------------------------------------- */

TASK_TEST(what_keeps_rows_on_the_server_needs_stream)
{
    const cupel_statement *one;
    cupel_text text;
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    const cupel_execution_options *per =
        CUPEL_WITH({ "yield_per", cupel_int(10) });
    const cupel_execution_options *kept =
        CUPEL_WITH({ "stream_results", cupel_bool(true) });
    cupel_scalar_result *scalars;
    cupel_result *result;
    cupel_value value;

    one = cupel_text_init(&text, "SELECT 1");
    CHECK_FAILS(cupel_await(cupel_async_connection_execute(conn, one, NULL, per,
                                                           &result)),
                CUPEL_E_ASYNCMETHOD);
    CHECK(result == NULL);
    CHECK_FAILS(cupel_await(cupel_async_connection_scalar(conn, one, NULL, kept,
                                                          &value)),
                CUPEL_E_ASYNCMETHOD);
    CHECK_FAILS(cupel_await(cupel_async_connection_scalars(conn, one, NULL,
                                                           kept, &scalars)),
                CUPEL_E_ASYNCMETHOD);
    CHECK_FAILS(cupel_await(cupel_async_connection_exec_driver_sql(
                    conn, "SELECT 1", NULL, per, &result)),
                CUPEL_E_ASYNCMETHOD);
    CHECK_INT(cup_fake_log_count(), 0);
    CHECK_OK(cupel_await(cupel_async_connection_execute(
        conn, one, NULL,
        CUPEL_WITH({ "stream_results", cupel_bool(false) },
                   { "yield_per", cupel_int(0) }),
        NULL)));
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(what_is_no_statement_is_refused_through_the_future)
{
    const cupel_text unknown = { 0x12345678, 0, "SELECT 1", 8, NULL };
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_result *stream;
    cupel_result *result;

    CHECK_FAILS(cupel_await(cupel_async_connection_execute(conn, NULL, NULL,
                                                           NULL, &result)),
                CUPEL_E_NOTEXECUTABLE);
    CHECK(result == NULL);
    CHECK_FAILS(cupel_await(cupel_async_connection_execute(
                    conn, (const cupel_statement *)(const void *)&unknown, NULL,
                    NULL, &result)),
                CUPEL_E_NOTEXECUTABLE);
    CHECK_FAILS(cupel_await(cupel_async_connection_stream(conn, NULL, NULL,
                                                          NULL, &stream)),
                CUPEL_E_NOTEXECUTABLE);
    CHECK(stream == NULL);
    CHECK_FAILS(cupel_await(cupel_async_connection_stream(
                    conn, CUPEL_TEXT("SELECT 1"), NULL, NULL,
                    (cupel_async_result **)NULL)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_connection_stream_scalars(
                    conn, CUPEL_TEXT("SELECT 1"), NULL, NULL, NULL)),
                CUPEL_E_ARGUMENT);
    CHECK_INT(cup_fake_log_count(), 0);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(outs_are_empty_from_the_start)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_result *result = (cupel_result *)&engine;
    cupel_value value = cupel_int(3);

    cupel_future_free(cupel_async_connection_execute(
        conn, CUPEL_TEXT("SELECT 1"), NULL, NULL, &result));
    CHECK(result == NULL);
    cupel_future_free(cupel_async_connection_scalar(
        conn, CUPEL_TEXT("SELECT 1"), NULL, NULL, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_async_connection_free(conn);
    facade_close(engine);
}

TASK_TEST(a_value_that_cannot_be_copied_is_the_futures_failure)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_value deep[40];
    cupel_future *future, *dropped;
    size_t i;

    deep[0] = cupel_int(1);
    for (i = 1; i < 40; i++)
        deep[i] = cupel_array_of(CUPEL_INT, &deep[i - 1], 1);
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_STARTED);
    future = cupel_async_connection_execute(conn, CUPEL_TEXT("SELECT :a"),
                                            CUPEL_PARAMS({ "a", deep[39] }),
                                            NULL, NULL);
    dropped = cupel_async_connection_execute(conn, CUPEL_TEXT("SELECT :a"),
                                             CUPEL_PARAMS({ "a", deep[39] }),
                                             NULL, NULL);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_STARTED);
    CHECK_FAILS(cupel_await(future), CUPEL_E_VALUE);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_VALUE);
    cupel_future_free(dropped);
    facade_exit(conn);
    facade_close(engine);
}

/* ---- Several at once --------------------------------------------------- */

enum { MANY = 8 };

TASK_TEST(several_connections_work_at_once)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_async_connection *conns[MANY];
    cupel_future *futures[MANY];
    cupel_value values[MANY];
    cupel_async_engine *engine;
    int i;

    options.pool_size = MANY;
    engine = facade_open_with(&options);
    for (i = 0; i < MANY; i++)
        conns[i] = facade_connect(engine);
    for (i = 0; i < MANY; i++)
        futures[i] = cupel_async_connection_scalar(
            conns[i], CUPEL_TEXT("SELECT :i"),
            CUPEL_PARAMS({ "i", cupel_int(i * i) }), NULL, &values[i]);
    CHECK_OK(cupel_await(cupel_future_gather(futures, MANY)));
    CHECK_INT(cup_fake_wire_peak(), MANY);
    for (i = 0; i < MANY; i++) {
        CHECK_INT(values[i].as.integer, i * i);
        facade_exit(conns[i]);
    }
    facade_close(engine);
}

TASK_TEST(several_futures_on_one_connection_wait_for_each_other)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_future *futures[MANY];
    cupel_result *results[MANY];
    const cupel_row *row;
    int i;

    for (i = 0; i < MANY; i++)
        futures[i] = cupel_async_connection_execute(
            conn, CUPEL_TEXT("SELECT :i"), CUPEL_PARAMS({ "i", cupel_int(i) }),
            NULL, &results[i]);
    CHECK_OK(cupel_await(cupel_future_gather(futures, MANY)));
    CHECK_INT(facade_pool(engine).connects, 1);
    for (i = 0; i < MANY; i++) {
        CHECK_OK(cupel_result_one(results[i], &row));
        CHECK_INT(cupel_row_int(row, 0), i);
        cupel_result_free(results[i]);
    }
    facade_exit(conn);
    facade_close(engine);
}

/* ---- Callback code: the stack that made the future is gone ------------- */

struct client {
    cupel_async_engine *engine;
    cupel_async_connection *conn;
    cupel_value answer;
    cupel_status status;
    bool closed;
};

static void
on_closed(cupel_status status, const cupel_error *error, void *arg)
{
    struct client *client = arg;

    (void)error;
    CHECK_INT(status, client->status);
    client->closed = true;
}

static void
on_answer(cupel_status status, const cupel_error *error, void *arg)
{
    struct client *client = arg;

    CHECK(error == NULL || status < CUPEL_OK);
    client->status = status;
    cupel_future_then(cupel_async_connection_exit(client->conn, status),
                      on_closed, client);
}

static void
on_started(cupel_status status, const cupel_error *error, void *arg)
{
    struct client *client = arg;
    char sql[64], name[16], *text = malloc(16);
    cupel_text stmt;
    cupel_param items[1];
    cupel_params params = { items, 1, 1 };

    CHECK(error == NULL);
    CHECK_INT(status, CUPEL_OK);
    CHECK(text != NULL);
    snprintf(sql, sizeof sql, "SELECT :name");
    snprintf(name, sizeof name, "name");
    snprintf(text, 16, "libc6");
    items[0] = (cupel_param){ name, cupel_string(text) };
    cupel_future_then(
        cupel_async_connection_scalar(client->conn, cupel_text_init(&stmt, sql),
                                      &params, NULL, &client->answer),
        on_answer, client);
    memset(sql, 'x', sizeof sql);
    memset(name, 'x', sizeof name);
    free(text);
}

TEST(arguments_may_live_on_a_stack_that_is_gone)
{
    struct client client = { .engine = facade_open() };
    cupel_loop *loop;

    CHECK_OK(cupel_loop_new(&loop));
    client.conn = cupel_async_engine_connect(client.engine);
    cupel_future_then(cupel_async_connection_start(client.conn), on_started,
                      &client);
    CHECK_OK(cupel_loop_run(loop));
    CHECK(client.closed);
    CHECK_INT(client.status, CUPEL_OK);
    cupel_future_then(cupel_async_engine_close(client.engine), NULL, NULL);
    CHECK_OK(cupel_loop_run(loop));
    CHECK_OK(cupel_loop_free(loop));
}

static void
on_failed_exit(cupel_status status, const cupel_error *error, void *arg)
{
    CHECK_INT(status, CUPEL_E_DATA);
    CHECK(error != NULL);
    CHECK_INT(cupel_error_status(error), CUPEL_E_DATA);
    *(bool *)arg = true;
}

TEST(a_failure_handed_on_in_callback_code_comes_with_a_record)
{
    cupel_async_engine *engine = facade_open();
    bool called = false;
    cupel_loop *loop;

    CHECK_OK(cupel_loop_new(&loop));
    cupel_future_then(cupel_async_connection_exit(
                          cupel_async_engine_connect(engine), CUPEL_E_DATA),
                      on_failed_exit, &called);
    CHECK_OK(cupel_loop_run(loop));
    CHECK(called);
    cupel_async_engine_free(engine);
    CHECK_OK(cupel_loop_free(loop));
}
