/* SPDX-License-Identifier: MIT */
#include "facade.h"

#include <cupel/task.h>

/* Maps of (1, 'a') to (3, 'c'). */
static cupel_async_mapping_result *
stream(cupel_async_connection *conn)
{
    cupel_async_mapping_result *mappings;
    cupel_async_result *result;

    CHECK_OK(cupel_await(cupel_async_connection_stream(
        conn, CUPEL_TEXT("SELECT id, name FROM item ORDER BY id"), NULL, NULL,
        &result)));
    CHECK_OK(cupel_async_result_mappings(result, &mappings));
    cupel_async_result_free(result);
    return mappings;
}

static cupel_async_connection *
connect_with_rows(cupel_async_engine *engine)
{
    cupel_async_connection *conn = facade_with_items(engine);

    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a'), (2, 'b'), "
                              "(3, 'c')"));
    return conn;
}

TASK_TEST(maps_come_one_by_one_and_in_pages)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_mapping_result *result = stream(conn);
    const cupel_row *const *rows, *row;
    const char *const *keys;
    cupel_value value;
    size_t found;

    CHECK_OK(cupel_async_mapping_result_keys(result, &keys, &found));
    CHECK_INT(found, 2);
    CHECK(cupel_async_mapping_result_has_key(result, "name"));
    CHECK_INT(cupel_await(cupel_async_mapping_result_fetchone(result, &row)),
              CUPEL_ROW);
    CHECK_OK(cupel_row_get_named(row, "id", &value));
    CHECK_INT(value.as.integer, 1);
    CHECK_OK(cupel_async_mapping_result_yield_per(result, 1));
    CHECK_INT(cupel_await(cupel_async_mapping_result_partition(result, 0, &rows,
                                                               &found)),
              CUPEL_ROW);
    CHECK_INT(found, 1);
    CHECK_OK(cupel_await(
        cupel_async_mapping_result_fetchmany(result, 5, &rows, &found)));
    CHECK_INT(found, 1);
    CHECK_OK(
        cupel_await(cupel_async_mapping_result_all(result, &rows, &found)));
    CHECK_INT(found, 0);
    CHECK(!cupel_async_mapping_result_closed(result));
    CHECK_OK(cupel_await(cupel_async_mapping_result_close(result)));
    CHECK(cupel_async_mapping_result_closed(result));
    cupel_async_mapping_result_free(result);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(maps_are_filtered)
{
    static const int64_t both[] = { 1, 0 };
    static const char *const id[] = { "id" };
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_mapping_result *result = stream(conn);
    const cupel_row *row;

    CHECK_OK(cupel_async_mapping_result_columns(result, both, 2));
    CHECK_OK(cupel_async_mapping_result_columns_named(result, id, 1));
    CHECK_OK(cupel_async_mapping_result_unique(result, NULL, NULL));
    CHECK_OK(cupel_await(cupel_async_mapping_result_first(result, &row)));
    CHECK_INT(cupel_row_len(row), 1);
    CHECK_STR(cupel_row_key(row, 0), "id");
    CHECK_OK(cupel_await(cupel_async_mapping_result_exit(result, CUPEL_OK)));
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(one_of_three_maps_is_too_many)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = connect_with_rows(engine);
    cupel_async_mapping_result *result = stream(conn);
    const cupel_row *row;

    CHECK_FAILS(cupel_await(cupel_async_mapping_result_one(result, &row)),
                CUPEL_E_MULTIPLE);
    cupel_async_mapping_result_free(result);
    result = stream(conn);
    CHECK_FAILS(
        cupel_await(cupel_async_mapping_result_one_or_none(result, &row)),
        CUPEL_E_MULTIPLE);
    cupel_async_mapping_result_free(result);
    CHECK_FAILS(cupel_await(cupel_async_mapping_result_fetchone(NULL, &row)),
                CUPEL_E_ARGUMENT);
    facade_exit(conn);
    facade_close(engine);
}
