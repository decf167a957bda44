/* SPDX-License-Identifier: MIT */
/* The sqlite dialect, as the registry sees it. */
#ifndef CUP_DIALECT_SQLITE_SQLITE_H
#define CUP_DIALECT_SQLITE_SQLITE_H

#include <cupel/ext/dialect.h>

extern const cupel_dialect cup_sqlite_dialect;

#endif
