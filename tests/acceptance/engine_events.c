/* SPDX-License-Identifier: MIT */
/* Events of engines and their children: whose listeners hear of what, options
 * that listeners change, the end of a pool, two-phase transactions. */
#include <stdio.h>

#include "acceptance/acceptance.h"

static char order[1024];

/* Writes down its arg, or the event's name. */
static cupel_status
record(cupel_event *event, void *arg)
{
    if (order[0] != '\0')
        strcat(order, " ");
    strcat(order, arg != NULL ? (const char *)arg : event->name);
    return CUPEL_OK;
}

#define CHECK_ORDER(expected)         \
    do {                              \
        CHECK_STR(order, (expected)); \
        order[0] = '\0';              \
    } while (0)

static void
listen(cupel_event_target target, const char *name, const char *as)
{
    CHECK_OK(
        cupel_event_listen(target, name, record, (void *)(uintptr_t)as, 0));
}

/* ---- Children ---------------------------------------------------------- */

TASK_TEST(test_dispatch_to_child_and_parent)
{
    static const char every[] = "every";
    cupel_engine *parent = accept_engine(NULL), *child;
    cupel_connection *conn;

    order[0] = '\0';
    CHECK_OK(cupel_engine_execution_options(
        parent, CUPEL_WITH({ "mine", cupel_int(1) }), &child));
    listen(cupel_on_engine(parent), "before_cursor_execute", "parent");
    listen(cupel_on_engine(child), "before_cursor_execute", "child");
    listen(cupel_on_every_engine(), "before_cursor_execute", every);
    conn = accept_connect(child);
    listen(cupel_on_connection(conn), "before_cursor_execute", "conn");
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_ORDER("conn every child parent");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = accept_connect(parent);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_ORDER("every parent");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_event_remove(cupel_on_every_engine(),
                                "before_cursor_execute", record,
                                (void *)(uintptr_t)every));
    cupel_engine_free(child);
    accept_close(parent);
}

/* ---- Options ----------------------------------------------------------- */

static cupel_status
add_option(cupel_event *event, void *arg)
{
    const cupel_execution_options *given = event->options;
    cupel_execution_options *more = cupel_event_alloc(event, sizeof *more);
    cupel_param *items =
        cupel_event_alloc(event, (given->count + 1) * sizeof *items);

    (void)arg;
    CHECK(more != NULL && items != NULL);
    memcpy(items, given->items, given->count * sizeof *items);
    items[given->count] = (cupel_param){ "added", cupel_int(2) };
    more->items = items;
    more->count = given->count + 1;
    event->options = more;
    return record(event, NULL);
}

static int64_t
option_of(const cupel_execution_options *options, const char *name)
{
    size_t i;

    for (i = 0; i < options->count; i++)
        if (strcmp(options->items[i].name, name) == 0)
            return options->items[i].value.as.integer;
    return 0;
}

TASK_TEST(test_set_connection_execution_options)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    const cupel_execution_options *options;

    order[0] = '\0';
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "set_connection_execution_options", add_option,
                                NULL, 0));
    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "given", cupel_int(1) })));
    CHECK_ORDER("set_connection_execution_options");
    options = cupel_connection_get_execution_options(conn);
    CHECK_INT(option_of(options, "given"), 1);
    CHECK_INT(option_of(options, "added"), 2);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_set_engine_execution_options)
{
    cupel_engine *engine = accept_engine(NULL), *child;
    const cupel_execution_options *options;

    order[0] = '\0';
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "set_engine_execution_options", add_option,
                                NULL, 0));
    CHECK_OK(cupel_engine_execution_options(
        engine, CUPEL_WITH({ "given", cupel_int(1) }), &child));
    CHECK_ORDER("set_engine_execution_options");
    options = cupel_engine_get_execution_options(child);
    CHECK_INT(option_of(options, "given"), 1);
    CHECK_INT(option_of(options, "added"), 2);
    CHECK_INT(cupel_engine_get_execution_options(engine)->count, 0);
    cupel_engine_free(child);
    accept_close(engine);
}

static cupel_status
see_options(cupel_event *event, void *arg)
{
    *(int64_t *)arg = option_of(event->options, "mine");
    return CUPEL_OK;
}

TASK_TEST(test_options_reach_the_listeners_by_precedence)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    int64_t mine = 0;
    cupel_text text;

    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "before_execute",
                                see_options, &mine, 0));
    cupel_text_init(&text, "SELECT 1");
    CHECK_OK(cupel_connection_execute(
        conn,
        cupel_text_execution_options(&text,
                                     CUPEL_WITH({ "mine", cupel_int(1) })),
        NULL, NULL, NULL));
    CHECK_INT(mine, 1);
    CHECK_OK(cupel_connection_execution_options(
        conn, CUPEL_WITH({ "mine", cupel_int(2) })));
    CHECK_OK(cupel_connection_execute(
        conn,
        cupel_text_execution_options(&text,
                                     CUPEL_WITH({ "mine", cupel_int(1) })),
        NULL, NULL, NULL));
    CHECK_INT(mine, 2);
    CHECK_OK(cupel_connection_execute(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                      CUPEL_WITH({ "mine", cupel_int(3) }),
                                      NULL));
    CHECK_INT(mine, 3);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- The pool's end ---------------------------------------------------- */

TASK_TEST(test_engine_disposed)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;

    order[0] = '\0';
    CHECK_INT(accept_committed(engine), 0);
    listen(cupel_on_engine(engine), "engine_disposed", NULL);
    listen(cupel_on_engine(engine), "checkout", NULL);
    listen(cupel_on_engine(engine), "close", NULL);
    CHECK_OK(cupel_engine_dispose(engine));
    CHECK_ORDER("close engine_disposed");
    conn = accept_connect(engine);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_ORDER("checkout");
    accept_close(engine);
}

/* ---- Connecting -------------------------------------------------------- */

static cupel_status
connect_elsewhere(cupel_event *event, void *arg)
{
    CHECK(event->url != NULL);
    event->url = arg;
    return record(event, NULL);
}

static cupel_status
refuse(cupel_event *event, void *arg)
{
    (void)arg;
    return cupel_error_raise(CUPEL_E_VALUE, event->name);
}

TASK_TEST(test_do_connect_changes_where_to)
{
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_url *url;

    order[0] = '\0';
    accept_close(accept_engine(NULL)); /* makes the database */
    CHECK_OK(cupel_url_parse(accept_url(), &url));
    CHECK_OK(cupel_engine_create_async(
        accept_is_postgresql() ? "postgresql://nobody@127.0.0.1:1/nowhere"
                               : "sqlite:////nonexistent/directory/file.db",
        NULL, &engine));
    CHECK_OK(cupel_event_listen(cupel_on_dialect(engine), "do_connect",
                                connect_elsewhere, url, 0));
    conn = accept_connect(engine);
    CHECK_ORDER("do_connect");
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
    cupel_url_free(url);
}

TASK_TEST(test_do_connect_that_fails)
{
    static const char *const names[] = { "do_connect", "connect", "checkout",
                                         "engine_connect" };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn;
    size_t i;

    for (i = 0; i < 4; i++) {
        CHECK_OK(cupel_engine_dispose(engine));
        CHECK_OK(cupel_event_listen(cupel_on_engine(engine), names[i], refuse,
                                    NULL, CUPEL_EVENT_ONCE));
        CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_VALUE);
        CHECK_STR(cupel_error_text(), names[i]);
        conn = accept_connect(engine);
        CHECK_OK(accept_run(conn, "SELECT 1"));
        CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    }
    accept_close(engine);
}

/* ---- Without tasks ------------------------------------------------------ */

static cupel_status
execute(cupel_event *event, void *arg)
{
    return accept_run(event->conn, (const char *)arg);
}

static cupel_status
prepare_database(cupel_connection *conn, void *arg)
{
    (void)arg;
    return accept_run(conn, "SELECT 1");
}

TEST(listeners_execute_on_a_blocking_engine)
{
    static char ask[] = "SELECT 2";
    cupel_engine *engine;
    cupel_connection *conn;

    order[0] = '\0';
    CHECK_OK(cupel_engine_create(accept_url(), NULL, &engine));
    CHECK_OK(cupel_engine_begin(engine, prepare_database, NULL));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "begin", execute,
                                ask, 0));
    CHECK_OK(cupel_event_listen(cupel_on_connection(conn), "commit", execute,
                                ask, 0));
    listen(cupel_on_connection(conn), "before_cursor_execute", NULL);
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_ORDER("before_cursor_execute before_cursor_execute "
                "before_cursor_execute");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_close(engine);
}

/* ---- Two-phase transactions -------------------------------------------- */

static cupel_status
record_xid(cupel_event *event, void *arg)
{
    CHECK_OK(record(event, arg));
    CHECK_STR(event->xid, "accept events");
    strcat(order, event->is_prepared ? "(prepared)" : "");
    return CUPEL_OK;
}

TASK_TEST(test_transactional_twophase)
{
    static const char *const names[] = { "begin_twophase", "prepare_twophase",
                                         "commit_twophase",
                                         "rollback_twophase" };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;
    size_t i;

    for (i = 0; i < 4; i++)
        CHECK_OK(cupel_event_listen(cupel_on_engine(engine), names[i],
                                    record_xid, NULL, 0));
    order[0] = '\0';
    if (!accept_is_postgresql()) {
        CHECK_FAILS(cupel_connection_begin_twophase(conn, "accept events", &tx),
                    CUPEL_E_NOTIMPL);
        CHECK_ORDER("");
    } else {
        CHECK_OK(cupel_connection_begin_twophase(conn, "accept events", &tx));
        CHECK_OK(accept_insert(conn, 1));
        CHECK_OK(cupel_transaction_prepare(tx));
        CHECK_OK(cupel_transaction_commit(tx));
        CHECK_ORDER("begin_twophase prepare_twophase "
                    "commit_twophase(prepared)");
        cupel_transaction_free(tx);
        CHECK_OK(cupel_connection_begin_twophase(conn, "accept events", &tx));
        CHECK_OK(accept_insert(conn, 2));
        CHECK_OK(cupel_transaction_rollback(tx));
        CHECK_ORDER("begin_twophase rollback_twophase");
        cupel_transaction_free(tx);
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}
