/* SPDX-License-Identifier: MIT */
/* Intrusive doubly linked list: a ring with a head. A member that links says
 * which list it is on. A link that is on no list points at itself, so removing
 * twice is harmless. */
#ifndef CUP_BASE_LIST_H
#define CUP_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct cup_list {
    struct cup_list *prev;
    struct cup_list *next;
};

/* The struct that holds `link` as its member `member`. */
#define CUP_CONTAINER(link, type, member) \
    ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* Safe while the body removes `item` itself. */
#define CUP_LIST_EACH(item, after, head)                                  \
    for ((item) = (head)->next, (after) = (item)->next; (item) != (head); \
         (item) = (after), (after) = (item)->next)

static inline void
cup_list_init(struct cup_list *list)
{
    list->prev = list;
    list->next = list;
}

static inline bool
cup_list_empty(const struct cup_list *list)
{
    return list->next == list;
}

static inline void
cup_list_push(struct cup_list *head, struct cup_list *link)
{
    link->prev = head->prev;
    link->next = head;
    head->prev->next = link;
    head->prev = link;
}

static inline void
cup_list_push_front(struct cup_list *head, struct cup_list *link)
{
    cup_list_push(head->next, link);
}

static inline void
cup_list_remove(struct cup_list *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    cup_list_init(link);
}

/* The first link, taken off; NULL if empty. */
static inline struct cup_list *
cup_list_pop(struct cup_list *head)
{
    struct cup_list *link = head->next;

    if (link == head)
        return NULL;
    cup_list_remove(link);
    return link;
}

#endif
