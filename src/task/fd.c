/* SPDX-License-Identifier: MIT */
/* Waiting for a descriptor.
 *
 * To start and stop libuv's watch for each wait would cost more than the wait
 * itself, so it stays armed from one wait to the next. An event that nobody
 * waits for is remembered and its part of the watch disarmed: the next wait
 * finds it, and until then the loop does not spin on it.
 *
 * Three structs with three lives: the cup_fd is its owner's, the cup_watch
 * belongs to libuv until it is closed, the fd_wait to the task that waits. */
#include "task/fd.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "base/error.h"
#include "task/inner.h"
#include "task/loop.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

/* libuv's part. Owned by the loop. */
struct cup_watch {
    uv_poll_t poll;
    struct cupel_loop *loop;
    struct cup_fd *fd;    /* NULL once it was let go of */
    struct cup_list link; /* in cupel_loop.watches */
};

/* A wait, on the waiting task's stack. */
struct fd_wait {
    struct cup_waiter waiter;
    int wanted; /* events */
    int ready;  /* events that ended it */
    bool gone;  /* the cup_fd was closed meanwhile */
};

struct cup_fd {
    int fd;
    struct cup_watch *watch; /* NULL: on no loop yet, or not any more */
    struct fd_wait *wait;    /* who waits, or NULL */
    int armed;               /* events that libuv watches for */
    int seen;                /* events that came while nobody waited */
};

/* ---- Outside tasks ------------------------------------------------------ */

static int
from_poll(short revents)
{
    int events = 0;

    if (revents & (POLLIN | POLLERR | POLLHUP | POLLNVAL))
        events |= CUP_READABLE;
    if (revents & POLLOUT)
        events |= CUP_WRITABLE;
    return events;
}

static cupel_status
wait_in_poll(int fd, int events, cupel_time until, int *ready)
{
    struct pollfd entry = { .fd = fd };
    cupel_time left;
    int count, timeout;

    if (events & CUP_READABLE)
        entry.events |= POLLIN;
    if (events & CUP_WRITABLE)
        entry.events |= POLLOUT;
    for (;;) {
        timeout = -1;
        if (until != CUPEL_FOREVER) {
            left = until - cupel_now();
            if (left <= 0)
                return cup_wait_error(CUPEL_E_TIMEOUT);
            timeout = left < INT_MAX ? (int)left : INT_MAX;
        }
        count = poll(&entry, 1, timeout);
        if (count > 0)
            break;
        if (count == 0 && timeout < INT_MAX)
            return cup_wait_error(CUPEL_E_TIMEOUT);
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return cup_error_set(CUPEL_E_OPERATIONAL,
                                 "cannot wait for descriptor %d: %s", fd,
                                 strerror(errno));
    }
    *ready = from_poll(entry.revents);
    return CUPEL_OK;
}

/* ---- libuv's watch ------------------------------------------------------ */

static void
arm(struct cup_fd *fd, int events);

/* After an error libuv has stopped the watch: the waiter is to find out which
 * error by trying. */
static void
on_event(uv_poll_t *poll, int status, int uv_events)
{
    struct cup_watch *watch = poll->data;
    struct cup_fd *fd = watch->fd;
    struct fd_wait *wait = fd->wait;
    int events = 0, wanted = wait != NULL ? wait->wanted : 0;

    if (uv_events & UV_READABLE)
        events |= CUP_READABLE;
    if (uv_events & UV_WRITABLE)
        events |= CUP_WRITABLE;
    if (status < 0) {
        fd->armed = 0;
        events = CUP_READABLE | CUP_WRITABLE;
    }
    fd->seen |= events & ~wanted;
    if (wait != NULL && (status < 0 || (events & wanted) != 0)) {
        wait->ready = events & (wanted | CUP_READABLE);
        fd->wait = NULL;
        cup_wake(&wait->waiter, CUPEL_OK);
    }
    if ((fd->armed & fd->seen & ~wanted) != 0)
        arm(fd, fd->armed & ~(fd->seen & ~wanted));
}

static void
arm(struct cup_fd *fd, int events)
{
    int uv_events = 0;

    if (events == fd->armed)
        return;
    fd->armed = events;
    if (events & CUP_READABLE)
        uv_events |= UV_READABLE;
    if (events & CUP_WRITABLE)
        uv_events |= UV_WRITABLE;
    if (uv_events == 0)
        uv_poll_stop(&fd->watch->poll);
    else
        uv_poll_start(&fd->watch->poll, uv_events, on_event);
}

static void
on_closed(uv_handle_t *handle)
{
    cup_free(handle->data);
}

/* Leave the watch to libuv, which frees it when it can. */
static void
let_go(struct cup_fd *fd)
{
    struct cup_watch *watch = fd->watch;

    fd->watch = NULL;
    fd->armed = 0;
    watch->fd = NULL;
    cup_list_remove(&watch->link);
    uv_close((uv_handle_t *)&watch->poll, on_closed);
}

static cupel_status
watch_on(struct cup_fd *fd, struct cupel_loop *loop)
{
    struct cup_watch *watch = cup_alloc(sizeof *watch);
    int failed;

    if (watch == NULL)
        return cup_nomem();
    failed = uv_poll_init(loop->uv, &watch->poll, fd->fd);
    if (failed != 0) {
        cup_free(watch);
        return cup_error_set(CUPEL_E_OPERATIONAL,
                             "cannot watch descriptor %d: %s", fd->fd,
                             uv_strerror(failed));
    }
    uv_unref((uv_handle_t *)&watch->poll);
    watch->poll.data = watch;
    watch->loop = loop;
    watch->fd = fd;
    cup_list_push(&loop->watches, &watch->link);
    fd->watch = watch;
    return CUPEL_OK;
}

void
cup_fd_loop_ends(struct cupel_loop *loop)
{
    struct cup_list *link, *after;

    CUP_LIST_EACH (link, after, &loop->watches)
        let_go(CUP_CONTAINER(link, struct cup_watch, link)->fd);
}

/* ---- For its owner ------------------------------------------------------ */

cupel_status
cup_fd_open(int fd, struct cup_fd **out)
{
    struct cup_fd *made = cup_alloc(sizeof *made);
    cupel_status rc = CUPEL_OK;

    CUP_ASSERT(fd >= 0);
    if (made == NULL)
        return cup_nomem();
    made->fd = fd;
    if (cup_thread.current != NULL)
        rc = watch_on(made, cup_thread.loop);
    if (rc != CUPEL_OK) {
        cup_free(made);
        return rc;
    }
    *out = made;
    return CUPEL_OK;
}

/* Whether the current task may wait now. */
static cupel_status
prepare_wait(struct cup_fd *fd)
{
    if (fd->watch == NULL)
        return watch_on(fd, cup_thread.loop);
    if (fd->watch->loop != cup_thread.loop)
        return cup_error_set(CUPEL_E_THREAD,
                             "the connection belongs to another thread");
    if (fd->wait != NULL)
        return cup_error_set(CUPEL_E_INVALID,
                             "another task waits for this connection");
    return CUPEL_OK;
}

/* Writability is nearly always there, so it is watched only while wanted. */
static void
begin_wait(struct cup_fd *fd, struct fd_wait *wait)
{
    int found = fd->seen & wait->wanted;

    if (found == 0) {
        fd->wait = wait;
        arm(fd, wait->wanted | (fd->armed & CUP_READABLE));
        return;
    }
    fd->seen &= ~found;
    wait->ready = found;
    cup_wake(&wait->waiter, CUPEL_OK);
}

/* Yields. */
static cupel_status
wait_in_task(struct cup_fd *fd, int events, cupel_time until, int *ready)
{
    struct cupel_loop *loop = cup_thread.loop;
    struct fd_wait wait = { .wanted = events };
    cupel_status rc = prepare_wait(fd);

    if (rc != CUPEL_OK)
        return rc;
    cup_waiter_init(&wait.waiter);
    wait.waiter.what = "a descriptor";
    begin_wait(fd, &wait);
    loop->fd_waits++;
    rc = cup_wait(&wait.waiter, until);
    loop->fd_waits--;
    if (rc == CUPEL_E_CLOSED)
        return cup_error_set(rc, "the connection was closed meanwhile");
    if (!wait.gone && wait.ready == 0)
        fd->wait = NULL; /* else it may not even exist any more */
    *ready = wait.ready;
    return rc;
}

/* Yields. */
cupel_status
cup_fd_wait(struct cup_fd *fd, int events, cupel_time until, int *ready)
{
    int found = 0;
    cupel_status rc;

    CUP_ASSERT(events != 0 && (events & ~(CUP_READABLE | CUP_WRITABLE)) == 0);
    if (cup_thread.current != NULL)
        rc = wait_in_task(fd, events, until, &found);
    else
        rc = wait_in_poll(fd->fd, events, cup_deadline_cap(until), &found);
    if (ready != NULL)
        *ready = found;
    return rc;
}

/* In a child, the kernel's side of a watch is the parent's: it is left alone.
 */
void
cup_fd_close(struct cup_fd *fd)
{
    if (fd == NULL)
        return;
    if (fd->watch != NULL && fd->watch->loop->forks == cup_forks) {
        CUP_ASSERT(fd->watch->loop == cup_thread.loop);
        if (fd->wait != NULL) {
            fd->wait->gone = true;
            cup_wake(&fd->wait->waiter, CUPEL_E_CLOSED);
        }
        let_go(fd);
    }
    cup_free(fd);
}
