/* SPDX-License-Identifier: MIT */
/* One statement's way from the caller to the wire. */
#ifndef CUP_ENGINE_EXECUTE_H
#define CUP_ENGINE_EXECUTE_H

#include <cupel/engine.h>

#include "engine/execution.h"

/* Run the request on the wire, in a transaction of the database's: the one that
 * finds none sends the BEGIN ahead. Yields. */
cupel_status
cup_execute_on_wire(struct cup_execution *run);

/* Run a statement of the library's own that gives no rows, inside the current
 * transaction. Yields. Called with the connection's lock held. */
cupel_status
cup_execute_own(cupel_connection *conn, const char *sql);

#endif
