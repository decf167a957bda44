/* SPDX-License-Identifier: MIT */
/* A pool on the fake database, and tasks that borrow from it. */
#ifndef TESTS_UNIT_POOL_POOL_SUPPORT_H
#define TESTS_UNIT_POOL_POOL_SUPPORT_H

#include <cupel/task.h>

#include <stdio.h>

#include "base/error.h"
#include "dialect/fake/fake.h"
#include "pool/pool.h"
#include "sql/url.h"
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"
#include "task/wait.h"

/* The pool under test, and the url, which shows whether the pool is gone. */
static struct cupel_pool *pool;
static cupel_url *url;

static inline struct cup_pool_config
pool_config(size_t size, size_t overflow)
{
    cupel_url_free(url);
    CHECK_OK(cupel_url_parse("fake://test", &url));
    return (struct cup_pool_config){ .dialect = &cup_fake_dialect,
                                     .url = url,
                                     .size = size,
                                     .max_overflow = overflow,
                                     .timeout_ms = 1000,
                                     .connect_timeout_ms = 500 };
}

/* Whether the last of the pool's memory has been given back. */
static inline bool
pool_is_gone(void)
{
    return url->refs == 1;
}

static inline void
open_pool_with(struct cup_pool_config config)
{
    cup_fake_reset();
    CHECK_INT(cup_fake_wire_count(), 0);
    cup_clock_freeze(1000000);
    CHECK_OK(cup_pool_new(&config, &pool));
}

static inline void
open_pool(size_t size, size_t overflow)
{
    open_pool_with(pool_config(size, overflow));
}

/* Close it and see that nothing is left. */
static inline void
close_pool(void)
{
    cup_pool_close(pool);
    cup_pool_free(pool);
    pool = NULL;
    CHECK(pool_is_gone());
    cupel_url_free(url);
    url = NULL;
    cup_clock_thaw();
    CHECK_INT(cup_fake_wire_count(), 0);
}

/* idle, lent, connecting, closing, waiting */
#define CHECK_FIGURES(...) check_figures((size_t[]){ __VA_ARGS__ }, __LINE__)

static inline void
check_figures(const size_t *expected, int line)
{
    struct cup_pool_figures figures = cup_pool_figures(pool);
    const size_t actual[] = { figures.idle, figures.lent, figures.connecting,
                              figures.closing, figures.waiting };

    for (size_t i = 0; i < 5; i++) {
        if (actual[i] != expected[i])
            print_error("line %d: figure %zu is %zu, not %zu\n", line, i,
                        actual[i], expected[i]);
    }
    CHECK(memcmp(actual, expected, sizeof actual) == 0);
    CHECK_INT(figures.size, actual[0] + actual[1] + actual[2] + actual[3]);
}

static inline struct cup_slot *
take(void)
{
    struct cup_slot *slot;

    CHECK_OK(cup_pool_checkout(pool, NULL, CUPEL_FOREVER, &slot));
    return slot;
}

static inline void
take_many(struct cup_slot **slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        slots[i] = take();
}

static inline void
give_many(struct cup_slot **slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cup_pool_checkin(slots[i], false);
}

static inline cupel_status
run_on(struct cup_slot *slot, const char *sql)
{
    cupel_wire *wire = cup_slot_wire(slot);
    cupel_request request = { .sql = sql,
                              .sql_len = strlen(sql),
                              .set_count = 1 };
    cupel_rows *rows;
    cupel_status rc;

    rc = wire->dialect->execute(wire, &request, cupel_deadline_in(1000), &rows);
    if (rc == CUPEL_OK)
        rows->ops->free(rows);
    return rc;
}

/* A task that asks for a slot, and keeps it until it is told or for a while. */
struct asker {
    const char *tag;
    cupel_time until; /* 0: none */
    int64_t hold_ms;  /* -1: until somebody gives `slot` back */
    struct cup_task *task;
    struct cup_slot *slot;
    cupel_status rc;
    bool done;
    int order; /* when it was served, from 1 */
    char text[640];
    char sqlstate[6];
};

static int served;

static inline cupel_status
asker_main(void *arg)
{
    struct asker *asker = arg;
    cupel_time until = asker->until != 0 ? asker->until : CUPEL_FOREVER;

    asker->rc = cup_pool_checkout(pool, asker->tag, until, &asker->slot);
    snprintf(asker->text, sizeof asker->text, "%s", cupel_error_text());
    snprintf(asker->sqlstate, sizeof asker->sqlstate, "%s",
             cupel_error_sqlstate(cupel_error_last()));
    if (asker->rc == CUPEL_OK) {
        asker->order = ++served;
        if (asker->hold_ms >= 0) {
            cup_ignore(cupel_sleep(asker->hold_ms), "it may be cancelled");
            cup_pool_checkin(asker->slot, false);
            asker->slot = NULL;
        }
    }
    asker->done = true;
    return CUPEL_OK;
}

static inline void
start(struct asker *asker)
{
    CHECK_OK(cup_task_spawn(asker_main, asker, NULL, NULL, &asker->task));
}

/* Let everything happen that can happen without the time. */
static inline void
settle(void)
{
    for (int i = 0; i < 30; i++)
        CHECK_OK(cupel_yield());
}

static inline void
order_fault(enum cup_fake_op op, enum cup_fake_fault_kind kind)
{
    cup_fake_fault(&(struct cup_fake_fault){ .op = op, .kind = kind });
}

static inline void
order_error(enum cup_fake_op op, const char *sqlstate, bool for_good)
{
    cup_fake_fault(&(struct cup_fake_fault){ .op = op,
                                             .kind = CUP_FAKE_ERROR,
                                             .sqlstate = sqlstate,
                                             .for_good = for_good });
}

#endif
