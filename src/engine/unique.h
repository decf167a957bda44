/* SPDX-License-Identifier: MIT */
/* What a unique view has seen. */
#ifndef CUP_ENGINE_UNIQUE_H
#define CUP_ENGINE_UNIQUE_H

#include <cupel/result.h>

/* How rows are told apart: at most one of the functions is given; without one,
 * by their values. */
struct cup_strategy {
    cupel_row_key_fn *row_key;
    cupel_value_key_fn *value_key; /* of the row's first value */
    void *arg;
};

struct cup_unique;

/* Nothing seen yet. NULL: no memory, recorded. */
struct cup_unique *
cup_unique_new(const struct cup_strategy *strategy);

/* NULL is allowed. */
void
cup_unique_free(struct cup_unique *unique);

const struct cup_strategy *
cup_unique_strategy(const struct cup_unique *unique);

/* Look at a row: *fresh if its like was not seen before. It is now. NOMEM, what
 * reading the row answers, what the strategy answers. */
cupel_status
cup_unique_see(struct cup_unique *unique, const cupel_row *row, bool *fresh);

#endif
