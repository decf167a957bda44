/* SPDX-License-Identifier: MIT */
/* What pools tell of their connections' lives, what they do to one that comes
 * back, and how the classes differ in it. */
#include "acceptance/pool_support.h"

/* ---- Events ------------------------------------------------------------- */

TASK_TEST(events_of_a_use)
{
    open_pool(1, CUPEL_ZERO);
    listen();
    give(take());
    CHECK_HEARD("first_connect connect checkout reset checkin");
    give(take());
    CHECK_HEARD("checkout reset checkin");
    CHECK_OK(cupel_pool_dispose(pool));
    CHECK_HEARD("close");
    give(take());
    CHECK_HEARD("connect checkout reset checkin");
    cupel_pool_close(pool);
    CHECK_HEARD("close");
}

TASK_TEST(events_of_an_invalidation)
{
    cupel_raw_connection *raw;

    open_pool(1, CUPEL_ZERO);
    listen();
    raw = take();
    CHECK_OK(cupel_raw_connection_invalidate(raw, false));
    CHECK_HEARD("first_connect connect checkout invalidate close checkin-");
    CHECK_COUNTS(1, 1, 0, 0);
    cupel_raw_connection_free(raw);
    give(take());
    CHECK_HEARD("connect checkout reset checkin");
    cupel_pool_close(pool);
}

TASK_TEST(events_of_a_soft_invalidation)
{
    cupel_raw_connection *raw;
    void *before;

    open_pool(1, CUPEL_ZERO);
    listen();
    raw = take();
    before = wire(raw);
    CHECK_OK(cupel_raw_connection_invalidate(raw, true));
    run(raw, "SELECT 1");
    CHECK(wire(raw) == before);
    give(raw);
    CHECK_HEARD("first_connect connect checkout soft_invalidate reset checkin");
    give(take());
    CHECK_HEARD("close connect checkout reset checkin");
    cupel_pool_close(pool);
}

TASK_TEST(events_of_a_detach)
{
    cupel_raw_connection *raw, *other;

    open_pool(1, CUPEL_ZERO);
    listen();
    raw = take();
    CHECK_OK(cupel_raw_connection_detach(raw));
    CHECK_HEARD("first_connect connect checkout detach");
    CHECK(cupel_raw_connection_is_detached(raw));
    other = take();
    CHECK(wire(other) != wire(raw));
    CHECK_HEARD("connect checkout");
    run(raw, "SELECT 1");
    give(raw);
    CHECK_HEARD("reset close_detached");
    give(other);
    cupel_pool_close(pool);
}

TASK_TEST(detach_wants_a_connection)
{
    cupel_raw_connection *raw;

    open_pool(1, CUPEL_ZERO);
    raw = take();
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_FAILS(cupel_raw_connection_detach(raw), CUPEL_E_CLOSED);
    cupel_raw_connection_free(raw);
    raw = take();
    CHECK_OK(cupel_raw_connection_invalidate(raw, false));
    CHECK_FAILS(cupel_raw_connection_detach(raw), CUPEL_E_INVALID);
    cupel_raw_connection_free(raw);
    cupel_pool_close(pool);
}

TASK_TEST(a_second_checkin_is_ignored)
{
    cupel_raw_connection *raw;

    open_pool(1, CUPEL_ZERO);
    listen();
    raw = take();
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_HEARD("first_connect connect checkout reset checkin");
    CHECK_COUNTS(1, 1, 0, 0);
    cupel_raw_connection_free(raw);
    cupel_pool_close(pool);
}

TASK_TEST(a_connect_listener_that_fails)
{
    struct refusal refusal = { CUPEL_E_VALUE, 1 };
    cupel_raw_connection *none;

    open_pool(1, CUPEL_ZERO);
    refuse(pool, "connect", &refusal);
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_VALUE);
    CHECK_COUNTS(1, 0, -1, 0);
    give(take());
    CHECK_COUNTS(1, 1, 0, 0);
    cupel_pool_close(pool);
}

TASK_TEST(a_checkout_listener_that_wants_another_connection)
{
    struct refusal refusal = { CUPEL_E_DISCONNECTION, 0 };
    cupel_raw_connection *none;

    open_pool(1, CUPEL_ZERO);
    give(take());
    listen();
    refuse(pool, "checkout", &refusal);
    refusal.times = 1;
    give(take());
    CHECK_HEARD("checkout invalidate close connect checkout reset checkin");
    refusal.times = 2;
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_INVALID);
    CHECK_STR(cupel_error_text(), "this connection is closed");
    CHECK_COUNTS(1, 1, 0, 0);
    refusal.times = 0;
    give(take());
    cupel_pool_close(pool);
}

TASK_TEST(a_checkout_listener_that_wants_all_replaced)
{
    struct refusal refusal = { CUPEL_E_INVALIDATEPOOL, 0 };
    cupel_raw_connection *raws[2];

    open_pool(2, CUPEL_ZERO);
    raws[0] = take();
    raws[1] = take();
    give(raws[0]);
    give(raws[1]);
    listen();
    refuse(pool, "checkout", &refusal);
    refusal.times = 1;
    raws[0] = take();
    CHECK_HEARD("checkout invalidate close connect checkout");
    raws[1] = take();
    CHECK_HEARD("close connect checkout");
    give(raws[0]);
    give(raws[1]);
    cupel_pool_close(pool);
}

TASK_TEST(any_other_failure_at_checkout_is_the_callers)
{
    struct refusal refusal = { CUPEL_E_VALUE, 1 };
    cupel_raw_connection *none;

    open_pool(1, CUPEL_ZERO);
    refuse(pool, "checkout", &refusal);
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_VALUE);
    CHECK_INT(cupel_pool_checkedout(pool), 0);
    give(take());
    cupel_pool_close(pool);
}

/* ---- Reset -------------------------------------------------------------- */

/* Rows of the table that the next user of the pool sees, after the last one
 * left an INSERT without an end. */
static int64_t
rows_after(cupel_reset_on_return mode)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_raw_connection *raw;
    struct cupel_rows *rows;
    int64_t count;

    accept_close(accept_engine(NULL)); /* so that there is a schema */
    options.pool_size = 1;
    options.pool_reset_on_return = mode;
    open_with(&options);
    listen();
    raw = take();
    run(raw, "DROP TABLE IF EXISTS left_open");
    run(raw, "CREATE TABLE left_open (a INT)");
    run(raw, "BEGIN");
    run(raw, "INSERT INTO left_open VALUES (1)");
    heard[0] = '\0';
    give(raw);
    CHECK(strncmp(heard, "reset", 5) == 0);
    raw = take();
    CHECK_OK(cupel_raw_connection_execute(raw, "SELECT a FROM left_open", NULL,
                                          0, &rows));
    count = (int64_t)rows->row_count;
    rows->ops->free(rows);
    run(raw, "DROP TABLE left_open");
    give(raw);
    cupel_pool_close(pool);
    return count;
}

TASK_TEST(reset_rollback)
{
    CHECK_INT(rows_after(CUPEL_RESET_ROLLBACK), 0);
}

TASK_TEST(reset_commit)
{
    CHECK_INT(rows_after(CUPEL_RESET_COMMIT), 1);
}

TASK_TEST(reset_none)
{
    CHECK_INT(rows_after(CUPEL_RESET_NONE), 0);
}

static cupel_status
commit_at_reset(cupel_event *event, void *arg)
{
    (void)arg;
    if (event->terminate_only || !event->asyncio_safe)
        return CUPEL_OK;
    return cupel_raw_connection_commit(event->raw);
}

TASK_TEST(a_custom_reset)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_raw_connection *raw;

    options.pool_size = 1;
    options.pool_reset_on_return = CUPEL_RESET_NONE;
    open_with(&options);
    CHECK_OK(cupel_event_listen(cupel_on_pool(pool), "reset", commit_at_reset,
                                NULL, 0));
    listen();
    raw = take();
    run(raw, "BEGIN");
    give(raw);
    CHECK_HEARD("first_connect connect checkout reset checkin");
    CHECK_COUNTS(1, 1, 0, 0);
    cupel_pool_close(pool);
}

/* ---- The other classes -------------------------------------------------- */

TASK_TEST(nullpool)
{
    cupel_raw_connection *raw;
    char text[64];

    open_class(CUPEL_POOL_NULL);
    listen();
    give(take());
    CHECK_HEARD("first_connect connect checkout reset checkin close");
    raw = take();
    CHECK_OK(cupel_raw_connection_invalidate(raw, false));
    CHECK_HEARD("connect checkout invalidate close checkin-");
    cupel_raw_connection_free(raw);
    give(take());
    CHECK_HEARD("connect checkout reset checkin close");
    cupel_pool_status_text(pool, text, sizeof text);
    CHECK_STR(text, "NullPool");
    cupel_pool_close(pool);
}

TASK_TEST(staticpool)
{
    cupel_raw_connection *raws[2];
    void *before;

    open_class(CUPEL_POOL_STATIC);
    listen();
    raws[0] = take();
    raws[1] = take();
    before = wire(raws[0]);
    CHECK(wire(raws[1]) == before);
    CHECK_HEARD("first_connect connect checkout checkout");
    give(raws[0]);
    run(raws[1], "SELECT 1");
    give(raws[1]);
    CHECK_HEARD("reset checkin reset checkin");
    CHECK_OK(cupel_pool_dispose(pool));
    CHECK_HEARD("close");
    give(take());
    CHECK_HEARD("connect checkout reset checkin");
    CHECK_STR(cupel_pool_class_name(pool), "StaticPool");
    cupel_pool_close(pool);
}

TASK_TEST(assertionpool)
{
    cupel_raw_connection *raw, *none;

    open_class(CUPEL_POOL_ASSERTION);
    listen();
    raw = take();
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_ASSERTION);
    give(raw);
    give(take());
    CHECK_HEARD("first_connect connect checkout reset checkin checkout reset "
                "checkin");
    CHECK_STR(cupel_pool_class_name(pool), "AssertionPool");
    cupel_pool_close(pool);
}

TASK_TEST(the_wrong_class)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.poolclass = CUPEL_POOL_QUEUE;
    CHECK_FAILS(cupel_create_async_pool_from_url(accept_url(), &options, &pool),
                CUPEL_E_ARGUMENT);
    CHECK_STR(cupel_error_code(cupel_error_last()), "pcls");
    options.poolclass = CUPEL_POOL_ASYNC_ADAPTED_QUEUE;
    CHECK_FAILS(cupel_create_pool_from_url(accept_url(), &options, &pool),
                CUPEL_E_ARGUMENT);
}
