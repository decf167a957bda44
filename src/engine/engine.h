/* SPDX-License-Identifier: MIT */
/* The engine, for the rooms and files that make connections of it. */
#ifndef CUP_ENGINE_ENGINE_H
#define CUP_ENGINE_ENGINE_H

#include <cupel/engine.h>

#include "base/event.h"
#include "base/logger.h"
#include "engine/cache.h"
#include "pool/pool.h"

/* Configuration, caches and the pool. Shared by the user's handle and by every
 * connection of it; the last one frees it. */
struct cupel_engine {
    size_t refs;
    const cupel_dialect *dialect;
    cupel_url *url;        /* owned */
    char *masked_url;      /* owned */
    struct cupel_pool *pool; /* owned; NULL once the user's handle is gone */
    struct cup_pool_config pool_config; /* what a dispose starts again from */
    struct cup_text_cache cache;
    struct cup_events *events;         /* of engine and connections; one ref */
    struct cup_events *dialect_events; /* a child's are its parent's */
    struct cup_events *pool_events;    /* every pool of the engine has these */
    struct cup_logger logger;
    int64_t close_timeout_ms;
    int64_t slow_query_ms; /* a longer statement is logged; 0: never */
    bool hide_parameters;
    bool skip_autocommit_rollback; /* also a setting of the pool's */
    bool async;
};

/* Whether calls on the engine may be made here: an async engine's inside a
 * task, a blocking engine's outside. NOTASK, INVALID. */
cupel_status
cup_engine_check(const cupel_engine *engine);

cupel_engine *
cup_engine_ref(cupel_engine *engine);

/* Never yields. NULL is allowed. */
void
cup_engine_unref(cupel_engine *engine);

#endif
