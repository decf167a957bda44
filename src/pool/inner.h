/* SPDX-License-Identifier: MIT */
/* What the files of this room share and no other room sees.
 *
 * The state (lists, counts, the members of slots) belongs to the pool's guard:
 * in a QueuePool a mutex, in all others the one thread that may use them. The
 * guard is held from cup_pool_enter() to cup_pool_leave(), except while a
 * dialect works or a listener is told: those may wait, and after them
 * everything shared is looked at afresh. */
#ifndef CUP_POOL_INNER_H
#define CUP_POOL_INNER_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/info.h"
#include "base/list.h"
#include "pool/pool.h"
#include "task/loop.h"
#include "task/sync.h"
#include "task/task.h"
#include "task/wait.h"

struct cupel_loop;

enum { CUP_TAG_SIZE = 32, CUP_CONNECT_ERROR_SIZE = 256 };

/* The most connects under way at once: a server that comes back is not run
 * over by everybody who waited for it. */
enum { CUP_MOST_CONNECTS = 64 };

enum cup_slot_state {
    CUP_SLOT_CONNECTING, /* `wire` may be one that is to be closed first */
    CUP_SLOT_LENT,
    CUP_SLOT_IDLE,
    CUP_SLOT_CLOSING,
    CUP_SLOT_VACANT,  /* no wire; ready for the next connect */
    CUP_SLOT_DETACHED /* lent for good: no place of the pool's any more */
};

enum { CUP_SLOT_STATES = 6 };

/* What makes a slot need a closer look at its next change. */
enum {
    CUP_MARK_ISOLATION = 1, /* the level was changed by the holder */
    CUP_MARK_SWITCHES = 2,  /* so were session switches */
    CUP_MARK_STAYS = 4,     /* closing, and vacant afterwards */
    CUP_MARK_PARTING = 8    /* detached, and being closed */
};

/* A connection as its user has it: the one of a slot, or one that was lent by
 * cup_pool_connect() and is owned. */
struct cupel_raw_connection {
    struct cup_slot *slot; /* NULL: closed or invalidated */
    struct cup_mutex lock; /* of an owned one: one call at a time */
    size_t calls;          /* under way, or waiting for their turn */
    bool owned;
    bool invalidated;
    bool freed; /* by its user, in the middle of a call */
};

/* A place for one wire. Owned by its pool, of which it holds a reference. The
 * one wire of a StaticPool has a slot of its own, the host, and one for each
 * loan, which stands for it. */
struct cup_slot {
    struct cupel_pool *pool;
    cupel_wire *wire;     /* owned; of a share, the host's; NULL: none */
    struct cup_list link; /* in cupel_pool.slots of its state; a share's in
                             cupel_pool.shares */
    enum cup_slot_state state;
    unsigned marks;          /* CUP_MARK_..., of whoever has the slot */
    atomic_bool stale;       /* to be replaced at the next checkout */
    bool fresh;              /* opened, and not idle since */
    bool warm;               /* connecting, and nobody waits for it */
    unsigned long epoch;     /* forks that the pool had seen */
    cupel_time lent_at;      /* on the coarse clock */
    cupel_time idle_at;      /* likewise */
    cupel_time expires_at;   /* when it is too old; CUPEL_FOREVER: never */
    _Atomic uint64_t holder; /* whose task or thread it was lent to, or, if
                              `used`, who was the last to work on it */
    atomic_bool used;        /* see cup_slot_hold() */
    struct cup_task *task;   /* that connects; NULL in a blocking pool */
    uint64_t switches;       /* that are on: bits of their numbers */
    struct cup_slot *host;   /* of a share; NULL: it is none */
    size_t shares;           /* of a host */
    struct cupel_info info;
    struct cupel_info record_info;
    struct cupel_raw_connection raw;
    char tag[CUP_TAG_SIZE]; /* who holds it */
};

/* What a class of pools does differently. */
struct cup_pool_policy {
    const char *name;
    const char *logger;
    bool for_async;
    bool for_blocking;
    bool queues;   /* size, overflow and timeout mean something */
    bool keeps;    /* wires that come back are kept */
    bool shared;   /* one wire for everybody at once */
    bool single;   /* to ask while it is lent is an error */
    bool threaded; /* for many threads */
};

/* Sums since the pool was made. */
struct cup_pool_sums {
    uint64_t checkouts;
    uint64_t connects;
    uint64_t timeouts;
    uint64_t connect_failures;
    uint64_t refusals;
    uint64_t invalidations;
    uint64_t replacements;
    uint64_t queued;
    uint64_t wait_total_ms;
    uint64_t wait_longest_ms;
    size_t lent_peak;
};

/* Who has which wire, and who wants one. All of it belongs to the guard; only
 * the atomic members are looked at without it. */
struct cupel_pool {
    struct cup_pool_config config;
    const struct cup_pool_policy *policy;
    cupel_url *url; /* our share of it */
    size_t limit;   /* most slots at once; SIZE_MAX: any */
    size_t keep;    /* most idle and vacant ones */
    bool careful;   /* something beyond the ordinary was asked for */
    size_t refs;    /* the users', and each slot, waiter, closer */
    size_t users;   /* who will call cup_pool_free() */
    bool guarded;   /* `guard` is in use */
    pthread_mutex_t guard;
    unsigned long epoch;               /* forks seen; see fork.c */
    _Atomic(const void *) owner;       /* see bind.c; NULL: whoever comes */
    _Atomic(struct cupel_loop *) loop; /* of the owner; see bind.c */
    struct cup_list slots[CUP_SLOT_STATES]; /* of cup_slot.link, oldest first */
    size_t slot_counts[CUP_SLOT_STATES];
    size_t staying;          /* closing slots that will be vacant */
    size_t parting;          /* detached slots that are being closed */
    size_t size;             /* slots with a wire of the pool's, or soon */
    struct cup_list waiters; /* of cup_pool_waiter.base.link, oldest first */
    size_t waiting;          /* in the list, or off it and not yet resumed */
    struct cup_cond settled; /* one less is connecting or closing */
    size_t warming;          /* connects that nobody waits for */
    bool closed;

    struct cup_slot *host;   /* of a StaticPool, open to new shares; or NULL */
    struct cup_list shares;  /* of its loans */
    struct cup_mutex shared; /* held around calls on a shared wire */

    atomic_bool introduced;   /* first_connect was told, the server is known */
    struct cup_mutex door;    /* one task at a time does that */
    pthread_mutex_t gate;     /* one thread at a time does that */
    pthread_cond_t gate_news; /* nobody does it any more */
    bool gate_taken;          /* under `gate`, as the news are */
    cupel_server_info server; /* struct_size 0: not known yet */

    cupel_time failed_at;        /* the last failed connect; 0: none */
    cupel_status connect_status; /* what it answered */
    uint64_t dice;               /* for lifetimes that differ */
    struct cup_pool_sums sums;
    char connect_error[CUP_CONNECT_ERROR_SIZE]; /* the last one's text, or "" */
};

/* A task or thread in the queue. On its stack. */
struct cup_pool_waiter {
    struct cup_waiter base;
    const char *tag;           /* borrowed; may be NULL */
    uint64_t holder;           /* what a slot's `holder` will be */
    struct cup_slot *slot;     /* handed over with OK */
    struct cupel_error *error; /* handed over with a failure; owned */
    cupel_status rc;           /* of a thread: what base.rc is to a task */
    pthread_cond_t news;       /* of a thread */
    bool answered;             /* off the queue, and not counted any more */
    bool renews; /* before all others: his wire is being replaced */
};

/* ---- guard -------------------------------------------------------------- */

static inline void
cup_guard_take(struct cupel_pool *pool)
{
    if (pool->guarded)
        pthread_mutex_lock(&pool->guard);
}

static inline void
cup_guard_drop(struct cupel_pool *pool)
{
    if (pool->guarded)
        pthread_mutex_unlock(&pool->guard);
}

/* ---- policy.c ----------------------------------------------------------- */

/* Find the class and check that it fits. ARGUMENT. */
cupel_status
cup_pool_policy_find(const struct cup_pool_config *config,
                     const struct cup_pool_policy **out);

/* Work out the limits and whether anything is out of the ordinary. */
void
cup_pool_policy_apply(struct cupel_pool *pool);

/* ---- pool.c ------------------------------------------------------------- */

void
cup_pool_ref(struct cupel_pool *pool);

/* With the guard held, and something else holding a reference. */
void
cup_pool_unref(struct cupel_pool *pool);

/* Its end: check the books, drop both, let go of the thread if nothing is left.
 * The pool is not to be touched afterwards. */
void
cup_pool_leave(struct cupel_pool *pool);

/* In a child: forget the parent's wires. See fork.c. */
void
cup_pool_after_fork(struct cupel_pool *pool);

/* The beginning of every operation: take the guard and a reference. */
static inline void
cup_pool_enter(struct cupel_pool *pool)
{
    if (pool->epoch != cup_forks)
        cup_pool_after_fork(pool);
    cup_guard_take(pool);
    pool->refs++;
}

/* ---- slot.c ------------------------------------------------------------- */

/* A slot that is connecting: a vacant one, or a new one. NULL: no memory. */
struct cup_slot *
cup_slot_new(struct cupel_pool *pool);

/* A slot of no list, for cup_slot_new() and shares. NULL: no memory. */
struct cup_slot *
cup_slot_alloc(struct cupel_pool *pool);

/* Put it among those that are connecting. */
void
cup_slot_join(struct cup_slot *slot);

/* Change the state, to the end of that state's list. */
void
cup_slot_move(struct cup_slot *slot, enum cup_slot_state state);

/* The slot, whose wire is gone, becomes vacant if it is to stay and there is
 * room; else it goes, and perhaps the pool with it. */
void
cup_slot_vacate(struct cup_slot *slot, bool stays);

/* The slot, whose wire is gone, goes too. */
void
cup_slot_free(struct cup_slot *slot);

/* Lend it to the holder, a task or (NULL) a thread, whose tag is copied. */
void
cup_slot_lend(struct cup_slot *slot, const char *tag, struct cup_task *task,
              uint64_t holder);

/* Lend it to who is asking. `tag` may be NULL: the task's name. */
void
cup_slot_lend_here(struct cup_slot *slot, const char *tag);

/* Drop vacant slots that there is no room for any more. */
void
cup_pool_trim_vacant(struct cupel_pool *pool);

/* What holds whenever nobody is in the middle of a change: nobody waits while a
 * wire is idle, unless for the replacement of his own, or without anything to
 * wait for. */
void
cup_pool_check_rest(const struct cupel_pool *pool);

/* Whether slots or waiters tie the pool to its loop. Idle wires do not: they
 * find their way on another loop. */
bool
cup_pool_is_busy(const struct cupel_pool *pool);

/* ---- bind.c ------------------------------------------------------------- */

/* Make the pool this thread's and loop's own, or find that it is. INVALID,
 * NOTASK. */
cupel_status
cup_pool_bind(struct cupel_pool *pool);

/* Bind it if that is possible, to say goodbye from here. */
void
cup_pool_move_here(struct cupel_pool *pool);

/* Whether the pool may be touched here: what cup_pool_check_home() answers. */
bool
cup_pool_is_home(struct cupel_pool *pool);

/* Let go of the thread if nothing of the pool's needs it any more, idle wires
 * left aside. */
void
cup_pool_unbind_if_unused(struct cupel_pool *pool);

/* Whether a task of the pool's can be started here. */
bool
cup_pool_can_spawn(const struct cupel_pool *pool);

/* Whether the caller may wait on behalf of the pool. */
bool
cup_pool_can_wait(const struct cupel_pool *pool);

/* A number of the calling thread's. Never 0. */
uint64_t
cup_pool_thread(void);

/* Who is asking: a number of the task's, or of the thread's. Never 0. */
static inline uint64_t
cup_pool_caller(const struct cup_task *task)
{
    return task != NULL ? task->serial << 1 : cup_pool_thread();
}

/* ---- connect.c ---------------------------------------------------------- */

/* Start a connect for each waiter without one, as far as the limits allow. If
 * that fails and nothing else is under way, waiters are told. Leaves the error
 * record as it is. */
void
cup_pool_grow(struct cupel_pool *pool);

/* Start the task of a slot that is connecting. NOMEM, INVALID. */
cupel_status
cup_pool_start_connect(struct cup_slot *slot);

/* Connect right here, for a blocking pool. On failure the slot is gone. Yields.
 */
cupel_status
cup_pool_connect_here(struct cup_slot *slot, cupel_time until);

/* ---- open.c ------------------------------------------------------------- */

/* Close the slot's wire, if it still has one, and open another, told to all who
 * listen and set up as the pool wants it. On failure there is none. Called
 * without the guard. Yields. */
cupel_status
cup_slot_open(struct cup_slot *slot, cupel_time until);

/* ---- creator.c ---------------------------------------------------------- */

/* Make a wire of a connection of the driver's, which is taken. Yields. */
cupel_status
cup_slot_adopt(struct cup_slot *slot, void *connection, cupel_time until,
               cupel_wire **out);

/* Have the program open a connection, and make a wire of it. Yields. */
cupel_status
cup_slot_create(struct cup_slot *slot, cupel_time until, cupel_wire **out);

/* ---- checkout.c --------------------------------------------------------- */

/* Take the first waiter out of the queue and answer it: with a slot that is to
 * be lent to it, or with a failure and its record (taken, may be NULL). False
 * if nobody waits. */
bool
cup_pool_answer(struct cupel_pool *pool, struct cup_slot *slot, cupel_status rc,
                struct cupel_error *error);

/* A condition of threads, by the clock of deadlines. */
void
cup_news_init(pthread_cond_t *news);

/* Wait for it, at most until `end`: false when that has come. */
bool
cup_news_wait(pthread_cond_t *news, pthread_mutex_t *mutex, cupel_time end);

/* Queue up: at the front when the caller had its turn already. Yields. */
cupel_status
cup_pool_wait(struct cupel_pool *pool, const char *tag, cupel_time until,
              struct cup_slot *renewed, struct cup_slot **out);

/* ---- explain.c ---------------------------------------------------------- */

/* TIMEOUT with how things stand; `waiting` counts the one that gives up. */
cupel_status
cup_pool_timed_out(struct cupel_pool *pool, int64_t waited_ms, size_t waiting);

/* How long the oldest loan lasts by now. */
int64_t
cup_pool_longest_held_ms(const struct cupel_pool *pool);

/* TIMEOUT for a wait that could not end, with the tags of the holders. */
cupel_status
cup_pool_refuse(struct cupel_pool *pool);

/* Whether everything lent is lent to the waiter and to others who wait. Whoever
 * took a connection for somebody else does not count, as far as one can know:
 * once that one has worked on it, or while there are tasks that may. */
bool
cup_pool_would_wait_for_itself(const struct cupel_pool *pool,
                               const struct cup_pool_waiter *waiter);

/* Log a wait that was longer than the pool's patience. */
void
cup_pool_tell_slow(struct cupel_pool *pool, int64_t waited_ms);

/* ---- prepare.c ---------------------------------------------------------- */

/* A slot was lent: replace what is too old or dead, tell the listeners. On
 * failure it was given back. Yields. */
cupel_status
cup_pool_prepare(struct cupel_pool *pool, const char *tag, cupel_time until,
                 struct cup_slot **slot);

/* ---- checkin.c ---------------------------------------------------------- */

/* A live wire with nothing open is free: to the first waiter, to the idle ones,
 * or closed. */
void
cup_pool_offer(struct cup_slot *slot);

/* The wire is bad, or its holder has vanished: tell so and retire it. With the
 * guard held. */
void
cup_pool_end_loan(struct cup_slot *slot, bool vanished);

/* Put an idle wire among the idle ones, if there is room; else close it. */
void
cup_pool_keep(struct cup_slot *slot);

/* ---- retire.c ----------------------------------------------------------- */

/* The wire is not to be used any more: it is closed in a task of the pool's, or
 * hung up if there can be none. Leaves the error record as it is. Whether the
 * slot is to stay is said by `stays`. */
void
cup_pool_retire(struct cup_slot *slot, bool stays);

/* ---- detach.c ----------------------------------------------------------- */

/* Every wire that is open by now is to be replaced. With the guard held. */
void
cup_pool_mark_stale(struct cupel_pool *pool);

/* ---- tend.c ------------------------------------------------------------- */

/* Close what has been idle for too long. */
void
cup_pool_close_stale(struct cupel_pool *pool);

/* The same, and open what is missing. */
void
cup_pool_tend(struct cupel_pool *pool);

/* When a wire that is opened now is too old. */
cupel_time
cup_pool_expiry(struct cupel_pool *pool);

/* ---- session.c ---------------------------------------------------------- */

/* Put back what the holder has changed of the session. Yields. */
cupel_status
cup_slot_restore(struct cup_slot *slot, cupel_time until);

/* ---- share.c ------------------------------------------------------------ */

/* Lend a share of the one wire, which is opened if there is none. Yields. */
cupel_status
cup_share_obtain(struct cupel_pool *pool, const char *tag, cupel_time until,
                 struct cup_slot **out);

/* The wire was opened: everybody who waits gets a share. */
void
cup_share_offer(struct cup_slot *host);

/* A share of the host, yet to be lent. NULL: no memory. */
struct cup_slot *
cup_share_new(struct cup_slot *host);

/* The share comes back. The host is kept if nobody has another share and
 * nothing is wrong with it; else it is closed, of which the listeners were
 * `told` already or not. */
void
cup_share_end(struct cup_slot *share, bool told);

/* The host gets no new shares and is closed when the last comes back. */
void
cup_share_doom(struct cupel_pool *pool);

/* Hold the mutex of a shared wire, unless the caller does, which `taken` says.
 * Nothing to do for a wire that is not shared. Yields. */
cupel_status
cup_share_lock(struct cup_slot *slot, cupel_time until, bool *taken);

void
cup_share_unlock(struct cup_slot *slot, bool taken);

/* ---- fork.c ------------------------------------------------------------- */

/* A slot that was lent before the fork comes back: it is let go of. */
void
cup_slot_bury(struct cup_slot *slot);

/* ---- face.c ------------------------------------------------------------- */

/* A line of log with the figures. */
void
cup_pool_tell_disposed(struct cupel_pool *pool);

/* ---- notice.c ----------------------------------------------------------- */

/* Whether anybody wants to know that a connection comes or goes, well. */
static inline bool
cup_notice_wanted(const struct cupel_pool *pool)
{
    return cup_events_any(UINT64_C(1) << CUP_EVENT_CHECKOUT |
                          UINT64_C(1) << CUP_EVENT_CHECKIN |
                          UINT64_C(1) << CUP_EVENT_RESET) ||
           cup_logger_on(&pool->config.logger, CUPEL_LOG_DEBUG);
}

/* These can be refused by a listener, and are called without the guard. They
 * yield. */

/* Yields. */
cupel_status
cup_notice_first_connect(struct cup_slot *slot);

/* Log what the server is asked to describe itself, as an engine logs SQL. */
void
cup_notice_initialize(const struct cup_slot *slot);

/* First those listeners who were put before the others, and, when the pool has
 * set up the session, the rest. Yields. */
cupel_status
cup_notice_connect(struct cup_slot *slot, bool inserted);

/* Yields. */
cupel_status
cup_notice_checkout(struct cup_slot *slot);

/* Yields. */
cupel_status
cup_notice_reset(struct cup_slot *slot, bool already_reset, bool safe);

/* The listeners may change the url, or give a connection of the driver's.
 * Yields. */
cupel_status
cup_notice_do_connect(struct cup_slot *slot, const cupel_url **url,
                      void **connection);

/* What a ping answered: `rc` if that concerns nobody else, else INVALIDATEPOOL
 * or DISCONNECTION, as the listeners to handle_error want it. Yields. */
cupel_status
cup_notice_ping_failed(struct cup_slot *slot, cupel_status rc,
                       bool is_disconnect);

/* These tell of what happens in any case, and are called with the guard held,
 * which is dropped meanwhile. A listener may wait, so the slot must be where
 * nobody else takes it: lent, connecting, or closing already. */

void
cup_notice_checkin(struct cup_slot *slot, bool has_wire);

void
cup_notice_invalidate(struct cup_slot *slot);

void
cup_notice_soft_invalidate(struct cup_slot *slot);

/* `hard`: because it is no good any more. */
void
cup_notice_close(struct cup_slot *slot, bool hard);

void
cup_notice_detach(struct cup_slot *slot);

void
cup_notice_close_detached(struct cup_slot *slot);

/* The holder is gone: reset, for those who like to know, detach and
 * close_detached. */
void
cup_notice_vanished(struct cup_slot *slot);

/* A line of log of the pool's. */
void
cup_pool_log(const struct cupel_pool *pool, cupel_log_level level,
             const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
