/* SPDX-License-Identifier: MIT */
#include "facade.h"

/* ---- Unstarted, started, closed ---------------------------------------- */

static cupel_status
never_run(cupel_connection *conn, void *arg)
{
    (void)conn;
    (void)arg;
    fail();
    return CUPEL_OK;
}

TASK_TEST(an_unstarted_connection_refuses_everything_but_starting)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_async_transaction *tx;
    bool answer;

    CHECK(cupel_async_connection_sync_connection(conn) == NULL);
    CHECK(cupel_async_connection_engine(conn) == engine);
    CHECK_FAILS(facade_run(conn, "SELECT 1"), CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_connection_commit(conn)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_connection_rollback(conn)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_connection_close(conn)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_connection_aclose(conn)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_connection_invalidate(conn)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(
        cupel_await(cupel_async_connection_run_sync(conn, never_run, NULL)),
        CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_closed(conn, &answer),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_invalidated(conn, &answer),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_in_transaction(conn, &answer),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_in_nested_transaction(conn, &answer),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_get_transaction(conn, &tx),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_connection_get_nested_transaction(conn, &tx),
                CUPEL_E_NOTSTARTED);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ANY), 0);
    CHECK_FAILS(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)),
                CUPEL_E_NOTSTARTED);
    facade_close(engine);
}

TASK_TEST(a_connection_is_started_once_also_after_close)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);

    CHECK_OK(cupel_await(cupel_async_connection_enter(conn)));
    CHECK(cupel_async_connection_sync_connection(conn) != NULL);
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_STARTED);
    CHECK_FAILS(cupel_await(cupel_async_connection_enter(conn)),
                CUPEL_E_STARTED);
    CHECK_OK(cupel_await(cupel_async_connection_close(conn)));
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_STARTED);
    CHECK_INT(facade_pool(engine).checkouts, 1);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(two_starts_at_once_check_out_one_connection)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_future *first = cupel_async_connection_start(conn);

    CHECK_OK(cupel_future_spawn(first));
    CHECK_OK(cupel_yield());
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_STARTED);
    CHECK_OK(cupel_await(first));
    CHECK_INT(facade_pool(engine).lent, 1);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_start_that_failed_may_be_tried_again)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    const struct cup_fake_fault fault = { .op = CUP_FAKE_CONNECT,
                                          .kind = CUP_FAKE_HANG_UP };

    cup_fake_fault(&fault);
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_OPERATIONAL);
    CHECK(cupel_async_connection_sync_connection(conn) == NULL);
    CHECK_OK(cupel_await(cupel_async_connection_start(conn)));
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_closed_connection_says_so_and_refuses_work)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_connection *core = cupel_async_connection_sync_connection(conn);
    cupel_async_transaction *tx;
    bool answer = false;

    CHECK_OK(facade_run(conn, "SELECT 1"));
    CHECK_OK(cupel_await(cupel_async_connection_close(conn)));
    CHECK_OK(cupel_await(cupel_async_connection_aclose(conn)));
    CHECK(cupel_async_connection_sync_connection(conn) == core);
    CHECK_OK(cupel_async_connection_closed(conn, &answer));
    CHECK(answer);
    CHECK_OK(cupel_async_connection_in_transaction(conn, &answer));
    CHECK(!answer);
    CHECK_OK(cupel_async_connection_invalidated(conn, &answer));
    CHECK(!answer);
    CHECK_OK(cupel_async_connection_get_transaction(conn, &tx));
    CHECK(tx == NULL);
    CHECK_FAILS(facade_run(conn, "SELECT 1"), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_await(cupel_async_connection_invalidate(conn)),
                CUPEL_E_CLOSED);
    CHECK_OK(cupel_await(cupel_async_connection_commit(conn)));
    CHECK_OK(cupel_await(cupel_async_connection_rollback(conn)));
    tx = cupel_async_connection_begin(conn);
    CHECK_FAILS(cupel_await(cupel_async_transaction_start(tx)), CUPEL_E_CLOSED);
    cupel_async_transaction_free(tx);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(an_invalidated_connection_takes_another_wire)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    bool answer = false;

    CHECK_OK(cupel_await(cupel_async_connection_invalidate(conn)));
    CHECK_OK(cupel_async_connection_invalidated(conn, &answer));
    CHECK(answer);
    CHECK_OK(facade_run(conn, "SELECT 1"));
    CHECK_OK(cupel_async_connection_invalidated(conn, &answer));
    CHECK(!answer);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(commit_and_rollback_end_the_outermost_transaction)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    bool answer = false;

    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_async_connection_in_transaction(conn, &answer));
    CHECK(answer);
    CHECK_OK(cupel_await(cupel_async_connection_rollback(conn)));
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (2, 'b')"));
    CHECK_OK(cupel_await(cupel_async_connection_commit(conn)));
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (3, 'c')"));
    facade_exit(conn); /* takes the third one back */
    CHECK_INT(committed_items(cupel_async_engine_sync_engine(engine)), 1);
    facade_close(engine);
}

/* ---- Misuse ------------------------------------------------------------ */

TASK_TEST(a_null_connection_is_refused_through_the_future)
{
    cupel_async_transaction *tx;
    bool answer;

    CHECK_FAILS(cupel_await(cupel_async_connection_start(NULL)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(facade_run(NULL, "SELECT 1"), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_connection_commit(NULL)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(
        cupel_await(cupel_async_connection_run_sync(NULL, never_run, NULL)),
        CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_async_connection_closed(NULL, &answer), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_async_connection_get_transaction(NULL, &tx),
                CUPEL_E_ARGUMENT);
    CHECK(cupel_async_connection_sync_connection(NULL) == NULL);
    CHECK(cupel_async_connection_engine(NULL) == NULL);
    cupel_async_connection_free(NULL);
}

TASK_TEST(a_connection_of_no_engine_does_not_start)
{
    cupel_async_connection *conn = cupel_async_engine_connect(NULL);

    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_ARGUMENT);
    cupel_async_connection_free(conn);
}

TASK_TEST(questions_need_a_place_for_the_answer)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);

    CHECK_FAILS(cupel_async_connection_closed(conn, NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_async_connection_get_transaction(conn, NULL),
                CUPEL_E_ARGUMENT);
    facade_exit(conn);
    facade_close(engine);
}

/* ---- run_sync ---------------------------------------------------------- */

static cupel_status
core_work(cupel_connection *conn, void *arg)
{
    *(int64_t *)arg = query_int(conn, "SELECT 7");
    return run_sql(conn, "SELECT nonsense FROM nowhere");
}

TASK_TEST(run_sync_lends_the_cores_connection_and_hands_its_status_on)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    int64_t seven = 0;

    CHECK_FAILS(
        cupel_await(cupel_async_connection_run_sync(conn, core_work, &seven)),
        CUPEL_E_PROGRAMMING);
    CHECK_INT(seven, 7);
    CHECK_FAILS(cupel_await(cupel_async_connection_run_sync(conn, NULL, NULL)),
                CUPEL_E_ARGUMENT);
    facade_exit(conn);
    facade_close(engine);
}

/* ---- Leaving ----------------------------------------------------------- */

TASK_TEST(exit_hands_the_status_and_its_record_on)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_status rc = facade_run(conn, "SELECT nonsense FROM nowhere");

    CHECK(rc < CUPEL_OK);
    CHECK_FAILS(cupel_await(cupel_async_connection_exit(conn, rc)), rc);
    CHECK_INT(cupel_error_status(cupel_error_last()), rc);
    CHECK_STR(cupel_error_statement(cupel_error_last()),
              "SELECT nonsense FROM nowhere");
    CHECK_FAILS(cupel_await(cupel_async_connection_exit(NULL, CUPEL_E_DATA)),
                CUPEL_E_DATA);
    conn = cupel_async_engine_connect(engine);
    CHECK_FAILS(cupel_await(cupel_async_connection_exit(conn, CUPEL_E_DATA)),
                CUPEL_E_DATA);
    CHECK_OK(cupel_await(cupel_async_connection_exit(NULL, CUPEL_OK)));
    facade_close(engine);
}

static cupel_status
work_until_cancelled(void *arg)
{
    cupel_async_connection *conn = cupel_async_engine_connect(arg);
    cupel_status rc;

    rc = cupel_await(cupel_async_connection_start(conn));
    if (rc == CUPEL_OK)
        rc = facade_run(conn, "SELECT 1");
    if (rc == CUPEL_OK)
        rc = cupel_sleep(1000000);
    return cupel_await(cupel_async_connection_exit(conn, rc));
}

TASK_TEST(a_cancelled_task_gives_its_connection_back_healthy)
{
    cupel_async_engine *engine = facade_open();
    cupel_future *work = cupel_future_call(work_until_cancelled, engine);

    CHECK_OK(cupel_future_spawn(work));
    while (cup_fake_calls(CUP_FAKE_EXECUTE) == 0)
        CHECK_OK(cupel_yield());
    CHECK_OK(cupel_yield());
    CHECK_OK(cupel_yield());
    cupel_future_cancel(work);
    CHECK_FAILS(cupel_await(work), CUPEL_E_CANCELLED);
    CHECK_INT(facade_pool(engine).lent, 0);
    CHECK_INT(facade_pool(engine).idle, 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK), 1);
    facade_close(engine);
}

TASK_TEST(an_exit_that_is_dropped_still_frees_the_connection)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);

    cupel_future_free(cupel_async_connection_exit(conn, CUPEL_OK));
    CHECK_INT(facade_pool(engine).lent, 0);
    facade_close(engine);
}

TASK_TEST(a_future_keeps_the_connection_it_was_made_from)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_value value;
    cupel_future *cold, *dropped;

    cold = cupel_async_connection_scalar(conn, CUPEL_TEXT("SELECT 5"), NULL,
                                         NULL, &value);
    dropped = cupel_async_connection_commit(conn);
    cupel_async_connection_free(conn);
    CHECK_INT(facade_pool(engine).lent, 1);
    CHECK_OK(cupel_await(cold));
    CHECK_INT(value.as.integer, 5);
    CHECK_INT(facade_pool(engine).lent, 1);
    cupel_future_free(dropped);
    CHECK_INT(facade_pool(engine).lent, 0);
    facade_close(engine);
}

TASK_TEST(a_future_that_outlives_the_scope_finds_it_closed)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_future *late = cupel_async_connection_execute(
        conn, CUPEL_TEXT("SELECT 1"), NULL, NULL, NULL);

    facade_exit(conn);
    CHECK_INT(facade_pool(engine).lent, 0);
    CHECK_FAILS(cupel_await(late), CUPEL_E_CLOSED);
    facade_close(engine);
}

TASK_TEST(freed_while_it_starts_it_is_given_up_when_it_has)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_future *start = cupel_async_connection_start(conn);

    CHECK_OK(cupel_future_spawn(start));
    CHECK_OK(cupel_yield());
    cupel_async_connection_free(conn);
    CHECK_OK(cupel_await(start));
    CHECK_INT(facade_pool(engine).lent, 0);
    facade_close(engine);
}

TEST(outside_a_task_an_exit_still_frees)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);

    CHECK_FAILS(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)),
                CUPEL_E_NOTASK);
    cupel_async_engine_free(engine);
}
