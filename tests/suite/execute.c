/* SPDX-License-Identifier: MIT */
/* Statements and their parameters. */
#include "suite/suite.h"

/* Run `body` on a connection of its own, and roll back. Yields. */
static cupel_status
with_connection(struct suite *suite, cupel_connection_fn *body)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_exit(conn, body(conn, suite));
}

static cupel_status
named(cupel_connection *conn, void *arg)
{
    cupel_value value;
    cupel_status rc;

    (void)arg;
    rc = cupel_connection_scalar(
        conn,
        CUPEL_TEXT("SELECT name FROM item WHERE id = :id AND id < :id + :one"),
        CUPEL_PARAMS({ "one", cupel_int(1) }, { "id", cupel_int(2) }), NULL,
        &value);
    if (rc == CUPEL_OK) {
        CHECK_INT(value.type, CUPEL_TEXT);
        CHECK_INT(value.as.bytes.len, 3);
        assert_memory_equal(value.as.bytes.data, "two", 3);
    }
    return rc;
}

SCENARIO(named_parameters, 0)
{
    return with_connection(suite, named);
}

static cupel_status
missing(cupel_connection *conn, void *arg)
{
    cupel_status rc = CUPEL_OK;
    cupel_value value;

    (void)arg;
    EXPECT(rc,
           cupel_connection_scalar(conn, CUPEL_TEXT("SELECT :a"), NULL, NULL,
                                   &value),
           CUPEL_E_STATEMENT);
    if (rc == CUPEL_OK)
        CHECK(!cupel_connection_in_transaction(conn));
    return rc;
}

SCENARIO(missing_parameter, 0)
{
    return with_connection(suite, missing);
}

static cupel_status
counted(cupel_connection *conn, void *arg)
{
    cupel_result *result;
    cupel_status rc;

    (void)arg;
    rc = cupel_connection_execute(
        conn, CUPEL_TEXT("UPDATE item SET name = 'x' WHERE id > :id"),
        CUPEL_PARAMS({ "id", cupel_int(1) }), NULL, &result);
    if (rc == CUPEL_OK) {
        CHECK_INT(cupel_result_rowcount(result), 2);
        CHECK(!cupel_result_returns_rows(result));
        cupel_result_free(result);
    }
    TRY(rc, cupel_connection_execute(conn, CUPEL_TEXT("DELETE FROM item"), NULL,
                                     NULL, &result));
    if (rc == CUPEL_OK) {
        CHECK_INT(cupel_result_rowcount(result), 3);
        cupel_result_free(result);
    }
    return rc;
}

SCENARIO(rows_are_counted, 0)
{
    return with_connection(suite, counted);
}

static cupel_status
no_table(cupel_connection *conn, void *arg)
{
    const struct suite *suite = arg;
    cupel_status rc = CUPEL_OK;
    cupel_status expected = CUPEL_E_PROGRAMMING;

    if (strcmp(suite->name, "sqlite") == 0 ||
        strcmp(suite->name, "memory") == 0)
        expected = CUPEL_E_OPERATIONAL; /* as the reference has it there */
    EXPECT(rc, suite_run(conn, "SELECT id FROM nowhere"), expected);
    if (rc == CUPEL_OK) {
        suite_check_field(cupel_error_statement(cupel_error_last()),
                          "SELECT id FROM nowhere");
        CHECK(cupel_connection_in_transaction(conn));
    }
    TRY(rc, cupel_connection_rollback(conn));
    TRY(rc, suite_run(conn, "SELECT id FROM item"));
    return rc;
}

SCENARIO(failed_statement_leaves_a_usable_connection, 0)
{
    return with_connection(suite, no_table);
}

static cupel_status
duplicate(cupel_connection *conn, void *arg)
{
    cupel_status rc = CUPEL_OK;

    (void)arg;
    EXPECT(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES (1, 'x')"),
           CUPEL_E_INTEGRITY);
    if (rc == CUPEL_OK) {
        suite_check_field(cupel_error_table(cupel_error_last()), "item");
        CHECK(!cupel_error_connection_lost(cupel_error_last()));
    }
    return rc;
}

SCENARIO(integrity_errors_name_their_table, 0)
{
    return with_connection(suite, duplicate);
}

static cupel_status
syntax(cupel_connection *conn, void *arg)
{
    cupel_status rc;

    (void)arg;
    rc = suite_run(conn, "SELECT id FRM item");
    if (rc == CUPEL_OK)
        fail_msg("nonsense was executed");
    if (rc == CUPEL_E_CANCELLED || rc == CUPEL_E_NOMEM)
        return rc;
    CHECK(rc == CUPEL_E_PROGRAMMING || rc == CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_position(cupel_error_last()) > 0 || suite_tolerant());
    return CUPEL_OK;
}

SCENARIO(syntax_errors_have_a_position, 0)
{
    return with_connection(suite, syntax);
}

static cupel_status
repeated(cupel_connection *conn, void *arg)
{
    cupel_status rc = CUPEL_OK;
    cupel_value value;
    int64_t i;

    (void)arg;
    for (i = 0; i < 5 && rc == CUPEL_OK; i++) {
        rc = cupel_connection_scalar(
            conn, CUPEL_TEXT("SELECT count(*) FROM item WHERE id <= :n"),
            CUPEL_PARAMS({ "n", cupel_int(i) }), NULL, &value);
        if (rc == CUPEL_OK)
            CHECK_INT(value.as.integer, i < 3 ? i : 3);
    }
    return rc;
}

SCENARIO(a_statement_is_executed_again_and_again, 0)
{
    return with_connection(suite, repeated);
}
