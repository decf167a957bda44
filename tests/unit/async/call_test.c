/* SPDX-License-Identifier: MIT */
#include "async/call.h"

#include "facade.h"

/* What the operation was given. */
struct seen {
    cupel_connection *core;
    int64_t option;
};

/* Yields never. */
static cupel_status
look(cupel_connection *core, const struct cup_arguments *arguments, void *out)
{
    struct seen *seen = out;

    seen->core = core;
    if (arguments->options != NULL)
        seen->option = arguments->options->items[0].value.as.integer;
    return CUPEL_E_VALUE;
}

TASK_TEST(an_operation_gets_the_core_and_copies_of_its_arguments)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_param option = { "mine", cupel_int(7) };
    const cupel_execution_options options = { &option, 1 };
    const struct cup_arguments given = { .options = &options };
    struct seen seen = { NULL, 0 };
    cupel_future *future;

    future = cup_async_call(look, conn, &given, &seen);
    option.value = cupel_int(8);
    CHECK_FAILS(cupel_await(future), CUPEL_E_VALUE);
    CHECK(seen.core == cupel_async_connection_sync_connection(conn));
    CHECK_INT(seen.option, 7);
    CHECK_FAILS(cupel_await(cup_async_call(look, conn, NULL, &seen)),
                CUPEL_E_VALUE);
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    facade_close(engine);
}

TASK_TEST(nothing_runs_on_a_connection_that_was_not_started)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    struct seen seen = { NULL, 0 };

    CHECK_FAILS(cupel_await(cup_async_call(look, conn, NULL, &seen)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cup_async_call(look, NULL, NULL, &seen)),
                CUPEL_E_ARGUMENT);
    CHECK(seen.core == NULL);
    cupel_async_connection_free(conn);
    facade_close(engine);
}

TASK_TEST(a_buffered_call_refuses_to_stream_whoever_asks_for_it)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    const cupel_execution_options *options =
        CUPEL_WITH({ "yield_per", cupel_int(7) });
    const struct cup_arguments given = { .options = options };
    struct seen seen = { NULL, 0 };

    CHECK_FAILS(cupel_await(cup_async_call_buffered(look, conn, &given, &seen)),
                CUPEL_E_ASYNCMETHOD);
    CHECK_OK(cupel_await(cupel_async_connection_execution_options(
        conn, CUPEL_WITH({ "stream_results", cupel_bool(true) }))));
    CHECK_FAILS(cupel_await(cup_async_call_buffered(look, conn, NULL, &seen)),
                CUPEL_E_ASYNCMETHOD);
    CHECK(seen.core == NULL);
    CHECK_FAILS(cupel_await(cup_async_call(look, conn, NULL, &seen)),
                CUPEL_E_VALUE);
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    facade_close(engine);
}
