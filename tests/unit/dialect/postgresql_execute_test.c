/* SPDX-License-Identifier: MIT */
/* Executing one statement: prepared once, its transaction opened by the way. */
#include "postgresql.h"

TASK_TEST(a_query_gives_rows)
{
    cupel_wire *wire = pg_wire();

    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    CHECK_INT(pg_int(wire, "select 42"), 42);
    CHECK_STATE(wire, CUPEL_WIRE_IDLE);
    PG->close(wire, PG_SOON);
}

TEST(outside_tasks_it_blocks)
{
    cupel_wire *wire = pg_wire();

    CHECK_INT(pg_int(wire, "select 42"), 42);
    PG->close(wire, PG_SOON);
}
