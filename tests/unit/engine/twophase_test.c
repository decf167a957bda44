/* SPDX-License-Identifier: MIT */
#include "engine/transaction.h"
#include "support/fake_engine.h"

static const char insert[] = "INSERT INTO item (id, name) VALUES (1, 'a')";

static size_t
prepared_count(cupel_connection *conn)
{
    cupel_scalar_result *names;
    const cupel_value *values;
    size_t count = 0;

    CHECK_OK(cupel_connection_recover_twophase(conn, &names));
    CHECK_OK(cupel_scalar_result_all(names, &values, &count));
    cupel_scalar_result_free(names);
    return count;
}

TASK_TEST(a_prepared_transaction_is_committed)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin_twophase(conn, "one", &tx));
    CHECK_STR(cupel_transaction_xid(tx), "one");
    CHECK_OK(run_sql(conn, insert));
    CHECK_OK(cupel_transaction_prepare(tx));
    CHECK(cupel_transaction_is_prepared(tx));
    CHECK(cupel_transaction_is_active(tx));
    CHECK_INT(prepared_count(conn), 1);
    CHECK_INT(committed_items(engine), 0);
    CHECK_OK(cupel_transaction_commit(tx));
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_INT(committed_items(engine), 1);
    CHECK_FAILS(cupel_transaction_prepare(tx), CUPEL_E_INVALID);
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(one_that_was_not_prepared_ends_at_once)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin_twophase(conn, NULL, &tx));
    CHECK_INT(strlen(cupel_transaction_xid(tx)), 36);
    CHECK_INT(strncmp(cupel_transaction_xid(tx), "_sa_", 4), 0);
    CHECK_OK(run_sql(conn, insert));
    CHECK_OK(cupel_transaction_commit(tx));
    cupel_transaction_free(tx);
    CHECK_INT(committed_items(engine), 1);
    CHECK_OK(cupel_connection_begin_twophase(conn, NULL, NULL));
    CHECK_OK(run_sql(conn, "DELETE FROM item"));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(committed_items(engine), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_prepared_transaction_outlives_its_connection)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_connection_begin_twophase(conn, "one", &tx));
    CHECK_OK(run_sql(conn, insert));
    CHECK_OK(cupel_transaction_prepare(tx));
    CHECK_OK(cupel_connection_invalidate(conn));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_INT(prepared_count(conn), 1);
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_FAILS(cupel_connection_commit_prepared(conn, "one", false),
                CUPEL_E_INVALID);
    CHECK_OK(cupel_connection_commit_prepared(conn, "one", true));
    CHECK_INT(prepared_count(conn), 0);
    CHECK(cupel_connection_rollback_prepared(conn, "one", true) != CUPEL_OK);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 1);
    fake_engine_close(engine);
}

TASK_TEST(closing_rolls_it_back)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_connection_begin_twophase(conn, "one", NULL));
    CHECK_OK(run_sql(conn, insert));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_INT(prepared_count(conn), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 0);
    fake_engine_close(engine);
}

TASK_TEST(it_begins_outside_transactions_and_under_a_good_name)
{
    char long_name[256];
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    CHECK_FAILS(cupel_connection_begin_twophase(conn, long_name, NULL),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_connection_begin_twophase(conn, "", NULL),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_connection_commit_prepared(conn, NULL, false),
                CUPEL_E_ARGUMENT);
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_FAILS(cupel_connection_begin_twophase(conn, "one", &tx),
                CUPEL_E_INVALID);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_FAILS(cupel_transaction_prepare(tx), CUPEL_E_INVALID);
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_database_without_it_says_so)
{
    cupel_engine *engine;
    cupel_connection *conn;

    CHECK_OK(cupel_engine_create_async("sqlite://", NULL, &engine));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_FAILS(cupel_connection_begin_twophase(conn, NULL, NULL),
                CUPEL_E_NOTIMPL);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_FAILS(cupel_connection_commit_prepared(conn, "x", true),
                CUPEL_E_NOTIMPL);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
}
