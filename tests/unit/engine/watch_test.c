/* SPDX-License-Identifier: MIT */
/* The events of a statement. */
#include "engine/watch.h"

#include <stdio.h>

#include "engine/norows.h"
#include "support/fake_engine.h"
#include "support/listeners.h"

static char heard[512];

TASK_TEST(a_statement_is_told_of_in_order)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    trace_family(cupel_on_engine(engine), CUP_EVENTS_ENGINE);
    trace_family(cupel_on_engine(engine), CUP_EVENTS_DIALECT);
    CHECK_OK(cupel_connection_begin(conn, NULL));
    cup_fake_trace_clear();
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_TRACE("before_execute; before_cursor_execute; do_execute; begin; "
                "execute SELECT 1; after_cursor_execute; after_execute");
    CHECK_INT(query_int(conn, "SELECT 2"), 2);
    CHECK_TRACE("before_execute; before_cursor_execute; do_execute; "
                "execute SELECT 2; after_cursor_execute; after_execute");
    CHECK_OK(
        cupel_connection_exec_driver_sql(conn, "SELECT 3", NULL, NULL, NULL));
    CHECK_TRACE("before_cursor_execute; do_execute; execute SELECT 3; "
                "after_cursor_execute");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(the_driver_is_asked_in_one_of_three_ways)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    const cupel_params many = { (const cupel_param[]){ { "id", cupel_int(1) },
                                                       { "id", cupel_int(2) } },
                                1, 2 };

    trace_family(cupel_on_dialect(engine), CUP_EVENTS_DIALECT);
    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_OK(run_sql(conn, "SELECT 1"));
    cup_fake_trace_clear();
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO item VALUES (:id, 'x')"), &many, NULL,
        NULL));
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT 1"), NULL,
        CUPEL_WITH({ "no_parameters", cupel_bool(true) }), NULL));
    CHECK_TRACE("do_executemany; execute INSERT INTO item VALUES (?, 'x'); "
                "do_execute_no_params; execute SELECT 1");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* ---- What listeners see ------------------------------------------------ */

static cupel_status
describe_statement(cupel_event *event, void *arg)
{
    char *buf = heard + strlen(heard);
    size_t i;

    (void)arg;
    CHECK(event->conn != NULL && event->engine != NULL);
    CHECK(event->statement != NULL);
    snprintf(buf, 200, "%s %zu %d", event->name,
             event->params == NULL ? 0 : event->params->count,
             event->result != NULL);
    for (i = 0; i < event->options->count; i++)
        snprintf(heard + strlen(heard), 200, " %s=%d",
                 event->options->items[i].name,
                 (int)event->options->items[i].value.as.integer);
    strcat(heard, "; ");
    return CUPEL_OK;
}

TASK_TEST(a_statements_events_show_parameters_options_and_result)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_result *result;
    cupel_text text;

    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "before_execute",
                                describe_statement, NULL, 0));
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "after_execute",
                                describe_statement, NULL, 0));
    cupel_text_init(&text, "SELECT :a");
    heard[0] = '\0';
    CHECK_OK(cupel_connection_execute(
        conn,
        cupel_text_execution_options(
            &text,
            CUPEL_WITH({ "mine", cupel_int(1) }, { "own", cupel_int(4) })),
        CUPEL_PARAMS({ "a", cupel_int(1) }),
        CUPEL_WITH({ "mine", cupel_int(2) }, { "other", cupel_int(3) }),
        &result));
    cupel_result_free(result);
    CHECK_STR(heard, "before_execute 1 0 mine=2 own=4 other=3; "
                     "after_execute 1 1 mine=2 own=4 other=3; ");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

static cupel_status
describe_cursor(cupel_event *event, void *arg)
{
    (void)arg;
    snprintf(heard + strlen(heard), 200, "%s [%s] %zu %zu %d; ", event->name,
             event->sql, event->value_count, event->set_count,
             event->executemany);
    CHECK(event->duration_us >= 0);
    return CUPEL_OK;
}

TASK_TEST(a_cursors_events_show_what_the_driver_gets)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    const cupel_params many = { (const cupel_param[]){ { "id", cupel_int(1) },
                                                       { "id", cupel_int(2) } },
                                1, 2 };

    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "before_cursor_execute", describe_cursor, NULL,
                                0));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "after_cursor_execute",
                                describe_cursor, NULL, 0));
    heard[0] = '\0';
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO item VALUES (:id, 'x')"), &many, NULL,
        NULL));
    CHECK_STR(
        heard,
        "before_cursor_execute [INSERT INTO item VALUES (?, 'x')] 1 2 1; "
        "after_cursor_execute [INSERT INTO item VALUES (?, 'x')] 1 2 1; ");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* ---- Replacements ------------------------------------------------------ */

static cupel_status
replace_statement(cupel_event *event, void *arg)
{
    cupel_text *text = cupel_event_alloc(event, sizeof *text);

    CHECK(text != NULL);
    event->statement = cupel_text_init(text, (const char *)arg);
    return CUPEL_OK;
}

static cupel_status
replace_params(cupel_event *event, void *arg)
{
    event->params = arg;
    return CUPEL_OK;
}

TASK_TEST(before_execute_replaces_statement_and_parameters)
{
    static char other[] = "SELECT :b";
    const cupel_params params = {
        (const cupel_param[]){ { "b", cupel_int(5) } }, 1, 1
    };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "before_execute",
                                replace_statement, other, CUPEL_EVENT_RETVAL));
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "before_execute",
                                replace_params, (void *)(uintptr_t)&params,
                                CUPEL_EVENT_RETVAL));
    CHECK_INT(query_int(conn, "SELECT 1"), 5);
    CHECK_OK(cupel_event_remove(cupel_on_connection(conn), "before_execute",
                                replace_params, (void *)(uintptr_t)&params));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_STATEMENT);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

static cupel_status
replace_sql(cupel_event *event, void *arg)
{
    static const cupel_value value = { .type = CUPEL_INT, .as.integer = 8 };

    event->sql = arg;
    event->values = &value;
    event->value_count = 1;
    return CUPEL_OK;
}

TASK_TEST(before_cursor_execute_replaces_what_the_driver_gets)
{
    static char other[] = "SELECT ? + 1";
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "before_cursor_execute", replace_sql, other,
                                0));
    CHECK_INT(query_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_event_remove(cupel_on_engine(engine),
                                "before_cursor_execute", replace_sql, other));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "before_cursor_execute", replace_sql, other,
                                CUPEL_EVENT_RETVAL));
    CHECK_INT(query_int(conn, "SELECT 1"), 9);
    CHECK_OK(cupel_event_remove(cupel_on_engine(engine),
                                "before_cursor_execute", replace_sql, other));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "before_cursor_execute", replace_sql, NULL,
                                CUPEL_EVENT_RETVAL));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_ARGUMENT);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* ---- In place of the driver -------------------------------------------- */

static cupel_status
handle(cupel_event *event, void *arg)
{
    event->handled = true;
    if (arg != NULL) {
        event->rows = cup_no_rows();
        CHECK(event->rows != NULL);
        event->rows->affected = 42;
    }
    return CUPEL_OK;
}

TASK_TEST(a_listener_executes_in_place_of_the_driver)
{
    static char rows[] = "rows";
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_result *result;

    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "do_execute", handle,
                                NULL, CUPEL_EVENT_ONCE));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "do_execute", handle,
                                rows, CUPEL_EVENT_ONCE));
    cup_fake_trace_clear();
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("SELECT 1"), NULL, NULL,
                                      &result));
    CHECK(!cupel_result_returns_rows(result));
    CHECK_INT(cupel_result_rowcount(result), -1);
    cupel_result_free(result);
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("SELECT 1"), NULL, NULL,
                                      &result));
    CHECK_INT(cupel_result_rowcount(result), 42);
    cupel_result_free(result);
    CHECK_TRACE("");
    CHECK_INT(query_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

/* ---- Failures ---------------------------------------------------------- */

static void
check_refused(const char *name, const char *trace)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_result *result;

    CHECK_OK(run_sql(conn, "SELECT 0"));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), name, refuse_event,
                                NULL, CUPEL_EVENT_ONCE));
    cup_fake_trace_clear();
    CHECK_FAILS(cupel_connection_execute(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                         NULL, &result),
                CUPEL_E_VALUE);
    CHECK(result == NULL);
    CHECK_STR(cupel_error_text(), name);
    CHECK_TRACE(trace);
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_INT(query_int(conn, "SELECT 2"), 2);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_failing_listener_fails_the_statement)
{
    check_refused("before_execute", "");
    check_refused("before_cursor_execute", "");
    check_refused("do_execute", "");
    check_refused("after_cursor_execute", "execute SELECT 1");
    check_refused("after_execute", "execute SELECT 1");
}

static cupel_status
be_cancelled(cupel_event *event, void *arg)
{
    (void)event;
    (void)arg;
    return cupel_error_raise(CUPEL_E_CANCELLED, "enough");
}

TASK_TEST(a_cancelled_listener_costs_the_connection)
{
    static const char *const names[] = { "before_cursor_execute",
                                         "after_cursor_execute" };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    size_t i;

    for (i = 0; i < 2; i++) {
        CHECK_OK(cupel_event_listen(cupel_on_engine(engine), names[i],
                                    be_cancelled, NULL, CUPEL_EVENT_ONCE));
        CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_CANCELLED);
        CHECK(cupel_connection_invalidated(conn));
        CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
        CHECK_OK(cupel_connection_rollback(conn));
        CHECK_OK(run_sql(conn, "SELECT 1"));
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
