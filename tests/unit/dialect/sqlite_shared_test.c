/* SPDX-License-Identifier: MIT */
/* One wire for several: sharers in the tasks of a loop, with calls serialised
 * by a mutex, and threads, one after the other. */
#include "sqlite_support.h"

#include "task/sync.h"

#include <pthread.h>

enum { SHARERS = 5, ROWS = 100, BATCH = 7 };

static cupel_wire *shared;
static struct cup_mutex turn;

static void
lock(void)
{
    CHECK_OK(cup_mutex_lock(&turn, CUPEL_FOREVER));
}

/* What one sharer does: read all rows batch by batch, and write a line to the
 * other table between two batches. Yields. */
static cupel_status
read_and_write(void *arg)
{
    int64_t *sum = arg;
    cupel_rows *rows;

    lock();
    rows = sqlite_stream(shared, "SELECT a FROM t", BATCH, BATCH);
    cup_mutex_unlock(&turn);
    for (;;) {
        for (size_t i = 0; i < rows->row_count; i++)
            *sum += sqlite_cell(rows, i, 0).as.integer;
        if (!rows->more)
            break;
        lock();
        SQLITE_DO(shared, "INSERT INTO lines VALUES (1)");
        cup_mutex_unlock(&turn);
        lock();
        CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
        cup_mutex_unlock(&turn);
    }
    rows->ops->free(rows);
    return CUPEL_OK;
}

static void
make_tables(const char *address)
{
    shared = sqlite_open(address);
    SQLITE_DO(shared, "CREATE TABLE t (a)");
    SQLITE_DO(shared, "CREATE TABLE lines (a)");
    SQLITE_DO(shared, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
                      "FROM n LIMIT 100) INSERT INTO t SELECT x FROM n");
}

static void
share(const char *address)
{
    int64_t sums[SHARERS] = { 0 };
    cupel_future *futures[SHARERS];

    cup_mutex_init(&turn);
    make_tables(address);
    CHECK_OK(sqlite_try_begin(shared, "INSERT INTO lines VALUES (1)"));
    for (size_t i = 0; i < SHARERS; i++) {
        futures[i] = cupel_future_call(read_and_write, &sums[i]);
        CHECK_OK(cupel_future_spawn(futures[i]));
    }
    for (size_t i = 0; i < SHARERS; i++) {
        CHECK_OK(cupel_await(futures[i]));
        CHECK_INT(sums[i], ROWS * (ROWS + 1) / 2);
    }
    CHECK_INT(sqlite->state(shared), CUPEL_WIRE_IN_TRANSACTION);
    SQLITE_ROWS(shared, "SELECT count(*) FROM lines", "71");
    CHECK_OK(sqlite->rollback(shared, CUPEL_FOREVER));
    SQLITE_ROWS(shared, "SELECT count(*) FROM lines", "0");
    sqlite_end(shared);
}

TASK_TEST(streams_and_statements_of_sharers_interleave)
{
    share("sqlite://");
    share(sqlite_new_file("?synchronous=off"));
}

/* The others' streams live on, and what they do next is in no transaction. */
TASK_TEST(the_rollback_of_one_sharer_ends_the_transaction_of_all)
{
    cupel_rows *rows;

    make_tables("sqlite://");
    CHECK_OK(sqlite_try_begin(shared, "INSERT INTO lines VALUES (1)"));
    SQLITE_DO(shared, "INSERT INTO lines VALUES (2)");
    rows = sqlite_stream(shared, "SELECT a FROM t", 1, 1);
    CHECK_OK(sqlite->rollback(shared, CUPEL_FOREVER));
    CHECK_INT(sqlite->state(shared), CUPEL_WIRE_IDLE);
    CHECK_OK(sqlite->rollback(shared, CUPEL_FOREVER));
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_STR(sqlite_text(rows), "2");
    CHECK_OK(sqlite_try_begin(shared, "INSERT INTO lines VALUES (3)"));
    CHECK_OK(sqlite->commit(shared, CUPEL_FOREVER));
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_STR(sqlite_text(rows), "3");
    rows->ops->free(rows);
    SQLITE_ROWS(shared, "SELECT a FROM lines", "3");
    sqlite_end(shared);
}

/* Stops while the others' streams are open. */
TASK_TEST(a_cancelled_call_of_one_sharer_leaves_the_streams_of_others)
{
    struct sqlite_errand errand = { NULL, SQLITE_ENDLESS, CUPEL_FOREVER };
    cupel_rows *rows;

    make_tables("sqlite://");
    sqlite_add_called(shared);
    errand.wire = shared;
    rows = sqlite_stream(shared, "SELECT a FROM t", 1, 1);
    CHECK_FAILS(sqlite_cancel_when_called(sqlite_do_errand, &errand),
                CUPEL_E_CANCELLED);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_STR(sqlite_text(rows), "2");
    rows->ops->free(rows);
    CHECK_INT(sqlite->state(shared), CUPEL_WIRE_IDLE);
    sqlite_end(shared);
}

/* ---- Threads ------------------------------------------------------------ */

enum { THREADS = 4, ROUNDS = 25 };

static pthread_mutex_t thread_turn = PTHREAD_MUTEX_INITIALIZER;
static int failures;

/* A row of its own, which is looked at after the wire went elsewhere. */
static cupel_rows *
one_round(void)
{
    cupel_request request =
        sqlite_request("INSERT INTO lines VALUES (1) RETURNING a", NULL, 0);
    cupel_rows *rows;

    request.begin = sqlite->begin;
    failures +=
        sqlite->execute(shared, &request, CUPEL_FOREVER, &rows) != CUPEL_OK;
    failures += sqlite->commit(shared, CUPEL_FOREVER) != CUPEL_OK;
    return rows;
}

static bool
is_one(cupel_rows *rows)
{
    cupel_value value;

    return rows->row_count == 1 &&
           rows->ops->cell(rows, 0, 0, &value) == CUPEL_OK &&
           value.as.integer == 1;
}

static void *
work(void *arg)
{
    cupel_rows *stream = arg, *rows;
    int wrong = 0;

    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&thread_turn);
        rows = one_round();
        if (stream != NULL)
            failures += stream->ops->fetch(stream, CUPEL_FOREVER) != CUPEL_OK;
        pthread_mutex_unlock(&thread_turn);
        wrong += rows == NULL || !is_one(rows);
        if (rows != NULL)
            rows->ops->free(rows);
    }
    pthread_mutex_lock(&thread_turn);
    failures += wrong;
    pthread_mutex_unlock(&thread_turn);
    return NULL;
}

static void *
end_wire(void *arg)
{
    sqlite->close(arg, CUPEL_FOREVER);
    return NULL;
}

static void
go_from_thread_to_thread(const char *address)
{
    pthread_t threads[THREADS];
    cupel_rows *stream;

    failures = 0;
    make_tables(address);
    stream = sqlite_stream(shared, "SELECT a FROM t", 1, 1);
    for (size_t i = 0; i < THREADS; i++)
        CHECK_INT(
            pthread_create(&threads[i], NULL, work, i % 2 == 0 ? stream : NULL),
            0);
    for (size_t i = 0; i < THREADS; i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    CHECK_INT(failures, 0);
    CHECK_STR(sqlite_text(stream), "51");
    stream->ops->free(stream);
    SQLITE_ROWS(shared, "SELECT count(*) FROM lines", "100");
    CHECK_INT(pthread_create(&threads[0], NULL, end_wire, shared), 0);
    CHECK_INT(pthread_join(threads[0], NULL), 0);
}

TEST(a_wire_goes_from_thread_to_thread)
{
    go_from_thread_to_thread("sqlite://");
    go_from_thread_to_thread(sqlite_new_file("?synchronous=off"));
}
