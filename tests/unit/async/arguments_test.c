/* SPDX-License-Identifier: MIT */
#include "async/arguments.h"

#include "sql/text.h"
#include "unit/base/failing_alloc.h"

TEST(copies_survive_the_memory_they_were_made_from)
{
    char sql[] = "SELECT :name", name[] = "name", value[] = "libc6";
    char option[] = "logging_token";
    cupel_param items[] = { { name, cupel_string(value) } };
    cupel_params params = { items, 1, 1 };
    cupel_param named[] = { { option, cupel_string(value) } };
    cupel_execution_options options = { named, 1 };
    cupel_text text;
    struct cup_arguments given = { cupel_text_init(&text, sql), sql, &params,
                                   &options };
    struct cup_arguments copy;
    struct cup_arena arena = { NULL, NULL, NULL };

    CHECK_OK(cup_arguments_copy(&arena, &given, &copy));
    memset(sql, 'x', sizeof sql - 1);
    memset(name, 'x', sizeof name - 1);
    memset(value, 'x', sizeof value - 1);
    memset(option, 'x', sizeof option - 1);
    memset(items, 0, sizeof items);
    memset(named, 0, sizeof named);
    CHECK_STR(copy.stmt->text.sql, "SELECT :name");
    CHECK_INT(copy.stmt->text.len, 12);
    CHECK_STR(copy.sql, "SELECT :name");
    CHECK_INT(copy.params->count, 1);
    CHECK_INT(copy.params->sets, 1);
    CHECK_STR(copy.params->items[0].name, "name");
    CHECK_STR(copy.params->items[0].value.as.bytes.data, "libc6");
    CHECK_STR(copy.options->items[0].name, "logging_token");
    CHECK_STR(copy.options->items[0].value.as.bytes.data, "libc6");
    cup_arena_fini(&arena);
}

TEST(nothing_given_is_nothing_copied)
{
    const struct cup_arguments given = { NULL, NULL, NULL, NULL };
    struct cup_arguments copy;
    struct cup_arena arena = { NULL, NULL, NULL };

    CHECK_OK(cup_arguments_copy(&arena, &given, &copy));
    CHECK(copy.stmt == NULL && copy.sql == NULL);
    CHECK(copy.params == NULL && copy.options == NULL);
    CHECK(arena.blocks == NULL);
}

TEST(every_set_is_copied_and_equal_names_only_once)
{
    const cupel_param items[] = { { "a", cupel_int(1) },
                                  { "b", cupel_int(2) },
                                  { "a", cupel_int(3) },
                                  { NULL, cupel_int(4) } };
    const cupel_params params = { items, 2, 2 };
    const struct cup_arguments given = { NULL, NULL, &params, NULL };
    struct cup_arguments copy;
    struct cup_arena arena = { NULL, NULL, NULL };

    CHECK_OK(cup_arguments_copy(&arena, &given, &copy));
    CHECK_INT(copy.params->sets, 2);
    CHECK_STR(copy.params->items[2].name, "a");
    CHECK(copy.params->items[0].name != items[0].name);
    if (items[0].name == items[2].name)
        CHECK(copy.params->items[0].name == copy.params->items[2].name);
    CHECK(copy.params->items[3].name == NULL);
    CHECK_INT(copy.params->items[3].value.as.integer, 4);
    cup_arena_fini(&arena);
}

TEST(what_is_no_statement_is_left_out)
{
    const cupel_text unknown = { 0x12345678, 0, "SELECT 1", 8, NULL };
    struct cup_arguments given = { NULL, NULL, NULL, NULL }, copy;
    struct cup_arena arena = { NULL, NULL, NULL };
    cupel_text empty;

    given.stmt = (const cupel_statement *)(const void *)&unknown;
    CHECK_OK(cup_arguments_copy(&arena, &given, &copy));
    CHECK(copy.stmt == NULL);

    given.stmt = cupel_text_init(&empty, NULL);
    CHECK_OK(cup_arguments_copy(&arena, &given, &copy));
    CHECK(copy.stmt->text.sql == NULL);
    cup_arena_fini(&arena);
}

TEST(parameters_that_are_counted_but_missing_stay_missing)
{
    const cupel_params params = { NULL, 3, 1 };
    const struct cup_arguments given = { NULL, NULL, &params, NULL };
    struct cup_arguments copy;
    struct cup_arena arena = { NULL, NULL, NULL };

    CHECK_OK(cup_arguments_copy(&arena, &given, &copy));
    CHECK(copy.params->items == NULL);
    CHECK_INT(copy.params->count, 3);
    cup_arena_fini(&arena);
}

TEST(options_that_are_counted_but_missing_are_refused)
{
    const cupel_execution_options options = { NULL, 3 };
    const struct cup_arguments given = { NULL, NULL, NULL, &options };
    struct cup_arguments copy;
    struct cup_arena arena = { NULL, NULL, NULL };

    CHECK_FAILS(cup_arguments_copy(&arena, &given, &copy), CUPEL_E_ARGUMENT);
    cup_arena_fini(&arena);
}

TEST(more_sets_than_memory_can_have_are_refused)
{
    const cupel_param item = { "a", cupel_int(1) };
    const cupel_params params = { &item, 2, SIZE_MAX };
    const struct cup_arguments given = { NULL, NULL, &params, NULL };
    struct cup_arguments copy;
    struct cup_arena arena = { NULL, NULL, NULL };

    CHECK_FAILS(cup_arguments_copy(&arena, &given, &copy), CUPEL_E_NOMEM);
    cup_arena_fini(&arena);
}

TEST(every_failed_allocation_is_reported)
{
    char text[3000];
    cupel_text stmt;
    cupel_param items[2];
    cupel_params params = { items, 2, 1 };
    cupel_execution_options options = { items, 2 };
    struct cup_arguments given, copy;
    size_t n;

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    items[0] = (cupel_param){ text, cupel_string(text) };
    items[1] = (cupel_param){ text, cupel_blob(text, sizeof text) };
    given = (struct cup_arguments){ cupel_text_init(&stmt, text), text, &params,
                                    &options };
    for (n = 1; failing_alloc_begin(n); n++) {
        struct cup_arena arena = { NULL, NULL, NULL };
        cupel_status rc = cup_arguments_copy(&arena, &given, &copy);

        CHECK_INT(rc, failing_alloc.failed > 0 ? CUPEL_E_NOMEM : CUPEL_OK);
        cup_arena_fini(&arena);
        failing_alloc_end();
    }
}
