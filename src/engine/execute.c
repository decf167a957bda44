/* SPDX-License-Identifier: MIT */
/* One statement's way from the caller to the wire: compiled, bound, checked
 * against the transaction's state, sent, and made a result of.
 *
 * The order matters: whatever can be refused without the database is refused
 * before a transaction is begun. BEGIN travels with the first statement, which
 * is the one that finds the wire without a transaction. */
#include "engine/execute.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/bind.h"
#include "engine/connection.h"
#include "engine/execopts.h"
#include "engine/result.h"
#include "engine/transaction.h"
#include "task/task.h"

/* What one execution needs, on the stack of the task that runs it. */
struct execution {
    cupel_connection *conn;
    struct cup_exec_options options;
    cupel_request request;
    struct cup_compiled *compiled; /* one reference, or NULL */
    struct cup_arena arena;        /* bound values */
    cupel_rows *rows;              /* what came back, until a result has it */
    bool buffered;                 /* whatever the options say */
    size_t yield_per;              /* the option, or 0 */
    char memory[1024];             /* the arena's first block */
};

/* ---- Options --------------------------------------------------------- */

/* Decide how rows are fetched: all at once, or in batches. */
static void
choose_batches(struct execution *run, bool stream)
{
    const struct cup_exec_options *options = &run->options;
    size_t per = options->yield_per, most = options->max_row_buffer;
    size_t first = stream ? 5 : 1;

    if (run->buffered || (!stream && !options->stream_results && per == 0))
        return;
    if (most == 0)
        most = 1;
    run->yield_per = per;
    run->request.fetch_first = per > 0 ? per : (first < most ? first : most);
    run->request.fetch_max = per > 0 ? per : most;
}

/* ---- Running --------------------------------------------------------- */

static cupel_status
compile(struct execution *run, const cupel_statement *stmt)
{
    cupel_engine *engine = run->conn->engine;
    cupel_status rc;

    if (stmt == NULL || stmt->text.kind != CUP_STATEMENT_TEXT ||
        stmt->text.sql == NULL)
        return cup_error_set(CUPEL_E_NOTEXECUTABLE,
                             "that is no statement; SQL goes in as "
                             "CUPEL_TEXT()");
    rc = cup_text_cache_get(run->options.no_cache ? NULL : &engine->cache,
                            engine->dialect, stmt->text.sql, stmt->text.len,
                            &run->compiled);
    if (rc != CUPEL_OK)
        return rc;
    run->request.sql = run->compiled->sql;
    run->request.sql_len = run->compiled->sql_len;
    return CUPEL_OK;
}

/* Put the statement into the record of its failure. */
static void
name_statement(const struct execution *run)
{
    struct cupel_error *error = cup_error_current();

    if (error != NULL && error->statement == NULL)
        cup_error_field(&error->statement, run->request.sql);
}

/* Before a transaction begins: a wire that is still busy with what nobody waits
 * for cannot say whether one is open. Another one can. Yields. */
static cupel_status
need_quiet_wire(cupel_connection *conn, cupel_wire **wire)
{
    cupel_status rc = CUPEL_OK;

    if ((*wire)->dialect->state(*wire) == CUPEL_WIRE_BUSY) {
        cup_connection_drop(conn);
        rc = cup_connection_revive(conn);
        *wire = cup_connection_wire(conn);
    }
    return rc;
}

/* Send the request, in a transaction. Yields. */
static cupel_status
send(struct execution *run)
{
    cupel_connection *conn = run->conn;
    cupel_wire *wire = cup_connection_wire(conn);
    cupel_status rc;

    rc = cup_transaction_check(conn);
    if (rc == CUPEL_OK && conn->root == NULL)
        rc = need_quiet_wire(conn, &wire);
    if (rc == CUPEL_OK)
        rc = cup_autobegin(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (wire->dialect->state(wire) == CUPEL_WIRE_IDLE)
        run->request.begin = wire->dialect->begin;
    rc = wire->dialect->execute(wire, &run->request, CUPEL_FOREVER, &run->rows);
    if (rc != CUPEL_OK) {
        name_statement(run);
        return cup_connection_failed(conn, rc);
    }
    return CUPEL_OK;
}

/* Needs the options already. */
static void
init(struct execution *run, cupel_connection *conn)
{
    run->conn = conn;
    run->request = (cupel_request){ .set_count = 1 };
    run->compiled = NULL;
    run->rows = NULL;
    run->buffered = false;
    run->yield_per = 0;
    cup_arena_init(&run->arena, run->memory, sizeof run->memory);
}

/* Rows that nobody takes: a stream among them is ended with a word to the
 * server, also by a cancelled task. Yields. */
static void
discard_rows(struct execution *run)
{
    struct cup_scope shield;

    if (run->rows == NULL)
        return;
    if (run->rows->more) {
        cup_shield_begin(&shield, cup_connection_cleanup_deadline(run->conn));
        cup_ignore(run->rows->ops->close(run->rows, CUPEL_FOREVER),
                   "a wire that it broke is found by its state");
        cup_scope_end(&shield);
    }
    run->rows->ops->free(run->rows);
}

/* Yields. (If there are rows left that nobody took.) */
static void
fini(struct execution *run)
{
    discard_rows(run);
    cup_compiled_unref(run->compiled);
    cup_arena_fini(&run->arena);
}

/* Make the result, unless nobody wants one. */
static cupel_status
deliver(struct execution *run, cupel_result **out)
{
    cupel_rows *rows = run->rows;

    if (out == NULL)
        return CUPEL_OK;
    *out = cup_result_new(run->conn, rows, run->request.fetch_first > 0,
                          run->yield_per);
    if (*out == NULL)
        return CUPEL_E_NOMEM;
    run->rows = NULL;
    return CUPEL_OK;
}

cupel_status
cup_execute_own(cupel_connection *conn, const char *sql)
{
    struct execution run;
    cupel_status rc;

    cup_exec_options_init(&run.options);
    init(&run, conn);
    run.request.sql = sql;
    run.request.sql_len = strlen(sql);
    rc = cup_connection_revive(conn);
    if (rc == CUPEL_OK)
        rc = send(&run);
    fini(&run);
    return rc;
}

/* What is executed: a statement, or SQL for the driver. */
struct subject {
    const cupel_statement *stmt;
    const char *driver_sql; /* NULL: the statement */
};

static cupel_status
prepare(struct execution *run, const struct subject *subject,
        const cupel_params *params)
{
    cupel_status rc;

    if (subject->driver_sql != NULL) {
        run->request.sql = subject->driver_sql;
        run->request.sql_len = strlen(subject->driver_sql);
        return cup_bind_positional(params, &run->arena, &run->request);
    }
    rc = compile(run, subject->stmt);
    if (rc != CUPEL_OK)
        return rc;
    return cup_bind_named(run->compiled, params, &run->arena, &run->request);
}

/* Read the options and begin the call, within the time that they give it.
 * Yields. */
static cupel_status
begin(struct execution *run, cupel_connection *conn,
      const struct subject *subject, const cupel_execution_options *options)
{
    cupel_status rc;

    rc = cup_connection_resolve(conn, subject->stmt, options, &run->options);
    if (rc == CUPEL_OK)
        rc = cup_connection_enter_within(conn, run->options.timeout_ms);
    if (rc == CUPEL_OK)
        init(run, conn);
    return rc;
}

/* From the statement to the rows, with the lock held. Yields. */
static cupel_status
fetch_rows(struct execution *run, const struct subject *subject,
           const cupel_params *params, bool stream)
{
    cupel_status rc;

    choose_batches(run, stream);
    rc = cup_connection_revive(run->conn);
    if (rc == CUPEL_OK)
        rc = prepare(run, subject, params);
    return rc == CUPEL_OK ? send(run) : rc;
}

/* The whole of one execution. Yields. */
static cupel_status
execute(cupel_connection *conn, const struct subject *subject,
        const cupel_params *params, const cupel_execution_options *options,
        bool stream, cupel_result **out)
{
    struct execution run;
    cupel_status rc;

    if (out != NULL)
        *out = NULL;
    rc = begin(&run, conn, subject, options);
    if (rc != CUPEL_OK)
        return rc;
    rc = fetch_rows(&run, subject, params, stream);
    if (rc == CUPEL_OK)
        rc = deliver(&run, out);
    fini(&run);
    return cup_connection_leave(conn, rc);
}

/* The first cell, whose memory the connection keeps until the next one. */
static cupel_status
take_scalar(struct execution *run, cupel_value *out)
{
    cupel_connection *conn = run->conn;
    cupel_rows *rows = run->rows;

    if (rows->column_count == 0)
        return cup_result_no_rows();
    if (rows->row_count == 0)
        return CUPEL_OK;
    run->rows = NULL;
    if (conn->scalar != NULL)
        conn->scalar->ops->free(conn->scalar);
    conn->scalar = rows;
    return rows->ops->cell(rows, 0, 0, out);
}

/* ---- The public verbs ------------------------------------------------ */

cupel_status
cupel_connection_execute(cupel_connection *conn, const cupel_statement *stmt,
                         const cupel_params *params,
                         const cupel_execution_options *options,
                         cupel_result **out)
{
    const struct subject subject = { stmt, NULL };

    return execute(conn, &subject, params, options, false, out);
}

cupel_status
cupel_connection_exec_driver_sql(cupel_connection *conn, const char *sql,
                                 const cupel_params *params,
                                 const cupel_execution_options *options,
                                 cupel_result **out)
{
    const struct subject subject = { NULL, sql };

    if (sql == NULL)
        return cup_error_set(CUPEL_E_NOTEXECUTABLE, "no SQL");
    return execute(conn, &subject, params, options, false, out);
}

cupel_status
cupel_connection_stream(cupel_connection *conn, const cupel_statement *stmt,
                        const cupel_params *params,
                        const cupel_execution_options *options,
                        cupel_result **out)
{
    const struct subject subject = { stmt, NULL };

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    *out = NULL;
    if (conn == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no connection");
    if ((conn->engine->dialect->features & CUPEL_DIALECT_SERVER_SIDE_CURSORS) ==
        0)
        return cup_error_set(CUPEL_E_INVALID,
                             "stream() cannot be used on dialect %s",
                             conn->engine->dialect->name);
    return execute(conn, &subject, params, options, true, out);
}

cupel_status
cupel_connection_scalar(cupel_connection *conn, const cupel_statement *stmt,
                        const cupel_params *params,
                        const cupel_execution_options *options,
                        cupel_value *out)
{
    const struct subject subject = { stmt, NULL };
    struct execution run;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the value");
    *out = cupel_null();
    rc = begin(&run, conn, &subject, options);
    if (rc != CUPEL_OK)
        return rc;
    run.buffered = true;
    rc = fetch_rows(&run, &subject, params, false);
    if (rc == CUPEL_OK)
        rc = take_scalar(&run, out);
    fini(&run);
    return cup_connection_leave(conn, rc);
}

cupel_status
cupel_connection_scalars(cupel_connection *conn, const cupel_statement *stmt,
                         const cupel_params *params,
                         const cupel_execution_options *options,
                         cupel_scalar_result **out)
{
    cupel_result *result;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    *out = NULL;
    rc = cupel_connection_execute(conn, stmt, params, options, &result);
    return rc == CUPEL_OK ? cup_result_into_scalars(result, out) : rc;
}

cupel_status
cupel_connection_stream_scalars(cupel_connection *conn,
                                const cupel_statement *stmt,
                                const cupel_params *params,
                                const cupel_execution_options *options,
                                cupel_scalar_result **out)
{
    cupel_result *result;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    *out = NULL;
    rc = cupel_connection_stream(conn, stmt, params, options, &result);
    return rc == CUPEL_OK ? cup_result_into_scalars(result, out) : rc;
}
