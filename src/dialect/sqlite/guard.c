/* SPDX-License-Identifier: MIT */
/* How a statement that runs is stopped, and how it makes room for others.
 *
 * Locks: a worker that slept until another connection's lock goes away could
 * keep that connection's COMMIT from ever getting a worker. So sqlite is told
 * not to wait; the unit ends, and the loop repeats it after a pause. The one
 * exception is who has written, is about to commit, and waits for readers to
 * go: a statement in autocommit, told not to wait, would throw its work away.
 * There is at most one such a database, and it sleeps in place for a moment. */
#include "dialect/sqlite/guard.h"

#include "task/task.h"

#include <time.h>

#include "base/error.h"

enum {
    STEPS = 1000,          /* of sqlite's machine between two calls */
    SLICE_NS = 100000,     /* a task's turn */
    BUSY_STEP_MS = 1,      /* one sleep in place */
    BUSY_IN_PLACE_MS = 100 /* of one unit */
};

static int64_t
monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static cupel_status
check_deadline(const struct cup_sqlite_guard *guard)
{
    if (guard->until == CUPEL_FOREVER || cupel_now() < guard->until)
        return CUPEL_OK;
    return cup_error_deadline();
}

/* A database in memory never waits for anything, so this is where the other
 * tasks get their turn. Yields. */
static cupel_status
take_turns(struct cup_sqlite_guard *guard)
{
    cupel_status rc;

    if (monotonic_ns() - guard->slice_start < SLICE_NS)
        return CUPEL_OK;
    rc = cupel_yield();
    if (rc == CUPEL_OK)
        rc = check_deadline(guard);
    guard->slice_start = monotonic_ns();
    return rc;
}

bool
cup_sqlite_guard_stops(struct cup_sqlite_guard *guard)
{
    if (guard->place == CUP_SQLITE_NOWHERE)
        return false;
    if (guard->place == CUP_SQLITE_ON_WORKER)
        return atomic_load_explicit(&guard->stop, memory_order_relaxed);
    if (guard->stopped == CUPEL_OK)
        guard->stopped = guard->place == CUP_SQLITE_IN_TASK
                             ? take_turns(guard)
                             : check_deadline(guard);
    return guard->stopped != CUPEL_OK;
}

/* Called by sqlite; not 0 ends the statement with SQLITE_INTERRUPT. Yields. */
static int
on_progress(void *arg)
{
    return cup_sqlite_guard_stops(arg);
}

/* Whether a statement waits for a lock in place. */
static bool
may_wait(const struct cup_sqlite_guard *guard, int times_asked)
{
    if (guard->place == CUP_SQLITE_NOWHERE)
        return times_asked < BUSY_IN_PLACE_MS / BUSY_STEP_MS;
    if (guard->place == CUP_SQLITE_IN_TASK ||
        guard->busy_waited_ms >= BUSY_IN_PLACE_MS ||
        atomic_load_explicit(&guard->stop, memory_order_relaxed))
        return false;
    if (guard->place == CUP_SQLITE_BLOCKING && cupel_now() >= guard->until)
        return false;
    return sqlite3_get_autocommit(guard->db) != 0 &&
           sqlite3_txn_state(guard->db, NULL) == SQLITE_TXN_WRITE;
}

/* Called by sqlite when it meets a lock; 0 gives up. */
static int
on_busy(void *arg, int count)
{
    const struct timespec step = { 0, BUSY_STEP_MS * 1000000L };
    struct cup_sqlite_guard *guard = arg;

    guard->busy_asked = true;
    if (!may_wait(guard, count))
        return 0;
    nanosleep(&step, NULL);
    guard->busy_waited_ms += BUSY_STEP_MS;
    return 1;
}

void
cup_sqlite_guard_install(struct cup_sqlite_guard *guard, sqlite3 *db)
{
    guard->db = db;
    sqlite3_progress_handler(db, STEPS, on_progress, guard);
    sqlite3_busy_handler(db, on_busy, guard);
}

void
cup_sqlite_guard_begin(struct cup_sqlite_guard *guard,
                       enum cup_sqlite_place place, cupel_time until)
{
    guard->place = place;
    atomic_store_explicit(&guard->stop, false, memory_order_relaxed);
    guard->until = cup_deadline_cap(until);
    guard->stopped = CUPEL_OK;
    guard->busy_asked = false;
    guard->busy_waited_ms = 0;
}

void
cup_sqlite_guard_end(struct cup_sqlite_guard *guard)
{
    guard->place = CUP_SQLITE_NOWHERE;
}
