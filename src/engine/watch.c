/* SPDX-License-Identifier: MIT */
/* The watched way of an execution: the same calls as the short way, with
 * listeners and log lines between them. */
#include "engine/watch.h"

#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/connection.h"
#include "engine/echo.h"
#include "engine/execute.h"
#include "engine/norows.h"
#include "engine/notice.h"

int64_t
cup_watch_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- Statements -------------------------------------------------------- */

/* Put the options of one owner over those that are there. */
static void
overlay(cupel_param *items, size_t *count, const cupel_execution_options *given)
{
    size_t i, at;

    for (i = 0; given != NULL && i < given->count; i++) {
        for (at = 0; at < *count; at++)
            if (strcmp(items[at].name, given->items[i].name) == 0)
                break;
        items[at] = given->items[i];
        if (at == *count)
            (*count)++;
    }
}

/* Everything that was given, by whoever, each name once. */
static cupel_status
merge_options(struct cup_execution *run, const struct cup_subject *subject,
              cupel_execution_options *out)
{
    const cupel_execution_options *lists[] = {
        cup_statement_options(subject->stmt),
        cup_option_set_list(run->conn->options),
        subject->options,
    };
    cupel_param *items;
    size_t i, count = 0;

    for (i = 0; i < 3; i++)
        count += lists[i] == NULL ? 0 : lists[i]->count;
    *out = (cupel_execution_options){ .count = 0 };
    if (count == 0)
        return CUPEL_OK;
    items = cup_arena_array(&run->arena, count, sizeof *items);
    if (items == NULL)
        return cup_nomem();
    for (i = 0; i < 3; i++)
        overlay(items, &out->count, lists[i]);
    out->items = items;
    return CUPEL_OK;
}

/* before_execute or after_execute. Yields. */
static cupel_status
tell_statement(struct cup_execution *run, enum cup_event_kind kind,
               struct cup_subject *subject, cupel_result *result)
{
    struct cup_events *events = cup_connection_events(run->conn);
    cupel_execution_options options;
    cupel_event event = { .struct_size = 0 };
    cupel_status rc;

    if (subject->driver_sql != NULL || !cup_events_want(events, kind))
        return CUPEL_OK;
    rc = merge_options(run, subject, &options);
    if (rc != CUPEL_OK)
        return rc;
    event.engine = run->conn->engine;
    event.conn = run->conn;
    event.statement = subject->stmt;
    event.params = subject->params;
    event.options = &options;
    event.result = result;
    rc = cup_events_fire(events, kind, &run->arena, &event);
    subject->stmt = event.statement;
    subject->params = event.params;
    return rc;
}

cupel_status
cup_watch_before(struct cup_execution *run, struct cup_subject *subject)
{
    run->began_us = 0;
    if (cup_notice_log_on(run->conn, CUPEL_LOG_INFO))
        run->began_us = cup_watch_now_us();
    return tell_statement(run, CUP_EVENT_BEFORE_EXECUTE, subject, NULL);
}

cupel_status
cup_watch_after(struct cup_execution *run, const struct cup_subject *subject,
                cupel_result *result)
{
    struct cup_subject seen = *subject;

    return tell_statement(run, CUP_EVENT_AFTER_EXECUTE, &seen, result);
}

/* ---- The driver -------------------------------------------------------- */

static void
fill(const struct cup_execution *run, cupel_event *event)
{
    *event = (cupel_event){ .engine = run->conn->engine, .conn = run->conn };
    event->sql = run->request.sql;
    event->values = run->request.values;
    event->value_count = run->request.value_count;
    event->set_count = run->request.set_count;
    event->executemany = run->request.set_count > 1;
}

/* Yields. */
static cupel_status
tell_before_cursor(struct cup_execution *run)
{
    struct cup_events *events = cup_connection_events(run->conn);
    cupel_event event;
    cupel_status rc;

    if (!cup_events_want(events, CUP_EVENT_BEFORE_CURSOR_EXECUTE))
        return CUPEL_OK;
    fill(run, &event);
    rc = cup_events_fire(events, CUP_EVENT_BEFORE_CURSOR_EXECUTE, &run->arena,
                         &event);
    if (rc != CUPEL_OK)
        return rc;
    if (event.sql == NULL || event.set_count == 0 ||
        (event.values == NULL && event.value_count > 0))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a listener for before_cursor_execute left no "
                             "statement, or values that are none");
    run->request.sql_len = strlen(event.sql);
    run->request.sql = event.sql;
    run->request.values = event.values;
    run->request.value_count = event.value_count;
    run->request.set_count = event.set_count;
    return CUPEL_OK;
}

static enum cup_event_kind
driver_event(const struct cup_execution *run)
{
    if (run->request.set_count > 1)
        return CUP_EVENT_DO_EXECUTEMANY;
    if (run->request.value_count == 0 && run->options.no_parameters)
        return CUP_EVENT_DO_EXECUTE_NO_PARAMS;
    return CUP_EVENT_DO_EXECUTE;
}

/* Ask the listeners to run it. `handled` says whether one has. Yields. */
static cupel_status
offer(struct cup_execution *run, bool *handled)
{
    struct cup_events *events = run->conn->engine->dialect_events;
    enum cup_event_kind kind = driver_event(run);
    cupel_event event;
    cupel_status rc;

    *handled = false;
    if (!cup_events_want(events, kind))
        return CUPEL_OK;
    fill(run, &event);
    rc = cup_events_fire(events, kind, &run->arena, &event);
    *handled = event.handled;
    if (rc == CUPEL_OK && event.handled) {
        run->rows = event.rows != NULL ? event.rows : cup_no_rows();
        if (run->rows == NULL)
            rc = CUPEL_E_NOMEM;
    }
    return rc;
}

/* Yields. */
static cupel_status
tell_after_cursor(struct cup_execution *run, int64_t duration_us)
{
    struct cup_events *events = cup_connection_events(run->conn);
    cupel_event event;

    if (!cup_events_want(events, CUP_EVENT_AFTER_CURSOR_EXECUTE))
        return CUPEL_OK;
    fill(run, &event);
    event.duration_us = duration_us;
    return cup_events_fire(events, CUP_EVENT_AFTER_CURSOR_EXECUTE, NULL,
                           &event);
}

/* Whether anybody wants to know how long it takes: looking at the clock costs
 * as much as all the rest. */
static bool
is_timed(const struct cup_execution *run)
{
    const struct cup_events *events = cup_connection_events(run->conn);

    return run->conn->engine->slow_query_ms > 0 ||
           cup_events_want(events, CUP_EVENT_AFTER_CURSOR_EXECUTE);
}

cupel_status
cup_watch_execute(struct cup_execution *run)
{
    int64_t began_us = 0, duration_us = 0;
    bool handled, timed;
    cupel_status rc;

    rc = tell_before_cursor(run);
    if (rc != CUPEL_OK)
        return rc;
    cup_echo_statement(run);
    timed = is_timed(run);
    if (timed)
        began_us = cup_watch_now_us();
    rc = offer(run, &handled);
    if (rc == CUPEL_OK && !handled)
        rc = cup_execute_on_wire(run);
    if (timed) {
        duration_us = cup_watch_now_us() - began_us;
        cup_echo_slow(run, duration_us);
    }
    return rc == CUPEL_OK ? tell_after_cursor(run, duration_us) : rc;
}
