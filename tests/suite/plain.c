/* SPDX-License-Identifier: MIT */
/* Every scenario as it is. */
#include "suite/suite.h"

static const struct scenario *current;

static void
run_current(void)
{
    struct suite suite = suite_target();

    suite_open(&suite);
    CHECK_OK(current->run(&suite));
    suite_check_pool(&suite);
    suite_close(&suite);
}

void
suite_run_scenario(const struct scenario *scenario)
{
    current = scenario;
    suite_run_body(run_current);
}
