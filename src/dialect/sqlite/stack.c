/* SPDX-License-Identifier: MIT */
/* A roomy stack for calls into sqlite on the loop's own thread.
 *
 * Preparing a statement is recursive: 400 terms of a UNION take 203 KiB, a sum
 * of 990 numbers 400 KiB, 500 views upon each other 270 KiB, and a cached
 * statement may be prepared again by any step of it. A task's stack has 256
 * KiB. So the task leaves its stack for the call:
 *
 *     task's stack:  ... execute() -> cup_sqlite_stack_call()
 *                                        |            ^
 *     this stack:                     run_call() -> sqlite3_step() -> ...
 *
 * Meanwhile task->context describes this stack, so that a wait inside the call
 * suspends and resumes the task here, and the sanitizers know where it is. The
 * stack is address space; memory comes a page at a time as it is touched. */
#include "dialect/sqlite/stack.h"

#include <assert.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "task/switch.h"
#include "task/task.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#define HAVE_VALGRIND 1
#endif
#endif

#ifndef HAVE_VALGRIND
#define VALGRIND_STACK_REGISTER(low, high) 0U
#define VALGRIND_STACK_DEREGISTER(id) ((void)(id))
#endif

#ifndef MAP_STACK
#define MAP_STACK 0
#endif
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

#ifdef __ELF__
/* <sanitizer/asan_interface.h>: there if the program was built with it. */
void
__asan_unpoison_memory_region(const volatile void *low, size_t size)
    __attribute__((weak));
#else
static void (*const __asan_unpoison_memory_region)(const volatile void *,
                                                   size_t) = NULL;
#endif

enum {
    STACK_SIZE = 8 * 1024 * 1024, /* what a thread has, sqlite's usual home */
    GUARD_SIZE = 64 * 1024,
    LEFT_SIZE = 16 * 1024 /* more than what run_call() leaves lying about */
};

/* Owned by one connection, used by one task at a time. */
struct cup_sqlite_stack {
    char *map; /* the guard, then the stack */
    unsigned valgrind_id;
    struct cup_context *home; /* during a call: the task's own */
    struct cup_task *task;    /* during a call */
    void (*fn)(void *arg);
    void *arg;
};

/* The bottom of the stack. Yields. */
static void
run_call(void *arg)
{
    struct cup_sqlite_stack *stack = arg;

    cup_context_entered(&stack->task->context, stack->home);
    stack->fn(stack->arg);
    cup_context_leave(&stack->task->context, stack->home);
}

/* The frames that a call leaves by switching away never return, so what ASan
 * poisoned of them stays so. */
static void
clear_poison(const struct cup_sqlite_stack *stack)
{
    if (__asan_unpoison_memory_region != NULL)
        __asan_unpoison_memory_region(
            stack->map + GUARD_SIZE + STACK_SIZE - LEFT_SIZE, LEFT_SIZE);
}

static char *
map_memory(void)
{
    char *map =
        mmap(NULL, GUARD_SIZE + STACK_SIZE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

    if (map == MAP_FAILED)
        return NULL;
    if (mprotect(map, GUARD_SIZE, PROT_NONE) == 0)
        return map;
    munmap(map, GUARD_SIZE + STACK_SIZE);
    return NULL;
}

cupel_status
cup_sqlite_stack_new(struct cup_sqlite_stack **out)
{
    struct cup_sqlite_stack *stack = cup_alloc(sizeof *stack);

    if (stack == NULL)
        return cup_nomem();
    stack->map = map_memory();
    if (stack->map == NULL) {
        cup_free(stack);
        return cup_nomem();
    }
    stack->valgrind_id = VALGRIND_STACK_REGISTER(
        stack->map + GUARD_SIZE, stack->map + GUARD_SIZE + STACK_SIZE - 1);
    *out = stack;
    return CUPEL_OK;
}

void
cup_sqlite_stack_free(struct cup_sqlite_stack *stack)
{
    if (stack == NULL)
        return;
    VALGRIND_STACK_DEREGISTER(stack->valgrind_id);
    munmap(stack->map, GUARD_SIZE + STACK_SIZE);
    cup_free(stack);
}

cupel_status
cup_sqlite_stack_call(struct cup_sqlite_stack *stack, void (*fn)(void *arg),
                      void *arg)
{
    struct cup_task *task = cup_task_current();
    struct cup_context home = task->context;

    assert(stack->task == NULL);
    if (cup_context_init(&task->context, stack->map + GUARD_SIZE, STACK_SIZE,
                         run_call, stack) != 0) {
        task->context = home;
        return cup_nomem();
    }
    stack->fn = fn;
    stack->arg = arg;
    stack->task = task;
    stack->home = &home;
    cup_context_switch(&home, &task->context);
    cup_context_fini(&task->context);
    clear_poison(stack);
    task->context = home;
    stack->task = NULL;
    return CUPEL_OK;
}
