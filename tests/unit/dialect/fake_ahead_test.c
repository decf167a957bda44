/* SPDX-License-Identifier: MIT */
#include "unit/dialect/fake_support.h"

#include <cupel/task.h>

/* The tests need tasks: outside one it cannot be done. */
static cupel_status
run_in_task(void *arg)
{
    void (*body)(cupel_wire * wire) = *(void (**)(cupel_wire *))arg;
    cupel_wire *wire = fake_open("fake://test");

    CHECK_OK(fake_run(wire, "CREATE TABLE t (a INT)"));
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK_OK(fake_run(wire, "INSERT INTO t VALUES (1)"));
    body(wire);
    fake->free(wire);
    return CUPEL_OK;
}

#define AHEAD_TEST(name)                                 \
    static void with_##name(cupel_wire *wire);           \
    TEST(name)                                           \
    {                                                    \
        void (*body)(cupel_wire * wire) = with_##name;   \
                                                         \
        cup_fake_reset();                                \
        CHECK_OK(cupel_run(run_in_task, (void *)&body)); \
        CHECK_INT(cup_fake_wire_count(), 0);             \
        cup_fake_reset();                                \
    }                                                    \
    static void with_##name(cupel_wire *wire)

AHEAD_TEST(it_undoes_at_once)
{
    CHECK(fake->rollback_ahead(wire, CUPEL_FOREVER));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK_INT(cup_fake_calls(CUP_FAKE_ROLLBACK), 1);
    CHECK_ASK(wire, "SELECT count(*) FROM t", "0");
    CHECK(strstr(cup_fake_trace_text(), "rollback_ahead; execute") != NULL);
}

AHEAD_TEST(without_a_transaction_it_is_refused)
{
    CHECK_OK(fake->commit(wire, CUPEL_FOREVER));
    CHECK(!fake->rollback_ahead(wire, CUPEL_FOREVER));
    CHECK_ASK(wire, "SELECT count(*) FROM t", "1");
}

AHEAD_TEST(a_fault_shows_at_the_next_call)
{
    cup_fake_fault(&(struct cup_fake_fault){ .op = CUP_FAKE_ROLLBACK });
    CHECK(fake->rollback_ahead(wire, CUPEL_FOREVER));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IDLE);
    CHECK(fake->alive(wire));
    CHECK_SQLSTATE(fake_run(wire, "SELECT a FROM t"), CUPEL_E_OPERATIONAL,
                   "08006");
    CHECK_INT(fake->state(wire), CUPEL_WIRE_BROKEN);
    CHECK(!fake->rollback_ahead(wire, CUPEL_FOREVER));
}

FAKE_TEST(outside_tasks_it_is_refused)
{
    CHECK_OK(fake_run(wire, "BEGIN"));
    CHECK(!fake->rollback_ahead(wire, CUPEL_FOREVER));
    CHECK_INT(fake->state(wire), CUPEL_WIRE_IN_TRANSACTION);
}
