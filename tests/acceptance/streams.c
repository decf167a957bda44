/* SPDX-License-Identifier: MIT */
/* Streams on the facade: scopes, filters as futures, server cursors and their
 * ends. */
#include "acceptance/matrix.h"

/* A facade, and a connection that has made the table of numbers. */
struct streams {
    cupel_async_engine *engine;
    cupel_async_connection *conn;
};

/* Yields. */
static void
open_streams(struct streams *streams)
{
    streams->engine = accept_async_engine(NULL);
    accept_add_users(cupel_async_engine_sync_engine(streams->engine), 19);
    streams->conn = cupel_async_engine_connect(streams->engine);
    CHECK(streams->conn != NULL);
    CHECK_OK(cupel_await(cupel_async_connection_enter(streams->conn)));
    matrix_fill(cupel_async_connection_sync_connection(streams->conn));
}

/* Yields. */
static void
close_streams(struct streams *streams)
{
    CHECK_OK(cupel_await(cupel_async_connection_exit(streams->conn, CUPEL_OK)));
    accept_async_close(streams->engine);
}

static const char all_users[] =
    "SELECT user_id, user_name FROM users ORDER BY user_id";

/* A stream; with batches of `per` rows, 0: growing. Yields. */
static cupel_async_result *
stream(struct streams *streams, const char *sql, int64_t per)
{
    const cupel_param option = { "yield_per", cupel_int(per) };
    const cupel_execution_options options = { &option, per > 0 ? 1 : 0 };
    cupel_async_result *result;

    CHECK_OK(cupel_await(cupel_async_connection_stream(
        streams->conn, CUPEL_TEXT(sql), NULL, &options, &result)));
    return result;
}

/* The server's cursors that are open; -1 where nobody counts them. Yields. */
static int64_t
open_cursors(struct streams *streams)
{
    cupel_value value;

    if (!accept_is_postgresql())
        return -1;
    CHECK_OK(cupel_await(cupel_async_connection_scalar(
        streams->conn,
        CUPEL_TEXT("SELECT count(*) FROM pg_cursors WHERE name LIKE "
                   "'cupel%'"),
        NULL, NULL, &value)));
    return value.as.integer;
}

#define CHECK_CURSORS(streams, count)           \
    do {                                        \
        int64_t there = open_cursors(streams);  \
                                                \
        CHECK(there == -1 || there == (count)); \
    } while (0)

/* ---- Every filter as futures ----------------------------------------- */

/* Read through one of the three handles, `way` telling how. Yields. */
static void
read_rows(cupel_async_result *result, int way, struct matrix_texts *texts)
{
    const cupel_row *const *rows, *row;
    cupel_status rc = CUPEL_ROW;
    size_t found = 1;

    while (way == 0 &&
           cupel_await(cupel_async_result_fetchone(result, &row)) == CUPEL_ROW)
        matrix_add_row(texts, row);
    while (way == 1 && found > 0) {
        CHECK_OK(cupel_await(
            cupel_async_result_fetchmany(result, 2, &rows, &found)));
        matrix_add_rows(texts, rows, found);
    }
    while (way == 2 && rc == CUPEL_ROW) {
        rc =
            cupel_await(cupel_async_result_partition(result, 2, &rows, &found));
        matrix_add_rows(texts, rows, found);
    }
    if (way < 3)
        return;
    CHECK_OK(cupel_await(cupel_async_result_all(result, &rows, &found)));
    matrix_add_rows(texts, rows, found);
}

/* Yields. */
static void
read_scalars(cupel_async_scalar_result *result, int way,
             struct matrix_texts *texts)
{
    const cupel_value *values;
    cupel_status rc = CUPEL_ROW;
    cupel_value value;
    size_t found = 1;

    while (way == 0 && cupel_await(cupel_async_scalar_result_fetchone(
                           result, &value)) == CUPEL_ROW)
        matrix_add_value(texts, &value);
    while (way == 1 && found > 0) {
        CHECK_OK(cupel_await(
            cupel_async_scalar_result_fetchmany(result, 2, &values, &found)));
        matrix_add_values(texts, values, found);
    }
    while (way == 2 && rc == CUPEL_ROW) {
        rc = cupel_await(
            cupel_async_scalar_result_partition(result, 2, &values, &found));
        matrix_add_values(texts, values, found);
    }
    if (way < 3)
        return;
    CHECK_OK(
        cupel_await(cupel_async_scalar_result_all(result, &values, &found)));
    matrix_add_values(texts, values, found);
}

/* Yields. */
static void
read_mappings(cupel_async_mapping_result *result, int way,
              struct matrix_texts *texts)
{
    const cupel_row *const *rows, *row;
    cupel_status rc = CUPEL_ROW;
    size_t found = 1;

    while (way == 0 && cupel_await(cupel_async_mapping_result_fetchone(
                           result, &row)) == CUPEL_ROW)
        matrix_add_row(texts, row);
    while (way == 1 && found > 0) {
        CHECK_OK(cupel_await(
            cupel_async_mapping_result_fetchmany(result, 2, &rows, &found)));
        matrix_add_rows(texts, rows, found);
    }
    while (way == 2 && rc == CUPEL_ROW) {
        rc = cupel_await(
            cupel_async_mapping_result_partition(result, 2, &rows, &found));
        matrix_add_rows(texts, rows, found);
    }
    if (way < 3)
        return;
    CHECK_OK(
        cupel_await(cupel_async_mapping_result_all(result, &rows, &found)));
    matrix_add_rows(texts, rows, found);
}

/* Choose columns and uniqueness of rows or maps. */
static void
filter_rows(cupel_async_result *result, const struct matrix_filter *filter)
{
    if (filter->column_count > 0)
        CHECK_OK(cupel_async_result_columns(result, filter->columns,
                                            filter->column_count));
    if (filter->unique)
        CHECK_OK(cupel_async_result_unique(result, NULL, NULL));
}

/* Yields. */
static void
check_filter(struct streams *streams, const struct matrix_filter *filter,
             int64_t per, int way)
{
    cupel_async_result *result = stream(streams, MATRIX_SELECT, per);
    struct matrix_texts expected, actual = { .count = 0 };
    cupel_async_mapping_result *mappings;
    cupel_async_scalar_result *scalars;

    matrix_expect(filter, &expected);
    if (filter->form == MATRIX_AS_SCALARS) {
        CHECK_OK(
            cupel_async_result_scalars(result, filter->columns[0], &scalars));
        if (filter->unique)
            CHECK_OK(cupel_async_scalar_result_unique(scalars, NULL, NULL));
        read_scalars(scalars, way, &actual);
        cupel_async_scalar_result_free(scalars);
    } else if (filter->form == MATRIX_AS_MAPPINGS) {
        filter_rows(result, filter);
        CHECK_OK(cupel_async_result_mappings(result, &mappings));
        read_mappings(mappings, way, &actual);
        cupel_async_mapping_result_free(mappings);
    } else {
        filter_rows(result, filter);
        read_rows(result, way, &actual);
    }
    matrix_check(&actual, &expected);
    CHECK(!cupel_async_result_closed(result));
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
}

TASK_TEST(every_filter_of_a_stream_however_it_is_fetched)
{
    static const int64_t batches[] = { 0, 1, 2, 100 };
    struct streams streams;
    size_t filter, batch;
    int way;

    open_streams(&streams);
    for (filter = 0; filter < MATRIX_FILTERS; filter++) {
        for (batch = 0; batch < 4; batch++) {
            for (way = 0; way < 4; way++)
                check_filter(&streams, &matrix_filters[filter], batches[batch],
                             way);
        }
    }
    CHECK_CURSORS(&streams, 0);
    close_streams(&streams);
}

/* ---- Partitions ------------------------------------------------------ */

/* Yields. */
static void
check_partitions(struct streams *streams, size_t size, const size_t *sizes)
{
    cupel_async_result *result = stream(streams, all_users, 0);
    const cupel_row *const *rows;
    size_t found;

    while (cupel_await(cupel_async_result_partition(result, size, &rows,
                                                    &found)) == CUPEL_ROW)
        CHECK_INT(found, *sizes++);
    CHECK_INT(*sizes, 0);
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
}

TASK_TEST(nineteen_rows_in_partitions)
{
    static const size_t fives[] = { 5, 5, 5, 4, 0 };
    static const size_t sevens[] = { 7, 7, 5, 0 };
    static const size_t all[] = { 19, 0 };
    struct streams streams;

    open_streams(&streams);
    check_partitions(&streams, 5, fives);
    check_partitions(&streams, 7, sevens);
    check_partitions(&streams, 0, all);
    close_streams(&streams);
}

TASK_TEST(yield_per_is_the_size_of_partitions)
{
    static const size_t sizes[] = { 5, 5, 5, 4, 0 };
    struct streams streams;
    cupel_async_result *result;
    const cupel_row *const *rows;
    size_t found, i = 0;

    open_streams(&streams);
    result = stream(&streams, all_users, 5);
    while (cupel_await(cupel_async_result_partition(result, 0, &rows,
                                                    &found)) == CUPEL_ROW)
        CHECK_INT(found, sizes[i++]);
    CHECK_INT(i, 4);
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
    close_streams(&streams);
}

/* ---- How a stream ends ----------------------------------------------- */

TASK_TEST(first_frees_the_servers_cursor_and_all_closes_softly)
{
    struct streams streams;
    cupel_async_result *result;
    const cupel_row *const *rows, *row;
    cupel_value value;
    size_t found;

    open_streams(&streams);
    result = stream(&streams, all_users, 2);
    CHECK_CURSORS(&streams, 1);
    CHECK_OK(cupel_await(cupel_async_result_first(result, &row)));
    CHECK_INT(cupel_row_int(row, 0), 1);
    CHECK(cupel_async_result_closed(result));
    CHECK_CURSORS(&streams, 0);
    cupel_async_result_free(result);

    result = stream(&streams, all_users, 2);
    CHECK_OK(cupel_await(cupel_async_result_scalar(result, &value)));
    CHECK_INT(value.as.integer, 1);
    CHECK_CURSORS(&streams, 0);
    cupel_async_result_free(result);

    result = stream(&streams, all_users, 2);
    CHECK_FAILS(cupel_await(cupel_async_result_one(result, &row)),
                CUPEL_E_MULTIPLE);
    CHECK_CURSORS(&streams, 0);
    cupel_async_result_free(result);

    result = stream(&streams, all_users, 2);
    CHECK_OK(cupel_await(cupel_async_result_all(result, &rows, &found)));
    CHECK_INT(found, 19);
    CHECK(!cupel_async_result_closed(result));
    CHECK_CURSORS(&streams, 0);
    CHECK_OK(cupel_await(cupel_async_result_all(result, &rows, &found)));
    CHECK_INT(found, 0);
    cupel_async_result_free(result);
    close_streams(&streams);
}

TASK_TEST(breaking_out_leaves_the_cursor_open_until_close)
{
    struct streams streams;
    cupel_async_result *result;
    const cupel_row *row;

    open_streams(&streams);
    result = stream(&streams, all_users, 2);
    CHECK_INT(cupel_await(cupel_async_result_fetchone(result, &row)),
              CUPEL_ROW);
    CHECK_CURSORS(&streams, 1);
    CHECK_OK(cupel_await(cupel_async_result_close(result)));
    CHECK_CURSORS(&streams, 0);
    CHECK_OK(cupel_await(cupel_async_result_close(result)));
    CHECK_FAILS(cupel_await(cupel_async_result_fetchone(result, &row)),
                CUPEL_E_CLOSED);
    cupel_async_result_free(result);
    close_streams(&streams);
}

TASK_TEST(leaving_the_scope_by_an_error_closes_the_stream)
{
    struct streams streams;
    cupel_async_result *result;
    const cupel_row *row;

    open_streams(&streams);
    result = stream(&streams, all_users, 2);
    CHECK_INT(cupel_await(cupel_async_result_fetchone(result, &row)),
              CUPEL_ROW);
    CHECK_FAILS(cupel_await(cupel_async_result_exit(result, CUPEL_E_VALUE)),
                CUPEL_E_VALUE);
    CHECK_CURSORS(&streams, 0);
    close_streams(&streams);
}

/* Yields. */
static cupel_status
leave_cancelled(void *arg)
{
    struct streams *streams = arg;
    cupel_async_result *result = stream(streams, all_users, 2);
    cupel_status rc = cupel_sleep(1000000);

    return cupel_await(cupel_async_result_exit(result, rc));
}

TASK_TEST(leaving_the_scope_cancelled_closes_the_stream)
{
    struct streams streams;
    cupel_future *work;
    cupel_status rc;

    open_streams(&streams);
    work = cupel_future_call(leave_cancelled, &streams);
    rc = cupel_await(cupel_future_wait_for(work, cupel_deadline_in(100)));
    CHECK(rc == CUPEL_E_TIMEOUT || rc == CUPEL_E_CANCELLED);
    CHECK_CURSORS(&streams, 0);
    close_streams(&streams);
}

TASK_TEST(closing_the_connection_ends_its_streams)
{
    struct streams streams;
    cupel_async_result *result;
    const cupel_row *row;

    open_streams(&streams);
    result = stream(&streams, all_users, 2);
    CHECK_INT(cupel_await(cupel_async_result_fetchone(result, &row)),
              CUPEL_ROW);
    CHECK_OK(cupel_await(cupel_async_connection_close(streams.conn)));
    CHECK_FAILS(cupel_await(cupel_async_result_fetchone(result, &row)),
                CUPEL_E_CLOSED);
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
    close_streams(&streams);
}

/* ---- Streams and transactions ---------------------------------------- */

TASK_TEST(a_stream_begins_the_transaction_it_lives_in)
{
    struct streams streams;
    cupel_async_result *result;
    bool in_transaction;

    open_streams(&streams);
    CHECK_OK(cupel_await(cupel_async_connection_rollback(streams.conn)));
    result = stream(&streams, all_users, 2);
    CHECK_OK(
        cupel_async_connection_in_transaction(streams.conn, &in_transaction));
    CHECK(in_transaction);
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
    close_streams(&streams);
}

TASK_TEST(commit_ends_the_servers_cursors)
{
    struct streams streams;
    cupel_async_result *result;
    const cupel_row *const *rows, *row;
    size_t found;

    open_streams(&streams);
    result = stream(&streams, all_users, 2);
    CHECK_INT(cupel_await(cupel_async_result_fetchone(result, &row)),
              CUPEL_ROW);
    CHECK_OK(cupel_await(cupel_async_connection_commit(streams.conn)));
    CHECK_INT(cupel_await(cupel_async_result_fetchone(result, &row)),
              CUPEL_ROW); /* it was in the batch */
    CHECK_INT(cupel_row_int(row, 0), 2);
    if (accept_is_postgresql()) {
        CHECK_FAILS(cupel_await(cupel_async_result_all(result, &rows, &found)),
                    CUPEL_E_PROGRAMMING);
    } else {
        CHECK_OK(cupel_await(cupel_async_result_all(result, &rows, &found)));
        CHECK_INT(found, 17);
    }
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
    close_streams(&streams);
}

TASK_TEST(two_streams_of_one_connection_do_not_mix)
{
    struct streams streams;
    cupel_async_result *one, *two;
    const cupel_row *row;
    int id;

    open_streams(&streams);
    one = stream(&streams, all_users, 2);
    two = stream(&streams, all_users, 3);
    for (id = 1; id <= 19; id++) {
        CHECK_INT(cupel_await(cupel_async_result_fetchone(one, &row)),
                  CUPEL_ROW);
        CHECK_INT(cupel_row_int(row, 0), id);
        CHECK_INT(cupel_await(cupel_async_result_fetchone(two, &row)),
                  CUPEL_ROW);
        CHECK_INT(cupel_row_int(row, 0), id);
    }
    CHECK_OK(cupel_await(cupel_async_result_exit(one, CUPEL_OK)));
    CHECK_OK(cupel_await(cupel_async_result_exit(two, CUPEL_OK)));
    close_streams(&streams);
}

/* ---- What can be streamed -------------------------------------------- */

TASK_TEST(dml_may_be_streamed)
{
    struct streams streams;
    cupel_async_result *result;
    const cupel_row *const *rows, *row;
    size_t found;

    open_streams(&streams);
    result = stream(&streams,
                    "UPDATE users SET user_name = 'x' WHERE user_id <= 3 "
                    "RETURNING user_id",
                    1);
    CHECK_OK(cupel_await(cupel_async_result_all(result, &rows, &found)));
    CHECK_INT(found, 3);
    CHECK_INT(cupel_result_rowcount(cupel_async_result_sync_result(result)), 3);
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
    result = stream(&streams, "DELETE FROM users WHERE user_id <= 3", 0);
    CHECK_FAILS(cupel_await(cupel_async_result_fetchone(result, &row)),
                CUPEL_E_CLOSED);
    CHECK_INT(cupel_result_rowcount(cupel_async_result_sync_result(result)), 3);
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
    close_streams(&streams);
}

TASK_TEST(stream_scalars_gives_the_first_column)
{
    struct streams streams;
    cupel_async_scalar_result *result;
    const cupel_value *values;
    cupel_value value;
    size_t found;

    open_streams(&streams);
    CHECK_OK(cupel_await(cupel_async_connection_stream_scalars(
        streams.conn, CUPEL_TEXT(all_users), NULL, NULL, &result)));
    CHECK_INT(cupel_await(cupel_async_scalar_result_fetchone(result, &value)),
              CUPEL_ROW);
    CHECK_INT(value.as.integer, 1);
    CHECK_OK(
        cupel_await(cupel_async_scalar_result_all(result, &values, &found)));
    CHECK_INT(found, 18);
    CHECK_INT(values[17].as.integer, 19);
    CHECK(!cupel_async_scalar_result_closed(result));
    CHECK_OK(cupel_await(cupel_async_scalar_result_exit(result, CUPEL_OK)));
    close_streams(&streams);
}

TASK_TEST(a_stream_is_frozen_and_thawed_as_a_stream)
{
    struct streams streams;
    cupel_async_result *result;
    cupel_async_scalar_result *scalars;
    cupel_frozen_result *frozen;
    const cupel_value *values;
    size_t found;
    int times;

    open_streams(&streams);
    result = stream(&streams, all_users, 4);
    CHECK_OK(cupel_await(cupel_async_result_freeze(result, &frozen)));
    CHECK_OK(cupel_await(cupel_async_result_exit(result, CUPEL_OK)));
    CHECK_CURSORS(&streams, 0);
    close_streams(&streams);
    for (times = 0; times < 2; times++) {
        CHECK_OK(cupel_async_result_thaw(frozen, &result));
        CHECK_OK(cupel_async_result_scalars_named(result, "user_id", &scalars));
        CHECK_OK(cupel_await(
            cupel_async_scalar_result_all(scalars, &values, &found)));
        CHECK_INT(found, 19);
        CHECK_INT(values[18].as.integer, 19);
        cupel_async_scalar_result_free(scalars);
        cupel_async_result_free(result);
    }
    cupel_frozen_result_free(frozen);
}
