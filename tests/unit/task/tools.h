/* SPDX-License-Identifier: MIT */
/* Which tools the tests run under, where that limits what they can do. */
#ifndef TESTS_UNIT_TASK_TOOLS_H
#define TESTS_UNIT_TASK_TOOLS_H

#if defined(__SANITIZE_THREAD__)
#define TOOLS_TSAN 1
#elif defined(__SANITIZE_ADDRESS__)
#define TOOLS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TOOLS_TSAN 1
#elif __has_feature(address_sanitizer)
#define TOOLS_ASAN 1
#endif
#endif

enum {
#ifdef TOOLS_TSAN
    UNDER_TSAN = 1, /* knows at most 8128 threads, tasks included; slow */
#else
    UNDER_TSAN = 0,
#endif
#ifdef TOOLS_ASAN
    UNDER_ASAN = 1 /* slow with many stacks */
#else
    UNDER_ASAN = 0
#endif
};

#endif
