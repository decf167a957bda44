/* SPDX-License-Identifier: MIT */
/* Which list of listeners a target and an event's name stand for. Everything
 * about the lists themselves is base/event.c. */
#include "engine/listen.h"

#include <cupel/event.h>

#include "base/error.h"
#include "base/event.h"
#include "engine/connection.h"
#include "engine/engine.h"

enum target_kind {
    ON_ENGINE = 1,
    ON_CONNECTION,
    ON_POOL,
    ON_DIALECT,
    ON_EVERY_ENGINE,
    ON_EVERY_POOL
};

static cupel_event_target
target_of(enum target_kind kind, void *object)
{
    cupel_event_target target = { .kind = (int)kind, .object = object };

    return target;
}

cupel_event_target
cupel_on_engine(cupel_engine *engine)
{
    return target_of(ON_ENGINE, engine);
}

cupel_event_target
cupel_on_connection(cupel_connection *conn)
{
    return target_of(ON_CONNECTION, conn);
}

cupel_event_target
cupel_on_pool(cupel_pool *pool)
{
    return target_of(ON_POOL, pool);
}

cupel_event_target
cupel_on_dialect(cupel_engine *engine)
{
    return target_of(ON_DIALECT, engine);
}

cupel_event_target
cupel_on_every_engine(void)
{
    return target_of(ON_EVERY_ENGINE, NULL);
}

cupel_event_target
cupel_on_every_pool(void)
{
    return target_of(ON_EVERY_POOL, NULL);
}

cupel_status
cup_listeners_init(cupel_engine *engine, const cupel_engine *parent)
{
    struct cup_events *above = parent == NULL ? NULL : parent->events;

    engine->events = cup_events_new(above, cup_events_every(CUP_EVENTS_ENGINE));
    if (parent != NULL) {
        engine->dialect_events = cup_events_ref(parent->dialect_events);
        engine->pool_events = cup_events_ref(parent->pool_events);
    } else {
        engine->dialect_events =
            cup_events_new(NULL, cup_events_every(CUP_EVENTS_DIALECT));
        engine->pool_events =
            cup_events_new(NULL, cup_events_every(CUP_EVENTS_POOL));
    }
    if (engine->events == NULL || engine->dialect_events == NULL ||
        engine->pool_events == NULL)
        return CUPEL_E_NOMEM;
    return CUPEL_OK;
}

void
cup_listeners_fini(cupel_engine *engine)
{
    cup_events_unref(engine->events);
    cup_events_unref(engine->dialect_events);
    cup_events_unref(engine->pool_events);
}

static const char *
target_name(int kind)
{
    switch ((enum target_kind)kind) {
    case ON_ENGINE:
    case ON_EVERY_ENGINE:
        return "an engine";
    case ON_CONNECTION:
        return "a connection";
    case ON_POOL:
    case ON_EVERY_POOL:
        return "a pool";
    case ON_DIALECT:
        return "a dialect";
    }
    return "this target";
}

static cupel_status
no_such_event(const char *name, cupel_event_target target)
{
    return cup_error_set(CUPEL_E_INVALID, "no such event '%s' for %s", name,
                         target_name(target.kind));
}

/* The engine's list for events of one family. */
static struct cup_events *
list_of_engine(cupel_engine *engine, enum cup_event_family family)
{
    if (family == CUP_EVENTS_ENGINE)
        return engine->events;
    if (family == CUP_EVENTS_DIALECT)
        return engine->dialect_events;
    return engine->pool_events;
}

/* Made when it is first listened to: most connections never are. */
static cupel_status
list_of_connection(cupel_connection *conn, enum cup_event_kind kind,
                   struct cup_events **out)
{
    if (kind == CUP_EVENT_HANDLE_ERROR)
        return cup_error_set(CUPEL_E_INVALID,
                             "handle_error is not an event of a connection; "
                             "listen to its engine or its dialect");
    if (!cup_event_is_of_connection(kind))
        return no_such_event(cup_event_name(kind), cupel_on_connection(conn));
    if (conn->events == NULL)
        conn->events = cup_events_new(conn->engine->events, NULL);
    *out = conn->events;
    return conn->events == NULL ? CUPEL_E_NOMEM : CUPEL_OK;
}

/* Whether the kind of target has events of that family. */
static bool
has_family(int kind, enum cup_event_family family)
{
    switch ((enum target_kind)kind) {
    case ON_ENGINE:
    case ON_EVERY_ENGINE:
        return true;
    case ON_CONNECTION:
        return family == CUP_EVENTS_ENGINE;
    case ON_POOL:
    case ON_EVERY_POOL:
        return family == CUP_EVENTS_POOL;
    case ON_DIALECT:
        return family == CUP_EVENTS_DIALECT;
    }
    return false;
}

static cupel_status
resolve(cupel_event_target target, const char *name, enum cup_event_kind *kind,
        struct cup_events **out)
{
    enum cup_event_family family;
    bool is_every =
        target.kind == ON_EVERY_ENGINE || target.kind == ON_EVERY_POOL;

    if (name == NULL || (target.object == NULL && !is_every))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a listener needs a target and an event's name");
    if (!cup_event_find(name, kind))
        return no_such_event(name, target);
    family = cup_event_family_of(*kind);
    if (target.kind == ON_CONNECTION)
        return list_of_connection(target.object, *kind, out);
    if (!has_family(target.kind, family))
        return no_such_event(name, target);
    if (is_every)
        *out = cup_events_every(family);
    else if (target.kind == ON_POOL)
        *out = cup_pool_events(target.object);
    else
        *out = list_of_engine(target.object, family);
    return CUPEL_OK;
}

cupel_status
cupel_event_listen(cupel_event_target target, const char *name,
                   cupel_event_fn *fn, void *arg, unsigned flags)
{
    enum cup_event_kind kind = CUP_EVENT_KINDS;
    struct cup_events *events = NULL;
    cupel_status rc;

    if (fn == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no function to listen with");
    rc = resolve(target, name, &kind, &events);
    return rc == CUPEL_OK ? cup_events_add(events, kind, fn, arg, flags) : rc;
}

cupel_status
cupel_event_remove(cupel_event_target target, const char *name,
                   cupel_event_fn *fn, void *arg)
{
    enum cup_event_kind kind = CUP_EVENT_KINDS;
    struct cup_events *events = NULL;
    cupel_status rc;

    rc = resolve(target, name, &kind, &events);
    return rc == CUPEL_OK ? cup_events_remove(events, kind, fn, arg) : rc;
}

bool
cupel_event_contains(cupel_event_target target, const char *name,
                     cupel_event_fn *fn, void *arg)
{
    struct cupel_error *before = cup_error_take();
    enum cup_event_kind kind = CUP_EVENT_KINDS;
    struct cup_events *events = NULL;
    bool found = false;

    if (resolve(target, name, &kind, &events) == CUPEL_OK)
        found = cup_events_contain(events, kind, fn, arg);
    cup_error_give(before);
    return found;
}
