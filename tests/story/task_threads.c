/* SPDX-License-Identifier: MIT */
/* Four loops on four threads, sharing nothing but the worker threads. */
#include "support/test.h"
#include "task/task.h"
#include "unit/task/uv_tsan.h"

#include "base/error.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4, TASKS = 50, ROUNDS = 20 };

/* One loop's own world. */
struct world {
    pthread_t thread;
    cupel_channel *channel;
    long sum;
    int number; /* of the world */
    int wrong;
};

static void
double_it(void *arg)
{
    *(long *)arg *= 2;
}

static cupel_status
send_doubles(void *arg)
{
    struct world *world = arg;
    long numbers[ROUNDS];
    cupel_status rc = CUPEL_OK;
    char text[32];
    int i;

    for (i = 0; i < ROUNDS && rc == CUPEL_OK; i++) {
        numbers[i] = i;
        rc = cupel_offload(double_it, NULL, &numbers[i], CUPEL_FOREVER);
        if (rc == CUPEL_OK)
            rc = cupel_channel_send(world->channel, &numbers[i], CUPEL_FOREVER);
        snprintf(text, sizeof text, "world %d", world->number);
        cup_ignore(cup_error_set(CUPEL_E_DATA, "%s", text), "to look at it");
        if (cupel_yield() != CUPEL_OK || strcmp(cupel_error_text(), text) != 0)
            world->wrong++;
    }
    return rc;
}

static cupel_status
receive_all(void *arg)
{
    struct world *world = arg;
    cupel_status rc = CUPEL_OK;
    void *item;
    int i;

    for (i = 0; i < TASKS * ROUNDS && rc == CUPEL_OK; i++) {
        rc = cupel_channel_receive(world->channel, CUPEL_FOREVER, &item);
        if (rc == CUPEL_OK)
            world->sum += *(long *)item;
    }
    return rc;
}

static cupel_status
live(void *arg)
{
    struct world *world = arg;
    cupel_group *group = cupel_group_new();
    int i;

    world->channel = cupel_channel_new(0);
    for (i = 0; i < TASKS; i++)
        if (cupel_group_spawn(group, send_doubles, world) != CUPEL_OK)
            world->wrong++;
    if (cupel_await(cupel_future_call(receive_all, world)) != CUPEL_OK)
        world->wrong++;
    if (cupel_group_wait(group) != CUPEL_OK)
        world->wrong++;
    cupel_channel_free(world->channel);
    return CUPEL_OK;
}

static void *
run_world(void *arg)
{
    struct world *world = arg;

    if (cupel_run(live, world) != CUPEL_OK)
        world->wrong++;
    return NULL;
}

TEST(loops_of_four_threads_do_not_meet)
{
    struct world worlds[THREADS];
    int i;

    memset(worlds, 0, sizeof worlds);
    for (i = 0; i < THREADS; i++) {
        worlds[i].number = i;
        CHECK_INT(
            pthread_create(&worlds[i].thread, NULL, run_world, &worlds[i]), 0);
    }
    for (i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(worlds[i].thread, NULL), 0);
        CHECK_INT(worlds[i].wrong, 0);
        CHECK_INT(worlds[i].sum, (long)TASKS * ROUNDS * (ROUNDS - 1));
    }
}
