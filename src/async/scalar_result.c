/* SPDX-License-Identifier: MIT */
/* AsyncScalarResult: one column of a stream, whose fetches are futures. */
#include "async/fetch.h"

static struct cup_async_rows *
rows_of(cupel_async_scalar_result *result)
{
    return result == NULL ? NULL : &result->rows;
}

static struct cup_view *
view_of(const cupel_async_scalar_result *result)
{
    return result == NULL ? NULL : result->rows.view;
}

/* ---- Filters --------------------------------------------------------- */

cupel_status
cupel_async_scalar_result_unique(cupel_async_scalar_result *result,
                                 cupel_value_key_fn *strategy, void *arg)
{
    const struct cup_strategy given = { NULL, strategy, arg };

    return cup_view_unique(view_of(result), &given);
}

cupel_status
cupel_async_scalar_result_yield_per(cupel_async_scalar_result *result,
                                    size_t count)
{
    return cup_view_yield_per(view_of(result), count);
}

/* ---- Fetching -------------------------------------------------------- */

cupel_future *
cupel_async_scalar_result_fetchone(cupel_async_scalar_result *result,
                                   cupel_value *out)
{
    return cup_fetch_value(rows_of(result), out);
}

cupel_future *
cupel_async_scalar_result_fetchmany(cupel_async_scalar_result *result,
                                    size_t count, const cupel_value **out,
                                    size_t *found)
{
    return cup_fetch_several_values(rows_of(result), CUP_MANY, count, out,
                                    found);
}

cupel_future *
cupel_async_scalar_result_partition(cupel_async_scalar_result *result,
                                    size_t size, const cupel_value **out,
                                    size_t *found)
{
    return cup_fetch_several_values(rows_of(result), CUP_PARTITION, size, out,
                                    found);
}

cupel_future *
cupel_async_scalar_result_all(cupel_async_scalar_result *result,
                              const cupel_value **out, size_t *found)
{
    return cup_fetch_several_values(rows_of(result), CUP_ALL, 0, out, found);
}

cupel_future *
cupel_async_scalar_result_first(cupel_async_scalar_result *result,
                                cupel_value *out)
{
    return cup_fetch_single_value(rows_of(result), CUP_FIRST, out);
}

cupel_future *
cupel_async_scalar_result_one(cupel_async_scalar_result *result,
                              cupel_value *out)
{
    return cup_fetch_single_value(rows_of(result), CUP_ONE, out);
}

cupel_future *
cupel_async_scalar_result_one_or_none(cupel_async_scalar_result *result,
                                      cupel_value *out)
{
    return cup_fetch_single_value(rows_of(result), CUP_ONE_OR_NONE, out);
}

/* ---- Ending ---------------------------------------------------------- */

bool
cupel_async_scalar_result_closed(const cupel_async_scalar_result *result)
{
    return cup_view_closed(view_of(result));
}

cupel_future *
cupel_async_scalar_result_close(cupel_async_scalar_result *result)
{
    return cup_fetch_close(rows_of(result));
}

cupel_future *
cupel_async_scalar_result_exit(cupel_async_scalar_result *result,
                               cupel_status status)
{
    return cup_fetch_exit(rows_of(result), status);
}

void
cupel_async_scalar_result_free(cupel_async_scalar_result *result)
{
    cup_async_rows_unref(rows_of(result));
}
