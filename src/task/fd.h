/* SPDX-License-Identifier: MIT */
/* Waiting for a socket. A watcher stays armed while its connection is checked
 * out: level-triggered, reading by default. Readiness that comes while nobody
 * waits is remembered and disarms the watcher, so a loop never spins. */
#ifndef CUP_TASK_FD_H
#define CUP_TASK_FD_H

#include <cupel/error.h>

enum { CUP_READABLE = 1, CUP_WRITABLE = 2 };

/* A watched descriptor. Opaque: libuv's handle is inside, and outlives the
 * struct's owner until the loop has closed it. */
struct cup_fd;

/* Watch `fd` for its owner, who closes the descriptor itself, after
 * cup_fd_close(). In a task it is bound to the task's loop, which makes it
 * non-blocking; one that was opened outside tasks, or whose loop has ended, is
 * bound by the first wait in a task. NOMEM, OPERATIONAL. */
cupel_status
cup_fd_open(int fd, struct cup_fd **out);

/* Wait until it is ready for any of `events` (CUP_READABLE, CUP_WRITABLE);
 * what it is ready for comes in `ready` (may be NULL), errors and hang-ups as
 * readable. One waiter at a time: INVALID. Yields. TIMEOUT, CANCELLED, CLOSED
 * (by cup_fd_close() meanwhile), THREAD, OPERATIONAL. Outside tasks it blocks
 * in poll(2) instead. */
cupel_status
cup_fd_wait(struct cup_fd *fd, int events, cupel_time until, int *ready);

/* Never yields. The descriptor is no longer touched when this returns. NULL is
 * allowed. */
void
cup_fd_close(struct cup_fd *fd);

#endif
