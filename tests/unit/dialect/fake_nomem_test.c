/* SPDX-License-Identifier: MIT */
/* Every allocation fails once: the call says so, and nothing leaks. */
#include "unit/dialect/fake_support.h"

#include "../base/failing_alloc.h"

static cupel_status
run_twophase(cupel_wire *wire)
{
    cupel_rows *rows;
    cupel_status rc;

    rc = fake->begin_twophase(wire, "x", CUPEL_FOREVER);
    if (rc == CUPEL_OK)
        rc = fake_run(wire, "CREATE TABLE t (a INT)");
    if (rc == CUPEL_OK)
        rc = fake->prepare_twophase(wire, "x", CUPEL_FOREVER);
    if (rc != CUPEL_OK)
        return rc;
    rc = fake->recover_twophase(wire, CUPEL_FOREVER, &rows);
    if (rc != CUPEL_OK)
        return rc;
    CHECK_STR(fake_text(rows), "x");
    rows->ops->free(rows);
    return fake->commit_twophase(wire, "x", true, CUPEL_FOREVER);
}

static cupel_status
run_adopted(void)
{
    void *connection = cup_fake_connection_open("test");
    cupel_wire *wire;
    cupel_status rc;

    rc = fake->adopt(NULL, connection, CUPEL_FOREVER, &wire);
    if (rc == CUPEL_OK)
        rc = run_twophase(wire);
    fake->free(wire);
    return rc;
}

TEST(every_allocation_may_fail)
{
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        cupel_status rc;

        cup_fake_reset();
        rc = run_adopted();
        if (failing_alloc.failed == 0)
            CHECK_OK(rc);
        else if (rc != CUPEL_OK)
            CHECK_INT(rc, CUPEL_E_NOMEM);
        CHECK_INT(cup_fake_wire_count(), 0);
        cup_fake_reset();
        failing_alloc_end();
    }
    CHECK(n > 10);
}
