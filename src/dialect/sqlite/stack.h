/* SPDX-License-Identifier: MIT */
/* A roomy stack for calls into sqlite on the loop's own thread. */
#ifndef CUP_DIALECT_SQLITE_STACK_H
#define CUP_DIALECT_SQLITE_STACK_H

#include <cupel/error.h>

struct cup_sqlite_stack;

/* NOMEM. */
cupel_status
cup_sqlite_stack_new(struct cup_sqlite_stack **out);

/* Nobody may be on it. NULL is allowed. */
void
cup_sqlite_stack_free(struct cup_sqlite_stack *stack);

/* Call fn(arg) on it, inside a task. Yields. (If `fn` does.) NOMEM: it was not
 * called. */
cupel_status
cup_sqlite_stack_call(struct cup_sqlite_stack *stack, void (*fn)(void *arg),
                      void *arg);

#endif
