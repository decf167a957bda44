/* SPDX-License-Identifier: MIT */
/* Connections that the server ends: on PostgreSQL, whose backends can be
 * killed. A sqlite file has no server to lose. */
#include "acceptance/acceptance.h"

#include <stdio.h>

/* Kill the backend of `victim` from a connection of its own. Yields. */
static void
kill_backend(int64_t pid)
{
    cupel_engine *killer;
    cupel_connection *conn;
    cupel_value value;

    CHECK_OK(cupel_engine_create_async(accept_url(), NULL, &killer));
    conn = accept_connect(killer);
    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT pg_terminate_backend(:pid, 5000)"),
        CUPEL_PARAMS({ "pid", cupel_int(pid) }), NULL, &value));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(killer);
}

/* Yields. */
static int64_t
backend_of(cupel_connection *conn)
{
    return accept_int(conn, "SELECT pg_backend_pid()");
}

static void
check_disconnected(cupel_status rc)
{
    const cupel_error *error = cupel_error_last();

    CHECK_INT(rc, CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(error));
    CHECK_STR(cupel_error_sqlstate(error), "57P01");
}

TASK_TEST(lost_in_a_transaction_wants_a_rollback_then_reconnects)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin(conn, &tx));
    kill_backend(backend_of(conn));
    check_disconnected(accept_run(conn, "SELECT 1"));
    CHECK(cupel_connection_invalidated(conn));
    CHECK(!cupel_connection_closed(conn));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK(cupel_transaction_is_active(tx));
    CHECK(!cupel_transaction_is_valid(tx));
    CHECK_FAILS(accept_run(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_FAILS(cupel_connection_begin_nested(conn, NULL),
                CUPEL_E_PENDINGROLLBACK);
    CHECK_FAILS(cupel_transaction_commit(tx), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(lost_with_a_savepoint_names_the_savepoint_first)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *nested;

    CHECK_OK(cupel_connection_begin_nested(conn, &nested));
    kill_backend(backend_of(conn));
    check_disconnected(accept_run(conn, "SELECT 1"));
    CHECK_FAILS(accept_run(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK(strstr(cupel_error_text(), "savepoint transaction") != NULL);
    CHECK_OK(cupel_transaction_rollback(nested));
    cupel_transaction_free(nested);
    CHECK_FAILS(accept_run(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK(strstr(cupel_error_text(), "savepoint") == NULL);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(lost_without_a_transaction_reconnects_without_a_word)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    int64_t pid = backend_of(conn);

    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK(cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK(backend_of(conn) != pid);
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* Yields. */
static cupel_status
lose_it(cupel_connection *conn, void *arg)
{
    (void)arg;
    kill_backend(backend_of(conn));
    return CUPEL_OK; /* so that the COMMIT finds it */
}

TASK_TEST(lost_at_commit_fails_the_scope_and_leaves_the_pool_clean)
{
    cupel_engine *engine = accept_engine(NULL);

    CHECK_FAILS(cupel_engine_begin(engine, lose_it, NULL), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}

TASK_TEST(closing_an_invalidated_connection_needs_no_rollback)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;

    conn = accept_connect(engine);
    CHECK_OK(accept_insert(conn, 1));
    kill_backend(backend_of(conn));
    check_disconnected(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_close(conn));
    CHECK(cupel_connection_closed(conn));
    CHECK(!cupel_connection_invalidated(conn));
    cupel_connection_free(conn);
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}
