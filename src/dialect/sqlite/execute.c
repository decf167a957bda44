/* SPDX-License-Identifier: MIT */
/* Executing, and the ends of a transaction. */
#include "dialect/sqlite/wire.h"

#include <string.h>

#include "base/error.h"
#include "dialect/sqlite/types.h"

void
cup_sqlite_unit_finish(struct cup_sqlite_wire *wire, bool goes_on)
{
    struct cup_sqlite_unit *unit = &wire->unit;
    struct cup_sqlite_statement *statement = unit->statement;
    struct cup_sqlite_rows *rows = unit->rows;

    if (wire->in_use)
        return;
    unit->statement = NULL;
    unit->rows = NULL;
    if (rows != NULL && rows->released)
        goes_on = false;
    if (statement != NULL && !goes_on) {
        if (rows != NULL && rows->statement == statement)
            rows->statement = NULL;
        cup_sqlite_cache_give(&wire->cache, statement);
    }
    if (rows != NULL && (unit->owns_rows || rows->released)) {
        rows->released = false;
        cup_sqlite_rows_drop(rows);
    }
    cup_sqlite_batch_reset(&wire->values);
}

/* A wait that ended early may have ended too late: what the statement did is
 * then done, or nobody knows. The unit of a lost connection is the worker's. */
static void
tell_outcome(const struct cup_sqlite_wire *wire, bool commits)
{
    const struct cup_sqlite_unit *unit = &wire->unit;
    struct cupel_error *error = cup_error_current();
    bool unknown = wire->lost || (unit->fault.code & 0xff) == SQLITE_IOERR;

    if (error == NULL)
        return;
    if (wire->lost || wire->broken)
        error->connection_lost = true;
    if (!commits)
        return;
    if (unknown) {
        error->outcome = CUPEL_OUTCOME_UNKNOWN;
        memcpy(error->sqlstate, "08007", sizeof error->sqlstate);
    } else if (unit->ran && unit->fault.status == CUPEL_OK) {
        error->outcome = CUPEL_OUTCOME_APPLIED;
    } else if (unit->sets_done > 0) {
        error->outcome = CUPEL_OUTCOME_UNKNOWN; /* some sets are, some not */
    }
}

static cupel_status
check_usable(const struct cup_sqlite_wire *wire)
{
    cupel_status rc = cup_sqlite_check(wire);

    if (rc != CUPEL_OK || !wire->rolled_back)
        return rc;
    return cup_error_set(CUPEL_E_OPERATIONAL,
                         "sqlite rolled the transaction back by itself: %s",
                         wire->reason);
}

/* Take what the unit needs. On failure it holds nothing. */
static cupel_status
prepare_unit(struct cup_sqlite_wire *wire, const cupel_request *request)
{
    struct cup_sqlite_unit *unit =
        cup_sqlite_unit_start(wire, cup_sqlite_steps_execute);
    bool streams = request->fetch_first > 0 && request->set_count == 1;
    cupel_status rc;

    unit->repeats = true;
    unit->begin = request->begin != NULL;
    unit->value_count = request->value_count;
    unit->set_count = request->set_count;
    unit->limit = streams ? request->fetch_first : SIZE_MAX;
    rc = cup_sqlite_values_copy(request, &wire->values);
    if (rc == CUPEL_OK)
        rc = cup_sqlite_cache_take(&wire->cache, request->sql, request->sql_len,
                                   &unit->statement);
    if (rc == CUPEL_OK) {
        unit->owns_rows = true;
        rc = cup_sqlite_rows_take(wire, &unit->rows);
    }
    if (rc == CUPEL_OK) {
        unit->rows->fetch_size = request->fetch_first;
        unit->rows->fetch_max = request->fetch_max;
    }
    return rc;
}

/* Yields. */
static cupel_status
run_execute(struct cup_sqlite_wire *wire, const cupel_request *request,
            cupel_time until)
{
    bool alone = !cup_sqlite_in_transaction(wire) && request->begin == NULL;
    cupel_status rc = cup_sqlite_run(wire, request->sql, until);

    if (rc != CUPEL_OK)
        tell_outcome(
            wire, alone && !cup_sqlite_statement_reads(wire->unit.statement));
    return rc;
}

cupel_status
cup_sqlite_execute(cupel_wire *base, const cupel_request *request,
                   cupel_time until, cupel_rows **out)
{
    struct cup_sqlite_wire *wire = cup_sqlite_wire_of(base);
    struct cup_sqlite_unit *unit = &wire->unit;
    struct cup_sqlite_rows *rows;
    bool goes_on = false;
    cupel_status rc;

    *out = NULL;
    rc = check_usable(wire);
    if (rc != CUPEL_OK)
        return rc;
    rc = prepare_unit(wire, request);
    if (rc == CUPEL_OK)
        rc = run_execute(wire, request, until);
    if (rc == CUPEL_OK) {
        cup_sqlite_rows_publish(unit->rows, unit->statement->shape);
        goes_on = unit->unfinished;
        if (goes_on)
            unit->rows->statement = unit->statement;
        unit->owns_rows = false;
        *out = &unit->rows->base;
    }
    rows = unit->rows;
    cup_sqlite_unit_finish(wire, goes_on);
    if (rc == CUPEL_OK)
        cup_sqlite_rows_part(rows);
    return rc;
}

/* COMMIT or ROLLBACK. Yields. */
static cupel_status
run_control(struct cup_sqlite_wire *wire, enum cup_sqlite_control control,
            cupel_time until)
{
    struct cup_sqlite_unit *unit =
        cup_sqlite_unit_start(wire, cup_sqlite_steps_control);
    cupel_status rc;

    unit->repeats = true;
    unit->control = control;
    rc = cup_sqlite_run(wire, NULL, until);
    if (rc != CUPEL_OK)
        tell_outcome(wire, control == CUP_SQLITE_COMMIT);
    return rc;
}

cupel_status
cup_sqlite_commit(cupel_wire *base, cupel_time until)
{
    struct cup_sqlite_wire *wire = cup_sqlite_wire_of(base);
    cupel_status rc = check_usable(wire);

    if (rc != CUPEL_OK || !cup_sqlite_in_transaction(wire))
        return rc;
    return run_control(wire, CUP_SQLITE_COMMIT, until);
}

/* A transaction that sqlite has ended by itself is over: being asked for is all
 * that its end still needs. */
cupel_status
cup_sqlite_rollback(cupel_wire *base, cupel_time until)
{
    struct cup_sqlite_wire *wire = cup_sqlite_wire_of(base);
    cupel_status rc = cup_sqlite_check(wire);

    if (rc != CUPEL_OK)
        return rc;
    if (cup_sqlite_in_transaction(wire))
        rc = run_control(wire, CUP_SQLITE_ROLLBACK, until);
    if (rc == CUPEL_OK)
        wire->rolled_back = false;
    return rc;
}
