/* SPDX-License-Identifier: MIT */
/* Acceptance cases: what users of the reference rely on, case by case, on each
 * real database. A program is one topic on one database.
 *
 * The tests start from a table of their own,
 *
 *     users (user_id INTEGER PRIMARY KEY, user_name VARCHAR(20))
 *
 * which accept_engine() makes anew, without rows. */
#ifndef TESTS_ACCEPTANCE_ACCEPTANCE_H
#define TESTS_ACCEPTANCE_ACCEPTANCE_H

#include <cupel/cupel.h>

#include "support/test.h"

/* Whether this program's database is PostgreSQL; else it is a sqlite file. */
bool
accept_is_postgresql(void);

/* The url of this program's own file or schema. Static. */
const char *
accept_url(void);

/* An engine whose database has the empty table `users`. `options` may be NULL.
 * Its pool is empty. Yields. */
cupel_engine *
accept_engine(const cupel_engine_options *options);

/* The same on the facade. Yields. */
cupel_async_engine *
accept_async_engine(const cupel_engine_options *options);

/* Nothing is lent; close it. Yields. */
void
accept_close(cupel_engine *engine);

/* The same. Yields. */
void
accept_async_close(cupel_async_engine *engine);

/* Execute a text without parameters or result. Yields. */
cupel_status
accept_run(cupel_connection *conn, const char *sql);

/* The one whole number that a query gives. Fails the test if it fails. Yields.
 */
int64_t
accept_int(cupel_connection *conn, const char *sql);

/* Add users 1 to `count`, named "name1" and so on, and commit. Yields. */
void
accept_add_users(cupel_engine *engine, int count);

/* INSERT user `id`. Yields. */
cupel_status
accept_insert(cupel_connection *conn, int id);

/* How many users another connection of the engine sees. Yields. */
int64_t
accept_committed(cupel_engine *engine);

/* A connection of the engine; fails the test if there is none. Yields. */
cupel_connection *
accept_connect(cupel_engine *engine);

#endif
