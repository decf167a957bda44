/* SPDX-License-Identifier: MIT */
/* The one place that suspends. Everything that waits in this library comes
 * through cup_wait(), so deadlines, cancellation, shields, errno and the tests'
 * probe are dealt with here and nowhere else. */
#include "task/inner.h"
#include "task/loop.h"

#include "base/assert.h"
#include "base/error.h"

#include <errno.h>
#include <string.h>

_Thread_local struct cup_thread cup_thread = { .until = CUPEL_FOREVER };

void
cup_waiter_init(struct cup_waiter *waiter)
{
    memset(waiter, 0, sizeof *waiter);
    cup_list_init(&waiter->link);
    waiter->what = "something";
}

cupel_status
cup_notask(void)
{
    return cup_error_set(CUPEL_E_NOTASK,
                         "this has to wait, and no task is running here");
}

cupel_status
cup_wait_error(cupel_status rc)
{
    if (rc == CUPEL_E_TIMEOUT)
        return cup_error_deadline();
    if (rc == CUPEL_E_CANCELLED)
        return cup_error_set(rc, "the task was cancelled");
    return rc;
}

static bool
probe_hits(const struct cup_task *task)
{
    struct cup_probe *probe = cup_thread.probe;

    if (probe == NULL || (probe->task != NULL && probe->task != task))
        return false;
    return ++probe->count == probe->cancel_at;
}

cupel_status
cup_wait_verdict(cupel_time until)
{
    const struct cup_task *task = cup_thread.current;

    if (task->cancelled && task->shield_depth == 0)
        return CUPEL_E_CANCELLED;
    if (task->until < until)
        until = task->until;
    if (until > task->loop->armed)
        return CUPEL_OK; /* the timer comes earlier, and will look at it */
    if (until != CUPEL_FOREVER && until <= cup_now_coarse())
        return CUPEL_E_TIMEOUT;
    return CUPEL_OK;
}

/* Whether the wait is over before it began. */
static bool
answers_at_once(struct cup_waiter *waiter)
{
    cupel_status rc;

    if (waiter->woken)
        return true;
    rc = cup_wait_verdict(waiter->until);
    if (rc == CUPEL_OK)
        return false;
    cup_wake(waiter, rc);
    return true;
}

static void
park(struct cup_task *task, struct cup_waiter *waiter)
{
    waiter->parked = true;
    task->waiter = waiter;
    if (waiter->turn) {
        cup_wake(waiter, CUPEL_OK);
    } else if (waiter->until != CUPEL_FOREVER) {
        cup_heap_add(&task->loop->heap, waiter);
        cup_loop_arm(task->loop);
    }
}

/* Yields. */
cupel_status
cup_wait(struct cup_waiter *waiter, cupel_time until)
{
    struct cup_task *task = cup_thread.current;
    enum cup_probe_kind kind = CUP_PROBE_BEFORE;
    bool cancel;
    int saved_errno = errno;

    if (task == NULL) {
        cup_list_remove(&waiter->link);
        return cup_notask();
    }
    CUP_ASSERT(!task->no_yield);
    CUP_ASSERT(task->waiter == NULL);
    cancel = probe_hits(task);
    if (cancel)
        kind = cup_thread.probe->kind;

    waiter->task = task;
    waiter->until = until < task->until ? until : task->until;
    if (cancel && kind == CUP_PROBE_BEFORE)
        cup_task_cancel(task);
    if (!answers_at_once(waiter)) {
        park(task, waiter);
        if (cancel && kind == CUP_PROBE_DURING)
            cup_task_cancel(task);
        cup_context_switch(&task->context, &task->loop->context);
        errno = saved_errno; /* the other tasks had it meanwhile */
    }
    if (cancel && kind == CUP_PROBE_AFTER)
        cup_task_cancel(task);

    CUP_ASSERT(waiter->woken && waiter->timer == 0);
    cup_list_remove(&waiter->link);
    return waiter->quiet ? waiter->rc : cup_wait_error(waiter->rc);
}

void
cup_wake(struct cup_waiter *waiter, cupel_status rc)
{
    struct cup_task *task = waiter->task;

    if (waiter->woken)
        return;
    waiter->woken = true;
    waiter->rc = rc;
    cup_list_remove(&waiter->link);
    if (task == NULL || task->waiter != waiter)
        return; /* it is not parked yet, and then never will be */
    CUP_ASSERT(task->loop == cup_thread.loop);
    cup_heap_remove(&task->loop->heap, waiter);
    task->waiter = NULL;
    cup_loop_ready(task->loop, task);
}

void
cup_probe_set(struct cup_probe *probe)
{
    cup_thread.probe = probe;
}
