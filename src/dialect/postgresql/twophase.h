/* SPDX-License-Identifier: MIT */
/* Two-phase commit: a transaction is prepared under a name, and whoever knows
 * that ends it. */
#ifndef CUP_DIALECT_POSTGRESQL_TWOPHASE_H
#define CUP_DIALECT_POSTGRESQL_TWOPHASE_H

#include <cupel/ext/dialect.h>

/* Members of the dialect's table. */

/* Yields. */
cupel_status
cup_pg_prepare_twophase(cupel_wire *base, const char *xid, cupel_time until);

/* Yields. */
cupel_status
cup_pg_commit_twophase(cupel_wire *base, const char *xid, bool is_prepared,
                       cupel_time until);

/* Yields. */
cupel_status
cup_pg_rollback_twophase(cupel_wire *base, const char *xid, bool is_prepared,
                         cupel_time until);

/* Yields. */
cupel_status
cup_pg_recover_twophase(cupel_wire *base, cupel_time until, cupel_rows **out);

#endif
