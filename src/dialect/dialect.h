/* SPDX-License-Identifier: MIT */
/* The dialects that urls can name: those built in and those registered. */
#ifndef CUP_DIALECT_DIALECT_H
#define CUP_DIALECT_DIALECT_H

#include <cupel/ext/dialect.h>

/* The tables of those built in; each is defined in its database's folder, if
 * that is compiled. */
extern const cupel_dialect cup_postgresql_dialect;
extern const cupel_dialect cup_sqlite_dialect;

/* The dialect of a url, by its name and, if it has one, its driver. NOMODULE
 * if there is none, naming both. */
cupel_status
cup_dialect_find(const cupel_url *url, const cupel_dialect **out);

#endif
