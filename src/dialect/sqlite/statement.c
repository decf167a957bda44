/* SPDX-License-Identifier: MIT */
/* Prepared statements, kept by their text.
 *
 * The loop's thread decides which statement is used and which one goes; what
 * takes time, preparing and running, happens where the unit of work runs. The
 * two never touch the connection at the same moment: what is given back while a
 * unit runs is an orphan until that has ended. */
#include "dialect/sqlite/statement.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/sqlite/types.h"

/* ---- Shapes ------------------------------------------------------------- */

struct cup_sqlite_shape *
cup_sqlite_shape_ref(struct cup_sqlite_shape *shape)
{
    if (shape != NULL)
        atomic_fetch_add_explicit(&shape->refs, 1, memory_order_relaxed);
    return shape;
}

void
cup_sqlite_shape_unref(struct cup_sqlite_shape *shape)
{
    if (shape != NULL &&
        atomic_fetch_sub_explicit(&shape->refs, 1, memory_order_acq_rel) == 1)
        cup_free(shape);
}

static const char *
column_name(sqlite3_stmt *stmt, size_t column)
{
    const char *name = sqlite3_column_name(stmt, (int)column);

    return name != NULL ? name : ""; /* sqlite has no memory for it */
}

static struct cup_sqlite_shape *
make_shape(sqlite3_stmt *stmt)
{
    size_t count = (size_t)sqlite3_column_count(stmt), names = 0, len, i;
    struct cup_sqlite_shape *shape;
    const char *name;
    char *next;

    for (i = 0; i < count; i++)
        names += strlen(column_name(stmt, i)) + 1;
    shape = cup_alloc(sizeof *shape + count * sizeof shape->columns[0] + names);
    if (shape == NULL)
        return NULL;
    atomic_init(&shape->refs, 1);
    shape->column_count = count;
    next = (char *)(shape->columns + count);
    for (i = 0; i < count; i++) {
        name = column_name(stmt, i);
        len = strlen(name) + 1;
        memcpy(next, name, len);
        shape->columns[i].name = next;
        shape->columns[i].type = (int32_t)cup_sqlite_declared_type(
            sqlite3_column_decltype(stmt, (int)i));
        next += len;
    }
    return shape;
}

/* ---- The cache ---------------------------------------------------------- */

void
cup_sqlite_cache_init(struct cup_sqlite_cache *cache, size_t limit)
{
    memset(cache, 0, sizeof *cache);
    cup_list_init(&cache->recent);
    cup_list_init(&cache->orphans);
    cache->limit = limit;
}

void
cup_sqlite_statement_forget(struct cup_sqlite_statement *statement)
{
    if (statement == NULL)
        return;
    cup_list_remove(&statement->link);
    cup_sqlite_shape_unref(statement->shape);
    cup_free(statement);
}

static void
forget_all(struct cup_list *list)
{
    struct cup_list *link;

    while ((link = cup_list_pop(list)) != NULL)
        cup_sqlite_statement_forget(
            CUP_CONTAINER(link, struct cup_sqlite_statement, link));
}

void
cup_sqlite_cache_fini(struct cup_sqlite_cache *cache)
{
    forget_all(&cache->recent);
    forget_all(&cache->orphans);
    cup_map_fini(&cache->by_sql);
}

static cupel_status
make_statement(const char *sql, size_t len, struct cup_sqlite_statement **out)
{
    struct cup_sqlite_statement *statement;

    if (memchr(sql, '\0', len) != NULL)
        return cup_error_set(CUPEL_E_PROGRAMMING,
                             "the statement has a NUL inside");
    if (len >= INT32_MAX)
        return cup_error_set(CUPEL_E_PROGRAMMING, "the statement is too long");
    statement = cup_alloc(sizeof *statement + len + 1);
    if (statement == NULL)
        return cup_nomem();
    cup_list_init(&statement->link);
    statement->len = len;
    memcpy(statement->sql, sql, len);
    *out = statement;
    return CUPEL_OK;
}

cupel_status
cup_sqlite_cache_take(struct cup_sqlite_cache *cache, const char *sql,
                      size_t len, struct cup_sqlite_statement **out)
{
    struct cup_sqlite_statement *kept = cup_map_get(&cache->by_sql, sql, len);
    cupel_status rc = CUPEL_OK;

    if (kept != NULL && !kept->in_use) {
        cup_list_remove(&kept->link);
        *out = kept;
    } else {
        rc = make_statement(sql, len, out);
    }
    if (rc == CUPEL_OK)
        (*out)->in_use = true;
    return rc;
}

static void
destroy(struct cup_sqlite_cache *cache, struct cup_sqlite_statement *statement)
{
    if (statement->is_kept)
        cup_map_remove(&cache->by_sql, statement->sql, statement->len);
    sqlite3_finalize(statement->stmt);
    cup_sqlite_statement_forget(statement);
}

/* Put a new statement under its text. Without memory it just is not kept. */
static void
keep(struct cup_sqlite_cache *cache, struct cup_sqlite_statement *statement)
{
    if (statement->is_kept || statement->shape == NULL ||
        statement->stmt == NULL || cache->limit == 0 ||
        cup_map_get(&cache->by_sql, statement->sql, statement->len) != NULL)
        return;
    statement->is_kept = cup_map_put(&cache->by_sql, statement->sql,
                                     statement->len, statement) == CUPEL_OK;
}

void
cup_sqlite_cache_give(struct cup_sqlite_cache *cache,
                      struct cup_sqlite_statement *statement)
{
    assert(statement->in_use);
    sqlite3_reset(statement->stmt);
    keep(cache, statement);
    statement->in_use = false;
    if (!statement->is_kept) {
        destroy(cache, statement);
        return;
    }
    cup_list_push_front(&cache->recent, &statement->link);
    if (cache->by_sql.count > cache->limit)
        destroy(cache, CUP_CONTAINER(cache->recent.prev,
                                     struct cup_sqlite_statement, link));
}

void
cup_sqlite_cache_orphan(struct cup_sqlite_cache *cache,
                        struct cup_sqlite_statement *statement)
{
    assert(statement->in_use && cup_list_empty(&statement->link));
    cup_list_push(&cache->orphans, &statement->link);
}

void
cup_sqlite_cache_adopt(struct cup_sqlite_cache *cache)
{
    struct cup_list *link;

    while ((link = cup_list_pop(&cache->orphans)) != NULL)
        cup_sqlite_cache_give(
            cache, CUP_CONTAINER(link, struct cup_sqlite_statement, link));
}

/* ---- Where sqlite is used ----------------------------------------------- */

/* What follows white space and comments. An unclosed comment ends the text. */
static const char *
skip_blank(const char *text, const char *also)
{
    const char *end;

    for (;;) {
        text += strspn(text, also);
        if (strncmp(text, "--", 2) == 0)
            text += strcspn(text, "\n");
        else if (strncmp(text, "/*", 2) == 0)
            text = (end = strstr(text + 2, "*/")) != NULL ? end + 2 : "";
        else
            return text;
    }
}

static bool
starts_with(const char *text, const char *word)
{
    size_t len = strlen(word);

    return strncasecmp(text, word, len) == 0;
}

static enum cup_sqlite_verb
verb_of(const char *sql)
{
    const char *word = skip_blank(sql, " \t\n\f\r;");

    if (starts_with(word, "INSERT") || starts_with(word, "REPLACE"))
        return CUP_SQLITE_INSERT;
    if (starts_with(word, "UPDATE") || starts_with(word, "DELETE"))
        return CUP_SQLITE_CHANGE;
    return starts_with(word, "WITH") ? CUP_SQLITE_WITH : CUP_SQLITE_OTHER;
}

bool
cup_sqlite_statement_refresh(struct cup_sqlite_statement *statement)
{
    struct cup_sqlite_shape *shape;
    int reprepared = 0;

    if (statement->stmt != NULL)
        reprepared = sqlite3_stmt_status(statement->stmt,
                                         SQLITE_STMTSTATUS_REPREPARE, 0);
    if (statement->shape != NULL && reprepared == statement->reprepared)
        return true;
    shape = make_shape(statement->stmt);
    if (shape == NULL)
        return false;
    cup_sqlite_shape_unref(statement->shape);
    statement->shape = shape;
    statement->reprepared = reprepared;
    return true;
}

static bool
describe(struct cup_sqlite_statement *statement, struct cup_sqlite_fault *fault)
{
    bool reads =
        statement->stmt == NULL || sqlite3_stmt_readonly(statement->stmt);

    atomic_store_explicit(&statement->reads, reads, memory_order_relaxed);
    statement->verb = verb_of(statement->sql);
    statement->counts = !reads && statement->verb != CUP_SQLITE_OTHER;
    if (cup_sqlite_statement_refresh(statement))
        return true;
    cup_sqlite_fault_note(fault, NULL, SQLITE_NOMEM);
    return false;
}

bool
cup_sqlite_statement_prepare(struct cup_sqlite_statement *statement,
                             struct cup_sqlite_guard *guard,
                             struct cup_sqlite_fault *fault)
{
    const char *tail;
    int rc = SQLITE_INTERRUPT;

    if (statement->shape != NULL)
        return true;
    if (cup_sqlite_guard_stops(guard)) {
        cup_sqlite_fault_note(fault, NULL, rc);
        return false;
    }
    rc = sqlite3_prepare_v3(guard->db, statement->sql, (int)statement->len + 1,
                            SQLITE_PREPARE_PERSISTENT, &statement->stmt, &tail);
    if (rc != SQLITE_OK) {
        cup_sqlite_fault_note(fault, guard->db, rc);
        return false;
    }
    if (*skip_blank(tail, " \t\n\f\r;") != '\0') {
        cup_sqlite_fault_say(fault, CUPEL_E_PROGRAMMING,
                             "sqlite takes one statement at a time");
        return false;
    }
    return describe(statement, fault);
}
