/* SPDX-License-Identifier: MIT */
/* Transactions: references to versions of the database. */
#include "dialect/fake/session.h"

#include "dialect/fake/errors.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_START = 4096 };

static bool
in_transaction(const struct cup_fake_session *session)
{
    return session->base != NULL;
}

static void
replace(struct cup_fake_data **place, struct cup_fake_data *data)
{
    cup_fake_data_unref(*place);
    *place = data;
}

/* ---- Begin, commit, roll back ------------------------------------------ */

static cupel_status
begin(struct cup_fake_session *session)
{
    if (in_transaction(session))
        return cup_fake_fail("25001", "there is already a transaction");
    session->base = cup_fake_data_ref(session->database->data);
    session->data = cup_fake_data_ref(session->database->data);
    return CUPEL_OK;
}

static void
drop_savepoint(struct cup_fake_session *session)
{
    struct cup_fake_savepoint *inner = session->savepoint;

    session->savepoint = inner->outer;
    cup_fake_data_unref(inner->data);
    cup_free(inner);
}

void
cup_fake_session_rollback(struct cup_fake_session *session)
{
    while (session->savepoint != NULL)
        drop_savepoint(session);
    replace(&session->base, NULL);
    replace(&session->data, NULL);
    session->failed = false;
}

cupel_status
cup_fake_session_commit(struct cup_fake_session *session)
{
    struct cup_fake_data *merged;
    cupel_status rc = CUPEL_OK;

    if (!in_transaction(session))
        return CUPEL_OK;
    if (session->failed)
        rc = cup_fake_fail("25P02", "the transaction had failed and was "
                                    "rolled back");
    if (rc == CUPEL_OK)
        rc = cup_fake_merge(session->base, session->data,
                            session->database->data, &merged);
    if (rc == CUPEL_OK)
        replace(&session->database->data, merged);
    cup_fake_session_rollback(session);
    return rc;
}

void
cup_fake_session_end(struct cup_fake_session *session)
{
    cup_fake_session_rollback(session);
    cup_fake_database_close(session->database);
    session->database = NULL;
}

/* ---- Savepoints -------------------------------------------------------- */

static cupel_status
set_savepoint(struct cup_fake_session *session, const char *name)
{
    size_t size = strlen(name) + 1;
    struct cup_fake_savepoint *savepoint = cup_alloc(sizeof *savepoint + size);

    if (savepoint == NULL)
        return cup_nomem();
    memcpy(savepoint->name, name, size);
    savepoint->outer = session->savepoint;
    savepoint->data = cup_fake_data_ref(session->data);
    session->savepoint = savepoint;
    return CUPEL_OK;
}

/* Make the named savepoint the innermost. */
static cupel_status
unwind_to(struct cup_fake_session *session, const struct cup_fake_stmt *stmt)
{
    struct cup_fake_savepoint *found = session->savepoint;

    while (found != NULL && strcmp(found->name, stmt->name) != 0)
        found = found->outer;
    if (found == NULL)
        return cup_fake_fail_at("3B001", stmt->sql, stmt->name_offset,
                                "savepoint \"%s\" does not exist", stmt->name);
    while (session->savepoint != found)
        drop_savepoint(session);
    return CUPEL_OK;
}

static cupel_status
run_savepoint(struct cup_fake_session *session,
              const struct cup_fake_stmt *stmt)
{
    cupel_status rc;

    if (!in_transaction(session))
        return cup_fake_fail("25P01", "there is no transaction");
    if (stmt->kind == CUP_FAKE_SAVEPOINT)
        return set_savepoint(session, stmt->name);
    rc = unwind_to(session, stmt);
    if (rc != CUPEL_OK)
        return rc;
    if (stmt->kind == CUP_FAKE_RELEASE) {
        drop_savepoint(session);
        return CUPEL_OK;
    }
    replace(&session->data, cup_fake_data_ref(session->savepoint->data));
    session->failed = false;
    return CUPEL_OK;
}

/* ---- Statements -------------------------------------------------------- */

/* All sets on a version of its own, which becomes the visible one in the end:
 * so a failure leaves nothing behind. */
static cupel_status
run_on_data(struct cup_fake_session *session, struct cup_fake_stmt *stmt,
            const cupel_request *request, struct cup_arena *arena,
            struct cup_fake_result *result)
{
    struct cup_fake_data **visible =
        in_transaction(session) ? &session->data : &session->database->data;
    size_t sets = request->set_count > 0 ? request->set_count : 1;
    struct cup_fake_work work = {
        .data = cup_fake_data_ref(*visible),
        .stmt = stmt,
        .scope = { .sql = request->sql, .arena = arena },
        .result = result,
    };
    cupel_status rc = CUPEL_OK;

    work.scope.param_count = request->value_count;
    for (size_t i = 0; rc == CUPEL_OK && i < sets; i++) {
        if (request->value_count > 0)
            work.scope.params = request->values + i * request->value_count;
        rc = cup_fake_execute(&work);
    }
    if (rc != CUPEL_OK) {
        cup_fake_data_unref(work.data);
        return rc;
    }
    replace(visible, work.data);
    return CUPEL_OK;
}

static cupel_status
dispatch(struct cup_fake_session *session, struct cup_fake_stmt *stmt,
         const cupel_request *request, struct cup_arena *arena,
         struct cup_fake_result *result)
{
    switch (stmt->kind) {
    case CUP_FAKE_BEGIN_TRANSACTION:
        return begin(session);
    case CUP_FAKE_COMMIT_TRANSACTION:
        return cup_fake_session_commit(session);
    case CUP_FAKE_ROLLBACK_TRANSACTION:
        cup_fake_session_rollback(session);
        return CUPEL_OK;
    case CUP_FAKE_SAVEPOINT:
    case CUP_FAKE_RELEASE:
    case CUP_FAKE_ROLLBACK_TO:
        return run_savepoint(session, stmt);
    case CUP_FAKE_SELECT:
        break;
    case CUP_FAKE_CREATE:
    case CUP_FAKE_DROP:
    case CUP_FAKE_INSERT:
    case CUP_FAKE_UPDATE:
    case CUP_FAKE_DELETE:
        if (session->read_only)
            return cup_fake_fail("25006", "the session may only read");
        break;
    }
    return run_on_data(session, stmt, request, arena, result);
}

static bool
ends_failure(const struct cup_fake_stmt *stmt)
{
    return stmt->kind == CUP_FAKE_ROLLBACK_TRANSACTION ||
           stmt->kind == CUP_FAKE_COMMIT_TRANSACTION ||
           stmt->kind == CUP_FAKE_ROLLBACK_TO;
}

static cupel_status
run(struct cup_fake_session *session, const cupel_request *request,
    struct cup_arena *arena, struct cup_fake_result *result)
{
    struct cup_fake_stmt *stmt = NULL;
    cupel_status rc;

    rc = cup_fake_parse(request->sql, request->sql_len, arena, &stmt);
    if (rc != CUPEL_OK)
        return rc;
    if (session->failed && !ends_failure(stmt))
        return cup_fake_fail("25P02", "the transaction has failed: nothing "
                                      "is done until it is rolled back");
    if (stmt->param_count != request->value_count)
        return cup_fake_fail("08P01",
                             "the statement has %zu parameters, not %zu",
                             stmt->param_count, request->value_count);
    return dispatch(session, stmt, request, arena, result);
}

cupel_status
cup_fake_session_run(struct cup_fake_session *session,
                     const cupel_request *request,
                     struct cup_fake_result *result)
{
    struct cup_arena arena;
    max_align_t start[ARENA_START / sizeof(max_align_t)];
    cupel_status rc;

    cup_arena_init(&arena, start, sizeof start);
    rc = run(session, request, &arena, result);
    if (rc != CUPEL_OK && in_transaction(session))
        session->failed = true;
    cup_arena_fini(&arena);
    return rc;
}

cupel_status
cup_fake_session_run_text(struct cup_fake_session *session, const char *sql)
{
    cupel_request request = { .sql = sql, .sql_len = strlen(sql) };
    struct cup_fake_result result;
    cupel_status rc;

    cup_fake_result_init(&result);
    rc = cup_fake_session_run(session, &request, &result);
    cup_fake_result_fini(&result);
    return rc;
}
