/* SPDX-License-Identifier: MIT */
/* Registration by constructor, and the main function of every test program. */
#include "support/test.h"

#include <stdio.h>

enum { TESTS_MAX = 1024 };

static struct CMUnitTest tests[TESTS_MAX];
static size_t test_count;

static void
run_one(void **state)
{
    void (*body)(void);

    memcpy(&body, state, sizeof body);
    body();
}

void
test_register(const char *name, void (*body)(void))
{
    struct CMUnitTest *test;

    assert_true(test_count < TESTS_MAX);
    test = &tests[test_count++];
    test->name = name;
    test->test_func = run_one;
    memcpy(&test->initial_state, &body, sizeof body);
}

void
test_check_status(cupel_status actual, cupel_status expected, const char *call,
                  const char *file, int line)
{
    if (actual == expected)
        return;
    print_error("%s:%d: %s\n  answered %s, not %s: %s\n", file, line, call,
                cupel_status_class(actual), cupel_status_class(expected),
                cupel_error_text());
    _fail(file, line);
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return _cmocka_run_group_tests(argv[0], tests, test_count, NULL, NULL);
}
