/* SPDX-License-Identifier: MIT */
/* Two-phase commit. The names are literals, since these commands take no
 * parameters. A command that was sent and not answered leaves a doubt, that of
 * ROLLBACK PREPARED as well: a prepared transaction waits for its end without a
 * session. */
#include "dialect/postgresql/twophase.h"

#include "base/buf.h"
#include "base/error.h"
#include "dialect/postgresql/command.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/execute.h"
#include "dialect/postgresql/isolation.h"
#include "dialect/postgresql/send.h"
#include "dialect/postgresql/transaction.h"

#include <string.h>

enum { COMMAND_MAX = 1024 };

/* `verb` and the name as a literal. libpq knows how it is to be quoted in the
 * session's encoding. */
static cupel_status
write_command(struct cup_pg_wire *wire, const char *verb, const char *xid,
              struct cup_buf *out)
{
    char *literal = PQescapeLiteral(wire->conn, xid, strlen(xid));

    if (literal == NULL)
        return cup_error_set(CUPEL_E_VALUE,
                             "the name of a prepared transaction cannot be "
                             "written in the encoding of the session");
    cup_buf_add_str(out, verb);
    cup_buf_add_char(out, ' ');
    cup_buf_add_str(out, literal);
    PQfreemem(literal);
    return out->failed;
}

/* The transaction of a name that was begun and never used: PREPARE wants one to
 * be open. */
static cupel_status
open_if_none(struct cup_pg_wire *wire, struct cup_pg_call *call)
{
    char text[CUP_PG_BEGIN_SIZE];

    if (wire->answers.count > 0 || wire->status != CUPEL_WIRE_IDLE)
        return CUPEL_OK;
    return cup_pg_send_command(wire,
                               cup_pg_isolation_begin(wire, "BEGIN", text),
                               CUP_PG_COMMAND, call);
}

/* What the server says that it has done; in a failed transaction that is not
 * what was asked for. */
static cupel_status
check_done(const struct cup_pg_call *call, const char *verb)
{
    struct cupel_error *record;
    cupel_status rc;

    if (call->error != NULL)
        return cup_pg_error_set(call);
    if (call->rows != NULL && strcmp(PQcmdStatus(call->rows), verb) == 0)
        return CUPEL_OK;
    rc = cup_error_set(CUPEL_E_INTERNAL,
                       "the transaction had failed and was rolled back");
    record = cup_error_current();
    if (record != NULL)
        memcpy(record->sqlstate, "25P02", sizeof "25P02");
    return rc;
}

/* Send and wait. Yields. */
static cupel_status
run(struct cup_pg_wire *wire, const char *verb, const char *sql, bool prepares,
    cupel_time until)
{
    struct cup_pg_call call = { 0 };
    cupel_status rc = CUPEL_OK;
    bool doubt;

    if (prepares)
        rc = open_if_none(wire, &call);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_query(wire, sql, false, &call);
    if (rc != CUPEL_OK && wire->unsynced)
        cup_pg_wire_lose(wire);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_sync(wire, &call);
    if (rc == CUPEL_OK)
        rc = cup_pg_await(wire, &call, until);
    doubt = rc != CUPEL_OK && call.pending > 0;
    if (rc == CUPEL_OK)
        rc = check_done(&call, verb);
    cup_pg_leave(wire, &call);
    if (doubt)
        cup_pg_error_in_doubt(rc, verb);
    return rc;
}

/* One of the three commands. Yields. */
static cupel_status
end(cupel_wire *base, const char *verb, const char *xid, bool prepares,
    cupel_time until)
{
    struct cup_pg_wire *wire = cup_pg_wire(base);
    cupel_status rc = cup_pg_settle(wire, until);
    struct cup_buf sql;

    if (rc != CUPEL_OK)
        return rc;
    cup_buf_init(&sql, COMMAND_MAX);
    rc = write_command(wire, verb, xid, &sql);
    cup_pg_wire_look(wire); /* notice an end while nothing is in doubt yet */
    if (rc == CUPEL_OK && wire->lost)
        rc = cup_pg_error_lost(wire, NULL);
    if (rc == CUPEL_OK)
        rc = run(wire, verb, sql.data, prepares, until);
    cup_buf_fini(&sql);
    return rc;
}

cupel_status
cup_pg_prepare_twophase(cupel_wire *base, const char *xid, cupel_time until)
{
    return end(base, "PREPARE TRANSACTION", xid, true, until);
}

cupel_status
cup_pg_commit_twophase(cupel_wire *base, const char *xid, bool is_prepared,
                       cupel_time until)
{
    if (!is_prepared)
        return cup_pg_commit(base, until);
    return end(base, "COMMIT PREPARED", xid, false, until);
}

cupel_status
cup_pg_rollback_twophase(cupel_wire *base, const char *xid, bool is_prepared,
                         cupel_time until)
{
    if (!is_prepared)
        return cup_pg_rollback(base, until);
    return end(base, "ROLLBACK PREPARED", xid, false, until);
}

/* Those of other databases cannot be ended from here. */
cupel_status
cup_pg_recover_twophase(cupel_wire *base, cupel_time until, cupel_rows **out)
{
    static const char sql[] = "SELECT gid FROM pg_catalog.pg_prepared_xacts "
                              "WHERE database = pg_catalog.current_database() "
                              "ORDER BY prepared, gid";
    const cupel_request request = { .sql = sql,
                                    .sql_len = sizeof sql - 1,
                                    .set_count = 1 };

    return cup_pg_execute(base, &request, until, out);
}
