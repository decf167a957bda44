/* SPDX-License-Identifier: MIT */
/* Listeners that do the worst they can: in the middle of every event they
 * close, free, dispose of, cancel or use what they are told about and what
 * its user holds. Whatever the calls answer then, nothing crashes, hangs or
 * leaks, and in the end the pool has every connection back. */
#include "misuse_event.h"

#include "base/event.h"
#include "support/fake_engine.h"

/* ---- What is done meanwhile -------------------------------------------- */

/* Every call may fail; what counts is that it comes back. */
#define TRY(call)                          \
    do {                                   \
        cupel_status tried_ = (call);      \
                                           \
        CHECK(tried_ <= CUPEL_ROW);        \
        CHECK(cupel_error_text() != NULL); \
    } while (0)

#define TEXT_OF_INSERT CUPEL_TEXT("INSERT INTO item VALUES (:id, 'a')")

static void
use_savepoints(struct world *world)
{
    TRY(cupel_connection_begin(world->conn, &world->tx));
    TRY(cupel_connection_execute(world->conn, TEXT_OF_INSERT,
                                 CUPEL_PARAMS({ "id", cupel_int(1) }), NULL,
                                 &world->result));
    TRY(cupel_connection_begin_nested(world->conn, &world->savepoint));
    cupel_transaction_enter(world->savepoint);
    TRY(run_sql(world->conn, "INSERT INTO item VALUES (2, 'b')"));
    TRY(cupel_transaction_rollback(world->savepoint));
    cupel_transaction_free(world->savepoint);
    world->savepoint = NULL;
    TRY(cupel_connection_begin_nested(world->conn, &world->savepoint));
    TRY(cupel_transaction_commit(world->savepoint));
    cupel_result_free(world->result);
    world->result = NULL;
    TRY(cupel_transaction_commit(world->tx));
    cupel_transaction_free(world->savepoint);
    cupel_transaction_free(world->tx);
    world->savepoint = world->tx = NULL;
}

static void
use_results(struct world *world)
{
    const cupel_params many = { (const cupel_param[]){
                                    { "id", { .type = CUPEL_INT } },
                                    { "id", { .type = CUPEL_NULL } } },
                                1, 2 };
    const cupel_row *row;
    cupel_value value;

    TRY(cupel_connection_stream(world->conn, CUPEL_TEXT("SELECT id FROM item"),
                                NULL, NULL, &world->result));
    TRY(cupel_result_fetchone(world->result, &row));
    TRY(cupel_connection_execute(world->conn, TEXT_OF_INSERT, &many, NULL,
                                 NULL));
    TRY(cupel_result_fetchone(world->result, &row));
    TRY(cupel_result_close(world->result));
    cupel_result_free(world->result);
    world->result = NULL;
    TRY(cupel_connection_scalar(world->conn, CUPEL_TEXT("SELECT :a"),
                                CUPEL_PARAMS({ "a", cupel_string("x") }), NULL,
                                &value));
    TRY(cupel_connection_rollback(world->conn));
    TRY(run_sql(world->conn, "NONSENSE"));
    TRY(cupel_connection_rollback(world->conn));
}

static void
use_two_phases(struct world *world)
{
    TRY(cupel_connection_begin_twophase(world->conn, "a", &world->tx));
    TRY(run_sql(world->conn, "DELETE FROM item"));
    TRY(cupel_transaction_prepare(world->tx));
    TRY(cupel_transaction_rollback(world->tx));
    cupel_transaction_free(world->tx);
    world->tx = NULL;
    TRY(cupel_connection_begin_twophase(world->conn, "b", NULL));
    TRY(cupel_connection_commit(world->conn));
    TRY(cupel_connection_rollback_prepared(world->conn, "a", true));
    TRY(cupel_connection_execution_options(
        world->conn,
        CUPEL_WITH({ "isolation_level", cupel_string("SERIALIZABLE") })));
}

/* Lose a connection, and close another. */
static void
use_connections(struct world *world)
{
    TRY(cupel_connection_begin(world->conn, &world->tx));
    TRY(run_sql(world->conn, "SELECT 1"));
    TRY(cupel_connection_invalidate(world->conn));
    TRY(cupel_transaction_close(world->tx));
    cupel_transaction_free(world->tx);
    world->tx = NULL;
    TRY(run_sql(world->conn, "SELECT 1"));
    TRY(cupel_connection_close(world->conn));
    cupel_connection_free(world->conn);
    world->conn = NULL;
    TRY(cupel_engine_raw_connection(world->engine, &world->raw));
    TRY(cupel_raw_connection_execute(world->raw, "SELECT 1", NULL, 0, NULL));
    TRY(cupel_raw_connection_invalidate(world->raw, true));
    TRY(cupel_raw_connection_close(world->raw));
    cupel_raw_connection_free(world->raw);
    world->raw = NULL;
    TRY(cupel_engine_raw_connection(world->engine, &world->raw));
    TRY(cupel_raw_connection_detach(world->raw));
    TRY(cupel_raw_connection_close(world->raw));
    cupel_raw_connection_free(world->raw);
    world->raw = NULL;
}

static void
use_engine(struct world *world)
{
    cupel_engine *child;

    TRY(cupel_engine_execution_options(
        world->engine, CUPEL_WITH({ "yield_per", cupel_int(2) }), &child));
    TRY(cupel_engine_connect(world->engine, &world->conn));
    TRY(cupel_engine_dispose(world->engine));
    cupel_engine_close(child);
    TRY(run_sql(world->conn, "SELECT 1"));
    TRY(cupel_connection_close(world->conn));
    cupel_connection_free(world->conn);
    world->conn = NULL;
}

/* Who waits for himself does not do so for long. */
static cupel_engine *
make_engine(void)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_engine *engine = fake_engine();

    fake_engine_close(engine);
    options.pool_timeout_ms = 5;
    options.close_timeout_ms = 50;
    CHECK_OK(cupel_engine_create_async("fake://unit", &options, &engine));
    return engine;
}

static void
set_table_up(cupel_engine *engine)
{
    cupel_connection *conn = connect_with_items(engine);

    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (5, 'e')"));
    CHECK_OK(run_sql(conn, "INSERT INTO item VALUES (6, 'f')"));
    CHECK_OK(cupel_connection_commit(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    CHECK_OK(cupel_engine_dispose(engine)); /* the first connect comes again */
}

/* What is left of the world goes; then nothing may be left. */
static void
check_end(struct world *world)
{
    cupel_pool_status figures = { .struct_size = sizeof figures };
    int turns;

    if (cupel_event_contains(cupel_on_engine(world->engine), world->event,
                             misuse_listen, world))
        CHECK_OK(cupel_event_remove(cupel_on_engine(world->engine),
                                    world->event, misuse_listen, world));
    cupel_result_free(world->result);
    cupel_transaction_free(world->savepoint);
    cupel_transaction_free(world->tx);
    cupel_raw_connection_free(world->raw);
    cupel_connection_free(world->conn);
    /* What was given up is closed by and by, and deadlines pass. */
    for (turns = 0; turns < 1000; turns++) {
        cupel_engine_pool_status(world->engine, &figures);
        if (figures.lent + figures.waiting + figures.closing == 0)
            break;
        CHECK_OK(cupel_sleep(1));
    }
    if (figures.lent + figures.waiting + figures.closing != 0)
        fail_msg("%s in %s: %d lent, %d waiting, %d closing", world->deed->name,
                 world->event, (int)figures.lent, (int)figures.waiting,
                 (int)figures.closing);
    cupel_engine_close(world->engine);
    for (turns = 0; turns < 1000 && cup_fake_wire_count() > 0; turns++)
        CHECK_OK(cupel_sleep(1));
    if (cup_fake_wire_count() > 0)
        fail_msg("%s in %s leaves a wire open", world->deed->name,
                 world->event);
}

static struct world world; /* a late event may find it */

static void
run_world(const struct deed *deed, const char *event, bool fails)
{
    world = (struct world){ .deed = deed, .event = event, .fails = fails };
    world.engine = make_engine();
    set_table_up(world.engine);
    CHECK_OK(cupel_event_listen(cupel_on_engine(world.engine), event,
                                misuse_listen, &world, 0));
    TRY(cupel_engine_connect(world.engine, &world.conn));
    use_savepoints(&world);
    use_results(&world);
    use_two_phases(&world);
    use_connections(&world);
    use_engine(&world);
    check_end(&world);
}

/* Every deed in every event. */
static void
run_worlds(bool fails)
{
    enum cup_event_kind kind;
    size_t i;

    for (kind = 0; kind < CUP_EVENT_KINDS; kind++)
        for (i = 0; i < misuse_deed_count; i++)
            run_world(&misuse_deeds[i], cup_event_name(kind), fails);
}

TASK_TEST(no_deed_in_any_event_does_harm)
{
    run_worlds(false);
}

TASK_TEST(no_deed_in_an_event_that_is_refused_does_harm)
{
    run_worlds(true);
}
