/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

static void
open_known(void)
{
    struct cup_pool_config config = pool_config(1, 0);

    config.initialize = true;
    open_pool_with(config);
}

TASK_TEST(a_level_lasts_until_the_slot_comes_back)
{
    struct cup_slot *slot;
    const char *level;

    open_known();
    slot = take();
    CHECK_OK(cup_slot_set_isolation(slot, "AUTOCOMMIT", CUPEL_FOREVER));
    CHECK(cup_slot_wire(slot)->autocommit);
    give(slot);
    CHECK_INT(cup_fake_calls(CUP_FAKE_SET_ISOLATION), 2);
    slot = take();
    CHECK(!cup_slot_wire(slot)->autocommit);
    CHECK_OK(cup_fake_dialect.get_isolation_level(cup_slot_wire(slot),
                                                  CUPEL_FOREVER, &level));
    CHECK_STR(level, cup_pool_server(pool)->isolation_level);
    give(slot);
    CHECK_INT(cup_fake_calls(CUP_FAKE_SET_ISOLATION), 2);
    close_pool();
}

TASK_TEST(the_pools_own_level_comes_back)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_slot *slot;

    config.isolation_level = "AUTOCOMMIT";
    open_pool_with(config);
    slot = take();
    CHECK_OK(cup_slot_set_isolation(slot, cup_fake_dialect.isolation_levels[0],
                                    CUPEL_FOREVER));
    give(slot);
    slot = take();
    CHECK(cup_slot_wire(slot)->autocommit);
    give(slot);
    close_pool();
}

TASK_TEST(switches_are_off_for_the_next)
{
    const char *name = cup_fake_dialect.session_switches[0];
    struct cup_slot *slot;

    open_known();
    slot = take();
    CHECK_OK(cup_slot_set_switch(slot, name, true, CUPEL_FOREVER));
    CHECK_INT(cup_fake_calls(CUP_FAKE_SET_SWITCH), 1);
    give(slot);
    CHECK_INT(cup_fake_calls(CUP_FAKE_SET_SWITCH), 2);
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_SET_SWITCH), 2);
    close_pool();
}

TASK_TEST(it_is_put_back_after_the_reset_and_before_the_checkin)
{
    struct cup_slot *slot;

    open_known();
    slot = take();
    CHECK_OK(cup_slot_set_isolation(slot, "AUTOCOMMIT", CUPEL_FOREVER));
    order_error(CUP_FAKE_SET_ISOLATION, "XX000", false);
    listen();
    give(slot);
    CHECK_HEARD("reset(s) invalidate close checkin-");
    settle();
    CHECK_INT(cup_fake_wire_count(), 0);
    slot = take();
    CHECK(!cup_slot_wire(slot)->autocommit);
    give(slot);
    close_pool();
}

TASK_TEST(without_a_level_to_go_back_to_the_wire_is_closed)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(cup_slot_set_isolation(slot, "AUTOCOMMIT", CUPEL_FOREVER));
    give(slot);
    settle();
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}

TASK_TEST(what_the_database_does_not_have_is_refused)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_FAILS(cup_slot_set_isolation(slot, "CHAOS", CUPEL_FOREVER),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cup_slot_set_switch(slot, "fake_light", true, CUPEL_FOREVER),
                CUPEL_E_NOTSUPPORTED);
    give(slot);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}
