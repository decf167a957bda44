/* SPDX-License-Identifier: MIT */
/* Stacks for tasks.
 *
 *     map                  low                                    map + all
 *      | guard, 64 KiB ... | ... 256 KiB, used from the right end . |
 *                          |<------------ size ------------>|struct|head|col|
 *
 * A stack is address space; memory comes a page at a time as it is touched, and
 * an idle task touches one. The guard is larger than any sane frame, so that an
 * overflow hits it and not a neighbour. The tops are staggered by 0 to 15 cache
 * lines ("col"): else all of them would fight for the same set of the cache.
 *
 * Guards are made by MADV_GUARD_INSTALL, which keeps neighbouring stacks one
 * mapping; on kernels without it by mprotect(), which makes two mappings of
 * each stack, so that the kernel's limit (65,530 by default) ends it at some
 * 32,700 tasks. */
#include "task/stack.h"

#include "base/error.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#include <valgrind/valgrind.h>
#define HAVE_VALGRIND 1
#endif
#endif

#ifndef HAVE_VALGRIND
#define VALGRIND_STACK_REGISTER(low, high) 0U
#define VALGRIND_STACK_DEREGISTER(id) ((void)(id))
#define VALGRIND_MAKE_MEM_DEFINED(start, size) ((void)(start), (void)(size))
#endif

#ifndef MAP_STACK
#define MAP_STACK 0
#endif
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

#ifdef __ELF__
#define WEAK __attribute__((weak))

/* <sanitizer/lsan_interface.h>, <sanitizer/asan_interface.h>: there if the
 * program was built with them. */
void
__lsan_register_root_region(const void *low, size_t size) WEAK;
void
__lsan_unregister_root_region(const void *low, size_t size) WEAK;
void
__asan_poison_memory_region(const volatile void *low, size_t size) WEAK;
void
__asan_unpoison_memory_region(const volatile void *low, size_t size) WEAK;
#else
static void (*const __lsan_register_root_region)(const void *, size_t) = NULL;
static void (*const __lsan_unregister_root_region)(const void *, size_t) = NULL;
static void (*const __asan_poison_memory_region)(const volatile void *,
                                                 size_t) = NULL;
static void (*const __asan_unpoison_memory_region)(const volatile void *,
                                                   size_t) = NULL;
#endif

enum {
    MAP_SIZE = CUP_STACK_GUARD + CUP_STACK_SIZE,
    COLOURS = 16,
    COLOUR_STEP = 64,   /* a cache line */
    PROBE_SIZE = 4096,  /* what is searched for traces of a deep call */
    PROBE_STEP = 256,   /* one word of this many bytes */
    USES_UNTRIMMED = 64 /* tasks after which it is trimmed unseen */
};

/* ---- What differs between kernels --------------------------------------- */

#ifdef __linux__
enum { ADVICE_GUARD_INSTALL = 102 }; /* MADV_GUARD_INSTALL, Linux 6.13 */

static bool
guard_lightly(char *low)
{
    static atomic_bool unknown_advice;

    if (atomic_load_explicit(&unknown_advice, memory_order_relaxed))
        return false;
    if (madvise(low, CUP_STACK_GUARD, ADVICE_GUARD_INSTALL) == 0)
        return true;
    if (errno == EINVAL)
        atomic_store_explicit(&unknown_advice, true, memory_order_relaxed);
    return false;
}

/* Huge pages would make every idle task cost two MiB. */
static void
keep_pages_small(char *low)
{
    madvise(low, MAP_SIZE, MADV_NOHUGEPAGE);
}
#else
static bool
guard_lightly(char *low)
{
    (void)low;
    return false;
}

static void
keep_pages_small(char *low)
{
    (void)low;
}
#endif

/* ---- What the tools know of its use ------------------------------------- */

/* LSan looks for pointers in the stacks of tasks. */
static void
root_register(const struct cup_stack *stack)
{
    if (__lsan_register_root_region != NULL)
        __lsan_register_root_region(stack->map + CUP_STACK_GUARD,
                                    CUP_STACK_SIZE);
}

static void
root_unregister(const struct cup_stack *stack)
{
    if (__lsan_unregister_root_region != NULL)
        __lsan_unregister_root_region(stack->map + CUP_STACK_GUARD,
                                      CUP_STACK_SIZE);
}

/* ASan guards a stack that nobody uses, and the task that was in its head. */
static void
close_memory(const struct cup_stack *stack)
{
    if (__asan_poison_memory_region == NULL)
        return;
    __asan_poison_memory_region(stack->low, stack->size);
    __asan_poison_memory_region(stack->head, CUP_STACK_HEAD);
}

static void
open_memory(const struct cup_stack *stack)
{
    if (__asan_unpoison_memory_region == NULL)
        return;
    __asan_unpoison_memory_region(stack->low, stack->size);
    __asan_unpoison_memory_region(stack->head, CUP_STACK_HEAD);
}

/* ---- One stack ---------------------------------------------------------- */

static char *
map_memory(void)
{
    char *map =
        mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    int saved;

    if (map == MAP_FAILED)
        return NULL;
    keep_pages_small(map);
    if (guard_lightly(map) || mprotect(map, CUP_STACK_GUARD, PROT_NONE) == 0)
        return map;
    saved = errno;
    munmap(map, MAP_SIZE);
    errno = saved;
    return NULL;
}

/* Put the struct and the head at the top of the mapping. */
static struct cup_stack *
lay_out(char *map, unsigned colour)
{
    struct cup_stack *stack;
    char *end = map + MAP_SIZE - (size_t)colour * COLOUR_STEP;
    char *head = end - CUP_STACK_HEAD;
    size_t struct_size = (sizeof *stack + 63) & ~(size_t)63;

    stack = (void *)(head - struct_size);
    memset(stack, 0, sizeof *stack);
    cup_list_init(&stack->link);
    stack->map = map;
    stack->low = map + CUP_STACK_GUARD;
    stack->size = (size_t)((char *)(void *)stack - stack->low);
    stack->head = head;
    stack->valgrind_id =
        VALGRIND_STACK_REGISTER(stack->low, stack->low + stack->size - 1);
    return stack;
}

static cupel_status
map_stack(struct cup_stack_cache *cache, struct cup_stack **out)
{
    char *map = map_memory();

    if (map == NULL)
        return cup_error_set(CUPEL_E_NOMEM, "cannot map another task stack: %s",
                             strerror(errno));
    *out = lay_out(map, cache->colour);
    cache->colour = (cache->colour + 1) % COLOURS;
    return CUPEL_OK;
}

/* Unmapping one out of many splits a mapping in two, which the kernel refuses
 * at its limit. False: it is still there, its memory open. */
static bool
unmap_stack(struct cup_stack *stack)
{
    char *map = stack->map;
    unsigned valgrind_id = stack->valgrind_id;

    open_memory(stack);
    if (munmap(map, MAP_SIZE) != 0)
        return false;
    VALGRIND_STACK_DEREGISTER(valgrind_id);
    (void)valgrind_id; /* the macro may ignore it */
    return true;
}

/* Whether calls went deeper than what a cached stack keeps. They left return
 * addresses behind; memory that was never touched reads as zero. */
static bool
was_used_deeply(const struct cup_stack *stack)
{
    const char *page = stack->map + MAP_SIZE - CUP_STACK_KEEP - PROBE_SIZE;
    uintptr_t word;
    size_t i;

    VALGRIND_MAKE_MEM_DEFINED(page, PROBE_SIZE);
    for (i = 0; i < PROBE_SIZE; i += PROBE_STEP) {
        memcpy(&word, page + i, sizeof word);
        if (word != 0)
            return true;
    }
    return false;
}

/* Give the deep part back to the kernel; it reads as zero afterwards. */
static void
trim_stack(struct cup_stack *stack)
{
    char *keep = stack->map + MAP_SIZE - CUP_STACK_KEEP;

    madvise(stack->low, (size_t)(keep - stack->low), MADV_DONTNEED);
    stack->uses = 0;
}

/* ---- The cache ---------------------------------------------------------- */

void
cup_stack_cache_init(struct cup_stack_cache *cache)
{
    memset(cache, 0, sizeof *cache);
    cup_list_init(&cache->free);
    cache->limit = CUP_STACKS_CACHED;
}

/* Unmap what can be unmapped now; the number of stacks that went. */
static size_t
unmap_free(struct cup_stack_cache *cache)
{
    struct cup_list *link, *after;
    struct cup_stack *stack;
    size_t gone = 0;

    CUP_LIST_EACH (link, after, &cache->free) {
        stack = CUP_CONTAINER(link, struct cup_stack, link);
        cup_list_remove(link);
        if (unmap_stack(stack)) {
            gone++;
        } else {
            cup_list_push_front(&cache->free, link);
            close_memory(stack);
        }
    }
    cache->count -= gone;
    return gone;
}

/* A refused unmapping succeeds once its neighbour has gone. */
void
cup_stack_cache_fini(struct cup_stack_cache *cache)
{
    while (cache->count > 0 && unmap_free(cache) > 0)
        continue;
}

cupel_status
cup_stack_get(struct cup_stack_cache *cache, struct cup_stack **out)
{
    struct cup_list *link = cup_list_pop(&cache->free);
    cupel_status rc;

    if (link != NULL) {
        *out = CUP_CONTAINER(link, struct cup_stack, link);
        cache->count--;
    } else {
        rc = map_stack(cache, out);
        if (rc != CUPEL_OK)
            return rc;
    }
    open_memory(*out);
    root_register(*out);
    return CUPEL_OK;
}

/* Frames that never returned may have left poison behind, hence the opening. */
void
cup_stack_put(struct cup_stack_cache *cache, struct cup_stack *stack)
{
    root_unregister(stack);
    if (cache->count >= cache->limit && unmap_stack(stack))
        return;
    open_memory(stack);
    if (++stack->uses >= USES_UNTRIMMED || was_used_deeply(stack))
        trim_stack(stack);
    cup_list_push_front(&cache->free, &stack->link);
    cache->count++;
    close_memory(stack);
}
