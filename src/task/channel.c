/* SPDX-License-Identifier: MIT */
/* A bounded queue of pointers. An item is either in the ring, or in the hands
 * of a waiter: a sender that waits carries its item, a receiver that waits gets
 * one put into its hands. Receivers wait only while there is nothing to take,
 * senders only while there is no room, so never both. */
#include <cupel/task.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"
#include "task/inner.h"

struct cupel_channel {
    const struct cup_thread *thread; /* whose it is */
    void **items;                    /* owned; a ring of `capacity` */
    size_t capacity;
    size_t first; /* oldest item */
    size_t count;
    struct cup_list senders;   /* of cup_waiter.link */
    struct cup_list receivers; /* of cup_waiter.link */
    bool closed;
};

cupel_channel *
cupel_channel_new(size_t capacity)
{
    cupel_channel *channel = cup_alloc(sizeof *channel);

    if (channel != NULL && capacity > 0) {
        channel->items = cup_alloc_array(capacity, sizeof *channel->items);
        if (channel->items == NULL) {
            cup_free(channel);
            channel = NULL;
        }
    }
    if (channel == NULL) {
        cup_ignore(cup_nomem(), "NULL says so");
        return NULL;
    }
    channel->thread = &cup_thread;
    channel->capacity = capacity;
    cup_list_init(&channel->senders);
    cup_list_init(&channel->receivers);
    return channel;
}

static cupel_status
check(const cupel_channel *channel)
{
    cupel_status rc;

    if (channel == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no channel");
    rc = cup_thread_check(channel->thread);
    if (rc == CUPEL_OK && cup_thread.current == NULL)
        rc = cup_notask();
    return rc;
}

static cupel_status
closed_error(void)
{
    return cup_error_set(CUPEL_E_CLOSED, "the channel is closed");
}

static struct cup_waiter *
first_of(struct cup_list *waiters)
{
    if (cup_list_empty(waiters))
        return NULL;
    return CUP_CONTAINER(waiters->next, struct cup_waiter, link);
}

static void
put(cupel_channel *channel, void *item)
{
    CUP_ASSERT(channel->count < channel->capacity);
    channel->items[(channel->first + channel->count) % channel->capacity] =
        item;
    channel->count++;
}

static void *
take(cupel_channel *channel)
{
    void *item = channel->items[channel->first];

    CUP_ASSERT(channel->count > 0);
    channel->first = (channel->first + 1) % channel->capacity;
    channel->count--;
    return item;
}

/* Yields. */
cupel_status
cupel_channel_send(cupel_channel *channel, void *item, cupel_time until)
{
    struct cup_waiter waiter, *receiver;
    cupel_status rc = check(channel);

    if (rc != CUPEL_OK)
        return rc;
    if (channel->closed)
        return closed_error();
    receiver = first_of(&channel->receivers);
    if (receiver != NULL) {
        receiver->item = item;
        cup_wake(receiver, CUPEL_OK);
        return CUPEL_OK;
    }
    if (channel->count < channel->capacity) {
        put(channel, item);
        return CUPEL_OK;
    }
    cup_waiter_init(&waiter);
    waiter.what = "room in a channel";
    waiter.item = item;
    cup_list_push(&channel->senders, &waiter.link);
    rc = cup_wait(&waiter, until);
    return rc == CUPEL_E_CLOSED ? closed_error() : rc;
}

/* An item that can be had at once; the first sender that waits moves up. */
static bool
take_now(cupel_channel *channel, void **out)
{
    struct cup_waiter *sender = first_of(&channel->senders);

    if (channel->count > 0) {
        *out = take(channel);
        if (sender != NULL)
            put(channel, sender->item);
    } else if (sender != NULL) {
        *out = sender->item;
    } else {
        return false;
    }
    if (sender != NULL)
        cup_wake(sender, CUPEL_OK);
    return true;
}

/* Yields. */
cupel_status
cupel_channel_receive(cupel_channel *channel, cupel_time until, void **out)
{
    struct cup_waiter waiter;
    cupel_status rc = check(channel);

    if (rc == CUPEL_OK && out == NULL)
        rc = cup_error_set(CUPEL_E_ARGUMENT, "no place for the item");
    if (rc != CUPEL_OK)
        return rc;
    if (take_now(channel, out))
        return CUPEL_OK;
    if (channel->closed)
        return closed_error();
    cup_waiter_init(&waiter);
    waiter.what = "an item in a channel";
    cup_list_push(&channel->receivers, &waiter.link);
    rc = cup_wait(&waiter, until);
    if (rc == CUPEL_OK)
        *out = waiter.item;
    return rc == CUPEL_E_CLOSED ? closed_error() : rc;
}

void
cupel_channel_close(cupel_channel *channel)
{
    struct cup_waiter *waiter;

    if (channel == NULL || cup_thread_check(channel->thread) != CUPEL_OK)
        return;
    channel->closed = true;
    while ((waiter = first_of(&channel->senders)) != NULL)
        cup_wake(waiter, CUPEL_E_CLOSED);
    while ((waiter = first_of(&channel->receivers)) != NULL)
        cup_wake(waiter, CUPEL_E_CLOSED);
}

void
cupel_channel_free(cupel_channel *channel)
{
    if (channel == NULL || cup_thread_check(channel->thread) != CUPEL_OK)
        return;
    if (!cup_list_empty(&channel->senders) ||
        !cup_list_empty(&channel->receivers)) {
        cup_ignore(cup_error_set(CUPEL_E_INVALID, "tasks wait for the channel"),
                   "freeing has no answer");
        return;
    }
    cup_free(channel->items);
    cup_free(channel);
}
