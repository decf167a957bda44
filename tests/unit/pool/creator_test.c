/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

#include <pthread.h>

/* A program that opens the connections itself. */
struct maker {
    cupel_status rc; /* to be answered instead */
    bool gives_nothing;
    pthread_t thread; /* that called */
    int calls;
};

static cupel_status
make_connection(void *arg, void **out)
{
    struct maker *maker = arg;

    maker->calls++;
    maker->thread = pthread_self();
    if (maker->rc != CUPEL_OK)
        return cupel_error_raise(maker->rc, "no connection today");
    if (maker->gives_nothing)
        return CUPEL_OK;
    *out = cup_fake_connection_open("test");
    return CUPEL_OK;
}

static void
open_made(struct maker *maker, bool async, bool blocking)
{
    struct cup_pool_config config = pool_config(1, 0);

    if (async)
        config.async_creator = make_connection;
    else
        config.creator = make_connection;
    config.creator_arg = maker;
    config.blocking = blocking;
    open_pool_with(config);
}

TASK_TEST(a_creator_runs_on_a_worker)
{
    struct maker maker = { .calls = 0 };
    struct cup_slot *slot;

    open_made(&maker, false, false);
    slot = take();
    CHECK_INT(maker.calls, 1);
    CHECK(!pthread_equal(maker.thread, pthread_self()));
    CHECK_INT(cup_fake_calls(CUP_FAKE_ADOPT), 1);
    CHECK_OK(run_on(slot, "SELECT 1"));
    give(slot);
    close_pool();
}

TASK_TEST(an_async_creator_runs_in_a_task)
{
    struct maker maker = { .calls = 0 };
    struct cup_slot *slot;

    open_made(&maker, true, false);
    cup_fake_latency(10);
    slot = take();
    CHECK(pthread_equal(maker.thread, pthread_self()));
    CHECK_OK(run_on(slot, "SELECT 1"));
    give(slot);
    close_pool();
}

TEST(a_blocking_pool_calls_it_right_here)
{
    struct maker maker = { .calls = 0 };

    open_made(&maker, false, true);
    give(take());
    CHECK(pthread_equal(maker.thread, pthread_self()));
    CHECK_INT(maker.calls, 1);
    close_pool();
}

TASK_TEST(what_the_creator_fails_with_is_told)
{
    struct maker maker = { .rc = CUPEL_E_OPERATIONAL };
    struct cup_slot *none;

    for (int async = 0; async < 2; async++) {
        open_made(&maker, async == 1, false);
        CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                    CUPEL_E_OPERATIONAL);
        CHECK_STR(cupel_error_text(), "no connection today");
        close_pool();
    }
    maker = (struct maker){ .gives_nothing = true };
    open_made(&maker, true, false);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_ARGUMENT);
    close_pool();
}

TASK_TEST(a_driver_that_takes_none_says_so)
{
    cupel_dialect dialect = cup_fake_dialect;
    struct cup_pool_config config = pool_config(1, 0);
    struct maker maker = { .calls = 0 };
    struct cup_slot *none;

    dialect.adopt = NULL;
    config.dialect = &dialect;
    config.async_creator = make_connection;
    config.creator_arg = &maker;
    open_pool_with(config);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_NOTSUPPORTED);
    CHECK_INT(maker.calls, 0);
    close_pool();
}

/* ---- do_connect --------------------------------------------------------- */

static cupel_status
connect_instead(cupel_event *event, void *arg)
{
    CHECK_STR(event->name, "do_connect");
    CHECK(event->url != NULL);
    return make_connection(arg, &event->driver_connection);
}

static cupel_url *other_url;

static cupel_status
change_url(cupel_event *event, void *arg)
{
    (void)arg;
    event->url = other_url;
    return CUPEL_OK;
}

static struct cup_events *
open_with_dialect_events(void)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_events *events =
        cup_events_new(NULL, cup_events_every(CUP_EVENTS_DIALECT));

    config.dialect_events = events;
    open_pool_with(config);
    return events;
}

TASK_TEST(a_listener_may_give_the_connection)
{
    struct maker maker = { .calls = 0 };
    struct cup_events *events = open_with_dialect_events();

    CHECK_OK(cup_events_add(events, CUP_EVENT_DO_CONNECT, connect_instead,
                            &maker, 0));
    give(take());
    CHECK_INT(maker.calls, 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ADOPT), 1);
    close_pool();
    cup_events_unref(events);
}

TASK_TEST(a_listener_may_change_where_to_connect)
{
    struct cup_events *events = open_with_dialect_events();
    struct cup_slot *slot;
    cupel_wire *wire;
    cupel_rows *rows;

    CHECK_OK(cupel_url_parse("fake://other", &other_url));
    CHECK_OK(cup_events_add(events, CUP_EVENT_DO_CONNECT, change_url, NULL, 0));
    slot = take();
    CHECK_OK(run_on(slot, "CREATE TABLE t (a INT)"));
    CHECK_OK(cup_fake_dialect.connect(other_url, CUPEL_FOREVER, &wire));
    CHECK_OK(wire->dialect->execute(wire,
                                    &(cupel_request){ .sql = "SELECT a FROM t",
                                                      .sql_len = 15,
                                                      .set_count = 1 },
                                    CUPEL_FOREVER, &rows));
    rows->ops->free(rows);
    wire->dialect->free(wire);
    give(slot);
    close_pool();
    cup_events_unref(events);
    cupel_url_free(other_url);
}

/* ---- handle_error of a ping --------------------------------------------- */

static cupel_status
judge(cupel_event *event, void *arg)
{
    CHECK(event->failure->is_pre_ping);
    event->failure->is_disconnect = *(bool *)arg;
    return CUPEL_OK;
}

TASK_TEST(a_listener_judges_what_a_ping_answered)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_events *events =
        cup_events_new(NULL, cup_events_every(CUP_EVENTS_DIALECT));
    struct cup_slot *none;
    bool is_disconnect = true;

    config.dialect_events = events;
    config.pre_ping = true;
    open_pool_with(config);
    CHECK_OK(cup_events_add(events, CUP_EVENT_HANDLE_ERROR, judge,
                            &is_disconnect, 0));
    give(take());
    order_error(CUP_FAKE_PING, "57014", false);
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    is_disconnect = false;
    order_fault(CUP_FAKE_PING, CUP_FAKE_HANG_UP);
    CHECK(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none) != CUPEL_OK);
    close_pool();
    cup_events_unref(events);
}
