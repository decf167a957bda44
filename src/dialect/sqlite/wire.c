/* SPDX-License-Identifier: MIT */
/* A connection's life: opened, closed, or hung up.
 *
 * Closing a database may write to it (the last connection checks a WAL file
 * in), so it too is work for a worker. free() must not wait for that: in a task
 * it leaves the closing to a task of its own, outside of tasks it closes right
 * away. */
#include "dialect/sqlite/wire.h"

#include <cupel/task.h>

#include <assert.h>

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/dialect.h"
#include "dialect/sqlite/path.h"
#include "task/task.h"

enum {
    CLOSE_MS = 5000 /* until closing in the background is left to itself */
};

/* ---- Opening ------------------------------------------------------------ */

static void
destroy(struct cup_sqlite_wire *wire)
{
    struct cup_sqlite_rows *spare = wire->spare;

    assert(!wire->in_use && wire->db == NULL);
    wire->spare = NULL;
    cup_sqlite_rows_detach_all(wire);
    cup_sqlite_rows_destroy(spare);
    cup_sqlite_cache_fini(&wire->cache);
    cup_sqlite_batch_fini(&wire->values);
    cup_sqlite_stack_free(wire->stack);
    cup_free(wire->path);
    cup_free(wire);
}

/* A wire without a database yet. */
static cupel_status
make_wire(const cupel_url *url, struct cup_sqlite_wire **out)
{
    struct cup_sqlite_wire *wire;
    cupel_status rc;

    if (sqlite3_threadsafe() == 0)
        return cup_error_set(CUPEL_E_NOTSUPPORTED,
                             "this sqlite was built without threads");
    wire = cup_alloc(sizeof *wire);
    if (wire == NULL)
        return cup_nomem();
    wire->base.dialect = &cup_sqlite_dialect;
    cup_list_init(&wire->rows);
    rc = cup_sqlite_config_read(url, &wire->config);
    cup_sqlite_cache_init(&wire->cache, wire->config.cached_statements);
    if (rc == CUPEL_OK)
        rc = cup_sqlite_path(&wire->config, &wire->path);
    wire->config.database = NULL;
    if (rc == CUPEL_OK)
        *out = wire;
    else
        destroy(wire);
    return rc;
}

/* Open the database, unless it is, and make its settings. Yields. */
static cupel_status
open_wire(struct cup_sqlite_wire *wire, cupel_time until, cupel_wire **out)
{
    struct cupel_error *error;
    cupel_status rc;

    cup_sqlite_unit_start(wire, cup_sqlite_steps_open)->repeats = true;
    rc = cup_sqlite_run(wire, NULL, until);
    if (rc == CUPEL_OK) {
        *out = &wire->base;
        return CUPEL_OK;
    }
    error = cup_error_take();
    cup_sqlite_free(&wire->base);
    cup_error_give(error);
    if (cup_error_current() != NULL)
        cup_error_current()->connection_lost = true;
    return rc;
}

cupel_status
cup_sqlite_connect(const cupel_url *url, cupel_time until, cupel_wire **out)
{
    struct cup_sqlite_wire *wire = NULL;
    cupel_status rc = make_wire(url, &wire);

    return rc == CUPEL_OK ? open_wire(wire, until, out) : rc;
}

/* Where it is used follows from what it is, whatever the url says. */
cupel_status
cup_sqlite_adopt(const cupel_url *url, void *driver_connection,
                 cupel_time until, cupel_wire **out)
{
    struct cup_sqlite_wire *wire = NULL;
    sqlite3 *db = driver_connection;
    const char *name;
    cupel_status rc;

    if (db == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "there is no sqlite3 to adopt");
    rc = make_wire(url, &wire);
    if (rc != CUPEL_OK) {
        sqlite3_close_v2(db);
        return rc;
    }
    name = sqlite3_db_filename(db, "main");
    wire->config.memory = name == NULL || name[0] == '\0';
    wire->db = db;
    sqlite3_extended_result_codes(db, 1);
    return open_wire(wire, until, out);
}

/* ---- Closing ------------------------------------------------------------ */

/* Close where we are, if that has not been done, and free. */
static void
close_here(struct cup_sqlite_wire *wire)
{
    if (wire->db != NULL)
        cup_sqlite_steps_close(wire);
    destroy(wire);
}

/* Try it as a unit. True: the wire is gone, or will be when its worker comes
 * back. Yields. */
static bool
close_by_unit(struct cup_sqlite_wire *wire, cupel_time until)
{
    struct cup_sqlite_unit *unit =
        cup_sqlite_unit_start(wire, cup_sqlite_steps_close);

    cup_ignore(cup_sqlite_run(wire, NULL, until), "closed in any case");
    if (wire->lost) {
        wire->freed = true;
        return true;
    }
    if (!unit->ran)
        return false;
    destroy(wire);
    return true;
}

/* A task of its own. Yields. */
static cupel_status
close_in_background(void *arg)
{
    struct cup_sqlite_wire *wire = arg;

    cupel_task_name_set("sqlite close");
    if (!close_by_unit(wire, cupel_deadline_in(CLOSE_MS)))
        close_here(wire);
    return CUPEL_OK;
}

/* Close it by a task of its own, or without one if there cannot be any. Keeps
 * the error record. Never yields. */
static void
retire(struct cup_sqlite_wire *wire)
{
    struct cupel_error *error = cup_error_take();
    cupel_status rc = CUPEL_E_INVALID;

    if (wire->db != NULL && !wire->config.memory)
        rc = cup_task_spawn(close_in_background, wire, NULL, NULL, NULL);
    if (rc != CUPEL_OK)
        close_here(wire);
    cup_error_give(error);
}

void
cup_sqlite_close(cupel_wire *base, cupel_time until)
{
    struct cup_sqlite_wire *wire = cup_sqlite_wire_of(base);

    if (wire->lost) {
        wire->freed = true;
        return;
    }
    cup_sqlite_rows_detach_all(wire);
    if (!close_by_unit(wire, until))
        retire(wire);
}

void
cup_sqlite_free(cupel_wire *base)
{
    struct cup_sqlite_wire *wire = cup_sqlite_wire_of(base);

    if (wire->lost) {
        wire->freed = true;
        return;
    }
    cup_sqlite_rows_detach_all(wire);
    if (cup_task_current() != NULL)
        retire(wire);
    else
        close_here(wire);
}

void
cup_sqlite_wire_came_back(struct cup_sqlite_wire *wire)
{
    wire->in_use = false;
    wire->lost = false;
    if (wire->db != NULL)
        cup_sqlite_cache_adopt(&wire->cache);
    cup_sqlite_unit_finish(wire, false);
    if (!wire->freed)
        return;
    cup_sqlite_rows_detach_all(wire);
    retire(wire);
}
