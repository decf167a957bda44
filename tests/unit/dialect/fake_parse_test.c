/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

#include "dialect/fake/sql.h"

static const struct {
    const char *sql;
    enum cup_fake_stmt_kind kind;
    size_t params;
} good[] = {
    { "CREATE TABLE t (a INT)", CUP_FAKE_CREATE, 0 },
    { "CREATE TABLE IF NOT EXISTS t (a INT NULL, CONSTRAINT c UNIQUE (a))",
      CUP_FAKE_CREATE, 0 },
    { "create table t (a int primary key, b int not null unique)",
      CUP_FAKE_CREATE, 0 },
    { "DROP TABLE t;", CUP_FAKE_DROP, 0 },
    { "DROP TABLE IF EXISTS t", CUP_FAKE_DROP, 0 },
    { "INSERT INTO t VALUES (?, ?), (?, ?) RETURNING *", CUP_FAKE_INSERT, 4 },
    { "INSERT INTO t (a, b) VALUES (1, ? + 1) RETURNING a AS x, b",
      CUP_FAKE_INSERT, 1 },
    { "SELECT ? AS a, *, count(*) FROM t WHERE a = ? ORDER BY a DESC, b ASC "
      "LIMIT ? OFFSET 2",
      CUP_FAKE_SELECT, 3 },
    { "UPDATE t SET a = ?, b = b + 1 WHERE c = ? RETURNING a", CUP_FAKE_UPDATE,
      2 },
    { "DELETE FROM t WHERE a = ? RETURNING *", CUP_FAKE_DELETE, 1 },
    { "BEGIN", CUP_FAKE_BEGIN_TRANSACTION, 0 },
    { "BEGIN ISOLATION LEVEL SERIALIZABLE", CUP_FAKE_BEGIN_TRANSACTION, 0 },
    { "COMMIT", CUP_FAKE_COMMIT_TRANSACTION, 0 },
    { "ROLLBACK ;", CUP_FAKE_ROLLBACK_TRANSACTION, 0 },
    { "ROLLBACK TO s", CUP_FAKE_ROLLBACK_TO, 0 },
    { "ROLLBACK TO SAVEPOINT s", CUP_FAKE_ROLLBACK_TO, 0 },
    { "SAVEPOINT s", CUP_FAKE_SAVEPOINT, 0 },
    { "RELEASE s", CUP_FAKE_RELEASE, 0 },
    { "RELEASE SAVEPOINT s -- done", CUP_FAKE_RELEASE, 0 },
};

static const char *const bad[] = {
    "",
    ";",
    "EXPLAIN SELECT 1",
    "CREATE t",
    "CREATE TABLE t",
    "CREATE TABLE t ()",
    "CREATE TABLE t (a INT,)",
    "CREATE TABLE t (a INT NOT)",
    "CREATE TABLE t (a INT PRIMARY)",
    "CREATE TABLE t (a INT DEFAULT 1)",
    "CREATE TABLE t (CONSTRAINT c CHECK (1))",
    "CREATE TABLE t (PRIMARY KEY)",
    "CREATE TABLE IF t (a INT)",
    "DROP t",
    "DROP TABLE IF t",
    "INSERT t VALUES (1)",
    "INSERT INTO t (1) VALUES (1)",
    "INSERT INTO t (a VALUES (1)",
    "INSERT INTO t VALUES 1",
    "INSERT INTO t VALUES (1), 2",
    "INSERT INTO t VALUES (*)",
    "INSERT INTO t VALUES (1) RETURNING",
    "SELECT 1 FROM",
    "SELECT 1 FROM t WHERE",
    "SELECT 1 FROM t ORDER a",
    "SELECT 1 FROM t LIMIT",
    "SELECT 1 AS",
    "UPDATE t a = 1",
    "UPDATE t SET a",
    "UPDATE t SET a = ",
    "UPDATE t SET * = 1",
    "DELETE t",
    "SAVEPOINT",
    "ROLLBACK TO",
    "COMMIT now",
    "SELECT 1; SELECT 2",
};

TEST(statements_are_recognised)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct cup_arena arena = { NULL, NULL, NULL };
        struct cup_fake_stmt *stmt;

        CHECK_OK(
            cup_fake_parse(good[i].sql, strlen(good[i].sql), &arena, &stmt));
        CHECK_INT(stmt->kind, good[i].kind);
        CHECK_INT(stmt->param_count, good[i].params);
        cup_arena_fini(&arena);
    }
}

TEST(broken_statements_are_refused)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct cup_arena arena = { NULL, NULL, NULL };
        struct cup_fake_stmt *stmt;

        CHECK_SQLSTATE(cup_fake_parse(bad[i], strlen(bad[i]), &arena, &stmt),
                       CUPEL_E_PROGRAMMING, "42601");
        CHECK(cupel_error_position(cupel_error_last()) > 0);
        cup_arena_fini(&arena);
    }
}

TEST(every_beginning_of_a_statement_is_survived)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        for (size_t len = 0; len < strlen(good[i].sql); len++) {
            struct cup_arena arena = { NULL, NULL, NULL };
            struct cup_fake_stmt *stmt;
            cupel_status rc = cup_fake_parse(good[i].sql, len, &arena, &stmt);

            CHECK(rc == CUPEL_OK || rc == CUPEL_E_PROGRAMMING);
            cup_arena_fini(&arena);
        }
    }
}

FAKE_TEST(result_columns_have_names)
{
    cupel_rows *rows;

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake_execute(wire,
                          "SELECT count(*), sum(a), count(*) + 1, "
                          "count(a) AS \"N\" FROM t",
                          NULL, 0, &rows));
    CHECK_STR(rows->columns[0].name, "count");
    CHECK_STR(rows->columns[1].name, "sum");
    CHECK_STR(rows->columns[2].name, "?column?");
    CHECK_STR(rows->columns[3].name, "N");
    rows->ops->free(rows);
}
