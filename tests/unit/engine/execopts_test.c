/* SPDX-License-Identifier: MIT */
#include "engine/execopts.h"

#include "support/test.h"

static const char *const switches[] = { "unit_readonly", NULL };

static const cupel_dialect dialect = { .name = "unit",
                                       .session_switches = switches };

static cupel_status
read_as(enum cup_options_owner owner, const cupel_execution_options *given,
        struct cup_exec_options *out)
{
    cup_exec_options_init(out);
    return cup_exec_options_read(&dialect, given, owner, out);
}

static struct cup_option_set *
set_of(const struct cup_option_set *base, const cupel_execution_options *given)
{
    struct cup_option_set *set = NULL;

    CHECK_OK(cup_option_set_merge(&dialect, base, given,
                                  CUP_OPTIONS_OF_CONNECTION, &set));
    return set;
}

TEST(no_options_are_the_defaults)
{
    struct cup_exec_options options;

    CHECK_OK(read_as(CUP_OPTIONS_OF_CALL, NULL, &options));
    CHECK(!options.stream_results);
    CHECK_INT(options.yield_per, 0);
    CHECK_INT(options.max_row_buffer, 1000);
    CHECK_INT(options.timeout_ms, 0);
    CHECK(options.isolation_level == NULL);
}

TEST(every_known_option_is_read)
{
    struct cup_exec_options options;

    CHECK_OK(read_as(CUP_OPTIONS_OF_CONNECTION,
                     CUPEL_WITH({ "stream_results", cupel_bool(true) },
                                { "yield_per", cupel_int(7) },
                                { "max_row_buffer", cupel_int(8) },
                                { "timeout_ms", cupel_int(9) },
                                { "preserve_rowcount", cupel_bool(true) },
                                { "no_parameters", cupel_bool(true) },
                                { "compiled_cache", cupel_bool(false) },
                                { "isolation_level", cupel_string("X") },
                                { "logging_token", cupel_string("t") }),
                     &options));
    CHECK(options.stream_results);
    CHECK_INT(options.yield_per, 7);
    CHECK_INT(options.max_row_buffer, 8);
    CHECK_INT(options.timeout_ms, 9);
    CHECK(options.preserve_rowcount && options.no_parameters);
    CHECK(options.no_cache);
    CHECK_STR(options.isolation_level, "X");
    CHECK_STR(options.logging_token, "t");
}

TEST(null_takes_an_option_back)
{
    struct cup_exec_options options;

    CHECK_OK(read_as(CUP_OPTIONS_OF_CALL,
                     CUPEL_WITH({ "max_row_buffer", cupel_int(8) },
                                { "max_row_buffer", cupel_null() }),
                     &options));
    CHECK_INT(options.max_row_buffer, 1000);
    CHECK_OK(read_as(CUP_OPTIONS_OF_ENGINE,
                     CUPEL_WITH({ "compiled_cache", cupel_null() }), &options));
    CHECK(options.no_cache);
}

TEST(values_of_the_wrong_kind_are_refused)
{
    struct cup_exec_options options;

    CHECK_FAILS(read_as(CUP_OPTIONS_OF_CALL,
                        CUPEL_WITH({ "stream_results", cupel_int(1) }),
                        &options),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(read_as(CUP_OPTIONS_OF_CALL,
                        CUPEL_WITH({ "yield_per", cupel_int(-1) }), &options),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(read_as(CUP_OPTIONS_OF_ENGINE,
                        CUPEL_WITH({ "isolation_level", cupel_int(1) }),
                        &options),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(read_as(CUP_OPTIONS_OF_ENGINE,
                        CUPEL_WITH({ "unit_readonly", cupel_int(1) }),
                        &options),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(read_as(CUP_OPTIONS_OF_CALL, CUPEL_WITH({ NULL, cupel_int(1) }),
                        &options),
                CUPEL_E_ARGUMENT);
}

TEST(what_belongs_to_a_connection_is_refused_elsewhere)
{
    static const char *const names[] = { "isolation_level", "compiled_cache",
                                         "unit_readonly" };
    struct cup_exec_options options;
    size_t i;

    for (i = 0; i < 3; i++) {
        const cupel_param item = { names[i], cupel_null() };
        const cupel_execution_options given = { &item, 1 };

        CHECK_FAILS(read_as(CUP_OPTIONS_OF_STATEMENT, &given, &options),
                    CUPEL_E_ARGUMENT);
        CHECK_FAILS(read_as(CUP_OPTIONS_OF_CALL, &given, &options),
                    CUPEL_E_ARGUMENT);
        CHECK_OK(read_as(CUP_OPTIONS_OF_CONNECTION, &given, &options));
    }
    CHECK_OK(read_as(CUP_OPTIONS_OF_CALL,
                     CUPEL_WITH({ "logging_token", cupel_string("t") }),
                     &options));
    CHECK(options.logging_token == NULL);
}

TEST(the_connection_beats_the_statement_and_the_call_beats_both)
{
    struct cup_option_set *set;
    struct cup_exec_options options;

    set = set_of(NULL, CUPEL_WITH({ "yield_per", cupel_int(2) },
                                  { "timeout_ms", cupel_int(20) }));
    CHECK_OK(cup_exec_options_resolve(
        &dialect,
        CUPEL_WITH({ "yield_per", cupel_int(1) },
                   { "max_row_buffer", cupel_int(10) }),
        set, CUPEL_WITH({ "timeout_ms", cupel_int(30) }), &options));
    CHECK_INT(options.yield_per, 2);
    CHECK_INT(options.max_row_buffer, 10);
    CHECK_INT(options.timeout_ms, 30);
    CHECK_OK(cup_exec_options_resolve(&dialect, NULL, NULL, NULL, &options));
    CHECK_INT(options.yield_per, 0);
    cup_option_set_unref(set);
}

TEST(merged_sets_have_each_name_once)
{
    struct cup_option_set *base, *set;
    const cupel_execution_options *list;
    char mine[] = "mine";

    base = set_of(NULL, CUPEL_WITH({ mine, cupel_string("old") },
                                   { "yield_per", cupel_int(2) }));
    set = set_of(base, CUPEL_WITH({ "mine", cupel_string("new") },
                                  { "other", cupel_int(1) }));
    mine[0] = '?';
    cup_option_set_unref(base);
    list = cup_option_set_list(set);
    CHECK_INT(list->count, 3);
    CHECK_STR(list->items[0].name, "mine");
    CHECK_STR(list->items[0].value.as.bytes.data, "new");
    CHECK_STR(list->items[2].name, "other");
    CHECK_INT(set->known.yield_per, 2);
    CHECK(cup_option_find(list, "other") == &list->items[2]);
    CHECK(cup_option_find(list, "nobody") == NULL);
    cup_option_set_unref(cup_option_set_ref(set));
    cup_option_set_unref(set);
}

TEST(no_set_is_an_empty_list_without_a_deadline)
{
    CHECK_INT(cup_option_set_list(NULL)->count, 0);
    CHECK_INT(cup_option_set_deadline(NULL), CUPEL_FOREVER);
    CHECK(cup_option_set_ref(NULL) == NULL);
    CHECK(cup_option_find(NULL, "x") == NULL);
}

TEST(a_set_knows_its_deadline)
{
    struct cup_option_set *set =
        set_of(NULL, CUPEL_WITH({ "timeout_ms", cupel_int(1000) }));

    CHECK(cup_option_set_deadline(set) >= cupel_deadline_in(900));
    CHECK(cup_option_set_deadline(set) <= cupel_deadline_in(1100));
    cup_option_set_unref(set);
}

TEST(what_cannot_be_kept_is_refused)
{
    const cupel_execution_options counted = { NULL, 1 };
    struct cup_option_set *set = NULL;

    CHECK_FAILS(cup_option_set_merge(&dialect, NULL, &counted,
                                     CUP_OPTIONS_OF_ENGINE, &set),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(cup_option_set_merge(&dialect, NULL,
                                     CUPEL_WITH({ "x", cupel_string("\xff") }),
                                     CUP_OPTIONS_OF_ENGINE, &set),
                CUPEL_E_VALUE);
    CHECK(set == NULL);
}
