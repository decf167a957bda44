/* SPDX-License-Identifier: MIT */
/* From a url and options to a plan. Whatever can be refused without connecting
 * is refused here; an isolation level that does not exist is not, as in the
 * reference, where the first connection finds out. */
#include "engine/blueprint.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/logger.h"
#include "dialect/dialect.h"
#include "engine/isolation.h"
#include "engine/options.h"

/* ---- The url and its dialect ------------------------------------------- */

/* The url with the connect arguments in its query. */
static cupel_status
make_url(const char *text, const cupel_engine_options *options, cupel_url **out)
{
    cupel_url *url, *changed;
    cupel_status rc;

    rc = cupel_url_parse(text, &url);
    if (rc == CUPEL_OK && options->connect_args_text != NULL) {
        rc = cupel_url_update_query_string(url, options->connect_args_text,
                                           false, &changed);
        cupel_url_free(url);
        url = changed;
    }
    if (rc == CUPEL_OK && options->connect_arg_count > 0) {
        rc = cupel_url_update_query_pairs(url, options->connect_args,
                                          options->connect_arg_count, false,
                                          &changed);
        cupel_url_free(url);
        url = changed;
    }
    if (rc == CUPEL_OK)
        *out = url;
    return rc;
}

/* Find the dialect and have it look at the url. */
static cupel_status
choose_dialect(struct cup_blueprint *plan, bool async)
{
    cupel_status rc;

    rc = cup_dialect_find(plan->url, &plan->dialect);
    if (rc != CUPEL_OK)
        return rc;
    if (async && (plan->dialect->features & CUPEL_DIALECT_ASYNC) == 0)
        return cup_error_set(CUPEL_E_INVALID,
                             "an async engine needs an async driver; %s is "
                             "none",
                             plan->dialect->driver);
    rc = plan->dialect->check_url(plan->url);
    if (rc == CUPEL_OK && plan->dialect->settle_url != NULL)
        rc = plan->dialect->settle_url(plan->url, &plan->settled);
    return rc;
}

/* ---- What does not go together ----------------------------------------- */

static cupel_status
check_creators(const struct cup_blueprint *plan, bool async)
{
    const cupel_engine_options *options = &plan->options;

    if (options->creator != NULL && options->async_creator != NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "only one of 'async_creator' and 'creator' can be "
                             "given");
    if (options->async_creator != NULL && !async)
        return cup_error_set(CUPEL_E_TYPE,
                             "invalid option 'async_creator' for a blocking "
                             "engine");
    if ((options->creator != NULL || options->async_creator != NULL) &&
        plan->dialect->adopt == NULL)
        return cup_error_set(CUPEL_E_NOTIMPL,
                             "dialect %s takes no connections that others "
                             "opened",
                             plan->dialect->name);
    return CUPEL_OK;
}

/* Whether the dialect knows of AUTOCOMMIT decides whether it can tell. */
static cupel_status
check_autocommit(const struct cup_blueprint *plan)
{
    const char *level;

    if (plan->options.skip_autocommit_rollback != CUPEL_ON ||
        cup_isolation_find(plan->dialect, "AUTOCOMMIT", &level))
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_NOTIMPL,
                         "dialect %s cannot tell whether a connection is in "
                         "autocommit",
                         plan->dialect->name);
}

/* A ready pool has to be one that this engine could have made. */
static cupel_status
check_ready_pool(const struct cup_blueprint *plan, bool async)
{
    const struct cup_pool_config *config;

    if (plan->options.pool == NULL)
        return CUPEL_OK;
    config = cup_pool_settings(plan->options.pool);
    if (config->blocking == async)
        return cup_error_set_code(CUPEL_E_ARGUMENT, "pcls",
                                  "a pool made for %s cannot be used by an "
                                  "engine for %s",
                                  async ? "threads" : "tasks",
                                  async ? "tasks" : "threads");
    if (config->dialect != plan->dialect)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the pool's dialect is %s, the url's %s",
                             config->dialect->name, plan->dialect->name);
    return CUPEL_OK;
}

/* ---- The pool ---------------------------------------------------------- */

static cupel_pool_class
choose_class(const struct cup_blueprint *plan, bool async)
{
    if (plan->options.poolclass != CUPEL_POOL_DEFAULT)
        return plan->options.poolclass;
    return cup_pool_class_for(plan->dialect, plan->url, !async);
}

/* A count from an option, where UNLIMITED is the largest there is. */
static size_t
count_of(int64_t option)
{
    return (uint64_t)option > SIZE_MAX ? SIZE_MAX : (size_t)option;
}

/* A database may have room for no more than so many connections. */
static void
limit_size(const struct cup_blueprint *plan, struct cup_pool_config *config)
{
    size_t limit = 0;

    if (plan->dialect->pool_limit != NULL)
        limit = plan->dialect->pool_limit(plan->url);
    if (limit == 0)
        return;
    if (config->size == 0 || config->size > limit)
        config->size = limit;
    if (config->max_overflow > limit - config->size)
        config->max_overflow = limit - config->size;
}

/* The age at which connections are replaced: a real zero means each time. */
static int64_t
recycle_of(int64_t option)
{
    if (option < 0)
        return 0;
    return option == 0 ? 1 : option;
}

static void
configure_pool(struct cup_blueprint *plan, bool async)
{
    const cupel_engine_options *options = &plan->options;
    struct cup_pool_config *config = &plan->pool;
    char part[40];

    config->dialect = plan->dialect;
    config->url = plan->settled != NULL ? plan->settled : plan->url;
    config->blocking = !async;
    config->kind = choose_class(plan, async);
    if (options->pool_size != CUPEL_UNLIMITED)
        config->size = count_of(options->pool_size);
    config->max_overflow = count_of(options->max_overflow);
    limit_size(plan, config);
    config->timeout_ms = options->pool_timeout_ms;
    config->connect_timeout_ms = options->connect_timeout_ms;
    config->close_timeout_ms = options->close_timeout_ms;
    config->lifo = options->pool_use_lifo == CUPEL_ON;
    config->pre_ping = options->pool_pre_ping == CUPEL_ON;
    config->reset_on_return = options->pool_reset_on_return;
    config->skip_autocommit_rollback =
        options->skip_autocommit_rollback == CUPEL_ON;
    config->recycle_ms = recycle_of(options->pool_recycle_ms);
    config->lifetime_ms = options->pool_lifetime_ms;
    config->idle_timeout_ms = options->pool_idle_timeout_ms;
    config->min_idle = count_of(options->pool_min_idle);
    config->slow_acquire_ms = options->slow_acquire_ms;
    config->creator = options->creator;
    config->async_creator = options->async_creator;
    config->creator_arg = options->creator_arg;
    snprintf(part, sizeof part, "cupel.pool.%s",
             cup_pool_class_name(config->kind));
    cup_logger_init(&config->logger, part, options->pool_logging_name,
                    cup_echo_level(options->echo_pool));
}

cupel_status
cup_blueprint_draw(struct cup_blueprint *plan, const char *url,
                   const cupel_engine_options *given, bool async)
{
    cupel_status rc;

    *plan = (struct cup_blueprint){ .has_level = false };
    if (url == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no url");
    rc = cup_options_complete(given, &plan->options);
    if (rc == CUPEL_OK)
        rc = make_url(url, &plan->options, &plan->url);
    if (rc == CUPEL_OK)
        rc = choose_dialect(plan, async);
    if (rc == CUPEL_OK)
        rc = check_creators(plan, async);
    if (rc == CUPEL_OK)
        rc = check_autocommit(plan);
    if (rc == CUPEL_OK)
        rc = check_ready_pool(plan, async);
    if (rc == CUPEL_OK)
        rc = cup_options_check_pool(given, choose_class(plan, async),
                                    plan->dialect->name);
    if (rc != CUPEL_OK)
        return rc;
    configure_pool(plan, async);
    if (plan->options.isolation_level != NULL)
        plan->has_level =
            cup_isolation_find(plan->dialect, plan->options.isolation_level,
                               &plan->pool.isolation_level);
    return CUPEL_OK;
}

void
cup_blueprint_fini(struct cup_blueprint *plan)
{
    cupel_url_free(plan->url);
    cupel_url_free(plan->settled);
    plan->url = NULL;
    plan->settled = NULL;
}
