/* SPDX-License-Identifier: MIT */
/* The row as a tuple of its values. */
#ifndef CUP_ENGINE_TUPLE_H
#define CUP_ENGINE_TUPLE_H

#include <cupel/row.h>

#include "base/buf.h"

/* Append bytes that are the same for two rows exactly when cupel_row_equal()
 * says that they are. NOMEM, what reading the row answers. */
cupel_status
cup_row_key(const cupel_row *row, struct cup_buf *buf);

#endif
