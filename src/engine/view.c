/* SPDX-License-Identifier: MIT */
/* Views: what every handle on a result can do. A view adds three things to its
 * cursor: which columns are shown, which rows were seen already, and the memory
 * of what it has shown. */
#include "engine/view.h"

#include "base/alloc.h"
#include "base/error.h"
#include "engine/columns.h"
#include "engine/cursor.h"
#include "engine/page.h"

/* ---- Life ------------------------------------------------------------ */

struct cup_view *
cup_view_new(const struct cup_view *base, struct cup_columns *columns)
{
    struct cup_view *view = cup_alloc(sizeof *view);

    if (view == NULL) {
        cup_ignore(cup_nomem(), "the caller returns NOMEM for our NULL");
        return NULL;
    }
    if (base->unique != NULL) {
        view->unique = cup_unique_new(cup_unique_strategy(base->unique));
        if (view->unique == NULL) {
            cup_free(view);
            return NULL;
        }
    }
    view->cursor = cup_cursor_ref(base->cursor);
    view->columns = columns;
    return view;
}

void
cup_view_free(struct cup_view *view)
{
    struct cup_cursor *cursor;

    if (view == NULL)
        return;
    cursor = view->cursor;
    cup_unique_free(view->unique);
    cup_arena_fini(&view->page);
    cup_arena_fini(&view->kept);
    if (view != &cursor->view)
        cup_free(view);
    cup_cursor_unref(cursor);
}

bool
cup_view_closed(const struct cup_view *view)
{
    return view == NULL || view->cursor->state == CUP_CURSOR_CLOSED;
}

/* What a key is made of stays where it is until it is made. */
static cupel_status
check_quiet(const struct cup_view *view)
{
    if (!view->cursor->asking)
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_INVALID,
                         "a function that makes keys must not use the result");
}

cupel_status
cup_view_close(struct cup_view *view)
{
    cupel_status rc;

    if (view == NULL)
        return CUPEL_OK;
    rc = check_quiet(view);
    return rc == CUPEL_OK ? cup_cursor_close(view->cursor) : rc;
}

cupel_status
cup_view_exit(struct cup_view *view, cupel_status status)
{
    struct cupel_error *error;
    cupel_status rc;

    if (view == NULL)
        return status;
    error = cup_error_take();
    rc = cup_view_close(view);
    cup_view_free(view);
    if (status >= CUPEL_OK && rc != CUPEL_OK) {
        cup_error_free(error);
        return rc;
    }
    cup_error_give(error);
    return status;
}

/* ---- Filters --------------------------------------------------------- */

static cupel_status
no_result(void)
{
    return cup_error_set(CUPEL_E_ARGUMENT, "no result");
}

cupel_status
cup_result_no_rows(void)
{
    return cup_error_set(CUPEL_E_CLOSED,
                         "this result does not return rows; it was closed "
                         "automatically");
}

cupel_status
cup_view_check_columns(const struct cup_view *view)
{
    if (view == NULL)
        return no_result();
    return view->columns->count == 0 ? cup_result_no_rows() : CUPEL_OK;
}

cupel_status
cup_view_columns(struct cup_view *view, const int64_t *indexes, size_t count)
{
    cupel_status rc = cup_view_check_columns(view);

    if (rc != CUPEL_OK)
        return rc;
    if (indexes == NULL || count == 0)
        return cup_error_set(CUPEL_E_ARGUMENT, "no columns to show");
    return cup_columns_reduce(view->columns, indexes, count,
                              &view->cursor->arena, &view->columns);
}

cupel_status
cup_view_columns_named(struct cup_view *view, const char *const *names,
                       size_t count)
{
    cupel_status rc = cup_view_check_columns(view);
    size_t i;

    if (rc != CUPEL_OK)
        return rc;
    for (i = 0; names != NULL && i < count && names[i] != NULL; i++)
        continue;
    if (count == 0 || i < count)
        return cup_error_set(CUPEL_E_ARGUMENT, "no columns to show");
    return cup_columns_reduce_named(view->columns, names, count,
                                    &view->cursor->arena, &view->columns);
}

cupel_status
cup_view_unique(struct cup_view *view, const struct cup_strategy *strategy)
{
    struct cup_unique *unique;
    cupel_status rc;

    if (view == NULL)
        return no_result();
    rc = check_quiet(view);
    if (rc != CUPEL_OK)
        return rc;
    unique = cup_unique_new(strategy);
    if (unique == NULL)
        return CUPEL_E_NOMEM;
    cup_unique_free(view->unique);
    view->unique = unique;
    return CUPEL_OK;
}

cupel_status
cup_view_yield_per(struct cup_view *view, size_t count)
{
    if (view == NULL)
        return no_result();
    cup_cursor_yield_per(view->cursor, count);
    return CUPEL_OK;
}

cupel_status
cup_view_keys(struct cup_view *view, const char *const **out, size_t *count)
{
    cupel_status rc;

    if (out == NULL || count == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the keys");
    *out = NULL;
    *count = 0;
    rc = cup_view_check_columns(view);
    if (rc == CUPEL_OK)
        rc = cup_columns_names(view->columns, &view->cursor->arena, out);
    if (rc == CUPEL_OK)
        *count = view->columns->count;
    return rc;
}

bool
cup_view_has_key(const struct cup_view *view, const char *name)
{
    size_t column;

    return view != NULL && name != NULL &&
           cup_columns_has(view->columns, name, &column);
}

/* ---- One row after the other ----------------------------------------- */

cupel_status
cup_view_check(const struct cup_view *view)
{
    cupel_status rc = cup_view_check_columns(view);

    if (rc == CUPEL_OK)
        rc = check_quiet(view);
    if (rc != CUPEL_OK)
        return rc;
    switch (view->cursor->state) {
    case CUP_CURSOR_OPEN:
    case CUP_CURSOR_ENDED:
        break;
    case CUP_CURSOR_CLOSED:
        return cup_error_set(CUPEL_E_CLOSED, "this result is closed");
    case CUP_CURSOR_MERGED:
        return cup_error_set(CUPEL_E_INVALID,
                             "this result is part of a merged one, which has "
                             "its rows");
    }
    return CUPEL_OK;
}

cupel_status
cup_view_advance(struct cup_view *view)
{
    struct cup_cursor *cursor = view->cursor;
    cupel_row row = { view->columns, NULL, 0 };
    cupel_status rc;
    bool fresh;

    for (;;) {
        rc = cup_cursor_advance(cursor);
        if (rc != CUPEL_ROW || view->unique == NULL)
            return rc;
        row.line = cursor->next;
        cursor->asking = true;
        rc = cup_unique_see(view->unique, &row, &fresh);
        cursor->asking = false;
        if (rc == CUPEL_OK && cursor->next != row.line)
            rc = cup_error_set(CUPEL_E_INVALID,
                               "a function that makes keys took a row");
        if (rc != CUPEL_OK)
            return rc;
        if (fresh)
            return CUPEL_ROW;
        cup_cursor_take(cursor);
    }
}

cupel_status
cup_view_fetchone(struct cup_view *view, const cupel_row **out)
{
    cupel_status rc;

    if (view != NULL && out != NULL && cup_view_has_line(view))
        return cup_view_show_line(view, out);
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the row");
    *out = NULL;
    rc = cup_view_check(view);
    if (rc == CUPEL_OK)
        rc = cup_view_advance(view);
    return rc == CUPEL_ROW ? cup_view_show_line(view, out) : rc;
}

cupel_status
cup_view_fetchone_value(struct cup_view *view, cupel_value *out)
{
    const cupel_row *row;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the value");
    *out = cupel_null();
    rc = cup_view_fetchone(view, &row);
    if (rc != CUPEL_ROW)
        return rc;
    rc = cupel_row_get(row, 0, out);
    return rc == CUPEL_OK ? CUPEL_ROW : rc;
}

/* ---- The first row, the only row ------------------------------------- */

/* Yields. */
static cupel_status
keep_single(struct cup_view *view, enum cup_single which, const cupel_row **out)
{
    const cupel_row *row;
    cupel_status rc;

    rc = cup_view_fetchone(view, &row);
    if (rc == CUPEL_OK && which == CUP_ONE)
        return cup_error_set(CUPEL_E_NORESULT,
                             "no row was found when one was required");
    if (rc != CUPEL_ROW)
        return rc;
    rc = cup_page_keep(view, row, out);
    if (rc != CUPEL_OK || which == CUP_FIRST)
        return rc;
    rc = cup_view_advance(view);
    if (rc == CUPEL_ROW)
        rc = cup_error_set(CUPEL_E_MULTIPLE,
                           "multiple rows were found when %s was required",
                           which == CUP_ONE ? "exactly one" : "one or none");
    return rc;
}

/* What ended by itself stays soft closed; everything else is closed now.
 * Yields. */
cupel_status
cup_view_single(struct cup_view *view, enum cup_single which,
                const cupel_row **out)
{
    struct cupel_error *error;
    cupel_status rc, closed;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the row");
    *out = NULL;
    rc = cup_view_check(view);
    if (rc != CUPEL_OK)
        return rc;
    if (view->cursor->state == CUP_CURSOR_ENDED)
        return keep_single(view, which, out);
    rc = keep_single(view, which, out);
    error = cup_error_take();
    closed = cup_view_close(view);
    if (rc == CUPEL_OK && closed != CUPEL_OK) {
        cup_error_free(error);
        rc = closed;
    } else {
        cup_error_give(error);
    }
    if (rc != CUPEL_OK)
        *out = NULL;
    return rc;
}

cupel_status
cup_view_single_value(struct cup_view *view, enum cup_single which,
                      cupel_value *out)
{
    const cupel_row *row;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the value");
    *out = cupel_null();
    rc = cup_view_single(view, which, &row);
    return rc == CUPEL_OK && row != NULL ? cupel_row_get(row, 0, out) : rc;
}

/* ---- Several rows at once -------------------------------------------- */

/* Resolve a count of 0. */
static cupel_status
count_of(const struct cup_view *view, enum cup_several which, size_t *count)
{
    if (which == CUP_ALL)
        *count = SIZE_MAX;
    else if (*count == 0)
        *count = view->cursor->yield_per;
    if (*count == 0 && which == CUP_MANY)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "fetchmany needs to know how many rows");
    if (*count == 0)
        *count = SIZE_MAX;
    return CUPEL_OK;
}

/* Before several rows are fetched: where they go. */
static cupel_status
prepare(struct cup_view *view, enum cup_several which, size_t *count,
        struct cup_arena **arena)
{
    cupel_status rc = cup_view_check(view);

    if (rc == CUPEL_OK)
        rc = count_of(view, which, count);
    if (rc != CUPEL_OK)
        return rc;
    *arena = &view->kept;
    if (which != CUP_ALL) {
        *arena = &view->page;
        cup_arena_fini(&view->page);
    }
    return CUPEL_OK;
}

cupel_status
cup_view_several(struct cup_view *view, enum cup_several which, size_t count,
                 const cupel_row *const **out, size_t *found)
{
    struct cup_arena *arena;
    cupel_status rc;

    if (out == NULL || found == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the rows");
    *out = NULL;
    *found = 0;
    rc = prepare(view, which, &count, &arena);
    if (rc == CUPEL_OK)
        rc = cup_page_rows(view, count, arena, out, found);
    return rc == CUPEL_OK && which == CUP_PARTITION && *found > 0 ? CUPEL_ROW
                                                                  : rc;
}

cupel_status
cup_view_several_values(struct cup_view *view, enum cup_several which,
                        size_t count, const cupel_value **out, size_t *found)
{
    struct cup_arena *arena;
    cupel_status rc;

    if (out == NULL || found == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the values");
    *out = NULL;
    *found = 0;
    rc = prepare(view, which, &count, &arena);
    if (rc == CUPEL_OK)
        rc = cup_page_values(view, count, arena, out, found);
    return rc == CUPEL_OK && which == CUP_PARTITION && *found > 0 ? CUPEL_ROW
                                                                  : rc;
}
