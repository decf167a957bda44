/* SPDX-License-Identifier: MIT */
/* Units: what is done in one go where sqlite is used. On a worker nothing here
 * may touch the task, its error record, or memory of the caller's: everything
 * comes from the wire and goes back into it. Every unit ends with sqlite's own
 * word on whether a transaction is open. */
#include "dialect/sqlite/wire.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "dialect/sqlite/function.h"
#include "dialect/sqlite/types.h"

static bool
fail(struct cup_sqlite_wire *wire, int code)
{
    cup_sqlite_fault_note(&wire->unit.fault, wire->db, code);
    return false;
}

/* As fail(), for what a running statement says. */
static bool
fail_step(struct cup_sqlite_wire *wire, int code)
{
    fail(wire, code);
    wire->unit.fault.stepping = true;
    return false;
}

static void
end_unit(struct cup_sqlite_wire *wire)
{
    wire->unit.autocommit =
        wire->db == NULL || sqlite3_get_autocommit(wire->db) != 0;
    wire->unit.ran = true;
}

/* ---- Opening ------------------------------------------------------------ */

static bool
open_database(struct cup_sqlite_wire *wire)
{
    int rc = sqlite3_open_v2(wire->path, &wire->db,
                             wire->config.open_flags | SQLITE_OPEN_NOMUTEX |
                                 SQLITE_OPEN_EXRESCODE,
                             NULL);

    return rc == SQLITE_OK || fail(wire, rc);
}

/* What every connection gets, whoever opened it. */
static bool
equip(struct cup_sqlite_wire *wire)
{
    int rc;

    if (wire->unit.equipped)
        return true;
    cup_sqlite_guard_install(&wire->guard, wire->db);
    rc = cup_sqlite_functions_install(wire->db);
    wire->unit.equipped = rc == SQLITE_OK;
    return rc == SQLITE_OK || fail(wire, rc);
}

/* Run PRAGMA name=value and look whether it took: a journal mode is answered by
 * the one that is in force. */
static bool
apply_setting(struct cup_sqlite_wire *wire, const char *name, const char *value)
{
    sqlite3_stmt *stmt = NULL;
    const char *answer;
    bool refused = false;
    char sql[64];
    int rc;

    snprintf(sql, sizeof sql, "PRAGMA %s=%s", name, value);
    rc = sqlite3_prepare_v2(wire->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW && value == wire->config.journal_mode) {
        answer = (const char *)sqlite3_column_text(stmt, 0);
        refused = answer == NULL || strcasecmp(answer, value) != 0;
    }
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        fail_step(wire, rc);
    sqlite3_finalize(stmt);
    if (refused)
        cup_sqlite_fault_say(&wire->unit.fault, CUPEL_E_OPERATIONAL,
                             "sqlite cannot set this journal_mode here");
    return wire->unit.fault.status == CUPEL_OK;
}

void
cup_sqlite_steps_open(struct cup_sqlite_wire *wire)
{
    const struct cup_sqlite_config *config = &wire->config;
    const struct {
        const char *name;
        const char *value;
    } settings[] = {
        { "foreign_keys", config->foreign_keys },
        { "journal_mode", config->journal_mode },
        { "synchronous", config->synchronous },
    };
    size_t count = sizeof settings / sizeof settings[0];
    size_t *done = &wire->unit.settings_done;
    bool good = !cup_sqlite_guard_stops(&wire->guard);

    if (!good)
        cup_sqlite_fault_note(&wire->unit.fault, NULL, SQLITE_INTERRUPT);
    else if (wire->db == NULL)
        good = open_database(wire);
    good = good && equip(wire);
    while (good && *done < count) {
        if (settings[*done].value != NULL)
            good = apply_setting(wire, settings[*done].name,
                                 settings[*done].value);
        *done += good; /* one that met a lock is made when it is gone */
    }
    end_unit(wire);
}

void
cup_sqlite_steps_set(struct cup_sqlite_wire *wire)
{
    apply_setting(wire, wire->unit.setting, wire->unit.value);
    end_unit(wire);
}

/* Prepared each time: what such a statement answers was found out when it was
 * prepared. */
void
cup_sqlite_steps_ask(struct cup_sqlite_wire *wire)
{
    sqlite3_stmt *stmt = NULL;
    char sql[64];
    int rc;

    snprintf(sql, sizeof sql, "PRAGMA %s", wire->unit.setting);
    rc = sqlite3_prepare_v2(wire->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        wire->unit.answer = sqlite3_column_int(stmt, 0);
    else
        fail(wire, rc);
    sqlite3_finalize(stmt);
    end_unit(wire);
}

/* ---- BEGIN, COMMIT, ROLLBACK -------------------------------------------- */

static const char *
control_sql(const struct cup_sqlite_wire *wire, enum cup_sqlite_control control)
{
    if (control == CUP_SQLITE_BEGIN)
        return wire->config.begin;
    return control == CUP_SQLITE_COMMIT ? "COMMIT" : "ROLLBACK";
}

/* Not asked whether to stop before: what ends a transaction is to be done. */
static bool
do_control(struct cup_sqlite_wire *wire, enum cup_sqlite_control control)
{
    sqlite3_stmt **stmt = &wire->controls[control];
    int rc = SQLITE_OK;

    if (*stmt == NULL)
        rc = sqlite3_prepare_v3(wire->db, control_sql(wire, control), -1,
                                SQLITE_PREPARE_PERSISTENT, stmt, NULL);
    if (rc != SQLITE_OK)
        return fail(wire, rc);
    rc = sqlite3_step(*stmt);
    if (rc != SQLITE_DONE)
        fail_step(wire, rc);
    sqlite3_reset(*stmt);
    return rc == SQLITE_DONE;
}

void
cup_sqlite_steps_control(struct cup_sqlite_wire *wire)
{
    do_control(wire, wire->unit.control);
    end_unit(wire);
}

/* ---- Executing ---------------------------------------------------------- */

/* Step and copy until the batch has `limit` rows or the statement ends. SQLITE_
 * ROW: it stands at the limit. Yields. */
static int
step_rows(struct cup_sqlite_wire *wire)
{
    struct cup_sqlite_statement *statement = wire->unit.statement;
    struct cup_sqlite_batch *batch = &wire->unit.rows->batch;
    size_t count = (size_t)sqlite3_column_count(statement->stmt), rows;
    int rc;

    if (cup_sqlite_guard_stops(&wire->guard))
        return SQLITE_INTERRUPT;
    for (rows = 0; rows < wire->unit.limit; rows++) {
        rc = sqlite3_step(statement->stmt);
        if (rc != SQLITE_ROW)
            return rc;
        /* The first step may have prepared it anew, with other columns. */
        if (rows == 0)
            count = (size_t)sqlite3_column_count(statement->stmt);
        if (!cup_sqlite_row_copy(statement->stmt, count, batch))
            return SQLITE_NOMEM;
        if (atomic_load_explicit(&wire->guard.stop, memory_order_relaxed))
            return SQLITE_INTERRUPT;
    }
    return SQLITE_ROW;
}

/* Sqlite counts for the connection; what a statement did is the difference. */
static void
count_changes(struct cup_sqlite_wire *wire, sqlite3_int64 total_before,
              sqlite3_int64 id_before)
{
    const struct cup_sqlite_statement *statement = wire->unit.statement;
    sqlite3_int64 id = sqlite3_last_insert_rowid(wire->db);
    bool changed = sqlite3_total_changes64(wire->db) != total_before;

    if (!statement->counts)
        return;
    if (wire->unit.affected < 0)
        wire->unit.affected = 0;
    wire->unit.affected += sqlite3_changes64(wire->db);
    if (changed && (statement->verb == CUP_SQLITE_INSERT ||
                    (statement->verb == CUP_SQLITE_WITH && id != id_before)))
        wire->unit.last_insert_id = id;
}

static bool
bind_set(struct cup_sqlite_wire *wire)
{
    struct cup_sqlite_unit *unit = &wire->unit;
    int wanted = sqlite3_bind_parameter_count(unit->statement->stmt);
    char message[96];
    int rc;

    if ((size_t)wanted != unit->value_count) {
        snprintf(message, sizeof message,
                 "the statement has %d parameters, and %zu values were given",
                 wanted, unit->value_count);
        cup_sqlite_fault_say(&unit->fault, CUPEL_E_PROGRAMMING, message);
        return false;
    }
    rc = cup_sqlite_bind(unit->statement->stmt, &wire->values,
                         unit->sets_done * unit->value_count, unit->value_count,
                         unit->limit != SIZE_MAX);
    return rc == SQLITE_OK || fail(wire, rc);
}

/* One set of values. A statement that writes is always run to its end: sqlite
 * keeps what it returns until then anyway, and cannot commit before. Yields. */
static bool
do_set(struct cup_sqlite_wire *wire)
{
    struct cup_sqlite_unit *unit = &wire->unit;
    sqlite3_int64 total = sqlite3_total_changes64(wire->db);
    sqlite3_int64 id = sqlite3_last_insert_rowid(wire->db);
    struct cup_sqlite_batch *batch = &unit->rows->batch;
    struct cup_sqlite_mark mark = cup_sqlite_batch_mark(batch);
    int rc;

    if (!bind_set(wire))
        return false;
    rc = step_rows(wire);
    if (!cup_sqlite_statement_refresh(unit->statement))
        rc = SQLITE_NOMEM;
    else if (unit->sets_done == 0)
        unit->column_count = unit->statement->shape->column_count;
    else if (unit->column_count != unit->statement->shape->column_count)
        rc = SQLITE_SCHEMA;
    unit->unfinished = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW)
        return true;
    if (rc == SQLITE_DONE)
        count_changes(wire, total, id);
    else
        fail_step(wire, rc);
    sqlite3_reset(unit->statement->stmt);
    if (rc != SQLITE_DONE)
        cup_sqlite_batch_cut(batch, mark);
    return rc == SQLITE_DONE;
}

/* Yields. */
static bool
do_sets(struct cup_sqlite_wire *wire)
{
    struct cup_sqlite_unit *unit = &wire->unit;

    if (!cup_sqlite_statement_reads(unit->statement))
        unit->limit = SIZE_MAX;
    if (unit->statement->stmt == NULL)
        return unit->value_count == 0 || bind_set(wire);
    while (unit->sets_done < unit->set_count) {
        if (!do_set(wire))
            return false;
        unit->sets_done++;
    }
    return true;
}

void
cup_sqlite_steps_execute(struct cup_sqlite_wire *wire)
{
    struct cup_sqlite_unit *unit = &wire->unit;
    bool good = true;

    if (unit->begin) {
        good = do_control(wire, CUP_SQLITE_BEGIN);
        unit->began = good;
        unit->begin = !good;
    }
    if (good && cup_sqlite_statement_prepare(unit->statement, &wire->guard,
                                             &unit->fault))
        do_sets(wire);
    end_unit(wire);
}

void
cup_sqlite_steps_fetch(struct cup_sqlite_wire *wire)
{
    struct cup_sqlite_unit *unit = &wire->unit;
    int rc;

    cup_sqlite_batch_clear(&unit->rows->batch);
    rc = step_rows(wire);
    unit->unfinished = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        fail_step(wire, rc);
    if (!unit->unfinished)
        sqlite3_reset(unit->statement->stmt);
    end_unit(wire);
}

/* ---- Ending ------------------------------------------------------------- */

void
cup_sqlite_steps_reset(struct cup_sqlite_wire *wire)
{
    sqlite3_reset(wire->unit.statement->stmt);
    end_unit(wire);
}

/* Sqlite knows all of its statements, whoever had them. */
void
cup_sqlite_steps_close(struct cup_sqlite_wire *wire)
{
    sqlite3_stmt *stmt;

    if (wire->db == NULL)
        return;
    while ((stmt = sqlite3_next_stmt(wire->db, NULL)) != NULL)
        sqlite3_finalize(stmt);
    sqlite3_close_v2(wire->db);
    wire->db = NULL;
    end_unit(wire);
}
