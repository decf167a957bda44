/* SPDX-License-Identifier: MIT */
/* Expressions, by precedence climbing: each binary operator says how tightly it
 * binds, and one function reads a chain of them. */
#include "dialect/fake/errors.h"
#include "dialect/fake/sql.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 100, OPERATORS_MAX = 200 };

/* A binary operator; NOT binds at 3 and minus signs at 7. */
static const struct binary {
    const char *word;
    enum cup_fake_operator op;
    int binds;
} binaries[] = {
    { "OR", CUP_FAKE_OR, 1 },     { "AND", CUP_FAKE_AND, 2 },
    { "=", CUP_FAKE_EQ, 4 },      { "<>", CUP_FAKE_NE, 4 },
    { "!=", CUP_FAKE_NE, 4 },     { "<", CUP_FAKE_LT, 4 },
    { "<=", CUP_FAKE_LE, 4 },     { ">", CUP_FAKE_GT, 4 },
    { ">=", CUP_FAKE_GE, 4 },     { "IS", CUP_FAKE_IS_NULL, 4 },
    { "+", CUP_FAKE_ADD, 5 },     { "-", CUP_FAKE_SUBTRACT, 5 },
    { "||", CUP_FAKE_CONCAT, 5 }, { "*", CUP_FAKE_MULTIPLY, 6 },
};

enum { BINDS_NOT = 3, BINDS_SIGN = 7 };

static struct cup_fake_expr *
parse_chain(struct cup_fake_parser *parser, int least);

static struct cup_fake_expr *
new_expr(struct cup_fake_parser *parser, enum cup_fake_expr_kind kind)
{
    struct cup_fake_expr *expr = cup_fake_node(parser, sizeof *expr);

    if (expr != NULL) {
        expr->kind = kind;
        expr->offset = parser->token.offset;
    }
    return expr;
}

/* The text between the quotes of the next token, the doubled ones halved. */
static bool
unquote(struct cup_fake_parser *parser, size_t skip, cupel_bytes *out)
{
    const char *text = parser->sql + parser->token.offset + skip;
    size_t len = parser->token.len - skip;
    char *copy = cup_fake_node(parser, len);
    size_t copied = 0;

    if (copy == NULL)
        return false;
    for (size_t i = 1; i + 1 < len; i++) {
        copy[copied++] = text[i];
        if (text[i] == text[0])
            i++;
    }
    out->data = copy;
    out->len = copied;
    return true;
}

static struct cup_fake_expr *
parse_string(struct cup_fake_parser *parser)
{
    struct cup_fake_expr *expr = new_expr(parser, CUP_FAKE_LITERAL);

    if (expr == NULL || !unquote(parser, 0, &expr->value.as.bytes))
        return NULL;
    expr->value.type = CUPEL_TEXT;
    cup_fake_advance(parser);
    return expr;
}

static int
hex_digit(char c)
{
    if (cup_is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static struct cup_fake_expr *
parse_blob(struct cup_fake_parser *parser)
{
    struct cup_fake_expr *expr = new_expr(parser, CUP_FAKE_LITERAL);
    cupel_bytes digits;
    char *bytes;

    if (expr == NULL || !unquote(parser, 1, &digits))
        return NULL;
    bytes = cup_fake_node(parser, digits.len / 2 + 1);
    if (bytes == NULL)
        return NULL;
    for (size_t i = 0; i < digits.len; i++) {
        int digit = hex_digit(digits.data[i]);

        if (digit < 0 || digits.len % 2 != 0) {
            cup_fake_syntax_error(parser);
            return NULL;
        }
        bytes[i / 2] = (char)((unsigned char)bytes[i / 2] << 4 | digit);
    }
    expr->value.type = CUPEL_BYTES;
    expr->value.as.bytes.data = bytes;
    expr->value.as.bytes.len = digits.len / 2;
    cup_fake_advance(parser);
    return expr;
}

static struct cup_fake_expr *
parse_number(struct cup_fake_parser *parser)
{
    bool whole = parser->token.kind == CUP_FAKE_TOKEN_INTEGER;
    struct cup_fake_expr *expr = new_expr(parser, CUP_FAKE_LITERAL);
    cupel_status rc;

    if (expr == NULL)
        return NULL;
    rc = cupel_value_parse(whole ? CUPEL_INT : CUPEL_DOUBLE,
                           parser->sql + parser->token.offset,
                           parser->token.len, &expr->value);
    if (rc != CUPEL_OK) {
        parser->rc =
            cup_fake_fail_at("22003", parser->sql, parser->token.offset,
                             "the number is out of range");
        return NULL;
    }
    cup_fake_advance(parser);
    return expr;
}

static struct cup_fake_expr *
parse_constant(struct cup_fake_parser *parser, cupel_value value)
{
    struct cup_fake_expr *expr = new_expr(parser, CUP_FAKE_LITERAL);

    if (expr == NULL)
        return NULL;
    expr->value = value;
    cup_fake_advance(parser);
    return expr;
}

static struct cup_fake_expr *
parse_cast(struct cup_fake_parser *parser)
{
    struct cup_fake_expr *expr = new_expr(parser, CUP_FAKE_CAST);

    if (expr == NULL)
        return NULL;
    cup_fake_advance(parser);
    if (!cup_fake_expect(parser, "("))
        return NULL;
    expr->left = parse_chain(parser, 0);
    if (expr->left == NULL || !cup_fake_expect(parser, "AS"))
        return NULL;
    expr->type = cup_fake_parse_type(parser);
    if (parser->rc != CUPEL_OK || !cup_fake_expect(parser, ")"))
        return NULL;
    return expr;
}

static struct cup_fake_expr *
parse_call(struct cup_fake_parser *parser, struct cup_fake_expr *expr)
{
    static const char *const names[] = { "", "count", "sum", "min", "max" };
    size_t found = 0;

    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(expr->name, names[i]) == 0)
            found = i;
    }
    if (found == 0) {
        parser->rc =
            cup_fake_fail_at("42883", parser->sql, expr->offset,
                             "function %s() does not exist", expr->name);
        return NULL;
    }
    expr->kind = CUP_FAKE_AGGREGATE;
    expr->function = (enum cup_fake_function)found;
    if (expr->function == CUP_FAKE_COUNT && cup_fake_accept(parser, "*"))
        expr->function = CUP_FAKE_COUNT_ALL;
    else
        expr->left = parse_chain(parser, 0);
    return cup_fake_expect(parser, ")") ? expr : NULL;
}

/* A column, a function, or one of the words that are values. */
static struct cup_fake_expr *
parse_word(struct cup_fake_parser *parser)
{
    struct cup_fake_expr *expr;

    if (cup_fake_peek(parser, "NULL"))
        return parse_constant(parser, cupel_null());
    if (cup_fake_peek(parser, "TRUE"))
        return parse_constant(parser, cupel_bool(true));
    if (cup_fake_peek(parser, "FALSE"))
        return parse_constant(parser, cupel_bool(false));
    if (cup_fake_peek(parser, "CAST"))
        return parse_cast(parser);
    expr = new_expr(parser, CUP_FAKE_COLUMN);
    if (expr == NULL)
        return NULL;
    expr->name = cup_fake_parse_name(parser);
    if (expr->name == NULL)
        return NULL;
    return cup_fake_accept(parser, "(") ? parse_call(parser, expr) : expr;
}

static struct cup_fake_expr *
parse_param(struct cup_fake_parser *parser)
{
    struct cup_fake_expr *expr = new_expr(parser, CUP_FAKE_PARAM);

    if (expr == NULL)
        return NULL;
    expr->param = parser->param_count++;
    cup_fake_advance(parser);
    return expr;
}

static struct cup_fake_expr *
parse_unary(struct cup_fake_parser *parser, enum cup_fake_operator op,
            int binds)
{
    struct cup_fake_expr *expr = new_expr(parser, CUP_FAKE_OPERATOR);

    if (expr == NULL)
        return NULL;
    cup_fake_advance(parser);
    expr->op = op;
    expr->left = parse_chain(parser, binds);
    return expr->left != NULL ? expr : NULL;
}

static struct cup_fake_expr *
parse_primary(struct cup_fake_parser *parser)
{
    struct cup_fake_expr *expr;

    switch (parser->token.kind) {
    case CUP_FAKE_TOKEN_STRING:
        return parse_string(parser);
    case CUP_FAKE_TOKEN_BLOB:
        return parse_blob(parser);
    case CUP_FAKE_TOKEN_INTEGER:
    case CUP_FAKE_TOKEN_REAL:
        return parse_number(parser);
    case CUP_FAKE_TOKEN_PARAM:
        return parse_param(parser);
    case CUP_FAKE_TOKEN_NAME:
    case CUP_FAKE_TOKEN_QUOTED:
        if (cup_fake_peek(parser, "NOT"))
            return parse_unary(parser, CUP_FAKE_NOT, BINDS_NOT);
        return parse_word(parser);
    case CUP_FAKE_TOKEN_SYMBOL:
        if (cup_fake_peek(parser, "-"))
            return parse_unary(parser, CUP_FAKE_NEGATE, BINDS_SIGN);
        if (!cup_fake_accept(parser, "("))
            break;
        expr = parse_chain(parser, 0);
        return cup_fake_expect(parser, ")") ? expr : NULL;
    case CUP_FAKE_TOKEN_END:
    case CUP_FAKE_TOKEN_BAD:
        break;
    }
    cup_fake_syntax_error(parser);
    return NULL;
}

/* The operator that comes next, if it binds tighter than `least`. */
static const struct binary *
next_binary(const struct cup_fake_parser *parser, int least)
{
    for (size_t i = 0; i < sizeof binaries / sizeof binaries[0]; i++) {
        if (binaries[i].binds > least &&
            cup_fake_peek(parser, binaries[i].word))
            return &binaries[i];
    }
    return NULL;
}

/* Take the operator and what stands to its right. */
static struct cup_fake_expr *
parse_operator(struct cup_fake_parser *parser, struct cup_fake_expr *left,
               const struct binary *binary)
{
    struct cup_fake_expr *expr = new_expr(parser, CUP_FAKE_OPERATOR);

    if (expr == NULL)
        return NULL;
    parser->operators++;
    expr->op = binary->op;
    expr->left = left;
    cup_fake_advance(parser);
    if (binary->op == CUP_FAKE_IS_NULL) {
        if (cup_fake_accept(parser, "NOT"))
            expr->op = CUP_FAKE_IS_NOT_NULL;
        return cup_fake_expect(parser, "NULL") ? expr : NULL;
    }
    expr->right = parse_chain(parser, binary->binds);
    return expr->right != NULL ? expr : NULL;
}

static struct cup_fake_expr *
parse_chain(struct cup_fake_parser *parser, int least)
{
    struct cup_fake_expr *expr;
    const struct binary *binary;

    if (++parser->depth > DEPTH_MAX || parser->operators > OPERATORS_MAX) {
        if (parser->rc == CUPEL_OK)
            parser->rc = cup_fake_fail("54001", "the expression is too big");
        return NULL;
    }
    expr = parse_primary(parser);
    while (expr != NULL && (binary = next_binary(parser, least)) != NULL)
        expr = parse_operator(parser, expr, binary);
    parser->depth--;
    return expr;
}

struct cup_fake_expr *
cup_fake_parse_expr(struct cup_fake_parser *parser)
{
    parser->operators = 0;
    return parse_chain(parser, 0);
}
