/* SPDX-License-Identifier: MIT */
/* Tasks that end together. A group knows its tasks only while they run; when
 * one fails, the first to do so leaves its answer here and the others are
 * cancelled, those included that are started later. */
#include <cupel/task.h>

#include "base/alloc.h"
#include "base/error.h"
#include "task/inner.h"

/* Owned by its maker until cupel_group_wait() frees it. */
struct cupel_group {
    struct cupel_loop *loop;
    struct cup_list tasks;     /* of cup_task.group_link */
    struct cup_waiter *waiter; /* of who waits for all, or NULL */
    cupel_status rc;           /* the first failure, or OK */
    struct cupel_error *error; /* its record; owned, may be NULL */
    bool cancelled;
    bool waited;
};

cupel_group *
cupel_group_new(void)
{
    cupel_group *group;

    if (cup_thread.loop == NULL) {
        cup_ignore(cup_error_set(CUPEL_E_INVALID, "this thread has no loop"),
                   "NULL says so");
        return NULL;
    }
    group = cup_alloc(sizeof *group);
    if (group == NULL) {
        cup_ignore(cup_nomem(), "NULL says so");
        return NULL;
    }
    group->loop = cup_thread.loop;
    cup_list_init(&group->tasks);
    return group;
}

static cupel_status
check(const cupel_group *group)
{
    if (group == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no group");
    return cup_loop_check(group->loop);
}

static void
cancel_all(struct cupel_group *group)
{
    struct cup_list *link, *after;

    group->cancelled = true;
    CUP_LIST_EACH (link, after, &group->tasks)
        cup_task_cancel(CUP_CONTAINER(link, struct cup_task, group_link));
}

static void
task_ended(struct cup_task *task, cupel_status rc, void *arg)
{
    struct cupel_group *group = arg;

    cup_list_remove(&task->group_link);
    if ((int)rc < 0 && group->rc == CUPEL_OK) {
        group->rc = rc;
        group->error = task->error;
        task->error = NULL;
        cancel_all(group);
    }
    if (cup_list_empty(&group->tasks) && group->waiter != NULL)
        cup_wake(group->waiter, CUPEL_OK);
}

cupel_status
cupel_group_spawn(cupel_group *group, cupel_task_fn *fn, void *arg)
{
    cupel_status rc = check(group);
    struct cup_task *task;

    if (rc == CUPEL_OK && fn == NULL)
        rc = cup_error_set(CUPEL_E_ARGUMENT, "no task to start");
    if (rc == CUPEL_OK && group->waited)
        rc = cup_error_set(CUPEL_E_INVALID, "the group is waited for");
    if (rc == CUPEL_OK)
        rc = cup_task_spawn(fn, arg, task_ended, group, &task);
    if (rc != CUPEL_OK)
        return rc;
    cup_list_push(&group->tasks, &task->group_link);
    if (group->cancelled)
        cup_task_cancel(task);
    return CUPEL_OK;
}

void
cupel_group_cancel(cupel_group *group)
{
    if (check(group) == CUPEL_OK)
        cancel_all(group);
}

/* Wait until no task is left. Yields. CANCELLED, TIMEOUT: some are. */
static cupel_status
wait_for_tasks(struct cupel_group *group)
{
    struct cup_waiter waiter;
    cupel_status rc;

    if (cup_list_empty(&group->tasks))
        return CUPEL_OK;
    cup_waiter_init(&waiter);
    waiter.what = "a group";
    waiter.quiet = true;
    group->waiter = &waiter;
    rc = cup_wait(&waiter, CUPEL_FOREVER);
    group->waiter = NULL;
    return cup_list_empty(&group->tasks) ? CUPEL_OK : rc;
}

/* Yields. */
cupel_status
cupel_group_wait(cupel_group *group)
{
    cupel_status rc = check(group), why;
    struct cup_scope scope;

    if (rc == CUPEL_OK && cup_thread.current == NULL)
        rc = cup_notask();
    if (rc == CUPEL_OK && group->waited)
        rc = cup_error_set(CUPEL_E_INVALID, "the group is waited for");
    if (rc != CUPEL_OK)
        return rc;
    group->waited = true;
    why = wait_for_tasks(group);
    if (why != CUPEL_OK) {
        cancel_all(group);
        cup_shield_begin(&scope, CUPEL_FOREVER);
        while (wait_for_tasks(group) != CUPEL_OK)
            continue;
        cup_scope_end(&scope);
    }
    rc = group->rc;
    if (rc != CUPEL_OK)
        cup_error_give(group->error);
    if (rc == CUPEL_E_CANCELLED && why == CUPEL_E_TIMEOUT)
        cup_ignore(rc = cup_wait_error(why), "the deadline cancelled them");
    cup_free(group);
    return rc;
}
