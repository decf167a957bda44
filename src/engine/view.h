/* SPDX-License-Identifier: MIT */
/* Views: what every handle on a result can do, whatever it is called outside.
 * The public functions, and the futures over them, are these. A NULL view is
 * refused with ARGUMENT wherever a status is answered. */
#ifndef CUP_ENGINE_VIEW_H
#define CUP_ENGINE_VIEW_H

#include "engine/cursor.h"
#include "engine/result.h"
#include "engine/unique.h"

/* ---- Life ------------------------------------------------------------ */

/* Another view of the cursor that `base` looks at; unique as that one is. NOMEM
 * gives NULL, recorded. */
struct cup_view *
cup_view_new(const struct cup_view *base, struct cup_columns *columns);

/* The last view of a cursor takes it along. Never yields. NULL is allowed. */
void
cup_view_free(struct cup_view *view);

bool
cup_view_closed(const struct cup_view *view);

/* Close the cursor, and so every view of it. Yields. NULL is allowed. */
cupel_status
cup_view_close(struct cup_view *view);

/* Close and free it. Answers `status`, or the failure to close if that is no
 * failure. Yields. NULL is allowed. */
cupel_status
cup_view_exit(struct cup_view *view, cupel_status status);

/* ---- Filters --------------------------------------------------------- */

/* OK if there are columns to choose from. ARGUMENT, CLOSED. */
cupel_status
cup_view_check_columns(const struct cup_view *view);

/* Show some of the columns. INDEX, NOMEM. */
cupel_status
cup_view_columns(struct cup_view *view, const int64_t *indexes, size_t count);

/* NOCOLUMN, NOMEM. */
cupel_status
cup_view_columns_named(struct cup_view *view, const char *const *names,
                       size_t count);

/* Forget what was seen, and show nothing twice from here on. NOMEM. */
cupel_status
cup_view_unique(struct cup_view *view, const struct cup_strategy *strategy);

cupel_status
cup_view_yield_per(struct cup_view *view, size_t count);

/* The names of what is shown. CLOSED, NOMEM. */
cupel_status
cup_view_keys(struct cup_view *view, const char *const **out, size_t *count);

bool
cup_view_has_key(const struct cup_view *view, const char *name);

/* ---- Fetching -------------------------------------------------------- */

/* Which row is meant, and how many there may be. */
enum cup_single { CUP_FIRST, CUP_ONE, CUP_ONE_OR_NONE };

/* How many rows, and how long they stay. */
enum cup_several {
    CUP_MANY,      /* the given number, until the next fetch */
    CUP_PARTITION, /* the same, answering ROW while there are any */
    CUP_ALL        /* the rest, until the view is freed */
};

/* OK if it can be fetched from. ARGUMENT, CLOSED, INVALID. */
cupel_status
cup_view_check(const struct cup_view *view);

/* Make sure that the next line of the batch is one to show: ROW, or OK at the
 * end. A unique view remembers it: it is to be taken. Yields. */
cupel_status
cup_view_advance(struct cup_view *view);

/* Whether the next line of the batch is there and is one to show, whatever it
 * holds: nearly always. */
static inline bool
cup_view_has_line(const struct cup_view *view)
{
    return view->unique == NULL && cup_cursor_has_line(view->cursor);
}

/* Show the next line of the batch, which is there. */
static inline cupel_status
cup_view_show_line(struct cup_view *view, const cupel_row **out)
{
    view->row.columns = view->columns;
    view->row.line = cup_cursor_take(view->cursor);
    *out = &view->row;
    return CUPEL_ROW;
}

/* Yields. */
cupel_status
cup_view_fetchone(struct cup_view *view, const cupel_row **out);

/* Close it and give a row, kept until the view is freed. Yields. NORESULT,
 * MULTIPLE. */
cupel_status
cup_view_single(struct cup_view *view, enum cup_single which,
                const cupel_row **out);

/* Yields. */
cupel_status
cup_view_several(struct cup_view *view, enum cup_several which, size_t count,
                 const cupel_row *const **out, size_t *found);

/* The same three, giving the first column that is shown. Yield. */

/* Yields. */
cupel_status
cup_view_fetchone_value(struct cup_view *view, cupel_value *out);

/* NULL without a row, unless one is required. Yields. */
cupel_status
cup_view_single_value(struct cup_view *view, enum cup_single which,
                      cupel_value *out);

/* Yields. */
cupel_status
cup_view_several_values(struct cup_view *view, enum cup_several which,
                        size_t count, const cupel_value **out, size_t *found);

#endif
