/* SPDX-License-Identifier: MIT */
#include "facade.h"

#include <cupel/task.h>

/* A connection whose table item holds the rows 0 to 18. */
static cupel_async_connection *
connect_with_rows(cupel_async_engine *engine)
{
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_param sets[2 * 19];
    const cupel_params params = { sets, 2, 19 };
    int i;

    for (i = 0; i < 19; i++) {
        sets[2 * i] = (cupel_param){ "id", cupel_int(i) };
        sets[2 * i + 1] = (cupel_param){ "name", cupel_string("x") };
    }
    CHECK_OK(cupel_await(cupel_async_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO item VALUES (:id, :name)"), &params, NULL,
        NULL)));
    CHECK_OK(cupel_await(cupel_async_connection_commit(conn)));
    return conn;
}

static cupel_async_result *
stream(cupel_async_connection *conn, const char *sql)
{
    cupel_async_result *result;

    CHECK_OK(cupel_await(cupel_async_connection_stream(conn, CUPEL_TEXT(sql),
                                                       NULL, NULL, &result)));
    return result;
}

static const char in_order[] = "SELECT id, name FROM item ORDER BY id";

TASK_TEST(rows_come_one_by_one_until_there_are_none)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    const cupel_row *row;
    int i;

    for (i = 0; i < 19; i++) {
        CHECK_INT(cupel_await(cupel_async_result_fetchone(result, &row)),
                  CUPEL_ROW);
        CHECK_INT(cupel_row_int(row, 0), i);
    }
    CHECK_OK(cupel_await(cupel_async_result_fetchone(result, &row)));
    CHECK(row == NULL);
    CHECK(!cupel_async_result_closed(result));
    cupel_async_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_result_shows_its_columns)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);

    CHECK_INT(cupel_async_result_column_count(result), 2);
    CHECK_STR(cupel_async_result_key(result, 1), "name");
    CHECK(cupel_async_result_key(result, 2) == NULL);
    CHECK(cupel_result_returns_rows(cupel_async_result_sync_result(result)));
    CHECK_INT(cupel_async_result_column_count(NULL), 0);
    CHECK(cupel_async_result_key(NULL, 0) == NULL);
    CHECK(cupel_async_result_sync_result(NULL) == NULL);
    CHECK(cupel_async_result_closed(NULL));
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(rows_come_in_pages_and_all_that_are_left)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    const cupel_row *const *rows;
    size_t found;

    CHECK_OK(
        cupel_await(cupel_async_result_fetchmany(result, 7, &rows, &found)));
    CHECK_INT(found, 7);
    CHECK_INT(cupel_row_int(rows[6], 0), 6);
    CHECK_OK(cupel_await(cupel_async_result_all(result, &rows, &found)));
    CHECK_INT(found, 12);
    CHECK_INT(cupel_row_int(rows[11], 0), 18);
    CHECK_OK(cupel_await(cupel_async_result_all(result, &rows, &found)));
    CHECK_INT(found, 0);
    CHECK_FAILS(
        cupel_await(cupel_async_result_fetchmany(result, 7, NULL, NULL)),
        CUPEL_E_ARGUMENT);
    cupel_async_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(first_and_one_close_the_result)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    const cupel_row *row;

    CHECK_OK(cupel_await(cupel_async_result_first(result, &row)));
    CHECK_INT(cupel_row_int(row, 0), 0);
    CHECK(cupel_async_result_closed(result));
    CHECK_FAILS(cupel_await(cupel_async_result_fetchone(result, &row)),
                CUPEL_E_CLOSED);
    cupel_async_result_free(result);

    result = stream(conn, in_order);
    CHECK_FAILS(cupel_await(cupel_async_result_one(result, &row)),
                CUPEL_E_MULTIPLE);
    cupel_async_result_free(result);

    result = stream(conn, "SELECT id FROM item WHERE id = 99");
    CHECK_FAILS(cupel_await(cupel_async_result_one(result, &row)),
                CUPEL_E_NORESULT);
    cupel_async_result_free(result);

    result = stream(conn, "SELECT id FROM item WHERE id = 99");
    CHECK_OK(cupel_await(cupel_async_result_one_or_none(result, &row)));
    CHECK(row == NULL);
    cupel_async_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(scalars_of_a_result_are_its_first_column)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    cupel_value value;

    CHECK_OK(cupel_await(cupel_async_result_scalar(result, &value)));
    CHECK_INT(value.as.integer, 0);
    cupel_async_result_free(result);

    result = stream(conn, "SELECT id FROM item WHERE id = 5");
    CHECK_OK(cupel_await(cupel_async_result_scalar_one(result, &value)));
    CHECK_INT(value.as.integer, 5);
    cupel_async_result_free(result);

    result = stream(conn, "SELECT id FROM item WHERE id = 99");
    CHECK_OK(
        cupel_await(cupel_async_result_scalar_one_or_none(result, &value)));
    CHECK_INT(value.type, CUPEL_NULL);
    cupel_async_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

/* ---- Ending ------------------------------------------------------------ */

TASK_TEST(close_lets_the_servers_cursor_go)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    const cupel_row *row;

    CHECK_OK(cupel_await(cupel_async_result_close(result)));
    CHECK_OK(cupel_await(cupel_async_result_close(result)));
    CHECK(cupel_async_result_closed(result));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE_ROWS), 1);
    CHECK_FAILS(cupel_await(cupel_async_result_fetchone(result, &row)),
                CUPEL_E_CLOSED);
    cupel_async_result_free(result);
    cupel_async_result_free(NULL);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(leaving_a_results_scope_closes_it_and_hands_the_failure_on)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);

    CHECK_FAILS(cupel_await(cupel_async_result_exit(result, CUPEL_E_DATA)),
                CUPEL_E_DATA);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE_ROWS), 1);
    CHECK_OK(cupel_await(cupel_async_result_exit(NULL, CUPEL_OK)));
    facade_exit(conn);
    facade_close(engine);
}

static cupel_status
read_until_cancelled(void *arg)
{
    cupel_async_connection *conn = arg;
    cupel_async_result *result = stream(conn, in_order);
    const cupel_row *row;
    cupel_status rc;

    CHECK_INT(cupel_await(cupel_async_result_fetchone(result, &row)),
              CUPEL_ROW);
    rc = cupel_sleep(1000000);
    return cupel_await(cupel_async_result_exit(result, rc));
}

TASK_TEST(a_cancelled_task_closes_its_stream_all_the_same)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_future *work = cupel_future_call(read_until_cancelled, conn);
    int turns;

    CHECK_OK(cupel_future_spawn(work));
    for (turns = 0; turns < 20; turns++)
        CHECK_OK(cupel_yield());
    cupel_future_cancel(work);
    CHECK_FAILS(cupel_await(work), CUPEL_E_CANCELLED);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE_ROWS), 1);
    CHECK_OK(facade_run(conn, "SELECT 1"));
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_fetch_keeps_the_result_it_was_made_from)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    cupel_value value;
    cupel_future *fetch = cupel_async_result_scalar(result, &value);

    CHECK_OK(cupel_future_spawn(fetch));
    CHECK_OK(cupel_yield());
    cupel_async_result_free(result);
    CHECK_OK(cupel_await(fetch));
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_stream_ends_with_its_connection)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    const cupel_row *const *rows;
    size_t found;

    facade_exit(conn);
    CHECK_FAILS(cupel_await(cupel_async_result_all(result, &rows, &found)),
                CUPEL_E_CLOSED);
    cupel_async_result_free(result);
    facade_close(engine);
}

TASK_TEST(handles_on_one_stream_share_its_rows)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    cupel_async_scalar_result *scalars;
    cupel_async_mapping_result *mappings;
    const cupel_row *row;
    cupel_value value;

    CHECK_OK(cupel_async_result_scalars(result, 0, &scalars));
    CHECK_OK(cupel_async_result_mappings(result, &mappings));
    CHECK_INT(cupel_await(cupel_async_scalar_result_fetchone(scalars, &value)),
              CUPEL_ROW);
    CHECK_INT(value.as.integer, 0);
    CHECK_INT(cupel_await(cupel_async_mapping_result_fetchone(mappings, &row)),
              CUPEL_ROW);
    CHECK_OK(cupel_row_get_named(row, "id", &value));
    CHECK_INT(value.as.integer, 1);
    CHECK_INT(cupel_await(cupel_async_result_fetchone(result, &row)),
              CUPEL_ROW);
    CHECK_INT(cupel_row_int(row, 0), 2);
    cupel_async_scalar_result_free(scalars);
    CHECK_OK(cupel_async_result_scalars_named(result, "name", &scalars));
    cupel_async_result_free(result);
    CHECK_OK(cupel_await(cupel_async_scalar_result_close(scalars)));
    CHECK(cupel_async_mapping_result_closed(mappings));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE_ROWS), 1);
    cupel_async_scalar_result_free(scalars);
    cupel_async_mapping_result_free(mappings);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(filters_change_what_a_stream_shows)
{
    static const int64_t second[] = { 1 };
    static const char *const name[] = { "name" };
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    const cupel_row *const *rows;
    const char *const *keys;
    size_t found;

    CHECK(cupel_async_result_has_key(result, "id"));
    CHECK_OK(cupel_async_result_columns(result, second, 1));
    CHECK_FAILS(cupel_async_result_columns(result, second, 1), CUPEL_E_INDEX);
    CHECK_OK(cupel_async_result_columns_named(result, name, 1));
    CHECK_OK(cupel_async_result_keys(result, &keys, &found));
    CHECK_INT(found, 1);
    CHECK_STR(keys[0], "name");
    CHECK_OK(cupel_async_result_unique(result, NULL, NULL));
    CHECK_OK(cupel_await(cupel_async_result_all(result, &rows, &found)));
    CHECK_INT(found, 1);
    cupel_async_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_stream_comes_in_partitions)
{
    static const size_t sizes[] = { 7, 7, 5 };
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    const cupel_row *const *rows;
    size_t i, found;

    CHECK_OK(cupel_async_result_yield_per(result, 7));
    for (i = 0; i < 3; i++) {
        CHECK_INT(
            cupel_await(cupel_async_result_partition(result, 0, &rows, &found)),
            CUPEL_ROW);
        CHECK_INT(found, sizes[i]);
    }
    CHECK_OK(
        cupel_await(cupel_async_result_partition(result, 0, &rows, &found)));
    CHECK_INT(found, 0);
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_frozen_stream_thaws_for_either_face)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_result *result = stream(conn, in_order);
    cupel_frozen_result *frozen;
    const cupel_row *const *rows;
    cupel_result *thawed;
    size_t found;

    CHECK_OK(cupel_await(cupel_async_result_freeze(result, &frozen)));
    cupel_async_result_free(result);
    facade_exit(conn);
    CHECK_OK(cupel_async_result_thaw(frozen, &result));
    CHECK_OK(cupel_frozen_result_thaw(frozen, &thawed));
    cupel_frozen_result_free(frozen);
    CHECK_OK(cupel_await(cupel_async_result_all(result, &rows, &found)));
    CHECK_INT(found, 19);
    CHECK_OK(cupel_result_all(thawed, &rows, &found));
    CHECK_INT(found, 19);
    cupel_async_result_free(result);
    cupel_result_free(thawed);
    facade_close(engine);
}

TASK_TEST(a_null_result_is_refused_through_the_future)
{
    cupel_async_scalar_result *scalars;
    cupel_async_result *thawed;
    const cupel_row *const *rows;
    const cupel_row *row;
    cupel_value value;
    size_t found;

    CHECK_FAILS(cupel_await(cupel_async_result_fetchone(NULL, &row)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_result_all(NULL, &rows, &found)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(
        cupel_await(cupel_async_result_fetchmany(NULL, 1, &rows, &found)),
        CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_result_scalar(NULL, &value)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_result_close(NULL)), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_async_result_scalars(NULL, 0, &scalars),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_async_result_scalars(NULL, 0, NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_async_result_scalars_named(NULL, NULL, &scalars),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_async_result_thaw(NULL, &thawed), CUPEL_E_ARGUMENT);
    CHECK(scalars == NULL);
}
