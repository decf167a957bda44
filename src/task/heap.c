/* SPDX-License-Identifier: MIT */
/* A binary heap with the keys in its slots and the waiters behind tickets:
 * sifting touches none of the waiters' stacks, which are rarely in any cache.
 */
#include "task/heap.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "task/wait.h"

struct cup_heap_slot {
    cupel_time until;
    uint64_t order;
    size_t ticket;
};

/* Whom a slot stands for. */
struct cup_heap_ticket {
    struct cup_waiter *waiter; /* NULL: nobody any more */
    size_t next_free;          /* while no slot has it; 0: the last */
};

/* How many slots of nobody are always borne with. */
enum { SIZE_FIRST = 128, SLACK = 64 };

void
cup_heap_fini(struct cup_heap *heap)
{
    CUP_ASSERT(heap->count == 0);
    cup_free(heap->slots);
    cup_free(heap->tickets);
    *heap = (struct cup_heap){ 0 };
}

/* ---- Tickets ------------------------------------------------------------ */

static void
free_ticket(struct cup_heap *heap, size_t ticket)
{
    heap->tickets[ticket].waiter = NULL;
    heap->tickets[ticket].next_free = heap->free_ticket;
    heap->free_ticket = ticket;
}

static size_t
take_ticket(struct cup_heap *heap, struct cup_waiter *waiter)
{
    size_t ticket = heap->free_ticket;

    CUP_ASSERT(ticket != 0);
    heap->free_ticket = heap->tickets[ticket].next_free;
    heap->tickets[ticket].waiter = waiter;
    waiter->timer = ticket;
    return ticket;
}

/* Twice the room, so that sweeping pays. */
cupel_status
cup_heap_reserve(struct cup_heap *heap, size_t count)
{
    struct cup_heap_slot *slots;
    struct cup_heap_ticket *tickets;
    size_t size = heap->size > 0 ? heap->size : SIZE_FIRST;
    size_t ticket;

    if (count > SIZE_MAX / 8)
        return cup_nomem();
    if (count * 2 + SLACK < heap->size) /* one slot is never used */
        return CUPEL_OK;
    while (size <= count * 2 + SLACK)
        size *= 2;
    slots = cup_realloc_array(heap->slots, size, sizeof *slots);
    if (slots == NULL)
        return cup_nomem();
    heap->slots = slots;
    tickets = cup_realloc_array(heap->tickets, size, sizeof *tickets);
    if (tickets == NULL)
        return cup_nomem();
    heap->tickets = tickets;
    for (ticket = heap->size > 0 ? heap->size : 1; ticket < size; ticket++)
        free_ticket(heap, ticket);
    heap->size = size;
    return CUPEL_OK;
}

/* ---- Sifting ------------------------------------------------------------ */

static bool
is_before(const struct cup_heap_slot *a, const struct cup_heap_slot *b)
{
    if (a->until != b->until)
        return a->until < b->until;
    return a->order < b->order;
}

static void
sift_up(struct cup_heap *heap, size_t i, struct cup_heap_slot slot)
{
    while (i > 1 && is_before(&slot, &heap->slots[i / 2])) {
        heap->slots[i] = heap->slots[i / 2];
        i /= 2;
    }
    heap->slots[i] = slot;
}

static void
sift_down(struct cup_heap *heap, size_t i, struct cup_heap_slot slot)
{
    size_t child;

    while ((child = i * 2) <= heap->used) {
        if (child < heap->used &&
            is_before(&heap->slots[child + 1], &heap->slots[child]))
            child++;
        if (!is_before(&heap->slots[child], &slot))
            break;
        heap->slots[i] = heap->slots[child];
        i = child;
    }
    heap->slots[i] = slot;
}

/* ---- Slots of nobody ---------------------------------------------------- */

static bool
is_nobodys(const struct cup_heap *heap, size_t i)
{
    return heap->tickets[heap->slots[i].ticket].waiter == NULL;
}

/* Take all of them out and make a heap of the others again. */
static void
sweep(struct cup_heap *heap)
{
    size_t i, kept = 0;

    for (i = 1; i <= heap->used; i++) {
        if (is_nobodys(heap, i))
            free_ticket(heap, heap->slots[i].ticket);
        else
            heap->slots[++kept] = heap->slots[i];
    }
    heap->used = kept;
    CUP_ASSERT(kept == heap->count);
    for (i = kept / 2; i > 0; i--)
        sift_down(heap, i, heap->slots[i]);
}

/* Have a slot of somebody's at the top, if there is any. */
static void
clear_top(struct cup_heap *heap)
{
    struct cup_heap_slot last;

    while (heap->used > 0 && is_nobodys(heap, 1)) {
        free_ticket(heap, heap->slots[1].ticket);
        last = heap->slots[heap->used--];
        if (heap->used > 0)
            sift_down(heap, 1, last);
    }
}

/* ---- The verbs ---------------------------------------------------------- */

void
cup_heap_add(struct cup_heap *heap, struct cup_waiter *waiter)
{
    struct cup_heap_slot slot;

    CUP_ASSERT(waiter->timer == 0);
    if (heap->used + 1 >= heap->size)
        sweep(heap);
    CUP_ASSERT(heap->used + 1 < heap->size);
    slot.until = waiter->until;
    slot.order = heap->order++;
    slot.ticket = take_ticket(heap, waiter);
    heap->count++;
    sift_up(heap, ++heap->used, slot);
}

void
cup_heap_remove(struct cup_heap *heap, struct cup_waiter *waiter)
{
    if (waiter->timer == 0)
        return;
    CUP_ASSERT(heap->tickets[waiter->timer].waiter == waiter);
    heap->tickets[waiter->timer].waiter = NULL;
    waiter->timer = 0;
    heap->count--;
    if (heap->used - heap->count > heap->count + SLACK)
        sweep(heap);
}

struct cup_waiter *
cup_heap_first(struct cup_heap *heap)
{
    clear_top(heap);
    return heap->used > 0 ? heap->tickets[heap->slots[1].ticket].waiter : NULL;
}

cupel_time
cup_heap_until(struct cup_heap *heap)
{
    clear_top(heap);
    return cup_heap_until_about(heap);
}

cupel_time
cup_heap_until_about(const struct cup_heap *heap)
{
    return heap->used > 0 ? heap->slots[1].until : CUPEL_FOREVER;
}
