/* SPDX-License-Identifier: MIT */
#include "dialect/sqlite/statement.h"

#include "../base/failing_alloc.h"

/* A cache over a connection of its own; statements run right here. */
static struct cup_sqlite_cache cache;
static struct cup_sqlite_guard guard;
static struct cup_sqlite_fault fault;

static void
open_cache(size_t limit)
{
    sqlite3 *db;

    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    memset(&fault, 0, sizeof fault);
    cup_sqlite_guard_install(&guard, db);
    cup_sqlite_guard_begin(&guard, CUP_SQLITE_BLOCKING, CUPEL_FOREVER);
    cup_sqlite_cache_init(&cache, limit);
}

static void
close_cache(void)
{
    sqlite3_stmt *stmt;

    while ((stmt = sqlite3_next_stmt(guard.db, NULL)) != NULL)
        sqlite3_finalize(stmt);
    CHECK_INT(sqlite3_close(guard.db), SQLITE_OK);
    cup_sqlite_cache_fini(&cache);
}

static size_t
statement_count(void)
{
    sqlite3_stmt *stmt = NULL;
    size_t count = 0;

    while ((stmt = sqlite3_next_stmt(guard.db, stmt)) != NULL)
        count++;
    return count;
}

static struct cup_sqlite_statement *
take(const char *sql)
{
    struct cup_sqlite_statement *statement;

    CHECK_OK(cup_sqlite_cache_take(&cache, sql, strlen(sql), &statement));
    return statement;
}

static struct cup_sqlite_statement *
take_prepared(const char *sql)
{
    struct cup_sqlite_statement *statement = take(sql);

    CHECK(cup_sqlite_statement_prepare(statement, &guard, &fault));
    return statement;
}

static sqlite3_stmt *
use(const char *sql)
{
    struct cup_sqlite_statement *statement = take_prepared(sql);
    sqlite3_stmt *stmt = statement->stmt;

    cup_sqlite_cache_give(&cache, statement);
    return stmt;
}

static cupel_status
refusal(const char *sql)
{
    struct cup_sqlite_statement *statement = take(sql);
    cupel_status rc;

    memset(&fault, 0, sizeof fault);
    CHECK(!cup_sqlite_statement_prepare(statement, &guard, &fault));
    rc = fault.status;
    cup_sqlite_cache_give(&cache, statement);
    return rc;
}

TEST(the_same_text_is_the_same_statement)
{
    sqlite3_stmt *first;

    open_cache(10);
    first = use("SELECT 1");
    CHECK(use("SELECT 1") == first);
    CHECK(use("SELECT 2") != first);
    CHECK_INT(statement_count(), 2);
    close_cache();
}

TEST(a_statement_in_use_is_not_given_twice)
{
    struct cup_sqlite_statement *first, *second;

    open_cache(10);
    first = take_prepared("SELECT 1");
    second = take_prepared("SELECT 1");
    CHECK(first->stmt != second->stmt);
    cup_sqlite_cache_give(&cache, first);
    cup_sqlite_cache_give(&cache, second);
    CHECK_INT(statement_count(), 1);
    close_cache();
}

TEST(a_kept_statement_in_use_has_a_double_for_the_while)
{
    struct cup_sqlite_statement *first, *second;

    open_cache(10);
    use("SELECT 1");
    first = take_prepared("SELECT 1");
    second = take_prepared("SELECT 1");
    CHECK(first->is_kept && !second->is_kept);
    cup_sqlite_cache_give(&cache, second);
    CHECK_INT(statement_count(), 1);
    cup_sqlite_cache_give(&cache, first);
    close_cache();
}

TEST(the_least_recently_used_goes_first)
{
    sqlite3_stmt *first;

    open_cache(2);
    first = use("SELECT 1");
    use("SELECT 2");
    CHECK(use("SELECT 1") == first);
    use("SELECT 3"); /* 2 goes */
    CHECK_INT(statement_count(), 2);
    CHECK(use("SELECT 1") == first);
    CHECK_INT(cache.by_sql.count, 2);
    close_cache();
}

TEST(a_limit_of_0_keeps_nothing)
{
    open_cache(0);
    use("SELECT 1");
    CHECK_INT(statement_count(), 0);
    close_cache();
}

TEST(one_statement_at_a_time)
{
    open_cache(10);
    CHECK_INT(refusal("SELECT 1; SELECT 2"), CUPEL_E_PROGRAMMING);
    CHECK_INT(refusal("SELECT 1; garbage"), CUPEL_E_PROGRAMMING);
    CHECK_INT(refusal("; ; SELECT 1; x"), CUPEL_E_PROGRAMMING);
    CHECK_INT(statement_count(), 0);
    close_cache();
}

TEST(what_follows_may_be_blank)
{
    open_cache(10);
    use("SELECT 1;");
    use("SELECT 1 ; \n\t;; -- the end");
    use("SELECT 1; /* SELECT 2 */ -- x\n /* unclosed");
    close_cache();
}

TEST(a_comment_is_no_statement)
{
    struct cup_sqlite_statement *statement;

    open_cache(10);
    statement = take_prepared("-- nothing\n");
    CHECK(statement->stmt == NULL);
    CHECK(cup_sqlite_statement_reads(statement));
    CHECK_INT(statement->shape->column_count, 0);
    cup_sqlite_cache_give(&cache, statement);
    CHECK_INT(cache.by_sql.count, 0);
    close_cache();
}

TEST(a_nul_inside_is_refused)
{
    struct cup_sqlite_statement *statement = NULL;

    open_cache(10);
    CHECK_FAILS(cup_sqlite_cache_take(&cache, "SELECT 1\0x", 10, &statement),
                CUPEL_E_PROGRAMMING);
    CHECK(statement == NULL);
    close_cache();
}

TEST(a_syntax_error_is_not_kept)
{
    open_cache(10);
    CHECK_INT(refusal("SELEKT 1"), CUPEL_E_OPERATIONAL);
    CHECK_INT(fault.code, SQLITE_ERROR);
    CHECK_INT(fault.offset, 0);
    CHECK_INT(cache.by_sql.count, 0);
    close_cache();
}

TEST(a_passed_deadline_prepares_nothing)
{
    struct cup_sqlite_statement *statement;

    open_cache(10);
    cup_sqlite_guard_begin(&guard, CUP_SQLITE_BLOCKING, 0);
    statement = take("SELECT 1");
    CHECK(!cup_sqlite_statement_prepare(statement, &guard, &fault));
    CHECK_INT(fault.code, SQLITE_INTERRUPT);
    cup_sqlite_cache_give(&cache, statement);
    CHECK_INT(statement_count(), 0);
    close_cache();
}

TEST(orphans_are_adopted_later)
{
    struct cup_sqlite_statement *statement;

    open_cache(10);
    statement = take_prepared("SELECT 1");
    CHECK_INT(sqlite3_step(statement->stmt), SQLITE_ROW);
    cup_sqlite_cache_orphan(&cache, statement);
    CHECK_INT(sqlite3_stmt_busy(statement->stmt), 1);
    cup_sqlite_cache_adopt(&cache);
    CHECK_INT(sqlite3_stmt_busy(statement->stmt), 0);
    CHECK(use("SELECT 1") == statement->stmt);
    close_cache();
}

TEST(orphans_go_with_their_cache)
{
    open_cache(10);
    cup_sqlite_cache_orphan(&cache, take_prepared("SELECT 1"));
    close_cache();
}

/* ---- What is known of a statement --------------------------------------- */

/* It stays in the cache. */
static const struct cup_sqlite_statement *
description(const char *sql)
{
    struct cup_sqlite_statement *statement = take_prepared(sql);

    cup_sqlite_cache_give(&cache, statement);
    return statement;
}

TEST(the_first_word_tells_what_a_statement_does)
{
    open_cache(100);
    sqlite3_exec(guard.db, "CREATE TABLE t (a)", NULL, NULL, NULL);
    CHECK_INT(description("INSERT INTO t VALUES (1)")->verb, CUP_SQLITE_INSERT);
    CHECK_INT(description("replace INTO t VALUES (1)")->verb,
              CUP_SQLITE_INSERT);
    CHECK_INT(description("/* x */ UPDATE t SET a = 1")->verb,
              CUP_SQLITE_CHANGE);
    CHECK_INT(description("-- x\nDELETE FROM t")->verb, CUP_SQLITE_CHANGE);
    CHECK_INT(description("WITH x AS (SELECT 1) SELECT * FROM x")->verb,
              CUP_SQLITE_WITH);
    CHECK_INT(description("SELECT 1")->verb, CUP_SQLITE_OTHER);
    close_cache();
}

TEST(only_what_changes_rows_counts_them)
{
    open_cache(100);
    sqlite3_exec(guard.db, "CREATE TABLE t (a)", NULL, NULL, NULL);
    CHECK(description("INSERT INTO t VALUES (1)")->counts);
    CHECK(description("WITH x AS (SELECT 1) DELETE FROM t")->counts);
    CHECK(!description("WITH x AS (SELECT 1) SELECT * FROM x")->counts);
    CHECK(!description("CREATE TABLE u (a)")->counts);
    CHECK(!cup_sqlite_statement_reads(description("CREATE TABLE u (a)")));
    CHECK(cup_sqlite_statement_reads(description("SELECT * FROM t")));
    close_cache();
}

TEST(columns_have_names_and_declared_types)
{
    struct cup_sqlite_statement *statement;
    const cupel_column *columns;

    open_cache(10);
    sqlite3_exec(guard.db, "CREATE TABLE t (id INTEGER, at DATETIME)", NULL,
                 NULL, NULL);
    statement = take_prepared("SELECT id, at AS \"when\", 1 + 1 FROM t");
    columns = statement->shape->columns;
    CHECK_INT(statement->shape->column_count, 3);
    CHECK_STR(columns[0].name, "id");
    CHECK_STR(columns[1].name, "when");
    CHECK_STR(columns[2].name, "1 + 1");
    CHECK_INT(columns[0].type, CUPEL_INT);
    CHECK_INT(columns[1].type, CUPEL_DATETIME);
    CHECK_INT(columns[2].type, CUPEL_NULL);
    cup_sqlite_cache_give(&cache, statement);
    close_cache();
}

TEST(a_changed_schema_changes_the_columns)
{
    struct cup_sqlite_statement *statement;
    struct cup_sqlite_shape *before;

    open_cache(10);
    sqlite3_exec(guard.db, "CREATE TABLE t (a); INSERT INTO t VALUES (1)", NULL,
                 NULL, NULL);
    statement = take_prepared("SELECT * FROM t");
    before = cup_sqlite_shape_ref(statement->shape);
    CHECK(cup_sqlite_statement_refresh(statement));
    CHECK(statement->shape == before);
    sqlite3_exec(guard.db, "ALTER TABLE t ADD COLUMN b", NULL, NULL, NULL);
    CHECK_INT(sqlite3_step(statement->stmt), SQLITE_ROW);
    CHECK(cup_sqlite_statement_refresh(statement));
    CHECK_INT(statement->shape->column_count, 2);
    CHECK_INT(before->column_count, 1);
    CHECK_STR(before->columns[0].name, "a");
    cup_sqlite_shape_unref(before);
    cup_sqlite_cache_give(&cache, statement);
    close_cache();
}

TEST(no_shape_is_counted_too)
{
    CHECK(cup_sqlite_shape_ref(NULL) == NULL);
    cup_sqlite_shape_unref(NULL);
}

/* ---- Without memory ----------------------------------------------------- */

TEST(every_failed_allocation_is_survived)
{
    struct cup_sqlite_statement *statement;
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        open_cache(10);
        if (cup_sqlite_cache_take(&cache, "SELECT 1", 8, &statement) ==
            CUPEL_OK) {
            if (!cup_sqlite_statement_prepare(statement, &guard, &fault))
                CHECK_INT(fault.status, CUPEL_E_NOMEM);
            cup_sqlite_cache_give(&cache, statement);
        }
        CHECK(statement_count() <= 1);
        close_cache();
        cup_error_give(NULL);
        failing_alloc_end();
    }
}
