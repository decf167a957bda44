/* SPDX-License-Identifier: MIT */
/* Whether the server still answers. */
#ifndef CUP_DIALECT_POSTGRESQL_PING_H
#define CUP_DIALECT_POSTGRESQL_PING_H

#include <cupel/ext/dialect.h>

/* The dialect's ping. Yields. */
cupel_status
cup_pg_ping(cupel_wire *base, cupel_time until);

#endif
