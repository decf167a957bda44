/* SPDX-License-Identifier: MIT */
/* How many tasks fit: a hundred thousand where the kernel guards stacks
 * lightly, some thirty-two thousand where each costs two mappings, and then a
 * clear error and no harm done. */
#include "support/test.h"
#include "task/stack.h"
#include "task/sync.h"
#include "task/task.h"
#include "unit/task/deny.h"
#include "unit/task/tools.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MANY = UNDER_TSAN   ? 4000
           : UNDER_ASAN ? 20000
                        : 100000,
    MAPPINGS_LEAST = 60000
};

static struct cup_sem sem;

/* What a run that spawned all it could has found. */
struct harvest {
    int spawned;
    cupel_status rc;
    bool clear; /* the error says what failed */
    bool again; /* a task could be spawned afterwards */
};

static cupel_status
idle(void *arg)
{
    (void)arg;
    return cup_sem_wait(&sem, CUPEL_FOREVER);
}

static cupel_status
spawn_all(void *arg)
{
    struct harvest *harvest = arg;
    size_t left;

    cup_sem_init(&sem, 0);
    while (harvest->spawned < MANY) {
        harvest->rc = cup_task_spawn(idle, NULL, NULL, NULL, NULL);
        if (harvest->rc != CUPEL_OK)
            break;
        harvest->spawned++;
    }
    harvest->clear =
        strncmp(cupel_error_text(), "cannot map another task stack: ", 31) == 0;
    do {
        CHECK_OK(cupel_yield());
        for (left = cupel_loop_task_count(cupel_loop_current()); left > 1;
             left--)
            cup_sem_post(&sem);
    } while (cupel_loop_task_count(cupel_loop_current()) > 1);
    cup_sem_init(&sem, 1);
    harvest->again = cup_task_spawn(idle, NULL, NULL, NULL, NULL) == CUPEL_OK;
    return CUPEL_OK;
}

static bool
is_sound(const struct harvest *harvest)
{
    if (!harvest->again)
        return false;
    return harvest->rc == CUPEL_OK ||
           (harvest->rc == CUPEL_E_NOMEM && harvest->clear);
}

static bool
kernel_guards_lightly(void)
{
    void *map = mmap(NULL, CUP_STACK_GUARD, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int refused = madvise(map, CUP_STACK_GUARD, 102);

    munmap(map, CUP_STACK_GUARD);
    return refused == 0;
}

TEST(hundred_thousand_idle_tasks_fit_or_say_why_not)
{
    struct harvest harvest = { 0 };

    CHECK_OK(cupel_run(spawn_all, &harvest));
    CHECK(is_sound(&harvest));
    if (kernel_guards_lightly())
        CHECK_INT(harvest.spawned, MANY);
    else
        CHECK(harvest.spawned > MANY / 10);
}

static int
reach_the_map_limit(void)
{
    struct harvest harvest = { 0 };

    if (deny_call(SYS_madvise, 2, 102, EINVAL) != 0)
        return 1;
    if (cupel_run(spawn_all, &harvest) != CUPEL_OK)
        return 2;
    if (!is_sound(&harvest))
        return 3;
    return harvest.spawned >= 20000 ? 0 : 4;
}

/* Twice the tasks that fit, since each stack takes two mappings. */
static bool
map_limit_is_in_reach(void)
{
    FILE *file = fopen("/proc/sys/vm/max_map_count", "r");
    long limit = 0;

    if (file == NULL)
        return false;
    if (fscanf(file, "%ld", &limit) != 1)
        limit = 0;
    fclose(file);
    return limit >= MAPPINGS_LEAST && limit < 2L * MANY;
}

TEST(map_limit_of_the_kernel_is_a_clear_error)
{
    int status = 0;
    pid_t pid;

    if (!map_limit_is_in_reach())
        skip();
    pid = fork();
    CHECK(pid >= 0);
    if (pid == 0)
        _exit(reach_the_map_limit());
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK_INT(status, 0);
}
