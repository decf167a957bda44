/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

static cupel_status
make(cupel_pool_class kind, bool blocking)
{
    struct cup_pool_config config = pool_config(1, 0);
    cupel_status rc;

    config.kind = kind;
    config.blocking = blocking;
    rc = cup_pool_new(&config, &pool);
    if (rc == CUPEL_OK)
        cup_pool_free(pool);
    pool = NULL;
    cupel_url_free(url);
    url = NULL;
    return rc;
}

TEST(classes_for_tasks)
{
    CHECK_OK(make(CUPEL_POOL_DEFAULT, false));
    CHECK_OK(make(CUPEL_POOL_ASYNC_ADAPTED_QUEUE, false));
    CHECK_OK(make(CUPEL_POOL_NULL, false));
    CHECK_OK(make(CUPEL_POOL_STATIC, false));
    CHECK_OK(make(CUPEL_POOL_ASSERTION, false));
    CHECK_FAILS(make(CUPEL_POOL_QUEUE, false), CUPEL_E_ARGUMENT);
    CHECK_STR(cupel_error_code(cupel_error_last()), "pcls");
    CHECK_STR(cupel_error_text(),
              "pool class QueuePool cannot be used with an asyncio engine");
}

TEST(classes_for_threads)
{
    CHECK_OK(make(CUPEL_POOL_DEFAULT, true));
    CHECK_OK(make(CUPEL_POOL_QUEUE, true));
    CHECK_OK(make(CUPEL_POOL_NULL, true));
    CHECK_OK(make(CUPEL_POOL_STATIC, true));
    CHECK_OK(make(CUPEL_POOL_ASSERTION, true));
    CHECK_FAILS(make(CUPEL_POOL_ASYNC_ADAPTED_QUEUE, true), CUPEL_E_ARGUMENT);
    CHECK_STR(cupel_error_code(cupel_error_last()), "pcls");
    CHECK_FAILS(make((cupel_pool_class)99, true), CUPEL_E_ARGUMENT);
}

static bool
yes(const cupel_url *any)
{
    (void)any;
    return true;
}

TEST(the_class_that_fits_is_found)
{
    cupel_dialect dialect = cup_fake_dialect;

    dialect.is_private = NULL;
    CHECK_INT(cup_pool_class_for(&dialect, NULL, false),
              CUPEL_POOL_ASYNC_ADAPTED_QUEUE);
    CHECK_INT(cup_pool_class_for(&dialect, NULL, true), CUPEL_POOL_QUEUE);
    dialect.is_private = yes;
    CHECK_INT(cup_pool_class_for(&dialect, NULL, false), CUPEL_POOL_STATIC);
    CHECK_INT(cup_pool_class_for(&dialect, NULL, true), CUPEL_POOL_STATIC);
}

static void
open_class(cupel_pool_class kind)
{
    struct cup_pool_config config = pool_config(5, 0);

    config.kind = kind;
    open_pool_with(config);
    listen();
}

TASK_TEST(a_null_pool_opens_and_closes_on_every_use)
{
    struct cup_slot *slots[8];

    open_class(CUPEL_POOL_NULL);
    for (int i = 0; i < 2; i++) {
        give(take());
        settle();
    }
    CHECK_HEARD("first_connect connect checkout reset(s) checkin close "
                "connect checkout reset(s) checkin close");
    take_many(slots, 8);
    CHECK_INT(cup_fake_wire_count(), 8);
    give_many(slots, 8);
    settle();
    CHECK_FIGURES(0, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(an_assertion_pool_lends_one_and_complains_of_a_second)
{
    struct cup_slot *slot, *none;

    open_class(CUPEL_POOL_ASSERTION);
    CHECK_OK(cup_pool_checkout(pool, "first", CUPEL_FOREVER, &slot));
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_ASSERTION);
    CHECK_STR(cupel_error_text(),
              "connection is already checked out by 'first'");
    CHECK_STR(cupel_status_class(CUPEL_E_ASSERTION), "AssertionError");
    give(slot);
    CHECK(take() == slot);
    give(slot);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 1);
    close_pool();
}

TEST(a_blocking_null_pool_works_too)
{
    struct cup_pool_config config = pool_config(1, 0);

    config.kind = CUPEL_POOL_NULL;
    config.blocking = true;
    open_pool_with(config);
    give(take());
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}
