/* SPDX-License-Identifier: MIT */
#include "engine/connection.h"
#include "support/fake_engine.h"

TASK_TEST(execution_options_add_up_in_place)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "mine", cupel_int(1) })));
    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "max_row_buffer", cupel_int(2) })));
    CHECK_INT(cupel_connection_get_execution_options(conn)->count, 2);
    CHECK_INT(conn->options->known.max_row_buffer, 2);
    CHECK_OK(cupel_connection_close(conn));
    CHECK_FAILS(cupel_connection_execution_options(conn, NULL), CUPEL_E_CLOSED);
    cupel_connection_free(conn);
    fake_engine_close(engine);
}

TASK_TEST(info_lives_as_long_as_the_connection_to_the_database)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;
    cupel_info *info;
    int mark;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_info(conn, &info));
    CHECK_OK(cupel_info_set(info, "mark", &mark, NULL));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_info(conn, &info));
    CHECK(cupel_info_get(info, "mark") == &mark);
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_OK(cupel_connection_info(conn, &info));
    CHECK(cupel_info_get(info, "mark") == NULL);
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_close(conn));
    CHECK_FAILS(cupel_connection_info(conn, &info), CUPEL_E_CLOSED);
    cupel_connection_free(conn);
    fake_engine_close(engine);
}

TASK_TEST(the_raw_connection_comes_back_after_a_loss)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_raw_connection *raw = NULL;

    CHECK_OK(cupel_connection_get_raw_connection(conn, &raw));
    CHECK(raw != NULL);
    CHECK_OK(cupel_connection_invalidate_because(conn, "a test"));
    CHECK_OK(cupel_connection_get_raw_connection(conn, &raw));
    CHECK(raw != NULL);
    CHECK_OK(cupel_connection_close(conn));
    CHECK_FAILS(cupel_connection_get_raw_connection(conn, &raw),
                CUPEL_E_CLOSED);
    CHECK(raw == NULL);
    cupel_connection_free(conn);
    fake_engine_close(engine);
}

TASK_TEST(invalidating_twice_is_harmless)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK(cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_OK(cupel_connection_close(conn));
    CHECK(cupel_connection_closed(conn));
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_FAILS(cupel_connection_invalidate(conn), CUPEL_E_CLOSED);
    cupel_connection_free(conn);
    fake_engine_close(engine);
}

TASK_TEST(a_detached_connection_leaves_its_place_in_the_pool)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_connection_detach(conn));
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    CHECK_INT(query_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_close(conn));
    CHECK_FAILS(cupel_connection_detach(conn), CUPEL_E_CLOSED);
    cupel_connection_free(conn);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_FAILS(cupel_connection_detach(conn), CUPEL_E_INVALID);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_connections_timeout_ends_its_calls)
{
    struct cup_fake_fault hang = { .op = CUP_FAKE_EXECUTE,
                                   .kind = CUP_FAKE_HANG };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "timeout_ms", cupel_int(20) })));
    cup_fake_fault(&hang);
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_TIMEOUT);
    CHECK_STR(cupel_error_text(),
              "the deadline passed while waiting for the database to answer");
    CHECK(cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_calls_timeout_is_its_own)
{
    struct cup_fake_fault slow = { .op = CUP_FAKE_EXECUTE,
                                   .kind = CUP_FAKE_DELAY,
                                   .delay_ms = 60 };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "timeout_ms", cupel_int(10) })));
    cup_fake_fault(&slow);
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT 1"), NULL,
        CUPEL_WITH({ "timeout_ms", cupel_int(10000) }), NULL));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(an_engines_timeout_covers_the_queue_and_the_connect)
{
    struct cup_fake_fault hang = { .op = CUP_FAKE_CONNECT,
                                   .kind = CUP_FAKE_HANG };
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;

    cupel_engine_close(fake_engine());
    options.timeout_ms = 20;
    CHECK_OK(cupel_engine_create_async("fake://unit", &options, &engine));
    cup_fake_fault(&hang);
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_TIMEOUT);
    CHECK(conn == NULL);
    fake_engine_close(engine);
}

TASK_TEST(each_fetch_of_a_stream_has_as_long_again)
{
    struct cup_fake_fault slow = { .op = CUP_FAKE_FETCH,
                                   .for_good = true,
                                   .kind = CUP_FAKE_DELAY,
                                   .delay_ms = 30 };
    struct cup_fake_fault hang = { .op = CUP_FAKE_FETCH,
                                   .kind = CUP_FAKE_HANG };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    const cupel_row *row;
    cupel_result *result;
    int i;

    for (i = 1; i <= 4; i++)
        CHECK_OK(cupel_connection_execute(
            conn, CUPEL_TEXT("INSERT INTO item (id, name) VALUES (:id, 'x')"),
            CUPEL_PARAMS({ "id", cupel_int(i) }), NULL, NULL));
    CHECK_OK(
        cupel_connection_stream(conn, CUPEL_TEXT("SELECT id FROM item"), NULL,
                                CUPEL_WITH({ "yield_per", cupel_int(1) },
                                           { "timeout_ms", cupel_int(80) }),
                                &result));
    cup_fake_fault(&slow);
    for (i = 1; i <= 4; i++)
        CHECK_FAILS(cupel_result_fetchone(result, &row), CUPEL_ROW);
    cup_fake_faults_clear();
    cup_fake_fault(&hang);
    CHECK_FAILS(cupel_result_fetchone(result, &row), CUPEL_E_TIMEOUT);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
