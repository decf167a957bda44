/* SPDX-License-Identifier: MIT */
/* AsyncResult: a stream of the core whose fetches are futures. */
#include "async/fetch.h"
#include "base/alloc.h"
#include "base/error.h"

static struct cup_async_rows *
rows_of(cupel_async_result *result)
{
    return result == NULL ? NULL : &result->rows;
}

static struct cup_view *
view_of(const cupel_async_result *result)
{
    return result == NULL ? NULL : result->rows.view;
}

cupel_result *
cupel_async_result_sync_result(cupel_async_result *result)
{
    return (cupel_result *)(void *)view_of(result);
}

/* ---- What came back -------------------------------------------------- */

size_t
cupel_async_result_column_count(const cupel_async_result *result)
{
    return result == NULL ? 0 : view_of(result)->columns->count;
}

const char *
cupel_async_result_key(const cupel_async_result *result, size_t column)
{
    return cupel_result_key((const cupel_result *)(const void *)view_of(result),
                            column);
}

cupel_status
cupel_async_result_keys(cupel_async_result *result, const char *const **out,
                        size_t *count)
{
    return cup_view_keys(view_of(result), out, count);
}

bool
cupel_async_result_has_key(const cupel_async_result *result, const char *name)
{
    return cup_view_has_key(view_of(result), name);
}

/* ---- Filters --------------------------------------------------------- */

cupel_status
cupel_async_result_columns(cupel_async_result *result, const int64_t *indexes,
                           size_t count)
{
    return cup_view_columns(view_of(result), indexes, count);
}

cupel_status
cupel_async_result_columns_named(cupel_async_result *result,
                                 const char *const *names, size_t count)
{
    return cup_view_columns_named(view_of(result), names, count);
}

cupel_status
cupel_async_result_unique(cupel_async_result *result,
                          cupel_row_key_fn *strategy, void *arg)
{
    const struct cup_strategy given = { strategy, NULL, arg };

    return cup_view_unique(view_of(result), &given);
}

cupel_status
cupel_async_result_yield_per(cupel_async_result *result, size_t count)
{
    return cup_view_yield_per(view_of(result), count);
}

/* A handle for what the core has made; NULL and NOMEM if there is none. */
static struct cup_async_rows *
handle_of(struct cup_view *view, cupel_status *rc)
{
    struct cup_async_rows *rows = cup_async_rows_new();

    if (rows != NULL) {
        rows->view = view;
        return rows;
    }
    cup_view_free(view);
    *rc = cup_nomem();
    return NULL;
}

static cupel_status
no_place(void)
{
    return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
}

cupel_status
cupel_async_result_scalars(cupel_async_result *result, int64_t index,
                           cupel_async_scalar_result **out)
{
    cupel_scalar_result *core;
    cupel_status rc;

    if (out == NULL)
        return no_place();
    *out = NULL;
    rc = cupel_result_scalars(cupel_async_result_sync_result(result), index,
                              &core);
    if (rc == CUPEL_OK)
        *out = (cupel_async_scalar_result *)handle_of(&core->view, &rc);
    return rc;
}

cupel_status
cupel_async_result_scalars_named(cupel_async_result *result, const char *name,
                                 cupel_async_scalar_result **out)
{
    cupel_scalar_result *core;
    cupel_status rc;

    if (out == NULL)
        return no_place();
    *out = NULL;
    rc = cupel_result_scalars_named(cupel_async_result_sync_result(result),
                                    name, &core);
    if (rc == CUPEL_OK)
        *out = (cupel_async_scalar_result *)handle_of(&core->view, &rc);
    return rc;
}

cupel_status
cupel_async_result_mappings(cupel_async_result *result,
                            cupel_async_mapping_result **out)
{
    cupel_mapping_result *core;
    cupel_status rc;

    if (out == NULL)
        return no_place();
    *out = NULL;
    rc = cupel_result_mappings(cupel_async_result_sync_result(result), &core);
    if (rc == CUPEL_OK)
        *out = (cupel_async_mapping_result *)handle_of(&core->view, &rc);
    return rc;
}

cupel_status
cupel_async_result_thaw(cupel_frozen_result *frozen, cupel_async_result **out)
{
    cupel_result *core;
    cupel_status rc;

    if (out == NULL)
        return no_place();
    *out = NULL;
    rc = cupel_frozen_result_thaw(frozen, &core);
    if (rc == CUPEL_OK)
        *out = (cupel_async_result *)handle_of(&core->view, &rc);
    return rc;
}

/* ---- Fetching -------------------------------------------------------- */

cupel_future *
cupel_async_result_fetchone(cupel_async_result *result, const cupel_row **out)
{
    return cup_fetch_row(rows_of(result), out);
}

cupel_future *
cupel_async_result_fetchmany(cupel_async_result *result, size_t count,
                             const cupel_row *const **out, size_t *found)
{
    return cup_fetch_several(rows_of(result), CUP_MANY, count, out, found);
}

cupel_future *
cupel_async_result_partition(cupel_async_result *result, size_t size,
                             const cupel_row *const **out, size_t *found)
{
    return cup_fetch_several(rows_of(result), CUP_PARTITION, size, out, found);
}

cupel_future *
cupel_async_result_all(cupel_async_result *result, const cupel_row *const **out,
                       size_t *found)
{
    return cup_fetch_several(rows_of(result), CUP_ALL, 0, out, found);
}

cupel_future *
cupel_async_result_first(cupel_async_result *result, const cupel_row **out)
{
    return cup_fetch_single(rows_of(result), CUP_FIRST, out);
}

cupel_future *
cupel_async_result_one(cupel_async_result *result, const cupel_row **out)
{
    return cup_fetch_single(rows_of(result), CUP_ONE, out);
}

cupel_future *
cupel_async_result_one_or_none(cupel_async_result *result,
                               const cupel_row **out)
{
    return cup_fetch_single(rows_of(result), CUP_ONE_OR_NONE, out);
}

cupel_future *
cupel_async_result_scalar(cupel_async_result *result, cupel_value *out)
{
    return cup_fetch_single_value(rows_of(result), CUP_FIRST, out);
}

cupel_future *
cupel_async_result_scalar_one(cupel_async_result *result, cupel_value *out)
{
    return cup_fetch_single_value(rows_of(result), CUP_ONE, out);
}

cupel_future *
cupel_async_result_scalar_one_or_none(cupel_async_result *result,
                                      cupel_value *out)
{
    return cup_fetch_single_value(rows_of(result), CUP_ONE_OR_NONE, out);
}

cupel_future *
cupel_async_result_freeze(cupel_async_result *result, cupel_frozen_result **out)
{
    return cup_fetch_frozen(rows_of(result), out);
}

/* ---- Ending ---------------------------------------------------------- */

bool
cupel_async_result_closed(const cupel_async_result *result)
{
    return cup_view_closed(view_of(result));
}

cupel_future *
cupel_async_result_close(cupel_async_result *result)
{
    return cup_fetch_close(rows_of(result));
}

cupel_future *
cupel_async_result_exit(cupel_async_result *result, cupel_status status)
{
    return cup_fetch_exit(rows_of(result), status);
}

void
cupel_async_result_free(cupel_async_result *result)
{
    cup_async_rows_unref(rows_of(result));
}
