/* SPDX-License-Identifier: MIT */
#include "facade.h"

#include <cupel/task.h>

/* ---- Unstarted --------------------------------------------------------- */

TASK_TEST(an_unstarted_transaction_refuses_everything_but_starting)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);
    bool answer = false;

    CHECK(cupel_async_transaction_connection(tx) == conn);
    CHECK(cupel_async_transaction_sync_transaction(tx) == NULL);
    CHECK(!cupel_async_transaction_nested(tx));
    CHECK_FAILS(cupel_async_transaction_is_active(tx, &answer),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_async_transaction_is_valid(tx, &answer),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_transaction_commit(tx)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_transaction_rollback(tx)),
                CUPEL_E_NOTSTARTED);
    CHECK_FAILS(cupel_await(cupel_async_transaction_close(tx)),
                CUPEL_E_NOTSTARTED);
    CHECK_OK(cupel_async_connection_in_transaction(conn, &answer));
    CHECK(!answer);
    CHECK_FAILS(cupel_await(cupel_async_transaction_exit(tx, CUPEL_OK)),
                CUPEL_E_NOTSTARTED);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(beginning_is_no_error_before_it_is_awaited)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = cupel_async_engine_connect(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin_nested(conn);

    CHECK(cupel_async_transaction_nested(tx));
    CHECK_FAILS(cupel_await(cupel_async_transaction_start(tx)),
                CUPEL_E_NOTSTARTED);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ANY), 0);
    cupel_async_transaction_free(tx);
    cupel_async_connection_free(conn);
    facade_close(engine);
}

TASK_TEST(a_null_transaction_is_refused_through_the_future)
{
    bool answer;

    CHECK_FAILS(cupel_await(cupel_async_transaction_start(NULL)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_transaction_enter(NULL)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_await(cupel_async_transaction_commit(NULL)),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_async_transaction_is_active(NULL, &answer),
                CUPEL_E_ARGUMENT);
    CHECK_OK(cupel_await(cupel_async_transaction_exit(NULL, CUPEL_OK)));
    CHECK_FAILS(cupel_await(cupel_async_transaction_exit(NULL, CUPEL_E_DATA)),
                CUPEL_E_DATA);
    CHECK(cupel_async_transaction_connection(NULL) == NULL);
    CHECK(cupel_async_transaction_sync_transaction(NULL) == NULL);
    CHECK(!cupel_async_transaction_nested(NULL));
    cupel_async_transaction_free(NULL);
}

/* ---- Begun ------------------------------------------------------------- */

TASK_TEST(a_started_transaction_is_ended_by_hand)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);
    bool answer = false;

    CHECK_OK(cupel_await(cupel_async_transaction_start(tx)));
    CHECK(cupel_async_transaction_sync_transaction(tx) != NULL);
    CHECK_OK(cupel_async_transaction_is_active(tx, &answer));
    CHECK(answer);
    CHECK_OK(cupel_async_transaction_is_valid(tx, &answer));
    CHECK(answer);
    CHECK_FAILS(cupel_async_transaction_is_valid(tx, NULL), CUPEL_E_ARGUMENT);
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_await(cupel_async_transaction_commit(tx)));
    CHECK_OK(cupel_async_transaction_is_active(tx, &answer));
    CHECK(!answer);
    CHECK_FAILS(cupel_await(cupel_async_transaction_commit(tx)),
                CUPEL_E_INVALID);
    CHECK_OK(cupel_await(cupel_async_transaction_rollback(tx)));
    CHECK_OK(cupel_await(cupel_async_transaction_close(tx)));
    cupel_async_transaction_free(tx);
    facade_exit(conn);
    CHECK_INT(committed_items(cupel_async_engine_sync_engine(engine)), 1);
    facade_close(engine);
}

TASK_TEST(starting_it_twice_begins_twice)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);

    CHECK_OK(cupel_await(cupel_async_transaction_start(tx)));
    CHECK_FAILS(cupel_await(cupel_async_transaction_start(tx)),
                CUPEL_E_INVALID);
    CHECK_OK(cupel_await(cupel_async_transaction_commit(tx)));
    CHECK_OK(cupel_await(cupel_async_transaction_start(tx)));
    CHECK_OK(cupel_await(cupel_async_transaction_rollback(tx)));
    cupel_async_transaction_free(tx);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(only_an_entered_one_guards_what_comes_after_it)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_transaction *awaited = cupel_async_connection_begin(conn);
    cupel_async_transaction *entered = cupel_async_connection_begin(conn);

    CHECK_OK(cupel_await(cupel_async_transaction_start(awaited)));
    CHECK_OK(cupel_await(cupel_async_transaction_commit(awaited)));
    CHECK_OK(facade_run(conn, "SELECT 1"));
    CHECK_OK(cupel_await(cupel_async_connection_rollback(conn)));

    CHECK_OK(cupel_await(cupel_async_transaction_enter(entered)));
    CHECK_OK(cupel_await(cupel_async_transaction_commit(entered)));
    CHECK_FAILS(facade_run(conn, "SELECT 1"), CUPEL_E_INVALID);
    CHECK_OK(cupel_await(cupel_async_transaction_exit(entered, CUPEL_OK)));
    CHECK_OK(facade_run(conn, "SELECT 1"));

    cupel_async_transaction_free(awaited);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(exit_commits_or_rolls_back_by_the_status)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);
    cupel_status rc;

    CHECK_OK(cupel_await(cupel_async_transaction_enter(tx)));
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_await(cupel_async_transaction_exit(tx, CUPEL_OK)));

    tx = cupel_async_connection_begin(conn);
    CHECK_OK(cupel_await(cupel_async_transaction_enter(tx)));
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (2, 'b')"));
    rc = facade_run(conn, "INSERT INTO item VALUES (1, 'c')");
    CHECK_FAILS(cupel_await(cupel_async_transaction_exit(tx, rc)),
                CUPEL_E_INTEGRITY);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INTEGRITY);
    facade_exit(conn);
    CHECK_INT(committed_items(cupel_async_engine_sync_engine(engine)), 1);
    facade_close(engine);
}

TASK_TEST(an_exit_after_a_failed_enter_hands_that_failure_on)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);
    cupel_status rc;

    CHECK_OK(facade_run(conn, "SELECT 1"));
    rc = cupel_await(cupel_async_transaction_enter(tx));
    CHECK_FAILS(rc, CUPEL_E_INVALID);
    CHECK_FAILS(cupel_await(cupel_async_transaction_exit(tx, rc)),
                CUPEL_E_INVALID);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_savepoint_takes_back_what_came_after_it)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_async_transaction *savepoint;
    bool answer = false;

    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a')"));
    savepoint = cupel_async_connection_begin_nested(conn);
    CHECK_OK(cupel_await(cupel_async_transaction_start(savepoint)));
    CHECK_OK(cupel_async_connection_in_nested_transaction(conn, &answer));
    CHECK(answer);
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (2, 'b')"));
    CHECK_OK(cupel_await(cupel_async_transaction_rollback(savepoint)));
    CHECK_OK(cupel_async_connection_in_nested_transaction(conn, &answer));
    CHECK(!answer);
    cupel_async_transaction_free(savepoint);
    CHECK_OK(cupel_await(cupel_async_connection_commit(conn)));
    facade_exit(conn);
    CHECK_INT(committed_items(cupel_async_engine_sync_engine(engine)), 1);
    facade_close(engine);
}

/* ---- Finding it again -------------------------------------------------- */

TASK_TEST(get_transaction_gives_the_handle_that_is_held_already)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);
    cupel_async_transaction *inner = cupel_async_connection_begin_nested(conn);
    cupel_async_transaction *found;

    CHECK_OK(cupel_async_connection_get_transaction(conn, &found));
    CHECK(found == NULL);
    CHECK_OK(cupel_await(cupel_async_transaction_start(tx)));
    CHECK_OK(cupel_await(cupel_async_transaction_start(inner)));
    CHECK_OK(cupel_async_connection_get_transaction(conn, &found));
    CHECK(found == tx);
    CHECK_OK(cupel_async_connection_get_nested_transaction(conn, &found));
    CHECK(found == inner);
    CHECK_OK(cupel_await(cupel_async_transaction_commit(inner)));
    CHECK_OK(cupel_async_connection_get_nested_transaction(conn, &found));
    CHECK(found == NULL);
    cupel_async_transaction_free(inner);
    cupel_async_transaction_free(tx);
    facade_exit(conn);
    facade_close(engine);
}

TASK_TEST(a_handle_that_was_dropped_is_made_again)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);
    cupel_async_transaction *found, *again;
    cupel_transaction *core;

    CHECK_OK(cupel_await(cupel_async_transaction_start(tx)));
    core = cupel_async_transaction_sync_transaction(tx);
    cupel_async_transaction_free(tx);
    CHECK_OK(cupel_async_connection_get_transaction(conn, &found));
    CHECK(cupel_async_transaction_sync_transaction(found) == core);
    CHECK(cupel_async_transaction_connection(found) == conn);
    CHECK(!cupel_async_transaction_nested(found));
    CHECK_OK(cupel_async_connection_get_transaction(conn, &again));
    CHECK(found == again);
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_await(cupel_async_transaction_commit(found)));
    CHECK_OK(cupel_async_connection_get_transaction(conn, &found));
    CHECK(found == NULL);
    facade_exit(conn);
    CHECK_INT(committed_items(cupel_async_engine_sync_engine(engine)), 1);
    facade_close(engine);
}

TASK_TEST(a_transaction_that_began_by_itself_is_found)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_connection *core = cupel_async_connection_sync_connection(conn);
    cupel_async_transaction *root, *inner, *found;

    CHECK_OK(facade_run(conn, "SELECT 1"));
    CHECK_OK(cupel_async_connection_get_transaction(conn, &root));
    CHECK(cupel_async_transaction_sync_transaction(root) ==
          cupel_connection_get_transaction(core));
    CHECK_OK(cupel_connection_begin_nested(core, NULL));
    CHECK_OK(cupel_async_connection_get_nested_transaction(conn, &inner));
    CHECK(cupel_async_transaction_nested(inner));
    CHECK(inner != root);
    cupel_async_transaction_free(inner); /* it is the connection's */
    CHECK_OK(cupel_async_connection_get_nested_transaction(conn, &found));
    CHECK(found == inner);
    CHECK_OK(cupel_await(cupel_async_connection_rollback(conn)));
    CHECK_OK(facade_run(conn, "SELECT 1"));
    CHECK_OK(cupel_async_connection_get_transaction(conn, &found));
    CHECK(cupel_async_transaction_sync_transaction(found) ==
          cupel_connection_get_transaction(core));
    CHECK_OK(cupel_await(cupel_async_transaction_exit(found, CUPEL_OK)));
    CHECK_OK(cupel_async_connection_get_transaction(conn, &found));
    CHECK(found == NULL);
    facade_exit(conn);
    facade_close(engine);
}

/* ---- Who outlives whom ------------------------------------------------- */

TASK_TEST(a_transaction_may_outlive_its_connection)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);
    bool answer = true;

    CHECK_OK(cupel_await(cupel_async_transaction_start(tx)));
    facade_exit(conn);
    CHECK(cupel_async_transaction_connection(tx) == NULL);
    CHECK_OK(cupel_async_transaction_is_active(tx, &answer));
    CHECK(!answer);
    CHECK_OK(cupel_await(cupel_async_transaction_rollback(tx)));
    CHECK(cupel_await(cupel_async_transaction_commit(tx)) < CUPEL_OK);
    CHECK_FAILS(cupel_await(cupel_async_transaction_start(tx)),
                CUPEL_E_ARGUMENT);
    cupel_async_transaction_free(tx);
    facade_close(engine);
}

TASK_TEST(a_future_keeps_the_transaction_it_was_made_from)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);
    cupel_future *commit;

    CHECK_OK(cupel_await(cupel_async_transaction_start(tx)));
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a')"));
    commit = cupel_async_transaction_commit(tx);
    cupel_async_transaction_free(tx);
    CHECK_OK(cupel_await(commit));
    facade_exit(conn);
    CHECK_INT(committed_items(cupel_async_engine_sync_engine(engine)), 1);
    facade_close(engine);
}

TASK_TEST(a_start_keeps_the_connection_it_needs)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);
    cupel_future *start = cupel_async_transaction_start(tx);

    cupel_async_connection_free(conn);
    CHECK_INT(facade_pool(engine).lent, 1);
    CHECK_OK(cupel_await(start));
    CHECK_INT(facade_pool(engine).lent, 0);
    cupel_async_transaction_free(tx);
    facade_close(engine);
}

TASK_TEST(an_exit_that_is_dropped_leaves_the_transaction_to_the_connection)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_with_items(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn);

    CHECK_OK(cupel_await(cupel_async_transaction_enter(tx)));
    CHECK_OK(facade_run(conn, "INSERT INTO item VALUES (1, 'a')"));
    cupel_future_free(cupel_async_transaction_exit(tx, CUPEL_OK));
    CHECK_OK(cupel_await(cupel_async_connection_commit(conn)));
    facade_exit(conn);
    CHECK_INT(committed_items(cupel_async_engine_sync_engine(engine)), 1);
    facade_close(engine);
}

TASK_TEST(a_transaction_equals_itself_and_null_equals_nothing)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    cupel_async_transaction *tx = cupel_async_connection_begin(conn), *found;

    CHECK(cupel_async_transaction_equal(tx, tx));
    CHECK(!cupel_async_transaction_equal(tx, NULL));
    CHECK(!cupel_async_transaction_equal(NULL, NULL));
    CHECK_OK(cupel_await(cupel_async_transaction_start(tx)));
    CHECK_OK(cupel_async_connection_get_transaction(conn, &found));
    CHECK(cupel_async_transaction_equal(tx, found));
    CHECK_OK(cupel_await(cupel_async_transaction_exit(tx, CUPEL_OK)));
    CHECK_OK(cupel_await(cupel_async_connection_exit(conn, CUPEL_OK)));
    facade_close(engine);
}
