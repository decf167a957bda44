/* SPDX-License-Identifier: MIT */
/* The books stay right whatever fails: cancelled at each wait, without memory
 * at each allocation, with a fault at each operation. */
#include "unit/base/failing_alloc.h"
#include "unit/pool/pool_events.h"

/* Whether the pool has settings beyond the ordinary, and listeners. */
static bool careful;

static void
open_varied(void)
{
    struct cup_pool_config config = pool_config(2, 1);

    if (careful) {
        config.pre_ping = true;
        config.initialize = true;
        config.recycle_ms = 15;
        config.idle_timeout_ms = 30;
        config.min_idle = 1;
        config.slow_acquire_ms = 1;
    }
    open_pool_with(config);
    if (careful)
        listen();
}

/* Some of everything that a pool does; every step may fail. */
static cupel_status
scenario(void *arg)
{
    struct cup_slot *first = NULL, *second = NULL;
    cupel_status rc;

    (void)arg;
    rc = cup_pool_checkout(pool, "first", CUPEL_FOREVER, &first);
    if (rc == CUPEL_OK)
        rc = run_on(first, "BEGIN");
    if (rc == CUPEL_OK)
        rc = cup_pool_checkout(pool, "second", cupel_deadline_in(50), &second);
    if (rc == CUPEL_OK)
        rc = run_on(second, "SELECT 1");
    if (second != NULL)
        cup_pool_discard(second);
    if (first != NULL)
        cup_pool_checkin(first, false);
    if (rc == CUPEL_OK)
        rc = cup_pool_checkout(pool, "third", CUPEL_FOREVER, &first);
    if (rc != CUPEL_OK)
        return rc;
    if (careful)
        rc =
            cup_slot_set_isolation(first, "AUTOCOMMIT", cupel_deadline_in(100));
    cup_slot_soft_invalidate(first);
    if (rc == CUPEL_OK && careful)
        rc = cup_slot_detach(first);
    cup_pool_checkin(first, false);
    return rc;
}

/* Others want slots at the same time. */
static void
start_scenario(struct asker *askers, struct cup_task **task)
{
    cupel_status rc;

    for (int i = 0; i < 3; i++)
        askers[i].done = true;
    rc = cup_task_spawn(scenario, NULL, NULL, NULL, task);
    if (rc != CUPEL_OK)
        *task = NULL;
    for (int i = 0; i < 3; i++) {
        askers[i] = (struct asker){ .hold_ms = 20 };
        if (cup_task_spawn(asker_main, &askers[i], NULL, NULL,
                           &askers[i].task) != CUPEL_OK)
            askers[i].done = true;
    }
}

/* At least as many as it holds, so that whoever holds none is told apart. */
TASK_TEST(a_task_counts_its_loans)
{
    const struct cup_task *task = cup_task_current();
    struct asker asker = { .hold_ms = -1 };
    struct cup_slot *slots[2];

    open_pool(3, 0);
    take_many(slots, 2);
    CHECK_INT(task->loans, 2);
    start(&asker);
    settle();
    cup_slot_hold(asker.slot); /* the other task passed it on */
    CHECK_INT(task->loans, 3);
    cup_pool_checkin(asker.slot, false);
    cup_pool_discard(slots[0]);
    CHECK_INT(task->loans, 1);
    cup_pool_checkin(slots[1], false);
    CHECK_INT(task->loans, 0);
    close_pool();
}

/* Until only this task is left. Time goes on by itself. */
static void
finish(void)
{
    while (cupel_loop_task_count(cupel_loop_current()) > 1)
        CHECK_OK(cupel_sleep(10));
}

static void
check_sound(void)
{
    struct cup_slot *slots[3];
    struct cup_pool_figures figures = cup_pool_figures(pool);

    CHECK_INT(figures.lent, 0);
    CHECK_INT(figures.connecting, 0);
    CHECK_INT(figures.closing, 0);
    CHECK_INT(figures.waiting, 0);
    CHECK_INT(figures.size, figures.idle);
    CHECK_INT(figures.size, cup_fake_wire_count());
    cup_fake_faults_clear();
    take_many(slots, 3);
    for (int i = 0; i < 3; i++)
        CHECK_OK(run_on(slots[i], "SELECT 1"));
    give_many(slots, 3);
}

/* One run with a cancellation at the n-th wait; false when there is none. */
static bool
cancel_at(unsigned long n, enum cup_probe_kind kind, bool only_scenario)
{
    struct cup_probe probe = { .cancel_at = n, .kind = kind };
    struct asker askers[3];

    open_varied();
    cup_fake_latency(5);
    start_scenario(askers, &probe.task);
    if (!only_scenario)
        probe.task = askers[1].task;
    cup_probe_set(&probe);
    finish();
    cup_probe_set(NULL);
    check_sound();
    close_pool();
    return probe.count >= n;
}

TASK_TEST(a_cancellation_at_any_wait_leaves_the_books_right)
{
    static const enum cup_probe_kind kinds[] = { CUP_PROBE_BEFORE,
                                                 CUP_PROBE_DURING,
                                                 CUP_PROBE_AFTER };
    unsigned long points = 0;

    for (size_t k = 0; k < 6; k++) {
        careful = k >= 3;
        for (int who = 0; who < 2; who++) {
            unsigned long n = 1;

            while (cancel_at(n, kinds[k % 3], who == 0))
                n++;
            points += n - 1;
        }
    }
    CHECK(points > 20);
}

/* The connect and the closing tasks of the pool are nobody's to cancel, but
 * must stand it: a loop that is torn down does that. */
TASK_TEST(a_cancellation_of_any_task_leaves_the_books_right)
{
    struct cup_probe probe = { .kind = CUP_PROBE_DURING };
    struct asker askers[3];
    struct cup_task *task;
    unsigned long n = 0;

    do {
        open_varied();
        cup_fake_latency(5);
        probe.count = 0;
        probe.cancel_at = ++n;
        start_scenario(askers, &task);
        probe.task = NULL;
        cup_probe_set(&probe);
        while (cupel_loop_task_count(cupel_loop_current()) > 1) {
            cupel_status rc = cupel_sleep(10);

            if (rc == CUPEL_E_CANCELLED) /* it was this one */
                cup_task_current()->cancelled = false;
        }
        cup_probe_set(NULL);
        cup_task_current()->cancelled = false;
        check_sound();
        close_pool();
    } while (probe.count >= n);
    CHECK(n > 20);
}

static bool
fail_allocation(size_t n, bool for_good)
{
    struct asker askers[3];
    struct cup_task *task;
    bool failed;

    open_varied();
    cup_error_give(NULL);
    failing_alloc_install(n, for_good);
    start_scenario(askers, &task);
    finish();
    failed = failing_alloc.failed > 0;
    failing_alloc.fail_at = 0;
    check_sound();
    cup_error_give(NULL);
    cup_pool_close(pool);
    cup_clock_thaw();
    cupel_allocator_set(NULL);
    cup_pool_free(pool);
    cup_fake_reset();
    return failed;
}

TASK_TEST(any_failed_allocation_leaves_the_books_right)
{
    size_t n = 1;

    for (int i = 0; i < 2; i++) {
        careful = i == 1;
        n = 1;
        while (fail_allocation(n, false))
            n++;
        CHECK(n > 10);
    }
}

TASK_TEST(the_books_are_right_without_memory)
{
    size_t n = 1;

    for (int i = 0; i < 2; i++) {
        careful = i == 1;
        n = 1;
        while (fail_allocation(n, true))
            n++;
        CHECK(n > 10);
    }
}

static bool
fail_call(enum cup_fake_op op, unsigned long n, enum cup_fake_fault_kind kind)
{
    struct asker askers[3];
    struct cup_task *task;
    unsigned long calls;

    open_varied();
    cup_fake_latency(5);
    cup_fake_fault(&(struct cup_fake_fault){
        .op = op, .nth = n, .kind = kind, .delay_ms = 7 });
    start_scenario(askers, &task);
    finish();
    calls = cup_fake_calls(op);
    check_sound();
    close_pool();
    return calls >= n;
}

TASK_TEST(a_fault_at_any_operation_leaves_the_books_right)
{
    static const enum cup_fake_fault_kind kinds[] = {
        CUP_FAKE_ERROR, CUP_FAKE_DELAY, CUP_FAKE_HANG, CUP_FAKE_HANG_UP,
        CUP_FAKE_HANG_UP_AFTER
    };
    int points = 0;

    for (size_t k = 0; k < 10; k++) {
        careful = k >= 5;
        for (unsigned long n = 1; fail_call(CUP_FAKE_ANY, n, kinds[k % 5]); n++)
            points++;
    }
    CHECK(points > 30);
}
