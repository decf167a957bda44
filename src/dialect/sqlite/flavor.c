/* SPDX-License-Identifier: MIT */
/* The sqlite dialect: its facts, and its functions in one table. */
#include "dialect/dialect.h"
#include "dialect/sqlite/path.h"
#include "dialect/sqlite/wire.h"

static cupel_status
check_url(const cupel_url *url)
{
    struct cup_sqlite_config config;

    return cup_sqlite_config_read(url, &config);
}

static bool
is_private(const cupel_url *url)
{
    struct cup_sqlite_config config;

    return cup_sqlite_config_read(url, &config) == CUPEL_OK && config.memory;
}

/* Each connection to memory would be a database of its own, unless it has a
 * name and a cache that the others share. */
static size_t
pool_limit(const cupel_url *url)
{
    struct cup_sqlite_config config;

    if (cup_sqlite_config_read(url, &config) != CUPEL_OK || !config.memory)
        return 0;
    return (config.open_flags & SQLITE_OPEN_SHAREDCACHE) != 0 ? 0 : 1;
}

static cupel_wire_state
state(const cupel_wire *base)
{
    const struct cup_sqlite_wire *wire =
        (const struct cup_sqlite_wire *)(const void *)base;

    if (wire->broken)
        return CUPEL_WIRE_BROKEN;
    if (wire->rolled_back)
        return CUPEL_WIRE_FAILED;
    return cup_sqlite_in_transaction(wire) ? CUPEL_WIRE_IN_TRANSACTION
                                           : CUPEL_WIRE_IDLE;
}

static bool
alive(cupel_wire *base)
{
    return !cup_sqlite_wire_of(base)->broken;
}

/* What runs is stopped by the wait that ends early. Either it has stopped then,
 * or the connection is broken: there is nothing left to cancel. */
static cupel_status
cancel(cupel_wire *base, cupel_time until)
{
    (void)until;
    return cup_sqlite_check(cup_sqlite_wire_of(base));
}

static void *
driver_connection(cupel_wire *base)
{
    return cup_sqlite_wire_of(base)->db;
}

const cupel_dialect cup_sqlite_dialect = {
    .struct_size = sizeof cup_sqlite_dialect,
    .name = "sqlite",
    .driver = "sqlite3",
    .features = CUPEL_DIALECT_ASYNC | CUPEL_DIALECT_SERVER_SIDE_CURSORS,
    .lexis = CUPEL_LEX_BACKTICKS | CUPEL_LEX_BRACKETS,
    .paramstyle = CUPEL_PARAMSTYLE_QMARK,
    .begin = "BEGIN",
    .check_url = check_url,
    .pool_limit = pool_limit,
    .connect = cup_sqlite_connect,
    .execute = cup_sqlite_execute,
    .commit = cup_sqlite_commit,
    .rollback = cup_sqlite_rollback,
    .state = state,
    .alive = alive,
    .cancel = cancel,
    .close = cup_sqlite_close,
    .free = cup_sqlite_free,
    .initialize = cup_sqlite_initialize,
    .isolation_levels = cup_sqlite_levels,
    .set_isolation_level = cup_sqlite_set_level,
    .get_isolation_level = cup_sqlite_get_level,
    .driver_connection = driver_connection,
    .adopt = cup_sqlite_adopt,
    .is_private = is_private,
    .settle_url = cup_sqlite_settle_url,
};
