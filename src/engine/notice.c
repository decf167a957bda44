/* SPDX-License-Identifier: MIT */
/* Transactions and connections, told and logged. A listener may fail, and then
 * what it was told about does not happen; so each of these comes before the
 * driver is asked. */
#include "engine/notice.h"

#include "base/buf.h"
#include "base/error.h"

enum { LINE_MAX_BYTES = 64 * 1024 * 1024 };

/* ---- The log ----------------------------------------------------------- */

static const char *
token_of(const cupel_connection *conn)
{
    return conn->options == NULL ? NULL : conn->options->known.logging_token;
}

void
cup_notice_log(const cupel_connection *conn, cupel_log_level level,
               const char *text)
{
    const char *token = token_of(conn);
    struct cupel_error *before;
    struct cup_buf line;

    if (token == NULL) {
        cup_logger_text(&conn->engine->logger, level, text);
        return;
    }
    before = cup_error_take();
    cup_buf_init(&line, LINE_MAX_BYTES);
    cup_buf_addf(&line, "[%s] ", token);
    cup_buf_add_str(&line, text);
    cup_logger_text(&conn->engine->logger, level,
                    line.failed == CUPEL_OK ? line.data : text);
    cup_buf_fini(&line);
    cup_error_give(before);
}

static bool
is_autocommit(const cupel_connection *conn)
{
    const cupel_wire *wire = cup_connection_wire(conn);

    return wire != NULL && wire->autocommit;
}

/* One of two lines, by whether the driver commits by itself. */
static void
log_either(const cupel_connection *conn, const char *text,
           const char *in_autocommit)
{
    if (cup_notice_log_on(conn, CUPEL_LOG_INFO))
        cup_notice_log(conn, CUPEL_LOG_INFO,
                       is_autocommit(conn) ? in_autocommit : text);
}

/* ---- Listeners --------------------------------------------------------- */

bool
cup_notice_has_listeners(const cupel_connection *conn)
{
    return cup_events_want_some(cup_connection_events(conn),
                                CUP_NOTICE_KINDS) ||
           cup_events_want_some(conn->engine->dialect_events, CUP_NOTICE_KINDS);
}

/* ---- Transactions ------------------------------------------------------ */

/* Yields. */
static cupel_status
tell(cupel_connection *conn, enum cup_event_kind kind, cupel_event *event)
{
    struct cup_events *events = cup_connection_events(conn);

    if (!cup_events_want(events, kind))
        return CUPEL_OK;
    event->engine = conn->engine;
    event->conn = conn;
    return cup_events_fire(events, kind, NULL, event);
}

/* Yields. */
static cupel_status
tell_listeners(cupel_connection *conn, enum cup_event_kind kind)
{
    cupel_event event = { .struct_size = 0 };

    return tell(conn, kind, &event);
}

/* The struct is not even made if nobody listens. Yields. */
static inline cupel_status
tell_plain(cupel_connection *conn, enum cup_event_kind kind)
{
    if (!cup_events_any(UINT64_C(1) << kind))
        return CUPEL_OK;
    return tell_listeners(conn, kind);
}

cupel_status
cup_notice_begin(cupel_connection *conn)
{
    log_either(conn, "BEGIN (implicit)",
               "BEGIN (implicit; DBAPI should not BEGIN due to autocommit "
               "mode)");
    return tell_plain(conn, CUP_EVENT_BEGIN);
}

cupel_status
cup_notice_rollback(cupel_connection *conn)
{
    cupel_status rc;

    rc = tell_plain(conn, CUP_EVENT_ROLLBACK);
    if (rc == CUPEL_OK && conn->slot != NULL)
        log_either(conn, "ROLLBACK",
                   conn->engine->skip_autocommit_rollback
                       ? "ROLLBACK will be skipped by "
                         "skip_autocommit_rollback"
                       : "ROLLBACK using DBAPI connection.rollback(); set "
                         "skip_autocommit_rollback to prevent fully");
    return rc;
}

cupel_status
cup_notice_commit(cupel_connection *conn)
{
    cupel_status rc;

    rc = tell_plain(conn, CUP_EVENT_COMMIT);
    if (rc == CUPEL_OK)
        log_either(conn, "COMMIT",
                   "COMMIT using DBAPI connection.commit(), has no effect "
                   "due to autocommit mode");
    return rc;
}

cupel_status
cup_notice_savepoint(cupel_connection *conn, enum cup_event_kind kind,
                     const char *name)
{
    cupel_event event = { .savepoint = name };

    return tell(conn, kind, &event);
}

cupel_status
cup_notice_twophase(cupel_connection *conn, enum cup_event_kind kind,
                    const char *xid, bool is_prepared)
{
    cupel_event event = { .xid = xid, .is_prepared = is_prepared };

    if (kind == CUP_EVENT_BEGIN_TWOPHASE)
        log_either(conn, "BEGIN TWOPHASE (implicit)",
                   "BEGIN TWOPHASE (implicit)");
    return tell(conn, kind, &event);
}

/* ---- Connections and engines ------------------------------------------- */

cupel_status
cup_notice_engine_connect(cupel_connection *conn)
{
    return tell_plain(conn, CUP_EVENT_ENGINE_CONNECT);
}

cupel_status
cup_notice_connection_options(cupel_connection *conn, struct cup_arena *memory,
                              const cupel_execution_options **options)
{
    const enum cup_event_kind kind = CUP_EVENT_SET_CONNECTION_EXECUTION_OPTIONS;
    struct cup_events *events = cup_connection_events(conn);
    cupel_event event = { .engine = conn->engine,
                          .conn = conn,
                          .options = *options };
    cupel_status rc;

    if (!cup_events_want(events, kind))
        return CUPEL_OK;
    rc = cup_events_fire(events, kind, memory, &event);
    *options = event.options;
    return rc;
}

cupel_status
cup_notice_engine_options(cupel_engine *engine, struct cup_arena *memory,
                          const cupel_execution_options **options)
{
    const enum cup_event_kind kind = CUP_EVENT_SET_ENGINE_EXECUTION_OPTIONS;
    cupel_event event = { .engine = engine, .options = *options };
    cupel_status rc;

    if (!cup_events_want(engine->events, kind))
        return CUPEL_OK;
    rc = cup_events_fire(engine->events, kind, memory, &event);
    *options = event.options;
    return rc;
}

void
cup_notice_engine_disposed(cupel_engine *engine)
{
    cupel_event event = { .engine = engine };

    if (cup_events_want(engine->events, CUP_EVENT_ENGINE_DISPOSED))
        cup_events_announce(engine->events, CUP_EVENT_ENGINE_DISPOSED, &event);
}
