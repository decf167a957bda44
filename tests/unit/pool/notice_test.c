/* SPDX-License-Identifier: MIT */
#include "unit/pool/pool_events.h"

TASK_TEST(a_loan_is_told_in_order)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    listen();
    slot = take();
    CHECK_HEARD("first_connect connect checkout");
    give(slot);
    CHECK_HEARD("reset(s) checkin");
    slot = take();
    CHECK_HEARD("checkout");
    cup_pool_checkin(slot, true);
    CHECK_HEARD("reset(ts) checkin");
    cup_pool_close(pool);
    CHECK_HEARD("close");
    close_pool();
}

TASK_TEST(one_that_is_given_up_is_told_in_order)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    listen();
    slot = take();
    heard[0] = '\0';
    cup_pool_discard(slot);
    CHECK_HEARD("invalidate close checkin-");
    settle();
    slot = take();
    CHECK_HEARD("connect checkout");
    cup_pool_abandon(slot);
    CHECK_HEARD("reset(x) detach close_detached");
    settle();
    close_pool();
}

TASK_TEST(a_surplus_one_is_closed_when_it_comes_back)
{
    struct cup_slot *slots[2];

    open_pool(1, 1);
    take_many(slots, 2);
    listen();
    give_many(slots, 2);
    CHECK_HEARD("reset(s) checkin reset(s) checkin close");
    close_pool();
}

TASK_TEST(a_reset_that_fails_is_told_as_invalid)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    CHECK_OK(run_on(slot, "BEGIN"));
    listen();
    order_error(CUP_FAKE_ROLLBACK, "XX000", false);
    give(slot);
    CHECK_HEARD("reset(s) invalidate close checkin-");
    settle();
    CHECK_INT(cupel_pool_checkedin(pool), 1);
    CHECK_INT(cupel_pool_checkedout(pool), 0);
    close_pool();
}

TASK_TEST(a_listener_to_reset_that_fails_costs_the_wire)
{
    struct refusal refusal = { CUPEL_E_VALUE, 1 };

    open_pool(1, 0);
    refuse(pool, "reset", &refusal);
    give(take());
    settle();
    CHECK_INT(cup_fake_wire_count(), 0);
    give(take());
    CHECK_INT(cup_fake_calls(CUP_FAKE_CONNECT), 2);
    close_pool();
}

TASK_TEST(a_listener_to_checkin_or_close_prevents_nothing)
{
    struct refusal checkin = { CUPEL_E_VALUE, 9 }, end = { CUPEL_E_VALUE, 9 };

    open_pool(1, 0);
    refuse(pool, "checkin", &checkin);
    refuse(pool, "close", &end);
    give(take());
    CHECK_FIGURES(1, 0, 0, 0, 0);
    cup_pool_close(pool);
    CHECK_INT(cup_fake_wire_count(), 0);
    CHECK_INT(checkin.times, 8);
    CHECK_INT(end.times, 8);
    close_pool();
}

/* A listener that takes its time. */
static cupel_status
dawdle(cupel_event *event, void *arg)
{
    (void)event;
    (void)arg;
    return cupel_sleep(20);
}

TASK_TEST(listeners_may_wait)
{
    static const char *const names[] = { "connect", "checkout", "reset",
                                         "checkin", "close",    "invalidate" };
    struct asker askers[6];

    open_pool(2, 0);
    for (size_t i = 0; i < 6; i++)
        CHECK_OK(
            cupel_event_listen(cupel_on_pool(pool), names[i], dawdle, NULL, 0));
    for (int i = 0; i < 6; i++) {
        askers[i] = (struct asker){ .hold_ms = 10 };
        start(&askers[i]);
    }
    CHECK_OK(cupel_sleep(900));
    for (int i = 0; i < 6; i++)
        CHECK_INT(askers[i].rc, CUPEL_OK);
    CHECK_FIGURES(2, 0, 0, 0, 0);
    cup_fake_hang_up_all();
    cup_pool_discard(take());
    CHECK_OK(cupel_sleep(500));
    close_pool();
}

TASK_TEST(every_pool_can_be_listened_to)
{
    heard[0] = '\0';
    CHECK_OK(cupel_event_listen(cupel_on_every_pool(), "checkout", record_event,
                                NULL, 0));
    open_pool(1, 0);
    give(take());
    CHECK_HEARD("checkout");
    CHECK_OK(cupel_event_remove(cupel_on_every_pool(), "checkout", record_event,
                                NULL));
    give(take());
    CHECK_HEARD("");
    close_pool();
}

static char lines[4096];

static void
keep_line(void *context, cupel_log_level level, const char *logger,
          const char *message)
{
    size_t len = strlen(lines);

    (void)context;
    (void)level;
    CHECK_STR(logger, "cupel.pool.AsyncAdaptedQueuePool");
    snprintf(lines + len, sizeof lines - len, "%s\n", message);
}

/* Lines about a connection name it by its address, which nobody can know. */
static void
check_lines(const char *const *expected)
{
    char *line = strtok(lines, "\n"), *at;

    for (; *expected != NULL; expected++) {
        CHECK(line != NULL);
        at = strstr(line, "0x");
        if (at != NULL)
            memmove(at, at + strcspn(at, " "),
                    strlen(at + strcspn(at, " ")) + 1);
        CHECK_STR(line, *expected);
        line = strtok(NULL, "\n");
    }
    CHECK(line == NULL);
    lines[0] = '\0';
}

TASK_TEST(the_log_tells_what_happens)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    lines[0] = '\0';
    cupel_log_set(keep_line, NULL, CUPEL_LOG_DEBUG);
    slot = take();
    CHECK_OK(run_on(slot, "BEGIN"));
    give(slot);
    cup_pool_dispose(pool);
    cupel_log_set(NULL, NULL, CUPEL_LOG_ERROR);
    check_lines((const char *const[]){
        "Created new connection ", "Connection  checked out from pool",
        "Connection  being returned to pool", "Connection  rollback-on-return",
        "Closing connection ",
        "Pool disposed. Pool size: 1  Connections in pool: 0 Current Overflow: "
        "-1 Current Checked out connections: 0",
        NULL });
    close_pool();
}

TASK_TEST(the_log_tells_why_a_connection_is_replaced)
{
    struct cup_slot *slot;

    open_pool(1, 0);
    slot = take();
    lines[0] = '\0';
    cupel_log_set(keep_line, NULL, CUPEL_LOG_DEBUG);
    cup_slot_soft_invalidate(slot);
    cup_pool_checkin(slot, true);
    slot = take();
    cup_pool_discard(slot);
    cupel_log_set(NULL, NULL, CUPEL_LOG_ERROR);
    check_lines((const char *const[]){
        "Soft invalidate connection ", "Connection  being returned to pool",
        "Connection  reset, transaction already reset",
        "Connection  invalidated; recycling", "Hard-closing connection ",
        "Created new connection ", "Connection  checked out from pool",
        "Invalidate connection ", "Hard-closing connection ", NULL });
    close_pool();
}
