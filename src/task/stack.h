/* SPDX-License-Identifier: MIT */
/* Stacks for tasks: mapped, guarded, kept for the next task. */
#ifndef CUP_TASK_STACK_H
#define CUP_TASK_STACK_H

#include <cupel/error.h>

#include "base/list.h"

enum {
    CUP_STACK_SIZE = 256 * 1024, /* bytes of address space, page by page used */
    CUP_STACK_GUARD = 64 * 1024, /* bytes below it that nobody may touch */
    CUP_STACK_HEAD = 512,        /* bytes at its top for its user's own data */
    CUP_STACK_KEEP = 16 * 1024,  /* bytes that a cached stack keeps in memory */
    CUP_STACKS_CACHED = 1024     /* most stacks a cache holds */
};

/* One stack. The struct lies at the top of the stack itself, so that a task
 * costs no memory beside it; see the picture in stack.c. */
struct cup_stack {
    struct cup_list link; /* in cup_stack_cache.free while nobody uses it */
    char *map;            /* the whole mapping */
    char *low;            /* lowest usable byte */
    size_t size;          /* usable bytes above `low` */
    unsigned uses;        /* since its deep part was last given back */
    unsigned valgrind_id;
    void *head; /* CUP_STACK_HEAD bytes, aligned to 64 */
};

/* The stacks of one loop that no task uses now. In place. */
struct cup_stack_cache {
    struct cup_list free; /* of cup_stack.link, last used first */
    size_t count;         /* in `free` */
    size_t limit;         /* most of them */
    unsigned colour;      /* of the next stack to be mapped */
};

void
cup_stack_cache_init(struct cup_stack_cache *cache);

/* Unmap the stacks. None may be in use. */
void
cup_stack_cache_fini(struct cup_stack_cache *cache);

/* A stack whose content is undefined. NOMEM: the kernel maps no more. */
cupel_status
cup_stack_get(struct cup_stack_cache *cache, struct cup_stack **out);

/* Give it back; nothing in it is touched again, `head` included. */
void
cup_stack_put(struct cup_stack_cache *cache, struct cup_stack *stack);

#endif
