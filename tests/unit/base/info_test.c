/* SPDX-License-Identifier: MIT */
#include "base/info.h"

#include "support/test.h"
#include "unit/base/failing_alloc.h"

static int freed;

static void
count_free(void *value)
{
    (void)value;
    freed++;
}

TEST(a_value_is_found_under_its_name)
{
    struct cupel_info info = { 0 };
    int one, two;

    CHECK_OK(cupel_info_set(&info, "one", &one, NULL));
    CHECK_OK(cupel_info_set(&info, "two", &two, NULL));
    CHECK(cupel_info_get(&info, "one") == &one);
    CHECK(cupel_info_get(&info, "two") == &two);
    CHECK(cupel_info_get(&info, "three") == NULL);
    CHECK_INT(cupel_info_count(&info), 2);
    CHECK_STR(cupel_info_name(&info, 0), "one");
    CHECK_STR(cupel_info_name(&info, 1), "two");
    CHECK(cupel_info_name(&info, 2) == NULL);
    cup_info_fini(&info);
}

TEST(the_name_is_copied)
{
    struct cupel_info info = { 0 };
    char name[] = "name";
    int value;

    CHECK_OK(cupel_info_set(&info, name, &value, NULL));
    name[0] = 'x';
    CHECK(cupel_info_get(&info, "name") == &value);
    cup_info_fini(&info);
}

TEST(what_is_replaced_removed_or_left_is_freed_once)
{
    struct cupel_info info = { 0 };
    int value;

    freed = 0;
    CHECK_OK(cupel_info_set(&info, "a", &value, count_free));
    CHECK_OK(cupel_info_set(&info, "a", &value, count_free));
    CHECK_INT(freed, 1);
    CHECK_OK(cupel_info_set(&info, "b", &value, count_free));
    CHECK(cupel_info_remove(&info, "a"));
    CHECK(!cupel_info_remove(&info, "a"));
    CHECK_INT(freed, 2);
    CHECK_STR(cupel_info_name(&info, 0), "b");
    cupel_info_clear(&info);
    CHECK_INT(freed, 3);
    CHECK_INT(cupel_info_count(&info), 0);
    cup_info_fini(&info);
    CHECK_INT(freed, 3);
}

TEST(many_values_have_room)
{
    struct cupel_info info = { 0 };
    char name[3] = "aa";
    int value;

    for (int i = 0; i < 26; i++) {
        name[1] = (char)('a' + i);
        CHECK_OK(cupel_info_set(&info, name, &value, NULL));
    }
    CHECK_INT(cupel_info_count(&info), 26);
    CHECK(cupel_info_get(&info, "az") == &value);
    cup_info_fini(&info);
}

TEST(everything_can_be_moved)
{
    struct cupel_info from = { 0 }, to = { 0 };
    int value;

    freed = 0;
    CHECK_OK(cupel_info_set(&from, "a", &value, count_free));
    cup_info_move(&from, &to);
    CHECK_INT(cupel_info_count(&from), 0);
    CHECK(cupel_info_get(&to, "a") == &value);
    cup_info_fini(&from);
    cup_info_fini(&to);
    CHECK_INT(freed, 1);
}

TEST(without_memory_nothing_is_taken)
{
    struct cupel_info info = { 0 };
    int value;

    freed = 0;
    for (size_t n = 1; n <= 2; n++) {
        failing_alloc_install(n, false);
        CHECK_FAILS(cupel_info_set(&info, "a", &value, count_free),
                    CUPEL_E_NOMEM);
        failing_alloc.fail_at = 0;
        CHECK_INT(cupel_info_count(&info), 0);
    }
    CHECK_INT(freed, 0);
    cup_info_fini(&info);
    cupel_allocator_set(NULL);
}

TEST(without_an_info_or_a_name_there_is_nothing)
{
    struct cupel_info info = { 0 };
    int value;

    CHECK_FAILS(cupel_info_set(NULL, "a", &value, NULL), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_info_set(&info, NULL, &value, NULL), CUPEL_E_ARGUMENT);
    CHECK(cupel_info_get(NULL, "a") == NULL);
    CHECK(cupel_info_get(&info, NULL) == NULL);
    CHECK(!cupel_info_remove(NULL, "a"));
    CHECK_INT(cupel_info_count(NULL), 0);
    cupel_info_clear(NULL);
}
