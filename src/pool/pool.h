/* SPDX-License-Identifier: MIT */
/* Who holds which wire.
 *
 * A slot is a place for one wire. It is in exactly one of four states, and
 * `size` is their sum at every moment:
 *
 *     connecting -> lent <-> idle
 *          \          |        |
 *           `------> closing <-'  -> gone
 *
 * Waiters are served first come, first served, by direct hand-off: a wire that
 * comes back goes to the first waiter, never to the floor. A connect belongs to
 * the pool, not to the task that asked: it runs in a task of the pool's, and
 * its result goes to whoever waits longest.
 *
 * A pool belongs to the thread and the loop that use it as long as it has any
 * slot; a blocking pool, to the thread, as long as it has one lent. When that
 * loop has ended and nothing is lent, any other may have it, idle wires and
 * all. */
#ifndef CUP_POOL_POOL_H
#define CUP_POOL_POOL_H

#include <cupel/ext/dialect.h>

#include "base/event.h"

struct cup_pool;
struct cup_slot;

/* Everything is copied except the dialect (static); the url and the listeners
 * are shared with the pool, whose tasks may outlive whoever made it. */
struct cup_pool_config {
    const cupel_dialect *dialect;
    const cupel_url *url;
    struct cup_events *events;         /* of the pool; NULL: it makes its own */
    struct cup_events *dialect_events; /* do_connect, handle_error; or NULL */
    size_t size;                /* connections kept; 0: no limit at all */
    size_t max_overflow;        /* more than that, for a while; SIZE_MAX: any */
    int64_t timeout_ms;         /* longest wait; 0: only if there is room */
    int64_t connect_timeout_ms; /* longest connect */
    int64_t close_timeout_ms;   /* longest clean-up step; 0: 2000 */
    bool blocking;              /* for use outside tasks */
};

/* Figures at one moment. */
struct cup_pool_figures {
    size_t size; /* idle + lent + connecting + closing */
    size_t idle;
    size_t lent;
    size_t connecting;
    size_t closing;
    size_t waiting;     /* tasks in the queue */
    uint64_t checkouts; /* since the pool was made */
    uint64_t connects;
    uint64_t timeouts;
};

/* Opens nothing. The caller holds the one reference. */
cupel_status
cup_pool_new(const struct cup_pool_config *config, struct cup_pool **out);

/* Lend one live wire, waiting for it no longer than the pool's timeout or
 * `until`. A wire that died while idle is replaced here. `tag` (copied; NULL:
 * the task's name) names the holder in error texts. Yields. TIMEOUT with sizes,
 * waiters, longest holder and last connect error in the message; CANCELLED;
 * CLOSED; what the connect answered; INVALID from another thread or loop than
 * the pool belongs to; NOTASK. */
cupel_status
cup_pool_checkout(struct cup_pool *pool, const char *tag, cupel_time until,
                  struct cup_slot **out);

/* The wire of a lent slot. */
cupel_wire *
cup_slot_wire(struct cup_slot *slot);

/* Give a slot back. An open transaction is rolled back first, shielded and
 * with a deadline of its own; a wire that is then not idle is closed instead.
 * Yields. Never fails: the slot is free afterwards, one way or another. The
 * error record stays as it is. */
void
cup_pool_checkin(struct cup_slot *slot);

/* Give a slot back whose wire must not be used again (cancelled, timed out,
 * lost, or its holder vanished). Never yields: a task of the pool's cancels
 * what is in flight and closes the wire; until then the slot counts as
 * closing. Without a loop to run that task the wire is hung up at once. */
void
cup_pool_discard(struct cup_slot *slot);

/* OK, or INVALID: the pool belongs to another thread now. Ask before giving
 * anything back or closing: those do nothing then but log a warning, since
 * whatever they could do would hit the other thread in the back. */
cupel_status
cup_pool_check_home(struct cup_pool *pool);

/* Close the idle wires and, when lent ones come back, those too. Waiters get
 * CLOSED, connects are cancelled; waits, shielded and not for long, until all
 * of that is done. Yields. The pool can no longer be used. */
void
cup_pool_close(struct cup_pool *pool);

/* Drop the caller's reference. Never yields: wires that are still idle are hung
 * up, lent slots keep the pool's memory until they are back. NULL allowed. */
void
cup_pool_free(struct cup_pool *pool);

/* Its listeners. Borrowed. */
struct cup_events *
cup_pool_events(struct cup_pool *pool);

/* On the pool's own thread. */
struct cup_pool_figures
cup_pool_figures(const struct cup_pool *pool);

#endif
