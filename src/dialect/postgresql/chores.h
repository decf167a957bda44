/* SPDX-License-Identifier: MIT */
/* Small commands that nobody waits for. They ride along with the next request,
 * in groups of their own, so that their failure spoils nothing, and only when
 * they cannot harm the transaction that is open. */
#ifndef CUP_DIALECT_POSTGRESQL_CHORES_H
#define CUP_DIALECT_POSTGRESQL_CHORES_H

#include <cupel/error.h>

#include "base/buf.h"

struct cup_pg_wire;

struct cup_pg_chores {
    struct cup_buf idle; /* commands for between transactions, NUL after each*/
    size_t idle_count;
    struct cup_buf
        cursors; /* CLOSE commands for the transaction that is open */
    unsigned long transaction; /* which one that is */
    unsigned long rollbacks; /* cursors may be gone after one to a savepoint */
};

void
cup_pg_chores_init(struct cup_pg_chores *chores);

void
cup_pg_chores_fini(struct cup_pg_chores *chores);

/* Have `command` run between transactions. Without memory it is left undone. */
void
cup_pg_chores_add(struct cup_pg_chores *chores, const char *command);

/* Have a cursor of the open transaction closed if that goes on. */
void
cup_pg_chores_close(struct cup_pg_wire *wire, const char *cursor);

/* Send what can be sent now, ahead of a request. */
cupel_status
cup_pg_chores_send(struct cup_pg_wire *wire);

#endif
