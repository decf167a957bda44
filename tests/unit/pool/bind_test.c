/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_support.h"

#include <pthread.h>

static struct asker visitor;

static cupel_status
visit(void *arg)
{
    (void)arg;
    visitor = (struct asker){ .hold_ms = 0 };
    return asker_main(&visitor);
}

/* Use the pool in a loop of another thread. */
static void *
run_elsewhere(void *arg)
{
    (void)arg;
    cup_clock_freeze(1000000);
    visitor.rc = CUPEL_OK;
    if (cupel_run(visit, NULL) != CUPEL_OK)
        visitor.rc = CUPEL_E_INTERNAL;
    return NULL;
}

static void
visit_from_elsewhere(void)
{
    pthread_t thread;

    CHECK_INT(pthread_create(&thread, NULL, run_elsewhere, NULL), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
}

TASK_TEST(another_thread_is_refused)
{
    struct cup_slot *slot;

    open_pool(2, 0);
    slot = take();
    visit_from_elsewhere();
    CHECK_INT(visitor.rc, CUPEL_E_INVALID);
    cup_pool_checkin(slot, false);
    visit_from_elsewhere();
    CHECK_INT(visitor.rc, CUPEL_E_INVALID);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TEST(an_empty_pool_is_for_whoever_comes)
{
    open_pool(1, 0);
    visit_from_elsewhere();
    CHECK_INT(visitor.rc, CUPEL_OK);
    cup_pool_free(pool);
    CHECK_INT(cup_fake_wire_count(), 0);
    cup_clock_thaw();
}

static struct cup_slot *kept;

static cupel_status
take_and_keep(void *arg)
{
    (void)arg;
    return cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &kept);
}

static cupel_status
take_and_give(void *arg)
{
    struct cup_slot *slot;
    cupel_status rc;

    (void)arg;
    rc = cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot);
    if (rc == CUPEL_OK)
        cup_pool_checkin(slot, false);
    return rc;
}

TEST(idle_wires_go_on_to_the_next_loop_of_the_thread)
{
    open_pool(1, 0);
    CHECK_OK(cupel_run(take_and_give, NULL));
    CHECK_OK(cupel_run(take_and_give, NULL));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 1);
    close_pool();
}

static void *
run_and_end(void *arg)
{
    cup_clock_freeze(1000000);
    *(cupel_status *)arg = cupel_run(take_and_give, NULL);
    return NULL;
}

static cupel_status
use_from_here(void *arg)
{
    (void)arg;
    CHECK_OK(cup_pool_check_home(pool));
    cup_pool_checkin(take(), false);
    CHECK_OK(cup_pool_check_home(pool));
    return CUPEL_OK;
}

TEST(idle_wires_go_on_to_another_thread_when_their_loop_has_ended)
{
    cupel_status rc = CUPEL_OK;
    pthread_t thread;

    open_pool(1, 0);
    CHECK_OK(cupel_run(use_from_here, NULL));
    CHECK_INT(pthread_create(&thread, NULL, run_and_end, &rc), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(rc, CUPEL_OK);
    CHECK_OK(cupel_run(use_from_here, NULL));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 1);
    close_pool();
}

TASK_TEST(a_pool_at_rest_still_belongs_to_its_living_loop)
{
    cupel_status rc = CUPEL_OK;
    pthread_t thread;

    open_pool(1, 0);
    cup_pool_checkin(take(), false);
    CHECK_INT(pthread_create(&thread, NULL, run_and_end, &rc), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(rc, CUPEL_E_INVALID);
    cup_pool_checkin(take(), false);
    close_pool();
}

static void *
check_home_elsewhere(void *arg)
{
    *(cupel_status *)arg = cup_pool_check_home(pool);
    return NULL;
}

TASK_TEST(whoever_asks_first_is_told_whose_pool_it_is)
{
    cupel_status rc = CUPEL_OK;
    pthread_t thread;

    open_pool(1, 0);
    cup_pool_checkin(take(), false);
    CHECK_INT(pthread_create(&thread, NULL, check_home_elsewhere, &rc), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(rc, CUPEL_E_INVALID);
    close_pool();
}

static struct cup_slot *astray;

static void *
misuse(void *arg)
{
    (void)arg;
    cup_pool_checkin(astray, false);
    cup_pool_discard(astray);
    cup_pool_close(pool);
    cup_pool_free(pool);
    return NULL;
}

static int warnings;

static void
count_warning(void *context, cupel_log_level level, const char *logger,
              const char *message)
{
    (void)context;
    (void)message;
    warnings +=
        level == CUPEL_LOG_WARNING && strncmp(logger, "cupel.pool", 10) == 0;
}

TASK_TEST(another_thread_can_give_nothing_back_and_close_nothing)
{
    pthread_t thread;

    open_pool(2, 0);
    astray = take();
    warnings = 0;
    cupel_log_set(count_warning, NULL, CUPEL_LOG_WARNING);
    CHECK_INT(pthread_create(&thread, NULL, misuse, NULL), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    cupel_log_set(NULL, NULL, CUPEL_LOG_ERROR);
    CHECK_INT(warnings, 4);
    CHECK_FIGURES(0, 1, 0, 0, 0);
    CHECK_OK(run_on(astray, "SELECT 1"));
    cup_pool_checkin(astray, false);
    close_pool();
}

/* Memory that is never given twice, so that no loop lies where another was. */
static max_align_t spool[65536];
static size_t spooled;

static void *
spool_allocate(void *context, size_t size_bytes)
{
    size_t units = 1 + (size_bytes + sizeof spool[0] - 1) / sizeof spool[0];
    max_align_t *memory = &spool[spooled];

    (void)context;
    CHECK(units <= sizeof spool / sizeof spool[0] - spooled);
    spooled += units;
    memcpy(memory, &size_bytes, sizeof size_bytes);
    return memory + 1;
}

static void *
spool_reallocate(void *context, void *memory, size_t size_bytes)
{
    void *moved = spool_allocate(context, size_bytes);
    size_t had = 0;

    if (memory != NULL) {
        memcpy(&had, (max_align_t *)memory - 1, sizeof had);
        memcpy(moved, memory, had < size_bytes ? had : size_bytes);
    }
    return moved;
}

static void
spool_release(void *context, void *memory)
{
    (void)context;
    (void)memory;
}

static void
begin_spool(void)
{
    static const cupel_allocator allocator = { sizeof allocator, NULL,
                                               spool_allocate, spool_reallocate,
                                               spool_release };

    cup_fake_reset();
    cup_error_give(NULL);
    spooled = 0;
    cupel_allocator_set(&allocator);
}

static void
end_spool(void)
{
    cup_fake_reset();
    cup_error_give(NULL);
    cupel_allocator_set(NULL);
}

TEST(a_slot_lent_on_a_loop_that_ended_keeps_others_out)
{
    begin_spool();
    open_pool(2, 0);
    CHECK_OK(cupel_run(take_and_keep, NULL));
    CHECK_OK(cupel_run(visit, NULL));
    CHECK_INT(visitor.rc, CUPEL_E_INVALID);
    cup_pool_checkin(kept, false);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    CHECK_OK(cupel_run(visit, NULL));
    CHECK_INT(visitor.rc, CUPEL_OK);
    close_pool();
    end_spool();
}

static cupel_status
discard_kept(void *arg)
{
    (void)arg;
    cup_pool_discard(kept);
    CHECK_INT(cup_fake_wire_count(), 0);
    return CUPEL_OK;
}

TEST(a_wire_of_a_loop_that_ended_is_hung_up_on_the_next)
{
    begin_spool();
    open_pool(1, 0);
    CHECK_OK(cupel_run(take_and_keep, NULL));
    CHECK_OK(cupel_run(discard_kept, NULL));
    close_pool();
    end_spool();
}

static cupel_status
close_in_task(void *arg)
{
    (void)arg;
    cup_pool_close(pool);
    return CUPEL_OK;
}

TEST(a_later_loop_says_goodbye_for_an_earlier_one)
{
    begin_spool();
    open_pool(1, 0);
    CHECK_OK(cupel_run(take_and_give, NULL));
    CHECK_OK(cupel_run(close_in_task, NULL));
    CHECK_INT(cup_fake_calls(CUP_FAKE_CLOSE), 1);
    close_pool();
    end_spool();
}

static struct cup_slot *slots[2];

static void *
take_blocking(void *arg)
{
    cupel_status *rc = arg;

    cup_clock_freeze(1000000);
    *rc = cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slots[1]);
    if (*rc == CUPEL_OK)
        cup_pool_checkin(slots[1], false);
    return NULL;
}

TEST(a_blocking_pool_changes_threads_while_nothing_is_lent)
{
    struct cup_pool_config config = pool_config(2, 0);
    cupel_status rc = CUPEL_OK;
    pthread_t thread;

    config.blocking = true;
    config.kind = CUPEL_POOL_ASSERTION;
    open_pool_with(config);
    slots[0] = take();
    CHECK_INT(pthread_create(&thread, NULL, take_blocking, &rc), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(rc, CUPEL_E_INVALID);
    cup_pool_checkin(slots[0], false);
    CHECK_INT(pthread_create(&thread, NULL, take_blocking, &rc), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(rc, CUPEL_OK);
    CHECK(slots[1] == slots[0]);
    CHECK_OK(cup_pool_check_home(pool));
    close_pool();
}

TASK_TEST(a_blocking_pool_is_not_for_tasks)
{
    struct cup_pool_config config = pool_config(1, 0);
    struct cup_slot *none;

    config.blocking = true;
    open_pool_with(config);
    CHECK_FAILS(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &none),
                CUPEL_E_INVALID);
    close_pool();
}
