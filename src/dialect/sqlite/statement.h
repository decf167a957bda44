/* SPDX-License-Identifier: MIT */
/* Prepared statements, kept by their text, least recently used last. */
#ifndef CUP_DIALECT_SQLITE_STATEMENT_H
#define CUP_DIALECT_SQLITE_STATEMENT_H

#include <cupel/ext/dialect.h>

#include <sqlite3.h>
#include <stdatomic.h>

#include "base/list.h"
#include "base/map.h"
#include "dialect/sqlite/error.h"
#include "dialect/sqlite/guard.h"

/* The columns of a statement: shared by the statement and every result of it,
 * freed with the last. Immutable. */
struct cup_sqlite_shape {
    atomic_size_t refs;
    size_t column_count;
    cupel_column columns[]; /* behind them their names */
};

/* The shape with one reference more. NULL is allowed. */
struct cup_sqlite_shape *
cup_sqlite_shape_ref(struct cup_sqlite_shape *shape);

/* NULL is allowed. */
void
cup_sqlite_shape_unref(struct cup_sqlite_shape *shape);

/* What a statement does to rows, as its first word says. */
enum cup_sqlite_verb {
    CUP_SQLITE_OTHER,
    CUP_SQLITE_INSERT, /* also REPLACE */
    CUP_SQLITE_CHANGE, /* UPDATE, DELETE */
    CUP_SQLITE_WITH    /* any of these, or a SELECT */
};

/* One text and, once a worker has prepared it, its statement. Owned by the
 * cache while idle, else by whoever took it. */
struct cup_sqlite_statement {
    struct cup_list link; /* in cup_sqlite_cache.recent, or .orphans */
    sqlite3_stmt *stmt;   /* NULL: not prepared, or nothing but a comment */
    struct cup_sqlite_shape *shape; /* one reference; NULL: not prepared */
    int reprepared;                 /* sqlite's counter when `shape` was made */
    enum cup_sqlite_verb verb;
    atomic_bool reads; /* it writes nothing; see cup_sqlite_statement_reads() */
    bool counts;       /* it tells how many rows it changed */
    bool is_kept;      /* in cup_sqlite_cache.by_sql */
    bool in_use;
    size_t len;
    char sql[];
};

/* Whether it is known to write nothing. May be asked while a worker has it. */
static inline bool
cup_sqlite_statement_reads(const struct cup_sqlite_statement *statement)
{
    return atomic_load_explicit(&statement->reads, memory_order_relaxed);
}

struct cup_sqlite_cache {
    struct cup_map by_sql;   /* of those that are kept, idle or in use */
    struct cup_list recent;  /* of the idle ones, the latest first */
    struct cup_list orphans; /* given back while the connection was in use */
    size_t limit;
};

void
cup_sqlite_cache_init(struct cup_sqlite_cache *cache, size_t limit);

/* Forget everything; the connection has been closed, and sqlite's statements
 * with it. No statement may be in use. */
void
cup_sqlite_cache_fini(struct cup_sqlite_cache *cache);

/* A statement for this text that nobody uses; maybe prepared before.
 * PROGRAMMING for a text with a NUL inside, NOMEM. */
cupel_status
cup_sqlite_cache_take(struct cup_sqlite_cache *cache, const char *sql,
                      size_t len, struct cup_sqlite_statement **out);

/* Give it back, reset. Not while a worker has the connection. */
void
cup_sqlite_cache_give(struct cup_sqlite_cache *cache,
                      struct cup_sqlite_statement *statement);

/* Give it back while somebody else may use the connection. */
void
cup_sqlite_cache_orphan(struct cup_sqlite_cache *cache,
                        struct cup_sqlite_statement *statement);

/* Give back the orphans. Not while a worker has the connection. */
void
cup_sqlite_cache_adopt(struct cup_sqlite_cache *cache);

/* Free a statement whose connection was closed. NULL is allowed. */
void
cup_sqlite_statement_forget(struct cup_sqlite_statement *statement);

/* ---- Where sqlite is used: on a worker, or inline ------------------------ */

/* Prepare it, unless it is. False: see the fault. Yields. */
bool
cup_sqlite_statement_prepare(struct cup_sqlite_statement *statement,
                             struct cup_sqlite_guard *guard,
                             struct cup_sqlite_fault *fault);

/* Sqlite may have prepared it again because the schema changed: look at its
 * columns once more. False: no memory. */
bool
cup_sqlite_statement_refresh(struct cup_sqlite_statement *statement);

#endif
