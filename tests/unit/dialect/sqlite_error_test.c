/* SPDX-License-Identifier: MIT */
#include "dialect/sqlite/error.h"

#include "base/error.h"
#include "support/test.h"

#include <errno.h>
#include <stdio.h>

/* The fault that `sql` makes in a database with `setup`, raised. */
static const cupel_error *
raise_from(const char *setup, const char *sql)
{
    struct cup_sqlite_fault fault;
    sqlite3_stmt *stmt = NULL;
    sqlite3 *db;
    int rc;

    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    CHECK_INT(sqlite3_exec(db, setup, NULL, NULL, NULL), SQLITE_OK);
    rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    fault.stepping = rc == SQLITE_OK;
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    CHECK(rc != SQLITE_DONE && rc != SQLITE_ROW);
    cup_sqlite_fault_note(&fault, db, rc);
    fault.stepping = stmt != NULL;
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    CHECK_INT(cup_sqlite_fault_raise(&fault, sql), fault.status);
    return cupel_error_last();
}

static const cupel_error *
raise_message(int code, const char *message, bool stepping)
{
    struct cup_sqlite_fault fault;

    cup_sqlite_fault_note(&fault, NULL, code);
    snprintf(fault.message, sizeof fault.message, "%s", message);
    fault.stepping = stepping;
    CHECK_INT(cup_sqlite_fault_raise(&fault, NULL), fault.status);
    return cupel_error_last();
}

TEST(every_code_has_its_class)
{
    static const struct {
        int code;
        cupel_status status;
    } table[] = {
        { SQLITE_ERROR, CUPEL_E_OPERATIONAL },
        { SQLITE_INTERNAL, CUPEL_E_INTERNAL },
        { SQLITE_PERM, CUPEL_E_OPERATIONAL },
        { SQLITE_ABORT_ROLLBACK, CUPEL_E_OPERATIONAL },
        { SQLITE_BUSY_SNAPSHOT, CUPEL_E_OPERATIONAL },
        { SQLITE_LOCKED, CUPEL_E_OPERATIONAL },
        { SQLITE_NOMEM, CUPEL_E_NOMEM },
        { SQLITE_READONLY, CUPEL_E_OPERATIONAL },
        { SQLITE_INTERRUPT, CUPEL_E_OPERATIONAL },
        { SQLITE_IOERR_READ, CUPEL_E_OPERATIONAL },
        { SQLITE_CORRUPT, CUPEL_E_DATABASE },
        { SQLITE_NOTFOUND, CUPEL_E_INTERNAL },
        { SQLITE_FULL, CUPEL_E_OPERATIONAL },
        { SQLITE_CANTOPEN, CUPEL_E_OPERATIONAL },
        { SQLITE_SCHEMA, CUPEL_E_OPERATIONAL },
        { SQLITE_TOOBIG, CUPEL_E_DATA },
        { SQLITE_CONSTRAINT_UNIQUE, CUPEL_E_INTEGRITY },
        { SQLITE_MISMATCH, CUPEL_E_INTEGRITY },
        { SQLITE_MISUSE, CUPEL_E_INTERFACE },
        { SQLITE_RANGE, CUPEL_E_INTERFACE },
        { SQLITE_NOTADB, CUPEL_E_DATABASE },
        { SQLITE_AUTH, CUPEL_E_DATABASE },
    };
    size_t i;

    for (i = 0; i < sizeof table / sizeof table[0]; i++)
        CHECK_INT(cup_sqlite_status(table[i].code), table[i].status);
}

TEST(a_database_that_lies_breaks_its_connection)
{
    CHECK(cup_sqlite_breaks(SQLITE_CORRUPT_INDEX));
    CHECK(cup_sqlite_breaks(SQLITE_NOTADB));
    CHECK(cup_sqlite_breaks(SQLITE_IOERR_FSYNC));
    CHECK(cup_sqlite_breaks(SQLITE_READONLY_DBMOVED));
    CHECK(!cup_sqlite_breaks(SQLITE_READONLY));
    CHECK(!cup_sqlite_breaks(SQLITE_FULL));
    CHECK(!cup_sqlite_breaks(SQLITE_BUSY));
}

TEST(a_syntax_error_is_located_in_characters)
{
    const cupel_error *error = raise_from("", "SELECT 'äöü', FROM");

    CHECK_INT(cupel_error_status(error), CUPEL_E_OPERATIONAL);
    CHECK_INT(cupel_error_position(error), 15);
    CHECK_STR(cupel_error_statement(error), "SELECT 'äöü', FROM");
    CHECK_INT(cupel_error_vendor_code(error), SQLITE_ERROR);
}

TEST(a_missing_table_is_operational)
{
    const cupel_error *error = raise_from("", "SELECT * FROM nowhere");

    CHECK_INT(cupel_error_status(error), CUPEL_E_OPERATIONAL);
    CHECK_STR(cupel_error_message(error), "no such table: nowhere");
}

TEST(a_unique_violation_names_table_and_column)
{
    const cupel_error *error =
        raise_from("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)",
                   "INSERT INTO t VALUES (1)");

    CHECK_INT(cupel_error_status(error), CUPEL_E_INTEGRITY);
    CHECK_INT(cupel_error_vendor_code(error), SQLITE_CONSTRAINT_UNIQUE);
    CHECK_STR(cupel_error_table(error), "t");
    CHECK_STR(cupel_error_column(error), "a");
    CHECK(cupel_error_constraint(error) == NULL);
}

TEST(a_unique_violation_of_two_columns_names_the_table)
{
    const cupel_error *error = raise_from(
        "CREATE TABLE t (a, b, UNIQUE (a, b)); INSERT INTO t VALUES (1, 2)",
        "INSERT INTO t VALUES (1, 2)");

    CHECK_STR(cupel_error_table(error), "t");
    CHECK(cupel_error_column(error) == NULL);
}

TEST(a_violated_index_on_an_expression_is_named)
{
    const cupel_error *error =
        raise_from("CREATE TABLE t (a); CREATE UNIQUE INDEX low ON t "
                   "(lower(a)); INSERT INTO t VALUES ('x')",
                   "INSERT INTO t VALUES ('X')");

    CHECK_STR(cupel_error_constraint(error), "low");
    CHECK(cupel_error_table(error) == NULL);
}

TEST(a_missing_value_names_table_and_column)
{
    const cupel_error *error = raise_from("CREATE TABLE t (a NOT NULL)",
                                          "INSERT INTO t VALUES (NULL)");

    CHECK_INT(cupel_error_vendor_code(error), SQLITE_CONSTRAINT_NOTNULL);
    CHECK_STR(cupel_error_table(error), "t");
    CHECK_STR(cupel_error_column(error), "a");
}

TEST(a_violated_check_is_named)
{
    const cupel_error *error =
        raise_from("CREATE TABLE t (a, CONSTRAINT positive CHECK (a > 0))",
                   "INSERT INTO t VALUES (0)");

    CHECK_STR(cupel_error_constraint(error), "positive");
}

TEST(a_violated_foreign_key_has_no_names)
{
    const cupel_error *error = raise_from(
        "PRAGMA foreign_keys=on; CREATE TABLE a (x PRIMARY KEY); CREATE TABLE "
        "b (y REFERENCES a)",
        "INSERT INTO b VALUES (7)");

    CHECK_INT(cupel_error_status(error), CUPEL_E_INTEGRITY);
    CHECK_INT(cupel_error_vendor_code(error), SQLITE_CONSTRAINT_FOREIGNKEY);
    CHECK(cupel_error_table(error) == NULL);
}

TEST(a_strict_column_is_named)
{
    const cupel_error *error = raise_from("CREATE TABLE t (a INTEGER) STRICT",
                                          "INSERT INTO t VALUES ('seven')");

    CHECK_STR(cupel_error_table(error), "t");
    CHECK_STR(cupel_error_column(error), "a");
    CHECK(strstr(cupel_error_message(error), "seven") == NULL);
}

TEST(a_trigger_speaks_for_itself)
{
    const cupel_error *error = raise_from(
        "CREATE TABLE t (a); CREATE TRIGGER no BEFORE INSERT ON t BEGIN SELECT "
        "RAISE(ABORT, 'we are ''closed'''); END",
        "INSERT INTO t VALUES (1)");

    CHECK_INT(cupel_error_status(error), CUPEL_E_INTEGRITY);
    CHECK_STR(cupel_error_message(error), "we are 'closed'");
}

TEST(what_a_running_function_quotes_is_left_to_the_detail)
{
    const cupel_error *error = raise_message(
        SQLITE_ERROR, "fts5: syntax error near \"secret\" 'and' [more]", true);

    CHECK_STR(cupel_error_message(error),
              "fts5: syntax error near \"...\" '...' [...]");
    CHECK_STR(cupel_error_detail(error),
              "fts5: syntax error near \"secret\" 'and' [more]");
}

TEST(what_the_compiler_quotes_is_the_statement)
{
    const cupel_error *error =
        raise_message(SQLITE_ERROR, "near \"FORM\": syntax error", false);

    CHECK_STR(cupel_error_message(error), "near \"FORM\": syntax error");
    CHECK(cupel_error_detail(error) == NULL);
}

TEST(a_single_quote_hides_nothing)
{
    CHECK_STR(cupel_error_message(raise_message(SQLITE_ERROR, "can't", true)),
              "can't");
    CHECK_STR(cupel_error_message(raise_message(SQLITE_ERROR, "''", true)),
              "''");
}

TEST(hiding_a_full_message_of_quotes_overruns_nothing)
{
    char message[CUP_SQLITE_MESSAGE_SIZE];

    memset(message, '"', sizeof message - 1);
    message[sizeof message - 1] = '\0';
    CHECK_STR(cupel_error_message(raise_message(SQLITE_ERROR, message, true)),
              "\"...\"");
}

TEST(a_long_message_is_cut_at_a_character)
{
    struct cup_sqlite_fault fault;
    char message[CUP_SQLITE_MESSAGE_SIZE + 64];
    size_t len;

    memset(message, 'x', sizeof message);
    memcpy(message + CUP_SQLITE_MESSAGE_SIZE - 3, "ääää", 9);
    cup_sqlite_fault_say(&fault, CUPEL_E_PROGRAMMING, message);
    len = strlen(fault.message);
    CHECK_INT(len, CUP_SQLITE_MESSAGE_SIZE - 1);
    memcpy(message + CUP_SQLITE_MESSAGE_SIZE - 2, "ääää", 9);
    cup_sqlite_fault_say(&fault, CUPEL_E_PROGRAMMING, message);
    CHECK_INT(strlen(fault.message), CUP_SQLITE_MESSAGE_SIZE - 2);
}

TEST(a_lock_may_be_tried_again)
{
    CHECK(cupel_error_retry_safe(raise_message(SQLITE_BUSY, "locked", true)));
    CHECK(cupel_error_retry_safe(
        raise_message(SQLITE_BUSY_SNAPSHOT, "locked", true)));
    CHECK(cupel_error_retry_safe(raise_message(SQLITE_LOCKED, "busy", true)));
    CHECK(!cupel_error_retry_safe(raise_message(SQLITE_FULL, "full", true)));
    CHECK(!cupel_error_connection_lost(
        raise_message(SQLITE_BUSY, "locked", true)));
}

TEST(a_broken_connection_is_lost)
{
    const cupel_error *error = raise_message(SQLITE_CORRUPT, "torn", true);

    CHECK(cupel_error_connection_lost(error));
    CHECK_INT(cupel_error_status(error), CUPEL_E_DATABASE);
}

TEST(the_system_has_its_say)
{
    struct cup_sqlite_fault fault;

    cup_sqlite_fault_note(&fault, NULL, SQLITE_CANTOPEN);
    fault.os_error = ENOENT;
    CHECK_FAILS(cup_sqlite_fault_raise(&fault, NULL), CUPEL_E_OPERATIONAL);
    CHECK(strstr(cupel_error_text(), "No such file") != NULL);
}

TEST(no_memory_is_no_memory)
{
    struct cup_sqlite_fault fault;

    cup_sqlite_fault_note(&fault, NULL, SQLITE_NOMEM);
    CHECK_FAILS(cup_sqlite_fault_raise(&fault, "SELECT 1"), CUPEL_E_NOMEM);
    CHECK_STR(cupel_error_text(), "out of memory");
}

TEST(a_finding_of_ours_keeps_its_class)
{
    struct cup_sqlite_fault fault;

    cup_sqlite_fault_say(&fault, CUPEL_E_PROGRAMMING, "one at a time");
    CHECK_FAILS(cup_sqlite_fault_raise(&fault, "x"), CUPEL_E_PROGRAMMING);
    CHECK_STR(cupel_error_text(), "one at a time");
    CHECK_INT(cupel_error_vendor_code(cupel_error_last()), 0);
    CHECK_INT(cupel_error_position(cupel_error_last()), 0);
}
