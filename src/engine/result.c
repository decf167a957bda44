/* SPDX-License-Identifier: MIT */
/* A result's life and its fetches. A stream reads its batch and asks for the
 * next one; everything else is the same for both kinds. */
#include "engine/result.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/connection.h"
#include "engine/page.h"
#include "task/task.h"

cupel_result *
cup_result_new(struct cupel_connection *conn, cupel_rows *rows, bool stream)
{
    cupel_result *result = cup_alloc(sizeof *result);

    if (result == NULL) {
        cup_ignore(cup_nomem(), "the caller returns NOMEM for our NULL");
        return NULL;
    }
    result->rows = rows;
    result->is_stream = stream;
    cup_list_init(&result->stream_link);
    if (rows->more) {
        result->conn = conn;
        cup_list_push(&conn->streams, &result->stream_link);
    }
    return result;
}

cupel_result *
cup_result_of_stream(struct cup_list *link)
{
    return CUP_CONTAINER(link, cupel_result, stream_link);
}

/* It has nothing more to do with the connection. */
static void
let_go(cupel_result *result)
{
    cup_list_remove(&result->stream_link);
    result->conn = NULL;
}

void
cup_result_orphan(cupel_result *result)
{
    let_go(result);
    result->lost = true;
}

void
cup_result_end_stream(cupel_result *result)
{
    cup_result_orphan(result);
    cup_ignore(result->rows->ops->close(result->rows, CUPEL_FOREVER),
               "a wire that it broke is found by its state");
}

/* ---- Fetching -------------------------------------------------------- */

cupel_status
cup_result_no_rows(void)
{
    return cup_error_set(CUPEL_E_CLOSED,
                         "this result does not return rows; it was closed "
                         "automatically");
}

/* Can anything be fetched? CLOSED if not. */
static cupel_status
check_open(const cupel_result *result)
{
    if (result == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result");
    if (result->rows->column_count == 0)
        return cup_result_no_rows();
    if (result->state == CUP_RESULT_CLOSED)
        return cup_error_set(CUPEL_E_CLOSED, "this result is closed");
    return CUPEL_OK;
}

/* Get the next batch of a stream. Yields. */
static cupel_status
fetch_batch(cupel_result *result)
{
    struct cupel_connection *conn = result->conn;
    cupel_status rc;

    rc = cup_connection_enter(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (result->conn == NULL) { /* it may have ended while we waited */
        rc = cup_error_set(CUPEL_E_CLOSED, "the stream's connection is closed");
        return cup_connection_leave(conn, rc);
    }
    rc = result->rows->ops->fetch(result->rows, CUPEL_FOREVER);
    result->next = 0;
    if (rc != CUPEL_OK)
        rc = cup_connection_failed(conn, rc);
    return cup_connection_leave(conn, rc);
}

cupel_status
cup_result_advance(cupel_result *result)
{
    cupel_status rc;

    if (result->state != CUP_RESULT_OPEN)
        return CUPEL_OK;
    if (result->lost)
        return cup_error_set(CUPEL_E_CLOSED,
                             "the stream's connection is closed");
    while (result->next >= result->rows->row_count) {
        if (!result->rows->more) {
            let_go(result);
            result->state = CUP_RESULT_ENDED;
            return CUPEL_OK;
        }
        rc = fetch_batch(result);
        if (rc != CUPEL_OK)
            return rc;
    }
    return CUPEL_ROW;
}

/* Show the next line of the batch, which is there. */
static inline cupel_status
show_line(cupel_result *result, const cupel_row **out)
{
    result->row.result = result;
    result->row.line = result->next++;
    *out = &result->row;
    return CUPEL_ROW;
}

/* Whether the next line is there and may be shown: nearly always. */
static inline bool
has_line(const cupel_result *result)
{
    return result->state == CUP_RESULT_OPEN && !result->lost &&
           result->next < result->rows->row_count;
}

cupel_status
cupel_result_fetchone(cupel_result *result, const cupel_row **out)
{
    cupel_status rc;

    if (result != NULL && out != NULL && has_line(result))
        return show_line(result, out);
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the row");
    *out = NULL;
    rc = check_open(result);
    if (rc != CUPEL_OK)
        return rc;
    rc = cup_result_advance(result);
    return rc == CUPEL_ROW ? show_line(result, out) : rc;
}

cupel_status
cupel_result_next(cupel_result **result, const cupel_row **out)
{
    cupel_status rc;

    if (result != NULL && *result != NULL && out != NULL && has_line(*result))
        return show_line(*result, out);
    if (out != NULL)
        *out = NULL;
    if (result == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result");
    if (*result == NULL)
        return CUPEL_OK;
    rc = cupel_result_fetchone(*result, out);
    if (rc != CUPEL_ROW) {
        cupel_result_free(*result);
        *result = NULL;
    }
    return rc;
}

cupel_status
cupel_result_fetchmany(cupel_result *result, size_t count,
                       const cupel_row *const **out, size_t *found)
{
    cupel_status rc;

    if (out == NULL || found == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the rows");
    *out = NULL;
    *found = 0;
    if (count == 0)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "fetchmany needs to know how many rows");
    rc = check_open(result);
    if (rc != CUPEL_OK)
        return rc;
    cup_arena_fini(&result->page);
    return cup_page_fetch(result, count, &result->page, out, found);
}

cupel_status
cupel_result_all(cupel_result *result, const cupel_row *const **out,
                 size_t *found)
{
    cupel_status rc;

    if (out == NULL || found == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the rows");
    *out = NULL;
    *found = 0;
    rc = check_open(result);
    if (rc != CUPEL_OK)
        return rc;
    return cup_page_fetch(result, SIZE_MAX, &result->kept, out, found);
}

/* ---- The first row, the only row ------------------------------------- */

/* Close it for good, unless it has ended by itself already. Yields. */
static cupel_status
close_live(cupel_result *result)
{
    if (result->state == CUP_RESULT_ENDED)
        return CUPEL_OK;
    return cupel_result_close(result);
}

/* The first row, kept until the result is freed, then close. With `only`, a
 * second one is MULTIPLE. Yields. */
static cupel_status
take_first(cupel_result *result, bool only, const cupel_row **out)
{
    const cupel_row *row;
    bool had_ended;
    cupel_status rc, closed;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the row");
    *out = NULL;
    rc = check_open(result);
    if (rc != CUPEL_OK)
        return rc;
    had_ended = result->state == CUP_RESULT_ENDED;
    rc = cupel_result_fetchone(result, &row);
    if (rc == CUPEL_ROW)
        rc = cup_page_keep(result, row->line, out);
    if (rc == CUPEL_OK && *out != NULL && only) {
        rc = cup_result_advance(result);
        if (rc == CUPEL_ROW)
            rc = cup_error_set(CUPEL_E_MULTIPLE,
                               "multiple rows were found when exactly one was "
                               "required");
    }
    if (rc < CUPEL_OK)
        *out = NULL;
    if (!had_ended && result->state == CUP_RESULT_ENDED)
        result->state = CUP_RESULT_CLOSED;
    closed = close_live(result);
    return rc < CUPEL_OK ? rc : closed;
}

cupel_status
cupel_result_first(cupel_result *result, const cupel_row **out)
{
    return take_first(result, false, out);
}

cupel_status
cupel_result_one_or_none(cupel_result *result, const cupel_row **out)
{
    return take_first(result, true, out);
}

static cupel_status
no_row(void)
{
    return cup_error_set(CUPEL_E_NORESULT,
                         "no row was found when one was required");
}

cupel_status
cupel_result_one(cupel_result *result, const cupel_row **out)
{
    cupel_status rc;

    rc = take_first(result, true, out);
    return rc == CUPEL_OK && *out == NULL ? no_row() : rc;
}

/* The first column of the row that `take` gives. Yields. */
static cupel_status
take_scalar(cupel_result *result, bool only, bool required, cupel_value *out)
{
    const cupel_row *row;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the value");
    *out = cupel_null();
    rc = take_first(result, only, &row);
    if (rc != CUPEL_OK)
        return rc;
    if (row == NULL)
        return required ? no_row() : CUPEL_OK;
    return cupel_row_get(row, 0, out);
}

cupel_status
cupel_result_scalar(cupel_result *result, cupel_value *out)
{
    return take_scalar(result, false, false, out);
}

cupel_status
cupel_result_scalar_one(cupel_result *result, cupel_value *out)
{
    return take_scalar(result, true, true, out);
}

cupel_status
cupel_result_scalar_one_or_none(cupel_result *result, cupel_value *out)
{
    return take_scalar(result, true, false, out);
}

/* ---- Ending ---------------------------------------------------------- */

bool
cupel_result_closed(const cupel_result *result)
{
    return result == NULL || result->state == CUP_RESULT_CLOSED;
}

/* Tell the server that the rest is not wanted, also from a task that is
 * cancelled. Yields. */
static cupel_status
close_cursor(cupel_result *result)
{
    struct cupel_connection *conn = result->conn;
    struct cup_scope shield;
    cupel_status rc;

    rc = cup_connection_enter_cleanup(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (result->conn != NULL) { /* it may have ended while we waited */
        let_go(result);
        cup_shield_begin(&shield, cup_connection_cleanup_deadline(conn));
        rc = result->rows->ops->close(result->rows, CUPEL_FOREVER);
        cup_scope_end(&shield);
        if (rc != CUPEL_OK)
            rc = cup_connection_failed(conn, rc);
    }
    return cup_connection_leave(conn, rc);
}

cupel_status
cupel_result_close(cupel_result *result)
{
    if (result == NULL)
        return CUPEL_OK;
    result->state = CUP_RESULT_CLOSED;
    return result->conn == NULL ? CUPEL_OK : close_cursor(result);
}

void
cupel_result_free(cupel_result *result)
{
    if (result == NULL)
        return;
    let_go(result);
    result->rows->ops->free(result->rows);
    cup_arena_fini(&result->page);
    cup_arena_fini(&result->kept);
    cup_free(result);
}

/* ---- What came back -------------------------------------------------- */

bool
cupel_result_returns_rows(const cupel_result *result)
{
    return result != NULL && result->rows->column_count > 0;
}

size_t
cupel_result_column_count(const cupel_result *result)
{
    return result == NULL ? 0 : result->rows->column_count;
}

const char *
cupel_result_key(const cupel_result *result, size_t column)
{
    if (column >= cupel_result_column_count(result))
        return NULL;
    return result->rows->columns[column].name;
}

cupel_status
cupel_result_find(const cupel_result *result, const char *name, size_t *out)
{
    size_t i;

    if (result == NULL || name == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a column is found by result and name");
    for (i = cupel_result_column_count(result); i > 0; i--) {
        if (strcmp(result->rows->columns[i - 1].name, name) == 0) {
            *out = i - 1;
            return CUPEL_OK;
        }
    }
    return cup_error_set(CUPEL_E_NOCOLUMN,
                         "could not locate column in row for column '%s'",
                         name);
}

int64_t
cupel_result_rowcount(const cupel_result *result)
{
    return result == NULL ? -1 : result->rows->affected;
}

int64_t
cupel_result_lastrowid(const cupel_result *result)
{
    return result == NULL ? 0 : result->rows->last_insert_id;
}
