/* SPDX-License-Identifier: MIT */
/* One statement's way from the caller to the wire. */
#ifndef CUP_ENGINE_EXECUTE_H
#define CUP_ENGINE_EXECUTE_H

#include <cupel/engine.h>

/* Run a statement of the library's own that gives no rows, inside the current
 * transaction. Yields. Called with the connection's lock held. */
cupel_status
cup_execute_own(cupel_connection *conn, const char *sql);

#endif
