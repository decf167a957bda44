/* SPDX-License-Identifier: MIT */
/* The vocabulary of the tests, over cmocka. A test is a function whose name is
 * the sentence that it proves; it registers itself:
 *
 *     TEST(full_pool_times_out) { CHECK_FAILS(checkout(), CUPEL_E_TIMEOUT); }
 *
 * TASK_TEST bodies run inside a task of a loop of their own. */
#ifndef TESTS_SUPPORT_TEST_H
#define TESTS_SUPPORT_TEST_H

#include <cupel/error.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void
test_register(const char *name, void (*body)(void));

/* The same for a body that is told which of several things to test. */
void
test_register_with(const char *name, void (*body)(const void *arg),
                   const void *arg);

/* Run `body` inside a task; afterwards the loop must be empty again. */
void
test_run_in_task(void (*body)(void));

#define TEST(name)                                                 \
    static void test_##name(void);                                 \
    __attribute__((constructor)) static void register_##name(void) \
    {                                                              \
        test_register(#name, test_##name);                         \
    }                                                              \
    static void test_##name(void)

#define TASK_TEST(name)                \
    static void task_##name(void);     \
    TEST(name)                         \
    {                                  \
        test_run_in_task(task_##name); \
    }                                  \
    static void task_##name(void)

#define CHECK(condition) assert_true(condition)
#define CHECK_INT(actual, expected) \
    assert_int_equal((intmax_t)(actual), (intmax_t)(expected))
#define CHECK_STR(actual, expected) assert_string_equal((actual), (expected))
#define CHECK_OK(call) \
    test_check_status((call), CUPEL_OK, #call, __FILE__, __LINE__)
#define CHECK_FAILS(call, status) \
    test_check_status((call), (status), #call, __FILE__, __LINE__)

/* A variable that tools/with_pg.sh sets. Fails the test without it. */
const char *
test_env(const char *name);

/* Fails the test, quoting the error record, unless `actual` is `expected`. */
void
test_check_status(cupel_status actual, cupel_status expected, const char *call,
                  const char *file, int line);

#endif
