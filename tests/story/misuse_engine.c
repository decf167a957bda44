/* SPDX-License-Identifier: MIT */
/* Engines, connections and transactions in the wrong order, from the wrong
 * place, and with each other's handles: everything has an answer. */
#include <cupel/cupel.h>

#include <pthread.h>

#include "support/fake_engine.h"

/* ---- Of the wrong kind --------------------------------------------------- */

TASK_TEST(a_blocking_engine_stops_no_task)
{
    cupel_engine *async = fake_engine(), *engine;
    cupel_raw_connection *raw;
    cupel_connection *conn;
    cupel_pool *pool;

    CHECK_OK(cupel_engine_create("fake://unit", NULL, &engine));
    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_INVALID);
    CHECK(conn == NULL);
    CHECK_FAILS(cupel_engine_raw_connection(engine, &raw), CUPEL_E_INVALID);
    CHECK(raw == NULL);
    CHECK_FAILS(cupel_engine_warm_up(engine, 1), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_engine_dispose(engine), CUPEL_E_INVALID);
    CHECK_OK(cupel_create_pool_from_url("fake://unit", NULL, &pool));
    CHECK(cupel_pool_connect(pool, &raw) < 0);
    CHECK(raw == NULL);
    cupel_pool_close(pool);
    cupel_engine_close(engine);
    CHECK_INT(cup_fake_wire_count(), 0);
    fake_engine_close(async);
}

TEST(an_async_engine_blocks_no_thread)
{
    cupel_engine *engine = fake_engine();
    cupel_raw_connection *raw;
    cupel_connection *conn;
    cupel_pool *pool;

    CHECK_FAILS(cupel_engine_connect(engine, &conn), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_engine_raw_connection(engine, &raw), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_engine_warm_up(engine, SIZE_MAX), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_engine_dispose(engine), CUPEL_E_NOTASK);
    CHECK_OK(cupel_create_async_pool_from_url("fake://unit", NULL, &pool));
    CHECK_FAILS(cupel_pool_connect(pool, &raw), CUPEL_E_NOTASK);
    CHECK(raw == NULL);
    CHECK_FAILS(cupel_pool_dispose(pool), CUPEL_E_NOTASK);
    cupel_pool_close(pool);
    cupel_engine_close(engine);
    CHECK_INT(cup_fake_wire_count(), 0);
}

/* ---- In the wrong order -------------------------------------------------- */

TASK_TEST(engines_pools_and_connections_end_in_any_order)
{
    cupel_engine *engine = fake_engine(), *child;
    cupel_pool *pool = cupel_engine_pool(engine);
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *sharing;
    cupel_connection *conn, *other, *last;
    cupel_transaction *tx;
    cupel_raw_connection *raw;

    CHECK_OK(cupel_engine_execution_options(engine, NULL, &child));
    options.pool = pool;
    CHECK_OK(cupel_engine_create_async("fake://unit", &options, &sharing));
    CHECK_OK(cupel_engine_connect(engine, &conn));
    CHECK_OK(cupel_engine_connect(child, &other));
    CHECK_OK(cupel_engine_raw_connection(child, &raw));
    cupel_engine_free(engine); /* the parent first */
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_engine_connect(child, &last));
    cupel_engine_close(child);
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK_OK(cupel_connection_begin(conn, &tx));
    CHECK_OK(run_sql(other, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(last, CUPEL_OK));
    CHECK_FAILS(cupel_engine_connect(sharing, &last), CUPEL_E_CLOSED);
    cupel_engine_close(sharing);
    CHECK_OK(cupel_connection_close(conn));
    CHECK(!cupel_transaction_is_active(tx));
    CHECK_FAILS(cupel_transaction_commit(tx), CUPEL_E_INVALID);
    CHECK_OK(cupel_transaction_rollback(tx));
    cupel_connection_free(conn); /* before its transaction */
    CHECK(cupel_transaction_connection(tx) == NULL);
    CHECK_FAILS(cupel_transaction_commit(tx), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_transaction_prepare(tx), CUPEL_E_CLOSED);
    CHECK_OK(cupel_transaction_exit(tx, CUPEL_OK));
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK(!cupel_raw_connection_is_valid(raw));
    cupel_raw_connection_free(raw);
    CHECK_OK(cupel_connection_exit(other, CUPEL_OK));
    fake_engine_close(NULL);
}

TASK_TEST(after_close_everything_answers_that_it_is_closed)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_raw_connection *raw;
    cupel_scalar_result *names;
    cupel_transaction *tx;
    cupel_result *result;
    cupel_value value;
    cupel_info *info;
    const char *level;

    CHECK_OK(cupel_connection_close(conn));
    CHECK_OK(cupel_connection_close(conn));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_scalar(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                        NULL, &value),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_stream(conn, CUPEL_TEXT("SELECT 1"), NULL,
                                        NULL, &result),
                CUPEL_E_CLOSED);
    CHECK(result == NULL);
    CHECK_FAILS(cupel_connection_begin(conn, &tx), CUPEL_E_CLOSED);
    CHECK(tx == NULL);
    CHECK_FAILS(cupel_connection_begin_nested(conn, &tx), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_begin_twophase(conn, "a", &tx),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_recover_twophase(conn, &names),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_commit_prepared(conn, "a", true),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_invalidate(conn), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_detach(conn), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_execution_options(conn, NULL), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_get_isolation_level(conn, &level),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_info(conn, &info), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_connection_get_raw_connection(conn, &raw),
                CUPEL_E_CLOSED);
    CHECK_OK(cupel_connection_commit(conn)); /* there is nothing to commit */
    CHECK_OK(cupel_connection_rollback(conn));
    CHECK(cupel_connection_get_transaction(conn) == NULL);
    CHECK_FAILS(cupel_connection_exit(conn, CUPEL_E_VALUE), CUPEL_E_VALUE);
    fake_engine_close(engine);
}

/* ---- Bodies of scopes ---------------------------------------------------- */

static cupel_status
close_own_connection(cupel_connection *conn, void *arg)
{
    *(int *)arg += 1;
    return cupel_connection_close(conn);
}

static cupel_status
give_own_connection_up(cupel_connection *conn, void *arg)
{
    *(int *)arg += 1;
    return cupel_connection_invalidate(conn);
}

static cupel_status
end_own_transaction(cupel_connection *conn, void *arg)
{
    *(int *)arg += 1;
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_FAILS(run_sql(conn, "SELECT 1"), CUPEL_E_INVALID);
    return CUPEL_OK;
}

static cupel_status
answer_nonsense(cupel_connection *conn, void *arg)
{
    *(int *)arg += 1;
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (2, 'b')"));
    return (cupel_status)-4711;
}

TASK_TEST(bodies_may_end_what_they_were_given)
{
    cupel_engine *engine = fake_engine();
    cupel_pool_status figures = CUPEL_OPTIONS(cupel_pool_status);
    int runs = 0;

    CHECK_OK(cupel_connection_exit(connect_with_items(engine), CUPEL_OK));
    CHECK_FAILS(cupel_engine_begin(engine, close_own_connection, &runs),
                CUPEL_OK);
    CHECK(cupel_engine_begin(engine, give_own_connection_up, &runs) < 0);
    CHECK_OK(cupel_engine_begin(engine, end_own_transaction, &runs));
    CHECK_FAILS(cupel_engine_begin(engine, answer_nonsense, &runs),
                (cupel_status)-4711);
    CHECK_INT(runs, 4);
    CHECK_INT(committed_items(engine), 1);
    cupel_engine_pool_status(engine, &figures);
    CHECK_INT(figures.lent, 0);
    fake_engine_close(engine);
}

/* ---- Structs of another size --------------------------------------------- */

TEST(structs_of_an_impossible_size_are_refused)
{
    static const size_t sizes[] = {
        0, 1, sizeof(size_t) - 1, 3, 4097, SIZE_MAX
    };
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_pool_status figures;
    cupel_engine *engine = fake_engine(), *other;
    cupel_url *url = NULL;
    size_t i;

    parts.drivername = "fake";
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        options.struct_size = parts.struct_size = sizes[i];
        CHECK_FAILS(cupel_engine_create_async("fake://unit", &options, &other),
                    CUPEL_E_ARGUMENT);
        CHECK(other == NULL);
        CHECK_FAILS(cupel_url_create(&parts, &url), CUPEL_E_ARGUMENT);
        CHECK(url == NULL);
        memset(&figures, 0x55, sizeof figures);
        figures.struct_size = sizes[i];
        cupel_engine_pool_status(engine, &figures); /* as much as it knows */
        CHECK_INT(figures.struct_size, sizes[i]);
    }
    cupel_engine_close(engine);
}

/* ---- Options out of range ------------------------------------------------ */

#define CHECK_OPTION(field, value)                                           \
    do {                                                                     \
        cupel_engine_options options_ = CUPEL_OPTIONS(cupel_engine_options); \
        cupel_engine *made_ = NULL;                                          \
        cupel_status rc_;                                                    \
                                                                             \
        options_.field = (value);                                            \
        rc_ = cupel_engine_create_async("fake://unit", &options_, &made_);   \
        CHECK(made_ == NULL);                                                \
        CHECK(rc_ == CUPEL_E_ARGUMENT || rc_ == CUPEL_E_VALUE);              \
    } while (0)

TEST(options_out_of_range_are_refused)
{
    cupel_engine_free(fake_engine());
    CHECK_OPTION(pool_size, -1);
    CHECK_OPTION(max_overflow, -7);
    CHECK_OPTION(pool_timeout_ms, -1);
    CHECK_OPTION(connect_timeout_ms, INT64_MIN + 1);
    CHECK_OPTION(query_cache_size, -1);
    CHECK_OPTION(close_timeout_ms, -1);
    CHECK_OPTION(pool_recycle_ms, -5);
    CHECK_OPTION(pool_min_idle, -1);
    CHECK_OPTION(timeout_ms, -1);
    CHECK_OPTION(poolclass, (cupel_pool_class)99);
    CHECK_OPTION(poolclass, (cupel_pool_class)-1);
    CHECK_OPTION(pool_reset_on_return, (cupel_reset_on_return)99);
    CHECK_OPTION(pool_pre_ping, (cupel_toggle)99);
    CHECK_OPTION(echo, (cupel_toggle)-1);
    CHECK_OPTION(connect_arg_count, 3); /* and no array */
    CHECK_OPTION(connect_args_text, "a=%");
}
