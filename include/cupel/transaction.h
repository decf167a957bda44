/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Transactions and savepoints. The core face; read cupel/engine.h first.
 */
#ifndef CUPEL_TRANSACTION_H
#define CUPEL_TRANSACTION_H

#include <cupel/error.h>
#include <cupel/handles.h>

CUPEL_BEGIN_DECLS

/**
 * Commit, or release the savepoint. INVALID if it is no longer active. When
 * the answer to a COMMIT is lost the error's outcome is unknown and its
 * SQLSTATE 08007; nothing is tried again. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_transaction_commit(cupel_transaction *tx);

/**
 * Prepare a two-phase transaction: it leaves the session and waits, also when
 * the connection is lost, to be committed or rolled back, by this handle or by
 * name. INVALID if it is not two-phase or no longer active. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_transaction_prepare(cupel_transaction *tx);

/**
 * Roll back, or go back to the savepoint. Harmless when ended. When going back
 * fails, the whole transaction has to be rolled back: PENDINGROLLBACK until
 * then. Yields.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_transaction_rollback(cupel_transaction *tx);

/** Roll back if it is still active. Harmless when ended. Yields. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_transaction_close(cupel_transaction *tx);

/**
 * Make it the scope of what follows: once it is committed or rolled back,
 * anything but its exit fails with INVALID on its connection. Returns its
 * argument.
 * @since 0.1
 */
CUPEL_API cupel_transaction *
cupel_transaction_enter(cupel_transaction *tx);

/**
 * Leave its scope: commit if `status` is OK (and roll back if that fails), roll
 * back if not, and free the handle. Answers `status`, or the failure to commit,
 * or to go back to the savepoint. Rolling back is shielded from cancellation.
 * Yields. NULL is allowed.
 * @since 0.1
 */
CUPEL_API cupel_status
cupel_transaction_exit(cupel_transaction *tx, cupel_status status);

/** Free the handle; the transaction itself goes on. Never yields. @since 0.1 */
CUPEL_API void
cupel_transaction_free(cupel_transaction *tx);

/** Whether it can still be used. @since 0.1 */
CUPEL_API bool
cupel_transaction_is_active(const cupel_transaction *tx);

/** Whether its connection is the one it was begun on. @since 0.1 */
CUPEL_API bool
cupel_transaction_is_valid(const cupel_transaction *tx);

/** Whether it is a savepoint. @since 0.1 */
CUPEL_API bool
cupel_transaction_nested(const cupel_transaction *tx);

/**
 * The name of a two-phase transaction; NULL of any other. Borrowed.
 * @since 0.1
 */
CUPEL_API const char *
cupel_transaction_xid(const cupel_transaction *tx);

/** Whether it is two-phase and was prepared. @since 0.1 */
CUPEL_API bool
cupel_transaction_is_prepared(const cupel_transaction *tx);

/** Its connection; NULL once that was freed. Borrowed. @since 0.1 */
CUPEL_API cupel_connection *
cupel_transaction_connection(cupel_transaction *tx);

CUPEL_END_DECLS

#endif
