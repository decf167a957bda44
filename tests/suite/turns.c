/* SPDX-License-Identifier: MIT */
/* Tasks that wait for each other: for a connection of the pool, for the calls
 * before theirs on one connection, for a pool that is being replaced. */
#include "suite/suite.h"

/* As many as the pool opens. */
enum { ALL = 5 };

/* A task beside the scenario's. */
struct other {
    struct suite *suite;
    cupel_connection *conn;
    bool ready; /* it has what the scenario is to wait for, or has ended */
};

/* Start it, and wait until it is ready; it is awaited by end_other() in any
 * case. Yields. */
static cupel_status
start_other(struct other *other, cupel_task_fn *fn, cupel_future **out)
{
    cupel_status rc;

    *out = cupel_future_call(fn, other);
    rc = cupel_future_spawn(*out);
    while (rc == CUPEL_OK && !other->ready)
        rc = cupel_sleep(1);
    return rc;
}

/* Its failure counts, which may be why the scenario's own call failed. Yields.
 */
static cupel_status
end_other(cupel_future *future, cupel_status rc)
{
    cupel_status ended = cupel_await(future);

    return ended == CUPEL_OK ? rc : ended;
}

/* Have every connection for a few turns. Yields. */
static cupel_status
hold_all(void *arg)
{
    struct other *other = arg;
    cupel_connection *held[ALL];
    cupel_status rc = CUPEL_OK;
    size_t count = 0;

    while (count < ALL && rc == CUPEL_OK) {
        rc = cupel_engine_connect(other->suite->engine, &held[count]);
        count += rc == CUPEL_OK;
    }
    other->ready = true;
    TRY(rc, cupel_sleep(1));
    while (count > 0)
        rc = cupel_connection_exit(held[--count], rc);
    return rc;
}

SCENARIO(whoever_waits_for_a_connection_gets_one,
         SUITE_ONE_CONNECTION | SUITE_NO_TASKS)
{
    struct other other = { .suite = suite };
    cupel_connection *conn;
    cupel_future *future;
    cupel_status rc;
    int64_t one;

    rc = start_other(&other, hold_all, &future);
    if (rc == CUPEL_OK) {
        rc = cupel_engine_connect(suite->engine, &conn);
        if (rc == CUPEL_OK)
            rc = cupel_connection_exit(conn, suite_int(conn, "SELECT 1", &one));
    }
    return end_other(future, rc);
}

/* Yields. */
static cupel_status
use_connection(void *arg)
{
    struct other *other = arg;

    other->ready = true;
    return suite_run(other->conn, "SELECT id FROM item");
}

SCENARIO(calls_on_one_connection_take_turns, SUITE_NO_TASKS)
{
    struct other other = { .suite = suite };
    cupel_future *future;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &other.conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = start_other(&other, use_connection, &future);
    TRY(rc, suite_int(other.conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    TRY(rc, cupel_connection_commit(other.conn));
    rc = end_other(future, rc);
    return cupel_connection_exit(other.conn, rc);
}

/* Yields. */
static cupel_status
read_beside(void *arg)
{
    struct other *other = arg;
    int64_t count = 0;

    other->ready = true;
    return suite_committed(other->suite, &count);
}

SCENARIO(who_connects_while_the_pool_is_replaced_gets_the_new_one,
         SUITE_ONE_CONNECTION | SUITE_NO_TASKS)
{
    struct other other = { .suite = suite };
    cupel_future *future;
    cupel_status rc;

    rc = start_other(&other, read_beside, &future);
    TRY(rc, cupel_engine_dispose(suite->engine));
    return end_other(future, rc);
}

/* ---- A pool by itself ---------------------------------------------------- */

/* Yields. */
static cupel_status
use_pool(cupel_pool *pool)
{
    cupel_raw_connection *raw;
    cupel_status rc, closed;

    rc = cupel_pool_warm_up(pool, 2);
    TRY(rc, cupel_pool_connect(pool, &raw));
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_raw_connection_execute(raw, "SELECT 1", NULL, 0, NULL);
    closed = cupel_raw_connection_close(raw);
    cupel_raw_connection_free(raw);
    TRY(rc, closed);
    TRY(rc, cupel_pool_dispose(pool));
    TRY(rc, cupel_pool_connect(pool, &raw));
    if (rc == CUPEL_OK) {
        rc = cupel_raw_connection_invalidate(raw, false);
        cupel_raw_connection_free(raw);
    }
    return rc;
}

SCENARIO(a_pool_is_used_without_an_engine, 0)
{
    cupel_pool *pool, *fresh = NULL;
    cupel_status rc;

    if ((suite->traits & SUITE_NO_TASKS) != 0)
        rc = cupel_create_pool_from_url(suite->url, NULL, &pool);
    else
        rc = cupel_create_async_pool_from_url(suite->url, NULL, &pool);
    if (rc != CUPEL_OK)
        return rc;
    rc = use_pool(pool);
    TRY(rc, cupel_pool_recreate(pool, &fresh));
    cupel_pool_close(pool);
    if (fresh != NULL) {
        TRY(rc, cupel_pool_warm_up(fresh, 1));
        cupel_pool_close(fresh);
    }
    return rc;
}
