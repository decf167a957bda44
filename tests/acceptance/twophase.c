/* SPDX-License-Identifier: MIT */
/* Two-phase transactions, through run_sync and the core's connection. */
#include "acceptance/acceptance.h"

#include <stdio.h>

/* Whether an id is among the prepared ones. Yields. */
static bool
is_prepared(cupel_connection *conn, const char *xid)
{
    cupel_scalar_result *result;
    const cupel_value *names;
    size_t i, count = 0;
    bool found = false;
    char name[256];

    CHECK_OK(cupel_connection_recover_twophase(conn, &result));
    CHECK_OK(cupel_scalar_result_all(result, &names, &count));
    for (i = 0; i < count; i++) {
        cupel_value_format(&names[i], name, sizeof name);
        found = found || strcmp(name, xid) == 0;
    }
    cupel_scalar_result_free(result);
    return found;
}

TASK_TEST(without_support_it_is_not_implemented)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    if (!accept_is_postgresql())
        CHECK_FAILS(cupel_connection_begin_twophase(conn, NULL, NULL),
                    CUPEL_E_NOTIMPL);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(prepare_commit_and_rollback)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;
    char xid[64] = "";

    if (accept_is_postgresql()) {
        CHECK_OK(cupel_connection_begin_twophase(conn, NULL, &tx));
        snprintf(xid, sizeof xid, "%s", cupel_transaction_xid(tx));
        CHECK_INT(strlen(xid), 36);
        CHECK_OK(accept_insert(conn, 1));
        CHECK_OK(cupel_transaction_prepare(tx));
        CHECK_INT(accept_committed(engine), 0);
        CHECK(is_prepared(conn, xid));
        CHECK_OK(cupel_transaction_commit(tx));
        CHECK_INT(accept_committed(engine), 1);
        CHECK(!is_prepared(conn, xid));
        CHECK_FAILS(cupel_transaction_prepare(tx), CUPEL_E_INVALID);
        cupel_transaction_free(tx);

        CHECK_OK(cupel_connection_rollback(conn));
        CHECK_OK(cupel_connection_begin_twophase(conn, NULL, &tx));
        CHECK_OK(accept_insert(conn, 2));
        CHECK_OK(cupel_transaction_prepare(tx));
        CHECK_OK(cupel_transaction_rollback(tx));
        cupel_transaction_free(tx);
        CHECK_INT(accept_committed(engine), 1);
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(commit_without_prepare)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;

    if (accept_is_postgresql()) {
        CHECK_OK(cupel_connection_begin_twophase(conn, NULL, &tx));
        CHECK_OK(accept_insert(conn, 1));
        CHECK_OK(cupel_transaction_commit(tx));
        cupel_transaction_free(tx);
        CHECK_INT(accept_committed(engine), 1);
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(an_autobegun_transaction_is_in_the_way)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    if (accept_is_postgresql()) {
        CHECK_OK(accept_run(conn, "SELECT 1"));
        CHECK_FAILS(cupel_connection_begin_twophase(conn, NULL, NULL),
                    CUPEL_E_INVALID);
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

/* Yields. */
static void
check_recover(cupel_engine *engine)
{
    cupel_connection *conn = accept_connect(engine);
    cupel_transaction *tx;
    char xid[64];

    CHECK_OK(cupel_connection_begin_twophase(conn, NULL, &tx));
    snprintf(xid, sizeof xid, "%s", cupel_transaction_xid(tx));
    CHECK_OK(accept_insert(conn, 1));
    CHECK_OK(cupel_transaction_prepare(tx));
    CHECK_OK(cupel_connection_invalidate(conn));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));

    conn = accept_connect(engine);
    CHECK(is_prepared(conn, xid));
    CHECK_INT(accept_int(conn, "SELECT count(*) FROM users"), 0);
    CHECK_OK(cupel_connection_commit_prepared(conn, xid, true));
    CHECK(!is_prepared(conn, xid));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 1);
}

TASK_TEST(a_prepared_transaction_is_recovered)
{
    cupel_engine *engine = accept_engine(NULL);

    if (accept_is_postgresql())
        check_recover(engine);
    accept_close(engine);
}

/* Keeps the names of events, with what they say of the transaction. */
static cupel_status
note(cupel_event *event, void *arg)
{
    char *names = arg;
    size_t len = strlen(names);

    snprintf(names + len, 200 - len, "%s%s%s", len == 0 ? "" : " ", event->name,
             event->is_prepared ? "(prepared)" : "");
    return event->xid == NULL ? CUPEL_E_VALUE : CUPEL_OK;
}

/* Yields. */
static void
check_events(cupel_connection *conn)
{
    static const char *const names[] = { "begin_twophase", "prepare_twophase",
                                         "commit_twophase",
                                         "rollback_twophase" };
    cupel_transaction *tx;
    char told[200] = "";
    size_t i;

    for (i = 0; i < 4; i++)
        CHECK_OK(cupel_event_listen(cupel_on_connection(conn), names[i], note,
                                    told, 0));
    CHECK_OK(cupel_connection_begin_twophase(conn, NULL, &tx));
    CHECK_OK(accept_run(conn, "SELECT 1"));
    CHECK_OK(cupel_transaction_prepare(tx));
    CHECK_OK(cupel_transaction_commit(tx));
    cupel_transaction_free(tx);
    CHECK_OK(cupel_connection_begin_twophase(conn, NULL, &tx));
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_transaction_free(tx);
    CHECK_STR(told, "begin_twophase prepare_twophase "
                    "commit_twophase(prepared) begin_twophase "
                    "rollback_twophase");
}

TASK_TEST(its_events)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    if (accept_is_postgresql())
        check_events(conn);
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

TASK_TEST(closing_rolls_it_back)
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);

    if (accept_is_postgresql()) {
        CHECK_OK(cupel_connection_begin_twophase(conn, NULL, NULL));
        CHECK_OK(accept_insert(conn, 1));
    }
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_INT(accept_committed(engine), 0);
    accept_close(engine);
}
