/* SPDX-License-Identifier: MIT */
/* One statement with many sets of parameters. */
#ifndef CUP_DIALECT_POSTGRESQL_BATCH_H
#define CUP_DIALECT_POSTGRESQL_BATCH_H

#include "dialect/postgresql/wire.h"

/* Run the declared request once for each of its sets, all in one group: one
 * failure undoes or spoils all of them, as in the transaction that is open.
 * The rows that come back are not kept, only counted. Yields. */
cupel_status
cup_pg_execute_batch(struct cup_pg_wire *wire, const cupel_request *request,
                     cupel_time until, cupel_rows **out);

#endif
