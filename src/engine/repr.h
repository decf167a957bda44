/* SPDX-License-Identifier: MIT */
/* Values as log lines and error texts show them.
 *
 * A value is written as a literal would be: NULL, true, 12, 1.5, 'text' (with
 * backslashes before quotes, backslashes and control characters), x'00ff',
 * '2024-02-29', [1, 2]; what is longer than 300 characters keeps 150 at either
 * end. The values of one execution stand in round brackets, (1, 'a'), a single
 * one with a comma, (1,), and of more than 100 the first and the last 50 are
 * shown. Those of executemany stand in square brackets, and of more than 10
 * sets the first 8 and the last 2 are shown. */
#ifndef CUP_ENGINE_REPR_H
#define CUP_ENGINE_REPR_H

#include <cupel/ext/dialect.h>

#include "base/buf.h"

/* `sets` groups of `count` values each. */
void
cup_repr_params(struct cup_buf *buf, const cupel_value *values, size_t count,
                size_t sets);

/* One line of a batch: every value of it. */
void
cup_repr_row(struct cup_buf *buf, cupel_rows *rows, size_t line);

/* The names of the columns, quoted, in round brackets. */
void
cup_repr_columns(struct cup_buf *buf, const cupel_rows *rows);

#endif
