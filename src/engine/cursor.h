/* SPDX-License-Identifier: MIT */
/* A cursor's life and its batches. */
#ifndef CUP_ENGINE_CURSOR_H
#define CUP_ENGINE_CURSOR_H

#include "engine/echo.h"
#include "engine/result.h"

/* A cursor on `rows`, which it takes over, with one reference. With a
 * connection it is on that one's list while it has more rows to fetch. NULL: no
 * memory, recorded; the rows stay the caller's. */
struct cup_cursor *
cup_cursor_new(struct cupel_connection *conn, cupel_rows *rows, bool stream);

struct cup_cursor *
cup_cursor_ref(struct cup_cursor *cursor);

/* The last one frees it. Never yields. */
void
cup_cursor_unref(struct cup_cursor *cursor);

/* Make sure that the next line of the batch is there: ROW, or OK at the end,
 * where the cursor is soft closed. Yields. */
cupel_status
cup_cursor_advance(struct cup_cursor *cursor);

/* The same for rows that are merged into another cursor. Yields. CLOSED. */
cupel_status
cup_cursor_advance_part(struct cup_cursor *cursor);

/* Whether the next line is there and may be shown: nearly always. */
static inline bool
cup_cursor_has_line(const struct cup_cursor *cursor)
{
    return cursor->state == CUP_CURSOR_OPEN && !cursor->lost &&
           cursor->next < cursor->rows->row_count;
}

/* Every row is handed out here: the line of the batch, which is there. */
static inline size_t
cup_cursor_take(struct cup_cursor *cursor)
{
    if (cursor->echo != NULL)
        cup_echo_row(cursor->echo, cursor->rows, cursor->next);
    return cursor->next++;
}

/* Fetch this many rows at a time from now on, 0: all at once. */
void
cup_cursor_yield_per(struct cup_cursor *cursor, size_t count);

/* Close it for good. Yields. */
cupel_status
cup_cursor_close(struct cup_cursor *cursor);

/* ---- For the connection ---------------------------------------------- */

struct cup_cursor *
cup_cursor_of_stream(struct cup_list *link);

/* End a stream because its connection ends, which has taken it off its list:
 * with a word to the server, who may fail. Yields. */
cupel_status
cup_cursor_end_stream(struct cup_cursor *cursor);

/* The same when there is nobody to talk to any more. Never yields. */
void
cup_cursor_orphan(struct cup_cursor *cursor);

#endif
