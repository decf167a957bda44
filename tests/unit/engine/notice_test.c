/* SPDX-License-Identifier: MIT */
/* Transactions and connections, told before the driver is asked. */
#include "engine/notice.h"

#include "support/fake_engine.h"
#include "support/listeners.h"

TASK_TEST(a_transaction_is_told_of_before_the_driver_is_asked)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    trace_family(cupel_on_engine(engine), CUP_EVENTS_ENGINE);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_TRACE("connect; initialize; engine_connect");
    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_TRACE("begin");
    CHECK_OK(run_sql(conn, "CREATE TABLE item (id INTEGER)"));
    cup_fake_trace_clear();
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_TRACE("commit; commit");
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1)"));
    CHECK_TRACE("before_execute; begin; before_cursor_execute; begin; execute "
                "INSERT INTO item VALUES (1); after_cursor_execute; "
                "after_execute");
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_TRACE("rollback; rollback");
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_TRACE("");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(savepoints_have_events_of_their_own)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "savepoint",
                                trace_event, NULL, 0));
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "rollback_savepoint",
                                trace_event, NULL, 0));
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "release_savepoint",
                                trace_event, NULL, 0));
    cup_fake_trace_clear();
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_TRACE("savepoint; begin; execute SAVEPOINT sa_savepoint_1");
    CHECK_OK(cupel_transaction_rollback(tx));
    CHECK_TRACE("rollback_savepoint; execute ROLLBACK TO SAVEPOINT "
                "sa_savepoint_1");
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    cup_fake_trace_clear();
    CHECK_OK(cupel_transaction_commit(tx));
    CHECK_TRACE("release_savepoint; execute RELEASE SAVEPOINT sa_savepoint_2");
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* ---- Refusals ---------------------------------------------------------- */

static void
refuse_on(cupel_connection *conn, const char *name)
{
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), name, refuse_event,
                                NULL, CUPEL_EVENT_ONCE));
}

TASK_TEST(a_failing_listener_prevents_begin)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    refuse_on(conn, "begin");
    cup_fake_trace_clear();
    CHECK_FAILS(cupel_connection_begin(conn, NULL), CUPEL_E_VALUE);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_TRACE("");
    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_failing_listener_prevents_commit)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    refuse_on(conn, "commit");
    cup_fake_trace_clear();
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_VALUE);
    CHECK_TRACE("");
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_TRACE("rollback");
    CHECK_INT(committed_items(engine), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_failing_listener_prevents_rollback)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    refuse_on(conn, "rollback");
    cup_fake_trace_clear();
    CHECK_FAILS(cupel_connection_rollback(conn), CUPEL_E_VALUE);
    CHECK_TRACE("");
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(committed_items(engine), 0);
    fake_engine_close(engine);
}

TASK_TEST(a_failing_listener_prevents_a_savepoint)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_transaction *tx;

    refuse_on(conn, "savepoint");
    CHECK_FAILS(cupel_connection_begin_nested(conn, &tx), CUPEL_E_VALUE);
    CHECK(!cupel_connection_in_nested_transaction(conn));
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    refuse_on(conn, "release_savepoint");
    CHECK_FAILS(cupel_transaction_commit(tx), CUPEL_E_VALUE);
    CHECK(!cupel_transaction_is_active(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_listener_that_refuses_a_connection_gives_it_back)
{
    cupel_engine *engine = fake_engine();
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_connection *conn;

    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "engine_connect",
                                refuse_event, NULL, CUPEL_EVENT_ONCE));
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_VALUE);
    CHECK(conn == NULL);
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* ---- Listeners that work ----------------------------------------------- */

/* Yields. */
static cupel_status
execute_in_it(cupel_event *event, void *arg)
{
    return run_sql(event->conn, (const char *)arg);
}

TASK_TEST(a_listener_for_begin_executes_in_the_transaction)
{
    static char insert[] = "INSERT INTO item VALUES (7, 'log')";
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "begin",
                                execute_in_it, insert, 0));
    cup_fake_trace_clear();
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_TRACE("begin; execute INSERT INTO item VALUES (7, 'log'); execute "
                "INSERT INTO item VALUES (1, 'a')");
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(committed_items(engine), 2);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* Yields. */
static cupel_status
work_then_refuse(cupel_event *event, void *arg)
{
    CHECK_OK(execute_in_it(event, arg));
    return refuse_event(event, NULL);
}

TASK_TEST(what_a_refusing_listener_did_is_undone)
{
    static char insert[] = "INSERT INTO item VALUES (7, 'log')";
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "begin",
                                work_then_refuse, insert, CUPEL_EVENT_ONCE));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "begin");
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(committed_items(engine), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* Yields. */
static cupel_status
end_it(cupel_event *event, void *arg)
{
    (void)arg;
    return cupel_connection_rollback(event->conn);
}

TASK_TEST(a_listener_that_ends_the_transaction_it_is_told_of_is_refused)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "begin", end_it,
                                NULL, CUPEL_EVENT_ONCE));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_INVALID);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "commit", end_it,
                                NULL, CUPEL_EVENT_ONCE));
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_FAILS(cupel_connection_commit(conn), CUPEL_E_INVALID);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_INT(committed_items(engine), 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* ---- Options ----------------------------------------------------------- */

static cupel_status
replace_options(cupel_event *event, void *arg)
{
    CHECK_INT(event->options->count, 1);
    event->options = arg;
    return CUPEL_OK;
}

TASK_TEST(listeners_replace_options)
{
    cupel_execution_options mine = { NULL, 0 };
    cupel_engine *engine = fake_engine();
    const cupel_execution_options *options;
    struct cup_arena arena = { NULL, NULL, NULL };
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    options = CUPEL_WITH({ "yield_per", cupel_int(1) });
    CHECK_OK(cup_notice_connection_options(conn, &arena, &options));
    CHECK_STR(options->items[0].name, "yield_per");
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "set_connection_execution_options", trace_event,
                                NULL, 0));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "set_engine_execution_options", trace_event,
                                NULL, 0));
    cup_fake_trace_clear();
    CHECK_OK(cup_notice_connection_options(conn, &arena, &options));
    CHECK_OK(cup_notice_engine_options(engine, &arena, &options));
    CHECK_TRACE("set_connection_execution_options; "
                "set_engine_execution_options");
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "set_engine_execution_options", replace_options,
                                &mine, 0));
    CHECK_OK(cup_notice_engine_options(engine, &arena, &options));
    CHECK(options == &mine);
    cup_arena_fini(&arena);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_disposed_engine_is_told_of)
{
    cupel_engine *engine = fake_engine();

    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "engine_disposed",
                                trace_event, NULL, 0));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "engine_disposed",
                                refuse_event, NULL, 0));
    cup_notice_engine_disposed(engine);
    CHECK_TRACE("engine_disposed");
    fake_engine_close(engine);
}
