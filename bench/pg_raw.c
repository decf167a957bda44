/* SPDX-License-Identifier: MIT */
/* The other side of the comparison: what a programmer writes by hand on libpq
 * and epoll, as fast as that goes. No errors are handled, nothing has a
 * deadline, nothing can be cancelled.
 *
 *     pg_raw select|select10|select_ahead|select10_ahead|stream URL SECONDS
 *
 * select: each of 100 tasks takes one of 10 connections, sends BEGIN and a
 * prepared SELECT in one flush, then ROLLBACK, and gives it back. select10: ten
 * SELECTs between the two. With _ahead the connection is given back at once,
 * and the ROLLBACK goes in the flush of the next task's BEGIN. stream: a
 * million rows by a cursor, a thousand a FETCH, the next one sent ahead, every
 * value decoded. */
#include <libpq-fe.h>

#include <endian.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>

#include "measure.h"

enum { CONNECTIONS = 10, TASKS = 100, BATCH = 1000 };

/* One of many that want a connection. */
struct task {
    struct task *next; /* in the queue */
    int32_t sent;
};

/* One connection and the work it does for one task at a time. */
struct conn {
    PGconn *pg;
    struct task *task;
    int selects_left; /* of this transaction */
    int answers;      /* results still to come before the next step */
    bool ending;      /* ROLLBACK was sent */
};

static struct conn conns[CONNECTIONS];
static struct task tasks[TASKS];
static struct task *queue_head, **queue_tail = &queue_head; /* who waits */
static int idle; /* connections without a task */
static int selects_each;
static bool ahead;
static uint64_t operations, checksum;
static double end_at;

static void
check(bool condition, PGconn *pg)
{
    if (condition)
        return;
    fprintf(stderr, "%s\n", PQerrorMessage(pg));
    exit(1);
}

static PGconn *
open_connection(const char *url, const char *prepare)
{
    PGconn *pg = PQconnectdb(url);
    PGresult *result;

    check(PQstatus(pg) == CONNECTION_OK, pg);
    if (prepare != NULL) {
        result = PQprepare(pg, "s", prepare, 0, NULL);
        check(PQresultStatus(result) == PGRES_COMMAND_OK, pg);
        PQclear(result);
    }
    PQclear(PQprepare(pg, "b", "BEGIN", 0, NULL));
    PQclear(PQprepare(pg, "r", "ROLLBACK", 0, NULL));
    check(PQsetnonblocking(pg, 1) == 0, pg);
    check(PQenterPipelineMode(pg) == 1, pg);
    return pg;
}

static void
send_plain(struct conn *conn, const char *name)
{
    check(PQsendQueryPrepared(conn->pg, name, 0, NULL, NULL, NULL, 1),
          conn->pg);
    conn->answers++;
}

static void
flush(struct conn *conn)
{
    check(PQpipelineSync(conn->pg), conn->pg);
    conn->answers++;
    while (PQflush(conn->pg) == 1)
        continue; /* small enough to go at once */
}

static void
send_select(struct conn *conn)
{
    int32_t value = (int32_t)(operations & 0xffff);
    uint32_t wire = htobe32((uint32_t)value);
    const char *values[1];
    const int lengths[1] = { 4 }, formats[1] = { 1 };

    values[0] = (const char *)&wire;
    conn->task->sent = value;
    conn->selects_left--;
    check(PQsendQueryPrepared(conn->pg, "s", 1, values, lengths, formats, 1),
          conn->pg);
    conn->answers++;
}

static void
enqueue(struct task *task)
{
    task->next = NULL;
    *queue_tail = task;
    queue_tail = &task->next;
}

/* Lend the connection to the task that waits longest. */
static void
begin_work(struct conn *conn)
{
    conn->task = queue_head;
    queue_head = queue_head->next;
    if (queue_head == NULL)
        queue_tail = &queue_head;
    conn->selects_left = selects_each;
    conn->ending = false;
    send_plain(conn, "b");
    send_select(conn);
    flush(conn);
}

/* Every answer is in: what comes next on this connection? */
static void
step(struct conn *conn)
{
    if (conn->ending) {
        if (measure_clock() < end_at)
            enqueue(conn->task);
        if (queue_head != NULL)
            begin_work(conn);
        else
            idle++;
        return;
    }
    if (conn->selects_left > 0) {
        send_select(conn);
    } else {
        conn->ending = true;
        send_plain(conn, "r");
        if (ahead && measure_clock() < end_at) {
            enqueue(conn->task);
            begin_work(conn);
            return;
        }
    }
    flush(conn);
}

static void
take_result(struct conn *conn, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    uint32_t wire;

    if (status == PGRES_TUPLES_OK) {
        memcpy(&wire, PQgetvalue(result, 0, 0), 4);
        check((int32_t)be32toh(wire) == conn->task->sent + 1, conn->pg);
        operations++;
    } else {
        check(status == PGRES_COMMAND_OK || status == PGRES_PIPELINE_SYNC,
              conn->pg);
    }
    PQclear(result);
    conn->answers--;
}

static void
on_readable(struct conn *conn)
{
    PGresult *result;

    check(PQconsumeInput(conn->pg), conn->pg);
    while (conn->answers > 0 && !PQisBusy(conn->pg)) {
        result = PQgetResult(conn->pg);
        if (result != NULL)
            take_result(conn, result);
    }
    if (conn->answers == 0)
        step(conn);
}

static void
run_selects(const char *url, double seconds)
{
    struct epoll_event events[CONNECTIONS];
    struct measure start;
    int epoll = epoll_create1(0), i, count;

    for (i = 0; i < CONNECTIONS; i++) {
        struct epoll_event event = { .events = EPOLLIN };

        conns[i].pg = open_connection(url, "SELECT $1::int4 + 1");
        event.data.ptr = &conns[i];
        epoll_ctl(epoll, EPOLL_CTL_ADD, PQsocket(conns[i].pg), &event);
    }
    start = measure_now();
    end_at = start.elapsed + seconds;
    for (i = 0; i < TASKS; i++)
        enqueue(&tasks[i]);
    for (i = 0; i < CONNECTIONS; i++)
        begin_work(&conns[i]);
    while (idle < CONNECTIONS) {
        count = epoll_wait(epoll, events, CONNECTIONS, -1);
        for (i = 0; i < count; i++)
            on_readable(events[i].data.ptr);
    }
    measure_report(start, operations, 0);
}

/* ---- The stream ------------------------------------------------------ */

static const char stream_sql[] =
    "DECLARE c NO SCROLL CURSOR FOR SELECT id, name, score FROM bench_rows";

static PGresult *
next_result(struct conn *conn, int epoll)
{
    struct epoll_event event;

    while (PQisBusy(conn->pg)) {
        epoll_wait(epoll, &event, 1, -1);
        check(PQconsumeInput(conn->pg), conn->pg);
    }
    return PQgetResult(conn->pg);
}

static void
decode(PGresult *result)
{
    int row, rows = PQntuples(result);

    for (row = 0; row < rows; row++) {
        uint32_t id;
        uint64_t bits;
        double score;

        memcpy(&id, PQgetvalue(result, row, 0), 4);
        memcpy(&bits, PQgetvalue(result, row, 2), 8);
        bits = be64toh(bits);
        memcpy(&score, &bits, 8);
        checksum += be32toh(id) + (uint64_t)PQgetlength(result, row, 1) +
                    (uint64_t)score;
    }
    operations += (uint64_t)rows;
}

static void
send_fetch(struct conn *conn)
{
    check(PQsendQueryPrepared(conn->pg, "f", 0, NULL, NULL, NULL, 1), conn->pg);
    check(PQpipelineSync(conn->pg), conn->pg);
    while (PQflush(conn->pg) == 1)
        continue;
}

/* One answer and its Sync; true if it had rows. */
static bool
take_fetch(struct conn *conn, int epoll)
{
    PGresult *result;
    bool rows = false;
    int syncs = 0;

    while (syncs == 0) {
        result = next_result(conn, epoll);
        if (PQresultStatus(result) == PGRES_TUPLES_OK) {
            rows = PQntuples(result) > 0;
            decode(result);
        }
        syncs += PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
    return rows;
}

static void
run_stream(const char *url)
{
    struct conn *conn = &conns[0];
    struct epoll_event event = { .events = EPOLLIN };
    struct measure start;
    int epoll = epoll_create1(0);
    char fetch[64];

    conn->pg = open_connection(url, NULL);
    epoll_ctl(epoll, EPOLL_CTL_ADD, PQsocket(conn->pg), &event);
    snprintf(fetch, sizeof fetch, "FETCH FORWARD %d FROM c", BATCH);
    start = measure_now();
    check(PQsendQueryParams(conn->pg, "BEGIN", 0, NULL, NULL, NULL, NULL, 1),
          conn->pg);
    check(PQsendQueryParams(conn->pg, stream_sql, 0, NULL, NULL, NULL, NULL, 1),
          conn->pg);
    check(PQsendPrepare(conn->pg, "f", fetch, 0, NULL), conn->pg);
    check(PQpipelineSync(conn->pg), conn->pg);
    take_fetch(conn, epoll);
    send_fetch(conn);
    send_fetch(conn);
    while (take_fetch(conn, epoll))
        send_fetch(conn);
    take_fetch(conn, epoll);
    measure_report(start, operations, checksum);
}

int
main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr,
                "usage: %s select|select10|select_ahead|select10_ahead|stream "
                "URL SECONDS\n",
                argv[0]);
        return 2;
    }
    if (strcmp(argv[1], "stream") == 0) {
        run_stream(argv[2]);
    } else {
        selects_each = strncmp(argv[1], "select10", 8) == 0 ? 10 : 1;
        ahead = strstr(argv[1], "_ahead") != NULL;
        run_selects(argv[2], atof(argv[3]));
    }
    return 0;
}
