/* SPDX-License-Identifier: MIT */
/* The result's public face: rows as tuples. */
#include "engine/result.h"

#include "base/error.h"
#include "engine/columns.h"
#include "engine/cursor.h"
#include "engine/view.h"

cupel_result *
cup_result_new(struct cupel_connection *conn, cupel_rows *rows, bool stream,
               size_t yield_per)
{
    struct cup_cursor *cursor = cup_cursor_new(conn, rows, stream);

    if (cursor == NULL)
        return NULL;
    cursor->yield_per = yield_per;
    cursor->view.cursor = cursor;
    cursor->view.columns = &cursor->columns;
    return (cupel_result *)(void *)&cursor->view;
}

cupel_status
cup_result_into_scalars(cupel_result *result, cupel_scalar_result **out)
{
    struct cup_view *view = &result->view;
    cupel_status rc = cup_view_check_columns(view);

    if (rc != CUPEL_OK) {
        cupel_result_free(result);
        return rc;
    }
    view->columns = &view->cursor->leading;
    *out = (cupel_scalar_result *)(void *)view;
    return CUPEL_OK;
}

static struct cup_view *
view_of(cupel_result *result)
{
    return result == NULL ? NULL : &result->view;
}

/* ---- What came back -------------------------------------------------- */

bool
cupel_result_returns_rows(const cupel_result *result)
{
    return result != NULL && result->view.columns->count > 0;
}

size_t
cupel_result_column_count(const cupel_result *result)
{
    return result == NULL ? 0 : result->view.columns->count;
}

const char *
cupel_result_key(const cupel_result *result, size_t column)
{
    return result == NULL ? NULL
                          : cup_columns_name(result->view.columns, column);
}

cupel_status
cupel_result_keys(cupel_result *result, const char *const **out, size_t *count)
{
    return cup_view_keys(view_of(result), out, count);
}

bool
cupel_result_has_key(const cupel_result *result, const char *name)
{
    return result != NULL && cup_view_has_key(&result->view, name);
}

cupel_status
cupel_result_find(const cupel_result *result, const char *name, size_t *out)
{
    if (result == NULL || name == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a column is found by result and name");
    return cup_columns_find(result->view.columns, name, out);
}

int64_t
cupel_result_rowcount(const cupel_result *result)
{
    return result == NULL ? -1 : result->view.cursor->rows->affected;
}

int64_t
cupel_result_lastrowid(const cupel_result *result)
{
    return result == NULL ? 0 : result->view.cursor->rows->last_insert_id;
}

/* ---- Filters --------------------------------------------------------- */

cupel_status
cupel_result_columns(cupel_result *result, const int64_t *indexes, size_t count)
{
    return cup_view_columns(view_of(result), indexes, count);
}

cupel_status
cupel_result_columns_named(cupel_result *result, const char *const *names,
                           size_t count)
{
    return cup_view_columns_named(view_of(result), names, count);
}

cupel_status
cupel_result_unique(cupel_result *result, cupel_row_key_fn *strategy, void *arg)
{
    const struct cup_strategy given = { strategy, NULL, arg };

    return cup_view_unique(view_of(result), &given);
}

cupel_status
cupel_result_yield_per(cupel_result *result, size_t count)
{
    return cup_view_yield_per(view_of(result), count);
}

/* ---- Fetching -------------------------------------------------------- */

cupel_status
cupel_result_fetchone(cupel_result *result, const cupel_row **out)
{
    return cup_view_fetchone(view_of(result), out);
}

cupel_status
cupel_result_next(cupel_result **result, const cupel_row **out)
{
    cupel_status rc;

    if (out == NULL || result == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result, or no place");
    if (*result != NULL && cup_view_has_line(&(*result)->view))
        return cup_view_show_line(&(*result)->view, out);
    *out = NULL;
    if (*result == NULL)
        return CUPEL_OK;
    rc = cup_view_fetchone(&(*result)->view, out);
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
    return cup_view_several(view_of(result), CUP_MANY, count, out, found);
}

cupel_status
cupel_result_partition(cupel_result *result, size_t size,
                       const cupel_row *const **out, size_t *found)
{
    return cup_view_several(view_of(result), CUP_PARTITION, size, out, found);
}

cupel_status
cupel_result_all(cupel_result *result, const cupel_row *const **out,
                 size_t *found)
{
    return cup_view_several(view_of(result), CUP_ALL, 0, out, found);
}

cupel_status
cupel_result_first(cupel_result *result, const cupel_row **out)
{
    return cup_view_single(view_of(result), CUP_FIRST, out);
}

cupel_status
cupel_result_one(cupel_result *result, const cupel_row **out)
{
    return cup_view_single(view_of(result), CUP_ONE, out);
}

cupel_status
cupel_result_one_or_none(cupel_result *result, const cupel_row **out)
{
    return cup_view_single(view_of(result), CUP_ONE_OR_NONE, out);
}

cupel_status
cupel_result_scalar(cupel_result *result, cupel_value *out)
{
    return cup_view_single_value(view_of(result), CUP_FIRST, out);
}

cupel_status
cupel_result_scalar_one(cupel_result *result, cupel_value *out)
{
    return cup_view_single_value(view_of(result), CUP_ONE, out);
}

cupel_status
cupel_result_scalar_one_or_none(cupel_result *result, cupel_value *out)
{
    return cup_view_single_value(view_of(result), CUP_ONE_OR_NONE, out);
}

/* ---- Ending ---------------------------------------------------------- */

bool
cupel_result_closed(const cupel_result *result)
{
    return result == NULL || cup_view_closed(&result->view);
}

cupel_status
cupel_result_close(cupel_result *result)
{
    return cup_view_close(view_of(result));
}

cupel_status
cupel_result_exit(cupel_result *result, cupel_status status)
{
    return cup_view_exit(view_of(result), status);
}

void
cupel_result_free(cupel_result *result)
{
    cup_view_free(view_of(result));
}
