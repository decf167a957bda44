/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_support.h"

TASK_TEST(each_waiter_gets_one_connect)
{
    struct asker askers[4];

    open_pool(2, 1);
    cup_fake_latency(50);
    for (int i = 0; i < 4; i++) {
        askers[i] = (struct asker){ .hold_ms = 10 };
        start(&askers[i]);
    }
    settle();
    CHECK_FIGURES(0, 0, 3, 0, 4);
    CHECK_OK(cupel_sleep(200));
    for (int i = 0; i < 4; i++)
        CHECK_INT(askers[i].rc, CUPEL_OK);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 3);
    close_pool();
}

TASK_TEST(a_failed_connect_is_told_to_the_first_waiter)
{
    struct asker first = { .hold_ms = 0 }, second = { .hold_ms = 0 };

    open_pool(2, 0);
    order_error(CUP_FAKE_CONNECT, "57P03", false);
    start(&first);
    start(&second);
    settle();
    CHECK_INT(first.rc, CUPEL_E_OPERATIONAL);
    CHECK_STR(first.sqlstate, "57P03");
    CHECK_STR(first.text, "the server refused: 57P03");
    CHECK_INT(second.rc, CUPEL_OK);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(the_next_attempt_is_a_new_one)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    order_error(CUP_FAKE_CONNECT, "53300", false);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot),
                CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    CHECK_FIGURES(0, 0, 0, 0, 0);
    cup_pool_checkin(take(), false);
    close_pool();
}

TASK_TEST(who_may_not_log_in_is_told_to_all_at_once)
{
    static const char *const states[] = { "28P01", "28000", "3D000" };
    struct asker askers[5];
    unsigned long connects;

    open_pool(1, 0);
    for (size_t s = 0; s < 3; s++) {
        connects = cup_fake_calls(CUP_FAKE_CONNECT);
        order_error(CUP_FAKE_CONNECT, states[s], false);
        for (int i = 0; i < 5; i++) {
            askers[i] = (struct asker){ .hold_ms = 0 };
            start(&askers[i]);
        }
        settle();
        for (int i = 0; i < 5; i++) {
            CHECK(askers[i].done);
            CHECK_INT(askers[i].rc, CUPEL_E_OPERATIONAL);
            CHECK_STR(askers[i].sqlstate, states[s]);
        }
        CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), connects + 1);
        CHECK_FIGURES(0, 0, 0, 0, 0);
    }
    close_pool();
}

TASK_TEST(other_failures_are_tried_again_for_each_waiter)
{
    struct asker askers[5];

    open_pool(1, 0);
    order_error(CUP_FAKE_CONNECT, "53300", true);
    for (int i = 0; i < 5; i++) {
        askers[i] = (struct asker){ .hold_ms = 0 };
        start(&askers[i]);
    }
    settle();
    for (int i = 0; i < 5; i++)
        CHECK_INT(askers[i].rc, CUPEL_E_OPERATIONAL);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 5);
    CHECK_INT(cup_fake_wire_peak(), 0);
    close_pool();
}

TASK_TEST(a_connect_goes_on_when_its_asker_gives_up)
{
    struct asker asker = { .hold_ms = 0 };

    open_pool(1, 0);
    cup_fake_latency(50);
    start(&asker);
    settle();
    cup_task_cancel(asker.task);
    settle();
    CHECK_INT(asker.rc, CUPEL_E_CANCELLED);
    CHECK_FIGURES(0, 0, 1, 0, 0);
    CHECK_OK(cupel_sleep(50));
    CHECK_FIGURES(1, 0, 0, 0, 0);
    cup_pool_checkin(take(), false);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 1);
    close_pool();
}

TASK_TEST(what_comes_back_first_serves_the_first)
{
    struct asker first = { .hold_ms = 200 }, second = { .hold_ms = 0 };
    struct cup_slot *slot;

    open_pool(1, 2);
    slot = take();
    cup_fake_latency(50);
    served = 0;
    start(&first);
    start(&second);
    settle();
    CHECK_FIGURES(0, 1, 2, 0, 2);
    cup_pool_checkin(slot, false);
    settle();
    CHECK(first.slot == slot && !second.done);
    CHECK_OK(cupel_sleep(51));
    CHECK(second.done);
    CHECK_FIGURES(1, 1, 0, 1, 0);
    CHECK_OK(cupel_sleep(200));
    close_pool();
}

TASK_TEST(a_connect_that_hangs_ends_at_its_own_deadline)
{
    struct asker asker = { .hold_ms = 0 };
    struct cup_slot *slot;
    cupel_time begun = 0;

    open_pool(1, 0);
    order_fault(CUP_FAKE_CONNECT, CUP_FAKE_HANG);
    begun = cupel_now();
    CHECK_FAILS(cup_pool_checkout(pool, NULL, cupel_deadline_in(100), &slot),
                CUPEL_E_TIMEOUT);
    start(&asker);
    CHECK_OK(cupel_sleep_until(begun + 501));
    CHECK_INT(asker.rc, CUPEL_E_TIMEOUT);
    CHECK_STR(asker.text, "the deadline passed");
    CHECK_FIGURES(0, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(waiting_for_a_connect_counts_as_waiting)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_slot *slot;
    cupel_time begun;

    config.timeout_ms = 100;
    open_pool_with(config);
    cup_fake_latency(300);
    begun = cupel_now();
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now() - begun, 100);
    CHECK_OK(cupel_sleep(300));
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TEST(a_blocking_pool_passes_on_what_the_connect_answered)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_slot *slot;

    config.blocking = true;
    open_pool_with(config);
    order_error(CUP_FAKE_CONNECT, "28P01", false);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot),
                CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "28P01");
    CHECK_FIGURES(0, 0, 0, 0, 0);
    cup_pool_checkin(take(), false);
    close_pool();
}
