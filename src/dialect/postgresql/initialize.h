/* SPDX-License-Identifier: MIT */
/* What the server says of itself. */
#ifndef CUP_DIALECT_POSTGRESQL_INITIALIZE_H
#define CUP_DIALECT_POSTGRESQL_INITIALIZE_H

#include <cupel/ext/dialect.h>

/* What it asks. */
extern const char cup_pg_initialize_sql[];

/* The dialect's initialize. Yields. */
cupel_status
cup_pg_initialize(cupel_wire *base, cupel_time until, cupel_server_info *out);

#endif
