/* SPDX-License-Identifier: MIT */
/* The fake database's SQL, from text to tree.
 *
 * A statement is parsed anew for each execution, into an arena that lives as
 * long as the execution; so the tree may point into the text. Names are folded
 * to lower case unless they are quoted. */
#ifndef CUP_DIALECT_FAKE_SQL_H
#define CUP_DIALECT_FAKE_SQL_H

#include <cupel/value.h>

#include "base/arena.h"

enum cup_fake_token_kind {
    CUP_FAKE_TOKEN_END,
    CUP_FAKE_TOKEN_NAME,   /* or keyword */
    CUP_FAKE_TOKEN_QUOTED, /* "name", with its quotes */
    CUP_FAKE_TOKEN_INTEGER,
    CUP_FAKE_TOKEN_REAL,
    CUP_FAKE_TOKEN_STRING, /* 'text', with its quotes */
    CUP_FAKE_TOKEN_BLOB,   /* X'00ff' */
    CUP_FAKE_TOKEN_PARAM,  /* ? */
    CUP_FAKE_TOKEN_SYMBOL, /* one or two characters */
    CUP_FAKE_TOKEN_BAD     /* unknown, or not closed */
};

struct cup_fake_token {
    enum cup_fake_token_kind kind;
    size_t offset; /* of its first byte */
    size_t len;
};

/* The token at or after `offset`, behind blanks and comments. */
struct cup_fake_token
cup_fake_lex(const char *sql, size_t len, size_t offset);

/* ---- Expressions ------------------------------------------------------- */

enum cup_fake_expr_kind {
    CUP_FAKE_LITERAL,
    CUP_FAKE_PARAM,
    CUP_FAKE_COLUMN,
    CUP_FAKE_OPERATOR,
    CUP_FAKE_CAST,
    CUP_FAKE_AGGREGATE
};

enum cup_fake_operator {
    CUP_FAKE_OR,
    CUP_FAKE_AND,
    CUP_FAKE_NOT, /* of `left` */
    CUP_FAKE_EQ,
    CUP_FAKE_NE,
    CUP_FAKE_LT,
    CUP_FAKE_LE,
    CUP_FAKE_GT,
    CUP_FAKE_GE,
    CUP_FAKE_IS_NULL,     /* of `left` */
    CUP_FAKE_IS_NOT_NULL, /* of `left` */
    CUP_FAKE_ADD,
    CUP_FAKE_SUBTRACT,
    CUP_FAKE_MULTIPLY,
    CUP_FAKE_CONCAT,
    CUP_FAKE_NEGATE /* of `left` */
};

enum cup_fake_function {
    CUP_FAKE_COUNT_ALL, /* count(*), without `left` */
    CUP_FAKE_COUNT,
    CUP_FAKE_SUM,
    CUP_FAKE_MIN,
    CUP_FAKE_MAX
};

struct cup_fake_expr {
    enum cup_fake_expr_kind kind;
    size_t offset;     /* in the text, for messages */
    cupel_value value; /* LITERAL; AGGREGATE: its result, once it is known */
    size_t param;      /* PARAM: its number, from 0 */
    const char *name;  /* COLUMN */
    size_t column;     /* COLUMN: its index, once it is resolved */
    enum cup_fake_operator op;
    enum cup_fake_function function;
    int32_t type; /* CAST: the cupel_type to become */
    struct cup_fake_expr *left;
    struct cup_fake_expr *right;
};

/* ---- Statements -------------------------------------------------------- */

enum cup_fake_stmt_kind {
    CUP_FAKE_CREATE,
    CUP_FAKE_DROP,
    CUP_FAKE_INSERT,
    CUP_FAKE_SELECT,
    CUP_FAKE_UPDATE,
    CUP_FAKE_DELETE,
    CUP_FAKE_BEGIN_TRANSACTION,
    CUP_FAKE_COMMIT_TRANSACTION,
    CUP_FAKE_ROLLBACK_TRANSACTION,
    CUP_FAKE_SAVEPOINT,
    CUP_FAKE_RELEASE,
    CUP_FAKE_ROLLBACK_TO
};

/* A column of CREATE TABLE. */
struct cup_fake_column_def {
    const char *name;
    int32_t type;
    bool not_null;
    struct cup_fake_column_def *next;
};

/* A PRIMARY KEY or UNIQUE of CREATE TABLE. */
struct cup_fake_key_def {
    const char *name; /* NULL: to be made up */
    bool primary;
    struct cup_fake_name *columns;
    size_t offset;
    struct cup_fake_key_def *next;
};

/* A name in a list of names. */
struct cup_fake_name {
    const char *text;
    size_t offset;
    struct cup_fake_name *next;
};

/* An expression in a list: a value of INSERT, a column of SELECT or RETURNING
 * (with its name), an assignment of UPDATE (to `name`), a key of ORDER BY. */
struct cup_fake_item {
    struct cup_fake_expr *expr; /* NULL: the star */
    const char *name;           /* may be NULL */
    size_t offset;
    bool descending;
    struct cup_fake_item *next;
};

/* One group of INSERT's VALUES. */
struct cup_fake_group {
    struct cup_fake_item *values;
    struct cup_fake_group *next;
};

struct cup_fake_stmt {
    enum cup_fake_stmt_kind kind;
    const char *sql; /* borrowed, for messages */
    size_t sql_len;
    const char *name; /* of the table or savepoint; SELECT: NULL without FROM */
    size_t name_offset;
    bool if_exists;                      /* DROP; CREATE: IF NOT EXISTS */
    struct cup_fake_column_def *columns; /* CREATE */
    struct cup_fake_key_def *keys;       /* CREATE */
    struct cup_fake_name *names;         /* INSERT: its columns; NULL: all */
    struct cup_fake_group *groups;       /* INSERT */
    struct cup_fake_item *assignments;   /* UPDATE */
    struct cup_fake_item *items;         /* SELECT, RETURNING; or NULL */
    struct cup_fake_expr *where;
    struct cup_fake_item *order;
    struct cup_fake_expr *limit;
    struct cup_fake_expr *offset;
    size_t param_count;
};

/* Parse one statement; a semicolon may end it. PROGRAMMING with the position;
 * NOMEM. Everything made is the arena's. */
cupel_status
cup_fake_parse(const char *sql, size_t len, struct cup_arena *arena,
               struct cup_fake_stmt **out);

/* ---- Between the files of the parser ----------------------------------- */

/* Where the parser is. A failure latches in `rc`; from then on the next token
 * is the end, so that everything unwinds. */
struct cup_fake_parser {
    const char *sql;
    size_t len;
    struct cup_arena *arena;
    struct cup_fake_token token; /* the next one, not yet taken */
    size_t param_count;
    int depth;     /* of nested expressions */
    int operators; /* of the expression being parsed, as chains are deep too */
    cupel_status rc;
};

/* Take the next token if it is this keyword (in upper case), or this symbol. */
bool
cup_fake_accept(struct cup_fake_parser *parser, const char *word);

/* Take it, or fail. */
bool
cup_fake_expect(struct cup_fake_parser *parser, const char *word);

/* Whether the next token is it. */
bool
cup_fake_peek(const struct cup_fake_parser *parser, const char *word);

/* Take the next token, whatever it is. */
void
cup_fake_advance(struct cup_fake_parser *parser);

/* Fail with "syntax error at or near" the next token. */
void
cup_fake_syntax_error(struct cup_fake_parser *parser);

/* Zeroed memory of the arena; NULL (and failed) without. */
void *
cup_fake_node(struct cup_fake_parser *parser, size_t size);

/* A name that is no reserved word, folded; NULL (and failed) otherwise. */
const char *
cup_fake_parse_name(struct cup_fake_parser *parser);

/* The name of a type, with what may follow it; -1 (and failed) otherwise. */
int32_t
cup_fake_parse_type(struct cup_fake_parser *parser);

/* NULL when it failed. */
struct cup_fake_expr *
cup_fake_parse_expr(struct cup_fake_parser *parser);

#endif
