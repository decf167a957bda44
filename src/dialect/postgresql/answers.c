/* SPDX-License-Identifier: MIT */
/* The queue of answers, and the pump that moves it: send what waits, wait for
 * the socket, read, match. The reading side never waits for the writing side:
 * both are watched at once, and what was read is taken before the next wait. */
#include "dialect/postgresql/answers.h"

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/rows.h"
#include "dialect/postgresql/wire.h"
#include "task/task.h"

#include <assert.h>
#include <string.h>

enum {
    FIRST_SIZE = 16,
    TURNS_ALONE = 16, /* waits that found data at once, until others may run */
    TLS_RECORDS = 2   /* more reads that one TLS record may need */
};

/* ---- The ring -------------------------------------------------------- */

static struct cup_pg_answer *
answer_at(const struct cup_pg_answers *answers, size_t i)
{
    return &answers->items[(answers->first + i) & (answers->size - 1)];
}

void
cup_pg_answers_fini(struct cup_pg_answers *answers)
{
    cup_free(answers->items);
    memset(answers, 0, sizeof *answers);
}

cupel_status
cup_pg_answers_reserve(struct cup_pg_answers *answers)
{
    struct cup_pg_answer *items;
    size_t size, i;

    if (answers->count < answers->size)
        return CUPEL_OK;
    size = answers->size > 0 ? answers->size * 2 : FIRST_SIZE;
    items = cup_alloc_array(size, sizeof *items);
    if (items == NULL)
        return cup_nomem();
    for (i = 0; i < answers->count; i++)
        items[i] = *answer_at(answers, i);
    cup_free(answers->items);
    answers->items = items;
    answers->size = size;
    answers->first = 0;
    return CUPEL_OK;
}

void
cup_pg_expect(struct cup_pg_wire *wire, enum cup_pg_answer_kind kind,
              struct cup_pg_call *call)
{
    struct cup_pg_answers *answers = &wire->answers;
    struct cup_pg_answer *last;

    assert(answers->count < answers->size);
    if (call != NULL)
        call->pending++;
    if (answers->count > 0) {
        last = answer_at(answers, answers->count - 1);
        if (last->kind == kind && last->call == call) {
            last->count++;
            return;
        }
    }
    last = answer_at(answers, answers->count++);
    last->kind = kind;
    last->call = call;
    last->count = 1;
}

bool
cup_pg_answers_orphaned(const struct cup_pg_answers *answers)
{
    size_t i;

    for (i = 0; i < answers->count; i++) {
        if (answer_at(answers, i)->call == NULL)
            return true;
    }
    return false;
}

/* The answer at the front has been given. */
static void
pop(struct cup_pg_wire *wire)
{
    struct cup_pg_answers *answers = &wire->answers;
    struct cup_pg_answer *front = answer_at(answers, 0);

    if (front->call != NULL)
        front->call->pending--;
    if (--front->count > 0)
        return;
    answers->first = (answers->first + 1) & (answers->size - 1);
    if (--answers->count > 0)
        return;
    answers->first = 0; /* where the memory is warm */
    if (!wire->unsynced)
        cup_pg_wire_quiet(wire);
}

/* ---- Calls ----------------------------------------------------------- */

/* Most calls have none of what they could have. */
static inline void
drop(PGresult *result)
{
    if (result != NULL)
        PQclear(result);
}

void
cup_pg_call_clear(struct cup_pg_call *call)
{
    bool discard_rows = call->discard_rows;

    drop(call->described);
    drop(call->rows);
    drop(call->error);
    memset(call, 0, sizeof *call);
    call->discard_rows = discard_rows;
}

void
cup_pg_leave(struct cup_pg_wire *wire, struct cup_pg_call *call)
{
    size_t i;

    for (i = 0; i < wire->answers.count && call->pending > 0; i++) {
        struct cup_pg_answer *answer = answer_at(&wire->answers, i);

        if (answer->call == call) {
            call->pending -= answer->count;
            answer->call = NULL;
        }
    }
    cup_pg_call_clear(call);
}

/* ---- Matching -------------------------------------------------------- */

/* What is new harms no plan, unless it replaces something. */
static bool
changes_plans(const char *tag)
{
    return strncmp(tag, "ALTER ", 6) == 0 || strncmp(tag, "DROP ", 5) == 0 ||
           strcmp(tag, "CREATE VIEW") == 0;
}

/* The session's level may be another one now. */
static void
note_setting(struct cup_pg_wire *wire)
{
    if (!wire->pooler)
        wire->isolation.level = NULL;
}

/* Commands that change what this side remembers of the session, whoever sent
 * them: by the server's own words, not by reading SQL. */
static void
note_tag(struct cup_pg_wire *wire, const char *tag)
{
    if ((tag[0] == 'S' && tag[2] == 'L') || tag[0] == 'I' || tag[0] == 'U')
        return; /* the common ones, at once: SELECT, INSERT, UPDATE */
    if (strcmp(tag, "SET") == 0 || strcmp(tag, "RESET") == 0)
        note_setting(wire);
    else if (changes_plans(tag))
        cup_pg_prepared_outdate();
    else if (strcmp(tag, "ROLLBACK") == 0 ||
             strcmp(tag, "CLOSE CURSOR ALL") == 0)
        wire->rollbacks++;
    else if (strcmp(tag, "DISCARD ALL") == 0 ||
             strcmp(tag, "DEALLOCATE ALL") == 0) {
        cup_pg_prepared_forget(&wire->prepared);
        cup_pg_boundaries_forget(&wire->boundaries);
        note_setting(wire);
    }
}

static void
add_affected(struct cup_pg_call *call, PGresult *result)
{
    int64_t affected = cup_pg_affected(result);

    if (affected < 0 || call->affected < 0 ||
        __builtin_add_overflow(call->affected, affected, &call->affected))
        call->affected = -1;
    call->sets_done++;
}

/* Keep one of two results; NULL for none. */
static void
replace(PGresult **kept, PGresult *result)
{
    drop(*kept);
    *kept = result;
}

/* A good answer. Takes the result. */
static void
deliver(struct cup_pg_wire *wire, struct cup_pg_answer *answer,
        PGresult *result)
{
    struct cup_pg_call *call = answer->call;

    if (answer->kind == CUP_PG_ROWS) {
        note_tag(wire, PQcmdStatus(result));
        if (PQresultMemorySize(result) > CUP_PG_OVERSIZED)
            wire->oversized = true;
    }
    if (call == NULL) {
        PQclear(result);
        return;
    }
    if (answer->kind == CUP_PG_ROWS)
        add_affected(call, result);
    if (answer->kind == CUP_PG_ROWS && !call->discard_rows)
        replace(&call->rows, result);
    else if (answer->kind == CUP_PG_DESCRIBE)
        replace(&call->described, result);
    else
        PQclear(result);
}

/* A bad one. Takes the result. */
static void
deliver_error(struct cup_pg_wire *wire, struct cup_pg_answer *answer,
              PGresult *result)
{
    struct cup_pg_call *call = answer->call;

    if (answer->kind == CUP_PG_BOUNDARY)
        cup_pg_boundary_failed(wire, result);
    cup_pg_role_note(wire, result);
    if (cup_pg_is_farewell(result)) {
        cup_pg_note_farewell(wire, result);
        cup_pg_wire_lose(wire); /* what is left to come says nothing new */
    } else if (cup_pg_is_breakdown(result)) {
        wire->poisoned = PQstatus(wire->conn) == CONNECTION_OK;
        cup_pg_wire_lose(wire);
    } else if (call == &wire->ahead.call) {
        cup_pg_note_farewell(wire, result); /* why the next request fails */
        cup_pg_wire_lose(wire);
    }
    if (call == NULL || call == &wire->ahead.call || call->error != NULL) {
        PQclear(result);
        return;
    }
    call->error = result;
    call->error_kind = answer->kind;
}

/* One result, which belongs to the answer at the front. */
static void
match(struct cup_pg_wire *wire, PGresult *result)
{
    struct cup_pg_answer *front = answer_at(&wire->answers, 0);
    ExecStatusType status = PQresultStatus(result);

    if ((status == PGRES_PIPELINE_SYNC) != (front->kind == CUP_PG_SYNC)) {
        PQclear(result);
        cup_pg_wire_lose(wire); /* not an answer to what was asked */
        return;
    }
    switch (status) {
    case PGRES_PIPELINE_SYNC:
        PQclear(result);
        pop(wire);
        return;
    case PGRES_EMPTY_QUERY:
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        deliver(wire, front, result);
        return;
    case PGRES_BAD_RESPONSE:
    case PGRES_FATAL_ERROR:
    case PGRES_NONFATAL_ERROR:
        deliver_error(wire, front, result);
        return;
    case PGRES_PIPELINE_ABORTED:
        PQclear(result);
        return;
    case PGRES_COPY_OUT:
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
    case PGRES_SINGLE_TUPLE:
        break;
    }
    deliver_error(wire, front, result);
    cup_pg_wire_lose(wire); /* there is no way back from COPY in a pipeline */
}

void
cup_pg_take_answers(struct cup_pg_wire *wire)
{
    while (wire->answers.count > 0 && !wire->lost && !PQisBusy(wire->conn)) {
        PGresult *result = PQgetResult(wire->conn);
        struct cup_pg_answer *front = answer_at(&wire->answers, 0);

        if (wire->poisoned) {
            PQclear(result);
            cup_pg_wire_lose(wire);
        } else if (result != NULL) {
            match(wire, result);
        } else if (front->kind != CUP_PG_SYNC &&
                   PQstatus(wire->conn) == CONNECTION_OK) {
            pop(wire); /* libpq ends each answer but a SYNC with a NULL */
        } else {
            cup_pg_wire_lose(wire);
        }
    }
    if (wire->answers.count == 0)
        (void)PQisBusy(wire->conn); /* has it look at what else it has read */
}

/* ---- The pump -------------------------------------------------------- */

/* A server that never stops talking must not keep us beyond the deadline, and
 * one that is always ahead must not keep others from running. Yields. */
static cupel_status
take_turns(struct cup_pg_wire *wire, cupel_time until)
{
    const struct cup_task *task = cup_task_current();

    if (++wire->turns < TURNS_ALONE)
        return CUPEL_OK;
    wire->turns = 0;
    if (task != NULL && task->until < until)
        until = task->until;
    if (until != CUPEL_FOREVER && cupel_now() >= until)
        return cup_error_deadline();
    return task != NULL ? cupel_yield() : CUPEL_OK;
}

/* Read what the socket has. One TLS record may hold more than libpq takes at
 * once, and the socket is silent about the rest. */
static void
read_all(struct cup_pg_wire *wire)
{
    bool more = PQconsumeInput(wire->conn) == 1;
    int i;

    for (i = 0; more && wire->tls && i < TLS_RECORDS && PQisBusy(wire->conn);
         i++)
        more = PQconsumeInput(wire->conn) == 1;
    if (!more)
        cup_pg_wire_unwatch(wire); /* what came before the end is still taken */
}

/* Send, wait for the socket, read. Yields. */
static cupel_status
turn(struct cup_pg_wire *wire, cupel_time until)
{
    cupel_time limit = cup_pg_ahead_limit(&wire->ahead, until);
    int events = CUP_READABLE;
    cupel_status rc;

    if (PQflush(wire->conn) == 1)
        events |= CUP_WRITABLE;
    cup_pg_wire_unwatch(wire);
    if (wire->fd == NULL) {
        cup_pg_wire_lose(wire);
        return CUPEL_OK;
    }
    rc = cup_fd_wait(wire->fd, events, limit, NULL);
    if (rc == CUPEL_E_TIMEOUT && limit < until && cup_pg_ahead_overdue(wire))
        return CUPEL_OK; /* the wire tells */
    if (rc == CUPEL_OK)
        rc = take_turns(wire, until);
    if (rc == CUPEL_OK)
        read_all(wire);
    return rc;
}

cupel_status
cup_pg_await(struct cup_pg_wire *wire, struct cup_pg_call *call,
             cupel_time until)
{
    cupel_status rc;

    for (;;) {
        cup_pg_take_answers(wire);
        if (call->pending == 0)
            return CUPEL_OK;
        if (wire->lost)
            return cup_pg_error_lost(wire, call);
        rc = turn(wire, until);
        if (rc != CUPEL_OK)
            return rc;
    }
}

cupel_status
cup_pg_drain(struct cup_pg_wire *wire, cupel_time until)
{
    cupel_status rc;

    for (;;) {
        cup_pg_take_answers(wire);
        if (wire->lost)
            return cup_pg_error_lost(wire, NULL);
        if (wire->answers.count == 0)
            return CUPEL_OK;
        rc = turn(wire, until);
        if (rc != CUPEL_OK)
            return rc;
    }
}

cupel_status
cup_pg_flush(struct cup_pg_wire *wire, cupel_time until)
{
    cupel_status rc = take_turns(wire, until);

    while (rc == CUPEL_OK && PQflush(wire->conn) == 1) {
        rc = turn(wire, until);
        cup_pg_take_answers(wire);
        if (rc == CUPEL_OK && wire->lost)
            rc = cup_pg_error_lost(wire, NULL);
    }
    return rc;
}
