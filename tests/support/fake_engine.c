/* SPDX-License-Identifier: MIT */
/* An engine on the fake database, for tests of the rooms above the dialects. */
#include "support/fake_engine.h"

#include <cupel/task.h>

cupel_engine *
fake_engine(void)
{
    static bool registered;
    cupel_engine *engine;

    if (!registered)
        CHECK_OK(cupel_dialect_register(&cup_fake_dialect));
    registered = true;
    cup_fake_reset();
    CHECK_OK(cupel_engine_create_async("fake://unit", NULL, &engine));
    return engine;
}

void
fake_engine_close(cupel_engine *engine)
{
    int turns;

    cupel_engine_close(engine);
    for (turns = 0; turns < 100 && cup_fake_wire_count() > 0; turns++)
        CHECK_OK(cupel_yield());
    CHECK_INT(cup_fake_wire_count(), 0);
}

cupel_status
run_sql(cupel_connection *conn, const char *sql)
{
    return cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, NULL);
}

int64_t
query_int(cupel_connection *conn, const char *sql)
{
    cupel_value value;

    CHECK_OK(
        cupel_connection_scalar(conn, CUPEL_TEXT(sql), NULL, NULL, &value));
    CHECK_INT(value.type, CUPEL_INT);
    return value.as.integer;
}

int64_t
committed_items(cupel_engine *engine)
{
    cupel_connection *conn;
    int64_t count;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    count = query_int(conn, "SELECT count(*) FROM item");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    return count;
}

cupel_connection *
connect_with_items(cupel_engine *engine)
{
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(run_sql(conn, "CREATE TABLE item (id INTEGER PRIMARY KEY, "
                           "name TEXT NOT NULL)"));
    CHECK_OK(cupel_connection_commit(conn));
    cup_fake_log_clear();
    return conn;
}
