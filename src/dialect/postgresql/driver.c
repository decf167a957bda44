/* SPDX-License-Identifier: MIT */
/* Sharing libpq's connection. A wire keeps it in pipeline mode, not blocking;
 * who is shown it may leave that mode for COPY or for blocking calls, as long
 * as nothing is under way when the wire is used again: that is looked at before
 * each request, and the mode is put back. What libpq collects of notifications
 * is theirs from then on. */
#include "dialect/postgresql/driver.h"

#include "base/error.h"
#include "dialect/postgresql/command.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/options.h"

#include <string.h>
#include <sys/socket.h>

void *
cup_pg_driver_connection(cupel_wire *base)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);

    cup_pg_ahead_block(wire);
    wire->shared = true;
    return wire->conn;
}

cupel_wire_state
cup_pg_driver_state(const struct cup_pg_wire *wire)
{
    if (wire->answers.count > 0)
        return wire->status;
    switch (PQtransactionStatus(wire->conn)) {
    case PQTRANS_IDLE:
        return CUPEL_WIRE_IDLE;
    case PQTRANS_INTRANS:
        return CUPEL_WIRE_IN_TRANSACTION;
    case PQTRANS_INERROR:
        return CUPEL_WIRE_FAILED;
    case PQTRANS_ACTIVE:
    case PQTRANS_UNKNOWN:
        break;
    }
    return CUPEL_WIRE_BROKEN;
}

cupel_status
cup_pg_driver_resume(struct cup_pg_wire *wire)
{
    if (wire->answers.count > 0)
        return CUPEL_OK;
    if (cup_pg_driver_state(wire) != wire->status)
        cup_pg_wire_quiet(wire);
    if (!wire->lost && PQenterPipelineMode(wire->conn) == 1 &&
        PQsetnonblocking(wire->conn, 1) == 0)
        return CUPEL_OK;
    cup_pg_wire_lose(wire);
    return cup_pg_error_lost(wire, NULL);
}

/* ---- Adopting -------------------------------------------------------- */

static bool
is_local(PGconn *conn)
{
    struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
    socklen_t size = sizeof address;

    return getsockname(PQsocket(conn), (struct sockaddr *)(void *)&address,
                       &size) == 0 &&
           address.ss_family == AF_UNIX;
}

/* Where the connection goes is not for the url to say, but how careful to be
 * is. What does not leave this machine needs no TLS. */
static bool
is_private_enough(PGconn *conn, const struct cup_pg_options *options)
{
    const char *mode = cup_pg_options_get(options, "sslmode");

    if (!options->sslmode_given || PQsslInUse(conn) || is_local(conn))
        return true;
    return strcmp(mode, "require") != 0 && strncmp(mode, "verify-", 7) != 0;
}

static cupel_status
check(PGconn *conn, const struct cup_pg_options *options)
{
    if (PQstatus(conn) != CONNECTION_OK)
        return cup_error_set(CUPEL_E_OPERATIONAL,
                             "the connection that was given is not open");
    if (PQtransactionStatus(conn) != PQTRANS_IDLE ||
        PQpipelineStatus(conn) != PQ_PIPELINE_OFF)
        return cup_error_set(CUPEL_E_INVALID,
                             "the connection that was given is in use");
    if (!is_private_enough(conn, options))
        return cup_error_set(CUPEL_E_OPERATIONAL,
                             "the connection that was given is not encrypted, "
                             "which the url asks for");
    return CUPEL_OK;
}

static bool
parameter_is(const struct cup_pg_wire *wire, const char *name,
             const char *start)
{
    const char *value = PQparameterStatus(wire->conn, name);

    return value != NULL && strncmp(value, start, strlen(start)) == 0;
}

/* What connect asks for when a session starts. Yields. */
static cupel_status
set_up(struct cup_pg_wire *wire, cupel_time until)
{
    cupel_status rc = CUPEL_OK;

    if (!parameter_is(wire, "client_encoding", "UTF8"))
        rc = cup_pg_command(wire, "SET client_encoding = 'UTF8'", until);
    if (rc == CUPEL_OK && !parameter_is(wire, "DateStyle", "ISO"))
        rc = cup_pg_command(wire, "SET DateStyle = 'ISO'", until);
    return rc;
}

/* A cancel request goes in clear, which is refused where the connection itself
 * does not. Yields. */
static cupel_status
adopt(PGconn *conn, const struct cup_pg_options *options, cupel_time until,
      cupel_wire **out)
{
    cupel_status rc = check(conn, options);
    cupel_wire *base;

    if (rc != CUPEL_OK) {
        PQfinish(conn);
        return rc;
    }
    rc = cup_pg_wire_new(conn, options, &base);
    if (rc != CUPEL_OK)
        return rc;
    cup_pg_wire(base)->private = PQsslInUse(conn) == 1;
    rc = set_up(cup_pg_wire(base), until);
    if (rc == CUPEL_OK)
        *out = base;
    else
        cup_pg_free(base);
    return rc;
}

cupel_status
cup_pg_adopt(const cupel_url *url, void *driver_connection, cupel_time until,
             cupel_wire **out)
{
    static const struct cup_pg_host anywhere = { NULL, NULL, NULL };
    struct cup_pg_options options;
    cupel_status rc;

    *out = NULL;
    if (driver_connection == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no connection was given");
    rc = cup_pg_options_init(&options, url, &anywhere);
    if (rc != CUPEL_OK) {
        PQfinish(driver_connection);
        return rc;
    }
    rc = adopt(driver_connection, &options, until, out);
    cup_pg_options_fini(&options);
    return rc;
}
