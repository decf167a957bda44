/* SPDX-License-Identifier: MIT */
/* Meeting a server: its version came with the start of the session, and one
 * round trip brings the rest. */
#include "dialect/postgresql/initialize.h"

#include "base/error.h"
#include "dialect/postgresql/command.h"
#include "dialect/postgresql/isolation.h"

#include <stdio.h>

const char cup_pg_initialize_sql[] =
    "SELECT current_schema(), current_setting('default_transaction_isolation')";

/* Before version 10 it had three numbers: 9.6.24 is 90624. */
static void
read_version(int number, int out[3])
{
    out[0] = number / 10000;
    out[1] = number >= 100000 ? number % 10000 : number / 100 % 100;
    out[2] = number >= 100000 ? 0 : number % 100;
}

/* There is no default schema if none on the search path exists. */
cupel_status
cup_pg_initialize(cupel_wire *base, cupel_time until, cupel_server_info *out)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    PGresult *result;
    cupel_status rc = cup_pg_ask(wire, cup_pg_initialize_sql, until, &result);

    if (rc != CUPEL_OK)
        return rc;
    read_version(PQserverVersion(wire->conn), out->version);
    if (PQntuples(result) == 1 && PQnfields(result) == 2) {
        snprintf(out->schema, sizeof out->schema, "%s",
                 PQgetvalue(result, 0, 0));
        out->isolation_level =
            cup_pg_isolation_level_of(PQgetvalue(result, 0, 1));
    }
    PQclear(result);
    if (out->isolation_level == NULL)
        return cup_error_set(CUPEL_E_NOTSUPPORTED,
                             "the server does not describe itself as "
                             "PostgreSQL does");
    return CUPEL_OK;
}
