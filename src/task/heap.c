/* SPDX-License-Identifier: MIT */
/* A binary heap with the keys beside the pointers and the places in an array of
 * their own, so that sifting touches none of the waiters' stacks, which are
 * rarely in any cache. */
#include "task/heap.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "task/wait.h"

struct cup_heap_slot {
    cupel_time until;
    uint64_t order;
    size_t ticket;
    struct cup_waiter *waiter;
};

enum { SIZE_FIRST = 64 };

void
cup_heap_fini(struct cup_heap *heap)
{
    CUP_ASSERT(heap->count == 0);
    cup_free(heap->slots);
    cup_free(heap->places);
    heap->slots = NULL;
    heap->places = NULL;
    heap->free_ticket = 0;
    heap->size = 0;
}

/* Tickets from `first` up to the last one are free now. */
static void
free_tickets(struct cup_heap *heap, size_t first)
{
    size_t ticket;

    for (ticket = heap->size - 1; ticket >= first; ticket--) {
        heap->places[ticket] = heap->free_ticket;
        heap->free_ticket = ticket;
    }
}

cupel_status
cup_heap_reserve(struct cup_heap *heap, size_t count)
{
    struct cup_heap_slot *slots;
    size_t *places;
    size_t before = heap->size;
    size_t size = heap->size > 0 ? heap->size : SIZE_FIRST;

    if (count < heap->size) /* one slot is never used */
        return CUPEL_OK;
    while (size <= count) {
        if (size > SIZE_MAX / 2)
            return cup_nomem();
        size *= 2;
    }
    slots = cup_realloc_array(heap->slots, size, sizeof *slots);
    if (slots == NULL)
        return cup_nomem();
    heap->slots = slots;
    places = cup_realloc_array(heap->places, size, sizeof *places);
    if (places == NULL)
        return cup_nomem();
    heap->places = places;
    heap->size = size;
    free_tickets(heap, before > 0 ? before : 1);
    return CUPEL_OK;
}

static bool
is_before(const struct cup_heap_slot *a, const struct cup_heap_slot *b)
{
    if (a->until != b->until)
        return a->until < b->until;
    return a->order < b->order;
}

static void
place(struct cup_heap *heap, size_t i, struct cup_heap_slot slot)
{
    heap->slots[i] = slot;
    heap->places[slot.ticket] = i;
}

static void
sift_up(struct cup_heap *heap, size_t i, struct cup_heap_slot slot)
{
    while (i > 1 && is_before(&slot, &heap->slots[i / 2])) {
        place(heap, i, heap->slots[i / 2]);
        i /= 2;
    }
    place(heap, i, slot);
}

static void
sift_down(struct cup_heap *heap, size_t i, struct cup_heap_slot slot)
{
    size_t child;

    while ((child = i * 2) <= heap->count) {
        if (child < heap->count &&
            is_before(&heap->slots[child + 1], &heap->slots[child]))
            child++;
        if (!is_before(&heap->slots[child], &slot))
            break;
        place(heap, i, heap->slots[child]);
        i = child;
    }
    place(heap, i, slot);
}

void
cup_heap_add(struct cup_heap *heap, struct cup_waiter *waiter)
{
    struct cup_heap_slot slot = { waiter->until, heap->order++,
                                  heap->free_ticket, waiter };

    CUP_ASSERT(waiter->timer == 0);
    CUP_ASSERT(heap->count + 1 < heap->size && slot.ticket != 0);
    heap->free_ticket = heap->places[slot.ticket];
    waiter->timer = slot.ticket;
    sift_up(heap, ++heap->count, slot);
}

void
cup_heap_remove(struct cup_heap *heap, struct cup_waiter *waiter)
{
    size_t ticket = waiter->timer, i;
    struct cup_heap_slot last;

    if (ticket == 0)
        return;
    i = heap->places[ticket];
    CUP_ASSERT(i <= heap->count && heap->slots[i].waiter == waiter);
    waiter->timer = 0;
    heap->places[ticket] = heap->free_ticket;
    heap->free_ticket = ticket;
    last = heap->slots[heap->count--];
    if (last.waiter == waiter)
        return;
    if (i > 1 && is_before(&last, &heap->slots[i / 2]))
        sift_up(heap, i, last);
    else
        sift_down(heap, i, last);
}

struct cup_waiter *
cup_heap_first(const struct cup_heap *heap)
{
    return heap->count > 0 ? heap->slots[1].waiter : NULL;
}

cupel_time
cup_heap_until(const struct cup_heap *heap)
{
    return heap->count > 0 ? heap->slots[1].until : CUPEL_FOREVER;
}
