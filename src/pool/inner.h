/* SPDX-License-Identifier: MIT */
/* What the files of this room share and no other room sees. */
#ifndef CUP_POOL_INNER_H
#define CUP_POOL_INNER_H

#include <stdatomic.h>

#include "base/list.h"
#include "pool/pool.h"
#include "task/sync.h"
#include "task/wait.h"

struct cup_task;
struct cupel_loop;

enum { CUP_TAG_SIZE = 32, CUP_CONNECT_ERROR_SIZE = 256 };

enum cup_slot_state {
    CUP_SLOT_CONNECTING,
    CUP_SLOT_LENT,
    CUP_SLOT_IDLE,
    CUP_SLOT_CLOSING
};

enum { CUP_SLOT_STATES = 4 };

/* A place for one wire. Owned by its pool, of which it holds a reference. */
struct cup_slot {
    struct cup_pool *pool;
    cupel_wire *wire;     /* owned; NULL while connecting */
    struct cup_list link; /* in cup_pool.slots of its state */
    enum cup_slot_state state;
    cupel_time lent_at;     /* on the coarse clock */
    struct cup_task *task;  /* that connects; NULL in a blocking pool */
    char tag[CUP_TAG_SIZE]; /* who holds it */
};

/* Who has which wire, and who wants one. All of it belongs to the thread of
 * `owner`; only the atomic members are looked at by others. */
struct cup_pool {
    struct cup_pool_config config;
    cupel_url *url;              /* our share of it */
    size_t limit;                /* most slots at once; SIZE_MAX: any */
    size_t keep;                 /* most idle ones */
    size_t refs;                 /* the user's, and each slot, waiter, closer */
    _Atomic(const void *) owner; /* see bind.c; NULL: whoever comes next */
    _Atomic(struct cupel_loop *) loop;      /* of the owner; see bind.c */
    struct cup_list slots[CUP_SLOT_STATES]; /* of cup_slot.link, oldest first */
    size_t slot_counts[CUP_SLOT_STATES];
    size_t size;             /* slots that exist */
    struct cup_list waiters; /* of cup_pool_waiter.base.link, oldest first */
    size_t waiting;          /* in the list, or off it and not yet resumed */
    struct cup_cond settled; /* nothing is connecting or closing any more */
    bool closed;
    uint64_t checkouts;
    uint64_t connects;
    uint64_t timeouts;
    char connect_error[CUP_CONNECT_ERROR_SIZE]; /* the last one's text, or "" */
};

/* A task in the queue. On its stack. */
struct cup_pool_waiter {
    struct cup_waiter base;
    const char *tag;           /* borrowed; may be NULL */
    struct cup_slot *slot;     /* handed over with OK */
    struct cupel_error *error; /* handed over with a failure; owned */
    bool answered;             /* off the queue, and not counted any more */
};

/* ---- pool.c ------------------------------------------------------------- */

void
cup_pool_ref(struct cup_pool *pool);

/* The last one frees the memory. */
void
cup_pool_unref(struct cup_pool *pool);

/* The end of every operation that holds a reference of its own: check the
 * books, drop the reference, let go of the thread if nothing is left. The pool
 * is not to be touched afterwards. */
void
cup_pool_leave(struct cup_pool *pool);

/* ---- slot.c ------------------------------------------------------------- */

/* A new slot that is connecting. NULL: no memory. */
struct cup_slot *
cup_slot_new(struct cup_pool *pool);

/* Change the state, to the end of that state's list. */
void
cup_slot_move(struct cup_slot *slot, enum cup_slot_state state);

/* The slot, whose wire is gone, goes too; and perhaps the pool with it. */
void
cup_slot_free(struct cup_slot *slot);

/* Lend it to the current task, or to the task of a waiter. */
void
cup_slot_lend(struct cup_slot *slot, const char *tag,
              const struct cup_task *task);

/* What holds whenever nobody is in the middle of a change: nobody waits while a
 * wire is idle, or without anything to wait for. */
void
cup_pool_check_rest(const struct cup_pool *pool);

/* Whether slots or waiters tie the pool to its loop. Idle wires do not: they
 * find their way on another loop. */
bool
cup_pool_is_busy(const struct cup_pool *pool);

/* ---- bind.c ------------------------------------------------------------- */

/* Make the pool this thread's and loop's own, or find that it is. INVALID,
 * NOTASK. */
cupel_status
cup_pool_bind(struct cup_pool *pool);

/* Bind it if that is possible, to say goodbye from here. */
void
cup_pool_move_here(struct cup_pool *pool);

/* Whether the pool may be touched here: what cup_pool_check_home() answers. */
bool
cup_pool_is_home(struct cup_pool *pool);

/* Let go of the thread if nothing of the pool's needs it any more. */
void
cup_pool_unbind_if_unused(struct cup_pool *pool);

/* Whether a task of the pool's can be started here. */
bool
cup_pool_can_spawn(const struct cup_pool *pool);

/* ---- connect.c ---------------------------------------------------------- */

/* Start a connect for each waiter without one, as far as the limits allow. If
 * that fails and nothing else is under way, waiters are told. Leaves the error
 * record as it is. */
void
cup_pool_grow(struct cup_pool *pool);

/* Connect right here, for a blocking pool. Yields. */
cupel_status
cup_pool_connect_here(struct cup_pool *pool, cupel_time until,
                      struct cup_slot **out);

/* ---- checkout.c --------------------------------------------------------- */

/* Take the first waiter out of the queue and answer it: with a slot that is to
 * be lent to it, or with a failure and its record (taken, may be NULL). False
 * if nobody waits. */
bool
cup_pool_answer(struct cup_pool *pool, struct cup_slot *slot, cupel_status rc,
                struct cupel_error *error);

/* ---- checkin.c ---------------------------------------------------------- */

/* A live wire with nothing open is free: to the first waiter, to the idle ones,
 * or closed. */
void
cup_pool_offer(struct cup_slot *slot);

/* The wire is not to be used any more: it is closed in a task of the pool's, or
 * hung up if there can be none. Leaves the error record as it is. */
void
cup_pool_retire(struct cup_slot *slot);

#endif
