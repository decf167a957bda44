/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

TASK_TEST(a_detached_wire_frees_its_place_at_once)
{
    struct cup_slot *slot, *next;
    int kept;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(cupel_info_set(cup_slot_record_info(slot), "x", &kept, NULL));
    listen();
    CHECK_OK(cup_slot_detach(slot));
    CHECK_HEARD("detach");
    CHECK(cup_slot_is_detached(slot));
    CHECK_FIGURES(0, 0, 0, 0, 0);
    CHECK_INT(cupel_pool_checkedin(pool), 1);
    next = take();
    CHECK_HEARD("connect checkout");
    CHECK(cupel_info_get(cup_slot_record_info(next), "x") == &kept);
    CHECK_OK(run_on(slot, "SELECT 1"));
    CHECK_OK(cup_slot_detach(slot));
    heard[0] = '\0';
    give(slot);
    CHECK_HEARD("reset(xs) close_detached");
    settle();
    CHECK_INT(cup_fake_wire_count(), 1);
    give(next);
    close_pool();
}

TASK_TEST(who_waits_profits_from_a_detach)
{
    struct asker waiter = { .hold_ms = 0 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    start(&waiter);
    settle();
    CHECK_OK(cup_slot_detach(slot));
    settle();
    CHECK_INT(waiter.rc, CUPEL_OK);
    CHECK(waiter.done);
    give(slot);
    close_pool();
}

TASK_TEST(a_detached_transaction_is_rolled_back_at_the_end)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(cup_slot_detach(slot));
    CHECK_OK(run_on(slot, "BEGIN"));
    give(slot);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK), 1);
    close_pool();
}

TASK_TEST(a_detached_wire_outlives_its_pool)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(cup_slot_detach(slot));
    cup_pool_close(pool);
    cup_pool_free(pool);
    CHECK(!pool_is_gone());
    CHECK_OK(run_on(slot, "SELECT 1"));
    cup_pool_discard(slot);
    settle();
    CHECK(pool_is_gone());
    CHECK_INT(cup_fake_wire_count(), 0);
    cupel_url_free(url);
    url = NULL;
    cup_clock_thaw();
}
