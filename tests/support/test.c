/* SPDX-License-Identifier: MIT */
/* Registration by constructor, and the main function of every test program. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

enum { TESTS_MAX = 1024 };

/* What cmocka hands to run_one(): one of the two bodies. */
struct entry {
    void (*body)(void);
    void (*body_with)(const void *arg);
    const void *arg;
};

static struct CMUnitTest tests[TESTS_MAX];
static struct entry entries[TESTS_MAX];
static size_t test_count;

static void
run_one(void **state)
{
    const struct entry *entry = *state;

    if (entry->body != NULL)
        entry->body();
    else
        entry->body_with(entry->arg);
}

static void
add(const char *name, struct entry entry)
{
    assert_true(test_count < TESTS_MAX);
    entries[test_count] = entry;
    tests[test_count].name = name;
    tests[test_count].test_func = run_one;
    tests[test_count].initial_state = &entries[test_count];
    test_count++;
}

void
test_register(const char *name, void (*body)(void))
{
    add(name, (struct entry){ .body = body });
}

void
test_register_with(const char *name, void (*body)(const void *arg),
                   const void *arg)
{
    add(name, (struct entry){ .body_with = body, .arg = arg });
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

const char *
test_env(const char *name)
{
    const char *value = getenv(name);

    if (value == NULL)
        fail_msg("%s is not set: run the tests with tools/with_pg.sh", name);
    return value;
}
