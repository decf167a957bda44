/* SPDX-License-Identifier: MIT */
/* Each allocation of a scenario fails in turn: it is reported, nothing leaks,
 * and the loop ends as it should. */
#include "support/test.h"
#include "task/fd.h"
#include "task/task.h"
#include "unit/task/tools.h"

#include "base/error.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Fails the allocation number `fail_at`. Workers allocate too. */
static struct {
    pthread_mutex_t lock;
    long taken;
    long held;
    long fail_at;
} meter = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool
may_take(bool adds)
{
    bool may;

    pthread_mutex_lock(&meter.lock);
    may = ++meter.taken != meter.fail_at;
    if (may && adds)
        meter.held++;
    pthread_mutex_unlock(&meter.lock);
    return may;
}

static void *
allocate(void *context, size_t size)
{
    (void)context;
    return may_take(true) ? malloc(size) : NULL;
}

static void *
reallocate(void *context, void *memory, size_t size)
{
    (void)context;
    return may_take(memory == NULL) ? realloc(memory, size) : NULL;
}

static void
release(void *context, void *memory)
{
    (void)context;
    if (memory == NULL)
        return;
    pthread_mutex_lock(&meter.lock);
    meter.held--;
    pthread_mutex_unlock(&meter.lock);
    free(memory);
}

/* ---- The scenario ------------------------------------------------------- */

enum { CHILDREN = UNDER_TSAN ? 20 : 150 };

static int ends[2];

static cupel_status
nap(void *arg)
{
    (void)arg;
    return cupel_yield();
}

static cupel_status
gather_many(void)
{
    cupel_future *futures[CHILDREN];
    int i;

    for (i = 0; i < CHILDREN; i++)
        futures[i] = cupel_future_call(nap, NULL);
    return cupel_await(cupel_future_gather(futures, CHILDREN));
}

static cupel_status
use_group(void)
{
    cupel_group *group = cupel_group_new();
    cupel_status rc, spawned;

    if (group == NULL)
        return CUPEL_E_NOMEM;
    spawned = cupel_group_spawn(group, nap, NULL);
    rc = cupel_group_wait(group);
    return spawned != CUPEL_OK ? spawned : rc;
}

static cupel_status
use_objects(void)
{
    cupel_mutex *mutex = cupel_mutex_new();
    cupel_semaphore *semaphore = cupel_semaphore_new(1);
    cupel_condition *condition = cupel_condition_new();
    cupel_channel *channel = cupel_channel_new(3);
    cupel_status rc = CUPEL_OK;

    if (mutex == NULL || semaphore == NULL || condition == NULL ||
        channel == NULL)
        rc = CUPEL_E_NOMEM;
    cupel_mutex_free(mutex);
    cupel_semaphore_free(semaphore);
    cupel_condition_free(condition);
    cupel_channel_free(channel);
    return rc;
}

static cupel_status
use_descriptor(void)
{
    struct cup_fd *fd;
    cupel_status rc = cup_fd_open(ends[0], &fd);

    if (rc != CUPEL_OK)
        return rc;
    rc = cup_fd_wait(fd, CUP_WRITABLE, CUPEL_FOREVER, NULL);
    cup_fd_close(fd);
    return rc;
}

static void
set_number(void *arg)
{
    *(int *)arg = 1;
}

static cupel_status
live(void *arg)
{
    int number = 0;
    cupel_status rc;

    (void)arg;
    rc = gather_many();
    if (rc == CUPEL_OK)
        rc = use_group();
    if (rc == CUPEL_OK)
        rc = use_objects();
    if (rc == CUPEL_OK)
        rc = use_descriptor();
    if (rc == CUPEL_OK)
        rc = cupel_offload(set_number, NULL, &number, CUPEL_FOREVER);
    if (rc == CUPEL_OK)
        CHECK_INT(number, 1);
    return rc;
}

TEST(every_failed_allocation_is_reported_and_leaks_nothing)
{
    struct cupel_allocator allocator = { .struct_size = sizeof allocator,
                                         .allocate = allocate,
                                         .reallocate = reallocate,
                                         .release = release };
    cupel_status rc = CUPEL_E_NOMEM;

    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    cup_error_give(NULL);
    cupel_allocator_set(&allocator);
    while (rc != CUPEL_OK) {
        meter.taken = 0;
        meter.fail_at++;
        rc = cupel_run(live, NULL);
        CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
        CHECK_INT(cupel_error_status(cupel_error_last()), rc);
        cup_error_give(NULL);
        CHECK_INT(meter.held, 0);
    }
    cupel_allocator_set(NULL);
    CHECK(meter.fail_at > CHILDREN);
    close(ends[0]);
    close(ends[1]);
}
