/* SPDX-License-Identifier: MIT */
#include <cupel/task.h>

#include "support/fake_engine.h"

TASK_TEST(what_the_server_said_is_known_after_the_first_connect)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;
    int version[3];

    CHECK(cupel_engine_default_isolation_level(engine) == NULL);
    CHECK(!cupel_engine_server_version(engine, version));
    CHECK_INT(version[0], 0);
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK(cupel_engine_default_isolation_level(engine) != NULL);
    CHECK(cupel_engine_server_version(engine, version));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_engine_dispose(engine));
    CHECK(cupel_engine_server_version(engine, version));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(cup_fake_calls(CUP_FAKE_INITIALIZE), 1);
    fake_engine_close(engine);
}

TASK_TEST(echo_can_be_changed)
{
    cupel_engine *engine = fake_engine();

    CHECK_INT(cupel_engine_echo(engine), CUPEL_OFF);
    cupel_engine_set_echo(engine, CUPEL_ON);
    CHECK_INT(cupel_engine_echo(engine), CUPEL_ON);
    cupel_engine_set_echo(engine, CUPEL_DEBUG);
    CHECK_INT(cupel_engine_echo(engine), CUPEL_DEBUG);
    cupel_engine_set_echo(engine, CUPEL_OFF);
    CHECK_INT(cupel_engine_echo(engine), CUPEL_OFF);
    fake_engine_close(engine);
}

TASK_TEST(an_engine_tells_what_it_is)
{
    cupel_engine *engine = fake_engine();

    CHECK_STR(cupel_engine_name(engine), "fake");
    CHECK_STR(cupel_engine_url(engine), "fake://unit");
    CHECK_STR(cupel_url_host(cupel_engine_parsed_url(engine)), "unit");
    CHECK(cupel_engine_is_async(engine));
    CHECK(!cupel_engine_hide_parameters(engine));
    CHECK(cupel_engine_pool(engine) != NULL);
    fake_engine_close(engine);
}

TASK_TEST(warming_up_opens_what_the_pool_keeps)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    cupel_engine *engine = fake_engine();

    CHECK_OK(cupel_engine_warm_up(engine, 3));
    cupel_engine_pool_status(engine, &status);
    CHECK_INT(status.idle, 3);
    CHECK_FAILS(cupel_engine_warm_up(NULL, 3), CUPEL_E_ARGUMENT);
    fake_engine_close(engine);
}

TASK_TEST(a_connection_knows_its_engine)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK(cupel_connection_engine(conn) == engine);
    CHECK_STR(cupel_engine_name(cupel_connection_engine(conn)), "fake");
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}

TEST(no_engine_is_nothing)
{
    CHECK_STR(cupel_engine_url(NULL), "");
    CHECK_STR(cupel_engine_driver(NULL), "");
    CHECK(cupel_engine_pool(NULL) == NULL);
    CHECK(cupel_engine_default_schema_name(NULL) == NULL);
    cupel_engine_set_echo(NULL, CUPEL_ON);
    cupel_engine_clear_compiled_cache(NULL);
}

static cupel_status
connect_once(void *arg)
{
    cupel_connection *conn;
    cupel_status rc = cupel_engine_connect(arg, &conn);

    return rc == CUPEL_OK ? cupel_connection_exit(conn, CUPEL_OK) : rc;
}

TASK_TEST(several_who_connect_first_ask_the_server_once)
{
    cupel_engine *engine = fake_engine();
    cupel_group *group = cupel_group_new();
    int i;

    for (i = 0; i < 5; i++)
        CHECK_OK(cupel_group_spawn(group, connect_once, engine));
    CHECK_OK(cupel_group_wait(group));
    CHECK_INT(cup_fake_calls(CUP_FAKE_INITIALIZE), 1);
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 5);
    fake_engine_close(engine);
}

TASK_TEST(asking_that_failed_is_tried_again)
{
    struct cup_fake_fault fault = { .op = CUP_FAKE_INITIALIZE,
                                    .kind = CUP_FAKE_ERROR,
                                    .sqlstate = "57014" };
    cupel_engine *engine = fake_engine();
    cupel_connection *conn;
    int version[3];

    cup_fake_fault(&fault);
    CHECK(cupel_engine_connect(engine, &conn) < CUPEL_OK);
    CHECK(!cupel_engine_server_version(engine, version));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK(cupel_engine_server_version(engine, version));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    fake_engine_close(engine);
}
