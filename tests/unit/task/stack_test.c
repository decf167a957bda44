/* SPDX-License-Identifier: MIT */
/* Stacks: what they promise, and what happens when the kernel has no more. */
#include "support/test.h"
#include "task/stack.h"
#include "unit/task/deny.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, MAPPED = CUP_STACK_SIZE + CUP_STACK_GUARD };

static struct cup_stack_cache cache;

/* Run `body` in a child; what wait() says of its end. */
static int
run_in_child(int (*body)(void))
{
    int status = 0;
    pid_t pid = fork();

    CHECK(pid >= 0);
    if (pid == 0) {
        signal(SIGSEGV, SIG_DFL); /* cmocka, or a sanitizer, has its own */
        _exit(body());
    }
    CHECK_INT(waitpid(pid, &status, 0), pid);
    return status;
}

static void
check_child(int (*body)(void))
{
    int status = run_in_child(body);

    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
}

/* In a child there is no test to fail: the line is the exit status. */
#define EXPECT(condition)          \
    do {                           \
        if (!(condition))          \
            return __LINE__ & 127; \
    } while (0)

TEST(stack_has_the_promised_size_and_head)
{
    struct cup_stack *stack;

    cup_stack_cache_init(&cache);
    CHECK_OK(cup_stack_get(&cache, &stack));
    CHECK(stack->size > CUP_STACK_SIZE - PAGE);
    CHECK(stack->size <= CUP_STACK_SIZE);
    CHECK_INT((uintptr_t)stack->head % 64, 0);
    CHECK((char *)stack->head >= stack->low + stack->size);
    CHECK((char *)stack->head + CUP_STACK_HEAD <= stack->low + CUP_STACK_SIZE);
    memset(stack->low, 1, stack->size);
    memset(stack->head, 1, CUP_STACK_HEAD);
    cup_stack_put(&cache, stack);
    cup_stack_cache_fini(&cache);
}

TEST(returned_stack_is_the_next_one_given)
{
    struct cup_stack *first, *second, *again;

    cup_stack_cache_init(&cache);
    CHECK_OK(cup_stack_get(&cache, &first));
    CHECK_OK(cup_stack_get(&cache, &second));
    CHECK(first != second);
    cup_stack_put(&cache, first);
    cup_stack_put(&cache, second);
    CHECK_INT(cache.count, 2);
    CHECK_OK(cup_stack_get(&cache, &again));
    CHECK(again == second);
    cup_stack_put(&cache, again);
    cup_stack_cache_fini(&cache);
    CHECK_INT(cache.count, 0);
}

TEST(cache_keeps_no_more_than_its_limit)
{
    struct cup_stack *stacks[5];
    int i;

    cup_stack_cache_init(&cache);
    cache.limit = 2;
    for (i = 0; i < 5; i++)
        CHECK_OK(cup_stack_get(&cache, &stacks[i]));
    for (i = 0; i < 5; i++)
        cup_stack_put(&cache, stacks[i]);
    CHECK_INT(cache.count, 2);
    cup_stack_cache_fini(&cache);
}

TEST(tops_of_stacks_are_staggered_by_cache_lines)
{
    struct cup_stack *stacks[32];
    uintptr_t first, place;
    int i;

    cup_stack_cache_init(&cache);
    for (i = 0; i < 32; i++)
        CHECK_OK(cup_stack_get(&cache, &stacks[i]));
    first = (uintptr_t)stacks[0]->head % PAGE;
    for (i = 0; i < 32; i++) {
        place = (uintptr_t)stacks[i]->head % PAGE;
        CHECK_INT(first - place, (uintptr_t)(i % 16) * 64);
    }
    for (i = 0; i < 32; i++)
        cup_stack_put(&cache, stacks[i]);
    cup_stack_cache_fini(&cache);
}

static size_t
resident_pages(const struct cup_stack *stack)
{
    unsigned char pages[CUP_STACK_SIZE / PAGE];
    size_t i, count = 0;

    CHECK_INT(mincore(stack->map + CUP_STACK_GUARD, CUP_STACK_SIZE, pages), 0);
    for (i = 0; i < sizeof pages; i++)
        count += pages[i] & 1;
    return count;
}

TEST(memory_of_a_deep_call_goes_back_to_the_kernel)
{
    struct cup_stack *stack;

    if (sysconf(_SC_PAGESIZE) != PAGE)
        skip();
    cup_stack_cache_init(&cache);
    CHECK_OK(cup_stack_get(&cache, &stack));
    memset(stack->low + PAGE, 1, stack->size - PAGE);
    CHECK(resident_pages(stack) >= 62);
    cup_stack_put(&cache, stack);
    CHECK(resident_pages(stack) <= CUP_STACK_KEEP / PAGE + 1);
    cup_stack_cache_fini(&cache);
}

TEST(memory_of_shallow_calls_stays)
{
    struct cup_stack *stack;
    size_t before;

    cup_stack_cache_init(&cache);
    CHECK_OK(cup_stack_get(&cache, &stack));
    memset(stack->low + stack->size - 2 * PAGE, 1, 2 * PAGE);
    before = resident_pages(stack);
    cup_stack_put(&cache, stack);
    CHECK(resident_pages(stack) >= before);
    cup_stack_cache_fini(&cache);
}

/* ---- The guard ---------------------------------------------------------- */

static int
touch_guard(void)
{
    struct cup_stack *stack;

    cup_stack_cache_init(&cache);
    if (cup_stack_get(&cache, &stack) != CUPEL_OK)
        return 0;
    *(volatile char *)(stack->low - 1) = 1;
    return 0;
}

static int
touch_far_end_of_guard(void)
{
    struct cup_stack *stack;

    cup_stack_cache_init(&cache);
    if (cup_stack_get(&cache, &stack) != CUPEL_OK)
        return 0;
    *(volatile char *)(stack->low - CUP_STACK_GUARD) = 1;
    return 0;
}

static void
check_crashes(int (*body)(void))
{
    int status = run_in_child(body);

    CHECK(WIFSIGNALED(status));
    CHECK_INT(WTERMSIG(status), SIGSEGV);
}

TEST(guard_below_the_stack_cannot_be_touched)
{
    check_crashes(touch_guard);
    check_crashes(touch_far_end_of_guard);
}

/* ---- Kernels that refuse ------------------------------------------------ */

static int
get_without_guard_install(void)
{
    struct cup_stack *stack;

    EXPECT(deny_call(SYS_madvise, 2, 102, EINVAL) == 0);
    cup_stack_cache_init(&cache);
    EXPECT(cup_stack_get(&cache, &stack) == CUPEL_OK);
    EXPECT(msync(stack->map, MAPPED, MS_ASYNC) == 0);
    memset(stack->low, 1, stack->size);
    cup_stack_put(&cache, stack);
    cup_stack_cache_fini(&cache);
    return 0;
}

static int
touch_guard_without_guard_install(void)
{
    EXPECT(deny_call(SYS_madvise, 2, 102, EINVAL) == 0);
    return touch_guard();
}

TEST(older_kernels_guard_by_protecting_pages)
{
    check_child(get_without_guard_install);
    check_crashes(touch_guard_without_guard_install);
}

static int
get_without_memory(void)
{
    struct cup_stack *stack;

    cup_stack_cache_init(&cache);
    EXPECT(deny_call(SYS_mmap, 1, MAPPED, ENOMEM) == 0);
    EXPECT(cup_stack_get(&cache, &stack) == CUPEL_E_NOMEM);
    EXPECT(strncmp(cupel_error_text(), "cannot map another task stack: ", 31) ==
           0);
    return 0;
}

TEST(kernel_without_memory_is_a_clear_error)
{
    check_child(get_without_memory);
}

static int
get_without_protection(void)
{
    struct cup_stack *stack;

    cup_stack_cache_init(&cache);
    EXPECT(deny_call(SYS_madvise, 2, 102, EINVAL) == 0);
    EXPECT(deny_call(SYS_mprotect, 1, CUP_STACK_GUARD, ENOMEM) == 0);
    EXPECT(cup_stack_get(&cache, &stack) == CUPEL_E_NOMEM);
    EXPECT(strncmp(cupel_error_text(), "cannot map another task stack: ", 31) ==
           0);
    return 0;
}

TEST(stack_without_a_guard_is_not_given)
{
    check_child(get_without_protection);
}

static int
put_without_unmapping(void)
{
    struct cup_stack *stacks[3];
    int i;

    cup_stack_cache_init(&cache);
    cache.limit = 1;
    for (i = 0; i < 3; i++)
        EXPECT(cup_stack_get(&cache, &stacks[i]) == CUPEL_OK);
    EXPECT(deny_call(SYS_munmap, 1, MAPPED, ENOMEM) == 0);
    for (i = 0; i < 3; i++)
        cup_stack_put(&cache, stacks[i]);
    EXPECT(cache.count == 3);
    for (i = 0; i < 3; i++)
        EXPECT(cup_stack_get(&cache, &stacks[i]) == CUPEL_OK);
    EXPECT(cache.count == 0);
    return 0;
}

TEST(stack_that_cannot_be_unmapped_is_kept)
{
    check_child(put_without_unmapping);
}
