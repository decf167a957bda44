/* SPDX-License-Identifier: MIT */
/* Tasks: their start, their end, what they know of themselves.
 *
 * A task lies in the head of its own stack, so starting one costs no memory
 * once the loop has stacks to spare. It runs until cup_wait() switches back to
 * the loop; at its end it leaves its stack for ever and the loop clears up. */
#include "task/inner.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"
#include "task/loop.h"

#include <stdatomic.h>
#include <string.h>

/* What clean-up may take beyond a deadline that has passed. */
enum { MOMENT_MS = 50 };

_Static_assert(sizeof(struct cup_task) <= CUP_STACK_HEAD,
               "a task fits the head of its stack");

struct cup_task *
cup_task_current(void)
{
    return cup_thread.current;
}

bool
cupel_in_task(void)
{
    return cup_thread.current != NULL;
}

/* ---- Start and end ------------------------------------------------------ */

/* The bottom of every task's stack. Yields. */
static void
task_main(void *arg)
{
    struct cup_task *task = arg;
    cupel_task_fn *fn = task->fn;

    cup_context_entered(&task->context, &task->loop->context);
    task->rc = fn(task->arg);
    CUP_ASSERT(task->shield_depth == 0);
    task->done = true;
    cup_context_leave(&task->context, &task->loop->context);
}

static _Atomic uint64_t serials;

static void
init_task(struct cup_task *task, struct cupel_loop *loop,
          struct cup_stack *stack)
{
    memset(task, 0, sizeof *task);
    task->serial =
        atomic_fetch_add_explicit(&serials, 1, memory_order_relaxed) + 1;
    task->loop = loop;
    task->stack = stack;
    task->until = CUPEL_FOREVER;
    cup_list_init(&task->link);
    cup_list_init(&task->ready_link);
    cup_list_init(&task->group_link);
}

cupel_status
cup_task_spawn(cupel_task_fn *fn, void *arg,
               void (*ended)(struct cup_task *, cupel_status, void *),
               void *ended_arg, struct cup_task **out)
{
    struct cupel_loop *loop = cup_thread.loop;
    struct cup_stack *stack;
    struct cup_task *task;
    cupel_status rc;

    CUP_ASSERT(fn != NULL);
    if (loop == NULL)
        return cup_error_set(CUPEL_E_INVALID, "this thread has no loop");
    rc = cup_heap_reserve(&loop->heap, loop->task_count + 1);
    if (rc == CUPEL_OK)
        rc = cup_stack_get(&loop->stacks, &stack);
    if (rc != CUPEL_OK)
        return rc;

    task = stack->head;
    init_task(task, loop, stack);
    if (cup_context_init(&task->context, stack->low, stack->size, task_main,
                         task) != 0) {
        cup_stack_put(&loop->stacks, stack);
        return cup_nomem();
    }
    task->fn = fn;
    task->arg = arg;
    task->ended = ended;
    task->ended_arg = ended_arg;
    cup_list_push(&loop->tasks, &task->link);
    loop->task_count++;
    cup_loop_hold(loop);
    cup_loop_ready(loop, task);
    if (out != NULL)
        *out = task;
    return CUPEL_OK;
}

/* `ended` may end the loop too, on a caller's uv loop: the struct stays until
 * libuv has closed its handles, the thread has no loop any more. */
void
cup_task_finish(struct cup_task *task)
{
    struct cupel_loop *loop = task->loop;

    CUP_ASSERT(task->waiter == NULL && cup_list_empty(&task->ready_link));
    cup_list_remove(&task->link);
    loop->task_count--;
    cup_context_fini(&task->context);
    cup_loop_release(loop);
    if (task->ended != NULL)
        task->ended(task, task->rc, task->ended_arg);
    cup_error_free(task->error);
    cup_stack_put(&loop->stacks, task->stack);
}

void
cup_task_cancel(struct cup_task *task)
{
    CUP_ASSERT(task->loop == cup_thread.loop);
    task->cancelled = true;
    if (task->waiter != NULL && task->shield_depth == 0)
        cup_wake(task->waiter, CUPEL_E_CANCELLED);
}

/* ---- The current task --------------------------------------------------- */

bool
cupel_cancelled(void)
{
    return cup_thread.current != NULL && cup_thread.current->cancelled;
}

void
cupel_task_name_set(const char *name)
{
    struct cup_task *task = cup_thread.current;
    size_t len;

    if (task == NULL || name == NULL)
        return;
    len = strlen(name);
    if (len >= sizeof task->name) {
        len = sizeof task->name - 1;
        while (len > 0 && ((unsigned char)name[len] & 0xC0) == 0x80)
            len--; /* not through the middle of a character */
    }
    memmove(task->name, name, len);
    task->name[len] = '\0';
}

/* Yields. */
cupel_status
cupel_yield(void)
{
    struct cup_waiter waiter;

    cup_waiter_init(&waiter);
    waiter.what = "its next turn";
    waiter.turn = true;
    return cup_wait(&waiter, CUPEL_FOREVER);
}

/* The wait's own end is what was asked for; that of an outer deadline is not. A
 * moment that has passed, even if only just now, still lets the others run.
 * Yields. */
cupel_status
cupel_sleep_until(cupel_time until)
{
    struct cup_task *task = cup_thread.current;
    struct cup_waiter waiter;
    cupel_status rc;

    if (until <= cupel_now())
        return cupel_yield();
    cup_waiter_init(&waiter);
    waiter.what = "sleep";
    waiter.quiet = true;
    rc = cup_wait(&waiter, until);
    if (rc == CUPEL_E_TIMEOUT && until <= task->until)
        return waiter.parked ? CUPEL_OK : cupel_yield();
    return cup_wait_error(rc);
}

/* Yields. */
cupel_status
cupel_sleep(int64_t span_ms)
{
    return cupel_sleep_until(cupel_deadline_in(span_ms));
}

/* ---- Scopes ------------------------------------------------------------- */

/* Where the current deadline is kept: in the task, or in the thread. */
static cupel_time *
deadline_of(struct cup_task *task)
{
    return task != NULL ? &task->until : &cup_thread.until;
}

static void
scope_begin(struct cup_scope *scope)
{
    scope->task = cup_thread.current;
    scope->until = *deadline_of(scope->task);
    scope->shielded = false;
}

void
cup_shield_begin(struct cup_scope *scope, cupel_time until)
{
    scope_begin(scope);
    *deadline_of(scope->task) = until;
    if (scope->task == NULL)
        return;
    scope->shielded = true;
    scope->task->shield_depth++;
}

void
cup_deadline_begin(struct cup_scope *scope, cupel_time until)
{
    scope_begin(scope);
    if (until < scope->until)
        *deadline_of(scope->task) = until;
}

void
cup_scope_end(struct cup_scope *scope)
{
    CUP_ASSERT(scope->task == cup_thread.current);
    if (scope->shielded) {
        CUP_ASSERT(scope->task->shield_depth > 0);
        scope->task->shield_depth--;
    }
    *deadline_of(scope->task) = scope->until;
}

cupel_time
cup_deadline_cleanup(int64_t span_ms)
{
    cupel_time own = cup_deadline_coarse(span_ms);
    cupel_time scope = *deadline_of(cup_thread.current);
    cupel_time least = cup_deadline_coarse(MOMENT_MS);

    if (scope < least)
        scope = least;
    return own < scope ? own : scope;
}

cupel_time
cup_deadline_cap(cupel_time until)
{
    cupel_time scope = *deadline_of(cup_thread.current);

    return until < scope ? until : scope;
}
