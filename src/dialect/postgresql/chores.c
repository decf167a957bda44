/* SPDX-License-Identifier: MIT */
/* The chores. Each is a group with its own SYNC, so that one that fails, say
 * because the user has run DISCARD ALL, touches nothing else; and since inside
 * a transaction a failure would spoil that, only cursors are closed there, and
 * only while they are sure to exist. */
#include "dialect/postgresql/chores.h"

#include "dialect/postgresql/send.h"

#include <string.h>

enum { CHORES_MAX = 64 * 1024 };

void
cup_pg_chores_init(struct cup_pg_chores *chores)
{
    memset(chores, 0, sizeof *chores);
    cup_buf_init(&chores->idle, CHORES_MAX);
    cup_buf_init(&chores->cursors, CHORES_MAX);
}

void
cup_pg_chores_fini(struct cup_pg_chores *chores)
{
    cup_buf_fini(&chores->idle);
    cup_buf_fini(&chores->cursors);
}

/* Append a command and its NUL, or nothing. */
static bool
append(struct cup_buf *buf, const char *verb, const char *name)
{
    size_t len = buf->len;

    cup_buf_add_str(buf, verb);
    cup_buf_add(buf, name, strlen(name) + 1);
    if (buf->failed == CUPEL_OK)
        return true;
    buf->len = len;
    buf->failed = CUPEL_OK;
    return false;
}

void
cup_pg_chores_add(struct cup_pg_chores *chores, const char *command)
{
    if (append(&chores->idle, "", command))
        chores->idle_count++;
}

void
cup_pg_chores_close(struct cup_pg_wire *wire, const char *cursor)
{
    struct cup_pg_chores *chores = &wire->chores;

    if (chores->transaction != wire->transactions ||
        chores->rollbacks != wire->rollbacks)
        cup_buf_clear(&chores->cursors);
    chores->transaction = wire->transactions;
    chores->rollbacks = wire->rollbacks;
    append(&chores->cursors, "CLOSE ", cursor);
}

/* Send each command of a list as a group. */
static cupel_status
send_all(struct cup_pg_wire *wire, struct cup_buf *commands)
{
    const char *command = commands->data;
    cupel_status rc = CUPEL_OK;

    while (rc == CUPEL_OK && command < commands->data + commands->len) {
        rc = cup_pg_send_command(wire, command, CUP_PG_COMMAND, NULL);
        if (rc == CUPEL_OK)
            rc = cup_pg_send_sync(wire, NULL);
        command += strlen(command) + 1;
    }
    cup_buf_clear(commands);
    return rc;
}

cupel_status
cup_pg_chores_send(struct cup_pg_wire *wire)
{
    struct cup_pg_chores *chores = &wire->chores;

    if (wire->answers.count > 0)
        return CUPEL_OK; /* what the server last said may be outdated */
    if (chores->idle.len > 0 && wire->status == CUPEL_WIRE_IDLE) {
        chores->idle_count = 0;
        return send_all(wire, &chores->idle);
    }
    if (chores->cursors.len == 0)
        return CUPEL_OK;
    if (wire->status == CUPEL_WIRE_IN_TRANSACTION &&
        chores->transaction == wire->transactions &&
        chores->rollbacks == wire->rollbacks)
        return send_all(wire, &chores->cursors);
    cup_buf_clear(&chores->cursors);
    return CUPEL_OK;
}
