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
#include "engine/echo.h"
#include "engine/execution.h"
#include "engine/failure.h"
#include "engine/notice.h"
#include "engine/result.h"
#include "engine/transaction.h"
#include "engine/watch.h"
#include "sql/value.h"
#include "task/task.h"

/* ---- Options --------------------------------------------------------- */

/* Decide how rows are fetched: all at once, or in batches. */
static void
choose_batches(struct cup_execution *run, bool stream)
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

/* Where the compiled form came from: the first to get it gives it its time. */
static void
set_origin(struct cup_execution *run, bool keep)
{
    struct cup_compiled *compiled = run->compiled;

    if (run->is_own)
        run->origin = CUP_SQL_NO_KEY;
    else if (!keep)
        run->origin = CUP_SQL_CACHING_DISABLED;
    else if (atomic_load_explicit(&compiled->made_us, memory_order_relaxed) !=
             0)
        run->origin = CUP_SQL_CACHED;
    else {
        run->origin = CUP_SQL_GENERATED;
        atomic_store_explicit(&compiled->made_us, cup_watch_now_us(),
                              memory_order_relaxed);
    }
}

static cupel_status
compile(struct cup_execution *run, const cupel_statement *stmt)
{
    cupel_engine *engine = run->conn->engine;
    bool keep = !run->options.no_cache && !run->is_own &&
                engine->family->cache.capacity > 0;
    cupel_status rc;

    if (stmt == NULL || stmt->text.kind != CUP_STATEMENT_TEXT ||
        stmt->text.sql == NULL)
        return cup_error_set(CUPEL_E_NOTEXECUTABLE,
                             "that is no statement; SQL goes in as "
                             "CUPEL_TEXT()");
    rc = cup_engine_compile(engine, stmt->text.sql, stmt->text.len, keep,
                            &run->compiled);
    if (rc != CUPEL_OK)
        return rc;
    set_origin(run, keep);
    run->request.sql = run->compiled->sql;
    run->request.sql_len = run->compiled->sql_len;
    return CUPEL_OK;
}

/* Put the statement and its values into the record of their failure, unless it
 * is about another statement: one that a listener ran. */
static void
name_statement(const struct cup_execution *run)
{
    const cupel_request *request = &run->request;
    struct cupel_error *error = cup_error_current();

    if (error == NULL || request->sql == NULL)
        return;
    if (error->statement == NULL)
        cup_error_field(&error->statement, request->sql);
    if (request->values == NULL || error->parameters != NULL ||
        error->statement == NULL || strcmp(error->statement, request->sql) != 0)
        return;
    error->hides_parameters = run->conn->engine->hide_parameters;
    error->parameters = cup_echo_params(run->conn, request);
}

/* Show the failure to whoever listens. Yields. */
static cupel_status
fail(struct cup_execution *run, cupel_status rc)
{
    name_statement(run);
    if (run->request.values == NULL) /* they could not be bound */
        run->request.value_count = 0;
    return cup_failure_handle(run->conn, &run->request,
                              run->options.skip_user_error_events, rc);
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

cupel_status
cup_execute_on_wire(struct cup_execution *run)
{
    cupel_wire *wire = cup_connection_wire(run->conn);
    const cupel_dialect *dialect;

    if (wire == NULL) /* a listener gave it up */
        return cup_connection_pending(run->conn);
    dialect = wire->dialect;
    if (!wire->autocommit && dialect->state(wire) == CUPEL_WIRE_IDLE)
        run->request.begin = dialect->begin;
    return dialect->execute(wire, &run->request, CUPEL_FOREVER, &run->rows);
}

/* Make sure of a transaction. Yields. */
static cupel_status
need_transaction(cupel_connection *conn)
{
    cupel_wire *wire = cup_connection_wire(conn);
    cupel_status rc;

    rc = cup_transaction_check(conn);
    if (rc != CUPEL_OK || conn->root != NULL)
        return rc;
    rc = need_quiet_wire(conn, &wire);
    return rc == CUPEL_OK ? cup_autobegin(conn) : rc;
}

/* Send the request, in a transaction. Yields. */
static cupel_status
send(struct cup_execution *run)
{
    cupel_status rc;

    rc = need_transaction(run->conn);
    if (rc == CUPEL_E_PENDINGROLLBACK)
        return fail(run, rc);
    if (rc != CUPEL_OK)
        return rc;
    rc = run->watched ? cup_watch_execute(run) : cup_execute_on_wire(run);
    return rc == CUPEL_OK ? rc : fail(run, rc);
}

/* Needs the options already. */
static void
init(struct cup_execution *run, cupel_connection *conn)
{
    run->conn = conn;
    run->request = (cupel_request){ .set_count = 1 };
    run->compiled = NULL;
    run->rows = NULL;
    run->buffered = false;
    run->yield_per = 0;
    run->is_own = false;
    run->origin = CUP_SQL_RAW;
    run->watched = cup_connection_watched(conn);
    cup_arena_init(&run->arena, run->memory, sizeof run->memory);
}

/* Rows that nobody takes: a stream among them is ended with a word to the
 * server, also by a cancelled task. Yields. */
static void
discard_rows(struct cup_execution *run)
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
fini(struct cup_execution *run)
{
    discard_rows(run);
    cup_compiled_unref(run->compiled);
    cup_arena_fini(&run->arena);
}

/* Make the result, unless nobody wants one. */
static cupel_status
deliver(struct cup_execution *run, cupel_result **out)
{
    cupel_rows *rows = run->rows;

    if (out == NULL)
        return CUPEL_OK;
    *out = cup_result_new(run->conn, rows, run->request.fetch_first > 0,
                          run->yield_per);
    if (*out == NULL)
        return CUPEL_E_NOMEM;
    (*out)->view.cursor->timeout_ms = run->options.timeout_ms;
    run->rows = NULL;
    return CUPEL_OK;
}

/* Tell of the end. Who fails then gets no result. Yields. */
static cupel_status
conclude(struct cup_execution *run, const struct cup_subject *subject,
         cupel_result **out)
{
    cupel_status rc;

    rc = cup_watch_after(run, subject, out == NULL ? NULL : *out);
    if (rc != CUPEL_OK && out != NULL) {
        cup_ignore(cupel_result_close(*out), "the listener's failure counts");
        cupel_result_free(*out);
        *out = NULL;
    }
    return rc;
}

static cupel_status
prepare(struct cup_execution *run, const struct cup_subject *subject)
{
    cupel_status rc;

    if (subject->driver_sql != NULL) {
        run->request.sql = subject->driver_sql;
        run->request.sql_len = strlen(subject->driver_sql);
        return cup_bind_positional(subject->params, &run->arena, &run->request);
    }
    rc = compile(run, subject->stmt);
    if (rc != CUPEL_OK)
        return rc;
    return cup_bind_named(run->compiled, subject->params, &run->arena,
                          &run->request);
}

/* From the statement to the rows, with the lock held. Yields. */
static cupel_status
fetch_rows(struct cup_execution *run, struct cup_subject *subject, bool stream)
{
    cupel_status rc = CUPEL_OK;

    choose_batches(run, stream);
    if (run->watched)
        rc = cup_watch_before(run, subject);
    if (rc != CUPEL_OK)
        return rc;
    rc = cup_connection_revive(run->conn);
    if (rc == CUPEL_E_PENDINGROLLBACK)
        return fail(run, rc);
    if (rc == CUPEL_OK)
        rc = prepare(run, subject);
    if (rc == CUPEL_E_STATEMENT)
        return fail(run, rc);
    return rc == CUPEL_OK ? send(run) : rc;
}

cupel_status
cup_execute_own(cupel_connection *conn, const char *sql)
{
    cupel_text text = { .kind = 0 };
    struct cup_subject subject = { .stmt = cupel_text_init(&text, sql) };
    struct cup_execution run;
    cupel_status rc;

    cup_exec_options_init(&run.options);
    init(&run, conn);
    run.is_own = true;
    rc = fetch_rows(&run, &subject, false);
    if (rc == CUPEL_OK && run.watched)
        rc = cup_watch_after(&run, &subject, NULL);
    fini(&run);
    return rc;
}

/* Read the options and begin the call, within the time that they give it.
 * Yields. */
static cupel_status
begin(struct cup_execution *run, cupel_connection *conn,
      const struct cup_subject *subject)
{
    cupel_status rc;

    rc = cup_connection_resolve(conn, subject->stmt, subject->options,
                                &run->options);
    if (rc == CUPEL_OK)
        rc = cup_connection_enter_within(conn, run->options.timeout_ms);
    if (rc == CUPEL_OK)
        init(run, conn);
    return rc;
}

/* The whole of one execution. Yields. */
static cupel_status
execute(cupel_connection *conn, struct cup_subject *subject, bool stream,
        cupel_result **out)
{
    struct cup_execution run;
    cupel_status rc;

    if (out != NULL)
        *out = NULL;
    rc = begin(&run, conn, subject);
    if (rc != CUPEL_OK)
        return rc;
    rc = fetch_rows(&run, subject, stream);
    if (rc == CUPEL_OK)
        rc = deliver(&run, out);
    if (rc == CUPEL_OK && run.watched)
        rc = conclude(&run, subject, out);
    fini(&run);
    return cup_connection_leave(conn, rc);
}

/* Show the one row that scalar takes, if somebody wants to see it. */
static void
echo_first(const struct cup_execution *run)
{
    struct cup_echo *echo = NULL;

    if (run->watched)
        echo = cup_echo_rows(run->conn, run->rows);
    if (echo != NULL && run->rows->row_count > 0)
        cup_echo_row(echo, run->rows, 0);
    cup_echo_free(echo);
}

/* The first cell; what it borrows the connection keeps until the next one. */
static cupel_status
take_scalar(struct cup_execution *run, cupel_value *out)
{
    cupel_connection *conn = run->conn;
    cupel_rows *rows = run->rows;
    cupel_status rc;

    if (rows->column_count == 0)
        return cup_result_no_rows();
    echo_first(run);
    if (rows->row_count == 0)
        return CUPEL_OK;
    rc = rows->ops->cell(rows, 0, 0, out);
    if (rc != CUPEL_OK || !cup_value_borrows(out))
        return rc;
    run->rows = NULL;
    if (conn->scalar != NULL)
        conn->scalar->ops->free(conn->scalar);
    conn->scalar = rows;
    return rc;
}

/* ---- The public verbs ------------------------------------------------ */

cupel_status
cupel_connection_execute(cupel_connection *conn, const cupel_statement *stmt,
                         const cupel_params *params,
                         const cupel_execution_options *options,
                         cupel_result **out)
{
    struct cup_subject subject = { stmt, NULL, params, options };

    return execute(conn, &subject, false, out);
}

cupel_status
cupel_connection_exec_driver_sql(cupel_connection *conn, const char *sql,
                                 const cupel_params *params,
                                 const cupel_execution_options *options,
                                 cupel_result **out)
{
    struct cup_subject subject = { NULL, sql, params, options };

    if (sql == NULL)
        return cup_error_set(CUPEL_E_NOTEXECUTABLE, "no SQL");
    return execute(conn, &subject, false, out);
}

cupel_status
cupel_connection_stream(cupel_connection *conn, const cupel_statement *stmt,
                        const cupel_params *params,
                        const cupel_execution_options *options,
                        cupel_result **out)
{
    struct cup_subject subject = { stmt, NULL, params, options };

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
    return execute(conn, &subject, true, out);
}

cupel_status
cupel_connection_scalar(cupel_connection *conn, const cupel_statement *stmt,
                        const cupel_params *params,
                        const cupel_execution_options *options,
                        cupel_value *out)
{
    struct cup_subject subject = { stmt, NULL, params, options };
    struct cup_execution run;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the value");
    *out = cupel_null();
    rc = begin(&run, conn, &subject);
    if (rc != CUPEL_OK)
        return rc;
    run.buffered = true;
    rc = fetch_rows(&run, &subject, false);
    if (rc == CUPEL_OK && run.watched)
        rc = cup_watch_after(&run, &subject, NULL);
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
