/* SPDX-License-Identifier: MIT */
/* What tasks cost by themselves: no socket, no server. Each figure is the best
 * of several rounds, since anything else on the machine only adds to it. */
#include <cupel/task.h>

#include "task/offload.h"
#include "task/stack.h"
#include "task/switch.h"
#include "task/sync.h"
#include "task/task.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 7, TIMES = 200000, IDLE_TASKS = 10000 };

static int64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The best nanoseconds per piece of work, over ROUNDS of `work`. */
static void
report(const char *name, cupel_status (*work)(void *arg), void *arg, int pieces)
{
    int64_t best = INT64_MAX, start, span;
    int i;

    for (i = 0; i < ROUNDS; i++) {
        start = now_ns();
        if (work(arg) != CUPEL_OK) {
            printf("%-32s failed: %s\n", name, cupel_error_text());
            return;
        }
        span = now_ns() - start;
        if (span < best)
            best = span;
    }
    printf("%-32s %8.1f ns\n", name, (double)best / pieces);
}

/* ---- The bare switch ---------------------------------------------------- */

struct pair {
    struct cup_context here;
    struct cup_context there;
};

static void
come_back(void *arg)
{
    struct pair *pair = arg;

    cup_context_entered(&pair->there, &pair->here);
    for (;;)
        cup_context_switch(&pair->there, &pair->here);
}

static cupel_status
switch_pairs(void *arg)
{
    struct pair *pair = arg;
    int i;

    for (i = 0; i < TIMES; i++)
        cup_context_switch(&pair->here, &pair->there);
    return CUPEL_OK;
}

static void
measure_switch(void)
{
    struct cup_stack_cache stacks;
    struct cup_stack *stack;
    struct pair pair;

    cup_stack_cache_init(&stacks);
    if (cup_stack_get(&stacks, &stack) != CUPEL_OK)
        return;
    cup_context_init_thread(&pair.here);
    if (cup_context_init(&pair.there, stack->low, stack->size, come_back,
                         &pair) == 0) {
        report("switch there and back", switch_pairs, &pair, TIMES);
        cup_context_fini(&pair.there);
    }
    cup_stack_put(&stacks, stack);
    cup_stack_cache_fini(&stacks);
}

/* ---- In a task ---------------------------------------------------------- */

static cupel_status
nothing(void *arg)
{
    (void)arg;
    return CUPEL_OK;
}

static cupel_status
yields(void *arg)
{
    cupel_status rc = CUPEL_OK;
    int i;

    (void)arg;
    for (i = 0; i < TIMES && rc == CUPEL_OK; i++)
        rc = cupel_yield();
    return rc;
}

static cupel_status
spawn_many(void *arg)
{
    cupel_status rc = CUPEL_OK;
    int i;

    (void)arg;
    for (i = 0; i < TIMES && rc == CUPEL_OK; i++) {
        rc = cup_task_spawn(nothing, NULL, NULL, NULL, NULL);
        if (rc == CUPEL_OK)
            rc = cupel_yield();
    }
    return rc;
}

static cupel_status
await_cold(void *arg)
{
    cupel_status rc = CUPEL_OK;
    int i;

    (void)arg;
    for (i = 0; i < TIMES && rc == CUPEL_OK; i++)
        rc = cupel_await(cupel_future_call(nothing, NULL));
    return rc;
}

static cupel_status
await_spawned(void *arg)
{
    cupel_status rc = CUPEL_OK;
    cupel_future *future;
    int i;

    (void)arg;
    for (i = 0; i < TIMES && rc == CUPEL_OK; i++) {
        future = cupel_future_call(nothing, NULL);
        rc = cupel_future_spawn(future);
        if (rc == CUPEL_OK)
            rc = cupel_await(future);
    }
    return rc;
}

/* Two tasks that pass a permit back and forth. */
struct ping_pong {
    struct cup_sem ping;
    struct cup_sem pong;
    cupel_time until;
};

static cupel_status
answer_pings(void *arg)
{
    struct ping_pong *game = arg;
    cupel_status rc = CUPEL_OK;
    int i;

    for (i = 0; i < TIMES && rc == CUPEL_OK; i++) {
        rc = cup_sem_wait(&game->ping, game->until);
        cup_sem_post(&game->pong);
    }
    return rc;
}

static cupel_status
play(void *arg)
{
    struct ping_pong *game = arg;
    cupel_future *other = cupel_future_call(answer_pings, game);
    cupel_status rc = cupel_future_spawn(other);
    int i;

    for (i = 0; i < TIMES && rc == CUPEL_OK; i++) {
        cup_sem_post(&game->ping);
        rc = cup_sem_wait(&game->pong, game->until);
    }
    return rc == CUPEL_OK ? cupel_await(other) : rc;
}

static void
no_work(struct cup_job *job)
{
    (void)job;
}

/* There and back again, one at a time. */
static cupel_status
offload_jobs(void *arg)
{
    struct cup_job job = { .work = no_work };
    cupel_status rc = CUPEL_OK;
    int i;

    (void)arg;
    for (i = 0; i < TIMES / 100 && rc == CUPEL_OK; i++)
        rc = cup_offload(&job, CUP_LANE_SHORT, CUPEL_FOREVER, NULL);
    return rc;
}

static cupel_status
measure_tasks(void *arg)
{
    struct ping_pong game;

    (void)arg;
    cup_sem_init(&game.ping, 0);
    cup_sem_init(&game.pong, 0);
    report("yield, alone", yields, NULL, TIMES);
    report("spawn, run, finish (with a yield)", spawn_many, NULL, TIMES);
    report("await a cold future", await_cold, NULL, TIMES);
    report("spawn a future and await it", await_spawned, NULL, TIMES);
    game.until = CUPEL_FOREVER;
    report("wait and wake, per wait", play, &game, TIMES * 2);
    game.until = cupel_deadline_in(3600 * 1000);
    report("the same with a deadline", play, &game, TIMES * 2);
    report("a job on a worker, one at a time", offload_jobs, NULL, TIMES / 100);
    return CUPEL_OK;
}

/* ---- Memory ------------------------------------------------------------- */

static long
resident_bytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL)
        return 0;
    if (fscanf(file, "%*s %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static cupel_status
idle(void *arg)
{
    return cup_sem_wait(arg, CUPEL_FOREVER);
}

static cupel_status
measure_memory(void *arg)
{
    struct cup_sem sem;
    long before = resident_bytes();
    cupel_status rc = CUPEL_OK;
    int i;

    (void)arg;
    cup_sem_init(&sem, 0);
    for (i = 0; i < IDLE_TASKS && rc == CUPEL_OK; i++)
        rc = cup_task_spawn(idle, &sem, NULL, NULL, NULL);
    if (rc == CUPEL_OK)
        rc = cupel_yield();
    printf("%-32s %8ld bytes\n", "an idle task",
           (resident_bytes() - before) / IDLE_TASKS);
    while (--i >= 0)
        cup_sem_post(&sem);
    return rc;
}

int
main(void)
{
    cupel_status rc;

    measure_switch();
    rc = cupel_run(measure_tasks, NULL);
    if (rc == CUPEL_OK)
        rc = cupel_run(measure_memory, NULL);
    return rc == CUPEL_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
