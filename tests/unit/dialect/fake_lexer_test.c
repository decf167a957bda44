/* SPDX-License-Identifier: MIT */
#include "dialect/fake/sql.h"
#include "support/test.h"

/* The tokens of a text, each with one letter of its kind, blanks between. */
static const char *
lex(const char *sql)
{
    static const char letters[] = "enqirsbpyX";
    static char text[256];
    size_t len = strlen(sql), at = 0, used = 0;

    for (;;) {
        struct cup_fake_token token = cup_fake_lex(sql, len, at);

        if (token.kind == CUP_FAKE_TOKEN_END)
            break;
        text[used++] = letters[token.kind];
        memcpy(text + used, sql + token.offset, token.len);
        used += token.len;
        text[used++] = ' ';
        at = token.offset + token.len;
    }
    text[used > 0 ? used - 1 : 0] = '\0';
    return text;
}

TEST(words_numbers_and_symbols_are_told_apart)
{
    CHECK_STR(lex("SELECT a1,_b FROM t"), "nSELECT na1 y, n_b nFROM nt");
    CHECK_STR(lex("1 2.5 .5 1e3 1.e-2 1e"), "i1 r2.5 r.5 r1e3 r1.e-2 i1 ne");
    CHECK_STR(lex("a<=b<>c!=d||e"), "na y<= nb y<> nc y!= nd y|| ne");
    CHECK_STR(lex("?=?"), "p? y= p?");
}

TEST(quotes_are_doubled_inside)
{
    CHECK_STR(lex("'it''s' \"a\"\"b\" x'0f'"), "s'it''s' q\"a\"\"b\" bx'0f'");
    CHECK_STR(lex("'?' --?\n/* '? */?"), "s'?' p?");
}

TEST(what_is_not_closed_is_bad)
{
    CHECK_STR(lex("'abc"), "X'abc");
    CHECK_STR(lex("\"abc"), "X\"abc");
    CHECK_STR(lex("a /* b"), "na");
    CHECK_STR(lex("a -- b"), "na");
}

TEST(unknown_characters_are_bad)
{
    CHECK_STR(lex("a @ b"), "na X@ nb");
    CHECK_STR(lex("!"), "X!");
    CHECK_INT(cup_fake_lex("a\0b", 3, 1).kind, CUP_FAKE_TOKEN_BAD);
}

TEST(names_may_be_written_in_any_script)
{
    CHECK_STR(lex("größe=1"), "ngröße y= i1");
}
