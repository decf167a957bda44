/* SPDX-License-Identifier: MIT */
/* Deadlines of statements, streams and transactions. */
#include "story/deadlines.h"

/* ---- What is there before ---------------------------------------------- */

static void
in_transaction(void)
{
    connected();
    CHECK_OK(run_sql(conn, "INSERT INTO item (id) VALUES (4)"));
}

static void
streaming(void)
{
    const cupel_row *row;

    connected();
    CHECK_OK(cupel_connection_stream(conn, CUPEL_TEXT("SELECT id FROM item"),
                                     NULL, call_options(), &stream));
    CHECK_FAILS(cupel_result_fetchone(stream, &row), CUPEL_ROW);
}

static void
nested(void)
{
    in_transaction();
    CHECK_OK(cupel_connection_begin_nested(conn, &tx));
}

/* Be in the middle of a call on the connection. */
static cupel_status
use(void *arg)
{
    static const struct cup_fake_fault slow = { .op = CUP_FAKE_EXECUTE,
                                                .kind = CUP_FAKE_DELAY,
                                                .delay_ms = LONG_MS };

    (void)arg;
    cup_fake_fault(&slow);
    return cupel_connection_execute(
        conn, CUPEL_TEXT("SELECT 2"), NULL,
        CUPEL_WITH({ "timeout_ms", cupel_int(2 * LONG_MS) }), NULL);
}

static void
in_use(void)
{
    connected();
    beside(use);
}

/* ---- Verbs --------------------------------------------------------------- */

static cupel_value value;

static cupel_status
do_begin(void *arg)
{
    (void)arg;
    return cupel_connection_begin(conn, NULL);
}

static cupel_status
do_begin_nested(void *arg)
{
    (void)arg;
    return cupel_connection_begin_nested(conn, NULL);
}

static cupel_status
do_execute(void *arg)
{
    (void)arg;
    return run_sql(conn, "SELECT 1");
}

static cupel_status
do_scalar(void *arg)
{
    (void)arg;
    return cupel_connection_scalar(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                   call_options(), &value);
}

static cupel_status
do_scalars(void *arg)
{
    cupel_scalar_result *result;

    (void)arg;
    return cupel_connection_scalars(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                    call_options(), &result);
}

static cupel_status
do_driver_sql(void *arg)
{
    (void)arg;
    return cupel_connection_exec_driver_sql(conn, "SELECT 1", NULL,
                                            call_options(), NULL);
}

static cupel_status
do_stream(void *arg)
{
    (void)arg;
    return cupel_connection_stream(conn, CUPEL_TEXT("SELECT id FROM item"),
                                   NULL, call_options(), &stream);
}

static cupel_status
do_stream_scalars(void *arg)
{
    cupel_scalar_result *result;

    (void)arg;
    return cupel_connection_stream_scalars(
        conn, CUPEL_TEXT("SELECT id FROM item"), NULL, call_options(), &result);
}

static cupel_status
do_fetch(void *arg)
{
    const cupel_row *row;

    (void)arg;
    return cupel_result_fetchone(stream, &row);
}

static cupel_status
do_fetch_all(void *arg)
{
    const cupel_row *const *rows;
    size_t count;

    (void)arg;
    return cupel_result_all(stream, &rows, &count);
}

static cupel_status
do_close_stream(void *arg)
{
    (void)arg;
    return cupel_result_close(stream);
}

static cupel_status
do_commit(void *arg)
{
    (void)arg;
    return cupel_connection_commit(conn);
}

static cupel_status
do_rollback(void *arg)
{
    (void)arg;
    return cupel_connection_rollback(conn);
}

static cupel_status
do_close(void *arg)
{
    (void)arg;
    return cupel_connection_close(conn);
}

static cupel_status
do_close_tx(void *arg)
{
    (void)arg;
    return cupel_transaction_close(tx);
}

/* clang-format off */
static const struct deed deeds[] = {
    { "begin", invalidated, do_begin, CUP_FAKE_CONNECT, NULL, CONNECTIONS, LATE,
      CONNECT },
    { "begin nested", in_transaction, do_begin_nested, CUP_FAKE_EXECUTE,
      "SAVEPOINT", CONNECTIONS, LATE, ANSWER },
    { "execute", connected, do_execute, CUP_FAKE_EXECUTE, NULL, STATEMENTS,
      LATE, ANSWER },
    { "execute, connecting", invalidated, do_execute, CUP_FAKE_CONNECT, NULL,
      STATEMENTS, LATE, CONNECT },
    { "execute, behind another call", in_use, do_execute, CUP_FAKE_ANY, "none",
      STATEMENTS, LATE, CALLS },
    { "scalar", connected, do_scalar, CUP_FAKE_EXECUTE, NULL, STATEMENTS, LATE,
      ANSWER },
    { "scalars", connected, do_scalars, CUP_FAKE_EXECUTE, NULL, STATEMENTS,
      LATE, ANSWER },
    { "driver sql", connected, do_driver_sql, CUP_FAKE_EXECUTE, NULL,
      STATEMENTS, LATE, ANSWER },
    { "stream", connected, do_stream, CUP_FAKE_EXECUTE, NULL, STATEMENTS, LATE,
      ANSWER },
    { "stream scalars", connected, do_stream_scalars, CUP_FAKE_EXECUTE, NULL,
      STATEMENTS, LATE, ANSWER },
    { "fetch", streaming, do_fetch, CUP_FAKE_FETCH, NULL, STATEMENTS, LATE,
      ANSWER },
    { "fetch all", streaming, do_fetch_all, CUP_FAKE_FETCH, NULL, STATEMENTS,
      LATE, ANSWER },
    { "close a stream", streaming, do_close_stream, CUP_FAKE_CLOSE_ROWS, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "commit", in_transaction, do_commit, CUP_FAKE_COMMIT, NULL, CONNECTIONS,
      LATE, ANSWER },
    { "commit, behind another call", in_use, do_commit, CUP_FAKE_ANY, "none",
      CONNECTIONS, LATE, CALLS },
    { "rollback", in_transaction, do_rollback, CUP_FAKE_ROLLBACK, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "close", in_transaction, do_close, CUP_FAKE_ROLLBACK, NULL, CONNECTIONS,
      LATE, ANSWER },
    { "close, with a stream", streaming, do_close, CUP_FAKE_CLOSE_ROWS, NULL,
      CONNECTIONS, LATE, ANSWER },
    { "release a savepoint", nested, do_commit_tx, CUP_FAKE_EXECUTE, "RELEASE",
      CONNECTIONS, LATE, ANSWER },
    { "roll back to a savepoint", nested, do_rollback_tx, CUP_FAKE_EXECUTE,
      "ROLLBACK", CONNECTIONS, LATE, ANSWER },
    { "close a savepoint", nested, do_close_tx, CUP_FAKE_EXECUTE, "ROLLBACK",
      CONNECTIONS, LATE, ANSWER },
};
/* clang-format on */

__attribute__((constructor)) static void
register_all(void)
{
    deeds_register(deeds, sizeof deeds / sizeof deeds[0]);
}
