/* SPDX-License-Identifier: MIT */
/* Targets and names to lists of listeners. */
#include "engine/listen.h"

#include <cupel/event.h>

#include "base/event.h"
#include "engine/engine.h"
#include "support/fake_engine.h"

static cupel_status
ignore(cupel_event *event, void *arg)
{
    (void)event;
    (void)arg;
    return CUPEL_OK;
}

static cupel_status
listen(cupel_event_target target, const char *name)
{
    return cupel_event_listen(target, name, ignore, NULL, 0);
}

static bool
listens(cupel_event_target target, const char *name)
{
    return cupel_event_contains(target, name, ignore, NULL);
}

TASK_TEST(an_engine_takes_every_event)
{
    cupel_engine *engine = fake_engine();
    enum cup_event_kind kind;

    for (kind = 0; kind < CUP_EVENT_KINDS; kind++) {
        const char *name = cup_event_name(kind);

        CHECK(!listens(cupel_on_engine(engine), name));
        CHECK_OK(listen(cupel_on_engine(engine), name));
        CHECK(listens(cupel_on_engine(engine), name));
        CHECK_OK(
            cupel_event_remove(cupel_on_engine(engine), name, ignore, NULL));
        CHECK(!listens(cupel_on_engine(engine), name));
    }
    fake_engine_close(engine);
}

TASK_TEST(names_that_a_target_does_not_have_are_refused)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_FAILS(listen(cupel_on_engine(engine), "before_lunch"),
                CUPEL_E_INVALID);
    CHECK_STR(cupel_error_text(), "no such event 'before_lunch' for an engine");
    CHECK_FAILS(listen(cupel_on_connection(conn), "checkin"), CUPEL_E_INVALID);
    CHECK_FAILS(listen(cupel_on_connection(conn), "engine_connect"),
                CUPEL_E_INVALID);
    CHECK_FAILS(listen(cupel_on_connection(conn), "handle_error"),
                CUPEL_E_INVALID);
    CHECK_FAILS(listen(cupel_on_dialect(engine), "commit"), CUPEL_E_INVALID);
    CHECK_FAILS(listen(cupel_on_every_pool(), "commit"), CUPEL_E_INVALID);
    CHECK_FAILS(
        cupel_event_remove(cupel_on_engine(engine), "commit", ignore, NULL),
        CUPEL_E_INVALID);
    CHECK(!listens(cupel_on_engine(engine), "before_lunch"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TASK_TEST(a_listener_needs_target_name_and_function)
{
    cupel_engine *engine = fake_engine();

    CHECK_FAILS(listen(cupel_on_engine(NULL), "commit"), CUPEL_E_ARGUMENT);
    CHECK_FAILS(listen(cupel_on_engine(engine), NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(
        cupel_event_listen(cupel_on_engine(engine), "commit", NULL, NULL, 0),
        CUPEL_E_ARGUMENT);
    fake_engine_close(engine);
}

TASK_TEST(a_pool_has_the_listeners_of_its_engine)
{
    cupel_engine *engine = fake_engine();

    CHECK_OK(listen(cupel_on_engine(engine), "checkout"));
    CHECK(cup_events_want(cup_pool_events(cupel_engine_pool(engine)),
                          CUP_EVENT_CHECKOUT));
    CHECK_OK(listen(cupel_on_every_pool(), "checkin"));
    CHECK(cup_events_want(cup_pool_events(cupel_engine_pool(engine)),
                          CUP_EVENT_CHECKIN));
    CHECK_OK(
        cupel_event_remove(cupel_on_every_pool(), "checkin", ignore, NULL));
    fake_engine_close(engine);
    CHECK(!cup_events_any(UINT64_MAX));
}

TASK_TEST(a_connections_listeners_go_with_it)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(listen(cupel_on_connection(conn), "commit"));
    CHECK(listens(cupel_on_connection(conn), "commit"));
    CHECK(!listens(cupel_on_engine(engine), "commit"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK(!cup_events_any(UINT64_MAX));
    fake_engine_close(engine);
}
