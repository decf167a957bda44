/* SPDX-License-Identifier: MIT */
/* Tasks under a hail of signals, whose handlers run on the tasks' stacks: the
 * results are the same. */
#include "support/test.h"
#include "task/fd.h"
#include "task/task.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { MESSAGES = 3000 };

static volatile sig_atomic_t signals;
static int ends[2];

static void
on_alarm(int number)
{
    volatile char room[512];

    room[0] = (char)number;
    signals = signals + (room[0] != 0);
}

static cupel_status
send_numbers(void *arg)
{
    struct cup_fd *fd;
    unsigned i;

    (void)arg;
    CHECK_OK(cup_fd_open(ends[1], &fd));
    for (i = 0; i < MESSAGES; i++) {
        CHECK_OK(cup_fd_wait(fd, CUP_WRITABLE, CUPEL_FOREVER, NULL));
        while (write(ends[1], &i, sizeof i) < 0)
            CHECK_INT(errno, EINTR);
        CHECK_OK(cupel_yield());
    }
    cup_fd_close(fd);
    return CUPEL_OK;
}

static cupel_status
receive_numbers(void *arg)
{
    struct cup_fd *fd;
    unsigned i, got;

    (void)arg;
    CHECK_OK(cup_fd_open(ends[0], &fd));
    for (i = 0; i < MESSAGES; i++) {
        CHECK_OK(cup_fd_wait(fd, CUP_READABLE, CUPEL_FOREVER, NULL));
        while (read(ends[0], &got, sizeof got) < 0)
            CHECK_INT(errno, EINTR);
        CHECK_INT(got, i);
    }
    cup_fd_close(fd);
    return CUPEL_OK;
}

static void
add_up(void *arg)
{
    volatile long sum = 0;
    long i;

    for (i = 0; i < 100000; i++)
        sum += i;
    *(long *)arg = sum;
}

static cupel_status
live(void *arg)
{
    cupel_future *futures[] = { cupel_future_call(send_numbers, arg),
                                cupel_future_call(receive_numbers, arg) };
    cupel_time start;
    long sum;
    int i;

    CHECK_OK(cupel_await(cupel_future_gather(futures, 2)));
    for (i = 0; i < 20; i++) {
        start = cupel_now();
        CHECK_OK(cupel_sleep(3));
        CHECK(cupel_now() - start >= 3);
        CHECK_OK(cupel_offload(add_up, NULL, &sum, CUPEL_FOREVER));
        CHECK_INT(sum, 4999950000);
    }
    return CUPEL_OK;
}

TEST(signals_change_nothing)
{
    struct sigaction action = { .sa_handler = on_alarm }, before;
    struct itimerval often = { { 0, 1000 }, { 0, 1000 } };
    struct itimerval never = { { 0, 0 }, { 0, 0 } };

    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    CHECK_INT(sigaction(SIGALRM, &action, &before), 0);
    CHECK_INT(setitimer(ITIMER_REAL, &often, NULL), 0);
    CHECK_OK(cupel_run(live, NULL));
    CHECK_INT(setitimer(ITIMER_REAL, &never, NULL), 0);
    sigaction(SIGALRM, &before, NULL);
    CHECK(signals > 10);
    close(ends[0]);
    close(ends[1]);
}
