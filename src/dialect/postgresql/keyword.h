/* SPDX-License-Identifier: MIT */
/* The little that has to be known of a statement's text. */
#ifndef CUP_DIALECT_POSTGRESQL_KEYWORD_H
#define CUP_DIALECT_POSTGRESQL_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the statement is a query that a cursor can be declared for: SELECT,
 * VALUES, TABLE, or a WITH that changes no data. */
bool
cup_pg_can_declare(const char *sql, size_t len);

#endif
