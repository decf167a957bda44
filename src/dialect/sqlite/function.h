/* SPDX-License-Identifier: MIT */
/* SQL functions that every connection has. */
#ifndef CUP_DIALECT_SQLITE_FUNCTION_H
#define CUP_DIALECT_SQLITE_FUNCTION_H

#include <sqlite3.h>

/* REGEXP and floor(). An sqlite code. */
int
cup_sqlite_functions_install(sqlite3 *db);

#endif
