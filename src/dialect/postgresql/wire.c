/* SPDX-License-Identifier: MIT */
/* The life of a wire between its connect and its end. What it says of itself is
 * what the server said last; a wire that was lost once stays lost. */
#include "dialect/postgresql/wire.h"
#include "dialect/postgresql/cancel.h"

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/driver.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/options.h"
#include "dialect/postgresql/postgresql.h"
#include "dialect/postgresql/stream.h"
#include "task/loop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* An idle wire that was used this recently is not looked at again. */
enum { FRESH_MS = 100 };

/* Transactions between two looks for notifications. */
enum { LOOK_AFTER = 64 };

/* An idle server has no more to say than this many reads bring. */
enum { IDLE_READS_MAX = 64 };

/* How often a server looks whether the client of a running query is still
 * there; without it a query goes on for nobody. Servers know it from 14 on. */
static const char check_interval[] =
    "SET client_connection_check_interval = 500";
enum { CHECK_INTERVAL_VERSION = 140000 };

static void
apply(struct cup_pg_wire *wire, const struct cup_pg_options *options)
{
    wire->pooler = options->pooler;
    wire->private = options->private;
    wire->prepared.limit = options->pooler ? 0 : options->cache_size;
    cup_pg_role_init(&wire->role,
                     cup_pg_options_get(options, "target_session_attrs"));
    if (!options->pooler &&
        PQserverVersion(wire->conn) >= CHECK_INTERVAL_VERSION)
        cup_pg_chores_add(&wire->chores, check_interval);
}

cupel_status
cup_pg_wire_new(PGconn *conn, const struct cup_pg_options *options,
                cupel_wire **out)
{
    struct cup_pg_wire *wire = cup_alloc(sizeof *wire);
    cupel_status rc;

    if (wire == NULL) {
        PQfinish(conn);
        return cup_nomem();
    }
    wire->base.dialect = &cup_postgresql_dialect;
    wire->conn = conn;
    wire->pid = getpid();
    wire->tls = PQsslInUse(conn) == 1;
    cup_list_init(&wire->streams);
    cup_pg_prepared_init(&wire->prepared);
    cup_pg_chores_init(&wire->chores);
    cup_pg_params_init(&wire->params);
    apply(wire, options);
    cup_pg_wire_quiet(wire);
    PQsetNoticeReceiver(conn, cup_pg_notice, wire);
    PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
    rc = cup_fd_open(PQsocket(conn), &wire->fd);
    if (rc == CUPEL_OK &&
        (PQsetnonblocking(conn, 1) != 0 || PQenterPipelineMode(conn) != 1 ||
         getrandom(&wire->prepared.random, sizeof wire->prepared.random, 0) !=
             sizeof wire->prepared.random))
        rc = cup_error_set(CUPEL_E_OPERATIONAL,
                           "libpq does not enter its pipeline mode");
    if (rc != CUPEL_OK) {
        cup_pg_free(&wire->base);
        return rc;
    }
    *out = &wire->base;
    return CUPEL_OK;
}

void
cup_pg_wire_lose(struct cup_pg_wire *wire)
{
    wire->lost = true;
    wire->answers.count = 0;
    cup_pg_ahead_stop(&wire->ahead);
    cup_fd_close(wire->fd);
    wire->fd = NULL;
}

void
cup_pg_wire_unwatch(struct cup_pg_wire *wire)
{
    if (PQsocket(wire->conn) >= 0)
        return;
    cup_fd_close(wire->fd);
    wire->fd = NULL;
}

/* Nobody but who was shown libpq's connection can ask for notifications; libpq
 * would collect them for ever. They are not worth a look each time. */
static void
drop_notifications(struct cup_pg_wire *wire)
{
    PGnotify *notification;

    while ((notification = PQnotifies(wire->conn)) != NULL)
        PQfreemem(notification);
}

void
cup_pg_wire_quiet(struct cup_pg_wire *wire)
{
    if (!wire->shared && wire->transactions % LOOK_AFTER == 0)
        drop_notifications(wire);
    wire->quiet_since = cup_now_coarse();
    switch (PQtransactionStatus(wire->conn)) {
    case PQTRANS_IDLE:
        wire->status = CUPEL_WIRE_IDLE;
        wire->transactions++;
        break;
    case PQTRANS_INTRANS:
        wire->status = CUPEL_WIRE_IN_TRANSACTION;
        break;
    case PQTRANS_INERROR:
        wire->status = CUPEL_WIRE_FAILED;
        break;
    case PQTRANS_ACTIVE:
    case PQTRANS_UNKNOWN:
        wire->lost = true; /* libpq expects something that we do not */
        break;
    }
}

/* Answers in flight for streams are waited for by those, and whatever is sent
 * next goes behind them: the wire is as good as quiet. */
cupel_wire_state
cup_pg_state(const cupel_wire *base)
{
    const struct cup_pg_wire *wire = (const struct cup_pg_wire *)base;

    if (wire->lost || wire->poisoned || PQstatus(wire->conn) != CONNECTION_OK)
        return CUPEL_WIRE_BROKEN;
    if (cup_pg_answers_orphaned(&wire->answers))
        return CUPEL_WIRE_BUSY;
    return wire->shared ? cup_pg_driver_state(wire) : wire->status;
}

/* Whether the socket has something to read, or has ended. */
static bool
socket_stirs(const struct cup_pg_wire *wire)
{
    char byte;
    ssize_t got;

    do {
        got = recv(PQsocket(wire->conn), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

/* A server's last words come as a notice, and only the next read finds the end
 * behind them: so read until there is nothing more. */
void
cup_pg_wire_look(struct cup_pg_wire *wire)
{
    int reads = 0;

    while (!wire->lost && socket_stirs(wire)) {
        if (PQconsumeInput(wire->conn) == 0 || ++reads > IDLE_READS_MAX)
            wire->lost = true;
        cup_pg_wire_unwatch(wire);
        cup_pg_take_answers(wire);
        if (wire->poisoned || wire->farewell.sqlstate[0] != '\0' ||
            PQstatus(wire->conn) != CONNECTION_OK)
            wire->lost = true;
    }
    if (wire->lost)
        cup_pg_wire_lose(wire);
}

bool
cup_pg_alive(cupel_wire *base)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);

    if (cup_pg_state(base) == CUPEL_WIRE_BROKEN || wire->oversized ||
        cup_pg_role_outdated(wire))
        return false;
    if (cup_now_coarse() - wire->quiet_since >= FRESH_MS)
        cup_pg_wire_look(wire);
    return !wire->lost;
}

/* A wire that was lost before has had nothing of this request. */
static cupel_status
nothing_sent(cupel_status rc)
{
    struct cupel_error *record = cup_error_current();

    if (record != NULL)
        record->retry_safe = true;
    return rc;
}

cupel_status
cup_pg_prepare_wire(struct cup_pg_wire *wire, cupel_time until)
{
    if (wire->lost || wire->poisoned || PQstatus(wire->conn) != CONNECTION_OK) {
        cup_pg_wire_lose(wire);
        return nothing_sent(cup_pg_error_lost(wire, NULL));
    }
    if (cup_pg_answers_orphaned(&wire->answers))
        return cup_pg_drain(wire, until);
    return wire->shared ? cup_pg_driver_resume(wire) : CUPEL_OK;
}

cupel_status
cup_pg_settle(struct cup_pg_wire *wire, cupel_time until)
{
    cupel_status rc = cup_pg_prepare_wire(wire, until);

    return rc == CUPEL_OK ? cup_pg_ahead_finish(wire, until) : rc;
}

/* In a process that was forked off, the server must not hear of this: the
 * connection belongs to the parent, whose session a goodbye would end. */
static void
silence(const struct cup_pg_wire *wire)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0)
        return;
    if (PQsocket(wire->conn) >= 0)
        dup2(null, PQsocket(wire->conn));
    close(null);
}

void
cup_pg_free(cupel_wire *base)
{
    struct cup_pg_wire *wire;

    if (base == NULL)
        return;
    wire = cup_pg_wire(base);
    if (wire->pid == getpid())
        cup_pg_cancel_behind(wire);
    else
        silence(wire);
    cup_pg_ahead_stop(&wire->ahead);
    cup_pg_streams_detach(wire);
    cup_fd_close(wire->fd);
    PQfinish(wire->conn);
    cup_pg_answers_fini(&wire->answers);
    cup_pg_prepared_fini(&wire->prepared);
    cup_pg_boundaries_forget(&wire->boundaries);
    cup_pg_chores_fini(&wire->chores);
    cup_pg_params_fini(&wire->params);
    cup_free(wire);
}

/* The socket does not block, so saying goodbye takes no time. */
void
cup_pg_close(cupel_wire *base, cupel_time until)
{
    (void)until;
    cup_pg_free(base);
}
