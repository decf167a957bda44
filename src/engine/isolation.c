/* SPDX-License-Identifier: MIT */
/* Isolation levels and session switches.
 *
 * What a connection sets on its wire, the pool takes back when the wire comes
 * home; so here it is only set. AUTOCOMMIT is a state of the wire: transactions
 * go on existing by name, and nothing is sent for them. */
#include "engine/isolation.h"

#include <ctype.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/connection.h"
#include "engine/execopts.h"

static char
fold(char c)
{
    return c == '_' ? ' ' : (char)toupper((unsigned char)c);
}

static bool
same_level(const char *level, const char *name)
{
    while (*name != '\0' && fold(*name) == *level) {
        name++;
        level++;
    }
    return *name == '\0' && *level == '\0';
}

bool
cup_isolation_find(const cupel_dialect *dialect, const char *name,
                   const char **out)
{
    const char *const *level = dialect->isolation_levels;

    for (; level != NULL && *level != NULL; level++) {
        if (!same_level(*level, name))
            continue;
        *out = *level;
        return true;
    }
    return false;
}

cupel_status
cup_isolation_unknown(const cupel_dialect *dialect, const char *name)
{
    const char *const *level = dialect->isolation_levels;
    struct cup_writer writer;
    char known[160];

    cup_writer_init(&writer, known, sizeof known);
    for (; level != NULL && *level != NULL; level++) {
        if (level != dialect->isolation_levels)
            cup_writer_str(&writer, ", ");
        cup_writer_str(&writer, *level);
    }
    cup_writer_end(&writer);
    return cup_error_set(CUPEL_E_ARGUMENT,
                         "invalid value '%.40s' for isolation_level; valid "
                         "isolation levels for %s are %s",
                         name, dialect->name, known);
}

/* ---- Setting ----------------------------------------------------------- */

static cupel_status
refuse_in_transaction(const cupel_connection *conn, const char *name)
{
    if (conn->root == NULL)
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_INVALID,
                         "this connection has already begun a transaction, by "
                         "begin or by itself; %s may not be altered unless it "
                         "is rolled back or committed first",
                         name);
}

/* Yields. */
static cupel_status
set_level(cupel_connection *conn, const cupel_value *value)
{
    const cupel_dialect *dialect = conn->engine->dialect;
    const char *name = value->as.bytes.data;
    const char *level;

    if (!cup_isolation_find(dialect, name == NULL ? "" : name, &level))
        return cup_isolation_unknown(dialect, name == NULL ? "" : name);
    return cup_slot_set_isolation(conn->slot, level, CUPEL_FOREVER);
}

static bool
is_switch(const cupel_dialect *dialect, const char *name)
{
    const char *const *known = dialect->session_switches;

    for (; known != NULL && *known != NULL; known++)
        if (strcmp(*known, name) == 0)
            return true;
    return false;
}

/* Yields. */
static cupel_status
apply_one(cupel_connection *conn, const cupel_param *option)
{
    bool is_level = strcmp(option->name, "isolation_level") == 0;
    cupel_status rc;

    if (option->value.type == CUPEL_NULL ||
        (!is_level && !is_switch(conn->engine->dialect, option->name)))
        return CUPEL_OK;
    rc = refuse_in_transaction(conn, option->name);
    if (rc == CUPEL_OK)
        rc = cup_connection_revive(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (is_level)
        rc = set_level(conn, &option->value);
    else
        rc = cup_slot_set_switch(conn->slot, option->name,
                                 option->value.as.boolean, CUPEL_FOREVER);
    return rc == CUPEL_OK ? rc : cup_connection_failed(conn, rc);
}

cupel_status
cup_isolation_apply(cupel_connection *conn,
                    const cupel_execution_options *options)
{
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; i < options->count && rc == CUPEL_OK; i++)
        rc = apply_one(conn, &options->items[i]);
    return rc;
}

/* ---- Asking ------------------------------------------------------------ */

/* With the lock held. Yields. */
static cupel_status
ask_level(cupel_connection *conn, const char **out)
{
    const cupel_dialect *dialect = conn->engine->dialect;
    cupel_status rc;

    rc = cup_connection_revive(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (dialect->get_isolation_level == NULL)
        return cup_error_set(CUPEL_E_NOTIMPL,
                             "dialect %s has no isolation levels",
                             dialect->name);
    rc = dialect->get_isolation_level(cup_connection_wire(conn), CUPEL_FOREVER,
                                      out);
    return rc == CUPEL_OK ? rc : cup_connection_failed(conn, rc);
}

cupel_status
cupel_connection_get_isolation_level(cupel_connection *conn, const char **out)
{
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the level");
    *out = NULL;
    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    return cup_connection_leave(conn, ask_level(conn, out));
}

const char *
cupel_connection_default_isolation_level(cupel_connection *conn)
{
    return conn == NULL ? NULL
                        : cupel_engine_default_isolation_level(conn->engine);
}
