/* SPDX-License-Identifier: MIT */
/* The dialect's table. */
#include "dialect/postgresql/postgresql.h"

#include "dialect/postgresql/ahead.h"
#include "dialect/postgresql/cancel.h"
#include "dialect/postgresql/connect.h"
#include "dialect/postgresql/driver.h"
#include "dialect/postgresql/execute.h"
#include "dialect/postgresql/initialize.h"
#include "dialect/postgresql/isolation.h"
#include "dialect/postgresql/options.h"
#include "dialect/postgresql/ping.h"
#include "dialect/postgresql/transaction.h"
#include "dialect/postgresql/twophase.h"
#include "dialect/postgresql/wire.h"

const cupel_dialect cup_postgresql_dialect = {
    .struct_size = sizeof(cupel_dialect),
    .name = "postgresql",
    .driver = "libpq",
    .features = CUPEL_DIALECT_ASYNC | CUPEL_DIALECT_SERVER_SIDE_CURSORS,
    .lexis = CUPEL_LEX_DOLLAR_QUOTES | CUPEL_LEX_ESCAPE_STRINGS |
             CUPEL_LEX_NESTED_COMMENTS,
    .paramstyle = CUPEL_PARAMSTYLE_NUMERIC_DOLLAR,
    .begin = "BEGIN",
    .check_url = cup_pg_options_check,
    .connect = cup_pg_connect,
    .execute = cup_pg_execute,
    .commit = cup_pg_commit,
    .rollback = cup_pg_rollback,
    .rollback_ahead = cup_pg_rollback_ahead,
    .state = cup_pg_state,
    .alive = cup_pg_alive,
    .cancel = cup_pg_cancel,
    .close = cup_pg_close,
    .free = cup_pg_free,
    .ping = cup_pg_ping,
    .initialize = cup_pg_initialize,
    .initialize_sql = cup_pg_initialize_sql,
    .isolation_levels = cup_pg_isolation_levels,
    .set_isolation_level = cup_pg_set_isolation_level,
    .get_isolation_level = cup_pg_get_isolation_level,
    .session_switches = cup_pg_session_switches,
    .set_session_switch = cup_pg_set_session_switch,
    .prepare_twophase = cup_pg_prepare_twophase,
    .commit_twophase = cup_pg_commit_twophase,
    .rollback_twophase = cup_pg_rollback_twophase,
    .recover_twophase = cup_pg_recover_twophase,
    .driver_connection = cup_pg_driver_connection,
    .adopt = cup_pg_adopt,
};
