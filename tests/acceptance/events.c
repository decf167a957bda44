/* SPDX-License-Identifier: MIT */
/* Events of engines, connections and pools: who is told, of what, in which
 * order. After the reference's EngineEventsTest. */
#include <stdio.h>

#include "acceptance/acceptance.h"

/* The names of the events so far, with spaces between them. */
static char order[2048];

static cupel_status
record(cupel_event *event, void *arg)
{
    (void)arg;
    if (order[0] != '\0')
        strcat(order, " ");
    strcat(order, event->name);
    return CUPEL_OK;
}

#define CHECK_ORDER(expected)         \
    do {                              \
        CHECK_STR(order, (expected)); \
        order[0] = '\0';              \
    } while (0)

static void
record_on(cupel_event_target target, const char *const *names)
{
    for (; *names != NULL; names++)
        CHECK_OK(cupel_event_listen(target, *names, record, NULL, 0));
    order[0] = '\0';
}

static const char *const statement_events[] = { "before_execute",
                                                "after_execute",
                                                "before_cursor_execute",
                                                "after_cursor_execute", NULL };

static const char *const transaction_events[] = {
    "begin",     "rollback",           "commit",
    "savepoint", "rollback_savepoint", "release_savepoint",
    NULL
};

static const char *const pool_events[] = {
    "connect",    "first_connect",   "checkout", "checkin", "reset",
    "invalidate", "soft_invalidate", "close",    "detach",  "close_detached",
    NULL
};

static const char *const connection_making_events[] = { "engine_connect",
                                                        "do_connect", NULL };

static int counts[4];

static cupel_status
count(cupel_event *event, void *arg)
{
    (void)event;
    (*(int *)arg)++;
    return CUPEL_OK;
}

static void
count_on(cupel_event_target target, const char *name, int which)
{
    CHECK_OK(cupel_event_listen(target, name, count, &counts[which], 0));
}

/* ---- Targets ----------------------------------------------------------- */

TASK_TEST(test_per_engine_independence)
{
    cupel_engine *first = accept_engine(NULL), *second;
    cupel_connection *conn;

    CHECK_OK(cupel_engine_create_async(accept_url(), NULL, &second));
    memset(counts, 0, sizeof counts);
    count_on(cupel_on_engine(first), "before_cursor_execute", 0);
    count_on(cupel_on_engine(second), "before_cursor_execute", 1);
    conn = accept_connect(first);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(counts[0], 1);
    CHECK_INT(counts[1], 0);
    conn = accept_connect(second);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(counts[0], 1);
    CHECK_INT(counts[1], 1);
    accept_close(second);
    accept_close(first);
}

TASK_TEST(test_per_engine_plus_global)
{
    cupel_engine *engine = accept_engine(NULL), *other;
    cupel_connection *conn;

    memset(counts, 0, sizeof counts);
    count_on(cupel_on_every_engine(), "before_cursor_execute", 0);
    count_on(cupel_on_engine(engine), "before_cursor_execute", 1);
    CHECK_OK(cupel_engine_create_async(accept_url(), NULL, &other));
    conn = accept_connect(engine);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = accept_connect(other);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(counts[0], 2);
    CHECK_INT(counts[1], 1);
    CHECK_OK(cupel_event_remove(cupel_on_every_engine(),
                                "before_cursor_execute", count, &counts[0]));
    accept_close(other);
    accept_close(engine);
}

TASK_TEST(test_per_connection_plus_engine)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine), *other;

    memset(counts, 0, sizeof counts);
    count_on(cupel_on_engine(engine), "before_cursor_execute", 0);
    count_on(cupel_on_connection(conn), "before_cursor_execute", 1);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    other = accept_connect(engine);
    CHECK_OK(accept_run(other, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    CHECK_INT(counts[0], 2);
    CHECK_INT(counts[1], 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_add_event_after_connect)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    memset(counts, 0, sizeof counts);
    count_on(cupel_on_engine(engine), "before_execute", 0);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_INT(counts[0], 1);
    CHECK_OK(cupel_event_remove(cupel_on_engine(engine), "before_execute",
                                count, &counts[0]));
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_INT(counts[0], 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_no_such_event)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_FAILS(cupel_event_listen(cupel_on_engine(engine), "not_an_event",
                                   record, NULL, 0),
                CUPEL_E_INVALID);
    CHECK(strstr(cupel_error_text(), "no such event 'not_an_event' for") !=
          NULL);
    CHECK_FAILS(cupel_event_listen(cupel_on_connection(conn), "handle_error",
                                   record, NULL, 0),
                CUPEL_E_INVALID);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_retval_flag)
{
    static const char *const others[] = {
        "begin",          "rollback",
        "commit",         "savepoint",
        "after_execute",  "after_cursor_execute",
        "engine_connect", NULL
    };
    cupel_engine *engine = accept_engine(NULL);
    size_t i;

    for (i = 0; others[i] != NULL; i++)
        CHECK_FAILS(cupel_event_listen(cupel_on_engine(engine), others[i],
                                       record, NULL, CUPEL_EVENT_RETVAL),
                    CUPEL_E_ARGUMENT);
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "before_execute",
                                record, NULL, CUPEL_EVENT_RETVAL));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "before_cursor_execute", record, NULL,
                                CUPEL_EVENT_RETVAL));
    accept_close(engine);
}

/* ---- Order ------------------------------------------------------------- */

TASK_TEST(test_execute_events)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_value value;

    record_on(cupel_on_engine(engine), statement_events);
    record_on(cupel_on_engine(engine), transaction_events);
    CHECK_OK(accept_insert(conn, 1));
    CHECK_ORDER("before_execute begin before_cursor_execute "
                "after_cursor_execute after_execute");
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_ORDER("before_execute before_cursor_execute after_cursor_execute "
                "after_execute");
    CHECK_OK(cupel_connection_scalar(conn, CUPEL_TEXT("SELECT 1"), NULL, NULL,
                                     &value));
    CHECK_ORDER("before_execute before_cursor_execute after_cursor_execute "
                "after_execute");
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_ORDER("commit");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_ORDER("");
    accept_close(engine);
}

TASK_TEST(test_new_exec_driver_sql_no_events)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    record_on(cupel_on_engine(engine), statement_events);
    CHECK_OK(
        cupel_connection_exec_driver_sql(conn, "SELECT 1", NULL, NULL, NULL));
    CHECK_ORDER("before_cursor_execute after_cursor_execute");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_transactional)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    record_on(cupel_on_engine(engine), transaction_events);
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "before_cursor_execute", record, NULL, 0));
    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_transaction_commit(tx));
    cupel_transaction_free(tx);
    CHECK_ORDER("begin before_cursor_execute rollback begin "
                "before_cursor_execute commit");
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_ORDER("");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

static cupel_status
record_savepoint(cupel_event *event, void *arg)
{
    CHECK_OK(record(event, arg));
    strcat(order, "(");
    strcat(order, event->savepoint);
    strcat(order, ")");
    return CUPEL_OK;
}

TASK_TEST(test_transactional_advanced)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;
    size_t i;

    for (i = 3; i < 6; i++)
        CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                    transaction_events[i], record_savepoint,
                                    NULL, 0));
    CHECK_OK(
        cupel_event_listen(cupel_on_engine(engine), "begin", record, NULL, 0));
    order[0] = '\0';
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
    CHECK_OK(cupel_transaction_commit(tx));
    cupel_transaction_free(tx);
    CHECK_ORDER("begin savepoint(sa_savepoint_1) "
                "rollback_savepoint(sa_savepoint_1) savepoint(sa_savepoint_2) "
                "release_savepoint(sa_savepoint_2)");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* Yields. */
static cupel_status
insert_one(cupel_connection *conn, void *arg)
{
    (void)arg;
    return accept_insert(conn, 1);
}

TASK_TEST(test_statement_flow_in_begin)
{
    static const char *const driver_events[] = { "do_execute", NULL };
    cupel_engine *engine = accept_engine(NULL);

    CHECK_INT(accept_committed(engine), 0);
    record_on(cupel_on_engine(engine), pool_events);
    record_on(cupel_on_engine(engine), connection_making_events);
    record_on(cupel_on_engine(engine), transaction_events);
    record_on(cupel_on_engine(engine), statement_events);
    record_on(cupel_on_dialect(engine), driver_events);
    CHECK_OK(cupel_engine_begin(engine, insert_one, NULL));
    CHECK_ORDER("checkout engine_connect begin before_execute "
                "before_cursor_execute do_execute after_cursor_execute "
                "after_execute commit reset checkin");
    accept_close(engine);
}

TASK_TEST(test_first_connection)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;

    record_on(cupel_on_engine(engine), pool_events);
    record_on(cupel_on_engine(engine), connection_making_events);
    conn = accept_connect(engine);
    CHECK_ORDER("do_connect first_connect connect checkout engine_connect");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_ORDER("reset checkin");
    conn = accept_connect(engine);
    CHECK_ORDER("checkout engine_connect");
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_ORDER("invalidate close checkin");
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_ORDER("do_connect connect checkout");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Once, insert, changes while telling ------------------------------- */

static cupel_status
add_more(cupel_event *event, void *arg)
{
    CHECK_OK(record(event, arg));
    return cupel_event_listen(cupel_on_connection(event->conn), "begin", record,
                              &order, 0);
}

TASK_TEST(test_once_and_changes_while_telling)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    order[0] = '\0';
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "begin", add_more,
                                NULL, CUPEL_EVENT_ONCE));
    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_ORDER("begin");
    CHECK(!cupel_event_contains(cupel_on_connection(conn), "begin", add_more,
                                NULL));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_begin(conn, NULL));
    CHECK_ORDER("begin");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- What is replaced -------------------------------------------------- */

static cupel_status
add_comment(cupel_event *event, void *arg)
{
    size_t size = strlen(event->sql) + 32;
    char *sql = cupel_event_alloc(event, size);

    (void)arg;
    CHECK(sql != NULL);
    snprintf(sql, size, "%s /* seen */", event->sql);
    event->sql = sql;
    return CUPEL_OK;
}

static char seen_sql[256];

static cupel_status
see_sql(cupel_event *event, void *arg)
{
    (void)arg;
    snprintf(seen_sql, sizeof seen_sql, "%s", event->sql);
    CHECK_INT(event->value_count, 2);
    CHECK_INT(event->values[0].as.integer, 5);
    return CUPEL_OK;
}

TASK_TEST(test_modify_statement)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "before_cursor_execute", add_comment, NULL,
                                CUPEL_EVENT_RETVAL));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "after_cursor_execute",
                                see_sql, NULL, 0));
    CHECK_OK(accept_insert(conn, 5));
    CHECK_STR(seen_sql, accept_is_postgresql()
                            ? "INSERT INTO users (user_id, user_name) VALUES "
                              "($1, $2) /* seen */"
                            : "INSERT INTO users (user_id, user_name) VALUES "
                              "(?, ?) /* seen */");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

static cupel_status
say_two(cupel_event *event, void *arg)
{
    cupel_text *text = cupel_event_alloc(event, sizeof *text);

    (void)arg;
    CHECK(text != NULL);
    event->statement = cupel_text_init(text, "SELECT 2");
    return CUPEL_OK;
}

TASK_TEST(test_modify_parameters_and_element)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "before_execute",
                                say_two, NULL, CUPEL_EVENT_RETVAL));
    CHECK_INT(accept_int(conn, "SELECT 1"), 2);
    CHECK_OK(cupel_event_remove(cupel_on_connection(conn), "before_execute",
                                say_two, NULL));
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

static cupel_status
handle_it(cupel_event *event, void *arg)
{
    event->handled = true;
    return record(event, arg);
}

TASK_TEST(test_do_execute_replaces_the_driver)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    order[0] = '\0';
    CHECK_OK(cupel_event_listen(cupel_on_dialect(engine), "do_execute",
                                handle_it, NULL, 0));
    CHECK_OK(cupel_event_listen(cupel_on_dialect(engine), "do_execute", record,
                                &order, 0));
    CHECK_OK(accept_run(conn, "this is not SQL"));
    CHECK_ORDER("do_execute");
    CHECK_OK(cupel_event_remove(cupel_on_dialect(engine), "do_execute",
                                handle_it, NULL));
    CHECK_INT(accept_int(conn, "SELECT 1"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}
