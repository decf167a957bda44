/* SPDX-License-Identifier: MIT */
/* BEGIN, COMMIT and ROLLBACK are parsed once. */
#include "postgresql.h"

#include "dialect/postgresql/boundary.h"

static cupel_status
begin_with(cupel_wire *wire, const char *begin)
{
    cupel_request request = pg_request("select 1", NULL, 0);
    cupel_rows *rows;
    cupel_status rc;

    request.begin = begin;
    rc = PG->execute(wire, &request, PG_SOON, &rows);
    if (rc == CUPEL_OK)
        pg_free(rows);
    return rc;
}

/* How many boundaries the server has prepared. */
static int64_t
on_server(cupel_wire *wire)
{
    return pg_int(wire, "select count(*) from pg_prepared_statements where "
                        "statement ~ '^(BEGIN|COMMIT|ROLLBACK)'");
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

TASK_TEST(each_of_them_is_parsed_once)
{
    cupel_wire *wire = pg_wire();
    int i;

    for (i = 0; i < 5; i++) {
        CHECK_OK(begin_with(wire, "BEGIN"));
        CHECK_OK(PG->commit(wire, PG_SOON));
        CHECK_OK(begin_with(wire, "BEGIN"));
        CHECK_OK(PG->rollback(wire, PG_SOON));
    }
    CHECK_INT(on_server(wire), 3);
    PG->close(wire, PG_SOON);
}

TASK_TEST(there_is_room_for_a_few_only)
{
    cupel_wire *wire = pg_wire();
    char begin[64];
    int i;

    for (i = 0; i < 10; i++) {
        snprintf(begin, sizeof begin, "BEGIN /* %d */", i);
        CHECK_OK(begin_with(wire, begin));
        CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
        CHECK_OK(PG->rollback(wire, PG_SOON));
        CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    }
    CHECK_INT(on_server(wire), CUP_PG_BOUNDARIES_MAX);
    PG->close(wire, PG_SOON);
}

TASK_TEST(without_prepared_statements_they_are_none)
{
    cupel_wire *wire = pg_wire_with("&prepared_statement_cache_size=0");

    CHECK_OK(begin_with(wire, "BEGIN"));
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_INT(on_server(wire), 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_begin_that_does_not_parse_is_not_kept)
{
    cupel_wire *wire = pg_wire();

    CHECK_FAILS(begin_with(wire, "BEGIN NONSENSE"), CUPEL_E_PROGRAMMING);
    CHECK_INT(cup_pg_wire(wire)->boundaries.count, 0);
    CHECK_OK(begin_with(wire, "BEGIN"));
    CHECK_OK(PG->commit(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_forgotten_begin_is_parsed_again)
{
    cupel_wire *wire = pg_wire();
    const cupel_value values[] = { cupel_int(1), cupel_int(2) };
    cupel_request request = pg_request("select $1", values, 1);
    cupel_rows *rows;
    int i;

    CHECK_OK(begin_with(wire, "BEGIN"));
    CHECK_OK(PG->rollback(wire, PG_SOON));
    for (i = 0; i < 2; i++) { /* with the statement forgotten, too */
        forget(wire);
        CHECK_OK(begin_with(wire, "BEGIN"));
        CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
        CHECK_OK(PG->rollback(wire, PG_SOON));
        CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    }
    forget(wire);
    request.begin = "BEGIN";
    request.fetch_first = request.fetch_max = 1;
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    pg_free(rows);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    forget(wire);
    request.set_count = 2;
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    pg_free(rows);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_forgotten_rollback_still_rolls_back)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(begin_with(wire, "BEGIN"));
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_OK(begin_with(wire, "BEGIN"));
    forget(wire);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_forgotten_commit_is_an_error_that_changed_nothing)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(begin_with(wire, "BEGIN"));
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_OK(begin_with(wire, "BEGIN"));
    forget(wire);
    CHECK_FAILS(PG->commit(wire, PG_SOON), CUPEL_E_PROGRAMMING);
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "26000");
    CHECK(cupel_error_retry_safe(cupel_error_last()));
    CHECK_INT(cupel_error_outcome(cupel_error_last()),
              CUPEL_OUTCOME_NOT_APPLIED);
    CHECK_STATE(wire, CUPEL_WIRE_FAILED);
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TASK_TEST(what_the_user_discards_is_noticed)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(begin_with(wire, "BEGIN"));
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_OK(begin_with(wire, "BEGIN"));
    CHECK_OK(pg_run(wire, "deallocate all"));
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_OK(pg_run(wire, "discard all"));
    CHECK_INT(cup_pg_wire(wire)->boundaries.count, 0);
    CHECK_OK(begin_with(wire, "BEGIN"));
    CHECK_OK(PG->commit(wire, PG_SOON));
    PG->close(wire, PG_SOON);
}
