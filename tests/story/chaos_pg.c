/* SPDX-License-Identifier: MIT */
/* Many tasks on a few connections of a real server, each leaving what it did
 * uncommitted, failed, cancelled, timed out, half read or cut off, by dice. Who
 * comes next never finds himself in another's transaction and never sees what
 * was not committed, whatever of the rollback before him is still on its way;
 * and when all is over, the server has no transaction open. */
#include <cupel/cupel.h>

#include <stdio.h>

#include "support/test.h"

enum { TASKS = 40, CONNECTIONS = 4, LOANS = 60, COMMITTED = 3 };

static cupel_engine *engine;
static unsigned long cut_off, refused, finished;

static void
open_engine(void)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    char text[1024];

    snprintf(text, sizeof text, "%s&application_name=chaos",
             test_env("CUPEL_TEST_PG_URL"));
    options.pool_size = CONNECTIONS;
    options.max_overflow = CUPEL_ZERO;
    CHECK_OK(cupel_engine_create_async(text, &options, &engine));
}

static cupel_status
run_sql(cupel_connection *conn, const char *sql)
{
    return cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, NULL);
}

static cupel_status
query_int(cupel_connection *conn, const char *sql, int64_t *out)
{
    cupel_value value = cupel_int(-1);
    cupel_status rc;

    rc = cupel_connection_scalar(conn, CUPEL_TEXT(sql), NULL, NULL, &value);
    *out = value.as.integer;
    return rc;
}

static cupel_status
fill_table(cupel_connection *conn, void *arg)
{
    (void)arg;
    CHECK_OK(run_sql(conn, "DROP TABLE IF EXISTS chaos"));
    CHECK_OK(run_sql(conn, "CREATE TABLE chaos (id int)"));
    return run_sql(conn, "INSERT INTO chaos SELECT generate_series(1, 3)");
}

/* ---- What a task does with a connection ------------------------------ */

static uint64_t
throw_dice(uint64_t *dice)
{
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    return *dice;
}

/* Nobody else's transaction, and nobody's uncommitted rows: on any connection,
 * and all the time. Yields. */
static cupel_status
look_around(cupel_connection *conn)
{
    int64_t own = 0, rows = 0;
    cupel_status rc;

    rc = query_int(conn, "SELECT count(pg_current_xact_id_if_assigned()::text)",
                   &own);
    if (rc == CUPEL_OK)
        rc = query_int(conn, "SELECT count(*) FROM chaos", &rows);
    if (rc != CUPEL_OK)
        return rc;
    CHECK_INT(own, 0);
    CHECK_INT(rows, COMMITTED);
    return rc;
}

/* Of failures, the one that was asked for is none. */
static cupel_status
unless(cupel_status rc, cupel_status wanted)
{
    return rc == wanted ? CUPEL_OK : rc;
}

static cupel_status
sleep_there(void *arg)
{
    return run_sql(arg, "SELECT pg_sleep(0.02)");
}

/* Yields. */
static cupel_status
be_cancelled(cupel_connection *conn, uint64_t *dice)
{
    cupel_future *future = cupel_future_call(sleep_there, conn);

    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_sleep((int64_t)(throw_dice(dice) % 4)));
    cupel_future_cancel(future);
    return unless(cupel_await(future), CUPEL_E_CANCELLED);
}

/* Yields. */
static cupel_status
be_late(cupel_connection *conn, uint64_t *dice)
{
    int64_t span_ms = 1 + (int64_t)(throw_dice(dice) % 4);
    cupel_status rc;

    rc = cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT pg_sleep(0.02)"), NULL,
        CUPEL_WITH({ "timeout_ms", cupel_int(span_ms) }), NULL);
    return unless(rc, CUPEL_E_TIMEOUT);
}

/* Yields. */
static cupel_status
read_half(cupel_connection *conn)
{
    cupel_result *result;
    const cupel_row *row;
    cupel_status rc;

    rc = cupel_connection_stream(
        conn, CUPEL_TEXT("SELECT generate_series(1, 1000)"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(10) }), &result);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_result_fetchone(result, &row);
    cupel_result_free(result);
    return rc == CUPEL_ROW ? CUPEL_OK : rc;
}

/* Yields. */
static cupel_status
do_harm(cupel_connection *conn, uint64_t *dice)
{
    switch (throw_dice(dice) % 9) {
    case 0:
        return unless(run_sql(conn, "nonsense"), CUPEL_E_PROGRAMMING);
    case 1:
        return be_cancelled(conn, dice);
    case 2:
        return be_late(conn, dice);
    case 3:
        return read_half(conn);
    case 4:
        cut_off++;
        return run_sql(conn, "SELECT pg_terminate_backend(pg_backend_pid())");
    case 5:
        return cupel_connection_rollback(conn);
    case 6:
        return run_sql(conn, "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$");
    default:
        return CUPEL_OK;
    }
}

/* A connection that was lost may be one's own doing, or that of who had it
 * before, who may also have had the server forget what was prepared. Nothing
 * else may go wrong. */
static void
check_failure(cupel_status rc)
{
    const cupel_error *error = cupel_error_last();
    bool lost = cupel_error_connection_lost(error);
    bool forgotten = strcmp(cupel_error_sqlstate(error), "26000") == 0;

    if (lost && forgotten)
        refused++; /* the rollback that came before */
    if (!lost && !forgotten)
        fail_msg("%s: %s", cupel_status_class(rc), cupel_error_text());
}

/* One loan. Yields. */
static cupel_status
borrow(uint64_t *dice)
{
    cupel_connection *conn;
    cupel_status rc;

    rc = cupel_engine_connect(engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    if (throw_dice(dice) % 8 != 0)
        rc = look_around(conn);
    if (rc == CUPEL_OK && throw_dice(dice) % 4 != 0)
        rc = run_sql(conn, "INSERT INTO chaos VALUES (4)");
    if (rc == CUPEL_OK && throw_dice(dice) % 2 != 0)
        rc = do_harm(conn, dice);
    return cupel_connection_exit(conn, rc);
}

static cupel_status
borrow_often(void *arg)
{
    uint64_t dice = *(const uint64_t *)arg;
    cupel_status rc;
    int i;

    for (i = 0; i < LOANS; i++) {
        rc = borrow(&dice);
        if (rc != CUPEL_OK)
            check_failure(rc);
        finished++;
    }
    return CUPEL_OK;
}

/* ---- Afterwards ------------------------------------------------------ */

/* No session of ours has a transaction open but the one that asks. Yields. */
static void
check_server(void)
{
    cupel_time until = cupel_deadline_in(10000);
    cupel_connection *conn;
    int64_t open = -1;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    do {
        CHECK_OK(query_int(conn,
                           "SELECT count(*) FROM pg_stat_activity WHERE "
                           "application_name = 'chaos' AND "
                           "pid <> pg_backend_pid() AND "
                           "state LIKE 'idle in transaction%'",
                           &open));
        CHECK_OK(cupel_connection_rollback(conn));
    } while (open > 0 && cupel_now() < until);
    CHECK_INT(open, 0);
    CHECK_OK(look_around(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
}

TASK_TEST(nobody_finds_what_another_has_left)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_future *futures[TASKS];
    uint64_t dice[TASKS];
    size_t i;

    open_engine();
    CHECK_OK(cupel_engine_begin(engine, fill_table, NULL));
    for (i = 0; i < TASKS; i++) {
        dice[i] = UINT64_C(0x9e3779b97f4a7c15) * (i + 1);
        futures[i] = cupel_future_call(borrow_often, &dice[i]);
    }
    CHECK_OK(cupel_await(cupel_future_gather(futures, TASKS)));
    CHECK_INT(finished, TASKS * LOANS);
    CHECK(cut_off > TASKS);
    CHECK(refused > 0);
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    CHECK_INT(status.waiting, 0);
    CHECK(status.size <= CONNECTIONS);
    check_server();
    cupel_engine_close(engine);
}
