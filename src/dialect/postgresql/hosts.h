/* SPDX-License-Identifier: MIT */
/* The servers that a url names, in the order in which they are tried. */
#ifndef CUP_DIALECT_POSTGRESQL_HOSTS_H
#define CUP_DIALECT_POSTGRESQL_HOSTS_H

#include <cupel/url.h>

#include "base/arena.h"

enum { CUP_PG_HOSTS_MAX = 64, CUP_PG_HOST_NAME_MAX = 255 };

/* One server. */
struct cup_pg_host {
    const char *name;      /* or address, or socket's folder; NULL: default */
    const char *addresses; /* "a,b,c" if the url gives them, else NULL */
    const char *port;      /* NULL: the default */
};

/* All of them; at least one. */
struct cup_pg_hosts {
    struct cup_arena memory; /* of everything that they point at */
    struct cup_pg_host *list;
    size_t count;
};

/*
 * Read a url's hosts, or the environment's if it has none. On failure `out`
 * needs no fini. ARGUMENT for what does not go together or is no number, VALUE
 * for a port out of range, NOMEM.
 */
cupel_status
cup_pg_hosts_init(struct cup_pg_hosts *out, const cupel_url *url);

void
cup_pg_hosts_fini(struct cup_pg_hosts *hosts);

#endif
