/* SPDX-License-Identifier: MIT */
/* Opening a connection. */
#ifndef CUP_DIALECT_POSTGRESQL_CONNECT_H
#define CUP_DIALECT_POSTGRESQL_CONNECT_H

#include <cupel/ext/dialect.h>

/* The dialect's connect. Yields. */
cupel_status
cup_pg_connect(const cupel_url *url, cupel_time until, cupel_wire **out);

#endif
