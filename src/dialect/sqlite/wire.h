/* SPDX-License-Identifier: MIT */
/* One connection to a database.
 *
 * Everything that may take time is a *unit*: what is done in one go where
 * sqlite is used. Databases in files are used on a worker, those in memory on
 * the loop's own thread, as is what takes no time. The loop's thread describes
 * the unit, waits, and takes the outcome; meanwhile nobody else touches the
 * connection. When the wait ends before the unit does, the connection is broken
 * and belongs to the worker until that comes back. */
#ifndef CUP_DIALECT_SQLITE_WIRE_H
#define CUP_DIALECT_SQLITE_WIRE_H

#include <cupel/ext/dialect.h>

#include "base/list.h"
#include "dialect/sqlite/batch.h"
#include "dialect/sqlite/config.h"
#include "dialect/sqlite/error.h"
#include "dialect/sqlite/guard.h"
#include "dialect/sqlite/rows.h"
#include "dialect/sqlite/stack.h"
#include "dialect/sqlite/statement.h"
#include "task/offload.h"

/* Statements that each connection keeps for itself. */
enum cup_sqlite_control {
    CUP_SQLITE_BEGIN,
    CUP_SQLITE_COMMIT,
    CUP_SQLITE_ROLLBACK,
    CUP_SQLITE_CONTROLS /* how many */
};

/* What is to be done in one go, and what came of it. A unit that met a lock is
 * repeated, and goes on where it stopped. */
struct cup_sqlite_unit {
    /* What is done. Yields. (In a task, on a database in memory.) */
    void (*steps)(struct cup_sqlite_wire *wire);

    bool repeats; /* after a lock; false: that is a failure */

    enum cup_sqlite_control control;        /* of a control unit */
    bool equipped;                          /* of opening */
    size_t settings_done;                   /* of opening */
    const char *setting;                    /* of set and ask: a PRAGMA */
    const char *value;                      /* of set */
    int answer;                             /* of ask */
    struct cup_sqlite_statement *statement; /* of execute and fetch */
    struct cup_sqlite_rows *rows;           /* where they put rows */
    bool owns_rows;                         /* nobody else knows them yet */
    bool begin;                             /* BEGIN is still to be done */
    size_t value_count;                     /* in one set */
    size_t set_count;
    size_t sets_done;
    size_t limit;        /* most rows of the batch; SIZE_MAX: all there are */
    size_t column_count; /* of the first set's rows */

    bool ran;        /* the steps were made, to their end or to a fault */
    bool began;      /* BEGIN was done */
    bool unfinished; /* the statement stands at `limit`, there may be more */
    bool autocommit; /* sqlite's word afterwards */
    int64_t affected;
    int64_t last_insert_id;
    struct cup_sqlite_fault fault;
};

/* One connection. Owned by whoever opened it; by its job while that runs on. */
struct cup_sqlite_wire {
    cupel_wire base;
    struct cup_sqlite_config config; /* without its `database` */
    char *path;                      /* owned; see cup_sqlite_path() */
    sqlite3 *db;                     /* NULL: not opened */
    sqlite3_stmt *controls[CUP_SQLITE_CONTROLS]; /* NULL: not yet prepared */
    struct cup_sqlite_guard guard;
    struct cup_sqlite_cache cache;
    struct cup_sqlite_batch values; /* the unit's parameters */
    struct cup_sqlite_unit unit;
    struct cup_sqlite_stack *stack; /* of a database in memory; NULL: not yet */
    struct cup_job job;

    struct cup_list rows;          /* of cup_sqlite_rows.link, living */
    struct cup_sqlite_rows *spare; /* for the next execution, or NULL */

    bool in_transaction; /* sqlite's word */
    bool rolled_back;    /* sqlite ended the transaction by itself */
    bool broken;
    bool in_use;                          /* a unit runs */
    bool lost;                            /* and nobody waits for it any more */
    bool freed;                           /* by its owner, while it was lost */
    char reason[CUP_SQLITE_MESSAGE_SIZE]; /* why it was rolled back */
};

static inline struct cup_sqlite_wire *
cup_sqlite_wire_of(cupel_wire *base)
{
    return (struct cup_sqlite_wire *)(void *)base;
}

/* ---- unit.c: the steps ----------------------------------------------------
 */

/* Open the database, unless it is, and make its settings. Yields. */
void
cup_sqlite_steps_open(struct cup_sqlite_wire *wire);

/* PRAGMA setting = value. */
void
cup_sqlite_steps_set(struct cup_sqlite_wire *wire);

/* PRAGMA setting, a number. */
void
cup_sqlite_steps_ask(struct cup_sqlite_wire *wire);

/* [BEGIN,] prepare, then bind, step, copy, reset for each set. Yields. */
void
cup_sqlite_steps_execute(struct cup_sqlite_wire *wire);

/* The next rows of a stream. Yields. */
void
cup_sqlite_steps_fetch(struct cup_sqlite_wire *wire);

/* COMMIT or ROLLBACK. */
void
cup_sqlite_steps_control(struct cup_sqlite_wire *wire);

/* End a stream. */
void
cup_sqlite_steps_reset(struct cup_sqlite_wire *wire);

/* Close the database. */
void
cup_sqlite_steps_close(struct cup_sqlite_wire *wire);

/* ---- run.c: units, as the loop's thread sees them -------------------------
 */

/* A new unit in the wire, zeroed but for these steps. */
struct cup_sqlite_unit *
cup_sqlite_unit_start(struct cup_sqlite_wire *wire,
                      void (*steps)(struct cup_sqlite_wire *wire));

/* Run the wire's unit, again and again while somebody else has the lock, and
 * take note of what it did to the connection. `sql` is for the error record,
 * may be NULL. Yields. TIMEOUT, CANCELLED, or the unit's fault. */
cupel_status
cup_sqlite_run(struct cup_sqlite_wire *wire, const char *sql, cupel_time until);

/* Whether the wire takes another unit. OPERATIONAL: it is broken. */
cupel_status
cup_sqlite_check(const struct cup_sqlite_wire *wire);

/* Whether a transaction is open: sqlite's word, asked now if nobody else has
 * the connection, for others may have used it directly. */
static inline bool
cup_sqlite_in_transaction(const struct cup_sqlite_wire *wire)
{
    if (wire->in_use || wire->db == NULL)
        return wire->in_transaction;
    return sqlite3_get_autocommit(wire->db) == 0;
}

/* ---- wire.c: life ---------------------------------------------------------
 */

/* Of the dialect. Yields. */
cupel_status
cup_sqlite_connect(const cupel_url *url, cupel_time until, cupel_wire **out);

/* Of the dialect: of a sqlite3. Yields. */
cupel_status
cup_sqlite_adopt(const cupel_url *url, void *driver_connection,
                 cupel_time until, cupel_wire **out);

/* Of the dialect. Yields. */
void
cup_sqlite_close(cupel_wire *base, cupel_time until);

/* Of the dialect. Never yields. */
void
cup_sqlite_free(cupel_wire *base);

/* The worker came back with a connection that nobody waited for. */
void
cup_sqlite_wire_came_back(struct cup_sqlite_wire *wire);

/* ---- isolation.c ----------------------------------------------------------
 */

/* In upper case, AUTOCOMMIT first; ends with NULL. */
extern const char *const cup_sqlite_levels[];

/* Of the dialect. Never yields. */
cupel_status
cup_sqlite_initialize(cupel_wire *base, cupel_time until,
                      cupel_server_info *out);

/* Of the dialect. Yields. */
cupel_status
cup_sqlite_set_level(cupel_wire *base, const char *level, cupel_time until);

/* Of the dialect. Yields. */
cupel_status
cup_sqlite_get_level(cupel_wire *base, cupel_time until, const char **out);

/* ---- execute.c ------------------------------------------------------------
 */

/* Of the dialect. Yields. */
cupel_status
cup_sqlite_execute(cupel_wire *base, const cupel_request *request,
                   cupel_time until, cupel_rows **out);

/* Of the dialect. Yields. */
cupel_status
cup_sqlite_commit(cupel_wire *base, cupel_time until);

/* Of the dialect. Yields. */
cupel_status
cup_sqlite_rollback(cupel_wire *base, cupel_time until);

/* Give back what the unit had: its statement, unless the stream `goes_on`, and
 * its rows, if nobody else knows them. Nothing while the connection is lost:
 * then it is done when the worker comes back. */
void
cup_sqlite_unit_finish(struct cup_sqlite_wire *wire, bool goes_on);

#endif
