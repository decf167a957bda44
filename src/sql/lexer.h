/* SPDX-License-Identifier: MIT */
/* The lexer of text(). It knows just enough of SQL to tell what is code and
 * what only looks like it: strings, quoted names, comments and dollar quotes
 * are passed over. It stops only at what text() has to change or refuse; what
 * lies between two stops is to be copied as it is. */
#ifndef CUP_SQL_LEXER_H
#define CUP_SQL_LEXER_H

#include <cupel/ext/dialect.h>

typedef enum cup_token_kind {
    CUP_TOKEN_END,
    CUP_TOKEN_PARAMETER,     /* `:name` */
    CUP_TOKEN_ESCAPED_COLON, /* `\:` */
    CUP_TOKEN_PLACEHOLDER,   /* the database's own: `?` or `$1` */
    CUP_TOKEN_UNCLOSED       /* something that has no end; `what` says what */
} cup_token_kind;

struct cup_token {
    cup_token_kind kind;
    size_t start; /* in bytes */
    size_t len;
    const char *what; /* static; NULL unless UNCLOSED */
};

/* In place; owns nothing. */
struct cup_lexer {
    const char *sql; /* borrowed */
    size_t len;
    size_t at; /* the next byte to look at */
    uint32_t lexis;
    cupel_paramstyle style;
};

void
cup_lexer_init(struct cup_lexer *lexer, const char *sql, size_t len,
               uint32_t lexis, cupel_paramstyle style);

/* The next stop. After END or UNCLOSED there is nothing more to ask. */
struct cup_token
cup_lexer_next(struct cup_lexer *lexer);

#endif
