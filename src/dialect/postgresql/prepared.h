/* SPDX-License-Identifier: MIT */
/* The prepared statements of a wire: the least recently used goes when there
 * are too many. A statement is known by its text and its parameters' types. */
#ifndef CUP_DIALECT_POSTGRESQL_PREPARED_H
#define CUP_DIALECT_POSTGRESQL_PREPARED_H

#include <cupel/ext/dialect.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"
#include "dialect/postgresql/shape.h"

struct cup_pg_params;
struct cup_pg_wire;

enum {
    CUP_PG_NAME_SIZE = 48,
    CUP_PG_TEXT_KEPT = 256 * 1024 /* longer texts are not kept prepared */
};

/* One statement that the server keeps for this wire, or is being asked to. */
struct cup_pg_statement {
    struct cup_list link;       /* in cup_pg_prepared.recent */
    struct cup_pg_shape *shape; /* one reference; NULL until described */
    char name[CUP_PG_NAME_SIZE];
    unsigned long schema; /* how old it is: see cup_pg_prepared_outdate() */
    size_t key_len;
    char key[]; /* the text, then the parameters' types */
};

struct cup_pg_prepared {
    struct cup_map map;
    struct cup_list recent; /* of cup_pg_statement.link, oldest first */
    size_t count;
    size_t limit;       /* 0: nothing is kept */
    struct cup_buf key; /* scratch */
    uint64_t random;    /* in the names, so that wires never share one */
    unsigned long made; /* in the names, so that none is used twice */
};

void
cup_pg_prepared_init(struct cup_pg_prepared *prepared);

/* Forgets, as far as this side is concerned. */
void
cup_pg_prepared_fini(struct cup_pg_prepared *prepared);

/* A name that was never used. */
void
cup_pg_prepared_name(struct cup_pg_prepared *prepared,
                     char out[CUP_PG_NAME_SIZE]);

/* The statement of this request and the types of its declared parameters, or
 * NULL if it is not known; then it is the most recently used one. */
struct cup_pg_statement *
cup_pg_prepared_find(struct cup_pg_wire *wire, const cupel_request *request);

/* The same, for a use that is to come: inside a transaction, where a plan that
 * is out of date could not be prepared again, one that might be is dropped and
 * not found. */
struct cup_pg_statement *
cup_pg_prepared_use(struct cup_pg_wire *wire, const cupel_request *request);

/* A table, or what else plans are made of, has changed: by a command of this
 * process, or so that a statement failed over it. */
void
cup_pg_prepared_outdate(void);

/* Add what was not found just now. The oldest one is dropped if there are too
 * many. NULL in `out` if this statement is not to be kept. NOMEM. */
cupel_status
cup_pg_prepared_add(struct cup_pg_wire *wire, const cupel_request *request,
                    struct cup_pg_statement **out);

/* Drop a statement. If the server may have it, it is told when it can be. */
void
cup_pg_prepared_drop(struct cup_pg_wire *wire,
                     struct cup_pg_statement *statement, bool on_server);

/* Forget all of them, because the server did. */
void
cup_pg_prepared_forget(struct cup_pg_prepared *prepared);

#endif
