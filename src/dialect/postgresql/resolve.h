/* SPDX-License-Identifier: MIT */
/* From names to addresses, where it blocks nobody. */
#ifndef CUP_DIALECT_POSTGRESQL_RESOLVE_H
#define CUP_DIALECT_POSTGRESQL_RESOLVE_H

#include <cupel/common.h>
#include <cupel/error.h>

/*
 * The addresses of a host as "a,b,c" in `out`, owned by the caller (cup_free),
 * so that libpq need not ask for them. NULL where there is nothing to ask: for
 * sockets and addresses, and for no host. Yields. OPERATIONAL if the name is
 * not known, TIMEOUT, CANCELLED, NOMEM.
 */
cupel_status
cup_pg_resolve(const char *host, cupel_time until, char **out);

#endif
