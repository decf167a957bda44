/* SPDX-License-Identifier: MIT */
/* Dialects that can do less than ours: what the engine refuses with them. */
#include <string.h>

#include "support/fake_engine.h"

/* The fake by another name, with less in it; registered for good. */
static void
have_dialect(cupel_dialect *dialect, const char *name, uint32_t features)
{
    *dialect = cup_fake_dialect;
    dialect->name = name;
    dialect->features = features;
    CHECK_OK(cupel_dialect_register(dialect));
}

TEST(a_dialect_that_blocks_makes_no_async_engine)
{
    static cupel_dialect dialect;
    cupel_engine *engine;

    have_dialect(&dialect, "blocking", 0);
    CHECK_FAILS(cupel_engine_create_async("blocking://", NULL, &engine),
                CUPEL_E_INVALID);
    CHECK(strstr(cupel_error_text(), dialect.driver) != NULL);
    CHECK(engine == NULL);
    CHECK_OK(cupel_engine_create("blocking://", NULL, &engine));
    cupel_engine_free(engine);
}

TASK_TEST(a_dialect_without_cursors_refuses_streams_by_its_name)
{
    static cupel_dialect dialect;
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_result *result;

    have_dialect(&dialect, "cursorless", CUPEL_DIALECT_ASYNC);
    CHECK_OK(cupel_engine_create_async("cursorless://", NULL, &engine));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_FAILS(cupel_connection_stream(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                        NULL, &result),
                CUPEL_E_INVALID);
    CHECK(strstr(cupel_error_text(), "cursorless") != NULL);
    CHECK(result == NULL);
    CHECK_INT(query_int(conn, "SELECT 7"), 7);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
