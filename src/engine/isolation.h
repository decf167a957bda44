/* SPDX-License-Identifier: MIT */
/* Isolation levels and session switches: found by name, set on a connection. */
#ifndef CUP_ENGINE_ISOLATION_H
#define CUP_ENGINE_ISOLATION_H

#include <cupel/ext/dialect.h>
#include <cupel/handles.h>
#include <cupel/sql.h>

/* The dialect's own spelling of a level: case does not matter, and underscores
 * are spaces. False if it has none such; `out` is then as it was. */
bool
cup_isolation_find(const cupel_dialect *dialect, const char *name,
                   const char **out);

/* ARGUMENT: no such level, and which there are. */
cupel_status
cup_isolation_unknown(const cupel_dialect *dialect, const char *name);

/* Set on the connection's wire what of `options` concerns the session: its
 * isolation level and switches. INVALID in a transaction, if there is anything
 * to set; ARGUMENT for an unknown level. Yields. With the lock held. */
cupel_status
cup_isolation_apply(cupel_connection *conn,
                    const cupel_execution_options *options);

#endif
