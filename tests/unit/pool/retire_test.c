/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

TASK_TEST(the_place_of_a_wire_given_up_stays)
{
    struct cup_slot *slot;
    int kept;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(cupel_info_set(cup_slot_record_info(slot), "x", &kept, NULL));
    CHECK_OK(cupel_info_set(cup_slot_info(slot), "x", &kept, NULL));
    cup_pool_discard(slot);
    CHECK_INT(cupel_pool_checkedin(pool), 1);
    CHECK_INT(cupel_pool_checkedout(pool), 0);
    CHECK_INT(cupel_pool_overflow(pool), 0);
    settle();
    CHECK_INT(cup_pool_figures(pool).vacant, 1);
    CHECK_INT(cupel_pool_checkedin(pool), 1);
    CHECK(take() == slot);
    CHECK(cupel_info_get(cup_slot_record_info(slot), "x") == &kept);
    CHECK(cupel_info_get(cup_slot_info(slot), "x") == NULL);
    give(slot);
    close_pool();
}

TASK_TEST(a_place_beyond_the_size_goes)
{
    struct cup_slot *slots[2];

    open_pool(1, 1);
    take_many(slots, 2);
    cup_pool_discard(slots[0]);
    cup_pool_discard(slots[1]);
    CHECK_INT(cupel_pool_checkedin(pool), 1);
    settle();
    CHECK_INT(cup_pool_figures(pool).vacant, 1);
    CHECK_INT(cupel_pool_overflow(pool), 0);
    close_pool();
}

TASK_TEST(a_living_wire_has_precedence_over_an_empty_place)
{
    struct cup_slot *slots[2];

    open_pool(1, 1);
    take_many(slots, 2);
    cup_pool_discard(slots[0]);
    give(slots[1]);
    CHECK_FIGURES(1, 0, 0, 1, 0);
    CHECK_INT(cupel_pool_checkedin(pool), 1);
    settle();
    CHECK_FIGURES(1, 0, 0, 0, 0);
    CHECK_INT(cup_pool_figures(pool).vacant, 0);
    close_pool();
}

TASK_TEST(a_failed_reconnect_leaves_the_place)
{
    struct cup_slot *none;

    open_pool(1, 0);
    cup_pool_discard(take());
    settle();
    order_error(CUP_FAKE_CONNECT, "53300", false);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_OPERATIONAL);
    CHECK_INT(cup_pool_figures(pool).vacant, 1);
    give(take());
    close_pool();
}
