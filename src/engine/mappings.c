/* SPDX-License-Identifier: MIT */
/* The mapping result's public face: rows as maps from names to values. */
#include "base/error.h"
#include "engine/view.h"

static struct cup_view *
view_of(cupel_mapping_result *result)
{
    return result == NULL ? NULL : &result->view;
}

cupel_status
cupel_result_mappings(cupel_result *result, cupel_mapping_result **out)
{
    struct cup_view *view;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    *out = NULL;
    rc = cup_view_check_columns(result == NULL ? NULL : &result->view);
    if (rc != CUPEL_OK)
        return rc;
    view = cup_view_new(&result->view, result->view.columns);
    if (view == NULL)
        return CUPEL_E_NOMEM;
    *out = (cupel_mapping_result *)(void *)view;
    return CUPEL_OK;
}

/* ---- Filters --------------------------------------------------------- */

cupel_status
cupel_mapping_result_keys(cupel_mapping_result *result, const char *const **out,
                          size_t *count)
{
    return cup_view_keys(view_of(result), out, count);
}

bool
cupel_mapping_result_has_key(const cupel_mapping_result *result,
                             const char *name)
{
    return result != NULL && cup_view_has_key(&result->view, name);
}

cupel_status
cupel_mapping_result_columns(cupel_mapping_result *result,
                             const int64_t *indexes, size_t count)
{
    return cup_view_columns(view_of(result), indexes, count);
}

cupel_status
cupel_mapping_result_columns_named(cupel_mapping_result *result,
                                   const char *const *names, size_t count)
{
    return cup_view_columns_named(view_of(result), names, count);
}

cupel_status
cupel_mapping_result_unique(cupel_mapping_result *result,
                            cupel_row_key_fn *strategy, void *arg)
{
    const struct cup_strategy given = { strategy, NULL, arg };

    return cup_view_unique(view_of(result), &given);
}

cupel_status
cupel_mapping_result_yield_per(cupel_mapping_result *result, size_t count)
{
    return cup_view_yield_per(view_of(result), count);
}

/* ---- Fetching -------------------------------------------------------- */

cupel_status
cupel_mapping_result_fetchone(cupel_mapping_result *result,
                              const cupel_row **out)
{
    return cup_view_fetchone(view_of(result), out);
}

cupel_status
cupel_mapping_result_next(cupel_mapping_result **result, const cupel_row **out)
{
    cupel_status rc;

    if (result == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result, or no place");
    *out = NULL;
    if (*result == NULL)
        return CUPEL_OK;
    rc = cup_view_fetchone(&(*result)->view, out);
    if (rc != CUPEL_ROW) {
        cupel_mapping_result_free(*result);
        *result = NULL;
    }
    return rc;
}

cupel_status
cupel_mapping_result_fetchmany(cupel_mapping_result *result, size_t count,
                               const cupel_row *const **out, size_t *found)
{
    return cup_view_several(view_of(result), CUP_MANY, count, out, found);
}

cupel_status
cupel_mapping_result_partition(cupel_mapping_result *result, size_t size,
                               const cupel_row *const **out, size_t *found)
{
    return cup_view_several(view_of(result), CUP_PARTITION, size, out, found);
}

cupel_status
cupel_mapping_result_all(cupel_mapping_result *result,
                         const cupel_row *const **out, size_t *found)
{
    return cup_view_several(view_of(result), CUP_ALL, 0, out, found);
}

cupel_status
cupel_mapping_result_first(cupel_mapping_result *result, const cupel_row **out)
{
    return cup_view_single(view_of(result), CUP_FIRST, out);
}

cupel_status
cupel_mapping_result_one(cupel_mapping_result *result, const cupel_row **out)
{
    return cup_view_single(view_of(result), CUP_ONE, out);
}

cupel_status
cupel_mapping_result_one_or_none(cupel_mapping_result *result,
                                 const cupel_row **out)
{
    return cup_view_single(view_of(result), CUP_ONE_OR_NONE, out);
}

/* ---- Ending ---------------------------------------------------------- */

bool
cupel_mapping_result_closed(const cupel_mapping_result *result)
{
    return result == NULL || cup_view_closed(&result->view);
}

cupel_status
cupel_mapping_result_close(cupel_mapping_result *result)
{
    return cup_view_close(view_of(result));
}

cupel_status
cupel_mapping_result_exit(cupel_mapping_result *result, cupel_status status)
{
    return cup_view_exit(view_of(result), status);
}

void
cupel_mapping_result_free(cupel_mapping_result *result)
{
    cup_view_free(view_of(result));
}
