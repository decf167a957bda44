/* SPDX-License-Identifier: MIT */
/* The scalar result's public face: one column, as values. */
#include "base/error.h"
#include "engine/columns.h"
#include "engine/cursor.h"
#include "engine/view.h"

static struct cup_view *
view_of(cupel_scalar_result *result)
{
    return result == NULL ? NULL : &result->view;
}

/* ---- Making one ------------------------------------------------------ */

/* Over columns that were reduced to one. */
static cupel_status
make(cupel_result *result, struct cup_columns *columns,
     cupel_scalar_result **out)
{
    struct cup_view *view = cup_view_new(&result->view, columns);

    if (view == NULL)
        return CUPEL_E_NOMEM;
    *out = (cupel_scalar_result *)(void *)view;
    return CUPEL_OK;
}

cupel_status
cupel_result_scalars(cupel_result *result, int64_t index,
                     cupel_scalar_result **out)
{
    struct cup_columns *columns;
    struct cup_cursor *cursor;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    *out = NULL;
    rc = cup_view_check_columns(result == NULL ? NULL : &result->view);
    if (rc != CUPEL_OK)
        return rc;
    cursor = result->view.cursor;
    columns = &cursor->leading;
    if (index != 0 || result->view.columns != &cursor->columns)
        rc = cup_columns_reduce(result->view.columns, &index, 1, &cursor->arena,
                                &columns);
    return rc == CUPEL_OK ? make(result, columns, out) : rc;
}

cupel_status
cupel_result_scalars_named(cupel_result *result, const char *name,
                           cupel_scalar_result **out)
{
    struct cup_columns *columns;
    cupel_status rc;

    if (out == NULL || name == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no name, or no place");
    *out = NULL;
    rc = cup_view_check_columns(result == NULL ? NULL : &result->view);
    if (rc == CUPEL_OK)
        rc = cup_columns_reduce_named(result->view.columns, &name, 1,
                                      &result->view.cursor->arena, &columns);
    return rc == CUPEL_OK ? make(result, columns, out) : rc;
}

/* ---- Filters --------------------------------------------------------- */

cupel_status
cupel_scalar_result_unique(cupel_scalar_result *result,
                           cupel_value_key_fn *strategy, void *arg)
{
    const struct cup_strategy given = { NULL, strategy, arg };

    return cup_view_unique(view_of(result), &given);
}

cupel_status
cupel_scalar_result_yield_per(cupel_scalar_result *result, size_t count)
{
    return cup_view_yield_per(view_of(result), count);
}

/* ---- Fetching -------------------------------------------------------- */

cupel_status
cupel_scalar_result_fetchone(cupel_scalar_result *result, cupel_value *out)
{
    return cup_view_fetchone_value(view_of(result), out);
}

cupel_status
cupel_scalar_result_next(cupel_scalar_result **result, cupel_value *out)
{
    cupel_status rc;

    if (result == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result, or no place");
    *out = cupel_null();
    if (*result == NULL)
        return CUPEL_OK;
    rc = cup_view_fetchone_value(&(*result)->view, out);
    if (rc != CUPEL_ROW) {
        cupel_scalar_result_free(*result);
        *result = NULL;
    }
    return rc;
}

cupel_status
cupel_scalar_result_fetchmany(cupel_scalar_result *result, size_t count,
                              const cupel_value **out, size_t *found)
{
    return cup_view_several_values(view_of(result), CUP_MANY, count, out,
                                   found);
}

cupel_status
cupel_scalar_result_partition(cupel_scalar_result *result, size_t size,
                              const cupel_value **out, size_t *found)
{
    return cup_view_several_values(view_of(result), CUP_PARTITION, size, out,
                                   found);
}

cupel_status
cupel_scalar_result_all(cupel_scalar_result *result, const cupel_value **out,
                        size_t *found)
{
    return cup_view_several_values(view_of(result), CUP_ALL, 0, out, found);
}

cupel_status
cupel_scalar_result_first(cupel_scalar_result *result, cupel_value *out)
{
    return cup_view_single_value(view_of(result), CUP_FIRST, out);
}

cupel_status
cupel_scalar_result_one(cupel_scalar_result *result, cupel_value *out)
{
    return cup_view_single_value(view_of(result), CUP_ONE, out);
}

cupel_status
cupel_scalar_result_one_or_none(cupel_scalar_result *result, cupel_value *out)
{
    return cup_view_single_value(view_of(result), CUP_ONE_OR_NONE, out);
}

/* ---- Ending ---------------------------------------------------------- */

bool
cupel_scalar_result_closed(const cupel_scalar_result *result)
{
    return result == NULL || cup_view_closed(&result->view);
}

cupel_status
cupel_scalar_result_close(cupel_scalar_result *result)
{
    return cup_view_close(view_of(result));
}

cupel_status
cupel_scalar_result_exit(cupel_scalar_result *result, cupel_status status)
{
    return cup_view_exit(view_of(result), status);
}

void
cupel_scalar_result_free(cupel_scalar_result *result)
{
    cup_view_free(view_of(result));
}
