/* SPDX-License-Identifier: MIT */
/* The deadlines of a loop: a binary heap of waiters, earliest first, those of
 * one moment in the order they came. A waiter has a ticket under which its
 * place is noted, so that it can be taken out wherever it is. */
#ifndef CUP_TASK_HEAP_H
#define CUP_TASK_HEAP_H

#include <cupel/error.h>

struct cup_waiter;
struct cup_heap_slot;

/* In place; zeroed memory is a valid empty heap. */
struct cup_heap {
    struct cup_heap_slot *slots; /* owned; from slots[1] on */
    size_t *places; /* owned; of each ticket: its slot, or the next free one */
    size_t free_ticket; /* tickets count from 1; 0: none is free */
    size_t count;
    size_t size;    /* slots and places allocated */
    uint64_t order; /* of the next one to come */
};

void
cup_heap_fini(struct cup_heap *heap);

/* Have room for `count` waiters, so that adding cannot fail. NOMEM. */
cupel_status
cup_heap_reserve(struct cup_heap *heap, size_t count);

/* Add a waiter by its `until`. There must be room, and its `timer` be 0. */
void
cup_heap_add(struct cup_heap *heap, struct cup_waiter *waiter);

/* Take it out; harmless if it is not in. */
void
cup_heap_remove(struct cup_heap *heap, struct cup_waiter *waiter);

/* The waiter with the earliest deadline, or NULL. */
struct cup_waiter *
cup_heap_first(const struct cup_heap *heap);

/* The earliest deadline, CUPEL_FOREVER if there is none. */
cupel_time
cup_heap_until(const struct cup_heap *heap);

#endif
