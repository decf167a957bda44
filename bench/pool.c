/* SPDX-License-Identifier: MIT */
/* What lending costs by itself, on the fake database: a checkout and checkin of
 * an idle wire, and the hand-over from task to task when many share few. Each
 * figure is the best of several rounds, since anything else on the machine only
 * adds to it. */
#include <cupel/task.h>

#include "dialect/fake/fake.h"
#include "pool/pool.h"
#include "task/task.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 7, CYCLES = 1000000, TASKS = 1000, SLOTS = 10, TURNS = 200 };

static struct cupel_pool *pool;

static int64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
need(cupel_status rc)
{
    if (rc == CUPEL_OK)
        return;
    fprintf(stderr, "%s\n", cupel_error_text());
    exit(1);
}

/* ---- One task ----------------------------------------------------------- */

static void
cycle(int count)
{
    struct cup_slot *slot;
    int i;

    for (i = 0; i < count; i++) {
        need(cup_pool_checkout(pool, "bench", CUPEL_FOREVER, &slot));
        cup_pool_checkin(slot, false);
    }
}

static double
measure_cycle(void)
{
    int64_t begun = now_ns();

    cycle(CYCLES);
    return (double)(now_ns() - begun) / CYCLES;
}

/* ---- Many tasks on few wires -------------------------------------------- */

/* Hold the wire over a turn of the loop, as a query would. */
static cupel_status
share(void *arg)
{
    struct cup_slot *slot;
    int i;

    for (i = 0; i < TURNS; i++) {
        need(cup_pool_checkout(pool, "bench", CUPEL_FOREVER, &slot));
        need(cupel_yield());
        cup_pool_checkin(slot, false);
    }
    (void)arg;
    return CUPEL_OK;
}

static double
measure_sharing(void)
{
    cupel_group *group = cupel_group_new();
    int64_t begun = now_ns();
    int i;

    for (i = 0; i < TASKS; i++)
        need(cupel_group_spawn(group, share, NULL));
    need(cupel_group_wait(group));
    return (double)(now_ns() - begun) / (TASKS * TURNS);
}

/* ------------------------------------------------------------------------- */

static void
report(const char *name, double (*measure)(void))
{
    double best = 0, one;
    int i;

    for (i = 0; i < ROUNDS; i++) {
        one = measure();
        if (i == 0 || one < best)
            best = one;
    }
    printf("%-32s %8.1f ns\n", name, best);
}

static cupel_status
run(void *arg)
{
    struct cup_pool_config config = { .dialect = &cup_fake_dialect,
                                      .url = arg,
                                      .size = SLOTS,
                                      .timeout_ms = 60000,
                                      .connect_timeout_ms = 1000 };

    need(cup_pool_new(&config, &pool));
    cycle(1);
    report("checkout and checkin, idle", measure_cycle);
    report("the same, 1000 tasks on 10", measure_sharing);
    cup_pool_close(pool);
    cup_pool_free(pool);
    return CUPEL_OK;
}

int
main(void)
{
    cupel_url *url;

    need(cupel_url_parse("fake://bench", &url));
    need(cupel_run(run, url));
    cupel_url_free(url);
    return 0;
}
