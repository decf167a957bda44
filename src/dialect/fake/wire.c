/* SPDX-License-Identifier: MIT */
/* The fake database as the seam sees it: connections whose every call is a
 * round trip that may be slow, refused, given up half-way, or lost. */
#include "dialect/fake/server.h"

#include "dialect/fake/errors.h"

#include "base/alloc.h"
#include "base/error.h"

#include "task/task.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Round trips ------------------------------------------------------- */

/* Let `span_ms` pass, or the time until the deadline. Outside tasks nothing
 * takes time. Yields. */
static cupel_status
pass_time(int64_t span_ms, cupel_time until)
{
    cupel_time at = cupel_deadline_in(span_ms);
    cupel_status rc = CUPEL_OK;

    if (cupel_in_task())
        rc = span_ms == 0 ? cupel_yield()
                          : cupel_sleep_until(at < until ? at : until);
    if (rc == CUPEL_OK && span_ms > 0 && at >= cup_deadline_cap(until))
        return cup_error_deadline();
    return rc;
}

/* What a fault of kind ERROR gives. */
static cupel_status
refuse(const struct cup_fake_fault *fault)
{
    const char *sqlstate = fault->sqlstate != NULL ? fault->sqlstate : "XX000";
    struct cupel_error *error;
    cupel_status rc =
        cup_fake_fail(sqlstate, "the server refused: %s", sqlstate);

    error = cup_error_current();
    if (fault->status != CUPEL_OK) {
        rc = fault->status;
        if (error != NULL)
            error->status = rc;
    }
    return rc;
}

static bool
is_hung_up(const struct cup_fake_wire *wire)
{
    return wire->hang_ups != cup_fake_hang_ups();
}

cupel_status
cup_fake_break(struct cup_fake_wire *wire, enum cup_fake_op op)
{
    bool open = wire->session->base != NULL || wire->begin_ahead;

    wire->broken = true;
    if (op == CUP_FAKE_COMMIT || op == CUP_FAKE_COMMIT_TWOPHASE ||
        op == CUP_FAKE_PREPARE_TWOPHASE)
        return cup_fake_lost(CUPEL_OUTCOME_UNKNOWN, "08007");
    if (op == CUP_FAKE_EXECUTE && !open)
        return cup_fake_lost(CUPEL_OUTCOME_UNKNOWN, "08006");
    return cup_fake_lost(CUPEL_OUTCOME_NOT_APPLIED, "08006");
}

/* Whether the wire can take the call at all. */
static cupel_status
check_usable(const struct cup_fake_wire *wire, enum cup_fake_op op,
             cupel_time until)
{
    if (wire->broken)
        return cup_fake_lost(CUPEL_OUTCOME_NOT_APPLIED, "08003");
    if (wire->busy && op != CUP_FAKE_CANCEL && op != CUP_FAKE_CLOSE)
        return cup_error_set(CUPEL_E_INTERFACE,
                             "another operation is in flight");
    if (cup_deadline_cap(until) <= cupel_now())
        return cup_error_deadline();
    return CUPEL_OK;
}

/* The trip itself, with the fault that strikes it. Yields. */
static cupel_status
travel(struct cup_fake_wire *wire, enum cup_fake_op op,
       const struct cup_fake_fault *fault, cupel_time until)
{
    cupel_status rc;

    if (fault->kind == CUP_FAKE_HANG)
        rc = pass_time(INT64_MAX, until);
    else
        rc = pass_time(fault->delay_ms, until);
    if (rc != CUPEL_OK) {
        wire->busy = true;
        return rc;
    }
    if (fault->kind == CUP_FAKE_HANG_UP || is_hung_up(wire) || wire->refused)
        return cup_fake_break(wire, op);
    return fault->kind == CUP_FAKE_ERROR ? refuse(fault) : CUPEL_OK;
}

static bool
is_logged(enum cup_fake_op op)
{
    return op == CUP_FAKE_EXECUTE || op == CUP_FAKE_COMMIT ||
           op == CUP_FAKE_ROLLBACK;
}

/* Yields. */
cupel_status
cup_fake_round_trip(struct cup_fake_wire *wire, enum cup_fake_op op,
                    const char *sql, cupel_time until, bool *lost)
{
    struct cup_fake_fault fault;
    cupel_status rc;

    assert(!wire->in_call);
    rc = check_usable(wire, op, until);
    if (rc != CUPEL_OK)
        return rc;
    cup_fake_arrive(op, sql, &fault);
    if (is_logged(op) && fault.kind != CUP_FAKE_HANG_UP && !is_hung_up(wire))
        cup_fake_log_add(sql, strlen(sql));
    wire->in_call = true;
    rc = travel(wire, op, &fault, until);
    wire->in_call = false;
    *lost = fault.kind == CUP_FAKE_HANG_UP_AFTER;
    return rc;
}

/* A transaction may have ended: so have its streams. */
static void
settle(struct cup_fake_wire *wire)
{
    if (wire->session->base == NULL)
        cup_fake_rows_cut_off(wire, false);
}

/* Yields. */
cupel_status
cup_fake_visit(struct cup_fake_wire *wire, enum cup_fake_op op,
               const char *what, cupel_time until,
               cupel_status (*effect)(struct cup_fake_wire *wire,
                                      const char *what))
{
    cupel_status rc;
    bool lost = false;

    rc = cup_fake_round_trip(wire, op, what, until, &lost);
    if (rc != CUPEL_OK)
        return rc;
    cup_fake_lock();
    rc = effect(wire, what);
    cup_fake_unlock();
    settle(wire);
    return lost ? cup_fake_break(wire, op) : rc;
}

/* ---- Connecting -------------------------------------------------------- */

static cupel_status
check_url(const cupel_url *url)
{
    for (size_t i = 0; i < cupel_url_query_count(url); i++) {
        const char *key = cupel_url_query_key(url, i);

        if (strcmp(key, "pool_limit") != 0 && strcmp(key, "private") != 0)
            return cup_error_set(CUPEL_E_ARGUMENT,
                                 "the fake database has no option \"%s\"", key);
    }
    return CUPEL_OK;
}

static bool
is_private(const cupel_url *url)
{
    const char *text = cupel_url_query_get(url, "private");

    return text != NULL && strcmp(text, "1") == 0;
}

static size_t
pool_limit(const cupel_url *url)
{
    const char *text = cupel_url_query_get(url, "pool_limit");

    return text != NULL ? (size_t)strtoul(text, NULL, 10) : 0;
}

static const char *
database_name(const cupel_url *url)
{
    if (cupel_url_host(url) != NULL)
        return cupel_url_host(url);
    return cupel_url_database(url) != NULL ? cupel_url_database(url) : "";
}

/* Whatever the server or the network do to a connect is the same to us. */
static cupel_status
refuse_connect(const struct cup_fake_fault *fault)
{
    struct cup_fake_fault refusal = *fault;
    struct cupel_error *error;
    cupel_status rc;

    if (fault->kind != CUP_FAKE_ERROR)
        return cup_fake_lost(CUPEL_OUTCOME_NOT_APPLIED, "08001");
    refusal.status = CUPEL_E_OPERATIONAL;
    rc = refuse(&refusal);
    error = cup_error_current();
    if (error != NULL)
        error->connection_lost = true;
    return rc;
}

void *
cup_fake_connection_open(const char *database)
{
    struct cup_fake_session *session = cup_alloc(sizeof *session);

    if (session == NULL)
        return NULL;
    cup_fake_lock();
    session->database = cup_fake_database_open(database);
    cup_fake_unlock();
    if (session->database != NULL)
        return session;
    cup_free(session);
    return NULL;
}

void
cup_fake_connection_close(void *connection)
{
    struct cup_fake_session *session = connection;

    if (session == NULL)
        return;
    cup_fake_lock();
    cup_fake_session_end(session);
    cup_fake_unlock();
    cup_free(session);
}

/* Takes the session, also without memory. NULL: there is none. */
static cupel_status
new_wire(struct cup_fake_session *session, unsigned long number,
         unsigned long hang_ups, cupel_wire **out)
{
    struct cup_fake_wire *wire = cup_alloc(sizeof *wire);

    if (wire == NULL || session == NULL) {
        cup_free(wire);
        cup_fake_connection_close(session);
        return cup_nomem();
    }
    wire->base.dialect = &cup_fake_dialect;
    wire->session = session;
    wire->number = number;
    wire->level = cup_fake_levels[1];
    wire->hang_ups = hang_ups;
    cup_list_init(&wire->streams);
    cup_fake_wire_opened();
    *out = &wire->base;
    return CUPEL_OK;
}

/* Wait until the server would take the connection. Yields. */
static cupel_status
reach_server(enum cup_fake_op op, cupel_time until)
{
    struct cup_fake_fault fault;
    cupel_status rc;

    if (cup_deadline_cap(until) <= cupel_now())
        return cup_error_deadline();
    cup_fake_arrive(op, NULL, &fault);
    if (fault.kind == CUP_FAKE_HANG)
        rc = pass_time(INT64_MAX, until);
    else
        rc = pass_time(fault.delay_ms, until);
    if (rc != CUPEL_OK)
        return rc;
    return fault.kind == CUP_FAKE_DELAY ? CUPEL_OK : refuse_connect(&fault);
}

/* Yields. */
static cupel_status
connect_wire(const cupel_url *url, cupel_time until, cupel_wire **out)
{
    unsigned long hang_ups = cup_fake_hang_ups();
    unsigned long number = cup_fake_trace_number();
    cupel_status rc;

    *out = NULL;
    cup_fake_trace_add(number, "connect", NULL);
    rc = reach_server(CUP_FAKE_CONNECT, until);
    if (rc != CUPEL_OK)
        return rc;
    return new_wire(cup_fake_connection_open(database_name(url)), number,
                    hang_ups, out);
}

/* Yields. */
static cupel_status
adopt(const cupel_url *url, void *driver_connection, cupel_time until,
      cupel_wire **out)
{
    unsigned long hang_ups = cup_fake_hang_ups();
    unsigned long number = cup_fake_trace_number();
    cupel_status rc;

    (void)url;
    *out = NULL;
    cup_fake_trace_add(number, "adopt", NULL);
    rc = reach_server(CUP_FAKE_ADOPT, until);
    if (rc == CUPEL_OK)
        return new_wire(driver_connection, number, hang_ups, out);
    cup_fake_connection_close(driver_connection);
    return rc;
}

static void *
driver_connection(cupel_wire *base)
{
    return cup_fake_wire_of(base)->session;
}

static void
destroy(struct cup_fake_wire *wire)
{
    assert(!wire->in_call);
    cup_fake_rows_cut_off(wire, true);
    cup_fake_connection_close(wire->session);
    cup_fake_wire_closed();
    cup_free(wire);
}

static void
free_wire(cupel_wire *base)
{
    if (base == NULL)
        return;
    cup_fake_trace_add(cup_fake_wire_of(base)->number, "free", NULL);
    destroy(cup_fake_wire_of(base));
}

/* Yields. */
static void
close_wire(cupel_wire *base, cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);
    bool lost = false;

    cup_fake_trace_add(wire->number, "close", NULL);
    cup_ignore(cup_fake_round_trip(wire, CUP_FAKE_CLOSE, NULL, until, &lost),
               "a goodbye that does not arrive makes no difference");
    destroy(wire);
}

/* ---- Working ----------------------------------------------------------- */

/* BEGIN, if one was asked for, and then perhaps the failure of what followed
 * it in the same flush. */
static cupel_status
run_begin(struct cup_fake_wire *wire, const char *begin, bool then_fails)
{
    cupel_status rc = CUPEL_OK;

    cup_fake_lock();
    if (begin != NULL)
        rc = cup_fake_session_run_text(wire->session, begin);
    if (then_fails && wire->session->base != NULL)
        wire->session->failed = true;
    cup_fake_unlock();
    return rc;
}

/* The part of execute in which nothing waits: the server's. */
static cupel_status
run(struct cup_fake_wire *wire, const cupel_request *request, cupel_rows **out)
{
    struct cup_fake_result result;
    cupel_status rc;

    rc = run_begin(wire, request->begin, false);
    if (rc != CUPEL_OK)
        return rc;
    cup_fake_result_init(&result);
    cup_fake_lock();
    rc = cup_fake_session_run(wire->session, request, &result);
    cup_fake_unlock();
    settle(wire);
    if (rc != CUPEL_OK) {
        cup_fake_result_fini(&result);
        return rc;
    }
    return cup_fake_rows_new(wire, request, &result, out);
}

/* Yields. */
static cupel_status
execute(cupel_wire *base, const cupel_request *request, cupel_time until,
        cupel_rows **out)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);
    struct cupel_error *kept;
    cupel_status rc;
    bool lost = false;

    *out = NULL;
    if (request->begin != NULL)
        cup_fake_trace_add(wire->number, "begin", NULL);
    cup_fake_trace_add(wire->number, "execute", request->sql);
    rc = check_usable(wire, CUP_FAKE_EXECUTE, until);
    if (rc != CUPEL_OK)
        return rc;
    if (request->begin != NULL)
        cup_fake_log_add(request->begin, strlen(request->begin));
    wire->begin_ahead = request->begin != NULL;
    rc =
        cup_fake_round_trip(wire, CUP_FAKE_EXECUTE, request->sql, until, &lost);
    if (wire->busy || wire->broken)
        return rc;
    if (rc == CUPEL_OK) {
        rc = run(wire, request, out);
    } else {
        kept = cup_error_take();
        cup_ignore(run_begin(wire, request->begin, true),
                   "the statement's own failure is reported");
        cup_error_give(kept);
    }
    wire->begin_ahead = false;
    if (!lost)
        return rc;
    if (rc == CUPEL_OK)
        (*out)->ops->free(*out);
    *out = NULL;
    return cup_fake_break(wire, CUP_FAKE_EXECUTE);
}

/* A COMMIT that is refused ends the transaction all the same. Yields. */
cupel_status
cup_fake_commit_by(struct cup_fake_wire *wire, enum cup_fake_op op,
                   cupel_time until)
{
    cupel_status rc;
    bool lost = false;

    if (wire->session->base == NULL && !wire->busy && !wire->broken)
        return CUPEL_OK;
    rc = cup_fake_round_trip(wire, op, "COMMIT", until, &lost);
    if (wire->busy || wire->broken)
        return rc;
    cup_fake_lock();
    if (rc == CUPEL_OK)
        rc = cup_fake_session_commit(wire->session);
    else
        cup_fake_session_rollback(wire->session);
    cup_fake_unlock();
    settle(wire);
    return lost ? cup_fake_break(wire, op) : rc;
}

/* Yields. */
cupel_status
cup_fake_rollback_by(struct cup_fake_wire *wire, enum cup_fake_op op,
                     cupel_time until)
{
    cupel_status rc;
    bool lost = false;

    if (wire->session->base == NULL && !wire->busy && !wire->broken)
        return CUPEL_OK;
    rc = cup_fake_round_trip(wire, op, "ROLLBACK", until, &lost);
    if (rc != CUPEL_OK)
        return rc;
    cup_fake_lock();
    cup_fake_session_rollback(wire->session);
    cup_fake_unlock();
    settle(wire);
    return lost ? cup_fake_break(wire, op) : CUPEL_OK;
}

/* Yields. */
static cupel_status
commit(cupel_wire *base, cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);

    cup_fake_trace_add(wire->number, "commit", NULL);
    return cup_fake_commit_by(wire, CUP_FAKE_COMMIT, until);
}

/* Yields. */
static cupel_status
rollback(cupel_wire *base, cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);

    cup_fake_trace_add(wire->number, "rollback", NULL);
    return cup_fake_rollback_by(wire, CUP_FAKE_ROLLBACK, until);
}

static cupel_wire_state
state(const cupel_wire *base)
{
    const struct cup_fake_wire *wire =
        (const struct cup_fake_wire *)(const void *)base;
    bool open = wire->session->base != NULL;

    if (wire->broken)
        return CUPEL_WIRE_BROKEN;
    if (wire->busy || wire->orphaned ||
        (!open && !cup_list_empty(&wire->streams)))
        return CUPEL_WIRE_BUSY;
    if (!open)
        return CUPEL_WIRE_IDLE;
    return wire->session->failed ? CUPEL_WIRE_FAILED
                                 : CUPEL_WIRE_IN_TRANSACTION;
}

static bool
alive(cupel_wire *base)
{
    const struct cup_fake_wire *wire = cup_fake_wire_of(base);

    return !wire->broken && !is_hung_up(wire);
}

/* The server stops what it was doing, as if it had failed. Yields. */
static cupel_status
cancel(cupel_wire *base, cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);
    cupel_status rc;
    bool lost = false;

    cup_fake_trace_add(wire->number, "cancel", NULL);
    if (!wire->busy && !wire->orphaned)
        return CUPEL_OK;
    rc = cup_fake_round_trip(wire, CUP_FAKE_CANCEL, NULL, until, &lost);
    if (rc == CUPEL_OK && lost)
        rc = cup_fake_break(wire, CUP_FAKE_CANCEL);
    if (rc == CUPEL_OK)
        rc = run_begin(wire, wire->begin_ahead ? "BEGIN" : NULL, true);
    if (rc != CUPEL_OK)
        wire->broken = true;
    cup_fake_rows_cut_off(wire, true);
    wire->busy = false;
    wire->begin_ahead = false;
    wire->orphaned = false;
    return rc;
}

const cupel_dialect cup_fake_dialect = {
    .struct_size = sizeof(cupel_dialect),
    .name = "fake",
    .driver = "memory",
    .features = CUPEL_DIALECT_ASYNC | CUPEL_DIALECT_SERVER_SIDE_CURSORS,
    .paramstyle = CUPEL_PARAMSTYLE_QMARK,
    .begin = "BEGIN",
    .check_url = check_url,
    .pool_limit = pool_limit,
    .connect = connect_wire,
    .execute = execute,
    .commit = commit,
    .rollback = rollback,
    .rollback_ahead = cup_fake_rollback_ahead,
    .state = state,
    .alive = alive,
    .cancel = cancel,
    .close = close_wire,
    .free = free_wire,
    .ping = cup_fake_ping,
    .initialize = cup_fake_initialize,
    .isolation_levels = cup_fake_levels,
    .set_isolation_level = cup_fake_set_level,
    .get_isolation_level = cup_fake_get_level,
    .session_switches = cup_fake_switches,
    .set_session_switch = cup_fake_set_switch,
    .begin_twophase = cup_fake_begin_twophase,
    .prepare_twophase = cup_fake_prepare_twophase,
    .commit_twophase = cup_fake_commit_twophase,
    .rollback_twophase = cup_fake_rollback_twophase,
    .recover_twophase = cup_fake_recover_twophase,
    .driver_connection = driver_connection,
    .adopt = adopt,
    .is_private = is_private,
};
