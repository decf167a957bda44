/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <semaphore.h>

#include "unit/pool/pool_events.h"

static struct cup_pool_config
introduced_config(size_t size)
{
    struct cup_pool_config config = pool_config(size, 0);

    config.initialize = true;
    return config;
}

TASK_TEST(the_first_connection_asks_the_server_what_it_is)
{
    open_pool_with(introduced_config(2));
    CHECK(cup_pool_server(pool) == NULL);
    give(take());
    CHECK(cup_pool_server(pool) != NULL);
    CHECK(cup_pool_server(pool)->isolation_level != NULL);
    CHECK_INT(cup_fake_calls(CUP_FAKE_INITIALIZE), 1);
    close_pool();
}

TASK_TEST(several_who_connect_at_once_ask_once)
{
    struct asker askers[4];

    open_pool_with(introduced_config(4));
    listen();
    cup_fake_latency(10);
    for (int i = 0; i < 4; i++) {
        askers[i] = (struct asker){ .hold_ms = 0 };
        start(&askers[i]);
    }
    CHECK_OK(cupel_sleep(200));
    for (int i = 0; i < 4; i++)
        CHECK_INT(askers[i].rc, CUPEL_OK);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 4);
    CHECK_INT(cup_fake_calls(CUP_FAKE_INITIALIZE), 1);
    CHECK(strncmp(heard, "first_connect connect", 21) == 0);
    CHECK(strstr(heard + 1, "first_connect") == NULL);
    close_pool();
}

TASK_TEST(what_failed_once_is_tried_again)
{
    struct refusal refusal = { CUPEL_E_VALUE, 1 };
    struct cup_slot *none;

    open_pool_with(introduced_config(2));
    refuse(pool, "first_connect", &refusal);
    order_error(CUP_FAKE_INITIALIZE, "XX000", false);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_VALUE);
    CHECK_INT(cup_fake_calls(CUP_FAKE_INITIALIZE), 0);
    CHECK(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none) != CUPEL_OK);
    CHECK_INT(cup_fake_calls(CUP_FAKE_INITIALIZE), 1);
    CHECK(cup_pool_server(pool) == NULL);
    give(take());
    CHECK(cup_pool_server(pool) != NULL);
    CHECK_INT(cup_fake_wire_count(), 1);
    close_pool();
}

TASK_TEST(a_listener_to_connect_that_fails_gives_the_place_back)
{
    struct refusal refusal = { CUPEL_E_VALUE, 1 };
    struct cup_slot *none;

    open_pool(1, 0);
    refuse(pool, "connect", &refusal);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_VALUE);
    CHECK_STR(cupel_error_text(), "refused");
    CHECK_INT(cup_fake_wire_count(), 0);
    CHECK_FIGURES(0, 0, 0, 0, 0);
    give(take());
    close_pool();
}

TASK_TEST(a_failed_connect_is_told_to_no_listener)
{
    struct cup_slot *none;

    open_pool(1, 0);
    listen();
    order_error(CUP_FAKE_CONNECT, "53300", false);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_OPERATIONAL);
    CHECK_HEARD("");
    CHECK_INT(cupel_pool_overflow(pool), -1);
    close_pool();
}

TASK_TEST(every_connection_gets_the_isolation_level)
{
    struct cup_pool_config config = introduced_config(2);
    struct cup_slot *slots[2];

    config.isolation_level = "AUTOCOMMIT";
    open_pool_with(config);
    take_many(slots, 2);
    CHECK(cup_slot_wire(slots[0])->autocommit);
    CHECK(cup_slot_wire(slots[1])->autocommit);
    give_many(slots, 2);
    CHECK_INT(cup_fake_calls(CUP_FAKE_SET_ISOLATION), 2);
    close_pool();
}

static cupel_status
note_early(cupel_event *event, void *arg)
{
    (void)event;
    (void)arg;
    cup_fake_trace_note("early");
    return CUPEL_OK;
}

static cupel_status
note_late(cupel_event *event, void *arg)
{
    (void)event;
    (void)arg;
    cup_fake_trace_note("late");
    return CUPEL_OK;
}

static const char *
after(const char *text, const char *word)
{
    const char *found = strstr(text, word);

    CHECK(found != NULL);
    return found + strlen(word);
}

TASK_TEST(inserted_listeners_come_before_the_set_up)
{
    struct cup_pool_config config = introduced_config(1);
    const char *trace;

    config.isolation_level = "AUTOCOMMIT";
    open_pool_with(config);
    CHECK_OK(
        cupel_event_listen(cupel_on_pool(pool), "connect", note_late, NULL, 0));
    CHECK_OK(cupel_event_listen(cupel_on_pool(pool), "connect", note_early,
                                NULL, CUPEL_EVENT_INSERT));
    give(take());
    trace = cup_fake_trace_text();
    trace = after(trace, "connect");
    trace = after(trace, "early");
    trace = after(trace, "AUTOCOMMIT");
    trace = after(trace, "initialize");
    after(trace, "late");
    close_pool();
}

TASK_TEST(one_that_listens_once_is_not_passed_over)
{
    open_pool(1, 0);
    CHECK_OK(cupel_event_listen(cupel_on_pool(pool), "connect", note_late, NULL,
                                CUPEL_EVENT_ONCE));
    CHECK_OK(cupel_event_listen(cupel_on_pool(pool), "connect", note_early,
                                NULL, CUPEL_EVENT_ONCE | CUPEL_EVENT_INSERT));
    give(take());
    after(after(cup_fake_trace_text(), "early"), "late");
    close_pool();
}

/* Knows the server already. */
TASK_TEST(a_recreated_pool_asks_no_more)
{
    struct cupel_pool *old;

    open_pool_with(introduced_config(1));
    give(take());
    old = pool;
    CHECK_OK(cup_pool_recreate(old, &pool));
    cup_pool_close(old);
    cup_pool_free(old);
    CHECK(cup_pool_server(pool) != NULL);
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_INITIALIZE), 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    close_pool();
}

/* ---- Threads ------------------------------------------------------------ */

/* A first connect that takes as long as the test wants. */
static struct {
    sem_t begun;
    sem_t may_go_on;
} first;

static cupel_status
be_slow(cupel_event *event, void *arg)
{
    (void)event;
    (void)arg;
    sem_post(&first.begun);
    while (sem_wait(&first.may_go_on) != 0)
        continue;
    return CUPEL_OK;
}

static void *
connect_first(void *rc)
{
    struct cup_slot *slot;

    *(cupel_status *)rc = cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot);
    if (*(cupel_status *)rc == CUPEL_OK)
        cup_pool_checkin(slot, false);
    return NULL;
}

TEST(a_threads_deadline_ends_its_wait_for_the_first_connection)
{
    struct cup_pool_config config = introduced_config(2);
    cupel_status rc = CUPEL_E_INVALID;
    struct cup_scope scope;
    struct cup_slot *none;
    pthread_t thread;
    cupel_time begun;

    CHECK_INT(sem_init(&first.begun, 0, 0), 0);
    CHECK_INT(sem_init(&first.may_go_on, 0, 0), 0);
    config.blocking = true;
    config.connect_timeout_ms = 60000;
    open_pool_with(config);
    cup_clock_thaw();
    CHECK_OK(cupel_event_listen(cupel_on_pool(pool), "first_connect", be_slow,
                                NULL, 0));
    CHECK_INT(pthread_create(&thread, NULL, connect_first, &rc), 0);
    CHECK_INT(sem_wait(&first.begun), 0);
    begun = cupel_now();
    cup_deadline_begin(&scope, cupel_deadline_in(20));
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_TIMEOUT);
    cup_scope_end(&scope);
    CHECK_STR(cupel_error_text(), "the deadline passed while waiting for the "
                                  "pool's first connection");
    CHECK(cupel_now() - begun < 10000);
    sem_post(&first.may_go_on);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(rc, CUPEL_OK);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
    sem_destroy(&first.begun);
    sem_destroy(&first.may_go_on);
}
