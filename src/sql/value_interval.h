/* SPDX-License-Identifier: MIT */
/* The text of intervals. Months, days and microseconds never flow into each
 * other: a month has no fixed number of days, nor a day of hours. */
#ifndef CUP_SQL_VALUE_INTERVAL_H
#define CUP_SQL_VALUE_INTERVAL_H

#include <cupel/value.h>

#include "base/text.h"

/* ISO 8601 with a sign for each part, as PostgreSQL's iso_8601 style:
 * "P1Y2M-3DT4H5M6.789S", "PT0S". */
void
cup_interval_write(struct cup_writer *writer, const cupel_interval *interval);

/* ISO 8601 durations by designators (also weeks, a sign for the whole, and
 * fractions of hours, minutes and seconds), and PostgreSQL's postgres style:
 * "1 year 2 mons -3 days 04:05:06.789". Each part at most once, in order. */
bool
cup_interval_parse(const char *text, size_t len, cupel_interval *out);

#endif
