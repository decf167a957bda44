/* SPDX-License-Identifier: MIT */
/* Channels: order, room, meeting, closing. */
#include "support/test.h"
#include "task/loop.h"
#include "task/task.h"

#include <pthread.h>
#include <stdlib.h>

static int numbers[1000];

static cupel_channel *channel;

static void *
item(int number)
{
    return &numbers[number];
}

static int
receive(void)
{
    void *got = NULL;

    CHECK_OK(cupel_channel_receive(channel, CUPEL_FOREVER, &got));
    return (int)((int *)got - numbers);
}

TASK_TEST(items_come_out_in_order)
{
    int i, round;

    channel = cupel_channel_new(3);
    for (round = 0; round < 3; round++) {
        for (i = 0; i < 3; i++)
            CHECK_OK(cupel_channel_send(channel, item(i), CUPEL_FOREVER));
        CHECK_INT(receive(), 0);
        CHECK_OK(cupel_channel_send(channel, item(3), CUPEL_FOREVER));
        for (i = 1; i < 4; i++)
            CHECK_INT(receive(), i);
    }
    cupel_channel_free(channel);
}

static cupel_status
send_numbers(void *arg)
{
    int i;

    for (i = 0; i < *(int *)arg; i++)
        CHECK_OK(cupel_channel_send(channel, item(i), CUPEL_FOREVER));
    return CUPEL_OK;
}

static void
pass_through(size_t capacity)
{
    int count = 100, i;
    cupel_future *sender = cupel_future_call(send_numbers, &count);

    channel = cupel_channel_new(capacity);
    CHECK_OK(cupel_future_spawn(sender));
    for (i = 0; i < count; i++)
        CHECK_INT(receive(), i);
    CHECK_OK(cupel_await(sender));
    cupel_channel_free(channel);
}

TASK_TEST(full_channel_makes_senders_wait)
{
    pass_through(1);
    pass_through(7);
    pass_through(1000);
}

TASK_TEST(channel_without_room_makes_each_send_meet_a_receive)
{
    int count = 1;
    cupel_future *sender = cupel_future_call(send_numbers, &count);

    channel = cupel_channel_new(0);
    CHECK_OK(cupel_future_spawn(sender));
    CHECK_OK(cupel_yield());
    CHECK_OK(cupel_yield());
    CHECK(!cupel_future_done(sender));
    CHECK_INT(receive(), 0);
    CHECK_OK(cupel_await(sender));
    cupel_channel_free(channel);
    pass_through(0);
}

static cupel_status
receive_one(void *arg)
{
    *(int *)arg = receive();
    return CUPEL_OK;
}

TASK_TEST(receivers_are_served_in_order)
{
    int got[3] = { -1, -1, -1 }, i;
    cupel_group *group = cupel_group_new();

    channel = cupel_channel_new(2);
    for (i = 0; i < 3; i++)
        CHECK_OK(cupel_group_spawn(group, receive_one, &got[i]));
    CHECK_OK(cupel_yield());
    for (i = 0; i < 3; i++)
        CHECK_OK(cupel_channel_send(channel, item(i), CUPEL_FOREVER));
    CHECK_OK(cupel_group_wait(group));
    for (i = 0; i < 3; i++)
        CHECK_INT(got[i], i);
    cupel_channel_free(channel);
}

TASK_TEST(deadlines_end_both_ends)
{
    void *got;

    cup_clock_freeze(1000);
    channel = cupel_channel_new(1);
    CHECK_FAILS(cupel_channel_receive(channel, 1100, &got), CUPEL_E_TIMEOUT);
    CHECK_OK(cupel_channel_send(channel, item(1), 1200));
    CHECK_FAILS(cupel_channel_send(channel, item(2), 1200), CUPEL_E_TIMEOUT);
    CHECK_INT(cupel_now(), 1200);
    CHECK_INT(receive(), 1);
    CHECK_FAILS(cupel_channel_receive(channel, 1300, &got), CUPEL_E_TIMEOUT);
    cupel_channel_free(channel);
    cup_clock_thaw();
}

static cupel_status
send_two(void *arg)
{
    (void)arg;
    CHECK_OK(cupel_channel_send(channel, item(8), CUPEL_FOREVER));
    return cupel_channel_send(channel, item(9), CUPEL_FOREVER);
}

TASK_TEST(item_of_a_sender_that_gave_up_is_not_received)
{
    cupel_future *sender = cupel_future_call(send_two, NULL);
    void *got;

    channel = cupel_channel_new(1);
    CHECK_OK(cupel_future_spawn(sender));
    CHECK_OK(cupel_yield());
    cupel_future_cancel(sender);
    CHECK_FAILS(cupel_await(sender), CUPEL_E_CANCELLED);
    CHECK_INT(receive(), 8);
    CHECK_FAILS(cupel_channel_receive(channel, cupel_now(), &got),
                CUPEL_E_TIMEOUT);
    cupel_channel_free(channel);
}

TASK_TEST(item_handed_to_a_task_cancelled_right_after_is_not_lost)
{
    cupel_future *receiver;
    int got = -1;

    channel = cupel_channel_new(0);
    receiver = cupel_future_call(receive_one, &got);
    CHECK_OK(cupel_future_spawn(receiver));
    CHECK_OK(cupel_yield());
    CHECK_OK(cupel_channel_send(channel, item(5), CUPEL_FOREVER));
    cupel_future_cancel(receiver);
    CHECK_OK(cupel_await(receiver));
    CHECK_INT(got, 5);
    cupel_channel_free(channel);
}

TASK_TEST(closed_channel_gives_what_it_holds_and_takes_no_more)
{
    void *got;

    channel = cupel_channel_new(2);
    CHECK_OK(cupel_channel_send(channel, item(1), CUPEL_FOREVER));
    cupel_channel_close(channel);
    cupel_channel_close(channel);
    CHECK_FAILS(cupel_channel_send(channel, item(2), CUPEL_FOREVER),
                CUPEL_E_CLOSED);
    CHECK_INT(receive(), 1);
    CHECK_FAILS(cupel_channel_receive(channel, CUPEL_FOREVER, &got),
                CUPEL_E_CLOSED);
    cupel_channel_free(channel);
}

static cupel_status
receive_failing(void *arg)
{
    void *got;

    return cupel_channel_receive(arg, CUPEL_FOREVER, &got);
}

TASK_TEST(closing_wakes_every_waiter)
{
    cupel_future *sender = cupel_future_call(send_two, NULL);
    cupel_future *receiver;

    channel = cupel_channel_new(1);
    CHECK_OK(cupel_future_spawn(sender));
    CHECK_OK(cupel_yield());
    cupel_channel_free(channel);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INVALID);
    cupel_channel_close(channel);
    CHECK_FAILS(cupel_await(sender), CUPEL_E_CLOSED);
    CHECK_STR(cupel_error_text(), "the channel is closed");
    cupel_channel_free(channel);

    channel = cupel_channel_new(1);
    receiver = cupel_future_call(receive_failing, channel);
    CHECK_OK(cupel_future_spawn(receiver));
    CHECK_OK(cupel_yield());
    cupel_channel_close(channel);
    CHECK_FAILS(cupel_await(receiver), CUPEL_E_CLOSED);
    cupel_channel_free(channel);
}

static void *
misuse(void *arg)
{
    long wrong = 0;
    void *got;

    wrong += cupel_channel_send(arg, NULL, 0) != CUPEL_E_THREAD;
    wrong += cupel_channel_receive(arg, 0, &got) != CUPEL_E_THREAD;
    cupel_channel_close(arg);
    cupel_channel_free(arg);
    return wrong == 0 ? NULL : arg;
}

TASK_TEST(misuse_of_a_channel_is_an_error)
{
    void *wrong = NULL;
    pthread_t thread;

    channel = cupel_channel_new(1);
    CHECK_FAILS(cupel_channel_send(NULL, NULL, 0), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_channel_receive(NULL, 0, &wrong), CUPEL_E_ARGUMENT);
    CHECK_FAILS(cupel_channel_receive(channel, 0, NULL), CUPEL_E_ARGUMENT);
    cupel_channel_close(NULL);
    cupel_channel_free(NULL);
    CHECK_INT(pthread_create(&thread, NULL, misuse, channel), 0);
    CHECK_INT(pthread_join(thread, &wrong), 0);
    CHECK(wrong == NULL);
    CHECK_OK(cupel_channel_send(channel, item(1), CUPEL_FOREVER));
    cupel_channel_free(channel);
}

TEST(channel_outside_tasks_is_refused)
{
    void *got;

    channel = cupel_channel_new(1);
    CHECK_FAILS(cupel_channel_send(channel, NULL, 0), CUPEL_E_NOTASK);
    CHECK_FAILS(cupel_channel_receive(channel, 0, &got), CUPEL_E_NOTASK);
    cupel_channel_free(channel);
    CHECK(cupel_channel_new(SIZE_MAX) == NULL);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_NOMEM);
}
