/* SPDX-License-Identifier: MIT */
/* The commands at the boundaries of transactions: BEGIN, COMMIT, ROLLBACK. They
 * run so often that parsing them each time would be a third of the cost of a
 * short transaction; so the server keeps them prepared. */
#ifndef CUP_DIALECT_POSTGRESQL_BOUNDARY_H
#define CUP_DIALECT_POSTGRESQL_BOUNDARY_H

#include <cupel/error.h>

#include <libpq-fe.h>

#include "dialect/postgresql/prepared.h"

struct cup_pg_call;
struct cup_pg_wire;

enum { CUP_PG_BOUNDARIES_MAX = 4 };

/* One command that the server was asked to keep. */
struct cup_pg_boundary {
    char *sql; /* owned */
    char name[CUP_PG_NAME_SIZE];
};

struct cup_pg_boundaries {
    struct cup_pg_boundary items[CUP_PG_BOUNDARIES_MAX];
    size_t count;
    bool missed; /* the server had forgotten one of them */
};

/* Forget all of them. */
void
cup_pg_boundaries_forget(struct cup_pg_boundaries *boundaries);

/* Send one of the commands; its answers are of the kind BOUNDARY. */
cupel_status
cup_pg_send_boundary(struct cup_pg_wire *wire, const char *sql,
                     struct cup_pg_call *call);

/* A BOUNDARY has failed: if that means that the server does not have it, none
 * of them is relied upon any more. */
void
cup_pg_boundary_failed(struct cup_pg_wire *wire, const PGresult *error);

#endif
