/* SPDX-License-Identifier: MIT */
/* Engines: made from a url and options, holding the pool and the compiled
 * cache, lending connections (connection.c).
 *
 * An engine and the children that execution options made of it are a family:
 * what they share is in one struct, and each has options, listeners and a
 * logger of its own in front of it. The pool lives as long as any of them has a
 * user; the memory, as long as anybody needs it. */
#include "engine/engine.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/blueprint.h"
#include "engine/listen.h"
#include "engine/notice.h"
#include "engine/options.h"
#include "task/task.h"

cupel_status
cup_engine_check(const cupel_engine *engine)
{
    if (engine == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no engine");
    if (engine->async && cup_task_current() == NULL)
        return cup_error_set(CUPEL_E_NOTASK,
                             "an async engine is used inside a task; this is "
                             "none");
    if (!engine->async && cup_task_current() != NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "a blocking engine would stop every task of the "
                             "loop; make an async one");
    return CUPEL_OK;
}

/* ---- Families ---------------------------------------------------------- */

/* Only threads of a blocking engine can meet. */
static void
lock(const cupel_engine *engine)
{
    if (!engine->async)
        pthread_mutex_lock(&engine->family->lock);
}

static void
unlock(const cupel_engine *engine)
{
    if (!engine->async)
        pthread_mutex_unlock(&engine->family->lock);
}

static char *
mask_url(const cupel_url *url)
{
    size_t len = cupel_url_render(url, true, NULL, 0);
    char *text = cup_alloc(len + 1);

    if (text != NULL)
        cupel_url_render(url, true, text, len + 1);
    return text;
}

static void
family_unref(struct cup_family *family)
{
    if (family == NULL ||
        atomic_fetch_sub_explicit(&family->refs, 1, memory_order_acq_rel) > 1)
        return;
    assert(family->pool == NULL);
    cup_text_cache_fini(&family->cache);
    pthread_mutex_destroy(&family->lock);
    cupel_url_free(family->url);
    cup_free(family->masked_url);
    cup_free(family->unknown_level);
    cup_free(family);
}

/* Takes the plan's url. */
static struct cup_family *
family_new(struct cup_blueprint *plan)
{
    struct cup_family *family = cup_alloc(sizeof *family);
    int64_t kept = plan->options.query_cache_size;

    if (family == NULL)
        return NULL;
    atomic_init(&family->refs, 1);
    pthread_mutex_init(&family->lock, NULL);
    cup_text_cache_init(&family->cache, (uint64_t)kept > SIZE_MAX / 2
                                            ? SIZE_MAX / 2
                                            : (size_t)kept);
    family->url = plan->url;
    plan->url = NULL;
    family->masked_url = mask_url(family->url);
    if (plan->options.isolation_level != NULL && !plan->has_level)
        family->unknown_level = cup_strdup(plan->options.isolation_level);
    if (family->masked_url == NULL ||
        (family->unknown_level == NULL &&
         plan->options.isolation_level != NULL && !plan->has_level)) {
        family_unref(family);
        return NULL;
    }
    return family;
}

/* ---- References -------------------------------------------------------- */

cupel_engine *
cup_engine_ref(cupel_engine *engine)
{
    atomic_fetch_add_explicit(&engine->refs, 1, memory_order_relaxed);
    return engine;
}

void
cup_engine_unref(cupel_engine *engine)
{
    cupel_engine *parent;

    while (engine != NULL) {
        if (atomic_fetch_sub_explicit(&engine->refs, 1, memory_order_acq_rel) >
            1)
            return;
        parent = engine->parent;
        cup_listeners_fini(engine);
        cup_option_set_unref(engine->options);
        family_unref(engine->family);
        cup_free(engine);
        engine = parent;
    }
}

cupel_status
cup_engine_share(cupel_engine *engine)
{
    bool open;

    lock(engine);
    open = engine->family->handles > 0;
    if (open)
        engine->family->handles++;
    unlock(engine);
    if (!open)
        return cup_error_set(CUPEL_E_CLOSED, "the engine is closed");
    cup_engine_ref(engine);
    return CUPEL_OK;
}

/* A handle is given up. Answers the pool if it was the last one's. */
static cupel_pool *
take_handle(cupel_engine *engine)
{
    struct cup_family *family = engine->family;
    cupel_pool *pool = NULL;

    lock(engine);
    assert(family->handles > 0);
    if (--family->handles == 0) {
        pool = family->pool;
        family->pool = NULL;
    }
    unlock(engine);
    return pool;
}

void
cup_engine_drop_handle(cupel_engine *engine)
{
    cup_pool_free(take_handle(engine));
}

/* ---- Making ------------------------------------------------------------ */

/* What every connection begins with: timeout_ms has a field of its own. */
static cupel_status
first_options(cupel_engine *engine, const cupel_engine_options *options)
{
    const cupel_param timeout = { "timeout_ms",
                                  cupel_int(options->timeout_ms) };
    const cupel_execution_options own = { &timeout, 1 };
    bool limited =
        options->timeout_ms > 0 && options->timeout_ms != CUPEL_UNLIMITED;
    struct cup_option_set *base = NULL;
    cupel_status rc = CUPEL_OK;

    if (limited && options->timeout_ms > INT32_MAX)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "option timeout_ms is too large");
    if (limited)
        rc = cup_option_set_merge(engine->dialect, NULL, &own,
                                  CUP_OPTIONS_OF_ENGINE, &base);
    engine->options = base;
    if (rc != CUPEL_OK || options->execution_options == NULL)
        return rc;
    rc = cup_option_set_merge(engine->dialect, base, options->execution_options,
                              CUP_OPTIONS_OF_ENGINE, &engine->options);
    if (rc == CUPEL_OK)
        cup_option_set_unref(base);
    return rc;
}

/* The pool of a new engine, or its share of a ready one. */
static cupel_status
first_pool(cupel_engine *engine, struct cup_blueprint *plan)
{
    struct cup_family *family = engine->family;

    if (plan->options.pool != NULL) {
        family->pool = cup_pool_share(plan->options.pool);
        return CUPEL_OK;
    }
    plan->pool.events = engine->pool_events;
    plan->pool.dialect_events = engine->dialect_events;
    plan->pool.initialize = true;
    plan->pool.sql_logger = engine->logger;
    return cup_pool_new(&plan->pool, &family->pool);
}

/* An engine without a family yet. */
static cupel_engine *
engine_new(const struct cup_blueprint *plan, bool async)
{
    const cupel_engine_options *options = &plan->options;
    cupel_engine *engine = cup_alloc(sizeof *engine);

    if (engine == NULL)
        return NULL;
    atomic_init(&engine->refs, 1);
    engine->async = async;
    engine->dialect = plan->dialect;
    engine->close_timeout_ms = options->close_timeout_ms;
    engine->slow_query_ms = options->slow_query_ms;
    engine->hide_parameters = options->hide_parameters == CUPEL_ON;
    engine->skip_autocommit_rollback =
        options->skip_autocommit_rollback == CUPEL_ON;
    cup_logger_init(&engine->logger, "cupel.engine.Engine",
                    options->logging_name, cup_echo_level(options->echo));
    return engine;
}

/* Nothing is opened. */
static cupel_status
build(cupel_engine *engine, struct cup_blueprint *plan)
{
    cupel_status rc;

    engine->family = family_new(plan);
    if (engine->family == NULL)
        return cup_nomem();
    engine->url = engine->family->url;
    engine->family->cache.logger = &engine->logger; /* a child keeps us */
    rc = cup_listeners_init(engine, NULL);
    if (rc == CUPEL_OK)
        rc = first_options(engine, &plan->options);
    if (rc == CUPEL_OK)
        rc = first_pool(engine, plan);
    if (rc == CUPEL_OK)
        engine->family->handles = 1;
    return rc;
}

static cupel_status
create(const char *url, const cupel_engine_options *given, bool async,
       cupel_engine **out)
{
    struct cup_blueprint plan;
    cupel_engine *engine = NULL;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the engine");
    *out = NULL;
    rc = cup_blueprint_draw(&plan, url, given, async);
    if (rc == CUPEL_OK) {
        engine = engine_new(&plan, async);
        rc = engine == NULL ? cup_nomem() : build(engine, &plan);
    }
    if (rc == CUPEL_OK)
        *out = engine;
    else
        cup_engine_unref(engine);
    cup_blueprint_fini(&plan);
    return rc;
}

cupel_status
cupel_engine_create(const char *url, const cupel_engine_options *options,
                    cupel_engine **out)
{
    return create(url, options, false, out);
}

cupel_status
cupel_engine_create_async(const char *url, const cupel_engine_options *options,
                          cupel_engine **out)
{
    return create(url, options, true, out);
}

/* ---- Pool and cache ---------------------------------------------------- */

cupel_status
cup_engine_lend_pool(const cupel_engine *engine, cupel_pool **out)
{
    cupel_pool *pool;

    lock(engine);
    pool = engine->family->pool;
    if (pool != NULL && !engine->async)
        cup_pool_share(pool);
    unlock(engine);
    if (pool == NULL)
        return cup_error_set(CUPEL_E_CLOSED, "the engine is closed");
    *out = pool;
    return CUPEL_OK;
}

void
cup_engine_return_pool(const cupel_engine *engine, cupel_pool *pool)
{
    if (!engine->async)
        cup_pool_free(pool);
}

struct cup_option_set *
cup_engine_options(cupel_engine *engine)
{
    struct cup_option_set *options;

    lock(engine);
    options = cup_option_set_ref(engine->options);
    unlock(engine);
    return options;
}

void
cup_engine_deadline_begin(cupel_engine *engine, struct cup_scope *scope)
{
    struct cup_option_set *options = cup_engine_options(engine);

    cup_deadline_begin(scope, cup_option_set_deadline(options));
    cup_option_set_unref(options);
}

void
cup_engine_put_options(cupel_engine *engine, struct cup_option_set *options)
{
    struct cup_option_set *before;

    lock(engine);
    before = engine->options;
    engine->options = options;
    unlock(engine);
    cup_option_set_unref(before);
}

cupel_status
cup_engine_compile(cupel_engine *engine, const char *sql, size_t len, bool keep,
                   struct cup_compiled **out)
{
    const cupel_dialect *dialect = engine->dialect;
    cupel_status rc;

    if (!keep)
        return cup_text_compile(sql, len, dialect->lexis, dialect->paramstyle,
                                out);
    lock(engine);
    rc = cup_text_cache_get(&engine->family->cache, dialect, sql, len, out);
    unlock(engine);
    return rc;
}

void
cupel_engine_clear_compiled_cache(cupel_engine *engine)
{
    if (engine == NULL)
        return;
    lock(engine);
    cup_text_cache_clear(&engine->family->cache);
    unlock(engine);
}

bool
cup_engine_has_pool(const cupel_engine *engine, const cupel_pool *pool)
{
    bool has;

    lock(engine);
    has = engine->family->pool == pool;
    unlock(engine);
    return has;
}

const cupel_server_info *
cup_engine_server(const cupel_engine *engine)
{
    struct cup_family *family = engine->family;
    const cupel_server_info *server = NULL;
    bool known;

    lock(engine);
    if (family->server.struct_size == 0 && family->pool != NULL)
        server = cup_pool_server(family->pool);
    if (server != NULL)
        family->server = *server;
    known = family->server.struct_size > 0;
    unlock(engine);
    return known ? &family->server : NULL;
}

/* ---- Endings ----------------------------------------------------------- */

/* Put a fresh pool in the place of the family's, whose share of the old one
 * goes to the caller. */
static cupel_status
renew_pool(cupel_engine *engine, cupel_pool **old)
{
    struct cup_family *family = engine->family;
    cupel_pool *fresh;
    cupel_status rc = CUPEL_OK;

    lock(engine);
    if (family->pool == NULL)
        rc = cup_error_set(CUPEL_E_CLOSED, "the engine is closed");
    if (rc == CUPEL_OK)
        rc = cup_pool_check_home(family->pool);
    if (rc == CUPEL_OK)
        rc = cup_pool_recreate(family->pool, &fresh);
    if (rc == CUPEL_OK) {
        *old = family->pool;
        family->pool = fresh;
    }
    unlock(engine);
    return rc;
}

/* Yields. */
static cupel_status
dispose(cupel_engine *engine, bool goodbye)
{
    struct cup_scope deadline;
    cupel_pool *old;
    cupel_status rc;

    rc = cup_engine_check(engine);
    if (rc == CUPEL_OK)
        rc = renew_pool(engine, &old);
    if (rc != CUPEL_OK)
        return rc;
    cup_engine_deadline_begin(engine, &deadline);
    cup_engine_ref(engine); /* a listener may free the handle */
    if (goodbye)
        cup_pool_close(old);
    cup_scope_end(&deadline);
    cup_pool_free(old);
    cup_notice_engine_disposed(engine);
    cup_engine_unref(engine);
    return CUPEL_OK;
}

cupel_status
cupel_engine_dispose(cupel_engine *engine)
{
    return dispose(engine, true);
}

cupel_status
cupel_engine_dispose_no_close(cupel_engine *engine)
{
    return dispose(engine, false);
}

void
cupel_engine_close(cupel_engine *engine)
{
    cupel_pool *pool;

    if (engine == NULL)
        return;
    pool = take_handle(engine);
    if (pool != NULL && cup_engine_check(engine) == CUPEL_OK)
        cup_pool_close(pool);
    cup_pool_free(pool);
    cup_engine_unref(engine);
}

void
cupel_engine_free(cupel_engine *engine)
{
    if (engine == NULL)
        return;
    cup_engine_drop_handle(engine);
    cup_engine_unref(engine);
}
