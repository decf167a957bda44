/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

TASK_TEST(numbers_are_those_of_the_reference)
{
    struct cup_slot *slots[6];

    open_pool(3, SIZE_MAX);
    CHECK_COUNTS(3, 0, -3, 0);
    slots[0] = take();
    CHECK_COUNTS(3, 0, -2, 1);
    for (int i = 1; i < 6; i++)
        slots[i] = take();
    CHECK_COUNTS(3, 0, 3, 6);
    give_many(slots, 3);
    CHECK_COUNTS(3, 3, 3, 3);
    give_many(slots + 3, 3);
    CHECK_COUNTS(3, 3, 0, 0);
    settle();
    CHECK_COUNTS(3, 3, 0, 0);
    slots[0] = take();
    slots[1] = take();
    CHECK_COUNTS(3, 1, 0, 2);
    give_many(slots, 2);
    close_pool();
}

TASK_TEST(without_a_size_there_is_no_overflow)
{
    struct cup_slot *slots[3];

    open_pool(0, 0);
    CHECK_COUNTS(0, 0, 0, 0);
    take_many(slots, 3);
    CHECK_COUNTS(0, 0, 0, 3);
    give_many(slots, 3);
    CHECK_COUNTS(0, 3, 0, 0);
    close_pool();
}

TASK_TEST(the_numbers_in_words)
{
    struct cup_pool_config config = pool_config(1, 0);
    char text[128];
    struct cup_slot *slot;
    size_t len;

    open_pool(5, 10);
    slot = take();
    len = cupel_pool_status_text(pool, text, sizeof text);
    CHECK_STR(text, "Pool size: 5  Connections in pool: 0 Current Overflow: -4 "
                    "Current Checked out connections: 1");
    CHECK_INT(len, strlen(text));
    CHECK_INT(cupel_pool_status_text(pool, NULL, 0), len);
    CHECK_INT(cupel_pool_status_text(pool, text, 10), len);
    CHECK_STR(text, "Pool size");
    CHECK_INT(cupel_pool_timeout_ms(pool), 1000);
    give(slot);
    close_pool();

    config = pool_config(1, 0);
    config.kind = CUPEL_POOL_NULL;
    open_pool_with(config);
    cupel_pool_status_text(pool, text, sizeof text);
    CHECK_STR(text, "NullPool");
    CHECK_STR(cupel_pool_class_name(pool), "NullPool");
    close_pool();
}

TASK_TEST(dispose_closes_what_is_idle_and_the_pool_goes_on)
{
    struct cup_slot *slots[2];

    open_pool(2, 0);
    take_many(slots, 2);
    give(slots[0]);
    CHECK_OK(cupel_pool_dispose(pool));
    CHECK_INT(cup_fake_wire_count(), 1);
    give(slots[1]);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    CHECK(take() == slots[1]);
    give(slots[1]);
    close_pool();
}

TEST(an_async_pool_is_disposed_of_in_a_task)
{
    open_pool(1, 0);
    CHECK_FAILS(cupel_pool_dispose(pool), CUPEL_E_NOTASK);
    close_pool();
}

TASK_TEST(a_recreated_pool_has_the_same_listeners_and_no_connection)
{
    cupel_pool *old, *fresh;

    open_pool(1, 0);
    listen();
    give(take());
    old = pool;
    CHECK_OK(cupel_pool_recreate(old, &fresh));
    CHECK_INT(cupel_pool_checkedin(fresh), 0);
    CHECK_INT(cupel_pool_size(fresh), 1);
    heard[0] = '\0';
    pool = fresh;
    give(take());
    CHECK_HEARD("first_connect connect checkout reset(s) checkin");
    pool = old;
    cupel_pool_close(old);
    pool = fresh;
    close_pool();
}

TASK_TEST(figures_are_filled_as_far_as_the_caller_knows_them)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    struct cup_slot *slots[2];

    open_pool(2, 0);
    take_many(slots, 2);
    CHECK_OK(cupel_sleep(30));
    cup_pool_discard(slots[0]);
    settle();
    cupel_pool_figures(pool, &status);
    CHECK_INT(status.size, 1);
    CHECK_INT(status.lent, 1);
    CHECK_INT(status.lent_peak, 2);
    CHECK_INT(status.checkouts, 2);
    CHECK_INT(status.connects, 2);
    CHECK_INT(status.invalidations, 1);
    CHECK_INT(status.places_free, 1);
    CHECK_INT(status.longest_held_ms, 30);
    status =
        (cupel_pool_status){ .struct_size = 2 * sizeof(size_t), .idle = 77 };
    cupel_pool_figures(pool, &status);
    CHECK_INT(status.size, 1);
    CHECK_INT(status.idle, 77);
    cupel_pool_figures(NULL, &status);
    CHECK_INT(status.size, 0);
    cupel_pool_figures(pool, NULL);
    give(slots[1]);
    close_pool();
}

TEST(nothing_is_asked_of_no_pool)
{
    cupel_raw_connection *raw;
    cupel_pool *fresh;

    CHECK_FAILS(cupel_pool_connect(NULL, &raw), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_pool_connect(NULL, NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_pool_warm_up(NULL, 1), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_pool_dispose(NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_pool_recreate(NULL, &fresh), CUPEL_E_ARGUMENT);
    CHECK_INT(cupel_pool_size(NULL), 0);
    CHECK_INT(cupel_pool_checkedin(NULL), 0);
    CHECK_INT(cupel_pool_checkedout(NULL), 0);
    CHECK_INT(cupel_pool_overflow(NULL), 0);
    CHECK_INT(cupel_pool_timeout_ms(NULL), 0);
    CHECK_STR(cupel_pool_class_name(NULL), "");
    cupel_pool_invalidate(NULL);
    cupel_pool_close(NULL);
    cupel_pool_free(NULL);
}
