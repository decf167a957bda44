/* SPDX-License-Identifier: MIT */
#include "facade.h"

TASK_TEST(it_stands_for_an_engine_and_adds_nothing)
{
    cupel_async_engine *engine = facade_open();
    cupel_engine *core = cupel_async_engine_sync_engine(engine);

    CHECK(core != NULL);
    CHECK_STR(cupel_async_engine_url(engine), cupel_engine_url(core));
    CHECK_STR(cupel_async_engine_name(engine), cupel_engine_name(core));
    CHECK_STR(cupel_async_engine_driver(engine), cupel_engine_driver(core));
    facade_close(engine);
    CHECK(cupel_async_engine_sync_engine(NULL) == NULL);
    CHECK_STR(cupel_async_engine_url(NULL), "");
    CHECK_STR(cupel_async_engine_name(NULL), "");
    CHECK_STR(cupel_async_engine_driver(NULL), "");
}

TASK_TEST(it_equals_itself_and_null_equals_nothing)
{
    cupel_async_engine *engine = facade_open(), *other;

    CHECK_OK(cupel_create_async_engine("fake://unit", NULL, &other));
    CHECK(cupel_async_engine_equal(engine, engine));
    CHECK(!cupel_async_engine_equal(engine, other));
    CHECK(!cupel_async_engine_equal(engine, NULL));
    CHECK(!cupel_async_engine_equal(NULL, engine));
    CHECK(!cupel_async_engine_equal(NULL, NULL));
    cupel_async_engine_free(other);
    facade_close(engine);
}

TEST(a_bad_url_is_refused_and_leaves_no_engine)
{
    cupel_async_engine *engine = (cupel_async_engine *)&engine;

    CHECK_FAILS(cupel_create_async_engine("nothing", NULL, &engine),
                CUPEL_E_ARGUMENT);
    CHECK(engine == NULL);
    CHECK_FAILS(cupel_create_async_engine(NULL, NULL, &engine),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_create_async_engine("fake://unit", NULL, NULL),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_create_async_engine("martian://x", NULL, &engine),
                CUPEL_E_NOMODULE);
}

TASK_TEST(connect_checks_nothing_out)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);

    CHECK(conn != NULL);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ANY), 0);
    CHECK_INT(facade_pool(engine).checkouts, 0);
    cupel_async_connection_free(conn);
    facade_close(engine);
}

/* ---- begin ------------------------------------------------------------- */

static cupel_status
insert_one(cupel_async_connection *conn, void *arg)
{
    bool in_transaction = false;

    CHECK_OK(cupel_async_connection_in_transaction(conn, &in_transaction));
    CHECK(in_transaction);
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a')"));
    return arg == NULL ? CUPEL_OK : *(cupel_status *)arg;
}

static void
make_items(cupel_async_engine *engine)
{
    facade_exit(facade_with_items(engine));
}

TASK_TEST(begin_commits_and_closes_when_its_body_succeeds)
{
    cupel_async_engine *engine = facade_open();
    cupel_engine *core = cupel_async_engine_sync_engine(engine);

    make_items(engine);
    CHECK_OK(cupel_await(cupel_async_engine_begin(engine, insert_one, NULL)));
    CHECK_INT(facade_pool(engine).lent, 0);
    CHECK_INT(committed_items(core), 1);
    facade_close(engine);
}

static cupel_status
insert_and_fail(cupel_async_connection *conn, void *arg)
{
    (void)arg;
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a')"));
    return facade_run(conn, "INSERT INTO item VALUES (1, 'b')");
}

TASK_TEST(begin_rolls_back_and_hands_its_bodys_failure_on)
{
    cupel_async_engine *engine = facade_open();
    cupel_engine *core = cupel_async_engine_sync_engine(engine);

    make_items(engine);
    CHECK_FAILS(
        cupel_await(cupel_async_engine_begin(engine, insert_and_fail, NULL)),
        CUPEL_E_INTEGRITY);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INTEGRITY);
    CHECK_INT(facade_pool(engine).lent, 0);
    CHECK_INT(committed_items(core), 0);
    facade_close(engine);
}

static cupel_status
find_the_transaction(cupel_async_connection *conn, void *arg)
{
    cupel_async_transaction *tx, *again;

    (void)arg;
    CHECK_OK(cupel_async_connection_get_transaction(conn, &tx));
    CHECK(tx != NULL);
    CHECK_OK(cupel_async_connection_get_transaction(conn, &again));
    CHECK(tx == again);
    CHECK_OK(cupel_await(cupel_async_transaction_commit(tx)));
    CHECK_FAILS(facade_run(conn, "SELECT 1"), CUPEL_E_INVALID);
    return CUPEL_OK;
}

TASK_TEST(begin_is_a_scope_that_ends_with_its_transaction)
{
    cupel_async_engine *engine = facade_open();

    CHECK_OK(cupel_await(
        cupel_async_engine_begin(engine, find_the_transaction, NULL)));
    facade_close(engine);
}

TASK_TEST(begin_without_body_or_engine_is_refused)
{
    cupel_async_engine *engine = facade_open();

    CHECK_FAILS(cupel_await(cupel_async_engine_begin(engine, NULL, NULL)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_engine_begin(NULL, insert_one, NULL)),
                CUPEL_E_ARGUMENT);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ANY), 0);
    facade_close(engine);
}

TASK_TEST(begin_reports_a_connect_that_failed)
{
    cupel_async_engine *engine = facade_open();
    const struct cup_fake_fault fault = { .op = CUP_FAKE_CONNECT,
                                          .kind = CUP_FAKE_HANG_UP };

    cup_fake_fault(&fault);
    CHECK_FAILS(cupel_await(cupel_async_engine_begin(engine, insert_one, NULL)),
                CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    facade_close(engine);
}

/* ---- Endings ----------------------------------------------------------- */

TASK_TEST(dispose_may_be_repeated_and_leaves_the_engine_usable)
{
    cupel_async_engine *engine = facade_open();

    make_items(engine);
    CHECK_OK(cupel_await(cupel_async_engine_dispose(engine)));
    CHECK_OK(cupel_await(cupel_async_engine_dispose(engine)));
    CHECK_INT(facade_pool(engine).size, 0);
    CHECK_OK(cupel_await(cupel_async_engine_begin(engine, insert_one, NULL)));
    CHECK_FAILS(cupel_await(cupel_async_engine_dispose(NULL)),
                CUPEL_E_ARGUMENT);
    facade_close(engine);
}

TASK_TEST(closing_null_is_no_failure)
{
    CHECK_OK(cupel_await(cupel_async_engine_close(NULL)));
    cupel_async_engine_free(NULL);
}

TASK_TEST(a_close_that_is_dropped_still_frees_the_engine)
{
    cupel_async_engine *engine = facade_open();
    int turns;

    make_items(engine);
    CHECK_INT(cup_fake_wire_count(), 1);
    cupel_future_free(cupel_async_engine_close(engine));
    for (turns = 0; turns < 100 && cup_fake_wire_count() > 0; turns++)
        CHECK_OK(cupel_yield());
    CHECK_INT(cup_fake_wire_count(), 0);
}

TASK_TEST(what_was_made_from_a_freed_engine_is_told_so)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_future *begin = cupel_async_engine_begin(engine, insert_one, NULL);

    cupel_async_engine_free(engine);
    CHECK(cupel_async_connection_engine(conn) == engine);
    CHECK(cupel_async_engine_sync_engine(engine) == NULL);
    CHECK(!cupel_async_engine_equal(engine, engine));
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_await(begin), CUPEL_E_CLOSED);
    cupel_async_connection_free(conn);
}

/* ---- From callback code ------------------------------------------------ */

struct outcome {
    int calls;
    cupel_status status;
    bool has_error;
};

static void
on_done(cupel_status status, const cupel_error *error, void *arg)
{
    struct outcome *outcome = arg;

    CHECK(!cupel_in_task());
    outcome->calls++;
    outcome->status = status;
    outcome->has_error = error != NULL;
}

static cupel_status
make_and_fail(cupel_async_connection *conn, void *arg)
{
    (void)arg;
    return facade_run(conn, "SELECT nonsense FROM nowhere");
}

TEST(callback_code_begins_work_and_is_called_back)
{
    struct outcome good = { 0, CUPEL_OK, true }, bad = { 0, CUPEL_OK, false },
                   closed = { 0, CUPEL_OK, false };
    cupel_async_engine *engine = facade_open();
    cupel_loop *loop;

    CHECK_OK(cupel_loop_new(&loop));
    cupel_future_then(
        cupel_async_engine_begin(engine, find_the_transaction, NULL), on_done,
        &good);
    cupel_future_then(cupel_async_engine_begin(engine, make_and_fail, NULL),
                      on_done, &bad);
    CHECK_INT(good.calls, 0);
    CHECK_OK(cupel_loop_run(loop));
    CHECK_INT(good.calls, 1);
    CHECK_INT(good.status, CUPEL_OK);
    CHECK(!good.has_error);
    CHECK_INT(bad.calls, 1);
    CHECK(bad.status < CUPEL_OK);
    CHECK(bad.has_error);
    cupel_future_then(cupel_async_engine_close(engine), on_done, &closed);
    CHECK_OK(cupel_loop_run(loop));
    CHECK_INT(closed.status, CUPEL_OK);
    CHECK_OK(cupel_loop_free(loop));
    CHECK_INT(cup_fake_wire_count(), 0);
}

TASK_TEST(two_handles_for_one_engine_are_equal)
{
    cupel_async_engine *engine = facade_open(), *other, *child;
    cupel_async_connection *conn;

    CHECK_OK(
        cupel_async_engine_new(cupel_async_engine_sync_engine(engine), &other));
    CHECK(cupel_async_engine_equal(engine, other));
    CHECK_OK(cupel_async_engine_execution_options(
        engine, CUPEL_WITH({ "mine", cupel_int(1) }), &child));
    CHECK(!cupel_async_engine_equal(engine, child));
    CHECK_INT(cupel_async_engine_get_execution_options(child)->count, 1);
    CHECK(cupel_async_engine_pool(child) == cupel_async_engine_pool(engine));
    cupel_async_engine_free(child);
    cupel_async_engine_free(engine);
    conn = facade_connect(other);
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    facade_close(other);
}

TASK_TEST(a_blocking_engine_gets_no_handle)
{
    cupel_engine *blocking;
    cupel_async_engine *engine;

    cupel_async_engine_free(facade_open());
    CHECK_OK(cupel_engine_create("fake://unit", NULL, &blocking));
    CHECK_FAILS(cupel_async_engine_new(blocking, &engine), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_async_engine_new(NULL, &engine), CUPEL_E_ARGUMENT);
    CHECK(engine == NULL);
    cupel_engine_free(blocking);
}

TASK_TEST(an_engine_comes_from_configuration)
{
    static const cupel_url_pair config[] = {
        { "sqlalchemy.url", "fake://unit" }, { "sqlalchemy.echo", "off" }
    };
    cupel_async_engine *engine;

    cupel_async_engine_free(facade_open());
    CHECK_OK(cupel_async_engine_from_config(config, 2, NULL, NULL, &engine));
    CHECK_STR(cupel_async_engine_url(engine), "fake://unit");
    facade_close(engine);
    CHECK_FAILS(
        cupel_async_engine_from_config(config + 1, 1, NULL, NULL, &engine),
        CUPEL_E_KEY);
}

TASK_TEST(dispose_may_leave_the_connections_alone)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_pool *before = cupel_async_engine_pool(engine);

    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    CHECK_OK(cupel_await(cupel_async_engine_dispose_no_close(engine)));
    CHECK(cupel_async_engine_pool(engine) != before);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 0);
    facade_close(engine);
}
