/* SPDX-License-Identifier: MIT */
/* The turns of a loop, between libuv's looks at the world.
 *
 * Twice in each round of libuv, before it polls and after, a bounded number of
 * ready tasks runs. While some are still ready then, an active idle handle
 * keeps libuv from blocking. The prepare handle is active exactly while
 * something is under way, and is the only one of ours that counts: so a
 * caller's uv_run() ends when there is nothing left to do. */
#include "task/inner.h"

#include "base/assert.h"

/* Wake whose deadline has passed. */
static void
expire(struct cupel_loop *loop)
{
    cupel_time now = cupel_now();
    struct cup_waiter *waiter;

    while ((waiter = cup_heap_first(&loop->heap)) != NULL &&
           waiter->until <= now)
        cup_wake(waiter, CUPEL_E_TIMEOUT);
}

static void
make_calls(struct cupel_loop *loop)
{
    struct cup_list *link;
    struct cup_later *later;
    int budget = CUP_TURN_TASKS;

    while (budget-- > 0 && (link = cup_list_pop(&loop->later)) != NULL) {
        later = CUP_CONTAINER(link, struct cup_later, link);
        cup_loop_release(loop);
        later->call(later);
    }
}

/* Resume one after the other, each until it waits or ends. The switch stands
 * right here because every return on the way back would be mispredicted. */
static void
run_tasks(struct cupel_loop *loop)
{
    struct cup_list *link;
    struct cup_task *task;
    int budget = CUP_TURN_TASKS;

    CUP_ASSERT(cup_thread.current == NULL);
    while (budget-- > 0 && (link = cup_list_pop(&loop->ready)) != NULL) {
        task = CUP_CONTAINER(link, struct cup_task, ready_link);
        cup_thread.current = task;
        cup_context_switch(&loop->context, &task->context);
        cup_thread.current = NULL;
        if (task->done)
            cup_task_finish(task);
    }
}

bool
cup_loop_has_work(const struct cupel_loop *loop)
{
    return !cup_list_empty(&loop->ready) || !cup_list_empty(&loop->later);
}

static void
on_idle(uv_idle_t *idle)
{
    (void)idle; /* to be active is all it is for */
}

/* A frozen clock has no timer, and may have been turned before or by a task. */
static void
turn(struct cupel_loop *loop)
{
    loop->turning = true;
    if (cup_thread.frozen)
        expire(loop);
    make_calls(loop);
    run_tasks(loop);
    if (cup_thread.frozen)
        expire(loop);
    loop->turning = false;
    if (loop->closing)
        return;
    if (cup_loop_has_work(loop))
        uv_idle_start(&loop->idle, on_idle);
    else
        uv_idle_stop(&loop->idle);
}

bool
cup_loop_can_jump(const struct cupel_loop *loop)
{
    return cup_thread.frozen && !cup_loop_has_work(loop) &&
           loop->heap.count > 0 && loop->holds == loop->task_count &&
           loop->fd_waits == 0;
}

static void
jump(struct cupel_loop *loop)
{
    cupel_time until = cup_heap_until(&loop->heap);

    if (until > cup_thread.frozen_now)
        cup_thread.frozen_now = until;
    expire(loop);
}

/* The tasks may have worked for long, and what libuv takes for now is when its
 * round began: its poll would last too long by that. */
static void
on_prepare(uv_prepare_t *prepare)
{
    struct cupel_loop *loop = prepare->data;

    if (cup_loop_has_work(loop) || cup_thread.frozen) {
        turn(loop);
        uv_update_time(loop->uv);
    }
    if (!loop->closing && cup_loop_can_jump(loop))
        jump(loop);
}

static void
on_check(uv_check_t *check)
{
    struct cupel_loop *loop = check->data;

    if (cup_loop_has_work(loop))
        turn(loop);
}

/* ---- Deadlines ---------------------------------------------------------- */

static void
on_timer(uv_timer_t *timer)
{
    struct cupel_loop *loop = timer->data;

    loop->armed = CUPEL_FOREVER;
    expire(loop);
    cup_loop_arm(loop);
}

/* libuv's clock and ours are the same, so an absolute moment stays one however
 * old its idea of now is. A timer for a deadline that was taken back is left
 * alone: it fires for nothing, which is cheaper than to move it each time. */
void
cup_loop_arm(struct cupel_loop *loop)
{
    cupel_time until = cup_heap_until_about(&loop->heap);
    cupel_time now;

    if (cup_thread.frozen || until >= loop->armed)
        return;
    now = (cupel_time)uv_now(loop->uv);
    loop->armed = until;
    uv_timer_start(&loop->timer, on_timer,
                   until > now ? (uint64_t)(until - now) : 0, 0);
}

void
cup_loop_clock_changed(void)
{
    struct cupel_loop *loop = cup_thread.loop;

    if (loop == NULL || loop->holds == 0)
        return;
    uv_timer_stop(&loop->timer);
    loop->armed = CUPEL_FOREVER;
    cup_loop_arm(loop);
    uv_idle_start(&loop->idle, on_idle); /* a turn looks at the deadlines */
}

/* ---- What keeps a loop going -------------------------------------------- */

void
cup_loop_hold(struct cupel_loop *loop)
{
    if (loop->holds++ > 0)
        return;
    uv_prepare_start(&loop->prepare, on_prepare);
    uv_check_start(&loop->check, on_check);
}

void
cup_loop_release(struct cupel_loop *loop)
{
    CUP_ASSERT(loop->holds > 0);
    if (--loop->holds > 0)
        return;
    uv_prepare_stop(&loop->prepare);
    uv_check_stop(&loop->check);
    uv_timer_stop(&loop->timer);
    uv_idle_stop(&loop->idle);
    loop->armed = CUPEL_FOREVER;
}

void
cup_loop_ready(struct cupel_loop *loop, struct cup_task *task)
{
    cup_list_push(&loop->ready, &task->ready_link);
    if (!loop->turning)
        uv_idle_start(&loop->idle, on_idle);
}

void
cup_later_start(struct cup_later *later, void (*call)(struct cup_later *later))
{
    struct cupel_loop *loop = cup_thread.loop;

    later->call = call;
    cup_list_push(&loop->later, &later->link);
    cup_loop_hold(loop);
    if (!loop->turning)
        uv_idle_start(&loop->idle, on_idle);
}

bool
cup_later_stop(struct cup_later *later)
{
    if (later->link.next == NULL || cup_list_empty(&later->link))
        return false;
    cup_list_remove(&later->link);
    if (cup_thread.loop != NULL) /* none in a child that has left it */
        cup_loop_release(cup_thread.loop);
    return true;
}
