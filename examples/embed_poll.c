/* SPDX-License-Identifier: MIT */
/* cupel inside a loop of your own, here a plain poll(2) loop. Three things make
 * it run there: a descriptor to watch, a moment to be back at, and a step to
 * take whenever either has come. */
#include <cupel/task.h>

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { TASKS = 3 };

/* A task, as straight-line code: while it sleeps, the poll loop goes on. */
static cupel_status
nap(void *arg)
{
    int *span_ms = arg;
    cupel_status rc = cupel_sleep(*span_ms);

    if (rc == CUPEL_OK)
        rc = cupel_sleep(*span_ms);
    return rc;
}

static void
count_down(cupel_status status, const cupel_error *error, void *arg)
{
    int *left = arg;

    if (status != CUPEL_OK)
        fprintf(stderr, "%s\n", cupel_error_message(error));
    --*left;
}

/* poll() wants a span; what has passed is 0, what never comes is -1. */
static int
timeout_until(cupel_time until)
{
    cupel_time left;

    if (until == CUPEL_FOREVER)
        return -1;
    left = until - cupel_now();
    if (left <= 0)
        return 0;
    return left < INT_MAX ? (int)left : INT_MAX;
}

int
main(void)
{
    int spans_ms[TASKS] = { 10, 20, 30 }, left = TASKS, i;
    struct pollfd entry = { .events = POLLIN };
    cupel_time start = cupel_now();
    cupel_loop *loop;

    if (cupel_loop_new(&loop) != CUPEL_OK)
        goto failed;
    for (i = 0; i < TASKS; i++)
        cupel_future_then(cupel_future_call(nap, &spans_ms[i]), count_down,
                          &left);

    entry.fd = cupel_loop_fd(loop); /* beside the descriptors of your own */
    while (left > 0) {
        poll(&entry, 1, timeout_until(cupel_loop_deadline(loop)));
        if (cupel_loop_step(loop) != CUPEL_OK)
            goto failed;
    }
    if (cupel_loop_free(loop) != CUPEL_OK)
        goto failed;
    printf("%d tasks slept in a poll loop for %d ms\n", TASKS,
           (int)(cupel_now() - start));
    return EXIT_SUCCESS;
failed:
    fprintf(stderr, "%s\n", cupel_error_text());
    return EXIT_FAILURE;
}
