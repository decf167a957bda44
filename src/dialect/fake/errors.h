/* SPDX-License-Identifier: MIT */
/* Failing as a server fails: with a SQLSTATE, from which the status follows. */
#ifndef CUP_DIALECT_FAKE_ERRORS_H
#define CUP_DIALECT_FAKE_ERRORS_H

#include <cupel/error.h>

/* The status that a SQLSTATE stands for, by its class. */
cupel_status
cup_fake_status(const char *sqlstate);

/* Set the error record; returns cup_fake_status(sqlstate). */
cupel_status
cup_fake_fail(const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same with the place in the statement: a byte's offset in `sql`, which
 * becomes a character's position. */
cupel_status
cup_fake_fail_at(const char *sqlstate, const char *sql, size_t offset,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The connection is gone: OPERATIONAL, 08006, connection_lost. */
cupel_status
cup_fake_lost(cupel_outcome outcome, const char *sqlstate);

#endif
