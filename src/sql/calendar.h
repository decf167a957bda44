/* SPDX-License-Identifier: MIT */
/* The proleptic Gregorian calendar, and the text of dates and times. Years are
 * astronomical in numbers (0 is 1 BC, -43 is 44 BC) and as PostgreSQL writes
 * them in text ("0044-03-15 BC").
 *
 * The `_parse` functions take one value and nothing around it: four to seven
 * digits of a year that is not 0, two digits of everything else, a blank or T
 * between date and time, seconds and their fraction optional. Digits of a
 * fraction beyond microseconds are cut off. "infinity" and "-infinity" are
 * dates and datetimes too. */
#ifndef CUP_SQL_CALENDAR_H
#define CUP_SQL_CALENDAR_H

#include <cupel/value.h>

#include "base/text.h"

/* The last year of dates in PostgreSQL, where the databases end; we begin that
 * far back too. Every day of these years fits 32 bits. */
#define CUP_YEAR_MAX 5874897

#define CUP_SECOND_US INT64_C(1000000)
#define CUP_DAY_US (INT64_C(86400) * CUP_SECOND_US)

bool
cup_date_exists(int64_t year, int month, int day);

/* Days since 1970-01-01 of a date that exists. */
int64_t
cup_date_join(int64_t year, int month, int day);

/* Whether this is infinite or a day of a year up to CUP_YEAR_MAX. */
bool
cup_date_valid(int64_t days);

/* Whether this is within one day; 24:00:00 is. */
bool
cup_time_valid(int64_t microseconds);

/* "2024-02-29", "0044-03-15 BC", "infinity". */
void
cup_date_write(struct cup_writer *writer, int64_t days);

/* "23:59:59", "23:59:59.000001". */
void
cup_time_write(struct cup_writer *writer, int64_t microseconds);

/* "2024-02-29 23:59:59.5", "0044-03-15 12:00:00 BC". */
void
cup_datetime_write(struct cup_writer *writer, int64_t microseconds);

/* The same in UTC, said so: "2024-02-29 23:59:59.5+00:00". */
void
cup_datetimetz_write(struct cup_writer *writer, int64_t microseconds);

bool
cup_date_parse(const char *text, size_t len, int64_t *days);

bool
cup_time_parse(const char *text, size_t len, int64_t *microseconds);

/* A date without a time is its midnight. A zone is refused. */
bool
cup_datetime_parse(const char *text, size_t len, int64_t *microseconds);

/* With a time and a zone: Z, +hh, +hhmm, +hh:mm or +hh:mm:ss, less than 16
 * hours. */
bool
cup_datetimetz_parse(const char *text, size_t len, int64_t *microseconds);

/* Take hh:mm, hh:mm:ss or hh:mm:ss.fraction; the hours may have more digits.
 * False if there is none or 64 bits do not hold it. */
bool
cup_clock_read(struct cup_reader *reader, size_t most_hour_digits,
               uint64_t *microseconds);

#endif
