/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_support.h"

TASK_TEST(close_says_goodbye_to_idle_wires)
{
    struct cup_slot *slots[3];

    open_pool(3, 0);
    take_many(slots, 3);
    give_many(slots, 3);
    cup_pool_close(pool);
    CHECK_FIGURES(0, 0, 0, 0, 0);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 3);
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}

TASK_TEST(a_wire_that_comes_back_to_a_closed_pool_is_closed)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    cup_pool_close(pool);
    CHECK_FIGURES(0, 1, 0, 0, 0);
    CHECK_OK(run_on(slot, "SELECT 1"));
    cup_pool_checkin(slot, false);
    settle();
    CHECK_FIGURES(0, 0, 0, 0, 0);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 1);
    close_pool();
}

TASK_TEST(waiters_are_told_of_the_end)
{
    struct asker askers[3];
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    for (int i = 0; i < 3; i++) {
        askers[i] = (struct asker){ .hold_ms = 0 };
        start(&askers[i]);
    }
    settle();
    cup_pool_close(pool);
    settle();
    for (int i = 0; i < 3; i++) {
        CHECK_INT(askers[i].rc, CUPEL_E_CLOSED);
        CHECK_STR(askers[i].text, "the pool is closed");
    }
    cup_pool_checkin(slot, false);
    close_pool();
}

TASK_TEST(close_stops_connects)
{
    struct asker asker = { .hold_ms = 0 };
    cupel_time begun;

    open_pool(1, 0);
    order_fault(CUP_FAKE_CONNECT, CUP_FAKE_HANG);
    start(&asker);
    settle();
    begun = cupel_now();
    cup_pool_close(pool);
    CHECK_INT(cupel_now(), begun);
    CHECK_FIGURES(0, 0, 0, 0, 0);
    settle();
    CHECK_INT(asker.rc, CUPEL_E_CLOSED);
    close_pool();
}

TASK_TEST(close_ends_when_the_server_does_not_answer)
{
    cupel_time begun;

    open_pool(1, 0);
    cup_pool_checkin(take(), false);
    order_fault(CUP_FAKE_CLOSE, CUP_FAKE_HANG);
    begun = cupel_now();
    cup_pool_close(pool);
    CHECK_INT(cupel_now() - begun, 2000);
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}

/* How many wires were left when close returned. */
static cupel_status
close_cancelled(void *arg)
{
    cup_task_cancel(cup_task_current());
    cup_pool_close(pool);
    *(size_t *)arg = cup_fake_wire_count();
    return CUPEL_OK;
}

TASK_TEST(a_cancelled_task_still_closes)
{
    size_t left = 1;

    open_pool(1, 0);
    cup_pool_checkin(take(), false);
    CHECK_OK(cup_task_spawn(close_cancelled, &left, NULL, NULL, NULL));
    settle();
    CHECK_INT(left, 0);
    close_pool();
}

TASK_TEST(free_hangs_up_what_is_idle_at_once)
{
    struct cup_slot *slots[2];

    open_pool(2, 0);
    take_many(slots, 2);
    give_many(slots, 2);
    cup_pool_free(pool);
    CHECK_INT(cup_fake_wire_count(), 0);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 0);
}

TASK_TEST(lent_slots_keep_the_memory_of_a_freed_pool)
{
    struct cup_slot *slots[2];

    open_pool(2, 0);
    take_many(slots, 2);
    cup_pool_free(pool);
    CHECK(!pool_is_gone());
    CHECK_OK(run_on(slots[0], "BEGIN"));
    cup_pool_checkin(slots[0], false);
    cup_pool_discard(slots[1]);
    CHECK(!pool_is_gone());
    settle();
    CHECK(pool_is_gone());
    CHECK_INT(cup_fake_wire_count(), 0);
    cup_clock_thaw();
}

TASK_TEST(a_connect_under_way_keeps_the_memory_too)
{
    struct asker asker = { .hold_ms = 0 };

    open_pool(1, 0);
    cup_fake_latency(100);
    start(&asker);
    settle();
    cup_pool_free(pool);
    CHECK(!pool_is_gone());
    settle();
    CHECK_INT(asker.rc, CUPEL_E_CLOSED);
    CHECK(pool_is_gone());
    cup_clock_thaw();
}

TEST(freeing_nothing_is_fine)
{
    cup_pool_free(NULL);
    cup_pool_close(NULL);
}
