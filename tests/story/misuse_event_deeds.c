/* SPDX-License-Identifier: MIT */
/* What listeners do that should not: each deed is what a program might try in
 * the middle of an event, with what the event tells of and with what its user
 * holds. */
#include "misuse_event.h"

#include "support/fake_engine.h"

/* The connection that an event tells of, or else the user's. */
static cupel_connection *
conn_of(const struct world *world, const cupel_event *event)
{
    return event->conn != NULL ? event->conn : world->conn;
}

/* ---- Deeds to a connection --------------------------------------------- */

#define DEED_TO_CONNECTION(name, call)                        \
    static cupel_status name(struct world *w, cupel_event *e) \
    {                                                         \
        cupel_connection *conn = conn_of(w, e);               \
                                                              \
        return call;                                          \
    }

DEED_TO_CONNECTION(close_connection, cupel_connection_close(conn))
DEED_TO_CONNECTION(invalidate_connection, cupel_connection_invalidate(conn))
DEED_TO_CONNECTION(detach_connection, cupel_connection_detach(conn))
DEED_TO_CONNECTION(commit_connection, cupel_connection_commit(conn))
DEED_TO_CONNECTION(roll_connection_back, cupel_connection_rollback(conn))
DEED_TO_CONNECTION(begin_again, cupel_connection_begin(conn, NULL))
DEED_TO_CONNECTION(begin_savepoint, cupel_connection_begin_nested(conn, NULL))
DEED_TO_CONNECTION(begin_in_two_phases,
                   cupel_connection_begin_twophase(conn, "deed", NULL))
DEED_TO_CONNECTION(execute_query, run_sql(conn, "SELECT 1"))
DEED_TO_CONNECTION(execute_nonsense, run_sql(conn, "NONSENSE"))
DEED_TO_CONNECTION(set_isolation_level,
                   cupel_connection_execution_options(
                       conn, CUPEL_WITH({ "isolation_level",
                                          cupel_string("AUTOCOMMIT") })))

static cupel_status
scalar_query(struct world *world, cupel_event *event)
{
    cupel_value value;

    return cupel_connection_scalar(conn_of(world, event),
                                   CUPEL_TEXT("SELECT name FROM item"), NULL,
                                   NULL, &value);
}

/* The stream is left open. */
static cupel_status
stream_and_forget(struct world *world, cupel_event *event)
{
    const cupel_row *row;
    cupel_result *result;
    cupel_status rc;

    rc = cupel_connection_stream(conn_of(world, event),
                                 CUPEL_TEXT("SELECT id FROM item"), NULL, NULL,
                                 &result);
    if (rc == CUPEL_OK)
        rc = cupel_result_fetchone(result, &row);
    cupel_result_free(result);
    return rc == CUPEL_ROW ? CUPEL_OK : rc;
}

static cupel_status
free_connection(struct world *world, cupel_event *event)
{
    (void)event;
    cupel_connection_free(world->conn);
    world->conn = NULL;
    return CUPEL_OK;
}

static cupel_status
exit_connection(struct world *world, cupel_event *event)
{
    cupel_connection *conn = world->conn;

    (void)event;
    world->conn = NULL;
    return cupel_connection_exit(conn, CUPEL_OK);
}

/* ---- Deeds to a transaction and a result --------------------------------- */

static cupel_status
commit_transaction(struct world *world, cupel_event *event)
{
    (void)event;
    return cupel_transaction_commit(world->tx);
}

static cupel_status
roll_transaction_back(struct world *world, cupel_event *event)
{
    (void)event;
    return cupel_transaction_rollback(world->tx);
}

static cupel_status
free_transactions(struct world *world, cupel_event *event)
{
    (void)event;
    cupel_transaction_free(world->savepoint);
    cupel_transaction_free(world->tx);
    world->savepoint = world->tx = NULL;
    return CUPEL_OK;
}

static cupel_status
exit_transaction(struct world *world, cupel_event *event)
{
    cupel_transaction *tx = world->tx;

    (void)event;
    world->tx = NULL;
    return cupel_transaction_exit(tx, CUPEL_OK);
}

static cupel_status
exit_savepoint(struct world *world, cupel_event *event)
{
    cupel_transaction *tx = world->savepoint;

    (void)event;
    world->savepoint = NULL;
    return cupel_transaction_exit(tx, CUPEL_E_VALUE) == CUPEL_E_VALUE
               ? CUPEL_OK
               : CUPEL_E_VALUE;
}

static cupel_status
enter_transaction(struct world *world, cupel_event *event)
{
    (void)event;
    cupel_transaction_enter(world->tx);
    cupel_transaction_enter(world->savepoint);
    return CUPEL_OK;
}

static cupel_status
close_results(struct world *world, cupel_event *event)
{
    cupel_status rc = cupel_result_close(world->result);

    return rc == CUPEL_OK ? cupel_result_close(event->result) : rc;
}

static cupel_status
free_result(struct world *world, cupel_event *event)
{
    (void)event;
    cupel_result_free(world->result);
    world->result = NULL;
    return CUPEL_OK;
}

static cupel_status
read_result(struct world *world, cupel_event *event)
{
    const cupel_row *row;
    cupel_status rc;

    (void)world;
    rc = cupel_result_first(event->result, &row);
    return rc == CUPEL_ROW ? CUPEL_OK : rc;
}

/* ---- Deeds to an engine and its pool ------------------------------------- */

static cupel_status
dispose_engine(struct world *world, cupel_event *event)
{
    (void)event;
    return cupel_engine_dispose(world->engine);
}

static cupel_status
dispose_rudely(struct world *world, cupel_event *event)
{
    (void)event;
    return cupel_engine_dispose_no_close(world->engine);
}

static cupel_status
close_engine(struct world *world, cupel_event *event)
{
    cupel_engine *engine = world->engine;

    (void)event;
    world->engine = NULL;
    cupel_engine_close(engine);
    return CUPEL_OK;
}

static cupel_status
free_engine(struct world *world, cupel_event *event)
{
    cupel_engine *engine = world->engine;

    (void)event;
    world->engine = NULL;
    cupel_engine_free(engine);
    return CUPEL_OK;
}

static cupel_status
use_pool(struct world *world, cupel_event *event)
{
    cupel_pool_status figures = { .struct_size = sizeof figures };
    cupel_pool *pool = cupel_engine_pool(world->engine);
    char text[16];

    (void)event;
    cupel_pool_invalidate(pool);
    cupel_pool_figures(pool, &figures);
    cupel_pool_status_text(pool, text, sizeof text);
    return cupel_pool_dispose(pool);
}

static cupel_status
connect_another(struct world *world, cupel_event *event)
{
    cupel_connection *conn;
    cupel_status rc;

    (void)event;
    rc = cupel_engine_connect(world->engine, &conn);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_connection_exit(conn, run_sql(conn, "SELECT 1"));
}

static cupel_status
warm_pool_up(struct world *world, cupel_event *event)
{
    (void)event;
    return cupel_engine_warm_up(world->engine, 2);
}

static cupel_status
change_engine(struct world *world, cupel_event *event)
{
    (void)event;
    cupel_engine_clear_compiled_cache(world->engine);
    return cupel_engine_update_execution_options(
        world->engine, CUPEL_WITH({ "logging_token", cupel_string("deed") }));
}

/* ---- Deeds to a raw connection, to events, to the task ------------------- */

static cupel_raw_connection *
raw_of(const struct world *world, const cupel_event *event)
{
    return event->raw != NULL ? event->raw : world->raw;
}

static cupel_status
close_raw(struct world *world, cupel_event *event)
{
    return cupel_raw_connection_close(raw_of(world, event));
}

static cupel_status
close_own_raw(struct world *world, cupel_event *event)
{
    (void)event;
    return cupel_raw_connection_close(world->raw);
}

static cupel_status
free_raw(struct world *world, cupel_event *event)
{
    cupel_raw_connection_free(event->raw); /* not ours: nothing happens */
    cupel_raw_connection_free(world->raw);
    world->raw = NULL;
    return CUPEL_OK;
}

static cupel_status
invalidate_raw(struct world *world, cupel_event *event)
{
    return cupel_raw_connection_invalidate(raw_of(world, event), false);
}

static cupel_status
invalidate_raw_softly(struct world *world, cupel_event *event)
{
    return cupel_raw_connection_invalidate(raw_of(world, event), true);
}

static cupel_status
detach_raw(struct world *world, cupel_event *event)
{
    return cupel_raw_connection_detach(raw_of(world, event));
}

static cupel_status
execute_raw(struct world *world, cupel_event *event)
{
    cupel_status rc;

    rc = cupel_raw_connection_execute(raw_of(world, event), "BEGIN", NULL, 0,
                                      NULL);
    return rc == CUPEL_OK ? cupel_raw_connection_commit(raw_of(world, event))
                          : rc;
}

static void
free_value(void *value)
{
    ++*(int *)value;
}

static cupel_status
keep_info(struct world *world, cupel_event *event)
{
    static int freed;
    cupel_info *info = cupel_raw_connection_info(raw_of(world, event));
    cupel_info *record = cupel_raw_connection_record_info(raw_of(world, event));
    cupel_status rc;

    rc = cupel_info_set(info, "deed", &freed, free_value);
    if (rc == CUPEL_OK)
        rc = cupel_info_set(record, "deed", &freed, free_value);
    return rc;
}

static cupel_status
wait_a_turn(struct world *world, cupel_event *event)
{
    (void)world;
    (void)event;
    return cupel_yield();
}

static cupel_status
listen_again(struct world *world, cupel_event *event);
static cupel_status
stop_listening(struct world *world, cupel_event *event);

const struct deed misuse_deeds[] = {
    { "close_connection", close_connection },
    { "free_connection", free_connection },
    { "exit_connection", exit_connection },
    { "invalidate_connection", invalidate_connection },
    { "detach_connection", detach_connection },
    { "commit_connection", commit_connection },
    { "roll_connection_back", roll_connection_back },
    { "begin_again", begin_again },
    { "begin_savepoint", begin_savepoint },
    { "begin_in_two_phases", begin_in_two_phases },
    { "execute_query", execute_query },
    { "execute_nonsense", execute_nonsense },
    { "set_isolation_level", set_isolation_level },
    { "scalar_query", scalar_query },
    { "stream_and_forget", stream_and_forget },
    { "commit_transaction", commit_transaction },
    { "roll_transaction_back", roll_transaction_back },
    { "free_transactions", free_transactions },
    { "exit_transaction", exit_transaction },
    { "exit_savepoint", exit_savepoint },
    { "enter_transaction", enter_transaction },
    { "close_results", close_results },
    { "free_result", free_result },
    { "read_result", read_result },
    { "dispose_engine", dispose_engine },
    { "dispose_rudely", dispose_rudely },
    { "close_engine", close_engine },
    { "free_engine", free_engine },
    { "use_pool", use_pool },
    { "connect_another", connect_another },
    { "warm_pool_up", warm_pool_up },
    { "change_engine", change_engine },
    { "close_raw", close_raw },
    { "close_own_raw", close_own_raw },
    { "free_raw", free_raw },
    { "invalidate_raw", invalidate_raw },
    { "invalidate_raw_softly", invalidate_raw_softly },
    { "detach_raw", detach_raw },
    { "execute_raw", execute_raw },
    { "keep_info", keep_info },
    { "wait_a_turn", wait_a_turn },
    { "listen_again", listen_again },
    { "stop_listening", stop_listening },
};

const size_t misuse_deed_count = sizeof misuse_deeds / sizeof misuse_deeds[0];

/* ---- The listener ------------------------------------------------------ */

/* A deed is not repeated within itself, nor without end. */
cupel_status
misuse_listen(cupel_event *event, void *arg)
{
    struct world *world = arg;
    cupel_status rc;

    if (world->depth > 0 || world->done > 20)
        return CUPEL_OK;
    world->depth++;
    world->done++;
    rc = world->deed->run(world, event);
    world->depth--;
    if (world->fails)
        return cupel_error_raise(CUPEL_E_VALUE, "the listener fails");
    return rc < 0 ? CUPEL_OK : rc;
}

static cupel_status
be_quiet(cupel_event *event, void *arg)
{
    (void)event;
    (void)arg;
    return CUPEL_OK;
}

static cupel_status
listen_again(struct world *world, cupel_event *event)
{
    (void)event;
    return cupel_event_listen(cupel_on_engine(world->engine), world->event,
                              be_quiet, NULL,
                              CUPEL_EVENT_INSERT | CUPEL_EVENT_ONCE);
}

static cupel_status
stop_listening(struct world *world, cupel_event *event)
{
    (void)event;
    return cupel_event_remove(cupel_on_engine(world->engine), world->event,
                              misuse_listen, world);
}
