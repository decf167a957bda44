/* SPDX-License-Identifier: MIT */
/* Listeners that work, refuse and replace, and the log. */
#include "suite/suite.h"

/* Set on one connection: the first of these that fails is answered. */
static cupel_status
listen(cupel_connection *conn, const char *name, cupel_event_fn *fn, void *arg,
       unsigned flags)
{
    return cupel_event_listen(cupel_on_connection(conn), name, fn, arg, flags);
}

/* Yields. */
static cupel_status
execute(cupel_event *event, void *arg)
{
    return suite_run(event->conn, (const char *)arg);
}

/* Execute by way of the events that it listens to, but not for ever. Yields. */
static cupel_status
execute_before(cupel_event *event, void *arg)
{
    bool *inside = arg;
    cupel_status rc;

    if (*inside)
        return CUPEL_OK;
    *inside = true;
    rc = suite_run(event->conn, "SELECT 1");
    *inside = false;
    return rc;
}

SCENARIO(listeners_execute_on_the_connection_they_are_told_of, 0)
{
    static char add_four[] = "INSERT INTO item (id, name) VALUES (4, 'four')";
    static char add_five[] = "INSERT INTO item (id, name) VALUES (5, 'five')";
    cupel_connection *conn;
    cupel_status rc;
    int64_t sum = 0;
    bool before = false, after = false;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, listen(conn, "begin", execute, add_four, CUPEL_EVENT_ONCE));
    TRY(rc, listen(conn, "commit", execute, add_five, CUPEL_EVENT_ONCE));
    TRY(rc, listen(conn, "before_cursor_execute", execute_before, &before, 0));
    TRY(rc, listen(conn, "after_execute", execute_before, &after, 0));
    TRY(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES (6, 'six')"));
    TRY(rc, cupel_connection_commit(conn));
    TRY(rc, suite_int(conn, "SELECT sum(id) FROM item", &sum));
    if (rc == CUPEL_OK)
        CHECK_INT(sum, 21);
    return cupel_connection_exit(conn, rc);
}

static cupel_status
refuse(cupel_event *event, void *arg)
{
    (void)arg;
    return cupel_error_raise(CUPEL_E_VALUE, event->name);
}

SCENARIO(what_listeners_refuse_does_not_happen, 0)
{
    static const char add[] = "INSERT INTO item (id, name) VALUES (4, 'four')";
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, listen(conn, "begin", refuse, NULL, CUPEL_EVENT_ONCE));
    EXPECT(rc, suite_run(conn, add), CUPEL_E_VALUE);
    if (rc == CUPEL_OK)
        CHECK(!cupel_connection_in_transaction(conn));
    TRY(rc, listen(conn, "before_execute", refuse, NULL, CUPEL_EVENT_ONCE));
    EXPECT(rc, suite_run(conn, add), CUPEL_E_VALUE);
    TRY(rc,
        listen(conn, "before_cursor_execute", refuse, NULL, CUPEL_EVENT_ONCE));
    EXPECT(rc, suite_run(conn, add), CUPEL_E_VALUE);
    TRY(rc, suite_run(conn, add));
    TRY(rc, listen(conn, "savepoint", refuse, NULL, CUPEL_EVENT_ONCE));
    EXPECT(rc, cupel_connection_begin_nested(conn, NULL), CUPEL_E_VALUE);
    TRY(rc, listen(conn, "commit", refuse, NULL, CUPEL_EVENT_ONCE));
    EXPECT(rc, cupel_connection_commit(conn), CUPEL_E_VALUE);
    EXPECT(rc, suite_run(conn, "SELECT 1"), CUPEL_E_PENDINGROLLBACK);
    TRY(rc, cupel_connection_rollback(conn));
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return cupel_connection_exit(conn, rc);
}

/* ---- Replacements ------------------------------------------------------ */

static cupel_status
say_seven(cupel_event *event, void *arg)
{
    static const char sql[] = "SELECT :a + 1";
    cupel_text *text = cupel_event_alloc(event, sizeof *text);
    cupel_params *params = cupel_event_alloc(event, sizeof *params);

    if (text == NULL || params == NULL)
        return CUPEL_E_NOMEM;
    params->items = arg;
    params->count = 1;
    params->sets = 1;
    event->statement = cupel_text_init(text, sql);
    event->params = params;
    return CUPEL_OK;
}

SCENARIO(listeners_replace_statement_and_parameters, 0)
{
    cupel_param six = { "a", cupel_int(6) };
    cupel_connection *conn;
    cupel_status rc;
    int64_t seven = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc,
        listen(conn, "before_execute", say_seven, &six, CUPEL_EVENT_RETVAL));
    TRY(rc, suite_int(conn, "SELECT 1", &seven));
    if (rc == CUPEL_OK)
        CHECK_INT(seven, 7);
    return cupel_connection_exit(conn, rc);
}

/* Roll back and execute in the middle of the handling. Yields. */
static cupel_status
handle(cupel_event *event, void *arg)
{
    cupel_failure *failure = event->failure;
    cupel_status rc;

    (void)arg;
    if (event->conn == NULL || failure->library == NULL ||
        failure->is_disconnect)
        return CUPEL_OK;
    rc = cupel_connection_rollback(event->conn);
    TRY(rc, suite_run(event->conn, "SELECT 1"));
    if (rc != CUPEL_OK)
        return rc;
    failure->replacement = cupel_error_raise(CUPEL_E_KEY, "mine");
    return CUPEL_OK;
}

SCENARIO(a_handler_works_and_replaces_the_error, 0)
{
    cupel_event_target target = cupel_on_engine(suite->engine);
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, cupel_event_listen(target, "handle_error", handle, NULL, 0));
    EXPECT(rc, suite_run(conn, "SELECT nothing FROM nowhere"), CUPEL_E_KEY);
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    if (cupel_event_contains(target, "handle_error", handle, NULL))
        CHECK_OK(cupel_event_remove(target, "handle_error", handle, NULL));
    return cupel_connection_exit(conn, rc);
}

/* ---- The log ----------------------------------------------------------- */

static void
count_line(void *context, cupel_log_level level, const char *logger,
           const char *message)
{
    (void)level;
    CHECK(strncmp(logger, "cupel.", 6) == 0);
    CHECK(message[0] != '\0');
    (*(int *)context)++;
}

/* Yields. */
static cupel_status
read_items(cupel_connection *conn)
{
    const cupel_row *row;
    cupel_result *result;
    cupel_status rc;

    rc = cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT id, name FROM item WHERE id < :most"),
        CUPEL_PARAMS({ "most", cupel_int(3) }), NULL, &result);
    while (rc >= CUPEL_OK && result != NULL) {
        rc = cupel_result_next(&result, &row);
        if (rc < CUPEL_OK)
            break;
    }
    cupel_result_free(result);
    return rc;
}

SCENARIO(a_log_of_everything_changes_nothing, 0)
{
    cupel_connection *conn;
    cupel_status rc;
    int lines = 0;

    cupel_log_set(count_line, &lines, CUPEL_LOG_DEBUG);
    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc == CUPEL_OK) {
        TRY(rc, read_items(conn));
        TRY(rc, cupel_connection_begin_nested(conn, NULL));
        EXPECT(rc, suite_run(conn, "SELECT :a"), CUPEL_E_STATEMENT);
        TRY(rc, cupel_connection_commit(conn));
        if (rc == CUPEL_OK && !suite_tolerant())
            CHECK(lines >= 9);
        rc = cupel_connection_exit(conn, rc);
    }
    cupel_log_set(NULL, NULL, CUPEL_LOG_ERROR);
    return rc;
}
