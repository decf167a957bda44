/* SPDX-License-Identifier: MIT */
/* Failures of the wire. A cancelled call, or one whose time is up, leaves in
 * the middle: that spoils its own connection and says nothing about the others.
 * A connection that was lost probably was not the only one. */
#include "engine/failure.h"

#include "base/error.h"
#include "base/event.h"

static bool
was_left(cupel_status rc)
{
    return rc == CUPEL_E_CANCELLED || rc == CUPEL_E_TIMEOUT;
}

/* Whether the wire is to be given up: it is unusable, or a call on it was left
 * before its end. A database of one connection only is kept if it can be. */
static bool
is_spoilt(const cupel_connection *conn, const cupel_wire *wire, cupel_status rc)
{
    const struct cupel_error *error = cup_error_current();
    const cupel_dialect *dialect = wire->dialect;
    cupel_wire_state state = dialect->state(wire);

    if (error != NULL && error->connection_lost)
        return true;
    if (state == CUPEL_WIRE_BUSY || state == CUPEL_WIRE_BROKEN)
        return true;
    if (!was_left(rc))
        return false;
    return dialect->is_private == NULL ||
           !dialect->is_private(conn->engine->url);
}

/* Whether it is an error of a statement in the reference's sense. */
static bool
is_statement_error(cupel_status rc)
{
    return rc <= CUPEL_E_STATEMENT && rc >= CUPEL_E_NOTSUPPORTED;
}

static bool
is_driver_error(cupel_status rc)
{
    return rc <= CUPEL_E_DBAPI && rc >= CUPEL_E_NOTSUPPORTED;
}

/* Yields. */
static cupel_status
tell(cupel_engine *engine, cupel_connection *conn, const cupel_request *request,
     cupel_failure *failure, cupel_status rc)
{
    cupel_event event = { .engine = engine, .conn = conn };

    if (request != NULL) {
        event.sql = request->sql;
        event.values = request->values;
        event.value_count = request->value_count;
        event.set_count = request->set_count;
        event.executemany = request->set_count > 1;
    }
    return cup_events_fire_failure(engine->dialect_events, &event, failure,
                                   is_statement_error(rc), rc);
}

static void
mark_lost(bool is_lost)
{
    struct cupel_error *error = cup_error_current();

    if (error != NULL)
        error->connection_lost = is_lost;
}

/* Keeps the error record. */
static void
give_up(cupel_connection *conn, bool whole_pool)
{
    struct cupel_error *error = cup_error_take();
    cupel_engine *engine = conn->engine;
    cupel_pool *pool;

    if (whole_pool && cup_engine_lend_pool(engine, &pool) == CUPEL_OK) {
        cup_pool_invalidate(pool);
        cup_engine_return_pool(engine, pool);
    }
    cup_connection_drop(conn);
    cup_error_give(error);
}

cupel_status
cup_failure_handle(cupel_connection *conn, const cupel_request *request,
                   bool quiet, cupel_status rc)
{
    struct cup_events *events = conn->engine->dialect_events;
    const cupel_wire *wire = cup_connection_wire(conn);
    cupel_failure failure = { .is_disconnect = false };
    bool was_spoilt;

    was_spoilt = wire != NULL && is_spoilt(conn, wire, rc);
    failure.is_disconnect = was_spoilt;
    failure.invalidate_pool_on_disconnect = !was_left(rc);
    if (was_spoilt)
        mark_lost(true);
    if (!quiet && !conn->handling &&
        cup_events_want(events, CUP_EVENT_HANDLE_ERROR)) {
        conn->handling = true;
        rc = tell(conn->engine, conn, request, &failure, rc);
        conn->handling = false;
        wire = cup_connection_wire(conn);
        if (failure.is_disconnect != was_spoilt)
            mark_lost(failure.is_disconnect);
    }
    if (wire == NULL)
        return rc;
    if (failure.is_disconnect)
        give_up(conn, failure.invalidate_pool_on_disconnect);
    else if (wire->dialect->state(wire) == CUPEL_WIRE_BUSY)
        give_up(conn, false);
    return rc;
}

cupel_status
cup_connection_failed(cupel_connection *conn, cupel_status rc)
{
    return cup_failure_handle(conn, NULL, false, rc);
}

cupel_status
cup_failure_to_connect(cupel_connection *conn, cupel_status rc)
{
    cupel_failure failure = { .is_disconnect = false };
    struct cupel_error *error = cup_error_current();

    if (conn->handling || !is_driver_error(rc) ||
        (error != NULL && error->told) || /* by the pool, of its ping */
        !cup_events_want(conn->engine->dialect_events, CUP_EVENT_HANDLE_ERROR))
        return rc;
    failure.is_disconnect = error != NULL && error->connection_lost;
    failure.invalidate_pool_on_disconnect = true;
    conn->handling = true;
    rc = tell(conn->engine, NULL, NULL, &failure, rc);
    conn->handling = false;
    return rc;
}
