/* SPDX-License-Identifier: MIT */
/* What sqlite is told to open. */
#ifndef CUP_DIALECT_SQLITE_PATH_H
#define CUP_DIALECT_SQLITE_PATH_H

#include "dialect/sqlite/config.h"

/* The name for sqlite3_open_v2(), owned by the caller: absolute, so that the
 * file stays the same when the program moves and so that no name means anything
 * special to sqlite; or ":memory:"; or, of a uri, "file:...". OPERATIONAL: the
 * current folder has no path; ARGUMENT: too long; NOMEM. */
cupel_status
cup_sqlite_path(const struct cup_sqlite_config *config, char **out);

/* The url with its path made absolute; NULL if nothing about it is relative.
 * Errors as above, and those of check_url. */
cupel_status
cup_sqlite_settle_url(const cupel_url *url, cupel_url **out);

#endif
