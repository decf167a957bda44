/* SPDX-License-Identifier: MIT */
/* An allocator that fails on order and knows what was not given back. To prove
 * that every failed allocation is survived:
 *
 *     for (n = 1; failing_alloc_begin(n); n++) {
 *         ...work that may fail...
 *         failing_alloc_end();
 *     }
 *
 * The loop ends after the first round in which nothing was left to fail. */
#ifndef TESTS_UNIT_BASE_FAILING_ALLOC_H
#define TESTS_UNIT_BASE_FAILING_ALLOC_H

#include <cupel/common.h>

#include "base/error.h"
#include "support/test.h"

#include <stdlib.h>

struct failing_alloc {
    size_t calls;   /* of this round */
    size_t fail_at; /* from 1; 0: never */
    bool for_good;  /* every later call fails as well */
    size_t failed;  /* calls of this round that failed */
    size_t blocks;  /* not yet released */
};

static struct failing_alloc failing_alloc;

static inline bool
failing_alloc_refuses(void)
{
    size_t call = ++failing_alloc.calls;
    bool refuse = call == failing_alloc.fail_at ||
                  (failing_alloc.for_good && failing_alloc.fail_at != 0 &&
                   call > failing_alloc.fail_at);

    failing_alloc.failed += refuse;
    return refuse;
}

static inline void *
failing_allocate(void *context, size_t size_bytes)
{
    void *memory;

    CHECK(context == &failing_alloc);
    if (failing_alloc_refuses())
        return NULL;
    memory = malloc(size_bytes);
    CHECK(memory != NULL);
    memset(memory, 0xa5, size_bytes); /* nobody may count on zeros */
    failing_alloc.blocks++;
    return memory;
}

static inline void *
failing_reallocate(void *context, void *memory, size_t size_bytes)
{
    void *moved;

    if (memory == NULL)
        return failing_allocate(context, size_bytes);
    CHECK(context == &failing_alloc);
    if (failing_alloc_refuses())
        return NULL;
    moved = realloc(memory, size_bytes);
    CHECK(moved != NULL);
    return moved;
}

static inline void
failing_release(void *context, void *memory)
{
    CHECK(context == &failing_alloc);
    CHECK(memory != NULL);
    CHECK(failing_alloc.blocks > 0);
    failing_alloc.blocks--;
    free(memory);
}

/* Use the allocator, with the `fail_at`-th call (and, `for_good`, all after
 * it) refused. The error record goes: it was made by another allocator. */
static inline void
failing_alloc_install(size_t fail_at, bool for_good)
{
    static const cupel_allocator allocator = { sizeof(cupel_allocator),
                                               &failing_alloc, failing_allocate,
                                               failing_reallocate,
                                               failing_release };

    cup_error_give(NULL);
    memset(&failing_alloc, 0, sizeof failing_alloc);
    failing_alloc.fail_at = fail_at;
    failing_alloc.for_good = for_good;
    cupel_allocator_set(&allocator);
}

static inline bool
failing_alloc_begin(size_t fail_at)
{
    if (fail_at > 1 && failing_alloc.failed == 0) {
        cupel_allocator_set(NULL);
        return false;
    }
    CHECK(fail_at < 10000);
    failing_alloc_install(fail_at, false);
    return true;
}

/* Everything but the error record must have been given back. */
static inline void
failing_alloc_end(void)
{
    cup_error_give(NULL);
    CHECK_INT(failing_alloc.blocks, 0);
    cupel_allocator_set(NULL);
}

#endif
