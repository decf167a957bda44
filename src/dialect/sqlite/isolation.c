/* SPDX-License-Identifier: MIT */
/* Isolation, as far as sqlite has it: connections that share a cache may read
 * what another has not committed; all others are serializable. */
#include "dialect/sqlite/wire.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

enum { AUTOCOMMIT, READ_UNCOMMITTED, SERIALIZABLE };

const char *const cup_sqlite_levels[] = { "AUTOCOMMIT", "READ UNCOMMITTED",
                                          "SERIALIZABLE", NULL };

/* The library is the server: nothing has to be asked. */
cupel_status
cup_sqlite_initialize(cupel_wire *base, cupel_time until,
                      cupel_server_info *out)
{
    int number = sqlite3_libversion_number();

    (void)base;
    (void)until;
    out->version[0] = number / 1000000;
    out->version[1] = number / 1000 % 1000;
    out->version[2] = number % 1000;
    out->isolation_level = cup_sqlite_levels[SERIALIZABLE];
    snprintf(out->schema, sizeof out->schema, "main");
    return CUPEL_OK;
}

/* Yields. */
static cupel_status
set_read_uncommitted(struct cup_sqlite_wire *wire, bool on, cupel_time until)
{
    struct cup_sqlite_unit *unit;
    cupel_status rc = cup_sqlite_check(wire);

    if (rc != CUPEL_OK)
        return rc;
    unit = cup_sqlite_unit_start(wire, cup_sqlite_steps_set);
    unit->setting = "read_uncommitted";
    unit->value = on ? "1" : "0";
    return cup_sqlite_run(wire, NULL, until);
}

/* Yields. */
cupel_status
cup_sqlite_set_level(cupel_wire *base, const char *level, cupel_time until)
{
    struct cup_sqlite_wire *wire = cup_sqlite_wire_of(base);
    size_t which = 0;
    cupel_status rc;

    while (cup_sqlite_levels[which] != NULL &&
           strcmp(cup_sqlite_levels[which], level) != 0)
        which++;
    if (cup_sqlite_levels[which] == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "sqlite has no isolation level %s", level);
    if (which == AUTOCOMMIT) {
        base->autocommit = true;
        return CUPEL_OK;
    }
    rc = set_read_uncommitted(wire, which == READ_UNCOMMITTED, until);
    if (rc == CUPEL_OK)
        base->autocommit = false;
    return rc;
}

/* Yields. */
cupel_status
cup_sqlite_get_level(cupel_wire *base, cupel_time until, const char **out)
{
    struct cup_sqlite_wire *wire = cup_sqlite_wire_of(base);
    cupel_status rc = cup_sqlite_check(wire);

    if (rc != CUPEL_OK)
        return rc;
    cup_sqlite_unit_start(wire, cup_sqlite_steps_ask)->setting =
        "read_uncommitted";
    rc = cup_sqlite_run(wire, NULL, until);
    if (rc == CUPEL_OK)
        *out = cup_sqlite_levels[wire->unit.answer != 0 ? READ_UNCOMMITTED
                                                        : SERIALIZABLE];
    return rc;
}
