/* SPDX-License-Identifier: MIT */
/* From names to addresses, where it blocks nobody. */
#ifndef CUP_DIALECT_POSTGRESQL_RESOLVE_H
#define CUP_DIALECT_POSTGRESQL_RESOLVE_H

#include "dialect/postgresql/options.h"

/* Give libpq the addresses of the host, so that it need not ask for them; it
 * tries them in turn. Nothing to do for sockets and addresses. Yields.
 * OPERATIONAL if the name is not known, TIMEOUT, CANCELLED. */
cupel_status
cup_pg_resolve(struct cup_pg_options *options, cupel_time until);

#endif
