/* SPDX-License-Identifier: MIT */
/* libpq's connection in other hands. */
#include "postgresql_proxy.h"

static PGconn *
open_conn(const char *options)
{
    char info[512];
    PGconn *conn;

    snprintf(info, sizeof info, "host=%s port=%s user=postgres dbname=cupel %s",
             test_env("CUPEL_TEST_PG_SOCKET_DIR"),
             test_env("CUPEL_TEST_PG_PORT"), options);
    conn = PQconnectdb(info);
    CHECK_INT(PQstatus(conn), CONNECTION_OK);
    return conn;
}

static cupel_status
adopt_by(const char *url_text, PGconn *conn, cupel_wire **out)
{
    cupel_url *url;
    cupel_status rc;

    CHECK_OK(cupel_url_parse(url_text, &url));
    rc = PG->adopt(url, conn, PG_SOON, out);
    cupel_url_free(url);
    return rc;
}

static void
check_exec(PGconn *conn, const char *sql, ExecStatusType expected)
{
    PGresult *result = PQexec(conn, sql);

    CHECK_INT(PQresultStatus(result), expected);
    PQclear(result);
}

TASK_TEST(the_drivers_connection_is_libpqs)
{
    cupel_wire *wire = pg_wire();
    PGconn *conn = PG->driver_connection(wire);

    CHECK_INT(PQbackendPID(conn), pg_int(wire, "select pg_backend_pid()"));
    CHECK(PG->driver_connection(wire) == conn);
    PG->close(wire, PG_SOON);
}

/* PGX-15. */
TASK_TEST(who_has_it_may_leave_the_pipeline_for_a_copy)
{
    cupel_wire *wire = pg_wire();
    PGconn *conn;

    CHECK_OK(pg_run(wire, "create temp table t (i int)"));
    conn = PG->driver_connection(wire);
    CHECK_INT(PQexitPipelineMode(conn), 1);
    PQsetnonblocking(conn, 0);
    check_exec(conn, "copy t from stdin", PGRES_COPY_IN);
    CHECK_INT(PQputCopyData(conn, "1\n2\n", 4), 1);
    CHECK_INT(PQputCopyEnd(conn, NULL), 1);
    PQclear(PQgetResult(conn));
    CHECK(PQgetResult(conn) == NULL);
    CHECK_INT(pg_int(wire, "select count(*) from t"), 2);
    CHECK_INT(PQpipelineStatus(conn), PQ_PIPELINE_ON);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_transaction_that_was_begun_there_is_seen)
{
    cupel_wire *wire = pg_wire();
    PGconn *conn = PG->driver_connection(wire);

    CHECK_INT(PQexitPipelineMode(conn), 1);
    check_exec(conn, "begin", PGRES_COMMAND_OK);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    check_exec(conn, "nonsense", PGRES_FATAL_ERROR);
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TASK_TEST(what_is_still_under_way_there_ends_the_wire)
{
    cupel_wire *wire = pg_wire();
    PGconn *conn = PG->driver_connection(wire);

    CHECK_INT(PQexitPipelineMode(conn), 1);
    CHECK_INT(PQsendQuery(conn, "select 1"), 1);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    CHECK_FAILS(pg_run(wire, "select 1"), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    PG->close(wire, PG_SOON);
}

TASK_TEST(notifications_are_theirs)
{
    cupel_wire *wire = pg_wire();
    PGconn *conn = PG->driver_connection(wire);
    PGnotify *notification;

    CHECK_OK(pg_run(wire, "listen driver"));
    CHECK_OK(pg_run(wire, "notify driver, 'hello'"));
    CHECK_OK(pg_run(wire, "select 1"));
    notification = PQnotifies(conn);
    CHECK(notification != NULL);
    CHECK_STR(notification->extra, "hello");
    PQfreemem(notification);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_connection_of_somebody_elses_becomes_a_wire)
{
    PGconn *conn = open_conn("client_encoding=LATIN1 options='-c "
                             "DateStyle=SQL'");
    cupel_wire *wire;

    CHECK_OK(adopt_by("postgresql://", conn, &wire));
    CHECK(PG->driver_connection(wire) == conn);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_STR(PQparameterStatus(conn, "client_encoding"), "UTF8");
    CHECK_INT(pg_int(wire, "select (current_setting('DateStyle') like 'ISO%')"
                           "::int"),
              1);
    CHECK_INT(pg_int(wire, "select 3"), 3);
    CHECK_INT(pg_int(wire, "select 3"), 3);
    CHECK_INT(pg_int(wire, "select setting::int from pg_settings where name = "
                           "'client_connection_check_interval'"),
              500);
    PG->close(wire, PG_SOON);
}

TASK_TEST(what_cannot_be_used_is_refused_and_closed)
{
    cupel_wire *wire;
    PGconn *conn;

    CHECK_FAILS(adopt_by("postgresql://", NULL, &wire), CUPEL_E_ARGUMENT);
    conn = PQconnectdb("host=/nowhere/at/all");
    CHECK_FAILS(adopt_by("postgresql://", conn, &wire), CUPEL_E_OPERATIONAL);
    conn = open_conn("");
    check_exec(conn, "begin", PGRES_COMMAND_OK);
    CHECK_FAILS(adopt_by("postgresql://", conn, &wire), CUPEL_E_INVALID);
    conn = open_conn("");
    CHECK_INT(PQenterPipelineMode(conn), 1);
    CHECK_FAILS(adopt_by("postgresql://", conn, &wire), CUPEL_E_INVALID);
    conn = open_conn("hostaddr=127.0.0.1 sslmode=disable");
    CHECK_FAILS(adopt_by("postgresql://h/d?sslmode=require", conn, &wire),
                CUPEL_E_OPERATIONAL);
    conn = open_conn("");
    CHECK_FAILS(adopt_by("postgresql://h/d?nonsense=1", conn, &wire),
                CUPEL_E_ARGUMENT);
    CHECK(wire == NULL);
}
