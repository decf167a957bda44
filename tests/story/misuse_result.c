/* SPDX-License-Identifier: MIT */
/* Results used in the wrong order: after their connection or their end, one
 * through another, and by the functions that they call. */
#include <cupel/cupel.h>

#include "support/fake_engine.h"

#define ITEMS CUPEL_TEXT("SELECT id, name FROM item ORDER BY id")

static cupel_connection *
connect_with_rows(cupel_engine *engine)
{
    cupel_connection *conn = connect_with_items(engine);
    int64_t id;

    for (id = 1; id <= 20; id++)
        CHECK_OK(cupel_connection_execute(
            conn, CUPEL_TEXT("INSERT INTO item VALUES (:id, 'a')"),
            CUPEL_PARAMS({ "id", cupel_int(id) }), NULL, NULL));
    CHECK_OK(cupel_connection_commit(conn));
    return conn;
}

TASK_TEST(results_outlive_their_connection_and_answer)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_rows(engine);
    cupel_result *buffered, *stream, *both;
    cupel_scalar_result *scalars;
    const cupel_row *row;
    cupel_value value;

    CHECK_OK(cupel_connection_execute(conn, ITEMS, NULL, NULL, &buffered));
    CHECK_OK(cupel_connection_stream(conn, ITEMS, NULL, NULL, &stream));
    CHECK_FAILS(cupel_result_fetchone(stream, &row), CUPEL_ROW);
    CHECK_OK(cupel_result_scalars(stream, 0, &scalars));
    cupel_connection_free(conn);
    CHECK_FAILS(cupel_result_fetchone(buffered, &row), CUPEL_ROW);
    do { /* what was fetched in advance is still there */
        cupel_status rc = cupel_scalar_result_fetchone(scalars, &value);

        CHECK(rc == CUPEL_ROW || rc < 0);
        if (rc < 0)
            break;
    } while (true);
    CHECK(cupel_result_fetchone(stream, &row) < 0);
    CHECK(row == NULL);
    CHECK(cupel_result_merge((cupel_result *[]){ buffered, stream }, 2,
                             &both) <= CUPEL_OK);
    cupel_result_free(both);
    CHECK_OK(cupel_result_close(stream));
    cupel_result_free(stream);
    cupel_scalar_result_free(scalars);
    cupel_result_free(buffered);
    fake_engine_close(engine);
}

TASK_TEST(results_that_are_merged_belong_to_the_merger)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_rows(engine), *other;
    cupel_result *left, *right, *narrow, *both = NULL, *all;
    const cupel_row *const *rows;
    size_t found;

    CHECK_OK(cupel_engine_connect(engine, &other));
    CHECK_OK(cupel_connection_execute(conn, ITEMS, NULL, NULL, &left));
    CHECK_OK(cupel_connection_stream(other, ITEMS, NULL, NULL, &right));
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("SELECT id FROM item"),
                                      NULL, NULL, &narrow));
    CHECK_FAILS(
        cupel_result_merge((cupel_result *[]){ left, narrow }, 2, &both),
        CUPEL_E_ARGUMENT);
    CHECK(both == NULL);
    CHECK(cupel_result_merge((cupel_result *[]){ left, left }, 2, &both) < 0);
    CHECK(cupel_result_merge((cupel_result *[]){ left, NULL }, 2, &both) < 0);
    CHECK_OK(cupel_result_merge((cupel_result *[]){ left, right }, 2, &both));
    CHECK_FAILS(cupel_result_all(left, &rows, &found), CUPEL_E_INVALID);
    CHECK_INT(found, 0);
    CHECK(cupel_result_merge((cupel_result *[]){ both, left }, 2, &all) < 0);
    cupel_result_free(narrow);
    cupel_result_free(left); /* before what was made of it */
    cupel_result_free(right);
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    CHECK(cupel_result_all(both, &rows, &found) <= CUPEL_OK);
    cupel_result_free(both);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* ---- Keys ---------------------------------------------------------------- */

struct keys {
    cupel_connection *conn;
    cupel_result *result;
    int calls;
};

/* Does to its own result what nobody expects, and answers all the same. */
static cupel_status
key_that_meddles(const cupel_row *row, void *arg, cupel_value *out)
{
    struct keys *keys = arg;
    const cupel_row *other;
    cupel_status rc;

    rc = cupel_row_get(row, 0, out);
    if (keys->calls++ > 0)
        return rc;
    CHECK(cupel_result_fetchone(keys->result, &other) <= CUPEL_ROW);
    CHECK(cupel_result_unique(keys->result, NULL, NULL) <= CUPEL_OK);
    CHECK(cupel_result_columns(keys->result, (int64_t[]){ 1 }, 1) <= CUPEL_OK);
    CHECK(cupel_result_close(keys->result) <= CUPEL_OK);
    return CUPEL_OK;
}

static cupel_status
key_that_fails(const cupel_row *row, void *arg, cupel_value *out)
{
    (void)row;
    (void)arg;
    (void)out;
    return CUPEL_E_VALUE;
}

static cupel_status
key_that_is_none(const cupel_row *row, void *arg, cupel_value *out)
{
    (void)row;
    (void)arg;
    *out = cupel_string_n(NULL, 9);
    return CUPEL_OK;
}

TASK_TEST(keys_that_meddle_with_their_result_do_no_harm)
{
    cupel_row_key_fn *const functions[] = { key_that_meddles, key_that_fails,
                                            key_that_is_none };
    cupel_engine *engine = fake_engine();
    struct keys keys = { .conn = connect_with_rows(engine) };
    const cupel_row *const *rows;
    const cupel_row *row;
    size_t i, found;

    for (i = 0; i < 6; i++) {
        keys.calls = 0;
        if (i % 2 == 0)
            CHECK_OK(cupel_connection_execute(keys.conn, ITEMS, NULL, NULL,
                                              &keys.result));
        else
            CHECK_OK(cupel_connection_stream(keys.conn, ITEMS, NULL, NULL,
                                             &keys.result));
        CHECK_OK(cupel_result_unique(keys.result, functions[i / 2], &keys));
        CHECK(cupel_result_fetchone(keys.result, &row) <= CUPEL_ROW);
        CHECK(cupel_result_all(keys.result, &rows, &found) <= CUPEL_OK);
        cupel_result_free(keys.result);
    }
    CHECK_OK(cupel_connection_exit(keys.conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* ---- Indexes and names --------------------------------------------------- */

TASK_TEST(columns_that_do_not_exist_change_nothing)
{
    static const int64_t wrong[] = { 2, -3, INT64_MIN, INT64_MAX };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_rows(engine);
    cupel_scalar_result *scalars;
    cupel_result *result, *none;
    const cupel_row *row;
    cupel_value value;
    size_t i, at;

    CHECK_OK(cupel_connection_execute(conn, ITEMS, NULL, NULL, &result));
    for (i = 0; i < 4; i++) {
        CHECK_FAILS(cupel_result_columns(result, (int64_t[]){ 0, wrong[i] }, 2),
                    CUPEL_E_INDEX);
        CHECK_FAILS(cupel_result_scalars(result, wrong[i], &scalars),
                    CUPEL_E_INDEX);
        CHECK(scalars == NULL);
    }
    CHECK_FAILS(
        cupel_result_columns_named(result, (const char *[]){ "id", "" }, 2),
        CUPEL_E_NOCOLUMN);
    CHECK(cupel_result_columns_named(result, (const char *[]){ "id", NULL },
                                     2) < 0);
    CHECK_FAILS(cupel_result_find(result, "\xff", &at), CUPEL_E_NOCOLUMN);
    CHECK_INT(cupel_result_column_count(result), 2);
    CHECK_FAILS(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_FAILS(cupel_row_get(row, SIZE_MAX, &value), CUPEL_E_INDEX);
    CHECK_FAILS(cupel_row_at(row, INT64_MIN, &value), CUPEL_E_INDEX);
    CHECK(cupel_row_get_as(row, 0, (cupel_type)99, &value) < 0);
    cupel_result_free(result);

    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("DELETE FROM item"),
                                      NULL, NULL, &none));
    CHECK_FAILS(cupel_result_fetchone(none, &row), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_scalars(none, 0, &scalars), CUPEL_E_CLOSED);
    CHECK_OK(cupel_result_close(none));
    CHECK_OK(cupel_result_close(none));
    CHECK_FAILS(cupel_result_exit(none, CUPEL_E_VALUE), CUPEL_E_VALUE);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
