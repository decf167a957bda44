/* SPDX-License-Identifier: MIT */
/* Listeners and how they are told.
 *
 * A list of listeners belongs to a connection, an engine, a dialect of an
 * engine, or a pool, and names the list that hears of the same events after it:
 * connection, child engine, engine. In front of the first list that is joined
 * to "every engine" (or pool, or dialect) come the listeners of that.
 *
 * Asking first is cheap: cup_events_want() is one load and one test as long as
 * nobody in the process listens to the kind. */
#ifndef CUP_BASE_EVENT_H
#define CUP_BASE_EVENT_H

#include <cupel/event.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/list.h"

/* Every event: its kind, its name, the family that has it, and what is special
 * about it: C if a connection has it too, R if it takes replacements, CR. */
#define CUP_EVENT_LIST(X)                                                 \
    X(BEFORE_EXECUTE, before_execute, ENGINE, CR)                         \
    X(AFTER_EXECUTE, after_execute, ENGINE, C)                            \
    X(BEFORE_CURSOR_EXECUTE, before_cursor_execute, ENGINE, CR)           \
    X(AFTER_CURSOR_EXECUTE, after_cursor_execute, ENGINE, C)              \
    X(BEGIN, begin, ENGINE, C)                                            \
    X(ROLLBACK, rollback, ENGINE, C)                                      \
    X(COMMIT, commit, ENGINE, C)                                          \
    X(SAVEPOINT, savepoint, ENGINE, C)                                    \
    X(ROLLBACK_SAVEPOINT, rollback_savepoint, ENGINE, C)                  \
    X(RELEASE_SAVEPOINT, release_savepoint, ENGINE, C)                    \
    X(BEGIN_TWOPHASE, begin_twophase, ENGINE, C)                          \
    X(PREPARE_TWOPHASE, prepare_twophase, ENGINE, C)                      \
    X(ROLLBACK_TWOPHASE, rollback_twophase, ENGINE, C)                    \
    X(COMMIT_TWOPHASE, commit_twophase, ENGINE, C)                        \
    X(SET_CONNECTION_EXECUTION_OPTIONS, set_connection_execution_options, \
      ENGINE, C)                                                          \
    X(SET_ENGINE_EXECUTION_OPTIONS, set_engine_execution_options, ENGINE, \
      PLAIN)                                                              \
    X(ENGINE_CONNECT, engine_connect, ENGINE, PLAIN)                      \
    X(ENGINE_DISPOSED, engine_disposed, ENGINE, PLAIN)                    \
    X(DO_CONNECT, do_connect, DIALECT, PLAIN)                             \
    X(DO_EXECUTE, do_execute, DIALECT, PLAIN)                             \
    X(DO_EXECUTEMANY, do_executemany, DIALECT, PLAIN)                     \
    X(DO_EXECUTE_NO_PARAMS, do_execute_no_params, DIALECT, PLAIN)         \
    X(HANDLE_ERROR, handle_error, DIALECT, PLAIN)                         \
    X(CONNECT, connect, POOL, PLAIN)                                      \
    X(FIRST_CONNECT, first_connect, POOL, PLAIN)                          \
    X(CHECKOUT, checkout, POOL, PLAIN)                                    \
    X(CHECKIN, checkin, POOL, PLAIN)                                      \
    X(RESET, reset, POOL, PLAIN)                                          \
    X(INVALIDATE, invalidate, POOL, PLAIN)                                \
    X(SOFT_INVALIDATE, soft_invalidate, POOL, PLAIN)                      \
    X(CLOSE, close, POOL, PLAIN)                                          \
    X(DETACH, detach, POOL, PLAIN)                                        \
    X(CLOSE_DETACHED, close_detached, POOL, PLAIN)

#define CUP_EVENT_KIND(kind, name, family, special) CUP_EVENT_##kind,

enum cup_event_kind { CUP_EVENT_LIST(CUP_EVENT_KIND) CUP_EVENT_KINDS };

#undef CUP_EVENT_KIND

/* Who has an event. */
enum cup_event_family {
    CUP_EVENTS_ENGINE,
    CUP_EVENTS_DIALECT,
    CUP_EVENTS_POOL,
    CUP_EVENTS_FAMILIES
};

/* A list of listeners, shared by whoever may still have something to tell. */
struct cup_events {
    atomic_size_t refs;
    struct cup_events *parent; /* heard after this; one reference, or NULL */
    struct cup_events *every;  /* heard before this; static, or NULL */
    _Atomic uint64_t wanted;   /* kinds that this list listens to, as bits */
    struct cup_list listeners; /* of struct listener.link, in order */
};

/* Kinds that anybody in the process listens to, as bits. */
extern _Atomic uint64_t cup_event_wanted_anywhere;

/* ---- Names ------------------------------------------------------------- */

/* False for a name that is no event's. */
bool
cup_event_find(const char *name, enum cup_event_kind *out);

const char *
cup_event_name(enum cup_event_kind kind);

enum cup_event_family
cup_event_family_of(enum cup_event_kind kind);

/* Whether a single connection has it, too. */
bool
cup_event_is_of_connection(enum cup_event_kind kind);

/* ---- Lists ------------------------------------------------------------- */

/* The list of every engine, dialect or pool. Static; takes no references. */
struct cup_events *
cup_events_every(enum cup_event_family family);

/* A list without listeners, and one reference to it. `parent` (may be NULL) is
 * shared; `every` is cup_events_every(), or NULL for a connection's. NULL: no
 * memory, recorded. */
struct cup_events *
cup_events_new(struct cup_events *parent, struct cup_events *every);

/* NULL gives NULL. */
struct cup_events *
cup_events_ref(struct cup_events *events);

/* NULL is allowed. */
void
cup_events_unref(struct cup_events *events);

/* Add a listener, unless it is there already. ARGUMENT for RETVAL where
 * nothing is taken back, NOMEM. */
cupel_status
cup_events_add(struct cup_events *events, enum cup_event_kind kind,
               cupel_event_fn *fn, void *arg, unsigned flags);

/* INVALID if it is not there. */
cupel_status
cup_events_remove(struct cup_events *events, enum cup_event_kind kind,
                  cupel_event_fn *fn, void *arg);

bool
cup_events_contain(const struct cup_events *events, enum cup_event_kind kind,
                   cupel_event_fn *fn, void *arg);

/* ---- Telling ----------------------------------------------------------- */

/* Whether anybody on these lists listens to any of these kinds (bits of 1 <<
 * kind). `events` may be NULL. */
bool
cup_events_want_some(const struct cup_events *events, uint64_t kinds);

/* Whether any of these kinds (bits of 1 << kind) has a listener somewhere in
 * the process: if not, there is nothing to ask further. */
static inline bool
cup_events_any(uint64_t kinds)
{
    return (atomic_load_explicit(&cup_event_wanted_anywhere,
                                 memory_order_relaxed) &
            kinds) != 0;
}

/* Whether somebody would hear of it. Ask before filling a cupel_event. `events`
 * may be NULL. */
static inline bool
cup_events_want(const struct cup_events *events, enum cup_event_kind kind)
{
    return cup_events_any(UINT64_C(1) << kind) &&
           cup_events_want_some(events, UINT64_C(1) << kind);
}

/* Tell everyone, in order, until one fails or does the work itself (`handled`,
 * `driver_connection`); a failure is answered, and is the current record. Sets
 * struct_size, name and memory (an arena for cupel_event_alloc(); NULL if the
 * event takes nothing back). Only listeners with RETVAL may change what RETVAL
 * is about. Yields. (If a listener does.) */
cupel_status
cup_events_fire(struct cup_events *events, enum cup_event_kind kind,
                struct cup_arena *memory, cupel_event *event);

/* The same for those alone who were put before the others (INSERT), or who were
 * not: something happens between them. Nothing is taken back. Yields. (As
 * above.) */
cupel_status
cup_events_fire_part(struct cup_events *events, enum cup_event_kind kind,
                     bool inserted, cupel_event *event);

/* Tell everyone of something that cannot be prevented: failures are logged,
 * the error record stays as it was. Yields. (As above.) */
void
cup_events_announce(struct cup_events *events, enum cup_event_kind kind,
                    cupel_event *event);

/* Tell handle_error's listeners of the failure `rc` whose record is the current
 * one. event->failure is set, with is_disconnect and the other decisions as
 * `failure` has them going in and as the listeners want them coming out. What
 * the caller is to get is answered, and is the current record. `is_error` says
 * whether the failure is one of a statement, so that `library` is filled.
 * Yields. (If a listener does.) */
cupel_status
cup_events_fire_failure(struct cup_events *events, cupel_event *event,
                        cupel_failure *failure, bool is_error, cupel_status rc);

#endif
