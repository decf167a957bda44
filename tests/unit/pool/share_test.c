/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

#include "task/sync.h"

static void
open_static(void)
{
    struct cup_pool_config config = pool_config(5, 10);

    config.kind = CUPEL_POOL_STATIC;
    open_pool_with(config);
    listen();
}

TASK_TEST(everybody_has_the_same_wire_at_once)
{
    struct cup_slot *slots[3];

    open_static();
    take_many(slots, 3);
    CHECK(slots[0] != slots[1]);
    CHECK(cup_slot_wire(slots[0]) == cup_slot_wire(slots[1]));
    CHECK(cup_slot_wire(slots[0]) == cup_slot_wire(slots[2]));
    CHECK(cup_slot_info(slots[0]) == cup_slot_info(slots[1]));
    CHECK_HEARD("first_connect connect checkout checkout checkout");
    give_many(slots, 3);
    CHECK_HEARD("reset(s) checkin reset(s) checkin reset(s) checkin");
    CHECK_INT(cup_fake_wire_peak(), 1);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(those_who_wait_for_the_connect_all_get_it)
{
    struct asker askers[5];

    open_static();
    cup_fake_latency(10);
    for (int i = 0; i < 5; i++) {
        askers[i] = (struct asker){ .hold_ms = 5 };
        start(&askers[i]);
    }
    CHECK_OK(cupel_sleep(200));
    for (int i = 0; i < 5; i++)
        CHECK_INT(askers[i].rc, CUPEL_OK);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 1);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(each_return_resets)
{
    struct cup_slot *slots[2];

    open_static();
    take_many(slots, 2);
    CHECK_OK(run_on(slots[0], "BEGIN"));
    give(slots[1]);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK), 1);
    CHECK_OK(run_on(slots[0], "SELECT 1"));
    give(slots[0]);
    close_pool();
}

TASK_TEST(a_wire_given_up_stays_for_those_who_have_it)
{
    struct cup_slot *slots[2], *slot;

    open_static();
    take_many(slots, 2);
    heard[0] = '\0';
    cup_pool_discard(slots[0]);
    CHECK_HEARD("invalidate checkin-");
    CHECK_OK(run_on(slots[1], "SELECT 1"));
    slot = take();
    CHECK(cup_slot_wire(slot) != cup_slot_wire(slots[1]));
    CHECK_HEARD("connect checkout");
    give(slots[1]);
    CHECK_HEARD("reset(s) checkin close");
    settle();
    CHECK_INT(cup_fake_wire_count(), 1);
    cup_pool_discard(slot);
    CHECK_HEARD("invalidate close checkin-");
    settle();
    CHECK_INT(cup_fake_wire_count(), 0);
    give(take());
    close_pool();
}

TASK_TEST(one_that_died_is_replaced)
{
    open_static();
    give(take());
    cup_fake_hang_up_all();
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    settle();
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(dispose_closes_it_and_the_next_opens_another)
{
    struct cup_slot *slot;

    open_static();
    give(take());
    cup_pool_dispose(pool);
    CHECK_INT(cup_fake_wire_count(), 0);
    slot = take();
    cup_pool_dispose(pool);
    CHECK_OK(run_on(slot, "SELECT 1"));
    give(take());
    CHECK_INT(cup_fake_wire_count(), 2);
    give(slot);
    settle();
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(a_soft_invalidated_one_is_replaced_for_the_next)
{
    struct cup_slot *slot, *next;

    open_static();
    slot = take();
    cup_slot_soft_invalidate(slot);
    next = take();
    CHECK(cup_slot_wire(next) != cup_slot_wire(slot));
    give(slot);
    give(next);
    settle();
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(calls_take_turns_by_the_pools_mutex)
{
    struct cup_mutex *mutex;
    struct cup_slot *slot;

    open_pool(1, 0);
    CHECK(cup_pool_lock(pool) == NULL);
    close_pool();
    open_static();
    mutex = cup_pool_lock(pool);
    CHECK(mutex != NULL);
    CHECK_OK(cup_mutex_lock(mutex, CUPEL_FOREVER));
    slot = take();
    CHECK_OK(run_on(slot, "BEGIN"));
    give(slot); /* who holds it may give back */
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK), 1);
    cup_mutex_unlock(mutex);
    close_pool();
}

TASK_TEST(a_share_cannot_be_detached)
{
    struct cup_slot *slot;

    open_static();
    slot = take();
    CHECK_FAILS(cup_slot_detach(slot), CUPEL_E_INVALID);
    give(slot);
    close_pool();
}

TASK_TEST(a_closed_pool_closes_it_with_the_last)
{
    struct cup_slot *slots[2];

    open_static();
    take_many(slots, 2);
    cup_pool_close(pool);
    give(slots[0]);
    CHECK_INT(cup_fake_wire_count(), 1);
    give(slots[1]);
    settle();
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}

TEST(a_blocking_one_is_shared_too)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_slot *slots[2];

    config.kind = CUPEL_POOL_STATIC;
    config.blocking = true;
    open_pool_with(config);
    take_many(slots, 2);
    CHECK(cup_slot_wire(slots[0]) == cup_slot_wire(slots[1]));
    give_many(slots, 2);
    cup_pool_discard(take());
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    close_pool();
}
