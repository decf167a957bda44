/* SPDX-License-Identifier: MIT */
/* What a holder changes of the session, and how it is put back before the next
 * one gets it: the isolation level and the dialect's switches. A slot that
 * nobody touched costs nothing. */
#include "pool/inner.h"

#include "base/error.h"

#include <string.h>

/* The first of `names` that is `name`: its number, or -1. */
static int
find(const char *const *names, const char *name)
{
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

/* Yields. */
cupel_status
cup_slot_set_isolation(struct cup_slot *slot, const char *level,
                       cupel_time until)
{
    const cupel_dialect *dialect = slot->pool->config.dialect;
    int i = find(dialect->isolation_levels, level);

    if (i < 0 || dialect->set_isolation_level == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the database has no isolation level '%s'", level);
    slot->marks |= CUP_MARK_ISOLATION;
    return dialect->set_isolation_level(slot->wire,
                                        dialect->isolation_levels[i], until);
}

/* Yields. */
cupel_status
cup_slot_set_switch(struct cup_slot *slot, const char *name, bool on,
                    cupel_time until)
{
    const cupel_dialect *dialect = slot->pool->config.dialect;
    int i = find(dialect->session_switches, name);

    if (i < 0 || i >= 64 || dialect->set_session_switch == NULL)
        return cup_error_set(CUPEL_E_NOTSUPPORTED,
                             "the database has no switch '%s'", name);
    slot->marks |= CUP_MARK_SWITCHES;
    slot->switches |= UINT64_C(1) << i;
    return dialect->set_session_switch(slot->wire, name, on, until);
}

/* AUTOCOMMIT is put over the session's level and does not replace it, so a pool
 * that has it restores both. Yields. */
static cupel_status
restore_isolation(struct cup_slot *slot, cupel_time until)
{
    const struct cup_pool_config *config = &slot->pool->config;
    const cupel_server_info *server = cup_pool_server(slot->pool);
    const char *level = config->isolation_level;
    const char *usual = server == NULL ? NULL : server->isolation_level;
    cupel_status rc = CUPEL_OK;

    if (level == NULL && usual == NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "the server's isolation level is not known");
    if (usual != NULL && (level == NULL || strcmp(level, "AUTOCOMMIT") == 0))
        rc = config->dialect->set_isolation_level(slot->wire, usual, until);
    if (rc == CUPEL_OK && level != NULL)
        rc = config->dialect->set_isolation_level(slot->wire, level, until);
    return rc;
}

/* Yields. */
static cupel_status
restore_switches(struct cup_slot *slot, cupel_time until)
{
    const cupel_dialect *dialect = slot->pool->config.dialect;
    cupel_status rc = CUPEL_OK;

    for (int i = 0; rc == CUPEL_OK && i < 64; i++) {
        if ((slot->switches & (UINT64_C(1) << i)) != 0)
            rc = dialect->set_session_switch(
                slot->wire, dialect->session_switches[i], false, until);
    }
    slot->switches = 0;
    return rc;
}

/* Yields. */
cupel_status
cup_slot_restore(struct cup_slot *slot, cupel_time until)
{
    cupel_status rc = CUPEL_OK;

    if ((slot->marks & CUP_MARK_SWITCHES) != 0)
        rc = restore_switches(slot, until);
    if (rc == CUPEL_OK && (slot->marks & CUP_MARK_ISOLATION) != 0)
        rc = restore_isolation(slot, until);
    slot->marks &= ~(unsigned)(CUP_MARK_ISOLATION | CUP_MARK_SWITCHES);
    return rc;
}
