/* SPDX-License-Identifier: MIT */
/* What a fuzz program is: one function that takes any bytes whatever and
 * aborts when a promise is broken. It is linked with libFuzzer, which looks for
 * inputs, or with replay.c, which repeats them. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The name is libFuzzer's. Returns 0. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Asserts are not enough: they may be compiled out. */
#define FUZZ_CHECK(condition) \
    ((condition) ? (void)0 : fuzz_failed(#condition, __FILE__, __LINE__))

static inline void
fuzz_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: broken: %s\n", file, line, condition);
    abort();
}

#endif
