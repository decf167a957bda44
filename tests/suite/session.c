/* SPDX-License-Identifier: MIT */
/* Options, isolation levels, children of engines, and what else concerns the
 * session. */
#include "suite/suite.h"

static const char insert_four[] =
    "INSERT INTO item (id, name) VALUES (4, 'four')";

/* Yields. */
static cupel_status
set_level(cupel_connection *conn, const char *level)
{
    return cupel_connection_execution_options(
        conn, CUPEL_WITH({ "isolation_level", cupel_string(level) }));
}

SCENARIO(a_level_is_used_and_taken_back, SUITE_ONE_CONNECTION)
{
    const char *before = NULL, *level = NULL;
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, cupel_connection_get_isolation_level(conn, &before));
    TRY(rc, set_level(conn, "serializable"));
    TRY(rc, cupel_connection_get_isolation_level(conn, &level));
    if (rc == CUPEL_OK) {
        CHECK_STR(level, "SERIALIZABLE");
        CHECK(!cupel_connection_in_transaction(conn));
    }
    TRY(rc, suite_run(conn, insert_four));
    EXPECT(rc, set_level(conn, "SERIALIZABLE"), CUPEL_E_INVALID);
    rc = cupel_connection_exit(conn, rc);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, cupel_connection_get_isolation_level(conn, &level));
    if (rc == CUPEL_OK)
        CHECK_STR(level, before);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(autocommit_keeps_what_is_rolled_back, SUITE_ONE_CONNECTION)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, set_level(conn, "AUTOCOMMIT"));
    TRY(rc, suite_run(conn, insert_four));
    TRY(rc, cupel_connection_rollback(conn));
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    rc = cupel_connection_exit(conn, rc);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, suite_run(conn, "DELETE FROM item"));
    rc = cupel_connection_exit(conn, rc); /* a transaction again */
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    return rc;
}

SCENARIO(a_child_engine_has_options_of_its_own, SUITE_ONE_CONNECTION)
{
    cupel_connection *conn;
    cupel_engine *child;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_execution_options(
        suite->engine,
        CUPEL_WITH({ "isolation_level", cupel_string("AUTOCOMMIT") }), &child);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_engine_connect(child, &conn);
    if (rc == CUPEL_OK)
        rc = cupel_connection_exit(conn, suite_run(conn, insert_four));
    cupel_engine_free(child);
    TRY(rc, suite_committed(suite, &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 4);
    return rc;
}

SCENARIO(options_of_a_call_beat_those_of_the_connection, 0)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, cupel_connection_execution_options(
                conn, CUPEL_WITH({ "mine", cupel_int(1) },
                                 { "timeout_ms", cupel_int(60000) })));
    if (rc == CUPEL_OK)
        CHECK_INT(cupel_connection_get_execution_options(conn)->count, 2);
    TRY(rc, cupel_connection_execute(
                conn, CUPEL_TEXT("SELECT 1"), NULL,
                CUPEL_WITH({ "timeout_ms", cupel_int(50000) }), NULL));
    EXPECT(rc,
           cupel_connection_execute(
               conn, CUPEL_TEXT("SELECT 1"), NULL,
               CUPEL_WITH({ "isolation_level", cupel_string("x") }), NULL),
           CUPEL_E_ARGUMENT);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(info_stays_with_the_connection, 0)
{
    cupel_connection *conn;
    cupel_info *info = NULL;
    cupel_status rc;
    int mark;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, cupel_connection_info(conn, &info));
    TRY(rc, cupel_info_set(info, "mark", &mark, NULL));
    TRY(rc, suite_run(conn, "SELECT 1"));
    TRY(rc, cupel_connection_info(conn, &info));
    if (rc == CUPEL_OK) {
        CHECK(cupel_info_get(info, "mark") == &mark);
        cupel_info_clear(info);
    }
    return cupel_connection_exit(conn, rc);
}

SCENARIO(a_detached_connection_goes_on_alone, SUITE_ONE_CONNECTION)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t one = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, cupel_connection_detach(conn));
    TRY(rc, suite_int(conn, "SELECT 1", &one));
    return cupel_connection_exit(conn, rc);
}

SCENARIO(the_raw_connection_is_the_pools_view, 0)
{
    cupel_raw_connection *raw = NULL;
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, cupel_connection_get_raw_connection(conn, &raw));
    if (rc == CUPEL_OK)
        CHECK(cupel_raw_connection_is_valid(raw));
    rc = cupel_connection_exit(conn, rc);
    TRY(rc, cupel_engine_raw_connection(suite->engine, &raw));
    if (rc == CUPEL_OK) {
        rc = cupel_raw_connection_close(raw);
        cupel_raw_connection_free(raw);
    }
    return rc;
}

SCENARIO(warm_connections_are_used, SUITE_ONE_CONNECTION)
{
    cupel_pool_status before = CUPEL_OPTIONS(cupel_pool_status), after = before;
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_warm_up(suite->engine, 2);
    cupel_engine_pool_status(suite->engine, &before);
    if (rc != CUPEL_OK)
        return rc;
    CHECK(before.idle >= 2);
    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc == CUPEL_OK)
        rc = cupel_connection_exit(conn, suite_run(conn, "SELECT 1"));
    cupel_engine_pool_status(suite->engine, &after);
    if (rc == CUPEL_OK)
        CHECK_INT(after.connects, before.connects);
    return rc;
}

/* Yields. */
static cupel_status
facade_session(cupel_async_connection *conn)
{
    const char *level = NULL;
    cupel_info *info = NULL;
    cupel_status rc;

    rc = cupel_await(cupel_async_connection_execution_options(
        conn, CUPEL_WITH({ "mine", cupel_int(1) })));
    TRY(rc,
        cupel_await(cupel_async_connection_get_isolation_level(conn, &level)));
    TRY(rc, cupel_await(cupel_async_connection_info(conn, &info)));
    TRY(rc,
        cupel_await(cupel_async_connection_invalidate_because(conn, "a test")));
    return rc;
}

SCENARIO(a_session_through_the_facade, SUITE_ONE_CONNECTION | SUITE_NO_TASKS)
{
    cupel_async_engine *child;
    cupel_async_connection *conn;
    cupel_status rc;

    rc = cupel_async_engine_execution_options(
        suite->async_engine,
        CUPEL_WITH({ "stream_results", cupel_bool(false) }), &child);
    if (rc != CUPEL_OK)
        return rc;
    conn = cupel_async_engine_connect(child);
    if (conn == NULL) {
        cupel_async_engine_free(child);
        return CUPEL_E_NOMEM;
    }
    rc = cupel_await(cupel_async_connection_start(conn));
    if (rc == CUPEL_OK)
        rc = facade_session(conn);
    rc = cupel_await(cupel_async_connection_exit(conn, rc));
    cupel_async_engine_free(child);
    return rc;
}
