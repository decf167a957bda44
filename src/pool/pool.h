/* SPDX-License-Identifier: MIT */
/* Who holds which wire.
 *
 * A slot is a place for one wire, and outlives it: when the wire is given up,
 * the slot stays, vacant, for the next one. It is in exactly one state:
 *
 *     vacant -> connecting -> lent <-> idle
 *        ^          |  ^       |  |      |
 *        |          |  `-------'  |      |
 *        `----------+--- closing <+------'    lent -> detached
 *
 * `size` is the sum of connecting, lent, idle and closing at every moment.
 *
 * Waiters are served first come, first served, by direct hand-off: a wire that
 * comes back goes to the first waiter, never to the floor. A connect belongs to
 * the pool, not to the task that asked: it runs in a task of the pool's, and
 * its result goes to whoever waits longest. A blocking pool has no tasks: there
 * whoever has waited longest opens a connection himself.
 *
 * An async pool belongs to the thread and the loop that use it as long as it
 * has any wire; a blocking one to the thread that has something on loan, except
 * for a QueuePool, which any number of threads may use. When a loop has ended
 * and nothing is lent, any other may have its pools, idle wires and all. */
#ifndef CUP_POOL_POOL_H
#define CUP_POOL_POOL_H

#include <cupel/ext/dialect.h>
#include <cupel/handles.h>
#include <cupel/pool.h>

#include "base/event.h"
#include "base/logger.h"

struct cup_mutex;
struct cup_slot;

/* Everything is copied except the dialect and the isolation level, which are
 * static; the url and the listeners are shared with the pool, whose tasks may
 * outlive whoever made it. Zero is a sane value for all but the first two and
 * the timeouts. */
struct cup_pool_config {
    const cupel_dialect *dialect;
    const cupel_url *url;
    struct cup_events *events;         /* of the pool; NULL: it makes its own */
    struct cup_events *dialect_events; /* do_connect, handle_error; or NULL */
    struct cup_logger logger;          /* without a name: one after the class */
    struct cup_logger sql_logger;      /* for what the first wire is asked */
    size_t size;                /* connections kept; 0: no limit at all */
    size_t max_overflow;        /* more than that, for a while; SIZE_MAX: any */
    int64_t timeout_ms;         /* longest wait; 0: only if there is room */
    int64_t connect_timeout_ms; /* longest connect */
    int64_t close_timeout_ms;   /* longest clean-up step; 0: 2000 */
    bool blocking;              /* for use outside tasks */
    cupel_pool_class kind;
    bool lifo; /* what came back last is lent first */
    bool pre_ping;
    cupel_reset_on_return reset_on_return;
    bool skip_autocommit_rollback;   /* leave a wire in AUTOCOMMIT alone */
    int64_t recycle_ms;              /* replaced when older at a checkout */
    int64_t lifetime_ms;             /* the same, each up to a tenth earlier */
    int64_t idle_timeout_ms;         /* closed when idle for longer */
    size_t min_idle;                 /* as many are kept idle */
    int64_t slow_acquire_ms;         /* a longer wait is logged */
    const char *isolation_level;     /* of every wire; one of the dialect's */
    cupel_creator_fn *creator;       /* runs on a worker */
    cupel_creator_fn *async_creator; /* runs in a task, may yield */
    void *creator_arg;
    bool initialize; /* have the first wire ask the server what it is */
    cupel_server_info
        server; /* what is known already; struct_size 0: nothing */
};

/* Figures at one moment. */
struct cup_pool_figures {
    size_t size; /* idle + lent + connecting + closing */
    size_t idle;
    size_t lent;
    size_t connecting;
    size_t closing;
    size_t vacant;      /* slots without a wire */
    size_t waiting;     /* tasks or threads in the queue */
    uint64_t checkouts; /* since the pool was made */
    uint64_t connects;
    uint64_t timeouts;
};

/* ---- Life --------------------------------------------------------------- */

/* Opens nothing. The caller holds the one reference. ARGUMENT with the code
 * "pcls" when the class is not for such a pool; NOMEM. */
cupel_status
cup_pool_new(const struct cup_pool_config *config, cupel_pool **out);

/* The class that fits a database where none was asked for. */
cupel_pool_class
cup_pool_class_for(const cupel_dialect *dialect, const cupel_url *url,
                   bool blocking);

/* A pool with the same settings, listeners and knowledge of the server, and
 * without a connection. */
cupel_status
cup_pool_recreate(cupel_pool *pool, cupel_pool **out);

/* One more owner, who calls cup_pool_free(), too. */
cupel_pool *
cup_pool_share(cupel_pool *pool);

/* OK, or INVALID: the pool belongs to another thread now. Ask before giving
 * anything back or closing: those do nothing then but log a warning, since
 * whatever they could do would hit the other thread in the back. */
cupel_status
cup_pool_check_home(cupel_pool *pool);

/* Close the idle wires; what is lent comes back to be used again. Yields. */
void
cup_pool_dispose(cupel_pool *pool);

/* Close the idle wires and, when lent ones come back, those too. Waiters get
 * CLOSED, connects are cancelled; waits, shielded and not for long, until all
 * of that is done. Yields. The pool can no longer be used. */
void
cup_pool_close(cupel_pool *pool);

/* Drop the caller's reference. Never yields: wires that are still idle are hung
 * up, lent slots keep the pool's memory until they are back. NULL allowed. */
void
cup_pool_free(cupel_pool *pool);

/* ---- Lending ------------------------------------------------------------ */

/* Lend one live wire, waiting for it no longer than the pool's timeout or
 * `until`. A wire that died while idle, is too old, or does not answer a ping
 * is replaced here. `tag` (copied; NULL: the task's name) names the holder in
 * error texts. Yields. TIMEOUT with sizes, waiters, longest holder and last
 * connect error in the message; CANCELLED; CLOSED; what the connect or a
 * listener answered; INVALID from another thread or loop than the pool belongs
 * to; NOTASK. A wait that cannot end, because the caller and others who wait
 * hold every connection, is refused at once with TIMEOUT and their tags. */
cupel_status
cup_pool_checkout(cupel_pool *pool, const char *tag, cupel_time until,
                  struct cup_slot **out);

/* The same for a user of his own, who closes and frees what he gets. Yields. */
cupel_status
cup_pool_connect(cupel_pool *pool, const char *tag, cupel_time until,
                 cupel_raw_connection **out);

/* The wire of a lent slot. */
cupel_wire *
cup_slot_wire(struct cup_slot *slot);

/* Give a slot back. An open transaction is ended first, shielded and with a
 * deadline of its own; a wire that is then not idle is closed instead.
 * `already_reset` tells listeners that the holder has ended its transaction.
 * Yields. Never fails: the slot is free afterwards, one way or another. The
 * error record stays as it is. */
void
cup_pool_checkin(struct cup_slot *slot, bool already_reset);

/* Before a slot is given back: if it goes straight to somebody who waits, roll
 * its transaction back without waiting for the answer, which travels with that
 * one's first; by itself, it is to be there by `until`. Never yields. False:
 * nothing was done. */
bool
cup_slot_roll_back_ahead(struct cup_slot *slot, cupel_time until);

/* Give a slot back whose wire must not be used again (cancelled, timed out,
 * lost, invalidated). Never yields, if its listeners don't: a task of the
 * pool's cancels what is in flight and closes the wire; until then the slot
 * counts as closing. Without a loop to run that task the wire is hung up at
 * once. */
void
cup_pool_discard(struct cup_slot *slot);

/* Give back a slot whose holder has vanished without a goodbye. As discard. */
void
cup_pool_abandon(struct cup_slot *slot);

/* The current task or thread works on a lent slot: it is the one who would give
 * it back. Of the slot's user only. */
void
cup_slot_hold(struct cup_slot *slot);

/* Whether it was lent to the process that this one was forked off from: nothing
 * may be done here but give it back, which frees the memory. */
bool
cup_slot_is_foreign(const struct cup_slot *slot);

/* ---- What can be done with a lent slot ---------------------------------- */

/* Values that live as long as the wire. */
cupel_info *
cup_slot_info(struct cup_slot *slot);

/* Values that stay when the wire is replaced. */
cupel_info *
cup_slot_record_info(struct cup_slot *slot);

/* The wire is replaced at the slot's next checkout. */
void
cup_slot_soft_invalidate(struct cup_slot *slot);

/* Take the wire out of the pool, which may open another in its place; it is
 * closed when the slot comes back. INVALID if others use it, too; NOMEM. */
cupel_status
cup_slot_detach(struct cup_slot *slot);

bool
cup_slot_is_detached(const struct cup_slot *slot);

/* Use a level of the dialect's until the slot comes back, when it is restored
 * to the pool's or the server's. Yields. NOTSUPPORTED, what the dialect says.
 */
cupel_status
cup_slot_set_isolation(struct cup_slot *slot, const char *level,
                       cupel_time until);

/* Turn on one of the dialect's session switches; it is off again when the slot
 * comes back. Yields. As isolation. */
cupel_status
cup_slot_set_switch(struct cup_slot *slot, const char *name, bool on,
                    cupel_time until);

/* The slot as users see it. Borrowed until it comes back. */
cupel_raw_connection *
cup_slot_raw(struct cup_slot *slot);

/* ---- The pool as a whole ------------------------------------------------ */

/* Open connections until there are `count`, or as many as the pool keeps, and
 * wait until they are there. Yields. What the connect answered, TIMEOUT,
 * CANCELLED. */
cupel_status
cup_pool_warm_up(cupel_pool *pool, size_t count, cupel_time until);

/* Every wire that is open by now is replaced at its next checkout. */
void
cup_pool_invalidate(cupel_pool *pool);

/* Its settings, as they were completed. Borrowed. */
const struct cup_pool_config *
cup_pool_settings(const cupel_pool *pool);

/* Its listeners. Borrowed. */
struct cup_events *
cup_pool_events(cupel_pool *pool);

/* What the server said of itself; NULL before the first connect. */
const cupel_server_info *
cup_pool_server(const cupel_pool *pool);

/* The mutex that those who share one wire hold around calls on it, and may hold
 * around cup_pool_checkout() and checkin; NULL where nobody shares. */
struct cup_mutex *
cup_pool_lock(cupel_pool *pool);

/* On the pool's own thread. */
struct cup_pool_figures
cup_pool_figures(const cupel_pool *pool);

#endif
