/* SPDX-License-Identifier: MIT */
/* Isolation levels and switches. They are the session's defaults, so they hold
 * for every way of opening a transaction and cost nothing when one is opened.
 * Behind a transaction pooler there is no session to speak of: there they go
 * into each BEGIN, and single statements in AUTOCOMMIT run as the server likes.
 *
 * AUTOCOMMIT is nothing that the server knows: whoever executes sends no BEGIN.
 */
#include "dialect/postgresql/isolation.h"

#include "base/error.h"
#include "dialect/postgresql/command.h"
#include "dialect/postgresql/error.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char autocommit[] = "AUTOCOMMIT";

const char *const cup_pg_isolation_levels[] = {
    autocommit,        "READ COMMITTED", "READ UNCOMMITTED",
    "REPEATABLE READ", "SERIALIZABLE",   NULL,
};

const char *const cup_pg_session_switches[] = { "postgresql_readonly",
                                                "postgresql_deferrable", NULL };

const char *
cup_pg_isolation_level_of(const char *name)
{
    const char *const *level;

    for (level = cup_pg_isolation_levels; *level != NULL; level++) {
        if (*level != autocommit && strcasecmp(*level, name) == 0)
            return *level;
    }
    return NULL;
}

/* Make it the session's default, unless it is known to be that. Yields. */
static cupel_status
set_default(struct cup_pg_wire *wire, const char *level, cupel_time until)
{
    char sql[96];
    cupel_status rc;

    if (wire->isolation.level == level)
        return CUPEL_OK;
    snprintf(sql, sizeof sql,
             "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL %s",
             level);
    wire->isolation.level = NULL; /* a lost answer leaves it open */
    rc = cup_pg_command(wire, sql, until);
    if (rc == CUPEL_OK)
        wire->isolation.level = level;
    return rc;
}

cupel_status
cup_pg_set_isolation_level(cupel_wire *base, const char *level,
                           cupel_time until)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    const char *known = cup_pg_isolation_level_of(level);
    cupel_status rc = cup_pg_check_idle(wire, until);

    if (rc != CUPEL_OK)
        return rc;
    if (strcmp(level, autocommit) == 0) {
        base->autocommit = true;
        return CUPEL_OK;
    }
    assert(known != NULL);
    if (wire->pooler)
        wire->isolation.level = known;
    else
        rc = set_default(wire, known, until);
    if (rc == CUPEL_OK)
        base->autocommit = false;
    return rc;
}

/* Outside transactions this is the default that the next one will have. */
cupel_status
cup_pg_get_isolation_level(cupel_wire *base, cupel_time until, const char **out)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    cupel_status rc = cup_pg_settle(wire, until);
    PGresult *result;

    if (rc == CUPEL_OK && wire->pooler && wire->isolation.level != NULL &&
        wire->status == CUPEL_WIRE_IDLE) {
        *out = wire->isolation.level;
        return CUPEL_OK;
    }
    if (rc == CUPEL_OK)
        rc = cup_pg_ask(wire, "SHOW transaction_isolation", until, &result);
    if (rc != CUPEL_OK)
        return rc;
    *out = PQntuples(result) == 1 && PQnfields(result) == 1
               ? cup_pg_isolation_level_of(PQgetvalue(result, 0, 0))
               : NULL;
    PQclear(result);
    if (*out == NULL)
        return cup_error_set(CUPEL_E_NOTSUPPORTED,
                             "the server names an isolation level that is not "
                             "one of PostgreSQL's");
    return CUPEL_OK;
}

/* Off is what the session began with: the role or the database may have a
 * default of their own. */
static const char *
command_of(bool is_read_only, bool on)
{
    static const char *const commands[2][2] = {
        { "RESET default_transaction_deferrable",
          "SET SESSION CHARACTERISTICS AS TRANSACTION DEFERRABLE" },
        { "RESET default_transaction_read_only",
          "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY" },
    };

    return commands[is_read_only][on];
}

cupel_status
cup_pg_set_session_switch(cupel_wire *base, const char *name, bool on,
                          cupel_time until)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    bool is_read_only = strcmp(name, cup_pg_session_switches[0]) == 0;
    cupel_status rc = cup_pg_check_idle(wire, until);

    assert(is_read_only || strcmp(name, cup_pg_session_switches[1]) == 0);
    if (rc != CUPEL_OK)
        return rc;
    if (!wire->pooler)
        return cup_pg_command(wire, command_of(is_read_only, on), until);
    if (is_read_only)
        wire->isolation.read_only = on;
    else
        wire->isolation.deferrable = on;
    return CUPEL_OK;
}

const char *
cup_pg_isolation_begin(const struct cup_pg_wire *wire, const char *begin,
                       char out[CUP_PG_BEGIN_SIZE])
{
    const struct cup_pg_isolation *isolation = &wire->isolation;

    if (!wire->pooler)
        return begin;
    snprintf(out, CUP_PG_BEGIN_SIZE, "%s%s%s%s%s", begin,
             isolation->level != NULL ? " ISOLATION LEVEL " : "",
             isolation->level != NULL ? isolation->level : "",
             isolation->read_only ? " READ ONLY" : "",
             isolation->deferrable ? " DEFERRABLE" : "");
    return out;
}
