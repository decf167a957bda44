/* SPDX-License-Identifier: MIT */
/* The event handle_error, and what cancellation tells. After the reference's
 * HandleErrorTest. */
#include <stdio.h>

#include "acceptance/acceptance.h"

/* What the last listener saw. */
static struct {
    int count;
    cupel_status status;
    cupel_status library;
    char chained[64];
    char sql[128];
    bool has_conn;
    bool is_disconnect;
    bool invalidates_pool;
} seen;

/* What the listener `see` is to do. */
struct wish {
    const char *raise;   /* fail with VALUE and this */
    const char *replace; /* put VALUE and this in the error's place */
    bool disconnect;     /* call it one */
    bool spare_pool;
};

static cupel_status
see(cupel_event *event, void *arg)
{
    const struct wish *wish = arg;
    cupel_failure *failure = event->failure;

    seen.count++;
    seen.status = failure->status;
    seen.library = cupel_error_status(failure->library);
    snprintf(seen.chained, sizeof seen.chained, "%s",
             failure->chained == NULL ? ""
                                      : cupel_error_message(failure->chained));
    snprintf(seen.sql, sizeof seen.sql, "%s",
             event->sql == NULL ? "" : event->sql);
    seen.has_conn = event->conn != NULL;
    seen.is_disconnect = failure->is_disconnect;
    seen.invalidates_pool = failure->invalidate_pool_on_disconnect;
    if (wish == NULL)
        return CUPEL_OK;
    if (wish->disconnect)
        failure->is_disconnect = true;
    if (wish->spare_pool)
        failure->invalidate_pool_on_disconnect = false;
    if (wish->raise != NULL)
        return cupel_error_raise(CUPEL_E_VALUE, wish->raise);
    if (wish->replace != NULL)
        failure->replacement = cupel_error_raise(CUPEL_E_VALUE, wish->replace);
    return CUPEL_OK;
}

static void
listen(cupel_engine *engine, const struct wish *wish)
{
    memset(&seen, 0, sizeof seen);
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "handle_error", see,
                                (void *)(uintptr_t)wish, 0));
}

static const char bad_sql[] = "SELECT nothing FROM nowhere";

/* The status that the database gives for it. */
static cupel_status
bad_status(void)
{
    return accept_is_postgresql() ? CUPEL_E_PROGRAMMING : CUPEL_E_OPERATIONAL;
}

TASK_TEST(test_handle_error)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    listen(engine, NULL);
    CHECK_FAILS(accept_run(conn, bad_sql), bad_status());
    CHECK_INT(seen.count, 1);
    CHECK_INT(seen.status, bad_status());
    CHECK_INT(seen.library, bad_status());
    CHECK_STR(seen.sql, bad_sql);
    CHECK(seen.has_conn);
    CHECK(!seen.is_disconnect);
    CHECK(cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_exception_event_reraise)
{
    const struct wish wish = { .raise = "my own" };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    listen(engine, &wish);
    CHECK_FAILS(accept_run(conn, bad_sql), CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "my own");
    CHECK(cupel_connection_in_transaction(conn));
    CHECK(!cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_exception_event_reraise_chaining)
{
    const struct wish first = { .replace = "first" };
    const struct wish second = { .replace = "second" };
    const struct wish silent = { .raise = NULL };
    const struct wish third = { .raise = "third" };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    listen(engine, &first);
    listen(engine, &second);
    listen(engine, &silent);
    CHECK_FAILS(accept_run(conn, bad_sql), CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "second");
    CHECK_STR(seen.chained, "second");
    CHECK_INT(seen.status, bad_status());
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_event_listen(cupel_on_engine(engine), "handle_error", see,
                                (void *)(uintptr_t)&third, CUPEL_EVENT_INSERT));
    seen.count = 0;
    CHECK_FAILS(accept_run(conn, bad_sql), CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "third");
    CHECK_INT(seen.count, 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_exception_event_non_dbapi_error)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    listen(engine, NULL);
    CHECK_FAILS(accept_run(conn, "SELECT :missing"), CUPEL_E_STATEMENT);
    CHECK_INT(seen.count, 1);
    CHECK_INT(seen.library, CUPEL_E_STATEMENT);
    CHECK(!cupel_connection_in_transaction(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_exception_event_disable_handlers)
{
    const struct wish wish = { .raise = "never" };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    listen(engine, &wish);
    CHECK_FAILS(cupel_connection_execute(
                    conn, CUPEL_TEXT(bad_sql), NULL,
                    CUPEL_WITH({ "skip_user_error_events", cupel_bool(true) }),
                    NULL),
                bad_status());
    CHECK_INT(seen.count, 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* ---- Disconnects ------------------------------------------------------- */

/* How many connections are opened anew when one of two was called lost.
 * Yields. */
static uint64_t
replaced_after(const struct wish *wish)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine), *other;
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    uint64_t before;

    other = accept_connect(engine);
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    listen(engine, wish);
    cupel_engine_pool_status(engine, &status);
    before = status.connects;
    CHECK_FAILS(accept_run(conn, bad_sql), bad_status());
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK(cupel_connection_invalidated(conn));
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(accept_run(conn, "SELECT 1"));
    other = accept_connect(engine);
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_pool_status(engine, &status);
    accept_close(engine);
    return status.connects - before;
}

TASK_TEST(test_alter_disconnect_to_true)
{
    const struct wish wish = { .disconnect = true };

    CHECK_INT(replaced_after(&wish), 2);
    CHECK(seen.invalidates_pool);
}

TASK_TEST(test_alter_invalidate_pool_to_false)
{
    const struct wish wish = { .disconnect = true, .spare_pool = true };

    CHECK_INT(replaced_after(&wish), 1);
}

TASK_TEST(test_pending_rollback_is_shown_without_a_library_error)
{
    const struct wish wish = { .disconnect = true };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    listen(engine, &wish);
    CHECK_FAILS(accept_run(conn, bad_sql), bad_status());
    CHECK_FAILS(accept_run(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    CHECK_INT(seen.count, 2);
    CHECK_INT(seen.status, CUPEL_E_PENDINGROLLBACK);
    CHECK_INT(seen.library, CUPEL_OK);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(test_invalidate_on_connect)
{
    cupel_engine *engine;
    cupel_connection *conn;
    const char *url = accept_is_postgresql()
                          ? "postgresql://nobody@127.0.0.1:1/nowhere"
                          : "sqlite:////nonexistent/directory/file.db";

    CHECK_OK(cupel_engine_create_async(url, NULL, &engine));
    listen(engine, NULL);
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_OPERATIONAL);
    CHECK_INT(seen.count, 1);
    CHECK_INT(seen.library, CUPEL_E_OPERATIONAL);
    CHECK(!seen.has_conn);
    accept_close(engine);
}

/* ---- Cancellation ------------------------------------------------------ */

static char order[512];

static cupel_status
record(cupel_event *event, void *arg)
{
    (void)arg;
    if (order[0] != '\0')
        strcat(order, " ");
    strcat(order, event->name);
    return CUPEL_OK;
}

static void
record_all(cupel_engine *engine)
{
    static const char *const names[] = { "checkout", "engine_connect", "begin",
                                         "commit",   "rollback",       "reset",
                                         "checkin",  "invalidate",     "close",
                                         NULL };
    size_t i;

    for (i = 0; names[i] != NULL; i++)
        CHECK_OK(cupel_event_listen(cupel_on_engine(engine), names[i], record,
                                    NULL, 0));
    order[0] = '\0';
}

static const char *
long_sql(void)
{
    return accept_is_postgresql()
               ? "SELECT pg_sleep(60)"
               : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
                 "n) SELECT count(*) FROM n WHERE i < 0";
}

/* Work in engine.begin() that is cancelled in the middle. */
struct work {
    cupel_engine *engine;
    bool in_statement; /* or between two */
    bool begun;
};

/* Yields. */
static cupel_status
be_busy(cupel_connection *conn, void *arg)
{
    struct work *work = arg;
    cupel_status rc = accept_insert(conn, 1);

    work->begun = true;
    if (rc != CUPEL_OK)
        return rc;
    return work->in_statement ? accept_run(conn, long_sql())
                              : cupel_sleep(60000);
}

/* Yields. */
static cupel_status
begin_work(void *arg)
{
    struct work *work = arg;

    return cupel_engine_begin(work->engine, be_busy, work);
}

/* Yields. */
static void
cancel_in_the_middle(cupel_engine *engine, bool in_statement)
{
    struct work work = { engine, in_statement, false };
    cupel_future *future;

    CHECK_INT(accept_committed(engine), 0);
    listen(engine, NULL);
    record_all(engine);
    future = cupel_future_call(begin_work, &work);
    CHECK_OK(cupel_future_spawn(future));
    while (!work.begun)
        CHECK_OK(cupel_yield());
    CHECK_OK(cupel_sleep(20));
    cupel_future_cancel(future);
    CHECK_INT(cupel_await(future), CUPEL_E_CANCELLED);
}

TASK_TEST(test_cancel_in_a_statement)
{
    cupel_engine *engine = accept_engine(NULL);

    cancel_in_the_middle(engine, true);
    CHECK_STR(order, "checkout engine_connect begin invalidate close checkin "
                     "rollback");
    CHECK_INT(seen.count, 1);
    CHECK_INT(seen.status, CUPEL_E_CANCELLED);
    CHECK_INT(seen.library, CUPEL_OK);
    CHECK(seen.is_disconnect);
    CHECK(!seen.invalidates_pool);
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}

TASK_TEST(test_cancel_between_statements)
{
    cupel_engine *engine = accept_engine(NULL);

    cancel_in_the_middle(engine, false);
    CHECK_STR(order, "checkout engine_connect begin rollback reset checkin");
    CHECK_INT(seen.count, 0);
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}

static cupel_status
be_cancelled(cupel_event *event, void *arg)
{
    (void)event;
    (void)arg;
    return cupel_error_raise(CUPEL_E_CANCELLED, "cancelled in a listener");
}

TASK_TEST(test_cancel_in_a_listener)
{
    static const char *const names[] = { "before_cursor_execute",
                                         "after_cursor_execute" };
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    size_t i;

    for (i = 0; i < 2; i++) {
        CHECK_OK(cupel_event_listen(cupel_on_connection(conn), names[i],
                                    be_cancelled, NULL, CUPEL_EVENT_ONCE));
        CHECK_FAILS(accept_run(conn, "SELECT 1"), CUPEL_E_CANCELLED);
        CHECK(cupel_connection_invalidated(conn));
        CHECK_OK(cupel_connection_rollback(conn));
        CHECK_OK(accept_run(conn, "SELECT 1"));
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}
