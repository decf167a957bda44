/* SPDX-License-Identifier: MIT */
/* The life of a loop: made, run or embedded, ended. What happens in a round of
 * it stands in turn.c.
 *
 * A loop stands on a uv loop, its own or the caller's. Its handles are closed
 * by libuv in its own time, so on a caller's loop the struct outlives
 * cupel_loop_free() until that has happened. */
#include "task/inner.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"
#include "task/loop.h"
#include "task/workers.h"

#include <pthread.h>
#include <unistd.h>

struct cup_list cup_loops = { &cup_loops, &cup_loops };
static pthread_mutex_t loops_lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- Forks -------------------------------------------------------------- */

unsigned long cup_forks;

/* A child has none of the parent's loops, even if it was forked off by one of
 * their tasks: their descriptors are the parent's. It may make its own. */
static void
after_fork(void)
{
    cup_forks++;
    pthread_mutex_init(&loops_lock, NULL);
    cup_list_init(&cup_loops);
    cup_thread.loop = NULL;
    cup_thread.current = NULL;
    cup_workers_after_fork();
}

static void
watch_forks(void)
{
    pthread_atfork(NULL, NULL, after_fork);
}

void
cup_forks_watch(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, watch_forks);
}

/* ---- Beginning ---------------------------------------------------------- */

struct cupel_loop *
cup_loop_current(void)
{
    return cup_thread.loop;
}

cupel_loop *
cupel_loop_current(void)
{
    return cup_thread.loop;
}

bool
cup_loop_is_live(const struct cupel_loop *loop)
{
    struct cup_list *link, *after;
    bool found = false;

    pthread_mutex_lock(&loops_lock);
    CUP_LIST_EACH (link, after, &cup_loops)
        found |= CUP_CONTAINER(link, struct cupel_loop, link) == loop;
    pthread_mutex_unlock(&loops_lock);
    return found;
}

static struct cupel_error **
error_slot(void)
{
    struct cup_task *task = cup_thread.current;

    return task != NULL ? &task->error : cup_error_thread_slot();
}

static void
on_async(uv_async_t *async)
{
    cup_offload_collect(async->data);
}

/* Only the first of them can fail. */
static int
init_handles(struct cupel_loop *loop)
{
    int failed = uv_async_init(loop->uv, &loop->async, on_async);

    if (failed != 0)
        return failed;
    uv_prepare_init(loop->uv, &loop->prepare);
    uv_check_init(loop->uv, &loop->check);
    uv_idle_init(loop->uv, &loop->idle);
    uv_timer_init(loop->uv, &loop->timer);
    loop->handles = 5;
    loop->async.data = loop;
    loop->prepare.data = loop;
    loop->check.data = loop;
    loop->idle.data = loop;
    loop->timer.data = loop;
    uv_unref((uv_handle_t *)&loop->async);
    uv_unref((uv_handle_t *)&loop->check);
    uv_unref((uv_handle_t *)&loop->idle);
    uv_unref((uv_handle_t *)&loop->timer);
    return 0;
}

static void
init_state(struct cupel_loop *loop)
{
    loop->thread = &cup_thread;
    loop->forks = cup_forks;
    cup_context_init_thread(&loop->context);
    cup_list_init(&loop->tasks);
    cup_list_init(&loop->ready);
    cup_list_init(&loop->later);
    cup_list_init(&loop->watches);
    cup_list_init(&loop->done[0]);
    cup_list_init(&loop->done[1]);
    cup_list_init(&loop->futures);
    cup_stack_cache_init(&loop->stacks);
    loop->armed = CUPEL_FOREVER;
    pthread_mutex_lock(&loops_lock);
    cup_list_push(&cup_loops, &loop->link);
    pthread_mutex_unlock(&loops_lock);
}

/* libuv before 1.52 forgets the descriptor it polls with when there is none
 * left for the rest. A program that tries again later must not pay for each
 * try. */
static int
init_own_uv(uv_loop_t *uv)
{
    int failed = uv_loop_init(uv);

    if ((failed == UV_EMFILE || failed == UV_ENFILE) && uv_backend_fd(uv) >= 0)
        close(uv_backend_fd(uv));
    return failed;
}

static cupel_status
make_loop(uv_loop_t *uv_loop, cupel_loop **out)
{
    struct cupel_loop *loop;
    int failed = 0;

    cup_forks_watch();
    if (cup_thread.loop != NULL)
        return cup_error_set(CUPEL_E_INVALID, "this thread has a loop already");
    loop = cup_alloc(sizeof *loop);
    if (loop == NULL)
        return cup_nomem();
    loop->uv = uv_loop != NULL ? uv_loop : &loop->own_uv;
    if (uv_loop == NULL)
        failed = init_own_uv(loop->uv);
    if (failed == 0) {
        failed = init_handles(loop);
        if (failed != 0 && uv_loop == NULL)
            uv_loop_close(loop->uv);
    }
    if (failed != 0) {
        cup_free(loop);
        return cup_error_set(CUPEL_E_OPERATIONAL, "cannot make a loop: %s",
                             uv_strerror(failed));
    }
    init_state(loop);
    cup_workers_enter();
    cup_error_slot_set(error_slot);
    cup_thread.loop = loop;
    *out = loop;
    return CUPEL_OK;
}

cupel_status
cupel_loop_new(cupel_loop **out)
{
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the loop");
    return make_loop(NULL, out);
}

cupel_status
cupel_loop_new_on(struct uv_loop_s *uv_loop, cupel_loop **out)
{
    if (uv_loop == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "no uv loop, or no place for the loop");
    return make_loop(uv_loop, out);
}

bool
cup_loop_has_ready(void)
{
    return cup_thread.loop != NULL && !cup_list_empty(&cup_thread.loop->ready);
}

/* ---- Running ------------------------------------------------------------ */

cupel_status
cup_loop_check(const struct cupel_loop *loop)
{
    if (loop == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no loop");
    if (loop != cup_thread.loop)
        return cup_error_set(CUPEL_E_THREAD,
                             "the loop belongs to another thread");
    return CUPEL_OK;
}

static bool
is_own(const struct cupel_loop *loop)
{
    return loop->uv == &loop->own_uv;
}

/* Whether libuv may be run now, from here, by us. */
static cupel_status
check_runnable(const struct cupel_loop *loop)
{
    cupel_status rc = cup_loop_check(loop);

    if (rc != CUPEL_OK)
        return rc;
    if (cup_thread.current != NULL)
        return cup_error_set(CUPEL_E_INVALID, "a task cannot run its loop");
    if (!is_own(loop))
        return cup_error_set(CUPEL_E_INVALID,
                             "the caller's uv loop is to be run instead");
    if (loop->running)
        return cup_error_set(CUPEL_E_INVALID, "the loop is running already");
    return CUPEL_OK;
}

cupel_status
cupel_loop_run(cupel_loop *loop)
{
    cupel_status rc = check_runnable(loop);

    if (rc != CUPEL_OK)
        return rc;
    loop->running = true;
    do {
        uv_run(loop->uv, UV_RUN_DEFAULT);
    } while (loop->holds > 0);
    loop->running = false;
    return CUPEL_OK;
}

cupel_status
cupel_loop_step(cupel_loop *loop)
{
    cupel_status rc = check_runnable(loop);

    if (rc != CUPEL_OK)
        return rc;
    loop->running = true;
    uv_run(loop->uv, UV_RUN_NOWAIT);
    loop->running = false;
    return CUPEL_OK;
}

int
cupel_loop_fd(cupel_loop *loop)
{
    return loop != NULL ? uv_backend_fd(loop->uv) : -1;
}

/* libuv answers 0 when it has work, but also when nothing counts. */
cupel_time
cupel_loop_deadline(cupel_loop *loop)
{
    cupel_time until;
    int timeout;

    if (cup_loop_check(loop) != CUPEL_OK)
        return CUPEL_FOREVER;
    if (cup_loop_has_work(loop) || cup_loop_can_jump(loop))
        return 0;
    until = cup_heap_until(&loop->heap);
    timeout = uv_backend_timeout(loop->uv);
    if (timeout == 0 && uv_loop_alive(loop->uv))
        return 0;
    if (timeout > 0 && !is_own(loop) && cupel_deadline_in(timeout) < until)
        return cupel_deadline_in(timeout);
    return until;
}

size_t
cupel_loop_task_count(const cupel_loop *loop)
{
    return cup_loop_check(loop) == CUPEL_OK ? loop->task_count : 0;
}

/* ---- End ---------------------------------------------------------------- */

static void
dispose(struct cupel_loop *loop)
{
    cup_heap_fini(&loop->heap);
    cup_stack_cache_fini(&loop->stacks);
    cup_free(loop);
    cup_workers_leave();
}

static void
on_closed(uv_handle_t *handle)
{
    struct cupel_loop *loop = handle->data;

    if (--loop->handles == 0 && !is_own(loop))
        dispose(loop);
}

static void
close_handles(struct cupel_loop *loop)
{
    uv_close((uv_handle_t *)&loop->async, on_closed);
    uv_close((uv_handle_t *)&loop->prepare, on_closed);
    uv_close((uv_handle_t *)&loop->check, on_closed);
    uv_close((uv_handle_t *)&loop->idle, on_closed);
    uv_close((uv_handle_t *)&loop->timer, on_closed);
}

static cupel_status
check_endable(const struct cupel_loop *loop)
{
    cupel_status rc = cup_loop_check(loop);

    if (rc != CUPEL_OK)
        return rc;
    if (cup_thread.current != NULL)
        return cup_error_set(CUPEL_E_INVALID, "a task cannot end its loop");
    if (loop->running)
        return cup_error_set(CUPEL_E_INVALID, "the loop is running");
    if (loop->task_count > 0)
        return cup_error_set(CUPEL_E_INVALID, "the loop has %zu tasks left",
                             loop->task_count);
    if (loop->holds > 0)
        return cup_error_set(CUPEL_E_INVALID, "the loop has work under way");
    return CUPEL_OK;
}

cupel_status
cupel_loop_free(cupel_loop *loop)
{
    cupel_status rc;
    int failed;

    if (loop == NULL)
        return CUPEL_OK;
    rc = check_endable(loop);
    if (rc != CUPEL_OK)
        return rc;
    loop->closing = true;
    cup_thread.loop = NULL;
    cup_fd_loop_ends(loop);
    cup_future_cache_fini(loop);
    pthread_mutex_lock(&loops_lock);
    cup_list_remove(&loop->link);
    pthread_mutex_unlock(&loops_lock);
    close_handles(loop);
    if (!is_own(loop))
        return CUPEL_OK; /* freed when libuv has closed the handles */
    uv_run(loop->uv, UV_RUN_DEFAULT);
    failed = uv_loop_close(loop->uv);
    CUP_ASSERT(failed == 0);
    dispose(loop);
    return CUPEL_OK;
}

/* ---- A whole program ---------------------------------------------------- */

struct outcome {
    cupel_status rc;
    struct cupel_error *error; /* owned, or NULL */
};

static void
main_ended(struct cup_task *task, cupel_status rc, void *arg)
{
    struct outcome *outcome = arg;

    outcome->rc = rc;
    if ((int)rc >= 0)
        return;
    outcome->error = task->error;
    task->error = NULL;
}

cupel_status
cupel_run(cupel_task_fn *main, void *arg)
{
    struct outcome outcome = { CUPEL_OK, NULL };
    cupel_loop *loop;
    cupel_status rc;

    if (main == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no task to run");
    rc = cupel_loop_new(&loop);
    if (rc != CUPEL_OK)
        return rc;
    rc = cup_task_spawn(main, arg, main_ended, &outcome, NULL);
    if (rc == CUPEL_OK)
        rc = cupel_loop_run(loop);
    cup_ignore(cupel_loop_free(loop), "no task is left");
    if (rc != CUPEL_OK)
        return rc;
    if (outcome.error != NULL)
        cup_error_give(outcome.error);
    return outcome.rc;
}
