/* SPDX-License-Identifier: MIT */
/* text(): SQL with :name parameters, taken apart by a lexer that knows strings,
 * quoted names, comments and dollar quotes, and put together again with the
 * database's own placeholders. */
#ifndef CUP_SQL_TEXT_H
#define CUP_SQL_TEXT_H

#include <cupel/ext/dialect.h>
#include <cupel/sql.h>

/* The kinds of statement. */
enum { CUP_STATEMENT_TEXT = 0x74786574 };

struct cupel_statement {
    cupel_text text; /* as long as text is the only kind */
};

/* The options it carries, or NULL. Anything may be given. */
const cupel_execution_options *
cup_statement_options(const cupel_statement *stmt);

/* The compiled form: immutable, one allocation, shared through the cache. */
struct cup_compiled {
    _Atomic size_t refs;     /* threads share a cache */
    _Atomic int64_t made_us; /* when the engine got it; 0: it does not know */
    const char *source; /* the text it was made from: the cache's key */
    size_t source_len;
    const char *sql; /* with placeholders, NUL-terminated */
    size_t sql_len;
    const char *const *names; /* the distinct parameter names, in order */
    size_t name_count;
    const size_t *positions; /* for each value to bind: its name's index */
    size_t position_count;   /* `$1`: one a name; `?`: one an occurrence */
};

/* Compile `sql` for a dialect's lexis and paramstyle. COMPILE for an unclosed
 * string, comment or quote and for a placeholder of the database's own (each
 * with its character, counted from 1), a NUL inside, invalid UTF-8, more than
 * 32,767 values to bind. NOMEM. The caller holds the one reference. */
cupel_status
cup_text_compile(const char *sql, size_t len, uint32_t lexis,
                 cupel_paramstyle style, struct cup_compiled **out);

struct cup_compiled *
cup_compiled_ref(struct cup_compiled *compiled);

/* NULL is allowed. */
void
cup_compiled_unref(struct cup_compiled *compiled);

#endif
