/* SPDX-License-Identifier: MIT */
/* What went wrong in sqlite: noted where it happened, often on a worker, and
 * made an error record of on the loop's thread. */
#ifndef CUP_DIALECT_SQLITE_ERROR_H
#define CUP_DIALECT_SQLITE_ERROR_H

#include <cupel/error.h>

#include <sqlite3.h>

enum { CUP_SQLITE_MESSAGE_SIZE = 512 };

/* One failure. Zeroed memory is none. */
struct cup_sqlite_fault {
    cupel_status status; /* ours; OK: there was none */
    int code;            /* sqlite's extended result code, 0: ours alone */
    int offset;          /* where in the SQL, in bytes; -1: not known */
    int os_error;        /* an errno, or 0 */
    bool stepping; /* it ran: the message may quote values, not only SQL */
    char message[CUP_SQLITE_MESSAGE_SIZE];
};

/* Note what `db` says of `code`. Sets no record. `db` may be NULL. */
void
cup_sqlite_fault_note(struct cup_sqlite_fault *fault, sqlite3 *db, int code);

/* Note a failure of our own finding. Sets no record. */
void
cup_sqlite_fault_say(struct cup_sqlite_fault *fault, cupel_status status,
                     const char *message);

/* Set the error record and return its status. `sql` is the statement, or NULL.
 */
cupel_status
cup_sqlite_fault_raise(const struct cup_sqlite_fault *fault, const char *sql);

/* The one place where sqlite's codes become ours. */
cupel_status
cup_sqlite_status(int code);

/* Whether a connection is no good after this code. */
bool
cup_sqlite_breaks(int code);

#endif
