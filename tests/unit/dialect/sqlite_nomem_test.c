/* SPDX-License-Identifier: MIT */
/* Every allocation of ours fails once: the call says so, and nothing leaks. */
#include "sqlite_support.h"

#include "../base/failing_alloc.h"

static cupel_status
run_all(cupel_wire *wire)
{
    const char *level;
    cupel_status rc;

    rc = sqlite->set_isolation_level(wire, "READ UNCOMMITTED", CUPEL_FOREVER);
    if (rc == CUPEL_OK)
        rc = sqlite->get_isolation_level(wire, CUPEL_FOREVER, &level);
    if (rc == CUPEL_OK)
        rc = sqlite_try_begin(wire, "SELECT 'x' REGEXP 'x'");
    if (rc == CUPEL_OK)
        rc = sqlite->commit(wire, CUPEL_FOREVER);
    return rc;
}

static cupel_status
run_adopted(void)
{
    cupel_wire *wire = NULL;
    cupel_url *url, *settled;
    cupel_status rc;
    sqlite3 *db;

    rc = cupel_url_parse("sqlite:///file:a.db?uri=1&nolock=1", &url);
    if (rc != CUPEL_OK)
        return rc;
    rc = sqlite->settle_url(url, &settled);
    if (rc == CUPEL_OK) {
        CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
        rc = sqlite->adopt(settled, db, CUPEL_FOREVER, &wire);
    }
    if (rc == CUPEL_OK) {
        rc = run_all(wire);
        sqlite->free(wire);
    }
    cupel_url_free(settled);
    cupel_url_free(url);
    return rc;
}

TEST(every_allocation_may_fail)
{
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        cupel_status rc = run_adopted();

        if (failing_alloc.failed == 0)
            CHECK_OK(rc);
        else if (rc != CUPEL_OK)
            CHECK_INT(rc, CUPEL_E_NOMEM);
        failing_alloc_end();
    }
    CHECK(n > 10);
}
