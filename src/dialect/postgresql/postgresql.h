/* SPDX-License-Identifier: MIT */
/* The postgresql dialect, on libpq 14 or newer. */
#ifndef CUP_DIALECT_POSTGRESQL_POSTGRESQL_H
#define CUP_DIALECT_POSTGRESQL_POSTGRESQL_H

#include <cupel/ext/dialect.h>

extern const cupel_dialect cup_postgresql_dialect;

#endif
