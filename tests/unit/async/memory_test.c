/* SPDX-License-Identifier: MIT */
/* What the facade costs in memory, and what it survives without losing any. */
#include "facade.h"

#include "base/error.h"
#include "task/wait.h"
#include "unit/base/failing_alloc.h"

#include <cupel/task.h>

/* ---- What a future costs ----------------------------------------------- */

static cupel_status
nothing(cupel_connection *conn, void *arg)
{
    (void)conn;
    (void)arg;
    return CUPEL_OK;
}

/* Everything whose core does not allocate. Yields. */
static void
await_a_round(cupel_async_connection *conn)
{
    cupel_future *several[2];

    CHECK_OK(cupel_await(cupel_async_connection_commit(conn)));
    CHECK_OK(cupel_await(cupel_async_connection_rollback(conn)));
    CHECK_OK(cupel_await(cupel_async_connection_run_sync(conn, nothing, NULL)));
    several[0] = cupel_async_connection_commit(conn);
    several[1] = cupel_async_connection_rollback(conn);
    CHECK_OK(cupel_await(several[1]));
    cupel_future_free(several[0]);
}

static cupel_status
await_warm(void *arg)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    size_t before;
    int i;

    (void)arg;
    await_a_round(conn);
    before = failing_alloc.calls;
    for (i = 0; i < 100; i++)
        await_a_round(conn);
    CHECK_INT(failing_alloc.calls, before);
    facade_exit(conn);
    facade_close(engine);
    return CUPEL_OK;
}

TEST(making_and_awaiting_allocates_nothing_once_warm)
{
    cupel_engine_free(fake_engine()); /* registers the dialect */
    failing_alloc_install(0, false);
    CHECK_OK(cupel_run(await_warm, NULL));
    cup_fake_reset();
    cup_error_give(NULL);
    failing_alloc_end();
}

/* Allocations of `rounds` executions. Yields. */
static size_t
cost_of_core(cupel_async_connection *conn, int rounds)
{
    cupel_connection *core = cupel_async_connection_sync_connection(conn);
    size_t before = failing_alloc.calls;

    while (rounds-- > 0)
        CHECK_OK(cupel_connection_execute(
            core, CUPEL_TEXT("SELECT :a, :b"),
            CUPEL_PARAMS({ "a", cupel_int(1) }, { "b", cupel_string("x") }),
            NULL, NULL));
    return failing_alloc.calls - before;
}

/* Yields. */
static size_t
cost_of_facade(cupel_async_connection *conn, int rounds)
{
    size_t before = failing_alloc.calls;

    while (rounds-- > 0)
        CHECK_OK(cupel_await(cupel_async_connection_execute(
            conn, CUPEL_TEXT("SELECT :a, :b"),
            CUPEL_PARAMS({ "a", cupel_int(1) }, { "b", cupel_string("x") }),
            NULL, NULL)));
    return failing_alloc.calls - before;
}

static cupel_status
compare_costs(void *arg)
{
    cupel_async_engine *engine = facade_open();
    cupel_async_connection *conn = facade_connect(engine);
    size_t core, facade;

    (void)arg;
    cost_of_core(conn, 10);
    cost_of_facade(conn, 10);
    core = cost_of_core(conn, 50);
    facade = cost_of_facade(conn, 50);
    CHECK_INT(facade, core);
    facade_exit(conn);
    facade_close(engine);
    return CUPEL_OK;
}

TEST(an_execution_costs_the_facade_no_allocation_of_its_own)
{
    cupel_engine_free(fake_engine());
    failing_alloc_install(0, false);
    CHECK_OK(cupel_run(compare_costs, NULL));
    cup_fake_reset();
    cup_error_give(NULL);
    failing_alloc_end();
}

/* ---- Every allocation fails in turn ------------------------------------ */

/* Yields. */
static cupel_status
fetch_stream(cupel_async_connection *conn)
{
    const cupel_statement *stmt;
    const cupel_row *row;
    cupel_async_scalar_result *scalars;
    cupel_async_result *result;
    cupel_value value;
    cupel_text text;
    cupel_status rc;

    stmt = cupel_text_init(&text, "SELECT id FROM item");
    rc = cupel_await(
        cupel_async_connection_stream(conn, stmt, NULL, NULL, &result));
    if (rc == CUPEL_OK)
        rc = cupel_await(cupel_async_result_fetchone(result, &row));
    rc = cupel_await(cupel_async_result_exit(result, rc));
    if (rc < CUPEL_OK)
        return rc;
    rc = cupel_await(
        cupel_async_connection_stream(conn, stmt, NULL, NULL, &result));
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_async_result_scalars(result, 0, &scalars);
    if (rc == CUPEL_OK) {
        rc = cupel_await(cupel_async_scalar_result_one(scalars, &value));
        cupel_async_scalar_result_free(scalars);
    }
    cupel_async_result_free(result);
    return rc;
}

/* Yields. */
static cupel_status
work_in_savepoint(cupel_async_connection *conn)
{
    cupel_async_transaction *savepoint, *found;
    cupel_status rc;

    savepoint = cupel_async_connection_begin_nested(conn);
    if (savepoint == NULL)
        return CUPEL_E_NOMEM;
    rc = cupel_await(cupel_async_transaction_enter(savepoint));
    if (rc == CUPEL_OK)
        rc = cupel_async_connection_get_transaction(conn, &found);
    if (rc == CUPEL_OK)
        rc = cupel_await(cupel_async_connection_execute(
            conn, CUPEL_TEXT("INSERT INTO item VALUES (:id, :name)"),
            CUPEL_PARAMS({ "id", cupel_int(1) }, { "name", cupel_string("a") }),
            NULL, NULL));
    return cupel_await(cupel_async_transaction_exit(savepoint, rc));
}

/* Yields. */
static cupel_status
use(cupel_async_connection *conn, void *arg)
{
    cupel_status rc;

    (void)arg;
    rc = facade_run(conn, "CREATE TABLE item (id INTEGER, name TEXT)");
    if (rc == CUPEL_OK)
        rc = work_in_savepoint(conn);
    return rc == CUPEL_OK ? fetch_stream(conn) : rc;
}

/* Yields. */
static cupel_status
use_twice(cupel_async_engine *engine)
{
    cupel_async_connection *conn;
    cupel_status rc;

    rc = cupel_await(cupel_async_engine_begin(engine, use, NULL));
    if (rc != CUPEL_OK)
        return rc;
    conn = cupel_async_engine_connect(engine);
    if (conn == NULL)
        return CUPEL_E_NOMEM;
    rc = cupel_await(cupel_async_connection_enter(conn));
    if (rc == CUPEL_OK)
        rc = facade_run(conn, "DELETE FROM item");
    if (rc == CUPEL_OK)
        rc = cupel_await(cupel_async_connection_commit(conn));
    return cupel_await(cupel_async_connection_exit(conn, rc));
}

static cupel_status
whole_life(void *arg)
{
    cupel_async_engine *engine;
    cupel_status rc, closed;

    (void)arg;
    rc = cupel_create_async_engine("fake://unit", NULL, &engine);
    if (rc == CUPEL_OK)
        rc = use_twice(engine);
    closed = cupel_await(cupel_async_engine_close(engine));
    return rc == CUPEL_OK ? closed : rc;
}

TEST(every_failed_allocation_is_survived_and_nothing_is_lost)
{
    cupel_status rc;
    size_t n;

    cupel_engine_free(fake_engine());
    for (n = 1; failing_alloc_begin(n); n++) {
        rc = cupel_run(whole_life, NULL);
        if (failing_alloc.failed == 0)
            CHECK_OK(rc);
        CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
        CHECK_INT(cup_fake_wire_count(), 0);
        cup_fake_reset();
        cup_error_give(NULL);
        failing_alloc_end();
    }
}

/* ---- Every wait is cancelled in turn ----------------------------------- */

static void
cancel_each_wait(enum cup_probe_kind kind)
{
    struct cup_probe probe = { .count = 1, .cancel_at = 0, .kind = kind };
    cupel_status rc;

    while (probe.count >= probe.cancel_at) {
        failing_alloc_install(0, false);
        probe.count = 0;
        probe.cancel_at++;
        cup_probe_set(&probe);
        rc = cupel_run(whole_life, NULL);
        cup_probe_set(NULL);
        CHECK(rc == CUPEL_OK || rc == CUPEL_E_CANCELLED);
        CHECK_INT(cup_fake_wire_count(), 0);
        cup_fake_reset();
        cup_error_give(NULL);
        failing_alloc_end();
    }
    CHECK(probe.cancel_at > 10);
}

TEST(every_cancelled_wait_is_survived_and_nothing_is_lost)
{
    cupel_engine_free(fake_engine());
    cancel_each_wait(CUP_PROBE_BEFORE);
    cancel_each_wait(CUP_PROBE_DURING);
    cancel_each_wait(CUP_PROBE_AFTER);
}
