/* SPDX-License-Identifier: MIT */
/* The engine, for the rooms and files that make connections of it. */
#ifndef CUP_ENGINE_ENGINE_H
#define CUP_ENGINE_ENGINE_H

#include <cupel/engine.h>

#include <pthread.h>

#include "base/event.h"
#include "base/logger.h"
#include "engine/cache.h"
#include "engine/execopts.h"
#include "pool/pool.h"

struct cup_scope;

/* What an engine shares with the children that execution options made of it.
 * The last of them frees it. In a family of blocking engines, which several
 * threads may use, `lock` is held around whatever changes. */
struct cup_family {
    _Atomic size_t refs; /* each engine of the family */
    pthread_mutex_t lock;
    size_t handles;      /* engines that their users have not freed */
    cupel_pool *pool;    /* one share; NULL once no user has a handle */
    cupel_url *url;      /* owned */
    char *masked_url;    /* owned */
    char *unknown_level; /* owned: the isolation level asked for, if the
                            dialect has no such; else NULL */
    struct cup_text_cache cache;
    cupel_server_info server; /* struct_size 0: not known yet */
};

/* Configuration, as its connections see it. Held by the user's handle, by every
 * connection and by its children; the last one frees it. */
struct cupel_engine {
    _Atomic size_t refs;
    struct cup_family *family; /* one reference */
    cupel_engine *parent;      /* one reference; NULL: the first of its family*/
    const cupel_dialect *dialect;
    const cupel_url *url;              /* the family's */
    struct cup_option_set *options;    /* one reference; NULL: none */
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
 * task, a blocking engine's outside. ARGUMENT for NULL, NOTASK, INVALID. */
cupel_status
cup_engine_check(const cupel_engine *engine);

cupel_engine *
cup_engine_ref(cupel_engine *engine);

/* Never yields. NULL is allowed. */
void
cup_engine_unref(cupel_engine *engine);

/* One more handle, which cupel_engine_free() ends. CLOSED. */
cupel_status
cup_engine_share(cupel_engine *engine);

/* Give such a handle up, but no reference with it. */
void
cup_engine_drop_handle(cupel_engine *engine);

/* Put these options (their reference is taken) in the place of the engine's. */
void
cup_engine_put_options(cupel_engine *engine, struct cup_option_set *options);

/* The pool of this moment, which another thread cannot take away until it is
 * given back. CLOSED once no user has a handle. */
cupel_status
cup_engine_lend_pool(const cupel_engine *engine, cupel_pool **out);

void
cup_engine_return_pool(const cupel_engine *engine, cupel_pool *pool);

/* Whether this is the pool of this moment. */
bool
cup_engine_has_pool(const cupel_engine *engine, const cupel_pool *pool);

/* What the server said of itself, for the engine's life; NULL before the first
 * connect. */
const cupel_server_info *
cup_engine_server(const cupel_engine *engine);

/* A reference to the options of this moment; NULL: none. */
struct cup_option_set *
cup_engine_options(cupel_engine *engine);

/* What follows, up to cup_scope_end(), has the time that the engine's options
 * give an operation. */
void
cup_engine_deadline_begin(cupel_engine *engine, struct cup_scope *scope);

/* The compiled form of a text, kept or (`keep` false) not. The caller owns a
 * reference. COMPILE, NOMEM. */
cupel_status
cup_engine_compile(cupel_engine *engine, const char *sql, size_t len, bool keep,
                   struct cup_compiled **out);

#endif
