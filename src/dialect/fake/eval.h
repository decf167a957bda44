/* SPDX-License-Identifier: MIT */
/* Expressions to values. */
#ifndef CUP_DIALECT_FAKE_EVAL_H
#define CUP_DIALECT_FAKE_EVAL_H

#include "dialect/fake/sql.h"
#include "dialect/fake/store.h"

/* What an expression can refer to. */
struct cup_fake_scope {
    const char *sql; /* for positions in messages */
    struct cup_arena *arena;
    const cupel_value *params;
    size_t param_count;
    const struct cup_fake_schema *schema; /* NULL: no table */
    const cupel_value *row;               /* NULL: no row of it */
};

/* Find the columns that an expression names. PROGRAMMING for unknown ones, for
 * parameters that were not given, and for aggregates unless they are allowed.
 * NULL is allowed. */
cupel_status
cup_fake_resolve(const struct cup_fake_scope *scope, struct cup_fake_expr *expr,
                 bool aggregates);

/* The value of a resolved expression. It may point into the parameters, the
 * row, or the scope's arena. DATA, PROGRAMMING, NOMEM. */
cupel_status
cup_fake_eval(const struct cup_fake_scope *scope,
              const struct cup_fake_expr *expr, cupel_value *out);

/* The same for a condition: NULL, as a value, is false; as an expression it is
 * true. */
cupel_status
cup_fake_eval_condition(const struct cup_fake_scope *scope,
                        const struct cup_fake_expr *expr, bool *out);

/* The type its values will have, CUPEL_NULL if that is not known. */
int32_t
cup_fake_expr_type(const struct cup_fake_scope *scope,
                   const struct cup_fake_expr *expr);

/* Whether there is an aggregate in it. */
bool
cup_fake_has_aggregate(const struct cup_fake_expr *expr);

/* ---- Values ------------------------------------------------------------ */

/* The order of two values that are not NULL: false if they have none. */
bool
cup_fake_compare(const cupel_value *left, const cupel_value *right, int *order);

/* Apply a binary operator, other than AND and OR, to values that are not NULL.
 * `expr` is for messages. */
cupel_status
cup_fake_operate(const struct cup_fake_scope *scope,
                 const struct cup_fake_expr *expr, const cupel_value *left,
                 const cupel_value *right, cupel_value *out);

/* Apply CAST. */
cupel_status
cup_fake_cast(const struct cup_fake_scope *scope,
              const struct cup_fake_expr *expr, const cupel_value *value,
              cupel_value *out);

/* Bytes behind a value: what a copy needs besides the value itself. */
size_t
cup_fake_value_extent(const cupel_value *value);

/* Copy a value, with what it points at going to *memory, which moves on. */
cupel_value
cup_fake_value_copy(const cupel_value *value, char **memory);

#endif
