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
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "dialect/dialect.h"
#include "task/task.h"

enum {
    PATH_MAX_BYTES = 1 << 20,
    CLOSE_MS = 5000 /* until closing in the background is left to itself */
};

/* ---- Opening ------------------------------------------------------------ */

/* Absolute, so that the file stays the same when the program moves, and so that
 * no name means anything special to sqlite. */
static cupel_status
absolute_path(const char *database, char **out)
{
    struct cup_buf buf;
    char *folder = NULL;
    cupel_status rc = CUPEL_OK;

    cup_buf_init(&buf, PATH_MAX_BYTES);
    if (database[0] != '/') {
        folder = getcwd(NULL, 0);
        if (folder == NULL)
            rc = cup_error_set(CUPEL_E_OPERATIONAL,
                               "the current folder has no path: %s",
                               strerror(errno));
        else
            cup_buf_addf(&buf, "%s/", folder);
    }
    cup_buf_add_str(&buf, database);
    free(folder);
    if (rc == CUPEL_OK && buf.failed != CUPEL_OK)
        rc = buf.failed == CUPEL_E_NOMEM
                 ? cup_nomem()
                 : cup_error_set(CUPEL_E_ARGUMENT, "the path is too long");
    if (rc == CUPEL_OK)
        *out = cup_buf_take(&buf);
    cup_buf_fini(&buf);
    return rc;
}

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

static cupel_status
make_wire(const cupel_url *url, struct cup_sqlite_wire **out)
{
    struct cup_sqlite_wire *wire = cup_alloc(sizeof *wire);
    const char *database;
    cupel_status rc;

    if (wire == NULL)
        return cup_nomem();
    wire->base.dialect = &cup_sqlite_dialect;
    cup_list_init(&wire->rows);
    rc = cup_sqlite_config_read(url, &wire->config);
    cup_sqlite_cache_init(&wire->cache, wire->config.cached_statements);
    database = wire->config.database;
    wire->config.database = NULL;
    if (rc == CUPEL_OK && database != NULL)
        rc = absolute_path(database, &wire->path);
    if (rc == CUPEL_OK && database == NULL) {
        wire->path = cup_strdup(":memory:");
        rc = wire->path == NULL ? cup_nomem() : CUPEL_OK;
    }
    if (rc == CUPEL_OK)
        *out = wire;
    else
        destroy(wire);
    return rc;
}

cupel_status
cup_sqlite_connect(const cupel_url *url, cupel_time until, cupel_wire **out)
{
    struct cup_sqlite_wire *wire = NULL;
    struct cupel_error *error;
    cupel_status rc;

    if (sqlite3_threadsafe() == 0)
        return cup_error_set(CUPEL_E_NOTSUPPORTED,
                             "this sqlite was built without threads");
    rc = make_wire(url, &wire);
    if (rc != CUPEL_OK)
        return rc;
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
