/* SPDX-License-Identifier: MIT */
/* One loop looks at the first byte of each lexical piece; the skip functions
 * move `at` behind the piece and answer NULL, or the name of what never ended.
 *
 * Bytes beyond ASCII are letters, as they are for the databases themselves. */
#include "sql/lexer.h"

#include "base/text.h"

#include <string.h>

void
cup_lexer_init(struct cup_lexer *lexer, const char *sql, size_t len,
               uint32_t lexis, cupel_paramstyle style)
{
    lexer->sql = sql;
    lexer->len = len;
    lexer->at = 0;
    lexer->lexis = lexis;
    lexer->style = style;
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool
is_word(char c)
{
    return is_letter(c) || cup_is_digit(c);
}

static bool
is_newline(char c)
{
    return c == '\n' || c == '\r';
}

/* The byte `ahead` of the current one; NUL behind the end. */
static char
peek(const struct cup_lexer *lexer, size_t ahead)
{
    if (ahead >= lexer->len - lexer->at)
        return '\0';
    return lexer->sql[lexer->at + ahead];
}

static void
skip_line_comment(struct cup_lexer *lexer)
{
    while (lexer->at < lexer->len && !is_newline(peek(lexer, 0)))
        lexer->at++;
}

static const char *
skip_block_comment(struct cup_lexer *lexer)
{
    bool nests = (lexer->lexis & CUPEL_LEX_NESTED_COMMENTS) != 0;
    size_t depth = 1;

    lexer->at += 2;
    while (lexer->at < lexer->len) {
        if (peek(lexer, 0) == '*' && peek(lexer, 1) == '/') {
            lexer->at += 2;
            if (--depth == 0)
                return NULL;
        } else if (nests && peek(lexer, 0) == '/' && peek(lexer, 1) == '*') {
            lexer->at += 2;
            depth++;
        } else {
            lexer->at++;
        }
    }
    return "comment";
}

/* A doubled quote stands for itself; a bracket cannot be doubled. */
static const char *
skip_quoted(struct cup_lexer *lexer, char close, const char *what)
{
    while (++lexer->at < lexer->len) {
        if (peek(lexer, 0) != close)
            continue;
        lexer->at++;
        if (peek(lexer, 0) != close || close == ']')
            return NULL;
    }
    return what;
}

/*
 * Whether another quote carries the literal on: PostgreSQL joins literals that
 * stand apart by white space with a newline in it, and the later parts keep
 * the backslash rules of the first. Moves to that quote if so.
 */
static bool
literal_goes_on(struct cup_lexer *lexer)
{
    size_t end = lexer->at;
    bool has_newline = false;

    for (;; lexer->at++) {
        if (peek(lexer, 0) == '-' && peek(lexer, 1) == '-')
            skip_line_comment(lexer);
        if (is_newline(peek(lexer, 0)))
            has_newline = true;
        else if (peek(lexer, 0) == '\0' ||
                 strchr(" \t\f\v", peek(lexer, 0)) == NULL)
            break;
    }
    if (has_newline && peek(lexer, 0) == '\'')
        return true;
    lexer->at = end;
    return false;
}

/* From the quote of E'...' on. */
static const char *
skip_escape_string(struct cup_lexer *lexer)
{
    lexer->at++;
    while (lexer->at < lexer->len) {
        if (peek(lexer, 0) == '\\' && lexer->at + 1 < lexer->len) {
            lexer->at += 2;
        } else if (peek(lexer, 0) != '\'') {
            lexer->at++;
        } else if (peek(lexer, 1) == '\'') {
            lexer->at += 2;
        } else {
            lexer->at++;
            if (!literal_goes_on(lexer))
                return NULL;
            lexer->at++;
        }
    }
    return "string";
}

static const char *
skip_word(struct cup_lexer *lexer)
{
    size_t start = lexer->at;

    while (is_word(peek(lexer, 0)) || peek(lexer, 0) == '$')
        lexer->at++;
    if ((lexer->lexis & CUPEL_LEX_ESCAPE_STRINGS) != 0 &&
        lexer->at == start + 1 && peek(lexer, 0) == '\'' &&
        (lexer->sql[start] == 'e' || lexer->sql[start] == 'E'))
        return skip_escape_string(lexer);
    return NULL;
}

/* The length of the `$tag$` that stands here, or 0. */
static size_t
dollar_tag(const struct cup_lexer *lexer)
{
    size_t len = 1;

    if ((lexer->lexis & CUPEL_LEX_DOLLAR_QUOTES) == 0)
        return 0;
    if (is_letter(peek(lexer, len)))
        while (is_word(peek(lexer, len)))
            len++;
    return peek(lexer, len) == '$' ? len + 1 : 0;
}

/* A dollar quote, or the dollar alone. */
static const char *
skip_dollar(struct cup_lexer *lexer)
{
    size_t len = dollar_tag(lexer);
    const char *tag = lexer->sql + lexer->at;
    const char *end;

    if (len == 0) {
        lexer->at++;
        return NULL;
    }
    end = memmem(tag + len, lexer->len - lexer->at - len, tag, len);
    if (end == NULL)
        return "dollar quote";
    lexer->at = (size_t)(end - lexer->sql) + len;
    return NULL;
}

/* Move behind the piece that begins here. */
static const char *
skip_piece(struct cup_lexer *lexer)
{
    char c = peek(lexer, 0);

    if (is_letter(c))
        return skip_word(lexer);
    if (c == '\'')
        return skip_quoted(lexer, c, "string");
    if (c == '"' || (c == '`' && (lexer->lexis & CUPEL_LEX_BACKTICKS) != 0))
        return skip_quoted(lexer, c, "quoted name");
    if (c == '[' && (lexer->lexis & CUPEL_LEX_BRACKETS) != 0)
        return skip_quoted(lexer, ']', "quoted name");
    if (c == '/' && peek(lexer, 1) == '*')
        return skip_block_comment(lexer);
    if (c == '$')
        return skip_dollar(lexer);
    if (c == '-' && peek(lexer, 1) == '-')
        skip_line_comment(lexer);
    else
        lexer->at++;
    return NULL;
}

/* Whether what stands before a colon keeps it from starting a parameter. */
static bool
binds_to_left(const struct cup_lexer *lexer)
{
    char before = lexer->at == 0 ? ' ' : lexer->sql[lexer->at - 1];

    return is_word(before) || before == '$' || before == ':';
}

/* The kind and length of the stop that begins here; END and 0 if none does. */
static cup_token_kind
look_at(const struct cup_lexer *lexer, size_t *len)
{
    char c = peek(lexer, 0);
    char next = peek(lexer, 1);

    *len = 1;
    if (c == '?' && lexer->style == CUPEL_PARAMSTYLE_QMARK)
        return CUP_TOKEN_PLACEHOLDER;
    *len = 2;
    if (c == '\\' && next == ':')
        return CUP_TOKEN_ESCAPED_COLON;
    if (c == '$' && cup_is_digit(next) &&
        lexer->style == CUPEL_PARAMSTYLE_NUMERIC_DOLLAR) {
        while (cup_is_digit(peek(lexer, *len)))
            ++*len;
        return CUP_TOKEN_PLACEHOLDER;
    }
    if (c == ':' && is_letter(next) && !binds_to_left(lexer)) {
        while (is_word(peek(lexer, *len)))
            ++*len;
        return CUP_TOKEN_PARAMETER;
    }
    *len = 0;
    return CUP_TOKEN_END;
}

struct cup_token
cup_lexer_next(struct cup_lexer *lexer)
{
    struct cup_token token = { CUP_TOKEN_END, lexer->len, 0, NULL };

    while (lexer->at < lexer->len) {
        token.start = lexer->at;
        token.kind = look_at(lexer, &token.len);
        if (token.kind != CUP_TOKEN_END) {
            lexer->at += token.len;
            return token;
        }
        token.what = skip_piece(lexer);
        if (token.what != NULL) {
            token.kind = CUP_TOKEN_UNCLOSED;
            return token;
        }
    }
    token.start = lexer->len;
    return token;
}
