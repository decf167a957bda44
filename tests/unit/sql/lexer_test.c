/* SPDX-License-Identifier: MIT */
/* Where the lexer stops, and what it passes over. Each case shows its stops in
 * one line: P a parameter, C an escaped colon, ? a placeholder, X what has no
 * end, each with the bytes it covers. */
#include "support/test.h"

#include "sql/lexer.h"

#include <stdio.h>

enum {
    STANDARD = 0,
    POSTGRESQL = CUPEL_LEX_DOLLAR_QUOTES | CUPEL_LEX_ESCAPE_STRINGS |
                 CUPEL_LEX_NESTED_COMMENTS,
    SQLITE = CUPEL_LEX_BACKTICKS | CUPEL_LEX_BRACKETS
};

struct stops {
    const char *sql;
    const char *expected;
};

static void
describe(const char *sql, uint32_t lexis, cupel_paramstyle style, char *out,
         size_t size)
{
    static const char letters[] = { [CUP_TOKEN_PARAMETER] = 'P',
                                    [CUP_TOKEN_ESCAPED_COLON] = 'C',
                                    [CUP_TOKEN_PLACEHOLDER] = '?',
                                    [CUP_TOKEN_UNCLOSED] = 'X' };
    struct cup_lexer lexer;
    size_t used = 0;

    out[0] = '\0';
    cup_lexer_init(&lexer, sql, strlen(sql), lexis, style);
    for (;;) {
        struct cup_token token = cup_lexer_next(&lexer);

        CHECK((token.what != NULL) == (token.kind == CUP_TOKEN_UNCLOSED));
        if (token.kind == CUP_TOKEN_END) {
            CHECK_INT(token.start, strlen(sql));
            CHECK_INT(token.len, 0);
            return;
        }
        used += (size_t)snprintf(out + used, size - used, "%s%c%zu+%zu",
                                 used == 0 ? "" : " ", letters[token.kind],
                                 token.start, token.len);
        if (token.kind == CUP_TOKEN_UNCLOSED) {
            snprintf(out + used, size - used, " %s", token.what);
            return;
        }
    }
}

static void
check_stops(const struct stops *list, size_t count, uint32_t lexis,
            cupel_paramstyle style)
{
    for (; count > 0; count--, list++) {
        char actual[200];

        describe(list->sql, lexis, style, actual, sizeof actual);
        if (strcmp(actual, list->expected) != 0) {
            print_error("%s\n  stops at \"%s\", not at \"%s\"\n", list->sql,
                        actual, list->expected);
            fail();
        }
    }
}

#define CHECK_STOPS(list, lexis, style) \
    check_stops((list), sizeof(list) / sizeof(list)[0], (lexis), (style))

TEST(parameter_is_a_colon_and_a_name)
{
    static const struct stops list[] = {
        { "", "" },
        { "select 1", "" },
        { ":a", "P0+2" },
        { "x=:long_Name9,:b", "P2+11 P14+2" },
        { "(:a)", "P1+2" },
        { ":_", "P0+2" },
        { "':',:a", "P4+2" },
        { ":gr\xc3\xb6\xc3\x9f"
          "e!",
          "P0+8" },
        { ":a :a", "P0+2 P3+2" },
        { ":a-:b", "P0+2 P3+2" },
        { ":a$", "P0+2" },
        { "\n:a\n", "P1+2" },
    };

    CHECK_STOPS(list, STANDARD, CUPEL_PARAMSTYLE_QMARK);
    CHECK_STOPS(list, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
    CHECK_STOPS(list, SQLITE, CUPEL_PARAMSTYLE_QMARK);
}

TEST(colon_of_something_else_is_no_parameter)
{
    static const struct stops list[] = {
        { "a::int", "" },      { ":a::int", "P0+2" }, { "a :: int", "" },
        { "a:=1", "" },        { "x := :a", "P5+2" }, { ":1", "" },
        { "12:30", "" },       { "a:b", "" },         { "9:b", "" },
        { "_:b", "" },         { "a$:b", "" },        { "$:b", "" },
        { ":a:b", "P0+2" },    { ":::b", "" },        { ": a", "" },
        { ":", "" },           { "::", "" },          { "\xc3\xa4:b", "" },
        { "a[1:2]", "" },      { "a[b:c]", "" },      { "a ? :b", "P4+2" },
        { "a::\xc3\xa4", "" },
    };

    CHECK_STOPS(list, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
}

TEST(backslash_makes_a_plain_colon)
{
    static const struct stops list[] = {
        { "\\:a", "C0+2" },   { "x\\:y", "C1+2" },       { "\\::a", "C0+2" },
        { "\\\\:a", "C1+2" }, { "\\ :a", "P2+2" },       { "\\", "" },
        { "'\\:a'", "" },     { ":a\\:b", "P0+2 C2+2" },
    };

    CHECK_STOPS(list, STANDARD, CUPEL_PARAMSTYLE_QMARK);
    CHECK_STOPS(list, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
}

TEST(strings_quoted_names_and_comments_are_passed_over)
{
    static const struct stops list[] = {
        { "':a'", "" },
        { "'it''s :a' :b", "P11+2" },
        { "'\\' :a", "P4+2" },
        { "'' :a", "P3+2" },
        { "'''' :a", "P5+2" },
        { "\":a\"", "" },
        { "\"a\"\":b\" :c", "P8+2" },
        { "\"'\" :a \"'\"", "P4+2" },
        { "-- :a 'b\n:c", "P9+2" },
        { "-- :a\r\n:c", "P7+2" },
        { "--", "" },
        { "a-:b", "P2+2" },
        { "/* :a ' */ :b", "P11+2" },
        { "/**/:a", "P4+2" },
        { "/***/:a", "P5+2" },
        { "/* -- */ :a", "P9+2" },
        { "-- /* \n:a", "P7+2" },
        { "a/:b*:c", "P2+2 P5+2" },
        { "E ':a' :b", "P7+2" },
        { "U&'\\0061 :a' U&\":b\" :c", "P20+2" },
    };

    CHECK_STOPS(list, STANDARD, CUPEL_PARAMSTYLE_QMARK);
    CHECK_STOPS(list, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
    CHECK_STOPS(list, SQLITE, CUPEL_PARAMSTYLE_QMARK);
}

TEST(escape_strings_know_the_backslash)
{
    static const struct stops list[] = {
        { "E'\\' :a' :b", "P9+2" },
        { "e'\\'' :b", "P6+2" },
        { "E'\\\\' :a", "P6+2" },
        { "E'a''\\':b' :c", "P11+2" },
        { "nameE'\\' :a", "P9+2" },
        { "x.e'\\' :a' :b", "P11+2" },
        { "'x' E'\\' :a' :b", "P13+2" },
        { "E'':a", "P3+2" },
        { "(E'\\':a')", "" },
    };
    static const struct stops without[] = { { "E'\\' :a", "P5+2" } };

    CHECK_STOPS(list, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
    CHECK_STOPS(without, SQLITE, CUPEL_PARAMSTYLE_QMARK);
}

TEST(escape_string_goes_on_behind_a_line_break)
{
    static const struct stops list[] = {
        { "E'a'\n'\\' :b' :c", "P13+2" },
        { "E'a' -- note 'x\n \t'\\' :b' :c", "P26+2" },
        { "E'a'\n'b'\n'\\' :c' :d", "P17+2" },
        { "E'a' '\\' :b", "P9+2" },
        { "'a'\n'\\' :b", "P8+2" },
        { "E'a'\n:b", "P5+2" },
        { "E'a'\n-- :b", "" },
        { "E'a'\n", "" },
    };

    CHECK_STOPS(list, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
}

TEST(dollar_quotes_end_at_their_own_tag)
{
    static const struct stops list[] = {
        { "$$ :a ' $$ :b", "P11+2" },
        { "$t$ :a $$ $x$ $t$ :b", "P18+2" },
        { "$_9$:a$_9$ :b", "P11+2" },
        { "$\xc3\xa4$:a$\xc3\xa4$ :b", "P11+2" },
        { "$a$$a$ :b", "P7+2" },
        { "$a$ $A$ :b $a$", "" },
        { "$b$ $a$b$ :a", "P10+2" },
        { "$$$$ :a", "P5+2" },
        { "x$t$ :a", "P5+2" },
        { "9$t$ :a $t$", "" },
        { "$ :a $", "P2+2" },
        { "$t :a", "P3+2" },
        { "$", "" },
    };
    static const struct stops without[] = { { "$$ :a", "P3+2" },
                                            { "$t$ :a", "P4+2" } };

    CHECK_STOPS(list, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
    CHECK_STOPS(without, SQLITE, CUPEL_PARAMSTYLE_QMARK);
}

TEST(block_comments_nest_where_the_database_nests_them)
{
    static const struct stops nested[] = {
        { "/* /* */ :a */ :b", "P15+2" },
        { "/*/**/:a*/:b", "P10+2" },
        { "/*/ :a */ :b", "P10+2" },
        { "/* /* */ :a", "X0+0 comment" },
    };
    static const struct stops flat[] = {
        { "/* /* */ :a */", "P9+2" },
        { "/*/ :a */ :b", "P10+2" },
    };

    CHECK_STOPS(nested, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
    CHECK_STOPS(flat, SQLITE, CUPEL_PARAMSTYLE_QMARK);
}

TEST(backticks_and_brackets_quote_names_where_they_do)
{
    static const struct stops quotes[] = {
        { "`:a` :b", "P5+2" }, { "`a``:b` :c", "P8+2" },
        { "[:a] :b", "P5+2" }, { "[a' :b] :c", "P8+2" },
        { "[a]]:b", "P4+2" },
    };
    static const struct stops plain[] = {
        { "`:a`", "P1+2" },
        { "a[:b]", "P2+2" },
        { "a[1 + :b]", "P6+2" },
        { "a['x':1]", "" },
    };

    CHECK_STOPS(quotes, SQLITE, CUPEL_PARAMSTYLE_QMARK);
    CHECK_STOPS(plain, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
}

TEST(placeholders_of_the_database_are_stops)
{
    static const struct stops qmark[] = {
        { "a = ?", "?4+1" },       { "?1", "?0+1" }, { "'?' \"?\" -- ?", "" },
        { "/* ? */ [?] `?`", "" }, { "a = $1", "" },
    };
    static const struct stops numbered[] = {
        { "a = $1", "?4+2" },       { "$12", "?0+3" },
        { "1$1", "?1+2" },          { "a$1", "" },
        { "\"a\"$1", "?3+2" },      { "'$1'", "" },
        { "$$ $1 $$", "" },         { "-- $1", "" },
        { "$1$ $1$", "?0+2 ?4+2" }, { "a ? 'b' ?| c ?& d", "" },
        { "a @> b @? c", "" },
    };

    CHECK_STOPS(qmark, SQLITE, CUPEL_PARAMSTYLE_QMARK);
    CHECK_STOPS(numbered, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
}

TEST(what_has_no_end_is_named_with_its_beginning)
{
    static const struct stops list[] = {
        { "'", "X0+0 string" },       { "a 'b", "X2+0 string" },
        { "'a''b", "X0+0 string" },   { "'a' '", "X4+0 string" },
        { "\"", "X0+0 quoted name" }, { "\"\"\"", "X0+0 quoted name" },
        { "/*", "X0+0 comment" },     { "a /* *", "X2+0 comment" },
        { "/*/", "X0+0 comment" },    { ":a '", "P0+2 X3+0 string" },
    };
    static const struct stops postgresql[] = {
        { "E'\\'", "X0+0 string" },         { "E'\\", "X0+0 string" },
        { "E'a''", "X0+0 string" },         { "E'a'\n'", "X0+0 string" },
        { "$$", "X0+0 dollar quote" },      { "$$ $", "X0+0 dollar quote" },
        { "$a$ $b$", "X0+0 dollar quote" }, { "$a$ a$", "X0+0 dollar quote" },
    };
    static const struct stops sqlite[] = {
        { "`a", "X0+0 quoted name" },
        { "`a``", "X0+0 quoted name" },
        { "[a", "X0+0 quoted name" },
    };

    CHECK_STOPS(list, STANDARD, CUPEL_PARAMSTYLE_QMARK);
    CHECK_STOPS(list, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
    CHECK_STOPS(list, SQLITE, CUPEL_PARAMSTYLE_QMARK);
    CHECK_STOPS(postgresql, POSTGRESQL, CUPEL_PARAMSTYLE_NUMERIC_DOLLAR);
    CHECK_STOPS(sqlite, SQLITE, CUPEL_PARAMSTYLE_QMARK);
}

TEST(lexer_reads_no_byte_behind_its_length)
{
    static const char sql[] = ":ab'";
    struct cup_lexer lexer;
    struct cup_token token;

    cup_lexer_init(&lexer, sql, 2, STANDARD, CUPEL_PARAMSTYLE_QMARK);
    token = cup_lexer_next(&lexer);
    CHECK_INT(token.kind, CUP_TOKEN_PARAMETER);
    CHECK_INT(token.len, 2);
    CHECK_INT(cup_lexer_next(&lexer).kind, CUP_TOKEN_END);
}
