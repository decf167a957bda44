/* SPDX-License-Identifier: MIT */
/* What is in flight on a wire, and who waits for it.
 *
 * A wire is a queue. Whatever is sent puts one entry per expected answer at its
 * end; the server answers in order, so each answer belongs to the entry at the
 * front. A *call* is somebody who wants some of those answers: a statement
 * under way, or a stream whose next batch was asked for ahead. A call that
 * leaves early stays in nobody's name: its answers are thrown away as they
 * come.
 *
 *     front -> [BEGIN][ROWS][SYNC] [ROWS][SYNC] <- end
 *               `---- call A ----'  `- call B -'
 *
 * A group that ends with a SYNC stands or falls together: after an error the
 * server skips to the SYNC. */
#ifndef CUP_DIALECT_POSTGRESQL_ANSWERS_H
#define CUP_DIALECT_POSTGRESQL_ANSWERS_H

#include <cupel/error.h>

#include <libpq-fe.h>

struct cup_pg_wire;

/* The kinds of answer. */
enum cup_pg_answer_kind {
    CUP_PG_BOUNDARY, /* of BEGIN, COMMIT or ROLLBACK */
    CUP_PG_COMMAND,  /* of another statement of ours */
    CUP_PG_PREPARE,
    CUP_PG_DESCRIBE,
    CUP_PG_ROWS, /* of a statement of the user's */
    CUP_PG_SYNC
};

/* Somebody who waits for answers. On its owner's stack, or in a stream. Zeroed
 * memory is a call that expects nothing. */
struct cup_pg_call {
    size_t pending;      /* answers in flight for it */
    size_t sets_done;    /* ROWS answered without an error */
    int64_t affected;    /* summed over them; -1 as soon as one is unknown */
    bool discard_rows;   /* only count them */
    PGresult *described; /* owned; of the last DESCRIBE */
    PGresult *rows;      /* owned; of the last ROWS */
    PGresult *error;     /* owned; the first error */
    enum cup_pg_answer_kind error_kind; /* which answer that was */
};

/* Some answers of one kind in a row, for one call. */
struct cup_pg_answer {
    enum cup_pg_answer_kind kind;
    struct cup_pg_call *call; /* NULL: nobody's */
    size_t count;
};

/* A ring of them, oldest first. */
struct cup_pg_answers {
    struct cup_pg_answer *items; /* owned */
    size_t size;                 /* a power of two, or 0 */
    size_t first;                /* where the oldest is */
    size_t count;
};

void
cup_pg_answers_fini(struct cup_pg_answers *answers);

/* Room for one more entry, to be asked for before anything is sent. */
cupel_status
cup_pg_answers_reserve(struct cup_pg_answers *answers);

/* Something was sent that will be answered. Cannot fail after a reserve. */
void
cup_pg_expect(struct cup_pg_wire *wire, enum cup_pg_answer_kind kind,
              struct cup_pg_call *call);

/* Whether answers are in flight that nobody waits for any more. */
bool
cup_pg_answers_orphaned(const struct cup_pg_answers *answers);

/* Take from libpq every answer that is complete. Never waits. */
void
cup_pg_take_answers(struct cup_pg_wire *wire);

/* Wait until the call has all its answers, sending what libpq still holds back
 * meanwhile. Whether they are good ones the call says. Yields. OPERATIONAL when
 * the connection was lost, TIMEOUT, CANCELLED. */
cupel_status
cup_pg_await(struct cup_pg_wire *wire, struct cup_pg_call *call,
             cupel_time until);

/* Wait until nothing is in flight. Yields. As cup_pg_await(). */
cupel_status
cup_pg_drain(struct cup_pg_wire *wire, cupel_time until);

/* Wait until libpq holds back nothing that was sent, reading meanwhile, so that
 * neither side ever waits for the other to read. Yields. As cup_pg_await(). */
cupel_status
cup_pg_flush(struct cup_pg_wire *wire, cupel_time until);

/* End a call: what is still in flight for it is nobody's, what it holds is
 * cleared. Harmless when it has ended. */
void
cup_pg_leave(struct cup_pg_wire *wire, struct cup_pg_call *call);

/* Clear what a call holds and make it ready for its next answers. */
void
cup_pg_call_clear(struct cup_pg_call *call);

#endif
