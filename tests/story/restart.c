/* SPDX-License-Identifier: MIT */
/* The whole server is killed and started again while twenty tasks write. Each
 * failure is a disconnect that says so, nothing that was said to be committed
 * is missing, nothing is there that nobody wrote, and everybody goes on. */
#include <cupel/cupel.h>

#include <stdio.h>
#include <stdlib.h>

#include "support/test.h"

enum { WRITERS = 20, ROWS_AFTER = 20 };

static cupel_engine *engine;
static bool killed, back; /* what became of the server */
static int64_t next_id, committed, unknown, lost;

/* Run the server's own control script on a worker; the tasks go on. */
static void
control(void *arg)
{
    char command[512];

    snprintf(command, sizeof command, "%s %s", getenv("CUPEL_TEST_PG_CTL"),
             (const char *)arg);
    if (system(command) != 0)
        abort();
}

static cupel_status
write_row(cupel_connection *conn, void *arg)
{
    return cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO restart_row VALUES (:id)"),
        CUPEL_PARAMS({ "id", cupel_int(*(const int64_t *)arg) }), NULL, NULL);
}

/* Count what the engine says of one row. */
static void
count(cupel_status rc)
{
    const cupel_error *error = cupel_error_last();

    if (rc == CUPEL_OK) {
        committed++;
        return;
    }
    CHECK(killed); /* before that nothing fails */
    CHECK_FAILS(rc, CUPEL_E_OPERATIONAL);
    CHECK(cupel_error_connection_lost(error));
    if (cupel_error_outcome(error) == CUPEL_OUTCOME_UNKNOWN)
        unknown++;
    else
        lost++;
}

/* Write until enough rows were written after the server came back. */
static cupel_status
writer(void *arg)
{
    cupel_time until = cupel_deadline_in(60000);
    int after = 0;
    cupel_status rc;

    (void)arg;
    while (after < ROWS_AFTER && cupel_now() < until) {
        int64_t id = next_id++;

        rc = cupel_engine_begin(engine, write_row, &id);
        count(rc);
        after += rc == CUPEL_OK && back;
        if (rc != CUPEL_OK)
            CHECK_OK(cupel_sleep(5));
    }
    CHECK_INT(after, ROWS_AFTER);
    return CUPEL_OK;
}

/* Wait until there are so many rows, or so many failures. */
static void
wait_for(const int64_t *counter, int64_t least)
{
    while (*counter < least)
        CHECK_OK(cupel_sleep(1));
}

static cupel_status
kill_and_start(void *arg)
{
    static char stop[] = "stop -m immediate", start[] = "start";

    (void)arg;
    wait_for(&committed, 200);
    killed = true;
    CHECK_OK(cupel_offload(control, NULL, stop, CUPEL_FOREVER));
    wait_for(&lost, 1);
    CHECK_OK(cupel_offload(control, NULL, start, CUPEL_FOREVER));
    back = true;
    return CUPEL_OK;
}

static cupel_status
make_table(cupel_connection *conn, void *arg)
{
    (void)arg;
    return cupel_connection_execute(
        conn, CUPEL_TEXT("CREATE TABLE restart_row (id bigint PRIMARY KEY)"),
        NULL, NULL, NULL);
}

static void
check_books(void)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_connection *conn;
    cupel_value rows;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT count(*) FROM restart_row"), NULL, NULL,
        &rows));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK(rows.as.integer >= committed);
    CHECK(rows.as.integer <= committed + unknown);
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.lent, 0);
    CHECK_INT(status.waiting, 0);
}

TASK_TEST(a_server_is_killed_and_comes_back_while_tasks_write)
{
    cupel_future *futures[WRITERS + 1];
    size_t i;

    CHECK(getenv("CUPEL_TEST_PG_CTL") != NULL);
    CHECK_OK(
        cupel_engine_create_async(getenv("CUPEL_TEST_PG_URL"), NULL, &engine));
    CHECK_OK(cupel_engine_begin(engine, make_table, NULL));
    for (i = 0; i < WRITERS; i++)
        futures[i] = cupel_future_call(writer, NULL);
    futures[WRITERS] = cupel_future_call(kill_and_start, NULL);
    CHECK_OK(cupel_await(cupel_future_gather(futures, WRITERS + 1)));
    check_books();
    cupel_engine_close(engine);
}
