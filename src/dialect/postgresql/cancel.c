/* SPDX-License-Identifier: MIT */
/* PostgreSQL takes a cancel request on a connection of its own, which libpq
 * opens, writes to and reads from with blocking calls that know no deadline. A
 * server that accepts and says nothing would hold the thread for ever, and
 * whoever joins it; so it is a thread of its own, which nobody joins, and which
 * shares with the waiting task only a small block that the last of them frees.
 *
 * A request that comes late hits the next statement. So the wire is not free
 * before the server has closed that connection (by then the signal was sent)
 * and a round trip of nothing has come back on the wire itself. */
#include "dialect/postgresql/cancel.h"

#include <cupel/task.h>

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/send.h"
#include "dialect/postgresql/wire.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    THREADS_MAX = 32, /* more of them would hang in a server that is gone */
    STACK_BYTES = 256 * 1024,
    FIRST_PATIENCE_MS = 20
};

static atomic_int thread_count;

/* What the thread and the task share. */
struct request {
    atomic_int owners; /* who is last frees it */
    PGcancel *cancel;  /* owned */
    int done;          /* an eventfd: readable when the server was told */
};

static void
leave(struct request *request)
{
    if (atomic_fetch_sub(&request->owners, 1) > 1)
        return;
    if (request->cancel != NULL)
        PQfreeCancel(request->cancel);
    if (request->done >= 0)
        close(request->done);
    cup_free(request);
}

/* Whether it was of use the wire itself will show. */
static void *
tell_server(void *arg)
{
    static const uint64_t one = 1;
    struct request *request = arg;
    char error[256];
    ssize_t written;

    PQcancel(request->cancel, error, sizeof error);
    do {
        written = write(request->done, &one, sizeof one);
    } while (written < 0);
    leave(request);
    atomic_fetch_sub(&thread_count, 1);
    return NULL;
}

/* Signals are for the program's own threads, so all are blocked in this one. */
static bool
start_thread(struct request *request)
{
    pthread_attr_t attr;
    sigset_t all, before;
    pthread_t thread;
    bool started;

    if (pthread_attr_init(&attr) != 0)
        return false;
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(&thread, &attr, tell_server, request) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return started;
}

static struct request *
new_request(struct cup_pg_wire *wire)
{
    struct request *request = cup_alloc(sizeof *request);

    if (request == NULL)
        return NULL;
    atomic_init(&request->owners, 1);
    request->cancel = PQgetCancel(wire->conn);
    request->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (request->cancel == NULL || request->done < 0) {
        leave(request);
        return NULL;
    }
    return request;
}

/* Start the thread, which is an owner as long as it runs. */
static bool
begin(struct request *request)
{
    atomic_fetch_add(&request->owners, 1);
    if (atomic_fetch_add(&thread_count, 1) < THREADS_MAX &&
        start_thread(request))
        return true;
    atomic_fetch_sub(&thread_count, 1);
    leave(request);
    return false;
}

/* Wait until the server was told. Yields. */
static cupel_status
tell(struct cup_pg_wire *wire, cupel_time until)
{
    struct request *request = new_request(wire);
    struct cup_fd *fd = NULL;
    cupel_status rc;

    if (request == NULL)
        return cup_nomem();
    if (begin(request))
        rc = cup_fd_open(request->done, &fd);
    else
        rc = cup_error_set(CUPEL_E_OPERATIONAL,
                           "no thread to ask the server to cancel");
    if (rc == CUPEL_OK)
        rc = cup_fd_wait(fd, CUP_READABLE, until, NULL);
    cup_fd_close(fd);
    leave(request);
    return rc;
}

/* Read what is left, and a round trip of nothing behind it. Yields. */
static cupel_status
drain(struct cup_pg_wire *wire, cupel_time until)
{
    cupel_status rc = cup_pg_send_sync(wire, NULL);

    return rc == CUPEL_OK ? cup_pg_drain(wire, until) : rc;
}

/* A request that comes before the statement has begun is ignored by the server,
 * so it is repeated until it has told. Yields. */
static cupel_status
tell_until_heard(struct cup_pg_wire *wire, cupel_time until)
{
    int64_t patience = FIRST_PATIENCE_MS;
    cupel_status rc;

    for (;;) {
        cupel_time again;

        rc = tell(wire, until);
        again = cupel_deadline_in(patience);
        if (rc == CUPEL_OK)
            rc = drain(wire, again < until ? again : until);
        if (rc != CUPEL_E_TIMEOUT || again >= until || cupel_now() < again)
            return rc;
        patience *= 2;
    }
}

/* The request travels in clear, with a key that cancels this session's
 * statements: where TLS was asked for, giving the wire up is all that is left.
 * Behind a pooler nothing shows when the request has arrived. */
cupel_status
cup_pg_cancel(cupel_wire *base, cupel_time until)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    cupel_status rc;

    cup_pg_take_answers(wire);
    if (wire->lost)
        return cup_pg_error_lost(wire, NULL);
    if (wire->answers.count == 0)
        return CUPEL_OK;
    if (wire->private) {
        cup_pg_wire_lose(wire);
        return CUPEL_OK;
    }
    rc = tell_until_heard(wire, until);
    if (rc != CUPEL_OK || wire->pooler)
        cup_pg_wire_lose(wire);
    return rc;
}

void
cup_pg_cancel_behind(struct cup_pg_wire *wire)
{
    struct request *request;
    struct cupel_error *kept;
    struct pollfd told;

    if (wire->answers.count == 0 || wire->lost || wire->private)
        return;
    kept = cup_error_take();
    cup_pg_take_answers(wire);
    if (wire->answers.count > 0 && !wire->lost) {
        request = new_request(wire);
        if (request != NULL && begin(request) && !cupel_in_task()) {
            told = (struct pollfd){ .fd = request->done, .events = POLLIN };
            poll(&told, 1, FIRST_PATIENCE_MS);
        }
        if (request != NULL)
            leave(request);
    }
    cup_error_give(kept);
}
