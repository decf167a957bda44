/* SPDX-License-Identifier: MIT */
/* Buffered results. */
#include "suite/suite.h"

/* Execute on a connection that is gone again when this returns. Yields. */
static cupel_status
fetch(struct suite *suite, const char *sql, cupel_result **out)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, out);
    if (rc != CUPEL_OK)
        return cupel_connection_exit(conn, rc);
    rc = cupel_connection_exit(conn, rc);
    if (rc != CUPEL_OK)
        cupel_result_free(*out);
    return rc;
}

SCENARIO(buffered_rows_outlive_their_connection, 0)
{
    cupel_result *result;
    const cupel_row *row;
    cupel_status rc;
    int64_t id = 0;

    rc = fetch(suite, "SELECT id, name FROM item ORDER BY id", &result);
    if (rc != CUPEL_OK)
        return rc;
    while ((rc = cupel_result_next(&result, &row)) == CUPEL_ROW) {
        CHECK_INT(cupel_row_int(row, 0), ++id);
        CHECK(cupel_row_text(row, 1).len >= 3);
    }
    if (rc == CUPEL_OK)
        CHECK_INT(id, 3);
    return rc;
}

SCENARIO(all_rows_in_one_array, 0)
{
    const cupel_row *const *rows;
    cupel_result *result;
    cupel_status rc;
    size_t found;

    rc = fetch(suite, "SELECT id FROM item ORDER BY id", &result);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_result_all(result, &rows, &found);
    if (rc == CUPEL_OK) {
        CHECK_INT(found, 3);
        CHECK_INT(cupel_row_int(rows[2], 0), 3);
    }
    cupel_result_free(result);
    return rc;
}

SCENARIO(one_row_or_an_error, 0)
{
    cupel_result *result;
    const cupel_row *row;
    cupel_status rc;

    rc = fetch(suite, "SELECT id FROM item WHERE id = 2", &result);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_result_one(result, &row);
    if (rc == CUPEL_OK)
        CHECK_INT(cupel_row_int(row, 0), 2);
    cupel_result_free(result);
    TRY(rc, fetch(suite, "SELECT id FROM item", &result));
    if (rc != CUPEL_OK)
        return rc;
    EXPECT(rc, cupel_result_one(result, &row), CUPEL_E_MULTIPLE);
    cupel_result_free(result);
    TRY(rc, fetch(suite, "SELECT id FROM item WHERE id = 9", &result));
    if (rc != CUPEL_OK)
        return rc;
    EXPECT(rc, cupel_result_one(result, &row), CUPEL_E_NORESULT);
    cupel_result_free(result);
    return rc;
}

SCENARIO(no_rows_have_their_keys, 0)
{
    const cupel_row *const *rows;
    cupel_result *result;
    cupel_status rc;
    size_t found;

    rc = fetch(suite, "SELECT id, name FROM item WHERE id = 9", &result);
    if (rc != CUPEL_OK)
        return rc;
    CHECK(cupel_result_returns_rows(result));
    CHECK_INT(cupel_result_column_count(result), 2);
    CHECK_STR(cupel_result_key(result, 1), "name");
    rc = cupel_result_all(result, &rows, &found);
    if (rc == CUPEL_OK)
        CHECK_INT(found, 0);
    cupel_result_free(result);
    return rc;
}

SCENARIO(statements_without_rows_refuse_fetches, 0)
{
    cupel_result *result;
    const cupel_row *row;
    cupel_status rc;

    rc = fetch(suite, "UPDATE item SET name = 'x'", &result);
    if (rc != CUPEL_OK)
        return rc;
    CHECK(!cupel_result_returns_rows(result));
    EXPECT(rc, cupel_result_fetchone(result, &row), CUPEL_E_CLOSED);
    cupel_result_free(result);
    return rc;
}
