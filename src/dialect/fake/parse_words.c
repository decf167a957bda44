/* SPDX-License-Identifier: MIT */
/* What all rules of the parser are made of: tokens, names and types. A failure
 * latches in the parser, and then there are no more tokens. */
#include "dialect/fake/errors.h"
#include "dialect/fake/sql.h"

#include "base/alloc.h"

#include <string.h>
#include <strings.h>

/* Words that are no names unless they are quoted. */
static const char *const reserved[] = {
    "AND",    "AS",     "ASC",     "BY",     "CAST",  "CREATE",
    "DELETE", "DESC",   "DROP",    "FALSE",  "FROM",  "INSERT",
    "INTO",   "IS",     "LIMIT",   "NOT",    "NULL",  "OFFSET",
    "OR",     "ORDER",  "PRIMARY", "SELECT", "SET",   "TABLE",
    "TRUE",   "UNIQUE", "UPDATE",  "VALUES", "WHERE", "RETURNING",
};

/* ---- Tokens ------------------------------------------------------------ */

void
cup_fake_advance(struct cup_fake_parser *parser)
{
    size_t end = parser->token.offset + parser->token.len;

    parser->token = cup_fake_lex(parser->sql, parser->len, end);
    if (parser->rc != CUPEL_OK)
        parser->token.kind = CUP_FAKE_TOKEN_END;
}

bool
cup_fake_peek(const struct cup_fake_parser *parser, const char *word)
{
    const struct cup_fake_token *token = &parser->token;
    const char *text = parser->sql + token->offset;

    if (parser->rc != CUPEL_OK)
        return false;
    if (token->kind != CUP_FAKE_TOKEN_NAME &&
        token->kind != CUP_FAKE_TOKEN_SYMBOL)
        return false;
    return strlen(word) == token->len &&
           strncasecmp(text, word, token->len) == 0;
}

bool
cup_fake_accept(struct cup_fake_parser *parser, const char *word)
{
    if (!cup_fake_peek(parser, word))
        return false;
    cup_fake_advance(parser);
    return true;
}

bool
cup_fake_expect(struct cup_fake_parser *parser, const char *word)
{
    if (cup_fake_accept(parser, word))
        return true;
    cup_fake_syntax_error(parser);
    return false;
}

void
cup_fake_syntax_error(struct cup_fake_parser *parser)
{
    const struct cup_fake_token *token = &parser->token;

    if (parser->rc != CUPEL_OK)
        return;
    if (token->kind == CUP_FAKE_TOKEN_END)
        parser->rc = cup_fake_fail_at("42601", parser->sql, token->offset,
                                      "syntax error at end of input");
    else if (token->kind == CUP_FAKE_TOKEN_NAME ||
             token->kind == CUP_FAKE_TOKEN_SYMBOL)
        parser->rc =
            cup_fake_fail_at("42601", parser->sql, token->offset,
                             "syntax error at or near \"%.*s\"",
                             (int)token->len, parser->sql + token->offset);
    else
        parser->rc = cup_fake_fail_at("42601", parser->sql, token->offset,
                                      "syntax error");
}

void *
cup_fake_node(struct cup_fake_parser *parser, size_t size)
{
    void *node;

    if (parser->rc != CUPEL_OK)
        return NULL;
    node = cup_arena_array(parser->arena, 1, size);
    if (node == NULL)
        parser->rc = cup_nomem();
    return node;
}

static bool
is_reserved(const struct cup_fake_parser *parser)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (cup_fake_peek(parser, reserved[i]))
            return true;
    }
    return false;
}

/* What is between the quotes of the next token, the doubled ones halved. */
static const char *
quoted_name(struct cup_fake_parser *parser)
{
    const char *text = parser->sql + parser->token.offset;
    size_t len = parser->token.len;
    char *copy = cup_fake_node(parser, len);
    size_t copied = 0;

    for (size_t i = 1; copy != NULL && i + 1 < len; i++) {
        copy[copied++] = text[i];
        if (text[i] == '"')
            i++;
    }
    return copy;
}

const char *
cup_fake_parse_name(struct cup_fake_parser *parser)
{
    const struct cup_fake_token *token = &parser->token;
    char *name;

    if (token->kind == CUP_FAKE_TOKEN_QUOTED) {
        const char *quoted = quoted_name(parser);

        cup_fake_advance(parser);
        return quoted;
    }
    if (token->kind != CUP_FAKE_TOKEN_NAME || is_reserved(parser)) {
        cup_fake_syntax_error(parser);
        return NULL;
    }
    name = cup_fake_node(parser, token->len + 1);
    for (size_t i = 0; name != NULL && i < token->len; i++) {
        char c = parser->sql[token->offset + i];

        name[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    cup_fake_advance(parser);
    return name;
}

/* ---- Types ------------------------------------------------------------- */

static const struct {
    const char *word;
    int32_t type;
} types[] = {
    { "BIGINT", CUPEL_INT },        { "BIGSERIAL", CUPEL_INT },
    { "BLOB", CUPEL_BYTES },        { "BOOL", CUPEL_BOOL },
    { "BOOLEAN", CUPEL_BOOL },      { "BYTEA", CUPEL_BYTES },
    { "CHAR", CUPEL_TEXT },         { "DATE", CUPEL_DATE },
    { "DATETIME", CUPEL_DATETIME }, { "DECIMAL", CUPEL_DECIMAL },
    { "DOUBLE", CUPEL_DOUBLE },     { "FLOAT", CUPEL_DOUBLE },
    { "INT", CUPEL_INT },           { "INTEGER", CUPEL_INT },
    { "INTERVAL", CUPEL_INTERVAL }, { "JSON", CUPEL_JSON },
    { "JSONB", CUPEL_JSON },        { "NUMERIC", CUPEL_DECIMAL },
    { "REAL", CUPEL_DOUBLE },       { "SERIAL", CUPEL_INT },
    { "SMALLINT", CUPEL_INT },      { "TEXT", CUPEL_TEXT },
    { "TIME", CUPEL_TIME },         { "TIMESTAMP", CUPEL_DATETIME },
    { "UUID", CUPEL_UUID },         { "TIMESTAMPTZ", CUPEL_DATETIMETZ },
    { "VARCHAR", CUPEL_TEXT },
};

/* What may stand behind a type's name: PRECISION, a length, a zone, []. */
static int32_t
parse_type_tail(struct cup_fake_parser *parser, int32_t type)
{
    if (type == CUPEL_DOUBLE)
        (void)cup_fake_accept(parser, "PRECISION");
    if (cup_fake_accept(parser, "(")) {
        do {
            if (parser->token.kind != CUP_FAKE_TOKEN_INTEGER)
                cup_fake_syntax_error(parser);
            cup_fake_advance(parser);
        } while (cup_fake_accept(parser, ","));
        (void)cup_fake_expect(parser, ")");
    }
    if (cup_fake_peek(parser, "WITH") || cup_fake_peek(parser, "WITHOUT")) {
        if (cup_fake_peek(parser, "WITH") && type == CUPEL_DATETIME)
            type = CUPEL_DATETIMETZ;
        cup_fake_advance(parser);
        (void)(cup_fake_expect(parser, "TIME") &&
               cup_fake_expect(parser, "ZONE"));
    }
    while (cup_fake_accept(parser, "[")) {
        type = CUPEL_ARRAY;
        (void)cup_fake_expect(parser, "]");
    }
    return type;
}

int32_t
cup_fake_parse_type(struct cup_fake_parser *parser)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (cup_fake_accept(parser, types[i].word))
            return parse_type_tail(parser, types[i].type);
    }
    if (parser->rc == CUPEL_OK && parser->token.kind == CUP_FAKE_TOKEN_NAME)
        parser->rc = cup_fake_fail_at(
            "42704", parser->sql, parser->token.offset,
            "type \"%.*s\" does not exist", (int)parser->token.len,
            parser->sql + parser->token.offset);
    cup_fake_syntax_error(parser);
    return -1;
}
