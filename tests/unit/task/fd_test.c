/* SPDX-License-Identifier: MIT */
/* Waiting for descriptors, in tasks and outside. */
#include "support/test.h"
#include "task/fd.h"
#include "task/loop.h"
#include "task/task.h"

#include "base/error.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <uv.h>

static int ends[2]; /* ours, the peer's */
static struct cup_fd *fd;

static void
begin(void)
{
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    CHECK_OK(cup_fd_open(ends[0], &fd));
}

static void
end(void)
{
    cup_fd_close(fd);
    close(ends[0]);
    close(ends[1]);
}

static void
peer_says(const char *text)
{
    CHECK_INT(write(ends[1], text, strlen(text)), strlen(text));
}

static void
drain(int from)
{
    char buf[4096];

    while (read(from, buf, sizeof buf) > 0)
        continue;
}

static void
fill(int to)
{
    static const char zeros[65536];

    while (write(to, zeros, sizeof zeros) > 0)
        continue;
}

/* A task that waits once for `events`. */
struct reader {
    int events;
    cupel_time until;
    int ready;
    cupel_status rc;
    bool woke;
};

static cupel_status
wait_once(void *arg)
{
    struct reader *reader = arg;

    reader->rc = cup_fd_wait(fd, reader->events, reader->until, &reader->ready);
    reader->woke = true;
    return CUPEL_OK;
}

static struct cup_task *
start(struct reader *reader, int events, cupel_time until)
{
    struct cup_task *task;

    memset(reader, 0, sizeof *reader);
    reader->events = events;
    reader->until = until;
    CHECK_OK(cup_task_spawn(wait_once, reader, NULL, NULL, &task));
    CHECK_OK(cupel_yield());
    return task;
}

static void
finish(const struct reader *reader, cupel_status rc)
{
    int i;

    for (i = 0; i < 100000 && !reader->woke; i++)
        CHECK_OK(cupel_yield());
    CHECK(reader->woke);
    CHECK_INT(reader->rc, rc);
}

TASK_TEST(readable_descriptor_ends_the_wait)
{
    struct reader reader;

    begin();
    start(&reader, CUP_READABLE, CUPEL_FOREVER);
    CHECK_OK(cupel_sleep(2));
    CHECK(!reader.woke);
    peer_says("x");
    finish(&reader, CUPEL_OK);
    CHECK_INT(reader.ready, CUP_READABLE);
    end();
}

TASK_TEST(writable_descriptor_ends_the_wait)
{
    struct reader reader;

    begin();
    fill(ends[0]);
    start(&reader, CUP_READABLE | CUP_WRITABLE, CUPEL_FOREVER);
    CHECK_OK(cupel_sleep(2));
    CHECK(!reader.woke);
    drain(ends[1]);
    finish(&reader, CUPEL_OK);
    CHECK_INT(reader.ready, CUP_WRITABLE);
    end();
}

TASK_TEST(waits_alternate_between_events)
{
    int ready, i;

    begin();
    for (i = 0; i < 10; i++) {
        CHECK_OK(cup_fd_wait(fd, CUP_WRITABLE, CUPEL_FOREVER, &ready));
        CHECK_INT(ready, CUP_WRITABLE);
        peer_says("x");
        CHECK_OK(cup_fd_wait(fd, CUP_READABLE, CUPEL_FOREVER, &ready));
        CHECK_INT(ready, CUP_READABLE);
        drain(ends[0]);
        CHECK_FAILS(cup_fd_wait(fd, CUP_READABLE, cupel_deadline_in(1), NULL),
                    CUPEL_E_TIMEOUT);
    }
    end();
}

TASK_TEST(input_does_not_end_a_wait_for_room)
{
    struct reader reader;

    begin();
    fill(ends[0]);
    peer_says("x");
    start(&reader, CUP_WRITABLE, CUPEL_FOREVER);
    CHECK_OK(cupel_sleep(2));
    CHECK(!reader.woke);
    drain(ends[1]);
    finish(&reader, CUPEL_OK);
    CHECK_INT(reader.ready, CUP_WRITABLE);
    CHECK_OK(cup_fd_wait(fd, CUP_READABLE, CUPEL_FOREVER, NULL));
    end();
}

TASK_TEST(deadline_and_cancellation_end_the_wait)
{
    struct cup_task *task;
    struct reader reader;

    begin();
    CHECK_FAILS(cup_fd_wait(fd, CUP_READABLE, cupel_deadline_in(5), NULL),
                CUPEL_E_TIMEOUT);
    task = start(&reader, CUP_READABLE, CUPEL_FOREVER);
    cup_task_cancel(task);
    finish(&reader, CUPEL_E_CANCELLED);
    peer_says("x");
    CHECK_OK(cup_fd_wait(fd, CUP_READABLE, CUPEL_FOREVER, NULL));
    end();
}

TASK_TEST(hang_up_is_readable)
{
    struct reader reader;

    begin();
    start(&reader, CUP_READABLE, CUPEL_FOREVER);
    close(ends[1]);
    finish(&reader, CUPEL_OK);
    CHECK(reader.ready & CUP_READABLE);
    end();
}

TASK_TEST(refused_connection_ends_the_wait)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int error = 0;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_INT(bind(listener, (struct sockaddr *)&address, len), 0);
    CHECK_INT(getsockname(listener, (struct sockaddr *)&address, &len), 0);
    ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ends[1] = listener; /* bound and not listening: nobody answers there */
    CHECK_INT(connect(ends[0], (struct sockaddr *)&address, len), -1);
    CHECK_OK(cup_fd_open(ends[0], &fd));
    CHECK_OK(cup_fd_wait(fd, CUP_WRITABLE, cupel_deadline_in(5000), NULL));
    len = sizeof error;
    CHECK_INT(getsockopt(ends[0], SOL_SOCKET, SO_ERROR, &error, &len), 0);
    CHECK(error != 0);
    end();
}

TASK_TEST(second_waiter_is_refused)
{
    struct reader reader;

    begin();
    start(&reader, CUP_READABLE, CUPEL_FOREVER);
    CHECK_FAILS(cup_fd_wait(fd, CUP_READABLE, CUPEL_FOREVER, NULL),
                CUPEL_E_INVALID);
    peer_says("x");
    finish(&reader, CUPEL_OK);
    end();
}

TASK_TEST(closing_ends_the_wait)
{
    struct reader reader;

    begin();
    start(&reader, CUP_READABLE, CUPEL_FOREVER);
    end();
    finish(&reader, CUPEL_E_CLOSED);
    cup_fd_close(NULL);
}

static cupel_status
close_when_told(void *arg)
{
    struct cup_fd *news;

    CHECK_OK(cup_fd_open(*(int *)arg, &news));
    CHECK_OK(cup_fd_wait(news, CUP_READABLE, CUPEL_FOREVER, NULL));
    cup_fd_close(news);
    end();
    return CUPEL_OK;
}

/* Both become ready in one poll, the one that closes first: so the reader was
 * woken, and resumes when the cup_fd has gone. */
TASK_TEST(closing_after_the_wake_up_is_harmless)
{
    struct reader reader;
    int news[2];

    begin();
    CHECK_INT(pipe(news), 0);
    start(&reader, CUP_READABLE, CUPEL_FOREVER);
    CHECK_OK(cup_task_spawn(close_when_told, &news[0], NULL, NULL, NULL));
    CHECK_OK(cupel_sleep(2));
    CHECK_INT(write(news[1], "x", 1), 1);
    peer_says("x");
    finish(&reader, CUPEL_OK);
    CHECK_INT(reader.ready, CUP_READABLE);
    close(news[0]);
    close(news[1]);
}

TASK_TEST(regular_file_is_a_clear_error)
{
    FILE *file = tmpfile();

    CHECK_FAILS(cup_fd_open(fileno(file), &fd), CUPEL_E_OPERATIONAL);
    CHECK(strstr(cupel_error_text(), "cannot watch descriptor") != NULL);
    CHECK(strstr(cupel_error_text(), "operation not permitted") != NULL);
    fclose(file);
}

TASK_TEST(descriptor_that_is_not_open_is_a_clear_error)
{
    CHECK_FAILS(cup_fd_open(1000, &fd), CUPEL_E_OPERATIONAL);
}

/* A new socket often gets the number of the one just closed. */
TASK_TEST(new_socket_with_the_same_number_is_watched_anew)
{
    int number, i;

    begin();
    number = ends[0];
    for (i = 0; i < 5; i++) {
        CHECK_FAILS(cup_fd_wait(fd, CUP_READABLE, cupel_deadline_in(1), NULL),
                    CUPEL_E_TIMEOUT);
        end();
        begin();
        CHECK_INT(ends[0], number);
        peer_says("x");
        CHECK_OK(cup_fd_wait(fd, CUP_READABLE, cupel_deadline_in(5000), NULL));
        drain(ends[0]);
    }
    end();
}

static void
count_rounds(uv_prepare_t *prepare)
{
    ++*(int *)prepare->data;
}

static cupel_status
ignore_input(void *arg)
{
    int *rounds = arg;

    begin();
    CHECK_OK(cup_fd_wait(fd, CUP_WRITABLE, CUPEL_FOREVER, NULL));
    CHECK_FAILS(cup_fd_wait(fd, CUP_READABLE, cupel_deadline_in(1), NULL),
                CUPEL_E_TIMEOUT);
    peer_says("x");
    *rounds = 0;
    CHECK_OK(cupel_sleep(20));
    CHECK(*rounds < 5);
    CHECK_OK(cup_fd_wait(fd, CUP_READABLE, CUPEL_FOREVER, NULL));
    end();
    return CUPEL_OK;
}

TEST(readiness_without_a_waiter_does_not_spin)
{
    uv_prepare_t prepare;
    cupel_loop *loop;
    int rounds = 0;
    uv_loop_t uv;

    CHECK_INT(uv_loop_init(&uv), 0);
    uv_prepare_init(&uv, &prepare);
    prepare.data = &rounds;
    uv_prepare_start(&prepare, count_rounds);
    uv_unref((uv_handle_t *)&prepare);
    CHECK_OK(cupel_loop_new_on(&uv, &loop));
    CHECK_OK(cup_task_spawn(ignore_input, &rounds, NULL, NULL, NULL));
    uv_run(&uv, UV_RUN_DEFAULT);
    CHECK_OK(cupel_loop_free(loop));
    uv_close((uv_handle_t *)&prepare, NULL);
    uv_run(&uv, UV_RUN_DEFAULT);
    CHECK_INT(uv_loop_close(&uv), 0);
}

/* ---- Lives of different length ------------------------------------------ */

static cupel_status
open_and_leave(void *arg)
{
    (void)arg;
    begin();
    return cup_fd_wait(fd, CUP_WRITABLE, CUPEL_FOREVER, NULL);
}

static cupel_status
wait_for_input(void *arg)
{
    (void)arg;
    return cup_fd_wait(fd, CUP_READABLE, cupel_deadline_in(5000), NULL);
}

TEST(descriptor_outlives_its_loop_and_joins_another)
{
    CHECK_OK(cupel_run(open_and_leave, NULL));
    peer_says("x");
    CHECK_OK(cup_fd_wait(fd, CUP_READABLE, cupel_deadline_in(5000), NULL));
    CHECK_OK(cupel_run(wait_for_input, NULL));
    end();
}

/* ---- Outside tasks ------------------------------------------------------ */

TEST(outside_tasks_the_wait_blocks)
{
    int ready = 0;

    begin();
    CHECK_OK(
        cup_fd_wait(fd, CUP_READABLE | CUP_WRITABLE, CUPEL_FOREVER, &ready));
    CHECK_INT(ready, CUP_WRITABLE);
    peer_says("x");
    CHECK_OK(cup_fd_wait(fd, CUP_READABLE, CUPEL_FOREVER, &ready));
    CHECK_INT(ready, CUP_READABLE);
    end();
}

TEST(outside_tasks_the_deadline_counts_too)
{
    cupel_time start = cupel_now();

    begin();
    CHECK_FAILS(cup_fd_wait(fd, CUP_READABLE, start + 20, NULL),
                CUPEL_E_TIMEOUT);
    CHECK(cupel_now() >= start + 20);
    CHECK_FAILS(cup_fd_wait(fd, CUP_WRITABLE, start, NULL), CUPEL_E_TIMEOUT);
    cup_clock_freeze(1000);
    CHECK_FAILS(cup_fd_wait(fd, CUP_READABLE, 1005, NULL), CUPEL_E_TIMEOUT);
    cup_clock_thaw();
    end();
}

static void
on_alarm(int number)
{
    (void)number;
}

TEST(signals_do_not_end_a_blocking_wait)
{
    struct sigaction action = { .sa_handler = on_alarm }, before;
    struct itimerval often = { { 0, 1000 }, { 0, 1000 } };
    struct itimerval never = { { 0, 0 }, { 0, 0 } };
    cupel_time start = cupel_now();

    begin();
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &often, NULL);
    CHECK_FAILS(cup_fd_wait(fd, CUP_READABLE, start + 30, NULL),
                CUPEL_E_TIMEOUT);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
    CHECK(cupel_now() >= start + 30);
    end();
}
