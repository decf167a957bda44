/* SPDX-License-Identifier: MIT */
/* What the wires of the fake database share: the book of calls, faults and
 * statements, and the round trip. */
#ifndef CUP_DIALECT_FAKE_SERVER_H
#define CUP_DIALECT_FAKE_SERVER_H

#include "dialect/fake/fake.h"
#include "dialect/fake/session.h"

/* ---- faults.c ---------------------------------------------------------- */

/* Count a call, and find what strikes it: if nothing does, a delay of the
 * latency alone. `sql` may be NULL. */
void
cup_fake_arrive(enum cup_fake_op op, const char *sql,
                struct cup_fake_fault *out);

/* Write a received statement into the log. */
void
cup_fake_log_add(const char *sql, size_t len);

/* Count a wire in, or out. */
void
cup_fake_wire_opened(void);
void
cup_fake_wire_closed(void);

/* How often the server hung up on everybody. */
unsigned long
cup_fake_hang_ups(void);

/* ---- wire.c ------------------------------------------------------------ */

/* The client's side of one connection. */
struct cup_fake_wire {
    struct cupel_wire base;
    struct cup_fake_session session;
    struct cup_list streams; /* of cup_fake_rows.link: not yet at their end */
    unsigned long hang_ups;  /* of the server, when this was connected */
    bool broken;
    bool busy;        /* a call was given up while it was in flight */
    bool begin_ahead; /* the statement in flight has a BEGIN before it */
    bool in_call;     /* calls never overlap: asserted */
    bool orphaned;    /* a stream outside a transaction was not closed */
};

/* Send `op` and wait until the server would answer: everything but its effect.
 * OK means that the effect is to happen now; *lost then tells that nobody will
 * hear of it. Yields. */
cupel_status
cup_fake_round_trip(struct cup_fake_wire *wire, enum cup_fake_op op,
                    const char *sql, cupel_time until, bool *lost);

/* The connection breaks: returns the failure to report. */
cupel_status
cup_fake_break(struct cup_fake_wire *wire, enum cup_fake_op op);

/* ---- rows.c ------------------------------------------------------------ */

/* What execute gave; see rows.c. */
struct cup_fake_rows;

/* Takes the result over, also when it fails (NOMEM). */
cupel_status
cup_fake_rows_new(struct cup_fake_wire *wire, const cupel_request *request,
                  struct cup_fake_result *result, cupel_rows **out);

/* The transaction that streams belonged to is over, or with `all` the wire
 * itself: what was not fetched is gone. */
void
cup_fake_rows_cut_off(struct cup_fake_wire *wire, bool all);

#endif
