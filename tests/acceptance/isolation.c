/* SPDX-License-Identifier: MIT */
/* Isolation levels and autocommit. */
#include "acceptance/acceptance.h"

/* The database's own level, and another. */
static const char *
usual(void)
{
    return accept_is_postgresql() ? "READ COMMITTED" : "SERIALIZABLE";
}

static const char *
other(void)
{
    return accept_is_postgresql() ? "SERIALIZABLE" : "READ UNCOMMITTED";
}

static cupel_status
set_level(cupel_connection *conn, const char *level)
{
    return cupel_connection_execution_options(
        conn, CUPEL_WITH({ "isolation_level", cupel_string(level) }));
}

static const char *
level_of(cupel_connection *conn)
{
    const char *level = NULL;

    CHECK_OK(cupel_connection_get_isolation_level(conn, &level));
    return level;
}

TASK_TEST(the_usual_level)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_STR(level_of(conn), usual());
    CHECK_STR(cupel_connection_default_isolation_level(conn), usual());
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(engine_param_stays)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *first, *second;
    cupel_engine *engine;

    options.isolation_level = other();
    engine = accept_engine(&options);
    first = accept_connect(engine);
    second = accept_connect(engine);
    CHECK_STR(level_of(first), other());
    CHECK_STR(level_of(second), other());
    CHECK_OK(set_level(first, usual()));
    CHECK_STR(level_of(first), usual());
    CHECK_OK(cupel_connection_exit(second, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(first, CUPEL_OK));
    first = accept_connect(engine);
    second = accept_connect(engine);
    CHECK_STR(level_of(first), other());
    CHECK_STR(level_of(second), other());
    CHECK_OK(cupel_connection_exit(second, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(first, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(engine_param_invalid)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *conn;
    cupel_engine *engine;

    options.isolation_level = "FOO";
    CHECK_OK(cupel_engine_create_async(accept_url(), &options, &engine));
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "'FOO'") != NULL);
    CHECK(strstr(cupel_error_text(), "AUTOCOMMIT") != NULL);
    cupel_engine_close(engine);
}

TASK_TEST(reset_level_at_return)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(set_level(conn, other()));
    CHECK_STR(level_of(conn), other());
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = accept_connect(engine);
    CHECK_STR(level_of(conn), usual());
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(cupel_pool_checkedin(cupel_engine_pool(engine)), 1);
    accept_close(engine);
}

TASK_TEST(names_are_folded)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(set_level(conn, "read_uncommitted"));
    CHECK_OK(set_level(conn, "Serializable"));
    CHECK_STR(level_of(conn), "SERIALIZABLE");
    CHECK_FAILS(set_level(conn, "read"), CUPEL_E_ARGUMENT);
    CHECK_STR(level_of(conn), "SERIALIZABLE");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(a_level_in_a_transaction_is_refused)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_FAILS(set_level(conn, other()), CUPEL_E_INVALID);
    CHECK(strstr(cupel_error_text(), "isolation_level") != NULL);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_FAILS(set_level(conn, other()), CUPEL_E_INVALID);
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(set_level(conn, other()));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(autocommit_keeps_rows_and_reports_the_sessions_level)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    CHECK_OK(set_level(conn, "AUTOCOMMIT"));
    CHECK_STR(level_of(conn), usual());
    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_OK(accept_insert(conn, 1));
    CHECK_INT(accept_committed(engine), 1);
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_INT(accept_committed(engine), 1);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = accept_connect(engine);
    CHECK_OK(accept_insert(conn, 2));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 1);
    accept_close(engine);
}

TASK_TEST(an_autocommit_child_shares_the_pool)
{
    cupel_engine *engine = accept_engine(NULL), *child;
    cupel_connection *conn;

    CHECK_OK(cupel_engine_execution_options(
        engine, CUPEL_WITH({ "isolation_level", cupel_string("AUTOCOMMIT") }),
        &child));
    conn = accept_connect(child);
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 1);
    conn = accept_connect(engine);
    CHECK_OK(accept_insert(conn, 2));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 1);
    cupel_engine_free(child);
    accept_close(engine);
}

TASK_TEST(an_engine_in_autocommit_gives_back_what_a_connection_changed)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *conn;
    cupel_engine *engine;

    options.isolation_level = "AUTOCOMMIT";
    engine = accept_engine(&options);
    conn = accept_connect(engine);
    CHECK_OK(set_level(conn, other()));
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = accept_connect(engine);
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 0);
    CHECK_STR(level_of(conn), usual());
    CHECK_OK(accept_insert(conn, 2));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 1);
    accept_close(engine);
}

TASK_TEST(a_reconnect_forgets_the_connections_level)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(set_level(conn, other()));
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_STR(level_of(conn), usual());
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(skip_autocommit_rollback_is_accepted)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *conn;
    cupel_engine *engine;

    options.isolation_level = "AUTOCOMMIT";
    options.skip_autocommit_rollback = CUPEL_ON;
    engine = accept_engine(&options);
    conn = accept_connect(engine);
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 1);
    accept_close(engine);
}

TASK_TEST(a_readonly_session_refuses_to_write)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    if (accept_is_postgresql()) {
        CHECK_OK(cupel_connection_execution_options(
            conn, CUPEL_WITH({ "postgresql_readonly", cupel_bool(true) })));
        CHECK(accept_insert(conn, 1) < CUPEL_OK);
        CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "25006");
        CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
        conn = accept_connect(engine);
    }
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}
