/* SPDX-License-Identifier: MIT */
#include "engine/bind.h"

#include "base/error.h"
#include "support/test.h"

/* A compiled text, an arena and a request, for one test. */
struct fixture {
    struct cup_compiled *compiled;
    struct cup_arena arena;
    cupel_request request;
};

static void
start(struct fixture *f, const char *sql)
{
    *f = (struct fixture){ 0 };
    CHECK_OK(cup_text_compile(sql, strlen(sql), 0, CUPEL_PARAMSTYLE_QMARK,
                              &f->compiled));
}

static void
stop(struct fixture *f)
{
    cup_compiled_unref(f->compiled);
    cup_arena_fini(&f->arena);
}

static cupel_status
bind(struct fixture *f, const cupel_params *params)
{
    return cup_bind_named(f->compiled, params, &f->arena, &f->request);
}

TEST(values_stand_in_the_order_of_the_placeholders)
{
    struct fixture f;

    start(&f, "SELECT :b, :a, :b");
    CHECK_OK(
        bind(&f, CUPEL_PARAMS({ "a", cupel_int(1) }, { "b", cupel_int(2) })));
    CHECK_INT(f.request.value_count, 3);
    CHECK_INT(f.request.set_count, 1);
    CHECK_INT(f.request.values[0].as.integer, 2);
    CHECK_INT(f.request.values[1].as.integer, 1);
    CHECK_INT(f.request.values[2].as.integer, 2);
    stop(&f);
}

TEST(names_that_are_not_used_are_ignored)
{
    struct fixture f;

    start(&f, "SELECT :a");
    CHECK_OK(
        bind(&f, CUPEL_PARAMS({ "x", cupel_int(9) }, { "a", cupel_int(1) })));
    CHECK_INT(f.request.values[0].as.integer, 1);
    stop(&f);
}

TEST(a_missing_value_is_named)
{
    struct fixture f;

    start(&f, "SELECT :a, :b");
    CHECK_FAILS(bind(&f, CUPEL_PARAMS({ "a", cupel_int(1) })),
                CUPEL_E_STATEMENT);
    CHECK(strstr(cupel_error_text(), "'b'") != NULL);
    CHECK_STR(cupel_error_code(cupel_error_last()), "cd3x");
    CHECK_FAILS(bind(&f, NULL), CUPEL_E_STATEMENT);
    stop(&f);
}

TEST(a_value_missing_in_a_later_set_names_its_group)
{
    static const cupel_param items[] = {
        { "a", { .type = CUPEL_INT } },
        { "b", { .type = CUPEL_INT } },
        { "a", { .type = CUPEL_INT } },
        { "c", { .type = CUPEL_INT } },
    };
    const cupel_params params = { items, 2, 2 };
    struct fixture f;

    start(&f, "SELECT :a, :b");
    CHECK_FAILS(bind(&f, &params), CUPEL_E_STATEMENT);
    CHECK(strstr(cupel_error_text(), "group 1") != NULL);
    stop(&f);
}

TEST(later_sets_may_be_in_another_order)
{
    const cupel_param items[] = { { "a", cupel_int(1) },
                                  { "b", cupel_int(2) },
                                  { "b", cupel_int(4) },
                                  { "a", cupel_int(3) } };
    const cupel_params params = { items, 2, 2 };
    struct fixture f;
    int64_t i;

    start(&f, "SELECT :a, :b");
    CHECK_OK(bind(&f, &params));
    CHECK_INT(f.request.set_count, 2);
    for (i = 0; i < 4; i++)
        CHECK_INT(f.request.values[i].as.integer, i + 1);
    stop(&f);
}

TEST(a_value_that_is_none_is_refused_without_being_shown)
{
    struct fixture f;

    start(&f, "SELECT :a");
    CHECK_FAILS(bind(&f, CUPEL_PARAMS({ "a", cupel_decimal("s3cret") })),
                CUPEL_E_STATEMENT);
    CHECK(strstr(cupel_error_text(), "'a'") != NULL);
    CHECK(strstr(cupel_error_text(), "s3cret") == NULL);
    stop(&f);
}

TEST(positional_values_stand_as_they_are)
{
    struct fixture f;
    const cupel_params *params =
        CUPEL_PARAMS({ NULL, cupel_int(1) }, { NULL, cupel_int(2) });

    start(&f, "SELECT 1");
    CHECK_OK(cup_bind_positional(params, &f.arena, &f.request));
    CHECK_INT(f.request.value_count, 2);
    CHECK_INT(f.request.values[1].as.integer, 2);
    CHECK_OK(cup_bind_positional(NULL, &f.arena, &f.request));
    CHECK_INT(f.request.value_count, 0);
    stop(&f);
}

TEST(sizes_that_overflow_are_refused)
{
    const cupel_param item = { "a", { .type = CUPEL_INT } };
    const cupel_params many = { &item, SIZE_MAX / 2, 3 };
    const cupel_params nothing = { NULL, 1, 1 };
    struct fixture f;

    start(&f, "SELECT :a");
    CHECK_FAILS(bind(&f, &many), CUPEL_E_ARGUMENT);
    CHECK_FAILS(bind(&f, &nothing), CUPEL_E_ARGUMENT);
    stop(&f);
}
