/* SPDX-License-Identifier: MIT */
#include <pthread.h>

#include "unit/pool/pool_support.h"

TASK_TEST(nothing_is_opened_before_it_is_asked_for)
{
    open_pool(5, 10);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ANY), 0);
    CHECK_FIGURES(0, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(a_wire_that_was_given_back_is_lent_again)
{
    struct cup_slot *first, *second;

    open_pool(5, 10);
    first = take();
    CHECK_FIGURES(0, 1, 0, 0, 0);
    CHECK_OK(run_on(first, "SELECT 1"));
    cup_pool_checkin(first, false);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    second = take();
    CHECK(second == first);
    CHECK_INT(cup_pool_figures(pool).checkouts, 2);
    CHECK_INT(cup_pool_figures(pool).connects, 1);
    cup_pool_checkin(second, false);
    close_pool();
}

TASK_TEST(idle_wires_are_lent_in_the_order_they_came_back)
{
    struct cup_slot *slots[3];

    open_pool(3, 0);
    take_many(slots, 3);
    give_many(slots, 3);
    CHECK(take() == slots[0]);
    CHECK(take() == slots[1]);
    cup_pool_checkin(slots[0], false);
    CHECK(take() == slots[2]);
    CHECK(take() == slots[0]);
    give_many(slots, 3);
    close_pool();
}

TASK_TEST(overflow_goes_up_to_its_limit)
{
    struct cup_slot *slots[5], *none;

    open_pool(3, 2);
    take_many(slots, 5);
    CHECK_FIGURES(0, 5, 0, 0, 0);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_TIMEOUT);
    CHECK(none == NULL);
    CHECK_INT(cup_fake_wire_peak(), 5);
    give_many(slots, 5);
    settle();
    CHECK_FIGURES(3, 0, 0, 0, 0);
    CHECK_INT(cup_fake_wire_count(), 3);
    close_pool();
}

TASK_TEST(without_a_size_there_is_no_limit)
{
    struct cup_slot *slots[40];

    open_pool(0, 0);
    take_many(slots, 40);
    give_many(slots, 40);
    CHECK_FIGURES(40, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(any_overflow_is_closed_when_it_comes_back)
{
    struct cup_slot *slots[20];

    open_pool(2, SIZE_MAX);
    take_many(slots, 20);
    give_many(slots, 20);
    CHECK_FIGURES(2, 0, 0, 18, 0);
    settle();
    CHECK_FIGURES(2, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(a_timeout_says_how_things_stand)
{
    struct asker other = { .hold_ms = 0 };
    struct cup_pool_config config = pool_config(2, 1);
    struct cup_slot *slots[3], *none;
    cupel_time begun;

    config.timeout_ms = 250;
    open_pool_with(config);
    CHECK_OK(cup_pool_checkout(pool, "report", CUPEL_FOREVER, &slots[0]));
    CHECK_OK(cupel_sleep(62));
    take_many(slots + 1, 2);
    CHECK_OK(cupel_sleep(500));
    start(&other);
    CHECK_OK(cupel_yield());
    begun = cupel_now();
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now() - begun, 250);
    CHECK_STR(cupel_error_text(),
              "QueuePool limit of size 2 overflow 1 reached, connection timed "
              "out, timeout 0.25: 3 lent, 0 connecting, 0 closing, 1 waiting; "
              "longest held 812 ms by 'report'");
    CHECK_STR(cupel_error_code(cupel_error_last()), "3o7r");
    CHECK_INT(cup_pool_figures(pool).timeouts, 2);
    settle();
    CHECK_INT(other.rc, CUPEL_E_TIMEOUT);
    CHECK(strstr(other.text, "2 waiting") != NULL);
    give_many(slots, 3);
    close_pool();
}

TASK_TEST(a_timeout_quotes_the_last_failure_to_connect)
{
    struct cup_slot *slot, *none;

    open_pool(1, 1);
    slot = take();
    order_error(CUP_FAKE_CONNECT, "53300", false);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_OPERATIONAL);
    order_fault(CUP_FAKE_CONNECT, CUP_FAKE_HANG);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, cupel_deadline_in(100), &none),
                CUPEL_E_TIMEOUT);
    CHECK_STR(cupel_error_text(),
              "QueuePool limit of size 1 overflow 1 reached, connection timed "
              "out, timeout 0.10: 1 lent, 1 connecting, 0 closing, 1 waiting; "
              "longest held 100 ms; last connect error: the server refused: "
              "53300");
    cup_pool_checkin(slot, false);
    close_pool();
}

TASK_TEST(the_tag_is_copied_and_cut_and_defaults_to_the_task)
{
    char tag[64] = "a tag that is much longer than what is kept of it";
    struct cup_slot *slot, *none;

    open_pool(1, 0);
    CHECK_OK(cup_pool_checkout(pool, tag, CUPEL_FOREVER, &slot));
    memset(tag, 0, sizeof tag);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, cupel_deadline_in(1), &none),
                CUPEL_E_TIMEOUT);
    CHECK(strstr(cupel_error_text(), "by 'a tag that is much longer than '") !=
          NULL);
    cup_pool_checkin(slot, false);
    cupel_task_name_set("billing");
    slot = take();
    CHECK_FAILS(cup_pool_checkout(pool, NULL, cupel_deadline_in(1), &none),
                CUPEL_E_TIMEOUT);
    CHECK(strstr(cupel_error_text(), "by 'billing'") != NULL);
    cup_pool_checkin(slot, false);
    close_pool();
}

TASK_TEST(without_a_timeout_a_full_pool_fails_at_once)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_slot *slot, *none;
    cupel_time begun;

    config.timeout_ms = 0;
    open_pool_with(config);
    cup_fake_latency(100);
    slot = take();
    begun = cupel_now();
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), begun);
    cup_pool_checkin(slot, false);
    close_pool();
}

TASK_TEST(waiters_are_served_first_come_first_served)
{
    struct asker askers[10];
    struct cup_slot *slots[2];

    open_pool(2, 0);
    take_many(slots, 2);
    served = 0;
    for (int i = 0; i < 10; i++) {
        askers[i] = (struct asker){ .hold_ms = 10 - i };
        start(&askers[i]);
    }
    settle();
    CHECK_FIGURES(0, 2, 0, 0, 10);
    give_many(slots, 2);
    CHECK_OK(cupel_sleep(200));
    for (int i = 0; i < 10; i++)
        CHECK_INT(askers[i].order, i + 1);
    CHECK_INT(cup_fake_wire_peak(), 2);
    close_pool();
}

TASK_TEST(nobody_gets_past_the_queue)
{
    struct asker waiter = { .hold_ms = -1 };
    struct cup_slot *slot, *none;

    open_pool(1, 0);
    slot = take();
    start(&waiter);
    settle();
    cup_pool_checkin(slot, false);
    CHECK(!waiter.done);
    CHECK_FIGURES(0, 1, 0, 0, 0);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, cupel_deadline_in(5), &none),
                CUPEL_E_TIMEOUT);
    CHECK(waiter.slot == slot);
    cup_pool_checkin(waiter.slot, false);
    close_pool();
}

TASK_TEST(a_cancelled_waiter_leaves_the_queue)
{
    struct asker first = { .hold_ms = 0 }, second = { .hold_ms = 0 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    start(&first);
    start(&second);
    settle();
    cup_task_cancel(first.task);
    CHECK_OK(cupel_yield());
    CHECK_INT(first.rc, CUPEL_E_CANCELLED);
    CHECK_FIGURES(0, 1, 0, 0, 1);
    cup_pool_checkin(slot, false);
    settle();
    CHECK_INT(second.rc, CUPEL_OK);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

/* It was handed the wire before it was cancelled: it has it. */
TASK_TEST(a_waiter_cancelled_in_the_turn_it_was_served_loses_nothing)
{
    struct asker waiter = { .hold_ms = -1 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    start(&waiter);
    settle();
    cup_pool_checkin(slot, false);
    cup_task_cancel(waiter.task);
    CHECK_OK(cupel_yield());
    CHECK(waiter.done);
    CHECK_INT(waiter.rc, CUPEL_OK);
    CHECK_FIGURES(0, 1, 0, 0, 0);
    cup_pool_checkin(waiter.slot, false);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(a_slot_may_come_back_before_a_cancelled_waiter_knows)
{
    struct asker waiter = { .hold_ms = 0 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    start(&waiter);
    settle();
    cup_task_cancel(waiter.task);
    cup_pool_checkin(slot, false);
    CHECK_FIGURES(1, 0, 0, 0, 1);
    settle();
    CHECK_INT(waiter.rc, CUPEL_E_CANCELLED);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(a_wire_that_died_while_idle_is_replaced)
{
    struct cup_slot *slots[3], *slot;

    open_pool(3, 0);
    take_many(slots, 3);
    give_many(slots, 3);
    cup_fake_hang_up_all();
    slot = take();
    CHECK_OK(run_on(slot, "SELECT 1"));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 4);
    settle();
    CHECK_FIGURES(0, 1, 0, 0, 0);
    CHECK_INT(cup_fake_wire_count(), 1);
    cup_pool_checkin(slot, false);
    close_pool();
}

TASK_TEST(the_error_record_stays_over_a_checkout)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    cup_ignore(cup_error_set(CUPEL_E_VALUE, "before"), "it is the test");
    slot = take();
    CHECK_STR(cupel_error_text(), "before");
    cup_pool_checkin(slot, false);
    cup_fake_hang_up_all();
    slot = take();
    CHECK_STR(cupel_error_text(), "before");
    cup_pool_checkin(slot, false);
    close_pool();
}

TASK_TEST(a_closed_pool_lends_nothing)
{
    struct cup_slot *none;

    open_pool(1, 0);
    cup_pool_close(pool);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_CLOSED);
    close_pool();
}

TEST(outside_tasks_an_async_pool_refuses)
{
    struct cup_slot *none;

    open_pool(1, 0);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_NOTASK);
    close_pool();
}

TEST(a_blocking_pool_works_without_a_loop)
{
    struct cup_pool_config config = pool_config(1, 1);
    struct cup_slot *slots[2], *none;

    config.blocking = true;
    config.timeout_ms = 30000;
    open_pool_with(config);
    take_many(slots, 2);
    CHECK_OK(run_on(slots[0], "SELECT 1"));
    CHECK_FAILS(cup_pool_checkout(pool, "x", CUPEL_FOREVER, &none),
                CUPEL_E_TIMEOUT);
    CHECK_STR(cupel_error_text(),
              "QueuePool limit of size 1 overflow 1 reached, and the caller "
              "would wait for itself: every connection is held by those who "
              "wait ('', ''); longest held 0 ms");
    give_many(slots, 2);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    CHECK(take() == slots[0]);
    CHECK_OK(run_on(slots[0], "BEGIN"));
    cup_pool_checkin(slots[0], false);
    CHECK_STR(cup_fake_log(cup_fake_log_count() - 1), "ROLLBACK");
    close_pool();
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 1);
}

/* ---- Threads ------------------------------------------------------------ */

static void *
wait_as_a_thread(void *rc)
{
    struct cup_scope scope;
    struct cup_slot *slot;

    cup_deadline_begin(&scope, cupel_deadline_in(20));
    *(cupel_status *)rc = cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot);
    cup_scope_end(&scope);
    return NULL;
}

TEST(a_threads_deadline_ends_its_wait_in_the_queue)
{
    struct cup_pool_config config = pool_config(1, 0);
    cupel_status rc = CUPEL_OK;
    struct cup_slot *slot;
    pthread_t thread;
    cupel_time begun;

    config.blocking = true;
    config.timeout_ms = 60000;
    open_pool_with(config);
    cup_clock_thaw();
    slot = take();
    begun = cupel_now();
    CHECK_INT(pthread_create(&thread, NULL, wait_as_a_thread, &rc), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(rc, CUPEL_E_TIMEOUT);
    CHECK(cupel_now() - begun < 10000);
    CHECK_FIGURES(0, 1, 0, 0, 0);
    cup_pool_checkin(slot, false);
    close_pool();
}
