/* SPDX-License-Identifier: MIT */
/* The ends of a transaction. */
#ifndef CUP_DIALECT_POSTGRESQL_TRANSACTION_H
#define CUP_DIALECT_POSTGRESQL_TRANSACTION_H

#include <cupel/ext/dialect.h>

/* The dialect's commit. Yields. */
cupel_status
cup_pg_commit(cupel_wire *base, cupel_time until);

/* The dialect's rollback. Yields. */
cupel_status
cup_pg_rollback(cupel_wire *base, cupel_time until);

#endif
