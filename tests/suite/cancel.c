/* SPDX-License-Identifier: MIT */
/* Every scenario, cancelled at each of its waits in turn, three ways. However
 * it ends, the pool's accounting is exact afterwards and the next checkout
 * works. */
#include "suite/suite.h"

#include "task/task.h"
#include "task/wait.h"

/* More waits than any scenario has. */
enum { WAITS_MAX = 5000 };

static const struct scenario *current;
static struct suite suite;

/* The scenario's own task: what is cancelled. */
static cupel_status
run_task(void *arg)
{
    struct cup_probe *probe = arg;
    cupel_status rc;

    probe->task = cup_task_current();
    cup_probe_set(probe);
    rc = current->run(&suite);
    cup_probe_set(NULL);
    return rc;
}

static cupel_status
run_probed(struct cup_probe *probe)
{
    cupel_future *future = cupel_future_call(run_task, probe);

    CHECK(future != NULL);
    CHECK_OK(cupel_future_spawn(future));
    return cupel_await(future);
}

/* Count the waits, then cancel at each. */
static void
cancel_everywhere(enum cup_probe_kind kind)
{
    struct cup_probe probe = { .kind = kind };
    unsigned long waits, i;
    cupel_status rc;

    suite_tolerate(false);
    suite_open(&suite);
    CHECK_OK(run_probed(&probe));
    suite_check_pool(&suite);
    suite_close(&suite);
    waits = probe.count;
    CHECK(waits < WAITS_MAX);

    suite_tolerate(true);
    for (i = 1; i <= waits; i++) {
        suite = suite_target();
        suite_open(&suite);
        probe = (struct cup_probe){ .kind = kind, .cancel_at = i };
        rc = run_probed(&probe);
        if (rc != CUPEL_OK && rc != CUPEL_E_CANCELLED)
            fail_msg("wait %lu of %lu, kind %d: %s: %s", i, waits, (int)kind,
                     cupel_status_class(rc), cupel_error_text());
        suite_check_pool(&suite);
        suite_close(&suite);
    }
}

static void
run_current(void)
{
    suite = suite_target();
    cancel_everywhere(CUP_PROBE_BEFORE);
    suite = suite_target();
    cancel_everywhere(CUP_PROBE_DURING);
    suite = suite_target();
    cancel_everywhere(CUP_PROBE_AFTER);
}

void
suite_run_scenario(const struct scenario *scenario)
{
    current = scenario;
    test_run_in_task(run_current);
}
