/* SPDX-License-Identifier: MIT */
/* The text of doubles, whatever the locale says about decimal points. */
#ifndef CUP_SQL_VALUE_REAL_H
#define CUP_SQL_VALUE_REAL_H

#include "base/text.h"

/* The fewest digits that read back equal: "0.1", "1e+300", "-0", "NaN",
 * "-Infinity". */
void
cup_real_write(struct cup_writer *writer, double value);

/* Digits with optional sign, point and exponent; "NaN", "Infinity" and "inf" in
 * any case. What is too large for a double is refused, what is too small is
 * zero. */
bool
cup_real_parse(const char *text, size_t len, double *out);

#endif
