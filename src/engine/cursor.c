/* SPDX-License-Identifier: MIT */
/* A cursor's life and its batches. A stream reads its batch and asks for the
 * next one; a buffered result has one batch and nothing to ask for. */
#include "engine/cursor.h"

#include <assert.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/columns.h"
#include "engine/connection.h"
#include "task/task.h"

/* ---- Life ------------------------------------------------------------ */

struct cup_cursor *
cup_cursor_new(struct cupel_connection *conn, cupel_rows *rows, bool stream)
{
    static const size_t first = 0;
    struct cup_cursor *cursor = cup_alloc(sizeof *cursor);

    if (cursor == NULL) {
        cup_ignore(cup_nomem(), "the caller returns NOMEM for our NULL");
        return NULL;
    }
    cursor->refs = 1;
    cursor->rows = rows;
    cursor->is_stream = stream;
    cup_list_init(&cursor->stream_link);
    cursor->columns.rows = rows;
    cursor->columns.all = rows->columns;
    cursor->columns.count = rows->column_count;
    /* The names of a stream's columns come and go with its batches. */
    if (rows->more && cup_columns_copy(&cursor->columns, &cursor->arena,
                                       &cursor->columns.all) != CUPEL_OK) {
        cup_arena_fini(&cursor->arena);
        cup_free(cursor);
        return NULL;
    }
    cursor->leading = cursor->columns;
    cursor->leading.map = &first;
    cursor->leading.count = 1;
    cursor->is_local = conn == NULL;
    if (conn != NULL)
        cursor->echo = cup_echo_rows(conn, rows);
    if (rows->more && conn != NULL) {
        cursor->conn = conn;
        cup_list_push(&conn->streams, &cursor->stream_link);
    }
    return cursor;
}

struct cup_cursor *
cup_cursor_ref(struct cup_cursor *cursor)
{
    cursor->refs++;
    return cursor;
}

/* However it ends: from here on it has nothing to do with the connection. */
static void
let_go(struct cup_cursor *cursor, enum cup_cursor_state state)
{
    cup_list_remove(&cursor->stream_link);
    cursor->conn = NULL;
    cursor->state = state;
}

void
cup_cursor_unref(struct cup_cursor *cursor)
{
    assert(cursor->refs > 0);
    if (--cursor->refs > 0)
        return;
    let_go(cursor, CUP_CURSOR_CLOSED);
    cursor->rows->ops->free(cursor->rows);
    cup_echo_free(cursor->echo);
    cup_arena_fini(&cursor->arena);
    cup_free(cursor);
}

struct cup_cursor *
cup_cursor_of_stream(struct cup_list *link)
{
    return CUP_CONTAINER(link, struct cup_cursor, stream_link);
}

void
cup_cursor_orphan(struct cup_cursor *cursor)
{
    let_go(cursor, cursor->state);
    cursor->lost = true;
}

cupel_status
cup_cursor_end_stream(struct cup_cursor *cursor)
{
    cup_cursor_orphan(cursor);
    return cursor->rows->ops->close(cursor->rows, CUPEL_FOREVER);
}

/* ---- Batches --------------------------------------------------------- */

static cupel_status
connection_closed(void)
{
    return cup_error_set(CUPEL_E_CLOSED, "the stream's connection is closed");
}

/* Get the next batch from the wire. Another task may have done so, or the
 * stream may have ended, while this one waited. Yields. */
static cupel_status
fetch_batch(struct cup_cursor *cursor)
{
    struct cupel_connection *conn = cursor->conn;
    cupel_rows *rows = cursor->rows;
    cupel_status rc;

    rc = cup_connection_enter_within(conn, cursor->timeout_ms);
    if (rc != CUPEL_OK)
        return rc;
    if (cursor->conn == NULL)
        return cup_connection_leave(conn, cursor->lost ? connection_closed()
                                                       : CUPEL_OK);
    if (cursor->next < rows->row_count)
        return cup_connection_leave(conn, CUPEL_OK);
    rc = rows->ops->fetch(rows, CUPEL_FOREVER);
    cursor->next = 0;
    if (rc != CUPEL_OK)
        rc = cup_connection_failed(conn, rc);
    return cup_connection_leave(conn, rc);
}

/* Yields. */
static cupel_status
fetch_local(struct cup_cursor *cursor)
{
    cursor->next = 0;
    return cursor->rows->ops->fetch(cursor->rows, CUPEL_FOREVER);
}

/* As cup_cursor_advance(), while nothing has ended or closed it. Yields. */
static cupel_status
fill(struct cup_cursor *cursor)
{
    enum cup_cursor_state state = cursor->state;
    cupel_status rc;

    while (cursor->state == state) {
        if (cursor->lost)
            return connection_closed();
        if (cursor->next < cursor->rows->row_count)
            return CUPEL_ROW;
        if (!cursor->rows->more) {
            let_go(cursor, CUP_CURSOR_ENDED);
            break;
        }
        rc = cursor->is_local ? fetch_local(cursor) : fetch_batch(cursor);
        if (rc != CUPEL_OK)
            return rc;
    }
    if (cursor->state == CUP_CURSOR_CLOSED)
        return cup_error_set(CUPEL_E_CLOSED, "this result is closed");
    return CUPEL_OK;
}

cupel_status
cup_cursor_advance(struct cup_cursor *cursor)
{
    return cursor->state == CUP_CURSOR_OPEN ? fill(cursor) : CUPEL_OK;
}

cupel_status
cup_cursor_advance_part(struct cup_cursor *cursor)
{
    if (cursor->state == CUP_CURSOR_CLOSED)
        return cup_error_set(CUPEL_E_CLOSED,
                             "a part of this merged result is closed");
    return cursor->state == CUP_CURSOR_MERGED ? fill(cursor) : CUPEL_OK;
}

void
cup_cursor_yield_per(struct cup_cursor *cursor, size_t count)
{
    cursor->yield_per = count;
    if (cursor->rows->more)
        cursor->rows->ops->set_batch(cursor->rows,
                                     count == 0 ? SIZE_MAX : count);
}

/* ---- Ending ---------------------------------------------------------- */

/* Tell the server that the rest is not wanted, also from a task that is
 * cancelled. Yields. */
static cupel_status
close_stream(struct cup_cursor *cursor)
{
    struct cupel_connection *conn = cursor->conn;
    struct cup_scope shield;
    cupel_status rc;

    rc = cup_connection_enter_cleanup(conn);
    if (rc != CUPEL_OK)
        return rc;
    if (cursor->conn != NULL) { /* it may have ended while we waited */
        let_go(cursor, CUP_CURSOR_CLOSED);
        cup_shield_begin(&shield, cup_connection_cleanup_deadline(conn));
        rc = cursor->rows->ops->close(cursor->rows, CUPEL_FOREVER);
        cup_scope_end(&shield);
        if (rc != CUPEL_OK)
            rc = cup_connection_failed(conn, rc);
    }
    return cup_connection_leave(conn, rc);
}

cupel_status
cup_cursor_close(struct cup_cursor *cursor)
{
    cursor->state = CUP_CURSOR_CLOSED;
    if (cursor->conn != NULL)
        return close_stream(cursor);
    if (cursor->is_local)
        return cursor->rows->ops->close(cursor->rows, CUPEL_FOREVER);
    return CUPEL_OK;
}
