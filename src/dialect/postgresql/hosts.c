/* SPDX-License-Identifier: MIT */
/* One host stands in front of the query. Several are written in it, in one of
 * two ways that must not be mixed, for nobody could tell what they mean:
 *
 *     host=h1:p1&host=h2:p2        host=h1,h2&port=p1,p2
 *
 * The url is first taken apart into lists of pieces, and these are then put
 * together by their places. */
#include "dialect/postgresql/hosts.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A stretch of the url. */
struct piece {
    const char *start;
    size_t len;
};

struct pieces {
    struct piece list[CUP_PG_HOSTS_MAX];
    size_t count;
};

/* What stands in a url. */
struct reading {
    struct pieces names;
    struct pieces ports;
    struct pieces addresses;
    bool joined;   /* the ports stand behind their hosts */
    char front[8]; /* the port in front of the query */
};

static cupel_status
refuse(const char *reason)
{
    return cup_error_set(CUPEL_E_ARGUMENT, "%s", reason);
}

static cupel_status
refuse_mixture(void)
{
    return refuse("several hosts are written host=h1,h2&port=p1,p2 or "
                  "host=h1:p1&host=h2:p2 in a url, never as a mixture");
}

/* ---- Taking the url apart ---------------------------------------------- */

static cupel_status
add(struct pieces *pieces, const char *start, size_t len)
{
    if (pieces->count == CUP_PG_HOSTS_MAX)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the url names more than %d hosts",
                             CUP_PG_HOSTS_MAX);
    if (len > CUP_PG_HOST_NAME_MAX)
        return refuse("a host of the url is too long");
    pieces->list[pieces->count].start = start;
    pieces->list[pieces->count++].len = len;
    return CUPEL_OK;
}

/* Add "a,b,c". */
static cupel_status
add_list(struct pieces *pieces, const char *list)
{
    for (;;) {
        size_t len = strcspn(list, ",");
        cupel_status rc = add(pieces, list, len);

        if (rc != CUPEL_OK || list[len] == '\0')
            return rc;
        list += len + 1;
    }
}

static bool
is_path(const char *host)
{
    return *host == '/' || *host == '@';
}

/* The colon in front of a port, or NULL. Two colons make an IPv6 address, and
 * the folder of a socket may have one of its own. */
static const char *
find_port(const char *host)
{
    const char *colon = strrchr(host, ':');

    if (colon == NULL)
        return NULL;
    if (is_path(host))
        return colon[1 + strspn(colon + 1, "0123456789")] == '\0' ? colon
                                                                  : NULL;
    if (*host == '[')
        return colon[-1] == ']' ? colon : NULL;
    return strchr(host, ':') == colon ? colon : NULL;
}

/* Add "host:port", "host", "[address]:port" or "[address]". */
static cupel_status
add_joined(struct reading *reading, const char *host)
{
    const char *colon = find_port(host);
    const char *end = colon == NULL ? host + strlen(host) : colon;
    cupel_status rc;

    if (strchr(host, ',') != NULL)
        return refuse_mixture();
    if (colon == NULL)
        rc = add(&reading->ports, end, 0);
    else
        rc = add(&reading->ports, colon + 1, strlen(colon + 1));
    if (rc != CUPEL_OK)
        return rc;
    reading->joined = true;
    if (*host == '[' && end[-1] == ']')
        return add(&reading->names, host + 1, (size_t)(end - host) - 2);
    return add(&reading->names, host, (size_t)(end - host));
}

/* The one value of "host". */
static cupel_status
add_single(struct reading *reading, const char *host)
{
    size_t i = reading->names.count;
    cupel_status rc;

    if (strchr(host, ',') == NULL) {
        if (*host == '[' || (!is_path(host) && find_port(host) != NULL))
            return add_joined(reading, host);
        return add(&reading->names, host, strlen(host));
    }
    rc = add_list(&reading->names, host);
    for (; rc == CUPEL_OK && i < reading->names.count; i++) {
        struct piece name = reading->names.list[i];
        const char *colon = memchr(name.start, ':', name.len);

        if (colon == NULL || is_path(name.start))
            continue;
        if (memchr(colon + 1, ':', name.len - (size_t)(colon + 1 - name.start)))
            continue;
        rc = refuse_mixture();
    }
    return rc;
}

static cupel_status
read_names(struct reading *reading, const cupel_url *url)
{
    size_t i, count = cupel_url_normalized_query_count(url, "host");
    const char *front = cupel_url_host(url);
    cupel_status rc = CUPEL_OK;

    if (front != NULL && count > 0)
        return refuse("the url names a host in front of its query and another "
                      "one in it");
    if (front != NULL && strchr(front, ',') != NULL)
        return refuse_mixture();
    if (front != NULL)
        return add(&reading->names, front, strlen(front));
    if (count == 1)
        return add_single(reading, cupel_url_query_get(url, "host"));
    for (i = 0; i < count && rc == CUPEL_OK; i++)
        rc = add_joined(reading,
                        cupel_url_normalized_query_value(url, "host", i));
    return rc;
}

static cupel_status
read_ports(struct reading *reading, const cupel_url *url)
{
    size_t i, count = cupel_url_normalized_query_count(url, "port");
    int front = cupel_url_port(url);
    cupel_status rc = CUPEL_OK;

    if (front != 0 && count > 0)
        return refuse("the url names a port in front of its query and another "
                      "one in it");
    if (reading->joined && (front != 0 || count > 0))
        return refuse_mixture();
    if (front != 0) {
        snprintf(reading->front, sizeof reading->front, "%d", front);
        return add(&reading->ports, reading->front, strlen(reading->front));
    }
    for (i = 0; i < count && rc == CUPEL_OK; i++)
        rc = add_list(&reading->ports,
                      cupel_url_normalized_query_value(url, "port", i));
    return rc;
}

static cupel_status
read_addresses(struct reading *reading, const cupel_url *url)
{
    size_t count = cupel_url_normalized_query_count(url, "hostaddr");

    if (count > 1)
        return refuse("the url has more than one hostaddr; several addresses "
                      "are written hostaddr=a1,a2");
    if (count == 0)
        return CUPEL_OK;
    return add_list(&reading->addresses, cupel_url_query_get(url, "hostaddr"));
}

/* libpq takes from the environment what a url leaves open; a single port it
 * can take itself. */
static cupel_status
read_environment(struct reading *reading)
{
    const char *host = getenv("PGHOST");
    const char *port = getenv("PGPORT");
    cupel_status rc = CUPEL_OK;

    if (host != NULL && *host != '\0' && reading->names.count == 0 &&
        reading->addresses.count == 0)
        rc = add_list(&reading->names, host);
    if (rc == CUPEL_OK && port != NULL && strchr(port, ',') != NULL &&
        reading->ports.count == 0)
        rc = add_list(&reading->ports, port);
    return rc;
}

/* ---- Putting it together ----------------------------------------------- */

static cupel_status
check_port(struct piece port)
{
    struct cup_reader reader;
    uint64_t number = 0;
    size_t i;

    for (i = 0; i < port.len; i++) {
        if (!cup_is_digit(port.start[i]))
            return refuse("a port of the url is not a number");
    }
    cup_reader_init(&reader, port.start, port.len);
    if (port.len > 0 && (!cup_reader_number(&reader, 1, SIZE_MAX, &number) ||
                         number < 1 || number > 65535))
        return cup_error_set(CUPEL_E_VALUE,
                             "a port of the url is not from 1 to 65535");
    return CUPEL_OK;
}

static cupel_status
check(const struct reading *reading, size_t count)
{
    const struct pieces *addresses = &reading->addresses;
    const struct pieces *ports = &reading->ports;
    bool one_for_all = ports->count == 1 && reading->names.count == 0;
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; i < ports->count && rc == CUPEL_OK; i++)
        rc = check_port(ports->list[i]);
    if (rc != CUPEL_OK)
        return rc;
    if (ports->count > 0 && ports->count != count && !one_for_all)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the numbers of hosts and ports in the url do "
                             "not match: %zu and %zu",
                             count, ports->count);
    if (addresses->count > 0 && addresses->count != count && count > 1)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the numbers of hosts and addresses in the url "
                             "do not match: %zu and %zu",
                             count, addresses->count);
    return CUPEL_OK;
}

/* The piece as a string in `out`; what is empty leaves it NULL. */
static cupel_status
copy(struct cup_arena *memory, struct piece piece, const char **out)
{
    if (piece.len == 0)
        return CUPEL_OK;
    *out = cup_arena_strndup(memory, piece.start, piece.len);
    return *out == NULL ? cup_nomem() : CUPEL_OK;
}

/* The i-th piece, or an empty one; the only one if there is one for all. */
static struct piece
piece_at(const struct pieces *pieces, size_t i)
{
    static const struct piece none = { "", 0 };

    if (pieces->count == 1)
        return pieces->list[0];
    return i < pieces->count ? pieces->list[i] : none;
}

/* Every address, as they stand in the url behind one another. */
static struct piece
all_of(const struct pieces *pieces)
{
    struct piece all = pieces->list[0];
    const struct piece *last = &pieces->list[pieces->count - 1];

    all.len = (size_t)(last->start + last->len - all.start);
    return all;
}

static cupel_status
assemble(const struct reading *reading, struct cup_pg_hosts *out)
{
    const struct pieces *addresses = &reading->addresses;
    cupel_status rc = CUPEL_OK;
    size_t i;

    out->list = cup_arena_array(&out->memory, out->count, sizeof *out->list);
    if (out->list == NULL)
        return cup_nomem();
    for (i = 0; i < out->count && rc == CUPEL_OK; i++) {
        struct cup_pg_host *host = &out->list[i];
        struct piece address = piece_at(addresses, i);

        if (out->count == 1 && addresses->count > 1)
            address = all_of(addresses);
        rc = copy(&out->memory, address, &host->addresses);
        if (rc == CUPEL_OK && reading->names.count > 0)
            rc = copy(&out->memory, reading->names.list[i], &host->name);
        if (rc == CUPEL_OK)
            rc = copy(&out->memory, piece_at(&reading->ports, i), &host->port);
    }
    return rc;
}

cupel_status
cup_pg_hosts_init(struct cup_pg_hosts *out, const cupel_url *url)
{
    struct reading reading = { 0 };
    cupel_status rc;

    memset(out, 0, sizeof *out);
    rc = read_names(&reading, url);
    if (rc == CUPEL_OK)
        rc = read_ports(&reading, url);
    if (rc == CUPEL_OK)
        rc = read_addresses(&reading, url);
    if (rc == CUPEL_OK)
        rc = read_environment(&reading);
    if (rc != CUPEL_OK)
        return rc;
    /* Addresses without names are hosts themselves. */
    out->count =
        reading.names.count > 0 ? reading.names.count : reading.addresses.count;
    if (out->count == 0)
        out->count = 1;
    rc = check(&reading, out->count);
    if (rc == CUPEL_OK)
        rc = assemble(&reading, out);
    if (rc != CUPEL_OK)
        cup_pg_hosts_fini(out);
    return rc;
}

void
cup_pg_hosts_fini(struct cup_pg_hosts *hosts)
{
    cup_arena_fini(&hosts->memory);
    memset(hosts, 0, sizeof *hosts);
}
