/* SPDX-License-Identifier: MIT */
/* The cache of prepared statements: which ones are kept, for how long, and
 * that the server keeps no others. */
#include "postgresql.h"

#include "dialect/postgresql/prepared.h"

/* How many the server has. Asked for on the side, to be none of them. */
static int64_t
on_server(cupel_wire *wire)
{
    static int count;
    char sql[128];

    snprintf(sql, sizeof sql,
             "select count(*) - 1 from pg_prepared_statements where statement "
             "<> 'COMMIT' -- %d",
             count++);
    return pg_int(wire, sql);
}

TASK_TEST(a_statement_is_prepared_once)
{
    cupel_wire *wire = pg_wire();
    size_t before;

    CHECK_INT(pg_int(wire, "select 1"), 1);
    before = cup_pg_wire(wire)->prepared.made;
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_INT(cup_pg_wire(wire)->prepared.made, before);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_statement_is_prepared_for_each_combination_of_types)
{
    cupel_wire *wire = pg_wire();
    const cupel_value number = cupel_int(1);
    const cupel_value text = cupel_string("1");
    int i;

    for (i = 0; i < 2; i++) {
        pg_free(pg_rows(wire, "select $1", &number, 1));
        pg_free(pg_rows(wire, "select $1", &text, 1));
    }
    CHECK_INT(cup_pg_wire(wire)->prepared.made, 2);
    PG->close(wire, PG_SOON);
}

TASK_TEST(the_least_recently_used_one_goes)
{
    cupel_wire *wire = pg_wire_with("&prepared_statement_cache_size=3");
    struct cup_pg_prepared *prepared = &cup_pg_wire(wire)->prepared;

    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_INT(pg_int(wire, "select 2"), 2);
    CHECK_INT(pg_int(wire, "select 3"), 3);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_INT(pg_int(wire, "select 4"), 4); /* instead of 2 */
    CHECK_INT(prepared->made, 4);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_INT(pg_int(wire, "select 3"), 3);
    CHECK_INT(prepared->made, 4);
    CHECK_INT(pg_int(wire, "select 2"), 2);
    CHECK_INT(prepared->made, 5);
    CHECK_INT(prepared->count, 3);
    PG->close(wire, PG_SOON);
}

TASK_TEST(the_server_keeps_no_more_than_the_cache)
{
    cupel_wire *wire = pg_wire_with("&prepared_statement_cache_size=5");
    char sql[32];
    int i;

    for (i = 0; i < 50; i++) {
        snprintf(sql, sizeof sql, "select %d", i);
        CHECK_INT(pg_int(wire, sql), i);
    }
    CHECK(on_server(wire) <= 5);
    PG->close(wire, PG_SOON);
}

/* Inside a transaction nothing can be deallocated without risk to it. */
TASK_TEST(a_long_transaction_prepares_no_more_than_twice_the_cache)
{
    cupel_wire *wire = pg_wire_with("&prepared_statement_cache_size=5");
    char sql[32];
    int i;

    CHECK_OK(pg_run(wire, "begin"));
    for (i = 0; i < 50; i++) {
        snprintf(sql, sizeof sql, "select %d", i);
        CHECK_INT(pg_int(wire, sql), i);
    }
    CHECK(on_server(wire) <= 10);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_INT(pg_int(wire, "select 1"), 1); /* takes the chores along */
    CHECK(on_server(wire) <= 5);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_statement_that_fails_to_parse_is_not_kept)
{
    cupel_wire *wire = pg_wire();

    CHECK_FAILS(pg_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_INT(cup_pg_wire(wire)->prepared.count, 0);
    CHECK_FAILS(pg_run(wire, "nonsense"), CUPEL_E_PROGRAMMING);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(very_long_statements_are_not_kept)
{
    cupel_wire *wire = pg_wire();
    size_t len = 300 * 1024;
    char *sql = cup_alloc(len + 1);

    memset(sql, ' ', len);
    memcpy(sql, "select 6", 8);
    CHECK_INT(pg_int(wire, sql), 6);
    CHECK_INT(cup_pg_wire(wire)->prepared.count, 0);
    cup_free(sql);
    PG->close(wire, PG_SOON);
}

TASK_TEST(wires_never_share_a_name)
{
    cupel_wire *one = pg_wire(), *two = pg_wire();

    CHECK(cup_pg_wire(one)->prepared.random !=
          cup_pg_wire(two)->prepared.random);
    PG->close(one, PG_SOON);
    PG->close(two, PG_SOON);
}

/* In a transaction with a statement of its own first. */
static void
begin_transaction(cupel_wire *wire)
{
    cupel_request request = pg_request("select 1", NULL, 0);
    cupel_rows *rows;

    request.begin = PG->begin;
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    pg_free(rows);
}

static size_t
columns_of(cupel_wire *wire)
{
    cupel_rows *rows = pg_rows(wire, "select * from changing", NULL, 0);
    size_t count = rows->column_count;

    pg_free(rows);
    return count;
}

/* PGX-03. */
static void
check_change(const char *change)
{
    cupel_wire *wire = pg_wire(), *other = pg_wire();

    CHECK_OK(pg_run(other, "drop table if exists changing cascade"));
    CHECK_OK(pg_run(other, "create table changing (i int)"));
    CHECK_INT(columns_of(wire), 1);
    CHECK_OK(pg_run(other, change));
    begin_transaction(wire);
    CHECK_INT(columns_of(wire), 2);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_INT(columns_of(wire), 2);
    PG->close(wire, PG_SOON);
    PG->close(other, PG_SOON);
}

TASK_TEST(a_table_that_is_altered_on_another_wire_spoils_no_transaction)
{
    check_change("alter table changing add column s text");
}

TASK_TEST(a_stale_plan_of_one_wire_is_a_warning_to_all)
{
    static const char hidden[] = "do $$ begin alter table changing add column "
                                 "s text; end $$";
    cupel_wire *wire = pg_wire(), *other = pg_wire();

    CHECK_OK(pg_run(other, "drop table if exists changing cascade"));
    CHECK_OK(pg_run(other, "create table changing (i int)"));
    CHECK_INT(columns_of(wire), 1);
    CHECK_INT(columns_of(other), 1);
    CHECK_OK(pg_run(other, hidden));
    CHECK_INT(columns_of(other), 2); /* it failed once and was prepared anew */
    begin_transaction(wire);
    CHECK_INT(columns_of(wire), 2);
    PG->close(wire, PG_SOON);
    PG->close(other, PG_SOON);
}

TASK_TEST(what_changes_no_plan_has_nothing_prepared_again)
{
    cupel_wire *wire = pg_wire();
    unsigned long made;

    begin_transaction(wire);
    CHECK_OK(pg_run(wire, "select 7"));
    made = cup_pg_wire(wire)->prepared.made;
    CHECK_OK(pg_run(wire, "create temp table fresh (i int)"));
    CHECK_OK(pg_run(wire, "select 7"));
    CHECK_INT(cup_pg_wire(wire)->prepared.made, made + 1);
    CHECK_OK(pg_run(wire, "drop table fresh"));
    CHECK_OK(pg_run(wire, "select 7"));
    CHECK_INT(cup_pg_wire(wire)->prepared.made, made + 3);
    PG->close(wire, PG_SOON);
}
