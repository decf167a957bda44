/* SPDX-License-Identifier: MIT */
/* A scenario that meets every kind of wait is cancelled at each of its waits,
 * before it, during it and right after it. Its
 * cleanup runs in a shield each time, and nothing is left behind. */
#include "support/test.h"
#include "task/fd.h"
#include "task/loop.h"
#include "task/offload.h"
#include "task/sync.h"
#include "task/task.h"
#include "task/wait.h"

#include <sys/socket.h>
#include <unistd.h>

struct scenario {
    struct cup_mutex mutex;
    struct cup_sem sem;
    cupel_channel *channel;
    int ends[2];
    int number;
    int cleanups;
    int other_ended;
};

static struct scenario scenario;
static int items[3];

static cupel_status
serve(void *arg)
{
    cupel_status rc;

    (void)arg;
    rc = cup_mutex_lock(&scenario.mutex, CUPEL_FOREVER);
    if (rc != CUPEL_OK)
        goto out;
    rc = cupel_yield();
    cup_mutex_unlock(&scenario.mutex);
    if (rc != CUPEL_OK)
        goto out;
    rc = cupel_channel_send(scenario.channel, &items[1], CUPEL_FOREVER);
    if (rc == CUPEL_OK)
        rc = cupel_sleep(5);
    cup_sem_post(&scenario.sem);
    if (write(scenario.ends[1], "x", 1) != 1)
        rc = CUPEL_E_OPERATIONAL;
out:
    scenario.other_ended++;
    return rc;
}

static void
count_up(void *arg)
{
    ++*(int *)arg;
}

static cupel_status
use_everything(void *arg)
{
    struct cup_fd *fd = NULL;
    void *item;
    cupel_status rc;

    (void)arg;
    rc = cup_mutex_lock(&scenario.mutex, cupel_deadline_in(1000));
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_sleep(1);
    cup_mutex_unlock(&scenario.mutex);
    if (rc == CUPEL_OK)
        rc = cupel_channel_receive(scenario.channel, CUPEL_FOREVER, &item);
    if (rc == CUPEL_OK)
        rc = cup_sem_wait(&scenario.sem, CUPEL_FOREVER);
    if (rc == CUPEL_OK)
        rc = cup_fd_open(scenario.ends[0], &fd);
    if (rc == CUPEL_OK)
        rc = cup_fd_wait(fd, CUP_READABLE, CUPEL_FOREVER, NULL);
    cup_fd_close(fd);
    return rc;
}

static cupel_status
clean_up(void)
{
    struct cup_scope shield;
    cupel_status rc;

    cup_shield_begin(&shield, cupel_deadline_in(1000));
    rc = cupel_sleep(3);
    if (rc == CUPEL_OK)
        rc = cupel_yield();
    cup_scope_end(&shield);
    scenario.cleanups += rc == CUPEL_OK;
    return rc;
}

static cupel_status
use_nothing(void *arg)
{
    (void)arg;
    return cupel_yield();
}

static cupel_status
play(void *arg)
{
    cupel_future *other = cupel_future_call(serve, NULL);
    cupel_future *both[2];
    cupel_status rc = cupel_future_spawn(other);

    if (rc == CUPEL_OK)
        rc = cupel_await(cupel_future_call(use_everything, arg));
    if (rc == CUPEL_OK)
        rc = cupel_await(other);
    else
        cupel_future_free(other);
    if (rc == CUPEL_OK) {
        both[0] = cupel_future_call(use_nothing, NULL);
        both[1] = cupel_future_call(use_nothing, NULL);
        rc = cupel_await(cupel_future_gather(both, 2));
    }
    if (rc == CUPEL_OK)
        rc = cupel_offload(count_up, NULL, &scenario.number, CUPEL_FOREVER);
    CHECK_OK(clean_up());
    return rc;
}

/* What a run of it came to. */
struct ending {
    cupel_status rc;
    bool over;
};

static void
note_end(struct cup_task *task, cupel_status rc, void *arg)
{
    struct ending *ending = arg;

    (void)task;
    ending->rc = rc;
    ending->over = true;
}

static struct ending ending;
static struct cup_probe probe;

static cupel_status
run_once(void *arg)
{
    (void)arg;
    CHECK_OK(cup_task_spawn(play, NULL, note_end, &ending, &probe.task));
    cup_probe_set(&probe);
    while (cupel_loop_task_count(cupel_loop_current()) > 1)
        CHECK_OK(cupel_sleep(1));
    cup_probe_set(NULL);
    return CUPEL_OK;
}

static void
run_scenario(unsigned long cancel_at, enum cup_probe_kind kind)
{
    memset(&scenario, 0, sizeof scenario);
    memset(&ending, 0, sizeof ending);
    probe = (struct cup_probe){ .cancel_at = cancel_at, .kind = kind };
    cup_mutex_init(&scenario.mutex);
    cup_sem_init(&scenario.sem, 0);
    scenario.channel = cupel_channel_new(0);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, scenario.ends), 0);
    CHECK_OK(cupel_run(run_once, NULL));
    CHECK(ending.over);
    CHECK_INT(scenario.cleanups, 1);
    CHECK_INT(scenario.other_ended, 1);
    CHECK(!scenario.mutex.locked);
    CHECK(cup_list_empty(&scenario.mutex.waiters));
    CHECK(cup_list_empty(&scenario.sem.waiters));
    cupel_channel_free(scenario.channel);
    close(scenario.ends[0]);
    close(scenario.ends[1]);
}

TEST(scenario_is_cancelled_at_every_wait)
{
    unsigned long waits, at;
    bool may_be_done;

    run_scenario(0, CUP_PROBE_BEFORE);
    CHECK_OK(ending.rc);
    CHECK_INT(scenario.number, 1);
    waits = probe.count;
    CHECK(waits >= 8);
    for (at = 1; at <= waits; at++) {
        may_be_done = at > waits - 3; /* the job may have ended; cleanup */
        run_scenario(at, CUP_PROBE_BEFORE);
        CHECK(ending.rc == CUPEL_E_CANCELLED || may_be_done);
        run_scenario(at, CUP_PROBE_DURING);
        CHECK(ending.rc == CUPEL_E_CANCELLED || may_be_done);
        run_scenario(at, CUP_PROBE_AFTER);
    }
}
