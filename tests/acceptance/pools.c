/* SPDX-License-Identifier: MIT */
/* Pools by themselves, and pools that are shared. After the reference's
 * PoolTest and its tests of reset_on_return. */
#include "acceptance/acceptance.h"

/* A pool with this answer to what comes back. */
static cupel_pool *
pool_that(cupel_reset_on_return resets)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_pool *pool;

    options.pool_size = 1;
    options.pool_reset_on_return = resets;
    CHECK_OK(cupel_create_async_pool_from_url(accept_url(), &options, &pool));
    return pool;
}

/* Insert a user in a transaction, and give the connection back. */
static void
leave_open(cupel_pool *pool)
{
    cupel_raw_connection *raw;

    CHECK_OK(cupel_pool_connect(pool, &raw));
    CHECK_OK(cupel_raw_connection_execute(raw, "BEGIN", NULL, 0, NULL));
    CHECK_OK(cupel_raw_connection_execute(
        raw, "INSERT INTO users (user_id) VALUES (7)", NULL, 0, NULL));
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
}

TASK_TEST(what_is_left_open_is_rolled_back)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_pool *pool = pool_that(CUPEL_RESET_ROLLBACK);

    leave_open(pool);
    CHECK_INT(accept_committed(engine), 0);
    cupel_pool_close(pool);
    accept_close(engine);
}

TASK_TEST(what_is_left_open_is_committed_if_the_pool_says_so)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_pool *pool = pool_that(CUPEL_RESET_COMMIT);

    leave_open(pool);
    CHECK_INT(accept_committed(engine), 1);
    cupel_pool_close(pool);
    accept_close(engine);
}

/* A reset of the program's own: it keeps the work. */
static cupel_status
commit_instead(cupel_event *event, void *arg)
{
    int *calls = arg;

    ++*calls;
    CHECK(event->asyncio_safe);
    CHECK(!event->terminate_only);
    return cupel_raw_connection_commit(event->raw);
}

TASK_TEST(without_a_reset_a_listener_does_it)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_pool *pool = pool_that(CUPEL_RESET_NONE);
    int calls = 0;

    CHECK_OK(cupel_event_listen(cupel_on_pool(pool), "reset", commit_instead,
                                &calls, 0));
    leave_open(pool);
    CHECK_INT(calls, 1);
    CHECK_INT(accept_committed(engine), 1);
    cupel_pool_close(pool);
    accept_close(engine);
}

TASK_TEST(engines_share_a_pool_that_is_given_to_them)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *maker = accept_engine(NULL), *left, *right;
    cupel_pool *pool = pool_that(CUPEL_RESET_ROLLBACK);
    cupel_connection *conn;

    options.pool = pool;
    CHECK_OK(cupel_engine_create_async(accept_url(), &options, &left));
    CHECK_OK(cupel_engine_create_async(accept_url(), &options, &right));
    CHECK(cupel_engine_pool(left) == pool);
    CHECK(cupel_engine_pool(right) == pool);
    conn = accept_connect(left);
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_INT(cupel_pool_checkedout(pool), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = accept_connect(right);
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 1);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(cupel_pool_checkedin(pool), 1);
    cupel_pool_close(pool);
    cupel_engine_close(left);
    cupel_engine_close(right);
    accept_close(maker);
}

TASK_TEST(options_of_a_pool_are_refused_beside_a_ready_one)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_pool *pool = pool_that(CUPEL_RESET_ROLLBACK);
    cupel_engine *engine;

    options.pool = pool;
    options.pool_size = 2;
    CHECK_FAILS(cupel_engine_create_async(accept_url(), &options, &engine),
                CUPEL_E_TYPE);
    cupel_pool_close(pool);
}

TASK_TEST(last_returned_is_first_lent_if_the_pool_is_a_stack)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_raw_connection *first, *second, *third;
    cupel_pool *pool;
    void *last;

    options.pool_use_lifo = CUPEL_ON;
    CHECK_OK(cupel_create_async_pool_from_url(accept_url(), &options, &pool));
    CHECK_OK(cupel_pool_connect(pool, &first));
    CHECK_OK(cupel_pool_connect(pool, &second));
    last = cupel_raw_connection_driver_connection(second);
    CHECK_OK(cupel_raw_connection_close(first));
    CHECK_OK(cupel_raw_connection_close(second));
    CHECK_OK(cupel_pool_connect(pool, &third));
    CHECK(cupel_raw_connection_driver_connection(third) == last);
    CHECK_OK(cupel_raw_connection_close(third));
    cupel_raw_connection_free(first);
    cupel_raw_connection_free(second);
    cupel_raw_connection_free(third);
    cupel_pool_close(pool);
}

TEST(a_blocking_pool_needs_no_task)
{
    cupel_raw_connection *raw;
    cupel_pool *pool;

    CHECK_OK(cupel_create_pool_from_url(accept_url(), NULL, &pool));
    CHECK_OK(cupel_pool_connect(pool, &raw));
    CHECK_OK(cupel_raw_connection_execute(raw, "SELECT 1", NULL, 0, NULL));
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
    CHECK_INT(cupel_pool_checkedin(pool), 1);
    cupel_pool_close(pool);
}
