/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

static void
open_patient(size_t size, size_t overflow)
{
    struct cup_pool_config config = pool_config(size, overflow);

    config.timeout_ms = 30000;
    open_pool_with(config);
}

TASK_TEST(who_holds_everything_is_not_let_wait_for_itself)
{
    struct cup_slot *slots[2], *none;
    cupel_time begun;

    open_patient(1, 1);
    CHECK_OK(cup_pool_checkout(pool, "outer", CUPEL_FOREVER, &slots[0]));
    CHECK_OK(cup_pool_checkout(pool, "inner", CUPEL_FOREVER, &slots[1]));
    CHECK_OK(cupel_sleep(70));
    begun = cupel_now();
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), begun);
    CHECK_STR(cupel_error_text(),
              "QueuePool limit of size 1 overflow 1 reached, and the caller "
              "would wait for itself: every connection is held by those who "
              "wait ('outer', 'inner'); longest held 70 ms by 'outer'");
    CHECK_STR(cupel_error_code(cupel_error_last()), "3o7r");
    CHECK_FIGURES(0, 2, 0, 0, 0);
    give_many(slots, 2);
    close_pool();
}

/* Holds one and wants another. */
static cupel_status
take_two(void *arg)
{
    struct asker *asker = arg;
    struct cup_slot *first;

    CHECK_OK(cup_pool_checkout(pool, asker->tag, CUPEL_FOREVER, &first));
    CHECK_OK(cupel_sleep(10));
    asker->rc =
        cup_pool_checkout(pool, asker->tag, CUPEL_FOREVER, &asker->slot);
    snprintf(asker->text, sizeof asker->text, "%s", cupel_error_text());
    if (asker->rc == CUPEL_OK)
        give(asker->slot);
    give(first);
    asker->done = true;
    return CUPEL_OK;
}

TASK_TEST(the_last_of_a_ring_is_refused_and_the_others_go_on)
{
    struct asker askers[3] = { { .tag = "a" }, { .tag = "b" }, { .tag = "c" } };
    int refused = 0;

    open_patient(3, 0);
    for (int i = 0; i < 3; i++)
        CHECK_OK(cup_task_spawn(take_two, &askers[i], NULL, NULL, NULL));
    CHECK_OK(cupel_sleep(100));
    for (int i = 0; i < 3; i++) {
        CHECK(askers[i].done);
        refused += askers[i].rc == CUPEL_E_TIMEOUT;
    }
    CHECK_INT(refused, 1);
    CHECK_INT(askers[2].rc, CUPEL_E_TIMEOUT);
    CHECK(strstr(askers[2].text, "('a', 'b', 'c')") != NULL);
    CHECK_FIGURES(3, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(while_anybody_can_give_back_one_may_wait)
{
    struct asker other = { .hold_ms = 40 };
    struct cup_slot *slots[2];

    open_patient(2, 0);
    slots[0] = take();
    start(&other);
    settle();
    slots[1] = take();
    CHECK_INT(other.rc, CUPEL_OK);
    give_many(slots, 2);
    close_pool();
}

/* Works on a connection that somebody else took, and gives it back. */
static cupel_status
work_for(void *arg)
{
    cup_slot_hold(arg);
    CHECK_OK(cupel_sleep(50));
    give(arg);
    return CUPEL_OK;
}

TASK_TEST(who_takes_connections_for_others_may_wait)
{
    struct cup_slot *slots[3];

    open_patient(2, 0);
    for (int round = 0; round < 2; round++) {
        slots[0] = take();
        slots[1] = take();
        for (int i = 0; i < 2; i++)
            CHECK_OK(cup_task_spawn(work_for, slots[i], NULL, NULL, NULL));
        if (round == 1)
            settle(); /* they work already, or do not yet */
        slots[2] = take();
        give(slots[2]);
        CHECK_OK(cupel_sleep(100));
    }
    CHECK_FIGURES(2, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(a_task_of_an_earlier_one_is_not_taken_for_it)
{
    struct asker first = { .hold_ms = -1 }, second = { .hold_ms = 0 };

    open_patient(1, 0);
    start(&first); /* ends and leaves its slot to us */
    settle();
    start(&second); /* has perhaps the same place in memory */
    settle();
    CHECK(!second.done);
    give(first.slot);
    settle();
    CHECK_INT(second.rc, CUPEL_OK);
    close_pool();
}

static char slow_line[512];

static void
keep_line(void *context, cupel_log_level level, const char *logger,
          const char *message)
{
    (void)context;
    (void)logger;
    if (level == CUPEL_LOG_WARNING)
        snprintf(slow_line, sizeof slow_line, "%s", message);
}

TASK_TEST(a_slow_acquire_is_logged)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct asker waiter = { .hold_ms = 0 };
    struct cup_slot *slot;

    config.slow_acquire_ms = 100;
    open_pool_with(config);
    slow_line[0] = '\0';
    cupel_log_set(keep_line, NULL, CUPEL_LOG_WARNING);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(cup_pool_checkout(pool, "report", CUPEL_FOREVER, &slot));
        waiter.done = false;
        start(&waiter);
        CHECK_OK(cupel_sleep(i == 0 ? 99 : 150));
        give(slot);
        settle();
        CHECK_INT(waiter.rc, CUPEL_OK);
        if (i == 0)
            CHECK_STR(slow_line, "");
    }
    cupel_log_set(NULL, NULL, CUPEL_LOG_ERROR);
    CHECK(strncmp(slow_line, "slow acquire: waited 150 ms for a connection",
                  44) == 0);
    close_pool();
}

TASK_TEST(a_timeout_of_a_pool_without_a_limit_says_so)
{
    struct cup_slot *none;

    open_pool(0, 0);
    order_fault(CUP_FAKE_CONNECT, CUP_FAKE_HANG);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, cupel_deadline_in(100), &none),
                CUPEL_E_TIMEOUT);
    CHECK(strstr(cupel_error_text(), "without a limit") != NULL);
    close_pool();
}
