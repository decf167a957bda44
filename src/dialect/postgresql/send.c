/* SPDX-License-Identifier: MIT */
/* Handing messages to libpq. Room in the queue of answers comes first, so that
 * what was sent is always expected. A group that was begun and cannot be ended
 * would be run or dropped at somebody else's SYNC: then the wire goes. */
#include "dialect/postgresql/send.h"

#include "dialect/postgresql/error.h"

/* Before a message: room for its answer. */
static cupel_status
reserve(struct cup_pg_wire *wire)
{
    cupel_status rc = cup_pg_answers_reserve(&wire->answers);

    if (rc != CUPEL_OK && wire->unsynced)
        cup_pg_wire_lose(wire);
    return rc;
}

/* Parameters leave libpq's buffer as large as they made it. */
static void
note_size(struct cup_pg_wire *wire)
{
    if (wire->params.bytes.len > CUP_PG_OVERSIZED)
        wire->oversized = true;
}

/* After a message: expect its answer, or give the wire up. When libpq could not
 * write, it has read what there was: perhaps the server's last words. */
static cupel_status
sent(struct cup_pg_wire *wire, int accepted, enum cup_pg_answer_kind kind,
     struct cup_pg_call *call)
{
    cup_pg_expect(wire, kind, call);
    cup_pg_ahead_follow(&wire->ahead, call);
    if (kind == CUP_PG_SYNC) /* nobody waits before the end of a group */
        cup_pg_wire_unwatch(wire);
    wire->unsynced = kind != CUP_PG_SYNC || accepted != 1;
    if (accepted == 1)
        return CUPEL_OK;
    cup_pg_take_answers(wire);
    cup_pg_wire_lose(wire);
    return cup_pg_error_lost(wire, call);
}

cupel_status
cup_pg_send_command(struct cup_pg_wire *wire, const char *sql,
                    enum cup_pg_answer_kind kind, struct cup_pg_call *call)
{
    cupel_status rc = reserve(wire);

    if (rc != CUPEL_OK)
        return rc;
    return sent(
        wire, PQsendQueryParams(wire->conn, sql, 0, NULL, NULL, NULL, NULL, 0),
        kind, call);
}

cupel_status
cup_pg_send_parse(struct cup_pg_wire *wire, const char *name, const char *sql,
                  enum cup_pg_answer_kind kind, struct cup_pg_call *call)
{
    cupel_status rc = reserve(wire);

    if (rc != CUPEL_OK)
        return rc;
    return sent(wire, PQsendPrepare(wire->conn, name, sql, 0, NULL), kind,
                call);
}

cupel_status
cup_pg_send_named(struct cup_pg_wire *wire, const char *name,
                  enum cup_pg_answer_kind kind, struct cup_pg_call *call)
{
    cupel_status rc = reserve(wire);

    if (rc != CUPEL_OK)
        return rc;
    return sent(wire,
                PQsendQueryPrepared(wire->conn, name, 0, NULL, NULL, NULL, 0),
                kind, call);
}

cupel_status
cup_pg_send_prepare(struct cup_pg_wire *wire, const char *name, const char *sql,
                    struct cup_pg_call *call)
{
    cupel_status rc = reserve(wire);

    if (rc != CUPEL_OK)
        return rc;
    return sent(wire,
                PQsendPrepare(wire->conn, name, sql, (int)wire->params.count,
                              wire->params.types),
                CUP_PG_PREPARE, call);
}

cupel_status
cup_pg_send_describe(struct cup_pg_wire *wire, const char *name,
                     struct cup_pg_call *call)
{
    cupel_status rc = reserve(wire);

    if (rc != CUPEL_OK)
        return rc;
    return sent(wire, PQsendDescribePrepared(wire->conn, name), CUP_PG_DESCRIBE,
                call);
}

cupel_status
cup_pg_send_bound(struct cup_pg_wire *wire, const char *name, bool binary,
                  struct cup_pg_call *call)
{
    const struct cup_pg_params *params = &wire->params;
    cupel_status rc = reserve(wire);

    if (rc != CUPEL_OK)
        return rc;
    note_size(wire);
    return sent(wire,
                PQsendQueryPrepared(wire->conn, name, (int)params->count,
                                    params->values, params->lengths,
                                    params->formats, binary),
                CUP_PG_ROWS, call);
}

cupel_status
cup_pg_send_direct(struct cup_pg_wire *wire, const char *sql,
                   enum cup_pg_answer_kind kind, struct cup_pg_call *call)
{
    const struct cup_pg_params *params = &wire->params;
    cupel_status rc = reserve(wire);

    if (rc != CUPEL_OK)
        return rc;
    note_size(wire);
    return sent(wire,
                PQsendQueryParams(wire->conn, sql, (int)params->count,
                                  params->types, params->values,
                                  params->lengths, params->formats, 0),
                kind, call);
}

cupel_status
cup_pg_send_query(struct cup_pg_wire *wire, const char *sql, bool binary,
                  struct cup_pg_call *call)
{
    cupel_status rc = reserve(wire);

    if (rc != CUPEL_OK)
        return rc;
    return sent(
        wire,
        PQsendQueryParams(wire->conn, sql, 0, NULL, NULL, NULL, NULL, binary),
        CUP_PG_ROWS, call);
}

cupel_status
cup_pg_send_sync(struct cup_pg_wire *wire, struct cup_pg_call *call)
{
    cupel_status rc = reserve(wire);

    if (rc != CUPEL_OK)
        return rc;
    return sent(wire, PQpipelineSync(wire->conn), CUP_PG_SYNC, call);
}
