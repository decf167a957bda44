/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

TASK_TEST(what_is_idle_for_too_long_is_closed)
{
    struct cup_pool_config config = pool_config(3, 0);
    struct cup_slot *slots[3];

    config.idle_timeout_ms = 1000;
    open_pool_with(config);
    take_many(slots, 3);
    give_many(slots, 3);
    CHECK_OK(cupel_sleep(900));
    give(take());
    CHECK_FIGURES(3, 0, 0, 0, 0);
    CHECK_OK(cupel_sleep(200));
    listen();
    give(take());
    settle();
    CHECK_FIGURES(1, 0, 0, 0, 0);
    CHECK_HEARD("close close checkout reset(s) checkin");
    close_pool();
}

TASK_TEST(as_many_as_are_wanted_stay_idle)
{
    struct cup_pool_config config = pool_config(4, 0);
    struct cup_slot *slots[4];

    config.idle_timeout_ms = 1000;
    config.min_idle = 2;
    open_pool_with(config);
    take_many(slots, 4);
    give_many(slots, 4);
    CHECK_OK(cupel_sleep(2000));
    slots[0] = take();
    settle();
    CHECK_FIGURES(2, 1, 0, 0, 0);
    give(slots[0]);
    settle();
    CHECK_FIGURES(2, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(as_many_as_are_wanted_are_opened_ahead)
{
    struct cup_pool_config config = pool_config(4, 0);
    struct cup_slot *slots[4];

    config.min_idle = 2;
    open_pool_with(config);
    slots[0] = take();
    settle();
    CHECK_FIGURES(2, 1, 0, 0, 0);
    slots[1] = take();
    slots[2] = take();
    settle();
    CHECK_FIGURES(1, 3, 0, 0, 0);
    give_many(slots, 3);
    CHECK_FIGURES(4, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(the_pool_does_not_insist_when_the_server_refuses)
{
    struct cup_pool_config config = pool_config(4, 0);
    struct cup_slot *slot;
    unsigned long calls;

    config.min_idle = 2;
    open_pool_with(config);
    slot = take();
    settle();
    give(slot);
    cup_fake_hang_up_all();
    order_error(CUP_FAKE_CONNECT, "57P03", true);
    for (int i = 0; i < 10; i++)
        CHECK(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot) != CUPEL_OK);
    calls = cup_fake_calls(CUP_FAKE_CONNECT);
    CHECK(calls <= 3 + 10 + 2);
    close_pool();
}

TASK_TEST(lives_end_at_different_times)
{
    enum { COUNT = 20, LIFE_MS = 100000 };
    struct cup_pool_config config = pool_config(COUNT, 0);
    struct cup_slot *slots[COUNT];
    unsigned long replaced;

    config.lifetime_ms = LIFE_MS;
    open_pool_with(config);
    take_many(slots, COUNT);
    give_many(slots, COUNT);
    CHECK_OK(cupel_sleep(LIFE_MS * 9 / 10 - 1));
    take_many(slots, COUNT);
    give_many(slots, COUNT);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), COUNT);
    CHECK_OK(cupel_sleep(LIFE_MS / 20));
    take_many(slots, COUNT);
    give_many(slots, COUNT);
    replaced = cup_fake_calls(CUP_FAKE_CONNECT) - COUNT;
    CHECK(replaced > 0 && replaced < COUNT);
    CHECK_OK(cupel_sleep(LIFE_MS / 20 + 2));
    take_many(slots, COUNT);
    give_many(slots, COUNT);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2 * COUNT);
    close_pool();
}

TASK_TEST(warming_up_opens_as_many_as_asked_for)
{
    cupel_time begun;

    open_pool(5, 10);
    cup_fake_latency(100);
    begun = cupel_now();
    CHECK_OK(cup_pool_warm_up(pool, 3, CUPEL_FOREVER));
    CHECK_INT(cupel_now() - begun, 100);
    CHECK_FIGURES(3, 0, 0, 0, 0);
    CHECK_OK(cup_pool_warm_up(pool, 3, CUPEL_FOREVER));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 3);
    CHECK_OK(cup_pool_warm_up(pool, 50, CUPEL_FOREVER));
    CHECK_FIGURES(5, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(warming_up_tells_what_failed)
{
    open_pool(5, 10);
    order_error(CUP_FAKE_CONNECT, "28P01", false);
    CHECK_FAILS(cup_pool_warm_up(pool, 3, CUPEL_FOREVER), CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_text(), "the server refused: 28P01");
    CHECK_FIGURES(2, 0, 0, 0, 0);
    order_fault(CUP_FAKE_CONNECT, CUP_FAKE_HANG);
    CHECK_FAILS(cup_pool_warm_up(pool, 3, cupel_deadline_in(50)),
                CUPEL_E_TIMEOUT);
    cup_pool_close(pool);
    CHECK_FAILS(cup_pool_warm_up(pool, 3, CUPEL_FOREVER), CUPEL_E_CLOSED);
    close_pool();
}

TEST(a_blocking_pool_is_warmed_up_here)
{
    struct cup_pool_config config = pool_config(2, 0);

    config.blocking = true;
    open_pool_with(config);
    CHECK_OK(cup_pool_warm_up(pool, 9, CUPEL_FOREVER));
    CHECK_FIGURES(2, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(to_warm_up_in_too_little_time_says_what_is_missing)
{
    struct cup_fake_fault hang = { .op = CUP_FAKE_CONNECT,
                                   .nth = 2,
                                   .kind = CUP_FAKE_HANG };

    open_pool(3, 0);
    cup_fake_fault(&hang);
    CHECK_FAILS(cup_pool_warm_up(pool, 3, cupel_deadline_in(10)),
                CUPEL_E_TIMEOUT);
    CHECK_STR(cupel_error_text(), "the deadline passed while waiting for "
                                  "connections to be opened: 2 of 3 are");
    CHECK_FIGURES(2, 0, 1, 0, 0);
    CHECK_OK(cupel_sleep(1000));
    CHECK_FIGURES(2, 0, 0, 0, 0);
    close_pool();
}
