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

/* Say that `command` was sent and its answer never seen: the record is set
 * anew, with `status` and an outcome that is unknown. */
void
cup_pg_error_in_doubt(cupel_status status, const char *command);

#endif
