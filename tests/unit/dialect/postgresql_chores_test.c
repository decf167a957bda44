/* SPDX-License-Identifier: MIT */
/* Chores ride along, and do no harm when they fail. */
#include "postgresql.h"

#include "dialect/postgresql/chores.h"

static struct cup_pg_chores *
chores_of(cupel_wire *wire)
{
    return &cup_pg_wire(wire)->chores;
}

TASK_TEST(a_chore_is_done_with_the_next_statement)
{
    cupel_wire *wire = pg_wire();

    cup_pg_chores_add(chores_of(wire), "set work_mem = '5MB'");
    CHECK_INT(pg_int(wire, "select 1 where current_setting('work_mem') = "
                           "'5MB'"),
              1);
    CHECK_INT(chores_of(wire)->idle.len, 0);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_chore_that_fails_spoils_nothing)
{
    cupel_wire *wire = pg_wire();
    cupel_request request = pg_request("select 1", NULL, 0);
    cupel_rows *rows;

    cup_pg_chores_add(chores_of(wire), "nonsense");
    cup_pg_chores_add(chores_of(wire), "set work_mem = '5MB'");
    request.begin = PG->begin;
    CHECK_OK(PG->execute(wire, &request, PG_SOON, &rows));
    pg_free(rows);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_INT(pg_int(wire, "select 1 where current_setting('work_mem') = "
                           "'5MB'"),
              1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(inside_a_transaction_chores_wait)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(pg_run(wire, "begin"));
    cup_pg_chores_add(chores_of(wire), "nonsense");
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    CHECK_INT(chores_of(wire)->idle_count, 1);
    CHECK_OK(PG->commit(wire, PG_SOON));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_INT(chores_of(wire)->idle_count, 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(cursors_are_closed_only_in_their_own_transaction)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(pg_run(wire, "begin"));
    CHECK_OK(pg_run(wire, "declare c cursor for select 1"));
    cup_pg_chores_close(cup_pg_wire(wire), "c");
    CHECK_INT(pg_int(wire, "select count(*) from pg_cursors where name = 'c'"),
              0);
    cup_pg_chores_close(cup_pg_wire(wire), "gone");
    CHECK_OK(PG->rollback(wire, PG_SOON));
    CHECK_OK(pg_run(wire, "begin"));
    CHECK_INT(pg_int(wire, "select 1"), 1);
    CHECK_STATE(wire, CUPEL_WIRE_IN_TRANSACTION);
    PG->close(wire, PG_SOON);
}
