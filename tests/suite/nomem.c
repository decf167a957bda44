/* SPDX-License-Identifier: MIT */
/* Every scenario with each of its allocations failing in turn, once and from
 * then on. However it ends, it ends with a clean error, nothing leaks, and
 * with memory back the next checkout works. */
#include "suite/suite.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"

/* More allocations than any scenario makes. */
enum { ALLOCATIONS_MAX = 20000 };

static const struct scenario *current;
static struct suite suite;

/* What the allocator under test does and has seen. */
static struct {
    bool armed;
    bool for_good;         /* fail that one and all later ones */
    atomic_ulong count;    /* since it was armed; workers allocate, too */
    unsigned long fail_at; /* from 1; 0: none */
    atomic_long living;    /* blocks that were not given back */
} memory;

static bool
fails(void)
{
    unsigned long nth;

    if (!memory.armed)
        return false;
    nth = ++memory.count;
    if (memory.fail_at == 0)
        return false;
    return nth == memory.fail_at || (memory.for_good && nth > memory.fail_at);
}

static void *
allocate(void *context, size_t size)
{
    void *block;

    (void)context;
    if (fails())
        return NULL;
    block = malloc(size);
    memory.living += block != NULL;
    return block;
}

static void *
reallocate(void *context, void *block, size_t size)
{
    void *moved;

    (void)context;
    if (fails())
        return NULL;
    moved = realloc(block, size);
    memory.living += block == NULL && moved != NULL;
    return moved;
}

static void
release(void *context, void *block)
{
    (void)context;
    memory.living -= block != NULL;
    free(block);
}

static const cupel_allocator allocator = { sizeof allocator, NULL, allocate,
                                           reallocate, release };

static cupel_status
run_armed(unsigned long fail_at, bool for_good)
{
    cupel_status rc;

    memory.fail_at = fail_at;
    memory.for_good = for_good;
    memory.count = 0;
    memory.armed = true;
    rc = current->run(&suite);
    memory.armed = false;
    return rc;
}

/* One run on a fresh database. */
static void
run_once(unsigned long fail_at, bool for_good)
{
    cupel_status rc;

    suite = suite_target();
    suite_open(&suite);
    rc = run_armed(fail_at, for_good);
    if (fail_at == 0)
        CHECK_OK(rc);
    else if (rc != CUPEL_OK && rc != CUPEL_E_NOMEM)
        fail_msg("allocation %lu%s: %s: %s", fail_at,
                 for_good ? " and all later" : "", cupel_status_class(rc),
                 cupel_error_text());
    suite_check_pool(&suite);
    suite_close(&suite);
}

static void
run_current(void)
{
    unsigned long allocations, i;

    suite_tolerate(false);
    run_once(0, false);
    allocations = memory.count;
    CHECK(allocations < ALLOCATIONS_MAX);
    suite_tolerate(true);
    for (i = 1; i <= allocations; i++) {
        run_once(i, false);
        run_once(i, true);
    }
}

void
suite_run_scenario(const struct scenario *scenario)
{
    long before;

    current = scenario;
    cupel_allocator_set(&allocator);
    cup_error_free(cup_error_take());
    before = memory.living;
    suite_run_body(run_current);
    cup_error_free(cup_error_take());
    for (int ms = 0; ms < 1000 && memory.living != before; ms++)
        usleep(1000); /* a thread that asked to cancel may be the last user */
    CHECK_INT(memory.living, before);
}
