/* SPDX-License-Identifier: MIT */
/* Transactions in two phases: a prepared one belongs to its database, under a
 * name, and outlives the session that made it. */
#include "dialect/fake/server.h"

#include "dialect/fake/errors.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

static struct cup_fake_prepared *
find_prepared(struct cup_fake_database *database, const char *xid)
{
    struct cup_list *item, *after;

    CUP_LIST_EACH (item, after, &database->prepared) {
        struct cup_fake_prepared *prepared =
            CUP_CONTAINER(item, struct cup_fake_prepared, link);

        if (strcmp(prepared->xid, xid) == 0)
            return prepared;
    }
    return NULL;
}

/* ---- On the server ----------------------------------------------------- */

static cupel_status
begin(struct cup_fake_wire *wire, const char *xid)
{
    (void)xid;
    return cup_fake_session_run_text(wire->session, "BEGIN");
}

/* The session's transaction goes to the database. */
static cupel_status
hand_over(struct cup_fake_session *session, const char *xid)
{
    size_t size = strlen(xid) + 1;
    struct cup_fake_prepared *prepared = cup_alloc(sizeof *prepared + size);

    if (prepared == NULL)
        return cup_nomem();
    memcpy(prepared->xid, xid, size);
    prepared->base = session->base;
    prepared->data = session->data;
    session->base = NULL;
    session->data = NULL;
    cup_list_push(&session->database->prepared, &prepared->link);
    return CUPEL_OK;
}

/* A refusal ends the transaction all the same, as PostgreSQL does. */
static cupel_status
prepare(struct cup_fake_wire *wire, const char *xid)
{
    struct cup_fake_session *session = wire->session;
    cupel_status rc;

    if (session->base == NULL)
        return cup_fake_fail("25P01", "there is no transaction");
    if (session->failed)
        rc = cup_fake_fail("25P02", "the transaction had failed and was "
                                    "rolled back");
    else if (find_prepared(session->database, xid) != NULL)
        rc = cup_fake_fail("42710", "that name is of another transaction");
    else
        rc = hand_over(session, xid);
    cup_fake_session_rollback(session);
    return rc;
}

/* The prepared transaction that a second phase is for. */
static cupel_status
take_up(struct cup_fake_wire *wire, const char *xid,
        struct cup_fake_prepared **out)
{
    if (wire->session->base != NULL)
        return cup_fake_fail("25001", "the session has a transaction open");
    *out = find_prepared(wire->session->database, xid);
    if (*out == NULL)
        return cup_fake_fail("42704", "no prepared transaction has that name");
    return CUPEL_OK;
}

static cupel_status
commit_prepared(struct cup_fake_wire *wire, const char *xid)
{
    struct cup_fake_database *database = wire->session->database;
    struct cup_fake_prepared *prepared;
    struct cup_fake_data *merged;
    cupel_status rc = take_up(wire, xid, &prepared);

    if (rc == CUPEL_OK)
        rc = cup_fake_merge(prepared->base, prepared->data, database->data,
                            &merged);
    if (rc != CUPEL_OK)
        return rc;
    cup_fake_data_unref(database->data);
    database->data = merged;
    cup_fake_prepared_free(prepared);
    return CUPEL_OK;
}

static cupel_status
rollback_prepared(struct cup_fake_wire *wire, const char *xid)
{
    struct cup_fake_prepared *prepared;
    cupel_status rc = take_up(wire, xid, &prepared);

    if (rc == CUPEL_OK)
        cup_fake_prepared_free(prepared);
    return rc;
}

/* ---- The calls --------------------------------------------------------- */

/* Yields. */
cupel_status
cup_fake_begin_twophase(cupel_wire *base, const char *xid, cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);

    cup_fake_trace_add(wire->number, "begin_twophase", xid);
    return cup_fake_visit(wire, CUP_FAKE_BEGIN_TWOPHASE, xid, until, begin);
}

/* Yields. */
cupel_status
cup_fake_prepare_twophase(cupel_wire *base, const char *xid, cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);

    cup_fake_trace_add(wire->number, "prepare_twophase", xid);
    return cup_fake_visit(wire, CUP_FAKE_PREPARE_TWOPHASE, xid, until, prepare);
}

static void
trace_second_phase(struct cup_fake_wire *wire, const char *call,
                   const char *xid, bool is_prepared)
{
    char line[64];

    snprintf(line, sizeof line, "%s%s", call, is_prepared ? " prepared" : "");
    cup_fake_trace_add(wire->number, line, xid);
}

/* Yields. */
cupel_status
cup_fake_commit_twophase(cupel_wire *base, const char *xid, bool is_prepared,
                         cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);

    trace_second_phase(wire, "commit_twophase", xid, is_prepared);
    if (!is_prepared)
        return cup_fake_commit_by(wire, CUP_FAKE_COMMIT_TWOPHASE, until);
    return cup_fake_visit(wire, CUP_FAKE_COMMIT_TWOPHASE, xid, until,
                          commit_prepared);
}

/* Yields. */
cupel_status
cup_fake_rollback_twophase(cupel_wire *base, const char *xid, bool is_prepared,
                           cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);

    trace_second_phase(wire, "rollback_twophase", xid, is_prepared);
    if (!is_prepared)
        return cup_fake_rollback_by(wire, CUP_FAKE_ROLLBACK_TWOPHASE, until);
    return cup_fake_visit(wire, CUP_FAKE_ROLLBACK_TWOPHASE, xid, until,
                          rollback_prepared);
}

/* ---- Recovery ---------------------------------------------------------- */

/* The names as rows of one column. */
static cupel_status
list_prepared(struct cup_fake_database *database,
              struct cup_fake_result *result)
{
    struct cup_list *item, *after;

    result->columns = cup_arena_alloc(&result->arena, sizeof *result->columns);
    if (result->columns == NULL)
        return cup_nomem();
    result->columns[0] = (cupel_column){ .name = "xid", .type = CUPEL_TEXT };
    result->column_count = 1;
    CUP_LIST_EACH (item, after, &database->prepared)
        result->size++;
    result->rows = cup_alloc_array(result->size + 1, sizeof result->rows[0]);
    if (result->rows == NULL)
        return cup_nomem();
    CUP_LIST_EACH (item, after, &database->prepared) {
        struct cup_fake_prepared *prepared =
            CUP_CONTAINER(item, struct cup_fake_prepared, link);
        cupel_value xid = cupel_string(prepared->xid);
        struct cup_fake_row *row = cup_fake_row_new(0, &xid, 1);

        if (row == NULL)
            return cup_nomem();
        result->rows[result->count++] = row;
    }
    return CUPEL_OK;
}

/* Yields. */
cupel_status
cup_fake_recover_twophase(cupel_wire *base, cupel_time until, cupel_rows **out)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);
    const cupel_request request = { .set_count = 1 };
    struct cup_fake_result result;
    cupel_status rc;
    bool lost = false;

    *out = NULL;
    cup_fake_trace_add(wire->number, "recover_twophase", NULL);
    rc = cup_fake_round_trip(wire, CUP_FAKE_RECOVER_TWOPHASE, NULL, until,
                             &lost);
    if (rc != CUPEL_OK)
        return rc;
    if (lost)
        return cup_fake_break(wire, CUP_FAKE_RECOVER_TWOPHASE);
    cup_fake_result_init(&result);
    cup_fake_lock();
    rc = list_prepared(wire->session->database, &result);
    cup_fake_unlock();
    if (rc == CUPEL_OK)
        return cup_fake_rows_new(wire, &request, &result, out);
    cup_fake_result_fini(&result);
    return rc;
}
