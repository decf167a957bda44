/* SPDX-License-Identifier: MIT */
/* Pools and the driver's connections used wrongly: kept after their owner is
 * closed, ended while in use, with creators that open nothing or something
 * else, and with values that are set while others are freed. */
#include <cupel/cupel.h>

#include "support/fake_engine.h"

TASK_TEST(a_raw_connection_does_not_outlive_its_owner)
{
    cupel_engine *engine = fake_engine();
    cupel_connection *conn = connect_with_items(engine);
    cupel_raw_connection *raw;
    cupel_pool_status figures = CUPEL_OPTIONS(cupel_pool_status);

    CHECK_OK(cupel_connection_get_raw_connection(conn, &raw));
    CHECK_FAILS(cupel_raw_connection_close(raw), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_raw_connection_invalidate(raw, false), CUPEL_E_INVALID);
    cupel_raw_connection_free(raw); /* not the caller's: nothing happens */
    CHECK_OK(run_sql(conn, "SELECT 1"));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    cupel_engine_pool_status(engine, &figures);
    CHECK_INT(figures.idle, 1);
    CHECK_INT(figures.lent, 0);
    fake_engine_close(engine);
}

TASK_TEST(a_closed_raw_connection_answers_that_it_is_closed)
{
    cupel_engine *engine = fake_engine();
    cupel_raw_connection *raw;

    CHECK_OK(cupel_engine_raw_connection(engine, &raw));
    CHECK_FAILS(cupel_raw_connection_execute(raw, NULL, NULL, 0, NULL),
                CUPEL_E_ARGUMENT);
    CHECK_FAILS(
        cupel_raw_connection_execute(raw, "SELECT 1", NULL, SIZE_MAX, NULL),
        CUPEL_E_ARGUMENT);
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_FAILS(cupel_raw_connection_execute(raw, "SELECT 1", NULL, 0, NULL),
                CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_raw_connection_commit(raw), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_raw_connection_rollback(raw), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_raw_connection_detach(raw), CUPEL_E_CLOSED);
    CHECK_OK(cupel_raw_connection_invalidate(raw, false));
    CHECK(cupel_raw_connection_info(raw) == NULL);
    CHECK(cupel_raw_connection_dbapi_connection(raw) == NULL);
    CHECK(!cupel_raw_connection_is_valid(raw));
    cupel_raw_connection_free(raw);
    fake_engine_close(engine);
}

/* ---- In use by another task ---------------------------------------------- */

struct use {
    cupel_raw_connection *raw;
    cupel_status rc;
};

static cupel_status
execute_slowly(void *arg)
{
    struct use *use = arg;

    use->rc = cupel_raw_connection_execute(use->raw, "SELECT 1", NULL, 0, NULL);
    return CUPEL_OK;
}

TASK_TEST(a_raw_connection_is_freed_while_another_task_uses_it)
{
    cupel_engine *engine = fake_engine();
    struct use use = { NULL, CUPEL_ROW };
    cupel_pool_status figures = CUPEL_OPTIONS(cupel_pool_status);
    cupel_future *future = cupel_future_call(execute_slowly, &use);

    CHECK_OK(cupel_engine_raw_connection(engine, &use.raw));
    cup_fake_latency(5);
    CHECK_OK(cupel_future_spawn(future));
    CHECK_OK(cupel_yield());
    cupel_raw_connection_free(use.raw);
    CHECK_OK(cupel_await(future));
    CHECK_OK(use.rc);
    cup_fake_latency(0);
    cupel_engine_pool_status(engine, &figures);
    CHECK_INT(figures.lent, 0);
    fake_engine_close(engine);
}

/* ---- Creators ------------------------------------------------------------ */

static cupel_status
open_nothing(void *arg, void **out)
{
    (void)arg;
    *out = NULL;
    return CUPEL_OK;
}

static cupel_status
fail_without_a_word(void *arg, void **out)
{
    (void)arg;
    (void)out;
    return CUPEL_E_OPERATIONAL;
}

static cupel_status
fail_with_a_word(void *arg, void **out)
{
    (void)out;
    (void)arg;
    return cupel_error_raise(CUPEL_E_VALUE, "not today");
}

static void
try_creator(cupel_creator_fn *creator, bool in_task)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);
    cupel_connection *conn;
    cupel_engine *engine;

    if (in_task)
        options.async_creator = creator;
    else
        options.creator = creator;
    CHECK_OK(cupel_engine_create_async("fake://unit", &options, &engine));
    CHECK(cupel_engine_connect(engine, &conn) < 0);
    CHECK(conn == NULL);
    CHECK(cupel_error_text()[0] != '\0');
    CHECK_INT(cupel_pool_checkedout(cupel_engine_pool(engine)), 0);
    fake_engine_close(engine);
}

TASK_TEST(creators_that_open_nothing_are_found_out)
{
    cupel_creator_fn *const creators[] = { open_nothing, fail_without_a_word,
                                           fail_with_a_word };
    size_t i;

    fake_engine_close(fake_engine());
    for (i = 0; i < sizeof creators / sizeof creators[0]; i++) {
        try_creator(creators[i], true);
        try_creator(creators[i], false);
    }
}

/* ---- Destructors --------------------------------------------------------- */

struct keeper {
    cupel_engine *engine;
    cupel_info *info;
    cupel_status rc; /* of the last one that was set so */
    int freed;
};

/* Changes the values that are being forgotten, without end. */
static void
free_and_set(void *value)
{
    struct keeper *keeper = value;

    keeper->freed++;
    cupel_info_remove(keeper->info, "other");
    keeper->rc = cupel_info_set(keeper->info, "again", keeper, free_and_set);
}

static void
keep_and_lose(struct keeper *keeper)
{
    cupel_connection *conn;

    CHECK_OK(cupel_engine_connect(keeper->engine, &conn));
    CHECK_OK(cupel_connection_info(conn, &keeper->info));
    CHECK_OK(cupel_info_set(keeper->info, "one", keeper, free_and_set));
    CHECK_OK(cupel_info_set(keeper->info, "other", keeper, NULL));
    CHECK_OK(cupel_info_set(keeper->info, "one", NULL, NULL));
    CHECK_INT(keeper->freed, 1);
    CHECK(cupel_info_get(keeper->info, "again") == keeper);
    cupel_info_clear(keeper->info);
    CHECK(keeper->freed > 1 && keeper->freed < 9);
    CHECK_OK(cupel_connection_invalidate(conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
}

TASK_TEST(values_that_set_others_when_they_are_freed_come_to_an_end)
{
    struct keeper keeper = { .engine = fake_engine() };

    keep_and_lose(&keeper);
    fake_engine_close(keeper.engine);
    CHECK(keeper.freed > 2);
    CHECK_INT(keeper.rc, CUPEL_E_INVALID);
}

TEST(values_of_a_blocking_engine_come_to_an_end)
{
    struct keeper keeper = { .freed = 0 };

    cupel_engine_free(fake_engine());
    CHECK_OK(cupel_engine_create("fake://unit", NULL, &keeper.engine));
    keep_and_lose(&keeper);
    cupel_engine_close(keeper.engine);
    CHECK(keeper.freed > 2);
    CHECK_INT(keeper.rc, CUPEL_E_INVALID);
    CHECK_INT(cup_fake_wire_count(), 0);
}
