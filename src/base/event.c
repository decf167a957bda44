/* SPDX-License-Identifier: MIT */
/* Lists of listeners. One lock for all of them in the process, held while a
 * list is walked or changed and never while a listener runs.
 *
 * What makes changes during a call safe: the listener that is being called is
 * pinned, so that removing it only marks it and its link stays good to go on
 * from; and each has a serial number, by which those that were added after the
 * event began are passed over. */
#include "base/event.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"

enum { PLAIN = 0, C = 1, R = 2, CR = C | R };

#define INFO_OF(kind, name, family, special) \
    { #name, CUP_EVENTS_##family, special },

static const struct {
    const char *name;
    enum cup_event_family family;
    int special;
} infos[] = { CUP_EVENT_LIST(INFO_OF) };

/* One function on one list. */
struct listener {
    struct cup_list link; /* in cup_events.listeners */
    uint64_t serial;
    enum cup_event_kind kind;
    unsigned flags;
    cupel_event_fn *fn;
    void *arg;
    size_t pins; /* calls under way */
    bool gone;   /* removed: freed with the last pin */
};

_Atomic uint64_t cup_event_wanted_anywhere;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t next_serial = 1;                /* under the lock */
static size_t counts_anywhere[CUP_EVENT_KINDS]; /* under the lock */

#define EVERY(family)                                  \
    {                                                  \
        .refs = 1,                                     \
        .listeners = { &everyones[family].listeners,   \
                       &everyones[family].listeners }, \
    }

static struct cup_events everyones[CUP_EVENTS_FAMILIES] = {
    [CUP_EVENTS_ENGINE] = EVERY(CUP_EVENTS_ENGINE),
    [CUP_EVENTS_DIALECT] = EVERY(CUP_EVENTS_DIALECT),
    [CUP_EVENTS_POOL] = EVERY(CUP_EVENTS_POOL),
};

static uint64_t
bit_of(enum cup_event_kind kind)
{
    return UINT64_C(1) << kind;
}

/* ---- Names ------------------------------------------------------------- */

bool
cup_event_find(const char *name, enum cup_event_kind *out)
{
    int kind;

    for (kind = 0; kind < CUP_EVENT_KINDS; kind++) {
        if (strcmp(infos[kind].name, name) == 0) {
            *out = (enum cup_event_kind)kind;
            return true;
        }
    }
    return false;
}

const char *
cup_event_name(enum cup_event_kind kind)
{
    return infos[kind].name;
}

enum cup_event_family
cup_event_family_of(enum cup_event_kind kind)
{
    return infos[kind].family;
}

bool
cup_event_is_of_connection(enum cup_event_kind kind)
{
    return (infos[kind].special & C) != 0;
}

static bool
takes_replacements(enum cup_event_kind kind)
{
    return (infos[kind].special & R) != 0;
}

void *
cupel_event_alloc(cupel_event *event, size_t size)
{
    void *memory = NULL;

    if (event != NULL && event->memory != NULL)
        memory = cup_arena_alloc(event->memory, size);
    if (memory == NULL)
        cup_ignore(cup_nomem(), "the caller sees our NULL");
    return memory;
}

/* ---- Lists ------------------------------------------------------------- */

struct cup_events *
cup_events_every(enum cup_event_family family)
{
    return &everyones[family];
}

struct cup_events *
cup_events_new(struct cup_events *parent, struct cup_events *every)
{
    struct cup_events *events = cup_alloc(sizeof *events);

    if (events == NULL) {
        cup_ignore(cup_nomem(), "the caller returns NOMEM for our NULL");
        return NULL;
    }
    atomic_init(&events->refs, 1);
    events->parent = cup_events_ref(parent);
    events->every = every;
    cup_list_init(&events->listeners);
    return events;
}

struct cup_events *
cup_events_ref(struct cup_events *events)
{
    if (events != NULL)
        atomic_fetch_add_explicit(&events->refs, 1, memory_order_relaxed);
    return events;
}

/* With the lock held. Whoever wants the kind in this list and in the process is
 * counted anew. */
static void
uncount(struct cup_events *events, enum cup_event_kind kind)
{
    struct cup_list *link, *after;
    bool wanted = false;

    CUP_LIST_EACH (link, after, &events->listeners) {
        struct listener *each = CUP_CONTAINER(link, struct listener, link);

        wanted = wanted || (each->kind == kind && !each->gone);
    }
    if (!wanted)
        atomic_fetch_and(&events->wanted, ~bit_of(kind));
    if (--counts_anywhere[kind] == 0)
        atomic_fetch_and(&cup_event_wanted_anywhere, ~bit_of(kind));
}

/* With the lock held. */
static void
drop_if_unused(struct listener *listener)
{
    if (!listener->gone || listener->pins > 0)
        return;
    cup_list_remove(&listener->link);
    cup_free(listener);
}

/* With the lock held. */
static void
remove_locked(struct cup_events *events, struct listener *listener)
{
    if (listener->gone)
        return;
    listener->gone = true;
    uncount(events, listener->kind);
    drop_if_unused(listener);
}

void
cup_events_unref(struct cup_events *events)
{
    struct cup_events *parent;
    struct cup_list *link, *after;

    while (events != NULL && atomic_fetch_sub_explicit(
                                 &events->refs, 1, memory_order_acq_rel) == 1) {
        parent = events->parent;
        pthread_mutex_lock(&lock);
        CUP_LIST_EACH (link, after, &events->listeners)
            remove_locked(events, CUP_CONTAINER(link, struct listener, link));
        pthread_mutex_unlock(&lock);
        assert(cup_list_empty(&events->listeners));
        cup_free(events);
        events = parent;
    }
}

/* With the lock held. NULL if it is not there. */
static struct listener *
find(const struct cup_events *events, enum cup_event_kind kind,
     cupel_event_fn *fn, const void *arg)
{
    const struct cup_list *head = &events->listeners;
    struct cup_list *link, *after;

    CUP_LIST_EACH (link, after, head) {
        struct listener *each = CUP_CONTAINER(link, struct listener, link);

        if (each->kind == kind && each->fn == fn && each->arg == arg &&
            !each->gone)
            return each;
    }
    return NULL;
}

/* With the lock held. */
static void
add_locked(struct cup_events *events, struct listener *listener)
{
    listener->serial = next_serial++;
    if ((listener->flags & CUPEL_EVENT_INSERT) != 0)
        cup_list_push_front(&events->listeners, &listener->link);
    else
        cup_list_push(&events->listeners, &listener->link);
    counts_anywhere[listener->kind]++;
    atomic_fetch_or(&events->wanted, bit_of(listener->kind));
    atomic_fetch_or(&cup_event_wanted_anywhere, bit_of(listener->kind));
}

cupel_status
cup_events_add(struct cup_events *events, enum cup_event_kind kind,
               cupel_event_fn *fn, void *arg, unsigned flags)
{
    struct listener *listener;

    if ((flags & ~(unsigned)(CUPEL_EVENT_INSERT | CUPEL_EVENT_ONCE |
                             CUPEL_EVENT_RETVAL)) != 0)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a listener has a flag that is not known");
    if ((flags & CUPEL_EVENT_RETVAL) != 0 && !takes_replacements(kind))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "event %s takes no replacement (RETVAL) from its "
                             "listeners",
                             cup_event_name(kind));
    listener = cup_alloc(sizeof *listener);
    if (listener == NULL)
        return cup_nomem();
    listener->kind = kind;
    listener->flags = flags;
    listener->fn = fn;
    listener->arg = arg;
    pthread_mutex_lock(&lock);
    if (find(events, kind, fn, arg) == NULL) {
        add_locked(events, listener);
        listener = NULL;
    }
    pthread_mutex_unlock(&lock);
    cup_free(listener);
    return CUPEL_OK;
}

cupel_status
cup_events_remove(struct cup_events *events, enum cup_event_kind kind,
                  cupel_event_fn *fn, void *arg)
{
    struct listener *listener;

    pthread_mutex_lock(&lock);
    listener = find(events, kind, fn, arg);
    if (listener != NULL)
        remove_locked(events, listener);
    pthread_mutex_unlock(&lock);
    if (listener != NULL)
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_INVALID,
                         "no such listener for event %s on this target",
                         cup_event_name(kind));
}

bool
cup_events_contain(const struct cup_events *events, enum cup_event_kind kind,
                   cupel_event_fn *fn, void *arg)
{
    bool found;

    pthread_mutex_lock(&lock);
    found = find(events, kind, fn, arg) != NULL;
    pthread_mutex_unlock(&lock);
    return found;
}

/* ---- Telling ----------------------------------------------------------- */

static uint64_t
wanted_by(const struct cup_events *events)
{
    if (events == NULL)
        return 0;
    return atomic_load_explicit(&events->wanted, memory_order_relaxed);
}

bool
cup_events_want_some(const struct cup_events *events, uint64_t kinds)
{
    for (; events != NULL; events = events->parent)
        if (((wanted_by(events) | wanted_by(events->every)) & kinds) != 0)
            return true;
    return false;
}

/* One event on its way along the lists. */
struct walk {
    enum cup_event_kind kind;
    struct cup_events *first; /* one reference, until the end */
    struct cup_events *list;  /* whose listeners are being called */
    struct cup_events *then;  /* comes after `list`; NULL: its parent */
    struct listener *at;      /* pinned; NULL: before the first of `list` */
    uint64_t limit;           /* serials from here on came too late */
    unsigned flags;           /* only those ... */
    unsigned flag_mask;       /* ... of whose flags these are so; 0: all */
    bool every_done;
};

/* Come to a list: that of everyone goes before it, once. */
static void
come_to(struct walk *walk, struct cup_events *events)
{
    walk->list = events;
    walk->then = NULL;
    if (events == NULL || events->every == NULL || walk->every_done)
        return;
    walk->every_done = true;
    walk->list = events->every;
    walk->then = events;
}

static void
walk_begin(struct walk *walk, struct cup_events *events,
           enum cup_event_kind kind)
{
    *walk = (struct walk){ .kind = kind, .first = cup_events_ref(events) };
    pthread_mutex_lock(&lock);
    walk->limit = next_serial;
    pthread_mutex_unlock(&lock);
    come_to(walk, events);
}

/* With the lock held. The next one of the same list. */
static struct listener *
next_of_list(const struct walk *walk)
{
    struct cup_list *head = &walk->list->listeners;
    struct cup_list *link = walk->at != NULL ? walk->at->link.next : head->next;

    for (; link != head; link = link->next) {
        struct listener *each = CUP_CONTAINER(link, struct listener, link);

        if (each->kind == walk->kind && !each->gone &&
            each->serial < walk->limit &&
            (each->flags & walk->flag_mask) == walk->flags)
            return each;
    }
    return NULL;
}

/* With the lock held. Go to the next one, unpinning the one before; it stays
 * pinned until the next step. One that is for once is removed here. */
static struct listener *
step(struct walk *walk)
{
    struct listener *next = next_of_list(walk);

    if (next != NULL)
        next->pins++;
    if (walk->at != NULL) {
        walk->at->pins--;
        drop_if_unused(walk->at);
    }
    walk->at = next;
    if (next != NULL && (next->flags & CUPEL_EVENT_ONCE) != 0)
        remove_locked(walk->list, next);
    return next;
}

/* The next listener, or NULL at the end of all lists. */
static const struct listener *
walk_next(struct walk *walk)
{
    const struct listener *next = NULL;

    pthread_mutex_lock(&lock);
    while (walk->list != NULL && next == NULL) {
        next = step(walk);
        if (next != NULL)
            break;
        if (walk->then != NULL)
            come_to(walk, walk->then);
        else
            come_to(walk, walk->list->parent);
    }
    pthread_mutex_unlock(&lock);
    return next;
}

/* The end, or a stop before it. */
static void
walk_end(struct walk *walk)
{
    pthread_mutex_lock(&lock);
    if (walk->at != NULL) {
        walk->at->pins--;
        drop_if_unused(walk->at);
        walk->at = NULL;
    }
    pthread_mutex_unlock(&lock);
    cup_events_unref(walk->first);
}

/* A failure always has a record of its own, also when the listener made none.
 */
static cupel_status
with_record(enum cup_event_kind kind, cupel_status rc)
{
    if (cupel_error_status(cupel_error_last()) == rc)
        return rc;
    if (!cup_status_is_failure(rc))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a listener for %s answered a status that does "
                             "not exist",
                             cup_event_name(kind));
    return cup_error_set(rc, "a listener for %s failed", cup_event_name(kind));
}

/* Call one. Without RETVAL, what it did to statement and values is undone.
 * Yields. */
static cupel_status
call(const struct listener *listener, cupel_event *event)
{
    const cupel_event before = *event;
    cupel_status rc;

    rc = (*listener->fn)(event, listener->arg);
    if (takes_replacements(listener->kind) &&
        (listener->flags & CUPEL_EVENT_RETVAL) == 0) {
        event->statement = before.statement;
        event->params = before.params;
        event->sql = before.sql;
        event->values = before.values;
        event->value_count = before.value_count;
        event->set_count = before.set_count;
    }
    return rc < CUPEL_OK ? with_record(listener->kind, rc) : CUPEL_OK;
}

static void
complete(cupel_event *event, enum cup_event_kind kind)
{
    event->struct_size = sizeof *event;
    event->name = cup_event_name(kind);
}

/* The first one that does the work itself has the last word. */
static bool
is_answered(const cupel_event *event)
{
    return event->handled || event->driver_connection != NULL;
}

cupel_status
cup_events_fire(struct cup_events *events, enum cup_event_kind kind,
                struct cup_arena *memory, cupel_event *event)
{
    const struct listener *listener;
    struct walk walk;
    cupel_status rc = CUPEL_OK;

    complete(event, kind);
    event->memory = memory;
    walk_begin(&walk, events, kind);
    while (rc == CUPEL_OK && !is_answered(event) &&
           (listener = walk_next(&walk)) != NULL)
        rc = call(listener, event);
    walk_end(&walk);
    return rc;
}

cupel_status
cup_events_fire_part(struct cup_events *events, enum cup_event_kind kind,
                     bool inserted, cupel_event *event)
{
    const struct listener *listener;
    struct walk walk;
    cupel_status rc = CUPEL_OK;

    complete(event, kind);
    walk_begin(&walk, events, kind);
    walk.flag_mask = CUPEL_EVENT_INSERT;
    walk.flags = inserted ? CUPEL_EVENT_INSERT : 0;
    while (rc == CUPEL_OK && (listener = walk_next(&walk)) != NULL)
        rc = call(listener, event);
    walk_end(&walk);
    return rc;
}

void
cup_events_announce(struct cup_events *events, enum cup_event_kind kind,
                    cupel_event *event)
{
    struct cupel_error *error = cup_error_take();
    const struct listener *listener;
    struct walk walk;

    complete(event, kind);
    walk_begin(&walk, events, kind);
    while ((listener = walk_next(&walk)) != NULL)
        if (call(listener, event) != CUPEL_OK)
            cup_log(CUPEL_LOG_ERROR, "cupel.event",
                    "a listener for %s failed: %s", event->name,
                    cupel_error_text());
    walk_end(&walk);
    cup_error_give(error);
}

/* ---- handle_error ------------------------------------------------------ */

/* The record that was just made takes the place of the one before. */
static void
chain(cupel_failure *failure, struct cupel_error **chained, cupel_status rc)
{
    cup_ignore(with_record(CUP_EVENT_HANDLE_ERROR, rc), "it is there now");
    cup_error_free(*chained);
    *chained = cup_error_take();
    failure->chained = *chained;
    failure->replacement = CUPEL_OK;
}

cupel_status
cup_events_fire_failure(struct cup_events *events, cupel_event *event,
                        cupel_failure *failure, bool is_error, cupel_status rc)
{
    struct cupel_error *original = cup_error_take();
    struct cupel_error *chained = NULL;
    const struct listener *listener;
    struct walk walk;
    cupel_status raised = CUPEL_OK, answer = rc;

    failure->struct_size = sizeof *failure;
    failure->status = rc;
    failure->original = original;
    failure->library = is_error ? original : NULL;
    event->failure = failure;
    complete(event, CUP_EVENT_HANDLE_ERROR);
    walk_begin(&walk, events, CUP_EVENT_HANDLE_ERROR);
    while (raised == CUPEL_OK && (listener = walk_next(&walk)) != NULL) {
        raised = call(listener, event);
        if (raised < CUPEL_OK)
            failure->replacement = raised;
        if (failure->replacement < CUPEL_OK) {
            answer = failure->replacement;
            chain(failure, &chained, answer);
            answer = cupel_error_status(chained);
        }
    }
    walk_end(&walk);
    if (chained != NULL)
        cup_error_free(original);
    cup_error_give(chained != NULL ? chained : original);
    if (cup_error_current() != NULL)
        cup_error_current()->told = true;
    return answer;
}
