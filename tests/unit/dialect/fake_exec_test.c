/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

static void
make_table(cupel_wire *wire)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE t (id INTEGER PRIMARY KEY, "
                            "name TEXT NOT NULL, code TEXT UNIQUE)"));
}

/* Affected rows and the last id of one statement. */
static void
check_counts(cupel_wire *wire, const char *sql, int64_t affected, int64_t id)
{
    cupel_rows *rows;

    CHECK_OK(fake_execute(wire, sql, NULL, 0, &rows));
    CHECK_INT(rows->affected, affected);
    CHECK_INT(rows->last_insert_id, id);
    CHECK(!rows->more);
    rows->ops->free(rows);
}

FAKE_TEST(rows_are_inserted_changed_and_deleted)
{
    make_table(wire);
    check_counts(wire, "INSERT INTO t (id, name) VALUES (1, 'a'), (2, 'b')", 2,
                 2);
    check_counts(wire, "UPDATE t SET name = name || '!' WHERE id = 2", 1, 0);
    CHECK_ASK(wire, "SELECT * FROM t", "1,a,NULL;2,b!,NULL");
    check_counts(wire, "UPDATE t SET name = 'c'", 2, 0);
    check_counts(wire, "UPDATE t SET name = 'd' WHERE id = 9", 0, 0);
    check_counts(wire, "DELETE FROM t WHERE id = 1", 1, 0);
    CHECK_ASK(wire, "SELECT id, name FROM t", "2,c");
    check_counts(wire, "DELETE FROM t", 1, 0);
    check_counts(wire, "SELECT 1", -1, 0);
    CHECK_ASK(wire, "SELECT * FROM t", "");
}

FAKE_TEST(integer_primary_keys_number_themselves)
{
    make_table(wire);
    check_counts(wire, "INSERT INTO t (name) VALUES ('a'), ('b')", 2, 2);
    check_counts(wire, "INSERT INTO t (id, name) VALUES (10, 'c')", 1, 10);
    check_counts(wire, "INSERT INTO t (id, name) VALUES (NULL, 'd')", 1, 11);
    CHECK_ASK(wire, "SELECT id FROM t ORDER BY id", "1;2;10;11");
    CHECK_OK(fake_run(wire, "INSERT INTO t (id, name) VALUES ('x', 'odd')"));
    CHECK_OK(fake_run(wire, "CREATE TABLE plain (a TEXT PRIMARY KEY)"));
    check_counts(wire, "INSERT INTO plain VALUES ('k')", 1, 0);
}

FAKE_TEST(returning_shows_the_rows)
{
    make_table(wire);
    CHECK_ASK(wire,
              "INSERT INTO t (name) VALUES ('a'), ('b') RETURNING id, "
              "name || '?' AS asked",
              "1,a?;2,b?");
    CHECK_ASK(wire, "UPDATE t SET name = 'z' WHERE id = 1 RETURNING *",
              "1,z,NULL");
    CHECK_ASK(wire, "DELETE FROM t RETURNING id", "1;2");
    CHECK_SQLSTATE(fake_run(wire, "DELETE FROM t RETURNING count(*)"),
                   CUPEL_E_PROGRAMMING, "42803");
}

FAKE_TEST(updates_see_the_old_row)
{
    CHECK_OK(fake_run(wire, "CREATE TABLE p (a INT, b INT)"));
    CHECK_OK(fake_run(wire, "INSERT INTO p VALUES (1, 2)"));
    CHECK_OK(fake_run(wire, "UPDATE p SET a = b, b = a"));
    CHECK_ASK(wire, "SELECT * FROM p", "2,1");
}

FAKE_TEST(constraints_are_kept_and_named)
{
    const cupel_error *error;

    make_table(wire);
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1, 'a', 'x')"));
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t VALUES (1, 'b', 'y')"),
                   CUPEL_E_INTEGRITY, "23505");
    error = cupel_error_last();
    CHECK_STR(cupel_error_table(error), "t");
    CHECK_STR(cupel_error_column(error), "id");
    CHECK_STR(cupel_error_constraint(error), "t_pkey");
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t VALUES (2, 'b', 'x')"),
                   CUPEL_E_INTEGRITY, "23505");
    CHECK_STR(cupel_error_constraint(cupel_error_last()), "t_code_key");
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t (id) VALUES (3)"),
                   CUPEL_E_INTEGRITY, "23502");
    CHECK_STR(cupel_error_column(cupel_error_last()), "name");
    CHECK_SQLSTATE(fake_run(wire, "UPDATE t SET name = NULL"),
                   CUPEL_E_INTEGRITY, "23502");
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (2, 'b', NULL), "
                            "(3, 'c', NULL)"));
    CHECK_SQLSTATE(fake_run(wire, "UPDATE t SET code = 'x' WHERE id = 2"),
                   CUPEL_E_INTEGRITY, "23505");
    CHECK_OK(fake_run(wire, "UPDATE t SET id = 1 WHERE id = 1"));
    CHECK_ASK(wire, "SELECT count(*) FROM t", "3");
}

FAKE_TEST(a_failed_statement_leaves_nothing_behind)
{
    make_table(wire);
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t (id, name) VALUES (1, 'a'), "
                                  "(2, 'b'), (1, 'c')"),
                   CUPEL_E_INTEGRITY, "23505");
    CHECK_ASK(wire, "SELECT count(*) FROM t", "0");
    CHECK_OK(fake_run(wire, "INSERT INTO t (id, name) VALUES (1, 'a'), "
                            "(2, 'b')"));
    CHECK_SQLSTATE(fake_run(wire, "UPDATE t SET id = 2 WHERE id = 1"),
                   CUPEL_E_INTEGRITY, "23505");
    CHECK_SQLSTATE(fake_run(wire, "DELETE FROM t WHERE id + name = 1"),
                   CUPEL_E_PROGRAMMING, "42883");
    CHECK_ASK(wire, "SELECT id FROM t", "1;2");
}

FAKE_TEST(values_and_columns_must_match)
{
    make_table(wire);
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t (id) VALUES (1, 2)"),
                   CUPEL_E_PROGRAMMING, "42601");
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t (id, name) VALUES (1)"),
                   CUPEL_E_PROGRAMMING, "42601");
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t (id, x) VALUES (1, 2)"),
                   CUPEL_E_PROGRAMMING, "42703");
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t (id, id, id, id) "
                                  "VALUES (1, 2, 3, 4)"),
                   CUPEL_E_PROGRAMMING, "42701");
    CHECK_SQLSTATE(fake_run(wire, "INSERT INTO t (id, name) VALUES (1, id)"),
                   CUPEL_E_PROGRAMMING, "42703");
    CHECK_SQLSTATE(fake_run(wire, "UPDATE t SET x = 1"), CUPEL_E_PROGRAMMING,
                   "42703");
}

FAKE_TEST(many_sets_are_one_statement)
{
    cupel_value values[] = { cupel_int(1), cupel_string("a"),
                             cupel_int(2), cupel_string("b"),
                             cupel_int(1), cupel_string("c") };
    cupel_request request = { .sql = "INSERT INTO t (id, name) VALUES (?, ?)",
                              .values = values,
                              .value_count = 2,
                              .set_count = 2 };
    cupel_rows *rows;

    make_table(wire);
    request.sql_len = strlen(request.sql);
    CHECK_OK(fake->execute(wire, &request, CUPEL_FOREVER, &rows));
    CHECK_INT(rows->affected, 2);
    CHECK_INT(rows->column_count, 0);
    rows->ops->free(rows);
    CHECK_OK(fake_run(wire, "DELETE FROM t"));
    request.set_count = 3;
    CHECK_FAILS(fake->execute(wire, &request, CUPEL_FOREVER, &rows),
                CUPEL_E_INTEGRITY);
    CHECK(rows == NULL);
    CHECK_ASK(wire, "SELECT count(*) FROM t", "0");
}

/* What goes in comes out, whatever the column was declared as. */
FAKE_TEST(values_of_every_type_are_kept_as_they_are)
{
    static const uint8_t uuid[16] = { 0xde, 0xad };
    cupel_value items[] = { cupel_int(1), cupel_null(), cupel_int(3) };
    cupel_value values[] = {
        cupel_null(),
        cupel_bool(true),
        cupel_int(INT64_MIN),
        cupel_double(-0.0),
        cupel_decimal("-12.500"),
        cupel_string_n("h\xc3\xa9llo", 6),
        cupel_blob("\0\1\2", 3),
        cupel_date(1900, 1, 1),
        cupel_time_of_day(23, 59, 59, 999999),
        cupel_datetime(CUPEL_INFINITY_PAST),
        cupel_datetimetz(1234567890123456),
        cupel_interval_of(1, -2, 3),
        cupel_uuid(uuid),
        cupel_json("{\"a\": [1]}"),
        cupel_array_of(CUPEL_INT, items, 3),
        cupel_string(""),
    };
    cupel_rows *rows;
    cupel_value back;

    CHECK_OK(fake_run(wire, "CREATE TABLE t (v INT)"));
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        CHECK_OK(fake_execute(wire, "INSERT INTO t VALUES (?)", &values[i], 1,
                              NULL));
        CHECK_OK(fake_execute(wire, "SELECT v FROM t", NULL, 0, &rows));
        CHECK_OK(rows->ops->cell(rows, 0, 0, &back));
        CHECK(cupel_value_equal(&back, &values[i]));
        rows->ops->free(rows);
        CHECK_OK(fake_run(wire, "DELETE FROM t"));
    }
}

FAKE_TEST(numbers_become_what_their_column_holds)
{
    cupel_rows *rows;
    cupel_value cell;

    CHECK_OK(fake_run(wire, "CREATE TABLE t (f DOUBLE, d NUMERIC)"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (2, 3)"));
    CHECK_OK(fake_run(wire, "UPDATE t SET d = d, f = 4"));
    CHECK_OK(fake_execute(wire, "SELECT f, d FROM t", NULL, 0, &rows));
    CHECK_OK(rows->ops->cell(rows, 0, 0, &cell));
    CHECK_INT(cell.type, CUPEL_DOUBLE);
    CHECK_OK(rows->ops->cell(rows, 0, 1, &cell));
    CHECK_INT(cell.type, CUPEL_DECIMAL);
    rows->ops->free(rows);
}
