/* SPDX-License-Identifier: MIT */
/* Execution options of an engine, and the children that they make. A child is
 * an engine of its parent's family: it differs in its options and in who
 * listens to it. */
#include <stdatomic.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/engine.h"
#include "engine/listen.h"
#include "engine/notice.h"

/* The engine's options with others added, after the listeners have had their
 * say. Yields. */
static cupel_status
change_options(cupel_engine *engine, const cupel_execution_options *given,
               struct cup_option_set **out)
{
    struct cup_option_set *base = cup_engine_options(engine);
    struct cup_arena memory;
    cupel_status rc;

    cup_arena_init(&memory, NULL, 0);
    rc = cup_notice_engine_options(engine, &memory, &given);
    if (rc == CUPEL_OK)
        rc = cup_option_set_merge(engine->dialect, base, given,
                                  CUP_OPTIONS_OF_ENGINE, out);
    cup_arena_fini(&memory);
    cup_option_set_unref(base);
    return rc;
}

/* ---- Children ---------------------------------------------------------- */

/* Shares one handle of the family, which the caller has taken. */
static cupel_status
child_new(cupel_engine *parent, cupel_engine **out)
{
    cupel_engine *child = cup_alloc(sizeof *child);
    cupel_status rc;

    if (child == NULL)
        return cup_nomem();
    atomic_init(&child->refs, 1);
    atomic_fetch_add_explicit(&parent->family->refs, 1, memory_order_relaxed);
    child->family = parent->family;
    child->parent = cup_engine_ref(parent);
    child->dialect = parent->dialect;
    child->url = parent->url;
    child->options = cup_engine_options(parent);
    child->logger = parent->logger;
    child->close_timeout_ms = parent->close_timeout_ms;
    child->slow_query_ms = parent->slow_query_ms;
    child->hide_parameters = parent->hide_parameters;
    child->skip_autocommit_rollback = parent->skip_autocommit_rollback;
    child->async = parent->async;
    rc = cup_listeners_init(child, parent);
    if (rc == CUPEL_OK)
        *out = child;
    else
        cup_engine_unref(child);
    return rc;
}

cupel_status
cupel_engine_execution_options(cupel_engine *engine,
                               const cupel_execution_options *options,
                               cupel_engine **out)
{
    cupel_engine *child = NULL;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the engine");
    *out = NULL;
    if (engine == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no engine");
    rc = cup_engine_share(engine);
    if (rc != CUPEL_OK)
        return rc;
    rc = child_new(engine, &child);
    cup_engine_unref(engine); /* the handle is the child's; this was its ref */
    if (rc != CUPEL_OK) {
        cup_engine_drop_handle(engine);
        return rc;
    }
    rc = cupel_engine_update_execution_options(child, options);
    if (rc == CUPEL_OK)
        *out = child;
    else
        cupel_engine_free(child);
    return rc;
}

cupel_status
cupel_engine_update_execution_options(cupel_engine *engine,
                                      const cupel_execution_options *options)
{
    struct cup_option_set *changed = NULL;
    cupel_status rc;

    if (engine == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no engine");
    cup_engine_ref(engine); /* a listener may free the handle */
    rc = change_options(engine, options, &changed);
    if (rc == CUPEL_OK)
        cup_engine_put_options(engine, changed);
    cup_engine_unref(engine);
    return rc;
}

const cupel_execution_options *
cupel_engine_get_execution_options(const cupel_engine *engine)
{
    return cup_option_set_list(engine == NULL ? NULL : engine->options);
}
