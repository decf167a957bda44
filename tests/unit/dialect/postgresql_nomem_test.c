/* SPDX-License-Identifier: MIT */
/* Every allocation of ours fails once: the call says so, and nothing leaks. */
#include "postgresql.h"

#include "../base/failing_alloc.h"
#include "base/error.h"

static cupel_status
execute(cupel_wire *wire, const cupel_request *request, cupel_rows **out)
{
    return PG->execute(wire, request, PG_SOON, out);
}

/* A statement whose cells need memory. */
static cupel_status
run_statement(cupel_wire *wire)
{
    const cupel_value value = cupel_string("1.50");
    cupel_request request =
        pg_request("select $1::numeric, array[1, 2], 'x'", &value, 1);
    cupel_value cell;
    cupel_rows *rows;
    cupel_status rc;

    request.begin = PG->begin;
    rc = execute(wire, &request, &rows);
    if (rc != CUPEL_OK)
        return rc;
    rc = rows->ops->cell(rows, 0, 0, &cell);
    if (rc == CUPEL_OK)
        rc = rows->ops->cell(rows, 0, 1, &cell);
    pg_free(rows);
    return rc;
}

static cupel_status
run_batch(cupel_wire *wire)
{
    const cupel_value values[] = { cupel_int(1), cupel_int(2) };
    cupel_request request = pg_request("select $1", values, 1);
    cupel_rows *rows;
    cupel_status rc;

    request.set_count = 2;
    rc = execute(wire, &request, &rows);
    if (rc == CUPEL_OK)
        pg_free(rows);
    return rc;
}

static cupel_status
run_stream(cupel_wire *wire)
{
    cupel_request request =
        pg_request("select generate_series(1, 100)", NULL, 0);
    cupel_rows *rows;
    cupel_status rc;

    request.fetch_first = request.fetch_max = 5;
    rc = execute(wire, &request, &rows);
    if (rc != CUPEL_OK)
        return rc;
    rc = rows->ops->fetch(rows, PG_SOON);
    if (rc == CUPEL_OK)
        rc = rows->ops->close(rows, PG_SOON);
    pg_free(rows);
    return rc;
}

static cupel_status
run_commit(cupel_wire *wire)
{
    cupel_status rc = run_statement(wire);

    return rc == CUPEL_OK ? PG->commit(wire, PG_SOON) : rc;
}

static cupel_status
run_two_phases(cupel_wire *wire)
{
    cupel_rows *rows;
    cupel_status rc = PG->prepare_twophase(wire, "nomem", PG_SOON);

    if (rc == CUPEL_OK)
        rc = PG->recover_twophase(wire, PG_SOON, &rows);
    if (rc != CUPEL_OK)
        return rc;
    pg_free(rows);
    return PG->rollback_twophase(wire, "nomem", true, PG_SOON);
}

static cupel_status
run_session(cupel_wire *wire)
{
    cupel_server_info info = CUPEL_OPTIONS(cupel_server_info);
    const char *level;
    cupel_status rc = PG->initialize(wire, PG_SOON, &info);

    if (rc == CUPEL_OK)
        rc = PG->ping(wire, PG_SOON);
    if (rc == CUPEL_OK)
        rc = PG->set_isolation_level(wire, "SERIALIZABLE", PG_SOON);
    if (rc == CUPEL_OK)
        rc = PG->get_isolation_level(wire, PG_SOON, &level);
    if (rc == CUPEL_OK)
        rc = PG->set_session_switch(wire, "postgresql_readonly", true, PG_SOON);
    return rc;
}

static cupel_status
run_all(cupel_wire *wire)
{
    static cupel_status (*const runs[])(
        cupel_wire *) = { run_statement,  run_batch,   run_stream,
                          run_two_phases, run_session, run_commit };
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; i < sizeof runs / sizeof runs[0] && rc == CUPEL_OK; i++)
        rc = runs[i](wire);
    return rc;
}

/* What was prepared and, without memory, not ended. */
static void
end_two_phases(void)
{
    cupel_wire *wire = pg_wire();

    cup_ignore(PG->rollback_twophase(wire, "nomem", true, PG_SOON),
               "it may not be there");
    PG->close(wire, PG_SOON);
}

TEST(every_allocation_may_fail)
{
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        char url[1024];
        cupel_wire *wire;
        cupel_status rc;

        snprintf(url, sizeof url, "%s&prepared_statement_cache_size=1",
                 test_env("CUPEL_TEST_PG_URL"));
        rc = pg_connect_url(url, &wire);
        if (rc == CUPEL_OK)
            rc = run_all(wire);
        if (failing_alloc.failed == 0)
            CHECK_OK(rc);
        else if (rc != CUPEL_OK)
            CHECK_INT(rc, CUPEL_E_NOMEM);
        PG->free(wire);
        failing_alloc_end();
        end_two_phases();
    }
    CHECK(n > 50);
}

/* That the first host fails is no end of it, even without memory to say so. */
TEST(every_allocation_of_a_search_among_hosts_may_fail)
{
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        char url[1024];
        cupel_wire *wire;
        cupel_status rc;

        snprintf(url, sizeof url,
                 "postgresql://postgres@/cupel?host=/nowhere,%s&port=1,%s",
                 test_env("CUPEL_TEST_PG_SOCKET_DIR"),
                 test_env("CUPEL_TEST_PG_PORT"));
        rc = pg_connect_url(url, &wire);
        if (failing_alloc.failed == 0)
            CHECK_OK(rc);
        else if (rc != CUPEL_OK)
            CHECK_INT(rc, CUPEL_E_NOMEM);
        PG->free(wire);
        failing_alloc_end();
    }
    CHECK(n > 50);
}
