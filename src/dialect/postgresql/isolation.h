/* SPDX-License-Identifier: MIT */
/* What transactions to come are like: their isolation level, and whether they
 * are read only and deferrable. */
#ifndef CUP_DIALECT_POSTGRESQL_ISOLATION_H
#define CUP_DIALECT_POSTGRESQL_ISOLATION_H

#include <cupel/ext/dialect.h>

struct cup_pg_wire;

enum { CUP_PG_BEGIN_SIZE = 96 };

/* Of one wire. */
struct cup_pg_isolation {
    const char *level; /* one of ours, static: what was set last; NULL if the
                          session's is not known */
    bool read_only;    /* these two behind a transaction pooler only */
    bool deferrable;
};

/* End with NULL. */
extern const char *const cup_pg_isolation_levels[];
extern const char *const cup_pg_session_switches[];

/* Ours of what the server calls "read committed"; NULL if it is none. */
const char *
cup_pg_isolation_level_of(const char *name);

/* Members of the dialect's table. Yield. */

/* Yields. */
cupel_status
cup_pg_set_isolation_level(cupel_wire *base, const char *level,
                           cupel_time until);

/* Yields. */
cupel_status
cup_pg_get_isolation_level(cupel_wire *base, cupel_time until,
                           const char **out);

/* Yields. */
cupel_status
cup_pg_set_session_switch(cupel_wire *base, const char *name, bool on,
                          cupel_time until);

/* What really opens a transaction: `begin` itself, or, in `out`, with what a
 * session behind a pooler would not remember. */
const char *
cup_pg_isolation_begin(const struct cup_pg_wire *wire, const char *begin,
                       char out[CUP_PG_BEGIN_SIZE]);

#endif
