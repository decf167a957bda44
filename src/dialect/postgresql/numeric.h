/* SPDX-License-Identifier: MIT */
/* Exact numbers: PostgreSQL's binary form has digits of base 10000. */
#ifndef CUP_DIALECT_POSTGRESQL_NUMERIC_H
#define CUP_DIALECT_POSTGRESQL_NUMERIC_H

#include <cupel/value.h>

#include "base/buf.h"

/* Append the binary form of a decimal's text. VALUE if it is no number or does
 * not fit a numeric. Failures of the buffer latch there. */
cupel_status
cup_pg_write_numeric(struct cup_buf *buf, const char *text, size_t len);

#endif
