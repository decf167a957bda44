/* SPDX-License-Identifier: MIT */
/* A pool's numbers as the reference counts them, and listeners that refuse. */
#ifndef TESTS_SUPPORT_POOLS_H
#define TESTS_SUPPORT_POOLS_H

#include <cupel/event.h>
#include <cupel/pool.h>

#include "support/test.h"

/* Of the test's `pool`: size, checkedin, overflow, checkedout. */
#define CHECK_COUNTS(...) \
    check_counts(pool, (int64_t[]){ __VA_ARGS__ }, __LINE__)

static inline void
check_counts(cupel_pool *pool, const int64_t *expected, int line)
{
    const int64_t actual[] = { cupel_pool_size(pool),
                               cupel_pool_checkedin(pool),
                               cupel_pool_overflow(pool),
                               cupel_pool_checkedout(pool) };

    for (size_t i = 0; i < 4; i++)
        if (actual[i] != expected[i])
            print_error("line %d: number %zu is %lld\n", line, i,
                        (long long)actual[i]);
    CHECK(memcmp(actual, expected, sizeof actual) == 0);
}

/* A listener that refuses some times. */
struct refusal {
    cupel_status rc;
    int times;
};

static inline cupel_status
refuse_event(cupel_event *event, void *arg)
{
    struct refusal *refusal = arg;

    (void)event;
    if (refusal->times == 0)
        return CUPEL_OK;
    refusal->times--;
    return cupel_error_raise(refusal->rc, "refused");
}

static inline void
refuse(cupel_pool *pool, const char *name, struct refusal *refusal)
{
    CHECK_OK(cupel_event_listen(cupel_on_pool(pool), name, refuse_event,
                                refusal, 0));
}

#endif
