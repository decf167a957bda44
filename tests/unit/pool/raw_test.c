/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

static cupel_raw_connection *
connect_raw(void)
{
    cupel_raw_connection *raw;

    CHECK_OK(cupel_pool_connect(pool, &raw));
    return raw;
}

static int warnings;

static void
count_warning(void *context, cupel_log_level level, const char *logger,
              const char *message)
{
    (void)context;
    (void)logger;
    (void)message;
    warnings += level == CUPEL_LOG_WARNING;
}

static void
count_warnings(void)
{
    warnings = 0;
    cupel_log_set(count_warning, NULL, CUPEL_LOG_WARNING);
}

TASK_TEST(a_connection_executes_commits_and_rolls_back)
{
    cupel_raw_connection *raw;
    cupel_value value;
    cupel_rows *rows;

    open_pool(1, 0);
    raw = connect_raw();
    CHECK_OK(cupel_raw_connection_execute(raw, "CREATE TABLE t (a INT)", NULL,
                                          0, NULL));
    CHECK_OK(cupel_raw_connection_execute(raw, "BEGIN", NULL, 0, NULL));
    value = cupel_int(7);
    CHECK_OK(cupel_raw_connection_execute(raw, "INSERT INTO t VALUES (?)",
                                          &value, 1, NULL));
    CHECK_OK(cupel_raw_connection_commit(raw));
    CHECK_OK(cupel_raw_connection_execute(raw, "BEGIN", NULL, 0, NULL));
    CHECK_OK(cupel_raw_connection_execute(raw, "INSERT INTO t VALUES (8)", NULL,
                                          0, NULL));
    CHECK_OK(cupel_raw_connection_rollback(raw));
    CHECK_OK(
        cupel_raw_connection_execute(raw, "SELECT a FROM t", NULL, 0, &rows));
    CHECK_INT(rows->row_count, 1);
    CHECK_OK(rows->ops->cell(rows, 0, 0, &value));
    CHECK_INT(value.as.integer, 7);
    rows->ops->free(rows);
    CHECK_FAILS(cupel_raw_connection_execute(raw, "nonsense", NULL, 0, &rows),
                CUPEL_E_PROGRAMMING);
    CHECK(rows == NULL);
    CHECK(cupel_raw_connection_is_valid(raw));
    CHECK(cupel_raw_connection_dbapi_connection(raw) != NULL);
    CHECK(cupel_raw_connection_driver_connection(raw) != NULL);
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
    close_pool();
}

TASK_TEST(a_closed_one_says_so)
{
    cupel_raw_connection *raw;

    open_pool(1, 0);
    raw = connect_raw();
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_FIGURES(1, 0, 0, 0, 0);
    CHECK(!cupel_raw_connection_is_valid(raw));
    CHECK_FAILS(cupel_raw_connection_commit(raw), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_raw_connection_rollback(raw), CUPEL_E_CLOSED);
    CHECK_FAILS(cupel_raw_connection_detach(raw), CUPEL_E_CLOSED);
    CHECK(cupel_raw_connection_info(raw) == NULL);
    CHECK(cupel_raw_connection_record_info(raw) == NULL);
    CHECK(cupel_raw_connection_dbapi_connection(raw) == NULL);
    CHECK(cupel_raw_connection_driver_connection(raw) == NULL);
    count_warnings();
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_INT(warnings, 1);
    CHECK_OK(cupel_raw_connection_invalidate(raw, false));
    CHECK_INT(warnings, 2);
    cupel_log_set(NULL, NULL, CUPEL_LOG_ERROR);
    cupel_raw_connection_free(raw);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}

TASK_TEST(an_invalidated_one_leaves_its_place)
{
    cupel_raw_connection *raw;

    open_pool(1, 0);
    listen();
    raw = connect_raw();
    CHECK_OK(cupel_raw_connection_invalidate(raw, false));
    CHECK_HEARD("first_connect connect checkout invalidate close checkin-");
    CHECK(!cupel_raw_connection_is_valid(raw));
    CHECK_FAILS(cupel_raw_connection_detach(raw), CUPEL_E_INVALID);
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_INT(cupel_pool_checkedin(pool), 1);
    cupel_raw_connection_free(raw);
    settle();
    raw = connect_raw();
    CHECK_HEARD("connect checkout");
    CHECK_OK(cupel_raw_connection_invalidate(raw, true));
    CHECK_HEARD("soft_invalidate");
    CHECK(cupel_raw_connection_is_valid(raw));
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
    close_pool();
}

TASK_TEST(a_detached_one_is_closed_at_the_end)
{
    cupel_raw_connection *raw, *next;

    open_pool(1, 0);
    listen();
    raw = connect_raw();
    CHECK(!cupel_raw_connection_is_detached(raw));
    CHECK_OK(cupel_raw_connection_detach(raw));
    CHECK(cupel_raw_connection_is_detached(raw));
    CHECK(cupel_raw_connection_record_info(raw) == NULL);
    CHECK(cupel_raw_connection_info(raw) != NULL);
    next = connect_raw();
    heard[0] = '\0';
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_HEARD("reset(xs) close_detached");
    CHECK_OK(cupel_raw_connection_close(next));
    cupel_raw_connection_free(raw);
    cupel_raw_connection_free(next);
    close_pool();
}

TASK_TEST(values_stay_as_long_as_what_they_are_kept_with)
{
    cupel_raw_connection *raw;
    int a, b;

    open_pool(1, 0);
    raw = connect_raw();
    CHECK_OK(cupel_info_set(cupel_raw_connection_info(raw), "k", &a, NULL));
    CHECK_OK(
        cupel_info_set(cupel_raw_connection_record_info(raw), "k", &b, NULL));
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
    raw = connect_raw();
    CHECK(cupel_info_get(cupel_raw_connection_info(raw), "k") == &a);
    CHECK_OK(cupel_raw_connection_invalidate(raw, false));
    cupel_raw_connection_free(raw);
    raw = connect_raw();
    CHECK(cupel_info_get(cupel_raw_connection_info(raw), "k") == NULL);
    CHECK(cupel_info_get(cupel_raw_connection_record_info(raw), "k") == &b);
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
    close_pool();
}

TASK_TEST(one_that_was_not_closed_is_given_up)
{
    open_pool(1, 0);
    listen();
    count_warnings();
    cupel_raw_connection_free(connect_raw());
    cupel_log_set(NULL, NULL, CUPEL_LOG_ERROR);
    CHECK_INT(warnings, 1);
    CHECK_HEARD("first_connect connect checkout reset(x) detach "
                "close_detached");
    settle();
    CHECK_INT(cup_fake_wire_count(), 0);
    close_pool();
}

TASK_TEST(what_a_slot_shows_belongs_to_its_holder)
{
    cupel_raw_connection *raw;
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    raw = cup_slot_raw(slot);
    CHECK_OK(cupel_raw_connection_execute(raw, "SELECT 1", NULL, 0, NULL));
    CHECK_FAILS(cupel_raw_connection_close(raw), CUPEL_E_INVALID);
    CHECK_FAILS(cupel_raw_connection_invalidate(raw, false), CUPEL_E_INVALID);
    CHECK_OK(cupel_raw_connection_invalidate(raw, true));
    cupel_raw_connection_free(raw);
    give(slot);
    CHECK_FAILS(cupel_raw_connection_close(NULL), CUPEL_E_ARGUMENT);
    close_pool();
}

/* A listener that works on the connection it is told of. */
static cupel_status
set_up(cupel_event *event, void *arg)
{
    (void)arg;
    return cupel_raw_connection_execute(event->raw, "SELECT 1", NULL, 0, NULL);
}

TASK_TEST(listeners_may_use_it)
{
    static const char *const names[] = { "first_connect", "connect", "checkout",
                                         "reset", "checkin" };

    open_pool(1, 0);
    for (size_t i = 0; i < 5; i++)
        CHECK_OK(
            cupel_event_listen(cupel_on_pool(pool), names[i], set_up, NULL, 0));
    give(take());
    CHECK_INT(cup_fake_log_count(), 5);
    close_pool();
}

static cupel_status
use_it(void *arg)
{
    return cupel_raw_connection_execute(arg, "SELECT 1", NULL, 0, NULL);
}

TASK_TEST(two_tasks_take_turns)
{
    cupel_raw_connection *raw;

    open_pool(1, 0);
    raw = connect_raw();
    cup_fake_latency(10);
    for (int i = 0; i < 3; i++)
        CHECK_OK(cup_task_spawn(use_it, raw, NULL, NULL, NULL));
    settle();
    CHECK_OK(cupel_raw_connection_close(raw));
    CHECK_INT(cup_fake_log_count(), 3);
    cupel_raw_connection_free(raw);
    CHECK_FIGURES(1, 0, 0, 0, 0);
    close_pool();
}
