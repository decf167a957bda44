/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

static void
open_pinging(size_t size)
{
    struct cup_pool_config config = pool_config(size, 0);

    config.pre_ping = true;
    open_pool_with(config);
}

TASK_TEST(a_fresh_connection_is_not_pinged_and_an_idle_one_is)
{
    open_pinging(1);
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_PING), 0);
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_PING), 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 1);
    close_pool();
}

TASK_TEST(a_ping_that_fails_replaces_every_connection)
{
    struct cup_slot *slots[2];

    open_pinging(2);
    take_many(slots, 2);
    give_many(slots, 2);
    listen();
    order_fault(CUP_FAKE_PING, CUP_FAKE_HANG_UP);
    slots[0] = take();
    CHECK_HEARD("invalidate close connect checkout");
    slots[1] = take();
    CHECK_HEARD("close connect checkout");
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 4);
    CHECK_INT(cup_fake_wire_count(), 2);
    give_many(slots, 2);
    close_pool();
}

TASK_TEST(a_ping_refused_for_another_reason_is_told)
{
    struct cup_slot *none;

    open_pinging(1);
    give(take());
    listen();
    order_error(CUP_FAKE_PING, "57014", false);
    CHECK(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none) != CUPEL_OK);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "57014");
    CHECK_HEARD("invalidate close checkin-");
    settle();
    CHECK_FIGURES(0, 0, 0, 0, 0);
    CHECK_INT(cupel_pool_checkedout(pool), 0);
    give(take());
    close_pool();
}

TASK_TEST(the_server_that_stays_away_is_told_of)
{
    struct cup_slot *none;

    open_pinging(1);
    give(take());
    order_fault(CUP_FAKE_PING, CUP_FAKE_HANG_UP);
    order_error(CUP_FAKE_CONNECT, "57P03", false);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "57P03");
    CHECK_FIGURES(0, 0, 0, 0, 0);
    give(take());
    close_pool();
}

TASK_TEST(an_old_connection_is_replaced_in_its_place)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_slot *slot;
    int kept, lost;

    config.recycle_ms = 1000;
    open_pool_with(config);
    slot = take();
    CHECK_OK(cupel_info_set(cup_slot_info(slot), "x", &lost, NULL));
    CHECK_OK(cupel_info_set(cup_slot_record_info(slot), "x", &kept, NULL));
    give(slot);
    listen();
    CHECK_OK(cupel_sleep(999));
    give(take());
    CHECK_HEARD("checkout reset(s) checkin");
    CHECK_OK(cupel_sleep(100));
    slot = take();
    CHECK_HEARD("close connect checkout");
    CHECK(cupel_info_get(cup_slot_info(slot), "x") == NULL);
    CHECK(cupel_info_get(cup_slot_record_info(slot), "x") == &kept);
    give(slot);
    CHECK_INT(cup_fake_wire_peak(), 1);
    close_pool();
}

TASK_TEST(one_marked_by_its_holder_is_replaced_at_the_next_checkout)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    listen();
    slot = take();
    heard[0] = '\0';
    cup_slot_soft_invalidate(slot);
    CHECK_OK(run_on(slot, "SELECT 1"));
    give(slot);
    CHECK_HEARD("soft_invalidate reset(s) checkin");
    give(take());
    CHECK_HEARD("close connect checkout reset(s) checkin");
    give(take());
    CHECK_HEARD("checkout reset(s) checkin");
    close_pool();
}

TASK_TEST(all_that_are_open_can_be_marked_at_once)
{
    struct cup_slot *slots[2];

    open_pool(2, 0);
    take_many(slots, 2);
    give(slots[0]);
    cup_pool_invalidate(pool);
    give(slots[1]);
    listen();
    take_many(slots, 2);
    CHECK_HEARD("close connect checkout close connect checkout");
    give_many(slots, 2);
    take_many(slots, 2);
    CHECK_HEARD("reset(s) checkin reset(s) checkin checkout checkout");
    give_many(slots, 2);
    close_pool();
}

TASK_TEST(a_listener_may_have_the_connection_replaced_once)
{
    struct refusal refusal = { CUPEL_E_DISCONNECTION, 1 };
    struct cup_slot *slot, *none;

    open_pool(1, 0);
    listen();
    refuse(pool, "checkout", &refusal);
    slot = take();
    CHECK_HEARD("first_connect connect checkout invalidate close connect "
                "checkout");
    give(slot);
    heard[0] = '\0';
    refusal.times = 2;
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_INVALID);
    CHECK_STR(cupel_error_text(), "this connection is closed");
    CHECK_HEARD("checkout invalidate close connect checkout invalidate close "
                "checkin-");
    settle();
    CHECK_INT(cup_fake_wire_count(), 0);
    CHECK_INT(cupel_pool_checkedout(pool), 0);
    give(take());
    close_pool();
}

TASK_TEST(a_listener_may_have_all_connections_replaced)
{
    struct refusal refusal = { CUPEL_E_INVALIDATEPOOL, 0 };
    struct cup_slot *slots[2];

    open_pool(2, 0);
    take_many(slots, 2);
    give_many(slots, 2);
    refuse(pool, "checkout", &refusal);
    refusal.times = 1;
    slots[0] = take();
    slots[1] = take();
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 4);
    give_many(slots, 2);
    close_pool();
}

TASK_TEST(any_other_failure_of_a_listener_is_told)
{
    struct refusal refusal = { CUPEL_E_VALUE, 1 };
    struct cup_slot *none;

    open_pool(1, 0);
    listen();
    refuse(pool, "checkout", &refusal);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_VALUE);
    CHECK_HEARD("first_connect connect checkout invalidate close checkin-");
    settle();
    CHECK_FIGURES(0, 0, 0, 0, 0);
    close_pool();
}

/* Whose turn it was keeps it while his wire is replaced. */
TASK_TEST(replacing_is_not_queueing_again)
{
    struct asker first = { .hold_ms = 50 }, second = { .hold_ms = 0 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    cup_slot_soft_invalidate(slot);
    cup_fake_latency(10);
    served = 0;
    start(&first);
    start(&second);
    settle();
    give(slot);
    CHECK_OK(cupel_sleep(300));
    CHECK_INT(first.order, 1);
    CHECK_INT(second.order, 2);
    close_pool();
}

TEST(a_blocking_pool_replaces_right_here)
{
    struct cup_pool_config config = pool_config(1, 0);

    config.blocking = true;
    config.recycle_ms = 100;
    config.pre_ping = true;
    open_pool_with(config);
    give(take());
    cup_clock_advance(200);
    listen();
    give(take());
    CHECK_HEARD("close connect checkout reset(s) checkin");
    order_fault(CUP_FAKE_PING, CUP_FAKE_HANG_UP);
    give(take());
    CHECK_HEARD("invalidate close connect checkout reset(s) checkin");
    CHECK_INT(cup_fake_wire_count(), 1);
    close_pool();
}

TASK_TEST(a_ping_that_ends_with_its_callers_deadline_ends_alone)
{
    struct cup_slot *slots[2];

    open_pinging(2);
    take_many(slots, 2);
    give_many(slots, 2);
    order_fault(CUP_FAKE_PING, CUP_FAKE_HANG);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, cupel_deadline_in(10), &slots[0]),
                CUPEL_E_TIMEOUT);
    CHECK_STR(cupel_error_text(), "the deadline passed while waiting for the "
                                  "database to answer a ping");
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2); /* the other is good */
    settle();
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}
