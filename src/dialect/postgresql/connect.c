/* SPDX-License-Identifier: MIT */
/* Connecting in slices. Each step of libpq's runs on a worker, since TLS and
 * SCRAM cost milliseconds of work that the loop does not have; the waits
 * between them are on the loop, so that a silent server holds no thread. Over a
 * local socket without a password there is neither: those steps are shorter
 * than a hop to a worker, and a process that needs no other worker stays one of
 * a single thread, in which system calls and malloc cost less.
 *
 * libpq may open another socket between two steps, usually under the same
 * number, and whoever watched the old one would wait for ever: so the watch
 * begins anew for each wait.
 *
 * libpq would try several hosts, and the several addresses of one, in turn, but
 * a silent one it would wait for until the time is up. So it gets one address
 * at a time, and each has a share of the time that is left. */
#include "dialect/postgresql/connect.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/hosts.h"
#include "dialect/postgresql/options.h"
#include "dialect/postgresql/resolve.h"
#include "dialect/postgresql/wire.h"
#include "task/offload.h"

#include <stdio.h>
#include <string.h>

enum {
    TRY_MAX_MS = 10000, /* for a host, as long as there is another one */
    REASONS_MAX = 2048  /* bytes of what the hosts have said */
};

/* One attempt, at one address. On the heap: a worker may still have it when we
 * are gone. */
struct attempt {
    struct cup_job job;
    struct cup_pg_options options;
    PGconn *conn;                     /* owned */
    PostgresPollingStatusType polled; /* what libpq wants next */
};

static void
ignore_notice(void *arg, const PGresult *notice)
{
    (void)arg;
    (void)notice;
}

/* The short verbosity has libpq end its messages with the SQLSTATE, which it
 * gives no other way while connecting. */
static void
start(struct cup_job *job)
{
    struct attempt *attempt = CUP_CONTAINER(job, struct attempt, job);

    attempt->conn =
        PQconnectStartParams(attempt->options.keywords,
                             (const char *const *)attempt->options.values, 0);
    if (attempt->conn == NULL)
        return;
    PQsetErrorVerbosity(attempt->conn, PQERRORS_SQLSTATE);
    PQsetNoticeReceiver(attempt->conn, ignore_notice, NULL);
    attempt->polled = PQstatus(attempt->conn) == CONNECTION_BAD
                          ? PGRES_POLLING_FAILED
                          : PGRES_POLLING_WRITING;
}

static void
step(struct cup_job *job)
{
    struct attempt *attempt = CUP_CONTAINER(job, struct attempt, job);

    attempt->polled = PQconnectPoll(attempt->conn);
}

static void
drop(struct cup_job *job)
{
    struct attempt *attempt = CUP_CONTAINER(job, struct attempt, job);

    PQfinish(attempt->conn);
    cup_pg_options_fini(&attempt->options);
    cup_free(attempt);
}

/* Wait for what libpq wants. Yields. */
static cupel_status
wait_ready(const struct attempt *attempt, cupel_time until)
{
    int events =
        attempt->polled == PGRES_POLLING_READING ? CUP_READABLE : CUP_WRITABLE;
    struct cup_fd *fd;
    cupel_status rc;

    rc = cup_fd_open(PQsocket(attempt->conn), &fd);
    if (rc != CUPEL_OK)
        return rc;
    rc = cup_fd_wait(fd, events, until, NULL);
    cup_fd_close(fd);
    return rc;
}

/* Whether no step can take long, as far as is known by now. */
static bool
is_light(const struct attempt *attempt)
{
    const char *password =
        attempt->conn == NULL
            ? cup_pg_options_get(&attempt->options, "password")
            : PQpass(attempt->conn);

    return attempt->options.place == CUP_PG_SOCKET &&
           (password == NULL || password[0] == '\0');
}

/* Do a step, here or on a worker. Yields. */
static cupel_status
take_step(struct attempt *attempt, cupel_time until, bool *running)
{
    if (!is_light(attempt))
        return cup_offload(&attempt->job, CUP_LANE_SHORT, until, running);
    attempt->job.work(&attempt->job);
    return CUPEL_OK;
}

/* Go on until libpq is done, well or not. Yields. `running` says whether a
 * worker has the attempt. */
static cupel_status
run(struct attempt *attempt, cupel_time until, bool *running)
{
    cupel_status rc;

    attempt->job.work = start;
    attempt->job.drop = drop;
    rc = take_step(attempt, until, running);
    if (rc == CUPEL_OK && attempt->conn == NULL)
        return cup_nomem();
    attempt->job.work = step;
    while (rc == CUPEL_OK && (attempt->polled == PGRES_POLLING_READING ||
                              attempt->polled == PGRES_POLLING_WRITING)) {
        rc = wait_ready(attempt, until);
        if (rc == CUPEL_OK)
            rc = take_step(attempt, until, running);
    }
    return rc;
}

/* ---- What went wrong -------------------------------------------------- */

/* What a host is called in a message. */
static const char *
name_of(const struct cup_pg_host *host)
{
    if (host->name != NULL)
        return host->name;
    return host->addresses != NULL ? host->addresses : "the local socket";
}

/* The server's reasons, in words: its own came before it proved who it is. */
static const char *
reason_of(const char *sqlstate)
{
    static const char *const reasons[][2] = {
        { "28P01", "the password was refused" },
        { "28000", "the server refused the user" },
        { "3D000", "the database does not exist" },
        { "53300", "the server has too many connections" },
        { "57P03", "the server is starting up or shutting down" },
        { "57P01", "the server is shutting down" },
        { "42501", "the user may not connect to the database" },
        { "55000", "the database accepts no connections" },
    };
    size_t i;

    for (i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(reasons[i][0], sqlstate) == 0)
            return reasons[i][1];
    }
    return "the server refused the connection";
}

/* Only what happened last, without the addresses that came before it. */
static const char *
last_reason(const char *message)
{
    static const char marker[] = "failed: ";
    const char *found;

    while ((found = strstr(message, marker)) != NULL)
        message = found + sizeof marker - 1;
    return *message != '\0' ? message : "libpq gave no reason";
}

static bool
is_about_binding(const char *message)
{
    return strstr(message, "channel binding") != NULL;
}

static bool
is_about_tls(const char *message)
{
    return strstr(message, "SSL") != NULL ||
           strstr(message, "ertificate") != NULL || is_about_binding(message);
}

/* A refusal over what the url has not chosen says what the url can choose. */
static const char *
tls_advice(const struct attempt *attempt, const char *message)
{
    if (!attempt->options.sslmode_given && is_about_tls(message))
        return "; the default beyond this machine is sslmode=verify-full with "
               "channel_binding=require, which the url can weaken";
    if (!attempt->options.binding_given && is_about_binding(message))
        return "; a verified server is asked for channel_binding=require "
               "unless the url says otherwise";
    return "";
}

static cupel_status
refused(const struct attempt *attempt, const char *host)
{
    const char *message = PQerrorMessage(attempt->conn);
    struct cupel_error *record;
    char sqlstate[6] = "";
    cupel_status rc;

    if (cup_pg_sqlstate_find(message, sqlstate)) {
        rc = cup_error_set(CUPEL_E_OPERATIONAL,
                           "could not connect to \"%s\": %s", host,
                           reason_of(sqlstate));
    } else {
        message = last_reason(message);
        rc = cup_error_set(
            CUPEL_E_OPERATIONAL, "could not connect to \"%s\": %.*s%s", host,
            (int)strcspn(message, "\n"), message, tls_advice(attempt, message));
    }
    record = cup_error_current();
    if (record == NULL)
        return rc;
    memcpy(record->sqlstate, sqlstate, sizeof sqlstate);
    record->connection_lost = true;
    record->retry_safe =
        strcmp(sqlstate, "53300") == 0 || strncmp(sqlstate, "57P0", 4) == 0;
    return rc;
}

/* ---- The whole of it -------------------------------------------------- */

/* Make a wire of a connection that libpq has established. */
static cupel_status
take_over(struct attempt *attempt, cupel_wire **out)
{
    const struct cup_pg_options *options = &attempt->options;
    PGconn *conn = attempt->conn;

    if (options->private && !PQsslInUse(conn))
        return cup_error_set(CUPEL_E_OPERATIONAL,
                             "the connection is not encrypted");
    attempt->conn = NULL;
    return cup_pg_wire_new(conn, options, out);
}

/* ---- One host after the other ------------------------------------------ */

/* A connect on its way through a url's hosts. */
struct search {
    const cupel_url *url; /* borrowed */
    struct cup_pg_hosts hosts;
    const char *wanted; /* target_session_attrs; NULL: as the url has it */
    cupel_time until;   /* for all of it */
    size_t left;        /* tries to come, with the one that goes on */
    struct cup_writer reasons; /* of those that failed before */
};

/* How long one of `count` tries may take, so that the others have time, too. */
static cupel_time
share_of(cupel_time until, size_t count)
{
    cupel_time now = cupel_now();
    int64_t span;

    if (count < 2 || until <= now)
        return until;
    span = (until - now) / (int64_t)count;
    return now + (span < TRY_MAX_MS ? span : TRY_MAX_MS);
}

/* Whether another host may do what this one did not. One that knows the user
 * and refuses has spoken for all of them. */
static bool
next_may_help(cupel_status rc)
{
    const struct cupel_error *error = cup_error_current();

    if (rc != CUPEL_E_OPERATIONAL)
        return rc == CUPEL_E_TIMEOUT;
    return error == NULL || error->sqlstate[0] == '\0' ||
           strcmp(error->sqlstate, "53300") == 0 ||
           strncmp(error->sqlstate, "57P0", 4) == 0;
}

/* An attempt with its parameters; NULL `address` leaves it to libpq. */
static cupel_status
new_attempt(const struct search *search, const struct cup_pg_host *host,
            const char *address, struct attempt **out)
{
    struct attempt *attempt = cup_alloc(sizeof *attempt);
    cupel_status rc;

    if (attempt == NULL)
        return cup_nomem();
    rc = cup_pg_options_init(&attempt->options, search->url, host);
    if (rc == CUPEL_OK && address != NULL)
        rc = cup_pg_options_set(&attempt->options, "hostaddr", address);
    if (rc == CUPEL_OK && search->wanted != NULL)
        rc = cup_pg_options_set(&attempt->options, "target_session_attrs",
                                search->wanted);
    if (rc == CUPEL_OK)
        *out = attempt;
    else
        drop(&attempt->job);
    return rc;
}

/* Yields. */
static cupel_status
try_address(const struct search *search, const struct cup_pg_host *host,
            const char *address, cupel_time until, cupel_wire **out)
{
    struct attempt *attempt = NULL;
    bool running = false;
    cupel_status rc;

    rc = new_attempt(search, host, address, &attempt);
    if (rc != CUPEL_OK)
        return rc;
    rc = run(attempt, until, &running);
    if (rc == CUPEL_OK)
        rc = attempt->polled == PGRES_POLLING_OK
                 ? take_over(attempt, out)
                 : refused(attempt, name_of(host));
    if (!running)
        drop(&attempt->job);
    return rc;
}

/* Try each of "a,b,c". Yields. */
static cupel_status
try_addresses(const struct search *search, const struct cup_pg_host *host,
              const char *addresses, cupel_time until, cupel_wire **out)
{
    char address[CUP_PG_HOST_NAME_MAX + 1];
    size_t left = 1, i;
    cupel_status rc;

    for (i = 0; addresses[i] != '\0'; i++)
        left += addresses[i] == ',';
    for (;; left--) {
        snprintf(address, sizeof address, "%.*s", (int)strcspn(addresses, ","),
                 addresses);
        rc = try_address(search, host, address, share_of(until, left), out);
        if (rc == CUPEL_OK || left == 1 || !next_may_help(rc) ||
            cupel_now() >= until)
            return rc;
        addresses += strcspn(addresses, ",") + 1;
    }
}

/* Yields. */
static cupel_status
try_host(const struct search *search, const struct cup_pg_host *host,
         cupel_wire **out)
{
    cupel_time until = share_of(search->until, search->left);
    const char *addresses = host->addresses;
    cupel_status rc = CUPEL_OK;
    char *found = NULL;

    if (addresses == NULL) {
        rc = cup_pg_resolve(host->name, until, &found);
        addresses = found;
    }
    if (rc == CUPEL_OK)
        rc = addresses == NULL
                 ? try_address(search, host, NULL, until, out)
                 : try_addresses(search, host, addresses, until, out);
    cup_free(found);
    if (rc == CUPEL_E_TIMEOUT)
        rc = cup_error_set(rc, "connecting to \"%s\" took too long",
                           name_of(host));
    return rc;
}

/* Try each host. On failure the record is that of the last one tried. Yields.
 */
static cupel_status
try_hosts(struct search *search, cupel_wire **out)
{
    cupel_status rc = CUPEL_OK;
    size_t i;

    search->reasons.len = 0;
    for (i = 0; i < search->hosts.count; i++, search->left--) {
        if (i > 0) { /* what the one before has said */
            cup_writer_str(&search->reasons, cupel_error_text());
            cup_writer_str(&search->reasons, "; ");
        }
        rc = try_host(search, &search->hosts.list[i], out);
        if (rc == CUPEL_OK || !next_may_help(rc) ||
            cupel_now() >= search->until)
            break;
    }
    return rc;
}

/* "prefer-standby" is two rounds: first a standby, then whatever there is.
 * Yields. */
static cupel_status
find_server(struct search *search, cupel_wire **out)
{
    const char *wanted =
        cupel_url_query_get(search->url, "target_session_attrs");
    cupel_status rc;

    search->left = search->hosts.count;
    if (wanted == NULL || strcmp(wanted, "prefer-standby") != 0)
        return try_hosts(search, out);
    search->left *= 2;
    search->wanted = "standby";
    rc = try_hosts(search, out);
    if (rc == CUPEL_OK || !next_may_help(rc) || cupel_now() >= search->until)
        return rc;
    search->left = search->hosts.count;
    search->wanted = "any";
    return try_hosts(search, out);
}

/* Have the record say what all hosts have said, if that fits. */
static void
tell_all(struct search *search, cupel_status rc)
{
    struct cupel_error *record = cup_error_current();

    if (record == NULL || search->reasons.len == 0 ||
        (rc != CUPEL_E_OPERATIONAL && rc != CUPEL_E_TIMEOUT))
        return;
    cup_writer_str(&search->reasons, cupel_error_message(record));
    if (cup_writer_end(&search->reasons) < search->reasons.size)
        cup_error_field(&record->message, search->reasons.out);
}

/* The url's own limit, if it is the earlier one. */
static cupel_status
limit_time(struct search *search)
{
    struct cup_pg_options options;
    cupel_status rc;

    rc = cup_pg_options_init(&options, search->url, &search->hosts.list[0]);
    if (rc != CUPEL_OK)
        return rc;
    if (options.timeout_ms > 0) {
        cupel_time own = cupel_deadline_in(options.timeout_ms);

        if (own < search->until)
            search->until = own;
    }
    cup_pg_options_fini(&options);
    return CUPEL_OK;
}

cupel_status
cup_pg_connect(const cupel_url *url, cupel_time until, cupel_wire **out)
{
    struct search search = { .url = url, .until = until };
    char reasons[REASONS_MAX];
    cupel_status rc;

    *out = NULL;
    rc = cup_pg_hosts_init(&search.hosts, url);
    if (rc != CUPEL_OK)
        return rc;
    cup_writer_init(&search.reasons, reasons, sizeof reasons);
    rc = limit_time(&search);
    if (rc == CUPEL_OK)
        rc = find_server(&search, out);
    if (rc != CUPEL_OK)
        tell_all(&search, rc);
    cup_pg_hosts_fini(&search.hosts);
    return rc;
}
