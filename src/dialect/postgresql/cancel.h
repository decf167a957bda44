/* SPDX-License-Identifier: MIT */
/* Stopping what is in flight. */
#ifndef CUP_DIALECT_POSTGRESQL_CANCEL_H
#define CUP_DIALECT_POSTGRESQL_CANCEL_H

#include <cupel/ext/dialect.h>

/* The dialect's cancel. Yields. */
cupel_status
cup_pg_cancel(cupel_wire *base, cupel_time until);

#endif
