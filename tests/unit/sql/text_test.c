/* SPDX-License-Identifier: MIT */
/* text(): what the database gets to see, which values go where, and what is
 * refused before it is asked. */
#include "support/test.h"
#include "unit/base/failing_alloc.h"

#include "sql/text.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    POSTGRESQL = CUPEL_LEX_DOLLAR_QUOTES | CUPEL_LEX_ESCAPE_STRINGS |
                 CUPEL_LEX_NESTED_COMMENTS,
    SQLITE = CUPEL_LEX_BACKTICKS | CUPEL_LEX_BRACKETS,
    MYSQL = CUPEL_LEX_BACKTICKS
};

/* How each database writes its SQL. */
struct flavor {
    uint32_t lexis;
    cupel_paramstyle style;
};

static const struct flavor postgresql = { POSTGRESQL,
                                          CUPEL_PARAMSTYLE_NUMERIC_DOLLAR };
static const struct flavor sqlite = { SQLITE, CUPEL_PARAMSTYLE_QMARK };
static const struct flavor mysql = { MYSQL, CUPEL_PARAMSTYLE_QMARK };

static struct cup_compiled *
compile(const char *sql, const struct flavor *flavor)
{
    struct cup_compiled *compiled = NULL;

    CHECK_OK(cup_text_compile(sql, strlen(sql), flavor->lexis, flavor->style,
                              &compiled));
    CHECK_INT(compiled->source_len, strlen(sql));
    CHECK_STR(compiled->source, sql);
    CHECK(compiled->source != sql);
    CHECK_INT(compiled->sql_len, strlen(compiled->sql));
    return compiled;
}

/* A text, what it is compiled to, and the name behind each placeholder. */
struct example {
    const char *sql;
    const char *expected;
    const char *names; /* "a b a" */
};

static void
check_examples(const struct example *list, size_t count,
               const struct flavor *flavor)
{
    for (; count > 0; count--, list++) {
        struct cup_compiled *compiled = compile(list->sql, flavor);
        char names[200] = "";
        size_t used = 0, i;

        for (i = 0; i < compiled->position_count; i++) {
            CHECK(compiled->positions[i] < compiled->name_count);
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s",
                                     i == 0 ? "" : " ",
                                     compiled->names[compiled->positions[i]]);
        }
        CHECK_STR(compiled->sql, list->expected);
        CHECK_STR(names, list->names);
        cup_compiled_unref(compiled);
    }
}

#define CHECK_EXAMPLES(list, flavor) \
    check_examples((list), sizeof(list) / sizeof(list)[0], (flavor))

TEST(postgresql_gets_one_number_for_each_name)
{
    static const struct example list[] = {
        { "", "", "" },
        { "SELECT 1", "SELECT 1", "" },
        { "SELECT :a", "SELECT $1", "a" },
        { "SELECT :b, :a, :b", "SELECT $1, $2, $1", "b a" },
        { ":a::int + :a::text", "$1::int + $1::text", "a" },
        { ":a1 :a11 :A1", "$1 $2 $3", "a1 a11 A1" },
        { "x -> :k ? :m", "x -> $1 ? $2", "k m" },
        { "a[1:2], a[:lo::int \\: :hi]", "a[1:2], a[$1::int : $2]", "lo hi" },
        { "v := :v", "v := $1", "v" },
        { "E'\\':x' || :a || $$:x$$", "E'\\':x' || $1 || $$:x$$", "a" },
        { "/* /* :x */ :y */ :a -- :z", "/* /* :x */ :y */ $1 -- :z", "a" },
        { "'12:30:00'::time < :t", "'12:30:00'::time < $1", "t" },
        { "\":x\" = :gr\xc3\xb6\xc3\x9f"
          "e",
          "\":x\" = $1",
          "gr\xc3\xb6\xc3\x9f"
          "e" },
        { "\\:x, :a", ":x, $1", "a" },
    };

    CHECK_EXAMPLES(list, &postgresql);
}

TEST(sqlite_gets_a_question_mark_each_time)
{
    static const struct example list[] = {
        { "SELECT :a", "SELECT ?", "a" },
        { "SELECT :b, :a, :b", "SELECT ?, ?, ?", "b a b" },
        { "[:x], `:x`, \":x\", ':x', :a", "[:x], `:x`, \":x\", ':x', ?", "a" },
        { "'?' || :a -- ?", "'?' || ? -- ?", "a" },
        { "a\\:b, :c", "a:b, ?", "c" },
        { "j ->> '$.a:b' = :v", "j ->> '$.a:b' = ?", "v" },
        { "E'\\' || :a", "E'\\' || ?", "a" },
    };

    CHECK_EXAMPLES(list, &sqlite);
}

TEST(mysql_has_backticks_and_no_brackets)
{
    static const struct example list[] = {
        { "`:x` = :a", "`:x` = ?", "a" },
        { "@v := :a", "@v := ?", "a" },
        { "[:a]", "[?]", "a" },
    };

    CHECK_EXAMPLES(list, &mysql);
}

TEST(names_are_distinct_and_in_order)
{
    struct cup_compiled *compiled = compile(":b :a :b :c :a", &sqlite);

    CHECK_INT(compiled->name_count, 3);
    CHECK_STR(compiled->names[0], "b");
    CHECK_STR(compiled->names[1], "a");
    CHECK_STR(compiled->names[2], "c");
    CHECK_INT(compiled->position_count, 5);
    cup_compiled_unref(compiled);

    compiled = compile(":b :a :b :c :a", &postgresql);
    CHECK_INT(compiled->name_count, 3);
    CHECK_INT(compiled->position_count, 3);
    CHECK_INT(compiled->positions[2], 2);
    cup_compiled_unref(compiled);
}

static void
check_refused(const char *sql, size_t len, const struct flavor *flavor,
              const char *reason)
{
    struct cup_compiled *compiled = NULL;

    CHECK_FAILS(
        cup_text_compile(sql, len, flavor->lexis, flavor->style, &compiled),
        CUPEL_E_COMPILE);
    CHECK(compiled == NULL);
    if (strstr(cupel_error_text(), reason) == NULL) {
        print_error("%s: \"%s\" does not say \"%s\"\n", sql, cupel_error_text(),
                    reason);
        fail();
    }
    CHECK(strstr(cupel_error_text(), "secret") == NULL);
}

static void
check_refused_text(const char *sql, const struct flavor *flavor,
                   const char *reason)
{
    check_refused(sql, strlen(sql), flavor, reason);
}

TEST(what_has_no_end_is_refused_with_its_character)
{
    check_refused_text("SELECT 'secret", &sqlite,
                       "string that begins at character 8");
    check_refused_text("\xc3\xa4\xe2\x82\xac 'secret", &postgresql,
                       "string that begins at character 4");
    check_refused_text("\"secret", &sqlite, "quoted name");
    check_refused_text("`secret", &mysql, "quoted name");
    check_refused_text("[secret", &sqlite, "quoted name");
    check_refused_text("1 /* secret", &sqlite,
                       "comment that begins at character 3");
    check_refused_text("$secret$", &postgresql,
                       "dollar quote that begins at character 1");
}

TEST(placeholder_that_nobody_would_fill_is_refused)
{
    check_refused_text("SELECT secret, ?", &sqlite, "at character 16");
    check_refused_text("SELECT ?1, :a", &sqlite, "at character 8");
    check_refused_text("\xc3\xa4 $1", &postgresql, "at character 3");
    check_refused_text("$1", &postgresql, "parameters are written :name");
}

TEST(nul_is_refused_with_its_character)
{
    check_refused("\xc3\xa4 \0secret", 10, &sqlite, "character 3");
}

TEST(what_is_not_utf8_is_refused)
{
    check_refused_text("SELECT '\xff'", &postgresql, "not UTF-8");
    check_refused_text("SELECT :a\xc3", &sqlite, "not UTF-8");
}

/* `count` parameters " :a0 :a1 ...". */
static char *
many_parameters(int count)
{
    char *sql = malloc((size_t)count * 10 + 1);
    size_t used = 0;
    int i;

    CHECK(sql != NULL);
    sql[0] = '\0';
    for (i = 0; i < count; i++)
        used += (size_t)snprintf(sql + used, 11, " :a%d", i);
    return sql;
}

TEST(more_parameters_than_databases_count_are_refused)
{
    char *sql = many_parameters(32767);
    struct cup_compiled *compiled = compile(sql, &postgresql);

    CHECK_INT(compiled->name_count, 32767);
    CHECK_INT(compiled->position_count, 32767);
    CHECK_STR(compiled->names[32766], "a32766");
    CHECK_STR(compiled->sql + compiled->sql_len - 7, " $32767");
    cup_compiled_unref(compiled);
    free(sql);

    sql = many_parameters(32768);
    check_refused_text(sql, &postgresql, "more than 32767 parameters");
    check_refused_text(sql, &sqlite, "more than 32767 parameters");
    free(sql);
}

TEST(one_name_may_occur_more_often_than_that_where_it_has_a_number)
{
    enum { COUNT = 40000 };
    char *sql = malloc(COUNT * 3 + 1);
    struct cup_compiled *compiled;
    size_t i;

    CHECK(sql != NULL);
    for (i = 0; i < COUNT; i++)
        memcpy(sql + 3 * i, " :a", 4);
    compiled = compile(sql, &postgresql);
    CHECK_INT(compiled->position_count, 1);
    cup_compiled_unref(compiled);
    check_refused_text(sql, &sqlite, "more than 32767 parameters");
    free(sql);
}

TEST(text_without_parameters_stays_as_it_is)
{
    static const char alphabet[] = " aE1'\"`[]$-/*\n\\:_\xc3\xa4,;%@?";
    static const struct flavor *const flavors[] = { &postgresql, &sqlite,
                                                    &mysql };
    uint32_t random = 1;
    size_t unchanged = 0;
    int round;

    for (round = 0; round < 20000; round++) {
        const struct flavor *flavor = flavors[round % 3];
        struct cup_compiled *compiled = NULL;
        char sql[16];
        size_t len;

        for (len = 0; len < (size_t)round % sizeof sql; len++) {
            random = random * 1103515245 + 12345;
            sql[len] = alphabet[(random >> 16) % (sizeof alphabet - 1)];
        }
        if (cup_text_compile(sql, len, flavor->lexis, flavor->style,
                             &compiled) != CUPEL_OK)
            continue;
        if (compiled->name_count == 0 && memmem(sql, len, "\\:", 2) == NULL) {
            CHECK_INT(compiled->sql_len, len);
            CHECK(memcmp(compiled->sql, sql, len) == 0);
            unchanged++;
        }
        cup_compiled_unref(compiled);
    }
    CHECK(unchanged > 1000);
}

TEST(compiled_text_lives_as_long_as_its_references)
{
    struct cup_compiled *compiled = compile(":a", &sqlite);

    CHECK(cup_compiled_ref(compiled) == compiled);
    cup_compiled_unref(compiled);
    CHECK_STR(compiled->sql, "?");
    cup_compiled_unref(compiled);
    cup_compiled_unref(NULL);
}

TEST(no_text_at_all_compiles_to_nothing)
{
    struct cup_compiled *compiled = NULL;

    CHECK_OK(cup_text_compile(NULL, 0, 0, CUPEL_PARAMSTYLE_QMARK, &compiled));
    CHECK_STR(compiled->sql, "");
    CHECK_STR(compiled->source, "");
    cup_compiled_unref(compiled);
}

TEST(failed_allocation_is_survived)
{
    char *sql = many_parameters(40);
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        struct cup_compiled *compiled = NULL;
        cupel_status rc =
            cup_text_compile(sql, strlen(sql), POSTGRESQL,
                             CUPEL_PARAMSTYLE_NUMERIC_DOLLAR, &compiled);

        CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
        CHECK((compiled != NULL) == (rc == CUPEL_OK));
        cup_compiled_unref(compiled);
        failing_alloc_end();
    }
    free(sql);
}

TEST(text_is_a_statement_in_the_callers_memory)
{
    static const char sql[] = "SELECT :a";
    cupel_text text;
    const cupel_statement *stmt = cupel_text_init(&text, sql);

    CHECK((const void *)stmt == &text);
    CHECK_INT(stmt->text.kind, CUP_STATEMENT_TEXT);
    CHECK(stmt->text.sql == sql);
    CHECK_INT(stmt->text.len, strlen(sql));
    stmt = cupel_text_init_n(&text, sql, 6);
    CHECK_INT(stmt->text.len, 6);
    stmt = CUPEL_TEXT("SELECT 1");
    CHECK_STR(stmt->text.sql, "SELECT 1");
}

TEST(text_of_nothing_is_marked_as_a_text_all_the_same)
{
    cupel_text text;

    CHECK(cupel_text_init(&text, NULL) != NULL);
    CHECK_INT(text.kind, CUP_STATEMENT_TEXT);
    CHECK(text.sql == NULL);
    CHECK_INT(text.len, 0);
    CHECK(cupel_text_init(NULL, "SELECT 1") == NULL);
}
