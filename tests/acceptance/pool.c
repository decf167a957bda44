/* SPDX-License-Identifier: MIT */
/* Pools by themselves: what they count, whom they serve, what they tell, and
 * when they replace a connection. */
#include "acceptance/acceptance.h"

#include <cupel/ext/dialect.h>

#include <stdio.h>

/* ---- A pool and its events ---------------------------------------------- */

static cupel_pool *pool;
static char heard[2048];

static cupel_status
hear(cupel_event *event, void *arg)
{
    size_t len = strlen(heard);

    (void)arg;
    snprintf(heard + len, sizeof heard - len, "%s%s%s", len > 0 ? " " : "",
             event->name, event->raw == NULL ? "-" : "");
    return CUPEL_OK;
}

static void
listen(void)
{
    static const char *const names[] = {
        "connect", "first_connect",   "checkout", "checkin",    "reset",
        "close",   "soft_invalidate", "detach",   "invalidate", "close_detached"
    };

    heard[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        CHECK_OK(
            cupel_event_listen(cupel_on_pool(pool), names[i], hear, NULL, 0));
}

#define CHECK_HEARD(expected)       \
    do {                            \
        CHECK_STR(heard, expected); \
        heard[0] = '\0';            \
    } while (0)

static void
open_with(const cupel_engine_options *options)
{
    CHECK_OK(cupel_create_async_pool_from_url(accept_url(), options, &pool));
}

/* `max_overflow` may be CUPEL_ZERO or CUPEL_UNLIMITED, as everywhere. */
static void
open_pool(int64_t size, int64_t max_overflow)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.pool_size = size;
    options.max_overflow = max_overflow;
    open_with(&options);
}

static void
open_class(cupel_pool_class poolclass)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.poolclass = poolclass;
    open_with(&options);
}

static cupel_raw_connection *
take(void)
{
    cupel_raw_connection *raw;

    CHECK_OK(cupel_pool_connect(pool, &raw));
    return raw;
}

static void
give(cupel_raw_connection *raw)
{
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
}

/* The connection to the database behind it: the same, or another one. */
static void *
wire(cupel_raw_connection *raw)
{
    return cupel_raw_connection_dbapi_connection(raw);
}

static void
run(cupel_raw_connection *raw, const char *sql)
{
    CHECK_OK(cupel_raw_connection_execute(raw, sql, NULL, 0, NULL));
}

/* size, checkedin, overflow, checkedout */
#define CHECK_COUNTS(...) check_counts((int64_t[]){ __VA_ARGS__ }, __LINE__)

static void
check_counts(const int64_t *expected, int line)
{
    const int64_t actual[] = { cupel_pool_size(pool),
                               cupel_pool_checkedin(pool),
                               cupel_pool_overflow(pool),
                               cupel_pool_checkedout(pool) };

    for (size_t i = 0; i < 4; i++)
        if (actual[i] != expected[i])
            print_error("line %d: number %zu is %lld\n", line, i,
                        (long long)actual[i]);
    CHECK(memcmp(actual, expected, sizeof actual) == 0);
}

/* A listener that refuses some times. */
struct refusal {
    cupel_status rc;
    int times;
};

static cupel_status
refuse_event(cupel_event *event, void *arg)
{
    struct refusal *refusal = arg;

    (void)event;
    if (refusal->times == 0)
        return CUPEL_OK;
    refusal->times--;
    return cupel_error_raise(refusal->rc, "refused");
}

static void
refuse(const char *name, struct refusal *refusal)
{
    CHECK_OK(cupel_event_listen(cupel_on_pool(pool), name, refuse_event,
                                refusal, 0));
}

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
    refuse("connect", &refusal);
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
    refuse("checkout", &refusal);
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
    refuse("checkout", &refusal);
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
    refuse("checkout", &refusal);
    CHECK_FAILS(cupel_pool_connect(pool, &none), CUPEL_E_VALUE);
    CHECK_INT(cupel_pool_checkedout(pool), 0);
    give(take());
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
