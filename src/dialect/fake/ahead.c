/* SPDX-License-Identifier: MIT */
/* A ROLLBACK whose answer nobody waits for. It takes no turn of its own: the
 * next call travels with it. Whatever fault strikes it, but for a delay, shows
 * there. */
#include "dialect/fake/server.h"
#include "task/task.h"

#include <string.h>

bool
cup_fake_rollback_ahead(cupel_wire *base, cupel_time until)
{
    struct cup_fake_wire *wire = cup_fake_wire_of(base);
    struct cup_fake_fault fault;

    (void)until;
    if (cup_task_current() == NULL || wire->session->base == NULL ||
        wire->broken || wire->busy || wire->orphaned || wire->refused ||
        !cup_list_empty(&wire->streams))
        return false;
    cup_fake_trace_add(wire->number, "rollback_ahead", NULL);
    cup_fake_arrive(CUP_FAKE_ROLLBACK, "ROLLBACK", &fault);
    cup_fake_log_add("ROLLBACK", strlen("ROLLBACK"));
    wire->refused = fault.kind != CUP_FAKE_DELAY;
    cup_fake_lock();
    cup_fake_session_rollback(wire->session);
    cup_fake_unlock();
    return true;
}
