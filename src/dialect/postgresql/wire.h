/* SPDX-License-Identifier: MIT */
/* One connection: libpq's PGconn in pipeline mode, the queue of answers it
 * owes, and what the server last said of itself. */
#ifndef CUP_DIALECT_POSTGRESQL_WIRE_H
#define CUP_DIALECT_POSTGRESQL_WIRE_H

#include <cupel/ext/dialect.h>

#include <libpq-fe.h>
#include <sys/types.h>

#include "base/list.h"
#include "dialect/postgresql/ahead.h"
#include "dialect/postgresql/answers.h"
#include "dialect/postgresql/boundary.h"
#include "dialect/postgresql/chores.h"
#include "dialect/postgresql/isolation.h"
#include "dialect/postgresql/params.h"
#include "dialect/postgresql/prepared.h"
#include "dialect/postgresql/role.h"
#include "task/fd.h"

/* A request or a result above this leaves libpq's buffers that large. */
#define CUP_PG_OVERSIZED ((size_t)64 * 1024 * 1024)

/* The last words of a server that is going away. */
struct cup_pg_farewell {
    char sqlstate[6]; /* "" if there were none */
    char message[256];
};

struct cup_pg_options;

/* What every statement looks at comes first. */
struct cup_pg_wire {
    cupel_wire base;
    PGconn *conn;      /* owned */
    struct cup_fd *fd; /* owned; watches the socket of `conn`; NULL once that
                          is closed or nothing is expected from it */
    cupel_wire_state status; /* when nothing was in flight last */
    bool lost;               /* must not be used again */
    bool poisoned;           /* the server said what it should not have */
    bool unsynced;           /* the group being sent has no SYNC yet */
    bool oversized;          /* libpq's buffers have grown for good */
    bool shared;             /* somebody else was shown `conn` */
    bool pooler;             /* a transaction pooler stands in between */
    bool private;            /* TLS was required: nothing may go in clear */
    bool tls;                /* the socket is encrypted */
    unsigned turns;          /* waits since others had their turn */
    cupel_time quiet_since;  /* when the last answer came */
    struct cup_pg_answers answers;
    struct cup_pg_ahead ahead;
    unsigned long transactions; /* ended; a cursor lives in one only */
    unsigned long
        rollbacks;         /* to savepoints, and whatever else closes cursors */
    unsigned long cursors; /* made; the next one's name */
    struct cup_list streams; /* of cup_pg_stream.link: open ones */
    struct cup_pg_params params;
    struct cup_pg_prepared prepared;
    struct cup_pg_boundaries boundaries;
    struct cup_pg_chores chores;
    struct cup_pg_isolation isolation;
    struct cup_pg_role role;
    struct cup_pg_farewell farewell;
    pid_t pid; /* the process that connected: a child must not talk */
};

/* Take over a connection that is established, by the url's options. On failure
 * it is closed. */
cupel_status
cup_pg_wire_new(PGconn *conn, const struct cup_pg_options *options,
                cupel_wire **out);

static inline struct cup_pg_wire *
cup_pg_wire(cupel_wire *wire)
{
    return (struct cup_pg_wire *)wire;
}

/* Give the wire up: nothing more is sent or expected. Its calls find out. */
void
cup_pg_wire_lose(struct cup_pg_wire *wire);

/* Watch no socket that libpq has closed: its number may be another's soon. To
 * be called after whatever may have read or written, before the next wait. */
void
cup_pg_wire_unwatch(struct cup_pg_wire *wire);

/* Notice a server that hung up while nobody was looking, without waiting. */
void
cup_pg_wire_look(struct cup_pg_wire *wire);

/* Make the wire ready for a statement: one that was lost is refused, and
 * answers that nobody waits for are read first. Yields. OPERATIONAL, TIMEOUT,
 * CANCELLED. */
cupel_status
cup_pg_prepare_wire(struct cup_pg_wire *wire, cupel_time until);

/* The same for a request that nothing may go ahead of. Yields. */
cupel_status
cup_pg_settle(struct cup_pg_wire *wire, cupel_time until);

/* Remember what the server says, since nothing is in flight now. */
void
cup_pg_wire_quiet(struct cup_pg_wire *wire);

/* Members of the dialect's table. */
cupel_wire_state
cup_pg_state(const cupel_wire *base);

bool
cup_pg_alive(cupel_wire *base);

void
cup_pg_close(cupel_wire *base, cupel_time until);

void
cup_pg_free(cupel_wire *base);

#endif
