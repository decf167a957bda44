/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Tasks, futures and the loop they run on.
 *
 * A task is straight-line code with a stack of its own. Where it has to wait,
 * it is suspended and the others go on; its thread never blocks. A task stays
 * on the loop, and so on the thread, that it was started on. "Yields." in a
 * comment means that the call may suspend the task it is made in: anything
 * shared may have changed when it returns.
 *
 * Every wait ends: at its deadline with TIMEOUT, or when its task is cancelled
 * with CANCELLED. Cancellation is sticky: once a task is cancelled, every
 * later wait answers CANCELLED at once, so cleanup is the code you already
 * have.
 */
#ifndef CUPEL_TASK_H
#define CUPEL_TASK_H

#include <cupel/error.h>

struct uv_loop_s;

CUPEL_BEGIN_DECLS

/** What a task or a future runs. Its status is the task's result. @since 0.1 */
typedef cupel_status
cupel_task_fn(void *arg);

/* ---- Loops ----------------------------------------------------------- */

/** The scheduler of one thread. @since 0.1 */
typedef struct cupel_loop cupel_loop;

/**
 * Make a loop, run `main` as its first task, wait for every task to end, close
 * the loop. Returns what `main` returned, so that a program can be
 * `return cupel_run(main_task, NULL);`. Not inside a task, and not on a
 * thread that has a loop: INVALID.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_run(cupel_task_fn *main, void *arg);

/**
 * Make a loop of our own for this thread, to be run by cupel_loop_run() or
 * stepped inside another loop. A thread has at most one: INVALID.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_loop_new(cupel_loop **out);

/**
 * Put tasks onto the caller's own libuv loop, which the caller runs and
 * outlives ours. While no task exists and no work is under way our handles do
 * not keep it alive. cupel_loop_free() leaves closing them to libuv, so run the
 * uv loop once more before uv_loop_close().
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_loop_new_on(struct uv_loop_s *uv_loop, cupel_loop **out);

/** The loop of this thread, or NULL. Borrowed. @since 0.1 */
CUPEL_API cupel_loop *
cupel_loop_current(void);

/**
 * Run until no task is left. INVALID inside a task, and on a loop that stands
 * on a caller's uv loop (run that one).
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_loop_run(cupel_loop *loop);

/**
 * The descriptor to watch for reading in a foreign poll loop; -1 where the
 * platform has none. Borrowed: never close it.
 * @since 0.1
 */
CUPEL_API int
cupel_loop_fd(cupel_loop *loop);

/**
 * When cupel_loop_step() wants to be called at the latest, even if the
 * descriptor stays silent: CUPEL_FOREVER if only the descriptor matters. In
 * the past if there is work now.
 * @since 0.1
 */
CUPEL_API cupel_time
cupel_loop_deadline(cupel_loop *loop);

/**
 * Do what can be done now, never blocking. INVALID inside a task, inside a
 * callback of this loop, and on a loop that stands on a caller's uv loop.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_loop_step(cupel_loop *loop);

/** How many tasks of this loop have not ended yet. @since 0.1 */
CUPEL_API size_t
cupel_loop_task_count(const cupel_loop *loop);

/**
 * End the loop. Fails with INVALID and changes nothing while tasks exist or
 * offloaded work is under way, inside a task, and inside a callback of a loop
 * of our own. NULL is allowed.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_loop_free(cupel_loop *loop);

/* ---- The current task ------------------------------------------------ */

/** True inside a task. @since 0.1 */
CUPEL_API bool
cupel_in_task(void);

/**
 * Let every other ready task run once. Yields. NOTASK, CANCELLED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_yield(void);

/**
 * Do nothing for `span_ms` milliseconds. Yields. NOTASK, CANCELLED.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_sleep(int64_t span_ms);

/** Do nothing until `until`. Yields. NOTASK, CANCELLED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_sleep_until(cupel_time until);

/** Whether the current task was cancelled. False outside tasks. @since 0.1 */
CUPEL_API bool
cupel_cancelled(void);

/**
 * Name the current task for debuggers and error texts. Copied, cut at 31
 * bytes. Nothing happens outside tasks.
 * @since 0.1
 */
CUPEL_API void
cupel_task_name_set(const char *name);

/**
 * Run `work` on a worker thread and wait for it. Yields. In a task `work` must
 * not call cupel. Outside tasks it just runs. When the wait ends first
 * (TIMEOUT, CANCELLED) `work` may still be running: then `drop`, unless NULL,
 * is called with `arg` on the loop's thread once it has ended, and `arg` must
 * live until that moment; a `work` that had not begun never will, and `drop`
 * is called before this returns, as it is after NOMEM or OPERATIONAL (no worker
 * could be started). On success `drop` is not called.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_offload(void (*work)(void *arg), void (*drop)(void *arg), void *arg,
              cupel_time until);

/* ---- Futures --------------------------------------------------------- */

/**
 * Work that has been described and not started, or is running, or has ended.
 *
 * A future is cold: nothing runs until it is awaited, spawned or given a
 * callback. Whoever awaits it, or gives it a callback, gives it away: it frees
 * itself. A future that nobody wants is freed by cupel_future_free().
 *
 * Functions that make futures return NULL when there is no memory; a NULL
 * future may be passed to everything here and answers NOMEM.
 * @since 0.1
 */
typedef struct cupel_future cupel_future;

/**
 * Called on the loop's thread; `error` is NULL on success, else borrowed.
 * @since 0.1
 */
typedef void
cupel_callback(cupel_status status, const cupel_error *error, void *arg);

/** A future that runs `fn(arg)`. NULL if there is no memory. @since 0.1 */
CUPEL_API cupel_future *
cupel_future_call(cupel_task_fn *fn, void *arg);

/**
 * Wait for the future's end and free it. One that is cold runs right here, on
 * the stack of this task: no task is made and nothing is allocated. Yields.
 * Answers what the future's work answered, and leaves its error record in this
 * task. NOTASK outside a task (a cold future is freed). When this task is
 * cancelled meanwhile, a spawned future is cancelled too and waited for, so
 * that nothing it writes to can go away under it.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_await(cupel_future *future);

/**
 * Start it as a task of its own on this thread's loop. It still has to be
 * awaited, given a callback or freed. INVALID if it was started before or this
 * thread has no loop, NOMEM.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_future_spawn(cupel_future *future);

/**
 * Start it, if it is cold, and call `callback` on the loop's thread when it has
 * ended; never before this returns, except for a failure to start, which is
 * reported through the callback right away. Gives the future away. `callback`
 * may be NULL: start and forget.
 * @since 0.1
 */
CUPEL_API void
cupel_future_then(cupel_future *future, cupel_callback *callback, void *arg);

/**
 * Ask a running future to end: its next wait answers CANCELLED. One that is
 * cold will answer CANCELLED when awaited. Nothing happens to an ended one.
 * @since 0.1
 */
CUPEL_API void
cupel_future_cancel(cupel_future *future);

/** Whether the work has ended. A NULL future has. @since 0.1 */
CUPEL_API bool
cupel_future_done(const cupel_future *future);

/**
 * Protect the work from the cancellation of whoever awaits it: the
 * cancellation is delivered after it. Only on a cold future. Returns its
 * argument, so that calls nest.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_future_shield(cupel_future *future);

/**
 * Give the work a deadline: waits inside it end with TIMEOUT then. Deadlines
 * nest, the earliest counts. Only on a cold future. Returns its argument.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_future_wait_for(cupel_future *future, cupel_time until);

/**
 * A future that runs all of `futures` at once and ends when all have ended. It
 * answers the first failure in the order given. Takes the futures (at once,
 * also when it returns NULL); the array itself stays yours. Cancelling it
 * cancels them.
 * @since 0.1
 */
CUPEL_API cupel_future *
cupel_future_gather(cupel_future *const *futures, size_t count);

/**
 * Drop a future. A cold one just goes. A running one is cancelled and frees
 * itself at its end: what it writes to must live until then, so await it
 * instead where that matters. NULL is allowed.
 * @since 0.1
 */
CUPEL_API void
cupel_future_free(cupel_future *future);

/* ---- Groups ---------------------------------------------------------- */

/**
 * Tasks that end together: when one fails, the others are cancelled.
 * @since 0.1
 */
typedef struct cupel_group cupel_group;

/**
 * A group without tasks, bound to this thread's loop. NULL: no memory, or no
 * loop; the error record tells.
 * @since 0.1
 */
CUPEL_API cupel_group *
cupel_group_new(void);

/**
 * Start `fn(arg)` in the group. INVALID once the group is waited for.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_group_spawn(cupel_group *group, cupel_task_fn *fn, void *arg);

/** Cancel every task of the group. @since 0.1 */
CUPEL_API void
cupel_group_cancel(cupel_group *group);

/**
 * Wait until every task of the group has ended, free the group. Answers the
 * failure that came first, with its error record. Yields. When the waiting
 * task is cancelled, so is the group, and it is still waited for. NOTASK.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_group_wait(cupel_group *group);

/* ---- Meeting other tasks --------------------------------------------- */

/* All of them serve their waiters first come, first served. They belong to
 * the thread that made them; NULL from a maker: no memory. One that somebody
 * waits for is not freed: the error record says so. */

/** A lock held across waits. @since 0.1 */
typedef struct cupel_mutex cupel_mutex;

/** An unlocked mutex. @since 0.1 */
CUPEL_API cupel_mutex *
cupel_mutex_new(void);

/**
 * Take it. Yields. NOTASK, CANCELLED, TIMEOUT; INVALID if this task has it.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_mutex_lock(cupel_mutex *mutex, cupel_time until);

/**
 * Give it to the next waiter. INVALID if this task does not hold it.
 * @since 0.1
 */
CUPEL_API cupel_status
cupel_mutex_unlock(cupel_mutex *mutex);

/** NULL is allowed. Nobody may be waiting. @since 0.1 */
CUPEL_API void
cupel_mutex_free(cupel_mutex *mutex);

/** A number of permits. @since 0.1 */
typedef struct cupel_semaphore cupel_semaphore;

/** A semaphore with `permits` permits. @since 0.1 */
CUPEL_API cupel_semaphore *
cupel_semaphore_new(size_t permits);

/** Take a permit. Yields. NOTASK, CANCELLED, TIMEOUT. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_semaphore_acquire(cupel_semaphore *semaphore, cupel_time until);

/** Give a permit back, to the first waiter if there is one. @since 0.1 */
CUPEL_API void
cupel_semaphore_release(cupel_semaphore *semaphore);

/** NULL is allowed. Nobody may be waiting. @since 0.1 */
CUPEL_API void
cupel_semaphore_free(cupel_semaphore *semaphore);

/** News that others wait for. @since 0.1 */
typedef struct cupel_condition cupel_condition;

/** A condition nobody waits for. @since 0.1 */
CUPEL_API cupel_condition *
cupel_condition_new(void);

/** Wait for the next signal. Yields. NOTASK, CANCELLED, TIMEOUT. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_condition_wait(cupel_condition *condition, cupel_time until);

/** Wake the first waiter, if there is one. @since 0.1 */
CUPEL_API void
cupel_condition_signal(cupel_condition *condition);

/** Wake every waiter. @since 0.1 */
CUPEL_API void
cupel_condition_broadcast(cupel_condition *condition);

/** NULL is allowed. Nobody may be waiting. @since 0.1 */
CUPEL_API void
cupel_condition_free(cupel_condition *condition);

/** A bounded queue of pointers between tasks. @since 0.1 */
typedef struct cupel_channel cupel_channel;

/**
 * A channel for up to `capacity` items; with 0 each send meets a receive.
 * @since 0.1
 */
CUPEL_API cupel_channel *
cupel_channel_new(size_t capacity);

/** Hand `item` over. Yields. NOTASK, CANCELLED, TIMEOUT, CLOSED. @since 0.1 */
CUPEL_CHECKED cupel_status
cupel_channel_send(cupel_channel *channel, void *item, cupel_time until);

/**
 * Take the next item. Yields. NOTASK, CANCELLED, TIMEOUT; CLOSED once the
 * channel is closed and empty.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_channel_receive(cupel_channel *channel, cupel_time until, void **out);

/**
 * No more items: wakes every waiter with CLOSED. What is queued stays.
 * @since 0.1
 */
CUPEL_API void
cupel_channel_close(cupel_channel *channel);

/**
 * NULL is allowed. Nobody may be waiting. Queued pointers are forgotten.
 * @since 0.1
 */
CUPEL_API void
cupel_channel_free(cupel_channel *channel);

CUPEL_END_DECLS

#endif
