/* SPDX-License-Identifier: MIT */
/* A thousand tasks on five connections: every transfer is kept once, nobody
 * waits for ever, and the pool never opens a sixth. */
#include <cupel/cupel.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/test.h"

enum { TASKS = 1000, CONNECTIONS = 5, ACCOUNTS = 20, OPENING = 1000 };

static cupel_engine *engine;
static size_t most_lent;

static cupel_status
run_sql(cupel_connection *conn, const char *sql)
{
    return cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, NULL);
}

static cupel_status
open_accounts(cupel_connection *conn, void *arg)
{
    cupel_param items[2 * ACCOUNTS];
    const cupel_params params = { items, 2, ACCOUNTS };
    int64_t i;

    (void)arg;
    CHECK_OK(run_sql(conn, "DROP TABLE IF EXISTS crowd_transfer"));
    CHECK_OK(run_sql(conn, "DROP TABLE IF EXISTS crowd_account"));
    CHECK_OK(run_sql(conn, "CREATE TABLE crowd_account (id INTEGER PRIMARY "
                           "KEY, balance INTEGER NOT NULL)"));
    CHECK_OK(run_sql(conn, "CREATE TABLE crowd_transfer (id INTEGER PRIMARY "
                           "KEY)"));
    for (i = 0; i < ACCOUNTS; i++) {
        items[2 * i] = (cupel_param){ "id", cupel_int(i) };
        items[2 * i + 1] = (cupel_param){ "sum", cupel_int(OPENING) };
    }
    return cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO crowd_account VALUES (:id, :sum)"),
        &params, NULL, NULL);
}

/* Move one unit between two accounts, the lower id first, so that nobody can
 * deadlock, and write the transfer down under its own number. Yields. */
static cupel_status
transfer(cupel_connection *conn, void *arg)
{
    const int64_t number = *(const int64_t *)arg;
    const int64_t low = number % (ACCOUNTS - 1);
    const int64_t high = low + 1;
    const int64_t amount = number % 2 == 0 ? 1 : -1;
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    const cupel_statement *update;
    cupel_text text;

    update = cupel_text_init(&text, "UPDATE crowd_account SET balance = "
                                    "balance + :amount WHERE id = :id");
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.idle + status.lent + status.connecting + status.closing,
              status.size);
    if (status.lent > most_lent)
        most_lent = (size_t)status.lent;
    CHECK_OK(cupel_connection_execute(
        conn, CUPEL_TEXT("INSERT INTO crowd_transfer VALUES (:n)"),
        CUPEL_PARAMS({ "n", cupel_int(number) }), NULL, NULL));
    CHECK_OK(cupel_connection_execute(
        conn, update,
        CUPEL_PARAMS({ "id", cupel_int(low) }, { "amount", cupel_int(amount) }),
        NULL, NULL));
    CHECK_OK(
        cupel_connection_execute(conn, update,
                                 CUPEL_PARAMS({ "id", cupel_int(high) },
                                              { "amount", cupel_int(-amount) }),
                                 NULL, NULL));
    return CUPEL_OK;
}

static cupel_status
one_task(void *arg)
{
    return cupel_engine_begin(engine, transfer, arg);
}

static cupel_status
check_books(cupel_connection *conn, void *arg)
{
    cupel_value value;

    (void)arg;
    CHECK_OK(cupel_connection_scalar(
        conn,
        CUPEL_TEXT("SELECT CAST(sum(balance) AS INTEGER) FROM "
                   "crowd_account"),
        NULL, NULL, &value));
    CHECK_INT(value.as.integer, ACCOUNTS * OPENING);
    CHECK_OK(cupel_connection_scalar(
        conn, CUPEL_TEXT("SELECT count(*) FROM crowd_transfer"), NULL, NULL,
        &value));
    CHECK_INT(value.as.integer, TASKS);
    CHECK_OK(run_sql(conn, "DROP TABLE crowd_transfer"));
    return run_sql(conn, "DROP TABLE crowd_account");
}

static void
let_them_in(const char *url)
{
    static int64_t numbers[TASKS];
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_future **futures = calloc(TASKS, sizeof *futures);
    size_t i;

    CHECK(futures != NULL);
    options.pool_size = CONNECTIONS;
    options.max_overflow = CUPEL_ZERO;
    options.pool_timeout_ms = 120000;
    most_lent = 0;
    CHECK_OK(cupel_engine_create_async(url, &options, &engine));
    CHECK_OK(cupel_engine_begin(engine, open_accounts, NULL));
    for (i = 0; i < TASKS; i++) {
        numbers[i] = (int64_t)i;
        futures[i] = cupel_future_call(one_task, &numbers[i]);
    }
    CHECK_OK(cupel_await(cupel_future_gather(futures, TASKS)));
    CHECK_INT(most_lent, CONNECTIONS);
    CHECK_OK(cupel_engine_begin(engine, check_books, NULL));
    cupel_engine_close(engine);
    free(futures);
}

TASK_TEST(a_thousand_tasks_share_five_connections_to_a_file)
{
    char path[128], url[256];
    const char *dir = getenv("TMPDIR");

    snprintf(path, sizeof path, "%s/cupel-crowd-%ld.db",
             dir == NULL ? "/tmp" : dir, (long)getpid());
    snprintf(url, sizeof url,
             "sqlite:///%s?journal_mode=wal&synchronous=off&begin=immediate"
             "&timeout=60",
             path);
    let_them_in(url);
    unlink(path);
}

TASK_TEST(a_thousand_tasks_share_five_connections_to_postgresql)
{
    let_them_in(test_env("CUPEL_TEST_PG_URL"));
}
