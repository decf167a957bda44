/* SPDX-License-Identifier: MIT */
/* Test bodies that run inside a task. A failing assertion leaves by longjmp,
 * so it is caught on the task's own stack and raised again outside. */
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
    CHECK_OK(cupel_run(run_body, &body));
    CHECK(cupel_loop_current() == NULL);
}
