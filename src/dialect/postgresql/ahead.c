/* SPDX-License-Identifier: MIT */
#include "dialect/postgresql/ahead.h"

#include "base/error.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/send.h"
#include "dialect/postgresql/wire.h"
#include "task/task.h"

#include <errno.h>
#include <poll.h>

/* Longer than a round trip to another continent. */
enum { BLOCK_MS = 2000 };

/* What a ROLLBACK may stand ahead of: a transaction, all of whose answers are
 * in. Streams have cursors in it, chores are to be done before the next one
 * begins, and behind a pooler its end may be the session's. */
static bool
can_go_ahead(const struct cup_pg_wire *wire)
{
    return cup_task_current() != NULL && wire->answers.count == 0 &&
           (wire->status == CUPEL_WIRE_IN_TRANSACTION ||
            wire->status == CUPEL_WIRE_FAILED) &&
           wire->chores.idle.len == 0 && cup_list_empty(&wire->streams) &&
           !wire->shared && !wire->pooler && !wire->lost && !wire->poisoned &&
           PQstatus(wire->conn) == CONNECTION_OK;
}

/* Without a record of failure: the wire is lost then, and its next user is
 * told. */
static void
send_sync(struct cup_pg_wire *wire)
{
    struct cupel_error *kept;

    if (wire->lost || !wire->unsynced)
        return;
    kept = cup_error_take();
    cup_ignore(cup_pg_send_sync(wire, &wire->ahead.call),
               "a wire that cannot send is lost");
    cup_error_give(kept);
}

static void
on_turn(struct cup_later *later)
{
    struct cup_pg_ahead *ahead =
        CUP_CONTAINER(later, struct cup_pg_ahead, sync);

    send_sync(CUP_CONTAINER(ahead, struct cup_pg_wire, ahead));
}

bool
cup_pg_rollback_ahead(cupel_wire *base, cupel_time until)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    struct cupel_error *kept;
    cupel_status rc;

    if (!can_go_ahead(wire))
        return false;
    kept = cup_error_take();
    rc = cup_pg_send_boundary(wire, "ROLLBACK", &wire->ahead.call);
    cup_error_give(kept);
    if (rc != CUPEL_OK)
        return false;
    wire->status = CUPEL_WIRE_IDLE;
    wire->transactions++;
    wire->ahead.until = cup_deadline_cap(until);
    cup_later_start(&wire->ahead.sync, on_turn);
    return true;
}

bool
cup_pg_ahead_overdue(struct cup_pg_wire *wire)
{
    if (!cup_pg_ahead_pending(&wire->ahead) || cupel_now() < wire->ahead.until)
        return false;
    cup_pg_note_silence(wire, "a ROLLBACK was not answered in time");
    cup_pg_wire_lose(wire);
    return true;
}

cupel_status
cup_pg_ahead_finish(struct cup_pg_wire *wire, cupel_time until)
{
    if (!cup_pg_ahead_pending(&wire->ahead))
        return CUPEL_OK;
    send_sync(wire);
    return cup_pg_drain(wire, until);
}

void
cup_pg_ahead_block(struct cup_pg_wire *wire)
{
    struct pollfd entry = { .fd = PQsocket(wire->conn), .events = POLLIN };
    cupel_time until = cupel_deadline_in(BLOCK_MS);

    if (!cup_pg_ahead_pending(&wire->ahead))
        return;
    send_sync(wire);
    while (!wire->lost && cup_pg_ahead_pending(&wire->ahead)) {
        cupel_time left = until - cupel_now();

        if (left <= 0 || PQflush(wire->conn) < 0 ||
            (poll(&entry, 1, (int)left) < 0 && errno != EINTR) ||
            PQconsumeInput(wire->conn) == 0)
            cup_pg_wire_lose(wire);
        cup_pg_take_answers(wire);
    }
}
