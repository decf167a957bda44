/* SPDX-License-Identifier: MIT */
/* Deadlines of engines and their pools, of sessions, of two-phase transactions
 * and of connections as the driver has them. */
#include "story/deadlines.h"

/* ---- What is there before ---------------------------------------------- */

static void
begun_twophase(void)
{
    connected();
    CHECK_OK(cupel_connection_begin_twophase(conn, "x", &tx));
    CHECK_OK(run_sql(conn, "INSERT INTO item (id) VALUES (4)"));
}

static void
prepared(void)
{
    begun_twophase();
    CHECK_OK(cupel_transaction_prepare(tx));
}

/* Somebody else's, left behind. */
static void
left_prepared(void)
{
    prepared();
    cupel_transaction_free(tx);
    tx = NULL;
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    connected();
}

static void
raw_connected(void)
{
    CHECK_OK(cupel_engine_raw_connection(engine, &raw));
}

static void
raw_in_transaction(void)
{
    raw_connected();
    CHECK_OK(cupel_raw_connection_execute(raw, "BEGIN", NULL, 0, NULL));
}

/* An idle connection. */
static void
warm(void)
{
    connected();
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    conn = NULL;
}

/* Have the one connection for longer than anybody waits. */
static cupel_status
hold(void *arg)
{
    cupel_connection *held;
    cupel_status rc;

    (void)arg;
    CHECK_OK(cupel_engine_connect(engine, &held));
    rc = cupel_sleep(LONG_MS);
    return cupel_connection_exit(held, rc);
}

static void
taken(void)
{
    beside(hold);
}

/* ---- Verbs --------------------------------------------------------------- */

static cupel_status
do_connect(void *arg)
{
    (void)arg;
    return cupel_engine_connect(engine, &conn);
}

static cupel_status
do_connect_raw(void *arg)
{
    (void)arg;
    return cupel_engine_raw_connection(engine, &raw);
}

static cupel_status
do_warm_up(void *arg)
{
    (void)arg;
    return cupel_engine_warm_up(engine, 1);
}

static cupel_status
do_dispose(void *arg)
{
    (void)arg;
    return cupel_engine_dispose(engine);
}

static cupel_status
insert(cupel_connection *on, void *arg)
{
    (void)arg;
    return run_sql(on, "INSERT INTO item (id) VALUES (5)");
}

static cupel_status
do_engine_begin(void *arg)
{
    (void)arg;
    return cupel_engine_begin(engine, insert, NULL);
}

static cupel_status
do_get_level(void *arg)
{
    const char *level;

    (void)arg;
    return cupel_connection_get_isolation_level(conn, &level);
}

static cupel_status
do_set_level(void *arg)
{
    (void)arg;
    return cupel_connection_execution_options(
        conn, CUPEL_WITH({ "isolation_level", cupel_string("SERIALIZABLE") }));
}

static cupel_status
do_set_switch(void *arg)
{
    (void)arg;
    return cupel_connection_execution_options(
        conn, CUPEL_WITH({ "fake_readonly", cupel_bool(true) }));
}

static cupel_status
do_info(void *arg)
{
    cupel_info *info;

    (void)arg;
    return cupel_connection_info(conn, &info);
}

static cupel_status
do_get_raw(void *arg)
{
    cupel_raw_connection *borrowed;

    (void)arg;
    return cupel_connection_get_raw_connection(conn, &borrowed);
}

static cupel_status
do_begin_twophase(void *arg)
{
    (void)arg;
    return cupel_connection_begin_twophase(conn, "y", NULL);
}

static cupel_status
do_prepare(void *arg)
{
    (void)arg;
    return cupel_transaction_prepare(tx);
}

static cupel_status
do_recover(void *arg)
{
    cupel_scalar_result *names;

    (void)arg;
    return cupel_connection_recover_twophase(conn, &names);
}

static cupel_status
do_commit_prepared(void *arg)
{
    (void)arg;
    return cupel_connection_commit_prepared(conn, "x", true);
}

static cupel_status
do_rollback_prepared(void *arg)
{
    (void)arg;
    return cupel_connection_rollback_prepared(conn, "x", true);
}

static cupel_status
do_raw_execute(void *arg)
{
    (void)arg;
    return cupel_raw_connection_execute(raw, "SELECT 1", NULL, 0, NULL);
}

static cupel_status
do_raw_commit(void *arg)
{
    (void)arg;
    return cupel_raw_connection_commit(raw);
}

static cupel_status
do_raw_rollback(void *arg)
{
    (void)arg;
    return cupel_raw_connection_rollback(raw);
}

/* clang-format off */
static const struct deed deeds[] = {
    { "connect", NULL, do_connect, CUP_FAKE_CONNECT, NULL, ENGINES, LATE,
      CONNECT },
    { "connect, initialising", NULL, do_connect, CUP_FAKE_INITIALIZE, NULL,
      ENGINES, LATE, CONNECT },
    { "connect, setting the level", NULL, do_connect, CUP_FAKE_SET_ISOLATION,
      NULL, ENGINES, LATE, ANSWER },
    { "connect, with a ping", warm, do_connect, CUP_FAKE_PING, NULL, ENGINES,
      LATE, ANSWER },
    { "connect, in the queue", taken, do_connect, CUP_FAKE_ANY, "none",
      ENGINES, LATE, "waiting" },
    { "connect raw", NULL, do_connect_raw, CUP_FAKE_CONNECT, NULL, ENGINES,
      LATE, CONNECT },
    { "connect raw, with a ping", warm, do_connect_raw, CUP_FAKE_PING, NULL,
      ENGINES, LATE, ANSWER },
    { "warm up", NULL, do_warm_up, CUP_FAKE_CONNECT, NULL, ENGINES, LATE,
      "waiting for connections to be opened" },
    { "dispose", warm, do_dispose, CUP_FAKE_CLOSE, NULL, ENGINES, CUPEL_OK,
      "" },
    { "engine begin, connecting", NULL, do_engine_begin, CUP_FAKE_CONNECT,
      NULL, ENGINES, LATE, CONNECT },
    { "engine begin, executing", NULL, do_engine_begin, CUP_FAKE_EXECUTE, NULL,
      STATEMENTS & ~(unsigned)OF_CONNECTION, LATE, ANSWER },
    { "engine begin, committing", NULL, do_engine_begin, CUP_FAKE_COMMIT, NULL,
      ENGINES, LATE, ANSWER },
    { "get the level", connected, do_get_level, CUP_FAKE_GET_ISOLATION, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "set the level", connected, do_set_level, CUP_FAKE_SET_ISOLATION, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "set a switch", connected, do_set_switch, CUP_FAKE_SET_SWITCH, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "info", invalidated, do_info, CUP_FAKE_CONNECT, NULL, CONNECTIONS, LATE,
      CONNECT },
    { "get the raw connection", invalidated, do_get_raw, CUP_FAKE_CONNECT,
      NULL, CONNECTIONS, LATE, CONNECT },
    { "begin two-phase", connected, do_begin_twophase, CUP_FAKE_BEGIN_TWOPHASE,
      NULL, CONNECTIONS, LATE, ANSWER },
    { "prepare", begun_twophase, do_prepare, CUP_FAKE_PREPARE_TWOPHASE, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "commit the prepared", prepared, do_commit_tx, CUP_FAKE_COMMIT_TWOPHASE,
      NULL, CONNECTIONS, LATE, ANSWER },
    { "roll back the prepared", prepared, do_rollback_tx,
      CUP_FAKE_ROLLBACK_TWOPHASE, NULL, CONNECTIONS, LATE, ANSWER },
    { "recover", connected, do_recover, CUP_FAKE_RECOVER_TWOPHASE, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "commit by name", left_prepared, do_commit_prepared,
      CUP_FAKE_COMMIT_TWOPHASE, NULL, CONNECTIONS, LATE, ANSWER },
    { "roll back by name", left_prepared, do_rollback_prepared,
      CUP_FAKE_ROLLBACK_TWOPHASE, NULL, CONNECTIONS, LATE, ANSWER },
    { "raw execute", raw_connected, do_raw_execute, CUP_FAKE_EXECUTE, NULL,
      OF_FUTURE, LATE, "the deadline passed" },
    { "raw commit", raw_in_transaction, do_raw_commit, CUP_FAKE_COMMIT, NULL,
      OF_FUTURE, LATE, "the deadline passed" },
    { "raw rollback", raw_in_transaction, do_raw_rollback, CUP_FAKE_ROLLBACK,
      NULL, OF_FUTURE, LATE, "the deadline passed" },
};
/* clang-format on */

__attribute__((constructor)) static void
register_all(void)
{
    deeds_register(deeds, sizeof deeds / sizeof deeds[0]);
}
