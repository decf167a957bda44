/* SPDX-License-Identifier: MIT */
/* Assertions that stay on in a release: for invariants whose breaking would
 * hand one user's connection to another. */
#ifndef CUP_BASE_ASSERT_H
#define CUP_BASE_ASSERT_H

#include <stdio.h>
#include <stdlib.h>

/* Says which one it was, and ends the program. */
#define CUP_ASSERT(condition)                                  \
    do {                                                       \
        if (__builtin_expect(!(condition), 0))                 \
            cup_assert_failed(#condition, __FILE__, __LINE__); \
    } while (0)

static inline _Noreturn void
cup_assert_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "cupel: %s:%d: broken invariant: %s\n", file, line,
            condition);
    abort();
}

#endif
