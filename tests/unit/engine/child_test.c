/* SPDX-License-Identifier: MIT */

#include "engine/engine.h"
#include "support/fake_engine.h"

TASK_TEST(a_child_has_its_parents_options_and_its_own)
{
    cupel_engine *engine = fake_engine(), *child, *grandchild;
    const cupel_execution_options *options;

    CHECK_OK(cupel_engine_execution_options(
        engine, CUPEL_WITH({ "a", cupel_int(1) }), &child));
    CHECK_OK(cupel_engine_execution_options(
        child, CUPEL_WITH({ "a", cupel_int(2) }, { "b", cupel_int(3) }),
        &grandchild));
    CHECK_INT(cupel_engine_get_execution_options(engine)->count, 0);
    CHECK_INT(cupel_engine_get_execution_options(child)->count, 1);
    options = cupel_engine_get_execution_options(grandchild);
    CHECK_INT(options->count, 2);
    CHECK_INT(options->items[0].value.as.integer, 2);
    cupel_engine_close(grandchild);
    cupel_engine_close(child);
    fake_engine_close(engine);
}

TASK_TEST(the_pool_goes_with_the_last_of_the_family)
{
    cupel_engine *engine = fake_engine(), *child;
    cupel_connection *conn;

    CHECK_OK(cupel_engine_execution_options(engine, NULL, &child));
    CHECK(cupel_engine_pool(child) == cupel_engine_pool(engine));
    cupel_engine_close(engine);
    CHECK_OK(cupel_engine_connect(child, &conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(child);
}

TASK_TEST(dispose_of_a_child_is_dispose_of_the_family)
{
    cupel_engine *engine = fake_engine(), *child;
    cupel_pool *before = cupel_engine_pool(engine);

    CHECK_OK(cupel_engine_execution_options(engine, NULL, &child));
    CHECK_OK(cupel_engine_dispose(child));
    CHECK(cupel_engine_pool(engine) != before);
    CHECK(cupel_engine_pool(engine) == cupel_engine_pool(child));
    cupel_engine_free(child);
    fake_engine_close(engine);
}

TASK_TEST(connections_keep_the_options_they_were_made_with)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_engine_update_execution_options(
        engine, CUPEL_WITH({ "a", cupel_int(1) })));
    CHECK_INT(cupel_connection_get_execution_options(conn)->count, 0);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_INT(cupel_connection_get_execution_options(conn)->count, 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(bad_options_change_nothing)
{
    cupel_engine *engine = fake_engine(), *child;

    CHECK_FAILS(
        cupel_engine_execution_options(
            engine, CUPEL_WITH({ "yield_per", cupel_string("x") }), &child),
        CUPEL_E_ARGUMENT);
    CHECK(child == NULL);
    CHECK_FAILS(cupel_engine_update_execution_options(
                    engine, CUPEL_WITH({ "timeout_ms", cupel_int(-1) })),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_engine_execution_options(NULL, NULL, &child),
                CUPEL_E_ARGUMENT);
    CHECK_INT(cupel_engine_get_execution_options(engine)->count, 0);
    CHECK_INT(cupel_engine_get_execution_options(NULL)->count, 0);
    fake_engine_close(engine);
}

/* A listener that puts other options in the place of those it is shown. */
static cupel_status
replace(cupel_event *event, void *arg)
{
    static const cupel_param item = { "replaced", { .type = CUPEL_NULL } };
    static const cupel_execution_options other = { &item, 1 };

    CHECK(event->engine != NULL);
    *(const char **)arg = event->name;
    event->options = &other;
    return CUPEL_OK;
}

TASK_TEST(listeners_may_put_other_options_in)
{
    cupel_engine *engine = fake_engine();
    const char *told = "";

    CHECK_OK(cupel_event_listen(cupel_on_engine(engine),
                                "set_engine_execution_options", replace, &told,
                                0));
    CHECK_OK(cupel_engine_update_execution_options(
        engine, CUPEL_WITH({ "mine", cupel_int(1) })));
    CHECK_STR(told, "set_engine_execution_options");
    CHECK_INT(cupel_engine_get_execution_options(engine)->count, 1);
    CHECK_STR(cupel_engine_get_execution_options(engine)->items[0].name,
              "replaced");
    fake_engine_close(engine);
}
