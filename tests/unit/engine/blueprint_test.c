/* SPDX-License-Identifier: MIT */
#include "engine/blueprint.h"

#include "support/fake_engine.h"
#include "unit/base/failing_alloc.h"

static cupel_status
draw(const char *url, const cupel_engine_options *options, bool async,
     struct cup_blueprint *plan)
{
    cupel_engine_close(fake_engine()); /* for the fake dialect */
    return cup_blueprint_draw(plan, url, options, async);
}

static cupel_status
try_draw(const char *url, const cupel_engine_options *options, bool async)
{
    struct cup_blueprint plan;
    cupel_status rc = draw(url, options, async, &plan);

    cup_blueprint_fini(&plan);
    return rc;
}

static cupel_status
create_nothing(void *arg, void **out)
{
    (void)arg;
    (void)out;
    return CUPEL_E_OPERATIONAL;
}

TASK_TEST(the_pool_class_fits_the_engine_and_the_database)
{
    struct cup_blueprint plan;

    CHECK_OK(draw("fake://a", NULL, true, &plan));
    CHECK_INT(plan.pool.kind, CUPEL_POOL_ASYNC_ADAPTED_QUEUE);
    CHECK_INT(plan.pool.size, 5);
    CHECK_INT(plan.pool.max_overflow, 10);
    CHECK(!plan.pool.blocking);
    cup_blueprint_fini(&plan);
    CHECK_OK(draw("fake://a", NULL, false, &plan));
    CHECK_INT(plan.pool.kind, CUPEL_POOL_QUEUE);
    CHECK(plan.pool.blocking);
    cup_blueprint_fini(&plan);
    CHECK_OK(draw("fake://a?private=1", NULL, true, &plan));
    CHECK_INT(plan.pool.kind, CUPEL_POOL_STATIC);
    cup_blueprint_fini(&plan);
}

TASK_TEST(every_pool_option_reaches_the_pool)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    struct cup_blueprint plan;

    options.pool_size = 3;
    options.max_overflow = CUPEL_ZERO;
    options.pool_recycle_ms = 4000;
    options.pool_lifetime_ms = 5000;
    options.pool_idle_timeout_ms = 6000;
    options.pool_min_idle = 2;
    options.pool_pre_ping = CUPEL_ON;
    options.pool_use_lifo = CUPEL_ON;
    options.pool_reset_on_return = CUPEL_RESET_NONE;
    options.skip_autocommit_rollback = CUPEL_ON;
    options.slow_acquire_ms = 7;
    options.isolation_level = "repeatable_read";
    options.pool_logging_name = "mine";
    options.echo_pool = CUPEL_DEBUG;
    CHECK_OK(draw("fake://a", &options, true, &plan));
    CHECK_INT(plan.pool.size, 3);
    CHECK_INT(plan.pool.max_overflow, 0);
    CHECK_INT(plan.pool.recycle_ms, 4000);
    CHECK_INT(plan.pool.lifetime_ms, 5000);
    CHECK_INT(plan.pool.idle_timeout_ms, 6000);
    CHECK_INT(plan.pool.min_idle, 2);
    CHECK(plan.pool.pre_ping && plan.pool.lifo);
    CHECK_INT(plan.pool.reset_on_return, CUPEL_RESET_NONE);
    CHECK(plan.pool.skip_autocommit_rollback);
    CHECK_INT(plan.pool.slow_acquire_ms, 7);
    CHECK(plan.has_level);
    CHECK_STR(plan.pool.isolation_level, "REPEATABLE READ");
    CHECK_STR(plan.pool.logger.name, "cupel.pool.AsyncAdaptedQueuePool.mine");
    CHECK_INT(plan.pool.logger.level, CUPEL_LOG_DEBUG);
    cup_blueprint_fini(&plan);
}

TASK_TEST(a_recycle_of_zero_replaces_each_time_and_none_never)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    struct cup_blueprint plan;

    CHECK_OK(draw("fake://a", &options, true, &plan));
    CHECK_INT(plan.pool.recycle_ms, 0);
    cup_blueprint_fini(&plan);
    options.pool_recycle_ms = CUPEL_ZERO;
    CHECK_OK(draw("fake://a", &options, true, &plan));
    CHECK_INT(plan.pool.recycle_ms, 1);
    cup_blueprint_fini(&plan);
}

TASK_TEST(connect_arguments_go_into_the_url)
{
    const cupel_url_pair pair = { "pool_limit", "2" };
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    struct cup_blueprint plan;

    options.connect_args = &pair;
    options.connect_arg_count = 1;
    CHECK_OK(draw("fake://a?pool_limit=1", &options, true, &plan));
    CHECK_STR(cupel_url_query_get(plan.url, "pool_limit"), "2");
    CHECK_INT(plan.pool.size + plan.pool.max_overflow, 2);
    cup_blueprint_fini(&plan);
    options = (cupel_engine_options)CUPEL_OPTIONS(cupel_engine_options);
    options.connect_args_text = "private=1";
    CHECK_OK(draw("fake://a", &options, true, &plan));
    CHECK_INT(plan.pool.kind, CUPEL_POOL_STATIC);
    cup_blueprint_fini(&plan);
    options.connect_args_text = "nobody=1";
    CHECK_FAILS(try_draw("fake://a", &options, true), CUPEL_E_ARGUMENT);
}

TASK_TEST(creators_that_do_not_fit_are_refused)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.async_creator = create_nothing;
    CHECK_OK(try_draw("fake://a", &options, true));
    CHECK_FAILS(try_draw("fake://a", &options, false), CUPEL_E_TYPE);
    options.creator = create_nothing;
    CHECK_FAILS(try_draw("fake://a", &options, true), CUPEL_E_ARGUMENT);
}

TASK_TEST(options_that_the_pool_does_not_have_are_refused)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.pool_size = 5;
    CHECK_FAILS(try_draw("fake://a?private=1", &options, true), CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "pool_size") != NULL);
    options.poolclass = CUPEL_POOL_NULL;
    CHECK_FAILS(try_draw("fake://a", &options, true), CUPEL_E_TYPE);
    CHECK(strstr(cupel_error_text(), "NullPool") != NULL);
}

TASK_TEST(a_level_that_does_not_exist_is_left_to_the_first_connect)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    struct cup_blueprint plan;

    options.isolation_level = "NO SUCH LEVEL";
    CHECK_OK(draw("fake://a", &options, true, &plan));
    CHECK(!plan.has_level);
    CHECK(plan.pool.isolation_level == NULL);
    cup_blueprint_fini(&plan);
}

/* Engines with everything that takes memory, and a child. */
static cupel_status
make_a_family(void)
{
    static const cupel_url_pair config[] = {
        { "sqlalchemy.url", "fake://unit" },
        { "sqlalchemy.isolation_level", "no such level" },
        { "sqlalchemy.connect_args", "private=1" },
    };
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine, *child = NULL;
    cupel_status rc;

    options.timeout_ms = 1000;
    options.execution_options = CUPEL_WITH({ "mine", cupel_string("text") });
    rc = cupel_engine_from_config(config, 3, NULL, &options, &engine);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_engine_execution_options(
        engine, CUPEL_WITH({ "other", cupel_int(1) }), &child);
    if (rc == CUPEL_OK)
        rc = cupel_engine_update_execution_options(
            engine, CUPEL_WITH({ "mine", cupel_int(2) }));
    cupel_engine_free(child);
    cupel_engine_free(engine);
    return rc;
}

TEST(every_failed_allocation_is_survived)
{
    cupel_status rc;
    size_t n;

    cupel_engine_free(fake_engine()); /* for the fake dialect */
    for (n = 1; failing_alloc_begin(n); n++) {
        rc = make_a_family();
        CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
        if (failing_alloc.failed == 0)
            CHECK_OK(rc);
        failing_alloc_end();
    }
}
