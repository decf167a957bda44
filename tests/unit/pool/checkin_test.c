/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_support.h"

TASK_TEST(an_open_transaction_is_rolled_back)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(run_on(slot, "BEGIN"));
    cup_pool_checkin(slot, false);
    CHECK_STR(cup_fake_log(1), "ROLLBACK");
    CHECK_FIGURES(1, 0, 0, 0, 0);
    slot = take();
    CHECK_OK(run_on(slot, "BEGIN"));
    CHECK_FAILS(run_on(slot, "nonsense"), CUPEL_E_PROGRAMMING);
    cup_pool_checkin(slot, false);
    CHECK_STR(cup_fake_log(4), "ROLLBACK");
    CHECK_FIGURES(1, 0, 0, 0, 0);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 1);
    close_pool();
}

/* Who waits gets the wire at once, and what is left of the rollback with it. */
TASK_TEST(for_who_waits_a_rollback_goes_ahead)
{
    struct asker asker = { .hold_ms = -1 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(run_on(slot, "BEGIN"));
    CHECK(!cup_slot_roll_back_ahead(slot, CUPEL_FOREVER)); /* nobody waits */
    start(&asker);
    settle();
    CHECK_FIGURES(0, 1, 0, 0, 1);
    CHECK(cup_slot_roll_back_ahead(slot, CUPEL_FOREVER));
    CHECK(!cup_slot_roll_back_ahead(slot, CUPEL_FOREVER)); /* it is done */
    cup_pool_checkin(slot, true);
    CHECK_FIGURES(0, 1, 0, 0, 0);
    settle();
    CHECK(asker.slot == slot);
    CHECK_OK(run_on(slot, "SELECT 1"));
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK), 1);
    cup_pool_checkin(slot, false);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

/* It is found out by who has the wire next. Then the place is free. */
TASK_TEST(a_rollback_ahead_that_fails_costs_the_wire)
{
    struct asker asker = { .hold_ms = -1 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(run_on(slot, "BEGIN"));
    start(&asker);
    settle();
    order_fault(CUP_FAKE_ROLLBACK, CUP_FAKE_ERROR);
    CHECK(cup_slot_roll_back_ahead(slot, CUPEL_FOREVER));
    cup_pool_checkin(slot, true);
    settle();
    CHECK_FAILS(run_on(asker.slot, "SELECT 1"), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    cup_pool_checkin(asker.slot, false);
    settle();
    CHECK_FIGURES(0, 0, 0, 0, 0);
    slot = take();
    CHECK_OK(run_on(slot, "SELECT 1"));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    cup_pool_checkin(slot, false);
    close_pool();
}

/* Settings are put back by statements, which come before the next holder's. */
TASK_TEST(a_session_that_was_changed_is_waited_for)
{
    struct asker asker = { .hold_ms = -1 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(cup_slot_set_isolation(slot, "SERIALIZABLE", CUPEL_FOREVER));
    CHECK_OK(run_on(slot, "BEGIN"));
    start(&asker);
    settle();
    CHECK(!cup_slot_roll_back_ahead(slot, CUPEL_FOREVER));
    cup_pool_checkin(slot, false);
    settle();
    CHECK(asker.slot == slot);
    cup_pool_checkin(slot, false);
    close_pool();
}

TASK_TEST(nothing_is_sent_when_nothing_is_open)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(run_on(slot, "SELECT 1"));
    cup_pool_checkin(slot, false);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK), 0);
    close_pool();
}

TASK_TEST(the_error_that_led_to_a_checkin_stays)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(run_on(slot, "BEGIN"));
    CHECK_FAILS(run_on(slot, "nonsense"), CUPEL_E_PROGRAMMING);
    order_fault(CUP_FAKE_ROLLBACK, CUP_FAKE_HANG_UP);
    cup_pool_checkin(slot, false);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "42601");
    close_pool();
}

/* Whatever happens to the rollback: the wire is closed, the place is free. */
TASK_TEST(a_rollback_that_fails_costs_the_wire)
{
    static const enum cup_fake_fault_kind kinds[] = {
        CUP_FAKE_ERROR, CUP_FAKE_HANG, CUP_FAKE_HANG_UP, CUP_FAKE_HANG_UP_AFTER
    };
    struct cup_slot *slot;

    for (size_t i = 0; i < 4; i++) {
        open_pool(1, 0);
        slot = take();
        CHECK_OK(run_on(slot, "BEGIN"));
        order_fault(CUP_FAKE_ROLLBACK, kinds[i]);
        cup_pool_checkin(slot, false);
        CHECK_FIGURES(0, 0, 0, 1, 0);
        slot = take();
        CHECK_OK(run_on(slot, "SELECT 1"));
        CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
        CHECK_INT(cup_fake_wire_peak(), 1);
        cup_pool_checkin(slot, false);
        close_pool();
    }
}

TASK_TEST(a_hanging_rollback_takes_two_seconds_even_when_it_is_for_ever)
{
    struct cup_slot *slot;
    cupel_time begun;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(run_on(slot, "BEGIN"));
    order_fault(CUP_FAKE_ROLLBACK, CUP_FAKE_HANG);
    begun = cupel_now();
    cup_pool_checkin(slot, false);
    CHECK_INT(cupel_now() - begun, 2000);
    close_pool();
}

static cupel_status
begin_and_be_cancelled(void *arg)
{
    struct cup_slot *slot = take();

    (void)arg;
    CHECK_OK(run_on(slot, "BEGIN"));
    cup_task_cancel(cup_task_current());
    cup_pool_checkin(slot, false);
    return cupel_yield();
}

static void
keep_status(struct cup_task *task, cupel_status rc, void *arg)
{
    (void)task;
    *(cupel_status *)arg = rc;
}

TASK_TEST(a_cancelled_task_still_rolls_back)
{
    cupel_status rc = CUPEL_OK;

    open_pool(1, 0);
    CHECK_OK(
        cup_task_spawn(begin_and_be_cancelled, NULL, keep_status, &rc, NULL));
    settle();
    CHECK_INT(rc, CUPEL_E_CANCELLED);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK), 1);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(an_open_stream_costs_the_wire)
{
    cupel_request request = {
        .sql = "SELECT 1", .sql_len = 8, .fetch_first = 1, .fetch_max = 1
    };
    struct cup_slot *slot;
    cupel_rows *rows;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(cup_fake_dialect.execute(cup_slot_wire(slot), &request,
                                      CUPEL_FOREVER, &rows));
    rows->ops->free(rows);
    cup_pool_checkin(slot, false);
    CHECK_FIGURES(0, 0, 0, 1, 0);
    settle();
    CHECK_INT(cup_fake_calls(CUP_FAKE_CANCEL), 1);
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}

TASK_TEST(a_discarded_wire_is_never_lent_again)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    cup_pool_discard(slot);
    CHECK_FIGURES(0, 0, 0, 1, 0);
    CHECK_INT(cup_fake_wire_count(), 1);
    settle();
    CHECK_FIGURES(0, 0, 0, 0, 0);
    CHECK_INT(cup_fake_wire_count(), 0);
    cup_pool_checkin(take(), false);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    close_pool();
}

TASK_TEST(a_wire_counts_until_it_is_closed)
{
    struct asker waiter = { .hold_ms = 0 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    start(&waiter);
    settle();
    cup_fake_fault(&(struct cup_fake_fault){
        .op = CUP_FAKE_CLOSE, .kind = CUP_FAKE_DELAY, .delay_ms = 100 });
    cup_pool_discard(slot);
    settle();
    CHECK_FIGURES(0, 0, 0, 1, 1);
    CHECK_OK(cupel_sleep(101));
    settle();
    CHECK_INT(waiter.rc, CUPEL_OK);
    CHECK(waiter.done);
    CHECK_INT(cup_fake_wire_peak(), 1);
    close_pool();
}

static cupel_status
hang_in_statement(void *arg)
{
    struct cup_slot **slot = arg;
    cupel_status rc;

    *slot = take();
    rc = run_on(*slot, "SELECT 1");
    cup_pool_discard(*slot);
    return rc;
}

TASK_TEST(what_is_in_flight_is_cancelled_before_the_wire_is_closed)
{
    struct cup_slot *slot;
    struct cup_task *task;
    cupel_status rc = CUPEL_OK;

    open_pool(1, 0);
    order_fault(CUP_FAKE_EXECUTE, CUP_FAKE_HANG);
    CHECK_OK(cup_task_spawn(hang_in_statement, &slot, keep_status, &rc, &task));
    settle();
    cup_task_cancel(task);
    settle();
    CHECK_INT(rc, CUPEL_E_CANCELLED);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CANCEL), 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 1);
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}

TASK_TEST(a_server_that_does_not_answer_holds_a_place_for_three_seconds)
{
    struct cup_slot *slot, *next;
    struct cup_task *task;
    cupel_status rc = CUPEL_OK;
    cupel_time begun;

    open_pool(1, 0);
    order_fault(CUP_FAKE_EXECUTE, CUP_FAKE_HANG);
    order_fault(CUP_FAKE_CANCEL, CUP_FAKE_HANG);
    order_fault(CUP_FAKE_CLOSE, CUP_FAKE_HANG);
    CHECK_OK(cup_task_spawn(hang_in_statement, &slot, keep_status, &rc, &task));
    settle();
    cup_task_cancel(task);
    begun = cupel_now();
    settle();
    CHECK_FIGURES(0, 0, 0, 1, 0);
    while (cup_pool_figures(pool).closing > 0)
        CHECK_OK(cupel_sleep(100));
    CHECK(cupel_now() - begun <= 3000);
    next = take();
    cup_pool_checkin(next, false);
    close_pool();
}

TASK_TEST(a_dead_wire_is_not_handed_to_a_waiter)
{
    struct asker waiter = { .hold_ms = -1 };
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    start(&waiter);
    settle();
    cup_fake_hang_up_all();
    cup_pool_checkin(slot, false);
    settle();
    CHECK_INT(waiter.rc, CUPEL_OK);
    CHECK_OK(run_on(waiter.slot, "SELECT 1"));
    cup_pool_checkin(waiter.slot, false);
    close_pool();
}

TASK_TEST(waiters_queue_while_wires_are_discarded)
{
    struct asker askers[20];
    struct cup_slot *slots[3];

    open_pool(3, 0);
    take_many(slots, 3);
    served = 0;
    for (int i = 0; i < 20; i++) {
        askers[i] = (struct asker){ .hold_ms = 1 };
        start(&askers[i]);
    }
    settle();
    for (int i = 0; i < 3; i++)
        cup_pool_discard(slots[i]);
    CHECK_OK(cupel_sleep(100));
    for (int i = 0; i < 20; i++)
        CHECK_INT(askers[i].order, i + 1);
    CHECK_INT(cup_fake_wire_peak(), 3);
    close_pool();
}

/* Outside tasks nothing can be waited for: the wire is hung up at once. */
static struct cup_slot *left;

static cupel_status
leave_one(void *arg)
{
    (void)arg;
    left = take();
    return run_on(left, "BEGIN");
}

TEST(a_slot_that_comes_back_after_its_loop_is_hung_up)
{
    open_pool(1, 0);
    CHECK_OK(cupel_run(leave_one, NULL));
    CHECK_FIGURES(0, 1, 0, 0, 0);
    cup_pool_checkin(left, false);
    CHECK_FIGURES(0, 0, 0, 0, 0);
    CHECK_INT(cup_fake_wire_count(), 0);
    CHECK_OK(cupel_run(leave_one, NULL));
    cup_pool_discard(left);
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}
