/* SPDX-License-Identifier: MIT */
/* Failures of the wire, and who may have a say. */
#include "engine/failure.h"

#include <stdio.h>

#include "support/fake_engine.h"
#include "support/listeners.h"

static char heard[512];

/* What a listener is told, and what it is to decide. */
struct decision {
    bool set_disconnect;
    bool is_disconnect;
    bool spare_pool;
    const char *replacement;
};

static cupel_status
handle(cupel_event *event, void *arg)
{
    const struct decision *decision = arg;
    cupel_failure *failure = event->failure;

    snprintf(heard, sizeof heard, "%s|%s|%s|%s|%d|%d|%d",
             cupel_status_class(failure->status),
             failure->library == NULL ? "none" : "library",
             event->sql == NULL ? "" : event->sql,
             event->conn == NULL ? "no conn" : "conn", failure->is_disconnect,
             failure->invalidate_pool_on_disconnect, failure->is_pre_ping);
    CHECK(failure->original != NULL);
    if (decision == NULL)
        return CUPEL_OK;
    if (decision->set_disconnect)
        failure->is_disconnect = decision->is_disconnect;
    if (decision->spare_pool)
        failure->invalidate_pool_on_disconnect = false;
    if (decision->replacement != NULL)
        failure->replacement =
            cupel_error_raise(CUPEL_E_KEY, decision->replacement);
    return CUPEL_OK;
}

static cupel_connection *
connect_and_listen(cupel_engine **engine, const struct decision *decision)
{
    cupel_connection *conn;

    *engine = fake_engine();
    conn = connect_with_items(*engine);
    CHECK_OK(cupel_event_listen(cupel_on_engine(*engine), "handle_error",
                                handle, (void *)(uintptr_t)decision, 0));
    heard[0] = '\0';
    return conn;
}

/* Yields. */
static void
leave(cupel_engine *engine, cupel_connection *conn)
{
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_statements_failure_is_shown)
{
    cupel_engine *engine;
    cupel_connection *conn = connect_and_listen(&engine, NULL);

    CHECK_FAILS(run_sql(conn, "SELECT nothing FROM nowhere"),
                CUPEL_E_PROGRAMMING);
    CHECK_STR(heard, "ProgrammingError|library|SELECT nothing FROM "
                     "nowhere|conn|0|1|0");
    CHECK(cupel_connection_in_transaction(conn));
    CHECK(!cupel_connection_invalidated(conn));
    leave(engine, conn);
}

TASK_TEST(a_missing_parameter_is_shown)
{
    cupel_engine *engine;
    cupel_connection *conn = connect_and_listen(&engine, NULL);

    CHECK_FAILS(run_sql(conn, "SELECT :a"), CUPEL_E_STATEMENT);
    CHECK_STR(heard, "StatementError|library|SELECT ?|conn|0|1|0");
    CHECK(!cupel_connection_in_transaction(conn));
    leave(engine, conn);
}

static void
order_hang_up(void)
{
    const struct cup_fake_fault fault = { .op = CUP_FAKE_EXECUTE,
                                          .nth = 1,
                                          .kind = CUP_FAKE_HANG_UP };

    cup_fake_fault(&fault);
}

TASK_TEST(a_lost_connection_is_shown_and_given_up)
{
    cupel_engine *engine;
    cupel_connection *conn = connect_and_listen(&engine, NULL);

    order_hang_up();
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_OPERATIONAL);
    CHECK_STR(heard, "OperationalError|library|SELECT 1|conn|1|1|0");
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK(cupel_connection_invalidated(conn));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_STR(heard, "PendingRollbackError|none||conn|0|1|0");
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    leave(engine, conn);
}

/* How many connections were opened after one of two was lost and both were used
 * again. Yields. */
static unsigned long
replaced_after_loss(const struct decision *decision)
{
    cupel_engine *engine;
    cupel_connection *conn = connect_and_listen(&engine, decision), *other;
    unsigned long before;

    CHECK_OK(cupel_engine_connect(engine, &other));
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    before = cup_fake_calls(CUP_FAKE_CONNECT);
    order_hang_up();
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_OPERATIONAL);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_engine_connect(engine, &other));
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    before = cup_fake_calls(CUP_FAKE_CONNECT) - before;
    leave(engine, conn);
    return before;
}

TASK_TEST(a_lost_connection_takes_the_pools_others_with_it)
{
    const struct decision spare = { .spare_pool = true };

    CHECK_INT(replaced_after_loss(NULL), 2);
    CHECK_INT(replaced_after_loss(&spare), 1);
}

TASK_TEST(a_listener_calls_any_failure_a_disconnect)
{
    const struct decision decision = { .set_disconnect = true,
                                       .is_disconnect = true };
    cupel_engine *engine;
    cupel_connection *conn = connect_and_listen(&engine, &decision);

    CHECK_FAILS(run_sql(conn, "SELECT nothing FROM nowhere"),
                CUPEL_E_PROGRAMMING);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK(cupel_connection_invalidated(conn));
    leave(engine, conn);
}

TASK_TEST(a_listener_denies_a_disconnect)
{
    const struct decision decision = { .set_disconnect = true };
    cupel_engine *engine;
    cupel_connection *conn = connect_and_listen(&engine, &decision);

    order_hang_up();
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_OPERATIONAL);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_FAILS(cupel_connection_close(conn), CUPEL_E_OPERATIONAL);
    leave(engine, conn);
}

TASK_TEST(a_listener_replaces_the_error)
{
    const struct decision decision = { .replacement = "mine" };
    cupel_engine *engine;
    cupel_connection *conn = connect_and_listen(&engine, &decision);

    CHECK_FAILS(run_sql(conn, "SELECT nothing FROM nowhere"), CUPEL_E_KEY);
    CHECK_STR(cupel_error_text(), "mine");
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_FAILS(cupel_connection_execute(
                    conn, CUPEL_TEXT("SELECT nothing FROM nowhere"), NULL,
                    CUPEL_WITH({ "skip_user_error_events", cupel_bool(true) }),
                    NULL),
                CUPEL_E_PROGRAMMING);
    leave(engine, conn);
}

TASK_TEST(a_failed_connect_is_shown_without_a_connection)
{
    const struct cup_fake_fault fault = { .op = CUP_FAKE_CONNECT,
                                          .nth = 1,
                                          .kind = CUP_FAKE_HANG_UP };
    cupel_engine *engine;
    cupel_connection *conn = connect_and_listen(&engine, NULL), *second;

    cup_fake_fault(&fault);
    CHECK_FAILS(cupel_engine_connect(engine, &second), CUPEL_E_OPERATIONAL);
    CHECK_STR(heard, "OperationalError|library||no conn|1|1|0");
    leave(engine, conn);
}

/* Yields. */
static cupel_status
fail_again(cupel_event *event, void *arg)
{
    (void)arg;
    strcat(heard, "once ");
    return run_sql(event->conn, "SELECT nothing FROM nowhere");
}

TASK_TEST(a_failure_of_the_handler_is_not_shown_to_it)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    heard[0] = '\0';
    CHECK_OK(cupel_event_listen(cupel_on_dialect(engine), "handle_error",
                                fail_again, NULL, 0));
    CHECK_FAILS(run_sql(conn, "SELECT :a"), CUPEL_E_PROGRAMMING);
    CHECK_STR(heard, "once ");
    leave(engine, conn);
}

static cupel_status
count_pings(cupel_event *event, void *arg)
{
    CHECK(event->failure->is_pre_ping);
    (*(int *)arg)++;
    return CUPEL_OK;
}

TASK_TEST(a_failed_ping_is_shown_once)
{
    const struct cup_fake_fault fault = { .op = CUP_FAKE_PING,
                                          .kind = CUP_FAKE_ERROR };
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;
    int count = 0;

    fake_engine_close(engine);
    options.pool_pre_ping = CUPEL_ON;
    CHECK_OK(cupel_engine_create_async("fake://ping", &options, &engine));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "handle_error",
                                count_pings, &count, 0));
    cup_fake_fault(&fault);
    CHECK(cupel_engine_connect(engine, &conn) != CUPEL_OK);
    CHECK_INT(count, 1);
    fake_engine_close(engine);
}
