/* SPDX-License-Identifier: MIT */
/* Tasks, loops, and what they meet at, called without what they need. */
#include <cupel/task.h>

#include "nulls.h"

static void
from_loop_new(void)
{
    REFUSED(cupel_loop_new(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_loop_new_on(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_loop_new_on(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_loop_new_on(given.place, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_loop_run(NULL), CUPEL_E_ARGUMENT);
    GIVES(cupel_loop_fd(NULL), -1);
    GIVES(cupel_loop_deadline(NULL), CUPEL_FOREVER);
    REFUSED(cupel_loop_step(NULL), CUPEL_E_ARGUMENT);
    GIVES(cupel_loop_task_count(NULL), 0);
    ALLOWED(cupel_loop_free(NULL));
    HARMLESS(cupel_task_name_set(NULL));
    REFUSED(cupel_offload(NULL, NULL, NULL, 1), CUPEL_E_ARGUMENT);
}

static void
from_await(void)
{
    REFUSED(cupel_await(NULL), CUPEL_E_NOMEM);
    REFUSED(cupel_future_spawn(NULL), CUPEL_E_NOMEM);
    HARMLESS(cupel_future_then(NULL, NULL, NULL));
    HARMLESS(cupel_future_cancel(NULL));
    SAYS_YES(cupel_future_done(NULL));
    GIVES_NULL(cupel_future_shield(NULL));
    GIVES_NULL(cupel_future_wait_for(NULL, 1));
    HARMLESS(cupel_future_free(NULL));
    REFUSED(cupel_group_spawn(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_group_spawn(NULL, nulls_task, &given.dummy),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_group_spawn(given.group, NULL, &given.dummy),
            CUPEL_E_ARGUMENT);
    HARMLESS(cupel_group_cancel(NULL));
}

static void
from_group_wait(void)
{
    REFUSED(cupel_group_wait(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mutex_lock(NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_mutex_unlock(NULL), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_mutex_free(NULL));
    REFUSED(cupel_semaphore_acquire(NULL, 1), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_semaphore_release(NULL));
    HARMLESS(cupel_semaphore_free(NULL));
    REFUSED(cupel_condition_wait(NULL, 1), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_condition_signal(NULL));
    HARMLESS(cupel_condition_broadcast(NULL));
    HARMLESS(cupel_condition_free(NULL));
    REFUSED(cupel_channel_send(NULL, NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_channel_send(NULL, &given.dummy, 1), CUPEL_E_ARGUMENT);
}

static void
from_channel_receive(void)
{
    REFUSED(cupel_channel_receive(NULL, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_channel_receive(NULL, 1, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_channel_receive(given.channel, 1, NULL), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_channel_close(NULL));
    HARMLESS(cupel_channel_free(NULL));
}

void
nulls_to_task(void)
{
    from_loop_new();
    from_await();
    from_group_wait();
    from_channel_receive();
}
