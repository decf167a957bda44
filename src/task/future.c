/* SPDX-License-Identifier: MIT */
/* Futures: work that is described first and run later, or never.
 *
 * One block holds everything a future needs, and a loop keeps unused blocks, so
 * that making and awaiting one allocates nothing. A cold future that is awaited
 * runs as a plain call; only one that is spawned becomes a task. */
#include "task/future_inner.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"

#include <string.h>

/* ---- Memory ------------------------------------------------------------- */

static struct cupel_future *
take_block(void)
{
    struct cupel_loop *loop = cup_thread.loop;
    struct cup_list *link = NULL;

    if (loop != NULL)
        link = cup_list_pop(&loop->futures);
    if (link == NULL)
        return cup_alloc(sizeof(struct cupel_future));
    loop->future_count--;
    return CUP_CONTAINER(link, struct cupel_future, link);
}

static void
give_block(struct cupel_future *future)
{
    struct cupel_loop *loop = cup_thread.loop;

    if (loop == NULL || loop->future_count >= CUP_FUTURES_CACHED) {
        cup_free(future);
        return;
    }
    cup_list_push_front(&loop->futures, &future->link);
    loop->future_count++;
}

void
cup_future_cache_fini(struct cupel_loop *loop)
{
    struct cup_list *link;

    while ((link = cup_list_pop(&loop->futures)) != NULL)
        cup_free(CUP_CONTAINER(link, struct cupel_future, link));
    loop->future_count = 0;
}

cupel_future *
cup_future_new(cup_future_fn *run, void (*drop)(void *self), size_t self_size,
               void **out)
{
    struct cupel_future *future = take_block();

    CUP_ASSERT(self_size <= CUP_FUTURE_SELF_MAX);
    if (out != NULL)
        *out = NULL;
    if (future == NULL) {
        cup_ignore(cup_nomem(), "NULL says so");
        return NULL;
    }
    memset(future, 0, offsetof(struct cupel_future, self) + self_size);
    cup_list_init(&future->link);
    cup_arena_init(&future->arena, future->room, sizeof future->room);
    future->run = run;
    future->drop = drop;
    future->until = CUPEL_FOREVER;
    if (out != NULL)
        *out = future->self;
    return future;
}

struct cup_arena *
cup_future_arena(cupel_future *future)
{
    return &future->arena;
}

/* `drop` is no place to wait: the guard says so while it runs in a task. */
void
cup_future_release(struct cupel_future *future)
{
    struct cup_task *task = cup_thread.current;
    bool before = false;

    CUP_ASSERT(future->task == NULL && future->waiter == NULL);
    if (task != NULL) {
        before = task->no_yield;
        task->no_yield = true;
    }
    if (future->drop != NULL)
        future->drop(future->self);
    if (task != NULL)
        task->no_yield = before;
    cup_arena_fini(&future->arena);
    cup_error_free(future->error);
    give_block(future);
}

/* ---- Its work ----------------------------------------------------------- */

/* Yields. */
static cupel_status
run_work(struct cupel_future *future)
{
    cup_future_fn *run = future->run;
    struct cup_scope scope;
    cupel_status rc;

    if (future->cancelled)
        return cup_wait_error(CUPEL_E_CANCELLED);
    if (future->shielded)
        cup_shield_begin(&scope, future->until);
    else
        cup_deadline_begin(&scope, future->until);
    rc = run(future->self);
    cup_scope_end(&scope);
    return rc;
}

/* The task of a spawned future. Yields. */
static cupel_status
future_task(void *arg)
{
    return run_work(arg);
}

static void
call_back(struct cupel_future *future)
{
    const cupel_error *error = (int)future->rc < 0 ? future->error : NULL;

    if (future->callback != NULL)
        future->callback(future->rc, error, future->callback_arg);
    cup_future_release(future);
}

static void
call_back_later(struct cup_later *later)
{
    call_back(CUP_CONTAINER(later, struct cupel_future, later));
}

static void
task_ended(struct cup_task *task, cupel_status rc, void *arg)
{
    struct cupel_future *future = arg;

    future->task = NULL;
    future->state = CUP_FUTURE_ENDED;
    future->rc = rc;
    if ((int)rc < 0) {
        future->error = task->error;
        task->error = NULL;
    }
    if (future->given)
        call_back(future);
    else if (future->waiter != NULL)
        cup_wake(future->waiter, CUPEL_OK);
}

static cupel_status
spawn(struct cupel_future *future)
{
    cupel_status rc =
        cup_task_spawn(future_task, future, task_ended, future, &future->task);

    if (rc != CUPEL_OK)
        return rc;
    future->loop = cup_thread.loop;
    future->state = CUP_FUTURE_SPAWNED;
    return CUPEL_OK;
}

/* A record is missing at worst when there was no memory for it. */
void
cup_future_start(struct cupel_future *future)
{
    cupel_status rc;

    if (future->state != CUP_FUTURE_COLD)
        return;
    rc = spawn(future);
    if (rc == CUPEL_OK)
        return;
    future->state = CUP_FUTURE_ENDED;
    future->rc = rc;
    future->error = cup_error_take();
}

/* ---- Waiting for it ----------------------------------------------------- */

/* Yields. */
cupel_status
cup_future_wait(struct cupel_future *future)
{
    struct cup_waiter waiter;
    cupel_status rc;

    if (future->state == CUP_FUTURE_ENDED)
        return CUPEL_OK;
    CUP_ASSERT(future->state == CUP_FUTURE_SPAWNED && future->waiter == NULL);
    cup_waiter_init(&waiter);
    waiter.what = "a future";
    waiter.quiet = true;
    future->waiter = &waiter;
    rc = cup_wait(&waiter, CUPEL_FOREVER);
    future->waiter = NULL;
    return future->state == CUP_FUTURE_ENDED ? CUPEL_OK : rc;
}

/* Yields. */
void
cup_future_wait_out(struct cupel_future *future)
{
    struct cup_scope scope;

    cup_shield_begin(&scope, CUPEL_FOREVER);
    while (future->state != CUP_FUTURE_ENDED)
        cup_ignore(cup_future_wait(future), "shielded, it ends with OK");
    cup_scope_end(&scope);
}

void
cup_future_forward(struct cupel_future *future)
{
    if (future->task != NULL && !future->shielded)
        cup_task_cancel(future->task);
}

cupel_status
cup_future_take(struct cupel_future *future, cupel_status why)
{
    cupel_status rc = future->rc;

    if ((int)rc < 0) {
        cup_error_give(future->error);
        future->error = NULL;
    }
    cup_future_release(future);
    if (rc == CUPEL_E_CANCELLED && why == CUPEL_E_TIMEOUT)
        return cup_wait_error(why);
    return rc;
}

/* Yields. */
static cupel_status
await_inline(struct cupel_future *future)
{
    cupel_status rc;

    future->state = CUP_FUTURE_INLINE;
    rc = run_work(future);
    cup_future_release(future);
    return rc;
}

/* Yields. */
static cupel_status
await_spawned(struct cupel_future *future)
{
    cupel_status why = cup_future_wait(future);

    if (why != CUPEL_OK) {
        cup_future_forward(future);
        cup_future_wait_out(future);
    }
    return cup_future_take(future, why);
}

static cupel_status
check_thread(const struct cupel_future *future)
{
    if (future->loop != NULL && future->loop != cup_thread.loop)
        return cup_error_set(CUPEL_E_THREAD,
                             "the future runs on another thread");
    return CUPEL_OK;
}

/* OK if nobody has it but its maker, and this thread may touch it. */
static cupel_status
check_free(const struct cupel_future *future)
{
    cupel_status rc = check_thread(future);

    if (rc != CUPEL_OK)
        return rc;
    if (future->given || future->gathered || future->waiter != NULL ||
        future->state == CUP_FUTURE_INLINE)
        return cup_error_set(CUPEL_E_INVALID,
                             "the future was given away already");
    return CUPEL_OK;
}

bool
cup_future_is_free(const struct cupel_future *future)
{
    return check_free(future) == CUPEL_OK;
}

/* Yields. */
cupel_status
cupel_await(cupel_future *future)
{
    cupel_status rc;

    if (future == NULL)
        return cup_nomem();
    rc = check_free(future);
    if (rc != CUPEL_OK)
        return rc;
    if (cup_thread.current == NULL) {
        if (future->state == CUP_FUTURE_COLD)
            cup_future_release(future);
        return cup_notask();
    }
    if (future->state == CUP_FUTURE_COLD)
        return await_inline(future);
    return await_spawned(future);
}

/* ---- What else can be done with it -------------------------------------- */

/* A future that runs `fn(arg)`. */
struct call {
    cupel_task_fn *fn;
    void *arg;
};

/* Yields. */
static cupel_status
run_call(void *self)
{
    struct call *call = self;
    cupel_task_fn *fn = call->fn;

    return fn(call->arg);
}

cupel_future *
cupel_future_call(cupel_task_fn *fn, void *arg)
{
    cupel_future *future;
    struct call *call;
    void *self;

    if (fn == NULL) {
        cup_ignore(cup_error_set(CUPEL_E_ARGUMENT, "no function to call"),
                   "NULL says so");
        return NULL;
    }
    future = cup_future_new(run_call, NULL, sizeof *call, &self);
    if (future == NULL)
        return NULL;
    call = self;
    call->fn = fn;
    call->arg = arg;
    return future;
}

cupel_status
cupel_future_spawn(cupel_future *future)
{
    if (future == NULL)
        return cup_nomem();
    if (future->state != CUP_FUTURE_COLD || future->gathered)
        return cup_error_set(CUPEL_E_INVALID, "the future was started before");
    return spawn(future);
}

/* Tell the callback right away that nothing will come. */
static void
refuse(cupel_status rc, cupel_callback *callback, void *arg)
{
    if (callback != NULL)
        callback(rc, cupel_error_last(), arg);
}

void
cupel_future_then(cupel_future *future, cupel_callback *callback, void *arg)
{
    cupel_status rc;

    if (future == NULL) {
        refuse(cup_nomem(), callback, arg);
        return;
    }
    rc = check_free(future);
    if (rc != CUPEL_OK) {
        refuse(rc, callback, arg);
        return;
    }
    if (future->state == CUP_FUTURE_COLD)
        rc = spawn(future);
    if (rc != CUPEL_OK) {
        refuse(rc, callback, arg);
        cup_future_release(future);
        return;
    }
    future->given = true;
    future->callback = callback;
    future->callback_arg = arg;
    if (future->state == CUP_FUTURE_ENDED)
        cup_later_start(&future->later, call_back_later);
}

void
cupel_future_cancel(cupel_future *future)
{
    if (future == NULL || check_thread(future) != CUPEL_OK)
        return;
    if (future->state == CUP_FUTURE_COLD)
        future->cancelled = true;
    else if (future->task != NULL)
        cup_task_cancel(future->task);
}

bool
cupel_future_done(const cupel_future *future)
{
    return future == NULL || future->state == CUP_FUTURE_ENDED;
}

/* Whether options may still be set. */
static bool
is_cold(const struct cupel_future *future)
{
    if (future == NULL)
        return false;
    if (future->state == CUP_FUTURE_COLD)
        return true;
    cup_ignore(cup_error_set(CUPEL_E_INVALID, "the future was started before"),
               "the future itself is the answer");
    return false;
}

cupel_future *
cupel_future_shield(cupel_future *future)
{
    if (is_cold(future))
        future->shielded = true;
    return future;
}

cupel_future *
cupel_future_wait_for(cupel_future *future, cupel_time until)
{
    if (is_cold(future) && until < future->until)
        future->until = until;
    return future;
}

void
cup_future_abandon(struct cupel_future *future)
{
    if (future == NULL)
        return;
    if (future->state != CUP_FUTURE_SPAWNED) {
        cup_future_release(future);
        return;
    }
    future->given = true;
    cup_task_cancel(future->task);
}

void
cupel_future_free(cupel_future *future)
{
    if (future != NULL && cup_future_is_free(future))
        cup_future_abandon(future);
}
