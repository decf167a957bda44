/* SPDX-License-Identifier: MIT */
/* What happens when a call on the wire fails: who may have a say, and whether
 * the connection survives. */
#ifndef CUP_ENGINE_FAILURE_H
#define CUP_ENGINE_FAILURE_H

#include <cupel/ext/dialect.h>

#include "engine/connection.h"

/* The failure `rc`, whose record is the current one, of running `request`
 * (NULL: of something else) is shown to the listeners for handle_error, if
 * `quiet` is not set; then, if it means that the wire is lost or was left in
 * the middle, the connection is given up, and the pool's other ones with it if
 * it was lost. Answers what the caller gets, which is then the current record.
 * Yields. */
cupel_status
cup_failure_handle(cupel_connection *conn, const cupel_request *request,
                   bool quiet, cupel_status rc);

/* The same for a failure to get a connection from the pool: only those of the
 * driver are shown. Yields. */
cupel_status
cup_failure_to_connect(cupel_connection *conn, cupel_status rc);

#endif
