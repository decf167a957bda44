/* SPDX-License-Identifier: MIT */
/* What is PostgreSQL's own: statements that are kept prepared, constraints that
 * are checked at the commit, cursors, and classes by SQLSTATE. */
#include "acceptance/acceptance.h"

#include <libpq-fe.h>
#include <stdio.h>

/* ---- Statements that are kept prepared ---------------------------------- */

static const char hidden_change[] =
    "DO $$ BEGIN ALTER TABLE users ADD COLUMN extra int; END $$";

/* How many columns the table has, as a statement of always the same text sees
 * it. Yields. */
static cupel_status
columns(cupel_connection *conn, size_t *out)
{
    cupel_result *result = NULL;
    cupel_status rc;

    rc = cupel_connection_execute(conn, CUPEL_TEXT("SELECT * FROM users"), NULL,
                                  NULL, &result);
    if (rc == CUPEL_OK)
        *out = cupel_result_column_count(result);
    cupel_result_free(result);
    return rc;
}

/* Another session changes the table. `visibly` is by a command of which its
 * tag tells. Yields. */
static void
change_table(cupel_engine *engine, bool visibly)
{
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_run(conn, visibly ? "ALTER TABLE users ADD COLUMN extra int"
                                      : hidden_change));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
}

TASK_TEST(stale_plan_at_the_start_of_a_transaction_is_prepared_again)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    size_t count = 0;

    CHECK_OK(columns(conn, &count));
    CHECK_INT(count, 2);
    CHECK_OK(cupel_connection_commit(conn));
    change_table(engine, false);
    CHECK_OK(columns(conn, &count));
    CHECK_INT(count, 3);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(stale_plan_in_a_transaction_is_not_supported_until_its_rollback)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    const cupel_error *error;
    size_t count = 0;

    CHECK_OK(columns(conn, &count));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(accept_run(conn, "SELECT 1"));
    change_table(engine, false);
    CHECK_FAILS(columns(conn, &count), CUPEL_E_NOTSUPPORTED);
    error = cupel_error_last();
    CHECK_STR(cupel_error_sqlstate(error), "0A000");
    CHECK(strstr(cupel_error_hint(error), "roll back") != NULL);
    CHECK(cupel_error_retry_safe(error));
    CHECK(!cupel_error_connection_lost(error));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(columns(conn, &count));
    CHECK_INT(count, 3);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(ddl_of_this_engine_makes_no_plan_stale)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    size_t count = 0;

    CHECK_OK(columns(conn, &count));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(accept_run(conn, "SELECT 1"));
    change_table(engine, true);
    CHECK_OK(columns(conn, &count));
    CHECK_INT(count, 3);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Constraints --------------------------------------------------------- */

TASK_TEST(deferred_constraint_at_commit_is_an_integrity_error)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(accept_run(conn, "ALTER TABLE users ADD CONSTRAINT once UNIQUE "
                              "(user_name) DEFERRABLE INITIALLY DEFERRED"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(accept_run(conn, "INSERT INTO users VALUES (1, 'a'), (2, 'a')"));
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_constraint(cupel_error_last()), "once");
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Cursors ------------------------------------------------------------- */

/* Yields. */
static cupel_result *
stream(cupel_connection *conn, int last)
{
    cupel_result *result;

    CHECK_OK(cupel_connection_stream(
        conn, CUPEL_TEXT("SELECT n FROM generate_series(1, :last) AS n"),
        CUPEL_PARAMS({ "last", cupel_int(last) }),
        CUPEL_WITH({ "yield_per", cupel_int(5) }), &result));
    return result;
}

/* The next row's number. Yields. */
static int64_t
next(cupel_result *result)
{
    const cupel_row *row;

    CHECK_INT(cupel_result_fetchone(result, &row), CUPEL_ROW);
    return cupel_row_int(row, 0);
}

TASK_TEST(two_streams_on_one_connection_give_their_own_rows)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_result *one = stream(conn, 40), *other = stream(conn, 30);
    const cupel_row *row;
    int i;

    for (i = 1; i <= 30; i++) {
        CHECK_INT(next(one), i);
        CHECK_INT(next(other), i);
    }
    CHECK_OK(cupel_result_fetchone(other, &row));
    CHECK_INT(next(one), 31);
    cupel_result_free(other);
    cupel_result_free(one);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* What had been asked for ahead may still come. Yields. */
static void
check_stream_ends(cupel_connection *conn,
                  cupel_status (*end)(cupel_connection *))
{
    cupel_result *result = stream(conn, 100000);
    const cupel_row *row;
    cupel_status rc;

    CHECK_INT(next(result), 1);
    CHECK_OK(end(conn));
    do
        rc = cupel_result_fetchone(result, &row);
    while (rc == CUPEL_ROW);
    CHECK(rc != CUPEL_OK);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    cupel_result_free(result);
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_rollback(conn));
}

TASK_TEST(stream_ends_with_its_transaction)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    check_stream_ends(conn, cupel_connection_commit);
    check_stream_ends(conn, cupel_connection_rollback);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- libpq itself -------------------------------------------------------- */

/* Yields. */
static PGconn *
driver_of(cupel_connection *conn)
{
    cupel_raw_connection *raw;

    CHECK_OK(cupel_connection_get_raw_connection(conn, &raw));
    return cupel_raw_connection_driver_connection(raw);
}

TASK_TEST(copy_goes_through_the_driver_in_the_same_transaction)
{
    static const char data[] = "1\tone\n2\ttwo\n";
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    PGresult *result;
    PGconn *driver;

    CHECK_OK(accept_insert(conn, 7));
    driver = driver_of(conn);
    CHECK_INT(PQexitPipelineMode(driver), 1);
    CHECK_INT(PQsetnonblocking(driver, 0), 0);
    result = PQexec(driver, "COPY users FROM STDIN");
    CHECK_INT(PQresultStatus(result), PGRES_COPY_IN);
    PQclear(result);
    CHECK_INT(PQputCopyData(driver, data, sizeof data - 1), 1);
    CHECK_INT(PQputCopyEnd(driver, NULL), 1);
    while ((result = PQgetResult(driver)) != NULL) {
        CHECK_INT(PQresultStatus(result), PGRES_COMMAND_OK);
        PQclear(result);
    }
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 3);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(accept_committed(engine), 3);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(notifications_come_through_the_driver)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    PGconn *driver = driver_of(conn);
    cupel_connection *other;
    PGnotify *notification;

    CHECK_OK(accept_run(conn, "LISTEN accepted"));
    CHECK_OK(cupel_connection_commit(conn));
    other = accept_connect(engine);
    CHECK_OK(accept_run(other, "NOTIFY accepted, 'hello'"));
    CHECK_OK(cupel_connection_commit(other));
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_commit(conn));
    notification = PQnotifies(driver);
    CHECK(notification != NULL);
    CHECK_STR(notification->extra, "hello");
    PQfreemem(notification);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Classes ------------------------------------------------------------- */

TASK_TEST(errors_have_the_class_of_their_sqlstate)
{
    static const struct {
        const char *sqlstate;
        cupel_status status;
    } cases[] = {
        { "0A000", CUPEL_E_NOTSUPPORTED }, { "22012", CUPEL_E_DATA },
        { "23505", CUPEL_E_INTEGRITY },    { "25001", CUPEL_E_INTERNAL },
        { "40001", CUPEL_E_OPERATIONAL },  { "42P01", CUPEL_E_PROGRAMMING },
        { "53100", CUPEL_E_OPERATIONAL },  { "57014", CUPEL_E_OPERATIONAL },
        { "P0001", CUPEL_E_PROGRAMMING },  { "XX001", CUPEL_E_INTERNAL },
        { "ZZ999", CUPEL_E_DATABASE },
    };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    size_t i;

    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[160];

        snprintf(sql, sizeof sql,
                 "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '%s'; "
                 "END $$",
                 cases[i].sqlstate);
        CHECK_FAILS(accept_run(conn, sql), cases[i].status);
        CHECK_STR(cupel_error_sqlstate(cupel_error_last()), cases[i].sqlstate);
        CHECK(!cupel_error_connection_lost(cupel_error_last()));
        CHECK_OK(cupel_connection_rollback(conn));
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}
