/* SPDX-License-Identifier: MIT */
/* Connections: taken, closed, lost, taken again. */
#include "suite/suite.h"

SCENARIO(connect_and_close, 0)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_connection_close(conn);
    if (rc == CUPEL_OK)
        CHECK(cupel_connection_closed(conn));
    EXPECT(rc, suite_run(conn, "SELECT 1"), CUPEL_E_CLOSED);
    cupel_connection_free(conn);
    return rc;
}

SCENARIO(connections_are_used_again, 0)
{
    cupel_pool_status before = CUPEL_OPTIONS(cupel_pool_status), after = before;
    cupel_connection *conn;
    cupel_status rc = CUPEL_OK;
    int i;

    for (i = 0; i < 4 && rc == CUPEL_OK; i++) {
        rc = cupel_engine_connect(suite->engine, &conn);
        if (rc == CUPEL_OK)
            rc = cupel_connection_exit(conn, suite_run(conn, "SELECT 1"));
        if (i == 0)
            cupel_engine_pool_status(suite->engine, &before);
    }
    cupel_engine_pool_status(suite->engine, &after);
    if (rc == CUPEL_OK)
        CHECK_INT(after.connects, before.connects);
    return rc;
}

SCENARIO(connection_freed_without_close, 0)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = suite_run(conn, "INSERT INTO item (id, name) VALUES (4, 'four')");
    cupel_connection_free(conn);
    return rc;
}

SCENARIO(invalidated_connection_comes_back, SUITE_ONE_CONNECTION)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES (4, 'four')"));
    TRY(rc, cupel_connection_invalidate(conn));
    EXPECT(rc, suite_run(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    TRY(rc, cupel_connection_rollback(conn));
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(dispose_and_go_on, SUITE_ONE_CONNECTION)
{
    cupel_connection *held, *conn;
    cupel_status rc;
    int64_t one;

    rc = cupel_engine_connect(suite->engine, &held);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, cupel_engine_dispose(suite->engine));
    TRY(rc, suite_int(held, "SELECT 1", &one));
    if (rc == CUPEL_OK) {
        rc = cupel_engine_connect(suite->engine, &conn);
        if (rc == CUPEL_OK)
            rc = cupel_connection_exit(conn, suite_int(conn, "SELECT 1", &one));
    }
    return cupel_connection_exit(held, rc);
}
