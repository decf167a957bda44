/* SPDX-License-Identifier: MIT */
/* The server's side of one connection: its transaction. All calls are made
 * under cup_fake_lock(). */
#ifndef CUP_DIALECT_FAKE_SESSION_H
#define CUP_DIALECT_FAKE_SESSION_H

#include "dialect/fake/exec.h"
#include "dialect/fake/store.h"

struct cup_fake_savepoint {
    struct cup_fake_savepoint *outer;
    struct cup_fake_data *data; /* what there was when it was set */
    char name[];
};

/* In place; zeroed, with a database, is a session without a transaction. */
struct cup_fake_session {
    struct cup_fake_database *database; /* counted */
    struct cup_fake_data *base; /* committed at BEGIN; NULL: no transaction */
    struct cup_fake_data *data; /* what the transaction sees */
    struct cup_fake_savepoint *savepoint; /* the innermost */
    bool failed;    /* a statement failed: only a rollback is accepted */
    bool read_only; /* statements that write are refused */
};

/* Run one statement, once for each set of values: all of them or nothing. A
 * failure inside a transaction makes it fail. */
cupel_status
cup_fake_session_run(struct cup_fake_session *session,
                     const cupel_request *request,
                     struct cup_fake_result *result);

/* Run SQL without values: what stands in `begin` of a request. */
cupel_status
cup_fake_session_run_text(struct cup_fake_session *session, const char *sql);

/* Nothing to do without a transaction. A failed one is rolled back instead and
 * says so: INTERNAL, 25P02. */
cupel_status
cup_fake_session_commit(struct cup_fake_session *session);

void
cup_fake_session_rollback(struct cup_fake_session *session);

/* Roll back and let go of the database. */
void
cup_fake_session_end(struct cup_fake_session *session);

#endif
