/* SPDX-License-Identifier: MIT */
/* What a fork does to a pool, without a fork: it only has to be counted. */
#include "unit/pool/pool_events.h"

static void
become_child(void)
{
    cup_forks++;
}

TASK_TEST(a_child_starts_empty)
{
    struct cup_slot *slots[2];

    open_pool(2, 0);
    take_many(slots, 2);
    give_many(slots, 2);
    become_child();
    slots[0] = take();
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 0);
    CHECK_INT(cup_fake_wire_count(), 1);
    CHECK_FIGURES(0, 1, 0, 0, 0);
    give(slots[0]);
    close_pool();
}

TASK_TEST(a_loan_from_before_comes_back_to_nothing)
{
    struct cup_slot *old, *slot;

    open_pool(1, 0);
    old = take();
    become_child();
    CHECK(cup_slot_is_foreign(old));
    slot = take();
    CHECK(!cup_slot_is_foreign(slot));
    listen();
    give(old);
    CHECK_HEARD("");
    CHECK_FIGURES(0, 1, 0, 0, 0);
    give(slot);
    close_pool();
}

TASK_TEST(a_loan_may_come_back_first)
{
    struct cup_slot *old;

    open_pool(1, 0);
    old = take();
    become_child();
    cup_pool_discard(old);
    CHECK_FIGURES(0, 0, 0, 0, 0);
    give(take());
    close_pool();
}

TASK_TEST(a_raw_connection_from_before_only_goes)
{
    cupel_raw_connection *raw;

    open_pool(1, 0);
    CHECK_OK(cupel_pool_connect(pool, &raw));
    become_child();
    CHECK_FAILS(cupel_raw_connection_commit(raw), CUPEL_E_INVALID);
    cupel_raw_connection_free(raw);
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}

TASK_TEST(a_pool_can_be_freed_at_once)
{
    open_pool(2, 0);
    give(take());
    become_child();
    close_pool();
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 0);
}

TASK_TEST(shares_are_forgotten_too)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_slot *slots[2];

    config.kind = CUPEL_POOL_STATIC;
    open_pool_with(config);
    take_many(slots, 2);
    give(slots[0]);
    become_child();
    give(take());
    give(slots[1]);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    CHECK_INT(cup_fake_wire_count(), 1);
    close_pool();
}
