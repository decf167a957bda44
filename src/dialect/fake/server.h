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

/* ---- trace.c ----------------------------------------------------------- */

/* A number for the next wire. */
unsigned long
cup_fake_trace_number(void);

/* Write a line: what is called, and with what (NULL: with nothing). */
void
cup_fake_trace_add(unsigned long wire, const char *call, const char *what);

/* Forget the lines, and the numbers of wires. */
void
cup_fake_trace_reset(void);

/* ---- wire.c ------------------------------------------------------------ */

/* The client's side of one connection. */
struct cup_fake_wire {
    struct cupel_wire base;
    struct cup_fake_session *session; /* owned; the driver's connection */
    unsigned long number;             /* in the trace */
    const char *level;                /* of the session: never AUTOCOMMIT */
    struct cup_list streams; /* of cup_fake_rows.link: not yet at their end */
    unsigned long hang_ups;  /* of the server, when this was connected */
    bool broken;
    bool busy;        /* a call was given up while it was in flight */
    bool begin_ahead; /* the statement in flight has a BEGIN before it */
    bool in_call;     /* calls never overlap: asserted */
    bool refused;     /* a ROLLBACK sent ahead was: the next call finds out */
    bool orphaned;    /* a stream outside a transaction was not closed */
};

/* Send `op` and wait until the server would answer: everything but its effect.
 * OK means that the effect is to happen now; *lost then tells that nobody will
 * hear of it. Yields. */
cupel_status
cup_fake_round_trip(struct cup_fake_wire *wire, enum cup_fake_op op,
                    const char *sql, cupel_time until, bool *lost);

/* The trip of a call that finds the session, changes it with `effect` under
 * cup_fake_lock(), and comes back. Yields. */
cupel_status
cup_fake_visit(struct cup_fake_wire *wire, enum cup_fake_op op,
               const char *what, cupel_time until,
               cupel_status (*effect)(struct cup_fake_wire *wire,
                                      const char *what));

/* The connection breaks: returns the failure to report. */
cupel_status
cup_fake_break(struct cup_fake_wire *wire, enum cup_fake_op op);

static inline struct cup_fake_wire *
cup_fake_wire_of(cupel_wire *base)
{
    return (struct cup_fake_wire *)(void *)base;
}

/* Commit the open transaction, if there is one. Yields. */
cupel_status
cup_fake_commit_by(struct cup_fake_wire *wire, enum cup_fake_op op,
                   cupel_time until);

/* Roll it back. Yields. */
cupel_status
cup_fake_rollback_by(struct cup_fake_wire *wire, enum cup_fake_op op,
                     cupel_time until);

/* ---- ahead.c: of the dialect ------------------------------------------- */

bool
cup_fake_rollback_ahead(cupel_wire *base, cupel_time until);

/* ---- flavor.c: of the dialect ------------------------------------------ */

extern const char *const cup_fake_levels[];
extern const char *const cup_fake_switches[];

/* Yields. */
cupel_status
cup_fake_ping(cupel_wire *base, cupel_time until);

/* Yields. */
cupel_status
cup_fake_initialize(cupel_wire *base, cupel_time until, cupel_server_info *out);

/* Yields. */
cupel_status
cup_fake_set_level(cupel_wire *base, const char *level, cupel_time until);

/* Yields. */
cupel_status
cup_fake_get_level(cupel_wire *base, cupel_time until, const char **out);

/* Yields. */
cupel_status
cup_fake_set_switch(cupel_wire *base, const char *name, bool on,
                    cupel_time until);

/* ---- twophase.c: of the dialect ---------------------------------------- */

/* Yields. */
cupel_status
cup_fake_begin_twophase(cupel_wire *base, const char *xid, cupel_time until);

/* Yields. */
cupel_status
cup_fake_prepare_twophase(cupel_wire *base, const char *xid, cupel_time until);

/* Yields. */
cupel_status
cup_fake_commit_twophase(cupel_wire *base, const char *xid, bool is_prepared,
                         cupel_time until);

/* Yields. */
cupel_status
cup_fake_rollback_twophase(cupel_wire *base, const char *xid, bool is_prepared,
                           cupel_time until);

/* Yields. */
cupel_status
cup_fake_recover_twophase(cupel_wire *base, cupel_time until, cupel_rows **out);

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
