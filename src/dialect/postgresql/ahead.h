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
 * lost, and the next request says so. So it does if the ROLLBACK has a group of
 * its own, and its own deadline passes before the answer is there. */
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
    cupel_time until;        /* when they are to be there */
};

static inline bool
cup_pg_ahead_pending(const struct cup_pg_ahead *ahead)
{
    return ahead->call.pending > 0;
}

/* Something is sent. If that goes on with the ROLLBACK's group, its sender
 * sends the Sync, too; and the server answers all of the group at once, so that
 * there is no telling how soon it answers the ROLLBACK. */
static inline void
cup_pg_ahead_follow(struct cup_pg_ahead *ahead, const struct cup_pg_call *call)
{
    if (cup_later_stop(&ahead->sync) && call != &ahead->call)
        ahead->until = CUPEL_FOREVER;
}

/* The wire is lost: nothing more is sent. */
static inline void
cup_pg_ahead_stop(struct cup_pg_ahead *ahead)
{
    cup_later_stop(&ahead->sync);
}

/* How long a wait for this answer, or for one behind it, may take. */
static inline cupel_time
cup_pg_ahead_limit(const struct cup_pg_ahead *ahead, cupel_time until)
{
    return cup_pg_ahead_pending(ahead) && ahead->until < until ? ahead->until
                                                               : until;
}

/* After a wait that was too long: whether the answer is overdue. The wire is
 * lost then. */
bool
cup_pg_ahead_overdue(struct cup_pg_wire *wire);

/* Wait for the answer. Yields. As cup_pg_await(). */
cupel_status
cup_pg_ahead_finish(struct cup_pg_wire *wire, cupel_time until);

/* The same without letting anybody else run, for a round trip's time. A wire
 * that is not that quick is lost. */
void
cup_pg_ahead_block(struct cup_pg_wire *wire);

/* A member of the dialect's table. */
bool
cup_pg_rollback_ahead(cupel_wire *base, cupel_time until);

#endif
