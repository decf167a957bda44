/* SPDX-License-Identifier: MIT */
/* Many parameter sets, and many tasks. */
#include "suite/suite.h"

enum { SETS = 40 };

/* Insert rows with ids from `first`. Yields. */
static cupel_status
insert_sets(cupel_connection *conn, int64_t first, cupel_result **out)
{
    cupel_param items[2 * SETS];
    const cupel_params params = { items, 2, SETS };
    int64_t i;

    for (i = 0; i < SETS; i++) {
        items[2 * i] = (cupel_param){ "id", cupel_int(first + i) };
        items[2 * i + 1] = (cupel_param){ "name", cupel_string("many") };
    }
    return cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO item (id, name) VALUES (:id, :name)"),
        &params, NULL, out);
}

SCENARIO(many_sets_are_executed_each, 0)
{
    cupel_connection *conn;
    cupel_result *result;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    rc = insert_sets(conn, 100, &result);
    if (rc == CUPEL_OK) {
        CHECK_INT(cupel_result_rowcount(result), SETS);
        cupel_result_free(result);
    }
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, SETS + 3);
    return cupel_connection_exit(conn, rc);
}

SCENARIO(a_set_that_fails_fails_them_all, 0)
{
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    EXPECT(rc, insert_sets(conn, -10, NULL), CUPEL_E_INTEGRITY); /* meets 1 */
    TRY(rc, cupel_connection_rollback(conn));
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return cupel_connection_exit(conn, rc);
}

/* One of many readers. Yields. */
static cupel_status
read_once(void *arg)
{
    struct suite *suite = arg;
    int64_t count = 0;
    cupel_status rc;

    rc = suite_committed(suite, &count);
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    return rc;
}

SCENARIO(more_tasks_than_connections, SUITE_NO_TASKS)
{
    cupel_future *futures[20];
    size_t i;

    for (i = 0; i < 20; i++)
        futures[i] = cupel_future_call(read_once, suite);
    return cupel_await(cupel_future_gather(futures, 20));
}

/* What it adds it leaves uncommitted, for the connection's next user to find
 * undone. Yields. */
static cupel_status
add_and_leave(void *arg)
{
    struct suite *suite = arg;
    cupel_connection *conn;
    cupel_status rc;
    int64_t count = 0;

    rc = cupel_engine_connect(suite->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    TRY(rc, suite_int(conn, "SELECT count(*) FROM item", &count));
    if (rc == CUPEL_OK)
        CHECK_INT(count, 3);
    TRY(rc, suite_run(conn, "UPDATE item SET name = 'lost' WHERE id = 1"));
    TRY(rc, suite_run(conn, "INSERT INTO item (id, name) VALUES (4, 'four')"));
    return cupel_connection_exit(conn, rc);
}

SCENARIO(what_is_left_open_is_undone_for_who_waits,
         SUITE_ONE_WRITER | SUITE_NO_TASKS)
{
    cupel_future *futures[8];
    int64_t committed = 0;
    cupel_status rc;
    size_t i;

    for (i = 0; i < 8; i++)
        futures[i] = cupel_future_call(add_and_leave, suite);
    rc = cupel_await(cupel_future_gather(futures, 8));
    TRY(rc, suite_committed(suite, &committed));
    if (rc == CUPEL_OK)
        CHECK_INT(committed, 3);
    return rc;
}

/* One of many writers, each on its own. Yields. */
static cupel_status
add_one(cupel_connection *conn, void *arg)
{
    (void)arg;
    return suite_run(conn, "UPDATE item SET id = id WHERE id = 1");
}

static cupel_status
write_once(void *arg)
{
    struct suite *suite = arg;

    return cupel_engine_begin(suite->engine, add_one, NULL);
}

SCENARIO(writers_take_turns, SUITE_ONE_WRITER | SUITE_NO_TASKS)
{
    cupel_future *futures[8];
    size_t i;

    for (i = 0; i < 8; i++)
        futures[i] = cupel_future_call(write_once, suite);
    return cupel_await(cupel_future_gather(futures, 8));
}
