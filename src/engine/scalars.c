/* SPDX-License-Identifier: MIT */
/* The result as its first column: the same object, another face. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/list.h"
#include "engine/result.h"

static cupel_result *
base_of(cupel_scalar_result *scalars)
{
    return scalars == NULL ? NULL
                           : CUP_CONTAINER(scalars, cupel_result, scalars);
}

cupel_status
cupel_result_scalars(cupel_result **result, cupel_scalar_result **out)
{
    if (out == NULL || result == NULL || *result == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "scalars need a result");
    *out = &(*result)->scalars;
    *result = NULL;
    return CUPEL_OK;
}

cupel_status
cupel_scalar_result_fetchone(cupel_scalar_result *result, cupel_value *out)
{
    const cupel_row *row;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the value");
    *out = cupel_null();
    rc = cupel_result_fetchone(base_of(result), &row);
    if (rc != CUPEL_ROW)
        return rc;
    rc = cupel_row_get(row, 0, out);
    return rc == CUPEL_OK ? CUPEL_ROW : rc;
}

cupel_status
cupel_scalar_result_next(cupel_scalar_result **result, cupel_value *out)
{
    cupel_status rc;

    if (result == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result, or no place");
    if (*result == NULL) {
        *out = cupel_null();
        return CUPEL_OK;
    }
    rc = cupel_scalar_result_fetchone(*result, out);
    if (rc != CUPEL_ROW) {
        cupel_scalar_result_free(*result);
        *result = NULL;
    }
    return rc;
}

cupel_status
cupel_scalar_result_all(cupel_scalar_result *result, const cupel_value **out,
                        size_t *found)
{
    cupel_result *base = base_of(result);
    const cupel_row *const *rows;
    cupel_value *values;
    cupel_status rc;
    size_t i;

    if (out == NULL || found == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the values");
    *out = NULL;
    rc = cupel_result_all(base, &rows, found);
    if (rc != CUPEL_OK || *found == 0)
        return rc;
    values = cup_arena_array(&base->kept, *found, sizeof *values);
    if (values == NULL)
        rc = cup_nomem();
    for (i = 0; rc == CUPEL_OK && i < *found; i++)
        rc = cupel_row_get(rows[i], 0, &values[i]);
    if (rc == CUPEL_OK)
        *out = values;
    else
        *found = 0;
    return rc;
}

cupel_status
cupel_scalar_result_first(cupel_scalar_result *result, cupel_value *out)
{
    return cupel_result_scalar(base_of(result), out);
}

cupel_status
cupel_scalar_result_one(cupel_scalar_result *result, cupel_value *out)
{
    return cupel_result_scalar_one(base_of(result), out);
}

cupel_status
cupel_scalar_result_one_or_none(cupel_scalar_result *result, cupel_value *out)
{
    return cupel_result_scalar_one_or_none(base_of(result), out);
}

cupel_status
cupel_scalar_result_close(cupel_scalar_result *result)
{
    return cupel_result_close(base_of(result));
}

void
cupel_scalar_result_free(cupel_scalar_result *result)
{
    cupel_result_free(base_of(result));
}
