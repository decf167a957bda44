/* SPDX-License-Identifier: MIT */
/* Test bodies that run inside a task. A failing assertion leaves the task by
 * longjmp, and its loop behind: task tests that follow it fail, too. */
#include "support/test.h"

#include <cupel/task.h>

static cupel_status
run_body(void *arg)
{
    void (*body)(void);

    memcpy(&body, arg, sizeof body);
    body();
    return CUPEL_OK;
}

void
test_run_in_task(void (*body)(void))
{
    if (cupel_loop_current() != NULL)
        fail_msg("an earlier test failed inside its task");
    CHECK_OK(cupel_run(run_body, &body));
    CHECK(cupel_loop_current() == NULL);
}
