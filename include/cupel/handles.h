/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The names of what is opened: engines, connections, transactions.
 */
#ifndef CUPEL_HANDLES_H
#define CUPEL_HANDLES_H

#include <cupel/error.h>

CUPEL_BEGIN_DECLS

/**
 * A database's address and the pool of connections to it. Make one per
 * database at start-up; it opens nothing until it is used. Its connections
 * belong to the loop that opened them: use from another loop fails with
 * INVALID.
 * @since 0.1
 */
typedef struct cupel_engine cupel_engine;

/** One connection, lent by an engine until it is closed. @since 0.1 */
typedef struct cupel_connection cupel_connection;

/** A transaction or a savepoint of a connection. @since 0.1 */
typedef struct cupel_transaction cupel_transaction;

/**
 * Work with a connection; its status decides how a scope ends. May yield.
 * @since 0.1
 */
typedef cupel_status
cupel_connection_fn(cupel_connection *conn, void *arg);

CUPEL_END_DECLS

#endif
