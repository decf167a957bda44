/* SPDX-License-Identifier: MIT */
/* Executing one statement: prepared once, its transaction opened by the way. */
#include "postgresql.h"

#include "dialect/postgresql/execute.h"

static cupel_status
run_in_transaction(cupel_wire *wire, const char *begin, const char *sql)
{
    cupel_request request = pg_request(sql, NULL, 0);
    cupel_rows *rows;
    cupel_status rc;

    request.begin = begin;
    rc = PG->execute(wire, &request, PG_SOON, &rows);
    if (rc == CUPEL_OK)
        pg_free(rows);
    return rc;
}

TASK_TEST(a_query_gives_rows)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows;
    cupel_value value;

    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    rows = pg_rows(wire, "select 42 as answer, 'x'::text as letter", NULL, 0);
    CHECK_INT(rows->column_count, 2);
    CHECK_INT(rows->row_count, 1);
    CHECK_INT(rows->affected, 1);
    CHECK(!rows->more);
    CHECK_STR(rows->columns[0].name, "answer");
    CHECK_INT(rows->columns[0].type, CUPEL_INT);
    CHECK_INT(rows->columns[0].native, 23);
    CHECK_STR(rows->columns[1].name, "letter");
    CHECK_INT(rows->columns[1].type, CUPEL_TEXT);
    value = pg_cell(rows, 0, 1);
    CHECK_STR(pg_text(&value), "x");
    pg_free(rows);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TEST(outside_tasks_it_blocks)
{
    cupel_wire *wire = pg_wire();

    CHECK_INT(pg_int(wire, "select 42"), 42);
    CHECK_OK(run_in_transaction(wire, "BEGIN", "select 1"));
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TASK_TEST(begin_travels_with_the_first_statement)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(run_in_transaction(wire, "BEGIN", "select 1"));
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_OK(run_in_transaction(wire, "BEGIN ISOLATION LEVEL SERIALIZABLE",
                                "select 1")); /* prepared by now */
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_statement_never_runs_when_its_begin_fails)
{
    cupel_wire *wire = pg_wire();
    int i;

    CHECK_OK(pg_run(wire, "create temp table t (i int)"));
    for (i = 0; i < 3; i++) { /* the last ones with it prepared */
        CHECK_FAILS(run_in_transaction(wire, "BEGIN NONSENSE",
                                       "insert into t values (1)"),
                    CUPEL_E_PROGRAMMING);
        CHECK_STATE(wire, CUPEL_WIRE_IDLE);
        CHECK_INT(pg_int(wire, "select count(*) from t"), i > 1 ? 1 : 0);
        if (i == 1)
            CHECK_OK(pg_run(wire, "insert into t values (1)"));
    }
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_failed_statement_leaves_the_transaction_failed)
{
    cupel_wire *wire = pg_wire();

    CHECK_FAILS(run_in_transaction(wire, "BEGIN", "select nonsense"),
                CUPEL_E_PROGRAMMING);
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    CHECK_FAILS(pg_run(wire, "select 1"), CUPEL_E_INTERNAL);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "25P02");
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(an_error_carries_what_the_server_said)
{
    cupel_wire *wire = pg_wire();
    const cupel_error *error;

    CHECK_OK(pg_run(wire, "create temp table t (i int constraint one unique)"));
    CHECK_OK(pg_run(wire, "insert into t values (7)"));
    CHECK_FAILS(pg_run(wire, "insert into t values (7)"), CUPEL_E_INTEGRITY);
    error = cupel_error_last();
    CHECK_STR(cupel_error_sqlstate(error), "23505");
    CHECK_STR(cupel_error_table(error), "t");
    CHECK_STR(cupel_error_constraint(error), "one");
    CHECK(strstr(cupel_error_detail(error), "(7)") != NULL);
    CHECK(strstr(cupel_error_message(error), "(7)") == NULL);
    CHECK(!cupel_error_connection_lost(error));
    CHECK_INT(cupel_error_outcome(error), CUPEL_OUTCOME_NOT_APPLIED);

    CHECK_FAILS(pg_run(wire, "select '\xc3\xa4', nonsense"),
                CUPEL_E_PROGRAMMING);
    CHECK_INT(cupel_error_position(cupel_error_last()), 13);
    PG->close(wire, PG_SOON);
}

TASK_TEST(affected_counts_what_was_changed)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows;

    rows = pg_rows(wire, "create temp table t as select generate_series(1, 5)",
                   NULL, 0);
    CHECK_INT(rows->affected, 5);
    CHECK_INT(rows->column_count, 0);
    pg_free(rows);
    rows = pg_rows(wire, "delete from t where generate_series > 2", NULL, 0);
    CHECK_INT(rows->affected, 3);
    pg_free(rows);
    rows = pg_rows(wire, "drop table t", NULL, 0);
    CHECK_INT(rows->affected, -1);
    pg_free(rows);
    rows = pg_rows(wire, "", NULL, 0);
    CHECK_INT(rows->column_count, 0);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(returning_gives_rows_and_counts)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows;
    cupel_value value;

    CHECK_OK(pg_run(wire, "create temp table t (i serial, s text)"));
    rows = pg_rows(wire, "insert into t (s) values ('a'), ('b') returning i, s",
                   NULL, 0);
    CHECK_INT(rows->affected, 2);
    CHECK_INT(rows->row_count, 2);
    value = pg_cell(rows, 1, 0);
    CHECK_INT(value.as.integer, 2);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_type_without_a_reader_makes_the_rows_text)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows;
    cupel_value value;

    rows = pg_rows(wire,
                   "select 1, '10.0.0.1'::inet, '{1,NULL}'::int[], "
                   "timestamptz '2000-01-01 12:00:00+02', interval '1 day 2 h'",
                   NULL, 0);
    CHECK_INT(rows->columns[1].type, CUPEL_TEXT);
    value = pg_cell(rows, 0, 0);
    CHECK_INT(value.as.integer, 1);
    value = pg_cell(rows, 0, 1);
    CHECK_STR(pg_text(&value), "10.0.0.1");
    value = pg_cell(rows, 0, 2);
    CHECK_INT(value.as.array.count, 2);
    CHECK_INT(value.as.array.items[0].as.integer, 1);
    CHECK_INT(value.as.array.items[1].type, CUPEL_NULL);
    value = pg_cell(rows, 0, 3);
    CHECK_STR(pg_text(&value), "2000-01-01 10:00:00+00:00");
    value = pg_cell(rows, 0, 4);
    CHECK_STR(pg_text(&value), "P1DT2H");
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(enums_and_domains_are_read)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows;
    cupel_value value;

    CHECK_OK(pg_run(wire, "create type pg_temp.mood as enum ('sad', 'happy')"));
    CHECK_OK(pg_run(wire, "create domain pg_temp.small as int check "
                          "(value < 10)"));
    rows = pg_rows(wire, "select 'happy'::pg_temp.mood, 7::pg_temp.small", NULL,
                   0);
    value = pg_cell(rows, 0, 0);
    CHECK_STR(pg_text(&value), "happy");
    value = pg_cell(rows, 0, 1);
    CHECK_INT(value.as.integer, 7);
    pg_free(rows);
    PG->close(wire, PG_SOON);
}

TASK_TEST(rows_outlive_their_wire)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows = pg_rows(wire, "select 1.5, array[1,2]", NULL, 0);
    cupel_value value;

    PG->close(wire, PG_SOON);
    value = pg_cell(rows, 0, 0);
    CHECK_STR(pg_text(&value), "1.5");
    value = pg_cell(rows, 0, 1);
    CHECK_INT(value.as.array.items[1].as.integer, 2);
    pg_free(rows);
}

TASK_TEST(a_changed_table_is_prepared_again)
{
    cupel_wire *wire = pg_wire();
    cupel_rows *rows;

    CHECK_OK(pg_run(wire, "create temp table t (i int)"));
    pg_free(pg_rows(wire, "select * from t", NULL, 0));
    CHECK_OK(pg_run(wire, "alter table t add column s text"));
    rows = pg_rows(wire, "select * from t", NULL, 0);
    CHECK_INT(rows->column_count, 2);
    pg_free(rows);

    CHECK_OK(pg_run(wire, "alter table t add column j int"));
    CHECK_OK(run_in_transaction(wire, "BEGIN", "select * from t"));
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

/* Changed where this process does not see it. */
TASK_TEST(a_changed_table_in_a_transaction_is_an_error_to_retry)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(pg_run(wire, "create temp table t (i int)"));
    CHECK_OK(pg_run(wire, "select * from t"));
    CHECK_OK(run_in_transaction(wire, "BEGIN", "select 1"));
    CHECK_OK(
        pg_run(wire, "do $$ begin alter table t add column s text; end $$"));
    CHECK_FAILS(pg_run(wire, "select * from t"), CUPEL_E_NOTSUPPORTED);
    CHECK(cupel_error_retry_safe(cupel_error_last()));
    CHECK(strstr(cupel_error_hint(cupel_error_last()), "roll back") != NULL);
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_OK(pg_run(wire, "select * from t"));
    PG->close(wire, PG_SOON);
}

/* Have the server forget what was prepared, in a way that the dialect does not
 * see, and with a text that was not prepared itself. */
static void
forget(cupel_wire *wire)
{
    static int count;
    char sql[80];

    snprintf(sql, sizeof sql,
             "do $$ begin execute 'deallocate all'; end $$ -- %d", count++);
    CHECK_OK(pg_run(wire, sql));
}

/* Trap 8: behind a transaction pooler the next statement may find another
 * server, which knows nothing of what was prepared. */
TASK_TEST(a_forgotten_statement_is_prepared_again)
{
    cupel_wire *wire = pg_wire();

    CHECK_INT(pg_int(wire, "select 7"), 7);
    forget(wire);
    CHECK_INT(pg_int(wire, "select 7"), 7);
    forget(wire);
    CHECK_OK(run_in_transaction(wire, "BEGIN", "select 7"));
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_forgotten_statement_in_a_transaction_names_the_option)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(run_in_transaction(wire, "BEGIN", "select 7"));
    forget(wire);
    CHECK_FAILS(pg_run(wire, "select 7"), CUPEL_E_PROGRAMMING);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "26000");
    CHECK(cupel_error_retry_safe(cupel_error_last()));
    CHECK(strstr(cupel_error_hint(cupel_error_last()), "pooler=") != NULL);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_INT(pg_int(wire, "select 7"), 7);
    PG->close(wire, PG_SOON);
}

TASK_TEST(discard_all_is_noticed)
{
    cupel_wire *wire = pg_wire();

    CHECK_INT(pg_int(wire, "select 7"), 7);
    CHECK_OK(pg_run(wire, "discard all"));
    CHECK_INT(cup_pg_wire(wire)->prepared.count, 0);
    CHECK_INT(pg_int(wire, "select 7"), 7);
    PG->close(wire, PG_SOON);
}

TASK_TEST(behind_a_pooler_nothing_is_prepared)
{
    cupel_wire *wire = pg_wire_with("&pooler=transaction");
    const cupel_value values[] = { cupel_int(5), cupel_string("x") };
    cupel_rows *rows;
    cupel_value value;

    rows = pg_rows(wire, "select $1, $2 || 'y', 1.50, array['a', NULL]", values,
                   2);
    value = pg_cell(rows, 0, 0);
    CHECK_INT(value.as.integer, 5);
    value = pg_cell(rows, 0, 1);
    CHECK_STR(pg_text(&value), "xy");
    value = pg_cell(rows, 0, 2);
    CHECK_STR(pg_text(&value), "1.50");
    value = pg_cell(rows, 0, 3);
    CHECK_INT(value.as.array.count, 2);
    pg_free(rows);
    CHECK_INT(pg_int(wire, "select count(*) from pg_prepared_statements "
                           "where name <> ''"),
              0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(copy_is_refused_and_ends_the_wire)
{
    cupel_wire *wire = pg_wire();

    CHECK_FAILS(pg_run(wire, "copy (select 1) to stdout"),
                CUPEL_E_NOTSUPPORTED);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    CHECK_FAILS(pg_run(wire, "select 1"), CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(cupel_error_last()));
    PG->close(wire, PG_SOON);

    wire = pg_wire();
    CHECK_OK(pg_run(wire, "create temp table t (i int)"));
    CHECK_FAILS(pg_run(wire, "copy t from stdin"), CUPEL_E_NOTSUPPORTED);
    CHECK_STATE(wire, CUPEL_WIRE_BROKEN);
    PG->close(wire, PG_SOON);
}

TASK_TEST(more_parameters_than_the_protocol_has_are_refused)
{
    enum { COUNT = 65536 };
    cupel_wire *wire = pg_wire();
    cupel_value *values = cup_alloc_array(COUNT, sizeof *values);
    cupel_request request = pg_request("select 1", values, COUNT);
    cupel_rows *rows;

    CHECK_FAILS(PG->execute(wire, &request, PG_SOON, &rows), CUPEL_E_ARGUMENT);
    CHECK(rows == NULL);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    cup_free(values);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_deadline_ends_the_wait_and_leaves_the_wire_busy)
{
    cupel_wire *wire = pg_wire();
    cupel_request request = pg_request("select pg_sleep(60)", NULL, 0);
    cupel_rows *rows;

    CHECK_FAILS(PG->execute(wire, &request, cupel_deadline_in(50), &rows),
                CUPEL_E_TIMEOUT);
    CHECK_STATE(wire, CUPEL_WIRE_BUSY);
    PG->close(wire, PG_SOON);
}

TASK_TEST(what_nobody_waits_for_is_drained_by_the_next_statement)
{
    cupel_wire *wire = pg_wire();
    cupel_request request = pg_request("select pg_sleep(0.2)", NULL, 0);
    cupel_rows *rows;

    CHECK_OK(pg_run(wire, "select 1"));
    CHECK_FAILS(PG->execute(wire, &request, cupel_deadline_in(20), &rows),
                CUPEL_E_TIMEOUT);
    CHECK_STATE(wire, CUPEL_WIRE_BUSY);
    CHECK_INT(pg_int(wire, "select 5"), 5);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}
