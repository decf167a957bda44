/* SPDX-License-Identifier: MIT */
/* How a statement that runs is stopped, and how it makes room for others.
 *
 * Sqlite calls back every so many steps of its machine, and when it meets
 * somebody else's lock. What is done there depends on where it runs: on a
 * worker, on the loop's own thread inside a task, or in a program without any
 * loop. sqlite3_interrupt() is never used: it would also hit what comes next.
 */
#ifndef CUP_DIALECT_SQLITE_GUARD_H
#define CUP_DIALECT_SQLITE_GUARD_H

#include <cupel/error.h>

#include <sqlite3.h>
#include <stdatomic.h>

enum cup_sqlite_place {
    CUP_SQLITE_NOWHERE,   /* no unit: somebody uses the connection directly */
    CUP_SQLITE_ON_WORKER, /* looks at `stop`; the loop keeps the deadline */
    CUP_SQLITE_IN_TASK, /* yields every 100 microseconds, keeps the deadline */
    CUP_SQLITE_BLOCKING /* keeps the deadline */
};

/* Of one connection. */
struct cup_sqlite_guard {
    enum cup_sqlite_place place;
    atomic_bool stop;     /* asked for from the loop's thread */
    cupel_time until;     /* not looked at on a worker */
    cupel_status stopped; /* why it was stopped, its error set; or OK */
    int64_t slice_start;  /* monotonic nanoseconds, the last time it yielded */
    sqlite3 *db;          /* the connection itself */
    bool busy_asked; /* sqlite would have waited for a lock and was told no */
    int busy_waited_ms; /* by sqlite, in place */
};

/* Let sqlite call back. The guard must live as long as `db`. */
void
cup_sqlite_guard_install(struct cup_sqlite_guard *guard, sqlite3 *db);

/* A unit of work begins. */
void
cup_sqlite_guard_begin(struct cup_sqlite_guard *guard,
                       enum cup_sqlite_place place, cupel_time until);

/* It has ended: nothing is stopped any more. */
void
cup_sqlite_guard_end(struct cup_sqlite_guard *guard);

/* Whether the work must end now. Yields. (In a task; not on workers.) */
bool
cup_sqlite_guard_stops(struct cup_sqlite_guard *guard);

#endif
