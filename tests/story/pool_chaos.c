/* SPDX-License-Identifier: MIT */
/* A pool among tasks that are cancelled, time out and leave dirt, on a server
 * that fails in every way it can, all by dice: of every class, with every
 * setting, with listeners that wait and refuse. After each of many such days
 * the books are right and every place can be used again; and every checkout
 * ended by its deadline. */
#include "story/pool_support.h"

#include <cupel/event.h>

#include <stdio.h>

#include "task/sync.h"

enum { TASKS = 60, SIZE = 3, OVERFLOW = 2, STEP_MS = 100, TIMEOUT_MS = 200 };

/* One user of the pool. */
struct user {
    struct cup_task *task; /* NULL: it has ended */
    uint64_t dice;
};

static struct user users[TASKS];
static unsigned long late, checkouts, failures, lost, ahead;
static int64_t patience_ms; /* of a checkout */

/* Those who share a wire take turns. */
static cupel_status
enter(void)
{
    struct cup_mutex *mutex = cup_pool_lock(pool);

    return mutex != NULL ? cup_mutex_lock(mutex, CUPEL_FOREVER) : CUPEL_OK;
}

static void
leave(void)
{
    struct cup_mutex *mutex = cup_pool_lock(pool);

    if (mutex != NULL)
        cup_mutex_unlock(mutex);
}

static cupel_status
run_sql(struct cup_slot *slot, const char *sql)
{
    cupel_wire *wire = cup_slot_wire(slot);
    cupel_request request = { .sql = sql,
                              .sql_len = strlen(sql),
                              .set_count = 1,
                              .fetch_first = 1,
                              .fetch_max = 1 };
    cupel_rows *rows;
    cupel_status rc;

    rc = enter();
    if (rc != CUPEL_OK)
        return rc;
    rc = wire->dialect->execute(wire, &request, cupel_deadline_in(STEP_MS),
                                &rows);
    if (rc == CUPEL_OK)
        rows->ops->free(rows); /* a stream that is left open, if it has rows */
    leave();
    return rc;
}

static cupel_status
commit(struct cup_slot *slot)
{
    cupel_wire *wire = cup_slot_wire(slot);
    cupel_status rc;

    rc = enter();
    if (rc != CUPEL_OK)
        return rc;
    rc = wire->dialect->commit(wire, cupel_deadline_in(STEP_MS));
    leave();
    return rc;
}

/* Do something with a slot that it may not survive. */
static void
use(struct user *user, struct cup_slot *slot)
{
    static const char *const statements[] = {
        "BEGIN",
        "COMMIT",
        "nonsense",
        "SELECT 1",
        "SAVEPOINT s",
        "CREATE TABLE IF NOT EXISTS t (a INT)",
        "INSERT INTO t VALUES (1)",
        "SELECT count(*) FROM t",
    };
    uint64_t steps = roll(&user->dice, 5);
    cupel_status rc = CUPEL_OK;

    while (steps-- > 0 && rc != CUPEL_E_CANCELLED) {
        uint64_t choice = roll(&user->dice, 10);

        if (choice < 8)
            rc = run_sql(slot, statements[choice]);
        else if (choice == 8)
            rc = commit(slot);
        else
            rc = cupel_sleep((int64_t)roll(&user->dice, 30));
        failures += rc != CUPEL_OK;
    }
    if (roll(&user->dice, 10) == 0)
        cup_slot_soft_invalidate(slot);
    if (patience_ms > TIMEOUT_MS && roll(&user->dice, 20) == 0)
        failures += cup_slot_detach(slot) != CUPEL_OK;
    if (rc != CUPEL_E_CANCELLED && roll(&user->dice, 2) == 0)
        ahead += cup_slot_roll_back_ahead(slot, CUPEL_FOREVER);
    if (roll(&user->dice, 20) == 0)
        cup_pool_abandon(slot);
    else if (rc == CUPEL_E_CANCELLED || roll(&user->dice, 4) == 0)
        cup_pool_discard(slot);
    else
        cup_pool_checkin(slot, roll(&user->dice, 2) == 0);
}

static cupel_status
live(void *arg)
{
    struct user *user = arg;
    cupel_status rc = CUPEL_OK;

    for (int i = 0; i < 4 && rc != CUPEL_E_CANCELLED; i++) {
        cupel_time begun = cupel_now(), until = CUPEL_FOREVER;
        struct cup_slot *slot;

        if (roll(&user->dice, 3) == 0)
            until = cupel_deadline_in((int64_t)roll(&user->dice, 50));
        rc = cup_pool_checkout(pool, "user", until, &slot);
        checkouts++;
        late += cupel_now() > begun + patience_ms;
        lost += rc != CUPEL_OK && slot != NULL;
        if (rc == CUPEL_OK)
            use(user, slot);
    }
    user->task = NULL;
    return CUPEL_OK;
}

static void
order_faults(uint64_t *dice)
{
    static const char *const states[] = { "28P01", "53300", "57P01", "40001" };
    size_t count = roll(dice, 12);

    for (size_t i = 0; i < count; i++)
        cup_fake_fault(&(struct cup_fake_fault){
            .op = (enum cup_fake_op)roll(dice, CUP_FAKE_ANY + 1),
            .nth = roll(dice, 40) + 1,
            .kind = (enum cup_fake_fault_kind)roll(dice, 5),
            .sqlstate = states[roll(dice, 4)],
            .delay_ms = (int64_t)roll(dice, 60) });
    cup_fake_latency((int64_t)roll(dice, 3));
}

/* ---- Settings, and those who listen ------------------------------------- */

static uint64_t mood;

/* Mostly fine with it, sometimes slow, seldom against it. */
static cupel_status
meddle(cupel_event *event, void *arg)
{
    static const cupel_status refusals[] = { CUPEL_E_DISCONNECTION,
                                             CUPEL_E_INVALIDATEPOOL,
                                             CUPEL_E_VALUE };
    uint64_t fall = mood != 0 ? roll(&mood, 40) : 2;

    (void)event;
    (void)arg;
    if (fall == 0)
        return cupel_error_raise(refusals[roll(&mood, 3)], "meddled with");
    return fall == 1 ? cupel_sleep(1) : CUPEL_OK;
}

static void
listen(void)
{
    static const char *const names[] = { "connect", "checkout",     "reset",
                                         "checkin", "invalidate",   "close",
                                         "detach",  "first_connect" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        CHECK_OK(
            cupel_event_listen(cupel_on_pool(pool), names[i], meddle, NULL, 0));
}

/* Whatever a pool can be told, by dice; nothing on every second day. */
static void
open_somehow(uint64_t seed)
{
    static const cupel_pool_class kinds[] = {
        CUPEL_POOL_DEFAULT, CUPEL_POOL_DEFAULT, CUPEL_POOL_NULL,
        CUPEL_POOL_STATIC, CUPEL_POOL_ASSERTION
    };
    struct cup_pool_config config = { .size = SIZE,
                                      .max_overflow = OVERFLOW,
                                      .timeout_ms = TIMEOUT_MS };

    mood = seed;
    patience_ms = TIMEOUT_MS;
    if (seed % 2 == 0) {
        open_pool_with(config);
        return;
    }
    patience_ms = 3600000; /* a listener or a ping may take longer */
    config.kind = kinds[roll(&mood, 5)];
    config.lifo = roll(&mood, 2) == 0;
    config.pre_ping = roll(&mood, 2) == 0;
    config.initialize = roll(&mood, 2) == 0;
    config.reset_on_return = (cupel_reset_on_return)roll(&mood, 3);
    config.recycle_ms = (int64_t)roll(&mood, 60);
    config.lifetime_ms = (int64_t)roll(&mood, 60);
    config.idle_timeout_ms = (int64_t)roll(&mood, 30);
    config.min_idle = (size_t)roll(&mood, 3);
    open_pool_with(config);
    if (roll(&mood, 2) == 0)
        listen();
}

/* Cancel some, and end every connection now and then. */
static void
disturb(uint64_t *dice)
{
    for (int i = 0; i < 40; i++) {
        struct user *user = &users[roll(dice, TASKS)];

        if (user->task != NULL && roll(dice, 3) == 0)
            cup_task_cancel(user->task);
        if (roll(dice, 30) == 0)
            cup_fake_hang_up_all();
        if (patience_ms > TIMEOUT_MS && roll(dice, 30) == 0)
            cup_pool_invalidate(pool);
        if (roll(dice, 30) == 0)
            cup_pool_dispose(pool);
        CHECK_OK(cupel_sleep((int64_t)roll(dice, 8)));
    }
}

static void
one_day(uint64_t seed)
{
    uint64_t dice = seed;

    open_somehow(seed);
    order_faults(&dice);
    for (size_t i = 0; i < TASKS; i++) {
        users[i] = (struct user){ .dice = seed * 1000 + i };
        CHECK_OK(cup_task_spawn(live, &users[i], NULL, NULL, &users[i].task));
    }
    disturb(&dice);
    if (seed % 5 == 0)
        cup_pool_close(pool); /* while they are at it */
    wait_for_others();
    cup_fake_faults_clear();
    mood = 0; /* from now on, fine with everything */
    if (seed % 2 == 0)
        CHECK(cup_fake_wire_peak() <= SIZE + OVERFLOW);
    if (seed % 5 != 0)
        check_books(seed % 2 == 0 ? SIZE + OVERFLOW : 1);
    close_pool();
}

TASK_TEST(no_day_is_so_bad_that_a_place_is_lost)
{
    unsigned long days = story_rounds("CUPEL_STORY_DAYS", 2000);

    late = checkouts = failures = lost = ahead = 0;
    for (unsigned long seed = 1; seed <= days; seed++)
        one_day(seed);
    print_message("%lu days, %lu checkouts, %lu failures\n", days, checkouts,
                  failures);
    CHECK_INT(late, 0);
    CHECK_INT(lost, 0);
    CHECK(failures > days);
    CHECK(ahead > days);
}
