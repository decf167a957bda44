/* SPDX-License-Identifier: MIT */
/* Units, as the loop's thread sees them: where they run, how they are repeated,
 * what they leave behind.
 *
 * A lock of somebody else's ends the unit; the pause before it is repeated is
 * made here, by the loop's clock, so that no worker sleeps while the one who
 * has the lock waits for a worker. */
#include "dialect/sqlite/wire.h"

#include <cupel/task.h>

#include <assert.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "task/task.h"

/* Milliseconds between attempts, as sqlite's own handler has them; the last one
 * goes on. */
static const int pauses_ms[] = { 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100 };

enum {
    PAUSE_COUNT = sizeof pauses_ms / sizeof pauses_ms[0],
    PRIMARY = 0xff /* the part of an extended code that is the plain one */
};

struct cup_sqlite_unit *
cup_sqlite_unit_start(struct cup_sqlite_wire *wire,
                      void (*steps)(struct cup_sqlite_wire *wire))
{
    assert(!wire->in_use);
    memset(&wire->unit, 0, sizeof wire->unit);
    wire->unit.steps = steps;
    wire->unit.affected = -1;
    return &wire->unit;
}

cupel_status
cup_sqlite_check(const struct cup_sqlite_wire *wire)
{
    cupel_status rc;

    if (!wire->broken)
        return CUPEL_OK;
    rc = cup_error_set(CUPEL_E_OPERATIONAL, "this sqlite connection is broken");
    if (cup_error_current() != NULL)
        cup_error_current()->connection_lost = true;
    return rc;
}

/* ---- Where a unit runs -------------------------------------------------- */

/* On a worker, where there is no task to suspend. Yields. (In name.) */
static void
work(struct cup_job *job)
{
    struct cup_sqlite_wire *wire =
        CUP_CONTAINER(job, struct cup_sqlite_wire, job);

    wire->unit.steps(wire);
}

static void
interrupt(struct cup_job *job)
{
    struct cup_sqlite_wire *wire =
        CUP_CONTAINER(job, struct cup_sqlite_wire, job);

    atomic_store_explicit(&wire->guard.stop, true, memory_order_relaxed);
}

static void
drop(struct cup_job *job)
{
    cup_sqlite_wire_came_back(CUP_CONTAINER(job, struct cup_sqlite_wire, job));
}

/* Yields. */
static cupel_status
run_on_worker(struct cup_sqlite_wire *wire, cupel_time until)
{
    cupel_status rc;

    cup_sqlite_guard_begin(&wire->guard, CUP_SQLITE_ON_WORKER, until);
    wire->job.work = work;
    wire->job.interrupt = interrupt;
    wire->job.drop = drop;
    rc = cup_offload(&wire->job, CUP_LANE_SHORT, until, &wire->lost);
    if (wire->lost)
        wire->broken = true;
    return rc;
}

/* On the roomy stack. Yields. */
static void
run_steps(void *arg)
{
    struct cup_sqlite_wire *wire = arg;

    wire->unit.steps(wire);
}

/* Yields. */
static cupel_status
run_in_task(struct cup_sqlite_wire *wire, cupel_time until)
{
    cupel_status rc = CUPEL_OK;

    cup_sqlite_guard_begin(&wire->guard, CUP_SQLITE_IN_TASK, until);
    if (wire->stack == NULL)
        rc = cup_sqlite_stack_new(&wire->stack);
    if (rc == CUPEL_OK)
        rc = cup_sqlite_stack_call(wire->stack, run_steps, wire);
    return rc != CUPEL_OK ? rc : wire->guard.stopped;
}

/* Outside tasks, and for what takes no time. Yields. (In name.) */
static cupel_status
run_here(struct cup_sqlite_wire *wire, cupel_time until)
{
    cup_sqlite_guard_begin(&wire->guard, CUP_SQLITE_BLOCKING, until);
    wire->unit.steps(wire);
    return wire->guard.stopped;
}

/* The end of a transaction that has written nothing gives its locks back and
 * does no more: sooner done than told to a worker. Whoever should not go on
 * waits for one, who finds that out. */
static bool
is_brief(const struct cup_sqlite_wire *wire, cupel_time until)
{
    return wire->unit.steps == cup_sqlite_steps_control &&
           sqlite3_txn_state(wire->db, NULL) != SQLITE_TXN_WRITE &&
           (wire->unit.control == CUP_SQLITE_ROLLBACK ||
            (!cup_task_current()->cancelled && cupel_now() < until));
}

/* ---- What it leaves behind ---------------------------------------------- */

/* After some errors sqlite ends the transaction by itself, and what comes next
 * would be committed on its own. Its word alone tells. */
static void
settle(struct cup_sqlite_wire *wire)
{
    const struct cup_sqlite_unit *unit = &wire->unit;
    bool was_open = wire->in_transaction || unit->began;

    if (!unit->ran)
        return;
    wire->in_transaction = !unit->autocommit;
    if (unit->fault.status == CUPEL_OK)
        return;
    if (cup_sqlite_breaks(unit->fault.code))
        wire->broken = true;
    if (was_open && unit->autocommit) {
        wire->rolled_back = true;
        memcpy(wire->reason, unit->fault.message, sizeof wire->reason);
    }
}

/* Once, wherever it belongs. Yields. */
static cupel_status
attempt(struct cup_sqlite_wire *wire, cupel_time until)
{
    cupel_status rc;

    wire->unit.ran = false;
    memset(&wire->unit.fault, 0, sizeof wire->unit.fault);
    wire->in_transaction = cup_sqlite_in_transaction(wire);
    wire->in_use = true;
    if (cup_task_current() == NULL || is_brief(wire, until))
        rc = run_here(wire, until);
    else if (wire->config.memory)
        rc = run_in_task(wire, until);
    else
        rc = run_on_worker(wire, until);
    if (wire->lost)
        return rc;
    wire->in_use = false;
    cup_sqlite_guard_end(&wire->guard);
    settle(wire);
    if (wire->db != NULL)
        cup_sqlite_cache_adopt(&wire->cache);
    return rc;
}

/* ---- Waiting for a lock ------------------------------------------------- */

/* Yields. */
static cupel_status
pause_until(cupel_time wake)
{
    cupel_time span_ms = wake - cupel_now();
    struct timespec span;

    if (cup_task_current() != NULL)
        return cupel_sleep_until(wake);
    if (span_ms > 0) {
        span.tv_sec = (time_t)(span_ms / 1000);
        span.tv_nsec = (long)(span_ms % 1000) * 1000000;
        nanosleep(&span, NULL);
    }
    return CUPEL_OK;
}

static bool
met_a_lock(const struct cup_sqlite_wire *wire)
{
    return wire->unit.ran && wire->unit.repeats && wire->guard.busy_asked &&
           (wire->unit.fault.code & PRIMARY) == SQLITE_BUSY;
}

/* The n-th pause. CUPEL_ROW: that was long enough, the lock is the answer.
 * Yields. */
static cupel_status
wait_for_lock(cupel_time patience, cupel_time until, size_t attempts)
{
    cupel_time now = cupel_now(), wake;
    size_t i = attempts < PAUSE_COUNT ? attempts : PAUSE_COUNT - 1;
    cupel_status rc;

    if (now >= patience)
        return CUPEL_ROW;
    wake = now + pauses_ms[i];
    if (wake > patience)
        wake = patience;
    rc = pause_until(wake < until ? wake : until);
    if (rc != CUPEL_OK || cupel_now() < until)
        return rc;
    return cup_error_set(CUPEL_E_TIMEOUT,
                         "the deadline passed while the database was locked");
}

cupel_status
cup_sqlite_run(struct cup_sqlite_wire *wire, const char *sql, cupel_time until)
{
    cupel_time patience = cupel_deadline_in(wire->config.busy_timeout_ms);
    cupel_status rc;
    size_t attempts;

    until = cup_deadline_cap(until);
    for (attempts = 0;; attempts++) {
        rc = attempt(wire, until);
        if (rc != CUPEL_OK || !met_a_lock(wire))
            break;
        rc = wait_for_lock(patience, until, attempts);
        if (rc != CUPEL_OK)
            break;
    }
    if (rc == CUPEL_ROW)
        rc = CUPEL_OK;
    if (rc == CUPEL_OK && wire->unit.fault.status != CUPEL_OK)
        rc = cup_sqlite_fault_raise(&wire->unit.fault, sql);
    return rc;
}
