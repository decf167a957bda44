/* SPDX-License-Identifier: MIT */
/* Commands and questions of our own. */
#include "postgresql.h"

#include "dialect/postgresql/command.h"

TASK_TEST(a_command_runs_outside_transactions)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(cup_pg_command(cup_pg_wire(wire), "SET search_path = pg_catalog",
                            PG_SOON));
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select (current_schema() = 'pg_catalog')::int"), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_command_that_fails_leaves_the_wire_good)
{
    cupel_wire *wire = pg_wire();

    CHECK_FAILS(cup_pg_command(cup_pg_wire(wire), "SET nothing_of_the_kind = 1",
                               PG_SOON),
                CUPEL_E_PROGRAMMING);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select 1"), 1);
    PG->close(wire, PG_SOON);
}

TASK_TEST(a_question_is_answered_as_text)
{
    cupel_wire *wire = pg_wire();
    PGresult *result;

    CHECK_OK(cup_pg_ask(cup_pg_wire(wire), "SELECT 7", PG_SOON, &result));
    CHECK_STR(PQgetvalue(result, 0, 0), "7");
    PQclear(result);
    CHECK_FAILS(
        cup_pg_ask(cup_pg_wire(wire), "SELECT", cupel_now() - 1, &result),
        CUPEL_E_TIMEOUT);
    CHECK(result == NULL);
    PG->free(wire);
}

/* What is prepared is the user's: nothing is left on the server. */
TASK_TEST(nothing_is_kept_prepared)
{
    cupel_wire *wire = pg_wire();
    PGresult *result;

    CHECK_OK(cup_pg_ask(cup_pg_wire(wire), "SELECT 7", PG_SOON, &result));
    PQclear(result);
    CHECK_INT(cup_pg_wire(wire)->prepared.count, 0);
    PG->close(wire, PG_SOON);
}

TASK_TEST(only_an_idle_wire_is_idle)
{
    cupel_wire *wire = pg_wire();

    CHECK_OK(cup_pg_check_idle(cup_pg_wire(wire), PG_SOON));
    CHECK_OK(pg_run(wire, "begin"));
    CHECK_FAILS(cup_pg_check_idle(cup_pg_wire(wire), PG_SOON), CUPEL_E_INVALID);
    PG->close(wire, PG_SOON);
}
