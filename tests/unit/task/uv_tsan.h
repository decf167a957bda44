/* SPDX-License-Identifier: MIT */
/* For tests with several threads. libuv closes descriptors by bare system
 * calls, which TSan does not see: so it takes a number that is used again by
 * another thread for a race. */
#ifndef TESTS_UNIT_TASK_UV_TSAN_H
#define TESTS_UNIT_TASK_UV_TSAN_H

__attribute__((visibility("default"))) const char *
__tsan_default_suppressions(void);

const char *
__tsan_default_suppressions(void)
{
    return "race:libuv.so\n";
}

#endif
