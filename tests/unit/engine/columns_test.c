/* SPDX-License-Identifier: MIT */
#include "engine/columns.h"

#include "support/test.h"

static const cupel_column all[] = {
    { .name = "a" }, { .name = "b" }, { .name = "a" }, { .name = "A" }
};

static const struct cup_columns whole = { .all = all, .count = 4 };

TEST(names_follow_the_columns_and_end_with_them)
{
    CHECK_STR(cup_columns_name(&whole, 1), "b");
    CHECK(cup_columns_name(&whole, 4) == NULL);
}

TEST(the_last_column_of_a_name_is_found_by_exact_case)
{
    size_t column;

    CHECK_OK(cup_columns_find(&whole, "a", &column));
    CHECK_INT(column, 2);
    CHECK_OK(cup_columns_find(&whole, "A", &column));
    CHECK_INT(column, 3);
    CHECK(!cup_columns_has(&whole, "B", &column));
    CHECK_FAILS(cup_columns_find(&whole, "nope", &column), CUPEL_E_NOCOLUMN);
    CHECK(strstr(cupel_error_text(), "'nope'") != NULL);
}

TEST(an_index_counts_from_either_end)
{
    size_t column;

    CHECK_OK(cup_columns_index(4, 3, &column));
    CHECK_INT(column, 3);
    CHECK_OK(cup_columns_index(4, -4, &column));
    CHECK_INT(column, 0);
    CHECK_FAILS(cup_columns_index(4, 4, &column), CUPEL_E_INDEX);
    CHECK_FAILS(cup_columns_index(4, -5, &column), CUPEL_E_INDEX);
    CHECK_FAILS(cup_columns_index(0, 0, &column), CUPEL_E_INDEX);
    CHECK_FAILS(cup_columns_index(1, INT64_MIN, &column), CUPEL_E_INDEX);
}

TEST(a_choice_from_a_choice_is_relative_to_it)
{
    static const int64_t last_and_second[] = { -1, 1, 1 };
    static const int64_t first_and_last[] = { 0, -1 };
    static const int64_t out[] = { 0, 3 };
    struct cup_columns *choice, *narrow, *before;
    struct cup_arena arena = { NULL, NULL, NULL };
    const char *const *names;
    size_t column;

    CHECK_OK(cup_columns_reduce(&whole, last_and_second, 3, &arena, &choice));
    CHECK_STR(cup_columns_name(choice, 0), "A");
    CHECK_STR(cup_columns_name(choice, 2), "b");
    CHECK_OK(cup_columns_find(choice, "b", &column));
    CHECK_INT(column, 2);
    before = narrow = NULL;
    CHECK_FAILS(cup_columns_reduce(choice, out, 2, &arena, &narrow),
                CUPEL_E_INDEX);
    CHECK(narrow == before);
    CHECK_OK(cup_columns_reduce(choice, first_and_last, 2, &arena, &narrow));
    CHECK_OK(cup_columns_names(narrow, &arena, &names));
    CHECK_STR(names[0], "A");
    CHECK_STR(names[1], "b");
    CHECK_INT(narrow->map[0], 3);
    CHECK_INT(narrow->map[1], 1);
    cup_arena_fini(&arena);
}

TEST(columns_are_chosen_by_name_and_copied_with_their_names)
{
    static const char *const wanted[] = { "b", "a" };
    static const char *const wrong[] = { "b", "c" };
    struct cup_arena arena = { NULL, NULL, NULL };
    struct cup_columns *choice;
    const cupel_column *copy;

    CHECK_OK(cup_columns_reduce_named(&whole, wanted, 2, &arena, &choice));
    CHECK_INT(choice->map[1], 2);
    CHECK_OK(cup_columns_copy(choice, &arena, &copy));
    CHECK_STR(copy[1].name, "a");
    CHECK(copy[1].name != all[2].name);
    CHECK_FAILS(cup_columns_reduce_named(&whole, wrong, 2, &arena, &choice),
                CUPEL_E_NOCOLUMN);
    cup_arena_fini(&arena);
}
