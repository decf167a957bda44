/* SPDX-License-Identifier: MIT */
/* Pools by themselves: what they count, whom they serve, and when they replace
 * a connection. */
#include "acceptance/pool_support.h"

/* ---- QueuePool ---------------------------------------------------------- */

TASK_TEST(queuepool_nothing_is_opened_at_start)
{
    open_pool(3, CUPEL_ZERO);
    listen();
    CHECK_COUNTS(3, 0, -3, 0);
    CHECK_HEARD("");
    CHECK_STR(cupel_pool_class_name(pool), "AsyncAdaptedQueuePool");
    cupel_pool_close(pool);
}

TASK_TEST(queuepool_status)
{
    cupel_raw_connection *raws[6];
    char text[128];

    open_pool(3, CUPEL_UNLIMITED);
    CHECK_COUNTS(3, 0, -3, 0);
    for (int i = 0; i < 6; i++) {
        raws[i] = take();
        CHECK_COUNTS(3, 0, i - 2, i + 1);
    }
    for (int i = 0; i < 3; i++)
        give(raws[i]);
    CHECK_COUNTS(3, 3, 3, 3);
    cupel_pool_status_text(pool, text, sizeof text);
    CHECK_STR(text, "Pool size: 3  Connections in pool: 3 Current Overflow: 3 "
                    "Current Checked out connections: 3");
    for (int i = 3; i < 6; i++)
        give(raws[i]);
    CHECK_COUNTS(3, 3, 0, 0);
    raws[0] = take();
    raws[1] = take();
    CHECK_COUNTS(3, 1, 0, 2);
    give(raws[0]);
    CHECK_COUNTS(3, 2, 0, 1);
    give(raws[1]);
    CHECK_COUNTS(3, 3, 0, 0);
    cupel_pool_close(pool);
}

TASK_TEST(queuepool_without_a_size)
{
    cupel_raw_connection *raws[8];

    open_pool(CUPEL_UNLIMITED, 0);
    for (int i = 0; i < 8; i++)
        raws[i] = take();
    CHECK_INT(cupel_pool_checkedout(pool), 8);
    CHECK_INT(cupel_pool_overflow(pool), 0);
    for (int i = 0; i < 8; i++)
        give(raws[i]);
    CHECK_INT(cupel_pool_checkedin(pool), 8);
    CHECK_INT(cupel_pool_overflow(pool), 0);
    cupel_pool_close(pool);
}

TASK_TEST(queuepool_timeout)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_raw_connection *raw, *none;
    cupel_time begun;

    options.pool_size = 1;
    options.max_overflow = CUPEL_ZERO;
    options.pool_timeout_ms = 200;
    open_with(&options);
    CHECK_INT(cupel_pool_timeout_ms(pool), 200);
    raw = take();
    begun = cupel_now();
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_TIMEOUT);
    CHECK(none == NULL);
    CHECK(cupel_now() - begun >= 195);
    CHECK_STR(cupel_error_code(cupel_error_last()), "3o7r");
    CHECK(strncmp(cupel_error_text(),
                  "QueuePool limit of size 1 overflow 0 reached, connection "
                  "timed out, timeout 0.20",
                  80) == 0);
    give(raw);
    give(take());
    cupel_pool_close(pool);
}

TASK_TEST(queuepool_timeout_zero_fails_at_once)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_raw_connection *raw, *none;
    cupel_time begun;

    options.pool_size = 1;
    options.max_overflow = CUPEL_ZERO;
    options.pool_timeout_ms = CUPEL_ZERO;
    open_with(&options);
    raw = take();
    begun = cupel_now();
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - begun < 100);
    give(raw);
    cupel_pool_close(pool);
}

TASK_TEST(queuepool_fifo)
{
    cupel_raw_connection *raws[3];
    void *wires[3];

    open_pool(3, CUPEL_ZERO);
    for (int i = 0; i < 3; i++) {
        raws[i] = take();
        wires[i] = wire(raws[i]);
    }
    for (int i = 0; i < 3; i++)
        give(raws[i]);
    raws[0] = take();
    CHECK(wire(raws[0]) == wires[0]);
    raws[1] = take();
    CHECK(wire(raws[1]) == wires[1]);
    give(raws[0]);
    raws[2] = take();
    CHECK(wire(raws[2]) == wires[2]);
    give(raws[1]);
    give(raws[2]);
    cupel_pool_close(pool);
}

TASK_TEST(queuepool_lifo)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_raw_connection *raws[3];
    void *wires[3];

    options.pool_size = 3;
    options.pool_use_lifo = CUPEL_ON;
    open_with(&options);
    for (int i = 0; i < 3; i++) {
        raws[i] = take();
        wires[i] = wire(raws[i]);
    }
    for (int i = 0; i < 3; i++)
        give(raws[i]);
    raws[2] = take();
    CHECK(wire(raws[2]) == wires[2]);
    raws[1] = take();
    CHECK(wire(raws[1]) == wires[1]);
    give(raws[2]);
    raws[2] = take();
    CHECK(wire(raws[2]) == wires[2]);
    give(raws[1]);
    give(raws[2]);
    cupel_pool_close(pool);
}

/* A task that waits for a connection. */
struct waiter {
    cupel_status rc;
    int order;
};

static int order;

static cupel_status
wait_once(void *arg)
{
    struct waiter *waiter = arg;
    cupel_raw_connection *raw;

    waiter->rc = cupel_pool_connect(pool, &raw);
    if (waiter->rc == CUPEL_OK) {
        waiter->order = ++order;
        give(raw);
    }
    return waiter->rc;
}

TASK_TEST(queuepool_waiters_are_served_in_order)
{
    struct waiter waiters[5];
    cupel_raw_connection *raw;
    cupel_group *group;

    order = 0;
    open_pool(1, CUPEL_ZERO);
    raw = take();
    group = cupel_group_new();
    for (int i = 0; i < 5; i++)
        CHECK_OK(cupel_group_spawn(group, wait_once, &waiters[i]));
    CHECK_OK(cupel_yield());
    CHECK_COUNTS(1, 0, 0, 1);
    give(raw);
    CHECK_OK(cupel_group_wait(group));

    for (int i = 0; i < 5; i++) {
        CHECK_INT(waiters[i].rc, CUPEL_OK);
        CHECK_INT(waiters[i].order, i + 1);
    }
    CHECK_COUNTS(1, 1, 0, 0);
    cupel_pool_close(pool);
}

TASK_TEST(queuepool_a_wait_that_would_never_end_is_refused)
{
    cupel_raw_connection *raw, *none;
    cupel_time begun;

    open_pool(1, CUPEL_ZERO); /* and 30 seconds of patience */
    cupel_task_name_set("bookkeeper");
    raw = take();
    begun = cupel_now();
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - begun < 1000);
    CHECK(strstr(cupel_error_text(), "would wait for itself") != NULL);
    CHECK(strstr(cupel_error_text(), "'bookkeeper'") != NULL);
    give(raw);
    cupel_pool_close(pool);
}

/* ---- Replacing ---------------------------------------------------------- */

TASK_TEST(recycle)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.pool_size = 1;
    options.pool_recycle_ms = 100;
    open_with(&options);
    give(take());
    listen();
    give(take());
    CHECK_HEARD("checkout reset checkin");
    CHECK_OK(cupel_sleep(150));
    give(take());
    CHECK_HEARD("close connect checkout reset checkin");
    give(take());
    CHECK_HEARD("checkout reset checkin");
    cupel_pool_close(pool);
}

TASK_TEST(a_pool_wide_invalidation_replaces_at_the_next_checkout)
{
    cupel_raw_connection *raw;

    open_pool(1, CUPEL_ZERO);
    raw = take();
    listen();
    cupel_pool_invalidate(pool);
    run(raw, "SELECT 1");
    give(raw);
    CHECK_HEARD("reset checkin");
    give(take());
    CHECK_HEARD("close connect checkout reset checkin");
    cupel_pool_close(pool);
}

TASK_TEST(pre_ping_of_a_living_connection)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.pool_size = 1;
    options.pool_pre_ping = CUPEL_ON;
    open_with(&options);
    listen();
    give(take());
    give(take());
    CHECK_HEARD("first_connect connect checkout reset checkin checkout reset "
                "checkin");
    cupel_pool_close(pool);
}

TASK_TEST(info_and_record_info)
{
    cupel_raw_connection *raw, *other;
    int value;

    open_pool(1, CUPEL_ZERO);
    raw = take();
    CHECK_INT(cupel_info_count(cupel_raw_connection_info(raw)), 0);
    CHECK_OK(
        cupel_info_set(cupel_raw_connection_info(raw), "foo", &value, NULL));
    CHECK_OK(cupel_info_set(cupel_raw_connection_record_info(raw), "foo",
                            &value, NULL));
    give(raw);
    raw = take();
    CHECK(cupel_info_get(cupel_raw_connection_info(raw), "foo") == &value);
    CHECK_OK(cupel_raw_connection_invalidate(raw, false));
    cupel_raw_connection_free(raw);
    raw = take();
    CHECK(cupel_info_get(cupel_raw_connection_info(raw), "foo") == NULL);
    CHECK(cupel_info_get(cupel_raw_connection_record_info(raw), "foo") ==
          &value);
    CHECK_OK(
        cupel_info_set(cupel_raw_connection_info(raw), "foo2", &value, NULL));
    CHECK_OK(cupel_raw_connection_detach(raw));
    CHECK(cupel_info_get(cupel_raw_connection_info(raw), "foo2") == &value);
    other = take();
    CHECK_INT(cupel_info_count(cupel_raw_connection_info(other)), 0);
    CHECK(cupel_info_get(cupel_raw_connection_record_info(other), "foo") ==
          &value);
    give(raw);
    give(other);
    cupel_pool_close(pool);
}

/* ---- As a whole --------------------------------------------------------- */

TASK_TEST(dispose_leaves_what_is_lent)
{
    cupel_raw_connection *raws[2];

    open_pool(2, CUPEL_ZERO);
    raws[0] = take();
    raws[1] = take();
    give(raws[0]);
    listen();
    CHECK_OK(cupel_pool_dispose(pool));
    CHECK_HEARD("close");
    run(raws[1], "SELECT 1");
    give(raws[1]);
    CHECK_HEARD("reset checkin");
    cupel_pool_close(pool);
}

TASK_TEST(recreate)
{
    cupel_pool *old, *fresh;

    open_pool(1, CUPEL_ZERO);
    listen();
    give(take());
    heard[0] = '\0';
    CHECK_OK(cupel_pool_recreate(pool, &fresh));
    old = pool;
    pool = fresh;
    CHECK_COUNTS(1, 0, -1, 0);
    CHECK_HEARD("");
    give(take());
    CHECK_HEARD("first_connect connect checkout reset checkin");
    cupel_pool_close(old);
    cupel_pool_close(pool);
}

TASK_TEST(warm_up)
{
    open_pool(3, 5);
    CHECK_OK(cupel_pool_warm_up(pool, 2));
    CHECK_COUNTS(3, 2, -1, 0);
    CHECK_OK(cupel_pool_warm_up(pool, 9));
    CHECK_COUNTS(3, 3, 0, 0);
    cupel_pool_close(pool);
}

/* ---- Without tasks ------------------------------------------------------ */

TEST(blocking_queuepool)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_raw_connection *raws[2], *none;

    options.pool_size = 1;
    options.max_overflow = 1;
    options.pool_timeout_ms = 100;
    CHECK_OK(cupel_create_pool_from_url(accept_url(), &options, &pool));
    CHECK_STR(cupel_pool_class_name(pool), "QueuePool");
    listen();
    raws[0] = take();
    raws[1] = take();
    CHECK_COUNTS(1, 0, 1, 2);
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_TIMEOUT);
    run(raws[0], "SELECT 1");
    give(raws[0]);
    give(raws[1]);
    CHECK_COUNTS(1, 1, 0, 0);
    CHECK_HEARD("first_connect connect checkout connect checkout reset checkin "
                "reset checkin close");
    cupel_pool_close(pool);
}

TEST(an_async_pool_is_not_for_outside)
{
    cupel_raw_connection *none;

    open_pool(1, CUPEL_ZERO);
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_NOTASK);
    cupel_pool_free(pool);
}
