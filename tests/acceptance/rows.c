/* SPDX-License-Identifier: MIT */
/* Rows and their keys, results made of results, and what DML leaves behind. */
#include "acceptance/acceptance.h"

static cupel_result *
query(cupel_connection *conn, const char *sql)
{
    cupel_result *result;

    CHECK_OK(
        cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, &result));
    return result;
}

/* ---- Keys -------------------------------------------------------------- */

TASK_TEST(keys_repeat_match_by_case_and_find_the_last)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_result *result =
        query(conn, "SELECT 1 AS x, 2 AS \"X\", 3 AS y, 4 AS x");
    const char *const *keys;
    const cupel_row *row;
    cupel_value value;
    size_t count;

    CHECK_OK(cupel_result_keys(result, &keys, &count));
    CHECK_INT(count, 4);
    CHECK_STR(keys[0], "x");
    CHECK_STR(keys[1], "X");
    CHECK_STR(keys[3], "x");
    CHECK(cupel_result_has_key(result, "X"));
    CHECK(!cupel_result_has_key(result, "Y"));
    CHECK(!cupel_result_has_key(result, NULL));
    CHECK_OK(cupel_result_one(result, &row));
    CHECK_OK(cupel_row_get_named(row, "x", &value));
    CHECK_INT(value.as.integer, 4);
    CHECK_OK(cupel_row_get_named(row, "X", &value));
    CHECK_INT(value.as.integer, 2);
    CHECK_FAILS(cupel_row_get_named(row, "Y", &value), CUPEL_E_NOCOLUMN);
    CHECK(strstr(cupel_error_text(), "'Y'") != NULL);
    CHECK_OK(cupel_result_exit(result, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Rows ------------------------------------------------------------ */

TASK_TEST(a_row_is_a_tuple_and_a_map)
{
    const cupel_value tuple[] = { cupel_int(7), cupel_string("seven"),
                                  cupel_null() };
    const cupel_value larger[] = { cupel_int(8) };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_result *result =
        query(conn, "SELECT 7 AS id, 'seven' AS name, NULL AS note");
    cupel_value value, values[3];
    const cupel_row *row;
    char text[40];
    size_t found;
    int order;

    CHECK_OK(cupel_result_one(result, &row));
    CHECK_INT(cupel_row_len(row), 3);
    CHECK_OK(cupel_row_at(row, -2, &value));
    CHECK(cupel_value_equal(&value, &tuple[1]));
    CHECK_FAILS(cupel_row_at(row, 3, &value), CUPEL_E_INDEX);
    CHECK_OK(cupel_row_slice(row, 1, CUPEL_ROW_END, values, &found));
    CHECK_INT(found, 2);
    CHECK(cupel_row_equal_values(row, tuple, 3));
    CHECK_OK(cupel_row_compare_values(row, larger, 1, &order));
    CHECK(order < 0);
    CHECK(cupel_row_contains(row, &tuple[2]));
    CHECK_OK(cupel_row_count(row, &tuple[0], &found));
    CHECK_INT(found, 1);
    CHECK_OK(cupel_row_index(row, &tuple[2], &found));
    CHECK_INT(found, 2);
    cupel_row_repr(row, text, sizeof text);
    CHECK_STR(text, "(7, 'seven', NULL)");
    for (found = 0; found < cupel_row_len(row); found++) {
        CHECK_OK(cupel_row_get_named(row, cupel_row_key(row, found), &value));
        CHECK(cupel_value_equal(&value, &tuple[found]));
    }
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Frozen and merged ----------------------------------------------- */

TASK_TEST(a_frozen_result_outlives_its_connection)
{
    static const int64_t name[] = { 1 };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;
    cupel_frozen_result *frozen;
    cupel_result *result;
    const cupel_row *const *rows, *row;
    int times;
    size_t found;

    accept_add_users(engine, 12);
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_stream(
        conn,
        CUPEL_TEXT("SELECT user_id, user_name FROM users "
                   "ORDER BY user_id"),
        NULL, NULL, &result));
    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    CHECK_OK(cupel_result_freeze(result, &frozen));
    CHECK_OK(cupel_result_fetchone(result, &row));
    CHECK_OK(cupel_result_exit(result, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);

    for (times = 0; times < 3; times++) {
        CHECK_OK(cupel_frozen_result_thaw(frozen, &result));
        CHECK_OK(cupel_result_columns(result, name, 1));
        CHECK_OK(cupel_result_all(result, &rows, &found));
        CHECK_INT(found, 11);
        CHECK_INT(cupel_row_text(rows[10], 0).len, 6);
        cupel_result_free(result);
    }
    cupel_frozen_result_free(frozen);
}

TASK_TEST(merge_sums_rowcounts_and_closes_its_parts)
{
    static const char update[] = "UPDATE users SET user_name = 'x' WHERE "
                                 "user_id <= 2 RETURNING user_id";
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;
    cupel_result *parts[2], *result;
    const cupel_row *row;

    accept_add_users(engine, 3);
    conn = accept_connect(engine);
    parts[0] = query(conn, update);
    parts[1] = query(conn, update);
    CHECK_OK(cupel_result_merge(parts, 2, &result));
    CHECK_INT(cupel_result_rowcount(result), 4);
    CHECK_FAILS(cupel_result_fetchone(parts[0], &row), CUPEL_E_INVALID);
    CHECK_OK(cupel_result_first(result, &row));
    CHECK_INT(cupel_row_int(row, 0), 1);
    CHECK(cupel_result_closed(parts[1]));
    cupel_result_free(result);
    cupel_result_free(parts[0]);
    cupel_result_free(parts[1]);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Statements without rows ----------------------------------------- */

TASK_TEST(a_statement_without_rows_is_closed_automatically)
{
    static const int64_t first[] = { 0 };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_result *result = query(conn, "DELETE FROM users");
    cupel_scalar_result *scalars;
    const cupel_row *const *rows, *row;
    cupel_frozen_result *frozen;
    const char *const *keys;
    cupel_value value;
    size_t found;

    CHECK(!cupel_result_returns_rows(result));
    CHECK_FAILS(cupel_result_fetchone(result, &row), CUPEL_E_CLOSED);
    CHECK(strstr(cupel_error_text(), "does not return rows") != NULL);
    CHECK_FAILS(cupel_result_fetchmany(result, 2, &rows, &found),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_partition(result, 2, &rows, &found),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_all(result, &rows, &found), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_first(result, &row), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_one(result, &row), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_one_or_none(result, &row), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_scalar(result, &value), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_keys(result, &keys, &found), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_columns(result, first, 1), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_scalars(result, 0, &scalars), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_result_freeze(result, &frozen), CUPEL_E_CLOSED);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- What DML leaves behind ------------------------------------------ */

/* How many rows the statement matched. */
static int64_t
rowcount(cupel_connection *conn, const char *sql)
{
    cupel_result *result = query(conn, sql);
    int64_t count = cupel_result_rowcount(result);

    cupel_result_free(result);
    return count;
}

TASK_TEST(rowcount_is_what_was_matched)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;

    accept_add_users(engine, 5);
    conn = accept_connect(engine);
    CHECK_INT(rowcount(conn, "UPDATE users SET user_name = 'x' WHERE "
                             "user_id > 2"),
              3);
    CHECK_INT(rowcount(conn, "UPDATE users SET user_name = 'x' WHERE "
                             "user_id > 2"),
              3); /* unchanged rows count */
    CHECK_INT(rowcount(conn, "UPDATE users SET user_name = 'y' WHERE "
                             "user_id > 99"),
              0);
    CHECK_INT(rowcount(conn, "INSERT INTO users VALUES (9, 'nine')"), 1);
    CHECK_INT(rowcount(conn, "INSERT INTO users VALUES (10, 'a'), (11, 'b')"),
              2);
    CHECK_INT(rowcount(conn, "DELETE FROM users WHERE user_id < 3"), 2);
    CHECK_INT(rowcount(conn, "SELECT user_id FROM users"),
              accept_is_postgresql() ? 6 : -1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(rowcount_of_executemany_is_the_sum)
{
    const cupel_param items[] = { { "id", cupel_int(1) },
                                  { "id", cupel_int(2) },
                                  { "id", cupel_int(99) } };
    const cupel_params params = { items, 1, 3 };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;
    cupel_result *result;

    accept_add_users(engine, 3);
    conn = accept_connect(engine);
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("DELETE FROM users WHERE user_id = :id"), &params,
        NULL, &result));
    CHECK_INT(cupel_result_rowcount(result), 2);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(lastrowid_is_the_drivers_where_it_has_one)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_result *result = query(conn, "INSERT INTO users VALUES (41, 'x')");

    CHECK_INT(cupel_result_lastrowid(result), accept_is_postgresql() ? 0 : 41);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(returning_gives_rows_and_then_the_rowcount)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;
    cupel_result *result;
    const cupel_row *const *rows;
    size_t found;

    accept_add_users(engine, 4);
    conn = accept_connect(engine);
    result = query(conn, "DELETE FROM users WHERE user_id > 1 "
                         "RETURNING user_id, user_name");
    CHECK(cupel_result_returns_rows(result));
    CHECK_OK(cupel_result_all(result, &rows, &found));
    CHECK_INT(found, 3);
    CHECK_INT(cupel_result_rowcount(result), 3);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}
