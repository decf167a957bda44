/* SPDX-License-Identifier: MIT */
/* Our side of the comparison with pg_raw.c: the same work through an engine.
 *
 *     pg_cupel select|select10|facade|facade10|stream URL SECONDS
 *
 * facade is select by futures that are awaited at once. */
#include <cupel/cupel.h>

#include <string.h>

#include "measure.h"

enum { CONNECTIONS = 10, TASKS = 100, BATCH = 1000 };

static const char *workload, *url;
static double seconds, end_at;
static int selects_each;
static uint64_t operations, checksum;
static cupel_engine *engine;
static cupel_async_engine *async_engine; /* of `engine`, for the facade */

/* What was asked for each time: one more than was sent. */
static cupel_status
count(cupel_status rc, int32_t sent, const cupel_value *value)
{
    if (rc == CUPEL_OK && value->as.integer != sent + 1)
        return CUPEL_E_VALUE;
    operations++;
    return rc;
}

static cupel_status
select_once(cupel_connection *conn)
{
    int32_t sent = (int32_t)(operations & 0xffff);
    cupel_value value;
    cupel_status rc;

    rc = cupel_connection_scalar(conn, CUPEL_TEXT("SELECT :n + 1"),
                                 CUPEL_PARAMS({ "n", cupel_int(sent) }), NULL,
                                 &value);
    return count(rc, sent, &value);
}

static cupel_status
select_task(void *arg)
{
    cupel_connection *conn;
    cupel_status rc = CUPEL_OK;
    int i;

    (void)arg;
    while (rc == CUPEL_OK && measure_clock() < end_at) {
        rc = cupel_engine_connect(engine, &conn);
        if (rc != CUPEL_OK)
            break;
        for (i = 0; i < selects_each && rc == CUPEL_OK; i++)
            rc = select_once(conn);
        rc = cupel_connection_exit(conn, rc);
    }
    return rc;
}

static cupel_status
facade_once(cupel_async_connection *conn)
{
    int32_t sent = (int32_t)(operations & 0xffff);
    cupel_value value;
    cupel_status rc;

    rc = cupel_await(cupel_async_connection_scalar(
        conn, CUPEL_TEXT("SELECT :n + 1"),
        CUPEL_PARAMS({ "n", cupel_int(sent) }), NULL, &value));
    return count(rc, sent, &value);
}

static cupel_status
facade_task(void *arg)
{
    cupel_async_connection *conn;
    cupel_status rc = CUPEL_OK;
    int i;

    (void)arg;
    while (rc == CUPEL_OK && measure_clock() < end_at) {
        conn = cupel_async_engine_connect(async_engine);
        rc = cupel_await(cupel_async_connection_start(conn));
        for (i = 0; i < selects_each && rc == CUPEL_OK; i++)
            rc = facade_once(conn);
        rc = cupel_await(cupel_async_connection_exit(conn, rc));
    }
    return rc;
}

static cupel_status
open_one(void *arg)
{
    cupel_connection *conn;
    cupel_status rc = cupel_engine_connect(engine, &conn);

    (void)arg;
    if (rc != CUPEL_OK)
        return rc;
    rc = select_once(conn);
    if (rc == CUPEL_OK)
        rc = cupel_sleep(50); /* so that the others open theirs */
    return cupel_connection_exit(conn, rc);
}

static cupel_status
gather(cupel_task_fn *fn, size_t count)
{
    cupel_future *futures[TASKS];
    size_t i;

    for (i = 0; i < count; i++)
        futures[i] = cupel_future_call(fn, NULL);
    return cupel_await(cupel_future_gather(futures, count));
}

static cupel_status
run_selects(cupel_task_fn *task)
{
    struct measure start;
    cupel_status rc;

    rc = gather(open_one, CONNECTIONS);
    operations = 0;
    start = measure_now();
    end_at = start.elapsed + seconds;
    if (rc == CUPEL_OK)
        rc = gather(task, TASKS);
    if (rc == CUPEL_OK)
        measure_report(start, operations, 0);
    return rc;
}

static cupel_status
read_rows(cupel_result *result)
{
    const cupel_row *row;
    cupel_status rc;

    while ((rc = cupel_result_next(&result, &row)) == CUPEL_ROW) {
        checksum += (uint64_t)cupel_row_int(row, 0) +
                    (uint64_t)cupel_row_text(row, 1).len +
                    (uint64_t)cupel_row_double(row, 2);
        operations++;
    }
    return rc;
}

static cupel_status
run_stream(void)
{
    cupel_connection *conn;
    cupel_result *result;
    struct measure start;
    cupel_status rc;

    rc = cupel_engine_connect(engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    start = measure_now();
    rc = cupel_connection_stream(
        conn, CUPEL_TEXT("SELECT id, name, score FROM bench_rows"), NULL,
        CUPEL_WITH({ "yield_per", cupel_int(BATCH) }), &result);
    if (rc == CUPEL_OK)
        rc = read_rows(result);
    if (rc == CUPEL_OK)
        measure_report(start, operations, checksum);
    return cupel_connection_exit(conn, rc);
}

static cupel_status
run_workload(void)
{
    if (strcmp(workload, "stream") == 0)
        return run_stream();
    if (strncmp(workload, "facade", 6) == 0)
        return run_selects(facade_task);
    return run_selects(select_task);
}

static cupel_status
main_task(void *arg)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_status rc;

    (void)arg;
    options.pool_size = CONNECTIONS;
    options.max_overflow = CUPEL_ZERO;
    rc = cupel_engine_create_async(url, &options, &engine);
    if (rc == CUPEL_OK)
        rc = cupel_async_engine_new(engine, &async_engine);
    if (rc == CUPEL_OK)
        rc = run_workload();
    if (rc != CUPEL_OK)
        fprintf(stderr, "%s\n", cupel_error_text());
    cupel_async_engine_free(async_engine);
    cupel_engine_close(engine);
    return rc;
}

int
main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr,
                "usage: %s select|select10|facade|facade10|stream URL "
                "SECONDS\n",
                argv[0]);
        return 2;
    }
    workload = argv[1];
    url = argv[2];
    seconds = atof(argv[3]);
    selects_each = strstr(workload, "10") != NULL ? 10 : 1;
    return cupel_run(main_task, NULL) == CUPEL_OK ? 0 : 1;
}
