/* SPDX-License-Identifier: MIT */
/* The deadlines of a loop: a binary heap of waiters, earliest first, those of
 * one moment in the order they came.
 *
 * Nearly every wait ends before its deadline. So taking a waiter out only marks
 * its ticket: the slot stays where it is until it comes to the top, or until
 * there are more such slots than others and all of them are swept out. */
#ifndef CUP_TASK_HEAP_H
#define CUP_TASK_HEAP_H

#include <cupel/error.h>

struct cup_waiter;
struct cup_heap_slot;
struct cup_heap_ticket;

/* In place; zeroed memory is a valid empty heap. */
struct cup_heap {
    struct cup_heap_slot *slots;     /* owned; from slots[1] on */
    struct cup_heap_ticket *tickets; /* owned; from tickets[1] on */
    size_t free_ticket;              /* 0: none */
    size_t count;                    /* waiters */
    size_t used;                     /* slots, with those of nobody */
    size_t size;                     /* slots and tickets allocated */
    uint64_t order;                  /* of the next one to come */
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
cup_heap_first(struct cup_heap *heap);

/* The earliest deadline, CUPEL_FOREVER if there is none. */
cupel_time
cup_heap_until(struct cup_heap *heap);

/* The same or, at less cost, the deadline of a waiter that was taken out and
 * had an earlier one: for a timer that may fire for nothing. */
cupel_time
cup_heap_until_about(const struct cup_heap *heap);

#endif
