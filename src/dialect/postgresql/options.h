/* SPDX-License-Identifier: MIT */
/* What a url says of one of its hosts, as libpq's connection parameters and a
 * few of our own. */
#ifndef CUP_DIALECT_POSTGRESQL_OPTIONS_H
#define CUP_DIALECT_POSTGRESQL_OPTIONS_H

#include "dialect/postgresql/hosts.h"

enum { CUP_PG_OPTIONS_MAX = 40 };

/* Where the server is, which decides how careful to be. */
enum cup_pg_place {
    CUP_PG_SOCKET,   /* a Unix socket */
    CUP_PG_LOOPBACK, /* this machine, over TCP */
    CUP_PG_REMOTE
};

/* Connection parameters as PQconnectStartParams() takes them. Copies, since
 * they are read on a worker thread; wiped when they go. */
struct cup_pg_options {
    const char *keywords[CUP_PG_OPTIONS_MAX + 1]; /* static, ends with NULL */
    char *values[CUP_PG_OPTIONS_MAX + 1];         /* owned */
    size_t count;
    enum cup_pg_place place;
    bool private;       /* TLS is required */
    bool sslmode_given; /* the url chose how careful to be */
    bool binding_given; /* the url chose a channel_binding */
    bool pooler;        /* a transaction pooler stands in between */
    size_t cache_size;  /* prepared statements kept a connection */
    int64_t timeout_ms; /* longest connect; 0: no limit of its own */
};

/* Refuse what cannot be used: ARGUMENT or VALUE. */
cupel_status
cup_pg_options_check(const cupel_url *url);

/* Read a url, for one of its hosts: what is the default depends on where that
 * is. On failure `out` needs no fini. ARGUMENT, VALUE, NOMEM. */
cupel_status
cup_pg_options_init(struct cup_pg_options *out, const cupel_url *url,
                    const struct cup_pg_host *host);

void
cup_pg_options_fini(struct cup_pg_options *options);

/* The value of one of libpq's parameters, or NULL. Borrowed. */
const char *
cup_pg_options_get(const struct cup_pg_options *options, const char *keyword);

/* Set one of libpq's parameters to a copy of `value`, replacing it. `keyword`
 * is static. NOMEM. */
cupel_status
cup_pg_options_set(struct cup_pg_options *options, const char *keyword,
                   const char *value);

#endif
