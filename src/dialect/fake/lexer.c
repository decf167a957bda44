/* SPDX-License-Identifier: MIT */
/* Where one token ends and the next begins. */
#include "dialect/fake/sql.h"

#include "base/text.h"

#include <string.h>

/* The text with a position in it; beyond its end there are NULs. */
struct cursor {
    const char *sql;
    size_t len;
    size_t at;
};

static char
peek(const struct cursor *cursor, size_t ahead)
{
    size_t at = cursor->at + ahead;

    return at < cursor->len ? cursor->sql[at] : '\0';
}

static bool
starts_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool
goes_on_name(char c)
{
    return starts_name(c) || cup_is_digit(c) || c == '$';
}

/* Skip one comment; false if there is none here. One that is not closed goes to
 * the end of the text. */
static bool
skip_comment(struct cursor *cursor)
{
    if (peek(cursor, 0) == '-' && peek(cursor, 1) == '-') {
        while (cursor->at < cursor->len && peek(cursor, 0) != '\n')
            cursor->at++;
        return true;
    }
    if (peek(cursor, 0) != '/' || peek(cursor, 1) != '*')
        return false;
    cursor->at += 2;
    while (cursor->at < cursor->len &&
           (peek(cursor, 0) != '*' || peek(cursor, 1) != '/'))
        cursor->at++;
    cursor->at = cursor->at < cursor->len ? cursor->at + 2 : cursor->len;
    return true;
}

static void
skip_blanks(struct cursor *cursor)
{
    while (cursor->at < cursor->len) {
        if (strchr(" \t\r\n\f\v", cursor->sql[cursor->at]) != NULL &&
            cursor->sql[cursor->at] != '\0')
            cursor->at++;
        else if (!skip_comment(cursor))
            return;
    }
}

/* Take what is between quotes, which are doubled inside; false if the closing
 * one is missing. */
static bool
take_quoted(struct cursor *cursor, char quote)
{
    cursor->at++;
    while (cursor->at < cursor->len) {
        if (peek(cursor, 0) != quote) {
            cursor->at++;
        } else if (peek(cursor, 1) == quote) {
            cursor->at += 2;
        } else {
            cursor->at++;
            return true;
        }
    }
    return false;
}

static enum cup_fake_token_kind
take_number(struct cursor *cursor)
{
    enum cup_fake_token_kind kind = CUP_FAKE_TOKEN_INTEGER;
    size_t exponent;

    while (cup_is_digit(peek(cursor, 0)))
        cursor->at++;
    if (peek(cursor, 0) == '.') {
        kind = CUP_FAKE_TOKEN_REAL;
        cursor->at++;
        while (cup_is_digit(peek(cursor, 0)))
            cursor->at++;
    }
    if (peek(cursor, 0) == 'e' || peek(cursor, 0) == 'E') {
        exponent = peek(cursor, 1) == '-' || peek(cursor, 1) == '+' ? 2 : 1;
        if (!cup_is_digit(peek(cursor, exponent)))
            return kind;
        kind = CUP_FAKE_TOKEN_REAL;
        cursor->at += exponent;
        while (cup_is_digit(peek(cursor, 0)))
            cursor->at++;
    }
    return kind;
}

static enum cup_fake_token_kind
take_symbol(struct cursor *cursor)
{
    static const char *const doubles[] = { "<>", "!=", "<=", ">=", "||" };
    char c = peek(cursor, 0);

    for (size_t i = 0; i < sizeof doubles / sizeof doubles[0]; i++) {
        if (c == doubles[i][0] && peek(cursor, 1) == doubles[i][1]) {
            cursor->at += 2;
            return CUP_FAKE_TOKEN_SYMBOL;
        }
    }
    cursor->at++;
    if (c != '\0' && strchr("()[],;*+-=<>", c) != NULL)
        return CUP_FAKE_TOKEN_SYMBOL;
    return CUP_FAKE_TOKEN_BAD;
}

static enum cup_fake_token_kind
take_token(struct cursor *cursor)
{
    char c = peek(cursor, 0);

    if (c == '?') {
        cursor->at++;
        return CUP_FAKE_TOKEN_PARAM;
    }
    if (c == '\'')
        return take_quoted(cursor, '\'') ? CUP_FAKE_TOKEN_STRING
                                         : CUP_FAKE_TOKEN_BAD;
    if (c == '"')
        return take_quoted(cursor, '"') ? CUP_FAKE_TOKEN_QUOTED
                                        : CUP_FAKE_TOKEN_BAD;
    if ((c == 'x' || c == 'X') && peek(cursor, 1) == '\'') {
        cursor->at++;
        return take_quoted(cursor, '\'') ? CUP_FAKE_TOKEN_BLOB
                                         : CUP_FAKE_TOKEN_BAD;
    }
    if (cup_is_digit(c) || (c == '.' && cup_is_digit(peek(cursor, 1))))
        return take_number(cursor);
    if (!starts_name(c))
        return take_symbol(cursor);
    while (goes_on_name(peek(cursor, 0)))
        cursor->at++;
    return CUP_FAKE_TOKEN_NAME;
}

struct cup_fake_token
cup_fake_lex(const char *sql, size_t len, size_t offset)
{
    struct cursor cursor = { sql, len, offset };
    struct cup_fake_token token = { CUP_FAKE_TOKEN_END, 0, 0 };

    skip_blanks(&cursor);
    token.offset = cursor.at;
    if (cursor.at < len) {
        token.kind = take_token(&cursor);
        token.len = cursor.at - token.offset;
    }
    return token;
}
