/* SPDX-License-Identifier: MIT */
/* What the fake database says of itself, and the settings of its sessions. */
#include "dialect/fake/server.h"

#include "dialect/fake/errors.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>

const char *const cup_fake_levels[] = { "AUTOCOMMIT", "READ COMMITTED",
                                        "REPEATABLE READ", "SERIALIZABLE",
                                        NULL };

const char *const cup_fake_switches[] = { "fake_readonly", NULL };

static cupel_status
do_nothing(struct cup_fake_wire *wire, const char *what)
{
    (void)wire;
    (void)what;
    return CUPEL_OK;
}

/* Yields. */
cupel_status
cup_fake_ping(cupel_wire *base, cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);

    cup_fake_trace_add(wire->number, "ping", NULL);
    return cup_fake_visit(wire, CUP_FAKE_PING, NULL, until, do_nothing);
}

/* Yields. */
cupel_status
cup_fake_initialize(cupel_wire *base, cupel_time until, cupel_server_info *out)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);
    cupel_status rc;

    cup_fake_trace_add(wire->number, "initialize", NULL);
    rc = cup_fake_visit(wire, CUP_FAKE_INITIALIZE, NULL, until, do_nothing);
    if (rc != CUPEL_OK)
        return rc;
    out->version[0] = 1;
    out->version[1] = 2;
    out->version[2] = 3;
    out->isolation_level = wire->level;
    snprintf(out->schema, sizeof out->schema, "main");
    return CUPEL_OK;
}

/* ---- Isolation --------------------------------------------------------- */

/* The dialect's own text for a name in one of its lists, or NULL. */
static const char *
find_name(const char *const *names, const char *name)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names;
}

static cupel_status
refuse_in_transaction(const struct cup_fake_wire *wire)
{
    if (wire->session->base == NULL)
        return CUPEL_OK;
    return cup_fake_fail("25001", "the session has a transaction open");
}

static cupel_status
change_level(struct cup_fake_wire *wire, const char *level)
{
    cupel_status rc = refuse_in_transaction(wire);

    if (rc != CUPEL_OK)
        return rc;
    wire->base.autocommit = strcmp(level, "AUTOCOMMIT") == 0;
    if (!wire->base.autocommit)
        wire->level = level;
    return CUPEL_OK;
}

/* Yields. */
cupel_status
cup_fake_set_level(cupel_wire *base, const char *level, cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);
    const char *known = find_name(cup_fake_levels, level);

    cup_fake_trace_add(wire->number, "set_isolation_level", level);
    if (known == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the fake database has no isolation level %s",
                             level);
    return cup_fake_visit(wire, CUP_FAKE_SET_ISOLATION, known, until,
                          change_level);
}

/* Yields. */
cupel_status
cup_fake_get_level(cupel_wire *base, cupel_time until, const char **out)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);
    cupel_status rc;

    cup_fake_trace_add(wire->number, "get_isolation_level", NULL);
    rc = cup_fake_visit(wire, CUP_FAKE_GET_ISOLATION, NULL, until, do_nothing);
    if (rc == CUPEL_OK)
        *out = wire->level;
    return rc;
}

/* ---- Switches ---------------------------------------------------------- */

static cupel_status
turn_on(struct cup_fake_wire *wire, const char *what)
{
    cupel_status rc = refuse_in_transaction(wire);

    (void)what;
    if (rc == CUPEL_OK)
        wire->session->read_only = true;
    return rc;
}

static cupel_status
turn_off(struct cup_fake_wire *wire, const char *what)
{
    cupel_status rc = refuse_in_transaction(wire);

    (void)what;
    if (rc == CUPEL_OK)
        wire->session->read_only = false;
    return rc;
}

/* Yields. */
cupel_status
cup_fake_set_switch(cupel_wire *base, const char *name, bool on,
                    cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);
    char what[64];

    snprintf(what, sizeof what, "%s %s", name, on ? "on" : "off");
    cup_fake_trace_add(wire->number, "set_session_switch", what);
    if (find_name(cup_fake_switches, name) == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the fake database has no switch %s", name);
    return cup_fake_visit(wire, CUP_FAKE_SET_SWITCH, what, until,
                          on ? turn_on : turn_off);
}
