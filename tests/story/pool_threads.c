/* SPDX-License-Identifier: MIT */
/* A QueuePool among threads: many of them on few connections, some of which go
 * bad, while others look at the figures and invalidate everything. Nobody gets
 * a connection that another has, and none is lost. */
#include <cupel/task.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "dialect/fake/fake.h"
#include "pool/pool.h"
#include "support/test.h"
#include "task/loop.h"

enum { THREADS = 12, SIZE = 3, OVERFLOW = 2, ROUNDS = 1500 };

static struct cupel_pool *pool;
static cupel_url *pool_url;
static _Atomic unsigned long grants, failures, doubles;

/* One thread. */
struct user {
    pthread_t thread;
    unsigned long number;
    uint64_t dice;
};

static uint64_t
roll(struct user *user, uint64_t sides)
{
    user->dice ^= user->dice << 13;
    user->dice ^= user->dice >> 7;
    user->dice ^= user->dice << 17;
    return user->dice % sides;
}

static void
open_pool(int64_t timeout_ms)
{
    struct cup_pool_config config = { .dialect = &cup_fake_dialect,
                                      .size = SIZE,
                                      .max_overflow = OVERFLOW,
                                      .timeout_ms = timeout_ms,
                                      .connect_timeout_ms = 5000,
                                      .blocking = true,
                                      .initialize = true,
                                      .pre_ping = true };

    cup_fake_reset();
    CHECK_OK(cupel_url_parse("fake://threads", &pool_url));
    config.url = pool_url;
    CHECK_OK(cup_pool_new(&config, &pool));
}

static void
close_pool(void)
{
    cup_pool_close(pool);
    cup_pool_free(pool);
    cupel_url_free(pool_url);
    CHECK_INT(cup_fake_wire_count(), 0);
}

static void
use(struct user *user, struct cup_slot *slot)
{
    static const char *const statements[] = { "BEGIN", "SELECT 1", "nonsense" };
    cupel_wire *wire = cup_slot_wire(slot);
    const char *sql = statements[roll(user, 3)];
    cupel_request request = { .sql = sql,
                              .sql_len = strlen(sql),
                              .set_count = 1 };
    cupel_rows *rows;

    if (wire->dialect->execute(wire, &request, CUPEL_FOREVER, &rows) ==
        CUPEL_OK)
        rows->ops->free(rows);
}

/* Who else says that the connection is his? */
static void
claim(struct cup_slot *slot)
{
    cupel_info *info = cup_slot_info(slot);

    doubles += cupel_info_get(info, "mine") != NULL;
    cup_ignore(cupel_info_set(info, "mine", slot, NULL), "there is memory");
}

static void
let_go(struct cup_slot *slot)
{
    doubles += !cupel_info_remove(cup_slot_info(slot), "mine");
}

static void *
live(void *arg)
{
    struct user *user = arg;
    struct cup_slot *slot;

    for (int i = 0; i < ROUNDS; i++) {
        if (cup_pool_checkout(pool, "user", CUPEL_FOREVER, &slot) != CUPEL_OK) {
            failures++;
            continue;
        }
        grants++;
        claim(slot);
        use(user, slot);
        let_go(slot);
        if (roll(user, 20) == 0)
            cup_pool_discard(slot);
        else
            cup_pool_checkin(slot, false);
        if (roll(user, 200) == 0)
            cup_pool_invalidate(pool);
    }
    return NULL;
}

static void *
watch(void *arg)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);

    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        cupel_pool_figures(pool, &status);
        doubles += status.size > SIZE + OVERFLOW;
        doubles += cupel_pool_checkedin(pool) > SIZE;
    }
    return NULL;
}

TEST(nobody_gets_what_another_has)
{
    struct user users[THREADS], watcher;

    grants = failures = doubles = 0;
    open_pool(60000);
    for (unsigned long i = 0; i < 30; i++)
        cup_fake_fault(&(struct cup_fake_fault){
            .op = CUP_FAKE_CONNECT, .nth = 10 + i * 17, .sqlstate = "53300" });
    for (unsigned long i = 0; i < THREADS; i++) {
        users[i] = (struct user){ .number = i, .dice = 88172645463325252 + i };
        CHECK_INT(pthread_create(&users[i].thread, NULL, live, &users[i]), 0);
    }
    CHECK_INT(pthread_create(&watcher.thread, NULL, watch, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(pthread_join(users[i].thread, NULL), 0);
    CHECK_INT(pthread_join(watcher.thread, NULL), 0);
    print_message("%lu grants, %lu failures\n", grants, failures);
    CHECK_INT(grants + failures, THREADS * ROUNDS);
    CHECK(failures <= 30);
    CHECK_INT(doubles, 0);
    CHECK(cup_fake_wire_peak() <= SIZE + OVERFLOW);
    CHECK_INT(cup_pool_figures(pool).lent, 0);
    CHECK_INT(cup_pool_figures(pool).waiting, 0);
    CHECK_INT(cupel_pool_checkedout(pool), 0);
    close_pool();
}

/* ---- The queue ---------------------------------------------------------- */

static _Atomic int order;

/* A thread that waits for one connection. */
struct waiter {
    pthread_t thread;
    cupel_status rc;
    int place;
    char text[512];
};

static void *
wait_once(void *arg)
{
    struct waiter *waiter = arg;
    struct cup_slot *slot;

    waiter->rc = cup_pool_checkout(pool, "waiter", CUPEL_FOREVER, &slot);
    snprintf(waiter->text, sizeof waiter->text, "%s", cupel_error_text());
    if (waiter->rc == CUPEL_OK) {
        waiter->place = ++order;
        cup_pool_checkin(slot, false);
    }
    return NULL;
}

static void
wait_until_waiting(size_t count)
{
    cupel_pool_status status = CUPEL_OPTIONS(cupel_pool_status);
    const struct timespec moment = { .tv_nsec = 1000000 };

    do {
        nanosleep(&moment, NULL);
        cupel_pool_figures(pool, &status);
    } while (status.waiting != count);
}

static void
take_all(struct cup_slot **slots)
{
    for (int i = 0; i < SIZE + OVERFLOW; i++)
        CHECK_OK(cup_pool_checkout(pool, "main", CUPEL_FOREVER, &slots[i]));
}

TEST(threads_are_served_first_come_first_served)
{
    struct cup_slot *slots[SIZE + OVERFLOW];
    struct waiter waiters[6];

    order = 0;
    open_pool(60000);
    take_all(slots);
    for (int i = 0; i < 6; i++) {
        CHECK_INT(
            pthread_create(&waiters[i].thread, NULL, wait_once, &waiters[i]),
            0);
        wait_until_waiting((size_t)i + 1);
    }
    for (int i = 1; i < SIZE + OVERFLOW; i++) {
        struct cup_slot *none;

        CHECK_FAILS(cup_pool_checkout(pool, NULL, cupel_deadline_in(5), &none),
                    CUPEL_E_TIMEOUT);
    }
    cup_pool_discard(slots[0]);
    for (int i = 0; i < 6; i++) {
        CHECK_INT(pthread_join(waiters[i].thread, NULL), 0);
        CHECK_INT(waiters[i].rc, CUPEL_OK);
        CHECK_INT(waiters[i].place, i + 1);
    }
    for (int i = 1; i < SIZE + OVERFLOW; i++)
        cup_pool_checkin(slots[i], false);
    close_pool();
}

TEST(a_thread_that_waits_too_long_is_told_why)
{
    struct cup_slot *slots[SIZE + OVERFLOW];
    struct waiter waiter;

    open_pool(50);
    take_all(slots);
    CHECK_INT(pthread_create(&waiter.thread, NULL, wait_once, &waiter), 0);
    CHECK_INT(pthread_join(waiter.thread, NULL), 0);
    CHECK_INT(waiter.rc, CUPEL_E_TIMEOUT);
    CHECK(strncmp(waiter.text,
                  "QueuePool limit of size 3 overflow 2 reached, connection "
                  "timed out, timeout 0.05: 5 lent",
                  85) == 0);
    for (int i = 0; i < SIZE + OVERFLOW; i++)
        cup_pool_checkin(slots[i], false);
    close_pool();
}

TEST(a_closed_pool_sends_its_waiters_away)
{
    struct cup_slot *slots[SIZE + OVERFLOW];
    struct waiter waiter;

    open_pool(60000);
    take_all(slots);
    CHECK_INT(pthread_create(&waiter.thread, NULL, wait_once, &waiter), 0);
    wait_until_waiting(1);
    cup_pool_close(pool);
    CHECK_INT(pthread_join(waiter.thread, NULL), 0);
    CHECK_INT(waiter.rc, CUPEL_E_CLOSED);
    for (int i = 0; i < SIZE + OVERFLOW; i++)
        cup_pool_checkin(slots[i], false);
    close_pool();
}
