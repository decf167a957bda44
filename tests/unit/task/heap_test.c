/* SPDX-License-Identifier: MIT */
/* The heap of deadlines against a plain search. */
#include "support/test.h"
#include "task/heap.h"
#include "task/wait.h"

#include <stdlib.h>

enum { WAITERS = 200 };

static struct cup_waiter waiters[WAITERS];

static void
init_waiters(void)
{
    int i;

    for (i = 0; i < WAITERS; i++)
        cup_waiter_init(&waiters[i]);
}

TEST(empty_heap_has_no_deadline)
{
    struct cup_heap heap = { 0 };

    CHECK(cup_heap_first(&heap) == NULL);
    CHECK_INT(cup_heap_until(&heap), CUPEL_FOREVER);
    cup_heap_fini(&heap);
}

TEST(waiters_of_one_moment_come_out_in_order)
{
    struct cup_heap heap = { 0 };
    int i;

    init_waiters();
    CHECK_OK(cup_heap_reserve(&heap, WAITERS));
    for (i = 0; i < WAITERS; i++) {
        waiters[i].until = 5;
        cup_heap_add(&heap, &waiters[i]);
    }
    for (i = 0; i < WAITERS; i++) {
        CHECK(cup_heap_first(&heap) == &waiters[i]);
        cup_heap_remove(&heap, &waiters[i]);
    }
    cup_heap_fini(&heap);
}

TEST(removing_twice_is_harmless)
{
    struct cup_heap heap = { 0 };

    init_waiters();
    CHECK_OK(cup_heap_reserve(&heap, 2));
    cup_heap_add(&heap, &waiters[0]);
    cup_heap_remove(&heap, &waiters[0]);
    cup_heap_remove(&heap, &waiters[0]);
    CHECK_INT(heap.count, 0);
    cup_heap_fini(&heap);
}

static cupel_time
least(void)
{
    cupel_time until = CUPEL_FOREVER;
    int i;

    for (i = 0; i < WAITERS; i++)
        if (waiters[i].timer != 0 && waiters[i].until < until)
            until = waiters[i].until;
    return until;
}

TEST(first_is_the_earliest_whatever_comes_and_goes)
{
    struct cup_heap heap = { 0 };
    unsigned seed = 4711;
    int step, i;

    init_waiters();
    CHECK_OK(cup_heap_reserve(&heap, WAITERS));
    for (step = 0; step < 20000; step++) {
        i = rand_r(&seed) % WAITERS;
        if (waiters[i].timer != 0) {
            cup_heap_remove(&heap, &waiters[i]);
        } else {
            waiters[i].until = rand_r(&seed) % 50;
            cup_heap_add(&heap, &waiters[i]);
        }
        CHECK_INT(cup_heap_until(&heap), least());
    }
    for (i = 0; i < WAITERS; i++)
        cup_heap_remove(&heap, &waiters[i]);
    cup_heap_fini(&heap);
}

static void *
refuse(void *context, size_t size)
{
    (void)context;
    (void)size;
    return NULL;
}

static void *
refuse_more(void *context, void *memory, size_t size)
{
    (void)context;
    (void)memory;
    (void)size;
    return NULL;
}

static void
release(void *context, void *memory)
{
    (void)context;
    free(memory);
}

TEST(reserving_without_memory_changes_nothing)
{
    struct cupel_allocator none = { .struct_size = sizeof none,
                                    .allocate = refuse,
                                    .reallocate = refuse_more,
                                    .release = release };
    struct cup_heap heap = { 0 };

    init_waiters();
    CHECK_OK(cup_heap_reserve(&heap, 1));
    waiters[0].until = 9;
    cup_heap_add(&heap, &waiters[0]);
    cupel_allocator_set(&none);
    CHECK_INT(cup_heap_reserve(&heap, 100000), CUPEL_E_NOMEM);
    cupel_allocator_set(NULL);
    CHECK_INT(cup_heap_until(&heap), 9);
    cup_heap_remove(&heap, &waiters[0]);
    cup_heap_fini(&heap);
}
