/* SPDX-License-Identifier: MIT */
/* A ROLLBACK that nobody waits for: it is sent ahead of the wire's next
 * request, in the same flush and the same group,
 *
 *     ROLLBACK [BEGIN] Bind Execute Sync  ->  wait
 *
 * or with a Sync of its own at the loop's next turn, if no request comes in
 * this one: so no lock is held for longer. Either way the server takes it
 * before whatever comes next, and its answer is read with the next one's.
 *
 * A ROLLBACK that fails leaves a transaction that has failed. Nothing that was
 * sent behind it is executed then, in its group or in another: the wire is
 * lost, and the next request says so. */
#ifndef CUP_DIALECT_POSTGRESQL_AHEAD_H
#define CUP_DIALECT_POSTGRESQL_AHEAD_H

#include <cupel/ext/dialect.h>

#include "dialect/postgresql/answers.h"
#include "task/loop.h"

struct cup_pg_wire;

/* In the wire. Zeroed memory is none. */
struct cup_pg_ahead {
    struct cup_pg_call call; /* in whose name the answers are awaited */
    struct cup_later sync;   /* under way while nothing stands behind it */
};

static inline bool
cup_pg_ahead_pending(const struct cup_pg_ahead *ahead)
{
    return ahead->call.pending > 0;
}

/* Whoever sends what comes next in its group sends the Sync, too; or the wire
 * is lost, and there never will be one. */
static inline void
cup_pg_ahead_joined(struct cup_pg_ahead *ahead)
{
    cup_later_stop(&ahead->sync);
}

/* Wait for the answer. Yields. As cup_pg_await(). */
cupel_status
cup_pg_ahead_finish(struct cup_pg_wire *wire, cupel_time until);

/* The same without letting anybody else run, for a round trip's time. A wire
 * that is not that quick is lost. */
void
cup_pg_ahead_block(struct cup_pg_wire *wire);

/* A member of the dialect's table. */
bool
cup_pg_rollback_ahead(cupel_wire *base);

#endif
