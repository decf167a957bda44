/* SPDX-License-Identifier: MIT */
#include "engine/isolation.h"

#include "engine/connection.h"
#include "support/fake_engine.h"

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

TEST(levels_are_found_without_regard_to_case_and_underscores)
{
    const char *level = NULL;

    CHECK(cup_isolation_find(&cup_fake_dialect, "read_Committed", &level));
    CHECK_STR(level, "READ COMMITTED");
    CHECK(cup_isolation_find(&cup_fake_dialect, "autocommit", &level));
    CHECK_STR(level, "AUTOCOMMIT");
    CHECK(!cup_isolation_find(&cup_fake_dialect, "READ", &level));
    CHECK(!cup_isolation_find(&cup_fake_dialect, "", &level));
}

TASK_TEST(an_unknown_level_is_refused_with_those_that_exist)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_FAILS(set_level(conn, "lightly"), CUPEL_E_ARGUMENT);
    CHECK(strstr(cupel_error_text(), "lightly") != NULL);
    CHECK(strstr(cupel_error_text(), "SERIALIZABLE") != NULL);
    CHECK_INT(cupel_connection_get_execution_options(conn)->count, 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_connections_level_is_taken_back_at_its_return)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    const char *before = level_of(conn);

    CHECK_STR(cupel_connection_default_isolation_level(conn), before);
    CHECK_OK(set_level(conn, "serializable"));
    CHECK_STR(level_of(conn), "SERIALIZABLE");
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_STR(level_of(conn), before);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_level_is_not_changed_in_a_transaction)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_FAILS(set_level(conn, "SERIALIZABLE"), CUPEL_E_INVALID);
    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "yield_per", cupel_int(3) })));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(set_level(conn, "SERIALIZABLE"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(in_autocommit_nothing_is_sent_for_transactions)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(set_level(conn, "AUTOCOMMIT"));
    cup_fake_trace_clear();
    CHECK_OK(run_sql(conn, "INSERT INTO item (id, name) VALUES (1, 'a')"));
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_STR(cup_fake_trace_text(),
              "execute INSERT INTO item (id, name) VALUES (1, 'a')");
    CHECK_INT(committed_items(engine), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_child_engine_has_its_own_level_on_the_same_pool)
{
    cupel_engine *engine = fake_engine(), *child;
    cupel_connection *conn;

    CHECK_OK(cupel_engine_execution_options(
        engine, CUPEL_WITH({ "isolation_level", cupel_string("SERIALIZABLE") }),
        &child));
    CHECK_OK(cupel_engine_connect(child, &conn));
    CHECK_STR(level_of(conn), "SERIALIZABLE");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_STR(level_of(conn), cupel_engine_default_isolation_level(engine));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 1);
    cupel_engine_close(child);
    fake_engine_close(engine);
}

TASK_TEST(the_engines_level_is_that_of_every_connection)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine;
    cupel_connection *conn;

    cupel_engine_close(fake_engine());
    options.isolation_level = "serializable";
    CHECK_OK(cupel_engine_create_async("fake://unit", &options, &engine));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_STR(level_of(conn), "SERIALIZABLE");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
    options.isolation_level = "nothing like it";
    CHECK_OK(cupel_engine_create_async("fake://unit", &options, &engine));
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_ARGUMENT);
    fake_engine_close(engine);
}

TASK_TEST(switches_are_off_again_for_the_next_one)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    static const char insert[] = "INSERT INTO item (id, name) VALUES (1, 'a')";

    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "fake_readonly", cupel_bool(true) })));
    CHECK(run_sql(conn, insert) != CUPEL_OK);
    CHECK_FAILS(cupel_connection_execution_options(
                    conn, CUPEL_WITH({ "fake_readonly", cupel_bool(false) })),
                CUPEL_E_INVALID);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(run_sql(conn, insert));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
