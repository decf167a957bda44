/* SPDX-License-Identifier: MIT */
/* The asyncio face in the wrong order: before a start, after an end, twice, and
 * with futures that outlive what they were made from. */
#include <cupel/async.h>
#include <cupel/cupel.h>

#include "support/fake_engine.h"

static cupel_async_engine *
make_engine(void)
{
    cupel_async_engine *engine;

    fake_engine_close(fake_engine());
    CHECK_OK(cupel_create_async_engine("fake://unit", NULL, &engine));
    return engine;
}

static void
close_engine(cupel_async_engine *engine)
{
    int turns;

    CHECK_OK(cupel_await(cupel_async_engine_close(engine)));
    for (turns = 0; turns < 100 && cup_fake_wire_count() > 0; turns++)
        CHECK_OK(cupel_yield());
    CHECK_INT(cup_fake_wire_count(), 0);
}

TASK_TEST(nothing_is_done_before_a_start_and_nothing_starts_twice)
{
    cupel_async_engine *engine = make_engine();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn), *found;
    cupel_raw_connection *raw;
    bool answer;

    CHECK_FAILS(cupel_await(cupel_async_connection_execute(
                    conn, CUPEL_TEXT("SELECT 1"), NULL, NULL, NULL)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_connection_commit(conn)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(
        cupel_await(cupel_async_connection_get_raw_connection(conn, &raw)),
        CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_transaction_start(tx)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_transaction_commit(tx)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_closed(conn, &answer),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_get_transaction(conn, &found),
                CUPEL_E_NOTSTARTED);
    CHECK_OK(cupel_await(cupel_async_connection_start(conn)));
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_STARTED);
    CHECK_OK(cupel_await(cupel_async_transaction_start(tx)));
    CHECK(cupel_await(cupel_async_transaction_start(tx)) < 0);
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    CHECK(cupel_await(cupel_async_transaction_commit(tx)) < 0);
    CHECK_OK(cupel_await(cupel_async_transaction_exit(tx, CUPEL_OK)));
    close_engine(engine);
}

TASK_TEST(futures_keep_what_they_were_made_from)
{
    cupel_async_engine *engine = make_engine();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_async_transaction *tx;
    cupel_async_result *result;
    cupel_future *query, *begin, *fetch, *stop;
    const cupel_row *row;
    cupel_value value;

    CHECK_OK(cupel_await(cupel_async_connection_start(conn)));
    CHECK_OK(cupel_await(cupel_async_connection_stream(
        conn, CUPEL_TEXT("SELECT 1"), NULL, NULL, &result)));
    tx = cupel_async_connection_begin_nested(conn);
    begin = cupel_async_transaction_start(tx);
    query = cupel_async_connection_scalar(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                          NULL, &value);
    fetch = cupel_async_result_fetchone(result, &row);
    stop = cupel_async_connection_close(conn);
    cupel_async_engine_free(engine);
    cupel_async_result_free(result);
    cupel_async_transaction_free(tx);
    cupel_async_connection_free(conn);
    CHECK(cupel_await(query) <= CUPEL_OK);
    CHECK(cupel_await(begin) <= CUPEL_OK);
    CHECK(cupel_await(fetch) <= CUPEL_ROW);
    CHECK(cupel_await(stop) <= CUPEL_OK);
    close_engine(NULL);
}

TASK_TEST(futures_that_nobody_awaits_do_nothing)
{
    cupel_async_engine *engine = make_engine();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_value value;

    cupel_future_free(cupel_async_connection_start(conn));
    cupel_future_free(cupel_async_connection_scalar(
        conn, CUPEL_TEXT("SELECT :a"),
        CUPEL_PARAMS({ "a", cupel_string_n(NULL, 7) }), NULL, &value));
    CHECK_OK(cupel_await(cupel_async_connection_start(conn)));
    CHECK(cupel_await(cupel_async_connection_scalar(
              conn, CUPEL_TEXT("SELECT :a"),
              CUPEL_PARAMS({ "a", cupel_string_n(NULL, 7) }), NULL, &value)) <
          0);
    CHECK(cupel_await(cupel_async_connection_scalar(
              conn, CUPEL_TEXT("SELECT :a"),
              CUPEL_PARAMS({ "a", cupel_array_of(CUPEL_INT, NULL, 7) }), NULL,
              &value)) < 0);
    CHECK(cupel_await(cupel_async_connection_scalar(
              conn, CUPEL_TEXT("SELECT :a"), &(cupel_params){ NULL, 3, 5 },
              NULL, &value)) < 0);
    CHECK(cupel_await(cupel_async_connection_scalar(conn, CUPEL_TEXT(NULL),
                                                    NULL, NULL, &value)) < 0);
    /* The handle is the future's: with it goes what is still open. */
    cupel_future_free(cupel_async_connection_exit(conn, CUPEL_OK));
    close_engine(engine);
}
